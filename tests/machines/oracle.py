"""The domain's own list of arcs, and how a machine's table is compared with it."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from casework.machines.engine import Approval, Machine

ARCS_FILE = Path(__file__).parent.parent / "data" / "care_journey_arcs.csv"


class Listed(msgspec.Struct, frozen=True, order=True):
    """One arc as the domain lists it. Guards are a set: their order says nothing."""

    source: str
    trigger: str
    dest: str
    by: tuple[str, ...]
    approvals: tuple[str, ...]
    guards: tuple[str, ...]


@cache
def listed_by_the_domain() -> tuple[Listed, ...]:
    with ARCS_FILE.open(encoding="utf-8", newline="") as file:
        return tuple(sorted(_listed(row) for row in csv.DictReader(file)))


def listed_by(machine: Machine[Any]) -> tuple[Listed, ...]:
    """Return the arcs that the compiled machine answers for, in the oracle's own terms."""
    return tuple(sorted(_answered(machine, state, trigger) for state in machine.states for trigger in machine.triggers_from(state)))


def differences(machine: Machine[Any]) -> tuple[str, ...]:
    """Return every arc in which a machine and the domain differ, a readable line each."""
    mine, domain = {*listed_by(machine)}, {*listed_by_the_domain()}
    return tuple(f"not in the domain: {arc}" for arc in sorted(mine - domain)) + tuple(f"missing: {arc}" for arc in sorted(domain - mine))


def _listed(row: dict[str, str]) -> Listed:
    return Listed(
        row["from"],
        row["trigger"],
        row["to"],
        _words(row["proposed_by"]),
        _words(row["approvals_in_order"]),
        tuple(sorted(_words(row["guards"]))),
    )


def _answered(machine: Machine[Any], state: str, trigger: str) -> Listed:
    row = machine.transition(state, trigger)
    if row is None:
        raise LookupError(trigger)
    dest = state if row.dest == "@same" else row.dest
    return Listed(state, trigger, dest, row.by, tuple(map(_approval, row.approvals)), tuple(sorted(guard.code for guard in row.guards)))


def _approval(approval: Approval) -> str:
    """Ratifications follow within 24 hours: that is the oracle's `@24h`."""
    return approval.role if approval.after is None else f"{approval.role}@24h"


def _words(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(";")) if cell else ()
