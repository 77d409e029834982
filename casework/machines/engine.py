"""Typed, frozen definitions of state machines, and the one function that decides a move.

A `Definition` is a table: states, and transitions in rows. `compile_machine` checks it and turns it into one shared `transitions`
machine. `Machine.decide` is pure: it returns the move, or a refusal with every unmet guard. This is the only importer of `transitions`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, Generic, Literal, Protocol, TypeAlias, TypeVar, cast

import msgspec
import transitions

from casework.errors import DefinitionError, Law, Reason, Refusal
from casework.machines.effects import Effect
from casework.machines.invariants import Invariant
from casework.machines.refusals import (
    approval_missing,
    approval_superseded,
    four_eyes,
    no_such_transition,
    role_not_allowed,
)
from casework.words import Words

HELD = "@held"
"""Destination: the setting of the child's active or reserved placement (DOMAIN 7.0.5)."""
SAME = "@same"
"""Destination: the state the case is in."""

Verdict: TypeAlias = bool | tuple[Words, ...]
"""What a guard answers: True or () when satisfied; False, or the concrete gaps, when not."""


class Approved(msgspec.Struct, frozen=True):
    """One approval given: by whom (natural person), in which role, over which evidence digest."""

    role: str
    person: str
    digest: str


class Ask(msgspec.Struct, frozen=True):
    """Who asks, in which capacities, and what was approved for this request.

    `capacities` are the roles this person may act in *for this case* (an unassigned social worker lacks `social_worker`).
    `requester` is the natural person who requested the approvals; `digest` is that of the evidence as it stands now.
    """

    person: str
    capacities: frozenset[str]
    requester: str = ""
    approvals: tuple[Approved, ...] = ()
    digest: str = ""
    held: str | None = None


class AskedFacts(Protocol):
    """The part of any machine's facts that the engine itself reads."""

    @property
    def ask(self) -> Ask:
        """Who asks, and with which approvals."""
        ...


F = TypeVar("F", bound=AskedFacts)


class Guard(msgspec.Struct, Generic[F], frozen=True):
    """One condition of a transition: the truth it needs, in words, with its law and its remedy.

    `reads` are the form codes (and `document:<kind>`, `register:<name>`) the verdict depends on: approvals are bound to them.
    """

    code: str
    check: Callable[[F], Verdict]
    words: Words
    law: tuple[Law, ...]
    fix: Words
    who: tuple[str, ...]
    reads: tuple[str, ...] = ()

    def unmet(self, facts: F) -> Reason | None:
        """Return why this guard does not hold, or None. Raises DefinitionError when the check answers neither bool nor gaps."""
        verdict = self.check(facts)
        if verdict is True or verdict == ():
            return None
        if verdict is not False and not isinstance(verdict, tuple):
            msg = f"guard {self.code} answered {type(verdict).__name__}; it must answer bool or a tuple of gaps"
            raise DefinitionError(msg)
        return Reason(
            code=self.code,
            words=self.words,
            law=self.law,
            fix=self.fix,
            who=self.who,
            where=tuple(form for form in self.reads if ":" not in form),
            details=verdict or (),
        )


class Approval(msgspec.Struct, frozen=True):
    """One signature a transition needs. `after` names the parameter holding the hours within which it must follow the move."""

    role: str
    after: str | None = None


class AnyLive(msgspec.Struct, frozen=True):
    """Source: every live state, `but` some, and `also` some that are not live."""

    but: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


class State(msgspec.Struct, frozen=True):
    """One state. `kind`: a `live` state has a child in hand; `apart` is outside the ladder but open; `final` ends the machine.

    `rung` is the place on the ladder of care (1 family .. 4 institution), or 0.
    """

    name: str
    label: Words
    kind: Literal["live", "apart", "final"] = "live"
    rung: int = 0


class Transition(msgspec.Struct, Generic[F], frozen=True):
    """One row of the table: what may move a case from where to where, proposed and approved by whom, on which evidence."""

    trigger: str
    label: Words
    sources: tuple[str, ...] | AnyLive
    dest: str
    guards: tuple[Guard[F], ...] = ()
    approvals: tuple[Approval, ...] = ()
    by: tuple[str, ...] = ("social_worker",)
    effects: tuple[Effect, ...] = ()
    new_round: bool = False
    law: tuple[Law, ...] = ()

    @property
    def before(self) -> tuple[str, ...]:
        """Roles that must approve, in order, before the move."""
        return tuple(approval.role for approval in self.approvals if approval.after is None)

    @property
    def ratification(self) -> Approval | None:
        """The approval that must follow the move, if any."""
        return next((approval for approval in self.approvals if approval.after), None)

    @property
    def reads(self) -> tuple[str, ...]:
        """What the guards depend on, sorted: the evidence an approval is bound to."""
        return tuple(sorted({source for guard in self.guards for source in guard.reads}))


class Definition(msgspec.Struct, Generic[F], frozen=True):
    """A whole machine as data. `version` starts at 1; cases stay pinned to the version they started on.

    `requires` are the invariants it declares: what `machines/proofs.py` proves on every path.
    """

    name: str
    version: int
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition[F], ...]
    requires: tuple[Invariant, ...] = ()


class Arc(msgspec.Struct, frozen=True, order=True):
    """One edge of the expanded table: `@held` stays as written, `@same` becomes the source."""

    source: str
    trigger: str
    dest: str


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


class Machine(Generic[F]):
    """A compiled definition. Shared by every case and thread; it holds no state of any case."""

    def __init__(self, definition: Definition[F]) -> None:
        self.definition = definition
        self.states = {state.name: state for state in definition.states}
        self.arcs = tuple(sorted(_expand(definition)))
        self._rows = {(arc.source, arc.trigger): row for arc, row in _expand(definition).items()}
        self._leaving = {
            state: tuple(row.trigger for row in definition.transitions if (state, row.trigger) in self._rows) for state in self.states
        }
        self.digest = behaviour_digest(definition)
        self._shared = _shared_machine(definition, self.arcs)

    def triggers_from(self, state: str) -> tuple[str, ...]:
        """Return the triggers that leave `state`, in the order of the table."""
        return self._leaving.get(state, ())

    def transition(self, state: str, trigger: str) -> Transition[F] | None:
        """Return the row that `trigger` means in `state`, or None."""
        return self._rows.get((state, trigger))

    def decide(self, state: str, trigger: str, facts: F) -> Move[F] | Refusal:
        """Return the move, or the refusal with every reason. Pure. State first, role second, then all guards and approvals."""
        row = self._rows.get((state, trigger))
        if row is None:
            return self._refuse(state, trigger, (self.no_such_transition(state, trigger),))
        if facts.ask.capacities.isdisjoint(row.by):
            return self._refuse(state, trigger, (role_not_allowed(row.by),))
        reasons = (*_unmet_guards(row, facts), *unmet_approvals(row, facts.ask))
        subject = _Subject(state, reasons, facts.ask.held)
        if self._shared.events[trigger].trigger(subject):
            return Move(trigger, state, subject.state, row, facts.ask.approvals)
        return self._refuse(state, trigger, reasons or (self.no_such_transition(state, trigger),))

    def no_such_transition(self, state: str, trigger: str) -> Reason:
        """Say, in the words of the table, that `trigger` does not leave `state`, and what does."""
        named = (row.label for row in self.definition.transitions if row.trigger == trigger)
        here = self.states[state].label if state in self.states else Words(state, state)
        possible = tuple(self._rows[state, each].label for each in self.triggers_from(state))
        return no_such_transition(next(named, Words(trigger, trigger)), here, possible)

    def explain(self, state: str, facts: F) -> tuple[Outlook[F], ...]:
        """Return, for every trigger of `state`, what is missing: the same reasons that `decide` would refuse with."""
        return tuple(self._outlook(state, trigger, facts) for trigger in self.triggers_from(state))

    def _outlook(self, state: str, trigger: str, facts: F) -> Outlook[F]:
        row = self._rows[state, trigger]
        outcome = self.decide(state, trigger, facts)
        reasons = outcome.reasons if isinstance(outcome, Refusal) else ()
        return Outlook(trigger, row.label, reasons, row)

    def _refuse(self, state: str, trigger: str, reasons: tuple[Reason, ...]) -> Refusal:
        return Refusal(reasons, trigger=trigger, state=state, possible=self.triggers_from(state))


def compile_machine(definition: Definition[F]) -> Machine[F]:
    """Check the table's own consistency and compile it. Raises DefinitionError naming every fault.

    What must hold on every path is proved by `machines/proofs.py`.
    """
    faults = tuple(_faults(definition))
    if faults:
        raise DefinitionError("; ".join(faults))
    return Machine(definition)


def behaviour_digest(definition: Definition[F]) -> str:
    """SHA-256 (hex) over behaviour only: labels, words and laws may be corrected without making a new version."""
    rows = [
        [
            arc.source,
            arc.trigger,
            arc.dest,
            list(row.by),
            [[approval.role, approval.after] for approval in row.approvals],
            [[guard.code, list(guard.reads)] for guard in row.guards],
            [msgspec.to_builtins(effect) for effect in row.effects],
            row.new_round,
        ]
        for arc, row in sorted(_expand(definition).items(), key=lambda item: item[0])
    ]
    states = [[state.name, state.kind] for state in definition.states]
    body = [definition.name, definition.version, definition.initial, states, rows]
    return hashlib.sha256(msgspec.json.encode(body, order="sorted")).hexdigest()


def _unmet_guards(row: Transition[F], facts: F) -> tuple[Reason, ...]:
    return tuple(reason for guard in row.guards if (reason := guard.unmet(facts)) is not None)


def unmet_approvals(row: Transition[F], ask: Ask) -> Iterator[Reason]:
    """Yield what is wrong with the approvals: one missing or out of order, one person twice, or bound to other evidence."""
    roles = row.before
    given = ask.approvals[: len(roles)]
    missing = tuple(role for place, role in enumerate(roles) if _role_at(given, place) != role)
    if missing:
        yield approval_missing(missing)
    persons = [approved.person for approved in given]
    if len({*persons}) != len(persons) or ask.requester in persons or ask.person in persons:
        yield four_eyes()
    if any(approved.digest != ask.digest for approved in given):
        yield approval_superseded()


def _role_at(approvals: tuple[Approved, ...], place: int) -> str | None:
    return approvals[place].role if place < len(approvals) else None


def _sources(definition: Definition[F], row: Transition[F]) -> tuple[str, ...]:
    if isinstance(row.sources, AnyLive):
        live = tuple(state.name for state in definition.states if state.kind == "live" and state.name not in row.sources.but)
        return (*live, *row.sources.also)
    return row.sources


def _expand(definition: Definition[F]) -> dict[Arc, Transition[F]]:
    return {
        Arc(source, row.trigger, source if row.dest == SAME else row.dest): row
        for row in definition.transitions
        for source in _sources(definition, row)
    }


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


def _faults(definition: Definition[F]) -> Iterator[str]:
    """Yield every contradiction in the table: unknown names, two rows for one (state, trigger), guards with two meanings."""
    names = [state.name for state in definition.states]
    known = set(names)
    final = {state.name for state in definition.states if state.kind == "final"}
    if len(names) != len(known):
        yield "a state is declared twice"
    if definition.initial not in known:
        yield f"unknown initial state {definition.initial}"
    seen: set[tuple[str, str]] = set()
    meanings: dict[str, Any] = {}
    for row in definition.transitions:
        for source in _sources(definition, row):
            if source not in known:
                yield f"{row.trigger}: unknown source {source}"
            if source in final:
                yield f"{row.trigger}: leaves {source}, which is final"
            if (source, row.trigger) in seen:
                yield f"{row.trigger}: two rows leave {source}"
            seen.add((source, row.trigger))
        if row.dest not in known | {HELD, SAME}:
            yield f"{row.trigger}: unknown destination {row.dest}"
        if not row.law:
            yield f"{row.trigger}: no legal source"
        for guard in row.guards:
            if meanings.setdefault(guard.code, guard) is not guard:
                yield f"{row.trigger}: guard {guard.code} means two things"
