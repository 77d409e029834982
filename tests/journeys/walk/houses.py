"""How each step of a house's standing, and of the clearance of its staff, is brought about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, TypeAlias

from casework.machines.book import newest_machines
from casework.machines.facts import WITA
from casework.services import processes, registers
from casework.services.processes import AdvanceHost, AdvanceStaff
from tests.journeys.walk import beside, chart
from tests.journeys.walk.look import Look, Row, moment
from tests.journeys.walk.walker import Stuck
from tests.journeys.walk.world import Child, World

Step: TypeAlias = tuple[str, str, str]
Move: TypeAlias = Callable[[World, Row, str], None]
BUSY = 1_000
FIT = ("activate", "lift", "reinstate", "renew")
"""Steps for which a house must be in order."""
RELEASE: Step = ("host", "restricted", "release")
"""Made only where a child lives whose review was left."""
LOOKS = 5
"""So often the clock looks at a review until its house is held back."""
CLEARED = ("clear", "reinstate")
PRACTICE = 8
"""So many houses of their own there are at most: no child of the story lives there, so any of them may be lost."""


def day(world: World, days: int = 0) -> str:
    return (world.clock.at.astimezone(WITA).date() + timedelta(days=days)).isoformat()


def found_a_house(world: World) -> None:
    """Enter an institution whose papers are not there yet, with two members of staff."""
    number = len(world.houses) + 1
    ask = registers.AddHost(name=f"LKSA Tepian {number}", kind="lksa", licence_number="TD/CONTOH", capacity=5, caregivers=1)
    house = registers.add_host(world.store, world.call("bambang"), ask).id
    world.houses.append(house)
    world.failed.clear()
    for duty in ("pengasuh", "juru masak"):
        hire(world, house, duty)


def hire(world: World, house: str, duty: str) -> None:
    """Enter a member of staff whose papers are not there yet."""
    registers.add_staff(world.store, world.call("bambang"), registers.AddStaff(host=house, name=f"Petugas {duty}", duty=duty))


def put_in_order(world: World, house: str) -> None:
    """Renew the papers of a house, and clear whoever works there."""
    change = registers.ChangeHost(
        host=house, policy_dated=day(world), policy_disseminated=True, complaint_channel=True,
        licence_until=day(world, 900), accredited_until=day(world, 900),
    )  # fmt: skip
    registers.change_host(world.store, world.call("yusuf"), change)
    for row in world.rows("SELECT id, status FROM staff WHERE host_id = ?", house):
        if row["status"] not in {"left", "barred"}:
            renew(world, row["id"])
        if row["status"] not in {"left", "barred", "cleared"}:
            trigger = "reinstate" if row["status"] == "suspended" else "clear"
            processes.advance_staff(world.store, world.call("yusuf"), AdvanceStaff(host=house, staff=row["id"], trigger=trigger))


def renew(world: World, staff: str, *, days: int = 0) -> None:
    """Enter a police record of so many days ago, and a signed code."""
    change = registers.ChangeStaff(staff=staff, police_record_on=day(world, -days), code_signed_on=day(world, -days))
    registers.change_staff(world.store, world.call("bambang"), change)


def let_time(world: World, process: str) -> None:
    """Wait until the clock looks at a process, and let it."""
    wakes = world.rows("SELECT wakes_at FROM process WHERE id = ?", process)[0]["wakes_at"]
    if wakes:
        world.clock.at = max(world.clock.at, moment(wakes))
    before = steps_of(world, process)
    world.tick()
    if steps_of(world, process) == before:
        raise Stuck(f"time did nothing with {process}")


def steps_of(world: World, process: str) -> int:
    return int(world.rows("SELECT steps FROM process WHERE id = ?", process)[0]["steps"])


def move_house(world: World, row: Row, trigger: str) -> None:
    """Bring about a step of a house's standing."""
    house = row["id"]
    if trigger == "expire":
        registers.change_host(world.store, world.call("yusuf"), registers.ChangeHost(host=house, licence_until=day(world, 1)))
        let_time(world, house)
        return
    if trigger in FIT:
        put_in_order(world, house)
    processes.advance_host(world.store, world.call("yusuf"), AdvanceHost(host=house, trigger=trigger))


def move_staff(world: World, row: Row, trigger: str) -> None:
    """Bring about a step of a member of staff's clearance."""
    staff, house = row["id"], row["host_id"]
    if trigger in {"run_out", "expire"}:
        if trigger == "expire" and row["status"] == "cleared":
            registers.change_staff(world.store, world.call("bambang"), registers.ChangeStaff(staff=staff, police_record_on=None))
        else:
            renew(world, staff, days=330 if trigger == "run_out" else 365)
        let_time(world, staff)
        return
    if trigger in CLEARED:
        renew(world, staff)
    processes.advance_staff(world.store, world.call("yusuf"), AdvanceStaff(host=house, staff=staff, trigger=trigger))


def leave_the_review(world: World, child: Child) -> None:
    """Leave the review of a child until its house may take no more; then report on it: the house may again."""
    house = child.carer
    put_in_order(world, house)
    world.tick()
    for _ in range(LOOKS):
        if world.rows("SELECT status FROM host WHERE id = ?", house)[0]["status"] == "restricted":
            break
        review = world.rows("SELECT id FROM process WHERE case_id = ? AND machine = 'periodic_review' AND wakes_at IS NOT NULL", child.case)
        if not review:
            raise Stuck("the review is critical already, and its house is not held back")
        let_time(world, review[0]["id"])
    put_in_order(world, house)
    beside.report_on_the_review(child, None)
    beside.decide_the_review("approve")(child, None)
    world.tick()


def options(world: World, look: Look, taken: Counter[Step], goal: int, option: Callable[..., Any]) -> Iterator[Any]:
    """Yield what can be done with the houses kept for this, and their staff."""
    lacking = [step for machine in ("host", "staff") for step in _lacking(machine, taken, goal)]
    for machine, rows, move in (("host", look.houses, move_house), ("staff", look.staff, move_staff)):
        for row in rows:
            house = row["id"] if machine == "host" else row["host_id"]
            if house in world.houses:
                yield from _options(world, machine, row, move, taken, goal, option)
    if taken[RELEASE] < goal:
        for child in world.open_children:
            live = child.placement
            if live is not None and live["state"] == "institutional_care" and live["status"] in {"active", "unconfirmed"}:
                words = f"{child.name}: the review is left until the house is held back"
                yield option(0.5, words, RELEASE, lambda child=child: leave_the_review(world, child))
    if lacking and len(world.houses) < PRACTICE:
        yield option(0.3, "a house is entered", ("host", "", "open"), lambda: found_a_house(world))
    standing = [house for house in world.houses for row in look.houses if row["id"] == house and row["status"] != "revoked"]
    if standing and _lacking("staff", taken, goal):
        yield option(0.25, "somebody is hired", ("staff", "", "open"), lambda: hire(world, standing[-1], "pengasuh"))


def _lacking(machine: str, taken: Counter[Step], goal: int) -> list[Step]:
    arcs = ((machine, arc.source, arc.trigger) for arc in newest_machines()[machine].arcs)
    return [step for step in arcs if taken[step] < goal]


def _options(
    world: World,
    machine: str,
    row: Row,
    move: Callable[[World, Row, str], None],
    taken: Counter[Step],
    goal: int,
    option: Callable[..., Any],
) -> Iterator[Any]:
    state = row["status"]
    depth, trigger = chart.nearest(
        machine,
        state,
        lambda here, each: taken[machine, here, each] < goal and (machine, here, each) != RELEASE,
        lambda here, each: taken[machine, here, each] < BUSY and beside.may_be_made(machine, here, each),
    )
    if depth:
        words = f"{machine} {row['name']}: {trigger} out of {state}"
        yield option(1 / depth, words, (machine, state, trigger), lambda: move(world, row, trigger))
