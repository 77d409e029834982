"""What must hold on every path, proved by searching all of them; a broken promise is answered with a shortest counterexample."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from casework.errors import DefinitionError
from casework.machines.dossier import dossier_of
from casework.machines.effects import Start
from casework.machines.engine import Machine
from casework.machines.invariants import Ends, Invariant, Requires
from casework.machines.joined import Joined
from casework.machines.judgement import concerns, reaches, wrong
from casework.machines.paths import LAPSE, SIGNATURES, Dossier, Reach, Step, Truths
from casework.machines.situations import Firing, Situation, lapsed
from casework.machines.vectors import VectorSet
from casework.machines.versions import ends_of
from casework.machines.walks import ENDS, REACHABLE, Proof, prove_walks


class Broken(msgspec.Struct, frozen=True):
    """How a promise breaks: the situation before the last move, a vector there, the move, and what is wrong with it."""

    before: Situation
    vector: int
    move: str
    wrong: str


def prove(
    machine: Machine[Any], dossier: Dossier | None = None, truths: Truths | None = None, older: Mapping[int, Machine[Any]] | None = None
) -> tuple[Proof, ...]:
    """Prove every property of a machine: those of all machines, then its own.

    `dossier` says how evidence is made; by default the machine's own. Evidence that no promise joins is searched apart, so sets stay small.
    `truths` lends a smaller evidence, or one computed before. With `older` versions, by number, of what they and this one do together
    (`machines/joined.py`). Raises DefinitionError for a promise about evidence that is unknown.
    """
    if machine.definition.about != "journey":
        return prove_walks(machine, older)
    if truths is not None:
        return _Search(machine, truths, machine.definition.requires, older).proofs()
    known = dossier or dossier_of(machine)
    found: dict[str, Proof] = {}
    for axes, promises in _groups(machine.definition.requires):
        for proof in _Search(machine, Truths(known, axes), promises, older).proofs():
            found.setdefault(proof.name, proof)
    named = (REACHABLE[0], ENDS[0], *(promise.name for promise in machine.definition.requires if not isinstance(promise, Ends)))
    return tuple(found[name] for name in named)


def counterexample(machine: Machine[Any], truths: Truths, older: Mapping[int, Machine[Any]] | None = None) -> Proof | None:
    """Return the first promise that a search finds broken, with its path, or None when none of them is. Stops as soon as it knows."""
    return _Search(machine, truths, machine.definition.requires, older).first_broken()


def check(machine: Machine[Any], dossier: Dossier | None = None, older: Mapping[int, Machine[Any]] | None = None) -> tuple[Proof, ...]:
    """Prove every property; raise DefinitionError with the shortest counterexample if one does not hold."""
    proofs = prove(machine, dossier, older=older)
    broken = [proof for proof in proofs if proof.counterexample is not None]
    if broken:
        worst = min(broken, key=lambda proof: len(proof.counterexample or ()))
        raise DefinitionError(f"{worst.name}: {worst.words.en} " + "; ".join(worst.counterexample or ()), proofs=tuple(broken))
    return proofs


def _groups(promises: tuple[Invariant, ...]) -> list[tuple[tuple[str, ...], tuple[Invariant, ...]]]:
    """Return the axes to search together, largest group first, each with the promises to judge there.

    Two promises belong together when they share evidence; those without evidence of their own are judged with the first group.
    """
    joined: list[set[str]] = []
    for promise in promises:
        if isinstance(promise, Requires) and promise.all_of:
            apart = [group for group in joined if group.isdisjoint(promise.all_of)]
            joined = [*apart, set(promise.all_of).union(*(group for group in joined if group not in apart))]
    first, *others = sorted(joined, key=len, reverse=True) or [set()]
    asking = [promise for promise in promises if isinstance(promise, Requires)]
    alone = [(group, tuple(promise for promise in asking if group & {*promise.all_of})) for group in others]
    elsewhere = {promise.name for _, mine in alone for promise in mine}
    groups = [(first, tuple(promise for promise in promises if promise.name not in elsewhere)), *alone]
    return [(tuple(sorted(group | _signed(mine))), mine) for group, mine in groups]


def _signed(promises: tuple[Invariant, ...]) -> set[str]:
    return {SIGNATURES} if any(isinstance(promise, Requires) and promise.approvals for promise in promises) else set()


class _Search:
    """One search over everything, judging each move as it is found."""

    def __init__(
        self, machine: Machine[Any], truths: Truths, promises: tuple[Invariant, ...], older: Mapping[int, Machine[Any]] | None = None
    ) -> None:
        self.machine = machine
        self.joined = Joined(machine, older) if older else None
        self.promises = promises
        self.truths = truths
        self.reach = Reach(machine, truths, self.joined)
        self.broken: dict[str, Broken] = {}
        self.examined: dict[str, int] = defaultdict(int)
        self.asked = 0
        self.concerned: dict[tuple[str | None, ...], tuple[Invariant, ...]] = {}
        self.kept: dict[str, VectorSet] = {}
        self.leads: dict[Situation, set[Situation]] = defaultdict(set)

    def proofs(self) -> tuple[Proof, ...]:
        """Search everything, then say what was found."""
        for _ in self._layers():
            pass
        return self._found()

    def _found(self) -> tuple[Proof, ...]:
        own = tuple(self._own(promise) for promise in self.promises if not isinstance(promise, Ends))
        return (self._reachable(), self._no_dead_end(), *own)

    def first_broken(self) -> Proof | None:
        """Search until a promise breaks; failing that, look for what cannot be reached or left."""
        for _ in self._layers():
            for promise in self.promises:
                if promise.name in self.broken:
                    return self._own(promise)
        return next((proof for proof in self._found() if proof.counterexample), None)

    def _layers(self) -> Iterator[int]:
        """Search breadth first, pausing after each situation looked at."""
        nothing = self.truths.vectors.nothing_filed
        starts = [Situation(machine.definition.initial, version=version) for version, machine in self.reach.machines.items()]
        frontier = {start: self.reach.arrive(start, Step(None, "", nothing, new_round=False, arrived=nothing)) for start in starts}
        while frontier:
            following: dict[Situation, VectorSet] = {}
            for situation, vectors in frontier.items():
                for after, step in self._steps(situation, vectors):
                    self.leads[situation].add(after)
                    new = self.reach.arrive(after, step)
                    if new:
                        following[after] = self.truths.vectors.either(following.get(after, 0), new)
                yield len(self.broken)
            frontier = following

    def _steps(self, situation: Situation, vectors: VectorSet) -> Iterator[tuple[Situation, Step]]:
        for firing in self.reach.firings(situation, vectors):
            lawful = self._judged(firing)
            unlawful = self.truths.vectors.without(firing.vectors, lawful)
            for fired, after in ((lawful, firing.after), (unlawful, _undecided(firing))):
                if fired:
                    renewed = firing.row.new_round
                    arrived = self.truths.vectors.renewed(fired) if renewed else fired
                    yield after, Step(situation, firing.row.trigger, fired, new_round=renewed, arrived=arrived)
        later = lapsed(situation)
        if later is not None:
            yield later, Step(situation, LAPSE, vectors, new_round=False, arrived=vectors)

    def _judged(self, firing: Firing) -> VectorSet:
        """Judge a move by every promise; return the vectors on which it keeps all that is required."""
        if firing.before.version and self.joined is not None:
            return self._judged_of_older(self.joined, firing)
        vectors, lawful = self.truths.vectors, firing.vectors
        asked = vectors.count(firing.asked)
        self.asked += asked
        for promise in self._concerned(firing):
            if isinstance(promise, Requires):
                self.examined[promise.name] += asked
                lawful = vectors.both(lawful, self._kept_by(promise, firing))
            elif not isinstance(promise, Ends) and firing.vectors and (fault := wrong(promise, firing)):
                self._break(promise, firing, firing.vectors, fault)
        return lawful

    def _concerned(self, firing: Firing) -> tuple[Invariant, ...]:
        """Return the promises that have something to say of a move; asked of each kind of move once."""
        kind = (firing.row.trigger, firing.before.state, firing.after.state, firing.enters, firing.begins)
        found = self.concerned.get(kind)
        if found is None:
            found = self.concerned[kind] = tuple(promise for promise in self.promises if concerns(promise, firing))
        return found

    def _judged_of_older(self, joined: Joined, firing: Firing) -> VectorSet:
        """Judge a move of an older version, or a passing: by what the newest promises of where it leads to in the end."""
        vectors, lawful, passing = self.truths.vectors, firing.vectors, firing.after.version != firing.before.version
        image = joined.image(firing.after.version, firing.after.state)
        heard = image is not None and not image.asking
        seen = firing if passing else joined.seen(firing)
        for promise in self.promises:
            if isinstance(promise, Requires):
                if passing:
                    concerned = bool(firing.row.guards) and heard and image is not None and _stands(promise, image.state, firing.after)
                else:
                    concerned = reaches(promise.goal, seen) and seen.row.trigger not in promise.unless
                if concerned:
                    self.examined[promise.name] += vectors.count(firing.asked)
                    lawful = vectors.both(lawful, self._kept_by(promise, firing) if heard else self._kept(promise))
            elif not isinstance(promise, Ends) and image is not None and not passing:
                self.examined[promise.name] += vectors.count(firing.asked)
                if firing.vectors and (fault := wrong(promise, seen)):
                    self._break(promise, firing, firing.vectors, fault)
        return lawful

    def _kept_by(self, promise: Requires, firing: Firing) -> VectorSet:
        """Return the vectors that keep a promise; note the move if it fires on others."""
        kept = self._kept(promise)
        bad = self.truths.vectors.without(firing.vectors, kept)
        if bad:
            self._break(promise, firing, bad, self._missing(promise, self.truths.vectors.best(bad)))
        return kept

    def _kept(self, promise: Requires) -> VectorSet:
        """Return the vectors that keep a promise, on the axes in play; computed once."""
        if promise.name not in self.kept:
            self.kept[promise.name] = self._keeping(promise)
        return self.kept[promise.name]

    def _keeping(self, promise: Requires) -> VectorSet:
        vectors = self.truths.vectors
        kept = vectors.everything
        for name in promise.all_of:
            if name in vectors.places:
                kept = vectors.both(kept, vectors.where(name, self._good(promise, name)))
        if promise.approvals and SIGNATURES in vectors.places:
            kept = vectors.both(kept, vectors.where(SIGNATURES, self.truths.dossier.enough(promise.approvals)))
        return kept

    def _good(self, promise: Requires, name: str) -> tuple[str, ...]:
        levels = self.truths.vectors.axes[self.truths.vectors.places[name]].levels
        return levels[-1:] if promise.since == "round" else levels[1:]

    def _missing(self, promise: Requires, vector: int) -> str:
        vectors = self.truths.vectors
        levels = {name: vectors.level(vector, name) for name in promise.all_of if name in vectors.places}
        wrong = [f"{name} is {level}" for name, level in levels.items() if level not in self._good(promise, name)]
        if promise.approvals and SIGNATURES in vectors.places:
            level = vectors.level(vector, SIGNATURES)
            wrong += [f"approvals: {level}"] if level not in self.truths.dossier.enough(promise.approvals) else []
        return ", ".join(wrong)

    def _break(self, promise: Invariant, firing: Firing, on: VectorSet, wrong: str) -> None:
        move = f"{firing.row.trigger} -> {_place(firing.after)}"
        self.broken.setdefault(promise.name, Broken(firing.before, self.truths.vectors.best(on), move, wrong))

    def _own(self, promise: Invariant) -> Proof:
        broken = self.broken.get(promise.name)
        examined = self.examined[promise.name] + (0 if isinstance(promise, Requires) else self.asked)
        if broken is None:
            return Proof(promise.name, promise.words, examined)
        path = (*self._path(broken.before, broken.vector), f"{broken.move}: {broken.wrong}")
        return Proof(promise.name, promise.words, examined, path)

    def _path(self, situation: Situation, vector: int) -> tuple[str, ...]:
        way = self.reach.way_to(situation, vector)
        return (_place(way[0][1]), *(f"{trigger} -> {_place(after)}" for trigger, after in way[1:]))

    def _reachable(self) -> Proof:
        reached = {situation.state for situation in self.reach.held if not situation.version}
        lost = [state for state in self.machine.states if state not in reached]
        return Proof(*REACHABLE, self.reach.configurations, tuple(f"{state} is never reached" for state in lost) or None)

    def _no_dead_end(self) -> Proof:
        alive = self._leading_to({version: ends_of(machine) for version, machine in self.reach.machines.items()})
        dead = next((situation for situation in self.reach.held if situation not in alive), None)
        if dead is None:
            return Proof(*ENDS, self.reach.configurations)
        vector = self.truths.vectors.best(self.reach.held[dead])
        return Proof(*ENDS, self.reach.configurations, (*self._path(dead, vector), "from here there is no way to an end"))

    def _leading_to(self, states: Mapping[int, Collection[str]]) -> set[Situation]:
        """Return every situation from which one of the states of its version can be reached."""
        alive = {situation for situation in self.reach.held if situation.state in states[situation.version]}
        back: dict[Situation, set[Situation]] = defaultdict(set)
        for before, afters in self.leads.items():
            for after in afters:
                back[after].add(before)
        frontier = set(alive)
        while frontier:
            frontier = {before for after in frontier for before in back[after]} - alive
            alive |= frontier
        return alive


def _stands(promise: Requires, state: str, after: Situation) -> bool:
    """Whether somebody who arrives here stands where a promise requires something of those who come there."""
    return state in promise.goal.enters or after.placement in promise.goal.begins


def _place(situation: Situation) -> str:
    return f"{situation.state} (v{situation.version})" if situation.version else situation.state


def _undecided(firing: Firing) -> Situation:
    """Return where a move leads that begins a placement without all that is required of it."""
    begins = any(isinstance(effect, Start) for effect in firing.row.effects)
    return msgspec.structs.replace(firing.after, decided=False) if begins else firing.after
