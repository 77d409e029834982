"""Nobody waits for ever: a database that somebody else holds is a 503 that says when to come back, and afterwards everything goes on."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from casework.settings import Settings
from casework.store.limits import Limits
from tests.databases import Database, File, Served
from tests.http.conftest import Somebody, new_case


@pytest.fixture
def settings(database: Database, search_key: str) -> Settings:
    """An office in a hurry."""
    return Settings(database=database.target, search_key=search_key, limits=Limits(lock_seconds=0.2, pool_seconds=0.2))


@contextmanager
def held(database: Database) -> Iterator[None]:
    """Hold what the next command needs, as another program would."""
    if isinstance(database, File):
        with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
    elif isinstance(database, Served):
        with database.raw.transaction():
            database.raw.execute("LOCK TABLE counter")
            yield


def test_a_lock_that_is_held_is_answered_with_when_to_come_back(rina: Somebody, database: Database) -> None:
    with held(database):
        answer = rina.post("/api/cases", new_case(), key="the-same-key")
        assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "unavailable", "5")
    assert rina.post("/api/cases", new_case(), key="the-same-key").status_code == 201
    assert database.rows("SELECT COUNT(*) FROM care_case")[0][0] == 1
