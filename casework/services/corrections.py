"""Corrections of a child's identity as people see them: asked for on a paper, carried out by somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

import msgspec

from casework.errors import Fault, Invalid, NotFound, Reason, Refusal
from casework.machines.effects import Due
from casework.machines.policy import may
from casework.machines.refusals import four_eyes
from casework.services import captions
from casework.services.access import acting
from casework.services.closing import died
from casework.services.command import Saved, command, done, open_for_change
from casework.services.evidence import supersede_changed
from casework.services.identity import check_identity
from casework.services.names import Names
from casework.services.network import Consequences
from casework.services.refusals import already_settled, document_not_compared, locked_by_death
from casework.services.seen import of_case, opening
from casework.store import cases, delegations, journal, placements, records, registers
from casework.store.cases import CaseRow
from casework.store.instants import from_text
from casework.store.unit import Unit
from casework.words import Words

DECIDES_THE_PLACE = frozenset({"religion", "born", "born_precision"})
"""What decides which place fits a child: where it lives is looked at anew when one of them turns out to be otherwise (I9)."""


class RequestIdentityChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask to correct one identity field, on a legal document of this case."""

    case: str
    field: Literal["name", "born", "born_precision", "religion", "nik", "kk", "mother_name", "father_name", "sex"]
    new_value: str | None
    document: str


class ApproveIdentityChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Carry out a requested correction, as another person: a supervisor."""

    case: str
    change: str


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """One correction of one identity field. `old` and `new` are as the register holds them, None for not known.

    `compared` says whether the paper it rests on was compared with its original; `lapsed`, that the child died while it waited;
    `may_approve`, whether it waits for this caller's role.
    """

    id: str
    field: str
    old: str | None
    new: str | None
    document: str
    document_title: Words
    compared: bool
    asked_by: str
    asked_at: datetime
    approved_by: str
    applied: bool
    lapsed: bool
    may_approve: bool


class Corrections(msgspec.Struct, frozen=True, kw_only=True):
    """Every identity field as the register holds it now, and the corrections asked for, newest first: of this case, or made in another."""

    version: int
    identity: dict[str, str | None]
    changes: tuple[Correction, ...]
    may_ask: bool


FIELDS = ("name", "sex", "born", "born_precision", "religion", "nik", "kk", "mother_name", "father_name")
"""What can be corrected, in the order of a page."""


@opening("identity", of_case)
def identity_changes(unit: Unit, case_id: str) -> Corrections:
    """Return the identity of a case's child and its corrections. It is the office's business: for others it raises NotFound."""
    case = cases.get_case(unit, case_id)
    held = cases.capacities(unit, case)
    if not may(held, "read_identity"):
        raise NotFound("identity")
    names = Names(unit)
    papers = {paper.id: paper for paper in records.documents_of(unit, case.id)}
    child = registers.get_child(unit, case.child_id)
    decides = may(held, "approve_correction")
    locked = died(unit, case)
    return Corrections(
        version=case.seq,
        identity={field: getattr(child, field) for field in FIELDS},
        changes=tuple(
            Correction(
                id=row.id,
                field=row.field,
                old=row.old_value,
                new=row.new_value,
                document=row.document_id,
                document_title=captions.paper(papers[row.document_id].kind if row.document_id in papers else "other"),
                compared=row.document_id in papers and bool(papers[row.document_id].compared_by),
                asked_by=names.person(row.asked_by),
                asked_at=from_text(row.asked_at),
                approved_by=names.person(row.approved_by or ""),
                applied=bool(row.applied),
                lapsed=locked and not row.applied,
                may_approve=decides and not locked and not row.applied and row.asked_by != unit.call.who.person,
            )
            for row in registers.identity_changes_of(unit, case.child_id)
            if row.applied or row.case_id == case.id
        ),
        may_ask=may(held, "ask_correction") and not locked,
    )


@command(Saved)
def request_identity_change(unit: Unit, ask: RequestIdentityChange) -> Saved:
    """Ask for a correction. Nothing changes until another person approves it."""
    case = open_for_change(unit, ask.case)
    role = acting(unit, case, "ask_correction")
    if died(unit, case):
        raise Refusal((locked_by_death(),))
    if records.get_document(unit, ask.document).case_id != case.id:
        raise NotFound("document")
    _check_value(unit, ask)
    change_id = registers.ask_identity_change(unit, case.child_id, case.id, ask.field, ask.new_value, ask.document)
    case = journal.append(unit, case, "identity_change_requested", role, items=(change_id, ask.document), reason_code=ask.field)
    return done(change_id, case)


def _check_value(unit: Unit, ask: RequestIdentityChange) -> None:
    try:
        check_identity({ask.field: ask.new_value}, unit.call.at)
    except Invalid as wrong:
        raise Invalid(*(Fault("$.new_value", fault.words) for fault in wrong.faults)) from wrong


@command(Saved)
def approve_identity_change(unit: Unit, ask: ApproveIdentityChange) -> Saved:
    """Approve and carry out a correction, on a paper that was compared with its original: a supervisor who is not the requester.

    One that still waited when the child died has lapsed: the record is locked, whenever it was asked for.
    """
    case = open_for_change(unit, ask.case)
    role = acting(unit, case, "approve_correction")
    change = registers.get_identity_change(unit, ask.change)
    if change.case_id != case.id:
        raise NotFound("identity change")
    if reasons := tuple(_against_change(unit, case, change)):
        raise Refusal(reasons)
    registers.apply_identity_change(unit, change)
    brought = Consequences(unit, case)
    if change.field in DECIDES_THE_PLACE and placements.is_placed(unit, case):
        brought.ask(Due("review", "identity_review_days"))
    if change.field in {"born", "born_precision"}:
        brought.count_from_birth_anew()
    says = {"items": (change.id,), "requester": change.asked_by, "reason_code": change.field, "effects": tuple(brought.words)}
    case = journal.append(unit, case, "identity_changed", role, **says)
    supersede_changed(unit, case)
    return done(change.id, case)


def _against_change(unit: Unit, case: CaseRow, change: registers.IdentityChange) -> Iterator[Reason]:
    """Yield what stands against carrying out a correction. That a second person compared the paper is `compare_document`'s to see to."""
    if delegations.is_one_with(unit, case.id, change.asked_by):
        yield four_eyes()
    if died(unit, case):
        yield locked_by_death()
    if change.applied:
        yield already_settled(Words("Perubahan ini sudah dilakukan.", "This change was made already."))
    if not records.get_document(unit, change.document_id).compared_by:
        yield document_not_compared()
