"""What belongs to an office and to no case: complaints, from whoever tells of something to whoever closes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from casework.machines.book import OPEN, newest_machines
from casework.services import complaints
from casework.services.complaints import AdvanceComplaint, Complaint, LinkComplaint, Receive, WriteDown
from casework.services.people import NOBODY
from casework.store.call import Call
from tests.journeys.walk import chart
from tests.journeys.walk.finishing import file_incident, newest_version
from tests.journeys.walk.look import Look, Row
from tests.journeys.walk.walker import Stuck
from tests.journeys.walk.world import Child, World

Step: TypeAlias = tuple[str, str, str]
COMPLAINT = "complaint"
BUSY = 1_000
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
ANSWERS, CLOSES = "sari", "lina"
"""Whoever answers does not close."""


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


def options(world: World, look: Look, taken: Counter[Step], goal: int, option: Callable[..., Any]) -> Iterator[Any]:
    """Yield what can be done with the complaints that are not closed, and a new one while any step is lacking."""
    table = newest_machines()[COMPLAINT]
    going = [row for row in look.processes if row["machine"] == COMPLAINT and table.states[row["state"]].kind != "final"]

    def nearest(state: str) -> tuple[int, str]:
        return chart.nearest(
            COMPLAINT,
            state,
            lambda here, trigger: taken[COMPLAINT, here, trigger] < goal,
            lambda here, trigger: taken[COMPLAINT, here, trigger] < BUSY,
        )

    for row in going:
        depth, trigger = nearest(row["state"])
        if depth:
            words = f"complaint {row['id'][-4:]}: {trigger} out of {row['state']}"
            yield option(
                1 / depth, words, (COMPLAINT, row["state"], trigger), lambda row=row, trigger=trigger: advance(world, row, trigger)
            )
    fresh = any(row["state"] == table.definition.initial for row in going)
    depth, _ = nearest(table.definition.initial)
    if depth and not fresh:
        number = sum(row["machine"] == COMPLAINT for row in look.processes) + 1
        yield option(1 / (depth + 1), f"somebody complains, the {number}.", (COMPLAINT, "", OPEN), lambda: complain(world, number))
