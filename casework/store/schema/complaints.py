"""Complaints to the office. What was said, who said it and the answers live here, apart: never in an entry of the journal."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from casework.store.schema.columns import metadata, need, one_of, own_id
from casework.store.sealing import SealedBytes

complaint = Table(
    "complaint",
    metadata,
    own_id(),
    need("office_id", ForeignKey("office.id")),
    need("channel"),
    Column("danger", Integer, nullable=False),
    need("received_at"),
    need("code_hash"),
    Column("body", SealedBytes, nullable=False),
    need("digest"),
    Column("salt", LargeBinary, nullable=False),
    Column("reporter", SealedBytes, nullable=False),
    Column("filed_by", Text, ForeignKey("person.id")),
    Column("host_id", Text, ForeignKey("host.id")),
    Column("case_id", Text, ForeignKey("care_case.id")),
    Column("incident_id", Text, ForeignKey("record.id")),
    Index("uq_complaint_code_hash", "code_hash", unique=True),
    Index("ix_complaint_office_id_received_at", "office_id", "received_at", "id"),
    CheckConstraint("danger IN (0, 1)", name="danger"),
    one_of("channel", "public", "worker"),
)
"""`id` is that of its process, which says where it stands. `host_id` is the house it is about: no process, and so no house, knows it."""

complaint_answer = Table(
    "complaint_answer",
    metadata,
    Column("complaint_id", Text, ForeignKey("complaint.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("body", SealedBytes, nullable=False),
    need("digest"),
    Column("salt", LargeBinary, nullable=False),
    need("author", ForeignKey("person.id")),
    need("at"),
    CheckConstraint("n >= 1", name="n"),
)
"""What was answered: the newest is what the holder of the code reads."""
