"""What is filed about a child: records, papers, photographs of papers, drafts, offers to institutions, placements."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from casework.store.schema.columns import metadata, need, one_of, own_id, personal
from casework.store.sealing import Sealed, SealedBytes, SealedFile

record = Table(
    "record",
    metadata,
    own_id(),
    need("case_id", ForeignKey("care_case.id")),
    need("form"),
    Column("form_version", Integer, nullable=False, server_default=text("1")),
    Column("round", Integer, nullable=False),
    need("status"),
    need("dated"),
    Column("signed_at", Text),
    need("author", ForeignKey("person.id")),
    need("author_role"),
    Column("supersedes", Text, ForeignKey("record.id")),
    Column("host_id", Text, ForeignKey("host.id")),
    Column("body", SealedBytes, nullable=False),
    need("digest"),
    Column("salt", LargeBinary, nullable=False),
    Column("verified_by", Text, ForeignKey("person.id")),
    Column("verifier_role", Text),
    Column("verified_at", Text),
    Column("countersigned_by", Text, ForeignKey("person.id")),
    Column("countersigned_at", Text),
    Column("voided_at", Text),
    Index("ix_record_case_id_form", "case_id", "form"),
    Index("uq_record_supersedes", "supersedes", unique=True),
    Index("ix_record_host_id", "host_id", sqlite_where=text("host_id IS NOT NULL"), postgresql_where=text("host_id IS NOT NULL")),
    one_of("status", "draft", "signed", "countersigned", "void"),
    CheckConstraint("verified_by IS NULL OR verified_by <> author", name="verifier_is_another"),
    CheckConstraint("countersigned_by IS NULL OR countersigned_by <> author", name="countersigner_is_another"),
)

"""`host_id` is the institution that listed the child (F01), NULL otherwise: the body itself cannot be searched."""

document = Table(
    "document",
    metadata,
    own_id(),
    need("case_id", ForeignKey("care_case.id")),
    Column("round", Integer, nullable=False),
    need("kind"),
    personal("number"),
    personal("issuer"),
    need("issued_on"),
    need("digest"),
    Column("salt", LargeBinary, nullable=False),
    need("attached_by", ForeignKey("person.id")),
    need("attached_at"),
    Column("compared_by", Text, ForeignKey("person.id")),
    Column("compared_role", Text),
    Column("compared_at", Text),
    Index("ix_document_case_id", "case_id"),
    CheckConstraint("compared_by IS NULL OR compared_by <> attached_by", name="compared_by_another"),
)

attachment = Table(
    "attachment",
    metadata,
    own_id(),
    need("case_id", ForeignKey("care_case.id")),
    need("kind"),
    Column("record_id", Text, ForeignKey("record.id")),
    Column("document_id", Text, ForeignKey("document.id")),
    need("digest"),
    need("sealed_digest"),
    Column("salt", LargeBinary, nullable=False),
    need("added_by", ForeignKey("person.id")),
    need("added_at"),
    Column("withdrawn_by", Text, ForeignKey("person.id")),
    Column("withdrawn_at", Text),
    Column("withdrawn_why", Text),
    Column("content", SealedFile, nullable=False),
    Index("ix_attachment_case_id", "case_id"),
    CheckConstraint("record_id IS NULL OR document_id IS NULL", name="about_one"),
    CheckConstraint(
        "(withdrawn_by IS NULL) = (withdrawn_at IS NULL) AND (withdrawn_by IS NULL) = (withdrawn_why IS NULL)", name="withdrawn"
    ),
)
"""A photograph, drawn anew (services/pictures.py), of a case and perhaps of one record or paper of it. No list reads its `content`.

`digest` is keyed, over the picture; `sealed_digest` is the SHA-256 of the cell itself, so that it is proven without any key.
"""

draft = Table(
    "draft",
    metadata,
    Column("case_id", Text, ForeignKey("care_case.id"), primary_key=True),
    Column("form", Text, primary_key=True),
    Column("person", Text, ForeignKey("person.id"), primary_key=True),
    Column("supersedes", Text, primary_key=True),
    Column("body", SealedBytes, nullable=False),
    need("saved_at"),
)
"""What nobody signed yet. `supersedes` is the id of the record that it is to correct, "" for a new one: neither stands for the other."""

host_offer = Table(
    "host_offer",
    metadata,
    own_id(),
    need("case_id", ForeignKey("care_case.id")),
    need("host_id", ForeignKey("host.id")),
    Column("round", Integer, nullable=False),
    need("offered_by", ForeignKey("person.id")),
    need("offered_at"),
    Column("accepted", Integer),
    Column("reason", Sealed),
    Column("answered_by", Text, ForeignKey("person.id")),
    Column("answered_at", Text),
    Index("ix_host_offer_case_id_host_id", "case_id", "host_id"),
    Index("ix_host_offer_host_id", "host_id"),
)

LIVE_PLACEMENT = "status IN ('active', 'unconfirmed', 'on_leave', 'reserved')"

placement = Table(
    "placement",
    metadata,
    own_id(),
    need("case_id", ForeignKey("care_case.id")),
    need("child_id", ForeignKey("child.id")),
    need("kind"),
    need("state"),
    need("status"),
    Column("host_id", Text, ForeignKey("host.id")),
    Column("relative_id", Text, ForeignKey("relative.id")),
    need("started_at"),
    Column("started_seq", Integer, nullable=False),
    Column("reserved_at", Text),
    Column("reserved_until", Text),
    Column("ended_at", Text),
    Column("ended_by", Text),
    Column("ended_why", Text),
    CheckConstraint("(host_id IS NULL) <> (relative_id IS NULL)", name="one_carer"),
    one_of("status", "active", "unconfirmed", "on_leave", "reserved", "disrupted", "ended"),
    CheckConstraint("(status IN ('disrupted', 'ended')) = (ended_at IS NOT NULL)", name="ended"),
    Index("uq_placement_child_live", "child_id", unique=True, sqlite_where=text(LIVE_PLACEMENT), postgresql_where=text(LIVE_PLACEMENT)),
    Index("ix_placement_host_id_status", "host_id", "status"),
    Index("ix_placement_case_id", "case_id"),
)
