"""The entries of the journal one after the other, for taking them out: a page of cases at a time, however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, Table, func, or_, select, true

from casework.ledger.export import Recorded
from casework.store.instants import to_text
from casework.store.schema import actor_event, assignment, care_case, event
from casework.store.unit import Unit

AT_ONCE = 200
"""So many cases, or entries of persons, are read with one statement."""


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries: of these offices (None: all), recorded in this time; or the `whole_cases` that were opened in it."""

    offices: frozenset[str] | None
    since: datetime
    until: datetime
    whole_cases: bool = False


def count(unit: Unit, taken: Taken) -> int:
    """Return how many entries these are."""
    of_cases = select(func.count()).select_from(event.join(care_case)).where(*_here(taken), *_in_time(event, taken))
    found = int(unit.rows(of_cases)[0][0])
    if not taken.whole_cases:
        found += int(unit.rows(select(func.count()).select_from(actor_event).where(_people(taken), *_in_time(actor_event, taken)))[0][0])
    return found


def of_cases(unit: Unit, taken: Taken) -> Iterator[Recorded]:
    """Yield the entries of cases, case after case in the order in which these were opened, each stream from its beginning."""
    last = ""
    while True:
        cases = unit.rows(
            select(care_case.c.id, care_case.c.number).where(care_case.c.id > last, *_here(taken)).order_by(care_case.c.id).limit(AT_ONCE)
        )
        if not cases:
            return
        numbers = {row.id: row.number for row in cases}
        rows = (
            select(event.c.case_id, event.c.body, event.c.hash)
            .where(event.c.case_id.in_(numbers), *_in_time(event, taken))
            .order_by(event.c.case_id, event.c.seq)
        )
        yield from (Recorded(numbers[row.case_id], row.body, row.hash) for row in unit.rows(rows))
        last = cases[-1].id


def of_persons(unit: Unit, taken: Taken) -> Iterator[Recorded]:
    """Yield what persons did and tried that moved no case, account after account: those with a seat there, or about a case of there."""
    last: tuple[str, int] = ("", 0)
    place = actor_event.c.account_id, actor_event.c.seq
    asked: Select[Any] = (
        select(*place, actor_event.c.body, actor_event.c.hash, care_case.c.number)
        .select_from(actor_event.outerjoin(care_case, care_case.c.id == actor_event.c.case_id))
        .where(_people(taken), *_in_time(actor_event, taken))
        .order_by(*place)
        .limit(AT_ONCE)
    )
    while True:
        beyond = or_(place[0] > last[0], (place[0] == last[0]) & (place[1] > last[1]))
        rows = unit.rows(asked.where(beyond))
        yield from (Recorded(row.number or "", row.body, row.hash) for row in rows)
        if len(rows) < AT_ONCE:
            return
        last = rows[-1].account_id, rows[-1].seq


def _here(taken: Taken) -> Iterator[ColumnElement[bool]]:
    if taken.offices is not None:
        yield care_case.c.office_id.in_(taken.offices)
    if taken.whole_cases:
        yield care_case.c.opened_at >= to_text(taken.since)
        yield care_case.c.opened_at < to_text(taken.until)


def _people(taken: Taken) -> ColumnElement[bool]:
    if taken.offices is None:
        return true()
    seated = select(assignment.c.account_id).where(assignment.c.office_id.in_(taken.offices))
    there = select(care_case.c.id).where(care_case.c.office_id.in_(taken.offices))
    return or_(actor_event.c.case_id.in_(there), actor_event.c.case_id.is_(None) & actor_event.c.account_id.in_(seated))


def _in_time(table: Table, taken: Taken) -> Iterator[ColumnElement[bool]]:
    if not taken.whole_cases:
        yield table.c.recorded_at >= to_text(taken.since)
        yield table.c.recorded_at < to_text(taken.until)
