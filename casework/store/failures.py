"""The driver's errors in our words: a lost race is a Conflict, a database that cannot be used now is Unavailable."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from casework.errors import Conflict, Unavailable

_RACES: tuple[type[Exception], ...] = (IntegrityError, sqlite3.IntegrityError)
_TROUBLE: tuple[type[Exception], ...] = (DBAPIError, PoolTimeout, sqlite3.Error)

_LOST = frozenset({"40001", "40P01"})
"""PostgreSQL ended a transaction because of another one: serialization failure, deadlock."""


@contextmanager
def named_failures() -> Iterator[None]:
    """Raise our errors in place of the driver's; everything else passes."""
    try:
        yield
    except Exception as error:
        ours = named(error)
        if ours is error:
            raise
        raise ours from error


def named(error: Exception) -> Exception:
    """Return our error for the driver's, or the error itself."""
    psycopg = sys.modules.get("psycopg")
    if getattr(getattr(error, "orig", error), "sqlstate", None) in _LOST:
        return Conflict("somebody else was faster; look again and retry")
    if isinstance(error, _RACES) or (psycopg and isinstance(error, psycopg.IntegrityError)):
        return Conflict("somebody else was faster; look again and retry")
    if isinstance(error, _TROUBLE) or (psycopg and isinstance(error, psycopg.Error)):
        return Unavailable("the database cannot be written now; nothing was changed")
    return error
