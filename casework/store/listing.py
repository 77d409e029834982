"""What lists show of many cases at once: one query for all of them, never one per line."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import bindparam, func, select, union_all

from casework.store.instants import from_text
from casework.store.schema import account, assignment, body, care_case, case_count, child, host, person, relative, task
from casework.store.statements import Query
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


class CaseCaption(msgspec.Struct, frozen=True):
    """What a line says of a case that it is not about: its number, its child's name, and the definition it is pinned to."""

    number: str
    child: str
    machine: str
    version: int


def captions_of(unit: Unit, case_ids: frozenset[str]) -> dict[str, CaseCaption]:
    """Return what lines say of cases, by id."""
    c = care_case.c
    rows = unit.rows(
        select(c.id, c.number, child.c.name, c.machine, c.version).join(child, child.c.id == c.child_id).where(c.id.in_(case_ids))
    )
    return {row.id: CaseCaption(row.number, row.name, row.machine, row.version) for row in rows}


def carers_of(unit: Unit, ids: frozenset[str]) -> dict[str, str]:
    """Return the names of relatives, hosts and bodies by id."""
    if not ids:
        return {}
    rows = unit.rows(union_all(*(select(table.c.id, table.c.name).where(table.c.id.in_(ids)) for table in (relative, host, body))))
    return {row.id: row.name for row in rows}


COUNTS = Query(
    select(case_count.c.state, func.sum(case_count.c.n).label("n")).where(case_count.c.office_id == bindparam("office")).group_by("state")
)


def counts_of(unit: Unit, office_id: str) -> dict[str, int]:
    """Return how many cases of an office stand in each state, as the database keeps it."""
    return {row.state: int(row.n) for row in unit.ask(COUNTS, office=office_id)}


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
