"""Reading the journal: one case's stream, what was tried on it, and the trail of an office."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Table, bindparam, or_, select, text, true, tuple_

from casework.store.instants import from_text, to_text
from casework.store.schema import account, actor_event, assignment, care_case, event, office
from casework.store.schema.journal import TRIED as TRIED_ONLY
from casework.store.statements import Query, as_hex
from casework.store.streams import SYSTEM
from casework.store.unit import Unit

PAGE = 50
"""Entries on one page of a trail."""


class Stored(msgspec.Struct, frozen=True):
    """One entry as it lies in the journal: the bytes, the hash beside them, and the hash they chain to.

    `account` is that of the person's stream it stands in, "" for an entry of a case's own.
    """

    seq: int
    recorded_at: datetime
    prev: str
    hash: str
    body: bytes
    account: str = ""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader of the trail asks for; empty means any. `person` is a natural person's id; `before` (UTC) turns the page.

    Mere looks (readings.py) are told only to who asks for that kind.
    """

    kind: str = ""
    outcome: str = ""
    person: str = ""
    before: datetime | None = None


def _stored(row: Row[Any]) -> Stored:
    return Stored(row.seq, from_text(row.recorded_at), row.prev, row.hash, row.body)


def _entry(table: Table) -> tuple[ColumnElement[Any], ...]:
    return (table.c.seq, table.c.recorded_at, table.c.prev, table.c.hash, as_hex(table.c.body).label("body"))


_e, _a = event.c, actor_event.c
STREAM = Query(select(*_entry(event)).where(_e.case_id == bindparam("case_id")).order_by(_e.seq))
OLDER = Query(
    select(*_entry(event)).where(_e.case_id == bindparam("case_id"), _e.seq < bindparam("before")).order_by(_e.seq.desc()).limit(PAGE + 1)
)
TRIED = Query(
    select(*_entry(actor_event), _a.account_id.label("account"))
    .where(
        _a.case_id == bindparam("case_id"),
        text(TRIED_ONLY),
        tuple_(_a.recorded_at, _a.account_id, _a.seq) < tuple_(bindparam("moment"), bindparam("account"), bindparam("attempt")),
    )
    .order_by(_a.recorded_at.desc(), _a.account_id.desc(), _a.seq.desc())
    .limit(PAGE + 1)
)
FIRST_SEQ = 2**31 - 1
"""Before the newest entry of any stream."""
FIRST_TRIED = ("9999", "", FIRST_SEQ)
"""Before the newest attempt: (recorded at, account, number)."""


def _read(row: Any) -> Stored:
    return Stored(row.seq, from_text(row.recorded_at), row.prev, row.hash, bytes.fromhex(row.body), getattr(row, "account", ""))


def page(case_id: str, own: int, tried: tuple[str, str, int]) -> dict[str, Any]:
    """Return the values of the queries for the entries of a case before `own`, and for what was tried on it before `tried`."""
    moment, account, attempt = tried
    return {"case_id": case_id, "before": own, "moment": moment, "account": account, "attempt": attempt}


def stream_of(unit: Unit, case_id: str) -> tuple[Stored, ...]:
    """Return the whole stream of a case, oldest first."""
    return tuple(_read(row) for row in unit.ask(STREAM, case_id=case_id))


def older_entries(unit: Unit, case_id: str, before: int = FIRST_SEQ) -> Iterator[Stored]:
    """Yield a case's own entries, newest first, from before a number on: read page by page, as far as somebody wants them."""
    while True:
        found = unit.ask(OLDER, case_id=case_id, before=before)
        yield from (_read(row) for row in found)
        if len(found) <= PAGE:
            return
        before = found[-1].seq


def older_attempts(unit: Unit, case_id: str, before: tuple[str, str, int] = FIRST_TRIED) -> Iterator[Stored]:
    """Yield what persons tried about a case, newest first, from before (recorded at, account, number) on. Looks are in readings.py."""
    while True:
        moment, account, seq = before
        found = unit.ask(TRIED, case_id=case_id, moment=moment, account=account, attempt=seq)
        yield from (_read(row) for row in found)
        if len(found) <= PAGE:
            return
        before = (found[-1].recorded_at, found[-1].account, found[-1].seq)


def trail_of(unit: Unit, offices: frozenset[str] | None, wanted: Wanted) -> tuple[Stored, ...]:
    """Return one page of the trail of some offices, newest first: their cases, and what their people did or tried outside a case.

    `offices` None means all of it, sign-ins by nobody known and the terminal's acts too. What the system put in force concerns every
    office.
    """
    everything = offices is None
    if offices is None:
        offices = frozenset(row.id for row in unit.rows(select(office.c.id)))
    cases_there = select(care_case.c.id).where(care_case.c.office_id.in_(offices))
    people_there = select(assignment.c.account_id).where(assignment.c.office_id.in_(offices))
    moved = select(event).where(event.c.case_id.in_(cases_there), *_narrowed(event, wanted))
    theirs = actor_event.c.case_id.is_(None) & or_(actor_event.c.account_id.in_(people_there), actor_event.c.account_id == SYSTEM)
    here = true() if everything else or_(actor_event.c.case_id.in_(cases_there), theirs)
    tried = select(actor_event).where(here, *_narrowed(actor_event, wanted))
    if not wanted.kind:
        tried = tried.where(text(TRIED_ONLY))
    if wanted.person:
        moved = moved.where(event.c.actor == wanted.person)
        tried = tried.where(actor_event.c.account_id.in_(select(account.c.id).where(account.c.person_id == wanted.person)))
    if wanted.outcome:
        tried = tried.where(actor_event.c.outcome == wanted.outcome)
    found = [_stored(row) for row in unit.rows(tried.order_by(actor_event.c.recorded_at.desc()).limit(PAGE))]
    if wanted.outcome != "refused":
        found += [_stored(row) for row in unit.rows(moved.order_by(event.c.recorded_at.desc()).limit(PAGE))]
    return tuple(sorted(found, key=lambda entry: (entry.recorded_at, entry.seq), reverse=True)[:PAGE])


def _narrowed(table: Table, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.kind:
        yield table.c.kind == wanted.kind
    if wanted.before:
        yield table.c.recorded_at < to_text(wanted.before)
