from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from casework.seed.run import Seeded, Watch, seed
from tests.databases import Database, Databases, dropped
from tests.seed.planning import content, plan


class Town(msgspec.Struct, frozen=True):
    """A database seeded in one go and verified, what the seeding said, and what the database held then."""

    database: Database
    seeded: Seeded
    held: dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def town(databases: Databases) -> Iterator[Town]:
    with dropped(databases.new()) as database:
        seeded = seed(plan(database.owner, verify=True), Watch())
        yield Town(database, seeded, content(database))


@pytest.fixture
def empty(databases: Databases) -> Iterator[Database]:
    with dropped(databases.new()) as database:
        yield database
