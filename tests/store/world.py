"""A small town for the walls: one toy definition, a few people, two cases; and somebody with raw SQL and no good intentions."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from psycopg.rows import dict_row

from casework.errors import Law
from casework.ledger.event import Actor, Event, Kind, Rules, Signature, Through, encode_event, event_hash
from casework.machines.engine import HELD, AnyLive, Approval, Ask, Definition, State, Transition, compile_machine
from casework.store import database
from casework.store.publish import publish
from casework.words import Words
from tests.databases import Database, File, Served, spoken
from tests.postgresql import APPLICATION, OWNER

AT = "2026-11-22T02:20:25.123456Z"
LATER = "2026-11-23T02:20:25.000000Z"
LAW = (Law("a test", "DESIGN"),)
WORD = Words("kata", "word")
ONE = (Approval("supervisor"),)
TWO = (Approval("supervisor"), Approval("dinas_head"))


class ToyFacts(msgspec.Struct, frozen=True):
    """What toy guards may see: who asks."""

    ask: Ask


def _row(trigger: str, sources: Any, dest: str, approvals: tuple[Approval, ...] = (), *, new_round: bool = False) -> Transition[ToyFacts]:
    return Transition(trigger, WORD, sources, dest, approvals=approvals, new_round=new_round, law=LAW)


TOY = compile_machine(
    Definition(
        name="toy",
        version=1,
        initial="reported",
        states=(
            State("reported", WORD),
            State("planned", WORD),
            State("family", WORD),
            State("institution", WORD),
            State("missing", WORD, kind="apart"),
            State("closed", WORD, kind="apart"),
        ),
        transitions=(
            _row("plan", ("reported",), "planned"),
            _row("support", ("planned",), "family", ONE),
            _row("admit", ("planned",), "institution", TWO),
            _row("lose", AnyLive(), "missing"),
            _row("find", ("missing",), HELD),
            _row("close", ("family", "institution"), "closed", ONE),
            _row("reopen", ("closed",), "reported", ONE, new_round=True),
        ),
    )
)
TOY_2 = compile_machine(msgspec.structs.replace(TOY.definition, version=2))

PEOPLE = ("worker", "supervisor", "head", "other")
CASE = "case-1"
FRESH = "case-2"


class Raw:
    """A plain sqlite3 connection without this program's settings: triggers that recurse are off, and so is what the pragmas say."""

    no: tuple[type[Exception], ...] = (sqlite3.IntegrityError,)
    """How a wall says no."""
    words = r"^wall: "

    def __init__(self, path: Path, *pragmas: str) -> None:
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        for pragma in pragmas:
            self.connection.execute(f"PRAGMA {pragma}")

    def run(self, sql: str, *values: Any) -> int:
        """Execute one statement, committed at once, and return how many rows it says it touched."""
        return self.connection.execute(sql, values).rowcount

    def close(self) -> None:
        """Give the connection back."""
        self.connection.close()

    def one(self, sql: str, *values: Any) -> dict[str, Any]:
        """Return the one row of a query."""
        return dict(self.connection.execute(sql, values).fetchone())

    def every(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """Return all rows of a query."""
        return [dict(row) for row in self.connection.execute(sql, values).fetchall()]

    def insert(self, table: str, row: dict[str, Any], verb: str = "INSERT", tail: str = "") -> int:
        """Insert a row given by column."""
        columns = ", ".join(f'"{name}"' for name in row)
        places = ", ".join("?" for _ in row)
        return self.run(f"{verb} INTO {table} ({columns}) VALUES ({places}) {tail}", *row.values())

    def case(self, case_id: str = CASE) -> dict[str, Any]:
        """Return a case's row."""
        return self.one("SELECT * FROM care_case WHERE id = ?", case_id)

    def event(
        self, case_id: str = CASE, trigger: str = "", dest: str = "", approvers: tuple[str, ...] = (), **changed: Any
    ) -> dict[str, Any]:
        """Return the row of a lawful next event of a case (a move when `dest` is given), with columns changed afterwards."""
        return next_event(self.case(case_id), trigger, dest, approvers, **changed)

    def everything(self) -> list[str]:
        """Return the whole database as text: schema and every row."""
        return [*self.connection.iterdump()]


class RawServed(Raw):
    """A plain connection to PostgreSQL as one of its two roles. What only SQLite can say (OR REPLACE) is said without it."""

    no: tuple[type[Exception], ...] = (psycopg.IntegrityError,)

    def __init__(self, database: Served, role: str, *, kept: bool = False) -> None:
        self.database = database
        open_one = database.server.kept if kept else database.server.connect
        self.served: psycopg.Connection[Any] = open_one(database.name, role, row_factory=dict_row)
        if role == APPLICATION:
            self.no = (psycopg.IntegrityError, psycopg.errors.InsufficientPrivilege)
            self.words = r"^(wall: |permission denied|must be owner)"
            self.run("SELECT set_config('casework.scope', 'writer', false)")

    def run(self, sql: str, *values: Any) -> int:
        return self.served.execute(spoken(sql.replace(" OR REPLACE", "").replace(" OR IGNORE", "")), values).rowcount

    def close(self) -> None:
        self.served.close()
        self.database.rest()

    def one(self, sql: str, *values: Any) -> dict[str, Any]:
        row = self.served.execute(spoken(sql), values).fetchone()
        if row is None:
            raise LookupError(sql)
        return dict(row)

    def every(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in self.served.execute(spoken(sql), values).fetchall()]

    def everything(self) -> list[str]:
        return [f"{table}: {row}" for table, rows in self.database.dump().items() for row in rows]


MODES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "as the program": ("sqlite", ("foreign_keys = ON",)),
    "foreign keys off": ("sqlite", ("foreign_keys = OFF",)),
    "checks off too": ("sqlite", ("foreign_keys = OFF", "ignore_check_constraints = ON", "recursive_triggers = OFF")),
    "postgresql, as the owner": ("postgresql", (OWNER,)),
    "postgresql, as the application": ("postgresql", (APPLICATION,)),
}
"""As whom, on which engine: pragmas of SQLite, a role of PostgreSQL."""
ON_SQLITE = tuple(mode for mode, (engine, _) in MODES.items() if engine == "sqlite")


def raw_on(database: Database, mode: str) -> Raw:
    """Return a connection past the program."""
    _, how = MODES[mode]
    if isinstance(database, Served):
        return RawServed(database, *how)
    if isinstance(database, File):
        return Raw(database.path, *how)
    raise TypeError(database)


@contextmanager
def on_probation(database: Database, mode: str) -> Iterator[Raw]:
    """Give somebody past the program one transaction on a database that others use: whatever they do is rolled back."""
    raw = RawServed(database, *MODES[mode][1], kept=True) if isinstance(database, Served) else raw_on(database, mode)
    raw.run("BEGIN")
    yield raw
    raw.run("ROLLBACK")
    if isinstance(raw, RawServed):
        raw.database.rest()
    else:
        raw.close()


def furnished(towns: Callable[[str], Database], furnish: Callable[[Database], None]) -> Callable[[str], Database]:
    """Return the town on an engine with more in it: made once, to be copied."""

    @cache
    def town(engine: str) -> Database:
        copy = towns(engine).copy()
        furnish(copy)
        return copy

    return town


def next_event(
    case: dict[str, Any], trigger: str = "", dest: str = "", approvers: tuple[str, ...] = (), kind: Kind = "task_done", **changed: Any
) -> dict[str, Any]:
    """Return the row of the next event of a case, chained and projected as the program does it."""
    machine = TOY if case["version"] == 1 else TOY_2
    row = machine.transition(case["state"], trigger)
    entry = Event(
        stream=f"case:{case['id']}",
        seq=case["seq"] + 1,
        prev=case["head"],
        kind="moved" if dest else kind,
        occurred_at=LATER,
        recorded_at=LATER,
        actor=Actor(person="worker", account="account-worker", role="social_worker", office="office"),
        through=Through(),
        rules=Rules(machine="toy", version=case["version"], definition=machine.digest),
        case=case["id"],
        trigger=trigger,
        source=case["state"],
        dest=dest or case["state"],
        round=case["round"] + bool(row and row.new_round),
        requester="worker" if approvers else "",
        evidence_digest="digest",
        approvals=tuple(Signature(request="request", role="supervisor", person=person, digest="digest", at=AT) for person in approvers),
        reason_code="goals_met" if dest == "closed" else "",
    )
    return project(entry) | changed


def project(entry: Event) -> dict[str, Any]:
    """Return the row that stores an entry."""
    body = encode_event(entry)
    signers: list[str | None] = [signature.person for signature in entry.approvals]
    return {
        "case_id": entry.case,
        "seq": entry.seq,
        "kind": entry.kind,
        "machine": entry.rules.machine,
        "version": entry.rules.version,
        "trigger": entry.trigger,
        "source": entry.source,
        "dest": entry.dest,
        "round": entry.round,
        "approvals_before": len(signers),
        "actor": entry.actor.person,
        "on_behalf_of": entry.actor.on_behalf_of,
        "requester": entry.requester or None,
        "approver_1": [*signers, None][0],
        "approver_2": [*signers, None, None][1],
        "occurred_at": entry.occurred_at,
        "recorded_at": entry.recorded_at,
        "prev": entry.prev,
        "hash": event_hash(body),
        "body": body,
    }


def new_case(case_id: str, number: str, **changed: Any) -> dict[str, Any]:
    """Return the row of a case at the beginning of the toy definition."""
    return {
        "id": case_id,
        "number": number,
        "child_id": "child",
        "office_id": "office",
        "machine": "toy",
        "version": 1,
        "state": "reported",
        "seq": 0,
        "head": "0" * 64,
        "round": 1,
        "opened_at": AT,
        "entered_at": AT,
        "round_started_at": AT,
    } | changed


def found(place: Database) -> None:
    """Make the town: both definitions published, a case that was planned, a case at its beginning."""
    engine = database.open_engine(place.owner)
    database.upgrade(engine)
    with engine.connect() as connection:
        database.begin_write(connection)
        publish(connection, TOY, AT)
        publish(connection, TOY_2, AT)
        connection.commit()
    engine.dispose()
    raw = raw_on(place, "as the program" if place.engine == "sqlite" else "postgresql, as the owner")
    raw.insert("office", {"id": "office", "name": "Dinas", "kind": "dinas"})
    for person in PEOPLE:
        raw.insert("person", {"id": person, "name": person, "created_at": AT})
    child = {"name": "Anak", "sex": "female", "born_precision": "unknown", "religion": "islam", "salt": b"salt", "created_at": AT}
    raw.insert("child", {"id": "child", **child})
    raw.insert("child", {"id": "sibling", **child})
    raw.insert("host", {"id": "host", "kind": "lksa", "name": "Panti", "status": "registered", "created_at": AT})
    raw.insert("care_case", new_case(CASE, "KKR-2026-0001"))
    raw.insert("care_case", new_case(FRESH, "KKR-2026-0002", child_id="sibling"))
    raw.insert("event", raw.event(kind="case_registered"))
    raw.insert("event", raw.event(trigger="plan", dest="planned"))
    raw.insert("event", raw.event())
    raw.close()


def refused_inside(raw: Raw, attack: Callable[[], object]) -> None:
    """Within a transaction: a wall says no, and nothing is otherwise than before."""
    before = raw.everything()
    raw.run("SAVEPOINT before_it")
    with pytest.raises(raw.no, match=raw.words):
        attack()
    raw.run("ROLLBACK TO before_it")
    assert raw.everything() == before
