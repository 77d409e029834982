"""The existing residents of one institution, approved at once: one list, its digest over the list, each child named (DOMAIN 7.1.5).

A list is nothing of its own: it is the open requests of the children named, decided together or not at all. Every rule of a single decision
holds for each child (four eyes, order, evidence opened and unchanged), and each child's journal has its own entry, which names the list's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from casework.errors import Fault, Invalid, NotFound, Reason, Refusal
from casework.machines.facts import Subject
from casework.machines.policy import may
from casework.machines.refusals import approval_superseded
from casework.services.access import passed
from casework.services.approvals import (
    KIND_OF_EVENT,
    MIN_REASON,
    DecideApproval,
    RequestApproval,
    decide,
    objections_to,
    open_request,
)
from casework.services.cases import advance
from casework.services.command import command
from casework.services.registers import host_as_seen
from casework.services.seen import Seen, opening
from casework.store import approvals, cases, journal, registers
from casework.store.cases import CaseRow
from casework.store.facts import read_snapshot
from casework.store.instants import to_text
from casework.store.unit import Unit
from casework.words import Words

TRIGGER = "register_existing_resident"
MOST = 100
"""Children of one list: more than anybody reads before they sign."""

Ids = Annotated[tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=64)], ...], msgspec.Meta(min_length=1, max_length=MOST)]


class RequestResidents(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask for the approvals to register these children as existing residents of one institution."""

    host: str
    cases: Ids


class RegisterResidents(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Register these children, whose approvals are given, as existing residents of one institution."""

    host: str
    cases: Ids


class DecideResidents(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Decide about every child named. `digest` is that of the list as it was shown; rejecting and returning need a reason."""

    host: str
    requests: Ids
    decision: Literal["approve", "reject", "return"]
    digest: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    reason: Annotated[str, msgspec.Meta(max_length=4000)] = ""


class ListDecided(msgspec.Struct, frozen=True):
    """What was asked (`id`: the institution) or decided (`id`: the list's entry in the actor's stream), for how many children.

    `version` is the institution's.
    """

    id: str
    children: int
    version: int


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """One child of a list: what is asked for it, and what stands against this caller approving it now."""

    request: str
    case: str
    number: str
    child: str
    status: str
    due_at: datetime
    digest: str
    against: tuple[Reason, ...]


class ResidentList(msgspec.Struct, frozen=True, kw_only=True):
    """The children of one institution whose registration waits for a decision. `digest` is over the whole list as it is shown."""

    host: str
    name: str
    version: int
    children: tuple[Named, ...]
    digest: str


def list_digest(host: str, requests: Iterable[tuple[str, str, str]]) -> str:
    """SHA-256 (hex) over a list: the institution, and of each child the case, the request and the digest of its evidence."""
    return hashlib.sha256(msgspec.json.encode((TRIGGER, host, sorted(requests)))).hexdigest()


@command(ListDecided)
def request_residents(unit: Unit, ask: RequestResidents) -> ListDecided:
    """Open the request of every child named, or of none. Raises Refusal naming each child that it fails for, NotFound or Invalid."""
    _check_once(ask.cases, "$.cases")
    version = host_as_seen(unit, ask.host)
    failed: list[tuple[CaseRow, Refusal]] = []
    for case in (cases.get_case(unit, one) for one in ask.cases):
        try:
            open_request(unit, case, RequestApproval(case=case.id, trigger=TRIGGER, subject=Subject(host=ask.host)))
        except Refusal as no:
            failed.append((case, no))
    _refuse(unit, failed)
    return ListDecided(ask.host, len(ask.cases), version)


@command(ListDecided)
def decide_residents(unit: Unit, ask: DecideResidents) -> ListDecided:
    """Decide about every child of a list, or about none. Raises Refusal naming each child that anything stands against."""
    _check_once(ask.requests, "$.requests")
    if ask.decision != "approve" and len(ask.reason.strip()) < MIN_REASON:
        raise Invalid(Fault("$.reason", Words("Tulis alasannya.", "Write the reason.")))
    version = host_as_seen(unit, ask.host)
    listed = [(request, cases.get_case(unit, request.case_id)) for request in _requests(unit, ask)]
    if list_digest(ask.host, ((one.case_id, one.id, one.digest) for one, _ in listed)) != ask.digest:
        raise Refusal((approval_superseded(),), trigger=TRIGGER)
    role = passed(unit, frozenset[str]().union(*(cases.capacities(unit, case) for _, case in listed)), "decide").capacity
    items = (ask.host, *(request.id for request, _ in listed))
    kind = KIND_OF_EVENT[ask.decision]
    entry = journal.append_for_actor(unit, kind, role=role, trigger=TRIGGER, items=items, evidence_digest=ask.digest)  # type: ignore[arg-type]
    failed: list[tuple[CaseRow, Refusal]] = []
    for request, case in listed:
        one = DecideApproval(case=case.id, request=request.id, decision=ask.decision, digest=request.digest, reason=ask.reason)
        try:
            decide(unit, case, request, one, cause=entry)
        except Refusal as no:
            failed.append((case, no))
    _refuse(unit, failed)
    return ListDecided(entry, len(listed), version)


@command(ListDecided)
def register_residents(unit: Unit, ask: RegisterResidents) -> ListDecided:
    """Make the approved step for every child named, or for none: each child's journal has its own entry.

    Raises Refusal naming each child that it fails for, NotFound or Invalid.
    """
    _check_once(ask.cases, "$.cases")
    version = host_as_seen(unit, ask.host)
    failed: list[tuple[CaseRow, Refusal]] = []
    for one in sorted(ask.cases):
        case = cases.locked(unit, cases.get_case(unit, one).id)
        try:
            advance(unit, case, TRIGGER, Subject(host=ask.host))
        except Refusal as no:
            failed.append((case, no))
    _refuse(unit, failed)
    return ListDecided(ask.host, len(ask.cases), version)


def _requests(unit: Unit, ask: DecideResidents) -> Iterator[approvals.RequestRow]:
    """Yield the requests named. Raises NotFound for one that is not about a resident of this institution."""
    for one in ask.requests:
        request = approvals.get_request(unit, one)
        if (request.kind, request.trigger, request.subject.host) != ("decision", TRIGGER, ask.host):
            raise NotFound("approval request")
        yield request


def _check_once(ids: tuple[str, ...], path: str) -> None:
    if len({*ids}) != len(ids):
        raise Invalid(Fault(path, Words("Setiap anak disebut satu kali.", "Each child is named once.")))


def _refuse(unit: Unit, failed: list[tuple[CaseRow, Refusal]]) -> None:
    """Raise every reason once, with the children that it concerns named in its details. Nothing is decided about anybody."""
    found: dict[str, Reason] = {}
    for case, no in failed:
        name = registers.get_child(unit, case.child_id).name
        for reason in no.reasons:
            told = tuple(Words(f"{case.number} {name}: {one.id}", f"{case.number} {name}: {one.en}") for one in reason.details)
            named = told or (Words(f"{case.number} {name}", f"{case.number} {name}"),)
            known = found.get(reason.code)
            found[reason.code] = msgspec.structs.replace(reason, details=(*(known.details if known else ()), *named))
    if found:
        raise Refusal(tuple(found.values()), trigger=TRIGGER)


@opening("residents", lambda view, host_id: Seen(items=(host_id, *(one.case for one in view.children))))
def show_residents(unit: Unit, host_id: str) -> ResidentList:
    """Return the list of an institution that waits for this caller: each child named, with what stands against approving it now.

    Raises NotFound for whoever decides nothing in any office.
    """
    turns = {(seat.office, seat.role) for seat in unit.call.who.seats if seat.host is None and may((seat.role,), "decide")}
    if not turns:
        raise NotFound("host")
    host = registers.host_row(unit, host_id)
    waiting = [one for turn in sorted(turns) for one in _waiting(unit, *turn) if one.subject.host == host_id][:MOST]
    named = tuple(sorted((_named(unit, one) for one in waiting), key=lambda one: one.number))
    digest = list_digest(host_id, ((one.case, one.request, one.digest) for one in named))
    return ResidentList(host=host_id, name=host.name, version=host.revision, children=named, digest=digest)


def _waiting(unit: Unit, office: str, role: str) -> Iterator[approvals.RequestRow]:
    after = ("", "")
    while page := approvals.waiting_requests(unit, office, role, "decision", after):
        yield from (one for one in page if one.trigger == TRIGGER)
        after = (to_text(page[-1].due_at), page[-1].id)


def _named(unit: Unit, request: approvals.RequestRow) -> Named:
    case = cases.get_case(unit, request.case_id)
    return Named(
        request=request.id,
        case=case.id,
        number=case.number,
        child=registers.get_child(unit, case.child_id).name,
        status=request.status,
        due_at=request.due_at,
        digest=request.digest,
        against=objections_to(unit, case, read_snapshot(unit, case), request),
    )
