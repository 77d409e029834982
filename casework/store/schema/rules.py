"""What the database knows of the law: published definitions with their edges, who passes between them, parameter sets, running numbers."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, Table, Text, text

from casework.store.schema.columns import metadata, need, own_id

machine_version = Table(
    "machine_version",
    metadata,
    Column("machine", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    need("digest"),
    need("initial"),
    need("published_at"),
    Column("about", Text, nullable=False, server_default=text("'journey'")),
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

crossing = Table(
    "crossing",
    metadata,
    Column("machine", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("from_version", Integer, primary_key=True),
    Column("source", Text, primary_key=True),
    need("dest"),
    ForeignKeyConstraint(["machine", "version"], ["machine_version.machine", "machine_version.version"]),
    CheckConstraint("from_version < version", name="forward"),
)
"""Over what something that runs by an older version may pass into this one. Sealed with it."""

migration = Table(
    "migration",
    metadata,
    own_id(),
    need("machine"),
    Column("version", Integer, nullable=False),
    need("office_id", ForeignKey("office.id")),
    need("digest"),
    need("requester", ForeignKey("person.id")),
    need("requested_at"),
    Column("approver", Text, ForeignKey("person.id")),
    Column("approved_at", Text),
    ForeignKeyConstraint(["machine", "version"], ["machine_version.machine", "machine_version.version"]),
    CheckConstraint("approver IS NULL OR approver <> requester", name="four_eyes"),
    Index("ix_migration_office_id", "office_id"),
)
"""A wish to let what an office has open pass into a newer version; `digest` binds both definitions and the list of what would pass."""

migration_item = Table(
    "migration_item",
    metadata,
    Column("migration_id", Text, ForeignKey("migration.id"), primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("from_version", Integer, nullable=False),
    Index("ix_migration_item_subject", "subject"),
)
"""One case or process (its id) that a migration is about, and the version by which it ran when that was asked for."""

parameter_set = Table("parameter_set", metadata, Column("digest", Text, primary_key=True), need("body"), need("first_used_at"))

policy_version = Table("policy_version", metadata, Column("digest", Text, primary_key=True), need("body"), need("first_used_at"))
"""Each version of the policy (who may do what) that was ever in force: entries of the journal name its digest."""

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Integer, nullable=False),
)
