"""The cases of children whom an institution listed (F01, `listed`) and who are not registered as its residents yet."""

from __future__ import annotations

import msgspec
from sqlalchemy import select

from casework.machines.forms import Intake, Listed
from casework.store.cases import CaseRow, case_of
from casework.store.records import decoded
from casework.store.schema import care_case, record
from casework.store.unit import Unit

BEFORE = ("reported", "initial_assessment")
"""From where an existing resident is registered (DOMAIN 7.1)."""


class ListedCase(msgspec.Struct, frozen=True):
    """A case, and what the list of the institution told of its child."""

    row: CaseRow
    told: Listed


def listed_by(unit: Unit, host_id: str, offices: frozenset[str]) -> list[ListedCase]:
    """Return the cases of these offices that wait to be registered in this institution, the oldest first."""
    c = record.c
    query = select(*care_case.c, c.body).join(record, c.case_id == care_case.c.id)
    here = query.where(care_case.c.office_id.in_(offices), care_case.c.state.in_(BEFORE), c.form == "F01", c.status != "void")
    found = ((row, decoded(row.body)) for row in unit.rows(here.where(c.host_id == host_id).order_by(care_case.c.id)))
    told = ((row, body.listed) for row, body in found if isinstance(body, Intake) and body.listed)
    return [ListedCase(case_of(row), listed) for row, listed in told]
