"""One PostgreSQL transaction for many works that foresee what they will ask: one round trip asks for all, one writes and commits.

Every lock of a batch is only tried: a batch never waits for one, so it stands in nobody's way and no two batches wait for each other. A
work that needs anything it did not foresee is done alone instead, as if it had never begun: it has changed nothing but its own memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Generic, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from casework.store import scope
from casework.store.call import Call
from casework.store.driver import Asked, Given, PostgresDriver, setting
from casework.store.failures import named, named_failures
from casework.store.gathering import asked_by_many, done_for_many, in_order
from casework.store.pen import Job
from casework.store.statements import Change, Query, answers

R = TypeVar("R")

_SETTINGS = {**scope.settings(scope.WRITER), "plan_cache_mode": "force_generic_plan"}
"""What is asked here finds few rows by their keys, whatever the values: looking for a better plan costs five times what running it does."""
_TRY = "ARRAY(SELECT name FROM unnest(%(names)s::text[]) AS name WHERE pg_try_advisory_xact_lock(hashtextextended(name, 0)))"
_BEGIN = f"{setting(_SETTINGS)}, {_TRY}"
_COUNTED = "SELECT lock_counts(%(cases)s::text[], %(sources)s::text[], %(dests)s::text[])"
"""Rows that batches count in are locked in the order of their keys before any of them changes: no two wait for each other."""
_STAND = """SELECT 1 / (count(*) = %(number)s)::int FROM unnest(%(cases)s::text[], %(seqs)s::integer[]) AS many(v_case, v_seq)
 JOIN care_case AS c ON c.id = many.v_case AND c.seq = many.v_seq
 JOIN event AS e ON e.case_id = c.id AND e.seq = c.seq AND e.dest = c.state AND e.hash = c.head
 WHERE NOT EXISTS (SELECT 1 FROM event AS later WHERE later.case_id = c.id AND later.seq > c.seq)"""
"""Second net under the walls: every case that moved stands at its last journal entry, or this divides by zero and nothing is committed."""


class Unforeseen(Exception):
    """A work in a batch wanted something that it had not named beforehand."""


class Foreseen(Generic[R]):
    """A work that names beforehand everything it is sure to ask, and the locks that go with it."""

    __slots__ = ("_work", "asked", "names")

    def __init__(self, work: Callable[[Any], R], asked: Asked, names: frozenset[str]) -> None:
        self._work = work
        self.asked = asked
        self.names = names

    def __call__(self, unit: Any) -> R:
        """Do it."""
        return self._work(unit)


class _Memory:
    """What a unit in a batch has for a driver: the one answer it foresaw, and room for what it changes."""

    engine = "postgresql"
    waits = False

    def __init__(self, foreseen: Foreseen[Any], rows: list[list[Any]]) -> None:
        self._foreseen, self._rows = foreseen, rows
        self.given: list[Given] = []

    def say(self, *sql: str) -> None:
        raise Unforeseen(sql)

    def set_local(self, settings: Any) -> None:
        raise Unforeseen(settings)

    def lock(self, names: Sequence[str]) -> None:
        if not self._foreseen.names.issuperset(names):
            raise Unforeseen(names)

    def ask(self, asked: Asked) -> list[list[Any]]:
        return self.give((), asked)

    def give(self, given: Sequence[Given], then: Asked | None = None) -> list[list[Any]]:
        self.given += given
        if then is None:
            return []
        if self.given or then != self._foreseen.asked:
            raise Unforeseen(then)
        return self._rows

    def begin(self) -> None:
        raise Unforeseen

    def finish(self, given: Sequence[Given]) -> None:
        raise Unforeseen(given)

    def undo(self) -> None:
        raise Unforeseen


class _Nothing:
    """In the place of a connection: whoever wants one is done alone."""

    def execute(self, *_: Any) -> Any:
        raise Unforeseen

    def execution_options(self, **_: Any) -> Any:
        raise Unforeseen


class _Turn:
    """A job on its way through a batch."""

    __slots__ = ("call", "changes", "job", "moved", "rows", "work")

    def __init__(self, job: Job) -> None:
        self.job = job
        self.call: Call = job.work[0]
        self.work: Foreseen[Any] = job.work[1]
        self.rows: list[list[Any]] | None = None
        self.changes: list[Given] | None = None
        self.moved: dict[str, int] = {}


class Sharing:
    """One connection that writes batches. `open_unit` makes a unit of a connection, a call and a driver."""

    def __init__(self, engine: Engine, open_unit: Callable[[Any, Call, Any], Any]) -> None:
        self._engine = engine
        self._open_unit = open_unit
        self._pooled: Any = None
        self._turns: list[_Turn] = []

    def read(self, jobs: list[Job]) -> None:
        """Try the locks and ask what each work foresaw. Raises Unavailable when nothing can be asked.

        A connection that was lost since the last batch is replaced: nothing has been asked of it yet.
        """
        self._turns = [_Turn(job) for job in jobs]
        with named_failures():
            try:
                self._read()
            except Exception:
                if self._pooled is None or not self._raw().closed:
                    raise
                self.abandon()
                self._replace_lost()
                self._read()

    def _replace_lost(self) -> None:
        """Let the pool find out that its connections are lost, if they are: it opens others then."""
        with suppress(DBAPIError), self._engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")

    def _read(self) -> None:
        raw = self._raw()
        alike: dict[tuple[Query, ...], list[_Turn]] = {}
        for turn in self._turns:
            alike.setdefault(turn.work.asked.queries, []).append(turn)
        names = sorted(set[str]().union(*(turn.work.names for turn in self._turns)))
        with raw.pipeline():
            raw.execute("BEGIN", prepare=False)
            begun = raw.execute(_BEGIN, {**_SETTINGS, "names": names}, prepare=True)
            found = [(turns, self._ask(raw, queries, turns)) for queries, turns in alike.items()]
        ours = {*begun.fetchone()[-1]}
        for turns, cursor in found:
            for turn, row in zip(turns, cursor.fetchall(), strict=True):
                if ours.issuperset(turn.work.names):
                    turn.rows = answers(turn.work.asked.queries, row)

    def do(self) -> None:
        """Do the works: never waits, talks to nobody. What one meets stays with its job."""
        for turn in self._turns:
            if turn.rows is None:
                continue
            memory = _Memory(turn.work, turn.rows)
            unit = self._open_unit(_Nothing(), turn.call, memory)
            try:
                turn.job.result = turn.work(unit)
                put, turn.moved = unit.take()
                turn.changes = [*memory.given, *put]
            except Unforeseen:
                turn.job.result = None
            except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the one who asked
                turn.job.error = named(error)
                turn.job.error.__cause__ = None if turn.job.error is error else error

    def write(self) -> list[Job]:
        """Write, and commit: now each job's result may be told. Of those returned nothing happened: they are to be done alone.

        Raises Unavailable when nobody can say whether it was kept.
        """
        done = [turn for turn in self._turns if turn.changes is not None]
        raw = self._raw()
        try:
            self._write(raw, done)
        except Exception as error:
            if raw.closed or getattr(error, "sqlstate", None) is None:
                self.abandon()
                raise named(error) from error
            PostgresDriver(raw).undo()
            return [turn.job for turn in self._turns if turn.job.error is None]
        return [turn.job for turn in self._turns if turn.job.error is None and turn.changes is None]

    def abandon(self) -> None:
        """Give the connection up, with whatever it had begun."""
        pooled, self._pooled = self._pooled, None
        if pooled is not None:
            pooled.invalidate()

    def close(self) -> None:
        """Give the connection back."""
        pooled, self._pooled = self._pooled, None
        if pooled is not None:
            pooled.close()

    def _raw(self) -> Any:
        if self._pooled is None:
            self._pooled = self._engine.raw_connection()
        return self._pooled.driver_connection

    @staticmethod
    def _ask(raw: Any, queries: tuple[Any, ...], turns: list[_Turn]) -> Any:
        statement = asked_by_many(queries)
        return raw.execute(statement.sql, statement.arrays([turn.work.asked.values for turn in turns]), prepare=True)

    @staticmethod
    def _write(raw: Any, done: list[_Turn]) -> None:
        moved = {case: seq for turn in done for case, seq in turn.moved.items()}
        with raw.pipeline():
            if moving := _moving(done):
                raw.execute(_COUNTED, moving, prepare=True)
            for given in in_order([turn.changes or () for turn in done]):
                _carry_out(raw, given)
            if moved:
                stand = {"number": len(moved), "cases": [*moved], "seqs": [*moved.values()]}
                raw.execute(_STAND, stand, prepare=True)
            raw.execute("COMMIT", prepare=False)


def _moving(done: list[_Turn]) -> dict[str, list[str]] | None:
    """Return which cases leave which states for which: the walls will count them, row by row. None where one alone counts in order."""
    changes = (given for turn in done for given in turn.changes or () if "event" in given.change.tables)
    entries = [values for given in changes for values in given.values if values["source"] != values["dest"]]
    names = (("cases", "case_id"), ("sources", "source"), ("dests", "dest"))
    return {plural: [entry[name] for entry in entries] for plural, name in names} if len(entries) > 1 else None


def _carry_out(raw: Any, given: Given) -> None:
    change: Change = given.change
    statement = done_for_many(change)
    if statement is not None:
        raw.execute(statement.sql, statement.arrays(given.values), prepare=True)
        return
    alone = change.on("postgresql")
    for values in given.values:
        raw.execute(alone.sql, alone.with_values(values), prepare=True)
