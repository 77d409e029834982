"""What a process beside the journey promises of every path, proved by walking all of them.

A configuration is a state with the sets of guards that have held and of states passed on the way there: finite, so every path of any length
is covered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from casework.machines.engine import HELD, SAME, Machine, Transition
from casework.machines.invariants import Passes
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


def prove_walks(machine: Machine[Any]) -> tuple[Proof, ...]:
    """Prove that every state is reached and left towards an end, and everything that the definition promises (`passes`)."""
    return (_reachable(machine), _ends(machine), *(_kept(machine, promise) for promise in machine.definition.passes))


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


def _kept(machine: Machine[Any], promise: Passes) -> Proof:
    granted = frozenset(promise.all_of if promise.only_after else ())
    start = Here(machine.definition.initial, granted, _visited(promise, frozenset(), machine.definition.initial))
    ways: dict[Here, tuple[str, ...]] = {start: (start.state,)}
    frontier, examined = [start], 0
    while frontier:
        following = []
        for here in frontier:
            for row, dest in _leaving(machine, here.state):
                examined += 1
                held = frozenset(guard.code for guard in row.guards)
                before = frozenset[str]() if dest == promise.since else here.visited
                passed = frozenset[str]() if dest == promise.since else here.passed | held
                after = Here(dest, passed & {*promise.all_of}, _visited(promise, before, dest))
                way = (*ways[here], f"{row.trigger} -> {dest}")
                if dest in promise.states and dest != here.state and (missing := _missing(promise, here, held)):
                    return Proof(promise.name, promise.words, examined, (*way, f"without {', '.join(missing)}"))
                if after not in ways:
                    ways[after] = way
                    following.append(after)
        frontier = following
    return Proof(promise.name, promise.words, examined)


def _visited(promise: Passes, before: frozenset[str], state: str) -> frozenset[str]:
    return (before | {state}) & {*promise.by_way_of}


def _missing(promise: Passes, here: Here, held: frozenset[str]) -> tuple[str, ...]:
    unchecked = (code for code in promise.all_of if code not in here.passed | held)
    unmade = (code for code in promise.last if code not in held)
    unseen = (state for state in promise.by_way_of if state not in here.visited)
    return (*unchecked, *unmade, *unseen)
