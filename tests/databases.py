"""Databases that tests own: the same handle on an SQLite file and on PostgreSQL, so that one suite runs on both."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import psycopg
from sqlalchemy import Engine, event

from casework.store import walls
from casework.store.database import begin_write, open_engine
from tests.cells import lay_beside
from tests.lending import borrowed
from tests.postgresql import ADMINISTRATOR, APPLICATION, OWNER, Server

ENGINES = ("sqlite", "postgresql")
Row = Any
"""A row that is read by column name or by place, as sqlite3.Row is."""


class Database(Protocol):
    """One database. `target` is what the program serves with, `owner` what upgrades it."""

    engine: str
    target: str
    owner: str

    def rows(self, query: str, *values: Any) -> list[Row]:
        """Look into it past the program (`?` for values)."""

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return everything it holds, by table."""

    def copy(self) -> "Database":
        """Return a copy; nobody may be connected to this one."""

    def drop(self) -> None:
        """Throw it away."""


class Databases(Protocol):
    """Where databases come from."""

    engine: str

    def new(self) -> Database:
        """Return an empty one."""

    def __hash__(self) -> int:
        """What was made on them is kept by them."""


def hurried(engine: Engine) -> Engine:
    """Let SQLite not wait for the disk (most tests are not about power cuts), and PostgreSQL plan a statement once in a connection."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _hurry)
    else:
        event.listen(engine, "connect", _prepare_at_once)
        event.listen(engine, "do_connect", borrowed)
    return engine


def _hurry(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


def _prepare_at_once(connection: psycopg.Connection[Any], _record: object) -> None:
    connection.prepare_threshold = 0


class Files:
    """SQLite files in a folder."""

    engine = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def new(self) -> "File":
        return File(self, self.path())

    def path(self) -> Path:
        path = self._folder / f"casework-{next(self._numbers)}.sqlite3"
        lay_beside(str(path))
        return path


class File:
    """An SQLite file. One connection looks into it: to open another takes SQLite longer, for all our walls, than most questions."""

    engine = "sqlite"

    def __init__(self, home: Files, path: Path) -> None:
        self.path = path
        self.target = self.owner = str(path)
        self._home = home
        self._raw: sqlite3.Connection | None = None

    @property
    def raw(self) -> sqlite3.Connection:
        if self._raw is None:
            self._raw = sqlite3.connect(f"file:{self.path}?mode=rw", uri=True, check_same_thread=False)
            self._raw.row_factory = sqlite3.Row
            self._raw.execute("PRAGMA query_only = ON")
        return self._raw

    def rows(self, query: str, *values: Any) -> list[Row]:
        return self.raw.execute(query, values).fetchall()

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        names = [row[0] for row in self.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
        return {name: [tuple(row) for row in self.rows(f'SELECT * FROM "{name}"')] for name in names}  # noqa: S608 - our own tables' names

    def rest(self) -> None:
        """Let go of it: who is the last to do so brings the file up to date with its log."""
        if self._raw is not None:
            self._raw.close()
        self._raw = None

    def copy(self) -> "File":
        self.rest()
        return File(self._home, Path(shutil.copy(self.path, self._home.path())))

    def drop(self) -> None:
        self.rest()
        for name in (self.path.name, *(f"{self.path.name}{end}" for end in ("-wal", "-shm", ".master.key"))):
            self.path.with_name(name).unlink(missing_ok=True)


def wreck(database: Database, *statements: str, mended: bool = False) -> None:
    """Change it past the program, as whoever owns it can: every wall taken down first, and put up again if it should look `mended`."""
    engine = open_engine(database.server.url(database.name, ADMINISTRATOR) if isinstance(database, Served) else database.owner)
    with engine.connect() as connection:
        if isinstance(database, File):
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
        begin_write(connection)
        if isinstance(database, Served):  # keys would refuse some of it: switched off, as only an administrator can
            connection.exec_driver_sql(f"SET LOCAL session_replication_role = replica; SET LOCAL ROLE {OWNER}")
        walls.take_down(connection)
        for statement in statements:
            connection.exec_driver_sql(statement.replace("%", "%%") if connection.dialect.name == "postgresql" else statement)
        if mended:
            walls.build(connection)
        connection.commit()
    engine.dispose()


@contextlib.contextmanager
def held(database: Database, table: str) -> Iterator[None]:
    """Let nobody write, as another program would; on a server nobody who needs a table."""
    if isinstance(database, File):
        with contextlib.closing(sqlite3.connect(database.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
    elif isinstance(database, Served):
        with database.raw.transaction():
            database.raw.execute(f"LOCK TABLE {table}")
            yield


def as_bytes(database: Database, value: bytes) -> str:
    """Write bytes as a statement of this engine does."""
    return f"x'{value.hex()}'" if database.engine == "sqlite" else f"decode('{value.hex()}', 'hex')"


class Line(tuple[Any, ...]):  # noqa: SLOT001 - a tuple leaves no room for a slot of a name
    """A row of PostgreSQL that is read as sqlite3.Row is."""

    names: tuple[str, ...]

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(self.names.index(key) if isinstance(key, str) else key)

    def keys(self) -> Sequence[str]:
        return self.names


def _lines(cursor: psycopg.Cursor[Any]) -> Any:
    names = tuple(column.name for column in cursor.description or ())

    def make(values: Sequence[Any]) -> Line:
        line = Line(values)
        line.names = names
        return line

    return make


def spoken(query: str) -> str:
    """Write a statement with `?` as psycopg reads it."""
    return query.replace("%", "%%").replace("?", "%s")


class Cluster:
    """Databases on a server."""

    engine = "postgresql"

    def __init__(self, server: Server) -> None:
        self.server = server
        lay_beside("postgresql://")

    def new(self) -> "Served":
        return Served(self.server, self.server.create())


class Served:
    """A database on a server. One connection of the owner looks into it."""

    engine = "postgresql"

    def __init__(self, server: Server, name: str) -> None:
        self.server = server
        self.name = name
        self.target = server.url(name, APPLICATION)
        self.owner = server.url(name, OWNER)
        self._raw: psycopg.Connection[Any] | None = None

    @property
    def raw(self) -> psycopg.Connection[Any]:
        if self._raw is None:
            self._raw = self.server.connect(self.name, OWNER, row_factory=_lines)
        return self._raw

    def rows(self, query: str, *values: Any) -> list[Row]:
        return self.raw.execute(spoken(query), values).fetchall()

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        tables = self.rows("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname")
        return {name: sorted(map(tuple, self.rows(f'SELECT * FROM "{name}"')), key=repr) for (name,) in tables}  # noqa: S608 - our own

    def rest(self) -> None:
        """Let go of it."""
        if self._raw is not None:
            self._raw.close()
        self._raw = None

    def copy(self) -> "Served":
        self.rest()
        return Served(self.server, self.server.lender.lend(self.name))

    def drop(self) -> None:
        self.rest()
        self.server.lender.give_back(self.name)


@contextlib.contextmanager
def dropped(database: Database) -> Iterator[Database]:
    """Throw a database away afterwards."""
    try:
        yield database
    finally:
        database.drop()
