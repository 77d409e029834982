"""Photographs in a case: kept in the database, each under its child's key. Written once; withdrawn with a reason, never taken away."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, select

from casework.errors import NotFound, Unavailable
from casework.ledger.event import Evidence, commitment, decode_event
from casework.store.cases import CaseRow
from casework.store.ids import new_id, new_salt
from casework.store.instants import from_text, to_text
from casework.store.schema import attachment, care_case, data_key, event
from casework.store.statements import Change, Query
from casework.store.textual import as_hex
from casework.store.unit import Unit

_a = attachment.c
_told = [column for column in _a if column.name not in {"salt", "content"}]
ATTACHMENTS = Query(select(*_told, as_hex(_a.salt).label("salt")).where(_a.case_id == bindparam("case_id")).order_by(_a.id))
_CONTENT = select(_a.content)
_ADD = Change(attachment.insert())


class AttachmentRow(msgspec.Struct, frozen=True, kw_only=True):
    """A photograph without its content. `about` is the id of its record or paper, "" where it is the case's own."""

    id: str
    case_id: str
    kind: str
    record: str
    document: str
    digest: str
    sealed_digest: str
    salt: bytes
    added_by: str
    added_at: datetime
    withdrawn_by: str
    withdrawn_at: datetime | None
    withdrawn_why: str

    @property
    def about(self) -> str:
        """The id of the record or paper that it belongs to."""
        return self.record or self.document

    @property
    def evidence(self) -> Evidence:
        """What the journal says of it: its id and a salted commitment, to what it shows and to the very bytes that are kept."""
        return Evidence(self.id, commitment(self.salt, f"{self.digest}:{self.sealed_digest}".encode()))


def _row(row: Any) -> AttachmentRow:
    return AttachmentRow(
        id=row.id,
        case_id=row.case_id,
        kind=row.kind,
        record=row.record_id or "",
        document=row.document_id or "",
        digest=row.digest,
        sealed_digest=row.sealed_digest,
        salt=bytes.fromhex(row.salt),
        added_by=row.added_by,
        added_at=from_text(row.added_at),
        withdrawn_by=row.withdrawn_by or "",
        withdrawn_at=from_text(row.withdrawn_at) if row.withdrawn_at else None,
        withdrawn_why=row.withdrawn_why or "",
    )


def new(unit: Unit, case: CaseRow, *, kind: str, record: str, document: str, content: bytes) -> tuple[AttachmentRow, bytes]:
    """Return what is to be added by the caller now, and its content as a cell: its entry is written before it (walls)."""
    made = new_id(unit.call.at)
    cell: bytes = unit.seal(attachment, case.child_id, {"id": made, "content": content})["content"]
    row = AttachmentRow(
        id=made,
        case_id=case.id,
        kind=kind,
        record=record,
        document=document,
        digest=unit.digest(case.child_id, content),
        sealed_digest=hashlib.sha256(cell).hexdigest(),
        salt=new_salt(),
        added_by=unit.call.who.person,
        added_at=unit.call.at,
        withdrawn_by="",
        withdrawn_at=None,
        withdrawn_why="",
    )
    return row, cell


def keep(unit: Unit, row: AttachmentRow, cell: bytes) -> None:
    """Insert a photograph after its entry, in the same transaction."""
    stored = {
        "id": row.id,
        "case_id": row.case_id,
        "kind": row.kind,
        "record_id": row.record or None,
        "document_id": row.document or None,
        "digest": row.digest,
        "sealed_digest": row.sealed_digest,
        "salt": row.salt,
        "added_by": row.added_by,
        "added_at": to_text(row.added_at),
        "withdrawn_by": None,
        "withdrawn_at": None,
        "withdrawn_why": None,
        "content": cell,
    }
    unit.put(_ADD, stored)


def withdraw(unit: Unit, attachment_id: str, why: str) -> None:
    """Note that the caller withdrew it, after the entry that says so."""
    said = {"withdrawn_by": unit.call.who.person, "withdrawn_at": to_text(unit.call.at), "withdrawn_why": why}
    unit.run(attachment.update().where(_a.id == attachment_id).values(said))


def of_case(unit: Unit, case_id: str) -> tuple[AttachmentRow, ...]:
    """Return the photographs of a case, oldest first, withdrawn ones included."""
    return tuple(_row(row) for row in unit.ask(ATTACHMENTS, case_id=case_id))


def get(unit: Unit, case_id: str, attachment_id: str) -> AttachmentRow:
    """Return one photograph of a case. Raises NotFound."""
    found = next((row for row in of_case(unit, case_id) if row.id == attachment_id), None)
    if found is None:
        raise NotFound("attachment")
    return found


def content_of(unit: Unit, child_id: str, row: AttachmentRow) -> bytes:
    """Return the picture, as it was kept. Raises Unavailable when it is not what it was, NotFound when it was erased."""
    cell = bytes(unit.need(_CONTENT.where(_a.id == row.id), "attachment").content)
    if not cell:
        raise NotFound("attachment")
    content = unit.open_file(_a.content, child_id, {"id": row.id}, cell)
    if not hmac.compare_digest(unit.digest(child_id, content), row.digest):
        raise Unavailable("a picture is not what was added: run `casework audit verify` and restore a backup")
    return content


def faults(unit: Unit) -> Iterator[tuple[str, str]]:
    """Yield (id, code) of every photograph that its entries do not vouch for, and of every entry whose photograph is not there.

    No key is needed: the bytes that are kept are what is proven. Those of a child whose key was destroyed may be gone.
    """
    with unit.over_everything():
        added, withdrawn = _entries(unit)
        for stored in unit.rows(_EVERY):
            row = _row(stored)
            entry = added.pop((row.case_id, row.id), None)
            if entry != row.evidence.commitment:
                yield row.id, "attachment_without_entry" if entry is None else "attachment_differs"
            elif withdrawn.pop((row.case_id, row.id), "") != row.withdrawn_why:
                yield row.id, "attachment_withdrawal_differs"
            elif _digest_now(unit, row) not in {row.sealed_digest, None if stored.wrapped else _NOTHING}:
                yield row.id, "attachment_content_differs"
        yield from ((item, "attachment_gone") for _, item in sorted(added.keys() | withdrawn.keys()))


_NOTHING = hashlib.sha256(b"").hexdigest()
_EVERY = (
    select(*_told, as_hex(_a.salt).label("salt"), data_key.c.wrapped)
    .join(care_case, care_case.c.id == _a.case_id)
    .outerjoin(data_key, data_key.c.holder == care_case.c.child_id)
    .order_by(_a.id)
)
_ENTRIES = select(event.c.body).where(event.c.kind.in_(("attachment_added", "attachment_withdrawn")))


def _entries(unit: Unit) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]:
    """Return by case and id the commitments with which pictures were added, and the reasons with which they were withdrawn."""
    added: dict[tuple[str, str], str] = {}
    withdrawn: dict[tuple[str, str], str] = {}
    for stored in unit.rows(_ENTRIES):
        entry = decode_event(stored.body)
        for one in entry.evidence:
            if entry.kind == "attachment_added":
                added[entry.case, one.id] = one.commitment
            else:
                withdrawn[entry.case, one.id] = entry.reason_code
    return added, withdrawn


def _digest_now(unit: Unit, row: AttachmentRow) -> str:
    return hashlib.sha256(bytes(unit.need(_CONTENT.where(_a.id == row.id), "attachment").content)).hexdigest()
