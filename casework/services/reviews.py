"""Reviews of the trail: an auditor saves what was asked and found, writes notes, and another natural person signs it off."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Annotated

import msgspec

from casework.errors import Fault, Invalid, NotFound, Refusal
from casework.ledger.event import Kind, decode_event
from casework.machines.policy import Action
from casework.machines.refusals import four_eyes
from casework.services.access import passed, seated, seats
from casework.services.command import command
from casework.services.names import Names
from casework.services.refusals import already_settled
from casework.services.seen import Seen, opening
from casework.services.trails import Sought, offices_to_read, stored_of
from casework.store import caseload, journal, reviews
from casework.store.reviews import ReviewRow
from casework.store.unit import Unit
from casework.words import Words

MOST = 5000
"""Entries of one review: more than one person reads."""
Notes = Annotated[str, msgspec.Meta(min_length=3, max_length=20_000, pattern=r"\S")]


class SaveReview(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Save what was asked of the trail, with what was found."""

    sought: Sought
    notes: Notes


class NoteReview(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Write the notes of a review anew, before it is signed off."""

    review: str
    notes: Notes


class SignReview(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Sign a review off. `digest` is that of the notes as they were read."""

    review: str
    digest: str


class Reviewed(msgspec.Struct, frozen=True):
    """The id of a review, and the digest of its notes."""

    id: str
    digest: str


class ReviewView(msgspec.Struct, frozen=True, kw_only=True):
    """A review with its notes. `broken` names streams it covered that are no longer whole: (stream, number of the first bad entry).

    `person` and `office` are what those that were asked for are called.
    """

    id: str
    sought: Sought
    person: str
    office: str
    entries: int
    notes: str
    digest: str
    author: str
    made_at: datetime
    signer: str
    signed_at: datetime | None
    own: bool
    broken: tuple[tuple[str, int], ...] = ()


@command(Reviewed)
def save_review(unit: Unit, ask: SaveReview) -> Reviewed:
    """Keep a selection of the trail with the ends of all streams in it. Raises NotFound, Refusal, Invalid for more than MOST entries."""
    passed(unit, seats(unit), "read_trail")
    within, _ = offices_to_read(unit, ask.sought.office)
    if not ask.sought.office and within is not None and len(within) > 1:
        raise Invalid(Fault("$.sought.office", Words("Pilih satu kantor.", "Choose one office.")))
    office = ask.sought.office or next(iter(within or {""}))
    ends: dict[str, tuple[int, str]] = {}
    count = 0
    for count, one in enumerate(islice(stored_of(unit, within, ask.sought), MOST + 1), start=1):  # noqa: B007 - how many they were
        stream = decode_event(one.body).stream
        ends[stream] = max(ends.get(stream, (0, "")), (one.seq, one.hash))
    if not 0 < count <= MOST:
        words = Words(
            f"Pilih 1 sampai {MOST} entri: waktu lebih pendek, atau saringan lain.", f"Choose 1 to {MOST} entries: a shorter time."
        )
        raise Invalid(Fault("$.sought", words))
    kept = msgspec.json.encode(ask.sought, order="sorted").decode()
    row = reviews.add(unit, office, kept, count, ask.notes.strip(), ((stream, *end) for stream, end in sorted(ends.items())))
    return _journalled(unit, "review_saved", row)


@command(Reviewed)
def note_review(unit: Unit, ask: NoteReview) -> Reviewed:
    """Write the notes of one's own review anew. Raises NotFound, Refusal."""
    row = _open_to(unit, ask.review)
    if row.author != unit.call.who.person:
        raise NotFound("review")
    return _journalled(unit, "review_noted", reviews.note(unit, row, ask.notes.strip()))


@command(Reviewed)
def sign_review(unit: Unit, ask: SignReview) -> Reviewed:
    """Sign off a review that somebody else wrote, as it was read. Raises NotFound, Refusal, Invalid where the notes changed meanwhile."""
    row = _open_to(unit, ask.review, "sign_review")
    if row.author == unit.call.who.person:
        raise Refusal((four_eyes(),))
    if row.evidence.commitment != ask.digest:
        raise Invalid(Fault("$.digest", Words("Catatannya berubah; baca lagi.", "The notes changed; read them again.")))
    reviews.sign(unit, row)
    return _journalled(unit, "review_signed", row, "sign_review")


def _open_to(unit: Unit, review: str, action: Action = "read_trail") -> ReviewRow:
    """Return a review that waits to be signed off. Raises NotFound, Refusal."""
    passed(unit, seats(unit), action)
    unit.lock(review)
    row = _readable(unit, review)
    if row.signer is not None:
        raise Refusal((already_settled(Words("Pemeriksaan ini sudah disahkan.", "This review is signed off.")),))
    return row


def _readable(unit: Unit, review: str) -> ReviewRow:
    row = reviews.get(unit, review)
    within, _ = offices_to_read(unit, "")
    if within is not None and row.office not in within:
        raise NotFound("review")
    return row


def _journalled(unit: Unit, kind: Kind, row: ReviewRow, action: Action = "read_trail") -> Reviewed:
    journal.append_for_actor(unit, kind, role=seated(unit, action), items=(row.id,), evidence=(row.evidence,))
    return Reviewed(row.id, row.evidence.commitment)


@opening("review", lambda *_, **__: Seen())
def list_reviews(unit: Unit) -> tuple[ReviewView, ...]:
    """Return the newest reviews over the offices whose trail the caller reads. Raises NotFound for anybody else."""
    within, _ = offices_to_read(unit, "")
    names = Names(unit)
    return tuple(_view(unit, row, names) for row in reviews.of_offices(unit, within))


@opening("review", lambda view, *_, **__: Seen(items=(view.id,)))
def show_review(unit: Unit, review: str) -> ReviewView:
    """Return one review, and whether every stream that it covered still leads to where it ended then. Raises NotFound."""
    row = _readable(unit, review)
    return msgspec.structs.replace(_view(unit, row, Names(unit)), broken=reviews.broken_streams(unit, row.id))


def _view(unit: Unit, row: ReviewRow, names: Names) -> ReviewView:
    sought = msgspec.json.decode(row.sought, type=Sought)
    return ReviewView(
        id=row.id,
        sought=sought,
        person=names.person(sought.person),
        office=caseload.offices(unit, (sought.office,)).get(sought.office, "") if sought.office else "",
        entries=row.entries,
        notes=row.notes,
        digest=row.evidence.commitment,
        author=names.person(row.author),
        made_at=row.made_at,
        signer=names.person(row.signer or ""),
        signed_at=row.signed_at,
        own=row.author == unit.call.who.person,
    )
