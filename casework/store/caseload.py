"""Pages of a caseload: the cases of an office, a worker or a house, newest first, or what is to be done in them, what is due first on top.

Each is one range of an index, read from where the page before ended (keyset): page ten thousand costs what page one does, and a case that
comes in between moves nothing. What a line shows beside the case is joined to the page's own rows only.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, TextClause, and_, bindparam, exists, func, or_, select, tuple_, union
from sqlalchemy import text as sql_text

from casework.machines.settling import ESCALATED, FIELD_WORK, RESERVED
from casework.store import approvals, field
from casework.store.cases import STILL_OFFERED, CaseRow, case_of
from casework.store.schema import (
    ESCALATING,
    LED,
    LIVE_PLACEMENT,
    approval_request,
    body,
    care_case,
    child,
    host,
    host_offer,
    office,
    person,
    placement,
    process,
    task,
)
from casework.store.statements import Query, as_list, aside, listed
from casework.store.unit import Unit

PAGE = 50
"""Lines on one page of any list. One more is read, to know whether there is another page."""
NEWEST = ("z" * 27,)
"""Before the newest case: no id sorts after it."""
SOONEST = ("", "")
"""Before what is due first."""


class AskedBy(msgspec.Struct, frozen=True):
    """The process that asks for a task: which machine, since when (as stored), and the name of the body that a referral was sent to."""

    machine: str
    since: str
    body: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A case with what its line shows. `born` is an ISO date; `task`, `kind` and `due_at` (as stored) are of one open task, or "".

    Where the line is of a request, they are its id, what is asked for, and by when. `asked_of` is who was asked into the field (a person's
    id), "" where the task is not of that kind, and `where` the code of the district to which that leads.
    """

    case: CaseRow
    name: str
    born: str | None
    worker: str
    task: str = ""
    kind: str = ""
    due_at: str = ""
    asked_of: str = ""
    where: str = ""
    asked_by: AskedBy | None = None


_c = care_case.c
_open = task.c.settled_at.is_(None)
_CASE_COLUMNS = tuple(_c)
_TASK_COLUMNS = (
    *(task.c.id.label("task"), task.c.kind.label("kind"), task.c.due_at.label("due_at")),
    *(task.c.process_id.label("process"), task.c.worker.label("whose"), task.c.district.label("leads")),
)


def _shown(page: Select[Any], *order: tuple[str, bool]) -> Query:
    """Join the child and the worker to a page."""

    def built() -> Select[Any]:
        inner = page.subquery("page")
        return (
            select(inner, child.c.name.label("name"), child.c.born.label("born"), person.c.name.label("worker"))
            .join(child, child.c.id == inner.c.child_id)
            .outerjoin(person, person.c.id == inner.c.assigned_to)
            .order_by(*(inner.c[name].desc() if newest else inner.c[name] for name, newest in order))
        )

    return Query(built)


def _shown_with_process(page: Select[Any]) -> Query:
    """Join to a page of tasks the process that asks for each, too: two tasks of one kind are told apart by it."""

    def built() -> Select[Any]:
        inner = page.subquery("page")
        return (
            select(
                *(inner, child.c.name.label("name"), child.c.born.label("born"), person.c.name.label("worker")),
                *(process.c.machine.label("by_machine"), process.c.opened_at.label("by_since"), body.c.name.label("by_body")),
            )
            .join(child, child.c.id == inner.c.child_id)
            .outerjoin(person, person.c.id == inner.c.assigned_to)
            .outerjoin(process, process.c.id == inner.c.process)
            .outerjoin(body, body.c.id == process.c.body_id)
            .order_by(inner.c.due_at, inner.c.task)
        )

    return Query(built)


def _newest(*where: ColumnElement[bool]) -> Query:
    page = select(*_CASE_COLUMNS).where(*where, _c.id < bindparam("after_id")).order_by(_c.id.desc()).limit(PAGE + 1)
    return _shown(page, ("id", True))


def _tasks(*where: ColumnElement[bool] | TextClause, limit: int | None = PAGE + 1) -> Query:
    beyond = tuple_(task.c.due_at, task.c.id) > tuple_(bindparam("after_due"), bindparam("after_id"))
    page = select(*_CASE_COLUMNS, *_TASK_COLUMNS).join(task, task.c.case_id == _c.id).where(*where, _open, beyond)
    return _shown_with_process(page.order_by(task.c.due_at, task.c.id).limit(limit))


_sooner = task.alias("sooner")


def _first_of_its_case(*among: ColumnElement[bool]) -> ColumnElement[bool]:
    """The open task of its case that is due first, of all or of those that are somebody's own."""
    earlier = tuple_(_sooner.c.due_at, _sooner.c.id) < tuple_(task.c.due_at, task.c.id)
    return ~exists().where(_sooner.c.case_id == task.c.case_id, _sooner.c.settled_at.is_(None), earlier, *among)


_of_office, _of_worker = _c.office_id == bindparam("office"), _c.assigned_to == bindparam("worker")
_in_state = _c.state == bindparam("state")
_due_in_office = task.c.office_id == bindparam("office")
_due_from_worker = and_(task.c.worker == bindparam("worker"), _due_in_office)
_late = task.c.due_at < bindparam("now")
_live_there = select(placement.c.case_id).where(placement.c.host_id == bindparam("host"), sql_text(LIVE_PLACEMENT))
_asked_of = care_case.alias("asked_of")
_offered_there = (
    select(host_offer.c.case_id)
    .join(_asked_of, and_(_asked_of.c.id == host_offer.c.case_id, _asked_of.c.round == host_offer.c.round))
    .where(host_offer.c.host_id == bindparam("host"), STILL_OFFERED)
)
_of_house = _c.id.in_(union(_live_there, _offered_there))

OFFICE, OFFICE_STATE = _newest(_of_office), _newest(_of_office, _in_state)
WORKER, WORKER_STATE = _newest(_of_worker, _of_office), _newest(_of_worker, _of_office, _in_state)
_going_on = and_(_c.state != "closed", _c.state != "voided")
_nothing_due = ~exists().where(task.c.case_id == _c.id, task.c.worker == _c.assigned_to, _open)
_undecided = or_(*(approval_request.c.status == status for status in approvals.OPEN))
_asked_for = and_(approval_request.c.case_id == _c.id, _undecided, approvals.IN_TIME)
WORKER_IDLE = _newest(_of_worker, _of_office, _going_on, _nothing_due, ~exists().where(_asked_for))
"""A worker's cases that no date calls them for and no approver holds: what comes next is theirs to ask for, whatever others were asked."""
_of_district = select(child.c.district_code).where(child.c.id == _c.child_id).scalar_subquery() == bindparam("district")
OFFICE_DISTRICT, OFFICE_DISTRICT_STATE = _newest(_of_office, _of_district), _newest(_of_office, _in_state, _of_district)
"""An office's cases of children of one district. The register of children is not gone through for it."""
HOUSE, HOUSE_STATE = _newest(_of_house), _newest(_of_house, _in_state)
_asked_of_me = and_(_of_office, _c.id.in_(field.ASKED_CASES))
FIELD, FIELD_STATE = _newest(_asked_of_me), _newest(_asked_of_me, _in_state)
_asked_there = and_(_of_office, _c.id.in_(field.ASKED_CASES.where(task.c.district == bindparam("district"))))
FIELD_DISTRICT, FIELD_DISTRICT_STATE = _newest(_asked_there), _newest(_asked_there, _in_state)
"""The cases for which somebody was asked into the field, and of them those for which they were asked into one district."""
_of_the_same = _sooner.c.worker == task.c.worker
OFFICE_DUE, WORKER_DUE = _tasks(_due_in_office, _first_of_its_case()), _tasks(_due_from_worker, _first_of_its_case(_of_the_same))
OFFICE_LATE, WORKER_LATE = _tasks(_due_in_office, _late), _tasks(_due_from_worker, _late)
_in_field = (_due_in_office, *field.IN_FIELD_NOW)
_in_the_field = or_(*(_sooner.c.kind == kind for kind in FIELD_WORK))
_asked_sooner = _in_the_field, _sooner.c.due_at >= bindparam("now"), field.in_own_district(_sooner)
FIELD_DUE = _tasks(*_in_field, _first_of_its_case(_of_the_same, *_asked_sooner))
FIELD_OWN = _tasks(*_in_field, limit=None)
"""What somebody was asked to do in the field, wherever it leads, however far ahead: what is past its day is no longer theirs."""
HEAD_TASKS = _tasks(_due_in_office, sql_text(ESCALATING), or_(*(task.c.kind == kind for kind in ESCALATED.values())), limit=None)
"""What the head of an office was reminded of today: one line for each child of whom something must not wait."""
HOUSE_TASKS = _tasks(_of_house, limit=None)
"""The open tasks of every child that a house has to do with: as many as it has beds, whatever the register holds."""


def _reserved(role: str) -> ColumnElement[bool]:
    return or_(*(task.c.kind == kind for kind, roles in RESERVED.items() if role in roles))


_foreseen = task.c.due_at <= bindparam("until")
SUPERVISOR_OWN = _tasks(
    _due_in_office, _foreseen, sql_text(LED), or_(task.c.kind == "triage", task.c.worker.is_(None), _reserved("supervisor"))
)
HEAD_OWN = _tasks(_due_in_office, _foreseen, sql_text(LED), _reserved("dinas_head"))
WORKER_OWN = _tasks(_due_from_worker, _foreseen, *(task.c.kind != kind for kind in RESERVED))
"""What is somebody's own to do, late or not, up to a horizon: of who leads an office, and of a worker, but what is reserved to those."""
HOUSE_ASKED = _shown(
    select(*_CASE_COLUMNS).where(_c.id.in_(_offered_there.where(host_offer.c.accepted.is_(None)))).order_by(_c.id.desc()).limit(PAGE),
    ("id", True),
)
"""The children whom a house was asked about and has not answered."""
REPORTS = ("monthly_report", "dinas_report")
CHILDREN_BY_HOUSE = Query(
    select(placement.c.host_id.label("host"), func.count().label("n"))
    .where(placement.c.host_id.in_(select(host.c.id)), sql_text(LIVE_PLACEMENT))
    .group_by(placement.c.host_id)
)
_overdue_reports = (_due_in_office, _open, _late, or_(*(task.c.kind == kind for kind in REPORTS)))
_house: ColumnElement[Any] = aside(placement.c.host_id)
LATE_BY_HOUSE = Query(
    select(_house.label("host"), func.count(task.c.id.distinct()).label("n"))
    .join(task, task.c.case_id == placement.c.case_id)
    .where(*_overdue_reports, sql_text(LIVE_PLACEMENT), _house.is_not(None))
    .group_by(_house)
)
"""How many children each house has, and how many reports on those of an office are late."""
HOUSE_OWES = _tasks(_c.id.in_(_live_there), _foreseen, limit=None)
"""The open tasks of the children who live in a house: never of a child that it was only asked about."""


def _turn(role: str, kind: str) -> Query:
    r = approval_request.c
    beyond = ("decision_due", "decision_id") if kind == "decision" else ("after_due", "after_id")
    page = select(*_CASE_COLUMNS, r.id.label("task"), r.trigger.label("kind"), r.due_at.label("due_at")).join(
        approval_request, r.case_id == _c.id
    )
    page = page.where(approvals.turn(role, kind, *beyond)).order_by(r.due_at, r.id).limit(PAGE + 1)
    return _shown(page, ("due_at", False), ("task", False))


LED_OWN = {"supervisor": SUPERVISOR_OWN, "dinas_head": HEAD_OWN}
"""What is the own of who leads an office, by role."""
TURNS = {(role, kind): _turn(role, kind) for role in ("supervisor", "dinas_head") for kind in ("decision", "ratification", "record")}
"""What waits in an office for a role, by what kind of request it is; a decision behind values of its own: none is open that is too old."""
CASES = _shown(select(*_CASE_COLUMNS).where(listed(_c.id, "cases")), ("id", False))
OFFICES = Query(select(office.c.id, office.c.name).order_by(office.c.id))
SOME_OFFICES = Query(select(office.c.id, office.c.name).where(listed(office.c.id, "offices")).order_by(office.c.id))


def line_of(row: Any) -> Line:
    """Return the line of a row of a page of cases, or of a page of tasks, each with its case."""
    told = {name: getattr(row, name) for name in ("task", "kind", "due_at") if hasattr(row, name)}
    told |= {"asked_of": row.whose, "where": row.leads} if told.get("kind") in FIELD_WORK else {}
    return Line(case=case_of(row), name=row.name, born=row.born, worker=row.worker or "", asked_by=_asked_by(row), **told)


def cases_by_id(unit: Unit, case_ids: Iterable[str]) -> dict[str, Line]:
    """Return the lines of cases by id, whoever may see them."""
    return {row.id: line_of(row) for row in unit.ask(CASES, cases=as_list(case_ids))}


def _asked_by(row: Any) -> AskedBy | None:
    machine = getattr(row, "by_machine", None)
    return AskedBy(machine, row.by_since, row.by_body or "") if machine else None


def offices(unit: Unit, some: Iterable[str] | None = None) -> dict[str, str]:
    """Return the names of some offices (None: of every one) by id."""
    return {row.id: row.name for row in (unit.ask(OFFICES) if some is None else unit.ask(SOME_OFFICES, offices=as_list(some)))}
