"""The caseload: the caller's cases page by page, newest first or by what is due first, and what is overdue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import chain, islice
from typing import Any, Literal, TypeAlias

import msgspec

from casework.errors import Fault, Invalid
from casework.machines import policy
from casework.machines.policy.terms import COVERED
from casework.services import captions
from casework.services.access import offices_in_sight
from casework.services.children import initials
from casework.services.command import question
from casework.services.due import group_of
from casework.services.keyset import Page, page_of, position
from casework.services.lists import CaseLine, case_lines
from casework.services.sight import masks, tasks_told
from casework.store import approvals, cases, people
from casework.store import caseload as store
from casework.store.call import ASKED_ROLES, HOUSE_ROLES, Who
from casework.store.caseload import Line
from casework.store.instants import from_text, to_text
from casework.store.statements import Query
from casework.store.unit import MACHINES, Unit
from casework.words import Words

Order: TypeAlias = Literal["newest", "due"]
Lateness: TypeAlias = Literal["critical", "overdue"]


class TaskLine(msgspec.Struct, frozen=True, kw_only=True):
    """Something that should have been done. `days_late` counts whole days; `mine`: the case is the caller's.

    It is `critical` after as many days as make a review critical: those lines come first, as what is overdue longest does. `asked_of` is
    who was asked into the field, "" where it is the worker's.
    """

    id: str
    case: str
    number: str
    child: str
    words: Words
    asked_by: Words | None
    due_at: datetime
    days_late: int
    lateness: Lateness
    label: Words
    worker: str
    asked_of: str
    mine: bool


def has_cases(who: Who) -> bool:
    """Whether any case can be this person's to see: the list is for them."""
    return any(policy.role_may(seat.role, "find") for seat in who.seats)


@question
def caseload(
    unit: Unit, *, mine: bool = False, state: str = "", district: str = "", order: Order = "newest", after: str = ""
) -> Page[CaseLine]:
    """Return a page of the caller's cases: those of their offices and houses, or (`mine`) those assigned to them.

    `newest` first, all or those in one state; or those with something to do, what is `due` first on top. Raises Invalid for another
    order's cursor, and for a state together with `due`.
    """
    if order == "due":
        if state:
            words = Words("Urutan tenggat tidak bisa disaring menurut tahap.", "By due date there is no filter by state.")
            raise Invalid(Fault("$.in_state", words))
        page = _tasks(unit, "due", mine=mine, after=after)
    else:
        (after_id,) = position("newest", after, store.NEWEST)
        named = {"state": state, "after_id": after_id}
        office = (store.WORKER_STATE if state else store.WORKER) if mine else (store.OFFICE_STATE if state else store.OFFICE)
        if district and not mine:
            office = store.OFFICE_DISTRICT_STATE if state else store.OFFICE_DISTRICT
            named["district"] = district
        found = [unit.ask(query, **values) for query, values in _ranges(unit, office, named, mine=mine)]
        if not mine and not district:
            house = store.HOUSE_STATE if state else store.HOUSE
            found += [unit.ask(house, host=host, **named) for host in _hosts(unit)]
        if not mine:
            errands = store.FIELD_STATE if state else store.FIELD
            near = (store.FIELD_DISTRICT_STATE if state else store.FIELD_DISTRICT) if district else errands
            found += [unit.ask(near, **one, **named) for one in asked_in_field(unit)]
        page = page_of("newest", chain(*found), lambda row: (row.id,), lambda row: row.id, newest=True)
    return Page(case_lines(unit, tuple(map(store.line_of, page.lines))), page.after)


MOST_IDLE = store.PAGE
"""So many cases are told as idle; the list of all of them is a link away."""


@question
def idle_cases(unit: Unit) -> tuple[CaseLine, ...]:
    """Return the caller's own cases, and of whom they cover, for which nothing is due and nobody decides: no other list names them."""
    named = {"after_id": store.NEWEST[0], "since": approvals.undecided_since(unit)[0]}
    found = chain(*(unit.ask(query, **values) for query, values in _ranges(unit, store.WORKER_IDLE, named, mine=True)))
    return case_lines(unit, tuple(map(store.line_of, islice(found, MOST_IDLE))))


@question
def overdue_tasks(unit: Unit, *, mine: bool = False, after: str = "") -> Page[TaskLine]:
    """Return a page of what should have been done by now in the caller's offices and houses, or (`mine`) in their cases.

    What is overdue longest comes first. A house hears of what it has to do itself, nothing else.
    """
    page = _tasks(unit, "late", mine=mine, after=after)
    lines = tuple(map(store.line_of, page.lines))
    held = {line.case.id: cases.capacities(unit, line.case) for line in lines}
    names = names_of_asked(unit, lines)
    return Page(tuple(_late(unit, line, names, hidden=masks(held[line.case.id])) for line in lines), page.after)


@question
def head_tasks(unit: Unit) -> tuple[TaskLine, ...]:
    """Return what was put before the head of the office and is not settled; for anybody else, nothing."""
    led = sorted(seat.office for seat in unit.call.who.seats if seat.host is None and policy.may((seat.role,), "ratify"))
    named = {"after_due": "", "after_id": ""}
    return tuple(
        _late(unit, store.line_of(row), {}, hidden=False) for office in led for row in unit.ask(store.HEAD_TASKS, office=office, **named)
    )


def _tasks(unit: Unit, order: Literal["due", "late"], *, mine: bool, after: str) -> Page[Any]:
    due, after_id = position(order, after, store.SOONEST)
    late = order == "late"
    named = {"after_due": due, "after_id": after_id} | ({"now": to_text(unit.call.at)} if late else {})
    office = (store.WORKER_LATE if late else store.WORKER_DUE) if mine else (store.OFFICE_LATE if late else store.OFFICE_DUE)
    found = [unit.ask(query, **values) for query, values in _ranges(unit, office, named, mine=mine)]
    if not mine:
        found += [_of_house(unit, host, late=late, beyond=(due, after_id)) for host in _hosts(unit)]
    if not mine and not late:
        found += [unit.ask(store.FIELD_DUE, **one, **named) for one in asked_in_field(unit)]
    return page_of(order, chain(*found), _due_key, (lambda row: row.task) if late else (lambda row: row.id), newest=False)


def _due_key(row: Any) -> tuple[str, str]:
    return row.due_at, row.task


def _ranges(unit: Unit, query: Query, named: dict[str, str], *, mine: bool) -> Iterable[tuple[Query, dict[str, str]]]:
    """Yield the query once for each office that the caller sees: one range of an index each. An auditor's offices are all.

    What is `mine` is also what I cover for a colleague.
    """
    who = unit.call.who
    for office in sorted(offices_in_sight(unit)):
        covered = [one.giver for one in who.delegations if mine and one.office == office and one.role == COVERED]
        yield from ((query, {"office": office, "worker": worker, **named}) for worker in (who.person, *covered))


def asked_in_field(unit: Unit) -> list[dict[str, str]]:
    """Return the offices for which the caller works in the field, with who they are and when: what is asked of them is looked for there."""
    who = unit.call.who
    offices = {seat.office for seat in who.seats if seat.role in ASKED_ROLES and seat.host is None}
    return [{"office": office, "person": who.person, "now": to_text(unit.call.at)} for office in sorted(offices)]


def _hosts(unit: Unit) -> tuple[str, ...]:
    return tuple(sorted({seat.host for seat in unit.call.who.seats if seat.host and seat.role in HOUSE_ROLES}))


def _of_house(unit: Unit, host: str, *, late: bool, beyond: tuple[str, str]) -> list[Any]:
    """Return the tasks of a house's children that its people hear of; unless `late`, the first of each child."""
    now = to_text(unit.call.at)
    found: dict[str, Any] = {}
    for row in unit.ask(store.HOUSE_TASKS, host=host, after_due="", after_id=""):
        told = tasks_told(cases.capacities(unit, cases.case_of(row)))
        if (told is None or row.kind in told) and (not late or row.due_at < now):
            found.setdefault(row.task if late else row.id, row)
    return [row for row in found.values() if _due_key(row) > beyond]


def asked_by(line: Line) -> Words | None:
    """Return which process asks for a task, in words; None where the case itself does."""
    by = line.asked_by
    return captions.asked_for_by(by.machine, by.body, from_text(by.since)) if by else None


def names_of_asked(unit: Unit, lines: Iterable[Line]) -> dict[str, str]:
    """Return the names of those who were asked into the field, by id: nothing is asked of the database where nobody was."""
    asked = {line.asked_of for line in lines if line.asked_of}
    return people.names_of(unit, asked) if asked else {}


def _late(unit: Unit, line: Line, names: dict[str, str], *, hidden: bool) -> TaskLine:
    case, due_at = line.case, from_text(line.due_at)
    return TaskLine(
        id=line.task,
        case=case.id,
        number=case.number,
        child=initials(line.name) if hidden else line.name,
        words=captions.task(line.kind),
        asked_by=asked_by(line),
        due_at=due_at,
        days_late=max((unit.call.at - due_at).days, 0),
        lateness="critical" if group_of(unit, due_at) == "critical" else "overdue",
        label=MACHINES[case.machine, case.version].states[case.state].label,
        worker=line.worker,
        asked_of=names.get(line.asked_of, ""),
        mine=case.assigned_to == unit.call.who.person,
    )
