"""Decisions that wait, and one decision with the evidence beside the question. Nothing here is preset."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from casework.errors import NotFound, Reason
from casework.machines import policy
from casework.services.approvals import bound_evidence, objections_to
from casework.services.attachments import AttachmentView, attachments_of
from casework.services.captions import Chosen
from casework.services.children import ChildView, child_view
from casework.services.command import question
from casework.services.filed import PaperView, RecordView, papers_of, record_view
from casework.services.keyset import Page, page_of, position
from casework.services.ladder import Rung, ladder_of
from casework.services.names import Names, names_for
from casework.services.seen import Seen, opening
from casework.services.sight import masks
from casework.services.steps import Request, Step, request_view, steps_of, told_request
from casework.store import approvals, cases, listing, people, records, registers
from casework.store.bound import Bound, bound_to
from casework.store.facts import Snapshot, read_snapshot
from casework.store.instants import to_text
from casework.store.unit import MACHINES, Unit
from casework.words import Words

TURNED_DOWN = ("returned", "rejected")


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A request that waits for this caller's decision. `age_hours` since it was made.

    Of its `evidence` this caller has `opened` so many pieces: all must be, to approve. `signed` of `signatures` approvals are given.
    `lacking` is how many conditions of the step were not met when it was asked for; None where what is asked is no step.
    """

    request: Request
    case: str
    number: str
    child: str
    age_hours: int
    evidence: int
    opened: int
    signed: int
    signatures: int
    lacking: int | None


class DecisionView(msgspec.Struct, frozen=True, kw_only=True):
    """One decision. `digest` is what an approver signs; `changed` says that the evidence is no longer what was requested.

    `against` holds every reason why this caller may not approve now; `blocked` those that no reading can cure (role, person, order).
    `before` is the same question as it was turned down last, `since` the ids of the records that were signed after that.
    """

    request: Request
    before: Request | None
    since: tuple[str, ...]
    unchanged: bool
    case: str
    number: str
    version: int
    label: Words
    child: ChildView
    step: Step | None
    ladder: tuple[Rung, ...]
    evidence: tuple[RecordView, ...]
    papers: tuple[PaperView, ...]
    attachments: tuple[AttachmentView, ...]
    digest: str
    against: tuple[Reason, ...]
    blocked: bool


@question
def waiting_decisions(unit: Unit, after: str = "") -> Page[Waiting]:
    """Return a page of the open requests whose turn is the caller's, the one due first on top. Raises Invalid for an unknown cursor."""
    due, last = position("waiting", after, ("", ""))
    found = (request for turn in _turns(unit) for request in approvals.waiting_requests(unit, *turn, (due, last)))
    page = page_of("waiting", found, lambda one: (to_text(one.due_at), one.id), lambda one: one.id, newest=False)
    about = listing.captions_of(unit, frozenset(one.case_id for one in page)) if page else {}
    carers = listing.carers_of(unit, frozenset(carer for one in page for carer in (one.subject.carer, one.subject.receiver) if carer))
    names = Names(unit, persons=people.names_of(unit, {one.requester for one in page}), carers=carers)
    ties = bound_to(unit, page)
    read = records.read_by(unit, unit.call.who.person, frozenset(item for bound in ties.values() for item in bound.evidence))
    return Page(tuple(_waiting(unit, one, about[one.case_id], names, (ties[one.id], read)) for one in page), page.after)


def _turns(unit: Unit) -> Iterator[tuple[str, str, str]]:
    """Yield (office, role, kind) of everything that this caller may decide: in their office, what waits for their role.

    What was done in an emergency the head of the office may ratify too, whosever turn it is.
    """
    who = unit.call.who
    turns = {(seat.office, seat.role) for seat in who.seats if seat.host is None}
    turns |= {(one.office, one.role) for one in who.delegations if one.covers("decide")}
    for office, role in sorted(turn for turn in turns if policy.may((turn[1],), "decide")):
        yield from ((office, role, kind) for kind in ("decision", "ratification", "record"))
        if policy.may((role,), "ratify"):
            yield from ((office, other, "ratification") for other in policy.holders("decide") if other != role)


def _waiting(
    unit: Unit, request: approvals.RequestRow, about: listing.CaseCaption, names: Names, evidence: tuple[Bound, frozenset[str]]
) -> Waiting:
    bound, read = evidence
    return Waiting(
        request=told_request(request, names, unit.call, (about.machine, about.version), reasoned=True),
        case=request.case_id,
        number=about.number,
        child=about.child,
        age_hours=int((unit.call.at - request.requested_at).total_seconds() // 3600),
        evidence=len(bound.evidence),
        opened=len(bound.evidence & read),
        signed=len(request.decisions),
        signatures=len(request.needs),
        lacking=bound.lacking,
    )


@opening("decision", lambda view, request_id: Seen(view.case, (request_id,)))
def show_decision(unit: Unit, request_id: str) -> DecisionView:
    """Return one request with its evidence. Raises NotFound for an institution, and for a case that is not the caller's."""
    request = approvals.get_request(unit, request_id)
    case = cases.get_case(unit, request.case_id)
    snapshot = read_snapshot(unit, case)
    held = snapshot.facts.ask.capacities
    if not policy.may(held, "open_decision"):
        raise NotFound("request")
    names = names_for(unit, snapshot)
    bound = bound_evidence(snapshot, request)
    opened = records.read_by(unit, unit.call.who.person, bound)
    against = objections_to(unit, case, snapshot, request)
    before = _turned_down_before(snapshot, request)
    filed = tuple(row for row in records.records_of(unit, case.id) if row.id in bound)
    return DecisionView(
        request=request_view(request, snapshot, names),
        before=request_view(before, snapshot, names) if before else None,
        since=_signed_since(filed, before.settled_at if before else None),
        unchanged=before is not None and before.digest == request.digest,
        case=case.id,
        number=case.number,
        version=case.seq,
        label=MACHINES[case.machine, case.version].states[case.state].label,
        child=child_view(registers.get_child(unit, case.child_id), unit.call.at, hidden=masks(held)),
        step=_step(snapshot, names, request),
        ladder=ladder_of(snapshot, names),
        evidence=tuple(record_view(row, unit.call.who.person, held, names, opened=row.id in opened) for row in filed),
        papers=tuple(paper for paper in papers_of(unit, snapshot, names, opened) if paper.id in bound),
        attachments=tuple(one for one in attachments_of(unit, case, held, names, opened) if one.id in bound),
        digest=request.digest,
        against=against,
        blocked=any(reason.code != "evidence_not_opened" for reason in against),
    )


def _turned_down_before(snapshot: Snapshot, request: approvals.RequestRow) -> approvals.RequestRow | None:
    """Return the newest earlier request for the same thing that an approver rejected or returned, or None."""
    about = (request.kind, request.trigger, request.subject)
    same = (one for one in snapshot.requests if (one.kind, one.trigger, one.subject) == about)
    return next((one for one in same if one.status in TURNED_DOWN and one.requested_at < request.requested_at), None)


def _signed_since(filed: tuple[records.RecordRow, ...], at: datetime | None) -> tuple[str, ...]:
    return tuple(row.id for row in filed if at and row.signed_at and row.signed_at > at)


def _step(snapshot: Snapshot, names: Names, request: approvals.RequestRow) -> Step | None:
    """Return the step asked for and what the case still lacks for it; that an approver may not propose it is no lack."""
    if request.kind != "decision":
        return None
    chosen = Chosen(request.trigger, request.subject)
    step = next((step for step in steps_of(snapshot, names, chosen) if step.trigger == request.trigger), None)
    if step is None:
        return None
    about_the_case = tuple(reason for reason in step.missing if reason.code != "role_not_allowed")
    return msgspec.structs.replace(step, missing=about_the_case)
