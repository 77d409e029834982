"""Copies of the whole database: taken while the program serves, and brought back.

SQLite is copied page by page from one snapshot (online backup), PostgreSQL by its own pg_dump. A copy grows under a temporary name beside
its place, is written through to the disk and only then named: killed anywhere, nothing is left that looks like a backup.
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, Engine, make_url

from casework.errors import StoreMismatch, Unavailable
from casework.store import database
from casework.store.limits import Limits

UNFINISHED = ".unfinished"
"""How the name of a copy ends that is being made, or was interrupted: it may be thrown away."""
PAGES = 2000
"""Pages copied between two reports of progress: 8 MiB."""
LOCK_MILLISECONDS = 60_000
"""How long pg_dump waits for a table that somebody is changing the shape of."""
DEBIAN = Path("/usr/lib/postgresql")

Progress = Callable[[int, int], None]
"""Told how many parts are done, and of how many."""


def is_file(target: str) -> bool:
    """Whether a database is an SQLite file rather than one on a server."""
    return "://" not in target or make_url(target).get_backend_name() == "sqlite"


def file_of(target: str) -> Path:
    """Return the path of an SQLite database. Raises StoreMismatch for one that lives in memory."""
    name = make_url(target).database if "://" in target else target
    if not name or name == ":memory:":
        raise StoreMismatch("a database in memory has no file to copy")
    return Path(name)


@contextmanager
def unfinished(place: Path) -> Iterator[Path]:
    """Yield a new empty file beside `place`, readable by nobody else, to be named by `name_it`. Otherwise it is thrown away.

    Raises Unavailable when the folder cannot be written to, or is full.
    """
    name = ""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{place.name}.", suffix=UNFINISHED, dir=place.parent)
        os.close(handle)
        yield Path(name)
    except OSError as error:
        raise Unavailable(f"{place.parent} cannot be written to: {error.strerror}") from error
    finally:
        for path in (name, f"{name}-wal", f"{name}-shm", f"{name}-journal") if name else ():
            Path(path).unlink(missing_ok=True)


def name_it(file: Path, place: Path) -> None:
    """Write a file through to the disk, then give it its name. Raises StoreMismatch when something bears that name already."""
    _sync(file)
    try:
        place.hardlink_to(file)
    except FileExistsError as error:
        raise _taken(place) from error
    except OSError:  # a memory stick knows no second name for a file
        if place.exists():
            raise _taken(place) from None
        file.rename(place)
    _sync(place.parent)


def _taken(place: Path) -> StoreMismatch:
    return StoreMismatch(f"{place} is there already: nothing is overwritten")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def copy_file(source: Path, into: Path, progress: Progress) -> None:
    """Copy an SQLite database as it stands at this moment, whoever writes meanwhile. Raises StoreMismatch or Unavailable.

    The snapshot is held by the reading connection itself, so no writer makes the copy begin again, and none waits for it.
    """
    if not source.is_file():
        raise StoreMismatch(f"there is no database file {source}")
    try:
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as taken, closing(sqlite3.connect(into)) as made:
            taken.execute("PRAGMA busy_timeout = 5000")
            taken.isolation_level = None
            taken.execute("BEGIN")
            taken.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            taken.backup(made, pages=PAGES, progress=lambda _, left, total: progress(total - left, total))
    except sqlite3.DatabaseError as error:
        raise Unavailable(f"the database could not be copied ({getattr(error, 'sqlite_errorname', type(error).__name__)})") from error


def refuse_leftovers(place: Path) -> None:
    """Where a database is to be put back, neither it nor a log of another one may be: SQLite would read that into it."""
    for name in (place.name, f"{place.name}-wal", f"{place.name}-shm", f"{place.name}-journal"):
        if place.with_name(name).exists():
            raise StoreMismatch(f"{place.with_name(name)} is there: stop the service, move it away (never delete the only one), try again")


def dump_server(target: str, into: Path, limits: Limits) -> None:
    """Write a PostgreSQL database into a file (pg_dump, custom format), one snapshot. Only its owner sees every row.

    Raises StoreMismatch for another role, and for a pg_dump that is missing or older than the server.
    """
    with _opened(target, limits) as engine, engine.connect() as connection:
        if connection.exec_driver_sql("SELECT row_security_active('event')").scalar_one():
            raise StoreMismatch("this role does not see every row: make the backup with the owner's address (CASEWORK_DATABASE)")
        program = _program("pg_dump", _server(connection))
    options = ("--format=custom", "--no-owner", "--no-privileges", f"--lock-wait-timeout={LOCK_MILLISECONDS}", f"--file={into}")
    _run(program, *options, f"--dbname={_conninfo(engine)}", secrets=_secrets(engine))


def read_through(dump: Path) -> None:
    """Read a dump from end to end, every row of it. Raises StoreMismatch when it is cut short or altered."""
    _run(_program("pg_restore", 0), "--file=/dev/null", str(dump))


def load_server(dump: Path, target: str, role: str, limits: Limits) -> None:
    """Bring a dump back into an empty PostgreSQL database, as its owner, in one transaction; then give the application its rights.

    Raises StoreMismatch when the database is not empty, or has no such role.
    """
    with _opened(target, limits) as engine, engine.connect() as connection:
        if connection.exec_driver_sql("SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace").scalar_one():
            raise StoreMismatch("the database is not empty: create a new one (CREATE DATABASE ... OWNER casework_owner) and name that")
        program = _program("pg_restore", _server(connection))
    options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    _run(program, *options, f"--dbname={_conninfo(engine)}", str(dump), secrets=_secrets(engine))
    with _opened(target, limits) as engine:
        database.admit(engine, role)


def require_sound(target: str, limits: Limits) -> None:
    """Check what lies under the trail: pages, indexes and keys (SQLite), the schema's revision and every wall. Raises StoreMismatch."""
    with _opened(target, limits) as engine:
        database.require_current(engine)
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection:
                _require_whole_pages(connection)


@contextmanager
def _opened(target: str, limits: Limits) -> Iterator[Engine]:
    engine = database.open_engine(target, limits)
    try:
        yield engine
    finally:
        engine.dispose()


def _require_whole_pages(connection: Connection) -> None:
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(1)")]
    if found != ["ok"] or connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise StoreMismatch("the file is damaged inside (integrity check): take another backup")


def _server(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000


def _program(name: str, at_least: int) -> str:
    """Return a PostgreSQL program: from PATH, else from Debian's folder, not older than the server. Raises StoreMismatch."""
    newest = sorted(DEBIAN.glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    for found in (shutil.which(name), *(str(folder / name) for folder in newest)):
        if found and Path(found).exists() and _version(found) >= at_least:
            return found
    raise StoreMismatch(f"there is no {name} for PostgreSQL {at_least or ''} here: install Debian's postgresql-client".replace("  ", " "))


def _version(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - found by us
    number = said.split(")")[1].split()[0] if ")" in said else "0"
    return int(number.split(".")[0]) if number.split(".")[0].isdigit() else 0


def _told(engine: Engine) -> dict[str, Any]:
    """What the program tells libpq about its server, in libpq's own words."""
    _, told = engine.dialect.create_connect_args(engine.url)
    if "," in str(told.get("host", "")):
        told["target_session_attrs"] = "read-write"
    return {str(name): value for name, value in told.items() if name != "context"}


def _conninfo(engine: Engine) -> str:
    told = _told(engine)
    return make_conninfo(**{name: value for name, value in told.items() if name != "password"})


def _secrets(engine: Engine) -> Mapping[str, str]:
    password = _told(engine).get("password")
    return {"PGPASSWORD": str(password)} if password else {}


def _run(program: str, *arguments: str, secrets: Mapping[str, str] | None = None) -> None:
    """Run a program of PostgreSQL. Raises StoreMismatch with the first thing it complained about, without what may quote a row."""
    done = subprocess.run(  # noqa: S603 - found by us, and its arguments are ours
        [program, *arguments], env={**os.environ, **(secrets or {})}, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        complaint = next((line for line in done.stderr.splitlines() if "error:" in line), f"exit code {done.returncode}")
        raise StoreMismatch(f"{Path(program).name} failed: {complaint.partition('error:')[2].partition('ERROR:')[0].strip() or complaint}")
