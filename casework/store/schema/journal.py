"""Where a case stands, and the entries that brought it there. Only an entry moves a case (walls)."""

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from casework.store.schema.columns import metadata, need, own_id

care_case = Table(
    "care_case",
    metadata,
    own_id(),
    Column("number", Text, nullable=False, unique=True),
    need("child_id", ForeignKey("child.id")),
    need("office_id", ForeignKey("office.id")),
    need("machine"),
    Column("version", Integer, nullable=False),
    need("state"),
    Column("seq", Integer, nullable=False),
    Column("head", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("assigned_to", Text, ForeignKey("person.id")),
    need("opened_at"),
    need("entered_at"),
    need("round_started_at"),
    Column("closed_reason", Text),
    Column("previous_case_id", Text, ForeignKey("care_case.id")),
    ForeignKeyConstraint(["machine", "version"], ["machine_version.machine", "machine_version.version"]),
    Index("ix_care_case_child_id", "child_id"),
    Index("ix_care_case_assigned_to_office_id_id", "assigned_to", "office_id", "id"),
    Index("ix_care_case_assigned_to_office_id_state_id", "assigned_to", "office_id", "state", "id"),
    Index("ix_care_case_office_id_id", "office_id", "id"),
    Index("ix_care_case_office_id_state_id", "office_id", "state", "id"),
)

case_count = Table(
    "case_count",
    metadata,
    need("office_id"),
    need("state"),
    Column("slot", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    need("case_id"),
    PrimaryKeyConstraint("office_id", "state", "slot"),
)
"""How many cases of an office stand in a state: the sum over slots. Kept by the database as it moves them; `case_id` was counted last."""

_NEWEST_OF_CASES = ("recorded_at", "case_id", "seq")
_NEWEST_OF_ACTORS = ("recorded_at", "account_id", "seq")
"""The order in which the trail is read, backwards: of two entries of one moment the one of the later stream comes first."""

BEHALF = "on_behalf_of IS NOT NULL"
"""The entries that somebody made in another's place: few, and asked for with every case."""
event = Table(
    "event",
    metadata,
    Column("case_id", Text, ForeignKey("care_case.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    need("kind"),
    need("machine"),
    Column("version", Integer, nullable=False),
    need("trigger"),
    need("source"),
    need("dest"),
    Column("round", Integer, nullable=False),
    Column("approvals_before", Integer, nullable=False),
    need("actor"),
    Column("on_behalf_of", Text),
    Column("requester", Text),
    Column("approver_1", Text),
    Column("approver_2", Text),
    need("occurred_at"),
    need("recorded_at"),
    need("prev"),
    Column("hash", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    CheckConstraint("approvals_before = 0 OR (approver_1 IS NOT NULL AND requester IS NOT NULL)", name="first_approver"),
    CheckConstraint("approvals_before < 2 OR approver_2 IS NOT NULL", name="second_approver"),
    CheckConstraint(
        "(approver_1 IS NULL OR (approver_1 <> actor AND approver_1 <> requester))"
        " AND (approver_2 IS NULL OR (approver_2 <> actor AND approver_2 <> requester AND approver_2 <> approver_1))",
        name="four_eyes",
    ),
    CheckConstraint("seq >= 1", name="seq"),
    Index("ix_event_kind", "kind", *_NEWEST_OF_CASES),
    Index("ix_event_actor", "actor", *_NEWEST_OF_CASES),
    Index("ix_event_recorded_at", *_NEWEST_OF_CASES),
    Index("ix_event_on_behalf_of", "case_id", sqlite_where=text(BEHALF), postgresql_where=text(BEHALF)),
)

READ = "kind IN ('opened', 'searched')"
"""The entries that only say that somebody looked."""
TRIED = "kind NOT IN ('opened', 'searched')"


def _where(condition: str) -> dict[str, Any]:
    """Return what makes an index hold only some rows, on either engine."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


actor_event = Table(
    "actor_event",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("case_id", Text),
    need("kind"),
    need("outcome"),
    need("recorded_at"),
    need("prev"),
    need("hash"),
    Column("body", LargeBinary, nullable=False),
    Index("ix_actor_event_tried", "case_id", "recorded_at", "account_id", "seq", **_where(TRIED)),
    Index("ix_actor_event_read_of_case", "case_id", "recorded_at", **_where(f"{READ} AND case_id IS NOT NULL")),
    Index("ix_actor_event_read_of_many", "recorded_at", **_where(f"{READ} AND case_id IS NULL")),
    Index("ix_actor_event_kind", "kind", *_NEWEST_OF_ACTORS),
    Index("ix_actor_event_recorded_at", *_NEWEST_OF_ACTORS, **_where(TRIED)),
    Index("ix_actor_event_account", "account_id", "recorded_at", "seq", **_where(TRIED)),
)
"""What people did that moves no case. Reads stand apart from what was tried, so that neither is slowed by the other."""
