"""Killed anywhere, and out of disk: what was acknowledged is there exactly once, and the rest never happened."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import event

from casework.errors import Unavailable
from casework.ledger.event import decode_event
from casework.machines.facts import Subject
from casework.services import cases, records
from casework.services.audit import verify_trail
from casework.store.call import Call
from casework.store.store import Store
from tests.journeys.walk import remedies
from tests.journeys.walk.town import START, Journey, Town, found, open_copy
from tests.store import mover

KILLS = 30
MOST = 2 * mover.STEPS
CONTENT = ("care_case", "event", "actor_event", "record", "document", "task", "approval_request", "placement", "child", "answer", "draft")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return found(tmp_path_factory.mktemp("town") / "town.db")


@pytest.fixture
def worker() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.store.mover"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as program:
        yield program
        program.kill()


def killed_after(worker: subprocess.Popen[str], path: Path, run: str, lines: int) -> list[mover.Said]:
    """Let a child work, kill it when it has acknowledged so many commands, and return all that it acknowledged."""
    pipe = path.with_name(f"acknowledgements-{run}")
    os.mkfifo(pipe)
    if worker.stdin is None:
        raise TypeError(worker)
    worker.stdin.write(f"{path} {pipe} {run}\n")
    worker.stdin.flush()
    with pipe.open() as acknowledgements:
        process = int(acknowledgements.readline())
        said = [acknowledgements.readline() for _ in range(lines)]
        os.kill(process, signal.SIGKILL)
        said += acknowledgements.readlines()
    return [msgspec.json.decode(line, type=mover.Said) for line in said if line.endswith("\n")]


def keys_of(path: Path) -> Counter[str]:
    """Count the entries of the journal by the key of the command that wrote them."""
    with sqlite3.connect(path) as raw:
        bodies = [row[0] for table in ("event", "actor_event") for row in raw.execute(f"SELECT body FROM {table}")]  # noqa: S608 - two names
    raw.close()
    return Counter(decode_event(body).through.key for body in bodies)


def entries_for(number: int) -> int:
    """A draft claims nothing: it is the one command that leaves no entry."""
    return 0 if number % mover.STEPS == mover.STEPS - 1 else 1


def test_what_was_acknowledged_is_there_exactly_once_after_thirty_kills(town: Town, tmp_path: Path, worker: subprocess.Popen[str]) -> None:
    path = tmp_path / "casework.db"
    open_copy(town.path, path).close()
    lots = random.Random(20260302)  # noqa: S311 - when to kill, not a secret
    for kill in range(KILLS):
        run = f"run{kill}"
        said = killed_after(worker, path, run, lots.randint(1, MOST))
        store, case = mover.open_store(path), ""
        store.prepare(START)
        for place, acknowledged in enumerate(said):
            assert acknowledged.number == place
            again = mover.perform(store, run, place, case)
            assert msgspec.json.decode(msgspec.json.encode(again)) == acknowledged.answer
            case = mover.case_after(place, again, case)
        unknown = len(said)
        mover.perform(store, run, unknown, case)
        assert {number: keys_of(path)[f"{run}-{number}"] for number in range(unknown + 2)} == {
            **{number: entries_for(number) for number in range(unknown + 1)},
            unknown + 1: 0,
        }
        check_whole(store, path)
        store.close()


def check_whole(store: Store, path: Path) -> None:
    """Verification finds nothing, and every case stands where its last entry leads."""
    report = verify_trail(store, Call(who=mover.signed_in(store, "nadia"), at=START))
    assert report.whole, report.faults
    with sqlite3.connect(path) as raw:
        astray = raw.execute(
            "SELECT c.id FROM care_case c WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.case_id = c.id AND e.seq = c.seq"
            " AND e.dest = c.state AND e.hash = c.head AND NOT EXISTS (SELECT 1 FROM event n WHERE n.case_id = c.id AND n.seq > c.seq))"
        ).fetchall()
    raw.close()
    assert not astray


def content(path: Path) -> dict[str, list[Any]]:
    """Return every row that a command could have touched."""
    with sqlite3.connect(path) as raw:
        tables = {row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        rows = {name: raw.execute(f"SELECT * FROM {name}").fetchall() for name in CONTENT if name in tables}  # noqa: S608 - our own names
    raw.close()
    return rows


@contextmanager
def connected_with(store: Store, pragma: str) -> Iterator[None]:
    """Let every connection of the store be under a pragma for a while."""

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(pragma)

    store.close()
    event.listen(store._engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(store._engine, "connect", limit)
        store.close()


@pytest.fixture
def journey(town: Town, tmp_path: Path) -> Iterator[Journey]:
    path = tmp_path / "casework.db"
    made = Journey(town, open_copy(town.path, path), path, born=date(2016, 5, 10))
    made.register()
    remedies.assign(made, "", Subject())
    remedies.search_for_duplicates(made, "", Subject())
    yield made
    report = verify_trail(made.store, made.call("nadia"))
    made.close()
    assert report.whole, report.faults


def test_a_database_that_cannot_be_written_changes_nothing_and_works_again_afterwards(journey: Journey, tmp_path: Path) -> None:
    path = tmp_path / "casework.db"
    step = cases.AdvanceCase(case=journey.case, trigger="start_assessment")
    wrong = cases.AdvanceCase(case=journey.case, trigger="begin_planning")
    before = content(path)
    with connected_with(journey.store, "PRAGMA query_only = ON"):
        for ask in (step, wrong):
            with pytest.raises(Unavailable):
                cases.advance_case(journey.store, journey.call("sari", key="k"), ask)
        assert content(path) == before
    assert cases.advance_case(journey.store, journey.call("sari", key="k"), step).state == "initial_assessment"


def fill(journey: Journey, path: Path, long: records.SignRecord) -> tuple[dict[str, list[Any]], int]:
    """Sign records until there is no room: return what the file held before the one that failed, and its number."""
    for number in range(200):
        before = content(path)
        try:
            records.sign_record(journey.store, journey.call("sari", key=f"k{number}"), long)
        except Unavailable:
            return before, number
    raise AssertionError("the disk never filled")


def test_a_full_disk_refuses_the_whole_command_and_nothing_of_it_is_kept(journey: Journey, tmp_path: Path) -> None:
    path = tmp_path / "casework.db"
    long = records.SignRecord(case=journey.case, form="F22", body=journey.body("F22", {"explanation_given": "x" * 4000}, "sari"))
    with connected_with(journey.store, "PRAGMA max_page_count = 1"):
        before, signed = fill(journey, path, long)
        assert content(path) == before
        assert journey.row["seq"] == len([row for row in before["event"] if row[0] == journey.case])
    kept = records.sign_record(journey.store, journey.call("sari", key=f"k{signed}"), long)
    assert keys_of(path)[f"k{signed}"] == 1
    assert records.sign_record(journey.store, journey.call("sari", key=f"k{signed}"), long) == kept
