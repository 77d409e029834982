"""The one function that decides a move, and the machine it asks.

`compile_machine` checks a `Definition`, turns it into one shared `transitions` machine, fires every arc of that once and keeps where each
led: `Machine.decide` looks there. It is pure, and returns the move, or a refusal with every unmet guard. This is the only importer of
`transitions`; the names of `machines/definitions.py` are offered here too.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Generic, cast

import msgspec
import transitions

from casework.errors import DefinitionError, Reason, Refusal
from casework.machines.definitions import (
    HELD,
    SAME,
    AnyLive,
    Approval,
    Approved,
    Arc,
    Ask,
    AskedFacts,
    Definition,
    F,
    Guard,
    State,
    Transition,
    Verdict,
    behaviour_digest,
    contradictions,
    expand,
)
from casework.machines.refusals import (
    approval_missing,
    approval_superseded,
    four_eyes,
    no_such_transition,
    role_not_allowed,
)
from casework.words import Words

__all__ = [
    "HELD",
    "SAME",
    "AnyLive",
    "Approval",
    "Approved",
    "Arc",
    "Ask",
    "AskedFacts",
    "Definition",
    "F",
    "Guard",
    "Machine",
    "Move",
    "Outlook",
    "State",
    "Transition",
    "Verdict",
    "behaviour_digest",
    "compile_machine",
    "unmet_approvals",
]


class Move(msgspec.Struct, Generic[F], frozen=True):
    """A lawful move, not yet made."""

    trigger: str
    source: str
    dest: str
    transition: Transition[F]
    approvals: tuple[Approved, ...]


class Outlook(msgspec.Struct, Generic[F], frozen=True):
    """What would happen if `trigger` were asked now: `reasons` is empty when it would be done."""

    trigger: str
    label: Words
    reasons: tuple[Reason, ...]
    transition: Transition[F]

    @property
    def possible(self) -> bool:
        """Whether nothing is missing."""
        return not self.reasons


class _Subject:
    """The throw-away model that `transitions` moves: never a loaded row, so nothing leaks and nothing is reset."""

    __slots__ = ("held", "reasons", "state")

    def __init__(self, state: str, reasons: tuple[Reason, ...], held: str | None) -> None:
        self.state = state
        self.reasons = reasons
        self.held = held


def _nothing_missing(event: transitions.EventData) -> bool:
    return not cast("_Subject", event.model).reasons


def _held_there(event: transitions.EventData) -> bool:
    return event.transition is not None and cast("_Subject", event.model).held == event.transition.dest


class _Entry(msgspec.Struct, Generic[F], frozen=True):
    """What one trigger means in one state: its row, and where the shared machine led.

    `dest` is None where that depends on the setting held: then `held` has one destination for each setting that counts.
    """

    row: Transition[F]
    dest: str | None
    held: dict[str | None, str]


class Machine(Generic[F]):
    """A compiled definition. Shared by every case and thread; it holds no state of any case."""

    def __init__(self, definition: Definition[F]) -> None:
        self.definition = definition
        self.states = {state.name: state for state in definition.states}
        self.arcs = tuple(sorted(expand(definition)))
        self._shared = _shared_machine(definition, self.arcs)
        self._table = {(arc.source, arc.trigger): self._entry(arc, row) for arc, row in expand(definition).items()}
        self._leaving = {
            state: tuple(row.trigger for row in definition.transitions if (state, row.trigger) in self._table) for state in self.states
        }

    @cached_property
    def digest(self) -> str:
        """What the definition does, as one number: not how it is called."""
        return behaviour_digest(self.definition)

    def triggers_from(self, state: str) -> tuple[str, ...]:
        """Return the triggers that leave `state`, in the order of the table."""
        return self._leaving.get(state, ())

    def transition(self, state: str, trigger: str) -> Transition[F] | None:
        """Return the row that `trigger` means in `state`, or None."""
        entry = self._table.get((state, trigger))
        return entry.row if entry is not None else None

    def decide(self, state: str, trigger: str, facts: F) -> Move[F] | Refusal:
        """Return the move, or the refusal with every reason. Pure. State first, role second, then all guards and approvals."""
        entry = self._table.get((state, trigger))
        if entry is None:
            return self._refuse(state, trigger, (self.no_such_transition(state, trigger),))
        ask = facts.ask
        if ask.capacities.isdisjoint(entry.row.by):
            return self._refuse(state, trigger, (role_not_allowed(entry.row.by),))
        reasons = _reasons(entry.row, facts)
        dest = entry.dest or entry.held.get(ask.held)
        if reasons or dest is None:
            return self._refuse(state, trigger, reasons or (self.no_such_transition(state, trigger),))
        return Move(trigger, state, dest, entry.row, ask.approvals)

    def led(self, state: str, trigger: str, *, missing: tuple[Reason, ...] = (), held: str | None = None) -> str | None:
        """Return where the shared `transitions` machine leads, or None where it does not move: what `decide` must agree with."""
        event = self._shared.events.get(trigger)
        subject = _Subject(state, missing, held)
        if event is None or state not in event.transitions:
            return None
        return subject.state if event.trigger(subject) else None

    def _entry(self, arc: Arc, row: Transition[F]) -> _Entry[F]:
        if arc.dest != HELD:
            return _Entry(row, self._found(arc), {})
        reached = {held: self.led(arc.source, arc.trigger, held=held) for held in self.states}
        return _Entry(row, None, {held: dest for held, dest in reached.items() if dest is not None})

    def _found(self, arc: Arc) -> str:
        dest = self.led(arc.source, arc.trigger)
        if dest != arc.dest:
            msg = f"{arc.trigger} from {arc.source}: the table says {arc.dest}, the machine built from it leads to {dest}"
            raise DefinitionError(msg)
        return dest

    def no_such_transition(self, state: str, trigger: str) -> Reason:
        """Say, in the words of the table, that `trigger` does not leave `state`, and what does."""
        named = (row.label for row in self.definition.transitions if row.trigger == trigger)
        here = self.states[state].label if state in self.states else Words(state, state)
        possible = tuple(self._table[state, each].row.label for each in self.triggers_from(state))
        return no_such_transition(next(named, Words(trigger, trigger)), here, possible)

    def explain(self, state: str, facts: F) -> tuple[Outlook[F], ...]:
        """Return, for every trigger of `state`, what is missing: the same reasons that `decide` would refuse with."""
        return tuple(self._outlook(state, trigger, facts) for trigger in self.triggers_from(state))

    def _outlook(self, state: str, trigger: str, facts: F) -> Outlook[F]:
        row = self._table[state, trigger].row
        outcome = self.decide(state, trigger, facts)
        reasons = outcome.reasons if isinstance(outcome, Refusal) else ()
        return Outlook(trigger, row.label, reasons, row)

    def _refuse(self, state: str, trigger: str, reasons: tuple[Reason, ...]) -> Refusal:
        return Refusal(reasons, trigger=trigger, state=state, possible=self.triggers_from(state))


def compile_machine(definition: Definition[F]) -> Machine[F]:
    """Check the table's own consistency and compile it. Raises DefinitionError naming every fault.

    What must hold on every path is proved by `machines/proofs.py`.
    """
    faults = tuple(contradictions(definition))
    if faults:
        raise DefinitionError("; ".join(faults))
    return Machine(definition)


def _reasons(row: Transition[F], facts: F) -> tuple[Reason, ...]:
    """Return every unmet guard, then what is wrong with the approvals. A plain loop: this is the hot path of every decision."""
    reasons = []
    for guard in row.guards:
        verdict = guard.check(facts)
        if verdict is not True and verdict != ():
            reasons.append(guard.reason(verdict))
    return (*reasons, *unmet_approvals(row, facts.ask)) if row.before else tuple(reasons)


def unmet_approvals(row: Transition[F], ask: Ask) -> Iterator[Reason]:
    """Yield what is wrong with the approvals: one missing or out of order, one person twice, or bound to other evidence."""
    roles = row.before
    given = ask.approvals[: len(roles)]
    signed = [approved.role for approved in given]
    missing = tuple(role for place, role in enumerate(roles) if signed[place : place + 1] != [role])
    if missing:
        yield approval_missing(missing)
    persons = {ask.person, ask.requester}
    if len(persons.union([approved.person for approved in given])) < len(persons) + len(given):
        yield four_eyes()
    for approved in given:
        if approved.digest != ask.digest:
            yield approval_superseded()
            return


def _shared_machine(definition: Definition[F], arcs: tuple[Arc, ...]) -> transitions.Machine:
    """Build the one machine. `@held` becomes one candidate per live state, taken only if the placement is held there."""
    live = [state.name for state in definition.states if state.kind == "live"]
    machine = transitions.Machine(
        model=None,
        states=[state.name for state in definition.states],
        initial=definition.initial,
        auto_transitions=False,
        send_event=True,
        queued=False,
    )
    for arc in arcs:
        if arc.dest == HELD:
            for dest in live:
                machine.add_transition(arc.trigger, arc.source, dest, conditions=[_nothing_missing, _held_there])
        else:
            machine.add_transition(arc.trigger, arc.source, arc.dest, conditions=[_nothing_missing])
    return machine
