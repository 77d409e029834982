"""Whether every deadline has who creates it, what settles it and what happens when it passes: the check of `machines/timers.py`."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from casework.machines.effects import ABOUT, LEFT_BEHIND, Done, Due, EachChild, Effect, Open, Reserve, flattened
from casework.machines.engine import SAME, Machine
from casework.machines.forms import KINDS
from casework.machines.limits import LIMITS, Limit
from casework.machines.parameters import Parameters
from casework.machines.settling import BY_HAND, ESCALATED, RESERVED, SIGNED
from casework.machines.timer import ROWS, Timer
from casework.machines.timers import TIMERS

Machines: TypeAlias = Mapping[str, Machine[Any]]
UNITS = ("_hours", "_days", "_workdays", "_months")


def effects_of(machine: Machine[Any]) -> Iterator[tuple[str, Effect]]:
    """Yield every effect with the trigger that brings it; "open" for the beginning of a process."""
    definition = machine.definition
    for trigger, effects in (("open", definition.opening), *((row.trigger, row.effects) for row in definition.transitions)):
        yield from ((trigger, effect) for effect in flattened(effects))


def creators(machines: Machines) -> dict[str, list[str]]:
    """Return, for each parameter that tables use as a deadline, the `machine.trigger` that start its clock."""
    found: dict[str, dict[str, None]] = {}
    for name, machine in machines.items():
        used = [(trigger, key) for trigger, effect in effects_of(machine) for key in _within(effect)]
        rows = machine.definition.transitions
        used += [(row.trigger, approval.after) for row in rows for approval in row.approvals if approval.after]
        used += [(trigger, key) for row in rows for key in getattr(row.wakes, "keys", ()) for trigger in _entering(machine, row.trigger)]
        for trigger, key in used:
            found.setdefault(key, {})[f"{name}.{trigger}"] = None
    return {key: [*rows] for key, rows in found.items()}


def tasks(machines: Machines) -> dict[str, list[str]]:
    """Return, for each parameter, the kinds of task that are due after it."""
    found: dict[str, dict[str, None]] = {}
    for machine in machines.values():
        for _, effect in effects_of(machine):
            due = effect.due if isinstance(effect, EachChild) else effect
            if isinstance(due, Due):
                found.setdefault(due.within, {})[due.task] = None
    return {key: [*kinds] for key, kinds in found.items()}


def own_tasks(machines: Machines, name: str) -> frozenset[str]:
    """Return the kinds of task that belong to the process of a machine which asked for them: no other process settles them.

    They are those that its table asks for and settles, or that only somebody's word settles. The case's own is what is asked when a process
    has ended, and what a process asks for that rows open: of those a case has one at a time.
    """
    machine, everything = machines[name], [effect for each in machines.values() for _, effect in effects_of(each)]
    if machine.definition.about == "journey" or any(isinstance(effect, Open) and effect.machine == name for effect in everything):
        return frozenset()
    done = {effect.task for _, effect in effects_of(machine) if isinstance(effect, Done)}
    asked = {effect.task for _, effect in effects_of(machine) if isinstance(effect, Due)}
    ending = [row for row in machine.definition.transitions if row.dest != SAME and machine.states[row.dest].kind == "final"]
    last = {effect.task for row in ending for effect in flattened(row.effects) if isinstance(effect, Due)}
    return frozenset(task for task in asked - last if task in done or _settlers(machines, task) == ("hand",))


def settled_by(machines: Machines, task: str, askers: Collection[str] = ()) -> tuple[str, ...]:
    """Return what settles a task: forms, somebody's word, the steps that declare it done, and leaving the state it belongs to.

    `askers` are the machines that ask for it: what belongs to a process, no other one settles.
    """
    return tuple(code for code in _settlers(machines, task) if not _of_another(machines, task, code, askers))


def _settlers(machines: Machines, task: str) -> tuple[str, ...]:
    steps = [
        f"step:{name}.{trigger}"
        for name, machine in machines.items()
        for trigger, effect in effects_of(machine)
        if isinstance(effect, Done) and effect.task == task
    ]
    leaving = any(task in kinds for table in (LEFT_BEHIND, ABOUT) for kinds in table.values())
    forms = [f"form:{form}" for form in SIGNED.get(task, ())]
    return (*forms, *dict.fromkeys(steps), *(["hand"] if task in BY_HAND else []), *(["leaving"] if leaving else []))


def _of_another(machines: Machines, task: str, code: str, askers: Collection[str]) -> bool:
    name = code.removeprefix("step:").partition(".")[0] if code.startswith("step:") else ""
    return bool(name) and name not in askers and task in own_tasks(machines, name)


def timer_faults(machines: Machines, timers: Iterable[Timer] = TIMERS, limits: Iterable[Limit] = LIMITS) -> Iterator[str]:
    """Yield every deadline without creator, canceller or escalation, and every span of time that stands nowhere or twice."""
    timers, limits = tuple(timers), tuple(limits)
    told = [*(row.parameter for row in timers), *(row.parameter for row in limits)]
    spans = {name for name in Parameters.__struct_fields__ if name.endswith(UNITS)}
    yield from (f"{name}: stands in no table of timers" for name in sorted(spans - {*told}))
    yield from (f"{name}: no parameter that counts time" for name in sorted({*told} - spans))
    yield from (f"{name}: stands twice" for name in sorted({name for name in told if told.count(name) > 1}))
    started, asked = creators(machines), tasks(machines)
    deadlines = {timer.parameter for timer in timers}
    yield from (f"{name}: started by {started[name][0]}, but no timer" for name in sorted(started.keys() - deadlines))
    for timer in timers:
        yield from _timer_faults(timer, started.get(timer.parameter, []), asked.get(timer.parameter, []), machines)
    for limit in limits:
        yield from (f"{limit.parameter}: nobody counts with it" for _ in range(not limit.where))
        yield from (f"{limit.parameter}: {code} is unknown" for code in limit.where if not _known(code, machines))
    for name, machine in machines.items():
        for row in machine.definition.transitions:
            if row.wakes is not None and not hasattr(row.wakes, "keys"):
                yield f"{name}.{row.trigger}: its clock does not say what it counts with"


def _timer_faults(timer: Timer, started: list[str], kinds: list[str], machines: Machines) -> Iterator[str]:
    name = timer.parameter
    if not timer.creator or (timer.creator == ROWS and not started):
        yield f"{name}: nothing creates it"
    if started and "rows" not in timer.creator:
        yield f"{name}: does not say that {started[0]} starts it"
    if not timer.canceller and not kinds:
        yield f"{name}: nothing cancels it"
    askers = {row.partition(".")[0] for row in started}
    yield from (f"{name}: nothing settles {kind}" for kind in kinds if not settled_by(machines, kind, askers))
    if not timer.escalation:
        yield f"{name}: nothing happens when it passes"
    if "rows" in timer.creator:
        yield from (
            f"{name}: nobody is reminded of {kind} every day" for kind in kinds if "daily" in timer.escalation and kind not in ESCALATED
        )
        yield from (f"{name}: does not say that {kind} is daily" for kind in kinds if "daily" not in timer.escalation and kind in ESCALATED)
        reserved = (kind for kind in kinds if kind in RESERVED)
        yield from (f"{name}: no worker is told of {kind}" for kind in reserved if "overdue" in timer.escalation)
    codes = (*(code for code in timer.creator if code not in ROWS), *timer.canceller, *timer.escalation)
    yield from (f"{name}: {code} is unknown" for code in codes if not _known(code, machines))


def _entering(machine: Machine[Any], trigger: str) -> tuple[str, ...]:
    """Return the steps after which the clock of a step runs: those that lead to where it may start."""
    starts = {arc.source for arc in machine.arcs if arc.trigger == trigger}
    opened = ["open"] if machine.definition.initial in starts else []
    rows = machine.definition.transitions
    return (*opened, *dict.fromkeys(row.trigger for row in rows if row.dest in starts and row.trigger != trigger))


def _within(effect: Effect) -> tuple[str, ...]:
    if isinstance(effect, EachChild):
        return (effect.due.within,)
    return (effect.within,) if isinstance(effect, Due | Open | Reserve) and effect.within else ()


def _known(code: str, machines: Machines) -> bool:
    """Whether a code names something that exists. Services are a floor above: a test looks there."""
    kind, _, what = code.partition(":")
    match kind:
        case "step":
            name, _, trigger = what.partition(".")
            return name in machines and any(row.trigger == trigger for row in machines[name].definition.transitions)
        case "guard":
            return any(what in _guards(machine) for machine in machines.values())
        case "form":
            return what in KINDS
        case _:
            return kind in {"service", "decision", "overdue", "led", "waiting", "daily", "leaving", "hand"}


def _guards(machine: Machine[Any]) -> Iterator[str]:
    definition = machine.definition
    yield from (guard.code for guard in definition.conditions)
    yield from (guard.code for row in definition.transitions for guard in row.guards)
