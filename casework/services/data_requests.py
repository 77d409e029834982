"""What somebody asks about a child's own data: taken in by one member of the office, decided by another within 3x24 hours (UU 27/2022).

A copy is given out, or refused where somebody would be endangered; a correction is granted only by naming the correction that was made.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from casework.errors import Fault, Invalid, NotFound, Refusal, StaleVersion
from casework.machines import policy
from casework.machines.data_rights import (
    AGAINST,
    AGAINST_WORDS,
    APPLICANT_WORDS,
    BASES,
    BASIS_WORDS,
    KIND_WORDS,
    OUTCOME_WORDS,
    SHOWN_WORDS,
    Against,
    Applicant,
    Basis,
    Kind,
    Outcome,
    Shown,
)
from casework.machines.refusals import four_eyes
from casework.services.access import offices_for, passed, seats
from casework.services.command import Saved, command
from casework.services.data_refusals import correction_not_made, identity_not_shown
from casework.services.due import moments
from casework.services.erasing import erase
from casework.services.names import Names
from casework.services.refusals import already_settled
from casework.services.seen import Seen, opening
from casework.store import approvals, cases, data_requests, delegations, journal, readings
from casework.store.cases import CaseRow
from casework.store.data_requests import Made, RequestRow
from casework.store.unit import Unit
from casework.words import Words

_WHY: dict[str, Words] = {str(code): words for known in (AGAINST_WORDS, BASIS_WORDS) for code, words in known.items()}
WITHIN = "data_request_hours"
Id = Annotated[str, msgspec.Meta(max_length=64)]


class TakeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Enter what was asked about the child of a case, named by its id or number; by whom, and how they showed who they are."""

    case: Id
    kind: Kind
    applicant: Applicant
    shown: Shown
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""


class DecideRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Grant or refuse a request. A refusal names its `reason`, an erasure its legal basis there, a granted correction its `answer`."""

    request: Id
    outcome: Outcome
    reason: Annotated[str, msgspec.Meta(max_length=64)] = ""
    answer: Id = ""


class Taken(msgspec.Struct, frozen=True):
    """A request that was entered, and until when it must be answered."""

    id: str
    version: int
    due_at: datetime


class RequestView(msgspec.Struct, frozen=True, kw_only=True):
    """One request as the register shows it. `made` are the corrections that can answer it; `may_copy`: the copy can be taken."""

    id: str
    version: int
    case: str
    number: str
    kind: Kind
    kind_words: Words
    applicant: Words
    shown: Words
    name: str
    received_at: datetime
    due_at: datetime
    overdue: bool
    taken_by: str
    outcome: Words | None
    reason: Words | None
    decided_by: str
    decided_at: datetime | None
    may_decide: bool
    may_copy: bool
    may_grant: bool
    against: tuple[Against, ...]
    bases: tuple[Basis, ...]
    made: tuple[Made, ...]


class Register(msgspec.Struct, frozen=True):
    """Every request of the caller's offices, those that wait first. `may_take`: the caller may enter one."""

    requests: tuple[RequestView, ...]


@command(Taken)
def take_request(unit: Unit, ask: TakeRequest) -> Taken:
    """Enter a request: its answer is due from now on. Raises NotFound for another office's case, and Refusal."""
    known = readings.named(unit, ask.case)
    case = cases.locked(unit, known.id) if known else None
    held = held_for(unit, case) if case else frozenset()
    if case is None or not (held or cases.capacities(unit, case)):
        raise NotFound("case")
    role = passed(unit, held, "handle_data_request").capacity
    (task,) = approvals.add_tasks(unit, case, "data_request", moments(unit, unit.call.at, WITHIN))
    said = {"kind": ask.kind, "applicant": ask.applicant, "shown": ask.shown}
    made = data_requests.add(unit, case, name=ask.name.strip(), due_at=task.due_at, task=task.id, **said)
    effects = (f"due: data_request ({WITHIN})",)
    journal.append(unit, case, "data_requested", role, items=(made, task.id), reason_code=ask.kind, effects=effects)
    return Taken(made, 1, task.due_at)


@command(Saved)
def decide_request(unit: Unit, ask: DecideRequest) -> Saved:
    """Grant or refuse, as another natural person than who took it in. Raises NotFound, StaleVersion, Invalid or Refusal."""
    row, case, held = request_of(unit, ask.request)
    role = passed(unit, held, "decide_data_request").capacity
    check_undecided(unit, row, case)
    if ask.outcome == "refused" and ask.reason not in AGAINST:
        raise Invalid(Fault("$.reason", Words("Pilih alasan penolakan.", "Choose why it is refused.")))
    if row.kind == "erasure" and ask.outcome == "granted":
        erase(unit, row, case, passed(unit, held, "erase").capacity, ask.reason)
        return Saved(row.id, 2)
    if ask.outcome == "granted":
        _check_granted(unit, row, case, ask.answer)
    reason, answer = (ask.reason, "") if ask.outcome == "refused" else ("", ask.answer)
    data_requests.decide(unit, row.id, ask.outcome, reason, answer)
    approvals.settle_task(unit, row.task, "answered")
    items = (row.id, row.task, *([answer] if answer else []))
    journal.append(unit, case, "data_request_decided", role, items=items, requester=row.asked_by, reason_code=reason or ask.outcome)
    return Saved(row.id, 2)


def request_of(unit: Unit, request: str) -> tuple[RequestRow, CaseRow, frozenset[str]]:
    """Return a request with its case and the capacities in which the caller may handle it. Raises NotFound for everybody else."""
    row = data_requests.get(unit, request)
    case = cases.locked(unit, row.case_id)
    held = held_for(unit, case)
    if not policy.may(held, "handle_data_request"):
        raise NotFound("data request")
    return row, case, held


def held_for(unit: Unit, case: CaseRow) -> frozenset[str]:
    """Return the capacities that the caller's own seats in the office of a case give: nobody answers for data in another's place."""
    who = unit.call.who
    here = (seat for seat in who.seats if (seat.office, seat.host, seat.body) == (case.office_id, None, None))
    found = frozenset[str]().union(*(cases.capacities_of_seat(who, seat, unit.call.at) for seat in here))
    return found if policy.may(found, "handle_data_request") else frozenset()


def check_undecided(unit: Unit, row: RequestRow, case: CaseRow) -> None:
    """Raise StaleVersion or Refusal where a request was decided, or the caller counts as who took it in."""
    if unit.call.seen not in {None, row.version}:
        raise StaleVersion(f"you saw version {unit.call.seen}, the request is at {row.version}", current=row.version)
    if row.outcome is not None:
        raise Refusal((already_settled(Words("Permohonan ini sudah diputuskan.", "This request was decided already.")),))
    if delegations.is_one_with(unit, case.id, row.asked_by):
        raise Refusal((four_eyes(),))


def _check_granted(unit: Unit, row: RequestRow, case: CaseRow, answer: str) -> None:
    if row.shown == "nothing":
        raise Refusal((identity_not_shown(),))
    made = data_requests.corrections_since(unit, case.child_id, row.received_at) if row.kind == "correction" else ()
    if row.kind == "correction" and answer not in {one.id for one in made}:
        raise Refusal((correction_not_made(),))


@opening("data_request", lambda found, *_, **__: Seen(items=tuple(sorted({one.case for one in found.requests}))))
def list_requests(unit: Unit) -> Register:
    """Return the register of the caller's offices. Raises Refusal for who answers for no data."""
    passed(unit, seats(unit), "handle_data_request")
    names = Names(unit)
    return Register(tuple(_view(unit, row, names) for row in data_requests.of_offices(unit, offices_for(unit, "handle_data_request"))))


def _view(unit: Unit, row: RequestRow, names: Names) -> RequestView:
    case = cases.cases_by_id(unit, [row.case_id])[row.case_id]
    open_, decides = row.outcome is None, policy.may(held_for(unit, case), "decide_data_request")
    erases = policy.may(held_for(unit, case), "erase")
    may_decide = open_ and decides and not delegations.is_one_with(unit, row.case_id, row.asked_by)
    corrects = may_decide and row.kind == "correction"
    return RequestView(
        id=row.id,
        version=row.version,
        case=row.case_id,
        number=row.number,
        kind=msgspec.convert(row.kind, Kind),
        kind_words=KIND_WORDS[msgspec.convert(row.kind, Kind)],
        applicant=APPLICANT_WORDS[msgspec.convert(row.applicant, Applicant)],
        shown=SHOWN_WORDS[msgspec.convert(row.shown, Shown)],
        name=row.name,
        received_at=row.received_at,
        due_at=row.due_at,
        overdue=open_ and row.due_at < unit.call.at,
        taken_by=names.person(row.asked_by),
        outcome=OUTCOME_WORDS[msgspec.convert(row.outcome, Outcome)] if row.outcome else None,
        reason=_WHY.get(row.reason_code),
        decided_by=names.person(row.decided_by),
        decided_at=row.decided_at,
        may_decide=may_decide,
        may_copy=decides and row.kind == "access" and row.outcome == "granted",
        may_grant=may_decide and (row.kind != "erasure" or erases),
        against=AGAINST if may_decide else (),
        bases=BASES if may_decide and row.kind == "erasure" and erases else (),
        made=data_requests.corrections_since(unit, case.child_id, row.received_at) if corrects else (),
    )
