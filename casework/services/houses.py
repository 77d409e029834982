"""What the guards about a host or a member of its staff may see, read once."""

from __future__ import annotations

from typing import Any

from casework.machines.engine import Ask
from casework.machines.houses import HouseFacts, Member
from casework.store import people, processes, registers
from casework.store.processes import ProcessRow
from casework.store.unit import Unit


def house_facts(unit: Unit, row: ProcessRow, ask: Ask) -> HouseFacts:
    """Return the facts about the host of a process; for a process of the staff machine, about the member too."""
    host_id = row.host_id or row.id
    accusations = processes.open_incidents_at(unit, host_id)
    barred = registers.barred_elsewhere(unit, row.id) if row.machine == "staff" else False
    team = tuple(_member(entry) for entry in registers.staff_of(unit, host_id))
    return HouseFacts(
        now=unit.call.at,
        params=unit.params,
        ask=ask,
        host=registers.host_facts(unit, "", host_id, host_id),
        process=processes.seen(unit, row),
        staff=team,
        member=next((member for member in team if member.id == row.id), None),
        children=registers.children_at(unit, host_id),
        open_incidents=len(accusations),
        critical_reviews=processes.critical_reviews_at(unit, host_id),
        accusing=sum(row.id in accused for accused in accusations),
        persons_of_host=people.persons_of_host(unit, host_id),
        barred_elsewhere=barred,
    )


def _member(entry: Any) -> Member:
    return Member(
        id=entry.id,
        host=entry.host_id,
        duty=entry.duty,
        status=entry.status,
        person=entry.person_id,
        police_record_on=registers.day(entry.police_record_on),
        code_signed_on=registers.day(entry.code_signed_on),
    )
