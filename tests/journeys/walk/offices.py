"""What belongs to an office and to no case: complaints and breaches of data, from whoever tells of something to whoever ends it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from casework.machines.book import OPEN, newest_machines
from casework.services import breaches, complaints
from casework.services.breaches import AdvanceBreach, ReportBreach
from casework.services.complaints import AdvanceComplaint, Complaint, LinkComplaint, Receive, WriteDown
from casework.services.sessions import NOBODY
from casework.store.call import Call
from tests.journeys.walk import chart
from tests.journeys.walk.finishing import file_incident, newest_version
from tests.journeys.walk.look import Look, Row
from tests.journeys.walk.walker import Stuck
from tests.journeys.walk.world import Child, World

Step: TypeAlias = tuple[str, str, str]
BUSY = 1_000
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
ANSWERS, CLOSES = "sari", "lina"
"""Whoever answers does not close."""
PROTECTS, HEAD = "dian", "yusuf"
"""Whoever handles a breach does not end it."""


def code(number: int) -> str:
    """Return the code that the teller keeps of the so manieth complaint."""
    signs = "".join(SIGNS[number // len(SIGNS) ** place % len(SIGNS)] for place in range(12))
    return "-".join(signs[place : place + 4] for place in (0, 4, 8))


def complain(world: World, number: int) -> None:
    """Tell the office: without an account about a house, or a worker writes down what was told."""
    told = Complaint(what="Anak tidak boleh menelepon.", danger="no", host=world.ground.views[0].hosts["harapan"])
    if number % 2:
        complaints.write_down_complaint(world.store, world.call(ANSWERS), WriteDown(told=told, code=code(number)))
    else:
        at = world.call(ANSWERS).at
        complaints.receive_complaint(world.store, Call(who=NOBODY, at=at), Receive(told=told, code=code(number), address=code(number)))


def advance(world: World, row: Row, trigger: str) -> None:
    """Bring about a step of a complaint, with what it takes."""
    by, record = CLOSES if trigger == "close" else ANSWERS, ""
    if trigger == "escalate":
        record = report(world, row)
    ask = AdvanceComplaint(
        complaint=row["id"], trigger=trigger, answer="Kami sudah melihatnya." if trigger == "answer" else "", record=record
    )
    complaints.advance_complaint(world.store, world.call(by), ask)


def report(world: World, row: Row) -> str:
    """Name the case of a child of this office, and report the incident there."""
    child = known_child(world, row)
    complaints.link_complaint(world.store, world.call(ANSWERS), LinkComplaint(complaint=row["id"], number=child.row["number"]))
    file_incident(child, type="neglect")
    return newest_version(child, next(reversed(child.incidents)))


def known_child(world: World, row: Row) -> Child:
    """Return a child of the first office whose case is open; the one that the complaint was linked with already, if any."""
    linked = world.rows("SELECT case_id FROM complaint WHERE id = ?", row["id"])[0]["case_id"]
    first = world.ground.views[0]
    able = [each for each in world.open_children if each.town is first and each.row["state"] not in {"closed", "aftercare"}]
    found = next((each for each in able if linked in {None, each.case}), None)
    if found is None:
        raise Stuck("no child whose case a complaint could be of")
    return found


def report_a_breach(world: World, _number: int) -> None:
    """Say that data of the office got out."""
    breaches.report_breach(world.store, world.call(PROTECTS), ReportBreach())


def handle(world: World, row: Row, trigger: str) -> None:
    """Bring about a step of a breach: its end by somebody else."""
    by = HEAD if trigger == "close" or trigger.startswith("dismiss") else PROTECTS
    breaches.advance_breach(world.store, world.call(by), AdvanceBreach(breach=row["id"], trigger=trigger))


KINDS: dict[str, tuple[Callable[[World, int], None], Callable[[World, Row, str], None]]] = {
    "complaint": (complain, advance),
    "data_breach": (report_a_breach, handle),
}
"""What begins each process of an office, and what leads it on."""


def options(world: World, look: Look, taken: Counter[Step], goal: int, option: Callable[..., Any]) -> Iterator[Any]:
    """Yield what can be done with what goes on in an office, and the beginning of another while any step is lacking."""
    for machine, (begin, lead_on) in KINDS.items():
        table = newest_machines()[machine]
        known = [row for row in look.processes if row["machine"] == machine]
        going = [row for row in known if table.states[row["state"]].kind != "final"]
        for row in going:
            depth, trigger = nearest(machine, row["state"], taken, goal)
            if depth:
                words = f"{machine} {row['id'][-4:]}: {trigger} out of {row['state']}"
                step = (machine, row["state"], trigger)
                yield option(1 / depth, words, step, lambda lead_on=lead_on, row=row, trigger=trigger: lead_on(world, row, trigger))
        initial = table.definition.initial
        depth, _ = nearest(machine, initial, taken, goal)
        if depth and not any(row["state"] == initial for row in going):
            number = len(known) + 1
            words = f"a {machine} begins, the {number}."
            yield option(1 / (depth + 1), words, (machine, "", OPEN), lambda begin=begin, number=number: begin(world, number))


def nearest(machine: str, state: str, taken: Counter[Step], goal: int) -> tuple[int, str]:
    """Return how many steps away the nearest needed one is, and the first trigger to it."""
    return chart.nearest(
        machine,
        state,
        lambda here, trigger: taken[machine, here, trigger] < goal,
        lambda here, trigger: taken[machine, here, trigger] < BUSY,
    )
