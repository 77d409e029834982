"""How much people carry: the open cases of a worker, and the caseworkers of an office for each of its supervisors (DOMAIN 2.12)."""

from __future__ import annotations

import msgspec
from sqlalchemy import bindparam, exists, func, or_, select
from sqlalchemy import text as sql_text

from casework.store.cases import CaseRow
from casework.store.instants import to_text
from casework.store.schema import account, assignment, care_case
from casework.store.statements import Query
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
