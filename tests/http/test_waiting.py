"""Nobody waits for ever: a database that somebody else holds is a 503 that says when to come back, and afterwards everything goes on."""

import pytest

from casework.settings import Settings
from casework.store.limits import Limits
from tests.databases import Database, held
from tests.http.conftest import Somebody, new_case


@pytest.fixture
def settings(database: Database, search_key: str) -> Settings:
    """An office in a hurry."""
    return Settings(database=database.target, search_key=search_key, limits=Limits(lock_seconds=0.2, pool_seconds=0.2))


def test_a_lock_that_is_held_is_answered_with_when_to_come_back(rina: Somebody, database: Database) -> None:
    with held(database, "counter"):
        answer = rina.post("/api/cases", new_case(), key="the-same-key")
        assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "unavailable", "5")
    assert rina.post("/api/cases", new_case(), key="the-same-key").status_code == 201
    assert database.rows("SELECT COUNT(*) FROM care_case")[0][0] == 1
