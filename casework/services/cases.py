"""A case: registered, assigned, advanced. One verb, one function, one unit of work."""

from __future__ import annotations

from datetime import date
from typing import Annotated, get_args, get_type_hints

import msgspec

from casework.errors import Fault, Invalid, Reason, Refusal
from casework.ledger.event import Signature
from casework.machines.book import journey
from casework.machines.engine import Move
from casework.machines.facts import Facts, Subject
from casework.machines.forms import ClosureReason, Intake, check
from casework.machines.policy import role_may
from casework.services import due, effects, evidence
from casework.services.access import acting, passed, seated
from casework.services.children import age_in_years
from casework.services.closing import judge
from casework.services.command import Saved, command, done, open_for_change, question
from casework.services.identity import check_identity
from casework.services.recruitment import open_incident
from casework.services.refusals import (
    caseload_full,
    child_has_open_case,
    closed_case_elsewhere,
    open_case_elsewhere,
    reopen_instead,
    supervision_full,
)
from casework.store import approvals, cases, journal, people, records, registers, workload
from casework.store.call import Who
from casework.store.cases import CaseRow
from casework.store.facts import ABOUT_A_CASE, Snapshot, evidence_ids, facts_for, read_snapshot, usable_request
from casework.store.instants import to_text
from casework.store.statements import Query
from casework.store.unit import Unit
from casework.words import Words

REASONS = frozenset({*get_args(ClosureReason), *get_args(get_type_hints(Intake)["void_reason"])})
"""Why a case is closed (F18) or voided (F01), as codes; "" where a step needs no reason."""


SEALING = frozenset({"record_death", "finalise_adoption"})
"""Closings after which a report about the child opens a new case with a sealed link; after any other the closed case is reopened."""


BEYOND = ("caseload", "supervision")
"""The tasks that an assignment beyond a limit brings, of cases or of caseworkers, done at once: its reason is what was said to them."""
SAID = 3
"""Letters that a reason has at least."""
YOUNG = 3
"""Under so many years a child on an institution's list is seen first (T27)."""


class NewChild(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The little that is known at intake. `born` is an ISO date; with precision `year` only its year counts."""

    name: str
    sex: str = "unknown"
    born: str | None = None
    born_precision: str = "unknown"
    born_place: str | None = None
    religion: str = "unknown"
    nik: str | None = None
    kk: str | None = None
    mother_name: str | None = None
    father_name: str | None = None
    district_code: str | None = None
    village_code: str | None = None


class RegisterCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Register a case from a report (F01), for a new child or for one already in the register."""

    intake: Intake
    child: NewChild | None = None
    child_id: str = ""


class AssignCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Give the case to a social worker, or to another one. `person` is a natural person's id; `reason` for who has enough cases already."""

    case: str
    person: str
    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""


class AdvanceCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask for a step. The trigger is named; the machine computes the state."""

    case: str
    trigger: str
    subject: Subject = Subject()


class Advanced(msgspec.Struct, frozen=True):
    """A step that was done: where the case stands now, and what the step brought."""

    id: str
    version: int
    trigger: str
    source: str
    state: str
    round: int
    effects: tuple[str, ...]


def registers_cases(who: Who) -> bool:
    """Whether this person may register a case."""
    return any(role_may(seat.role, "register") for seat in who.seats)


@question
def check_registrar(unit: Unit) -> None:
    """Raise the Refusal that a report of this caller would meet, before anything is typed."""
    seated(unit, "register")


@command(Saved)
def register_case(unit: Unit, ask: RegisterCase) -> Saved:
    """Open a case in `reported` with its F01. Raises Refusal when the child has an open case, or the role may not take reports."""
    case = open_case(unit, ask, seated(unit, "register"))
    return done(case.id, case)


def open_case(unit: Unit, ask: RegisterCase, role: str) -> CaseRow:
    """Register a case in a role that is held, and return it. Raises Refusal and Invalid as `register_case` does."""
    if crossed := check(ask.intake):
        raise Invalid(*(Fault(f"$.intake{fault.path.removeprefix('$')}", fault.words) for fault in crossed))
    office = next(seat.office for seat in unit.call.who.seats if seat.role == role)
    child_id, previous = _child_of(unit, ask)
    begins = journey().definition
    case = cases.add_case(unit, child_id, office, begins.name, begins.version, begins.initial, previous)
    filed = records.add_record(unit, case, "F01", ask.intake, role=role, supersedes=None)
    within = _assess_within(unit, ask)
    approvals.add_tasks(unit, case, "initial_assessment", due.moments(unit, unit.call.happened_at, within))
    case = journal.append(
        unit,
        case,
        "case_registered",
        role,
        items=(child_id, filed.id),
        evidence=records.commitments(unit, case.id, (filed.id,)),
        effects=(f"due: initial_assessment ({within})",),
    )
    return open_incident(unit, case, ask.intake, role)


def _assess_within(unit: Unit, ask: RegisterCase) -> str:
    """Return the parameter by which a child must be seen: T01, or T27 for a child on an institution's list that reports no danger."""
    listed = ask.intake.listed
    if ask.intake.immediate_danger == "yes":
        return "assess_high_hours"
    if listed is None:
        return "assess_medium_days"
    born = date.fromisoformat(ask.child.born) if ask.child and ask.child.born else None
    if born is None or age_in_years(born, unit.call.at) < YOUNG or listed.health_disability.strip():
        return "legacy_assess_urgent_days"
    orphan = listed.father == listed.mother == "dead"
    return "legacy_assess_days" if orphan else "legacy_assess_parent_days"


def _child_of(unit: Unit, ask: RegisterCase) -> tuple[str, str | None]:
    """Return the child's id and, for a child known before, the last case. A closed case is reopened instead, unless it cannot be.

    A case that the caller may not see is never named, only the office to ask (TRUST 3).
    """
    if (ask.child is None) == (not ask.child_id):
        words = Words(
            "Sebutkan anak baru atau anak yang sudah terdaftar, salah satu.", "Name a new child or a registered one, exactly one."
        )
        raise Invalid(Fault("$.child", words))
    if ask.child is not None:
        identity = msgspec.structs.asdict(ask.child)
        check_identity(identity, unit.call.at)
        return registers.add_child(unit, **identity), None
    last = cases.last_case_of(unit, registers.get_child(unit, ask.child_id).id)
    seen = last is not None and bool(cases.capacities(unit, last))
    office = people.office_name(unit, last.office_id) if last else ""
    if last is not None and last.state not in {"closed", "voided"}:
        raise Refusal((child_has_open_case(last.number) if seen else open_case_elsewhere(office),))
    if last is not None and last.state == "closed" and cases.moves(unit, last.id)[-1].trigger not in SEALING:
        raise Refusal((reopen_instead(last.number) if seen else closed_case_elsewhere(office),))
    return ask.child_id, last.id if last else None


@command(Saved)
def assign_case(unit: Unit, ask: AssignCase) -> Saved:
    """Assign or reassign: a supervisor does, to a social worker of the case's own office. Raises Refusal or Invalid.

    The reason for one case more than a worker should have, or one caseworker more than the supervisors should have, is kept as what was
    said to a task of the case, done with the assignment.
    """
    case = open_for_change(unit, ask.case)
    role = acting(unit, case, "assign")
    if not people.person_with_role(unit, ask.person, "social_worker", case.office_id, unit.call.at):
        words = Words("Bukan pekerja sosial di kantor ini.", "Not a social worker of this office.")
        raise Invalid(Fault("$.person", words))
    over = _beyond(unit, case, ask)
    case = cases.assign(unit, case, ask.person)
    said = [task for kind in over for task in approvals.add_tasks(unit, case, kind, [unit.call.at])]
    for task in said:
        approvals.settle_task(unit, task.id)
        approvals.note_task(unit, case, task.id, ask.reason.strip())
    case = journal.append(unit, case, "case_assigned", role, items=(ask.person, *(task.id for task in said)))
    return done(case.id, case)


def _beyond(unit: Unit, case: CaseRow, ask: AssignCase) -> tuple[str, ...]:
    """Return which limits this assignment goes beyond. Raises Refusal, with all of them, where nobody says why it is made all the same."""
    unit.lock(case.office_id)
    over = dict(zip(BEYOND, (_one_case_more(unit, case, ask), _one_worker_more(unit, case, ask)), strict=True))
    reasons = tuple(reason for reason in over.values() if reason is not None)
    if reasons and len(ask.reason.strip()) < SAID:
        raise Refusal(reasons)
    return tuple(kind for kind, reason in over.items() if reason is not None)


def _one_case_more(unit: Unit, case: CaseRow, ask: AssignCase) -> Reason | None:
    """Say that the worker has as many open cases as they should already."""
    held, limit = workload.open_cases_of(unit, ask.person, case), unit.params.caseload_limit
    return caseload_full(people.names_of(unit, (ask.person,))[ask.person], held, limit) if held >= limit else None


def _one_worker_more(unit: Unit, case: CaseRow, ask: AssignCase) -> Reason | None:
    """Say that the supervisors of the office have as many caseworkers as they should already, and this would be one more.

    An office without a supervisor counts as one with one: it will need one.
    """
    staff, limit = workload.staff_of(unit, case), unit.params.supervision_limit
    held, supervisors = len(staff.caseworkers), max(len(staff.supervisors), 1)
    full = ask.person not in staff.caseworkers and held >= supervisors * limit
    return supervision_full(supervisors, held, limit) if full else None


def _all_about_it(ask: AdvanceCase) -> tuple[tuple[Query, ...], dict[str, str]]:
    return (*ABOUT_A_CASE, *registers.ABOUT_A_HOST), {"case_id": ask.case, "host": ask.subject.host}


@command(Advanced, ahead=_all_about_it)
def advance_case(unit: Unit, ask: AdvanceCase) -> Advanced:
    """Make a step, or refuse with every reason. The step, its effects and its journal entry are one transaction."""
    return advance(unit, open_for_change(unit, ask.case), ask.trigger, ask.subject)


def advance(unit: Unit, case: CaseRow, trigger: str, subject: Subject) -> Advanced:
    """Make a step of a case that is locked for this unit. Raises Refusal with every reason, and Invalid."""
    check_reason(subject)
    snapshot = read_snapshot(unit, case)
    facts = facts_for(snapshot, trigger, subject)
    outcome = judge(snapshot, facts, trigger)
    if isinstance(outcome, Refusal):
        raise outcome
    _check_order(unit, case, usable_request(snapshot, trigger, subject) if outcome.transition.before else None)
    return _make(unit, case, snapshot, facts, outcome)


def check_reason(subject: Subject) -> None:
    """A reason is a code: it reaches the journal, where nobody's own words belong. Raises Invalid."""
    if subject.reason not in REASONS:
        known = ", ".join(sorted(REASONS - {""}))
        raise Invalid(Fault("$.subject.reason", Words(f"Pilihan: {known}.", f"One of: {known}.")))


def _check_order(unit: Unit, case: CaseRow, request: approvals.RequestRow | None) -> None:
    """No step happened before the one that came before it, nor before it was approved. Raises Invalid."""
    happened = unit.call.happened_at
    if happened < case.entered_at:
        words = Words("Langkah ini tidak mungkin sebelum langkah sebelumnya.", "This step cannot have happened before the previous one.")
        raise Invalid(Fault("$.occurred_at", words))
    if request is not None and any(sign.at > happened for sign in request.decisions):
        words = Words("Langkah ini tidak mungkin terjadi sebelum disetujui.", "This step cannot have happened before it was approved.")
        raise Invalid(Fault("$.occurred_at", words))


def _make(unit: Unit, case: CaseRow, snapshot: Snapshot, facts: Facts, move: Move[Facts]) -> Advanced:
    row = move.transition
    passed(unit, facts.ask.capacities, "advance", case.machine)
    request = usable_request(snapshot, move.trigger, facts.subject) if row.before else None
    relied_on = records.commitments(unit, case.id, evidence_ids(facts, row))
    brought = effects.carry_out(unit, case, facts, move)
    effects.open_ratification(unit, case, facts, move)
    role = next(role for role in row.by if role in facts.ask.capacities)
    moved = journal.append(
        unit,
        case,
        "moved",
        role,
        trigger=move.trigger,
        dest=move.dest,
        round=case.round + row.new_round,
        requester=request.requester if request else "",
        guards=tuple((guard.code, True) for guard in row.guards),
        evidence=relied_on,
        evidence_digest=facts.ask.digest,
        approvals=_signatures(request),
        reason_code=facts.subject.reason,
        effects=tuple(brought.words),
        steps=tuple(brought.steps),
        ended=tuple(brought.ended),
        items=tuple(item for item in (facts.subject.host, facts.subject.relative, facts.subject.receiver) if item),
    )
    brought.follow(f"case:{moved.id}#{moved.seq}")
    if request is not None:
        approvals.set_status(unit, request.id, "consumed")
    if any(other.id != (request and request.id) and (other.status in approvals.USABLE or other.unwritten) for other in snapshot.requests):
        evidence.supersede_changed(unit, moved)
    return Advanced(moved.id, moved.seq, move.trigger, move.source, moved.state, moved.round, tuple(brought.words))


def _signatures(request: approvals.RequestRow | None) -> tuple[Signature, ...]:
    if request is None:
        return ()
    return tuple(
        Signature(request=request.id, role=sign.role, person=sign.person, digest=sign.digest, at=to_text(sign.at))
        for sign in request.decisions
    )
