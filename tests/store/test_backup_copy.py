"""What lies under `casework backup`: a snapshot that writers cannot disturb, a name that is given once, a password that nobody sees."""

import contextlib
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event

from casework.errors import StoreMismatch, Unavailable
from casework.store import backup, database
from casework.store.limits import Limits
from tests.databases import Database
from tests.store.world import AT


def test_a_copy_in_many_steps_is_the_moment_it_began_although_others_write_between_them(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "PAGES", 1)
    steps = []
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as writer:

        def write(done: int, total: int) -> None:
            steps.append((done, total))
            writer.execute("INSERT INTO person (id, name, created_at) VALUES (?, 'x', ?)", (f"during-{done}", AT))

        writer.execute("INSERT INTO person (id, name, created_at) VALUES ('before', 'x', ?)", (AT,))
        backup.copy_file(path, tmp_path / "copy", write)
        written = writer.execute("SELECT count(*) FROM person WHERE id LIKE 'during-%'").fetchone()[0]
    with contextlib.closing(sqlite3.connect(tmp_path / "copy")) as copy:
        assert copy.execute("SELECT count(*) FROM person WHERE id = 'before'").fetchone() == (1,)
        assert copy.execute("SELECT count(*) FROM person WHERE id LIKE 'during-%'").fetchone() == (0,)
    assert (written, steps[-1][0]) == (len(steps), steps[-1][1])
    assert len(steps) > 10


def test_a_name_is_given_once_and_what_was_there_stays(tmp_path: Path) -> None:
    place = tmp_path / "copy"
    for content in (b"first", b"second"):
        with contextlib.suppress(StoreMismatch), backup.unfinished(place) as part:
            part.write_bytes(content)
            backup.name_it(part, place)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("copy", b"first")]


def test_a_folder_that_cannot_be_written_to_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be written"), backup.unfinished(tmp_path / "missing" / "copy"):
        pass


@pytest.mark.parametrize("ending", ["", "-wal", "-shm", "-journal"])
def test_a_database_is_not_put_back_over_another_one_or_beside_its_log(tmp_path: Path, ending: str) -> None:
    place = tmp_path / "casework.sqlite3"
    backup.refuse_leftovers(place)
    place.with_name(place.name + ending).touch()
    with pytest.raises(StoreMismatch, match="move it away"):
        backup.refuse_leftovers(place)


def test_a_password_is_in_the_environment_of_pg_dump_and_not_among_its_arguments() -> None:
    engine = database.open_engine("postgresql://casework_owner:a%20secret@/casework?host=first.example&host=second.example&sslmode=require")
    said = backup._conninfo(engine)
    assert backup._secrets(engine) == {"PGPASSWORD": "a secret"}
    assert "secret" not in said
    assert all(part in said for part in ("first.example,second.example", "sslmode=require", "target_session_attrs=read-write"))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_role_that_does_not_see_every_row_makes_no_backup(database: Database, tmp_path: Path) -> None:
    with pytest.raises(StoreMismatch, match="owner's address"):
        backup.dump_server(database.target, tmp_path / "copy", Limits())
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("pooler", [False, True])
def test_behind_a_pooler_a_connection_brings_no_options_and_prepares_nothing(pooler: bool) -> None:  # noqa: FBT001 - a parameter
    engine = database.open_engine("postgresql://casework_app@/casework", Limits(pooler=pooler))
    given: dict[str, object] = {}

    def connect(_dialect: object, _record: object, _arguments: object, options: dict[str, object]) -> None:
        given.update(options)
        raise StoreMismatch("seen")

    event.listen(engine, "do_connect", connect)
    with pytest.raises(StoreMismatch, match="seen"):
        engine.connect()
    assert ("options" in given, given.get("prepare_threshold", 5)) == ((False, None) if pooler else (True, 5))
