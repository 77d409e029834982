"""Reviews of the trail: kept with the ends of the streams they cover, and whether these streams still lead there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Table, select

from casework.ledger.event import NO_HASH, Evidence, commitment, event_hash
from casework.store.ids import new_id, new_salt
from casework.store.instants import from_text, to_text
from casework.store.keyring import REGISTER
from casework.store.schema import actor_event, event, trail_review, trail_review_end
from casework.store.unit import Unit

MOST = 50


class ReviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """A review as it is kept. `evidence` is what the journal says of the notes: their id and a salted commitment."""

    id: str
    office: str
    sought: str
    entries: int
    notes: str
    evidence: Evidence
    author: str
    made_at: datetime
    signer: str | None
    signed_at: datetime | None


def add(unit: Unit, office: str, sought: str, entries: int, notes: str, ends: Iterable[tuple[str, int, str]]) -> ReviewRow:
    """Insert a review, unsigned, with the ends of its streams (stream, number, hash)."""
    review = new_id(unit.call.at)
    said = {"id": review, "office_id": office, "sought": sought, "entries": entries, "notes": notes, "salt": new_salt()}
    made = {"author": unit.call.who.person, "made_at": to_text(unit.call.at)}
    unit.run(trail_review.insert().values(unit.seal(trail_review, REGISTER, said | made)))
    rows = [{"review_id": review, "stream": stream, "seq": seq, "hash": digest} for stream, seq, digest in ends]
    if rows:
        unit.run(trail_review_end.insert(), rows)
    return get(unit, review)


def get(unit: Unit, review: str) -> ReviewRow:
    """Return a review. Raises NotFound."""
    return _row(unit, unit.need(select(trail_review).where(trail_review.c.id == review), "review"))


def of_offices(unit: Unit, offices: frozenset[str] | None) -> tuple[ReviewRow, ...]:
    """Return the reviews over these offices (None: all), the newest first."""
    asked = select(trail_review) if offices is None else select(trail_review).where(trail_review.c.office_id.in_(offices))
    return tuple(_row(unit, row) for row in unit.rows(asked.order_by(trail_review.c.id.desc()).limit(MOST)))


def note(unit: Unit, review: ReviewRow, notes: str) -> ReviewRow:
    """Write the notes anew, under a new salt."""
    row = unit.seal(trail_review, REGISTER, {"notes": notes, "salt": new_salt()}, id=review.id)
    unit.run(trail_review.update().where(trail_review.c.id == review.id).values(row))
    return get(unit, review.id)


def sign(unit: Unit, review: ReviewRow) -> None:
    """Write that the caller signs it off."""
    values = {"signer": unit.call.who.person, "signed_at": to_text(unit.call.at)}
    unit.run(trail_review.update().where(trail_review.c.id == review.id).values(values))


def broken_streams(unit: Unit, review: str) -> tuple[tuple[str, int], ...]:
    """Return the streams (with the number of the first bad entry) that no longer lead to where the review saw them end."""
    with unit.over_everything():
        ends = unit.rows(select(trail_review_end).where(trail_review_end.c.review_id == review).order_by(trail_review_end.c.stream))
        found = ((end.stream, _first_bad(unit, end.stream, end.seq, end.hash)) for end in ends)
        return tuple((stream, seq) for stream, seq in found if seq)


def _first_bad(unit: Unit, stream: str, last: int, held: str) -> int:
    """Return the number of the first entry that does not follow the one before it, 0 where all lead to the hash that was held."""
    kind, _, key = stream.partition(":")
    table: Table = event if kind == "case" else actor_event
    of_stream = (table.c.case_id if kind == "case" else table.c.account_id) == key
    before, place, bad = NO_HASH, 0, 0
    columns = (table.c.seq, table.c.prev, table.c.hash, table.c.body)
    for place, row in enumerate(unit.stream(select(*columns).where(of_stream, table.c.seq <= last).order_by(table.c.seq)), start=1):
        fits = (row.seq, row.prev, row.hash) == (place, before, event_hash(row.body))
        bad = bad or (0 if fits else place)
        before = row.hash
    return bad or (0 if (place, before) == (last, held) else max(place, 1))


def _row(unit: Unit, row: Any) -> ReviewRow:
    return ReviewRow(
        id=row.id,
        office=row.office_id,
        sought=row.sought,
        entries=row.entries,
        notes=row.notes,
        evidence=Evidence(row.id, commitment(bytes(row.salt), unit.digest(REGISTER, row.notes.encode()).encode())),
        author=row.author,
        made_at=from_text(row.made_at),
        signer=row.signer,
        signed_at=from_text(row.signed_at) if row.signed_at else None,
    )
