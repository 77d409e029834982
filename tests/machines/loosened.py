"""The care journey with one thing loosened: a guard, or a row."""

from collections.abc import Callable
from typing import Any

import msgspec

from casework.machines.care import CARE
from casework.machines.dossier import CARE_DOSSIER
from casework.machines.engine import Guard, Machine, Transition, compile_machine
from casework.machines.facts import Facts
from casework.machines.paths import Truths
from casework.machines.proofs import counterexample
from casework.machines.walks import Proof

EVIDENCE = tuple(axis.name for axis in CARE_DOSSIER.axes)


def guard_of(code: str) -> Guard[Facts]:
    return next(guard for row in CARE.definition.transitions for guard in row.guards if guard.code == code)


def guards_of(trigger: str) -> tuple[Guard[Facts], ...]:
    return next(row.guards for row in CARE.definition.transitions if row.trigger == trigger)


def with_rows(change: Callable[[Transition[Facts]], Transition[Facts]]) -> Machine[Facts]:
    """The care journey with each row changed."""
    return compile_machine(msgspec.structs.replace(CARE.definition, transitions=tuple(map(change, CARE.definition.transitions))))


def swapping(swap: dict[Guard[Facts], Guard[Facts]]) -> Machine[Facts]:
    """The care journey with some guards in the place of others, wherever they stand."""
    return with_rows(lambda row: msgspec.structs.replace(row, guards=tuple(swap.get(guard, guard) for guard in row.guards)))


def changing(trigger: str, **change: Any) -> Machine[Facts]:
    """The care journey with one row changed."""
    return with_rows(lambda row: msgspec.structs.replace(row, **change) if row.trigger == trigger else row)


def broken(machine: Machine[Facts], *axes: str) -> Proof:
    """Return the first promise a machine breaks, searching these axes of evidence."""
    proof = counterexample(machine, Truths(CARE_DOSSIER, axes or EVIDENCE))
    assert proof is not None
    assert proof.counterexample
    return proof
