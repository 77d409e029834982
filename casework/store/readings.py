"""Who looked: the reads that the journal holds, by the case that was looked at and by the account that looked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, bindparam, select, text

from casework.ledger.event import Event, decode_event
from casework.store.instants import from_text, to_text
from casework.store.schema import actor_event, assignment, care_case, complaint, process
from casework.store.schema.journal import READ
from casework.store.statements import Query
from casework.store.textual import as_text
from casework.store.unit import Unit

_a = actor_event.c
_READ = select(as_text(_a.body).label("body")).where(text(READ))
OF_CASE = Query(_READ.where(_a.case_id == bindparam("case_id"), text("case_id IS NOT NULL")).order_by(_a.recorded_at))
OF_MANY = Query(_READ.where(_a.case_id.is_(None), _a.recorded_at >= bindparam("since")).order_by(_a.recorded_at))
BY_ACCOUNT = Query(_READ.where(_a.account_id == bindparam("account"), _a.recorded_at >= bindparam("since")).order_by(_a.seq))
_CASES = select(care_case.c.id, care_case.c.number, care_case.c.child_id, care_case.c.office_id, care_case.c.opened_at)
_IN_ONE = 500
"""So many ids are asked for with one statement."""


class Concerned(msgspec.Struct, frozen=True):
    """A case by its id and number, the child whose it is, its office, and since when there is one."""

    id: str
    number: str
    child: str
    office: str
    opened_at: datetime


def reads_of(unit: Unit, case_id: str, ids: frozenset[str], since: datetime) -> Iterator[Event]:
    """Yield the entries of those who opened the case, then of those whose search or list held one of these ids."""
    yield from (decode_event(row.body.encode()) for row in unit.ask(OF_CASE, case_id=case_id))
    for row in unit.ask(OF_MANY, since=to_text(since)):
        if any(one in row.body for one in ids):
            yield decode_event(row.body.encode())


def reads_by(unit: Unit, account: str, since: datetime) -> Iterator[Event]:
    """Yield what an account has opened and found, oldest first."""
    return (decode_event(row.body.encode()) for row in unit.ask(BY_ACCOUNT, account=account, since=to_text(since)))


def belonging(unit: Unit, case: Concerned) -> frozenset[str]:
    """Return every id under which somebody can have seen a case: its own, the child's, those of its processes and complaints."""
    beside = unit.rows(select(process.c.id).where(process.c.case_id == case.id))
    told = unit.rows(select(complaint.c.id).where(complaint.c.case_id == case.id))
    return frozenset({case.id, case.child, *(row.id for row in beside), *(row.id for row in told)})


def concerned_by(unit: Unit, items: frozenset[str]) -> dict[str, tuple[Concerned, ...]]:
    """Return by id whom it is about: a case, every case of a child, the case of a process or a complaint. Other ids are about nobody."""
    beside = ((process, process.c.case_id), (complaint, complaint.c.case_id))
    asked = [(_CASES.add_columns(column.label("item")), column) for column in (care_case.c.id, care_case.c.child_id)]
    asked += [
        (_CASES.join(table, of_case == care_case.c.id).add_columns(table.c.id.label("item")), table.c.id) for table, of_case in beside
    ]
    found: dict[str, list[Concerned]] = {}
    ordered = sorted(items)
    for first in range(0, len(ordered), _IN_ONE):
        for query, column in asked:
            for row in unit.rows(query.where(column.in_(ordered[first : first + _IN_ONE]))):
                found.setdefault(row.item, []).append(_concerned(row))
    return {item: tuple(cases) for item, cases in found.items()}


def offices_of(unit: Unit, account: str) -> frozenset[str]:
    """Return the offices in which an account has, or had, a seat."""
    return frozenset(row.office_id for row in unit.rows(select(assignment.c.office_id).where(assignment.c.account_id == account)))


def named(unit: Unit, case: str) -> Concerned | None:
    """Return a case by its id or its number, whoever may see it."""
    row = unit.row(_CASES.where((care_case.c.id == case) | (care_case.c.number == case)))
    return _concerned(row) if row else None


def _concerned(row: Row[Any]) -> Concerned:
    return Concerned(row.id, row.number, row.child_id, row.office_id, from_text(row.opened_at))
