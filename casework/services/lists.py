"""Lists: the line that shows a case, the caller's cases that a search finds, and the children the register already knows."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from casework.errors import NotFound
from casework.machines import policy
from casework.services import captions
from casework.services.access import seats
from casework.services.children import age_in_years, initials
from casework.services.due import group_of
from casework.services.search import search_cases, search_children
from casework.services.seen import Seen, searching
from casework.services.sight import masks, tasks_told
from casework.store import cases, listing, registers
from casework.store.caseload import Line
from casework.store.unit import MACHINES, Unit
from casework.words import Words

LIST = 50
"""Cases on one page of the list."""


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """A case as lists show it. `urgency` is "overdue", "urgent", "soon" or ""; `due_at` is that of the task due first."""

    id: str
    number: str
    name: str
    age: int | None
    state: str
    label: Words
    rung: int
    worker: str
    mine: bool
    urgency: str
    due: Words | None
    due_at: datetime | None


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """A child the register already knows, found before another is created. `case` is "" when the caller may not see the child's case."""

    id: str
    name: str
    born: str
    mother_name: str
    case: str
    number: str
    label: Words | None
    open: bool


@searching(lambda lines, *_, **__: Seen(items=tuple(line.id for line in lines)))
def list_cases(unit: Unit, named: str, *, state: str = "", after: str = "") -> tuple[CaseLine, ...]:
    """Return the caller's cases that match, the best first, LIST at most; `after` is the last id seen.

    `named` is a case number, a NIK, the number of a family card, or a name with typing mistakes.
    """
    found = search_cases(unit, named, state=state, after=after, limit=LIST)
    return case_lines(unit, found)


def case_lines(unit: Unit, lines: tuple[Line, ...]) -> tuple[CaseLine, ...]:
    """Return cases as lists show them to this caller: by initials to whom the child is hidden from, and with the tasks they hear of."""
    held = {line.case.id: cases.capacities(unit, line.case) for line in lines}
    due = _first_due(unit, held)
    return tuple(_line(unit, line, due.get(line.case.id), hidden=masks(held[line.case.id])) for line in lines)


def _first_due(unit: Unit, held: dict[str, frozenset[str]]) -> dict[str, listing.DueLine]:
    """Return the first open task of each case that the caller hears of: one query for each kind of caller they are."""
    told = {case: tasks_told(roles) for case, roles in held.items()}
    found: dict[str, listing.DueLine] = {}
    for kinds in {*told.values()}:
        found |= listing.first_due(unit, frozenset(case for case, heard in told.items() if heard == kinds), kinds)
    return found


def _line(unit: Unit, line: Line, due: listing.DueLine | None, *, hidden: bool) -> CaseLine:
    case = line.case
    state = MACHINES[case.machine, case.version].states[case.state]
    return CaseLine(
        id=case.id,
        number=case.number,
        name=initials(line.name) if hidden else line.name,
        age=age_in_years(date.fromisoformat(line.born), unit.call.at) if line.born else None,
        state=case.state,
        label=state.label,
        rung=state.rung,
        worker=line.worker,
        mine=case.assigned_to == unit.call.who.person,
        urgency=_urgency_of(case.state, due, unit),
        due=captions.task(due.kind) if due else None,
        due_at=due.due_at if due else None,
    )


def _urgency_of(state: str, due: listing.DueLine | None, unit: Unit) -> str:
    """Return how pressing a case is, for its line and its colour."""
    group = group_of(unit, due.due_at) if due else "later"
    if group in {"critical", "overdue"}:
        return "overdue"
    if state in {"emergency_care", "missing"}:
        return "urgent"
    return "soon" if group == "soon" else ""


@searching(lambda children, *_, **__: Seen(items=tuple(child.id for child in children)))
def find_children(unit: Unit, name: str = "", nik: str = "") -> tuple[Registered, ...]:
    """Search the register before a child is entered a second time: with this NIK, or a name like `name` (typing mistakes allowed).

    Only people who register cases find anything; a child whose case they may not see is shown without it.
    """
    if not policy.may(seats(unit), "find_children"):
        raise NotFound("children")
    return tuple(_registered(unit, row) for row in search_children(unit, name=name.strip(), nik=nik.strip()))


def _registered(unit: Unit, row: registers.ChildRow) -> Registered:
    case = cases.last_case_of(unit, row.id)
    seen = case if case and cases.capacities(unit, case) else None
    return Registered(
        id=row.id,
        name=row.name,
        born=row.born or "",
        mother_name=row.mother_name or "",
        case=seen.id if seen else "",
        number=seen.number if seen else "",
        label=MACHINES[seen.machine, seen.version].states[seen.state].label if seen else None,
        open=case is not None and case.state not in {"closed", "voided"},
    )
