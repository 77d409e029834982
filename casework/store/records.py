"""Filed records and the document register. Once signed they never change: a correction is a new record that supersedes."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, Select, delete, select

from casework.errors import NotFound
from casework.ledger.event import Evidence, commitment
from casework.machines.facts import Document, Filed
from casework.machines.forms import Form
from casework.store.cases import CaseRow
from casework.store.ids import new_id, new_salt
from casework.store.instants import from_text, to_text
from casework.store.schema import document, read_receipt, record
from casework.store.unit import Unit

_form_encoder = msgspec.json.Encoder(order="sorted")
_form_decoder: msgspec.json.Decoder[Form] = msgspec.json.Decoder(Form)


class RecordRow(msgspec.Struct, frozen=True, kw_only=True):
    """A record as stored, with its form decoded."""

    id: str
    case_id: str
    form: str
    round: int
    status: str
    dated: datetime
    signed_at: datetime | None
    author: str
    author_role: str
    supersedes: str | None
    body: Form
    digest: str
    verified_by: str | None
    verifier_role: str | None
    countersigned_by: str | None
    countersigned_at: datetime | None


def _record(row: Row[Any]) -> RecordRow:
    return RecordRow(
        id=row.id,
        case_id=row.case_id,
        form=row.form,
        round=row.round,
        status=row.status,
        dated=from_text(row.dated),
        signed_at=from_text(row.signed_at) if row.signed_at else None,
        author=row.author,
        author_role=row.author_role,
        supersedes=row.supersedes,
        body=_form_decoder.decode(row.body),
        digest=row.digest,
        verified_by=row.verified_by,
        verifier_role=row.verifier_role,
        countersigned_by=row.countersigned_by,
        countersigned_at=from_text(row.countersigned_at) if row.countersigned_at else None,
    )


def add_record(unit: Unit, case: CaseRow, form: str, body: Form, *, role: str, draft: bool, supersedes: str | None) -> RecordRow:
    """Insert a record as a draft or already signed, and return it."""
    stored = _form_encoder.encode(body)
    record_id = new_id(unit.call.at)
    unit.run(
        record.insert().values(
            id=record_id,
            case_id=case.id,
            form=form,
            form_version=1,
            round=case.round,
            status="draft" if draft else "signed",
            dated=to_text(unit.call.happened_at),
            signed_at=None if draft else to_text(unit.call.at),
            author=unit.call.who.person,
            author_role=role,
            supersedes=supersedes,
            body=stored,
            digest=hashlib.sha256(stored).hexdigest(),
            salt=new_salt(),
        )
    )
    return get_record(unit, record_id)


def get_record(unit: Unit, record_id: str) -> RecordRow:
    """Return one record. Raises NotFound. Whether the caller may see its case is asked by the service."""
    return _record(unit.need(select(record).where(record.c.id == record_id), "record"))


def set_void(unit: Unit, record_id: str) -> None:
    """Mark a signed record as superseded; its content stays."""
    unit.run(record.update().where(record.c.id == record_id).values(status="void", voided_at=to_text(unit.call.at)))


def set_verified(unit: Unit, record_id: str, role: str) -> None:
    """Note that another person compared the record with its sources."""
    now = to_text(unit.call.at)
    unit.run(record.update().where(record.c.id == record_id).values(verified_by=unit.call.who.person, verifier_role=role, verified_at=now))


def set_countersigned(unit: Unit, record_id: str) -> None:
    """Note the supervisor's countersignature."""
    unit.run(
        record.update()
        .where(record.c.id == record_id)
        .values(status="countersigned", countersigned_by=unit.call.who.person, countersigned_at=to_text(unit.call.at))
    )


def drop_draft(unit: Unit, record_id: str) -> None:
    """Delete a draft that was signed or thrown away. The walls refuse it for anything else."""
    unit.run(delete(record).where(record.c.id == record_id, record.c.status == "draft"))


def records_of(unit: Unit, case_id: str, *, drafts_by: str | None = None) -> tuple[RecordRow, ...]:
    """Return the case's signed records, newest first; with `drafts_by`, that person's drafts as well."""
    query = _newest_first(case_id)
    found = [_record(row) for row in unit.rows(query)]
    return tuple(row for row in found if row.status != "draft" or row.author == drafts_by)


def _newest_first(case_id: str) -> Select[Any]:
    return select(record).where(record.c.case_id == case_id).order_by(record.c.dated.desc(), record.c.id.desc())


def filed(unit: Unit, case_id: str) -> tuple[Filed[Form], ...]:
    """Return what guards may see: signed or countersigned, neither void nor superseded."""
    return tuple(
        Filed(
            id=row.id,
            round=row.round,
            dated=row.dated,
            signed_at=row.signed_at or row.dated,
            author=row.author,
            author_role=row.author_role,
            body=row.body,
            digest=row.digest,
            countersigned_by=row.countersigned_by,
            countersigned_at=row.countersigned_at,
            verified_by=row.verified_by,
            verifier_role=row.verifier_role,
        )
        for row in records_of(unit, case_id)
        if row.status in {"signed", "countersigned"}
    )


def add_document(unit: Unit, case: CaseRow, *, kind: str, number: str, issuer: str, issued_on: str, digest: str) -> str:
    """Enter a paper into the document register and return its id."""
    document_id = new_id(unit.call.at)
    unit.run(
        document.insert().values(
            id=document_id,
            case_id=case.id,
            round=case.round,
            kind=kind,
            number=number,
            issuer=issuer,
            issued_on=issued_on,
            digest=digest,
            salt=new_salt(),
            attached_by=unit.call.who.person,
            attached_at=to_text(unit.call.at),
        )
    )
    return document_id


def documents_of(unit: Unit, case_id: str, *, round_only: int | None = None) -> tuple[Document, ...]:
    """Return the case's papers, oldest first; with `round_only`, those of that round: evidence of an earlier one satisfies nothing."""
    query = select(document).where(document.c.case_id == case_id).order_by(document.c.id)
    found = unit.rows(query if round_only is None else query.where(document.c.round == round_only))
    return tuple(Document(row.id, row.kind, row.attached_by, row.digest, row.compared_by, row.compared_role) for row in found)


def get_document(unit: Unit, document_id: str) -> Row[Any]:
    """Return one paper's row. Raises NotFound."""
    return unit.need(select(document).where(document.c.id == document_id), "document")


def set_compared(unit: Unit, document_id: str, role: str) -> None:
    """Note that another person compared the paper with its original."""
    now = to_text(unit.call.at)
    unit.run(
        document.update().where(document.c.id == document_id).values(compared_by=unit.call.who.person, compared_role=role, compared_at=now)
    )


def commitments(unit: Unit, items: tuple[str, ...]) -> tuple[Evidence, ...]:
    """Return salted commitments to records and documents, for the journal."""
    rows = [*unit.rows(select(record.c.id, record.c.digest, record.c.salt).where(record.c.id.in_(items)))]
    rows += unit.rows(select(document.c.id, document.c.digest, document.c.salt).where(document.c.id.in_(items)))
    return tuple(sorted((Evidence(row.id, commitment(row.salt, row.digest.encode())) for row in rows), key=lambda entry: entry.id))


def note_read(unit: Unit, items: tuple[str, ...]) -> None:
    """Keep a receipt that this person opened these records: approvers must have."""
    person, now = unit.call.who.person, to_text(unit.call.at)
    for item in set(items) - read_by(unit, person, frozenset(items)):
        unit.run(read_receipt.insert().values(person=person, item=item, at=now))


def hands_on(unit: Unit, items: frozenset[str]) -> frozenset[str]:
    """Return the natural persons who wrote or verified these records, or attached these papers, void ones included."""
    wrote = unit.rows(select(record.c.author, record.c.verified_by).where(record.c.id.in_(items)))
    attached = unit.rows(select(document.c.attached_by).where(document.c.id.in_(items)))
    return frozenset({person for row in (*wrote, *attached) for person in row if person})


def read_by(unit: Unit, person: str, items: frozenset[str]) -> frozenset[str]:
    """Return which of these items this person has opened."""
    query = select(read_receipt.c.item).where(read_receipt.c.person == person, read_receipt.c.item.in_(items))
    return frozenset(row.item for row in unit.rows(query))


def case_of_record(unit: Unit, record_id: str) -> str:
    """Return the case id of a record. Raises NotFound."""
    found = unit.row(select(record.c.case_id).where(record.c.id == record_id))
    if found is None:
        raise NotFound("record")
    return str(found.case_id)
