"""Corrections of a child's identity as people see them: asked for on a paper, carried out by somebody else."""

from __future__ import annotations

from datetime import datetime

import msgspec

from casework.errors import NotFound
from casework.services import captions
from casework.services.command import question
from casework.services.names import Names
from casework.services.sight import OFFICE
from casework.store import cases, records, registers
from casework.store.instants import from_text
from casework.store.unit import Unit
from casework.words import Words


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """One correction of one identity field. `old` and `new` are as the register holds them, None for not known.

    `compared` says whether the paper it rests on was compared with its original; `may_approve` whether it waits for this caller's role.
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
    may_approve: bool


class Corrections(msgspec.Struct, frozen=True, kw_only=True):
    """Every identity field as the register holds it now, and the corrections asked for, newest first."""

    version: int
    identity: dict[str, str | None]
    changes: tuple[Correction, ...]
    may_ask: bool


FIELDS = ("name", "sex", "born", "born_precision", "religion", "nik", "kk", "mother_name", "father_name")
"""What can be corrected, in the order of a page."""


@question
def identity_changes(unit: Unit, case_id: str) -> Corrections:
    """Return the identity of a case's child and its corrections. It is the office's business: for others it raises NotFound."""
    case = cases.get_case(unit, case_id)
    held = cases.capacities(unit, case)
    if not held & OFFICE:
        raise NotFound("identity")
    names = Names(unit)
    papers = {paper.id: paper for paper in records.documents_of(unit, case.id)}
    child = registers.get_child(unit, case.child_id)
    decides = bool(held & {"supervisor", "dinas_head"})
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
                may_approve=decides and not row.applied and row.asked_by != unit.call.who.person,
            )
            for row in registers.identity_changes_of(unit, case.child_id)
        ),
        may_ask="social_worker" in held,
    )
