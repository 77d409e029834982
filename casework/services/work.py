"""The work list: everything that one person has to do, whatever process it comes from, in the order in which it is due.

What waits for one's own hand, for one's signature, what a worker has let pass, and what runs out in houses, in one list. It tells nobody
more than the lists it is made of: each source is asked for a role that knows the child by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any, Literal, TypeAlias

import msgspec

from casework.machines import policy
from casework.machines.facts import WITA
from casework.services import captions
from casework.services.areas import area_name
from casework.services.caseload import asked_by, asked_in_field, names_of_asked
from casework.services.command import question
from casework.services.complaint_views import ComplaintLine, unanswered
from casework.services.due import Group, group_of, horizon
from casework.services.house_deadlines import HouseDeadline, of_my_offices
from casework.services.keyset import Page, page_of, position
from casework.services.sight import tasks_told
from casework.services.steps import request_label
from casework.store import approvals, caseload, cases, people
from casework.store.call import Who
from casework.store.caseload import Line
from casework.store.instants import from_text, to_text
from casework.store.statements import Query
from casework.store.unit import Unit
from casework.words import Words

Part: TypeAlias = Literal["task", "unassigned", "escalated", "decision", "complaint", "house"]
KINDS = ("decision", "ratification", "record")
TO_DECIDE: dict[str, Words] = {
    "decision": Words("Putuskan permohonan", "Decide the request"),
    "ratification": Words("Sahkan atau tolak langkah", "Ratify or reject the step"),
    "record": Words("Periksa dan tandatangani", "Check and countersign"),
}
TO_ANSWER: dict[bool, Words] = {
    True: Words("Periksa pengaduan", "Look into the complaint"),
    False: Words("Jawab pengaduan", "Answer the complaint"),
}
"""What is to be done about a complaint, by whether nobody has looked at it yet."""
LAST_MINUTE = time(23, 59)


class WorkLine(msgspec.Struct, frozen=True, kw_only=True):
    """Something to do. `about` is the child, or the house; `days_late` counts whole days, 0 until it is late.

    `part` says why it stands on this list: a `task` of one's own, one of a case that is `unassigned`, one that its worker let pass
    (`escalated`), a `decision`, a `complaint`, or something about a `house`. One of `case`, `request`, `complaint` and `host` leads to
    where it is done: a decision names its case too. `asked_by` says which process asks for it, None where none does.
    `in_place_of` names the colleague for whom the caller stands in, `asked_of` who was asked into the field, in the district
    `where`: what is late then is not the worker's.
    """

    id: str
    group: Group
    part: Part
    words: Words
    asked_by: Words | None = None
    about: str
    number: str
    worker: str
    asked_of: str = ""
    where: str = ""
    due_at: datetime
    days_late: int
    case: str = ""
    request: str = ""
    complaint: str = ""
    host: str = ""
    in_place_of: str = ""


class _Found(msgspec.Struct, frozen=True):
    """What one source gave: the row of a task or request and its case, or a line of a house, with what it is for the caller."""

    id: str
    due_at: str
    part: Part
    kind: str
    line: Any
    in_place_of: str = ""


def has_work_list(who: Who) -> bool:
    """Whether anybody asks something of this person by a date."""
    return bool(who.delegations) or any(policy.role_may(seat.role, "has_work") for seat in who.seats)


@question
def my_work(unit: Unit, *, after: str = "") -> Page[WorkLine]:
    """Return a page of what the caller has to do up to the horizon, what is due first on top. Raises Invalid for another list's cursor."""
    due, last = position("work", after, caseload.SOONEST)
    beyond = due, last
    found = [*_in_field(unit), *_in_houses(unit), *_about_houses(unit), *_complaints(unit), *_in_offices(unit, beyond)]
    page = page_of("work", (one for one in found if _key(one) > beyond), _key, lambda one: one.id, newest=False)
    lines = (caseload.line_of(one.line) for one in page if not isinstance(one.line, HouseDeadline | ComplaintLine))
    names = names_of_asked(unit, lines)
    return Page(tuple(_told(unit, one, names) for one in page), page.after)


def _key(one: _Found) -> tuple[str, str]:
    return one.due_at, one.id


def _in_offices(unit: Unit, beyond: tuple[str, str]) -> Iterator[_Found]:
    """Yield what the caller has to do in each office: one statement an office. What is their own comes last, so that it is told as such."""
    who = unit.call.who
    for office in sorted(cases.offices_seen(who, unit.call.at)):
        yield from _in_place_of_others(unit, office, beyond)
        sources = _sources({seat.role for seat in who.seats if seat.host is None and seat.office == office})
        values = _values(unit, office, beyond)
        if sources:
            unit.gather(*(query for query, _, _ in sources), **values)
        for query, part, kind in sources:
            for row in unit.ask(query, **values):
                yield _Found(row.task, row.due_at, "unassigned" if part == "task" and not row.assigned_to else part, kind, row)


def _in_place_of_others(unit: Unit, office: str, beyond: tuple[str, str]) -> Iterator[_Found]:
    """Yield what the caller has to do in an office for those they stand in for, each line with whose it is."""
    lent = [one for one in unit.call.who.delegations if one.office == office]
    names = people.names_of(unit, {one.giver for one in lent}) if lent else {}
    for one in lent:
        values = _values(unit, office, beyond) | {"worker": one.giver}
        for query, part, kind in _sources({one.role}):
            if part != "decision" or one.covers("decide"):
                yield from (_Found(row.task, row.due_at, part, kind, row, names[one.giver]) for row in unit.ask(query, **values))


def _sources(roles: set[str]) -> list[tuple[Query, Part, str]]:
    """Return what is asked for these roles in one office; what was done in an emergency the head may ratify whosever turn it is."""
    found: list[tuple[Query, Part, str]] = []
    if policy.may(roles, "lead"):
        found.append((caseload.OFFICE_LATE, "escalated", ""))
    found += [(query, "task", "") for role, query in caseload.LED_OWN.items() if role in roles]
    turns = {(role, kind) for role in roles if policy.may((role,), "decide") for kind in KINDS}
    turns |= {(role, "ratification") for role in policy.holders("decide")} if policy.may(roles, "ratify") else set()
    found += [(caseload.TURNS[turn], "decision", turn[1]) for turn in sorted(turns)]
    if roles & policy.roles_in("assigned"):
        found.append((caseload.WORKER_OWN, "task", ""))
    return found


def _values(unit: Unit, office: str, beyond: tuple[str, str]) -> dict[str, Any]:
    since, oldest = approvals.undecided_since(unit)
    decision_due, decision_id = max(beyond, (oldest, ""))
    return {
        "office": office,
        "worker": unit.call.who.person,
        "person": unit.call.who.person,
        "now": to_text(unit.call.at),
        "until": to_text(horizon(unit)),
        "since": since,
        "after_due": beyond[0],
        "after_id": beyond[1],
        "decision_due": decision_due,
        "decision_id": decision_id,
    }


def _in_houses(unit: Unit) -> Iterator[_Found]:
    """Yield what the caller's house owes for the children who live there: only what its own roles do."""
    until = to_text(horizon(unit))
    for seat in sorted(unit.call.who.seats, key=lambda seat: (seat.host or "", seat.role)):
        kinds = (tasks_told(frozenset({seat.role})) if seat.host else None) or frozenset()
        if kinds:
            for row in unit.ask(caseload.HOUSE_OWES, host=seat.host, until=until, after_due="", after_id=""):
                if row.kind in kinds:
                    yield _Found(row.task, row.due_at, "task", "", row)


def _in_field(unit: Unit) -> Iterator[_Found]:
    """Yield what the caller was asked to do in the field, however far ahead: it is why they see the child at all."""
    for asked in asked_in_field(unit):
        for row in unit.ask(caseload.FIELD_OWN, **asked, after_due="", after_id=""):
            yield _Found(row.task, row.due_at, "task", "", row)


def _about_houses(unit: Unit) -> Iterator[_Found]:
    """Yield what runs out or is due about houses: of the own house, or of those that no other office keeps."""
    for one in of_my_offices(unit):
        due_at = datetime.combine(one.last, LAST_MINUTE, WITA)
        yield _Found(f"{one.kind}.{one.member or one.host}", to_text(due_at), "house", one.kind, one)


def _complaints(unit: Unit) -> Iterator[_Found]:
    """Yield the complaints that nobody has answered: a supervisor's at once, those of the head of the office when they are late."""
    seats = [seat for seat in unit.call.who.seats if seat.host is None and policy.may((seat.role,), "lead")]
    supervised = frozenset(seat.office for seat in seats if policy.may((seat.role,), "triage_complaint"))
    for offices, late in ((supervised, False), (frozenset(seat.office for seat in seats) - supervised, True)):
        for one in unanswered(unit, offices):
            if one.due_at is not None and (one.overdue or not late):
                yield _Found(one.id, to_text(one.due_at), "complaint", one.state, one)


def _told(unit: Unit, one: _Found, names: dict[str, str]) -> WorkLine:
    due_at, at = from_text(one.due_at), unit.call.at
    common: dict[str, Any] = {"id": one.id, "group": group_of(unit, due_at), "part": one.part, "due_at": due_at}
    common |= {"days_late": max((at - due_at).days, 0), "in_place_of": one.in_place_of}
    if isinstance(one.line, HouseDeadline):
        said, member = one.line.words, one.line.about
        words = Words(f"{said.id} ({member})", f"{said.en} ({member})") if member else said
        return WorkLine(**common, words=words, about=one.line.host_name, number="", worker="", host=one.line.host)
    if isinstance(one.line, ComplaintLine):
        words = TO_ANSWER[one.line.state == "received"]
        return WorkLine(**common, words=words, about=one.line.about, number="", worker="", complaint=one.id)
    line, decision = caseload.line_of(one.line), one.part == "decision"
    case = line.case
    return WorkLine(
        **common,
        words=_decision(one.kind, line) if decision else captions.task(line.kind),
        asked_by=asked_by(line),
        about=line.name,
        number=case.number,
        worker=line.worker,
        asked_of=names.get(line.asked_of, ""),
        where=area_name(line.where) if line.where else "",
        case=case.id,
        request=one.id if decision else "",
    )


def _decision(kind: str, line: Line) -> Words:
    verb, label = TO_DECIDE[kind], request_label(line.kind, line.case.machine, line.case.version)
    return Words(f"{verb.id} “{label.id}”", f"{verb.en} “{label.en}”")
