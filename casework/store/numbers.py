"""What the reports ask of the database (DOMAIN 6.1): each one question over the cases of one office, counted along indexes.

An office counts its own cases; a house counts whoever lives there. Which rows a reader may see one by one does not matter here: they are
summed by whoever asks under `over_everything`.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Text, and_, bindparam, case, exists, func, literal_column, or_, select
from sqlalchemy import text as sql_text

from casework.machines.guards.standing import INSTITUTIONS
from casework.store.placements import LIVE
from casework.store.prevention import ADMISSION
from casework.store.schema import (
    LIVE_PLACEMENT,
    approval_decision,
    approval_request,
    body,
    care_case,
    host,
    office,
    placement,
    process,
    process_step,
    staff,
    task,
    trail_review,
)
from casework.store.statements import Query, listed, seconds_after


def _given(name: str) -> ColumnElement[str]:
    return bindparam(name, type_=Text)


def _any_of(column: ColumnElement[str], words: Iterable[str]) -> ColumnElement[bool]:
    return or_(*(column == word for word in sorted(words)))


_c, _p, _r, _d = care_case.c, placement.c, approval_request.c, approval_decision.c
_OFFICE = _c.office_id == bindparam("office")
_DAYS = (_given("since"), _given("until"))
STAYS = Query(
    select(
        *(_p.child_id, _p.case_id, _p.host_id, _p.state, _p.status, _p.started_at),
        case((_p.status == "reserved", _p.reserved_until), else_=_p.ended_at).label("ended_at"),
    )
    .select_from(care_case.join(placement, _p.case_id == _c.id))
    .where(_OFFICE, listed(_p.state, "states"))
    .order_by(_p.child_id, _p.started_at, _p.id)
)
"""Every episode in these states that an office's cases ever had; a bed that is held ends, at the latest, when its hold does."""

_OF_AN_OFFICE = exists(select(1).where(office.c.id == host.c.office_id, office.c.kind == "dinas"))
_LIVED_IN = exists(select(1).where(_p.host_id == host.c.id, _any_of(_p.status, LIVE)))
_LIVED_IN_BY_OURS = exists(
    select(1).select_from(placement.join(care_case, _c.id == _p.case_id)).where(_p.host_id == host.c.id, _any_of(_p.status, LIVE), _OFFICE)
)
HOUSES = Query(
    select(
        *(host.c.id, host.c.name, host.c.kind, host.c.status, host.c.capacity, host.c.caregivers, host.c.district_code),
        *(host.c.licence_until, host.c.accredited_until, host.c.accreditation_waiver_until),
        *(host.c.policy_dated, host.c.policy_disseminated, host.c.complaint_channel),
    )
    .where(
        _any_of(host.c.kind, INSTITUTIONS),
        or_(host.c.office_id == bindparam("office"), and_(~_OF_AN_OFFICE, or_(_LIVED_IN_BY_OURS, ~_LIVED_IN))),
    )
    .order_by(host.c.id)
)
"""The institutions for children, the regency's own (UPTD) among them, that an office answers for: on its own register; or on that of no
social office, and either its own children live there or nobody's do."""
RESIDENTS = Query(
    select(_p.host_id.label("host"), func.count().label("n"))
    .where(listed(_p.host_id, "hosts"), sql_text(LIVE_PLACEMENT))
    .group_by(_p.host_id)
)
"""How many children live in each of these houses, or have a place kept there, whichever office's they are."""
CLEARED = Query(
    select(staff.c.host_id.label("host"), staff.c.status, func.count().label("n"))
    .where(listed(staff.c.host_id, "hosts"))
    .group_by(staff.c.host_id, staff.c.status)
)

_late = process.c.due_at
_STANDS = case(
    (process.c.state == "submitted", "submitted"),
    (_late > _given("now"), "ahead"),
    (_late > _given("overdue"), "due"),
    (_late > _given("critical"), "overdue"),
    else_="critical",
)
REVIEWS = Query(
    select(_p.host_id.label("host"), _STANDS.label("stands"), func.count().label("n"))
    .select_from(process)
    .outerjoin(placement, and_(_p.case_id == process.c.case_id, _any_of(_p.status, LIVE)))
    .where(process.c.machine == "periodic_review", listed(process.c.state, "states"), process.c.office_id == bindparam("office"))
    .group_by(_p.host_id, sql_text("stands"))
)
"""Reviews that have not ended, by the house where the child lives (none: with a household, or with its family) and by how late they are."""

STEPS = Query(
    select(
        *(process_step.c.process_id.label("process"), process_step.c.trigger, process_step.c.occurred_at.label("at")),
        *(_c.child_id.label("child"), body.c.name.label("body")),
    )
    .select_from(process)
    .join(process_step, process_step.c.process_id == process.c.id)
    .join(care_case, _c.id == process.c.case_id)
    .outerjoin(body, body.c.id == process.c.body_id)
    .where(process.c.machine == bindparam("machine"), process.c.office_id == bindparam("office"))
    .where(listed(process_step.c.trigger, "triggers"), process_step.c.occurred_at >= _DAYS[0])
    .order_by(process_step.c.process_id, process_step.c.n)
)
"""The steps by these triggers that processes of an office's cases have made since a moment."""
RETURNED = Query(
    select(func.count().label("n"))
    .select_from(process.join(process_step, process_step.c.process_id == process.c.id))
    .where(process.c.machine == "reunification", process.c.state == "completed", process.c.office_id == bindparam("office"))
    .where(process_step.c.trigger == "complete", process_step.c.occurred_at >= _DAYS[0], process_step.c.occurred_at < _DAYS[1])
)
"""How many ways home were completed in a period: nothing comes after that state, so the others need not be looked at."""
PLACED_AGAIN = Query(
    select(_c.child_id.label("child"), _p.started_at.label("at"))
    .select_from(care_case.join(placement, _p.case_id == _c.id))
    .where(listed(_c.child_id, "children"), _p.started_at >= _DAYS[0])
    .order_by(_c.child_id, _p.started_at)
)
"""When these children were placed outside their family since a moment."""

ASKED = Query(
    select(
        *(_r.case_id.label("case_id"), func.min(_r.requested_at).label("at")),
        func.max(case((_r.status == "consumed", 1), else_=0)).label("admitted"),
        func.max(case((_r.status == "rejected", 1), else_=0)).label("refused"),
        _c.state,
    )
    .select_from(approval_request.join(care_case, _c.id == _r.case_id))
    .where(_r.trigger == ADMISSION, _r.office_id == bindparam("office"), _r.requested_at >= _DAYS[0], _r.requested_at < _DAYS[1])
    .group_by(_r.case_id, _c.state)
)

DECIDED = Query(
    select(
        *(_d.request_id.label("request"), _d.person, _d.decision, _d.at, _r.kind),
        seconds_after(_d.at, _r.requested_at).label("seconds"),
    )
    .select_from(approval_decision.join(approval_request, _r.id == _d.request_id))
    .where(_d.at >= _DAYS[0], _d.at < _DAYS[1], _r.office_id == bindparam("office"))
    .order_by(_d.request_id, _d.place)
)
"""Each decision of a period, and how many seconds after the request it came. Too many for a page: they are summed once a day."""

LOAD = Query(
    select(_c.assigned_to.label("worker"), func.count().label("n")).where(_OFFICE, listed(_c.state, "states")).group_by(_c.assigned_to)
)
LATE = Query(
    select(task.c.worker, func.count().label("n"))
    .where(task.c.office_id == bindparam("office"), task.c.settled_at.is_(None), task.c.due_at < _given("now"))
    .group_by(task.c.worker)
)
ENTRIES = Query(select(func.count().label("streams"), func.coalesce(func.sum(_c.seq), 0).label("entries")).where(_OFFICE))
SIGNED_OFF = Query(
    select(func.count().label("n"), func.coalesce(func.max(trail_review.c.signed_at), literal_column("''")).label("last")).where(
        trail_review.c.office_id.in_([bindparam("office"), literal_column("''")]), trail_review.c.signed_at.is_not(None)
    )
)
"""Reviews of an office's trail that were signed off, those over every office (an auditor's) among them."""
