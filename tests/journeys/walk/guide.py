"""What to go for next: of everything that can be done in a world now, what brings most that was seldom done before.

Every step of every table counts, but those of `NEVER` that no way of using the program brings about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, TypeAlias

import msgspec

from casework.machines.book import OPEN, newest_machines
from casework.machines.effects import End, Fire, Open, Reserve, Resume, Start, StartSame, flattened
from casework.machines.engine import Transition
from casework.machines.facts import Facts
from tests.journeys.walk import beside, chart, houses, offices
from tests.journeys.walk.look import Look, Row
from tests.journeys.walk.world import Child, World

Step: TypeAlias = tuple[str, str, str]
UNPLANNED = frozenset({"place_in_emergency", "emergency_after_missing", "reopen_in_emergency"})
NEVER: dict[Step, str] = {
    ("placement", "proposed", "cancel"): "a placement is proposed and offered, or approved, in one entry",
    ("placement", "approved", "cancel"): "a placement is approved and begun in one entry",
}
"""Steps of the tables that nothing brings about, and why: they are there so that it is proved that no end of a case leaves a placement."""
WANTED: frozenset[Step] = frozenset(
    (name, arc.source, arc.trigger) for name, machine in newest_machines().items() for arc in machine.arcs
) - {*NEVER}
DEEPEST, FURTHEST = 5, 12
"""A way to what is needed has so many moves at most; and where nothing is as near as that."""
WIDEST = 2_000
"""So many standings are looked at then."""
NEAR = 3
"""A way to a move that brings about a step of a process has so many moves at most."""
LEADS_ON = 0.5
"""What a step is worth that only leads to one that is needed."""
BLOCKED = 1_000
"""As often as that a step counts as taken that could not be brought about."""


class Option(msgspec.Struct, frozen=True):
    """Something that can be done now: how much it is worth, in words, and the doing. `step` is what it is for."""

    worth: float
    words: str
    step: Step
    do: Callable[[], Any]


@cache
def brings(row: Transition[Facts]) -> frozenset[tuple[str, str]]:
    """Return which steps of processes, as (machine, trigger), a move of the journey brings about; the trigger of a beginning is `open`."""
    found: set[tuple[str, str]] = set()
    for effect in flattened(row.effects):
        match effect:
            case Fire():
                found.add((effect.machine, effect.trigger))
            case Open():
                found.add((effect.machine, OPEN))
            case Start() | StartSame() | End():
                found.add(("placement", "disrupt" if row.trigger in UNPLANNED else "end"))
            case Reserve():
                found.add(("placement", "reserve"))
            case Resume():
                found.add(("placement", "resume"))
            case _:
                pass
    if any(isinstance(effect, Start) for effect in row.effects):
        found.add(("placement", OPEN))
    return frozenset(found)


def counted(world: World) -> Counter[Step]:
    """Return how often each step was taken, where what could not be brought about counts as taken."""
    taken: Counter[Step] = Counter(world.tally.taken)
    for step, times in world.failed.items():
        if times > 1:
            taken[step] += BLOCKED
    for step in NEVER:
        taken[step] += BLOCKED
    return taken


def options(world: World, goal: int, *, deep: bool = False) -> list[Option]:
    """Return what can be done now for a step taken fewer than `goal` times, what is worth most first. `deep` looks far ahead."""
    taken, look = counted(world), world.look()
    found: list[Option] = []
    for child in world.open_children:
        child.know()
        found += _moves(world, child, look, taken, goal, deep=deep)
        found += _steps_beside(world, child, look, taken, goal)
    found += houses.options(world, look, taken, goal, Option)
    found += offices.options(world, look, taken, goal, Option)
    return sorted(found, key=lambda option: -option.worth / (1 + world.tried[option.words]))


def _moves(world: World, child: Child, look: Look, taken: Counter[Step], goal: int, *, deep: bool) -> Iterator[Option]:
    """Yield the moves of the journey: those that are needed themselves, or bring about what is needed beside; else a way there."""
    here = child.walker.here
    going = {(row["machine"], row["state"]) for row in look.live.get(child.case, [])}

    def gain(standing: chart.Standing, row: Transition[Facts]) -> float:
        own = chart.taken_at(taken, standing, row)
        return 0.0 if own >= BLOCKED else (own < goal) + sum(_brought(each, going, taken, goal) for each in brings(row))

    now = {row.trigger: gain(here, row) for row in chart.steps(here)}
    for trigger, worth in now.items():
        if worth:
            yield _move(world, child, trigger, worth / 3)
    if not any(worth >= 1 for worth in now.values()):
        deepest, most = (FURTHEST, WIDEST) if deep else (DEEPEST, chart.MOST)
        depth, triggers = chart.ways(here, lambda standing, row: chart.taken_at(taken, standing, row) < goal, deepest=deepest, most=most)
        yield from (_move(world, child, trigger, 1 / (3 * depth)) for trigger in triggers[:3])
    for machine, state in sorted(going):
        yield from _ways_beside(world, child, machine, state, taken, goal)


def _ways_beside(world: World, child: Child, machine: str, state: str, taken: Counter[Step], goal: int) -> Iterator[Option]:
    """Yield moves towards one that brings about a needed step of a process, on which the process stays where it is."""
    table = newest_machines()[machine]
    lacking = [trigger for trigger in table.triggers_from(state) if taken[machine, state, trigger] < goal]
    needed = {(machine, trigger) for trigger in lacking if not beside.may_be_made(machine, state, trigger)}
    if not needed:
        return

    def stays(row: Transition[Facts]) -> bool:
        return not any(each == machine and table.transition(state, trigger) for each, trigger in brings(row))

    depth, triggers = chart.ways(child.walker.here, lambda _, row: bool(needed & brings(row)), deepest=NEAR, passable=stays)
    if depth > 1:
        yield from (_move(world, child, trigger, 1 / (3 * depth)) for trigger in triggers[:2])


def _brought(step: tuple[str, str], going: set[tuple[str, str]], taken: Counter[Step], goal: int) -> float:
    """Return what it is worth that a move brings about a step of a process as it stands: itself, or where that leads."""
    machine, trigger = step
    table = newest_machines()[machine]
    if trigger == OPEN:
        missing = not any(each == machine for each, _ in going)
        return LEADS_ON if missing and _worth_beginning(machine, taken, goal) else 0.0
    worth = 0.0
    for each, state in going:
        row = table.transition(state, trigger) if each == machine else None
        if row is not None:
            new = taken[machine, state, trigger] < goal
            worth += 1.0 if new else LEADS_ON * any(taken[machine, row.dest, then] < goal for then in table.triggers_from(row.dest))
    return worth


def _move(world: World, child: Child, trigger: str, worth: float) -> Option:
    step = (chart.CARE_JOURNEY, child.walker.here.state, trigger)
    return Option(worth, f"{child.name}: {trigger} out of {step[1]}", step, lambda: world.move(child, trigger))


def _steps_beside(world: World, child: Child, look: Look, taken: Counter[Step], goal: int) -> Iterator[Option]:
    going = look.live.get(child.case, [])
    for row in going:
        depth, trigger = way(row["machine"], row["state"], taken, goal)
        if depth:
            yield _step(world, child, row, trigger, 1 / depth)
    for machine, begin in beside.OPENED_BY.items():
        unopened = not any(row["machine"] == machine and row["state"] not in {"active", "reserved"} for row in going)
        depth = _worth_beginning(machine, taken, goal)
        if depth and unopened and child.walker.here.state in newest_states():
            draw = len(world.told)
            words = f"{child.name}: begins a {machine}"
            yield Option(1 / (depth + 1), words, (machine, "", OPEN), lambda begin=begin, draw=draw: begin(child, draw))  # type: ignore[misc]


def _worth_beginning(machine: str, taken: Counter[Step], goal: int) -> int:
    """Return how many steps away a needed one is from the beginning of a process, whoever makes it; 0 for none."""
    table = newest_machines()[machine]
    here = any(taken[machine, table.definition.initial, trigger] < goal for trigger in table.triggers_from(table.definition.initial))
    return 1 if here else way(machine, table.definition.initial, taken, goal)[0]


def newest_states() -> frozenset[str]:
    """Return the states in which something new may begin beside a case."""
    return frozenset(state for state in newest_machines()[chart.CARE_JOURNEY].states if state not in {"closed", "voided", "aftercare"})


def _step(world: World, child: Child, row: Row, trigger: str, worth: float) -> Option:
    step = (row["machine"], row["state"], trigger)
    words = f"{child.name}: {row['machine']} {trigger} out of {row['state']}"
    return Option(worth, words, step, lambda: beside.make(child, row, trigger, world.tick))


def way(machine: str, state: str, taken: Counter[Step], goal: int) -> tuple[int, str]:
    """Return how many steps away the nearest needed step of a process is, and the first trigger to it that people or time can make."""

    def may(here: str, trigger: str) -> bool:
        return taken[machine, here, trigger] < BLOCKED and beside.may_be_made(machine, here, trigger)

    return chart.nearest(machine, state, lambda here, trigger: taken[machine, here, trigger] < goal, may)
