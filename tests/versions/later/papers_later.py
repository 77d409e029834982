"""A second version of the identity papers: issued papers are called received, and a disputed one passes only when it is there."""

from typing import Any

import msgspec

from casework.machines.definitions import Migrates, Transition
from casework.machines.engine import compile_machine
from casework.machines.guards import papers as g
from casework.machines.identity_document import IDENTITY_DOCUMENT

CALLED = {"issued": "received"}
FIRST = IDENTITY_DOCUMENT.definition


def _named(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(CALLED.get(name, name) for name in names)


def _row(row: Transition[Any]) -> Transition[Any]:
    return msgspec.structs.replace(row, sources=_named(row.sources), dest=CALLED.get(row.dest, row.dest))  # type: ignore[arg-type]


IDENTITY_DOCUMENT_2 = compile_machine(
    msgspec.structs.replace(
        FIRST,
        version=2,
        states=tuple(msgspec.structs.replace(state, name=CALLED.get(state.name, state.name)) for state in FIRST.states),
        transitions=tuple(_row(row) for row in FIRST.transitions),
        passes=tuple(msgspec.structs.replace(promise, states=_named(promise.states)) for promise in FIRST.passes),
        follows=IDENTITY_DOCUMENT.digest,
        migrates=(Migrates(version=1, states=CALLED, asks={"disputed": (g.papers_issued,)}),),
    )
)
