"""How many separations support prevented, and what became of requests for an institution: counted along indexes, never from forms.

Both are counted within one office: what another office placed is in its own numbers.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, Text, and_, bindparam, case, exists, func, literal_column, or_, select

from casework.store.instants import to_text
from casework.store.schema import approval_request, care_case, event, placement, process, process_step
from casework.store.statements import Query
from casework.store.unit import Unit

SUPPORT: ColumnElement[str] = literal_column("'family_support'")
ADMISSION: ColumnElement[str] = literal_column("'admit_to_institution'")
"""Written into the SQL, not sent beside it: only so is a planner sure that the partial index holds every row that is asked for."""
PREVENTIVE = "begin_preventive_delivery"
"""The step that says: help arrived where separation had been considered or asked for, and the child was with its family."""
STANDS = "family_care"
STAYED = ("close_supported_family", "close_turned_18")
"""The ends of family care after which the child has stayed with its family."""
FAMILY_BASED = (
    "family_care", "kinship_care", "foster_care", "guardianship", "pre_adoption_care", "trial_home_stay", "reintegration",
)  # fmt: skip


class Supported(msgspec.Struct, frozen=True):
    """Cases whose first preventive help arrived in a period: with the family now, closed so, placed since, and everything else."""

    cases: int
    standing: int
    closed: int
    placed: int


class Gatekeeping(msgspec.Struct, frozen=True):
    """Cases in which an institution was asked for in a period: admitted, not admitted and refused or cared for in a family, undecided."""

    cases: int
    admitted: int
    refused: int
    family: int


_began = (
    select(process.c.case_id, func.min(process_step.c.occurred_at).label("at"))
    .join(process, process.c.id == process_step.c.process_id)
    .where(process.c.machine == SUPPORT, process_step.c.trigger == PREVENTIVE, process.c.office_id == bindparam("office"))
    .group_by(process.c.case_id)
    .subquery("began")
)
_other = care_case.alias("other")
_placed = exists(
    select(1)
    .select_from(_other.join(placement, placement.c.case_id == _other.c.id))
    .where(_other.c.child_id == care_case.c.child_id, _other.c.office_id == care_case.c.office_id, placement.c.started_at >= _began.c.at)
)
_later = event.alias("later")
_stayed = exists(
    select(1).where(
        event.c.case_id == care_case.c.id,
        event.c.kind == "moved",
        event.c.source == STANDS,
        or_(*(event.c.trigger == end for end in STAYED)),
        ~exists(select(1).where(_later.c.case_id == event.c.case_id, _later.c.seq > event.c.seq, _later.c.source != _later.c.dest)),
    )
)
_outcome = case(
    (_placed, "placed"),
    (care_case.c.state == STANDS, "standing"),
    (and_(care_case.c.state == "closed", _stayed), "closed"),
    else_="other",
)
_within = (bindparam("since", type_=Text), bindparam("until", type_=Text))
SUPPORTED = Query(
    select(_outcome.label("outcome"), func.count().label("n"))
    .select_from(_began.join(care_case, care_case.c.id == _began.c.case_id))
    .where(_began.c.at >= _within[0], _began.c.at < _within[1])
    .group_by("outcome")
)

_asked = (
    select(
        approval_request.c.case_id,
        func.max(case((approval_request.c.status == "consumed", 1), else_=0)).label("admitted"),
        func.max(case((approval_request.c.status == "rejected", 1), else_=0)).label("refused"),
    )
    .where(
        approval_request.c.trigger == ADMISSION,
        approval_request.c.office_id == bindparam("office"),
        approval_request.c.requested_at >= _within[0],
        approval_request.c.requested_at < _within[1],
    )
    .group_by(approval_request.c.case_id)
    .subquery("asked")
)
_fate = case(
    (_asked.c.admitted == 1, "admitted"),
    (or_(*(care_case.c.state == state for state in FAMILY_BASED), and_(care_case.c.state == "closed", _stayed)), "family"),
    (_asked.c.refused == 1, "refused"),
    else_="undecided",
)
ASKED = Query(
    select(_fate.label("fate"), func.count().label("n"))
    .select_from(_asked.join(care_case, care_case.c.id == _asked.c.case_id))
    .group_by("fate")
)


def supported(unit: Unit, office: str, since: datetime, until: datetime) -> Supported:
    """Return what became of the cases of an office in which preventive help first arrived in a period."""
    found = {row.outcome: int(row.n) for row in unit.ask(SUPPORTED, office=office, since=to_text(since), until=to_text(until))}
    return Supported(sum(found.values()), *(found.get(name, 0) for name in ("standing", "closed", "placed")))


def gatekeeping(unit: Unit, office: str, since: datetime, until: datetime) -> Gatekeeping:
    """Return what became of the cases of an office in which an institution was asked for in a period."""
    found = {row.fate: int(row.n) for row in unit.ask(ASKED, office=office, since=to_text(since), until=to_text(until))}
    return Gatekeeping(sum(found.values()), *(found.get(name, 0) for name in ("admitted", "refused", "family")))
