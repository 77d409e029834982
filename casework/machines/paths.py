"""Every history of a case: an exhaustive breadth-first search over state x placement x evidence.

A `Situation` is where the case stands beside its evidence; with it goes the set of all evidence vectors that can be held there.
Evidence may be gained, signed or aged at any time; a new round makes old what was filed. Guards that the dossier knows are run, for real,
on real facts; every other guard is granted, so what is proved to never happen never happens, whatever those say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Protocol

import msgspec

from casework.errors import DefinitionError
from casework.machines.engine import HELD, SAME, Guard, Machine, Transition
from casework.machines.invariants import Through
from casework.machines.joined import Joined
from casework.machines.situations import Firing, Situation, after
from casework.machines.vectors import Axis, Vectors, VectorSet

LAPSE = "(the days of the held place run out)"
"""The one move that time alone makes: a reserved placement ends."""


class Dossier(Protocol):
    """What the search needs to know of the facts: the axes of evidence, and how to make facts of their levels."""

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Every dimension of evidence."""
        ...

    @property
    def situational(self) -> frozenset[str]:
        """Codes of the guards whose verdict follows from the situation alone."""
        ...

    def axes_read(self, guard: Guard[Any], trigger: str) -> tuple[str, ...]:
        """Return the axes on which a guard of a trigger depends; none when it is about something else and is granted."""
        ...

    def holds(self, guard: Guard[Any], trigger: str, levels: Mapping[str, str]) -> bool:
        """Run the guard on facts with these levels; axes not named are at their best."""
        ...

    def holds_in(self, guard: Guard[Any], situation: Situation) -> bool:
        """Run a situational guard on facts of this situation."""
        ...

    def signed(self, row: Transition[Any], level: str) -> bool:
        """Whether the engine accepts the signatures of this level for the row."""
        ...

    def enough(self, roles: tuple[str, ...]) -> tuple[str, ...]:
        """Return the levels of signatures that are what `roles`, in order, must be: said here once more, apart from the engine."""
        ...


SIGNATURES = "approvals"
"""The axis of the signatures under a request."""


class Step(msgspec.Struct, frozen=True):
    """How vectors came to a situation: from which, by what, fired on which vectors; None: the beginning."""

    before: Situation | None
    trigger: str
    fired: VectorSet
    new_round: bool
    arrived: VectorSet


class Truths:
    """Which vectors satisfy which rows: the guards' real verdicts, computed once for each guard.

    Raises DefinitionError for an axis that the dossier does not know.
    """

    def __init__(self, dossier: Dossier, axes: tuple[str, ...]) -> None:
        self.dossier = dossier
        unknown = set(axes) - {axis.name for axis in dossier.axes}
        if unknown:
            raise DefinitionError(f"promises speak of evidence that the dossier does not know: {', '.join(sorted(unknown))}")
        self.vectors = Vectors([axis for axis in dossier.axes if axis.name in axes])
        self._of_row: dict[int, tuple[Transition[Any], VectorSet]] = {}
        self._of_guard: dict[tuple[int, str], tuple[Guard[Any], VectorSet]] = {}
        self._in_situation: dict[tuple[str, Situation], bool] = {}
        self._of_approvals: dict[tuple[str, ...], VectorSet] = {}

    def of(self, row: Transition[Any]) -> VectorSet:
        """Every vector on which the row's guards and approvals hold. The row is kept beside the answer, as a guard is."""
        known = self._of_row.get(id(row))
        if known is None:
            known = self._of_row[id(row)] = (row, self._satisfying(row))
        return known[1]

    def _satisfying(self, row: Transition[Any]) -> VectorSet:
        found = self._approved(row)
        for guard in row.guards:
            if guard.code in self.dossier.situational:
                continue
            found = self.vectors.both(found, self._guarded(guard, row.trigger))
        return found

    def allows(self, row: Transition[Any], situation: Situation) -> bool:
        """Whether the row's situational guards hold here."""
        return all(self._allows(guard, situation) for guard in row.guards if guard.code in self.dossier.situational)

    def _allows(self, guard: Guard[Any], situation: Situation) -> bool:
        key = (guard.code, situation)
        if key not in self._in_situation:
            self._in_situation[key] = self.dossier.holds_in(guard, situation)
        return self._in_situation[key]

    def _guarded(self, guard: Guard[Any], trigger: str) -> VectorSet:
        """Return where a guard holds. The guard is kept beside the answer, so that its identity stays its own."""
        known = self._of_guard.get((id(guard), trigger))
        if known is None:
            names = tuple(name for name in self.dossier.axes_read(guard, trigger) if name in self.vectors.places)
            holds = partial(self.dossier.holds, guard, trigger)
            known = (guard, self.vectors.satisfying(names, holds) if names else self.vectors.everything)
            self._of_guard[id(guard), trigger] = known
        return known[1]

    def _approved(self, row: Transition[Any]) -> VectorSet:
        if SIGNATURES not in self.vectors.places:
            return self.vectors.everything
        if row.before not in self._of_approvals:
            self._of_approvals[row.before] = self.vectors.satisfying(
                (SIGNATURES,), lambda levels: self.dossier.signed(row, levels[SIGNATURES])
            )
        return self._of_approvals[row.before]


class Reach:
    """Everything that can be reached, in layers, so that the first way to anything is a shortest one."""

    def __init__(self, machine: Machine[Any], truths: Truths, joined: Joined | None = None) -> None:
        self.machine = machine
        self.truths = truths
        self.joined = joined
        self.machines = joined.machines if joined is not None else {0: machine}
        self.held: dict[Situation, VectorSet] = {}
        self.steps: dict[Situation, list[Step]] = defaultdict(list)
        self._returns = {version: self._returning(version) for version in self.machines}
        self._rows = {
            (version, state): [each.transition(state, trigger) for trigger in each.triggers_from(state)]
            for version, each in self.machines.items()
            for state in each.states
        }

    def firings(self, situation: Situation, vectors: VectorSet) -> Iterator[Firing]:
        """Yield every row that can be asked in a situation; what it fires on may be empty."""
        version = situation.version
        for row in self._rows[version, situation.state]:
            if row is None or not self.truths.allows(row, situation):
                continue
            dest = situation.held if row.dest == HELD else situation.state if row.dest == SAME else row.dest
            fired = self.truths.vectors.both(vectors, self.truths.of(row))
            if dest in self.machines[version].states:
                yield Firing(situation, row, vectors, fired, after(situation, row, dest, self._returns[version]))
        yield from self._passings(situation, vectors)

    def _passings(self, situation: Situation, vectors: VectorSet) -> Iterator[Firing]:
        for way in self.joined.ways.get((situation.version, situation.state), ()) if self.joined is not None else ():
            arrival = way.arrival(situation)
            if arrival is not None and self.truths.allows(way.row, situation):
                yield Firing(situation, way.row, vectors, self.truths.vectors.both(vectors, self.truths.of(way.row)), arrival)

    def _returning(self, version: int) -> frozenset[str]:
        """Return the steps of a version by which a child is confirmed to be home again, whatever they were called in it."""
        by = {promise.by for promise in self.machine.definition.requires if isinstance(promise, Through)}
        rows = self.machines[version].definition.transitions
        return frozenset(row.trigger for row in rows if (self.joined.trigger(version, row.trigger) if self.joined else row.trigger) in by)

    def arrive(self, situation: Situation, step: Step) -> VectorSet:
        """Note a step into a situation; return the vectors that are new there."""
        vectors, held = self.truths.vectors, self.held.get(situation, 0)
        fresh = vectors.without(step.arrived, held)
        new = vectors.without(vectors.drifted(fresh), held) if fresh else fresh
        if new:
            self.held[situation] = vectors.either(held, new)
            self.steps[situation].append(msgspec.structs.replace(step, arrived=new))
        return new

    @property
    def configurations(self) -> int:
        """How many situations, with how many vectors each, were reached."""
        return sum(self.truths.vectors.count(held) for held in self.held.values())

    def way_to(self, situation: Situation, vector: int) -> list[tuple[str, Situation]]:
        """Return a shortest way to a situation holding `vector`, as (trigger, situation after it)."""
        vectors, way = self.truths.vectors, []
        while True:
            step = next(step for step in self.steps[situation] if vectors.holds(step.arrived, vector))
            way.append((step.trigger, situation))
            if step.before is None:
                return way[::-1]
            vector = vectors.best(vectors.both(step.fired, vectors.sources(vector, new_round=step.new_round)))
            situation = step.before
