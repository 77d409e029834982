"""Throw-away databases for measuring, durable as in an office: SQLite with FULL, PostgreSQL with fsync and synchronous_commit on."""

import contextlib
import os
import shutil
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from casework.store.database import APPLICATION_ROLE as APPLICATION
from tests import postgresql

DURABLE = {
    "listen_addresses": "127.0.0.1",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_connections": "200",
    "shared_buffers": "1GB",
    "max_wal_size": "4GB",
    "log_min_messages": "fatal",
}
"""The settings of an office's server, with room enough that no checkpoint falls into a round by itself."""


class Database(Protocol):
    """One kind of database. Names are of letters, digits and `_`; targets are what `Store` opens."""

    name: str

    def blank(self, name: str) -> str:
        """Make an empty database under this name, whatever was there. Return the target of its owner, who may make tables."""
        ...

    def target(self, name: str) -> str:
        """Return the target that the program serves with."""
        ...

    def copy(self, source: str, name: str) -> str:
        """Make a copy of a database that nobody has open, whatever was there. Return the target that the program serves with."""
        ...

    def has(self, name: str) -> bool:
        """Whether there is a database under this name."""
        ...

    def drop(self, name: str) -> None:
        """Remove a database, if there is one."""
        ...

    def version(self) -> str:
        """Return the version of the engine and how it was told to keep what it commits."""
        ...


class Sqlite:
    """Files in one folder. Every program that is measured sets WAL and synchronous=FULL itself."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite3"

    def blank(self, name: str) -> str:
        """Make room for a file."""
        self.drop(name)
        return str(self._path(name))

    def target(self, name: str) -> str:
        """Return the path: a file has no roles."""
        return str(self._path(name))

    def copy(self, source: str, name: str) -> str:
        """Write the write-ahead log back, then copy the file, and its master key with it where it has one: a peer's has none."""
        with contextlib.closing(sqlite3.connect(self._path(source))) as file:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        target = self.blank(name)
        shutil.copyfile(self._path(source), target)
        if (key := Path(f"{self._path(source)}.master.key")).exists():
            shutil.copyfile(key, f"{target}.master.key")
        return target

    def has(self, name: str) -> bool:
        """Whether the file is there."""
        return self._path(name).exists()

    def drop(self, name: str) -> None:
        """Remove the file with its write-ahead log and its key."""
        for end in ("", "-wal", "-shm", "-journal", ".master.key"):
            self._path(name).with_name(f"{name}.sqlite3{end}").unlink(missing_ok=True)

    def version(self) -> str:
        """Return the version of the library that Python brings."""
        return f"SQLite {sqlite3.sqlite_version}, WAL, synchronous=FULL"


class Postgres:
    """Databases of one server. `address` is a URL of any database on it, with a role that may create databases and roles."""

    name = "PostgreSQL"

    def __init__(self, address: str) -> None:
        self._parts = urlsplit(address)
        with self._admin() as connection:
            settings = {name: self._setting(connection, name) for name in ("fsync", "synchronous_commit", "full_page_writes")}
            if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (APPLICATION,)).fetchone() is None:
                made = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
                connection.execute(made.format(sql.Identifier(APPLICATION), sql.Literal(self._parts.password)))
        if off := [name for name, value in settings.items() if value != "on"]:
            msg = f"this server does not keep what it commits ({', '.join(off)} off): figures from it would mean nothing"
            raise SystemExit(msg)

    def owner(self, name: str) -> str:
        """Return the URL of a database for the role that made it."""
        return urlunsplit(self._parts._replace(path=f"/{name}"))

    def target(self, name: str) -> str:
        """Return the URL of a database for the role of the program, which owns nothing."""
        place = self._parts.netloc.rpartition("@")[2]
        secret = f":{self._parts.password}" if self._parts.password else ""
        return urlunsplit(self._parts._replace(netloc=f"{APPLICATION}{secret}@{place}", path=f"/{name}"))

    def _admin(self) -> psycopg.Connection:
        return psycopg.connect(self.owner("postgres"), autocommit=True)

    @staticmethod
    def _setting(connection: psycopg.Connection, name: str) -> str:
        found = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
        return str(found[0]) if found else ""

    def blank(self, name: str) -> str:
        """Create a database."""
        self.drop(name)
        with self._admin() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.owner(name)

    def copy(self, source: str, name: str) -> str:
        """Copy a database file by file, and let the server write everything back before anybody measures."""
        self.drop(name)
        with self._admin() as connection:
            made = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
            connection.execute(made.format(sql.Identifier(name), sql.Identifier(source)))
            connection.execute("CHECKPOINT")
        return self.target(name)

    def has(self, name: str) -> bool:
        """Whether the database is there."""
        with self._admin() as connection:
            return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is not None

    def drop(self, name: str) -> None:
        """Remove the database and whoever is still in it."""
        with self._admin() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def version(self) -> str:
        """Return the version of the server."""
        with self._admin() as connection:
            return f"PostgreSQL {self._setting(connection, 'server_version').split()[0]}, fsync and synchronous_commit on"


@contextlib.contextmanager
def durable_server() -> Iterator[Postgres]:
    """Start the tests' PostgreSQL server with all on that keeps what was committed, where the peers reach it, and throw it away."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port = str(tried.getsockname()[1])
    os.environ["PGPORT"] = port
    try:
        with postgresql.running({**DURABLE, "port": port}):
            yield Postgres(f"postgresql://{postgresql.ADMINISTRATOR}@127.0.0.1:{port}/postgres")
    finally:
        del os.environ["PGPORT"]
