"""What the people of a house see first: who waits for an answer, what is owed by when, which papers run out, how many places are free."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import msgspec

from casework.machines import policy
from casework.services import captions
from casework.services.access import offices_in_sight, seats
from casework.services.command import question
from casework.services.due import horizon
from casework.services.house_deadlines import of_my_offices
from casework.services.lists import CaseLine, case_lines
from casework.services.sight import tasks_told
from casework.store import caseload, registers
from casework.store.call import HOUSE_ROLES
from casework.store.instants import from_text, to_text
from casework.store.unit import Unit
from casework.words import Words


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """What the house does for its children, of one kind: for how many, how many of them late, and whose is due first."""

    words: Words
    many: int
    late: int
    case: str
    due_at: datetime


class HouseHome(msgspec.Struct, frozen=True, kw_only=True):
    """A house of the caller's. `free` is None where no capacity is known; `papers` run out or are due, `past` of them are past."""

    id: str
    name: str
    status: str
    status_words: Words
    capacity: int
    children: int
    free: int | None
    asked: tuple[CaseLine, ...]
    owed: tuple[Owed, ...]
    papers: int
    past: int


class Load(msgspec.Struct, frozen=True):
    """How many children a house has, and how many reports on them are late."""

    children: int
    late: int


@question
def loads(unit: Unit) -> dict[str, Load] | None:
    """Return the load of every house by id, None to who sees no more than their own; late reports are those that the caller may see."""
    if policy.ruled(seats(unit), "open_host").verdict != "allow":
        return None
    late: Counter[str] = Counter()
    for office in offices_in_sight(unit):
        late.update({row.host: int(row.n) for row in unit.ask(caseload.LATE_BY_HOUSE, now=to_text(unit.call.at), office=office)})
    with unit.over_everything():
        rows = unit.ask(caseload.CHILDREN_BY_HOUSE)
    return {row.host: Load(int(row.n), late[row.host]) for row in rows}


@question
def my_houses(unit: Unit) -> tuple[HouseHome, ...]:
    """Return the houses in which the caller has a seat; for anybody else none, and it costs nothing."""
    roles: dict[str, set[str]] = {}
    for seat in unit.call.who.seats:
        if seat.host and seat.role in HOUSE_ROLES:
            roles.setdefault(seat.host, set()).add(seat.role)
    return tuple(_home(unit, host, frozenset(held)) for host, held in sorted(roles.items()))


def _home(unit: Unit, host_id: str, held: frozenset[str]) -> HouseHome:
    row, children = registers.host_row(unit, host_id), registers.children_at(unit, host_id)
    papers = [one for one in of_my_offices(unit) if one.host == host_id]
    return HouseHome(
        id=host_id,
        name=row.name,
        status=row.status,
        status_words=captions.host_status(row.status),
        capacity=row.capacity or 0,
        children=children,
        free=max(row.capacity - children, 0) if row.capacity else None,
        asked=case_lines(unit, tuple(map(caseload.line_of, unit.ask(caseload.HOUSE_ASKED, host=host_id)))),
        owed=tuple(_owed(unit, host_id, held)),
        papers=len(papers),
        past=sum(not one.stage for one in papers),
    )


def _owed(unit: Unit, host_id: str, held: frozenset[str]) -> Iterator[Owed]:
    """Yield what these roles do for the children who live there, up to the horizon, what is due first on top."""
    told, now = tasks_told(held) or frozenset(), to_text(unit.call.at)
    kinds: dict[str, list[tuple[str, str]]] = {}
    for row in unit.ask(caseload.HOUSE_OWES, host=host_id, until=to_text(horizon(unit)), after_due="", after_id=""):
        if row.kind in told:
            kinds.setdefault(row.kind, []).append((row.due_at, row.id))
    for kind, found in kinds.items():
        due_at, case = found[0]
        late = sum(due < now for due, _ in found)
        yield Owed(words=captions.task(kind), many=len(found), late=late, case=case, due_at=from_text(due_at))
