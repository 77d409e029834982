"""The unit of work: one transaction, one place that commits. Leaving without saying commit changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Row, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from casework.errors import Conflict, NotFound, Unavailable
from casework.machines.care import CARE
from casework.machines.engine import Machine
from casework.machines.facts import Facts
from casework.machines.parameters import Parameters
from casework.store import database
from casework.store.call import Call
from casework.store.instants import to_text
from casework.store.publish import publish
from casework.store.schema import care_case, event, parameter_set

MACHINES: Mapping[tuple[str, int], Machine[Facts]] = {(CARE.definition.name, CARE.definition.version): CARE}
"""Every definition version that a case may be pinned to."""


class Store:
    """An opened database with the parameters in force. Shared by all threads."""

    def __init__(self, target: str, params: Parameters, *, case_prefix: str = "KKR", go_live: date | None = None) -> None:
        self.target = target
        self.params = params
        self.case_prefix = case_prefix
        self.go_live = go_live
        self._engine: Engine = database.open_engine(target)

    def upgrade(self, at: datetime) -> None:
        """Bring the schema up to date and publish the definitions and parameters of this program."""
        database.upgrade(self._engine)
        self.prepare(at)

    def prepare(self, at: datetime) -> None:
        """Refuse a database that is not ours (StoreMismatch), then record the definitions and the parameters in force."""
        database.require_current(self._engine)
        with self._write() as connection:
            for machine in MACHINES.values():
                publish(connection, machine, to_text(at))
            known = connection.execute(select(parameter_set.c.digest).where(parameter_set.c.digest == self.params.digest)).first()
            if known is None:
                values = {"digest": self.params.digest, "body": self.params.as_json(), "first_used_at": to_text(at)}
                connection.execute(parameter_set.insert().values(values))
            connection.commit()

    @contextmanager
    def write(self, call: Call) -> Iterator[Unit]:
        """Open a unit that may change things. Nothing is kept unless `commit` is called inside."""
        with self._write() as connection:
            yield Unit(self, connection, call)

    @contextmanager
    def read(self, call: Call) -> Iterator[Unit]:
        """Open a unit that only reads: one snapshot."""
        with _named_failures(), self._engine.connect() as connection:
            yield Unit(self, connection, call)

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with _named_failures(), self._engine.connect() as connection:
            database.begin_write(connection)
            yield connection

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()


class Unit:
    """One transaction on behalf of one call."""

    def __init__(self, store: Store, connection: Connection, call: Call) -> None:
        self.store = store
        self.call = call
        self.params = store.params
        self._connection = connection
        self._moved: dict[str, int] = {}

    def rows(self, statement: Executable, values: Any = None) -> list[Row[Any]]:
        """Return all rows of a query."""
        return list(self._connection.execute(statement, values).fetchall())

    def row(self, statement: Executable) -> Row[Any] | None:
        """Return the first row of a query, or None."""
        found: Row[Any] | None = self._connection.execute(statement).first()
        return found

    def stream(self, statement: Executable) -> Iterator[Row[Any]]:
        """Yield the rows of a query as they are fetched."""
        yield from self._connection.execution_options(yield_per=1000).execute(statement)

    def need(self, statement: Executable, what: str) -> Row[Any]:
        """Return the first row. Raises NotFound when there is none."""
        found = self.row(statement)
        if found is None:
            raise NotFound(what)
        return found

    def run(self, statement: Executable, values: Any = None) -> int:
        """Execute a change and return how many rows it touched."""
        return int(self._connection.execute(statement, values).rowcount)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._connection.dialect.name

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what happens inside when it raises; the unit itself stays usable."""
        nested = self._connection.begin_nested()
        with _Savepoint(nested):
            yield

    def note_move(self, case_id: str, seq: int) -> None:
        """Remember that this unit advanced a case to `seq`: `commit` checks that the journal says so too."""
        self._moved[case_id] = seq

    def commit(self) -> None:
        """Commit. Second net under the database's walls: every case this unit touched must stand at its last journal entry."""
        for case_id, seq in self._moved.items():
            case = self.row(select(care_case.c.state, care_case.c.seq, care_case.c.head).where(care_case.c.id == case_id))
            last = self.row(
                select(event.c.dest, event.c.seq, event.c.hash).where(event.c.case_id == case_id).order_by(event.c.seq.desc()).limit(1)
            )
            if case is None or last is None or tuple(case) != tuple(last) or last.seq != seq:
                msg = f"case {case_id} does not stand at its last journal entry; nothing was changed"
                raise Unavailable(msg)
        self._connection.commit()
        self._moved.clear()


class _Savepoint:
    """Commit a nested transaction, or roll it back: only the savepoint, never the unit."""

    def __init__(self, nested: Any) -> None:
        self._nested = nested

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._nested.commit()
        elif self._nested.is_active:
            self._nested.rollback()


@contextmanager
def _named_failures() -> Iterator[None]:
    """Turn the driver's errors into ours: a lost race is a Conflict, a database that cannot be used is Unavailable."""
    try:
        yield
    except IntegrityError as error:
        msg = "somebody else was faster; look again and retry"
        raise Conflict(msg) from error
    except (DBAPIError, PoolTimeout) as error:
        msg = "the database cannot be written now; nothing was changed"
        raise Unavailable(msg) from error
