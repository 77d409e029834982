"""Every table. The walls (triggers) that make them law stand in `walls.py`; the migrations create both.

Instants are text in UTC with microseconds (`2026-11-22T02:20:25.123456Z`): sortable, and the same on both engines. Calendar dates are
ISO text. Personal values live in `child`, `relative`, `record`, `document` and `person`, never in an event.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _id() -> Column[str]:
    return Column("id", Text, primary_key=True)


def _need(name: str, *rest: ForeignKey) -> Column[str]:
    return Column(name, Text, *rest, nullable=False)


machine_version = Table(
    "machine_version",
    metadata,
    Column("machine", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    _need("digest"),
    _need("initial"),
    _need("published_at"),
    Column("sealed", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("sealed IN (0, 1)", name="sealed"),
)

edge = Table(
    "edge",
    metadata,
    Column("machine", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("trigger", Text, primary_key=True),
    Column("dest", Text, primary_key=True),
    Column("approvals_before", Integer, nullable=False),
    Column("new_round", Integer, nullable=False, server_default=text("0")),
    ForeignKeyConstraint(["machine", "version"], ["machine_version.machine", "machine_version.version"]),
    CheckConstraint("approvals_before IN (0, 1, 2)", name="approvals_before"),
)

parameter_set = Table("parameter_set", metadata, Column("digest", Text, primary_key=True), _need("body"), _need("first_used_at"))

office = Table(
    "office",
    metadata,
    _id(),
    _need("name"),
    _need("kind"),
    Column("district_code", Text),
    _one_of("kind", "dinas", "lksa", "province", "inspectorate", "other"),
)

person = Table("person", metadata, _id(), _need("name"), _need("created_at"))

account = Table(
    "account",
    metadata,
    _id(),
    _need("person_id", ForeignKey("person.id")),
    Column("username", Text, nullable=False, unique=True),
    _need("password_hash"),
    Column("active", Integer, nullable=False, server_default=text("1")),
    Column("certificate_until", Text),
    _need("created_at"),
)

assignment = Table(
    "assignment",
    metadata,
    _id(),
    _need("account_id", ForeignKey("account.id")),
    _need("role"),
    _need("office_id", ForeignKey("office.id")),
    Column("host_id", Text, ForeignKey("host.id")),
    _need("valid_from"),
    Column("valid_until", Text),
    Index("ix_assignment_account_id", "account_id"),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", Text, primary_key=True),
    _need("account_id", ForeignKey("account.id")),
    _need("csrf"),
    _need("created_at"),
    _need("seen_at"),
    Column("ended_at", Text),
    Column("device", Text, nullable=False, server_default=text("''")),
)

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    _id(),
    _need("who"),
    _need("at"),
    Index("ix_sign_in_attempt_who_at", "who", "at"),
)

answer = Table(
    "answer",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    _need("request_digest"),
    _need("outcome"),
    Column("body", LargeBinary, nullable=False),
    _need("at"),
)

child = Table(
    "child",
    metadata,
    _id(),
    _need("name"),
    Column("alias", Text),
    _need("sex"),
    Column("born", Text),
    _need("born_precision"),
    Column("born_place", Text),
    _need("religion"),
    Column("nik", Text),
    Column("kk", Text),
    Column("mother_name", Text),
    Column("father_name", Text),
    Column("district_code", Text),
    Column("village_code", Text),
    Column("salt", LargeBinary, nullable=False),
    _need("created_at"),
    Index("ix_child_nik", "nik"),
    Index("ix_child_name", "name"),
    _one_of("sex", "male", "female", "unknown"),
    _one_of("born_precision", "day", "month", "year", "unknown"),
)

identity_change = Table(
    "identity_change",
    metadata,
    _id(),
    _need("child_id", ForeignKey("child.id")),
    _need("case_id", ForeignKey("care_case.id")),
    _need("field"),
    Column("old_value", Text),
    Column("new_value", Text),
    _need("document_id", ForeignKey("document.id")),
    _need("asked_by", ForeignKey("person.id")),
    _need("asked_at"),
    Column("approved_by", Text, ForeignKey("person.id")),
    Column("approved_at", Text),
    Column("applied", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("approved_by IS NULL OR approved_by <> asked_by", name="four_eyes"),
    _one_of("field", "name", "born", "born_precision", "religion", "nik", "kk", "mother_name", "father_name", "sex"),
)

relative = Table(
    "relative",
    metadata,
    _id(),
    _need("child_id", ForeignKey("child.id")),
    _need("name"),
    _need("relation"),
    Column("degree", Integer, nullable=False),
    _need("status"),
    _need("religion"),
    Column("address", Text),
    Column("phone", Text),
    _need("added_by"),
    _need("created_at"),
    Index("ix_relative_child_id", "child_id"),
    CheckConstraint("degree BETWEEN 1 AND 3", name="degree"),
)

host = Table(
    "host",
    metadata,
    _id(),
    _need("kind"),
    _need("name"),
    _need("status"),
    Column("office_id", Text, ForeignKey("office.id")),
    Column("religion", Text),
    Column("licence_number", Text),
    Column("licence_until", Text),
    Column("accredited_until", Text),
    Column("accreditation_waiver_until", Text),
    Column("policy_dated", Text),
    Column("policy_disseminated", Integer, nullable=False, server_default=text("0")),
    Column("complaint_channel", Integer, nullable=False, server_default=text("0")),
    Column("capacity", Integer, nullable=False, server_default=text("0")),
    Column("caregivers", Integer, nullable=False, server_default=text("0")),
    Column("known_to_rt", Integer, nullable=False, server_default=text("0")),
    Column("district_code", Text),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    _need("created_at"),
    CheckConstraint("capacity >= 0", name="capacity"),
)

staff = Table(
    "staff",
    metadata,
    _id(),
    _need("host_id", ForeignKey("host.id")),
    Column("person_id", Text, ForeignKey("person.id")),
    _need("name"),
    _need("duty"),
    Column("police_record_on", Text),
    Column("code_signed_on", Text),
    _need("status"),
    Index("ix_staff_host_id", "host_id"),
    _one_of("status", "pending", "cleared", "suspended", "barred", "left"),
)

body = Table("body", metadata, _id(), _need("name"), _need("kind"))

care_case = Table(
    "care_case",
    metadata,
    _id(),
    Column("number", Text, nullable=False, unique=True),
    _need("child_id", ForeignKey("child.id")),
    _need("office_id", ForeignKey("office.id")),
    _need("machine"),
    Column("version", Integer, nullable=False),
    _need("state"),
    Column("seq", Integer, nullable=False),
    Column("head", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("assigned_to", Text, ForeignKey("person.id")),
    _need("opened_at"),
    _need("entered_at"),
    _need("round_started_at"),
    Column("closed_reason", Text),
    Column("previous_case_id", Text, ForeignKey("care_case.id")),
    ForeignKeyConstraint(["machine", "version"], ["machine_version.machine", "machine_version.version"]),
    Index("ix_care_case_child_id", "child_id"),
    Index("ix_care_case_assigned_to_state", "assigned_to", "state"),
    Index("ix_care_case_office_id_state", "office_id", "state"),
)

event = Table(
    "event",
    metadata,
    Column("case_id", Text, ForeignKey("care_case.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    _need("kind"),
    _need("machine"),
    Column("version", Integer, nullable=False),
    _need("trigger"),
    _need("source"),
    _need("dest"),
    Column("round", Integer, nullable=False),
    Column("approvals_before", Integer, nullable=False),
    _need("actor"),
    Column("requester", Text),
    Column("approver_1", Text),
    Column("approver_2", Text),
    _need("occurred_at"),
    _need("recorded_at"),
    _need("prev"),
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
    Index("ix_event_kind_recorded_at", "kind", "recorded_at"),
)

actor_event = Table(
    "actor_event",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("case_id", Text),
    _need("kind"),
    _need("outcome"),
    _need("recorded_at"),
    _need("prev"),
    _need("hash"),
    Column("body", LargeBinary, nullable=False),
    Index("ix_actor_event_case_id", "case_id"),
)

record = Table(
    "record",
    metadata,
    _id(),
    _need("case_id", ForeignKey("care_case.id")),
    _need("form"),
    Column("form_version", Integer, nullable=False, server_default=text("1")),
    Column("round", Integer, nullable=False),
    _need("status"),
    _need("dated"),
    Column("signed_at", Text),
    _need("author", ForeignKey("person.id")),
    _need("author_role"),
    Column("supersedes", Text, ForeignKey("record.id")),
    Column("body", LargeBinary, nullable=False),
    _need("digest"),
    Column("salt", LargeBinary, nullable=False),
    Column("verified_by", Text, ForeignKey("person.id")),
    Column("verifier_role", Text),
    Column("verified_at", Text),
    Column("countersigned_by", Text, ForeignKey("person.id")),
    Column("countersigned_at", Text),
    Column("voided_at", Text),
    Index("ix_record_case_id_form", "case_id", "form"),
    Index("uq_record_supersedes", "supersedes", unique=True),
    _one_of("status", "draft", "signed", "countersigned", "void"),
    CheckConstraint("verified_by IS NULL OR verified_by <> author", name="verifier_is_another"),
    CheckConstraint("countersigned_by IS NULL OR countersigned_by <> author", name="countersigner_is_another"),
)

document = Table(
    "document",
    metadata,
    _id(),
    _need("case_id", ForeignKey("care_case.id")),
    Column("round", Integer, nullable=False),
    _need("kind"),
    _need("number"),
    _need("issuer"),
    _need("issued_on"),
    _need("digest"),
    Column("salt", LargeBinary, nullable=False),
    _need("attached_by", ForeignKey("person.id")),
    _need("attached_at"),
    Column("compared_by", Text, ForeignKey("person.id")),
    Column("compared_role", Text),
    Column("compared_at", Text),
    Index("ix_document_case_id", "case_id"),
    CheckConstraint("compared_by IS NULL OR compared_by <> attached_by", name="compared_by_another"),
)

host_offer = Table(
    "host_offer",
    metadata,
    _id(),
    _need("case_id", ForeignKey("care_case.id")),
    _need("host_id", ForeignKey("host.id")),
    Column("round", Integer, nullable=False),
    _need("offered_by", ForeignKey("person.id")),
    _need("offered_at"),
    Column("accepted", Integer),
    Column("reason", Text),
    Column("answered_by", Text, ForeignKey("person.id")),
    Column("answered_at", Text),
    Index("ix_host_offer_case_id", "case_id"),
    Index("ix_host_offer_host_id", "host_id"),
)

LIVE_PLACEMENT = "status IN ('active', 'unconfirmed', 'on_leave', 'reserved')"

placement = Table(
    "placement",
    metadata,
    _id(),
    _need("case_id", ForeignKey("care_case.id")),
    _need("child_id", ForeignKey("child.id")),
    _need("kind"),
    _need("state"),
    _need("status"),
    Column("host_id", Text, ForeignKey("host.id")),
    Column("relative_id", Text, ForeignKey("relative.id")),
    _need("started_at"),
    Column("started_seq", Integer, nullable=False),
    Column("reserved_at", Text),
    Column("reserved_until", Text),
    Column("ended_at", Text),
    Column("ended_by", Text),
    Column("ended_why", Text),
    CheckConstraint("(host_id IS NULL) <> (relative_id IS NULL)", name="one_carer"),
    _one_of("status", "active", "unconfirmed", "on_leave", "reserved", "ended"),
    CheckConstraint("(status = 'ended') = (ended_at IS NOT NULL)", name="ended"),
    Index("uq_placement_child_live", "child_id", unique=True, sqlite_where=text(LIVE_PLACEMENT), postgresql_where=text(LIVE_PLACEMENT)),
    Index("ix_placement_host_id_status", "host_id", "status"),
    Index("ix_placement_case_id", "case_id"),
)

approval_request = Table(
    "approval_request",
    metadata,
    _id(),
    _need("case_id", ForeignKey("care_case.id")),
    _need("kind"),
    _need("trigger"),
    _need("subject"),
    Column("record_id", Text, ForeignKey("record.id")),
    _need("needs"),
    _need("digest"),
    _need("requester", ForeignKey("person.id")),
    _need("requested_at"),
    _need("due_at"),
    _need("status"),
    Column("settled_at", Text),
    _one_of("kind", "decision", "ratification", "record"),
    _one_of(
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
    _need("decision"),
    _need("role"),
    _need("person", ForeignKey("person.id")),
    Column("reason", Text),
    _need("digest"),
    _need("at"),
    UniqueConstraint("request_id", "person"),
    _one_of("decision", "approve", "reject", "return"),
    CheckConstraint("decision = 'approve' OR length(reason) >= 3", name="reason"),
)

draft = Table(
    "draft",
    metadata,
    Column("case_id", Text, ForeignKey("care_case.id"), primary_key=True),
    Column("form", Text, primary_key=True),
    Column("person", Text, ForeignKey("person.id"), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    _need("saved_at"),
)

read_receipt = Table(
    "read_receipt",
    metadata,
    Column("person", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    _need("at"),
)

task = Table(
    "task",
    metadata,
    _id(),
    _need("case_id", ForeignKey("care_case.id")),
    _need("kind"),
    _need("due_at"),
    _need("created_at"),
    Column("created_seq", Integer, nullable=False),
    Column("settled_at", Text),
    Column("settled_how", Text),
    Index("ix_task_case_id", "case_id"),
    Index("ix_task_settled_at_due_at", "settled_at", "due_at"),
)

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Integer, nullable=False),
)
