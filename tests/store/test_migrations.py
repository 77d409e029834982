"""The schema comes into being in one step or not at all, and a database that is not ours is refused with what to do."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine

from casework.errors import StoreMismatch
from casework.store import database, walls
from casework.store.limits import Limits
from casework.store.migrations.run import revisions
from casework.store.schema import metadata
from tests.databases import Databases, dropped

ROOT = Path(__file__).parents[2]
KILLED = 70
KILL = f"""
import os, sys
from sqlalchemy import event
from casework.store import database

path, last = sys.argv[1], int(sys.argv[2])
engine = database.open_engine(path)
count = 0

@event.listens_for(engine, "after_cursor_execute")
def die(*_: object) -> None:
    global count
    count += 1
    if count == last:
        os._exit({KILLED})

database.upgrade(engine)
print(count)
"""


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Engine]:
    engine = database.open_engine(str(tmp_path / "empty.db"))
    yield engine
    engine.dispose()


@pytest.fixture
def unmade(databases: Databases) -> Iterator[Engine]:
    """An engine on an empty database of each kind, as whoever owns it."""
    with dropped(databases.new()) as database_of_one:
        engine = database.open_engine(database_of_one.owner)
        yield engine
        engine.dispose()


def _schema(path: Path) -> list[tuple[str, str, str]]:
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name").fetchall()
    connection.close()
    return [(kind, name, re.sub(r"\s+", " ", sql)) for kind, name, sql in found]


def _upgrade_until(path: Path, last: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", KILL, str(path), str(last)]
    return subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)


def test_an_empty_database_becomes_current(unmade: Engine) -> None:
    with pytest.raises(StoreMismatch, match="casework db upgrade"):
        database.require_current(unmade)
    database.upgrade(unmade)
    database.require_current(unmade)
    database.upgrade(unmade)
    database.require_current(unmade)


def test_upgrading_twice_changes_nothing(empty: Engine) -> None:
    database.upgrade(empty)
    before = _schema(Path(str(empty.url.database)))
    database.upgrade(empty)
    assert _schema(Path(str(empty.url.database))) == before


def test_the_migrations_make_what_the_tables_say(unmade: Engine) -> None:
    database.upgrade(unmade)
    with unmade.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrations_make_every_check_too(empty: Engine, tmp_path: Path) -> None:
    database.upgrade(empty)
    direct = create_engine(f"sqlite:///{tmp_path / 'direct.db'}")
    metadata.create_all(direct)
    direct.dispose()

    def parts(path: Path) -> dict[str, list[str]]:
        ours = [(name, sql) for kind, name, sql in _schema(path) if kind in {"table", "index"} and name != "alembic_version"]
        return {name: sorted(re.split(r", (?=CONSTRAINT|\S+ (?:TEXT|INTEGER|BLOB))", re.sub(r" ?\)$", "", sql))) for name, sql in ours}

    assert parts(Path(str(empty.url.database))) == parts(tmp_path / "direct.db")


def test_an_upgrade_killed_anywhere_starts_again_from_before(tmp_path: Path) -> None:
    whole = _upgrade_until(tmp_path / "whole.db", 0)
    statements = int(whole.stdout)
    for last in (2, statements // 3, statements * 2 // 3, statements - 1):
        path = tmp_path / f"killed-{last}.db"
        assert _upgrade_until(path, last).returncode == KILLED
        assert _schema(path) == []
        engine = database.open_engine(str(path))
        database.upgrade(engine)
        database.require_current(engine)
        engine.dispose()
        assert _schema(path) == _schema(tmp_path / "whole.db")


def _refusal(engine: Engine) -> str:
    with pytest.raises(StoreMismatch) as caught:
        database.require_current(engine)
    return str(caught.value)


def test_a_missing_file_is_not_made(empty: Engine) -> None:
    assert "casework db upgrade" in _refusal(empty)
    assert not Path(str(empty.url.database)).exists()


def test_an_empty_file_asks_for_an_upgrade(empty: Engine) -> None:
    Path(str(empty.url.database)).touch()
    assert "casework db upgrade" in _refusal(empty)


def _altered(path: Path, sql: str) -> Engine:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(sql)
    connection.close()
    return database.open_engine(str(path))


def test_the_revisions_written_down_are_those_of_the_scripts() -> None:
    assert revisions() == database.REVISIONS


def test_an_older_revision_asks_for_an_upgrade(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = database.open_engine(str(path))
    monkeypatch.setattr(database, "REVISIONS", (*database.REVISIONS, "0002"))
    assert re.search(r"0001.*0002.*backup.*casework db upgrade", _refusal(engine))
    engine.dispose()


def test_a_database_of_a_newer_program_is_refused(path: Path) -> None:
    engine = _altered(path, "UPDATE alembic_version SET version_num = '9999'")
    assert "newer program" in _refusal(engine)
    with pytest.raises(StoreMismatch, match="newer program"):
        database.upgrade(engine)
    engine.dispose()


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("DROP TABLE read_receipt", "read_receipt"),
        ("ALTER TABLE host DROP COLUMN religion", "host"),
        ("DROP TRIGGER wall_event_delete", "wall_event_delete"),
    ],
)
def test_a_schema_changed_past_the_program_is_named(path: Path, sql: str, named: str) -> None:
    engine = _altered(path, sql)
    assert named in _refusal(engine)
    engine.dispose()


def test_walls_that_were_dropped_are_not_quietly_put_back(path: Path) -> None:
    engine = _altered(path, "DROP TRIGGER wall_event_delete")
    database.upgrade(engine)
    with engine.connect() as connection:
        assert walls.breaches(connection) == ("wall_event_delete",)
    engine.dispose()


@pytest.mark.parametrize("content", [b"this is not a database, and it is long enough to have a header" * 4, b"x"])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    engine = database.open_engine(str(path))
    assert "restore it from a backup" in _refusal(engine)
    with pytest.raises(StoreMismatch, match="restore it from a backup"):
        database.upgrade(engine)
    assert path.read_bytes() == content


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "restore" in _refusal(database.open_engine(str(tmp_path)))


def test_a_file_cut_short_is_refused(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    assert "restore it from a backup" in _refusal(database.open_engine(str(path)))


@pytest.mark.parametrize("table", ["event", "care_case", "alembic_version"])
def test_a_damaged_page_is_met_at_the_door(path: Path, table: str) -> None:
    with sqlite3.connect(path) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    stored = bytearray(path.read_bytes())
    stored[(root - 1) * size : root * size] = b"\xa5" * size
    path.write_bytes(stored)
    engine = database.open_engine(str(path))
    assert "restore it from a backup" in _refusal(engine)
    engine.dispose()


def test_a_database_that_somebody_else_writes_is_named_busy(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    engine = database.open_engine(str(path), Limits(lock_seconds=0.01))
    with pytest.raises(StoreMismatch, match="in use"):
        database.upgrade(engine)
    other.close()
    database.upgrade(engine)
    engine.dispose()
