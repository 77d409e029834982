"""Photographs in a case: added by who works there, read with a receipt, withdrawn with a reason; decisions are bound to them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

import msgspec

from casework.errors import Fault, Invalid, NotFound, Refusal
from casework.machines.policy import may
from casework.services.access import acting, passed
from casework.services.captions import PICTURE_KINDS, picture
from casework.services.command import Saved, command, done, open_for_change
from casework.services.evidence import supersede_changed
from casework.services.names import Names
from casework.services.pictures import is_plain, redrawn
from casework.services.refusals import already_settled
from casework.services.seen import Seen, opening
from casework.services.sight import is_house, may_know_author, may_open
from casework.store import attachments, cases, journal, records
from casework.store.attachments import AttachmentRow
from casework.store.cases import CaseRow
from casework.store.unit import Unit
from casework.words import Words

Why = Literal["another_child", "unreadable", "wrong_paper", "twice", "not_agreed_to"]
WHYS: tuple[Why, ...] = get_args(Why)
WHY_WORDS: dict[Why, Words] = {
    "another_child": Words("foto ini tentang anak lain", "it is about another child"),
    "unreadable": Words("tidak terbaca", "it cannot be read"),
    "wrong_paper": Words("surat yang keliru", "it is the wrong paper"),
    "twice": Words("sudah ada foto lain yang lebih baik", "there is a better one"),
    "not_agreed_to": Words("yang difoto tidak setuju", "who is in it does not agree"),
}


class AddAttachment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Add a picture to a case, or to one record or paper of it. `picture` is what `drawn` returned."""

    case: str
    kind: str
    picture: bytes
    record: str = ""
    document: str = ""


class WithdrawAttachment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Say that a picture counts no longer, and why. It stays, and only who leads the case still opens it."""

    case: str
    attachment: str
    why: Why


class AttachmentView(msgspec.Struct, frozen=True, kw_only=True):
    """A picture as lists show it. `record` is the newest version of the record that it belongs to; `withdrawn` says why it was.

    `added_by` is "" where this caller may not know who reported an incident. `opened` says whether they have a read receipt.
    """

    id: str
    kind: str
    title: Words
    record: str
    document: str
    added_by: str
    added_at: datetime
    withdrawn: Words | None
    opened: bool
    may_open: bool
    may_withdraw: bool


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture with what it shows (JPEG)."""

    case: str
    number: str
    id: str
    kind: str
    version: int
    content: bytes


def drawn(kind: str, sent: bytes) -> bytes:
    """Return a picture as it will be kept. Raises Invalid with what is wrong with its kind, and with itself. It takes its time."""
    faults = _faults_of(kind)
    try:
        content = redrawn(sent)
    except Invalid as no:
        raise Invalid(*faults, *no.faults) from no
    if faults:
        raise Invalid(*faults)
    return content


def _faults_of(kind: str) -> tuple[Fault, ...]:
    if kind in PICTURE_KINDS:
        return ()
    return (Fault("$.kind", Words(f"Pilihan: {', '.join(PICTURE_KINDS)}.", f"One of: {', '.join(PICTURE_KINDS)}.")),)


@command(Saved)
def add_attachment(unit: Unit, ask: AddAttachment) -> Saved:
    """Add a picture. Decisions that rest on what it belongs to are superseded. Raises Invalid for what was not drawn here."""
    case = open_for_change(unit, ask.case)
    role = acting(unit, case, "add_attachment")
    faults = _faults_of(ask.kind)
    if ask.record and ask.document:
        faults += (Fault("$.document", Words("Pilih formulir atau dokumen, bukan keduanya.", "A record or a paper, not both.")),)
    if not is_plain(ask.picture):
        faults += (
            Fault("$.picture", Words("Bukan foto yang digambar ulang oleh aplikasi.", "This is no picture that was drawn anew here.")),
        )
    if faults:
        raise Invalid(*faults)
    _check_about(unit, case, ask)
    row, cell = attachments.new(unit, case, kind=ask.kind, record=ask.record, document=ask.document, content=ask.picture)
    if any(
        (known.digest, known.about, known.withdrawn_at) == (row.digest, row.about, None) for known in attachments.of_case(unit, case.id)
    ):
        raise Refusal((already_settled(Words("Foto ini sudah ada di sini.", "This picture is here already.")),))
    case = journal.append(unit, case, "attachment_added", role, items=_items(row), evidence=(row.evidence,))
    attachments.keep(unit, row, cell)
    supersede_changed(unit, case)
    return done(row.id, case)


def _check_about(unit: Unit, case: CaseRow, ask: AddAttachment) -> None:
    """What a picture is added to is of this case, for this caller's eyes, and still counts. Raises NotFound or Refusal."""
    if ask.document and ask.document not in records.papers_of(unit, case.id):
        raise NotFound("document")
    if not ask.record:
        return
    filed = next((row for row in records.records_of(unit, case.id) if row.id == ask.record), None)
    if filed is None or not (may_open(cases.capacities(unit, case), filed.form) or filed.author == unit.call.who.person):
        raise NotFound("record")
    if filed.status == "void":
        raise Refusal((already_settled(Words("Catatan itu sudah diganti yang baru.", "That record was superseded by a newer one.")),))


def _items(row: AttachmentRow) -> tuple[str, ...]:
    """Return the ids that an entry names: with what it belongs to, so that who reported an incident stays unnamed with the report."""
    return (row.id, row.about) if row.about else (row.id,)


@command(Saved)
def withdraw_attachment(unit: Unit, ask: WithdrawAttachment) -> Saved:
    """Withdraw one's own picture, or any as who leads the case. Decisions that rest on it are superseded. Raises NotFound or Refusal."""
    case = open_for_change(unit, ask.case)
    held = cases.capacities(unit, case, "withdraw_attachment")
    row = attachments.get(unit, case.id, ask.attachment)
    own = row.added_by == unit.call.who.person
    if not _readable(unit, held, row):
        raise NotFound("attachment")
    role = passed(unit, held, "add_attachment" if own else "withdraw_attachment").capacity
    if row.withdrawn_at is not None:
        raise Refusal((already_settled(Words("Foto ini sudah ditarik.", "This picture was withdrawn already.")),))
    case = journal.append(unit, case, "attachment_withdrawn", role, items=_items(row), evidence=(row.evidence,), reason_code=ask.why)
    attachments.withdraw(unit, row.id, ask.why)
    supersede_changed(unit, case)
    return done(row.id, case)


@opening("attachment", lambda _, case_id, attachment_id: Seen(case_id, (attachment_id,)))
def show_attachment(unit: Unit, case_id: str, attachment_id: str) -> Picture:
    """Return a picture. Raises NotFound when it is not of this case, or not for this caller's eyes.

    The roof notes the read receipt (`open_evidence`) before it answers with this.
    """
    case = cases.get_case(unit, case_id)
    row = attachments.get(unit, case.id, attachment_id)
    if not _readable(unit, cases.capacities(unit, case), row):
        raise NotFound("attachment")
    content = attachments.content_of(unit, case.child_id, row)
    return Picture(case=case.id, number=case.number, id=row.id, kind=row.kind, version=case.seq, content=content)


def readable(unit: Unit, case: CaseRow, held: frozenset[str]) -> frozenset[str]:
    """Return the ids of the pictures of a case that somebody with these capacities may open."""
    return frozenset(row.id for row in attachments.of_case(unit, case.id) if _readable(unit, held, row))


def _readable(unit: Unit, held: frozenset[str], row: AttachmentRow) -> bool:
    """Whether this caller may open a picture: as they may what it belongs to, or their own; a withdrawn one only who leads the case."""
    own = row.added_by == unit.call.who.person and may(held, "add_attachment")
    if row.withdrawn_at is not None:
        return may(held, "withdraw_attachment")
    about = may_open(held, _form_of(unit, row)) if row.record else may(held, "open_paper")
    return own or (about and may(held, "open_attachment", row.kind))


def _form_of(unit: Unit, row: AttachmentRow) -> str:
    return next((filed.form for filed in records.titled(unit, row.case_id) if filed.id == row.record), "")


def attachments_of(unit: Unit, case: CaseRow, held: frozenset[str], names: Names, opened: frozenset[str]) -> tuple[AttachmentView, ...]:
    """Return the pictures of a case as somebody with these capacities sees them; a house only those that it may open."""
    newest = records.newest_versions(unit, case.id)
    shown = ((row, _readable(unit, held, row)) for row in attachments.of_case(unit, case.id))
    return tuple(
        AttachmentView(
            id=row.id,
            kind=row.kind,
            title=picture(row.kind),
            record=newest.get(row.record, row.record),
            document=row.document,
            added_by=names.person(row.added_by) if _may_know_who(unit, held, row) else "",
            added_at=row.added_at,
            withdrawn=WHY_WORDS[msgspec.convert(row.withdrawn_why, Why)] if row.withdrawn_why else None,
            opened=row.id in opened,
            may_open=may_read,
            may_withdraw=may_read and row.withdrawn_at is None and _may_withdraw(unit, held, row),
        )
        for row, may_read in shown
        if may_read or not is_house(held)
    )


def _may_know_who(unit: Unit, held: frozenset[str], row: AttachmentRow) -> bool:
    return may_know_author(held, _form_of(unit, row) if row.record else "", own=row.added_by == unit.call.who.person)


def _may_withdraw(unit: Unit, held: frozenset[str], row: AttachmentRow) -> bool:
    return may(held, "add_attachment" if row.added_by == unit.call.who.person else "withdraw_attachment")
