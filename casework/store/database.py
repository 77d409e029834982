"""Opening the database: how a connection behaves, how a transaction begins, how the schema is brought up to date and refused.

`casework db upgrade` is the only thing that changes a schema. Nothing here heals: a database that is not ours is refused, with what to do.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import DBAPIError

from casework.errors import StoreMismatch, Unavailable
from casework.store import walls
from casework.store.driver import BEGIN, driver_of
from casework.store.limits import Limits
from casework.store.schema import metadata

SQLITE_HEADER = b"SQLite format 3\x00"
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA wal_autocheckpoint = 8000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA secure_delete = ON",
)
REVISIONS = ("0001",)
"""Every revision of the schema, oldest first; the last is this program's. Written down here, so that alembic is loaded only to upgrade."""
STATEMENTS = 1_000
"""So many a connection keeps prepared: more than we have, with those that are asked together."""
UPGRADE_LOCK = 7_221_902
"""PostgreSQL advisory lock: two upgrades at once take turns. Any number that nobody else uses."""

APPLICATION_ROLE = "casework_app"
"""The PostgreSQL role as which the program serves, unless the settings name another."""

RIGHT_REFUSED = "42501"
"""PostgreSQL's code for a right that a role does not have."""

_DAMAGED = "the database is damaged or not a casework database: restore it from a backup and run `casework audit verify`"


def open_engine(target: str, limits: Limits | None = None) -> Engine:
    """Return the engine for a file path or an SQLAlchemy URL. Nothing is read or written before the first connection.

    A PostgreSQL address may name several hosts (`postgresql://casework_app@/casework?host=first&host=second`): the one that takes writes
    is used.
    """
    limits = limits or Limits()
    url = make_url(target if "://" in target else f"sqlite:///{target}")
    if url.get_backend_name() == "postgresql":
        return _open_postgresql(url, limits)
    # Beside the readers: the pen's own connection, and the one that somebody takes who holds the pen.
    in_memory = _in_memory(url.database, url.get_backend_name())
    engine = create_engine(url, hide_parameters=True, **({} if in_memory else _pool(limits, limits.connections + 2)))
    busy = f"PRAGMA busy_timeout = {round(limits.lock_seconds * 1000)}"
    event.listen(engine, "connect", partial(_prepare_sqlite, pragmas=(busy, *SQLITE_PRAGMAS)))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _pool(limits: Limits, size: int) -> dict[str, Any]:
    """Connections are kept, and none is opened beyond them: on SQLite to open one means to read the whole schema, walls included."""
    return {"pool_size": size, "max_overflow": 0, "pool_timeout": limits.pool_seconds, "pool_use_lifo": True}


def begin_log_anew(connection: Connection) -> None:
    """Write everything into the file itself and cut the log down to nothing, if nobody reads an older state just now."""
    connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _open_postgresql(url: URL, limits: Limits) -> Engine:
    """Every connection has its time-outs from its first moment; a host that went silent is given up too (keep-alive).

    Compiling a plan to machine code (jit) takes longer than our statements do: they find few rows by many keys.
    """
    waits = {
        "lock_timeout": limits.lock_seconds,
        "statement_timeout": limits.statement_seconds,
        "idle_in_transaction_session_timeout": limits.idle_seconds,
    }
    ours = " ".join((*(f"-c {name}={round(seconds * 1000)}" for name, seconds in waits.items()), "-c jit=off"))
    asked = url.query.get("options", "")
    connect: dict[str, Any] = {
        "connect_timeout": max(1, round(limits.connect_seconds)),
        "options": f"{ours} {asked if isinstance(asked, str) else ' '.join(asked)}".strip(),
        "keepalives_idle": 10,
        "tcp_user_timeout": round(limits.statement_seconds * 1000),
        "application_name": "casework",
        "autocommit": True,
    }
    if limits.pooler:
        del connect["options"]
        connect["prepare_threshold"] = None
    if isinstance(url.query.get("host"), tuple) or "," in (url.host or ""):
        connect["target_session_attrs"] = "read-write"
    engine = create_engine(
        url.set(drivername="postgresql+psycopg").difference_update_query(["options"]),
        hide_parameters=True,
        use_native_hstore=False,
        connect_args=connect,
        **_pool(limits, limits.connections),
    )
    event.listen(engine, "connect", _keep_plans)
    event.listen(engine, "before_cursor_execute", _begin_postgresql)
    return engine


def reading(engine: Engine) -> Engine:
    """Return the engine whose transactions only read, in one snapshot."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(**{BEGIN: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"})
    return engine


def shown(target: str) -> str:
    """Return an address as it may be shown: without its password."""
    return make_url(target).render_as_string(hide_password=True) if "://" in target else target


def begin_write(connection: Connection) -> None:
    """Begin a transaction that will write. On SQLite the write lock is taken now (BEGIN IMMEDIATE), so a later write cannot lose a race.

    Every further transaction of this connection begins the same way. Commit or roll back on the connection; savepoints nest inside.
    """
    if connection.dialect.name == "sqlite":
        connection.execution_options(**{BEGIN: "BEGIN IMMEDIATE"})
    connection.begin()


def upgrade(engine: Engine, role: str = APPLICATION_ROLE) -> None:
    """Bring the schema to this program's revision, walls included, in one transaction: killed anywhere, it starts again from before.

    On PostgreSQL the caller owns the tables, and `role` is given what the program needs. Raises StoreMismatch for a file that is no
    database, for a database that a newer program made, and when there is no such role.
    """
    from casework.store.migrations.run import bring_up  # noqa: PLC0415 - alembic takes as long to load as all else that serving needs

    _refuse_damaged_file(engine, may_be_missing=True)
    try:
        with engine.connect() as connection:
            begin_write(connection)
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})")
            if _revision(connection) != REVISIONS[-1]:
                walls.take_down(connection)
                bring_up(connection)
                walls.build(connection)
            _admit(connection, role)
            connection.commit()
    except DBAPIError as error:
        raise StoreMismatch(_words_for(error)) from error


def admit(engine: Engine, role: str) -> None:
    """Give the application's role its rights: what a dump was made without. Raises StoreMismatch when there is no such role."""
    try:
        with engine.connect() as connection:
            begin_write(connection)
            _admit(connection, role)
            connection.commit()
    except DBAPIError as error:
        raise StoreMismatch(_words_for(error)) from error


def _admit(connection: Connection, role: str) -> None:
    if not walls.admit(connection, role):
        msg = f"there is no role {role}: let the database's administrator run CREATE ROLE {role} LOGIN PASSWORD '...', then try again"
        raise StoreMismatch(msg)


def require_current(engine: Engine) -> None:
    """Check cheaply that this is our database at our revision with every wall standing. Raises StoreMismatch saying what to do."""
    _refuse_damaged_file(engine, may_be_missing=False)
    try:
        with engine.connect() as connection:
            _refuse_other_revision(connection)
            _refuse_missing_columns(connection)
            breached = walls.breaches(connection)
    except (DBAPIError, sqlite3.Error) as error:
        raise StoreMismatch(_words_for(error)) from error
    if breached:
        msg = f"walls were dropped or altered past the program ({', '.join(breached)}): {_DAMAGED}"
        raise StoreMismatch(msg)


def refuse_owner(engine: Engine) -> None:
    """The program serves as a role that owns nothing, or the walls would be its own to drop. Raises StoreMismatch saying what to do."""
    if engine.dialect.name != "postgresql":
        return
    with engine.connect() as connection:
        owns = connection.exec_driver_sql(
            "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'event'::regclass",
        ).scalar_one()
    if owns:
        msg = "this role owns the tables: serve with the application role's address, the owner's is for `casework db upgrade`"
        raise StoreMismatch(msg)


@contextmanager
def refused_rights() -> Iterator[None]:
    """Say what to do when a role may not write what it has to: the owner's upgrade was not run for this program's definitions."""
    try:
        yield
    except Unavailable as error:
        cause = error.__cause__
        if isinstance(cause, DBAPIError) and getattr(cause.orig, "sqlstate", None) == RIGHT_REFUSED:
            msg = "this program's definitions are not published yet: run `casework db upgrade` with the owner's address"
            raise StoreMismatch(msg) from error
        raise


def _prepare_sqlite(connection: sqlite3.Connection, _record: object, *, pragmas: tuple[str, ...]) -> None:
    """Take transactions out of the driver's hands (it would commit before DDL and begin too late), then set what must always hold."""
    connection.isolation_level = None
    for pragma in pragmas:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    """Begin, unless whoever holds the pen has done so on the driver's own connection."""
    if connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
        return
    connection.exec_driver_sql(connection.get_execution_options().get(BEGIN, "BEGIN"))


def _keep_plans(connection: Any, _record: object) -> None:
    """Let a connection keep every statement of ours: beyond a hundred the driver would have some planned anew, at 5 ms and more."""
    connection.prepared_max = STATEMENTS


def _begin_postgresql(connection: Connection, *_: object) -> None:
    """Begin before the first statement that SQLAlchemy sends. What drivers send themselves begins in its own round trip (driver.py).

    The library's own BEGIN is not used: it would be waited for alone.
    """
    driver_of(connection).begin()


def _in_memory(database: str | None, backend: str) -> bool:
    return backend == "sqlite" and database in {None, "", ":memory:"}


def _revision(connection: Connection) -> str | None:
    """Return the stored revision, or None for an empty database. Raises StoreMismatch for one this program does not know."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    stored = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if stored is not None and stored not in REVISIONS:
        msg = "the database was made by a newer program, or by another one: install that program, or restore a backup from before"
        raise StoreMismatch(msg)
    return None if stored is None else str(stored)


def _refuse_other_revision(connection: Connection) -> None:
    stored = _revision(connection)
    if stored is None:
        msg = "the database has no tables of this program: run `casework db upgrade`"
        raise StoreMismatch(msg)
    if stored != REVISIONS[-1]:
        msg = f"the database is at revision {stored}, this program needs {REVISIONS[-1]}: make a backup, then run `casework db upgrade`"
        raise StoreMismatch(msg)


_COLUMNS = {
    "sqlite": "SELECT t.name, c.name FROM sqlite_schema AS t JOIN pragma_table_xinfo(t.name) AS c WHERE t.type = 'table'",
    "postgresql": """SELECT t.relname, c.attname FROM pg_class AS t JOIN pg_attribute AS c ON c.attrelid = t.oid
        WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r' AND c.attnum > 0 AND NOT c.attisdropped""",
}
"""Every column of every table, asked once: reflecting and compiling each table's own question took longer than all else at start-up."""


def _refuse_missing_columns(connection: Connection) -> None:
    """Read the schema, and from a file one row of each table: a damaged root page is met here and not in the middle of a decision.

    A server answers for its own pages; and nobody having asked yet, row-level security would have it look at every row for one to show.
    A file is asked by the driver itself: to dress up a thousand names and a row of each table as rows takes longer than to read them.
    """
    raw = connection.connection.driver_connection
    ask: Callable[[str], Any] = raw.execute if isinstance(raw, sqlite3.Connection) else connection.exec_driver_sql
    found = {(table, column) for table, column in ask(_COLUMNS[connection.dialect.name])}
    tables = (*metadata.tables.values(),)
    missing = [table.name for table in tables if not {(table.name, column.name) for column in table.columns} <= found]
    if missing:
        msg = f"tables or columns are missing ({', '.join(missing)}): {_DAMAGED}"
        raise StoreMismatch(msg)
    for look in _looks(tuple(map(connection.dialect.identifier_preparer.format_table, tables)), connection.dialect.name):
        ask(look).fetchone()


def _looks(tables: tuple[str, ...], engine: str) -> tuple[str, ...]:
    if engine == "sqlite":
        return tuple(f"SELECT * FROM {table} LIMIT 1" for table in tables)  # noqa: S608 - our own tables' names
    return (" UNION ALL ".join(f"SELECT 1 FROM (SELECT * FROM {table} LIMIT 0) AS rows" for table in tables),)  # noqa: S608 - our own


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


def _words_for(error: DBAPIError | sqlite3.Error) -> str:
    """Say what to do without the driver's text, which may quote values."""
    met = error.orig if isinstance(error, DBAPIError) else error
    if getattr(met, "sqlstate", None) == RIGHT_REFUSED:
        return "this role may not do that: use the owner's address for `casework db upgrade`, the application role's for everything else"
    code = getattr(met, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return "the database is in use by another program: stop it, then try again"
    if code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
        return "the database cannot be read or written: check the path, the disk and the permissions"
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}:
        return _DAMAGED
    return "the database answered with an error: check its address and rights, that it is running, and that nobody changed its tables"
