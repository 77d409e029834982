"""How much people carry: the open cases of a worker, and the caseworkers of an office for each of its supervisors (DOMAIN 2.12)."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select
from sqlalchemy import text as sql_text

from casework.store.cases import CaseRow
from casework.store.instants import to_text
from casework.store.schema import account, approval_request, assignment, care_case, person, task
from casework.store.statements import Query, aside
from casework.store.unit import Unit

_OPEN_ELSEWHERE = (
    care_case.c.office_id == bindparam("office"),
    sql_text("state NOT IN ('closed', 'voided')"),
    care_case.c.id != bindparam("case_id"),
)
_OPEN_OF_WORKER = Query(select(func.count().label("n")).where(care_case.c.assigned_to == bindparam("worker"), *_OPEN_ELSEWHERE))
_STAFF = Query(
    select(
        account.c.person_id.label("person"),
        assignment.c.role.label("role"),
        exists().where(care_case.c.assigned_to == account.c.person_id, *_OPEN_ELSEWHERE).label("busy"),
    )
    .distinct()
    .join(assignment, assignment.c.account_id == account.c.id)
    .where(
        account.c.active == 1,
        assignment.c.office_id == bindparam("office"),
        or_(assignment.c.role == "supervisor", assignment.c.role == "social_worker"),
        assignment.c.valid_from <= bindparam("now"),
        or_(assignment.c.valid_until.is_(None), assignment.c.valid_until > bindparam("now")),
    )
)


_open = (care_case.c.office_id == bindparam("office"), sql_text("state NOT IN ('closed', 'voided')"))
_worker: ColumnElement[Any] = aside(care_case.c.assigned_to)
_CASES_BY_WORKER = Query(select(_worker.label("worker"), func.count().label("n")).where(*_open).group_by(_worker))
_LATE_BY_WORKER = Query(
    select(task.c.worker, func.count().label("n"))
    .where(task.c.office_id == bindparam("office"), task.c.settled_at.is_(None), task.c.due_at < bindparam("now"))
    .group_by(task.c.worker)
)
_WAITING_BY_ROLE = Query(
    select(approval_request.c.next_role.label("role"), func.count().label("n"))
    .where(
        approval_request.c.office_id == bindparam("office"),
        sql_text("approval_request.next_role IS NOT NULL"),
        or_(approval_request.c.kind != "decision", approval_request.c.due_at >= bindparam("oldest")),
    )
    .group_by(approval_request.c.next_role)
)
_TEAM = Query(
    select(person.c.id, person.c.name, assignment.c.role, func.max(account.c.certificate_until).label("until"))
    .join(account, account.c.person_id == person.c.id)
    .join(assignment, assignment.c.account_id == account.c.id)
    .where(
        account.c.active == 1,
        assignment.c.office_id == bindparam("office"),
        assignment.c.host_id.is_(None),
        assignment.c.valid_from <= bindparam("now"),
        or_(assignment.c.valid_until.is_(None), assignment.c.valid_until > bindparam("now")),
    )
    .group_by(person.c.id, person.c.name, assignment.c.role)
    .order_by(person.c.name, person.c.id)
)


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who works in an office in a role, and what they carry. `certificate_until` is an ISO date."""

    name: str
    role: str
    certificate_until: str | None
    cases: int
    late: int
    supervises: bool


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """What an office carries: its people, the open cases and late tasks that are nobody's, and the decisions that wait, by role."""

    team: tuple[Member, ...]
    unassigned: int
    late: int
    waiting: dict[str, int]


def carried(unit: Unit, office: str, oldest: str) -> Carried:
    """Return what an office carries now; no decision is open that was due before `oldest`."""
    now = to_text(unit.call.at)
    cases = {row.worker or "": int(row.n) for row in unit.ask(_CASES_BY_WORKER, office=office)}
    late = {row.worker or "": int(row.n) for row in unit.ask(_LATE_BY_WORKER, office=office, now=now)}
    waiting = {row.role: int(row.n) for row in unit.ask(_WAITING_BY_ROLE, office=office, oldest=oldest) if row.role}
    team = tuple(
        Member(
            name=row.name,
            role=row.role,
            certificate_until=row.until,
            cases=cases.get(row.id, 0),
            late=late.get(row.id, 0),
            supervises=row.role == "supervisor",
        )
        for row in unit.ask(_TEAM, office=office, now=now)
    )
    return Carried(team=team, unassigned=cases.get("", 0), late=late.get("", 0), waiting=waiting)


class Staff(msgspec.Struct, frozen=True):
    """The people of an office: who supervises, and which social workers have an open case of it, one case not counted."""

    supervisors: frozenset[str]
    caseworkers: frozenset[str]


def open_cases_of(unit: Unit, person: str, but: CaseRow) -> int:
    """Return how many cases of this one's office a worker has open, this one not counted."""
    return int(unit.ask(_OPEN_OF_WORKER, worker=person, office=but.office_id, case_id=but.id)[0].n)


def staff_of(unit: Unit, but: CaseRow) -> Staff:
    """Return who works now in this case's office, whatever the case itself asks of anybody."""
    rows = unit.ask(_STAFF, office=but.office_id, case_id=but.id, now=to_text(unit.call.at))
    return Staff(
        frozenset(row.person for row in rows if row.role == "supervisor"),
        frozenset(row.person for row in rows if row.role == "social_worker" and row.busy),
    )
