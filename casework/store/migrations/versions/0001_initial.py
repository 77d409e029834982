"""The first schema: every table, constraint and index. Later revisions change it; this file never changes again."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything, each table after those it refers to."""
    for create in (
        _actor_event,
        _answer,
        _body,
        _case_count,
        _child,
        _child_gram,
        _counter,
        _data_key,
        _master_key,
        _machine_version,
        _office,
        _parameter_set,
        _policy_version,
        _person,
        _read_receipt,
        _search_key,
        _sign_in_attempt,
        _account,
        _care_case,
        _child_key,
        _edge,
        _crossing,
        _host,
        _host_entry,
        _relative,
        _assignment,
        _report_sum,
        _delegation,
        _document,
        _draft,
        _event,
        _host_offer,
        _placement,
        _record,
        _attachment,
        _process,
        _process_step,
        _complaint,
        _complaint_answer,
        _session,
        _invitation,
        _totp,
        _passkey,
        _access_token,
        _external_identity,
        _recovery_code,
        _staff,
        _task,
        _glass,
        _data_request,
        _approval_request,
        _identity_change,
        _migration,
        _migration_item,
        _approval_decision,
        _outbox,
        _letter,
        _trail_review,
        _question_answer,
    ):
        create()


def downgrade() -> None:
    """A journal is never taken back: restore a backup instead."""
    raise NotImplementedError


def _need(*names: str) -> list[Column[str]]:
    return [Column(name, Text(), nullable=False) for name in names]


def _may(*names: str) -> list[Column[str]]:
    return [Column(name, Text(), nullable=True) for name in names]


def _actor_event() -> None:
    op.create_table(
        "actor_event",
        *_need("account_id"),
        Column("seq", Integer(), nullable=False),
        *_may("case_id"),
        *_need("kind", "outcome", "recorded_at", "prev", "hash"),
        Column("body", LargeBinary(), nullable=False),
        PrimaryKeyConstraint("account_id", "seq", name=op.f("pk_actor_event")),
    )
    tried = text("kind NOT IN ('opened', 'searched')")
    op.create_index(
        "ix_actor_event_tried",
        "actor_event",
        ["case_id", "recorded_at", "account_id", "seq"],
        unique=False,
        sqlite_where=tried,
        postgresql_where=tried,
    )
    of_case = text("kind IN ('opened', 'searched') AND case_id IS NOT NULL")
    op.create_index(
        "ix_actor_event_read_of_case",
        "actor_event",
        ["case_id", "recorded_at"],
        unique=False,
        sqlite_where=of_case,
        postgresql_where=of_case,
    )
    of_many = text("kind IN ('opened', 'searched') AND case_id IS NULL")
    op.create_index(
        "ix_actor_event_read_of_many", "actor_event", ["recorded_at"], unique=False, sqlite_where=of_many, postgresql_where=of_many
    )
    newest = ["recorded_at", "account_id", "seq"]
    op.create_index("ix_actor_event_kind", "actor_event", ["kind", *newest], unique=False)
    op.create_index("ix_actor_event_recorded_at", "actor_event", newest, unique=False, sqlite_where=tried, postgresql_where=tried)
    of_account = ["account_id", "recorded_at", "seq"]
    op.create_index("ix_actor_event_account", "actor_event", of_account, unique=False, sqlite_where=tried, postgresql_where=tried)


def _answer() -> None:
    op.create_table(
        "answer",
        *_need("account_id", "key", "request_digest", "outcome"),
        Column("body", LargeBinary(), nullable=False),
        *_need("at"),
        PrimaryKeyConstraint("account_id", "key", name=op.f("pk_answer")),
    )


def _body() -> None:
    op.create_table(
        "body",
        *_need("id", "name", "kind"),
        PrimaryKeyConstraint("id", name=op.f("pk_body")),
    )


def _case_count() -> None:
    op.create_table(
        "case_count",
        *_need("office_id", "state"),
        Column("slot", Integer(), nullable=False),
        Column("n", Integer(), nullable=False),
        *_need("case_id"),
        PrimaryKeyConstraint("office_id", "state", "slot", name=op.f("pk_case_count")),
    )


def _child() -> None:
    op.create_table(
        "child",
        *_need("id", "name"),
        *_may("alias"),
        *_need("sex"),
        *_may("born"),
        *_need("born_precision"),
        *_may("born_place"),
        *_need("religion"),
        *_may("nik", "kk", "mother_name", "father_name", "district_code", "village_code"),
        Column("salt", LargeBinary(), nullable=False),
        *_need("created_at"),
        PrimaryKeyConstraint("id", name=op.f("pk_child")),
        CheckConstraint("born_precision IN ('day', 'month', 'year', 'unknown')", name=op.f("ck_child_born_precision")),
        CheckConstraint("sex IN ('male', 'female', 'unknown')", name=op.f("ck_child_sex")),
    )


def _child_gram() -> None:
    op.create_table(
        "child_gram",
        Column("gram", BigInteger(), autoincrement=False, nullable=False),
        *_need("child_id"),
        PrimaryKeyConstraint("gram", "child_id", name=op.f("pk_child_gram")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_child_gram_child_id", "child_gram", ["child_id"], unique=False)


def _child_key() -> None:
    op.create_table(
        "child_key",
        *_need("child_id"),
        Column("nik", BigInteger(), nullable=True),
        Column("kk", BigInteger(), nullable=True),
        Column("name", BigInteger(), nullable=True),
        *_need("made_with"),
        ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_child_key_child_id")),
        PrimaryKeyConstraint("child_id", name=op.f("pk_child_key")),
    )
    op.create_index("ix_child_key_kk", "child_key", ["kk"], unique=False)
    op.create_index("ix_child_key_nik", "child_key", ["nik"], unique=False)


def _data_key() -> None:
    op.create_table(
        "data_key",
        *_need("holder"),
        *_may("wrapped"),
        *_need("made_at"),
        *_may("destroyed_at"),
        PrimaryKeyConstraint("holder", name=op.f("pk_data_key")),
        CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name=op.f("ck_data_key_destroyed")),
    )


def _master_key() -> None:
    op.create_table(
        "master_key",
        Column("id", Integer(), autoincrement=False, nullable=False),
        *_need("fingerprint"),
        PrimaryKeyConstraint("id", name=op.f("pk_master_key")),
        CheckConstraint("id = 1", name=op.f("ck_master_key_id")),
    )


def _search_key() -> None:
    op.create_table(
        "search_key",
        Column("id", Integer(), autoincrement=False, nullable=False),
        *_need("fingerprint"),
        Column("complete", Integer(), nullable=False, server_default=text("0")),
        PrimaryKeyConstraint("id", name=op.f("pk_search_key")),
        CheckConstraint("id = 1", name=op.f("ck_search_key_id")),
        CheckConstraint("complete IN (0, 1)", name=op.f("ck_search_key_complete")),
    )


def _counter() -> None:
    op.create_table(
        "counter",
        *_need("name"),
        Column("value", Integer(), nullable=False),
        PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )


def _machine_version() -> None:
    op.create_table(
        "machine_version",
        *_need("machine"),
        Column("version", Integer(), nullable=False),
        *_need("digest", "initial", "published_at"),
        Column("about", Text(), nullable=False, server_default=text("'journey'")),
        Column("sealed", Integer(), nullable=False, server_default=text("0")),
        PrimaryKeyConstraint("machine", "version", name=op.f("pk_machine_version")),
        CheckConstraint("sealed IN (0, 1)", name=op.f("ck_machine_version_sealed")),
    )


def _office() -> None:
    op.create_table(
        "office",
        *_need("id", "name", "kind"),
        *_may("district_code"),
        PrimaryKeyConstraint("id", name=op.f("pk_office")),
        CheckConstraint("kind IN ('dinas', 'lksa', 'province', 'inspectorate', 'other')", name=op.f("ck_office_kind")),
    )


def _parameter_set() -> None:
    op.create_table(
        "parameter_set",
        *_need("digest", "body", "first_used_at"),
        PrimaryKeyConstraint("digest", name=op.f("pk_parameter_set")),
    )


def _policy_version() -> None:
    op.create_table(
        "policy_version",
        *_need("digest", "body", "first_used_at"),
        PrimaryKeyConstraint("digest", name=op.f("pk_policy_version")),
    )


def _person() -> None:
    op.create_table(
        "person",
        *_need("id", "name", "created_at"),
        PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )


def _read_receipt() -> None:
    op.create_table(
        "read_receipt",
        *_need("person", "item", "at"),
        PrimaryKeyConstraint("person", "item", name=op.f("pk_read_receipt")),
    )


def _sign_in_attempt() -> None:
    op.create_table(
        "sign_in_attempt",
        *_need("id", "who", "at"),
        PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index("ix_sign_in_attempt_who_at", "sign_in_attempt", ["who", "at"], unique=False)


def _account() -> None:
    op.create_table(
        "account",
        *_need("id", "person_id", "username", "password_hash"),
        Column("active", Integer(), nullable=False, server_default=text("1")),
        *_may("certificate_until"),
        *_need("created_at"),
        *_may("mail", "language"),
        Column("service", Integer(), nullable=False, server_default=text("0")),
        PrimaryKeyConstraint("id", name=op.f("pk_account")),
        ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id")),
        UniqueConstraint("username", name=op.f("uq_account_username")),
    )


def _care_case() -> None:
    op.create_table(
        "care_case",
        *_need("id", "number", "child_id", "office_id", "machine"),
        Column("version", Integer(), nullable=False),
        *_need("state"),
        Column("seq", Integer(), nullable=False),
        *_need("head"),
        Column("round", Integer(), nullable=False),
        *_may("assigned_to"),
        *_need("opened_at", "entered_at", "round_started_at"),
        *_may("closed_reason", "previous_case_id"),
        PrimaryKeyConstraint("id", name=op.f("pk_care_case")),
        ForeignKeyConstraint(["assigned_to"], ["person.id"], name=op.f("fk_care_case_assigned_to")),
        ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_care_case_child_id")),
        ForeignKeyConstraint(
            ["machine", "version"], ["machine_version.machine", "machine_version.version"], name=op.f("fk_care_case_machine_version")
        ),
        ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_care_case_office_id")),
        ForeignKeyConstraint(["previous_case_id"], ["care_case.id"], name=op.f("fk_care_case_previous_case_id")),
        UniqueConstraint("number", name=op.f("uq_care_case_number")),
    )
    op.create_index("ix_care_case_assigned_to_office_id_id", "care_case", ["assigned_to", "office_id", "id"], unique=False)
    op.create_index("ix_care_case_assigned_to_office_id_state_id", "care_case", ["assigned_to", "office_id", "state", "id"], unique=False)
    op.create_index("ix_care_case_child_id", "care_case", ["child_id"], unique=False)
    op.create_index("ix_care_case_office_id_id", "care_case", ["office_id", "id"], unique=False)
    op.create_index("ix_care_case_office_id_state_id", "care_case", ["office_id", "state", "id"], unique=False)


def _edge() -> None:
    op.create_table(
        "edge",
        *_need("machine"),
        Column("version", Integer(), nullable=False),
        *_need("source", "trigger", "dest"),
        Column("approvals_before", Integer(), nullable=False),
        Column("new_round", Integer(), nullable=False, server_default=text("0")),
        PrimaryKeyConstraint("machine", "version", "source", "trigger", "dest", name=op.f("pk_edge")),
        CheckConstraint("approvals_before IN (0, 1, 2)", name=op.f("ck_edge_approvals_before")),
        ForeignKeyConstraint(
            ["machine", "version"], ["machine_version.machine", "machine_version.version"], name=op.f("fk_edge_machine_version")
        ),
    )


def _crossing() -> None:
    op.create_table(
        "crossing",
        *_need("machine"),
        Column("version", Integer(), nullable=False),
        Column("from_version", Integer(), nullable=False),
        *_need("source", "dest"),
        PrimaryKeyConstraint("machine", "version", "from_version", "source", name=op.f("pk_crossing")),
        CheckConstraint("from_version < version", name=op.f("ck_crossing_forward")),
        ForeignKeyConstraint(
            ["machine", "version"], ["machine_version.machine", "machine_version.version"], name=op.f("fk_crossing_machine_version")
        ),
    )


def _migration() -> None:
    op.create_table(
        "migration",
        *_need("id", "machine"),
        Column("version", Integer(), nullable=False),
        *_need("office_id", "digest", "requester", "requested_at"),
        *_may("approver", "approved_at"),
        PrimaryKeyConstraint("id", name=op.f("pk_migration")),
        CheckConstraint("approver IS NULL OR approver <> requester", name=op.f("ck_migration_four_eyes")),
        ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_migration_office_id")),
        ForeignKeyConstraint(["requester"], ["person.id"], name=op.f("fk_migration_requester")),
        ForeignKeyConstraint(["approver"], ["person.id"], name=op.f("fk_migration_approver")),
        ForeignKeyConstraint(
            ["machine", "version"], ["machine_version.machine", "machine_version.version"], name=op.f("fk_migration_machine_version")
        ),
    )
    op.create_index("ix_migration_office_id", "migration", ["office_id"], unique=False)


def _migration_item() -> None:
    op.create_table(
        "migration_item",
        *_need("migration_id", "subject"),
        Column("from_version", Integer(), nullable=False),
        PrimaryKeyConstraint("migration_id", "subject", name=op.f("pk_migration_item")),
        ForeignKeyConstraint(["migration_id"], ["migration.id"], name=op.f("fk_migration_item_migration_id")),
    )
    op.create_index("ix_migration_item_subject", "migration_item", ["subject"], unique=False)


def _host() -> None:
    op.create_table(
        "host",
        *_need("id", "kind", "name", "status"),
        *_may("office_id", "religion"),
        Column("services", Text(), nullable=False, server_default=text("''")),
        *_may("licence_number", "licence_issuer", "licence_until"),
        *_may("accreditation_grade", "accredited_until", "accreditation_waiver_until", "policy_dated"),
        Column("policy_disseminated", Integer(), nullable=False, server_default=text("0")),
        Column("complaint_channel", Integer(), nullable=False, server_default=text("0")),
        Column("capacity", Integer(), nullable=False, server_default=text("0")),
        Column("caregivers", Integer(), nullable=False, server_default=text("0")),
        Column("known_to_rt", Integer(), nullable=False, server_default=text("0")),
        *_may("district_code"),
        Column("revision", Integer(), nullable=False, server_default=text("1")),
        *_need("created_at"),
        PrimaryKeyConstraint("id", name=op.f("pk_host")),
        CheckConstraint("capacity >= 0", name=op.f("ck_host_capacity")),
        CheckConstraint("kind = 'lksa' OR services = replace(services, 'children', '')", name=op.f("ck_host_services")),
        CheckConstraint(
            "kind NOT IN ('adoptive_family', 'foster_family', 'guardian_household', 'kin_household', 'neighbour_household')"
            " OR substr(name, 1, 3) = 's1.'",
            name=op.f("ck_host_household"),
        ),
        ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_host_office_id")),
    )


def _relative() -> None:
    op.create_table(
        "relative",
        *_need("id", "child_id", "name", "relation"),
        Column("degree", Integer(), nullable=False),
        *_need("status", "religion"),
        *_may("address", "phone"),
        *_need("added_by", "created_at"),
        PrimaryKeyConstraint("id", name=op.f("pk_relative")),
        CheckConstraint("degree BETWEEN 1 AND 3", name=op.f("ck_relative_degree")),
        ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_relative_child_id")),
    )
    op.create_index("ix_relative_child_id", "relative", ["child_id"], unique=False)


def _assignment() -> None:
    op.create_table(
        "assignment",
        *_need("id", "account_id", "role", "office_id"),
        *_may("host_id", "body_id", "area"),
        *_need("valid_from"),
        *_may("valid_until"),
        PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_assignment_account_id")),
        ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_assignment_body_id")),
        ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_assignment_host_id")),
        ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_assignment_office_id")),
    )
    op.create_index("ix_assignment_account_id", "assignment", ["account_id"], unique=False)
    op.create_index("ix_assignment_office_id_role", "assignment", ["office_id", "role"], unique=False)
    op.create_index("ix_assignment_valid_from_id", "assignment", ["valid_from", "id"], unique=False)
    housed = text("host_id IS NOT NULL")
    op.create_index("ix_assignment_host_id", "assignment", ["host_id"], unique=False, sqlite_where=housed, postgresql_where=housed)


def _delegation() -> None:
    op.create_table(
        "delegation",
        *_need("id", "giver", "taker", "role", "office_id", "actions", "made_by", "made_at", "starts_at", "ends_at"),
        *_may("ended_by", "ended_at"),
        PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
        CheckConstraint("role IN ('supervisor', 'dinas_head', 'social_worker')", name=op.f("ck_delegation_role")),
        CheckConstraint("giver <> taker", name=op.f("ck_delegation_two_accounts")),
        CheckConstraint("starts_at >= made_at AND ends_at > starts_at", name=op.f("ck_delegation_span")),
        ForeignKeyConstraint(["giver"], ["account.id"], name=op.f("fk_delegation_giver")),
        ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_delegation_office_id")),
        ForeignKeyConstraint(["taker"], ["account.id"], name=op.f("fk_delegation_taker")),
    )
    op.create_index("ix_delegation_taker", "delegation", ["taker"], unique=False)
    op.create_index("ix_delegation_office_id_ends_at", "delegation", ["office_id", "ends_at"], unique=False)


def _document() -> None:
    op.create_table(
        "document",
        *_need("id", "case_id"),
        Column("round", Integer(), nullable=False),
        *_need("kind", "number", "issuer", "issued_on", "digest"),
        Column("salt", LargeBinary(), nullable=False),
        *_need("attached_by", "attached_at"),
        *_may("compared_by", "compared_role", "compared_at"),
        PrimaryKeyConstraint("id", name=op.f("pk_document")),
        CheckConstraint("compared_by IS NULL OR compared_by <> attached_by", name=op.f("ck_document_compared_by_another")),
        ForeignKeyConstraint(["attached_by"], ["person.id"], name=op.f("fk_document_attached_by")),
        ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_document_case_id")),
        ForeignKeyConstraint(["compared_by"], ["person.id"], name=op.f("fk_document_compared_by")),
    )
    op.create_index("ix_document_case_id", "document", ["case_id"], unique=False)


def _report_sum() -> None:
    op.create_table(
        "report_sum",
        Column("office_id", Text, nullable=False),
        Column("report", Text, nullable=False),
        Column("first", Text, nullable=False),
        Column("second", Text, nullable=False),
        Column("third", Text, nullable=False),
        Column("n", Integer, nullable=False),
        Column("counted_at", Text, nullable=False),
        PrimaryKeyConstraint("office_id", "report", "first", "second", "third", name=op.f("pk_report_sum")),
        ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_report_sum_office_id")),
    )


def _draft() -> None:
    op.create_table(
        "draft",
        *_need("case_id", "form", "person", "supersedes"),
        Column("body", LargeBinary(), nullable=False),
        *_need("saved_at"),
        PrimaryKeyConstraint("case_id", "form", "person", "supersedes", name=op.f("pk_draft")),
        ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_draft_case_id")),
        ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_draft_person")),
    )


def _event() -> None:
    op.create_table(
        "event",
        *_need("case_id"),
        Column("seq", Integer(), nullable=False),
        *_need("kind", "machine"),
        Column("version", Integer(), nullable=False),
        *_need("trigger", "source", "dest"),
        Column("round", Integer(), nullable=False),
        Column("approvals_before", Integer(), nullable=False),
        *_need("actor"),
        *_may("on_behalf_of", "requester", "approver_1", "approver_2"),
        *_need("occurred_at", "recorded_at", "prev", "hash"),
        Column("body", LargeBinary(), nullable=False),
        PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_event")),
        CheckConstraint("approvals_before = 0 OR (approver_1 IS NOT NULL AND requester IS NOT NULL)", name=op.f("ck_event_first_approver")),
        CheckConstraint(
            "(approver_1 IS NULL OR (approver_1 <> actor AND approver_1 <> requester))"
            " AND (approver_2 IS NULL OR (approver_2 <> actor AND approver_2 <> requester"
            " AND approver_2 <> approver_1))",
            name=op.f("ck_event_four_eyes"),
        ),
        CheckConstraint("approvals_before < 2 OR approver_2 IS NOT NULL", name=op.f("ck_event_second_approver")),
        CheckConstraint("seq >= 1", name=op.f("ck_event_seq")),
        ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_event_case_id")),
    )
    newest = ["recorded_at", "case_id", "seq"]
    op.create_index("ix_event_kind", "event", ["kind", *newest], unique=False)
    op.create_index("ix_event_actor", "event", ["actor", *newest], unique=False)
    op.create_index("ix_event_recorded_at", "event", newest, unique=False)
    behalf = text("on_behalf_of IS NOT NULL")
    op.create_index("ix_event_on_behalf_of", "event", ["case_id"], unique=False, sqlite_where=behalf, postgresql_where=behalf)


def _host_offer() -> None:
    op.create_table(
        "host_offer",
        *_need("id", "case_id", "host_id"),
        Column("round", Integer(), nullable=False),
        *_need("offered_by", "offered_at"),
        Column("accepted", Integer(), nullable=True),
        *_may("reason", "answered_by", "answered_at"),
        PrimaryKeyConstraint("id", name=op.f("pk_host_offer")),
        ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_host_offer_answered_by")),
        ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_host_offer_case_id")),
        ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_host_offer_host_id")),
        ForeignKeyConstraint(["offered_by"], ["person.id"], name=op.f("fk_host_offer_offered_by")),
    )
    op.create_index("ix_host_offer_case_id_host_id", "host_offer", ["case_id", "host_id"], unique=False)
    op.create_index("ix_host_offer_host_id", "host_offer", ["host_id"], unique=False)


def _process() -> None:
    op.create_table(
        "process",
        *_need("id", "machine"),
        Column("version", Integer(), nullable=False),
        *_need("state"),
        Column("steps", Integer(), nullable=False),
        *_may("case_id", "host_id", "record_id", "office_id"),
        *_need("opened_at", "entered_at"),
        *_may("due_at", "wakes_at", "body_id"),
        PrimaryKeyConstraint("id", name=op.f("pk_process")),
        CheckConstraint("steps >= 0", name=op.f("ck_process_steps")),
        CheckConstraint("body_id IS NULL OR machine = 'referral'", name=op.f("ck_process_only_a_referral_asks_a_body")),
        ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_process_body_id")),
        ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_process_case_id")),
        ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_process_host_id")),
        ForeignKeyConstraint(
            ["machine", "version"], ["machine_version.machine", "machine_version.version"], name=op.f("fk_process_machine_version")
        ),
        ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_process_office_id")),
        ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_process_record_id")),
    )
    op.create_index(
        "ix_process_body_id",
        "process",
        ["body_id"],
        unique=False,
        sqlite_where=text("body_id IS NOT NULL"),
        postgresql_where=text("body_id IS NOT NULL"),
    )
    op.create_index("ix_process_case_id", "process", ["case_id"], unique=False)
    op.create_index("ix_process_host_id_machine", "process", ["host_id", "machine"], unique=False)
    op.create_index("ix_process_machine_state", "process", ["machine", "state"], unique=False)
    op.create_index(
        "ix_process_wakes_at",
        "process",
        ["wakes_at"],
        unique=False,
        sqlite_where=text("wakes_at IS NOT NULL"),
        postgresql_where=text("wakes_at IS NOT NULL"),
    )
    op.create_index("ix_process_office_id_machine", "process", ["office_id", "machine"], unique=False)


def _process_step() -> None:
    op.create_table(
        "process_step",
        *_need("process_id"),
        Column("n", Integer(), nullable=False),
        *_need("stream"),
        Column("seq", Integer(), nullable=False),
        *_need("machine"),
        Column("version", Integer(), nullable=False),
        *_need("trigger", "source", "dest", "occurred_at"),
        PrimaryKeyConstraint("process_id", "n", name=op.f("pk_process_step")),
        CheckConstraint("n >= 1", name=op.f("ck_process_step_n")),
        ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_process_step_process_id")),
    )


def _placement() -> None:
    op.create_table(
        "placement",
        *_need("id", "case_id", "child_id", "kind", "state", "status"),
        *_may("host_id", "relative_id"),
        *_need("started_at"),
        Column("started_seq", Integer(), nullable=False),
        *_may("reserved_at", "reserved_until", "ended_at", "ended_by", "ended_why"),
        PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        CheckConstraint("(status IN ('disrupted', 'ended')) = (ended_at IS NOT NULL)", name=op.f("ck_placement_ended")),
        CheckConstraint("(host_id IS NULL) <> (relative_id IS NULL)", name=op.f("ck_placement_one_carer")),
        CheckConstraint(
            "status IN ('active', 'unconfirmed', 'on_leave', 'reserved', 'disrupted', 'ended')", name=op.f("ck_placement_status")
        ),
        ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_placement_case_id")),
        ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_placement_child_id")),
        ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_placement_host_id")),
        ForeignKeyConstraint(["relative_id"], ["relative.id"], name=op.f("fk_placement_relative_id")),
    )
    op.create_index("ix_placement_case_id", "placement", ["case_id"], unique=False)
    op.create_index("ix_placement_host_id_status", "placement", ["host_id", "status"], unique=False)
    op.create_index(
        "uq_placement_child_live",
        "placement",
        ["child_id"],
        unique=True,
        sqlite_where=text("status IN ('active', 'unconfirmed', 'on_leave', 'reserved')"),
        postgresql_where=text("status IN ('active', 'unconfirmed', 'on_leave', 'reserved')"),
    )


def _record() -> None:
    op.create_table(
        "record",
        *_need("id", "case_id", "form"),
        Column("form_version", Integer(), nullable=False, server_default=text("1")),
        Column("round", Integer(), nullable=False),
        *_need("status", "dated"),
        *_may("signed_at"),
        *_need("author", "author_role"),
        *_may("supersedes", "host_id"),
        Column("body", LargeBinary(), nullable=False),
        *_need("digest"),
        Column("salt", LargeBinary(), nullable=False),
        *_may("verified_by", "verifier_role", "verified_at", "countersigned_by", "countersigned_at", "voided_at"),
        PrimaryKeyConstraint("id", name=op.f("pk_record")),
        CheckConstraint("countersigned_by IS NULL OR countersigned_by <> author", name=op.f("ck_record_countersigner_is_another")),
        CheckConstraint("status IN ('draft', 'signed', 'countersigned', 'void')", name=op.f("ck_record_status")),
        CheckConstraint("verified_by IS NULL OR verified_by <> author", name=op.f("ck_record_verifier_is_another")),
        ForeignKeyConstraint(["author"], ["person.id"], name=op.f("fk_record_author")),
        ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_record_case_id")),
        ForeignKeyConstraint(["countersigned_by"], ["person.id"], name=op.f("fk_record_countersigned_by")),
        ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_record_host_id")),
        ForeignKeyConstraint(["supersedes"], ["record.id"], name=op.f("fk_record_supersedes")),
        ForeignKeyConstraint(["verified_by"], ["person.id"], name=op.f("fk_record_verified_by")),
    )
    op.create_index("ix_record_case_id_form", "record", ["case_id", "form"], unique=False)
    op.create_index("uq_record_supersedes", "record", ["supersedes"], unique=True)
    listed = text("host_id IS NOT NULL")
    op.create_index("ix_record_host_id", "record", ["host_id"], unique=False, sqlite_where=listed, postgresql_where=listed)


def _session() -> None:
    op.create_table(
        "session",
        *_need("token_hash", "account_id", "csrf", "created_at", "seen_at", "proved_at"),
        *_may("ended_at"),
        Column("device", Text(), nullable=False, server_default=text("''")),
        Column("client", Text(), nullable=False, server_default=text("''")),
        PrimaryKeyConstraint("token_hash", name=op.f("pk_session")),
        ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_session_account_id")),
    )
    op.create_index("ix_session_account_id", "session", ["account_id"], unique=False)
    op.create_index("ix_session_csrf", "session", ["csrf"], unique=False)


def _access_token() -> None:
    op.create_table(
        "access_token",
        *_need("token_hash", "account_id", "name", "actions", "offices", "made_at", "valid_until"),
        *_may("used_at", "ended_at"),
        PrimaryKeyConstraint("token_hash", name=op.f("pk_access_token")),
        ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_access_token_account_id")),
    )
    op.create_index("uq_access_token_account_id_name", "access_token", ["account_id", "name"], unique=True)


def _external_identity() -> None:
    op.create_table(
        "external_identity",
        *_need("issuer", "subject", "account_id", "made_at"),
        *_may("ended_at"),
        PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_external_identity")),
        ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_external_identity_account_id")),
    )
    op.create_index("ix_external_identity_account_id", "external_identity", ["account_id"], unique=False)


def _passkey() -> None:
    op.create_table(
        "passkey",
        *_need("id", "account_id", "credential"),
        Column("public_key", LargeBinary(), nullable=False),
        Column("uses", Integer(), nullable=False),
        *_need("name", "made_at"),
        *_may("used_at"),
        PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_passkey_account_id")),
        UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
    )
    op.create_index("ix_passkey_account_id", "passkey", ["account_id"], unique=False)


def _totp() -> None:
    op.create_table(
        "totp",
        *_need("account_id"),
        Column("secret", LargeBinary(), nullable=False),
        Column("last_step", Integer(), nullable=False),
        *_need("made_at"),
        PrimaryKeyConstraint("account_id", name=op.f("pk_totp")),
        ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_totp_account_id")),
    )


def _recovery_code() -> None:
    op.create_table(
        "recovery_code",
        *_need("account_id", "digest"),
        *_may("used_at"),
        PrimaryKeyConstraint("account_id", "digest", name=op.f("pk_recovery_code")),
        ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id")),
    )


def _invitation() -> None:
    op.create_table(
        "invitation",
        *_need("token_hash", "account_id", "made_at", "valid_until"),
        *_may("ended_at"),
        PrimaryKeyConstraint("token_hash", name=op.f("pk_invitation")),
        ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_invitation_account_id")),
    )
    op.create_index("ix_invitation_account_id", "invitation", ["account_id"], unique=False)


def _complaint() -> None:
    op.create_table(
        "complaint",
        *_need("id", "office_id", "channel"),
        Column("danger", Integer(), nullable=False),
        *_need("received_at", "code_hash"),
        Column("body", LargeBinary(), nullable=False),
        *_need("digest"),
        Column("salt", LargeBinary(), nullable=False),
        Column("reporter", LargeBinary(), nullable=False),
        *_may("filed_by", "host_id", "case_id", "incident_id"),
        PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        CheckConstraint("channel IN ('public', 'worker')", name=op.f("ck_complaint_channel")),
        CheckConstraint("danger IN (0, 1)", name=op.f("ck_complaint_danger")),
        ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_complaint_case_id")),
        ForeignKeyConstraint(["filed_by"], ["person.id"], name=op.f("fk_complaint_filed_by")),
        ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_complaint_host_id")),
        ForeignKeyConstraint(["incident_id"], ["record.id"], name=op.f("fk_complaint_incident_id")),
        ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_complaint_office_id")),
    )
    op.create_index("uq_complaint_code_hash", "complaint", ["code_hash"], unique=True)
    op.create_index("ix_complaint_office_id_received_at", "complaint", ["office_id", "received_at", "id"], unique=False)


def _complaint_answer() -> None:
    op.create_table(
        "complaint_answer",
        *_need("complaint_id"),
        Column("n", Integer(), nullable=False),
        Column("body", LargeBinary(), nullable=False),
        *_need("digest"),
        Column("salt", LargeBinary(), nullable=False),
        *_need("author", "at"),
        PrimaryKeyConstraint("complaint_id", "n", name=op.f("pk_complaint_answer")),
        CheckConstraint("n >= 1", name=op.f("ck_complaint_answer_n")),
        ForeignKeyConstraint(["author"], ["person.id"], name=op.f("fk_complaint_answer_author")),
        ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_answer_complaint_id")),
    )


def _host_entry() -> None:
    op.create_table(
        "host_entry",
        *_need("id", "host_id", "kind"),
        Column("body", LargeBinary(), nullable=False),
        *_need("digest"),
        Column("salt", LargeBinary(), nullable=False),
        *_need("author", "author_role", "entered_at"),
        *_may("supersedes", "settles", "due_on"),
        PrimaryKeyConstraint("id", name=op.f("pk_host_entry")),
        ForeignKeyConstraint(["author"], ["person.id"], name=op.f("fk_host_entry_author")),
        ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_host_entry_host_id")),
        ForeignKeyConstraint(["settles"], ["host_entry.id"], name=op.f("fk_host_entry_settles")),
        ForeignKeyConstraint(["supersedes"], ["host_entry.id"], name=op.f("fk_host_entry_supersedes")),
    )
    op.create_index("ix_host_entry_host_id", "host_entry", ["host_id"], unique=False)
    op.create_index("uq_host_entry_supersedes", "host_entry", ["supersedes"], unique=True)
    op.create_index(
        "ix_host_entry_due_on",
        "host_entry",
        ["due_on"],
        unique=False,
        sqlite_where=text("due_on IS NOT NULL"),
        postgresql_where=text("due_on IS NOT NULL"),
    )


def _staff() -> None:
    op.create_table(
        "staff",
        *_need("id", "host_id"),
        *_may("person_id"),
        *_need("name", "duty"),
        *_may("police_record_on", "code_signed_on", "entered_on", "trained_on", "reviewed_on"),
        *_need("status"),
        PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        CheckConstraint(
            "status IN ('pending', 'cleared', 'expiring', 'expired', 'suspended', 'barred', 'left')", name=op.f("ck_staff_status")
        ),
        ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_staff_host_id")),
        ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_staff_person_id")),
    )
    op.create_index("ix_staff_host_id", "staff", ["host_id"], unique=False)


def _task() -> None:
    op.create_table(
        "task",
        *_need("id", "case_id", "kind", "due_at", "created_at"),
        Column("created_seq", Integer(), nullable=False),
        *_may("settled_at", "settled_how", "note"),
        *_need("office_id"),
        *_may("worker", "process_id", "district"),
        PrimaryKeyConstraint("id", name=op.f("pk_task")),
        ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_task_case_id")),
        ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_task_office_id")),
        ForeignKeyConstraint(["worker"], ["person.id"], name=op.f("fk_task_worker")),
        ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_task_process_id")),
    )
    op.create_index("ix_task_case_id", "task", ["case_id"], unique=False)
    late = ("emergency_capacity", "emergency_limit", "exit_after_18", "glass_review")
    kinds = (*late, "head_capacity", "head_emergency", "head_exit", "head_glass", "head_legacy")
    escalating = f"settled_at IS NULL AND kind IN ({', '.join(repr(kind) for kind in (*kinds, 'legacy_decision'))})"
    op.create_index(
        "ix_task_escalating", "task", ["due_at", "id"], unique=False, sqlite_where=text(escalating), postgresql_where=text(escalating)
    )
    for first in ("office_id", "worker"):
        op.create_index(
            f"ix_task_{first}_due",
            "task",
            [first, "due_at", "id"],
            unique=False,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        )
    heads = ("head_capacity", "head_emergency", "head_exit", "head_glass", "head_legacy")
    permanency = ("permanency_decision", "permanency_review_18", "permanency_review_24")
    reserved = ("data_request", "emergency_again", "frequent_moves", "glass_review", *heads, *permanency)
    kinds_led = ", ".join(repr(kind) for kind in ("triage", *reserved))
    led = text(f"settled_at IS NULL AND (worker IS NULL OR kind IN ({kinds_led}))")
    op.create_index("ix_task_led_due", "task", ["office_id", "due_at", "id"], unique=False, sqlite_where=led, postgresql_where=led)


def _attachment() -> None:
    op.create_table(
        "attachment",
        *_need("id", "case_id", "kind"),
        *_may("record_id", "document_id"),
        *_need("digest", "sealed_digest"),
        Column("salt", LargeBinary(), nullable=False),
        *_need("added_by", "added_at"),
        *_may("withdrawn_by", "withdrawn_at", "withdrawn_why"),
        Column("content", LargeBinary(), nullable=False),
        PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        CheckConstraint("record_id IS NULL OR document_id IS NULL", name=op.f("ck_attachment_about_one")),
        CheckConstraint(
            "(withdrawn_by IS NULL) = (withdrawn_at IS NULL) AND (withdrawn_by IS NULL) = (withdrawn_why IS NULL)",
            name=op.f("ck_attachment_withdrawn"),
        ),
        ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_attachment_added_by")),
        ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_attachment_case_id")),
        ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_attachment_document_id")),
        ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_attachment_record_id")),
        ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name=op.f("fk_attachment_withdrawn_by")),
    )
    op.create_index("ix_attachment_case_id", "attachment", ["case_id"], unique=False)


def _glass() -> None:
    op.create_table(
        "glass",
        *_need("id", "case_id", "account_id", "person", "reason_code", "reason", "opened_at", "ends_at", "task_id"),
        *_may("reviewed_by", "reviewed_at", "finding", "review"),
        PrimaryKeyConstraint("id", name=op.f("pk_glass")),
        CheckConstraint("finding IN ('justified', 'unjustified')", name=op.f("ck_glass_finding")),
        CheckConstraint("ends_at > opened_at", name=op.f("ck_glass_span")),
        CheckConstraint("reviewed_by <> person", name=op.f("ck_glass_reviewed_by_another")),
        ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_glass_account_id")),
        ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_glass_case_id")),
        ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_glass_person")),
        ForeignKeyConstraint(["reviewed_by"], ["person.id"], name=op.f("fk_glass_reviewed_by")),
        ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_glass_task_id")),
    )
    op.create_index("ix_glass_account_id", "glass", ["account_id"], unique=False)
    op.create_index("ix_glass_case_id", "glass", ["case_id"], unique=False)
    op.create_index("ix_glass_opened_at", "glass", ["opened_at"], unique=False)


def _data_request() -> None:
    op.create_table(
        "data_request",
        *_need("id", "case_id", "kind", "applicant", "shown"),
        *_may("name"),
        *_need("asked_by", "received_at", "due_at", "task_id"),
        *_may("outcome", "reason_code", "answer_id", "decided_by", "decided_at"),
        PrimaryKeyConstraint("id", name=op.f("pk_data_request")),
        CheckConstraint("kind IN ('access', 'correction', 'erasure')", name=op.f("ck_data_request_kind")),
        CheckConstraint("applicant IN ('child', 'parent', 'guardian', 'successor', 'authorised')", name=op.f("ck_data_request_applicant")),
        CheckConstraint(
            "shown IN ('identity_card', 'family_card', 'birth_certificate', 'court_order', 'power_of_attorney', "
            "'known_in_person', 'nothing')",
            name=op.f("ck_data_request_shown"),
        ),
        CheckConstraint("outcome IN ('granted', 'refused')", name=op.f("ck_data_request_outcome")),
        CheckConstraint(
            "(outcome IS NULL) = (decided_by IS NULL) AND (outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_data_request_decided")
        ),
        CheckConstraint("decided_by <> asked_by", name=op.f("ck_data_request_decided_by_another")),
        ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_data_request_asked_by")),
        ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_data_request_case_id")),
        ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_data_request_decided_by")),
        ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_data_request_task_id")),
    )
    op.create_index("ix_data_request_case_id", "data_request", ["case_id"], unique=False)


def _approval_request() -> None:
    op.create_table(
        "approval_request",
        *_need("id", "case_id", "kind", "trigger", "subject"),
        *_may("record_id"),
        *_need("needs", "digest", "requester", "requested_at", "due_at", "status"),
        *_may("settled_at"),
        *_need("office_id"),
        *_may("next_role"),
        PrimaryKeyConstraint("id", name=op.f("pk_approval_request")),
        CheckConstraint("kind IN ('decision', 'ratification', 'record')", name=op.f("ck_approval_request_kind")),
        CheckConstraint(
            "status IN ('submitted', 'in_second_approval', 'approved', 'consumed', 'returned', "
            "'rejected', 'withdrawn', 'expired', 'superseded', 'lapsed')",
            name=op.f("ck_approval_request_status"),
        ),
        ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_approval_request_case_id")),
        ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_approval_request_office_id")),
        ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_approval_request_record_id")),
        ForeignKeyConstraint(["requester"], ["person.id"], name=op.f("fk_approval_request_requester")),
    )
    op.create_index("ix_approval_request_case_id", "approval_request", ["case_id"], unique=False)
    op.create_index("ix_approval_request_kind", "approval_request", ["kind", "requested_at", "id"], unique=False)
    op.create_index(
        "ix_approval_request_turn",
        "approval_request",
        ["office_id", "next_role", "kind", "due_at", "id"],
        unique=False,
        sqlite_where=text("next_role IS NOT NULL"),
        postgresql_where=text("next_role IS NOT NULL"),
    )
    admission = text("trigger = 'admit_to_institution'")
    op.create_index(
        "ix_approval_request_admission",
        "approval_request",
        ["office_id", "requested_at"],
        unique=False,
        sqlite_where=admission,
        postgresql_where=admission,
    )


def _identity_change() -> None:
    op.create_table(
        "identity_change",
        *_need("id", "child_id", "case_id", "field"),
        *_may("old_value", "new_value"),
        *_need("document_id", "asked_by", "asked_at"),
        *_may("approved_by", "approved_at"),
        Column("applied", Integer(), nullable=False, server_default=text("0")),
        PrimaryKeyConstraint("id", name=op.f("pk_identity_change")),
        CheckConstraint(
            "field IN ('name', 'born', 'born_precision', 'religion', 'nik', 'kk', 'mother_name', 'father_name', 'sex')",
            name=op.f("ck_identity_change_field"),
        ),
        CheckConstraint("approved_by IS NULL OR approved_by <> asked_by", name=op.f("ck_identity_change_four_eyes")),
        ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_identity_change_approved_by")),
        ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_identity_change_asked_by")),
        ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_identity_change_case_id")),
        ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_identity_change_child_id")),
        ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_identity_change_document_id")),
    )
    for column in ("case_id", "child_id"):
        op.create_index(f"ix_identity_change_{column}", "identity_change", [column], unique=False)


def _approval_decision() -> None:
    op.create_table(
        "approval_decision",
        *_need("request_id"),
        Column("place", Integer(), nullable=False),
        *_need("decision", "role", "person"),
        *_may("reason"),
        *_need("digest", "at"),
        PrimaryKeyConstraint("request_id", "place", name=op.f("pk_approval_decision")),
        CheckConstraint("decision IN ('approve', 'reject', 'return')", name=op.f("ck_approval_decision_decision")),
        CheckConstraint("decision = 'approve' OR length(reason) >= 3", name=op.f("ck_approval_decision_reason")),
        ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_approval_decision_person")),
        ForeignKeyConstraint(["request_id"], ["approval_request.id"], name=op.f("fk_approval_decision_request_id")),
        UniqueConstraint("request_id", "person", name=op.f("uq_approval_decision_request_id_person")),
    )
    op.create_index("ix_approval_decision_at", "approval_decision", ["at", "person", "decision", "request_id"], unique=False)


def _trail_review() -> None:
    op.create_table(
        "trail_review",
        *_need("id", "office_id", "sought"),
        Column("entries", Integer(), nullable=False),
        *_need("notes"),
        Column("salt", LargeBinary(), nullable=False),
        *_need("author", "made_at"),
        *_may("signer", "signed_at"),
        PrimaryKeyConstraint("id", name=op.f("pk_trail_review")),
        CheckConstraint("signer IS NULL OR signer <> author", name=op.f("ck_trail_review_four_eyes")),
        CheckConstraint("(signer IS NULL) = (signed_at IS NULL)", name=op.f("ck_trail_review_signed")),
        ForeignKeyConstraint(["author"], ["person.id"], name=op.f("fk_trail_review_author")),
        ForeignKeyConstraint(["signer"], ["person.id"], name=op.f("fk_trail_review_signer")),
    )
    op.create_index("ix_trail_review_office_id_id", "trail_review", ["office_id", "id"], unique=False)
    op.create_table(
        "trail_review_end",
        *_need("review_id", "stream"),
        Column("seq", Integer(), nullable=False),
        *_need("hash"),
        PrimaryKeyConstraint("review_id", "stream", name=op.f("pk_trail_review_end")),
        ForeignKeyConstraint(["review_id"], ["trail_review.id"], name=op.f("fk_trail_review_end_review_id")),
    )


def _question_answer() -> None:
    op.create_table(
        "question_answer",
        *_need("id", "question", "answer", "answered_by", "answered_on", "reference"),
        Column("salt", LargeBinary(), nullable=False),
        *_need("author", "made_at"),
        PrimaryKeyConstraint("id", name=op.f("pk_question_answer")),
        ForeignKeyConstraint(["author"], ["person.id"], name=op.f("fk_question_answer_author")),
    )
    op.create_index("ix_question_answer_question_id", "question_answer", ["question", "id"], unique=False)


def _outbox() -> None:
    op.create_table(
        "outbox",
        *_need("id", "stream"),
        Column("seq", Integer(), nullable=False),
        *_need("urgent", "about", "subject"),
        *_may("case_id"),
        *_need("office_id"),
        *_may("due_at"),
        *_need("created_at"),
        *_may("addressed_at"),
        PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        CheckConstraint("about IN ('task', 'request', 'process')", name=op.f("ck_outbox_about")),
        ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_outbox_case_id")),
        ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_outbox_office_id")),
    )
    op.create_index("ix_outbox_stream_seq", "outbox", ["stream", "seq"], unique=False)
    op.create_index(
        "ix_outbox_created_at_id",
        "outbox",
        ["created_at", "id"],
        unique=False,
        sqlite_where=text("addressed_at IS NULL"),
        postgresql_where=text("addressed_at IS NULL"),
    )


def _letter() -> None:
    op.create_table(
        "letter",
        *_need("stream"),
        Column("seq", Integer(), nullable=False),
        *_need("account_id", "state"),
        Column("tries", Integer(), nullable=False),
        Column("reply", Integer(), nullable=True),
        *_need("created_at"),
        *_may("next_at", "settled_at"),
        PrimaryKeyConstraint("stream", "seq", "account_id", name=op.f("pk_letter")),
        CheckConstraint("state IN ('queued', 'sent', 'failed', 'moot')", name=op.f("ck_letter_state")),
        CheckConstraint(
            "(state = 'queued') = (settled_at IS NULL) AND (state = 'queued') = (next_at IS NOT NULL)", name=op.f("ck_letter_settled")
        ),
        CheckConstraint("tries >= 0", name=op.f("ck_letter_tries")),
        ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_letter_account_id")),
    )
    op.create_index(
        "ix_letter_next_at",
        "letter",
        ["next_at"],
        unique=False,
        sqlite_where=text("state = 'queued'"),
        postgresql_where=text("state = 'queued'"),
    )
