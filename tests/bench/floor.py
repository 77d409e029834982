"""The floor: the least that a durable, chained, optimistically locked move can cost, by hand, on the drivers. One writer, group commit.

It signs nobody in, knows no roles, refuses nothing and keeps no answers: what is measured against it has all of that to pay for.
"""

import hashlib
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol

import psycopg

CASES = 20_000
BATCH = 256
REASON = '{"basis":"Permensos 22/2016","note":"asesmen keluarga inti dan kerabat"}'
ZERO = bytes(32)
COLUMNS = "case_id, seq, at, actor, trigger, source, dest, reason, previous, hash"
STATES = ("reported", "initial_assessment")

Row = tuple[int, str, int, bytes]
"""id, state, version and head of a case."""
Event = tuple[int, int, int, str, str, str, str, str, bytes, bytes]
Moved = tuple[str, int]
"""The state and version after the move."""


class Keeper(Protocol):
    """One connection of the writer."""

    def make(self, ids: list[int]) -> dict[int, Moved]:
        """Move these different cases in one transaction, and return where those stand that were moved."""
        ...


def open_floor(target: str) -> "Floor":
    """Return the floor over a database that `lay` has filled."""
    return Floor(lambda: _OnPostgres(target) if "://" in target else _OnSqlite(target))


def lay(target: str) -> None:
    """Create the two tables and the cases."""
    if "://" in target:
        with psycopg.connect(_plain(target)) as postgres:
            postgres.execute(_tables("bigint", "bytea"))
            postgres.execute(
                "INSERT INTO cases SELECT g, 'reported', 0, 0, decode(repeat('00', 32), 'hex') FROM generate_series(0, %s) g", (CASES - 1,)
            )
        return
    file = sqlite3.connect(target)
    file.execute("PRAGMA journal_mode = WAL")
    file.executescript(_tables("INTEGER", "BLOB"))
    file.executemany("INSERT INTO cases VALUES (?, 'reported', 0, 0, ?)", ((number, ZERO) for number in range(CASES)))
    file.commit()
    file.close()


class Floor:
    """A writer thread serves whoever waits, in one commit; a caller who finds it idle writes at once. No timer."""

    def __init__(self, connect: Callable[[], Keeper]) -> None:
        self._asked: queue.SimpleQueue[tuple[int, Future[Moved]]] = queue.SimpleQueue()
        self._pen = threading.Lock()
        self._keeper = connect()
        threading.Thread(target=self._write, daemon=True).start()

    def act(self, number: int) -> str:
        """Make a move and wait for it: what a caller in the same process does."""
        if not self._pen.acquire(blocking=False):
            self.ask(number).result()
            return ""
        future: Future[Moved] = Future()
        try:
            self._serve([(number % CASES, future)])
        finally:
            self._pen.release()
        future.result()
        return ""

    def ask(self, case: int) -> Future[Moved]:
        """Ask for the move of a case and go on: what an event loop does."""
        future: Future[Moved] = Future()
        self._asked.put((case % CASES, future))
        return future

    def _write(self) -> None:
        while True:
            waiting = [self._asked.get()]
            with self._pen:
                self._serve(waiting)

    def _serve(self, waiting: list[tuple[int, Future[Moved]]]) -> None:
        while len(waiting) < BATCH and not self._asked.empty():
            waiting.append(self._asked.get())
        now: dict[int, Future[Moved]] = {}
        for case, future in waiting:
            if case in now:
                self._asked.put((case, future))
            else:
                now[case] = future
        done = self._keeper.make([*now]) if now else {}
        for case, future in now.items():
            if case in done:
                future.set_result(done[case])
            else:
                future.set_exception(LookupError(case))


def _plan(row: Row, at: int) -> Event:
    case, state, version, head = row
    dest = STATES[state == STATES[0]]
    told = b"%b|%d|%d|%d|%b" % (head, case, version + 1, at, f"worker:17\x1fadvance\x1f{state}\x1f{dest}\x1f{REASON}".encode())
    return case, version + 1, at, "worker:17", "advance", state, dest, REASON, head, hashlib.sha256(told).digest()


class _OnSqlite:
    def __init__(self, target: str) -> None:
        self._file = sqlite3.connect(target, isolation_level=None, check_same_thread=False, timeout=60, cached_statements=256)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            self._file.execute(f"PRAGMA {pragma}")

    def make(self, ids: list[int]) -> dict[int, Moved]:
        do = self._file.execute
        done: dict[int, Moved] = {}
        do("BEGIN IMMEDIATE")
        for case in ids:
            row = do("SELECT id, state, version, head FROM cases WHERE id = ?", (case,)).fetchone()
            event = _plan(row, time.time_ns() // 1000)
            changed = do(
                "UPDATE cases SET state = ?, version = ?, updated_at = ?, head = ? WHERE id = ? AND version = ?",
                (event[6], event[1], event[2], event[9], case, event[1] - 1),
            )
            if changed.rowcount == 1:
                do(f"INSERT INTO events ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", event)  # noqa: S608 - our own columns
                done[case] = (event[6], event[1])
        do("COMMIT")
        return done


_ON_POSTGRES = f"""
WITH asked AS (
  SELECT * FROM unnest(%s::bigint[], %s::int[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::bytea[], %s::bytea[]) AS a ({COLUMNS})),
moved AS (
  UPDATE cases c SET state = a.dest, version = a.seq, updated_at = a.at, head = a.hash FROM asked a
  WHERE c.id = a.case_id AND c.version = a.seq - 1 RETURNING c.id),
told AS (INSERT INTO events ({COLUMNS}) SELECT a.* FROM asked a JOIN moved m ON m.id = a.case_id)
SELECT id FROM moved
"""  # noqa: S608 - our own columns


class _OnPostgres:
    def __init__(self, target: str) -> None:
        self._cursor = psycopg.connect(_plain(target), autocommit=True, prepare_threshold=1).cursor(binary=True)

    def make(self, ids: list[int]) -> dict[int, Moved]:
        rows = self._cursor.execute("SELECT id, state, version, head FROM cases WHERE id = ANY(%s)", (ids,)).fetchall()
        at = time.time_ns() // 1000
        events = [_plan(row, at) for row in rows]
        moved = {found[0] for found in self._cursor.execute(_ON_POSTGRES, [list(column) for column in zip(*events, strict=True)])}
        return {event[0]: (event[6], event[1]) for event in events if event[0] in moved}


def _plain(target: str) -> str:
    return target.replace("postgresql+psycopg://", "postgresql://")


def _tables(number: str, octets: str) -> str:
    return f"""
CREATE TABLE cases (id {number} PRIMARY KEY, state TEXT NOT NULL, version INTEGER NOT NULL, updated_at {number} NOT NULL,
  head {octets} NOT NULL);
CREATE TABLE events (case_id {number} NOT NULL REFERENCES cases (id), seq INTEGER NOT NULL, at {number} NOT NULL, actor TEXT NOT NULL,
  trigger TEXT NOT NULL, source TEXT NOT NULL, dest TEXT NOT NULL, reason TEXT NOT NULL, previous {octets} NOT NULL,
  hash {octets} NOT NULL);
CREATE UNIQUE INDEX events_in_order ON events (case_id, seq);
"""


def target_of_this_process() -> str:
    """Return the database that a server of the floor was told to use."""
    return os.environ["BENCH_FLOOR"]
