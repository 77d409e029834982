"""Versions of one machine beside each other: which states pass over into a newer one, and what keeps an older one from being edited.

An older version stays in the program as its own module, unchanged: whoever started by it is decided by it to the end. Guards are shared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from casework.machines.definitions import HELD, Guard, Migrates, Transition
from casework.machines.engine import Machine
from casework.machines.invariants import Doors, Ends, Invariant, Never, Passes

MIGRATE = "migrate"
"""The step by which something passes into a newer version: nobody's trigger."""
Key = tuple[str, int]
"""Name and version of a machine."""


class Crossing(msgspec.Struct, frozen=True):
    """A way from a state of an older version into one of a newer: what of the case must hold at that moment."""

    source: str
    dest: str
    asks: tuple[Guard[Any], ...] = ()


def declared(machine: Machine[Any], version: int) -> Migrates[Any] | None:
    """Return what a machine declares of passing over from an older version; None: nothing may."""
    return next((each for each in machine.definition.migrates if each.version == version), None)


def crossings(machine: Machine[Any], version: int) -> Mapping[str, Crossing]:
    """Return, by the state of an older version, how that passes over into this machine. What is not here stays where it is."""
    migrates = declared(machine, version)
    if migrates is None:
        return {}
    ways = {state: state for state in machine.states} | dict(migrates.states)
    return {
        source: Crossing(source, dest, tuple(migrates.asks.get(source, ())))
        for source, dest in ways.items()
        if source not in migrates.stays and dest in machine.states
    }


def renamed(machine: Machine[Any], version: int, trigger: str, *states: str) -> tuple[str, ...]:
    """Return a step and states of an older version by the names that they bear in this machine; what does not pass over keeps its own."""
    migrates, ways = declared(machine, version), crossings(machine, version)
    called = migrates.triggers.get(trigger, trigger) if migrates else trigger
    return called, *(ways[state].dest if state in ways else state for state in states)


def version_faults(known: Mapping[Key, Machine[Any]]) -> Iterator[str]:
    """Yield what is wrong between the versions of each machine: one is missing, one was edited, or what they declare of each other."""
    for (name, version), machine in known.items():
        before = known.get((name, version - 1))
        if version < 1 or (version > 1 and before is None):
            yield f"{name} {version}: there is no version {version - 1} before it"
            continue
        if machine.definition.follows != (before.digest if before else ""):
            yield f"{name} {version}: it follows another version {version - 1} than is here; what was published is never edited"
        for migrates in machine.definition.migrates:
            if machine.definition.about in {"host", "staff"} or name == "placement":
                yield from (f"{name} {version}: a register calls its states by name: {state} keeps its own" for state in migrates.states)
            older = known.get((name, migrates.version))
            if older is None or migrates.version >= version:
                yield f"{name} {version}: nothing passes over from version {migrates.version}"
            else:
                yield from (f"{name} {version}: {fault}" for fault in _undeclared(migrates, older, machine))
        if before is not None:
            yield from (f"{name} {version}: {fault}" for fault in _other_meanings(before, machine))


def _undeclared(migrates: Migrates[Any], older: Machine[Any], newer: Machine[Any]) -> Iterator[str]:
    old_triggers, new_triggers = ({row.trigger for row in machine.definition.transitions} for machine in (older, newer))
    named = {*migrates.states, *migrates.stays, *migrates.asks} - older.states.keys()
    yield from (f"version {migrates.version} has no state {name}" for name in sorted(named))
    yield from (f"it has no state {name}" for name in sorted({*migrates.states.values()} - newer.states.keys()))
    yield from (f"version {migrates.version} has no step {name}" for name in sorted({*migrates.triggers} - old_triggers))
    yield from (f"it has no step {name}" for name in sorted({*migrates.triggers.values()} - new_triggers))


def _other_meanings(older: Machine[Any], newer: Machine[Any]) -> Iterator[str]:
    """A guard's code is what approvals, entries and digests name it by: so it means the same in every version."""
    meanings = {guard.code: guard for guard in guards_of(older)}
    for guard in guards_of(newer):
        if meanings.setdefault(guard.code, guard) is not guard:
            yield f"guard {guard.code} means something else than in the version before"


def guards_of(machine: Machine[Any]) -> Iterator[Guard[Any]]:
    """Yield every guard of a machine, as often as it is named."""
    definition = machine.definition
    yield from (guard for row in definition.transitions for guard in row.guards)
    yield from definition.conditions
    yield from (guard for migrates in definition.migrates for guards in migrates.asks.values() for guard in guards)


class Change(msgspec.Struct, frozen=True):
    """How a step differs in another version: guards asked newly and no more, and the roles that approve, before and now."""

    trigger: str
    asked: tuple[str, ...]
    dropped: tuple[str, ...]
    approved_by: tuple[str, ...]
    approved_by_now: tuple[str, ...]


class Difference(msgspec.Struct, frozen=True):
    """What another version means where something stands: steps that appear and disappear, and those that are asked otherwise."""

    appear: tuple[str, ...] = ()
    disappear: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()


def difference(older: Machine[Any], newer: Machine[Any], way: Crossing) -> Difference:
    """Compare what can be done where something stands with what can be done where it would arrive."""
    version = older.definition.version
    before = {renamed(newer, version, trigger)[0]: older.transition(way.source, trigger) for trigger in older.triggers_from(way.source)}
    now = {trigger: newer.transition(way.dest, trigger) for trigger in newer.triggers_from(way.dest)}
    both = ((trigger, row, now[trigger]) for trigger, row in before.items() if trigger in now)
    changes = (_change(trigger, row, other) for trigger, row, other in both if row is not None and other is not None)
    return Difference(
        appear=tuple(trigger for trigger in now if trigger not in before),
        disappear=tuple(trigger for trigger in before if trigger not in now),
        changed=tuple(change for change in changes if change.asked or change.dropped or change.approved_by != change.approved_by_now),
    )


def _change(trigger: str, before: Transition[Any], now: Transition[Any]) -> Change:
    old, new = ([guard.code for guard in row.guards] for row in (before, now))
    asked, dropped = tuple(code for code in new if code not in old), tuple(code for code in old if code not in new)
    return Change(trigger, asked, dropped, *(tuple(approval.role for approval in row.approvals) for row in (before, now)))


class Past(msgspec.Struct, frozen=True):
    """One step that was made, in the names of the newer version, with the guards that held."""

    trigger: str
    source: str
    dest: str
    held: frozenset[str] = frozenset()


def past_of(machine: Machine[Any], version: int, trigger: str, source: str, dest: str, *held: str) -> Past:
    """Return a step of an older version as the newer one calls it."""
    called, came_from, led_to = renamed(machine, version, trigger, source, dest)
    return Past(called, came_from, led_to, frozenset(held))


def broken_by(machine: Machine[Any], past: Sequence[Past]) -> Iterator[str]:
    """Yield every promise of a machine that a history breaks by where it has led: what its own steps could never have done.

    What is asked of evidence is not looked at again: the proof has shown that the older version asks it too, or the passing asks it anew.
    """
    arrival = next((step for step in reversed(past) if step.dest != step.source), None)
    if arrival is not None:
        yield from (promise.name for promise in machine.definition.requires if _entered_past(machine, promise, arrival))
    yield from (promise.name for promise in machine.definition.passes if past and _unkept(promise, past))


def _entered_past(machine: Machine[Any], promise: Invariant, step: Past) -> bool:
    """Whether a step came where no door of the promise leads, or straight from where it never may."""
    if isinstance(promise, Doors) and promise.state == step.dest:
        row = machine.transition(step.source, step.trigger)
        back = row is not None and row.dest == HELD
        return not back and not any(door.trigger == step.trigger and step.source in door.sources for door in promise.doors)
    if isinstance(promise, Never) and step.trigger not in promise.unless:
        return step.source in promise.sources and step.dest in promise.dests
    return False


def _unkept(promise: Passes, past: Sequence[Past]) -> bool:
    """Whether what stands in one of the promise's states came there without what it promises."""
    passed = {*promise.all_of} if promise.only_after else set()
    visited: set[str] = set()
    kept = True
    for step in past:
        if step.dest in promise.states and step.dest != step.source:
            kept = passed | step.held >= {*promise.all_of} and step.held >= {*promise.last} and visited >= {*promise.by_way_of}
        passed |= step.held
        visited.add(step.dest)
        if step.dest == promise.since:
            passed, visited = set(), set()
    return past[-1].dest in promise.states and not kept


def ends_of(machine: Machine[Any]) -> Collection[str]:
    """Return the states in which a machine ends."""
    promised = next((promise for promise in machine.definition.requires if isinstance(promise, Ends)), None)
    return promised.states if promised else [state.name for state in machine.definition.states if state.kind == "final"]


def digest_of(machine: Machine[Any], older: Mapping[int, Machine[Any]], items: Iterable[tuple[str, int]]) -> str:
    """SHA-256 (hex) over what is approved: the definitions between which something passes, and the list of what does."""
    listed = sorted(items)
    between = [(version, older[version].digest) for version in sorted({version for _, version in listed})]
    body = [machine.definition.name, machine.definition.version, machine.digest, between, listed]
    return hashlib.sha256(msgspec.json.encode(body, order="sorted")).hexdigest()
