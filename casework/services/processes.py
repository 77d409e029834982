"""The processes beside the journey: asked for a step, and shown with every step that leaves their state and what it still lacks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from casework.errors import NotFound, Reason, Refusal
from casework.machines.book import states_of
from casework.machines.engine import SAME, Ask, Move, Outlook
from casework.machines.facts import Facts
from casework.machines.forms import Referral, SupportPackage
from casework.machines.houses import HouseFacts
from casework.machines.offices import OfficeFacts
from casework.machines.policy import may
from casework.machines.refusals import role_words
from casework.services import captions
from casework.services.access import passed, seated
from casework.services.command import command, open_for_change
from casework.services.houses import facts_of_each
from casework.services.names import Names, names_for
from casework.services.network import Consequences, asked_by, process_facts
from casework.services.registers import host_as_seen
from casework.services.seen import of_case, opening
from casework.services.sight import is_house
from casework.store import cases, journal, processes, registers
from casework.store.facts import Snapshot, read_snapshot
from casework.store.processes import ProcessRow, StepRow
from casework.store.unit import Unit
from casework.words import Words

NOBODYS = frozenset({"system", "clock"})
"""Who makes the steps that nobody is asked for."""
_NOT_THEIRS = frozenset({"role_not_allowed"})


class AdvanceProcess(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask a process beside a case for a step. The trigger is named; the machine computes the state."""

    case: str
    process: str
    trigger: str


class AdvanceHost(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask for a step of a host's standing (`restrict`, `suspend` ...)."""

    host: str
    trigger: str


class AdvanceStaff(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask for a step of the clearance of a member of a host's staff (`clear`, `suspend` ...)."""

    host: str
    staff: str
    trigger: str


class Stepped(msgspec.Struct, frozen=True):
    """A step that was made. `version` is that of the case, or of the host, after it; `effects` what it brought."""

    id: str
    version: int
    machine: str
    trigger: str
    source: str
    state: str
    effects: tuple[str, ...]


class ProcessStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step out of a process's state that people make. `may_ask`: this caller may ask for it, else `by` may; `missing`: what it lacks."""

    trigger: str
    label: Words
    dest: Words
    possible: bool
    may_ask: bool
    by: tuple[Words, ...]
    missing: tuple[Reason, ...]


class Made(msgspec.Struct, frozen=True):
    """A step that was made, oldest first in a process's history. `by` names who made it where that is the answer: a referral's."""

    label: Words
    state: Words
    at: datetime
    by: str = ""


class ProcessView(msgspec.Struct, frozen=True, kw_only=True):
    """A process as its case, or its host, shows it. `about` names the house or body that it concerns, "" where there is none."""

    id: str
    machine: str
    label: Words
    about: str
    state: str
    state_label: Words
    ended: bool
    opened_at: datetime
    entered_at: datetime
    steps: tuple[ProcessStep, ...]
    past: tuple[Made, ...]


@command(Stepped)
def advance_process(unit: Unit, ask: AdvanceProcess) -> Stepped:
    """Make a step of a process beside a case, or refuse with every reason. The step and what it brings are one entry of the case."""
    case = open_for_change(unit, ask.case)
    row = processes.get(unit, ask.process)
    held = cases.capacities(unit, case)
    if row.case_id != case.id or not may_hear(held, row, cases.own_hosts(unit, case)):
        raise NotFound("process")
    brought = Consequences(unit, case)
    move = decided(row, ask.trigger, brought.facts_about(row, held))
    passed(unit, held, "advance", row.machine)
    after = brought.make(row, ask.trigger)
    case = journal.append(unit, case, "process_moved", asked_by(move, held), steps=brought.steps, effects=tuple(brought.words))
    brought.follow(f"case:{case.id}#{case.seq}")
    return Stepped(row.id, case.seq, row.machine, ask.trigger, row.state, after.state, tuple(brought.words))


@command(Stepped)
def advance_host(unit: Unit, ask: AdvanceHost) -> Stepped:
    """Make a step of a host's standing, or refuse with every reason. Raises NotFound or StaleVersion."""
    return _advance_register(unit, ask.host, ask.host, ask.trigger)


@command(Stepped)
def advance_staff(unit: Unit, ask: AdvanceStaff) -> Stepped:
    """Make a step of a member of staff's clearance, or refuse with every reason. Raises NotFound or StaleVersion."""
    if registers.host_of_staff(unit, ask.staff) != ask.host:
        raise NotFound("staff")
    return _advance_register(unit, ask.host, ask.staff, ask.trigger)


def _advance_register(unit: Unit, host: str, process: str, trigger: str) -> Stepped:
    held = _house_capacities(unit, host)
    host_as_seen(unit, host)
    row = processes.get(unit, process)
    brought = Consequences(unit, None)
    move = decided(row, trigger, brought.facts_about(row, held))
    after = brought.make(row, trigger)
    cause = journal.append_for_actor(
        unit, "process_moved", role=asked_by(move, held), items=(row.id,), steps=brought.steps, effects=tuple(brought.words)
    )
    brought.follow(cause)
    version = registers.host_row(unit, host).revision
    return Stepped(row.id, version, row.machine, trigger, row.state, after.state, tuple(brought.words))


def _house_capacities(unit: Unit, host: str) -> frozenset[str]:
    """Return the roles in which the caller may act on a host: of the office, and of that house.

    Raises Refusal for who works with no host at all, and NotFound for another house's people.
    """
    seated(unit, "advance_host")
    held = _held(unit, host)
    if not held:
        raise NotFound("host")
    return held


def _held(unit: Unit, host: str) -> frozenset[str]:
    return frozenset(seat.role for seat in unit.call.who.seats if seat.host in {None, host})


def decided(row: ProcessRow, trigger: str, facts: Facts | HouseFacts | OfficeFacts) -> Move[Any]:
    """Return the step of a process that these facts allow. Raises Refusal with every reason."""
    outcome = processes.machine_of(row).decide(row.state, trigger, facts)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def may_hear(held: frozenset[str], row: ProcessRow, own: frozenset[str]) -> bool:
    """Whether the caller hears of a process: an institution of few, and of no placement that was asked of another house than its `own`."""
    return may(held, "open_process", row.machine) and (not is_house(held) or row.host_id in {None, *own})


def processes_of(unit: Unit, snapshot: Snapshot, names: Names) -> tuple[ProcessView, ...]:
    """Return the processes beside a case that the caller may see, those that go on first, with what each next step lacks."""
    held, own = snapshot.facts.ask.capacities, cases.own_hosts(unit, snapshot.row)
    made = processes.steps_of_case(unit, snapshot.row.id)
    rows = (row for row in processes.of_case(unit, snapshot.row.id) if may_hear(held, row, own))
    views = [_case_view(row, process_facts(snapshot, row, snapshot.facts.ask), names, made[row.id]) for row in rows]
    return tuple(sorted(views, key=lambda view: (view.ended, view.entered_at)))


def _case_view(row: ProcessRow, facts: Facts, names: Names, made: Iterable[StepRow]) -> ProcessView:
    form = facts.process.record.body if facts.process is not None and facts.process.record is not None else None
    cared_by = next((episode.carer for episode in facts.placements if episode.id == row.id), "")
    concerned = form.receiver if isinstance(form, Referral) else row.host_id or cared_by
    called = captions.spoken(captions.HELP, form.help) if isinstance(form, SupportPackage) else None
    return process_view(
        row, facts, made, about=names.carer(concerned or ""), called=called, names=names if row.machine == "referral" else None
    )


@opening("processes", of_case)
def list_processes(unit: Unit, case_id: str) -> tuple[ProcessView, ...]:
    """Return the processes beside a case. Raises NotFound."""
    snapshot = read_snapshot(unit, cases.get_case(unit, case_id))
    return processes_of(unit, snapshot, names_for(unit, snapshot))


def register_view(unit: Unit, host: str, process_id: str) -> ProcessView:
    """Return the standing of a host, or the clearance of a member of its staff, with what each next step lacks."""
    return register_views(unit, host, (process_id,))[process_id]


def register_views(unit: Unit, host: str, process_ids: Iterable[str]) -> dict[str, ProcessView]:
    """Return the standing of a host and the clearances of its staff by id, each with what its next steps lack. Raises NotFound for none."""
    rows = processes.some(unit, process_ids)
    if not rows:
        raise NotFound("process")
    seen = {row: processes.seen(unit, row, made) for row, made in rows.items()}
    facts = facts_of_each(unit, seen, Ask(unit.call.who.person, _held(unit, host)))
    return {row.id: process_view(row, about, made) for (row, made), about in zip(rows.items(), facts, strict=True)}


def process_view(
    row: ProcessRow,
    facts: Facts | HouseFacts | OfficeFacts,
    made: Iterable[StepRow],
    *,
    about: str = "",
    called: Words | None = None,
    names: Names | None = None,
) -> ProcessView:
    """Return a process as it is shown, with what each next step lacks."""
    machine = processes.machine_of(row)
    state = machine.states[row.state]
    label = machine.definition.label or Words(row.machine, row.machine)
    return ProcessView(
        id=row.id,
        machine=row.machine,
        label=Words(f"{label.id}: {called.id}", f"{label.en}: {called.en}") if called else label,
        about=about,
        state=row.state,
        state_label=state.label,
        ended=state.kind == "final",
        opened_at=row.opened_at,
        entered_at=row.entered_at,
        steps=tuple(
            step_of(row, outlook) for outlook in machine.explain(row.state, facts) if not NOBODYS.issuperset(outlook.transition.by)
        ),
        past=tuple(made_of(row, made, names)),
    )


def step_of(row: ProcessRow, outlook: Outlook[Any]) -> ProcessStep:
    """What it lacks is told to who may ask for it: everybody else is told who that is."""
    may_ask = _NOT_THEIRS.isdisjoint(reason.code for reason in outlook.reasons)
    dest = row.state if outlook.transition.dest == SAME else outlook.transition.dest
    return ProcessStep(
        trigger=outlook.trigger,
        label=outlook.label,
        dest=processes.machine_of(row).states[dest].label,
        possible=outlook.possible,
        may_ask=may_ask,
        by=tuple(role_words(role) for role in outlook.transition.by if role not in NOBODYS),
        missing=outlook.reasons if may_ask else (),
    )


def made_of(row: ProcessRow, made: Iterable[StepRow], names: Names | None = None) -> list[Made]:
    """Return the steps of a process in words; with `names`, who made each."""
    labels = {each.trigger: each.label for each in processes.machine_of(row).definition.transitions}
    states, opened = states_of(row.machine), Words("dibuka", "opened")
    return [
        Made(labels.get(step.trigger, opened), states[step.dest].label, step.at, names.person(step.by) if names else "") for step in made
    ]
