"""What time alone makes true (DOMAIN 7.1.4). An alarm is no broken law: nobody need have done wrong. But nobody may overlook it.

Each alarm names the cases it is true of, and the tasks in a work list, or processes in the clock's, by which somebody is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from casework.machines.facts import WITA
from casework.services.caseload import overdue_tasks
from casework.store.call import Call
from tests.journeys.walk.laws import OUT_OF_HOME
from tests.journeys.walk.look import Look, moment
from tests.journeys.walk.town import ADULT, PARAMS
from tests.journeys.walk.world import World

Alarm = Callable[[Look], Iterator[tuple[str, str]]]


def overdue(*kinds: str) -> Alarm:
    """Return the alarm that tasks of these kinds are late."""

    def alarm(look: Look) -> Iterator[tuple[str, str]]:
        for task in look.tasks:
            if task["kind"] in kinds and moment(task["due_at"]) < look.at:
                yield task["case_id"], task["id"]

    return alarm


def anything_overdue(look: Look) -> Iterator[tuple[str, str]]:
    """Whatever was asked and not done in time."""
    return ((task["case_id"], task["id"]) for task in look.tasks if moment(task["due_at"]) < look.at)


def emergency_past_its_limit(look: Look) -> Iterator[tuple[str, str]]:
    """T05: the way out of emergency care is late; the task that asks for it is there in every emergency."""
    for case in look.cases:
        if case["state"] != "emergency_care":
            continue
        exits = [task for task in look.open_tasks.get(case["id"], ()) if task["kind"] == "emergency_exit"]
        assert exits, f"{case['number']}: nobody is asked for the way out"
        yield from ((case["id"], task["id"]) for task in exits if moment(task["due_at"]) < look.at)


def grown_up_in_care(look: Look) -> Iterator[tuple[str, str]]:
    """T15: of age, and in care for longer than is left to leave it; the task that asks for the way out is there."""
    for case in look.cases:
        if case["state"] not in OUT_OF_HOME or not case["born"]:
            continue
        born = date.fromisoformat(case["born"])
        latest = datetime.combine(born.replace(year=born.year + ADULT), time(), WITA) + timedelta(days=PARAMS.adult_exit_days)
        if latest < look.at:
            exits = [task for task in look.open_tasks.get(case["id"], ()) if task["kind"] == "exit_after_18"]
            assert exits, f"{case['number']}: nobody is asked for the way out"
            yield from ((case["id"], task["id"]) for task in exits)


def bed_held_past_its_time(look: Look) -> Iterator[tuple[str, str]]:
    """A held place whose time is over is the clock's to give free: it stands in the list that the clock reads."""
    for row in look.placements:
        if row["status"] == "reserved" and _morning_after(moment(row["reserved_until"])) <= look.at:
            yield row["case_id"], row["id"]


def _morning_after(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(WITA).date() + timedelta(days=1), time(), WITA)


ALARMS: dict[str, Alarm] = {
    "review overdue": overdue("review"),
    "emergency past its limit": emergency_past_its_limit,
    "trial past its limit": overdue("trial_decision"),
    "of age and in care past the time to leave": grown_up_in_care,
    "held bed past its time": bed_held_past_its_time,
    "census clocks": overdue("legacy_assessment", "legacy_decision"),
    "anything overdue": anything_overdue,
}


def check(world: World) -> Counter[str]:
    """Return which alarms are true of how many tasks. Each of them stands in the list of what is overdue, or this fails."""
    look = world.look()
    missed = unseen(look, frozenset(_listed(world)))
    assert not missed, f"in no list: {missed}"
    return Counter({name: sum(1 for _ in alarm(look)) for name, alarm in ALARMS.items()})


def unseen(look: Look, listed: frozenset[str]) -> dict[str, int]:
    """Return how much of each alarm nobody is told of."""
    missed = {name: sum(task not in listed for _, task in alarm(look)) for name, alarm in ALARMS.items()}
    return {name: number for name, number in missed.items() if number}


def _listed(world: World) -> Iterator[str]:
    """Yield what the lists of overdue tasks show to both offices, page by page; and the processes that the clock looks at next."""
    for view in (world.ground.views[0], world.ground.views[-1]):
        call, after = Call(who=view.who["bambang"], at=world.clock.at), ""
        while True:
            page: Any = overdue_tasks(world.store, call, after=after)
            yield from (line.id for line in page.lines)
            after = page.after
            if not after:
                break
    now = world.clock.at.astimezone(UTC)
    waking = world.rows("SELECT id, wakes_at FROM process WHERE wakes_at IS NOT NULL")
    yield from (row["id"] for row in waking if moment(row["wakes_at"]) <= now)
