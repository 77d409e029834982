"""Opening the database: how a connection behaves, how a transaction begins, how the schema is brought up to date and refused.

`casework db upgrade` is the only thing that changes a schema. Nothing here heals: a database that is not ours is refused, with what to do.
"""

import sqlite3
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import DBAPIError

from casework.errors import StoreMismatch
from casework.store import walls
from casework.store.schema import metadata

BUSY_MILLISECONDS = 5000
POOL_SECONDS = 5
SQLITE_HEADER = b"SQLite format 3\x00"
SQLITE_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
)
UPGRADE_LOCK = 7_221_902
"""PostgreSQL advisory lock: two upgrades at once take turns. Any number that nobody else uses."""

_BEGIN = "casework_begin"
_DAMAGED = "the database is damaged or not a casework database: restore it from a backup and run `casework audit verify`"


def open_engine(target: str) -> Engine:
    """Return the engine for a file path or an SQLAlchemy URL. Nothing is read or written before the first connection."""
    url = make_url(target if "://" in target else f"sqlite:///{target}")
    options: dict[str, Any] = {} if _in_memory(url.database, url.get_backend_name()) else {"pool_timeout": POOL_SECONDS}
    engine = create_engine(url, hide_parameters=True, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def begin_write(connection: Connection) -> None:
    """Begin a transaction that will write. On SQLite the write lock is taken now (BEGIN IMMEDIATE), so a later write cannot lose a race.

    Every further transaction of this connection begins the same way. Commit or roll back on the connection; savepoints nest inside.
    """
    connection.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
    connection.begin()


def upgrade(engine: Engine) -> None:
    """Bring the schema to this program's revision, walls included, in one transaction: killed anywhere, it starts again from before.

    Raises StoreMismatch for a file that is no database, and for a database that a newer program made.
    """
    _refuse_damaged_file(engine, may_be_missing=True)
    try:
        with engine.connect() as connection:
            begin_write(connection)
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})")
            if _revision(connection) == _script().get_current_head():
                return
            walls.take_down(connection)
            command.upgrade(_configuration(connection), "head")
            walls.build(connection)
            connection.commit()
    except DBAPIError as error:
        raise StoreMismatch(_words_for(error)) from error


def require_current(engine: Engine) -> None:
    """Check cheaply that this is our database at our revision with every wall standing. Raises StoreMismatch saying what to do."""
    _refuse_damaged_file(engine, may_be_missing=False)
    try:
        with engine.connect() as connection:
            _refuse_other_revision(connection)
            _refuse_missing_columns(connection)
            breached = walls.breaches(connection)
    except DBAPIError as error:
        raise StoreMismatch(_words_for(error)) from error
    if breached:
        msg = f"walls were dropped or altered past the program ({', '.join(breached)}): {_DAMAGED}"
        raise StoreMismatch(msg)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Take transactions out of the driver's hands (it would commit before DDL and begin too late), then set what must always hold."""
    connection.isolation_level = None
    for pragma in SQLITE_PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))


def _in_memory(database: str | None, backend: str) -> bool:
    return backend == "sqlite" and database in {None, "", ":memory:"}


def _configuration(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", (Path(__file__).parent / "migrations").as_posix().replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_configuration())


def _revision(connection: Connection) -> str | None:
    """Return the stored revision, or None for an empty database. Raises StoreMismatch for one this program does not know."""
    stored = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in _script().walk_revisions()}
    if stored is not None and stored not in known:
        msg = "the database was made by a newer program, or by another one: install that program, or restore a backup from before"
        raise StoreMismatch(msg)
    return stored


def _refuse_other_revision(connection: Connection) -> None:
    stored = _revision(connection)
    if stored is None:
        msg = "the database has no tables of this program: run `casework db upgrade`"
        raise StoreMismatch(msg)
    head = _script().get_current_head()
    if stored != head:
        msg = f"the database is at revision {stored}, this program needs {head}: make a backup, then run `casework db upgrade`"
        raise StoreMismatch(msg)


def _refuse_missing_columns(connection: Connection) -> None:
    """Read the schema, and one row of each table, so that a damaged root page is met here and not in the middle of a decision."""
    found = {table: {column["name"] for column in columns} for (_, table), columns in inspect(connection).get_multi_columns().items()}
    missing = [table.name for table in metadata.sorted_tables if not {*table.columns.keys()} <= found.get(table.name, set())]
    if missing:
        msg = f"tables or columns are missing ({', '.join(missing)}): {_DAMAGED}"
        raise StoreMismatch(msg)
    for table in metadata.sorted_tables:
        connection.execute(table.select().limit(1)).first()


def _refuse_damaged_file(engine: Engine, *, may_be_missing: bool) -> None:
    """Check the SQLite file before a connection touches it: a missing file would be made, a foreign one written to."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or _in_memory(name, "sqlite") or name is None or name.startswith("file:"):
        return
    path = Path(name)
    if not path.exists():
        if may_be_missing:
            return
        msg = "there is no database file yet: run `casework db upgrade`"
        raise StoreMismatch(msg)
    if not path.is_file():
        raise StoreMismatch(_DAMAGED)
    with path.open("rb") as file:
        header = file.read(100)
    if header and (not header.startswith(SQLITE_HEADER) or _cut_short(path, header)):
        raise StoreMismatch(_DAMAGED)


def _cut_short(path: Path, header: bytes) -> bool:
    """Whether the file holds fewer pages than its header counts. Unknown while a write-ahead log is waiting: it may hold the rest."""
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        return False
    page = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    return path.stat().st_size < (65536 if page == 1 else page) * pages


def _words_for(error: DBAPIError) -> str:
    """Say what to do without the driver's text, which may quote values."""
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return "the database is in use by another program: stop it, then try again"
    if code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
        return "the database cannot be read or written: check the path, the disk and the permissions"
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}:
        return _DAMAGED
    return "the database answered with an error: check its address and rights, that it is running, and that nobody changed its tables"
