"""The driver's own connection, taken from SQLAlchemy's pool: how compiled statements travel.

SQLite runs each at once. To PostgreSQL everything that is handed over together travels together: one round trip (pipeline mode).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec
from sqlalchemy import Connection

from casework.store.statements import Change, Engine, Query, Values, answers, together

BEGIN = "casework_begin"
"""Which option of a connection names the statement that begins its transactions."""


class Asked(msgspec.Struct, frozen=True):
    """Queries asked together, with the values of all of them."""

    queries: tuple[Query, ...]
    values: dict[str, Any]


class Given(msgspec.Struct, frozen=True):
    """A change to be carried out once for each set of values."""

    change: Change
    values: Sequence[Values]


class Driver(Protocol):
    """What a unit needs of a connection. Errors are the driver's own."""

    engine: Engine

    @property
    def waits(self) -> bool:
        """Whether something waits for the next round trip."""

    def begin(self) -> None:
        """Begin a transaction now, unless one goes on."""

    def say(self, *sql: str) -> None:
        """Run statements without values: savepoints."""

    def set_local(self, settings: Values) -> None:
        """Put settings in force until the transaction ends."""

    def share(self, name: str) -> None:
        """Keep everybody from locking a thing by name until the transaction ends, who shares it as well excepted."""

    def lock(self, names: Sequence[str]) -> None:
        """Lock things by name until the transaction ends, in an order that is the same for everybody."""

    def ask(self, asked: Asked) -> list[list[Any]]:
        """Return the rows of each query, from one statement."""

    def give(self, given: Sequence[Given], then: Asked | None = None) -> list[list[Any]]:
        """Carry out changes in their order, then answer."""

    def finish(self, given: Sequence[Given]) -> None:
        """Carry out the last changes of a transaction, and commit it if that can travel with them."""

    def undo(self) -> None:
        """End a transaction of which nothing is to be kept: one that read only, or that failed."""


class SqliteDriver:
    """The connection of the standard library."""

    engine: Engine = "sqlite"
    waits = False

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw

    def begin(self) -> None:
        """Whoever holds the pen does."""

    def say(self, *sql: str) -> None:
        """Run statements without values."""
        for statement in sql:
            self._raw.execute(statement)

    def set_local(self, settings: Values) -> None:
        """SQLite has none."""

    def share(self, name: str) -> None:
        """Do nothing: there is one writer."""

    def lock(self, names: Sequence[str]) -> None:
        """Nobody else writes while we do: there is one pen."""

    def ask(self, asked: Asked) -> list[list[Any]]:
        """Return the rows of each query, from one statement."""
        if len(asked.queries) == 1:
            (query,) = asked.queries
            one = query.on("sqlite")
            return [[query.row._make(row) for row in self._raw.execute(one.sql, one.with_values(asked.values))]]
        all_of_them = together(asked.queries, "sqlite")
        return answers(asked.queries, self._raw.execute(all_of_them.sql, all_of_them.with_values(asked.values)).fetchone())

    def give(self, given: Sequence[Given], then: Asked | None = None) -> list[list[Any]]:
        """Carry out changes in their order, then answer."""
        for each in given:
            compiled = each.change.on("sqlite")
            if len(each.values) == 1:
                self._raw.execute(compiled.sql, compiled.with_values(each.values[0]))
            else:
                self._raw.executemany(compiled.sql, map(compiled.with_values, each.values))
        return self.ask(then) if then else []

    def finish(self, given: Sequence[Given]) -> None:
        """Carry out the last changes; whoever holds the pen commits."""
        self.give(given)

    def undo(self) -> None:
        """The pool does."""


class PostgresDriver:
    """A psycopg connection in autocommit: `start` travels with whatever comes first in a transaction."""

    engine: Engine = "postgresql"

    def __init__(self, raw: Any, start: str = "BEGIN") -> None:
        self._raw, self._start = raw, start
        self._first: list[tuple[str, Values]] = []

    @property
    def waits(self) -> bool:
        """Whether something waits for the next round trip."""
        return bool(self._first)

    def begin(self) -> None:
        """Begin a transaction now, unless one goes on."""
        if self._raw.pgconn.transaction_status == _IDLE:
            self._raw.execute(self._start)

    def say(self, *sql: str) -> None:
        """Run statements without values, in one round trip.

        What begins with ROLLBACK goes past psycopg, which would have the server forget every prepared statement, one round trip late.
        """
        if not sql[0].startswith("ROLLBACK"):
            self._first += [(statement, {}) for statement in sql]
            self.give(())
            return
        self._first.clear()
        self._raw.pgconn.exec_("; ".join(sql).encode())

    def share(self, name: str) -> None:
        """Share the lock of a name until the transaction ends, from the next round trip on."""
        self._first.append(("SELECT pg_advisory_xact_lock_shared(hashtextextended(%(name)s, 0))", {"name": name}))

    def lock(self, names: Sequence[str]) -> None:
        """Lock things by name until the transaction ends, in an order that is the same for everybody, at the next round trip."""
        self._first += [("SELECT pg_advisory_xact_lock(hashtextextended(%(name)s, 0))", {"name": name}) for name in sorted(set(names))]

    def set_local(self, settings: Values) -> None:
        """Put settings in force until the transaction ends, from the next round trip on."""
        self._first.append((setting(settings), settings))

    def ask(self, asked: Asked) -> list[list[Any]]:
        """Return the rows of each query, from one statement."""
        return self.give((), asked)

    def give(self, given: Sequence[Given], then: Asked | None = None) -> list[list[Any]]:
        """Carry out changes in their order, then answer: one round trip."""
        return self._send(given, then)

    def finish(self, given: Sequence[Given]) -> None:
        """Carry out the last changes and commit: one round trip."""
        self._send(given, None, "COMMIT")

    def _send(self, given: Sequence[Given], then: Asked | None, *end: str) -> list[list[Any]]:
        answer = None
        first, self._first = self._first, []
        if self._raw.pgconn.transaction_status == _IDLE:
            first.insert(0, (self._start, {}))
        with self._raw.pipeline():
            for sql, values in first:
                self._raw.execute(sql, values, prepare=bool(values))
            for each in given:
                compiled = each.change.on("postgresql")
                for values in each.values:
                    self._raw.execute(compiled.sql, compiled.with_values(values), prepare=True)
            if then:
                all_of_them = together(then.queries, "postgresql")
                answer = self._raw.execute(all_of_them.sql, all_of_them.with_values(then.values), prepare=True)
            for sql in end:
                self._raw.execute(sql, prepare=False)
        return answers(then.queries, answer.fetchone()) if then and answer else []

    def undo(self) -> None:
        """End a transaction of which nothing is to be kept, so that what was prepared stays.

        At a ROLLBACK of its own psycopg has the server forget every statement: planning them anew costs ten times what running them does.
        After an error of the server that is right: what came behind the error in one round trip was never prepared.
        """
        if self._raw.pgconn.transaction_status == _GOES_ON:
            self._raw.pgconn.exec_(b"ROLLBACK")
        elif self._raw.pgconn.transaction_status == _FAILED:
            self._raw.rollback()


_IDLE, _GOES_ON, _FAILED = 0, 2, 3
"""What libpq calls it when no transaction goes on; one, until something in it failed; and from then on. A lost connection has none."""


def setting(settings: Values) -> str:
    """Return the statement that puts settings in force until the transaction ends."""
    asked = ", ".join(f"set_config('{name}', %({name})s, true)" for name in settings)
    return f"SELECT {asked}"


def driver_of(connection: Connection) -> Driver:
    """Return the driver behind a connection of the pool."""
    raw: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        return SqliteDriver(raw)
    return PostgresDriver(raw, connection.get_execution_options().get(BEGIN, "BEGIN"))
