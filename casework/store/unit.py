"""The unit of work: one transaction, one place that commits. Leaving without saying commit changes nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Executable, Row, bindparam, func, select

from casework.errors import Conflict, NotFound, Unavailable
from casework.machines.care import CARE
from casework.machines.engine import Machine
from casework.machines.facts import Facts
from casework.machines.parameters import Parameters
from casework.store import blind, database, scope
from casework.store.call import Call
from casework.store.driver import Asked, Given, driver_of
from casework.store.failures import named_failures
from casework.store.instants import to_text
from casework.store.keys import SearchKey
from casework.store.limits import Limits
from casework.store.pen import Job, Pen
from casework.store.publish import publish, put_in_force
from casework.store.schema import care_case, event
from casework.store.statements import Change, Query, Values
from casework.store.unfinished import refuse_unfinished
from casework.store.writing import Writing

R = TypeVar("R")

TRIES = 5
"""How often a work is begun on PostgreSQL when somebody else was faster (a taken key, a deadlock), before the caller is told."""

MACHINES: Mapping[tuple[str, int], Machine[Facts]] = {(CARE.definition.name, CARE.definition.version): CARE}
"""Every definition version that a case may be pinned to."""


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
    ) -> None:
        self.limits = limits = limits or Limits()
        self.target = target
        self.params = params
        self.case_prefix = case_prefix
        self.go_live = go_live
        self.search_key = search_key
        self._engine: Engine = database.open_engine(target, limits)
        self._reading = database.reading(self._engine)
        writing = Writing(self._engine, partial(Unit, self))
        self._pen = Pen(writing, limits.pool_seconds) if self._engine.dialect.name == "sqlite" else None
        self._hands = ThreadPoolExecutor(limits.connections, thread_name_prefix="unit")
        self._begun = threading.Lock()

    def upgrade(self, at: datetime, role: str = database.APPLICATION_ROLE) -> None:
        """Bring the schema up to date, and publish the definitions and parameters of this program. On PostgreSQL: as the owner."""
        database.upgrade(self._engine, role)
        database.require_current(self._engine)
        self._put_in_force(at)

    def prepare(self, at: datetime) -> None:
        """Refuse a database that is not ours (StoreMismatch), then record and journal the definitions and the parameters in force.

        On PostgreSQL: as the application's role, which may not publish a definition that the owner's upgrade did not.
        """
        database.require_current(self._engine)
        database.refuse_owner(self._engine)
        refuse_unfinished(self._engine)
        with database.refused_rights():
            self._put_in_force(at)
            if self.search_key is not None:
                self.maintain(partial(blind.settle, key=self.search_key()))

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
            for machine in MACHINES.values():
                publish(connection, machine, to_text(at))
            put_in_force(connection, self.params, to_text(at))
            connection.commit()

    def reindex(self, key: bytes, tell: Callable[[int, int], None]) -> int:
        """Make the index of the search anew with a key, and return for how many children (`blind.reindex`). Raises StoreMismatch."""
        database.require_current(self._engine)
        return blind.reindex(self.maintain, key, tell)

    def carry_out(self, call: Call, work: Callable[[Unit], R]) -> R:
        """Do a work in a unit, commit it, and return its result. Raises what it raised, after everything was undone.

        On SQLite works that come at the same time share one commit (pen.py). Raises Unavailable when the turn to write does not come.
        """
        if self._pen is not None:
            result: R = self._pen.carry_out((call, work))
            return result
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
        else:
            self._hands.submit(self._carry_out_for, job)

    def withdraw(self, job: Job) -> bool:
        """Take back a job that nobody has begun. Returns whether that was so."""
        if self._pen is not None:
            return self._pen.withdraw(job)
        return self._begins(job)

    def _begins(self, job: Job) -> bool:
        with self._begun:
            begins, job.taken = not job.taken, True
            return begins

    def _carry_out_for(self, job: Job) -> None:
        if not self._begins(job) or job.desk is None:
            return
        try:
            job.result = self.carry_out(*job.work)
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the one who asked
            job.error = error
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
            if self._pen is not None:
                driver_of(connection).say("BEGIN")
            unit.enter(scope.of(call.who))
            yield unit

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        turn = self._pen.held() if self._pen is not None else nullcontext()
        with named_failures(), turn, self._engine.connect() as connection:
            database.begin_write(connection)
            yield connection

    def close(self) -> None:
        """Let what was submitted end, then give back every connection."""
        self._hands.shutdown()
        if self._pen is not None:
            self._pen.close()
        self._engine.dispose()


_last = select(func.max(event.c.seq)).where(event.c.case_id == bindparam("case_id")).scalar_subquery()
_STANDS = Query(
    select(care_case.c.state, care_case.c.seq, care_case.c.head, event.c.dest, event.c.seq.label("last"), event.c.hash)
    .join(event, event.c.case_id == care_case.c.id)
    .where(care_case.c.id == bindparam("case_id"), event.c.seq == _last)
)
"""Where a case stands, beside what its last journal entry says."""


class Unit:
    """One transaction on behalf of one call."""

    def __init__(self, store: Store, connection: Connection, call: Call, *, writes: bool = True) -> None:
        self.store = store
        self.call = call
        self.params = store.params
        self._connection = connection
        self._driver = driver_of(connection)
        self._known: dict[tuple[Any, ...], list[Any]] = {}
        self._put: list[Given] = []
        self._moved: dict[str, int] = {}
        self._trying: str = ""
        self._writes = writes

    def enter(self, reach: scope.Scope) -> None:
        """See this far from now on, where the engine can limit it."""
        scope.enter(self._driver, reach)

    def ask(self, query: Query, **values: Any) -> list[Any]:
        """Return the rows of a query. Asked twice, it is answered from memory until this unit changes something."""
        key = query.key(self._driver.engine, values)
        if key not in self._known:
            (self._known[key],) = self._give(Asked((query,), values))
        return self._known[key]

    def look_ahead(self, *queries: Query, **values: Any) -> None:
        """Ask many queries with one statement, so that each is known when it is asked."""
        self.lock(*(values[name] for name in ("case_id", "host") if values.get(name)))
        found = self._give(Asked(queries, values))
        self._known.update((query.key(self._driver.engine, values), rows) for query, rows in zip(queries, found, strict=True))

    def lock(self, *names: str) -> None:
        """Let nobody else decide about these things before this unit ends: a case, a host, an actor's stream.

        On SQLite there is one writer anyway; a unit that only reads locks nothing.
        """
        if self._writes and names:
            self._driver.lock(names)

    @contextmanager
    def over_everything(self) -> Iterator[None]:
        """Read past the scope of the actor, for what is judged over the whole record: facts, beds, the trail of an office."""
        if not self._writes:
            self.enter(scope.WHOLE)
        try:
            yield
        finally:
            if not self._writes:
                self.enter(scope.of(self.call.who))

    def put(self, change: Change, *values: Values) -> None:
        """Carry out a change with the others: before the next question that is not known, or before the commit."""
        self._known = {key: rows for key, rows in self._known.items() if change.tables.isdisjoint(key[0].tables)}
        self._put.append(Given(change, values))

    def rows(self, statement: Executable, values: Any = None) -> list[Row[Any]]:
        """Return all rows of a query."""
        self._flush()
        return list(self._connection.execute(statement, values).fetchall())

    def row(self, statement: Executable) -> Row[Any] | None:
        """Return the first row of a query, or None."""
        self._flush()
        found: Row[Any] | None = self._connection.execute(statement).first()
        return found

    def stream(self, statement: Executable) -> Iterator[Row[Any]]:
        """Yield the rows of a query as they are fetched."""
        self._flush()
        yield from self._connection.execution_options(yield_per=1000).execute(statement)

    def need(self, statement: Executable, what: str) -> Row[Any]:
        """Return the first row. Raises NotFound when there is none."""
        found = self.row(statement)
        if found is None:
            raise NotFound(what)
        return found

    def run(self, statement: Executable, values: Any = None) -> int:
        """Execute a change at once and return how many rows it touched."""
        self._flush()
        self._mark()
        self._known.clear()
        return int(self._connection.execute(statement, values).rowcount)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._driver.engine

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what happens inside when it raises; the unit itself stays usable. What was only put needs no savepoint to be undone."""
        self._flush()
        before, self._trying = dict(self._moved), "trying"
        try:
            yield
        except BaseException:
            self._put.clear()
            self._known.clear()
            self._moved = before
            if self._trying == "marked":
                self._driver.say("ROLLBACK TO attempt", "RELEASE attempt")
            raise
        else:
            if self._trying == "marked":
                self._driver.say("RELEASE attempt")
        finally:
            self._trying = ""

    def _mark(self) -> None:
        """Set the savepoint of an attempt before its first change reaches the database."""
        if self._trying == "trying":
            self._driver.say("SAVEPOINT attempt")
            self._trying = "marked"

    def _flush(self) -> None:
        if self._put or self._driver.waits:
            self._give(None)

    def _give(self, then: Asked | None) -> list[list[Any]]:
        if self._put:
            self._mark()
        put, self._put = self._put, []
        return self._driver.give(put, then)

    @property
    def touched(self) -> frozenset[str]:
        """The ids of the cases that this unit has written about."""
        return frozenset(self._moved)

    def note_move(self, case_id: str, seq: int) -> None:
        """Remember that this unit advanced a case to `seq`: `settle` checks that the journal says so too."""
        self._moved[case_id] = seq

    def settle(self) -> None:
        """Carry out what was put. Second net under the database's walls: every case that moved must stand at its last journal entry."""
        moved, self._moved = self._moved, {}
        for case_id, seq in moved.items():
            (stands,) = self._give(Asked((_STANDS,), {"case_id": case_id}))
            if not stands or stands[0][:3] != stands[0][3:] or stands[0].seq != seq:
                msg = f"case {case_id} does not stand at its last journal entry; nothing was changed"
                raise Unavailable(msg)
        self._flush()

    def commit(self) -> None:
        """Settle, then commit."""
        self.settle()
        self._connection.commit()
