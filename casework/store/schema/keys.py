"""Keys of personal values, each wrapped by the master key, which is kept outside the database. Without it nothing here opens."""

from sqlalchemy import CheckConstraint, Column, Integer, Table, Text

from casework.store.schema.columns import metadata, need

data_key = Table(
    "data_key",
    metadata,
    Column("holder", Text, primary_key=True),
    Column("wrapped", Text),
    need("made_at"),
    Column("destroyed_at", Text),
    CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name="destroyed"),
)
"""One key for each child, for each complaint, and one for the register of houses. A destroyed one stays destroyed (walls)."""

master_key = Table(
    "master_key",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    need("fingerprint"),
    CheckConstraint("id = 1", name="id"),
)
"""One row: by what the master key in force is recognised."""
