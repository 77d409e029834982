"""What leaves this machine: that something urgent waits, written with the entry that brought it about, and the letters about it.

Neither says anything about a child: a matter is a code with an id, a letter is about whom it goes to.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, text

from casework.store.schema.columns import metadata, need, one_of, own_id

_WAITING, _QUEUED = text("addressed_at IS NULL"), text("state = 'queued'")

outbox = Table(
    "outbox",
    metadata,
    own_id(),
    need("stream"),
    Column("seq", Integer, nullable=False),
    need("urgent"),
    need("about"),
    need("subject"),
    Column("case_id", Text, ForeignKey("care_case.id")),
    need("office_id", ForeignKey("office.id")),
    Column("due_at", Text),
    need("created_at"),
    Column("addressed_at", Text),
    one_of("about", "task", "request", "process"),
    Index("ix_outbox_stream_seq", "stream", "seq"),
    Index("ix_outbox_created_at_id", "created_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
)
"""An urgent matter. `stream` and `seq` name the entry that brought it about, `urgent` its row in `machines/urgent.py`; it waits until
it is known whom it concerns (`addressed_at`), or until there is nothing to tell any more."""

letter = Table(
    "letter",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("account_id", Text, ForeignKey("account.id"), primary_key=True),
    need("state"),
    Column("tries", Integer, nullable=False),
    Column("reply", Integer),
    need("created_at"),
    Column("next_at", Text),
    Column("settled_at", Text),
    one_of("state", "queued", "sent", "failed", "moot"),
    CheckConstraint("(state = 'queued') = (settled_at IS NULL) AND (state = 'queued') = (next_at IS NOT NULL)", name="settled"),
    CheckConstraint("tries >= 0", name="tries"),
    Index("ix_letter_next_at", "next_at", sqlite_where=_QUEUED, postgresql_where=_QUEUED),
)
"""One message to one account about everything that one entry brought about. `reply` is what the mail server answered last (550 ...)."""
