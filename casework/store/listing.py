"""What lists show of many cases at once: one query for all of them, never one per line."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import select

from casework.store.instants import from_text
from casework.store.schema import account, assignment, care_case, child, person, task
from casework.store.unit import Unit


class ChildLine(msgspec.Struct, frozen=True):
    """What a list shows of a child. `born` is an ISO date."""

    name: str
    born: str | None
    born_precision: str


class DueLine(msgspec.Struct, frozen=True):
    """The open task of a case that is due first."""

    kind: str
    due_at: datetime


def children_of(unit: Unit, child_ids: frozenset[str]) -> dict[str, ChildLine]:
    """Return children by id."""
    rows = unit.rows(select(child.c.id, child.c.name, child.c.born, child.c.born_precision).where(child.c.id.in_(child_ids)))
    return {row.id: ChildLine(row.name, row.born, row.born_precision) for row in rows}


def first_due(unit: Unit, case_ids: frozenset[str], kinds: frozenset[str] | None = None) -> dict[str, DueLine]:
    """Return, by case, the open task (of these kinds) that is due first; a case without one is left out."""
    query = select(task.c.case_id, task.c.kind, task.c.due_at).where(task.c.case_id.in_(case_ids), task.c.settled_at.is_(None))
    query = query if kinds is None else query.where(task.c.kind.in_(kinds))
    rows = unit.rows(query.order_by(task.c.due_at.desc(), task.c.id.desc()))
    return {row.case_id: DueLine(row.kind, from_text(row.due_at)) for row in rows}


def numbers_of(unit: Unit, case_ids: frozenset[str]) -> dict[str, str]:
    """Return the numbers of cases by id."""
    rows = unit.rows(select(care_case.c.id, care_case.c.number).where(care_case.c.id.in_(case_ids)))
    return {row.id: row.number for row in rows}


def workers_of(unit: Unit, office_id: str) -> tuple[tuple[str, str], ...]:
    """Return (person id, name) of the social workers of an office, by name: those a case can be assigned to."""
    rows = unit.rows(
        select(person.c.id, person.c.name)
        .distinct()
        .join(account, account.c.person_id == person.c.id)
        .join(assignment, assignment.c.account_id == account.c.id)
        .where(
            account.c.active == 1,
            assignment.c.office_id == office_id,
            assignment.c.role == "social_worker",
            assignment.c.valid_until.is_(None),
        )
        .order_by(person.c.name)
    )
    return tuple((row.id, row.name) for row in rows)
