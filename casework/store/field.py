"""Who can be asked into the field for a case, and the reports of somebody who sees no case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, FromClause, Row, bindparam, exists, func, or_, select, text

from casework.ledger.errands import ErrandHead
from casework.ledger.event import Errand
from casework.machines.settling import FIELD_WORK
from casework.store.call import ASKED_ROLES
from casework.store.instants import to_text
from casework.store.schema import LIVE_PLACEMENT, account, assignment, care_case, child, event, host, person, placement, task
from casework.store.statements import Query
from casework.store.unit import Unit
from casework.store.walls.field import DISTRICT

PAGE = 50
"""Reports on one page. One more is read, to know whether there is another page."""


IN_FIELD = or_(*(task.c.kind == kind for kind in FIELD_WORK))
"""Whether a task is of somebody who was asked into the field."""
_HELD = (
    or_(*(assignment.c.role == role for role in sorted(ASKED_ROLES))),
    assignment.c.valid_from <= bindparam("now"),
    or_(assignment.c.valid_until.is_(None), assignment.c.valid_until > bindparam("now")),
)
"""The seats in the field that are held now."""


def in_own_district(asked: FromClause) -> ColumnElement[bool]:
    """Whether whoever was asked something works where it leads, now: who was given another district has nothing to do there any more."""
    return exists().where(
        account.c.person_id == asked.c.worker,
        account.c.active == 1,
        assignment.c.account_id == account.c.id,
        assignment.c.office_id == asked.c.office_id,
        func.substr(assignment.c.area, 1, DISTRICT) == asked.c.district,
        *_HELD,
    )


IN_FIELD_NOW = (task.c.worker == bindparam("person"), IN_FIELD, task.c.due_at >= bindparam("now"), in_own_district(task))
"""What somebody was asked, and may still do: past its day it opens the case no more, whoever forgot to end it."""
_asked = (*IN_FIELD_NOW, task.c.settled_at.is_(None))
ASKED = Query(select(task.c.id).where(task.c.case_id == bindparam("case_id"), *_asked).limit(1))
"""Whether somebody was asked into the field for a case, and has not done it."""
ASKED_CASES = select(task.c.case_id).where(*_asked)
"""The cases for which somebody was asked into the field."""


class Officer(msgspec.Struct, frozen=True):
    """A natural person who works in the field for an office: in which role, and in which district or village."""

    id: str
    name: str
    role: str
    area: str


_office = select(care_case.c.office_id).where(care_case.c.id == bindparam("case_id")).scalar_subquery()
OFFICERS = Query(
    select(person.c.id, person.c.name, assignment.c.role, assignment.c.area)
    .distinct()
    .join(account, account.c.person_id == person.c.id)
    .join(assignment, assignment.c.account_id == account.c.id)
    .where(account.c.active == 1, assignment.c.office_id == _office, *_HELD)
    .order_by(person.c.name, assignment.c.role, assignment.c.area)
)
"""Who can be asked into the field for a case: whoever works there for its office, by name."""
_living = select(placement.c.host_id).where(placement.c.case_id == bindparam("case_id"), text(LIVE_PLACEMENT))
HOUSE_DISTRICT = Query(select(host.c.district_code.label("code")).where(host.c.id.in_(_living), host.c.district_code.is_not(None)))
"""In which district the house lies where the child of a case lives."""


def house_districts(unit: Unit, case_id: str) -> frozenset[str]:
    """Return the district of the house where the child of a case lives, if the child lives in one that names its own."""
    return frozenset(row.code for row in unit.ask(HOUSE_DISTRICT, case_id=case_id))


def officers_of(unit: Unit, case_id: str) -> tuple[Officer, ...]:
    """Return who can be asked into the field for a case."""
    return tuple(Officer(row.id, row.name, row.role, row.area) for row in unit.ask(OFFICERS, case_id=case_id, now=to_text(unit.call.at)))


def _reports(*of_district: ColumnElement[bool]) -> Query:
    told = (care_case.c.id, care_case.c.number, care_case.c.state, care_case.c.assigned_to, event.c.recorded_at)
    mine = (event.c.actor == bindparam("person"), event.c.kind == "case_registered", event.c.case_id < bindparam("after_id"))
    return Query(
        select(*told, child.c.name.label("name"), child.c.district_code.label("district"))
        .join(care_case, care_case.c.id == event.c.case_id)
        .join(child, child.c.id == care_case.c.child_id)
        .where(*mine, *of_district)
        .order_by(event.c.case_id.desc())
        .limit(PAGE + 1)
    )


REPORTS = _reports()
REPORTS_DISTRICT = _reports(child.c.district_code == bindparam("district"))
"""The cases that somebody registered, and of them those of children who are at home in one district."""


def reports_of(unit: Unit, person_id: str, after: str, district: str = "") -> list[Row[Any]]:
    """Return the cases that somebody registered, newest first, whoever may see them: never more of them than how far they are."""
    asked = {"person": person_id, "after_id": after}
    with unit.over_everything():
        return unit.ask(REPORTS_DISTRICT, **asked, district=district) if district else unit.ask(REPORTS, **asked)


def heads(unit: Unit) -> Iterator[ErrandHead]:
    """Yield every task in the field as its row says it, for verification."""
    names = ("id", "case_id", "kind", "worker", "district", "due_at", "created_at", "settled_at")
    with unit.over_everything():
        rows = unit.rows(select(*(task.c[name] for name in names)).where(IN_FIELD))
    for row in rows:
        asked = Errand(id=row.id, person=row.worker or "", kind=row.kind, district=row.district or "", due_at=row.due_at)
        yield ErrandHead(asked=asked, case=row.case_id, asked_at=row.created_at, ended_at=row.settled_at)
