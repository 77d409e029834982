"""Databases of a server, lent to one test after the other, with connections that know their plans.

To copy a database, and to read its catalogue and plan its statements and triggers anew in new connections, costs the server several times
what a test asks of it. So what a test gives back is put as it was, row by row, for the next one that wants a copy of the same database.
Where anything but rows was changed, or any doubt remains, it is thrown away and copied anew.
"""

from __future__ import annotations

import contextlib
import select
import threading
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Protocol

import msgspec
import psycopg
from psycopg.pq import ConnStatus, PipelineStatus, TransactionStatus

RESTING = 6
"""How many databases wait to be lent again, with their connections."""
CATALOGUE = (
    *("class", "attribute", "attrdef", "constraint", "index", "inherits", "namespace", "policy", "proc", "rewrite", "trigger", "type"),
    *("default_acl", "description", "event_trigger", "extension", "operator", "statistic", "statistic_ext"),
)
"""What PostgreSQL knows of a database: whoever changed any of it changed more than rows."""
NEW = "age(xmin) <= age(%(mark)s::xid)"
"""Whether a row was written since the mark: no row here is two thousand million transactions old."""
WALLS_DOWN = "UPDATE pg_trigger SET tgenabled = 'D'"
"""Rolled back as soon as this one session has read it: in it alone the walls are down, in the database they stand."""
GOES_ON = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()"

_idle: dict[tuple[str, str], dict[str, list[Lasting]]] = defaultdict(lambda: defaultdict(list))
"""Connections that wait, by server and database, then by how they were asked for."""
_turn = threading.Lock()


class Lasting(psycopg.Connection[Any]):
    """A connection of an engine, which waits for the next engine when it is closed, till its database is copied or thrown away."""

    place = ("", "")
    asked = ""

    def close(self) -> None:
        """Wait, if nothing goes on in it."""
        with _turn:
            waiting = _idle[self.place][self.asked] if self.place in _idle else None
            if waiting is None or not self.rests:
                self.end()
            elif self not in waiting:
                waiting.append(self)

    def end(self) -> None:
        """Close it."""
        super().close()

    @property
    def rests(self) -> bool:
        """Whether it is open, nothing goes on in it, and the server has not left."""
        wire = self.pgconn
        return (
            wire.status == ConnStatus.OK
            and wire.transaction_status == TransactionStatus.IDLE
            and wire.pipeline_status == PipelineStatus.OFF
            and not select.select([wire.socket], [], [], 0)[0]
        )


def borrowed(_dialect: object, _record: object, told: tuple[Any, ...], asked: dict[str, Any]) -> Lasting:
    """Return a connection to a database, one that waits if there is any (SQLAlchemy's `do_connect`)."""
    place, how = (
        (str(asked.get("host")), str(asked.get("dbname"))),
        repr(sorted((name, value) for name, value in asked.items() if name != "context")),
    )
    with _turn:
        waiting = _idle[place][how]
        while waiting:
            found = waiting.pop()
            if found.rests:
                return found
            found.end()
    made = Lasting.connect(*told, **asked)
    made.place, made.asked = place, how
    return made


def leave(host: str, database: str = "") -> None:
    """Close what waits, in one database or in all of a server."""
    with _turn:
        for place in [place for place in _idle if place[0] == host and database in {place[1], ""}]:
            for waiting in _idle.pop(place).values():
                for one in waiting:
                    one.end()


class Server(Protocol):
    """What lending needs of a server."""

    def create(self, template: str | None = None) -> str:
        """Make a database, or a copy of one, and return its name."""

    def drop(self, name: str) -> None:
        """Throw a database away."""

    def ruling(self) -> psycopg.Connection[Any]:
        """Return the administrator's own connection."""

    def connect(self, database: str = ..., role: str = ..., **options: Any) -> psycopg.Connection[Any]:
        """Return a connection on which every statement commits at once."""


class _Original(msgspec.Struct):
    """What is copied: how many rows each table has, and those rows that had to be put back once."""

    rows: dict[str, int]
    asking: str
    texts: dict[str, bytes]


class _Copy(msgspec.Struct):
    """A database that is lent: what it is a copy of, and since which transaction its rows are a borrower's."""

    name: str
    of: str
    mark: str
    session: psycopg.Connection[Any] | None = None

    def end(self) -> None:
        """Close the session, if there is one."""
        if self.session is not None:
            self.session.close()
        self.session = None


class Lender:
    """Lends copies of databases to which nobody writes any more."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._originals: dict[str, _Original] = {}
        self._lent: dict[str, _Copy] = {}
        self._resting: list[_Copy] = []

    def lend(self, original: str) -> str:
        """Return the name of a database that is as the original is."""
        for copy in [copy for copy in self._resting if copy.of == original]:
            self._resting.remove(copy)
            if self._restored(copy):
                return self._lend(copy)
            self._throw_away(copy)
        if original in self._lent:
            self._lent[original].end()
        mark = _now(self._server.ruling())
        return self._lend(_Copy(self._server.create(original), original, mark))

    def _lend(self, copy: _Copy) -> str:
        self._lent[copy.name] = copy
        return copy.name

    def give_back(self, name: str) -> None:
        """Take a database back from its borrower."""
        copy = self._lent.pop(name, None)
        if copy is None:
            self._server.drop(name)
            return
        self._resting.append(copy)
        if len(self._resting) > RESTING:
            self._throw_away(self._resting.pop(0))

    def end(self) -> None:
        """Let go of everything."""
        for copy in (*self._resting, *self._lent.values()):
            copy.end()

    def _throw_away(self, copy: _Copy) -> None:
        copy.end()
        self._server.drop(copy.name)

    def _restored(self, copy: _Copy) -> bool:
        """Whether every row of a copy is again what it was, and nothing else had been changed."""
        try:
            if copy.session is None:
                copy.session = self._session(copy.name)
            with copy.session.transaction():
                put = self._put_back(copy.session, self._original(copy.of), copy)
            copy.mark = _now(copy.session)
        except psycopg.Error:
            return False
        return put

    def _session(self, name: str) -> psycopg.Connection[Any]:
        """Return a session of the administrator's that no wall stands before."""
        session = self._server.connect(
            name, options="-c allow_system_table_mods=on -c lock_timeout=1000 -c session_replication_role=replica"
        )
        with contextlib.suppress(psycopg.Rollback), session.transaction():
            session.execute(WALLS_DOWN)
            session.execute(" UNION ALL ".join(f"SELECT FROM {table}" for table in _tables(session)))
            raise psycopg.Rollback
        return session

    def _original(self, name: str) -> _Original:
        """Return what is known of an original: read when its first copy is to be restored."""
        if name not in self._originals:
            with self._server.connect(name) as raw:
                tables = [*_tables(raw), *(f"pg_{one}" for one in CATALOGUE)]
                asking = " UNION ALL ".join(map(_counting, tables))
                rows = {table: old + new for table, old, new in raw.execute(asking, {"mark": _now(raw)})}
            self._originals[name] = _Original(rows, asking, {})
        return self._originals[name]

    def _put_back(self, session: psycopg.Connection[Any], original: _Original, copy: _Copy) -> bool:
        mark = {"mark": copy.mark}
        if session.execute(GOES_ON).fetchone():
            return False  # somebody has not ended what they began
        for table, old, new in session.execute(original.asking, mark, prepare=True).fetchall():
            changed = old != original.rows[table]
            if table.startswith("pg_"):
                if changed or new:
                    return False
            elif changed:
                session.execute(f"DELETE FROM {table}")  # noqa: S608 - our own tables' names
                with session.cursor().copy(f"COPY {table} FROM STDIN (FORMAT binary)") as into:
                    into.write(self._text(copy.of, table))
            elif new:
                session.execute(f"DELETE FROM {table} WHERE {NEW}", mark)  # noqa: S608 - the same
        return True

    def _text(self, name: str, table: str) -> bytes:
        texts = self._originals[name].texts
        if table not in texts:
            with self._server.connect(name) as raw, raw.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)") as rows:
                texts[table] = b"".join(bytes(part) for part in rows)
        return texts[table]


def _now(raw: psycopg.Connection[Any]) -> str:
    """Return a number that no transaction before had, and every one from now on is not below."""
    row = raw.execute("SELECT pg_current_xact_id()::text").fetchone()
    return str(row[0]) if row else ""


def _counting(table: str) -> str:
    """Return the question how many rows of a table are from before the mark, and how many are not."""
    return f"SELECT '{table}', count(*) FILTER (WHERE NOT {NEW}), count(*) FILTER (WHERE {NEW}) FROM {table}"  # noqa: S608 - our own


def _tables(raw: psycopg.Connection[Any]) -> Iterator[str]:
    found = raw.execute("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1")
    return (str(row[0]) for row in found.fetchall())
