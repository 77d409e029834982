"""Whom a report of an incident may name: staff of the child's houses, told to who may report or read it."""

from __future__ import annotations

import msgspec

from casework.machines import policy
from casework.machines.forms import Incident
from casework.services.command import question
from casework.services.sight import INCIDENT, is_house, may_open
from casework.store import accusable, cases, records
from casework.store.unit import Unit


class Accusable(msgspec.Struct, frozen=True):
    """Somebody of the staff whom a report of an incident may name, and of which institution."""

    id: str
    name: str
    house: str


@question
def list_accusable(unit: Unit, case_id: str) -> tuple[Accusable, ...]:
    """Return the staff whom a report of an incident about this child may name, or names. Raises NotFound.

    They are those of the houses where the child lives or lived; a house is told its own. Who may read the reports knows whom they name.
    """
    case = cases.get_case(unit, case_id)
    held = cases.capacities(unit, case)
    reads = may_open(held, INCIDENT)
    if not reads and not policy.may(held, "sign", INCIDENT):
        return ()
    filed = (record.body for record in records.filed(unit, case_id)) if reads else ()
    named = {one for body in filed if isinstance(body, Incident) for one in body.accused_staff}
    own = cases.own_hosts(unit, case)
    found = (row for row in accusable.staff_about(unit, case_id, named) if reads or not is_house(held) or row.host_id in own)
    return tuple(Accusable(row.id, row.name, row.house) for row in found)
