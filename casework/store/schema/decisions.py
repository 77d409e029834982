"""What waits: requests for approval with their decisions, and tasks."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from casework.machines.settling import ESCALATED, RESERVED
from casework.store.schema.columns import metadata, need, one_of, own_id, personal
from casework.store.sealing import Sealed

ADMISSION = "trigger = 'admit_to_institution'"
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
    need("office_id", ForeignKey("office.id")),
    Column("next_role", Text),
    one_of("kind", "decision", "ratification", "record"),
    one_of(
        "status",
        "submitted", "in_second_approval", "approved", "consumed", "returned", "rejected", "withdrawn", "expired", "superseded", "lapsed",
    ),
    Index("ix_approval_request_case_id", "case_id"),
    Index("ix_approval_request_kind", "kind", "requested_at", "id"),
    Index(
        "ix_approval_request_turn",
        *("office_id", "next_role", "kind", "due_at", "id"),
        sqlite_where=text("next_role IS NOT NULL"),
        postgresql_where=text("next_role IS NOT NULL"),
    ),
    Index(
        "ix_approval_request_admission",
        *("office_id", "requested_at"),
        sqlite_where=text(ADMISSION),
        postgresql_where=text(ADMISSION),
    ),
)  # fmt: skip

approval_decision = Table(
    "approval_decision",
    metadata,
    Column("request_id", Text, ForeignKey("approval_request.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    need("decision"),
    need("role"),
    need("person", ForeignKey("person.id")),
    Column("reason", Sealed),
    need("digest"),
    need("at"),
    UniqueConstraint("request_id", "person"),
    one_of("decision", "approve", "reject", "return"),
    CheckConstraint("decision = 'approve' OR length(reason) >= 3", name="reason"),
    Index("ix_approval_decision_at", "at", "person", "decision", "request_id"),
)

ESCALATING = "settled_at IS NULL AND kind IN (" + ", ".join(f"'{kind}'" for kind in sorted({*ESCALATED, *ESCALATED.values()})) + ")"
"""Open tasks of which the head of the office is reminded every day when they are late, and the reminders: few, so their index is small."""
LED = "settled_at IS NULL AND (worker IS NULL OR kind IN (" + ", ".join(f"'{kind}'" for kind in ("triage", *sorted(RESERVED))) + "))"
"""Open tasks that are not left to a worker: what nobody was assigned to, reports to triage, and what is reserved to who leads an office."""

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
    Column("note", Sealed),
    need("office_id", ForeignKey("office.id")),
    Column("worker", Text, ForeignKey("person.id")),
    Column("process_id", Text, ForeignKey("process.id")),
    Column("district", Text),
    Index("ix_task_case_id", "case_id"),
    Index(
        "ix_task_office_id_due",
        *("office_id", "due_at", "id"),
        sqlite_where=text("settled_at IS NULL"),
        postgresql_where=text("settled_at IS NULL"),
    ),
    Index("ix_task_escalating", "due_at", "id", sqlite_where=text(ESCALATING), postgresql_where=text(ESCALATING)),
    Index("ix_task_led_due", "office_id", "due_at", "id", sqlite_where=text(LED), postgresql_where=text(LED)),
    Index(
        "ix_task_worker_due", "worker", "due_at", "id", sqlite_where=text("settled_at IS NULL"), postgresql_where=text("settled_at IS NULL")
    ),
)
"""`process_id` names the process that asked for it and settles it, NULL the case itself; `district` is where an errand leads."""

glass = Table(
    "glass",
    metadata,
    own_id(),
    need("case_id", ForeignKey("care_case.id")),
    need("account_id", ForeignKey("account.id")),
    need("person", ForeignKey("person.id")),
    need("reason_code"),
    personal("reason"),
    need("opened_at"),
    need("ends_at"),
    need("task_id", ForeignKey("task.id")),
    Column("reviewed_by", Text, ForeignKey("person.id")),
    Column("reviewed_at", Text),
    Column("finding", Text),
    Column("review", Sealed),
    one_of("finding", "justified", "unjustified"),
    CheckConstraint("ends_at > opened_at", name="span"),
    CheckConstraint("reviewed_by <> person", name="reviewed_by_another"),
    Index("ix_glass_account_id", "account_id"),
    Index("ix_glass_case_id", "case_id"),
    Index("ix_glass_opened_at", "opened_at"),
)
"""Who broke the glass of a case, why, until when they may read it, and what was found when somebody else looked into that."""
