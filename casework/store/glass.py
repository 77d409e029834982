"""Who broke the glass of which case: in force for minutes, kept for good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import bindparam, select

from casework.ledger.glasses import GlassHead
from casework.store.ids import new_id
from casework.store.instants import from_text, to_text
from casework.store.schema import glass, session
from casework.store.statements import Change, Query
from casework.store.unit import Unit

if TYPE_CHECKING:
    from casework.store.cases import CaseRow

_g = glass.c


class GlassRow(msgspec.Struct, frozen=True, kw_only=True):
    """One breaking, as its row stands. `finding` is None until somebody else reviewed it."""

    id: str
    case_id: str
    account: str
    person: str
    reason_code: str
    reason: str
    opened_at: datetime
    ends_at: datetime
    task: str
    reviewed_by: str | None
    finding: str | None
    review: str | None


_broken = select(_g.case_id, _g.opened_at, _g.ends_at)
BROKEN = Query(_broken.join(session, session.c.account_id == _g.account_id).where(session.c.token_hash == bindparam("session")))
"""What was broken by the account behind a session: beside the session itself, in one answer."""
BROKEN_BY = Query(_broken.where(_g.account_id == bindparam("account")))


def open_cases(rows: Iterable[Any], at: datetime) -> frozenset[str]:
    """Return the cases of which these rows let somebody read now."""
    now = to_text(at)
    return frozenset(row.case_id for row in rows if row.opened_at <= now < row.ends_at)


_ADD = Change(glass.insert())


def add(unit: Unit, case: CaseRow, code: str, reason: str, ends_at: datetime, task: str) -> str:
    """Insert a breaking by the caller, from now on, and return its id. Its task must have been asked for."""
    made, who, none = new_id(unit.call.at), unit.call.who, dict.fromkeys(("reviewed_by", "reviewed_at", "finding", "review"))
    about = {"id": made, "case_id": case.id, "account_id": who.account, "person": who.person, "task_id": task}
    row = about | none | {"reason_code": code, "reason": reason, "opened_at": to_text(unit.call.at), "ends_at": to_text(ends_at)}
    unit.put(_ADD, unit.seal(glass, case.child_id, row))
    return made


def of_case(unit: Unit, case_id: str) -> tuple[GlassRow, ...]:
    """Return every breaking of a case, newest first."""
    rows = unit.rows(select(glass).where(_g.case_id == case_id).order_by(_g.id.desc()))
    return tuple(
        GlassRow(
            id=row.id,
            case_id=row.case_id,
            account=row.account_id,
            person=row.person,
            reason_code=row.reason_code,
            reason=row.reason,
            opened_at=from_text(row.opened_at),
            ends_at=from_text(row.ends_at),
            task=row.task_id,
            reviewed_by=row.reviewed_by,
            finding=row.finding,
            review=row.review,
        )
        for row in rows
    )


def review(unit: Unit, case: CaseRow, glass_id: str, finding: str, words: str) -> None:
    """Write down what the caller found."""
    said = {"reviewed_by": unit.call.who.person, "reviewed_at": to_text(unit.call.at), "finding": finding, "review": words}
    unit.run(glass.update().where(_g.id == glass_id).values(unit.seal(glass, case.child_id, said, id=glass_id)))


def heads(unit: Unit) -> Iterator[GlassHead]:
    """Yield every breaking as its row says it, for verification."""
    asked = select(_g.id, _g.case_id, _g.account_id, _g.person, _g.opened_at, _g.ends_at, _g.reviewed_by)
    with unit.over_everything():
        rows = unit.rows(asked)
    for row in rows:
        when = {"opened_at": row.opened_at, "ends_at": row.ends_at, "reviewed_by": row.reviewed_by}
        yield GlassHead(id=row.id, case=row.case_id, account=row.account_id, person=row.person, **when)
