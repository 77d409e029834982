"""What the database knows of the law: published definitions with their edges, the parameter sets, running numbers."""

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Integer, Table, Text, text

from casework.store.schema.columns import metadata, need

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

parameter_set = Table("parameter_set", metadata, Column("digest", Text, primary_key=True), need("body"), need("first_used_at"))

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Integer, nullable=False),
)
