"""The hand-written lists of arcs of processes beside the journey, and how a machine's table is compared with them."""

import csv
from pathlib import Path
from typing import Any

import msgspec

from casework.machines.engine import Machine

FOLDER = Path(__file__).parent.parent / "data"


class Listed(msgspec.Struct, frozen=True, order=True):
    """One arc as its list has it. Guards are a set: their order says nothing."""

    source: str
    trigger: str
    dest: str
    by: tuple[str, ...]
    guards: tuple[str, ...]


def listed(machine: str) -> tuple[Listed, ...]:
    """Return the hand-written arcs of a machine."""
    with (FOLDER / f"{machine}_arcs.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            sorted(
                Listed(row["from"], row["trigger"], row["to"], _words(row["proposed_by"]), tuple(sorted(_words(row["guards"]))))
                for row in csv.DictReader(file)
            )
        )


def answered(machine: Machine[Any]) -> tuple[Listed, ...]:
    """Return the arcs that a compiled machine answers for."""
    rows = ((state, trigger, machine.transition(state, trigger)) for state in machine.states for trigger in machine.triggers_from(state))
    return tuple(
        sorted(
            Listed(state, trigger, state if row.dest == "@same" else row.dest, row.by, tuple(sorted(guard.code for guard in row.guards)))
            for state, trigger, row in rows
            if row is not None
        )
    )


def differences(machine: Machine[Any]) -> tuple[str, ...]:
    """Return every arc in which a machine and its list differ, a readable line each."""
    mine, domain = {*answered(machine)}, {*listed(machine.definition.name)}
    return tuple(f"not in the domain: {arc}" for arc in sorted(mine - domain)) + tuple(f"missing: {arc}" for arc in sorted(domain - mine))


def _words(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(";")) if cell else ()
