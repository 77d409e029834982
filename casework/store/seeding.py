"""Writing a seeding: many stamped cases at a time, past the units but never past the walls. And the marks that say how far it came.

Every row passes every wall, as a service's would: a case begins at its beginning and is moved by its entries, a record begins as its
author's own and is countersigned afterwards, a process makes its steps one by one. So nothing has to be rebuilt, and an interrupted
seeding is a shorter one. (Without walls, `store/bare.py`, the same rows are written as they stand in the end.)
The marks stand beside the running numbers (`counter`), and change in the same transaction as the rows they are about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import msgspec
from sqlalchemy import Table, text

from casework.errors import Conflict, StoreMismatch
from casework.ledger.event import NO_HASH
from casework.store import database
from casework.store.failures import named_failures
from casework.store.keys import fingerprint
from casework.store.limits import Limits
from casework.store.schema import (
    account,
    actor_event,
    approval_decision,
    approval_request,
    assignment,
    body,
    care_case,
    child,
    child_gram,
    child_key,
    data_key,
    document,
    event,
    host,
    host_offer,
    metadata,
    office,
    person,
    placement,
    process,
    process_step,
    read_receipt,
    record,
    relative,
    staff,
    task,
)
from casework.store.unfinished import OPEN
from casework.store.unit import Unit

Line = tuple[Any, ...]
"""One row: the values in the order of the table's columns."""

SEEDING_LOCK = 7_221_903
"""PostgreSQL advisory lock: any number that nobody else uses."""
WRITTEN, WANTED, SEED, DAY = "seeding/written", "seeding/wanted", "seeding/seed", "seeding/day"
_OF_CASE = (care_case, record, document, event, process, host_offer, placement, approval_request, task)
WORLD: tuple[Table, ...] = (office, person, host, staff, body, account, assignment, actor_event)
"""What stands before the first case of a regency is written, each after those it refers to."""
BEFORE_EVENTS: tuple[Table, ...] = (data_key, child, child_key, child_gram, relative, care_case, record, document)
AFTER_EVENTS: tuple[Table, ...] = (host_offer, placement, approval_request, approval_decision, task, read_receipt)
LATER: Mapping[str, tuple[str, ...]] = {
    "record": ("status", "verified_by", "verifier_role", "verified_at", "countersigned_by", "countersigned_at", "voided_at"),
    "document": ("compared_by", "compared_role", "compared_at"),
}
"""What other people do to a row after it began: written in a second statement, as the walls demand."""


class Mark(msgspec.Struct, frozen=True):
    """How far a seeding came: cases written and wanted, from which seed, as of which day (ordinal), and whether it may be served."""

    written: int
    wanted: int
    seed: int
    day: int
    open: bool


class Batch(msgspec.Struct, frozen=True):
    """Cases `start` up to `stop`, ready to be written: rows by table, entries by their number in their case, steps by theirs, what follows.

    `later` holds, by table, the values of the columns in LATER and the row's id. `numbers` are the running numbers reached, by name.
    For PostgreSQL the rows are COPY text already.
    """

    start: int
    stop: int
    rows: Mapping[str, Sequence[Line] | bytes]
    entries: tuple[Sequence[Line] | bytes, ...]
    later: Mapping[str, Sequence[Line]]
    numbers: dict[str, int]
    events: int
    steps: tuple[Sequence[Line] | bytes, ...] = ()


def rows_of_case(unit: Unit, case_id: str) -> dict[str, tuple[dict[str, Any], ...]]:
    """Return every row about a case and its child, by table, in the order in which they were written (SQLite)."""

    def found(table: Table, *where: Any) -> tuple[dict[str, Any], ...]:
        return tuple(row._asdict() for row in unit.rows(table.select().where(*where).order_by(text("rowid"))))

    taken = {table.name: found(table, (table.c.id if table is care_case else table.c.case_id) == case_id) for table in _OF_CASE}
    child_id = taken["care_case"][0]["child_id"]
    taken["child"] = found(child, child.c.id == child_id)
    taken["relative"] = found(relative, relative.c.child_id == child_id)
    taken["approval_decision"] = found(
        approval_decision, approval_decision.c.request_id.in_(row["id"] for row in taken["approval_request"])
    )
    taken["process_step"] = found(process_step, process_step.c.process_id.in_(row["id"] for row in taken["process"]))
    items = [row["id"] for name in ("record", "document") for row in taken[name]]
    taken["read_receipt"] = found(read_receipt, read_receipt.c.item.in_(items))
    return taken


def columns_of(table: str) -> tuple[str, ...]:
    """Return the names of a table's columns in their order."""
    return tuple(metadata.tables[table].columns.keys())


def beginning(table: str, row: dict[str, Any], initial: str) -> dict[str, Any]:
    """Return a row as it begins: what others do to it later is left out, and a case or a process stands where every one begins."""
    if table == "process":
        return {**row, "state": initial, "steps": 0, "entered_at": row["opened_at"]}
    if table == "care_case":
        start = {"state": initial, "seq": 0, "head": NO_HASH, "round": 1, "closed_reason": None}
        return {**row, **start, "entered_at": row["opened_at"], "round_started_at": row["opened_at"]}
    begun = {**row, **dict.fromkeys(LATER.get(table, ()))}
    return {**begun, "status": "signed"} if table == "record" else begun


class Pipe(Protocol):
    """The driver's own connection, as a seeding needs it. `?` stands for a value."""

    def begin(self) -> None:
        """Begin a transaction that writes."""

    def rows(self, query: str, *values: Any) -> list[Line]:
        """Ask."""

    def run(self, statement: str, lines: Sequence[Line]) -> None:
        """Run a statement once for each line of values."""

    def say(self, statement: str) -> None:
        """Run a statement without values."""

    def add(self, table: Table, lines: Sequence[Line] | bytes) -> None:
        """Insert rows: values, or COPY text on PostgreSQL."""

    def commit(self) -> None:
        """Keep it."""


class SqlitePipe:
    """Rows go in one by one inside one transaction. A crash loses at most the last transactions, never the file (WAL)."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        for pragma in ("synchronous = NORMAL", "cache_size = -262144", "wal_autocheckpoint = 20000"):
            raw.execute(f"PRAGMA {pragma}")

    def begin(self) -> None:
        """Take the write lock now."""
        self._raw.execute("BEGIN IMMEDIATE")

    def rows(self, query: str, *values: Any) -> list[Line]:
        """Ask."""
        return list(self._raw.execute(query, values))

    def run(self, statement: str, lines: Sequence[Line]) -> None:
        """Run a statement once for each line of values."""
        self._raw.executemany(statement, lines)

    def say(self, statement: str) -> None:
        """Run a statement without values."""
        self._raw.execute(statement)

    def add(self, table: Table, lines: Sequence[Line] | bytes) -> None:
        """Insert rows."""
        if lines:
            self._raw.executemany(_INSERTS[table.name], lines)

    def commit(self) -> None:
        """Keep it."""
        self._raw.execute("COMMIT")


class PostgresqlPipe:
    """Rows go in with COPY, through the same triggers. The owner's connection, without the time-outs of the service."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        for setting in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            raw.execute(f"SET {setting} = 0")
        raw.execute("SET synchronous_commit = off")
        raw.commit()

    def begin(self) -> None:
        """Let no second seeding write at the same time."""
        self._raw.execute("SELECT pg_advisory_xact_lock(%s)", (SEEDING_LOCK,))

    def rows(self, query: str, *values: Any) -> list[Line]:
        """Ask."""
        return list(self._raw.execute(query.replace("?", "%s"), values).fetchall())

    def run(self, statement: str, lines: Sequence[Line]) -> None:
        """Run a statement once for each line of values."""
        if lines:
            self._raw.cursor().executemany(statement.replace("?", "%s"), lines)

    def say(self, statement: str) -> None:
        """Run a statement without values."""
        self._raw.execute(statement)

    def add(self, table: Table, lines: Sequence[Line] | bytes) -> None:
        """Insert rows."""
        if not lines:
            return
        with self._raw.cursor().copy(_COPIES[table.name]) as copy:
            copy.write(lines if isinstance(lines, bytes) else copy_text(lines))

    def commit(self) -> None:
        """Keep it."""
        self._raw.commit()


def copy_text(lines: Sequence[Line]) -> bytes:
    """Return rows as PostgreSQL's COPY reads them."""
    return "".join("\t".join([_told(value) for value in line]) + "\n" for line in lines).encode()


def _told(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    said = value if isinstance(value, str) else str(value)
    if "\\" in said or "\n" in said or "\t" in said or "\r" in said:
        return said.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return said


class Seeding:
    """A database that is being seeded. `engine` is `sqlite` or `postgresql`."""

    def __init__(self, engine: str, pipe: Pipe) -> None:
        self.engine = engine
        self._pipe = pipe

    def mark(self) -> Mark | None:
        """Return how far an earlier seeding came, or None when there was none."""
        found: dict[str, int] = dict(self._ask("SELECT name, value FROM counter"))
        if OPEN not in found:
            return None
        return Mark(found[WRITTEN], found[WANTED], found[SEED], found[DAY], bool(found[OPEN]))

    def counted(self) -> dict[str, int]:
        """Return how many offices, accounts, children and cases there are."""
        ((offices, accounts, children, cases),) = self._ask(_COUNTED)
        return {"office": offices, "account": accounts, "child": children, "care_case": cases}

    def wrapped_key(self, holder: str) -> str:
        """Return a holder's key as the database has it."""
        ((wrapped,),) = self._ask("SELECT wrapped FROM data_key WHERE holder = ?", holder)
        return str(wrapped)

    def begin(self, mark: Mark, key: bytes) -> None:
        """Write the marks: from now on the database is not served until `finish`. Every child is indexed with this search key.

        Raises StoreMismatch when another key is in force.
        """
        self._pipe.begin()
        in_force = self._pipe.rows("SELECT fingerprint FROM search_key")
        if not in_force:
            self._pipe.run("INSERT INTO search_key (id, fingerprint, complete) VALUES (1, ?, 1)", [(fingerprint(key),)])
        elif in_force != [(fingerprint(key),)]:
            msg = "the search key is not the one this database was indexed with: put the right file back, or drop the database"
            raise StoreMismatch(msg)
        self._count({OPEN: 1, WRITTEN: mark.written, WANTED: mark.wanted, SEED: mark.seed, DAY: mark.day})
        self._pipe.commit()

    def write(self, batch: Batch) -> None:
        """Write a batch and its mark in one transaction. Raises Conflict when somebody else has written these cases."""
        self._pipe.begin()
        ((written,),) = self._pipe.rows("SELECT value FROM counter WHERE name = ?", WRITTEN)
        if written != batch.start:
            msg = f"the database stands at case {written}, not at {batch.start}: another seeding is running"
            raise Conflict(msg)
        for table in (*WORLD, *BEFORE_EVENTS):
            self._pipe.add(table, batch.rows.get(table.name, ()))
        for entries in batch.entries:
            self._pipe.add(event, entries)
        for name, lines in batch.later.items():
            self._pipe.run(_UPDATES[name], lines)
        self._pipe.add(process, batch.rows.get(process.name, ()))
        for steps in batch.steps:
            self._pipe.add(process_step, steps)
        for table in AFTER_EVENTS:
            self._pipe.add(table, batch.rows.get(table.name, ()))
        self._count({**batch.numbers, WRITTEN: batch.stop})
        self._pipe.commit()

    def refresh_plans(self) -> None:
        """Let the engine look at what it holds now."""
        self._pipe.say("ANALYZE")
        if self.engine == "postgresql":
            self._pipe.commit()

    def finish(self, password_hash: str) -> None:
        """Give every account its password and let the database be served."""
        self._pipe.begin()
        self._pipe.run("UPDATE account SET password_hash = ?", [(password_hash,)])
        self._count({OPEN: 0})
        self._pipe.commit()

    def _ask(self, query: str, *values: Any) -> list[Line]:
        found = self._pipe.rows(query, *values)
        if self.engine == "postgresql":
            self._pipe.commit()
        return found

    def _count(self, values: Mapping[str, int]) -> None:
        self._pipe.run(_COUNT, [*values.items()])


@contextmanager
def opened(target: str, limits: Limits | None = None, *, bare: bool = False) -> Iterator[Seeding]:
    """Open a database for seeding, as its owner. `bare`: nobody looks at foreign keys.

    Raises StoreMismatch when the database refuses, Conflict for two seedings at once.
    """
    engine = database.open_engine(target, limits)
    try:
        with named_failures(), engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            name = connection.dialect.name
            if bare and name == "sqlite":
                raw.execute("PRAGMA foreign_keys = OFF")
            yield Seeding(name, SqlitePipe(raw) if name == "sqlite" else PostgresqlPipe(raw))
    finally:
        engine.dispose()


def require_walls(target: str, limits: Limits | None = None) -> None:
    """Check that the schema is ours and every wall stands. Raises StoreMismatch."""
    engine = database.open_engine(target, limits)
    try:
        database.require_current(engine)
    finally:
        engine.dispose()


def _insert(table: Table) -> str:
    return f"INSERT INTO {table.name} ({_columns(table)}) VALUES ({', '.join('?' * len(table.columns))})"  # noqa: S608 - our own names


def _columns(table: Table) -> str:
    return ", ".join(f'"{name}"' for name in columns_of(table.name))


_FILLED = (*WORLD, *BEFORE_EVENTS, event, process, process_step, *AFTER_EVENTS)
_INSERTS = {table.name: _insert(table) for table in _FILLED}
_COPIES = {table.name: f"COPY {table.name} ({_columns(table)}) FROM STDIN" for table in _FILLED}
_UPDATES = {
    name: f"UPDATE {name} SET {', '.join(f'{column} = ?' for column in columns)} WHERE id = ?"  # noqa: S608 - our own names
    for name, columns in LATER.items()
}
_COUNT = "INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
_COUNTED = """SELECT (SELECT count(*) FROM office), (SELECT count(*) FROM account), (SELECT count(*) FROM child),
    (SELECT count(*) FROM care_case)"""
