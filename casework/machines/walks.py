"""What a process beside the journey promises of every path, proved by walking all of them.

A configuration is a state with the sets of guards that have held and of states passed on the way there: finite, so every path of any length
is covered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from casework.machines.engine import HELD, SAME, Machine, Transition
from casework.machines.invariants import Passes
from casework.machines.joined import Joined
from casework.words import Words

REACHABLE = ("every_state_reachable", Words("Setiap tahap dapat dicapai.", "Every state can be reached."))
ENDS = ("no_dead_end", Words("Dari setiap tahap ada jalan menuju pengakhiran.", "From every state there is a way to an end."))


class Proof(msgspec.Struct, frozen=True):
    """One property, over how many configurations it was examined, and the shortest path that breaks it, or None."""

    name: str
    words: Words
    configurations: int
    counterexample: tuple[str, ...] | None = None


class Here(msgspec.Struct, frozen=True):
    """A state, and the guards that have held, and the states that were passed, since the walk (or a state that the promise names) began."""

    state: str
    passed: frozenset[str]
    visited: frozenset[str] = frozenset()
    version: int = 0


def prove_walks(machine: Machine[Any], older: Mapping[int, Machine[Any]] | None = None) -> tuple[Proof, ...]:
    """Prove that every state is reached and left towards an end, and everything that the definition promises (`passes`).

    With `older` versions, of every walk that begins by one of them and passes over, too.
    """
    joined = Joined(machine, older or {})
    return (_reachable(machine), _ends(machine), *(_kept(joined, promise) for promise in machine.definition.passes))


def _leaving(machine: Machine[Any], state: str) -> Iterator[tuple[Transition[Any], str]]:
    for trigger in machine.triggers_from(state):
        row = machine.transition(state, trigger)
        if row is not None and row.dest != HELD:
            yield row, state if row.dest == SAME else row.dest


def _reachable(machine: Machine[Any]) -> Proof:
    seen, frontier = {machine.definition.initial}, [machine.definition.initial]
    while frontier:
        frontier = [dest for state in frontier for _, dest in _leaving(machine, state) if dest not in seen]
        seen |= {*frontier}
    lost = tuple(f"{state} is never reached" for state in machine.states if state not in seen)
    return Proof(*REACHABLE, len(machine.arcs), lost or None)


def _ends(machine: Machine[Any]) -> Proof:
    """Every state leads to one that ends the process, or the process has none: a register's entry, which stays."""
    alive = {name for name, state in machine.states.items() if state.kind != "live"}
    ending = bool(alive)
    while True:
        more = {state for state in machine.states if state not in alive and any(dest in alive for _, dest in _leaving(machine, state))}
        if not more:
            break
        alive |= more
    dead = tuple(f"from {state} there is no way to an end" for state in machine.states if state not in alive)
    return Proof(*ENDS, len(machine.states), (dead or None) if ending else None)


def _kept(joined: Joined, promise: Passes) -> Proof:
    granted = frozenset(promise.all_of if promise.only_after else ())
    begun = {version: machine.definition.initial for version, machine in joined.machines.items()}
    starts = [
        Here(state, granted, _visited(promise, frozenset(), joined.name(version, state)), version) for version, state in begun.items()
    ]
    ways: dict[Here, tuple[str, ...]] = {start: (_place(start),) for start in starts}
    frontier, examined = starts, 0
    while frontier:
        following = []
        for here in frontier:
            for after, trigger, missing in _moves(joined, promise, here):
                examined += 1
                way = (*ways[here], f"{trigger} -> {_place(after)}")
                if missing:
                    return Proof(promise.name, promise.words, examined, (*way, f"without {', '.join(missing)}"))
                if after not in ways:
                    ways[after] = way
                    following.append(after)
        frontier = following
    return Proof(promise.name, promise.words, examined)


def _moves(joined: Joined, promise: Passes, here: Here) -> Iterator[tuple[Here, str, tuple[str, ...]]]:
    """Yield where each step leads, and what it then lacks of a promise: an older version's wherever it passes over freely."""
    version = here.version
    for row, dest in _leaving(joined.machines[version], here.state):
        held, image = frozenset(guard.code for guard in row.guards), joined.image(version, dest)
        called = joined.name(version, dest)
        anew = called == promise.since
        passed, before = (frozenset[str](), frozenset[str]()) if anew else (here.passed | held, here.visited)
        after = Here(dest, passed & {*promise.all_of}, _visited(promise, before, called), version)
        judged = image is not None and not image.asking and called in promise.states and dest != here.state
        yield after, row.trigger, _missing(promise, here, held) if judged else ()
    for way in joined.ways.get((version, here.state), ()):
        held, image = frozenset(guard.code for guard in way.row.guards), joined.image(way.into, way.row.dest)
        after = Here(way.row.dest, here.passed | (held & {*promise.all_of}), here.visited, way.into)
        judged = bool(held) and image is not None and not image.asking and image.state in promise.states
        yield after, way.row.trigger, _missing(promise, here, held) if judged else ()


def _place(here: Here) -> str:
    return f"{here.state} (v{here.version})" if here.version else here.state


def _visited(promise: Passes, before: frozenset[str], state: str) -> frozenset[str]:
    return (before | {state}) & {*promise.by_way_of}


def _missing(promise: Passes, here: Here, held: frozenset[str]) -> tuple[str, ...]:
    unchecked = (code for code in promise.all_of if code not in here.passed | held)
    unmade = (code for code in promise.last if code not in held)
    unseen = (state for state in promise.by_way_of if state not in here.visited)
    return (*unchecked, *unmade, *unseen)
