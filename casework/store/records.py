"""Filed records and the document register. Once signed they never change: a correction is a new record that supersedes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, bindparam, literal_column, select, union, union_all

from casework.ledger.event import Evidence, commitment
from casework.machines.facts import Document, Filed
from casework.machines.forms import Form, Intake
from casework.store.attachments import of_case
from casework.store.cases import CaseRow
from casework.store.ids import new_id, new_salt
from casework.store.instants import from_text, to_text
from casework.store.schema import attachment, document, read_receipt, record
from casework.store.statements import Query, as_list, listed
from casework.store.textual import as_hex
from casework.store.unit import Unit

_form_encoder = msgspec.json.Encoder(order="sorted")
_form_decoder: msgspec.json.Decoder[Form] = msgspec.json.Decoder(Form)


def decoded(body: str) -> Form:
    """Return a body as the form that was signed."""
    return _form_decoder.decode(body)


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


def add_record(unit: Unit, case: CaseRow, form: str, body: Form, *, role: str, supersedes: str | None) -> RecordRow:
    """Insert a record, signed, and return it."""
    stored = _form_encoder.encode(body)
    record_id = new_id(unit.call.at)
    row = {
        "id": record_id,
        "case_id": case.id,
        "form": form,
        "form_version": 1,
        "round": case.round,
        "status": "signed",
        "dated": to_text(unit.call.happened_at),
        "signed_at": to_text(unit.call.at),
        "author": unit.call.who.person,
        "author_role": role,
        "supersedes": supersedes,
        "host_id": body.listed.host if isinstance(body, Intake) and body.listed else None,
        "body": stored,
        "digest": unit.digest(case.child_id, stored),
        "salt": new_salt(),
    }
    unit.run(record.insert().values(unit.seal(record, case.child_id, row)))
    return get_record(unit, record_id)


def get_record(unit: Unit, record_id: str) -> RecordRow:
    """Return one record. Raises NotFound. Whether the caller may see its case is asked by the service."""
    return _record(unit.ask_one(RECORD, "record", record=record_id))


def standing(unit: Unit, record_id: str) -> tuple[str, str] | None:
    """Return the form and the status of a record, whatever became of its content; None where there is none."""
    row = unit.row(select(record.c.form, record.c.status).where(record.c.id == record_id))
    return (row.form, row.status) if row else None


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


_columns = [column for column in record.c if column.name not in {"body", "salt"}]
RECORD = Query(select(*_columns, record.c.body).where(record.c.id == bindparam("record")))
RECORDS = Query(
    select(*_columns, record.c.body, as_hex(record.c.salt).label("salt"))
    .where(record.c.case_id == bindparam("case_id"))
    .order_by(record.c.dated.desc(), record.c.id.desc())
)


def records_of(unit: Unit, case_id: str) -> tuple[RecordRow, ...]:
    """Return the case's records, newest first, void ones included."""
    return tuple(_record(row) for row in unit.ask(RECORDS, case_id=case_id))


def filed(unit: Unit, case_id: str) -> tuple[Filed[Form], ...]:
    """Return what guards may see: signed or countersigned, neither void nor superseded."""
    return tuple(_filed(row) for row in unit.ask(RECORDS, case_id=case_id) if row.status in {"signed", "countersigned"})


def authors_of_incidents(unit: Unit, record_ids: frozenset[str]) -> dict[str, str]:
    """Return which of these records are reports of incidents (F17) that somebody else than the caller wrote, each with who."""
    theirs = (record.c.form == "F17", record.c.author != unit.call.who.person)
    return {row.id: row.author for row in unit.rows(select(record.c.id, record.c.author).where(record.c.id.in_([*record_ids]), *theirs))}


def newest_versions(unit: Unit, case_id: str) -> dict[str, str]:
    """Return for each record of a case that was corrected the id of its newest version."""
    after = {row.supersedes: row.id for row in unit.ask(RECORDS, case_id=case_id) if row.supersedes}
    newest = dict(after)
    for record_id in after:
        while newest[record_id] in after:
            newest[record_id] = after[newest[record_id]]
    return newest


def newest_version(unit: Unit, case_id: str, record_id: str) -> Filed[Form] | None:
    """Return a record in its newest version, corrections included, as guards may see it; None when that is not signed."""
    wanted = newest_versions(unit, case_id).get(record_id, record_id)
    stored = unit.ask(RECORDS, case_id=case_id)
    return next((_filed(row) for row in stored if row.id == wanted and row.status in {"signed", "countersigned"}), None)


def _filed(row: Any) -> Filed[Form]:
    return Filed(
        id=row.id,
        round=row.round,
        dated=from_text(row.dated),
        signed_at=from_text(row.signed_at or row.dated),
        author=row.author,
        author_role=row.author_role,
        body=_form_decoder.decode(row.body),
        digest=row.digest,
        countersigned_by=row.countersigned_by,
        countersigned_at=from_text(row.countersigned_at) if row.countersigned_at else None,
        verified_by=row.verified_by,
        verifier_role=row.verifier_role,
    )


def add_document(unit: Unit, case: CaseRow, *, kind: str, number: str, issuer: str, issued_on: str, digest: str) -> str:
    """Enter a paper into the document register and return its id."""
    document_id = new_id(unit.call.at)
    row = {
        "id": document_id,
        "case_id": case.id,
        "round": case.round,
        "kind": kind,
        "number": number,
        "issuer": issuer,
        "issued_on": issued_on,
        "digest": digest,
        "salt": new_salt(),
        "attached_by": unit.call.who.person,
        "attached_at": to_text(unit.call.at),
    }
    unit.run(document.insert().values(unit.seal(document, case.child_id, row)))
    return document_id


DOCUMENTS = Query(
    select(*(column for column in document.c if column.name != "salt"), as_hex(document.c.salt).label("salt"))
    .where(document.c.case_id == bindparam("case_id"))
    .order_by(document.c.id)
)


TITLES = Query(
    union_all(
        select(record.c.id, record.c.form.label("form"), literal_column("''").label("kind"), record.c.author.label("author")).where(
            record.c.case_id == bindparam("case_id")
        ),
        select(document.c.id, literal_column("''"), document.c.kind, document.c.attached_by).where(
            document.c.case_id == bindparam("case_id")
        ),
        select(attachment.c.id, literal_column("''"), attachment.c.kind, attachment.c.added_by).where(
            attachment.c.case_id == bindparam("case_id")
        ),
    )
)


def titled(unit: Unit, case_id: str) -> list[Any]:
    """Return (id, form, kind, author) of a case's records, papers and pictures: what the journal calls them by, without their bodies."""
    return unit.ask(TITLES, case_id=case_id)


def papers_of(unit: Unit, case_id: str) -> dict[str, Any]:
    """Return the rows of the case's papers by id, oldest first."""
    return {row.id: row for row in unit.ask(DOCUMENTS, case_id=case_id)}


def documents_of(unit: Unit, case_id: str, *, round_only: int | None = None) -> tuple[Document, ...]:
    """Return the case's papers, oldest first; with `round_only`, those of that round: evidence of an earlier one satisfies nothing."""
    found = (row for row in unit.ask(DOCUMENTS, case_id=case_id) if round_only in {None, row.round})
    return tuple(Document(row.id, row.kind, row.attached_by, row.digest, row.compared_by, row.compared_role) for row in found)


def get_document(unit: Unit, document_id: str) -> Any:
    """Return one paper's row. Raises NotFound."""
    return unit.need(select(document).where(document.c.id == document_id), "document")


def set_compared(unit: Unit, document_id: str, role: str) -> None:
    """Note that another person compared the paper with its original."""
    now = to_text(unit.call.at)
    unit.run(
        document.update().where(document.c.id == document_id).values(compared_by=unit.call.who.person, compared_role=role, compared_at=now)
    )


def commitments(unit: Unit, case_id: str, items: tuple[str, ...]) -> tuple[Evidence, ...]:
    """Return salted commitments to records, papers and pictures of a case, for the journal."""
    rows = (*unit.ask(RECORDS, case_id=case_id), *unit.ask(DOCUMENTS, case_id=case_id))
    sealed = [Evidence(row.id, commitment(bytes.fromhex(row.salt), row.digest.encode())) for row in rows if row.id in items]
    if len(sealed) < len(items):
        sealed += [row.evidence for row in of_case(unit, case_id) if row.id in items]
    return tuple(sorted(sealed, key=lambda entry: entry.id))


def note_read(unit: Unit, items: tuple[str, ...]) -> None:
    """Keep a receipt that this person opened these records: approvers must have."""
    person, now = unit.call.who.person, to_text(unit.call.at)
    for item in set(items) - read_by(unit, person, frozenset(items)):
        unit.run(read_receipt.insert().values(person=person, item=item, at=now))


_HANDS = (record.c.author, record.c.verified_by, document.c.attached_by, attachment.c.added_by)
HANDS = Query(union(*(select(hand.label("person")).where(listed(hand.table.c.id, "items")) for hand in _HANDS)))


def hands_on(unit: Unit, items: frozenset[str]) -> frozenset[str]:
    """Return the natural persons who wrote or verified these records, or attached these papers and pictures, void ones included."""
    return frozenset(row.person for row in unit.ask(HANDS, items=as_list(items)) if row.person)


def _opened(condition: ColumnElement[bool]) -> Query:
    return Query(select(read_receipt.c.item).where(read_receipt.c.person == bindparam("person"), condition))


OPENED = _opened(listed(read_receipt.c.item, "items"))
_OF_A_CASE = (select(table.c.id).where(table.c.case_id == bindparam("case_id")) for table in (record, document, attachment))
OPENED_IN_CASE = _opened(read_receipt.c.item.in_(union_all(*_OF_A_CASE)))


def read_by(unit: Unit, person: str, items: frozenset[str]) -> frozenset[str]:
    """Return which of these items this person has opened."""
    return frozenset(row.item for row in unit.ask(OPENED, person=person, items=as_list(items)))


def opened_by(unit: Unit, person: str, case_id: str) -> frozenset[str]:
    """Return which records, papers and pictures of a case this person has opened."""
    return frozenset(row.item for row in unit.ask(OPENED_IN_CASE, person=person, case_id=case_id))
