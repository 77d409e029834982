"""Decisions that wait, and one decision with the evidence beside the question. Nothing here is preset."""

from __future__ import annotations

import msgspec

from casework.errors import NotFound, Reason
from casework.services.approvals import bound_evidence, objections_to
from casework.services.captions import Chosen
from casework.services.children import ChildView, child_view, initials
from casework.services.command import question
from casework.services.filed import PaperView, RecordView, papers_of, record_view
from casework.services.ladder import Rung, ladder_of
from casework.services.names import Names, names_for
from casework.services.sight import is_house, masks
from casework.services.steps import Request, Step, request_view, steps_of
from casework.store import approvals, cases, records, registers
from casework.store.cases import CaseRow
from casework.store.facts import Snapshot, read_snapshot
from casework.store.unit import MACHINES, Unit
from casework.words import Words

_DECIDERS = frozenset({"supervisor", "dinas_head"})


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A request that waits for this caller's decision. `age_hours` since it was made."""

    request: Request
    case: str
    number: str
    child: str
    age_hours: int


class DecisionView(msgspec.Struct, frozen=True, kw_only=True):
    """One decision. `digest` is what an approver signs; `changed` says that the evidence is no longer what was requested.

    `against` holds every reason why this caller may not approve now; `blocked` those that no reading can cure (role, person, order).
    """

    request: Request
    case: str
    number: str
    version: int
    label: Words
    child: ChildView
    step: Step | None
    ladder: tuple[Rung, ...]
    evidence: tuple[RecordView, ...]
    papers: tuple[PaperView, ...]
    digest: str
    against: tuple[Reason, ...]
    blocked: bool


@question
def waiting_decisions(unit: Unit) -> tuple[Waiting, ...]:
    """Return the open requests whose turn is the caller's, the one due first on top."""
    if not any(seat.role in _DECIDERS for seat in unit.call.who.seats):
        return ()
    found = []
    for request in approvals.waiting_requests(unit):
        case = _visible(unit, request.case_id)
        if case is None or request.next_role is None or request.requester == unit.call.who.person:
            continue
        turn = {request.next_role, "dinas_head"} if request.kind == "ratification" else {request.next_role}
        if cases.capacities(unit, case) & turn:
            found.append(_waiting(unit, case, request))
    return tuple(found)


def _visible(unit: Unit, case_id: str) -> CaseRow | None:
    try:
        return cases.get_case(unit, case_id)
    except NotFound:
        return None


def _waiting(unit: Unit, case: CaseRow, request: approvals.RequestRow) -> Waiting:
    snapshot = read_snapshot(unit, case)
    child = registers.get_child(unit, case.child_id).name
    return Waiting(
        request=request_view(request, snapshot, names_for(unit, snapshot)),
        case=case.id,
        number=case.number,
        child=initials(child) if masks(snapshot.facts.ask.capacities) else child,
        age_hours=int((unit.call.at - request.requested_at).total_seconds() // 3600),
    )


@question
def show_decision(unit: Unit, request_id: str) -> DecisionView:
    """Return one request with its evidence. Raises NotFound for an institution, and for a case that is not the caller's."""
    request = approvals.get_request(unit, request_id)
    case = cases.get_case(unit, request.case_id)
    snapshot = read_snapshot(unit, case)
    held = snapshot.facts.ask.capacities
    if is_house(held):
        raise NotFound("request")
    names = names_for(unit, snapshot)
    bound = bound_evidence(snapshot, request)
    opened = records.read_by(unit, unit.call.who.person, bound)
    against = objections_to(unit, case, snapshot, request)
    return DecisionView(
        request=request_view(request, snapshot, names),
        case=case.id,
        number=case.number,
        version=case.seq,
        label=MACHINES[case.machine, case.version].states[case.state].label,
        child=child_view(registers.get_child(unit, case.child_id), unit.call.at, hidden=masks(held)),
        step=_step(snapshot, names, request),
        ladder=ladder_of(snapshot, names),
        evidence=tuple(
            record_view(row, unit.call.who.person, held, names, opened=row.id in opened)
            for row in records.records_of(unit, case.id)
            if row.id in bound
        ),
        papers=tuple(paper for paper in papers_of(unit, snapshot, names, opened) if paper.id in bound),
        digest=request.digest,
        against=against,
        blocked=any(reason.code != "evidence_not_opened" for reason in against),
    )


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
