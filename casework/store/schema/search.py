"""How children are found: keyed hashes of the grams of their names, and of NIK and KK. No name and no number stands here, nor its key.

Everything here is made from `child` and the key outside (`store/search.py`), and can be made again: `casework db reindex`.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, text

from casework.store.schema.columns import metadata, need

child_gram = Table(
    "child_gram",
    metadata,
    Column("gram", BigInteger, primary_key=True, autoincrement=False),
    Column("child_id", Text, primary_key=True),
    Index("ix_child_gram_child_id", "child_id"),
    sqlite_with_rowid=False,
)
"""One row for each gram of a child's names: the first eight bytes of its keyed hash, read as a signed number."""

child_key = Table(
    "child_key",
    metadata,
    Column("child_id", Text, ForeignKey("child.id"), primary_key=True),
    Column("nik", BigInteger),
    Column("kk", BigInteger),
    Column("name", BigInteger),
    need("made_with"),
    Index("ix_child_key_nik", "nik"),
    Index("ix_child_key_kk", "kk"),
)
"""The blind index: keyed hashes of the two numbers and of the name as it is written, and the fingerprint of the key they were made with."""

search_key = Table(
    "search_key",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    need("fingerprint"),
    Column("complete", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("id = 1", name="id"),
    CheckConstraint("complete IN (0, 1)", name="complete"),
)
"""One row: by what the key in force is recognised, and whether every child is indexed with it."""
