"""What a machine's definition is: states, transitions, guards and approvals as typed, frozen rows; its digest; and its contradictions.

Nothing here decides a move: `machines/engine.py` compiles a definition and does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Generic, Literal, Protocol, TypeAlias, TypeVar

import msgspec

from casework.errors import DefinitionError, Law, Reason
from casework.machines.effects import Effect, When
from casework.machines.invariants import Invariant, Passes
from casework.words import Words

HELD = "@held"
"""Destination: the setting of the child's active or reserved placement (DOMAIN 7.0.5)."""
RESERVED = frozenset({"open", "migrate"})
"""What the journal calls the beginning of a process, and its passing into a newer version."""
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
        return None if verdict is True or verdict == () else self.reason(verdict)

    def reason(self, verdict: Verdict) -> Reason:
        """Say what an unsatisfied verdict means. Raises DefinitionError when it is neither False nor gaps."""
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
    """One row of the table: what may move a case from where to where, proposed and approved by whom, on which evidence.

    `before` are the roles that must approve, in order, before the move; `reads` is what the guards depend on, sorted: the evidence an
    approval is bound to. Both follow from the row, are counted once, and are never given.

    A step of a process may be made `on` something that happens to a form of its case (`signed:F16`, `countersigned:F16`, `returned:F16`),
    or by the clock at the moment that `wakes` returns: in either case if its guards hold then; otherwise nothing happens.
    What its effects set a time for is counted from the moment that `since` returns, or else from when the step is made.
    """

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
    on: str = ""
    wakes: Callable[[F], datetime | None] | None = None
    since: Callable[[F], datetime] | None = None
    before: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Count what every decision asks of a row."""
        before = tuple(approval.role for approval in self.approvals if approval.after is None)
        msgspec.structs.force_setattr(self, "before", before)
        msgspec.structs.force_setattr(self, "reads", tuple(sorted({source for guard in self.guards for source in guard.reads})))

    @property
    def ratification(self) -> Approval | None:
        """The approval that must follow the move, if any."""
        return next((approval for approval in self.approvals if approval.after), None)


class Migrates(msgspec.Struct, Generic[F], frozen=True):
    """How what runs by an older `version` may pass over into this one: declared, proved on both tables joined, and approved each time.

    A state passes into the one of its own name, unless `states` names another or it is among `stays`. `triggers` says what is called
    otherwise now. `asks` are guards that must hold of a case, in its own facts, when it passes out of that state.
    """

    version: int
    states: Mapping[str, str] = {}
    stays: tuple[str, ...] = ()
    triggers: Mapping[str, str] = {}
    asks: Mapping[str, tuple[Guard[F], ...]] = {}


class Definition(msgspec.Struct, Generic[F], frozen=True):
    """A whole machine as data. `version` starts at 1; cases stay pinned to the version they started on.

    `follows` is the digest of the version before, which nobody may edit any more; `migrates` says what may pass over from older ones.

    `requires` are the invariants it declares: what `machines/proofs.py` proves on every path. A process beside the journey is `about` a
    case, a host, a member of staff, or (`office`) none of them; signing a form of `opened_by` that supersedes nothing begins one, which
    brings `opening`. `conditions` are what its effects may depend on (`When`); `passes` is what it promises of every path.
    """

    name: str
    version: int
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition[F], ...]
    requires: tuple[Invariant, ...] = ()
    label: Words | None = None
    about: Literal["journey", "case", "host", "staff", "office"] = "journey"
    opened_by: str = ""
    opening: tuple[Effect, ...] = ()
    conditions: tuple[Guard[F], ...] = ()
    passes: tuple[Passes, ...] = ()
    follows: str = ""
    migrates: tuple[Migrates[F], ...] = ()


class Arc(msgspec.Struct, frozen=True, order=True):
    """One edge of the expanded table: `@held` stays as written, `@same` becomes the source."""

    source: str
    trigger: str
    dest: str


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
            row.on,
            *([["clock", *getattr(row.wakes, "keys", ())]] if row.wakes is not None else []),
            *([["since", getattr(row.since, "__name__", "")]] if row.since is not None else []),
        ]
        for arc, row in sorted(expand(definition).items(), key=lambda item: item[0])
    ]
    states = [[state.name, state.kind] for state in definition.states]
    opening = [definition.about, definition.opened_by, [msgspec.to_builtins(effect) for effect in definition.opening]]
    conditions = [[condition.code, list(condition.reads)] for condition in definition.conditions]
    body: list[Any] = [definition.name, definition.version, definition.initial, states, rows, opening, conditions]
    if definition.follows or definition.migrates:
        body.append([definition.follows, [_passing(migrates) for migrates in definition.migrates]])
    return hashlib.sha256(msgspec.json.encode(body, order="sorted")).hexdigest()


def _passing(migrates: Migrates[F]) -> list[Any]:
    asked = {state: [[guard.code, list(guard.reads)] for guard in guards] for state, guards in migrates.asks.items()}
    return [migrates.version, dict(migrates.states), sorted(migrates.stays), dict(migrates.triggers), asked]


def _sources(definition: Definition[F], row: Transition[F]) -> tuple[str, ...]:
    if isinstance(row.sources, AnyLive):
        live = tuple(state.name for state in definition.states if state.kind == "live" and state.name not in row.sources.but)
        return (*live, *row.sources.also)
    return row.sources


def expand(definition: Definition[F]) -> dict[Arc, Transition[F]]:
    """Return every arc of the table with its row: a row has as many as it has sources."""
    return {
        Arc(source, row.trigger, source if row.dest == SAME else row.dest): row
        for row in definition.transitions
        for source in _sources(definition, row)
    }


def contradictions(definition: Definition[F]) -> Iterator[str]:
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
    yield from _beside(definition, known, {*meanings})


def _beside(definition: Definition[F], known: set[str], guards: set[str]) -> Iterator[str]:
    """Yield what stands beside the rows and does not fit: reserved names, conditions of effects, states and guards of promises."""
    yield from (f"{name}: the journal means something else by that" for name in RESERVED & {row.trigger for row in definition.transitions})
    conditions = {condition.code for condition in definition.conditions}
    for effect in (*definition.opening, *(effect for row in definition.transitions for effect in row.effects)):
        if isinstance(effect, When) and effect.condition not in conditions:
            yield f"unknown condition {effect.condition}"
    for promise in definition.passes:
        for name in {*promise.states, *promise.by_way_of, *([promise.since] if promise.since else [])} - known:
            yield f"{promise.name}: unknown state {name}"
        for code in {*promise.all_of, *promise.last} - guards:
            yield f"{promise.name}: no row checks {code}"
