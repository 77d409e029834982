"""Records and papers: drafted, signed, verified, superseded; attached and compared with their originals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec

from casework.errors import Fault, Invalid, NotFound, Refusal
from casework.machines.effects import AGAIN
from casework.machines.forms import KINDS, AdmissionMinutes, Form, decode
from casework.machines.guards.incidents import child_seen_since_report
from casework.machines.policy import ANY, CAPACITIES, may, ruled
from casework.machines.refusals import four_eyes, role_not_allowed
from casework.machines.settling import ESCALATED
from casework.services.access import acting, passed
from casework.services.attachments import readable
from casework.services.calendar import check_days
from casework.services.captions import DOCUMENT_KINDS
from casework.services.closing import AFTER_DEATH, died
from casework.services.command import Saved, command, done, open_for_change
from casework.services.effects import due_for_approval, renews
from casework.services.entries import enter_record
from casework.services.evidence import supersede_changed
from casework.services.field import check_log, fulfil, fulfil_check
from casework.services.network import Consequences
from casework.services.recruitment import open_incident, tells_of_recruitment
from casework.services.refusals import already_settled, locked_by_death, settled_by_its_form
from casework.services.sight import may_open, may_supersede, tasks_told
from casework.store import approvals, cases, delegations, drafts, journal, placements, records
from casework.store.approvals import TaskRow
from casework.store.call import ASKED_ROLES
from casework.store.cases import CaseRow
from casework.store.unit import Unit
from casework.words import Words

FULFILS: dict[str, tuple[str, ...]] = {
    "F03": ("initial_assessment", "child_seen", "contact"),
    "F04": ("comprehensive_assessment", "legacy_assessment"),
    "F05": ("renew_options",),
    "F06": ("child_view", "child_seen", "contact"),
    "F06:return": ("return_interview",),
    "F08": ("plan", "contact_plan"),
    "F11": ("admission_minutes",),
    "F15": ("first_visit", "child_seen", "contact"),
    "F16": ("monthly_report",),
    "F27": ("monthly_report",),
}
"""Which open tasks a signed form settles; behind a colon, only one of this kind.

A progress report (F16) closes its review when it is endorsed."""
OF_THE_OFFICE = frozenset({"contact"})
"""Tasks that a form settles only where the office itself signed it."""
PROVED = {"child_seen": child_seen_since_report}
"""Tasks of a process that a form settles only where it proves what that process waits for: not every visit saw the child alone."""
DONE_BY_HAND = frozenset(
    {
        *(
            "inform_dinas",
            "inform_parents",
            "inform_police",
            "inform_head",
            "identity_documents",
            "death_certificate",
            "contact_plan",
            "legacy_decision",
        ),
        *("relocation_plan", "frequent_moves", "emergency_again", "investigation_plan", "monitoring_concern"),
        *("leaving_care_plan", "leaving_care_final", "birth_registration", "dinas_report", "emergency_capacity"),
        *("permanency_decision", "permanency_review_18", "permanency_review_24"),
        *("head_emergency", "head_legacy", "head_exit", "head_capacity"),
    }
)
"""Tasks that no form and no move settles: somebody says what was done. Everything else is done by doing it."""


class SaveDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Keep an unfinished form for its author. Nothing in it is checked, counted or shown to others. `supersedes` is what it corrects."""

    case: str
    form: str
    body: dict[str, Any]
    supersedes: str = ""


class SignRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Sign a form. `supersedes` names the record it corrects. The body is decoded into the form's Struct; every fault is told at once."""

    case: str
    form: str
    body: dict[str, Any]
    supersedes: str = ""


class VerifyRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Confirm, as another person, that a record agrees with its sources (F05: the verifier is not the assessor)."""

    case: str
    record: str


class AttachDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Enter a paper into the register. `issued_on` is an ISO date; `digest` the SHA-256 (hex) of its scan, if there is one."""

    case: str
    kind: str
    number: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    issuer: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    issued_on: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    digest: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")] = ""


class CompareDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Confirm, as a second person, that the paper agrees with its original."""

    case: str
    document: str


class CompleteTask(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Report a task as done, with what was done."""

    case: str
    task: str
    note: Annotated[str, msgspec.Meta(min_length=3, max_length=500, pattern=r"\S")]


class OpenEvidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Say that these records, papers and pictures were opened and read: approvers must have."""

    case: str
    items: tuple[str, ...]


@command(Saved)
def save_draft(unit: Unit, ask: SaveDraft) -> Saved:
    """Keep one draft per author, case, form and record that it corrects, for those who may sign it; an empty body throws it away.

    No entry: nothing was claimed.
    """
    case = open_for_change(unit, ask.case)
    if ask.form not in KINDS:
        raise NotFound("form")
    role = acting(unit, case, "sign", ask.form)
    if ask.supersedes:
        _former(unit, case, ask, role)
    drafts.keep(unit, case.id, ask.form, ask.body, ask.supersedes)
    return done(ask.form, case)


@command(Saved)
def sign_record(unit: Unit, ask: SignRecord) -> Saved:
    """Sign a form: immutable from now on. A form that needs a countersignature opens its request in the same step."""
    case = open_for_change(unit, ask.case)
    if ask.form not in KINDS:
        raise NotFound("form")
    kind = KINDS[ask.form]
    role = acting(unit, case, "sign", ask.form)
    if ask.form not in AFTER_DEATH and died(unit, case):
        raise Refusal((locked_by_death(),))
    body = decode(ask.form, ask.body)
    check_log(role, body)
    if ask.supersedes:
        _void_former(unit, case, ask, role)
    filed = records.add_record(unit, case, ask.form, body, role=role, supersedes=ask.supersedes or None)
    brought = Consequences(unit, case)
    if not ask.supersedes:
        brought.begin_by_form(filed)
    if renews(unit, filed):
        brought.happened(f"signed:{ask.form}")
    kinds = () if role in ASKED_ROLES and ask.form == "F05" else _kinds_fulfilled(ask.form, body)
    if not ask.supersedes:
        fulfil(brought, case, ask.form)
        theirs = OF_THE_OFFICE if not may((role,), "read_reasons") else frozenset()
        _come_again(brought, tuple(kind for kind in kinds if kind not in theirs), ask.form)
    case = enter_record(unit, brought, case, "record_signed", role, filed, instead_of=ask.supersedes)
    if not (ask.supersedes and tells_of_recruitment(records.get_record(unit, ask.supersedes).body)):
        case = open_incident(unit, case, body, role)
    if not isinstance(body, AdmissionMinutes) or body.host in placements.homes_of(unit, case):
        approvals.settle(unit, _fulfilled(unit, case, kinds), dict.fromkeys(kinds, ask.form))
    if ask.form == "F15":
        approvals.settle_next(unit, case.id, ask.form, "monitoring_visit")
    if kind.countersigner:
        _ask_countersignature(unit, case, filed, kind.countersigner)
    drafts.drop(unit, case.id, ask.form, ask.supersedes)
    supersede_changed(unit, case)
    return done(filed.id, case)


def _kinds_fulfilled(form: str, body: Form) -> tuple[str, ...]:
    return (*FULFILS.get(form, ()), *FULFILS.get(f"{form}:{getattr(body, 'kind', '')}", ()))


def _come_again(brought: Consequences, kinds: tuple[str, ...], how: str) -> None:
    """Close what comes again and again and was done now, and ask for the next: only where it was asked for."""
    done_now = [kind for kind in kinds if kind in AGAIN and any(task.kind == kind for task in brought.agenda.open)]
    brought.agenda.settle(dict.fromkeys(done_now, how))
    brought.again(done_now)


def _fulfilled(unit: Unit, case: CaseRow, kinds: tuple[str, ...]) -> Iterator[TaskRow]:
    """Yield the open tasks of these kinds that are done with the form just signed: of a process, those whose step it proves now."""
    for task in approvals.tasks_of(unit, case.id):
        if task.settled_at is not None or task.kind not in kinds or task.kind in AGAIN:
            continue
        proof = PROVED.get(task.kind)
        if proof is None or not task.process or Consequences(unit, case).proves(task.process, proof):
            yield task


def _former(unit: Unit, case: CaseRow, ask: SaveDraft | SignRecord, role: str) -> records.RecordRow:
    """Return the record that a form corrects. Raises NotFound, Refusal for whom it is not to correct, Invalid for another kind."""
    former = records.get_record(unit, ask.supersedes)
    held, own = cases.capacities(unit, case), former.author == unit.call.who.person
    if former.case_id != case.id or not (own or may_open(held, former.form)):
        raise NotFound("record")
    if not may_supersede(held, role, former.form, own=own):
        raise Refusal((role_not_allowed(tuple(one for one in KINDS[former.form].signers if may((one,), "supersede", former.form))),))
    if former.form != ask.form:
        words = Words("Bukan catatan sejenis.", "Not a record of this kind.")
        raise Invalid(Fault("$.supersedes", words))
    return former


def _void_former(unit: Unit, case: CaseRow, ask: SignRecord, role: str) -> None:
    former = _former(unit, case, ask, role)
    if former.status == "void":
        raise Refusal((already_settled(Words("Catatan itu sudah diganti.", "That record was superseded already.")),))
    records.set_void(unit, former.id)


def _ask_countersignature(unit: Unit, case: CaseRow, filed: records.RecordRow, role: str) -> None:
    approvals.add_request(
        unit,
        case,
        "record",
        trigger=f"countersign:{filed.form}",
        needs=(role,),
        digest=filed.digest,
        due_at=due_for_approval(unit, unit.call.at, urgent=False),
        record_id=filed.id,
    )


@command(Saved)
def verify_record(unit: Unit, ask: VerifyRecord) -> Saved:
    """Verify a record as another person than its author. The verifier may approve nothing in the case afterwards."""
    case = open_for_change(unit, ask.case)
    role = acting(unit, case, "verify")
    filed = records.get_record(unit, ask.record)
    if filed.case_id != case.id or not may_open(cases.capacities(unit, case), filed.form):
        raise NotFound("record")
    if delegations.is_one_with(unit, case.id, filed.author):
        raise Refusal((four_eyes(),))
    if filed.verified_by or filed.status == "void":
        raise Refusal((already_settled(Words("Catatan ini sudah diverifikasi atau diganti.", "Verified or superseded already.")),))
    records.set_verified(unit, filed.id, CAPACITIES[role].role)
    brought = Consequences(unit, case)
    brought.happened(f"verified:{filed.form}")
    fulfil_check(brought, case, filed.form)
    case = enter_record(unit, brought, case, "record_verified", role, filed)
    supersede_changed(unit, case)
    return done(filed.id, case)


@command(Saved)
def attach_document(unit: Unit, ask: AttachDocument) -> Saved:
    """Enter a paper. It counts only after a second person compared it with its original."""
    case = open_for_change(unit, ask.case)
    role = acting(unit, case, "attach")
    if ask.kind not in DOCUMENT_KINDS:
        words = Words(f"Pilihan: {', '.join(DOCUMENT_KINDS)}.", f"One of: {', '.join(DOCUMENT_KINDS)}.")
        raise Invalid(Fault("$.kind", words))
    check_days(issued_on=ask.issued_on)
    paper = records.add_document(
        unit, case, kind=ask.kind, number=ask.number, issuer=ask.issuer, issued_on=ask.issued_on, digest=ask.digest
    )
    case = journal.append(unit, case, "document_attached", role, items=(paper,), evidence=records.commitments(unit, case.id, (paper,)))
    supersede_changed(unit, case)
    return done(paper, case)


@command(Saved)
def compare_document(unit: Unit, ask: CompareDocument) -> Saved:
    """Confirm a paper as a second social worker (comparing is not authorship: DOMAIN 7.0.3)."""
    case = open_for_change(unit, ask.case)
    role = acting(unit, case, "compare")
    paper = records.get_document(unit, ask.document)
    if paper.case_id != case.id:
        raise NotFound("document")
    if delegations.is_one_with(unit, case.id, paper.attached_by):
        raise Refusal((four_eyes(),))
    if paper.compared_by:
        raise Refusal((already_settled(Words("Dokumen ini sudah dicocokkan.", "This paper was compared already.")),))
    records.set_compared(unit, paper.id, CAPACITIES[role].role)
    brought = Consequences(unit, case)
    brought.happened("compared:document")
    case = journal.append(
        unit,
        case,
        "document_compared",
        role,
        items=(paper.id,),
        evidence=records.commitments(unit, case.id, (paper.id,)),
        effects=tuple(brought.words),
        steps=tuple(brought.steps),
    )
    brought.follow(f"case:{case.id}#{case.seq}")
    supersede_changed(unit, case)
    return done(paper.id, case)


@command(Saved)
def complete_task(unit: Unit, ask: CompleteTask) -> Saved:
    """Report a task as done that no form settles by itself (informing Dinas or the police, for example)."""
    case = open_for_change(unit, ask.case)
    open_tasks = {task.id: task for task in approvals.tasks_of(unit, case.id) if task.settled_at is None}
    role = acting(unit, case, "complete_task", open_tasks[ask.task].kind if ask.task in open_tasks else ANY)
    if ask.task not in open_tasks:
        raise NotFound("task")
    kind, told = open_tasks[ask.task].kind, tasks_told(cases.capacities(unit, case))
    if told is not None and kind not in told:
        raise NotFound("task")
    if kind not in DONE_BY_HAND:
        raise Refusal((settled_by_its_form(kind),))
    brought = Consequences(unit, case)
    if kind in AGAIN:
        _come_again(brought, (kind,), approvals.SAID)
    else:
        approvals.settle_task(unit, ask.task)
    approvals.note_task(unit, case, ask.task, ask.note.strip())
    approvals.settle(unit, open_tasks.values(), {ESCALATED[kind]: kind} if kind in ESCALATED else {})
    case = journal.append(unit, case, "task_done", role, items=(ask.task,), reason_code=kind, effects=tuple(brought.words))
    return done(ask.task, case)


@command(Saved)
def open_evidence(unit: Unit, ask: OpenEvidence) -> Saved:
    """Journal that the caller opened these items of the case, and keep the receipts. What is unknown, or not for their eyes, opens nothing.

    The entry is committed before the roof shows anything: what cannot be journalled is not read.
    """
    case = open_for_change(unit, ask.case)
    held, person = cases.capacities(unit, case), unit.call.who.person
    known = {row.id for row in records.records_of(unit, case.id) if may_open(held, row.form) or row.author == person}
    if ruled(held, "open_paper").verdict == "allow":
        known |= {paper.id for paper in records.documents_of(unit, case.id)}
    known |= readable(unit, case, held)
    opened = tuple(item for item in ask.items if item in known)
    if opened:
        records.note_read(unit, opened)
        role = passed(unit, held, "open_case").capacity
        journal.append_for_actor(unit, "evidence_opened", case=case, role=role, items=opened)
    return done(case.id, case)
