"""Which machines there are: every one that a module of `casework.machines` holds. Nothing is registered, so nothing can be forgotten.

Adding a process is adding a file, and so is a new version beside an older one (`machines/versions.py`). How machines touch is checked here,
over all of them: what is fired exists, asks nothing more, no effect comes back to where it began; every deadline has its creator,
its canceller and its escalation; and what is urgent exists.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import casework.machines
from casework.errors import DefinitionError
from casework.machines.deadlines import own_tasks, timer_faults
from casework.machines.effects import Effect, Fire, Open, flattened
from casework.machines.endings import ending_faults
from casework.machines.engine import Machine, State
from casework.machines.urgent import urgent_faults
from casework.machines.versions import Key, version_faults

Link = tuple[tuple[str, str], tuple[str, str]]
"""(machine, trigger) brings about (machine, trigger); the trigger of a beginning is "open"."""
OPEN = "open"


@cache
def all_machines() -> tuple[Machine[Any], ...]:
    """Return every compiled machine once, ordered by name and version. Importing it has compiled it, so a faulty table raises here."""
    found: dict[Key, Machine[Any]] = {}
    for module in pkgutil.iter_modules(casework.machines.__path__, "casework.machines."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Machine):
                key = value.definition.name, value.definition.version
                if found.setdefault(key, value) is not value:
                    raise DefinitionError(f"{key[0]} {key[1]} is defined twice")
    known = dict(sorted(found.items()))
    newest = {name: machine for (name, _), machine in known.items()}
    faults = (
        *network_faults(newest),
        *timer_faults(newest),
        *ending_faults(newest),
        *version_faults(known),
        *fired_faults(known),
        *urgent_faults(newest),
    )
    if faults:
        raise DefinitionError("; ".join(faults))
    return tuple(known.values())


@cache
def by_version() -> Mapping[Key, Machine[Any]]:
    """Return every version of each machine, by name and version: whatever was begun by one goes on by it."""
    return {(machine.definition.name, machine.definition.version): machine for machine in all_machines()}


@cache
def newest_machines() -> Mapping[str, Machine[Any]]:
    """Return the newest version of each machine by name."""
    return {machine.definition.name: machine for machine in all_machines()}


def older_than(machine: Machine[Any]) -> Mapping[int, Machine[Any]]:
    """Return the older versions out of which something may pass into this one, by way of others too."""
    found: dict[int, Machine[Any]] = {}
    frontier = [machine]
    while frontier:
        versions = {migrates.version for each in frontier for migrates in each.definition.migrates} - found.keys()
        frontier = [by_version()[machine.definition.name, version] for version in versions]
        found |= {each.definition.version: each for each in frontier}
    return found


@cache
def journey() -> Machine[Any]:
    """Return the newest version of the journey: new cases open in it."""
    return next(machine for machine in newest_machines().values() if machine.definition.about == "journey")


@cache
def states_of(name: str) -> Mapping[str, State]:
    """Return every state that a machine has in any version, as the newest that has it calls it."""
    found: dict[str, State] = {}
    for machine in reversed(all_machines()):
        if machine.definition.name == name:
            found |= {state: value for state, value in machine.states.items() if state not in found}
    return found


@cache
def opened_by(form: str) -> tuple[Machine[Any], ...]:
    """Return the machines of which signing this form begins a process."""
    return tuple(machine for machine in newest_machines().values() if machine.definition.opened_by == form)


@cache
def tasks_of_its_own(name: str) -> frozenset[str]:
    """Return the kinds of task that belong to a process of this machine, not to its case."""
    return own_tasks(newest_machines(), name)


def links(machines: Mapping[str, Machine[Any]]) -> Iterator[Link]:
    """Yield who brings about what: the graph that `casework draw --all` shows."""
    for name, machine in machines.items():
        definition = machine.definition
        causes: list[tuple[str, tuple[Effect, ...]]] = [(OPEN, definition.opening)]
        causes += [(row.trigger, row.effects) for row in definition.transitions]
        for trigger, effects in causes:
            for effect in flattened(effects):
                if isinstance(effect, Fire):
                    yield (name, trigger), (effect.machine, effect.trigger)
                elif isinstance(effect, Open):
                    yield (name, trigger), (effect.machine, OPEN)


def network_faults(machines: Mapping[str, Machine[Any]]) -> Iterator[str]:
    """Yield what is wrong between machines: an unknown target, a fired step that could refuse, a loop."""
    after: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for cause, brought in links(machines):
        after.setdefault(cause, set()).add(brought)
        name, trigger = brought
        if name not in machines:
            yield f"{cause}: there is no machine {name}"
            continue
        rows = [row for row in machines[name].definition.transitions if row.trigger == trigger]
        if trigger != OPEN and not rows:
            yield f"{cause}: {name} has no step {trigger}"
        if any("system" not in row.by or row.guards or row.before for row in rows):
            yield f"{cause}: {name}.{trigger} is fired, so it must be the system's to make, without guards and approvals"
    for start in after:
        if _comes_back(start, after):
            yield f"{start}: its effects come back to it"


def fired_faults(known: Mapping[Key, Machine[Any]]) -> Iterator[str]:
    """Yield every row of any version that a step of any version fires and that asks something: a fired step is not decided about again."""
    fired = {brought for (name, _), machine in known.items() for _, brought in links({name: machine})}
    for (name, version), machine in known.items():
        for row in machine.definition.transitions:
            if (name, row.trigger) in fired and ("system" not in row.by or row.guards or row.before):
                yield f"{name} {version}: {row.trigger} is fired by a version of another machine, and asks something"


def _comes_back(start: tuple[str, str], after: Mapping[tuple[str, str], set[tuple[str, str]]]) -> bool:
    seen: set[tuple[str, str]] = set()
    frontier = {*after.get(start, ())}
    while frontier:
        if start in frontier:
            return True
        seen |= frontier
        frontier = {brought for each in frontier for brought in after.get(each, ())} - seen
    return False
