"""What the office answered to the open questions of the domain: each answer is a row that stays, and the newest holds."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table

from casework.store.schema.columns import metadata, need, own_id, personal

question_answer = Table(
    "question_answer",
    metadata,
    own_id(),
    need("question"),
    personal("answer"),
    need("answered_by"),
    need("answered_on"),
    need("reference"),
    Column("salt", LargeBinary, nullable=False),
    need("author", ForeignKey("person.id")),
    need("made_at"),
    Index("ix_question_answer_question_id", "question", "id"),
)
"""`question` is its code; `answered_by` names the official, `reference` the letter, `answered_on` its day."""
