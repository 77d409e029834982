"""What is done with the pen of SQLite: works in one transaction, each undone by itself if it fails, and one commit for all.

Works that say beforehand what they will ask are done in turns: the database answers all of a turn, then they decide, then it writes what
they put. Each of the three is quicker in a row than mixed with the others, and nobody decides on what another one of the turn changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Text, and_, bindparam, exists, func, select

from casework.store.call import Call
from casework.store.driver import Asked, Driver, driver_of
from casework.store.failures import named, named_failures
from casework.store.gathering import in_order
from casework.store.pen import Job
from casework.store.schema import care_case, event
from casework.store.sharing import Foreseen
from casework.store.statements import Query

_moved = func.json_each(bindparam("moved", type_=Text)).table_valued("key", "value", name="moved")
_later = event.alias("later")
_STAND = Query(
    select(func.count().label("n"))
    .select_from(_moved)
    .join(care_case, care_case.c.id == _moved.c.key)
    .join(event, and_(event.c.case_id == care_case.c.id, event.c.seq == care_case.c.seq))
    .where(care_case.c.seq == _moved.c.value, event.c.dest == care_case.c.state, event.c.hash == care_case.c.head)
    .where(~exists().where(_later.c.case_id == care_case.c.id, _later.c.seq > care_case.c.seq))
)
"""How many of the cases that moved (a JSON object: id to number of the entry) stand at their last journal entry."""


class Writing:
    """The one connection that writes. It stays open: taking one from the pool each time costs more than the work.

    `open_unit` makes a unit of a connection, a call and the connection's driver.
    """

    def __init__(self, engine: Engine, open_unit: Callable[[Connection, Call, Driver], Any]) -> None:
        self._engine = engine
        self._open_unit = open_unit
        self._opened: tuple[Connection, Driver] | None = None

    def begin(self) -> None:
        """Begin a transaction; waits for another program that writes. Raises Unavailable."""
        with named_failures():
            if self._opened is None:
                connection = self._engine.connect()
                self._opened = connection, driver_of(connection)
            self._opened[1].say("BEGIN IMMEDIATE")

    def do(self, jobs: list[Job]) -> None:
        """Do the work of each job. What one meets stays with it and leaves nothing. Raises Unavailable when the transaction is lost.

        Hardly ever has a work to be undone that reached the database. Only then is the batch begun anew, with a savepoint for each.
        """
        with named_failures():
            if self._do_in_turns(jobs) or len(jobs) == 1:
                return
            self._begun()[1].say("ROLLBACK", "BEGIN IMMEDIATE")
            for job in jobs:
                self._do_apart(job)

    def commit(self, jobs: list[Job]) -> None:
        """Commit: now each job's result may be told. Raises Unavailable."""
        with named_failures():
            connection, driver = self._begun()
            lost = len(jobs) == 1 and jobs[0].error is not None
            driver.say("ROLLBACK" if lost else "COMMIT")
            connection.rollback()

    def abandon(self) -> None:
        """Give the connection back, with whatever it had begun."""
        opened, self._opened = self._opened, None
        if opened is not None:
            opened[0].close()

    def _do_in_turns(self, jobs: list[Job]) -> bool:
        """Read for many, decide for many, write for many.

        Returns False when a work failed that had reached the database: then that has to be undone.
        """
        left = jobs
        while left:
            turn, left = self._turn_of(left)
            if not all(_worked(job, unit) for job, unit in turn) or not self._written(turn):
                return False
        return True

    def _written(self, turn: list[tuple[Job, Any]]) -> bool:
        """Write what the works of a turn put, the same changes of all together. Returns False when the database refuses any of it."""
        if len(turn) == 1:
            return _settled(*turn[0])
        put = [unit.take() for job, unit in turn if job.error is None]
        moved = {case: seq for _, cases in put for case, seq in cases.items()}
        try:
            self._begun()[1].give(in_order([given for given, _ in put]))
            return not moved or self._stand(moved)
        except Exception:  # noqa: BLE001 - whose it is will be seen when each is done apart
            return False

    def _stand(self, moved: dict[str, int]) -> bool:
        """Second net under the database's walls: whether every case that moved stands at its last journal entry."""
        ((found,),) = self._begun()[1].ask(Asked((_STAND,), {"moved": msgspec.json.encode(moved).decode()}))
        return bool(found.n == len(moved))

    def _turn_of(self, jobs: list[Job]) -> tuple[list[tuple[Job, Any]], list[Job]]:
        """Return the works that may be decided on what the database says now, each with its unit, and those that must wait for them.

        No two of them concern the same case, child or host, or answer under the same key. One that does not say beforehand what it will
        ask has a turn of its own.
        """
        if len(jobs) == 1 or not isinstance(jobs[0].work[1], Foreseen):
            return [(jobs[0], self._unit_for(jobs[0]))], jobs[1:]
        driver = self._begun()[1]
        turn: list[tuple[Job, Any]] = []
        later: list[Job] = []
        concerned: set[str | None] = set()
        for place, job in enumerate(jobs):
            work = job.work[1]
            if not isinstance(work, Foreseen):
                return turn, later + jobs[place:]
            rows = driver.ask(work.asked) if concerned.isdisjoint(_named(work)) else None
            named = _named(work, rows or ())
            if rows is None or not concerned.isdisjoint(named):
                later.append(job)
                continue
            concerned |= named
            unit = self._unit_for(job)
            unit.foretell(work.asked, rows)
            turn.append((job, unit))
        return turn, later

    def _do_apart(self, job: Job) -> None:
        _, driver = self._begun()
        driver.say("SAVEPOINT work")
        unit = self._unit_for(job)
        kept = _worked(job, unit) and _settled(job, unit)
        driver.say(*(("RELEASE work",) if kept else ("ROLLBACK TO work", "RELEASE work")))

    def _unit_for(self, job: Job) -> Any:
        connection, driver = self._begun()
        return self._open_unit(connection, job.work[0], driver)

    def _begun(self) -> tuple[Connection, Driver]:
        if self._opened is None:
            msg = "begin first"
            raise RuntimeError(msg)
        return self._opened


_NOTHING = frozenset({None, "", "key:", "key:None"})


def _named(work: Foreseen[Any], rows: Sequence[Sequence[Any]] = ()) -> set[str | None]:
    """Return everything that a work concerns, as far as it says so itself and as the answer to its questions shows."""
    named: set[str | None] = {*work.names, f"key:{work.asked.values.get('key')}"}
    for query, found in zip(work.asked.queries, rows, strict=False):
        query.add_named(found, named)
    return named - _NOTHING


def _worked(job: Job, unit: Any) -> bool:
    """Do a work. Returns False when it failed after it had reached the database."""
    try:
        job.error, job.result = None, job.work[1](unit)
    except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the one who asked
        _failed(job, error)
        return not unit.wrote
    return True


def _settled(job: Job, unit: Any) -> bool:
    """Write what a work put, unless it failed. Returns False when the database refuses it."""
    if job.error is not None:
        return True
    try:
        unit.settle()
    except Exception as error:  # noqa: BLE001 - it belongs to the one who asked
        _failed(job, error)
        return not unit.wrote
    return True


def _failed(job: Job, error: Exception) -> None:
    job.error = named(error)
    job.error.__cause__ = None if job.error is error else error
