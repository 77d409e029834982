"""Breaches of personal data in an office: reported, told of within 3x24 hours, ended by a second person (PDP 46)."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from casework.errors import NotFound, StaleVersion
from casework.machines.data_breach import DATA_BREACH
from casework.machines.engine import Ask
from casework.machines.offices import OfficeFacts
from casework.machines.policy import may
from casework.services import urgent
from casework.services.access import offices_for, passed, seated, seats
from casework.services.command import command, question
from casework.services.network import Consequences, asked_by
from casework.services.processes import ProcessView, Stepped, decided, process_view
from casework.store import journal, processes
from casework.store.ids import new_id
from casework.store.processes import ProcessRow
from casework.store.unit import Unit

NOTICE = "breach_notice_hours"
ANNOUNCED = frozenset({"notified", "closed", "dismissed"})
"""States in which no notice is due any more."""


class ReportBreach(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Say that personal data of the caller's office got out. When it became known is when it is said to have happened."""


class AdvanceBreach(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask for a step of a breach (`assess`, `tell_authority` ...)."""

    breach: str
    trigger: str


class Reported(msgspec.Struct, frozen=True):
    """A breach that was reported, the number of its steps, and by when everybody must have been told."""

    id: str
    version: int
    due_at: datetime


class BreachView(msgspec.Struct, frozen=True, kw_only=True):
    """A breach as those responsible see it. `version` is what whoever makes a step must say they saw."""

    process: ProcessView
    version: int
    due_at: datetime | None
    overdue: bool


@command(Reported)
def report_breach(unit: Unit, ask: ReportBreach) -> Reported:  # noqa: ARG001 - there is nothing to say but that it happened
    """Begin a breach of the caller's office; those responsible are told at once. Raises Refusal."""
    role = seated(unit, "handle_breach")
    office = next(seat.office for seat in unit.call.who.seats if seat.role == role and seat.host is None)
    due_at = unit.call.happened_at + timedelta(hours=unit.params.breach_notice_hours)
    row, begun = processes.open_process(unit, DATA_BREACH, process_id=new_id(unit.call.at), office_id=office, due_at=due_at)
    urgent.note_process(unit, NOTICE, row, office, due_at)
    journal.append_for_actor(unit, "process_moved", role=role, items=(row.id,), steps=(begun,))
    return Reported(row.id, row.steps, due_at)


@command(Stepped)
def advance_breach(unit: Unit, ask: AdvanceBreach) -> Stepped:
    """Make a step of a breach, or refuse with every reason. Raises NotFound, StaleVersion or Refusal."""
    passed(unit, seats(unit), "handle_breach")
    unit.lock(ask.breach)
    row = processes.get(unit, ask.breach)
    held = _held(unit, row)
    if row.machine != DATA_BREACH.definition.name or not held:
        raise NotFound("breach")
    if unit.call.seen not in {None, row.steps}:
        raise StaleVersion(f"you saw version {unit.call.seen}, the breach is at {row.steps}", current=row.steps)
    brought = Consequences(unit, None)
    move = decided(row, ask.trigger, _facts(unit, row, held))
    after = brought.make(row, ask.trigger)
    journal.append_for_actor(unit, "process_moved", role=asked_by(move, held), items=(row.id,), steps=brought.steps)
    return Stepped(row.id, after.steps, row.machine, ask.trigger, row.state, after.state, ())


@question
def list_breaches(unit: Unit) -> tuple[BreachView, ...]:
    """Return the breaches of the offices for which the caller is responsible, those that go on first. Raises Refusal for anybody else."""
    passed(unit, seats(unit), "handle_breach")
    offices = sorted(offices_for(unit, "handle_breach"))
    rows = [row for office in offices for row in processes.of_office(unit, office, DATA_BREACH.definition.name)]
    return tuple(sorted((_view(unit, row) for row in rows), key=lambda view: (view.process.ended, view.process.opened_at)))


def _view(unit: Unit, row: ProcessRow) -> BreachView:
    facts = _facts(unit, row, _held(unit, row))
    due_at = row.due_at if row.state not in ANNOUNCED else None
    overdue = due_at is not None and due_at < unit.call.at
    return BreachView(process=process_view(row, facts, processes.steps_of(unit, row.id)), version=row.steps, due_at=due_at, overdue=overdue)


def _facts(unit: Unit, row: ProcessRow, held: frozenset[str]) -> OfficeFacts:
    return OfficeFacts(now=unit.call.at, params=unit.params, ask=Ask(unit.call.who.person, held), process=processes.seen(unit, row))


def _held(unit: Unit, row: ProcessRow) -> frozenset[str]:
    """Return the roles in which the caller may act on a breach: those in its office."""
    seats = (seat for seat in unit.call.who.seats if seat.host is None and seat.office == row.office_id)
    return frozenset(seat.role for seat in seats if may((seat.role,), "handle_breach"))
