"""What is done with the pen of SQLite: works in one transaction, each behind a savepoint of its own, and one commit for all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine

from casework.store.call import Call
from casework.store.driver import Driver, driver_of
from casework.store.failures import named, named_failures
from casework.store.pen import Job


class Writing:
    """The one connection that writes. It stays open: taking one from the pool each time costs more than the work.

    `open_unit` makes a unit of a connection and a call.
    """

    def __init__(self, engine: Engine, open_unit: Callable[[Connection, Call], Any]) -> None:
        self._engine = engine
        self._open_unit = open_unit
        self._connection: Connection | None = None

    def begin(self) -> None:
        """Begin a transaction; waits for another program that writes. Raises Unavailable."""
        with named_failures():
            if self._connection is None:
                self._connection = self._engine.connect()
            self._driver().say("BEGIN IMMEDIATE")

    def do(self, jobs: list[Job]) -> None:
        """Do the work of each job. What one meets stays with it and leaves nothing. Raises Unavailable when the transaction is lost."""
        with named_failures():
            for job in jobs:
                self._do(job, alone=len(jobs) == 1)

    def commit(self, jobs: list[Job]) -> None:
        """Commit: now each job's result may be told. Raises Unavailable."""
        with named_failures():
            lost = len(jobs) == 1 and jobs[0].error is not None
            self._driver().say("ROLLBACK" if lost else "COMMIT")
            self._open().rollback()

    def abandon(self) -> None:
        """Give the connection back, with whatever it had begun."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _do(self, job: Job, *, alone: bool) -> None:
        """Nobody else is harmed when a lone work fails: it needs no savepoint."""
        call, work = job.work
        unit = self._open_unit(self._open(), call)
        driver = self._driver()
        try:
            if not alone:
                driver.say("SAVEPOINT work")
            job.result = work(unit)
            unit.settle()
            if not alone:
                driver.say("RELEASE work")
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the one who asked
            job.error = named(error)
            job.error.__cause__ = None if job.error is error else error
            if not alone:
                driver.say("ROLLBACK TO work", "RELEASE work")

    def _open(self) -> Connection:
        if self._connection is None:
            msg = "begin first"
            raise RuntimeError(msg)
        return self._connection

    def _driver(self) -> Driver:
        return driver_of(self._open())
