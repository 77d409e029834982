"""A second version of the care journey, as a maintainer would write one: a state called otherwise, a stricter row, a step less."""

from collections.abc import Mapping
from typing import Any

import msgspec

from casework.machines import guards as g
from casework.machines.care import CARE, SUPERVISOR
from casework.machines.definitions import AnyLive, Migrates, Transition
from casework.machines.engine import compile_machine

CALLED = {"initial_assessment": "first_assessment"}


def called(value: Any) -> Any:
    """Return a promise, or a part of one, in which states bear their new names."""
    if isinstance(value, str):
        return CALLED.get(value, value)
    if isinstance(value, tuple):
        return tuple(called(each) for each in value)
    if isinstance(value, msgspec.Struct):
        kept = {"name", "words", "law"}
        found: Mapping[str, Any] = {name: called(getattr(value, name)) for name in value.__struct_fields__ if name not in kept}
        return msgspec.structs.replace(value, **found)
    return value


def _row(row: Transition[Any]) -> Transition[Any]:
    sources = row.sources
    sources = AnyLive(called(sources.but), called(sources.also)) if isinstance(sources, AnyLive) else called(sources)
    row = msgspec.structs.replace(row, sources=sources, dest=called(row.dest))
    if row.trigger == "begin_comprehensive_assessment":
        return msgspec.structs.replace(row, guards=(*row.guards, g.child_view_recorded), approvals=(SUPERVISOR,))
    if row.trigger == "close_unfounded":
        return msgspec.structs.replace(row, trigger="close_as_unfounded")
    if row.trigger == "close_turned_18":
        return msgspec.structs.replace(row, sources=tuple(state for state in row.sources if state != "first_assessment"))  # type: ignore[union-attr]
    return row


FIRST = CARE.definition
LATER = msgspec.structs.replace(
    FIRST,
    version=2,
    states=tuple(msgspec.structs.replace(state, name=called(state.name)) for state in FIRST.states),
    transitions=tuple(_row(row) for row in FIRST.transitions),
    requires=called(FIRST.requires),
    follows=CARE.digest,
    migrates=(Migrates(version=1, states=CALLED, stays=("institution_unverified",), triggers={"close_unfounded": "close_as_unfounded"}),),
)
CARE_2 = compile_machine(LATER)
