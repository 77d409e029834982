"""Whether anything beside a case would stay open when the journey ends it (DOMAIN 7.1.4 I6): over every ending row and every live state."""

from collections.abc import Iterator, Mapping
from typing import Any

from casework.machines.effects import End, Fire, flattened
from casework.machines.engine import AnyLive, Definition, Machine, Transition

JOURNEY = "care_journey"
ENDS = ("closed", "voided", "aftercare")
GOES_ON: Mapping[str, frozenset[str]] = {
    "incident": frozenset(
        {"reported", "triaged", "protective_action", "notified", "investigating"}
        | {"substantiated", "unsubstantiated", "inconclusive", "sanctioned"}
    ),
    "referral": frozenset({"accepted", "in_service", "completed"}),
}
"""What outlives a case: an incident, if it is the death or in other hands (`services/closing.py`); and a service that was accepted."""
AT_HOME = frozenset(
    {"reported", "initial_assessment", "comprehensive_assessment", "care_planning", "family_care", "reintegration", "aftercare"}
)
"""States in which no placement is live: the journey's own promise `one_placement_that_fits`."""


def ending_faults(machines: Mapping[str, Machine[Any]]) -> Iterator[str]:
    """Yield every process that an ending row of the journey would leave open."""
    journey = machines[JOURNEY].definition if JOURNEY in machines else None
    at_home = _at_home(journey) if journey else frozenset()
    for row in (row for row in (journey.transitions if journey else ()) if row.dest in ENDS):
        for name, machine in machines.items():
            if machine.definition.about != "case" or (name == "placement" and _from_home(row, at_home)):
                continue
            left = {_led(row, machine, state.name) for state in machine.states.values() if state.kind != "final"}
            for state in sorted(left - GOES_ON.get(name, frozenset())):
                if machine.states[state].kind != "final":
                    yield f"{row.trigger}: leaves {name} open in {state}"


def _at_home(journey: Definition[Any]) -> frozenset[str]:
    """Return those states by the names they have now: one that a later version calls otherwise is still what it was."""
    called = {new for passing in journey.migrates for old, new in passing.states.items() if old in AT_HOME}
    return AT_HOME | called


def _from_home(row: Transition[Any], at_home: frozenset[str]) -> bool:
    return not isinstance(row.sources, AnyLive) and at_home.issuperset(row.sources)


def _led(row: Transition[Any], machine: Machine[Any], state: str) -> str:
    """Return where the effects of an ending row lead a process."""
    name = machine.definition.name
    for effect in flattened(row.effects):
        fired = Fire("placement", "end", "case") if isinstance(effect, End) else effect
        if isinstance(fired, Fire) and (fired.machine, fired.of) == (name, "case"):
            step = machine.transition(state, fired.trigger)
            state = step.dest if step is not None else state
    return state
