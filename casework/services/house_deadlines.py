"""The work list of the houses: licences, accreditations, policies and police records that run out, reviews and training that are due.

A house and the office's supervisors see what is near; what is past stands on the list of the head of the office too.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec

from casework.machines import policy
from casework.machines.facts import WITA
from casework.machines.host import HOST
from casework.machines.house_deadlines import (
    RUNNING,
    TELLS,
    THE_OFFICES,
    AtWork,
    Papers,
    Running,
    Runs,
    is_near,
    of_house,
    of_member,
    stage,
)
from casework.machines.parameters import Parameters
from casework.machines.roles import ROLES
from casework.services.command import question
from casework.store import house_days, registers
from casework.store.call import HOUSE_ROLES
from casework.store.house_days import Reach, Until
from casework.store.instants import from_text
from casework.store.unit import Unit
from casework.words import Words

EVERYWHERE = Reach(offices=None)
_HOUSE, _SUPERVISOR, _HEAD = (ROLES[code] for code in TELLS)
WHO = Words(f"{_HOUSE.id}; {_SUPERVISOR.id}", f"{_HOUSE.en}; {_SUPERVISOR.en}")
HEAD_TOO = Words(f"; {_HEAD.id}", f"; {_HEAD.en}")


class HouseDeadline(msgspec.Struct, frozen=True, kw_only=True):
    """One thing about a house that runs out or is due. `stage` is the warning it has reached in days (90, 30, 7), 0 when it is past.

    `about` names the member of staff and `member` is the id, "" for the house itself; `office` is the one that the house belongs to, ""
    where the register names none; `left` are the days that are left, less than none when it is past.
    """

    host: str
    host_name: str
    office: str
    kind: Running
    words: Words
    about: str
    member: str
    last: date
    left: int
    stage: int
    who: Words


@question
def list_house_deadlines(unit: Unit) -> tuple[HouseDeadline, ...]:
    """Return what the caller has to see to, the sooner first: of the own house, of every house, or for the head what is past."""
    return to_see_to(unit, _reach(unit, None))


def of_my_offices(unit: Unit) -> tuple[HouseDeadline, ...]:
    """Return the same of the own house, of those that the caller's offices keep, and of those that no office keeps."""
    return to_see_to(unit, _reach(unit, frozenset(seat.office for seat in unit.call.who.seats if seat.host is None)))


def _reach(unit: Unit, offices: frozenset[str] | None) -> Reach | None:
    """Return the houses that concern the caller: their own, and where they look after houses, those of these offices. None: no house."""
    seats = unit.call.who.seats
    own = frozenset(seat.host for seat in seats if seat.host and seat.role in HOUSE_ROLES)
    looks_after = _looked_after(unit) != "deny"
    return Reach(own, offices if looks_after else frozenset()) if own or looks_after else None


def _looked_after(unit: Unit) -> policy.Verdict:
    """Return whether the caller sees to every house of an office, to what is past there (`mask`), or to none."""
    return policy.ruled((seat.role for seat in unit.call.who.seats if seat.host is None), "see_to_house").verdict


def to_see_to(unit: Unit, reach: Reach | None) -> tuple[HouseDeadline, ...]:
    """Return what the caller has to see to in these houses, the sooner first. Whom it does not concern, it costs nothing."""
    if reach is None:
        return ()
    found, told = near(unit, reach), _looked_after(unit)
    if told == "allow":
        return found
    past_too = told == "mask"
    return tuple(one for one in found if (one.host in reach.hosts and one.kind not in THE_OFFICES) or (past_too and not one.stage))


def near(unit: Unit, reach: Reach = EVERYWHERE) -> tuple[HouseDeadline, ...]:
    """Return what is near or past in houses that go on, the sooner first."""
    params, today = unit.params, unit.call.at.astimezone(WITA).date()
    houses, staff, follow_ups = house_days.near(unit, reach, _until(params, today))
    found = [(row, runs) for row in houses for runs in of_house(_papers(row), params)]
    found += [(row, runs) for row in staff for runs in of_member(_at_work(row), row.house_kind, params)]
    found += [(row, Runs("follow_up", date.fromisoformat(row.due_on))) for row in follow_ups]
    told = (_told(unit, row, runs, today) for row, runs in found if is_near(runs, today, params))
    return tuple(sorted(told, key=lambda one: (one.last, one.host_name, one.about)))


def _until(params: Parameters, today: date) -> Until:
    """Return up to which days the register is read: what `is_near` then looks at, each as early as its warning."""
    paper = today + timedelta(days=max(params.paper_warning_days))
    regular = today + timedelta(days=params.performance_warning_days)
    return Until(
        paper=paper,
        policy=paper - timedelta(days=params.policy_days),
        police_record=paper - timedelta(days=params.clearance_days),
        review=regular - timedelta(days=params.performance_review_days),
        training=regular - timedelta(days=params.training_days),
    )


def _told(unit: Unit, row: Any, runs: Runs, today: date) -> HouseDeadline:
    reached = stage(runs.last, today, unit.params)
    return HouseDeadline(
        host=row.house_id,
        host_name=row.house_name,
        office=row.house_office_id or "",
        kind=runs.kind,
        words=RUNNING[runs.kind],
        about=runs.name,
        member=runs.member,
        last=runs.last,
        left=(runs.last - today).days,
        stage=reached,
        who=_who(runs.kind, past=not reached),
    )


def _who(kind: Running, *, past: bool) -> Words:
    acts = _SUPERVISOR if kind in THE_OFFICES else WHO
    return Words(acts.id + HEAD_TOO.id, acts.en + HEAD_TOO.en) if past else acts


def _papers(row: Any) -> Papers:
    entered = from_text(row.opened_at).astimezone(WITA).date() if row.opened_at else None
    return Papers(
        kind=row.house_kind,
        waits_since=entered if row.status == HOST.definition.initial else None,
        licence_until=registers.day(row.licence_until),
        accredited_until=registers.day(row.accredited_until),
        waiver_until=registers.day(row.accreditation_waiver_until),
        policy_dated=registers.day(row.policy_dated),
    )


def _at_work(row: Any) -> AtWork:
    days = {name: registers.day(getattr(row, name)) for name in ("entered_on", "police_record_on", "trained_on", "reviewed_on")}
    return AtWork(id=row.id, name=row.name, status=row.status, **days)
