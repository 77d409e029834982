"""Reading the journal: one case's stream, and what was tried on it. The trail of offices is read in sifting.py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Table, bindparam, select, text, tuple_

from casework.store.instants import from_text
from casework.store.schema import actor_event, event
from casework.store.schema.journal import TRIED as TRIED_ONLY
from casework.store.statements import Query
from casework.store.textual import as_hex
from casework.store.unit import Unit

PAGE = 50
"""Entries on one page of a trail."""


class Stored(msgspec.Struct, frozen=True):
    """One entry as it lies in the journal: the bytes, the hash beside them, and the hash they chain to.

    `account` is that of the person's stream it stands in, "" for an entry of a case's own; `case` whose own it is, where many are read.
    """

    seq: int
    recorded_at: datetime
    prev: str
    hash: str
    body: bytes
    account: str = ""
    case: str = ""


def told_of(table: Table) -> tuple[ColumnElement[Any], ...]:
    """Return the columns of an entry as it lies in the journal."""
    return (table.c.seq, table.c.recorded_at, table.c.prev, table.c.hash, as_hex(table.c.body).label("body"))


_e, _a = event.c, actor_event.c
STREAM = Query(select(*told_of(event)).where(_e.case_id == bindparam("case_id")).order_by(_e.seq))
NEWER = Query(select(*told_of(event)).where(_e.case_id == bindparam("case_id"), _e.seq > bindparam("after")).order_by(_e.seq))
ENTRY = Query(select(*told_of(event)).where(_e.case_id == bindparam("case_id"), _e.seq == bindparam("seq")))
OLDER = Query(
    select(*told_of(event)).where(_e.case_id == bindparam("case_id"), _e.seq < bindparam("before")).order_by(_e.seq.desc()).limit(PAGE + 1)
)
TRIED = Query(
    select(*told_of(actor_event), _a.account_id.label("account"))
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


def as_stored(row: Any) -> Stored:
    """Return an entry from its row."""
    return Stored(
        row.seq,
        from_text(row.recorded_at),
        row.prev,
        row.hash,
        bytes.fromhex(row.body),
        getattr(row, "account", ""),
        getattr(row, "case", ""),
    )


def page(case_id: str, own: int, tried: tuple[str, str, int]) -> dict[str, Any]:
    """Return the values of the queries for the entries of a case before `own`, and for what was tried on it before `tried`."""
    moment, account, attempt = tried
    return {"case_id": case_id, "before": own, "moment": moment, "account": account, "attempt": attempt}


def stream_of(unit: Unit, case_id: str) -> tuple[Stored, ...]:
    """Return the whole stream of a case, oldest first."""
    return tuple(as_stored(row) for row in unit.ask(STREAM, case_id=case_id))


def newer_entries(unit: Unit, case_id: str, after: int) -> tuple[Stored, ...]:
    """Return what a case's stream has got since a number, oldest first."""
    return tuple(as_stored(row) for row in unit.ask(NEWER, case_id=case_id, after=after))


def entry_of(unit: Unit, case_id: str, seq: int) -> Stored | None:
    """Return one entry of a case's stream by its number, None where there is none."""
    return next((as_stored(row) for row in unit.ask(ENTRY, case_id=case_id, seq=seq)), None)


def older_entries(unit: Unit, case_id: str, before: int = FIRST_SEQ) -> Iterator[Stored]:
    """Yield a case's own entries, newest first, from before a number on: read page by page, as far as somebody wants them."""
    while True:
        found = unit.ask(OLDER, case_id=case_id, before=before)
        yield from (as_stored(row) for row in found)
        if len(found) <= PAGE:
            return
        before = found[-1].seq


def older_attempts(unit: Unit, case_id: str, before: tuple[str, str, int] = FIRST_TRIED) -> Iterator[Stored]:
    """Yield what persons tried about a case, newest first, from before (recorded at, account, number) on. Looks are in readings.py."""
    while True:
        moment, account, seq = before
        found = unit.ask(TRIED, case_id=case_id, moment=moment, account=account, attempt=seq)
        yield from (as_stored(row) for row in found)
        if len(found) <= PAGE:
            return
        before = (found[-1].recorded_at, found[-1].account, found[-1].seq)
