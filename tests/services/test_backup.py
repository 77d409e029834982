"""`casework backup` and `restore`, on both engines: what comes back is whole, and what is not whole does not come back."""

import contextlib
import hashlib
import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from casework.cli import main
from casework.commands.backup import beside
from casework.ledger.event import decode_event
from casework.services import audit
from casework.store import backup
from casework.store.call import Call
from tests.databases import Database, Databases, dropped
from tests.postgresql import programs
from tests.services.story import OPERATOR, Story
from tests.services.test_attachments import add
from tests.services.test_audit import WHOLE, change_one_byte
from tests.store import mover

WRITERS = 4


@pytest.fixture(autouse=True)
def postgresql_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs of the server that the tests run: pg_dump is never older than it."""
    if (programs() / "pg_dump").exists():
        monkeypatch.setenv("PATH", f"{programs()}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def told(tell: Callable[..., Story]) -> Story:
    return tell(*WHOLE)


@pytest.fixture
def empty(databases: Databases) -> Iterator[Database]:
    """An empty database on the engine of the story."""
    with dropped(databases.new()) as database:
        yield database


def run(target: str, *arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)], env={"CASEWORK_DATABASE": target, "CASEWORK_LANGUAGE": "en"})


def backed_up(story: Story, folder: Path, name: str = "copy") -> Path:
    place = folder / name
    answer = run(story.database.owner, "backup", place)
    assert answer.exit_code == 0, answer.output
    return place


def is_empty(database: Database) -> bool:
    return not Path(database.target).exists() if database.engine == "sqlite" else not database.dump()


def test_a_restored_backup_holds_every_row_and_passes_audit_verify(told: Story, empty: Database, tmp_path: Path) -> None:
    add(told)
    place = backed_up(told, tmp_path)
    answer = run(empty.owner, "restore", place)
    assert answer.exit_code == 0, answer.output
    assert empty.dump() == told.database.dump()
    verified = run(empty.target, "audit", "verify", "--checkpoint", beside(place)[0])
    assert (verified.exit_code, "The trail is whole" in verified.output) == (0, True), verified.output


def test_the_program_serves_a_restored_database_and_goes_on_with_its_cases(told: Story, empty: Database, tmp_path: Path) -> None:
    assert run(empty.owner, "restore", backed_up(told, tmp_path)).exit_code == 0
    again = Story(empty, told.play)
    again.store.prepare(again.now)
    assert (
        again.rows("SELECT state FROM care_case WHERE id = ?", again.case)[0]["state"]
        == told.rows("SELECT state FROM care_case WHERE id = ?", told.case)[0]["state"]
    )
    mover.perform(again.store, "afterwards", 0, "")
    again.store.close()
    assert run(empty.target, "audit", "verify").exit_code == 0


def cut_short(place: Path) -> None:
    os.truncate(place, place.stat().st_size * 2 // 3)


def one_bit(place: Path) -> None:
    content = bytearray(place.read_bytes())
    content[len(content) // 2] ^= 1
    place.write_bytes(content)


def other_checkpoint(place: Path) -> None:
    beside(place)[0].write_bytes(b"casework checkpoint v1\n0\n" + hashlib.sha256(b"").hexdigest().encode() + b"\n")


def no_digests(place: Path) -> None:
    beside(place)[1].unlink()


@pytest.mark.parametrize("harm", [cut_short, one_bit, other_checkpoint, no_digests])
def test_a_truncated_or_altered_backup_is_refused_before_anything_is_restored(
    told: Story, empty: Database, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    place = backed_up(told, tmp_path)
    harm(place)
    answer = run(empty.owner, "restore", place)
    assert (answer.exit_code, "Traceback" in answer.output) == (2, False), answer.output
    assert place.name in answer.stderr
    assert is_empty(empty)


def test_a_copy_cut_short_whose_digests_were_written_anew_is_refused_too(told: Story, empty: Database, tmp_path: Path) -> None:
    place = backed_up(told, tmp_path)
    before = hashlib.sha256(place.read_bytes()).hexdigest()
    cut_short(place)
    digests = beside(place)[1]
    digests.write_text(digests.read_text().replace(before, hashlib.sha256(place.read_bytes()).hexdigest()))
    answer = run(empty.owner, "restore", place)
    assert answer.exit_code == 2, answer.output
    assert is_empty(empty)


def test_a_broken_trail_makes_no_backup_that_could_be_served(told: Story, empty: Database, tmp_path: Path) -> None:
    change_one_byte(told)
    place = tmp_path / "copy"
    answer = run(told.database.owner, "backup", place)
    if told.database.engine == "sqlite":
        assert (answer.exit_code, place.exists(), place.with_name("copy.not-whole").exists()) == (1, False, True)
    else:
        answer = run(empty.owner, "restore", place)
        assert (answer.exit_code, "must NOT be served" in answer.output) == (1, True)
    assert "The trail is NOT whole" in answer.output


def test_a_backup_older_than_the_checkpoint_held_is_restored_only_when_that_is_accepted(
    told: Story, empty: Database, databases: Databases, tmp_path: Path
) -> None:
    place = backed_up(told, tmp_path)
    mover.perform(told.store, "after the backup", 0, "")
    held = tmp_path / "held"
    held.write_bytes(audit.take_checkpoint(told.store, Call(who=OPERATOR, at=told.now)))
    refused = run(empty.owner, "restore", place, "--checkpoint", held)
    assert (refused.exit_code, "OLDER than the checkpoint" in refused.output) == (1, True), refused.output
    with dropped(databases.new()) as other:
        accepted = run(other.owner, "restore", place, "--checkpoint", held, "--accept-older")
        assert (accepted.exit_code, "OLDER than the checkpoint" in accepted.output) == (0, True), accepted.output
        assert run(other.target, "audit", "verify").exit_code == 0


def test_nothing_is_overwritten(told: Story, tmp_path: Path) -> None:
    place = backed_up(told, tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    for answer in (run(told.database.owner, "backup", place), run(told.database.owner, "restore", place)):
        assert answer.exit_code == 2, answer.output
        assert "there already" in answer.stderr or "is there:" in answer.stderr or "not empty" in answer.stderr
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert {path.stat().st_mode & 0o077 for path in before} == {0}


def keys_in(database: Database) -> set[str]:
    rows = [row for table in ("event", "actor_event") for row in database.rows(f"SELECT body FROM {table}")]  # noqa: S608 - two names
    return {decode_event(bytes(row["body"])).through.key for row in rows}


def test_a_backup_made_while_four_writers_move_cases_is_one_moment_of_the_whole(
    told: Story, empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "PAGES", 1)
    done, errors = threading.Event(), list[BaseException]()
    acknowledged: list[list[str]] = [[] for _ in range(WRITERS)]
    working = threading.Barrier(WRITERS + 1)

    def write(writer: int) -> None:
        try:
            case = ""
            for number in itertools.count():
                case = mover.case_after(number, mover.perform(told.store, f"writer{writer}", number, case), case)
                if mover.STEPS - number % mover.STEPS != 1:
                    acknowledged[writer].append(f"writer{writer}-{number}")
                if number == 0:
                    working.wait(60)
                if done.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - told to the test
            errors.append(error)
            working.abort()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    with contextlib.suppress(threading.BrokenBarrierError):
        working.wait(60)
    before = {key for keys in acknowledged for key in keys}
    place = tmp_path / "copy"
    answer = run(told.database.owner, "backup", place)
    done.set()
    for thread in threads:
        thread.join(60)
    assert not errors, errors
    assert answer.exit_code == 0, answer.output
    restored = run(empty.owner, "restore", place)
    assert restored.exit_code == 0, restored.output
    assert before <= keys_in(empty)
    assert len(keys_in(empty)) < len(keys_in(told.database))


def test_killed_in_the_middle_nothing_looks_like_a_backup_and_the_next_one_succeeds(told: Story, tmp_path: Path) -> None:
    place = tmp_path / "copy"
    environment: dict[str, Any] = {**os.environ, "CASEWORK_DATABASE": told.database.owner}
    with subprocess.Popen([sys.executable, "-m", "casework", "backup", str(place)], env=environment, stderr=subprocess.DEVNULL) as made:
        while not (begun := [*tmp_path.iterdir()]):
            assert made.poll() is None
        made.kill()
    assert begun
    assert {path.suffix for path in tmp_path.iterdir() if not path.name.endswith(("-wal", "-shm", "-journal"))} <= {backup.UNFINISHED}
    assert backed_up(told, tmp_path) == place
