"""The processes beside the journey, and the steps that brought each where it stands. Only a step moves a process (walls)."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, Table, Text, text

from casework.store.schema.columns import metadata, need, own_id

AT_A_DESK = "state IN ('sent', 'info_requested', 'acknowledged', 'unanswered', 'accepted', 'in_service', 'completed')"
"""States in which a referral that was sent lies on its receiver's desk: from being asked to the feedback, never a cancelled one."""

process = Table(
    "process",
    metadata,
    own_id(),
    need("machine"),
    Column("version", Integer, nullable=False),
    need("state"),
    Column("steps", Integer, nullable=False),
    Column("case_id", Text, ForeignKey("care_case.id")),
    Column("host_id", Text, ForeignKey("host.id")),
    Column("record_id", Text, ForeignKey("record.id")),
    Column("office_id", Text, ForeignKey("office.id")),
    need("opened_at"),
    need("entered_at"),
    Column("due_at", Text),
    Column("wakes_at", Text),
    Column("body_id", Text, ForeignKey("body.id")),
    ForeignKeyConstraint(["machine", "version"], ["machine_version.machine", "machine_version.version"]),
    CheckConstraint("steps >= 0", name="steps"),
    Index("ix_process_case_id", "case_id"),
    Index("ix_process_host_id_machine", "host_id", "machine"),
    CheckConstraint("body_id IS NULL OR machine = 'referral'", name="only_a_referral_asks_a_body"),
    Index("ix_process_body_id", "body_id", sqlite_where=text("body_id IS NOT NULL"), postgresql_where=text("body_id IS NOT NULL")),
    Index("ix_process_machine_state", "machine", "state"),
    Index("ix_process_office_id_machine", "office_id", "machine"),
    Index("ix_process_wakes_at", "wakes_at", sqlite_where=text("wakes_at IS NOT NULL"), postgresql_where=text("wakes_at IS NOT NULL")),
)
"""Where the thing has a register row of its own (placement, host, staff), `id` is that row's id, and its `status` says the same state.

`body_id` is the receiving body that a referral was last sent to: where its desk looks. Who is asked, the form says."""

process_step = Table(
    "process_step",
    metadata,
    Column("process_id", Text, ForeignKey("process.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    need("stream"),
    Column("seq", Integer, nullable=False),
    need("machine"),
    Column("version", Integer, nullable=False),
    need("trigger"),
    need("source"),
    need("dest"),
    need("occurred_at"),
    CheckConstraint("n >= 1", name="n"),
)
"""What the entry `seq` of `stream` says of a process: a projection, checked against its body by verify."""
