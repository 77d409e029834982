"""Reviews of the trail: what an auditor selected and found, the ends of the streams it covered, and who signed it off."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from casework.store.schema.columns import metadata, need, own_id, personal

trail_review = Table(
    "trail_review",
    metadata,
    own_id(),
    need("office_id"),
    need("sought"),
    Column("entries", Integer, nullable=False),
    personal("notes"),
    Column("salt", LargeBinary, nullable=False),
    need("author", ForeignKey("person.id")),
    need("made_at"),
    Column("signer", Text, ForeignKey("person.id")),
    Column("signed_at", Text),
    CheckConstraint("signer IS NULL OR signer <> author", name="four_eyes"),
    CheckConstraint("(signer IS NULL) = (signed_at IS NULL)", name="signed"),
    Index("ix_trail_review_office_id_id", "office_id", "id"),
)
"""`office_id` is "" for a review over every office; `sought` says what was asked of the trail (JSON)."""

trail_review_end = Table(
    "trail_review_end",
    metadata,
    Column("review_id", Text, ForeignKey("trail_review.id"), primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    need("hash"),
)
"""The last entry of each stream that a review covers: what a checkpoint remembers, for these streams."""
