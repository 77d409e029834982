"""Approvals: requested, decided in order by different natural persons, bound to the evidence they saw (DOMAIN 7.2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from casework.errors import Fault, Invalid, NotFound, Reason, Refusal
from casework.machines import policy
from casework.machines.engine import Transition
from casework.machines.facts import Facts, Subject
from casework.machines.forms import KINDS, Form, OptionSheet, code_of
from casework.machines.forms.fields import Note
from casework.machines.refusals import approval_superseded, four_eyes, role_not_allowed
from casework.machines.spoken import OPTIONS
from casework.services import urgent
from casework.services.access import first_allowed, passed
from casework.services.captions import DOCUMENT_KINDS, spoken
from casework.services.cases import check_reason
from casework.services.closing import judge
from casework.services.command import Saved, command, done, open_for_change
from casework.services.effects import due_for_approval, renews
from casework.services.evidence import supersede_changed
from casework.services.network import Consequences
from casework.services.refusals import (
    OPEN_BUSINESS,
    appointed_after_request,
    approval_not_needed,
    evidence_not_opened,
    not_before,
    request_settled,
)
from casework.store import approvals, cases, delegations, journal, people, records
from casework.store.cases import CaseRow
from casework.store.facts import Snapshot, evidence_ids, facts_for, read_snapshot
from casework.store.unit import MACHINES, Unit
from casework.words import Words

_BEFALLS = {"consumed": "countersigned", "returned": "returned", "rejected": "returned"}
"""What a decision on a signed record means to the processes of its case: `countersigned:F16`."""
KIND_OF_EVENT = {"approve": "approval_given", "reject": "approval_rejected", "return": "approval_returned"}
"""What the journal calls a decision."""
MIN_REASON = 3
_MOMENT = timedelta(microseconds=1)


class RequestApproval(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask for the approvals that a step needs, for exactly this subject. What is missing may still be missing: approvers see it."""

    case: str
    trigger: str
    subject: Subject = Subject()


class DecideApproval(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Decide. `digest` is that of the evidence the approver saw; rejecting and returning need a reason."""

    case: str
    request: str
    decision: Literal["approve", "reject", "return"]
    digest: str
    reason: Note = ""


class WithdrawApproval(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Take a request back, as the one who made it."""

    case: str
    request: str


class Decision(msgspec.Struct, frozen=True):
    """How a request stands after a decision."""

    id: str
    version: int
    status: str


@command(Saved)
def request_approval(unit: Unit, ask: RequestApproval) -> Saved:
    """Open a request over the evidence as it stands. An earlier open one for the same step is superseded."""
    return done(*open_request(unit, open_for_change(unit, ask.case), ask))


def open_request(unit: Unit, case: CaseRow, ask: RequestApproval) -> tuple[str, CaseRow]:
    """Open a request in a case that the caller may change. Returns its id, and the case after it. Raises Refusal and Invalid."""
    check_reason(ask.subject)
    snapshot = read_snapshot(unit, case)
    row = MACHINES[case.machine, case.version].transition(case.state, ask.trigger)
    if row is None:
        machine = MACHINES[case.machine, case.version]
        missing = machine.no_such_transition(case.state, ask.trigger)
        raise Refusal((missing,), trigger=ask.trigger, state=case.state, possible=machine.triggers_from(case.state))
    role = first_allowed(snapshot.facts.ask.capacities, *row.by)
    passed(unit, snapshot.facts.ask.capacities, "advance", case.machine)
    if not row.before:
        raise Refusal((approval_not_needed(row.label),), trigger=ask.trigger, state=case.state)
    facts = facts_for(snapshot, ask.trigger, ask.subject)
    for earlier in snapshot.requests:
        if (earlier.kind, earlier.trigger) == ("decision", ask.trigger) and earlier.status in approvals.USABLE:
            approvals.set_status(unit, earlier.id, "superseded")
    in_emergency = case.state == "emergency_care"
    due_at = due_for_approval(unit, unit.call.at, urgent=in_emergency)
    request_id = approvals.add_request(
        unit,
        case,
        "decision",
        trigger=ask.trigger,
        needs=row.before,
        digest=facts.ask.digest,
        due_at=due_at,
        subject=ask.subject,
    )
    if in_emergency:
        urgent.note(unit, "approval_urgent_hours", "request", request_id, case, due_at)
    bound = records.commitments(unit, case.id, evidence_ids(facts, row))
    return request_id, journal.append(
        unit,
        case,
        "approval_requested",
        role,
        trigger=ask.trigger,
        items=(request_id,),
        evidence=bound,
        evidence_digest=facts.ask.digest,
        guards=_stood(snapshot, facts, row),
    )


def _stood(snapshot: Snapshot, facts: Facts, row: Transition[Facts]) -> tuple[tuple[str, bool], ...]:
    """Return how every guard of a step stood when it was asked for; last, where it would end the case, what must be finished before."""
    outcome = judge(snapshot, facts, facts.trigger)
    unmet = [reason.code for reason in outcome.reasons] if isinstance(outcome, Refusal) else []
    codes = (*(guard.code for guard in row.guards), *(code for code in unmet if code == OPEN_BUSINESS))
    return tuple((code, code not in unmet) for code in codes)


@command(Decision)
def decide_approval(unit: Unit, ask: DecideApproval) -> Decision:
    """Give, refuse or return one signature. Every reason against it is told at once. Raises Refusal, Invalid or NotFound."""
    case = open_for_change(unit, ask.case)
    request = approvals.get_request(unit, ask.request)
    if request.case_id != case.id:
        raise NotFound("approval request")
    if ask.decision != "approve" and len(ask.reason.strip()) < MIN_REASON:
        raise Invalid(Fault("$.reason", Words("Tulis alasannya.", "Write the reason.")))
    if request.kind == "ratification" and ask.decision == "return":
        words = Words("Langkah itu sudah dilakukan: sahkan atau tolak.", "That step was made already: ratify or reject it.")
        raise Invalid(Fault("$.decision", words))
    return decide(unit, case, request, ask)


def decide(unit: Unit, case: CaseRow, request: approvals.RequestRow, ask: DecideApproval, *, cause: str = "") -> Decision:
    """Carry out one decision with everything it brings. `cause` names the entry that decided a whole list. Raises Refusal."""
    snapshot = read_snapshot(unit, case)
    role = _decider(snapshot, request)
    passed(unit, frozenset({role}), "decide")
    reasons = tuple(_objections(unit, case, snapshot, request, ask))
    if reasons:
        raise Refusal(reasons, trigger=request.trigger, state=case.state)
    approvals.add_decision(unit, case, request, ask.decision, role, ask.reason.strip() or None)
    status = _settle(unit, request, ask.decision)
    filed = records.get_record(unit, request.record_id) if request.record_id else None
    brought = Consequences(unit, case)
    if filed is not None and renews(unit, filed) and status in _BEFALLS:
        brought.happened(f"{_BEFALLS[status]}:{filed.form}")
    if request.kind == "ratification" and ask.decision == "reject":
        _escalate(unit, case, request, role)
    if status == "in_second_approval" and case.state == "emergency_care":
        urgent.note(unit, "approval_urgent_hours", "request", request.id, case, request.due_at)
    case = journal.append(
        unit,
        case,
        KIND_OF_EVENT[ask.decision],  # type: ignore[arg-type]
        role,
        trigger=request.trigger,
        requester=request.requester,
        evidence_digest=request.digest,
        effects=tuple(brought.words),
        steps=tuple(brought.steps),
        items=tuple(item for item in (request.id, request.record_id) if item),
        cause=cause,
    )
    brought.follow(f"case:{case.id}#{case.seq}")
    if request.kind == "record":
        supersede_changed(unit, case)
    return Decision(request.id, case.seq, status)


def _decider(snapshot: Snapshot, request: approvals.RequestRow) -> str:
    """Return the role in which the caller decides. Raises Refusal when it is settled, or not theirs, or not their turn."""
    if request.status not in approvals.OPEN or request.next_role is None:
        raise Refusal((request_settled(request.status),))
    held = snapshot.facts.ask.capacities
    allowed = (request.next_role, *policy.holders("ratify")) if request.kind == "ratification" else (request.next_role,)
    if held.isdisjoint(allowed):
        later = held & set(request.needs)
        raise Refusal((not_before(request.next_role) if later else role_not_allowed(allowed),))
    return first_allowed(held, *allowed)


def _objections(unit: Unit, case: CaseRow, snapshot: Snapshot, request: approvals.RequestRow, ask: DecideApproval) -> tuple[Reason, ...]:
    """Return everything that stands against this person deciding this request now."""
    person = unit.call.who.person
    bound = bound_evidence(snapshot, request)
    reasons = []
    stands = delegations.hands(unit, case.id, now=True)
    if stands.get(person, person) in {stands.get(one, one) for one in _hands(unit, case, snapshot, request) if one}:
        reasons.append(four_eyes())
    if not _led_before(unit, case, _decider(snapshot, request), request.requested_at - _MOMENT):
        reasons.append(appointed_after_request())
    if ask.digest != request.digest or digest_now(snapshot, request) != request.digest:
        reasons.append(approval_superseded())
    unread = bound - records.read_by(unit, person, bound)
    if unread and ask.decision == "approve":
        reasons.append(evidence_not_opened(_titles(snapshot, unread)))
    return tuple(reasons)


def _led_before(unit: Unit, case: CaseRow, role: str, at: datetime) -> bool:
    """Whether the caller had this role before something was asked: their own, or delegated by then by who had it by then themselves."""
    giver = cases.in_place_of(unit, case, role)
    if giver is None:
        return people.person_with_role(unit, unit.call.who.person, role, case.office_id, at)
    lent = (one for one in unit.call.who.delegations if (one.role, one.office, one.giver) == (role, case.office_id, giver))
    return any(one.since <= at for one in lent) and people.person_with_role(unit, giver, role, case.office_id, at)


def objections_to(unit: Unit, case: CaseRow, snapshot: Snapshot, request: approvals.RequestRow) -> tuple[Reason, ...]:
    """Return what stands against this caller approving the request now: what the decision page shows before anybody decides."""
    try:
        _decider(snapshot, request)
    except Refusal as refusal:
        return refusal.reasons
    ask = DecideApproval(case=case.id, request=request.id, decision="approve", digest=request.digest)
    return _objections(unit, case, snapshot, request, ask)


def bound_evidence(snapshot: Snapshot, request: approvals.RequestRow) -> frozenset[str]:
    """Return the ids of the records, papers and pictures that a request is about: approvers must have opened each."""
    if request.record_id is not None:
        return frozenset({request.record_id})
    if request.kind == "ratification":
        move = journal.move_with(snapshot.unit, snapshot.row.id, request.trigger, request.digest)
        return frozenset(item.id for item in move.evidence) if move else frozenset()
    row = MACHINES[snapshot.row.machine, snapshot.row.version].transition(snapshot.row.state, request.trigger)
    if row is None:
        return frozenset()
    return frozenset(evidence_ids(facts_for(snapshot, request.trigger, request.subject), row))


def digest_now(snapshot: Snapshot, request: approvals.RequestRow) -> str:
    """Return the digest of what the request is about, as it stands. A ratification is about a move that was made: it does not change."""
    if request.kind == "decision":
        return facts_for(snapshot, request.trigger, request.subject).ask.digest
    return request.digest


def _hands(unit: Unit, case: CaseRow, snapshot: Snapshot, request: approvals.RequestRow) -> frozenset[str | None]:
    """Return the natural persons who had a hand in what is decided, and so may not decide it (DOMAIN 4, 7.1.1, 7.1.4 I4).

    The requester, the assigned worker, whoever signed before; writers and verifiers of bound evidence, and whoever verified anything in
    this case; everybody of the host named. For a ratification also who made the move, who approved it, and who decided about it before.
    Countersigning a record and comparing a paper are no authorship (7.0.3).
    """
    hands = {request.requester, case.assigned_to, *(sign.person for sign in request.decisions)}
    hands |= records.hands_on(unit, bound_evidence(snapshot, request))
    hands |= {record.verified_by for record in snapshot.facts.records}
    if request.subject.host:
        hands |= people.persons_of_host(unit, request.subject.host)
    if request.kind == "ratification":
        move = journal.move_with(unit, case.id, request.trigger, request.digest)
        hands |= {move.actor.person, *(sign.person for sign in move.approvals)} if move else set()
        same = (other for other in snapshot.requests if (other.kind, other.digest) == (request.kind, request.digest))
        hands |= {sign.person for other in same for sign in other.decisions}
    return frozenset(hands)


def _titles(snapshot: Snapshot, items: frozenset[str]) -> tuple[Words, ...]:
    """Name what was not opened, nobody in it: a refusal is journalled. Sheets say which kind of care they are about."""
    titles = [_titled(record.body) for record in snapshot.facts.records if record.id in items]
    papers = [spoken(DOCUMENT_KINDS, paper.kind) for paper in snapshot.facts.documents if paper.id in items]
    pictures = [Words("foto", "a picture") for picture in snapshot.facts.attached if picture.id in items]
    return tuple(titles + papers + pictures)


def _titled(body: Form) -> Words:
    title = KINDS[code_of(body)].title
    rung = spoken(OPTIONS, body.rung) if isinstance(body, OptionSheet) else None
    return Words(f"{title.id}: {rung.id}", f"{title.en}: {rung.en}") if rung else title


def _settle(unit: Unit, request: approvals.RequestRow, decision: str) -> str:
    """Move the request on and return its status."""
    last = len(request.decisions) + 1 == len(request.needs)
    if decision != "approve":
        status = "rejected" if decision == "reject" else "returned"
    elif not last:
        status = "in_second_approval"
    else:
        status = "approved" if request.kind == "decision" else "consumed"
    approvals.set_status(unit, request.id, status, request.needs[-1] if status == "in_second_approval" else None)
    if request.kind == "record" and status == "consumed" and request.record_id:
        records.set_countersigned(unit, request.record_id)
    return status


def _escalate(unit: Unit, case: CaseRow, request: approvals.RequestRow, role: str) -> None:
    """A rejected ratification goes to the head of the office, within the same hours again; rejected again, the child must leave."""
    within = unit.call.at + timedelta(hours=unit.params.emergency_ratify_hours)
    if policy.may((role,), "ratify"):
        if case.state == "emergency_care":
            approvals.settle(unit, approvals.tasks_of(unit, case.id), {"emergency_exit": "replaced"})
            approvals.add_tasks(unit, case, "emergency_exit", [within])
        return
    again = approvals.add_request(
        unit,
        case,
        "ratification",
        trigger=request.trigger,
        needs=policy.holders("ratify"),
        digest=request.digest,
        due_at=within,
        subject=request.subject,
        requester=request.requester,
    )
    urgent.note(unit, "emergency_ratify_hours", "request", again, case, within)


@command(Saved)
def withdraw_approval(unit: Unit, ask: WithdrawApproval) -> Saved:
    """Take an open or approved decision request back. Only its requester does; a ratification cannot be taken back."""
    case = open_for_change(unit, ask.case)
    request = approvals.get_request(unit, ask.request)
    if request.case_id != case.id:
        raise NotFound("approval request")
    if request.requester != unit.call.who.person or request.kind != "decision":
        raise Refusal((role_not_allowed(policy.holders("advance")[:1]),))
    if request.status not in approvals.USABLE:
        raise Refusal((request_settled(request.status),))
    approvals.set_status(unit, request.id, "withdrawn")
    row = MACHINES[case.machine, case.version].transition(case.state, request.trigger)
    held = cases.capacities(unit, case)
    role = next((role for role in (row.by if row else ()) if role in held), passed(unit, held, "withdraw").capacity)
    case = journal.append(unit, case, "approval_withdrawn", role, trigger=request.trigger, items=(request.id,))
    return done(request.id, case)
