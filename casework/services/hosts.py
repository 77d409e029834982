"""One host as its page and the interface show it: its papers, its numbers, its staff."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from casework.errors import NotFound
from casework.machines import policy
from casework.machines.host import HOST
from casework.machines.register import services_of
from casework.services import captions
from casework.services.access import seats
from casework.services.command import question
from casework.services.house_deadlines import HouseDeadline, near
from casework.services.processes import Made, ProcessStep, ProcessView, register_views
from casework.store import registers
from casework.store.house_days import Reach
from casework.store.unit import Unit
from casework.words import Words


class StaffView(msgspec.Struct, frozen=True, kw_only=True):
    """One member of a host's staff. Dates are ISO dates, None where the paper is missing. `steps` lead on from the clearance."""

    id: str
    name: str
    duty: str
    status: str
    status_words: Words
    since: datetime
    steps: tuple[ProcessStep, ...]
    past: tuple[Made, ...]
    police_record_on: str | None
    code_signed_on: str | None
    trained_on: str | None
    reviewed_on: str | None


class HostView(msgspec.Struct, frozen=True, kw_only=True):
    """One host. `version` is what a writer must say they saw; `may_change` whether this caller may write at all.

    `steps` lead out of its standing, with what each still lacks; `past` led to it; `deadlines` are what runs out or is due there soon.
    """

    id: str
    version: int
    name: str
    kind: str
    kind_words: Words
    status: str
    status_words: Words
    since: datetime
    steps: tuple[ProcessStep, ...]
    past: tuple[Made, ...]
    services: tuple[str, ...]
    religion: str | None
    licence_number: str | None
    licence_issuer: str | None
    licence_until: str | None
    accreditation_grade: str | None
    accredited_until: str | None
    accreditation_waiver_until: str | None
    policy_dated: str | None
    policy_disseminated: bool
    complaint_channel: bool
    capacity: int
    caregivers: int
    known_to_rt: bool
    district_code: str | None
    staff: tuple[StaffView, ...]
    deadlines: tuple[HouseDeadline, ...]
    may_change: bool


@question
def show_host(unit: Unit, host_id: str) -> HostView:
    """Return one host with its staff. Raises NotFound for one that is not the caller's to read."""
    held = seats(unit)
    opens = policy.ruled(held, "open_host").verdict
    if opens == "deny" or (opens == "mask" and all(seat.host != host_id for seat in unit.call.who.seats)):
        raise NotFound("host")
    row, team = registers.host_row(unit, host_id), registers.staff_of(unit, host_id)
    shown = register_views(unit, host_id, (host_id, *(member.id for member in team)))
    standing = shown[host_id]
    return HostView(
        id=row.id,
        version=row.revision,
        name=row.name,
        kind=row.kind,
        kind_words=captions.spoken(captions.HOST_KINDS, row.kind),
        status=row.status,
        status_words=captions.host_status(row.status),
        since=standing.entered_at,
        steps=_leading_on(standing),
        past=standing.past,
        services=services_of(row.services),
        religion=row.religion,
        licence_number=row.licence_number,
        licence_issuer=row.licence_issuer,
        accreditation_grade=row.accreditation_grade,
        licence_until=row.licence_until,
        accredited_until=row.accredited_until,
        accreditation_waiver_until=row.accreditation_waiver_until,
        policy_dated=row.policy_dated,
        policy_disseminated=bool(row.policy_disseminated),
        complaint_channel=bool(row.complaint_channel),
        capacity=row.capacity,
        caregivers=row.caregivers,
        known_to_rt=bool(row.known_to_rt),
        district_code=row.district_code,
        staff=tuple(_member(member, shown[member.id]) for member in team),
        deadlines=near(unit, Reach(frozenset({host_id}))),
        may_change=policy.may(held, "change_host"),
    )


def _leading_on(standing: ProcessView) -> tuple[ProcessStep, ...]:
    """Return the steps that change something: what the office restricted it does not restrict again, only what late reviews hold back."""
    held_back = HOST.transition("active", "hold_back")
    again = bool(held_back and standing.past and standing.past[-1].label == held_back.label)
    return tuple(step for step in standing.steps if again or step.dest != standing.state_label)


def _member(row: Any, clearance: ProcessView) -> StaffView:
    return StaffView(
        id=row.id,
        name=row.name,
        duty=row.duty,
        status=row.status,
        status_words=captions.spoken(captions.STAFF_STATUS, row.status),
        since=clearance.entered_at,
        steps=clearance.steps,
        past=clearance.past,
        police_record_on=row.police_record_on,
        code_signed_on=row.code_signed_on,
        trained_on=row.trained_on,
        reviewed_on=row.reviewed_on,
    )
