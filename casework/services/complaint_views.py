"""Complaints as the office reads them, and what the holder of a code may see of one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from casework.errors import NotFound
from casework.ledger.event import Through
from casework.machines.complaint import COMPLAINT
from casework.machines.engine import Outlook
from casework.machines.parameters import Parameters
from casework.machines.policy import may
from casework.services import captions
from casework.services.command import question
from casework.services.complaints import (
    LOOKED_UP_PER_ADDRESS,
    PUBLIC,
    capacities,
    facts_about,
    hash_code,
    known,
    throttle,
)
from casework.services.processes import Made, ProcessStep, made_of, step_of
from casework.services.seen import of_item, opening
from casework.store import cases, complaints, processes, records, sessions
from casework.store.call import Call
from casework.store.complaints import ComplaintRow
from casework.store.store import Store
from casework.store.unit import Unit
from casework.words import Words

MOST = 200
"""How many complaints a list shows: those that are not closed first."""
REPORTERS: dict[str, Words] = {
    "": Words("tidak disebut", "not said"),
    "child": Words("anak yang mengalaminya", "the child whom it happened to"),
    "other_child": Words("anak lain", "another child"),
    "adult": Words("orang dewasa", "a grown-up"),
}
CHANNELS: dict[str, Words] = {
    "public": Words("halaman pengaduan", "the public page"),
    "worker": Words("ditulis oleh petugas Dinas", "written down by somebody of the office"),
}


class ReporterSeen(msgspec.Struct, frozen=True):
    """Who complained, as they said it."""

    id: str
    as_words: Words
    name: str
    contact: str


class ComplaintLine(msgspec.Struct, frozen=True, kw_only=True):
    """A complaint as the list shows it. `due_at` is when the next thing is due, None once it is closed; `overdue` that it is past."""

    id: str
    state: str
    state_label: Words
    danger: bool
    about: str
    received_at: datetime
    due_at: datetime | None
    overdue: bool


class ComplaintView(ComplaintLine, frozen=True, kw_only=True):
    """One complaint. Who made it is not here. `incidents` are the F17s of its case that it may have led to."""

    what: str
    place: str
    channel: Words
    case: str | None
    number: str
    answers: tuple[complaints.Answer, ...]
    incident: str | None
    incidents: tuple[tuple[str, datetime], ...]
    sees_reporter: bool
    steps: tuple[ProcessStep, ...]
    past: tuple[Made, ...]


class AnswerSeen(msgspec.Struct, frozen=True):
    """What the holder of a code reads: where the complaint stands, and the answer. Nothing of what was told."""

    state_label: Words
    answer: str


def look_up_answer(store: Store, at: datetime, code: str, address: str, through: Through) -> AnswerSeen | None:
    """Return how the complaint of a code stands and what was answered, or None for a code that is none. Raises Throttled."""
    with store.write(Call(who=PUBLIC, at=at, through=through)) as unit:
        attempt = throttle(unit, "code", address, LOOKED_UP_PER_ADDRESS)
        found = complaints.with_code(unit, hash_code(code))
        answers = complaints.answers_of(unit, found.id) if found else ()
        if found:
            sessions.forget_attempts(unit, (attempt,))
        unit.commit()
    return AnswerSeen(COMPLAINT.states[found.state].label, answers[-1].text if answers else "") if found else None


@opening("complaint", of_item)
def show_reporter(unit: Unit, complaint_id: str) -> ReporterSeen:
    """Return who complained, to one who triages and whose look was noted (`open_reporter`). Raises NotFound for everybody else."""
    held, row = known(unit, complaint_id)
    if not may(held, "triage_complaint") or not records.read_by(unit, unit.call.who.person, frozenset({row.id})):
        raise NotFound("reporter")
    found = complaints.reporter_of(unit, row.id)
    return ReporterSeen(row.id, captions.spoken(REPORTERS, found.as_), found.name, found.contact)


def due_at(row: ComplaintRow, params: Parameters) -> datetime | None:
    """Return when the next thing about a complaint is due: the first look, then the answer; None once it is answered."""
    if row.state == "received":
        hours = params.complaint_look_danger_hours if row.danger else params.complaint_look_hours
        return row.received_at + timedelta(hours=hours)
    return row.received_at + timedelta(days=params.complaint_answer_days) if row.state in {"under_review", "escalated"} else None


@question
def list_complaints(unit: Unit) -> tuple[ComplaintLine, ...]:
    """Return the complaints that the caller may know of, what is due first. Nothing at all for a house."""
    who, at = unit.call.who, unit.call.at
    offices = frozenset(seat.office for seat in who.seats if may(cases.office_capacities(who, seat.office, at), "know_complaint"))
    found = complaints.of_offices(unit, offices, MOST) if offices else ()
    lines = [_line(unit, row) for row in found if may(capacities(unit, row), "know_complaint")]
    return tuple(sorted(lines, key=lambda line: (line.due_at is None, not line.danger, line.due_at or line.received_at)))


def unanswered(unit: Unit, offices: frozenset[str]) -> tuple[ComplaintLine, ...]:
    """Return what somebody has to do about the complaints of these offices, as far as the caller may know of them."""
    found = complaints.unanswered(unit, offices, MOST) if offices else ()
    return tuple(_line(unit, row) for row in found if may(capacities(unit, row), "know_complaint"))


def _line(unit: Unit, row: ComplaintRow) -> ComplaintLine:
    due = due_at(row, unit.params)
    return ComplaintLine(
        id=row.id,
        state=row.state,
        state_label=COMPLAINT.states[row.state].label,
        danger=row.danger,
        about=row.said.place if row.house is None else row.house,
        received_at=row.received_at,
        due_at=due,
        overdue=due is not None and due < unit.call.at,
    )


@opening("complaint", of_item)
def show_complaint(unit: Unit, complaint_id: str) -> ComplaintView:
    """Return one complaint with its answers and the steps that lead on. Raises NotFound for whom it does not exist."""
    held, row = known(unit, complaint_id)
    told = msgspec.structs.asdict(_line(unit, row))
    process = processes.get(unit, row.id)
    case = cases.cases_by_id(unit, (row.case_id,)).get(row.case_id) if row.case_id else None
    signed = complaints.incidents_of(unit, row.case_id) if row.case_id else ()
    outlooks: tuple[Outlook[Any], ...] = COMPLAINT.explain(row.state, facts_about(unit, row, held, "–"))
    return ComplaintView(
        **told,
        what=row.said.what,
        place=row.said.place,
        channel=captions.spoken(CHANNELS, row.channel),
        case=row.case_id,
        number=case.number if case else "",
        answers=complaints.answers_of(unit, row.id),
        incident=row.incident_id,
        incidents=tuple(one for one in signed if one[1] >= row.received_at),
        sees_reporter=may(held, "triage_complaint"),
        steps=tuple(step_of(process, outlook) for outlook in outlooks),
        past=tuple(made_of(process, processes.steps_of(unit, process.id))),
    )


@question
def places_to_name(unit: Unit) -> tuple[tuple[str, str], ...]:
    """Return (id, name) of the institutions that anybody can name: their names are public, those of households are not."""
    return complaints.institutions(unit)
