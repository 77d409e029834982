"""The work list of the houses: licences, accreditations, policies and police records that run out, reviews and training that are due.

A house and the office's supervisors see what is near; what is past stands on the list of the head of the office too.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from casework.machines.facts import WITA
from casework.machines.host import HOST
from casework.machines.house_deadlines import RUNNING, THE_OFFICES, AtWork, Papers, Running, Runs, is_near, of_house, of_member, stage
from casework.machines.roles import ROLES
from casework.services.command import question
from casework.store import house_entries, registers
from casework.store.call import HOUSE_ROLES
from casework.store.instants import from_text
from casework.store.unit import Unit
from casework.words import Words

ACTING = frozenset({"supervisor"})
TOLD_WHEN_PAST = frozenset({"dinas_head"})
WHO = Words(f"{ROLES['lksa_head'].id}; {ROLES['supervisor'].id}", f"{ROLES['lksa_head'].en}; {ROLES['supervisor'].en}")
HEAD_TOO = Words(f"; {ROLES['dinas_head'].id}", f"; {ROLES['dinas_head'].en}")


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
    return to_see_to(unit)


def to_see_to(unit: Unit) -> tuple[HouseDeadline, ...]:
    """Return what the caller has to see to, the sooner first. Whom it does not concern, it costs nothing."""
    seats = unit.call.who.seats
    own = frozenset(seat.host for seat in seats if seat.host and seat.role in HOUSE_ROLES)
    held = frozenset(seat.role for seat in seats if seat.host is None)
    if not own and held.isdisjoint(ACTING | TOLD_WHEN_PAST):
        return ()
    found = near(unit)
    if held & ACTING:
        return found
    past_too = bool(held & TOLD_WHEN_PAST)
    return tuple(one for one in found if (one.host in own and one.kind not in THE_OFFICES) or (past_too and not one.stage))


def near(unit: Unit, host_id: str = "") -> tuple[HouseDeadline, ...]:
    """Return what is near or past, of one house or of all that go on, the sooner first."""
    today = unit.call.at.astimezone(WITA).date()
    hosts = {row.id: row for row in registers.houses_at_work(unit, host_id)}
    found = [(row.id, runs) for row in hosts.values() for runs in of_house(_papers(row), unit.params)]
    for member in registers.staff_at_work(unit, host_id):
        if member.host_id in hosts:
            found += [(member.host_id, runs) for runs in of_member(_at_work(member), hosts[member.host_id].kind, unit.params)]
    horizon = date.fromordinal(today.toordinal() + max(unit.params.paper_warning_days))
    found += [(each.host, Runs("follow_up", each.due_on)) for each in house_entries.open_follow_ups(unit, horizon, host_id)]
    told = (_told(unit, hosts[host], runs, today) for host, runs in found if host in hosts and is_near(runs, today, unit.params))
    return tuple(sorted(told, key=lambda one: (one.last, one.host_name, one.about)))


def _told(unit: Unit, host: Any, runs: Runs, today: date) -> HouseDeadline:
    reached = stage(runs.last, today, unit.params)
    return HouseDeadline(
        host=host.id,
        host_name=host.name,
        office=host.office_id or "",
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
    acts = ROLES["supervisor"] if kind in THE_OFFICES else WHO
    return Words(acts.id + HEAD_TOO.id, acts.en + HEAD_TOO.en) if past else acts


def _papers(row: Any) -> Papers:
    entered = from_text(row.opened_at).astimezone(WITA).date() if row.opened_at else None
    return Papers(
        kind=row.kind,
        waits_since=entered if row.status == HOST.definition.initial else None,
        licence_until=registers.day(row.licence_until),
        accredited_until=registers.day(row.accredited_until),
        waiver_until=registers.day(row.accreditation_waiver_until),
        policy_dated=registers.day(row.policy_dated),
    )


def _at_work(row: Any) -> AtWork:
    days = {name: registers.day(getattr(row, name)) for name in ("entered_on", "police_record_on", "trained_on", "reviewed_on")}
    return AtWork(id=row.id, name=row.name, status=row.status, **days)
