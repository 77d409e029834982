"""Approval requests, the decisions on them, and the tasks that moves bring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, and_, bindparam, exists, insert, or_, select, text, tuple_

from casework.machines.facts import Subject
from casework.machines.settling import ESCALATED
from casework.store.cases import CaseRow
from casework.store.ids import new_id
from casework.store.instants import from_text, to_text
from casework.store.schema import ESCALATING, approval_decision, approval_request, task
from casework.store.statements import Change, Query, as_list, listed
from casework.store.unit import Unit

OPEN = ("submitted", "in_second_approval")
"""Statuses that wait for a decision."""
USABLE = (*OPEN, "approved")
"""Statuses whose signatures still stand."""
ENDED_BY_TIME = ("expired", "lapsed")
"""Statuses that a decision request comes into by waiting: read as such at once, written down with the next change of the case."""


WAITING_PAGE = 50
"""Requests on one page of those that wait."""


class Decided(msgspec.Struct, frozen=True):
    """One decision on a request, in its place in the order."""

    place: int
    decision: str
    role: str
    person: str
    reason: str | None
    digest: str
    at: datetime


class RequestRow(msgspec.Struct, frozen=True, kw_only=True):
    """A request for approval with its decisions. `needs` are the roles that must sign, in order."""

    id: str
    case_id: str
    kind: str
    trigger: str
    subject: Subject
    record_id: str | None
    needs: tuple[str, ...]
    digest: str
    requester: str
    requested_at: datetime
    due_at: datetime
    status: str
    settled_at: datetime | None
    decisions: tuple[Decided, ...]
    unwritten: bool = False
    """Whether time ended it and nobody has written so yet."""

    @property
    def next_role(self) -> str | None:
        """The role that must decide next, or None when all have."""
        return self.needs[len(self.decisions)] if len(self.decisions) < len(self.needs) else None


REQUEST = Query(select(approval_request).where(approval_request.c.id == bindparam("request")))
SIGNED = Query(select(approval_decision).where(listed(approval_decision.c.request_id, "requests")).order_by(approval_decision.c.place))


def _requests(unit: Unit, rows: list[Row[Any]]) -> tuple[RequestRow, ...]:
    """Return requests with their decisions, read at once."""
    signed = unit.ask(SIGNED, requests=as_list(row.id for row in rows)) if rows else []
    return tuple(_timely(unit, _request(row, [sign for sign in signed if sign.request_id == row.id])) for row in rows)


def _timely(unit: Unit, request: RequestRow) -> RequestRow:
    """Return a request to decide on a step as time has left it: `expired` when nobody decided, `lapsed` when nobody used it (DOMAIN 7.2).

    A ratification stays due until it is decided, and a signed record waits for its countersignature: neither ends by waiting.
    """
    if request.kind != "decision" or request.status not in USABLE:
        return request
    is_open = request.status in OPEN
    days = unit.params.approval_expiry_days if is_open else unit.params.approval_lapse_days
    last = request.decisions[-1].at if request.decisions else request.requested_at
    if unit.call.at - last <= timedelta(days=days):
        return request
    return msgspec.structs.replace(
        request, status="expired" if is_open else "lapsed", settled_at=last + timedelta(days=days), unwritten=True
    )


def _request(row: Row[Any], signed: list[Row[Any]]) -> RequestRow:
    return RequestRow(
        id=row.id,
        case_id=row.case_id,
        kind=row.kind,
        trigger=row.trigger,
        subject=msgspec.json.decode(row.subject, type=Subject),
        record_id=row.record_id,
        needs=tuple(row.needs.split(",")),
        digest=row.digest,
        requester=row.requester,
        requested_at=from_text(row.requested_at),
        due_at=from_text(row.due_at),
        status=row.status,
        settled_at=from_text(row.settled_at) if row.settled_at else None,
        decisions=tuple(
            Decided(sign.place, sign.decision, sign.role, sign.person, sign.reason, sign.digest, from_text(sign.at)) for sign in signed
        ),
    )


_ADD_REQUEST = Change(approval_request.insert())


def add_request(  # noqa: PLR0913 - a request has that many columns
    unit: Unit,
    case: CaseRow,
    kind: str,
    *,
    trigger: str,
    needs: tuple[str, ...],
    digest: str,
    due_at: datetime,
    subject: Subject | None = None,
    record_id: str | None = None,
    requester: str | None = None,
) -> str:
    """Insert a submitted request and return its id. `requester` is the caller unless somebody else asked first (an escalation)."""
    request_id = new_id(unit.call.at)
    unit.put(
        _ADD_REQUEST,
        {
            "id": request_id,
            "case_id": case.id,
            "kind": kind,
            "trigger": trigger,
            "subject": msgspec.json.encode(subject or Subject()).decode(),
            "record_id": record_id,
            "needs": ",".join(needs),
            "digest": digest,
            "requester": requester or unit.call.who.person,
            "requested_at": to_text(unit.call.at),
            "due_at": to_text(due_at),
            "status": "submitted",
            "settled_at": None,
            "office_id": case.office_id,
            "next_role": needs[0],
        },
    )
    return request_id


def get_request(unit: Unit, request_id: str) -> RequestRow:
    """Return one request. Raises NotFound."""
    return _requests(unit, [unit.ask_one(REQUEST, "approval request", request=request_id)])[0]


_of_this_case = select(approval_request.c.id).where(approval_request.c.case_id == bindparam("case_id"))
REQUESTS = Query(select(approval_request).where(approval_request.c.case_id == bindparam("case_id")).order_by(approval_request.c.id.desc()))
SIGNS = Query(select(approval_decision).where(approval_decision.c.request_id.in_(_of_this_case)).order_by(approval_decision.c.place))
"""The decisions on every request of a case."""


def requests_of(unit: Unit, case_id: str, *, statuses: tuple[str, ...] | None = None) -> tuple[RequestRow, ...]:
    """Return the requests of a case, newest first; `statuses` are those they have by now."""
    signed = unit.ask(SIGNS, case_id=case_id)
    rows = unit.ask(REQUESTS, case_id=case_id)
    found = (_timely(unit, _request(row, [sign for sign in signed if sign.request_id == row.id])) for row in rows)
    return tuple(request for request in found if statuses is None or request.status in statuses)


_r = approval_request.c


IN_TIME: ColumnElement[bool] = or_(
    _r.kind != "decision",
    _r.requested_at >= bindparam("since"),
    exists().where(approval_decision.c.request_id == _r.id, approval_decision.c.at >= bindparam("since")),
)
"""Of open requests, those that time has not ended."""


def turn(role: Any, kind: Any, due: str = "after_due", last: str = "after_id") -> ColumnElement[bool]:
    """Return the condition for the requests of a kind that wait for a role; `due` and `last` name the values that they come behind."""
    return and_(
        _r.office_id == bindparam("office"),
        _r.next_role == role,
        _r.kind == kind,
        tuple_(_r.due_at, _r.id) > tuple_(bindparam(due), bindparam(last)),
        _r.requester != bindparam("person"),
        IN_TIME,
    )


WAITING = Query(
    select(approval_request).where(turn(bindparam("role"), bindparam("kind"))).order_by(_r.due_at, _r.id).limit(WAITING_PAGE + 1)
)
"""One range of the index of turns: requests of an office and a kind that wait for a role, without those that time has ended."""


def waiting_requests(unit: Unit, office: str, role: str, kind: str, after: tuple[str, str]) -> tuple[RequestRow, ...]:
    """Return a page (and one more) of what waits for a role in an office and was not asked by the caller, the one due first on top.

    `after` is (due, id) of the last one seen.
    """
    since, oldest = undecided_since(unit)
    due, last = max(after, (oldest, "")) if kind == "decision" else after
    named = {"office": office, "role": role, "kind": kind, "person": unit.call.who.person, "after_due": due, "after_id": last}
    return _requests(unit, unit.ask(WAITING, since=since, **named))


def undecided_since(unit: Unit) -> tuple[str, str]:
    """Return since when a decision must have been asked for, or signed, to be open now; and before when none that is open was due.

    A request that is still open was due after it was made, and each of its signatures came in time: older ones need not be read.
    """
    span = timedelta(days=unit.params.approval_expiry_days)
    return to_text(unit.call.at - span), to_text(unit.call.at - 2 * span)


def write_down_ended(unit: Unit, case_id: str) -> None:
    """Write down which decision requests of a case have expired or lapsed by now, with the moment they did."""
    for request in requests_of(unit, case_id, statuses=ENDED_BY_TIME):
        if request.unwritten:
            over = {"status": request.status, "settled_at": to_text(request.settled_at or unit.call.at), "next_role": None}
            unit.run(
                approval_request.update().where(approval_request.c.id == request.id, approval_request.c.status.in_(USABLE)).values(over)
            )


_SET_STATUS = Change(
    approval_request.update()
    .where(approval_request.c.id == bindparam("request"))
    .values(status=bindparam("status"), settled_at=bindparam("settled_at"), next_role=bindparam("next_role"))
)


def set_status(unit: Unit, request_id: str, status: str, next_role: str | None = None) -> None:
    """Move a request on. `settled_at` is when it was approved, or when it ended; `next_role` whose turn it is while it is open."""
    settled = None if status in OPEN else to_text(unit.call.at)
    unit.put(_SET_STATUS, {"request": request_id, "status": status, "settled_at": settled, "next_role": next_role})


def end_waiting(unit: Unit, case_id: str) -> None:
    """In a case that is over no record needs a countersignature and no step a decision (I6). A ratification stays to be decided."""
    open_ones = (approval_request.c.case_id == case_id, approval_request.c.kind != "ratification", approval_request.c.status.in_(OPEN))
    unit.run(approval_request.update().where(*open_ones).values(status="superseded", settled_at=to_text(unit.call.at), next_role=None))


def add_decision(unit: Unit, case: CaseRow, request: RequestRow, decision: str, role: str, reason: str | None) -> None:
    """Write one decision; a second one by the same person, or in the same place, violates a key."""
    row = {
        "request_id": request.id,
        "place": len(request.decisions),
        "decision": decision,
        "role": role,
        "person": unit.call.who.person,
        "reason": reason,
        "digest": request.digest,
        "at": to_text(unit.call.at),
    }
    unit.run(approval_decision.insert().values(unit.seal(approval_decision, case.child_id, row)))


SAID = "said"
"""How a task was closed that somebody says is done: the note tells it."""


class TaskRow(msgspec.Struct, frozen=True):
    """Something due for a case. `process` is the process that it belongs to, "" where it is the case's own."""

    id: str
    kind: str
    due_at: datetime
    created_at: datetime
    settled_at: datetime | None
    settled_how: str | None
    note: str | None
    process: str = ""
    worker: str = ""
    district: str = ""


_TASK_COLUMNS = ("id", "case_id", "kind", "due_at", "created_at", "created_seq", "office_id", "worker", "process_id", "district")
_ADD_TASK = Change(insert(task).values({name: bindparam(name) for name in _TASK_COLUMNS}))
_SETTLE_TASK = Change(
    task.update()
    .where(task.c.id == bindparam("task"), task.c.settled_at.is_(None))
    .values(settled_at=bindparam("now"), settled_how=bindparam("how"))
)


def add_tasks(
    unit: Unit, case: CaseRow, kind: str, due: Iterable[datetime], process: str = "", worker: str = "", district: str = ""
) -> tuple[TaskRow, ...]:
    """Insert tasks of a kind, one for each moment, and return them: the case's worker's, unless somebody else is named."""
    at, worker = unit.call.at, worker or case.assigned_to or ""
    added = tuple(TaskRow(new_id(at), kind, moment, at, None, None, None, process, worker, district) for moment in due)
    about = {"case_id": case.id, "kind": kind, "created_at": to_text(at), "created_seq": case.seq + 1}
    about |= {"office_id": case.office_id, "worker": worker or None, "process_id": process or None, "district": district or None}
    unit.put(_ADD_TASK, *({"id": row.id, "due_at": to_text(row.due_at), **about} for row in added))
    return added


def settle(unit: Unit, tasks: Iterable[TaskRow], hows: Mapping[str, str]) -> None:
    """Close those of these tasks that are open and of a kind that `hows` names, each with how."""
    now = to_text(unit.call.at)
    closed = [{"task": row.id, "now": now, "how": hows[row.kind]} for row in tasks if row.settled_at is None and row.kind in hows]
    if closed:
        unit.put(_SETTLE_TASK, *closed)


def settle_task(unit: Unit, task_id: str, how: str = SAID) -> None:
    """Close one task."""
    unit.run(task.update().where(task.c.id == task_id).values(settled_at=to_text(unit.call.at), settled_how=how))


def note_task(unit: Unit, case: CaseRow, task_id: str, note: str) -> None:
    """Keep what was said about a task when it was done."""
    if note:
        unit.run(task.update().where(task.c.id == task_id).values(unit.seal(task, case.child_id, {"note": note}, id=task_id)))


def settle_next(unit: Unit, case_id: str, how: str, kind: str) -> None:
    """Close the one open task of a kind that is due first: each visit settles one."""
    first = unit.row(
        select(task.c.id)
        .where(task.c.case_id == case_id, task.c.settled_at.is_(None), task.c.kind == kind)
        .order_by(task.c.due_at)
        .limit(1)
    )
    if first is not None:
        unit.run(task.update().where(task.c.id == first.id).values(settled_at=to_text(unit.call.at), settled_how=how))


_reminder = task.alias("reminder")
UNREMINDED = Query(
    select(task.c.case_id)
    .where(
        text(ESCALATING),
        task.c.due_at <= bindparam("now"),
        or_(
            *(
                and_(
                    task.c.kind == kind,
                    ~exists().where(
                        _reminder.c.case_id == task.c.case_id, _reminder.c.kind == reminder, _reminder.c.created_at >= bindparam("today")
                    ),
                )
                for kind, reminder in ESCALATED.items()
            )
        ),
    )
    .distinct()
    .limit(bindparam("most"))
)
"""Cases with an escalating task that is late, of which nobody was reminded since the day began."""


def unreminded(unit: Unit, today: datetime, most: int) -> tuple[str, ...]:
    """Return cases in which something escalates of which nobody was reminded since `today` began, at most so many."""
    found = unit.ask(UNREMINDED, now=to_text(unit.call.at), today=to_text(today), most=most)
    return tuple(row.case_id for row in found)


TASKS = Query(select(task).where(task.c.case_id == bindparam("case_id")).order_by(task.c.due_at, task.c.id))


def tasks_of(unit: Unit, case_id: str) -> tuple[TaskRow, ...]:
    """Return the tasks of a case, the one due first on top."""
    found = unit.ask(TASKS, case_id=case_id)
    return tuple(
        TaskRow(
            row.id,
            row.kind,
            from_text(row.due_at),
            from_text(row.created_at),
            from_text(row.settled_at) if row.settled_at else None,
            row.settled_how,
            row.note,
            row.process_id or "",
            row.worker or "",
            row.district or "",
        )
        for row in found
    )
