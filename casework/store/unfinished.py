"""A database that is being filled is not served: one mark beside the running numbers says so (`store/seeding.py` sets it)."""

from __future__ import annotations

from sqlalchemy import Engine

from casework.errors import StoreMismatch
from casework.store.schema import counter

OPEN = "seeding/open"
"""1 while a seeding is unfinished."""


def refuse_unfinished(engine: Engine) -> None:
    """Raise StoreMismatch, saying what to do, for a database whose seeding was interrupted or is still running."""
    with engine.connect() as connection:
        found = connection.execute(counter.select().where(counter.c.name == OPEN, counter.c.value == 1)).first()
    if found is not None:
        msg = "a seeding of this database is not finished: run the same `casework seed` again to go on, or drop the database"
        raise StoreMismatch(msg)
