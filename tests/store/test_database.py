"""How every connection behaves: the pragmas, who takes the write lock when, and savepoints that really save."""

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, insert, inspect, select
from sqlalchemy.exc import IntegrityError

from casework.store import database as opening
from casework.store.limits import Limits
from casework.store.schema import person
from tests.databases import Database
from tests.store.world import AT


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    engine = opening.open_engine(str(path))
    yield engine
    engine.dispose()


@pytest.fixture
def either(database: Database) -> Iterator[Engine]:
    """An engine on each kind of database, as whoever owns it."""
    engine = opening.open_engine(database.owner)
    yield engine
    engine.dispose()


def _add(connection: Connection, name: str) -> None:
    connection.execute(insert(person).values(id=name, name=name, created_at=AT))


def _people(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return {row.id for row in connection.execute(select(person.c.id))} & {"a", "b", "c"}


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000), ("recursive_triggers", 1)],
)
def test_every_connection_has_its_pragmas(engine: Engine, pragma: str, value: object) -> None:
    with engine.connect() as first, engine.connect() as second:
        assert first.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value
        assert second.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value


def test_many_readers_at_once_share_the_connections_that_are_kept(path: Path) -> None:
    engine = opening.open_engine(str(path), Limits(connections=3))
    opened: list[object] = []
    event.listen(engine, "connect", lambda connection, _record: opened.append(connection))
    together = threading.Barrier(12)

    def read(_number: int) -> None:
        together.wait()
        for _ in range(5):
            _people(engine)

    with ThreadPoolExecutor(12) as readers:
        list(readers.map(read, range(12)))
    engine.dispose()
    assert 1 <= len(opened) <= 5


def test_a_path_and_a_url_name_the_same_database(path: Path, engine: Engine) -> None:
    other = opening.open_engine(f"sqlite:///{path}")
    assert other.url == engine.url


def test_a_writer_takes_the_lock_before_it_reads(path: Path, engine: Engine) -> None:
    other = sqlite3.connect(path, isolation_level=None, timeout=0)
    with engine.connect() as connection:
        opening.begin_write(connection)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        connection.rollback()
        other.execute("BEGIN IMMEDIATE")
    other.close()


def test_a_reader_takes_no_lock_and_sees_one_snapshot(path: Path, engine: Engine) -> None:
    with engine.connect() as reader:
        assert reader.execute(select(person.c.id).where(person.c.id == "a")).first() is None
        other = sqlite3.connect(path, isolation_level=None, timeout=0)
        other.execute("INSERT INTO person VALUES ('a', 'a', ?)", (AT,))
        other.close()
        assert reader.execute(select(person.c.id).where(person.c.id == "a")).first() is None
    assert _people(engine) == {"a"}


def test_a_second_transaction_of_a_writer_takes_the_lock_too(path: Path, engine: Engine) -> None:
    other = sqlite3.connect(path, isolation_level=None, timeout=0)
    with engine.connect() as connection:
        opening.begin_write(connection)
        _add(connection, "a")
        connection.commit()
        connection.execute(select(person.c.id)).all()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.close()


def test_leaving_without_commit_changes_nothing(either: Engine) -> None:
    with either.connect() as connection:
        opening.begin_write(connection)
        _add(connection, "a")
    assert _people(either) == set()


def test_a_savepoint_undoes_its_own_part_only(either: Engine) -> None:
    with either.connect() as connection:
        opening.begin_write(connection)
        _add(connection, "a")
        inner = connection.begin_nested()
        _add(connection, "b")
        inner.rollback()
        _add(connection, "c")
        connection.commit()
    assert _people(either) == {"a", "c"}


def test_a_refusal_inside_a_savepoint_leaves_the_unit_usable(either: Engine) -> None:
    with either.connect() as connection:
        opening.begin_write(connection)
        _add(connection, "a")
        inner = connection.begin_nested()
        with pytest.raises(IntegrityError):
            connection.exec_driver_sql("DELETE FROM care_case")
        inner.rollback()
        _add(connection, "b")
        connection.commit()
    assert _people(either) == {"a", "b"}


def test_schema_changes_roll_back_with_the_rest(either: Engine) -> None:
    with either.connect() as connection:
        opening.begin_write(connection)
        connection.exec_driver_sql("CREATE TABLE extra (id TEXT)")
        connection.rollback()
        assert not inspect(connection).has_table("extra")


def test_an_error_never_quotes_the_values(either: Engine) -> None:
    with either.connect() as connection:
        opening.begin_write(connection)
        _add(connection, "a")
        with pytest.raises(IntegrityError) as caught:
            connection.execute(insert(person).values(id="a", name="Siti Aminah", created_at=AT))
    assert "Siti" not in str(caught.value)
