"""What waits: requests for approval with their decisions, and tasks."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from casework.store.schema.columns import metadata, need, one_of, own_id

approval_request = Table(
    "approval_request",
    metadata,
    own_id(),
    need("case_id", ForeignKey("care_case.id")),
    need("kind"),
    need("trigger"),
    need("subject"),
    Column("record_id", Text, ForeignKey("record.id")),
    need("needs"),
    need("digest"),
    need("requester", ForeignKey("person.id")),
    need("requested_at"),
    need("due_at"),
    need("status"),
    Column("settled_at", Text),
    one_of("kind", "decision", "ratification", "record"),
    one_of(
        "status",
        "submitted", "in_second_approval", "approved", "consumed", "returned", "rejected", "withdrawn", "expired", "superseded", "lapsed",
    ),
    Index("ix_approval_request_case_id", "case_id"),
    Index("ix_approval_request_status_due_at", "status", "due_at"),
)  # fmt: skip

approval_decision = Table(
    "approval_decision",
    metadata,
    Column("request_id", Text, ForeignKey("approval_request.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    need("decision"),
    need("role"),
    need("person", ForeignKey("person.id")),
    Column("reason", Text),
    need("digest"),
    need("at"),
    UniqueConstraint("request_id", "person"),
    one_of("decision", "approve", "reject", "return"),
    CheckConstraint("decision = 'approve' OR length(reason) >= 3", name="reason"),
)

task = Table(
    "task",
    metadata,
    own_id(),
    need("case_id", ForeignKey("care_case.id")),
    need("kind"),
    need("due_at"),
    need("created_at"),
    Column("created_seq", Integer, nullable=False),
    Column("settled_at", Text),
    Column("settled_how", Text),
    Index("ix_task_case_id", "case_id"),
    Index("ix_task_settled_at_due_at", "settled_at", "due_at"),
)
