"""What only PostgreSQL has: two roles, row-level security, time-outs on everything, several hosts. No policy layer stands between here."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from casework.errors import StoreMismatch, Unavailable
from casework.machines.parameters import Parameters
from casework.services.sessions import NOBODY
from casework.store import database as opening
from casework.store.call import Call, Seat, Who
from casework.store.database import shown
from casework.store.limits import Limits
from casework.store.schema import metadata
from casework.store.store import Store
from casework.store.unit import Unit
from casework.store.walls import policies, roles
from tests.databases import Cluster, Database, Served, dropped
from tests.postgresql import APPLICATION, Server
from tests.store.beside import place
from tests.store.world import AT, CASE, FRESH, LATER, Raw, new_case, raw_on

NOW = datetime(2026, 11, 23, tzinfo=UTC)
AS_OWNER = pytest.mark.parametrize("mode", ["postgresql, as the owner"])
AS_APPLICATION = pytest.mark.parametrize("mode", ["postgresql, as the application"])
_CASES = text("SELECT count(*) FROM care_case")
HURRY = Limits(lock_seconds=0.2, pool_seconds=0.2, statement_seconds=1, idle_seconds=1, connections=1)


@pytest.fixture
def served(towns: Callable[[str], Database]) -> Iterator[Served]:
    with dropped(towns("postgresql").copy()) as copy:
        assert isinstance(copy, Served)
        yield copy


@pytest.fixture
def store(served: Served) -> Iterator[Store]:
    """The program, as its role, in a hurry."""
    owner = Store(served.owner, Parameters())
    owner.upgrade(NOW)
    owner.close()
    store = Store(served.target, Parameters(), limits=HURRY)
    yield store
    store.close()


def who(role: str, office: str, host: str | None = None) -> Who:
    return Who(person="p", account="a", name="n", seats=(Seat(role, office, host),))


def seen(store: Store, actor: Who, table: str = "care_case") -> list[Any]:
    """Return every row that raw SQL finds in an actor's reading transaction: nobody asks whether they may."""
    with store.read(Call(who=actor, at=NOW)) as unit:
        return [row[0] for row in unit.rows(text(f"SELECT {'id' if table == 'care_case' else 'case_id'} FROM {table} ORDER BY 1"))]  # noqa: S608


UNGUARDED = {"identity_change", "glass"}
"""Bound to a case and seen without one: what is said of a child stands in cells only the child's key opens; who broke which glass is asked
with the session, before anybody's scope is known."""


@AS_OWNER
def test_every_table_bound_to_a_case_is_under_row_level_security(raw: Raw) -> None:
    with_case = {table.name for table in metadata.sorted_tables if "case_id" in table.c and table.c.case_id.foreign_keys}
    guarded = {row["relname"] for row in raw.every("SELECT relname FROM pg_class WHERE relrowsecurity")}
    assert guarded == {*policies.tables()}
    assert with_case - guarded == UNGUARDED


def test_without_a_scope_nothing_is_there(served: Served) -> None:
    with closing(served.server.connect(served.name, APPLICATION)) as raw:
        for table in policies.tables():
            assert raw.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608 - our own tables' names
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            raw.execute("INSERT INTO task VALUES ('t', 'case-1', 'k', 'd', 'c', 1)")
        assert raw.execute("UPDATE care_case SET assigned_to = 'worker'").rowcount == 0
    assert served.rows("SELECT count(*) FROM care_case WHERE assigned_to IS NOT NULL")[0][0] == 0


def test_another_offices_cases_are_not_there_even_when_nobody_asks_who_may_see_them(served: Served, store: Store) -> None:
    served.rows("INSERT INTO office VALUES ('elsewhere', 'Dinas lain', 'dinas', NULL) RETURNING id")
    row = new_case("case-3", "KKR-2026-0003", office_id="elsewhere")
    columns, places = ", ".join(row), ", ".join("?" for _ in row)
    served.rows(f"INSERT INTO care_case ({columns}) VALUES ({places}) RETURNING id", *row.values())  # noqa: S608 - our own row
    assert seen(store, who("supervisor", "office")) == [CASE, FRESH]
    assert seen(store, who("supervisor", "elsewhere")) == ["case-3"]
    assert seen(store, who("supervisor", "nowhere")) == []
    assert seen(store, NOBODY) == []
    assert seen(store, who("auditor", "nowhere")) == [CASE, FRESH, "case-3"]
    assert seen(store, who("supervisor", "office"), "event") == [CASE] * 3
    assert seen(store, who("supervisor", "elsewhere"), "event") == []


def test_a_house_sees_the_children_who_live_there_or_were_offered_to_it(served: Served, store: Store) -> None:
    assert seen(store, who("lksa_head", "office", "host")) == []
    raw = raw_on(served, "postgresql, as the owner")
    place(raw, (("open", "", "proposed"), ("approve", "proposed", "approved"), ("start", "approved", "active")))
    raw.close()
    served.rows(
        "INSERT INTO host_offer (id, case_id, host_id, round, offered_by, offered_at) VALUES ('o', ?, 'host', 1, 'worker', ?) RETURNING id",
        FRESH, AT,
    )  # fmt: skip
    assert seen(store, who("lksa_head", "office", "host")) == [CASE, FRESH]
    assert seen(store, who("lksa_head", "office", "another")) == []


def test_who_works_in_the_field_sees_what_is_asked_of_them_until_its_day_or_its_end(served: Served, store: Store) -> None:
    in_field = Who(person="worker", account="seated", name="n", seats=(Seat("tksk", "office"),))
    known = {"id": "seated", "person_id": "worker", "username": "seated", "password_hash": "", "created_at": AT}
    seat = {"id": "seat", "account_id": "seated", "role": "tksk", "office_id": "office", "area": "64.02.06", "valid_from": AT}
    errand = {"id": "t", "case_id": CASE, "kind": "field_visit", "due_at": LATER, "created_at": AT, "created_seq": 1}
    raw = raw_on(served, "postgresql, as the owner")
    raw.insert("account", known)
    raw.insert("assignment", seat)
    assert seen(store, in_field) == seen(store, in_field, "event") == seen(store, in_field, "task") == []
    raw.insert("task", errand | {"office_id": "office", "worker": "worker", "district": "64.02.06"})
    assert seen(store, in_field) == [CASE]
    assert seen(store, in_field, "event") == [CASE] * 3
    assert {*seen(store, in_field, "task")} == {CASE}
    assert seen(store, who("tksk", "office")) == [], "asked of somebody else"
    assert seen(store, who("supervisor", "office")) == [CASE, FRESH]
    after = datetime.fromisoformat(LATER) + timedelta(seconds=1)
    with store.read(Call(who=in_field, at=after)) as unit:
        assert unit.rows(text("SELECT id FROM care_case")) == []
    raw.run("UPDATE task SET settled_at = ? WHERE id = 't'", LATER)
    raw.close()
    assert seen(store, in_field) == []


def test_a_scope_ends_with_its_transaction(store: Store) -> None:
    assert seen(store, who("auditor", "office")) == [CASE, FRESH]
    assert store.carry_out(Call(who=NOBODY, at=NOW), lambda unit: unit.row(_CASES)) == (2,)
    with store._engine.connect() as the_same_connection:
        assert the_same_connection.execute(_CASES).scalar_one() == 0


def test_who_only_reads_cannot_write(store: Store) -> None:
    with pytest.raises(Unavailable), store.read(Call(who=who("supervisor", "office"), at=NOW)) as unit:
        unit.run(text("UPDATE counter SET value = 0"))


@AS_APPLICATION
@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE mine (id text)",
        "DROP TRIGGER wall_event_update ON event",
        "ALTER TABLE care_case DISABLE ROW LEVEL SECURITY",
        "CREATE OR REPLACE FUNCTION wall_event_update() RETURNS trigger LANGUAGE sql AS ''",
        "DELETE FROM event",
        "DELETE FROM answer",
        "UPDATE event SET actor = 'other'",
        "UPDATE care_case SET state = state",
        "UPDATE machine_version SET sealed = 1",
        "UPDATE account SET username = 'other'",
        "DELETE FROM session",
        "SET ROLE casework_owner",
    ],
)
def test_the_applications_role_may_not(raw: Raw, sql: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.run(sql)


def test_every_column_that_may_be_changed_exists() -> None:
    assert {name: set(columns) - set(metadata.tables[name].columns.keys()) for name, columns in roles.CHANGED.items()} == {
        name: set() for name in roles.CHANGED
    }


def test_who_owns_the_tables_does_not_serve(served: Served, store: Store) -> None:
    owner = Store(served.owner, Parameters())
    with pytest.raises(StoreMismatch, match="owns the tables"):
        owner.prepare(NOW)
    owner.close()
    store.prepare(NOW)


def test_a_program_whose_definitions_the_owner_did_not_publish_is_told_what_to_do(served: Served) -> None:
    store = Store(served.target, Parameters())
    with pytest.raises(StoreMismatch, match="owner's address"):
        store.prepare(NOW)
    store.close()


def test_an_upgrade_names_the_role_that_is_missing(server: Server) -> None:
    with dropped(Cluster(server).new()) as empty:
        store = Store(empty.owner, Parameters())
        with pytest.raises(StoreMismatch, match="CREATE ROLE nobody_yet LOGIN"):
            store.upgrade(NOW, "nobody_yet")
        store.close()
        assert empty.rows("SELECT count(*) FROM pg_class WHERE relname = 'event'")[0][0] == 0


def test_a_held_lock_ends_in_unavailable_and_not_in_a_hang(served: Served, store: Store) -> None:
    with served.raw.transaction():
        served.raw.execute("LOCK TABLE counter")
        with pytest.raises(Unavailable):
            store.carry_out(Call(who=NOBODY, at=NOW), _count)
    assert store.carry_out(Call(who=NOBODY, at=NOW), _count) == 0


def _count(unit: Unit) -> int:
    return unit.run(text("UPDATE counter SET value = value + 1"))


def test_a_decision_waits_for_another_about_the_same_case_no_longer_than_the_lock_time(served: Served, store: Store) -> None:
    with served.raw.transaction():
        served.raw.execute("SELECT pg_advisory_xact_lock(hashtextextended('case-1', 0))")
        with pytest.raises(Unavailable):
            store.carry_out(Call(who=NOBODY, at=NOW), lambda unit: unit.lock(CASE))
        store.carry_out(Call(who=NOBODY, at=NOW), lambda unit: unit.lock(FRESH))


def test_a_statement_that_takes_too_long_is_ended(store: Store) -> None:
    with pytest.raises(Unavailable), store.read(Call(who=NOBODY, at=NOW)) as unit:
        unit.rows(text("SELECT pg_sleep(20)"))


def test_whoever_finds_no_connection_in_time_is_told(store: Store) -> None:
    with store.read(Call(who=NOBODY, at=NOW)), pytest.raises(Unavailable), store.read(Call(who=NOBODY, at=NOW)):
        pass


def test_a_transaction_in_which_nothing_happens_is_ended_and_the_store_goes_on(served: Served, store: Store) -> None:
    def work(unit: Unit) -> None:
        unit.rows(text("SELECT 1"))
        _until_it_is_ended(served)
        unit.rows(text("SELECT 1"))

    with pytest.raises(Unavailable):
        store.carry_out(Call(who=NOBODY, at=NOW), work)
    assert seen(store, who("auditor", "office")) == [CASE, FRESH]


def _until_it_is_ended(served: Served) -> None:
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND state = 'idle in transaction'"
    bell = threading.Event()
    with served.server.connect() as administrator:
        assert administrator.execute(waiting, (served.name,)).fetchone()
        for _ in range(200):
            if administrator.execute(waiting, (served.name,)).fetchone() is None:
                return
            bell.wait(0.05)
    raise AssertionError("nobody ended it")


def test_every_connection_has_its_time_outs(store: Store) -> None:
    names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    with store.read(Call(who=NOBODY, at=NOW)) as unit:
        assert [unit.rows(text(f"SHOW {name}"))[0][0] for name in names] == ["200ms", "1s", "1s"]


def test_a_statement_is_planned_once_in_a_connection_however_many_others_come_between(store: Store) -> None:
    with store.read(Call(who=NOBODY, at=NOW)) as unit:
        raw: Any = unit._connection.connection.driver_connection
        for number in range(150):
            raw.execute(f"SELECT %s::integer AS answer_{number}", (number,), prepare=True)
        (kept,) = raw.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%AS answer_%'").fetchone()
    assert kept == 150


def test_what_reads_the_whole_record_takes_its_time_and_nobody_after_it(store: Store) -> None:
    names = ("statement_timeout", "idle_in_transaction_session_timeout")
    for taken, expected in ((True, ["0", "0"]), (False, ["1s", "1s"])):
        with store.read(Call(who=who("auditor", "anywhere"), at=NOW)) as unit:
            if taken:
                unit.take_time()
            assert [unit.rows(text(f"SHOW {name}"))[0][0] for name in names] == expected


def test_of_several_hosts_the_one_that_answers_is_used(served: Served) -> None:
    first, second = served.server.folder / "nobody-there", served.server.folder
    for target in (
        f"postgresql://{APPLICATION}@/{served.name}?host={first}&host={second}",
        f"postgresql+psycopg://{APPLICATION}@/{served.name}?host={second}&host={first}&options=-c%20work_mem%3D5MB",
    ):
        engine = opening.open_engine(target)
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT current_user").scalar_one() == APPLICATION
            assert connection.exec_driver_sql("SHOW lock_timeout").scalar_one() == "5s"
            assert connection.exec_driver_sql("SHOW work_mem").scalar_one() == ("5MB" if "work_mem" in target else "4MB")
        engine.dispose()


def test_an_address_is_shown_without_its_password() -> None:
    assert shown("postgresql://app:secret@db/casework") == "postgresql://app:***@db/casework"
    assert shown("casework.sqlite3") == "casework.sqlite3"


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("DROP TRIGGER wall_event_delete ON event", "wall_event_delete"),
        ("ALTER TABLE event ENABLE TRIGGER wall_event_delete", "wall_event_delete"),
        ("ALTER TABLE event DISABLE TRIGGER wall_event_delete", "wall_event_delete"),
        ("CREATE OR REPLACE FUNCTION wall_event_delete() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'", "wall_event_delete"),
        ("ALTER TABLE record DISABLE ROW LEVEL SECURITY", "row_level_security_record"),
        ("DROP POLICY seen ON care_case", "row_level_security_care_case"),
    ],
)
def test_a_wall_that_the_owner_touched_is_named_at_the_door(served: Served, sql: str, named: str) -> None:
    served.raw.execute(sql)
    engine = opening.open_engine(served.target)
    with pytest.raises(StoreMismatch, match=named):
        opening.require_current(engine)
    engine.dispose()
