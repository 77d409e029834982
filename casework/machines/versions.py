"""Versions of one machine beside each other: which states pass over into a newer one, and what keeps an older one from being edited.

An older version stays in the program as its own module, unchanged: whoever started by it is decided by it to the end. Guards are shared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from casework.machines.definitions import Guard, Migrates
from casework.machines.engine import Machine

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
