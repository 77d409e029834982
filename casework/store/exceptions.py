"""What an auditor looks at first, each kind one question over one index: newest first, within some days, at most MOST.

A line names the person or account, the case where there is one, the moment, and how many there were.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, bindparam, func, literal_column, select

from casework.store.instants import from_text, to_text
from casework.store.schema import account, actor_event, approval_decision, approval_request, assignment, care_case, glass
from casework.store.sifting import ABOUT_AN_OFFICE
from casework.store.statements import Query, as_list, listed, seconds_after
from casework.store.textual import as_text
from casework.store.unit import Unit

MOST = 200
_a, _d, _r = actor_event.c, approval_decision.c, approval_request.c
_HERE = listed(_r.office_id, "offices")
_NOBODY: ColumnElement[str] = literal_column("''")


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One exception. `person` and `case` are ids, "" for none; of many of one person `at` is the last."""

    person: str
    account: str
    case: str
    at: datetime
    many: int


class Asked(msgspec.Struct, frozen=True):
    """A kind's question, over the whole record and for some offices."""

    whole: Query
    offices: Query


def _asked(make: Callable[..., Select[Any]], here: ColumnElement[bool]) -> Asked:
    return Asked(Query(make()), Query(make(here)))


def _in_days(moment: ColumnElement[str]) -> tuple[ColumnElement[bool], ...]:
    return moment >= bindparam("since"), moment < bindparam("until")


def _told(person: Any, account_id: Any, case: Any, at: Any, many: Any) -> Select[Any]:
    return select(person.label("person"), account_id.label("account"), case.label("case"), at.label("at"), many.label("many"))


def _entries(kind: str, *more: ColumnElement[bool]) -> Asked:
    """Ask for the entries of a kind in the streams of persons, one by one."""

    def make(*here: ColumnElement[bool]) -> Select[Any]:
        told = _told(account.c.person_id, _a.account_id, func.coalesce(_a.case_id, ""), _a.recorded_at, literal_column("1"))
        of_kind = (_a.kind == kind, *_in_days(_a.recorded_at), *more, *here)
        joined = told.select_from(actor_event.outerjoin(account, account.c.id == _a.account_id)).where(*of_kind)
        return joined.order_by(_a.recorded_at.desc(), _a.account_id.desc(), _a.seq.desc()).limit(MOST)

    return _asked(make, ABOUT_AN_OFFICE)


def _refused() -> Asked:
    """Ask who was refused how often, the most first."""

    def make(*here: ColumnElement[bool]) -> Select[Any]:
        counted = func.count()
        told = _told(account.c.person_id, _a.account_id, _NOBODY, func.max(_a.recorded_at), counted)
        joined = told.select_from(actor_event.outerjoin(account, account.c.id == _a.account_id))
        of_kind = joined.where(_a.kind == "refused", *_in_days(_a.recorded_at), *here).group_by(_a.account_id, account.c.person_id)
        return of_kind.order_by(counted.desc(), _a.account_id).limit(MOST)

    return _asked(make, ABOUT_AN_OFFICE)


def _emergencies() -> Asked:
    """Ask for what was done before it was approved, and waits or waited to be ratified."""

    def make(*here: ColumnElement[bool]) -> Select[Any]:
        told = _told(_r.requester, _NOBODY, _r.case_id, _r.requested_at, literal_column("1"))
        asked = told.where(_r.kind == "ratification", *_in_days(_r.requested_at), *here)
        return asked.order_by(_r.requested_at.desc(), _r.id.desc()).limit(MOST)

    return _asked(make, _HERE)


def _broken() -> Asked:
    """Ask who broke the glass of a case."""

    def make(*here: ColumnElement[bool]) -> Select[Any]:
        told = _told(glass.c.person, glass.c.account_id, glass.c.case_id, glass.c.opened_at, literal_column("1"))
        asked = told.join(care_case, care_case.c.id == glass.c.case_id).where(*_in_days(glass.c.opened_at), *here)
        return asked.order_by(glass.c.opened_at.desc(), glass.c.id.desc()).limit(MOST)

    return _asked(make, listed(care_case.c.office_id, "offices"))


def _seated() -> Asked:
    """Ask who was given a seat."""

    def make(*here: ColumnElement[bool]) -> Select[Any]:
        seat = assignment.c
        told = _told(account.c.person_id, seat.account_id, _NOBODY, seat.valid_from, literal_column("1"))
        given = told.join(account, account.c.id == seat.account_id).where(*_in_days(seat.valid_from), *here)
        return given.order_by(seat.valid_from.desc(), seat.id.desc()).limit(MOST)

    return _asked(make, listed(assignment.c.office_id, "offices"))


def _quick() -> Asked:
    """Ask for approvals that came within seconds of the request: nobody can have read what it rests on."""

    def make(*here: ColumnElement[bool]) -> Select[Any]:
        told = _told(_d.person, _NOBODY, _r.case_id, _d.at, literal_column("1")).join(approval_request, _r.id == _d.request_id)
        soon = (_d.decision == "approve", seconds_after(_d.at, _r.requested_at) < bindparam("seconds"))
        return told.where(*_in_days(_d.at), *here, *soon).order_by(_d.at.desc(), _d.request_id.desc()).limit(MOST)

    return _asked(make, _HERE)


def _never_refused() -> Asked:
    """Ask for approvers who approved everything, at least so many times."""

    def make(*here: ColumnElement[bool]) -> Select[Any]:
        counted = func.count()
        told = _told(_d.person, _NOBODY, _NOBODY, func.max(_d.at), counted).select_from(approval_decision)
        if here:
            told = told.join(approval_request, _r.id == _d.request_id)
        some = told.where(*_in_days(_d.at), *here).group_by(_d.person)
        always = some.having(counted >= bindparam("least"), func.min(_d.decision) == "approve", func.max(_d.decision) == "approve")
        return always.order_by(counted.desc(), _d.person).limit(MOST)

    return _asked(make, _HERE)


_PROOF: ColumnElement[bool] = as_text(_a.body).contains('"reason_code":"proof"', autoescape=True)
EMERGENCY = _emergencies()
BROKEN = _broken()
REFUSED = _refused()
QUICK = _quick()
NEVER_REFUSED = _never_refused()
PROOF_FAILED = _entries("sign_in_refused", _PROOF)
SEATED = _seated()
TAKEN_OUT = _entries("exported")


def found(unit: Unit, asked: Asked, offices: frozenset[str] | None, since: datetime, until: datetime) -> tuple[Found, ...]:
    """Return the exceptions of a kind in some offices (None: all) and days."""
    params = unit.params
    values: dict[str, Any] = {"since": to_text(since), "until": to_text(until)}
    values |= {"seconds": params.approval_quick_seconds, "least": params.approver_least_decisions}
    with unit.over_everything():
        rows = unit.ask(asked.whole, **values) if offices is None else unit.ask(asked.offices, **values, offices=as_list(offices))
    return tuple(Found(person=row.person or "", account=row.account, case=row.case, at=from_text(row.at), many=row.many) for row in rows)
