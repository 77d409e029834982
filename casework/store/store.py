"""An opened database: its connections, who may write when, and the rules in force. The units of work that it opens are in `unit.py`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from datetime import date, datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, Engine

from casework.errors import Conflict
from casework.ledger.event import Rules
from casework.machines.book import all_machines
from casework.machines.parameters import Parameters
from casework.store import blind, database, keys, scope
from casework.store.call import Call
from casework.store.driver import driver_of
from casework.store.failures import named_failures
from casework.store.instants import to_text
from casework.store.keyring import Keyring
from casework.store.keys import AccountKey, MasterKey, SearchKey
from casework.store.limits import Limits
from casework.store.pen import Job, Pen
from casework.store.pens import Pens
from casework.store.publish import publish_all, put_in_force, put_policy_in_force, refuse_unknown
from casework.store.sharing import Foreseen, Sharing
from casework.store.unfinished import refuse_unfinished
from casework.store.unit import MACHINES, Unit
from casework.store.workdays import Calendar
from casework.store.writing import Writing

R = TypeVar("R")

TRIES = 5
"""How often a work is begun on PostgreSQL when somebody else was faster (a taken key, a deadlock), before the caller is told."""
PENS = 2
"""Connections to PostgreSQL that write batches: while one waits for the disk, the other's works are done."""
SHARED = 4
"""With fewer connections in all, every work has a transaction of its own."""


class Store:
    """An opened database with the parameters in force. Shared by all threads."""

    def __init__(
        self,
        target: str,
        params: Parameters,
        *,
        case_prefix: str = "KKR",
        go_live: date | None = None,
        limits: Limits | None = None,
        search_key: SearchKey | None = None,
        account_key: AccountKey | None = None,
        master_key: MasterKey | None = None,
    ) -> None:
        self.limits = limits = limits or Limits()
        self.target = target
        self.params = params
        self.days_off = Calendar(params)
        self.rules = _rules(params.digest)
        self.case_prefix = case_prefix
        self.go_live = go_live
        self.search_key = search_key
        self.account_key = account_key or keys.kept(target, kind="account")
        self.keyring = Keyring(master_key or keys.master_kept(target))
        self._engine: Engine = database.open_engine(target, limits)
        self._reading = database.reading(self._engine)
        writing = Writing(self._engine, partial(Unit, self))
        self._pen = Pen(writing, limits.pool_seconds) if self._engine.dialect.name == "sqlite" else None
        self._hands = ThreadPoolExecutor(limits.connections, thread_name_prefix="unit")
        self._pens = self._pens_for(limits) if self._pen is None and limits.connections >= SHARED else None
        self._begun = threading.Lock()

    def _pens_for(self, limits: Limits) -> Pens:
        pens = [Sharing(self._engine, partial(Unit, self)) for _ in range(PENS)]
        return Pens(pens, self._hands, self._finish, limits.pool_seconds)

    def upgrade(self, at: datetime, role: str = database.APPLICATION_ROLE) -> None:
        """Bring the schema up to date, and publish the definitions and parameters of this program. On PostgreSQL: as the owner."""
        database.upgrade(self._engine, role)
        database.require_current(self._engine)
        self._put_in_force(at)
        self.maintain(partial(self.keyring.settle, at=to_text(at)))

    def prepare(self, at: datetime) -> None:
        """Refuse a database that is not ours (StoreMismatch), then record and journal the definitions and the parameters in force.

        On PostgreSQL: as the application's role, which may not publish a definition that the owner's upgrade did not.
        """
        database.require_current(self._engine)
        database.refuse_owner(self._engine)
        refuse_unfinished(self._engine)
        with database.refused_rights():
            self._put_in_force(at)
            self.maintain(partial(self.keyring.settle, at=to_text(at)))
            if self.search_key is not None:
                self.maintain(partial(blind.settle, key=self.search_key(), ring=self.keyring))

    def maintain(self, work: Callable[[Connection], R]) -> R:
        """Do what belongs to nobody's call in a transaction of its own, and commit it: the index of the search."""
        with self._write() as connection:
            result = work(connection)
            connection.commit()
            return result

    def _put_in_force(self, at: datetime) -> None:
        with self._write() as connection:
            driver = driver_of(connection)
            scope.enter(driver, scope.WRITER)
            driver.give(())
            refuse_unknown(connection, all_machines())
            publish_all(connection, all_machines(), to_text(at))
            put_in_force(connection, self.params, to_text(at))
            put_policy_in_force(connection, to_text(at))
            connection.commit()

    def rekey(self, new: MasterKey) -> int:
        """Put another master key in force, in one transaction, and return how many keys it wraps; 0 where it was in force already.

        No personal value is encrypted anew. Whatever is interrupted happened wholly or not at all. Raises StoreMismatch.
        """
        database.require_current(self._engine)
        if self.maintain(partial(self.keyring.in_force, key=new.make())):
            return 0
        return self.maintain(partial(self.keyring.rewrap, new=new.make()))

    def sweep(self) -> None:
        """Let the log that SQLite writes ahead hold nothing that was erased: what was overwritten stands there until it begins anew."""
        if self._pen is not None:
            with self._write() as connection:
                connection.rollback()
                database.begin_log_anew(connection)

    def reindex(self, key: bytes, tell: Callable[[int, int], None]) -> int:
        """Make the index of the search anew with a key, and return for how many children (`blind.reindex`). Raises StoreMismatch."""
        database.require_current(self._engine)
        return blind.reindex(self.maintain, key, self.keyring, tell)

    def carry_out(self, call: Call, work: Callable[[Unit], R]) -> R:
        """Do a work in a unit, commit it, and return its result. Raises what it raised, after everything was undone.

        On SQLite works that come at the same time share one commit (pen.py), on PostgreSQL those that foresee what they ask (pens.py).
        Raises Unavailable when the turn to write does not come.
        """
        if self._pen is not None:
            result: R = self._pen.carry_out((call, work))
            return result
        if self._pens is not None and isinstance(work, Foreseen):
            done, result = self._pens.carry_out((call, work))
            if done:
                return result
        return self._carry_out_by_itself(call, work)

    def _carry_out_by_itself(self, call: Call, work: Callable[[Unit], R]) -> R:
        for _ in range(TRIES - 1):
            try:
                return self._carry_out_alone(call, work)
            except Conflict as lost:
                if type(lost) is not Conflict:
                    raise
        return self._carry_out_alone(call, work)

    def submit(self, job: Job) -> None:
        """Have a job's work (a call and what to do in its unit) done and committed, and whoever it names told. Returns at once."""
        if self._pen is not None:
            self._pen.submit(job)
        elif self._pens is not None and isinstance(job.work[1], Foreseen):
            self._pens.submit(job)
        else:
            self._hands.submit(self._carry_out_for, job)

    def withdraw(self, job: Job) -> bool:
        """Take back a job that nobody has begun. Returns whether that was so."""
        if self._pen is not None:
            return self._pen.withdraw(job)
        if self._pens is not None and isinstance(job.work[1], Foreseen):
            return self._pens.withdraw(job)
        return self._begins(job)

    def _begins(self, job: Job) -> bool:
        with self._begun:
            begins, job.taken = not job.taken, True
            return begins

    def _carry_out_for(self, job: Job) -> None:
        if self._begins(job):
            self._finish(job)

    def _finish(self, job: Job) -> None:
        try:
            job.result = self._carry_out_by_itself(*job.work)
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the one who asked
            job.error = error
        if job.desk is not None:
            with suppress(RuntimeError):  # its loop is closed: nobody is there to hear
                job.desk.tell([job])

    def _carry_out_alone(self, call: Call, work: Callable[[Unit], R]) -> R:
        with self.write(call) as unit:
            result = work(unit)
            unit.commit()
            return result

    @contextmanager
    def write(self, call: Call) -> Iterator[Unit]:
        """Open a unit that may change things. Nothing is kept unless `commit` is called inside."""
        with self._write() as connection:
            unit = Unit(self, connection, call)
            unit.enter(scope.WRITER)
            yield unit

    @contextmanager
    def read(self, call: Call) -> Iterator[Unit]:
        """Open a unit that only reads: one snapshot."""
        with named_failures(), self._reading.connect() as connection:
            unit = Unit(self, connection, call, writes=False)
            driver = driver_of(connection)
            if self._pen is not None:
                driver.say("BEGIN")
            unit.enter(scope.of(call))
            try:
                yield unit
            finally:
                driver.undo()

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        turn = self._pen.held() if self._pen is not None else nullcontext()
        with named_failures(), turn, self._engine.connect() as connection:
            database.begin_write(connection)
            driver = driver_of(connection)
            try:
                yield connection
            finally:
                driver.undo()

    def close(self) -> None:
        """Let what was submitted end, then give back every connection."""
        if self._pens is not None:
            self._pens.close()
        self._hands.shutdown()
        if self._pen is not None:
            self._pen.close()
        self._engine.dispose()


def _rules(parameters: str) -> dict[tuple[str, int] | None, Rules]:
    """Return the rules in force under each definition version, and under None where there is no case."""
    named: dict[tuple[str, int] | None, Rules] = {None: Rules(parameters=parameters)}
    for (name, version), machine in MACHINES.items():
        named[name, version] = Rules(machine=name, version=version, definition=machine.digest, parameters=parameters)
    return named
