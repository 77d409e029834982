"""What the guards about a host or a member of its staff may see, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from casework.machines.engine import Ask
from casework.machines.facts import Process
from casework.machines.houses import HouseFacts, Member
from casework.store import people, processes, registers
from casework.store.processes import ProcessRow
from casework.store.unit import Unit


def house_facts(unit: Unit, row: ProcessRow, ask: Ask) -> HouseFacts:
    """Return the facts about the host of a process; for a process of the staff machine, about the member too."""
    return facts_of_each(unit, {row: processes.seen(unit, row)}, ask)[0]


def facts_of_each(unit: Unit, rows: Mapping[ProcessRow, Process], ask: Ask) -> list[HouseFacts]:
    """Return the facts about each of these processes of one host: what they have in common is read once."""
    host_id = next(row.host_id or row.id for row in rows)
    accusations = processes.open_incidents_at(unit, host_id)
    barred = people.barred_elsewhere(unit, (row.id for row in rows if row.machine == "staff"))
    team = tuple(_member(entry) for entry in registers.staff_of(unit, host_id))
    members = {member.id: member for member in team}
    about = partial(
        HouseFacts,
        now=unit.call.at,
        params=unit.params,
        ask=ask,
        host=registers.host_facts(unit, "", host_id, host_id),
        staff=team,
        children=registers.children_at(unit, host_id),
        open_incidents=len(accusations),
        critical_reviews=processes.critical_reviews_at(unit, host_id),
        persons_of_host=people.persons_of_host(unit, host_id),
    )
    return [
        about(
            process=seen,
            member=members.get(row.id),
            accusing=sum(row.id in accused for accused in accusations),
            barred_elsewhere=row.id in barred,
        )
        for row, seen in rows.items()
    ]


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
