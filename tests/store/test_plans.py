"""No read of the work goes through the register: on a database that is large enough for a planner to choose, every plan is looked at."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Alias, Table, bindparam, select
from sqlalchemy.sql.visitors import iterate

from casework.store import (
    answers,
    approvals,
    facts,
    placements,
    registers,
    sessions,
    sifting,
)
from casework.store.gathering import asked_by_many, done_for_many
from casework.store.schema import care_case, event
from casework.store.statements import Query, together
from tests.databases import ENGINES, Database, File, Served, as_bytes, dropped, wreck
from tests.postgresql import APPLICATION
from tests.store.reads import READS, VALUES
from tests.store.world import AT

MANY = 20_000
BIG = frozenset(
    {
        "care_case",
        "event",
        "actor_event",
        "record",
        "document",
        "task",
        "approval_request",
        "approval_decision",
        "placement",
        "process",
        "process_step",
        "child",
        "assignment",
    }
)
"""Tables that grow with the work, and the seats of everybody who does it; offices and hosts do not."""
SERIES = f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {MANY})"  # noqa: S608 - our own
TENTH, WORKER = "n - n / 10 * 10", "'person' || (n - n / 200 * 200)"
STATE = "CASE n - n / 5 * 5 WHEN 0 THEN 'reported' WHEN 1 THEN 'planned' WHEN 2 THEN 'family' WHEN 3 THEN 'institution' ELSE 'closed' END"
DAY = "'2026-01-01T00:00:' || (100000 + n) || 'Z'"
CASE, OFFICE = "'case' || (100000 + n)", f"'office' || ({TENTH})"


def filler(database: Database) -> Iterator[str]:
    """Yield statements that fill the big tables: ten offices, two hundred workers, two entries a case.

    PostgreSQL is told what it holds, as its autovacuum does; SQLite is not, because nobody does.
    """
    blob = as_bytes(database, b"{}")

    def fill(table: str, **columns: str) -> str:
        return f"INSERT INTO {table} ({', '.join(columns)}) {SERIES} SELECT {', '.join(columns.values())} FROM s"  # noqa: S608 - our own

    child, at = "'child' || n", f"'{AT}'"
    yield fill("child", id=child, name="'Anak ' || n", sex="'female'", born_precision="'unknown'", religion="'islam'", salt=blob,
               created_at=at, nik="'640203' || (1000000000 + n)", kk="'640204' || (1000000000 + n / 3)", born="'2016-03-01'")  # fmt: skip
    yield fill("care_case", id=CASE, number="'N' || n", child_id=child, office_id=OFFICE, machine="'toy'", version="1", state=STATE,
               seq="2", head="'h'", round="1", assigned_to=WORKER, opened_at=at, entered_at=at, round_started_at=at)  # fmt: skip
    for seq in ("1", "2"):
        yield fill("event", case_id=CASE, seq=seq, kind="'moved'", machine="'toy'", version="1", **{'"trigger"': "'plan'"},
                   source="'reported'", dest="'planned'", round="1", approvals_before="0", actor=WORKER, occurred_at=DAY,
                   recorded_at=DAY, prev="'p'",
                   hash="'h'", body=blob)  # fmt: skip
    yield fill("actor_event", account_id=WORKER, seq="100 + n", case_id=CASE, kind="'refused'",
               outcome="CASE n - n / 2 * 2 WHEN 0 THEN 'done' ELSE 'refused' END", recorded_at=DAY,
               prev="'p'", hash="'h'", body=blob)  # fmt: skip
    yield fill("record", id="'record' || n", case_id=CASE, form="'F02'", round="1", status="'signed'", dated=DAY, author=WORKER,
               author_role="'social_worker'", body=blob, digest="'d'", salt=blob)  # fmt: skip
    yield fill("document", id="'paper' || n", case_id=CASE, round="1", kind="'court_order'", number="'1'", issuer="'PA'",
               issued_on="'2026-01-01'", digest="'d'", salt=blob, attached_by=WORKER, attached_at=DAY)  # fmt: skip
    yield fill("placement", id="'stay' || n", case_id=CASE, child_id=child, kind="'institution'", state="'institution'",
               status="'active'", host_id="'host' || (n / 40)", started_at=DAY, started_seq="2")  # fmt: skip
    yield fill("process", id="'process' || n", machine="'grievance'", version="1", state="'open'", steps="1", case_id=CASE,
               host_id="'host' || (n / 40)", office_id=OFFICE, opened_at=DAY, entered_at=DAY,
               wakes_at=f"CASE n - n / 4 * 4 WHEN 0 THEN {DAY} END")  # fmt: skip
    yield fill("process_step", process_id="'process' || n", n="1", stream=f"'case:' || {CASE}", seq="1", machine="'grievance'", version="1",
               **{'"trigger"': "'open'"}, source="''", dest="'open'", occurred_at=DAY)  # fmt: skip
    yield fill("host_offer", id="'offer' || n", case_id=CASE, host_id="'host' || (n / 40)", round="1", offered_by=WORKER, offered_at=DAY)
    yield fill("relative", id="'kin' || n", child_id=child, name="'Bibi'", relation="'bibi'", degree="3", status="'alive'",
               religion="'islam'", added_by=WORKER, created_at=DAY)  # fmt: skip
    yield fill("task", id="'task' || n", case_id=CASE, kind="'visit'", due_at=DAY, created_at=at, created_seq="2", office_id=OFFICE,
               worker=WORKER, settled_at="CASE n - n / 3 * 3 WHEN 0 THEN NULL ELSE 'x' END")  # fmt: skip
    turn = "CASE n - n / 9 * 9 WHEN 0 THEN 'supervisor' WHEN 1 THEN 'dinas_head' END"
    yield fill("approval_request", id="'request' || n", case_id=CASE, kind="'decision'", **{'"trigger"': "'admit'"}, subject="'{}'",
               needs="'supervisor,dinas_head'", digest="'d'", requester=WORKER, requested_at=DAY, due_at=DAY,
               status=f"CASE WHEN {turn} IS NULL THEN 'consumed' ELSE 'submitted' END", office_id=OFFICE, next_role=turn)  # fmt: skip
    yield fill("approval_decision", request_id="'request' || n", place="0", decision="'approve'", role="'supervisor'", person=WORKER,
               digest="'d'", at=DAY)  # fmt: skip
    yield fill("person", id="'person' || n", name="'Orang ' || n", created_at=at)
    yield fill("account", id="'account' || n", person_id="'person' || n", username="'orang' || n", active="1", created_at=at,
               password_hash="'-'")  # noqa: S106 - nobody can sign in with it  # fmt: skip
    yield fill("assignment", id="'seat' || n", account_id="'account' || n", role="'social_worker'", office_id=OFFICE, valid_from=at)
    if database.engine == "postgresql":
        yield "ANALYZE"


@pytest.fixture(scope="module", params=ENGINES)
def large(towns: Callable[[str], Database], request: pytest.FixtureRequest) -> Iterator[Database]:
    """A copy of the town with a register beside it."""
    with dropped(towns(request.param).copy()) as copy:
        wreck(copy, *filler(copy))
        yield copy


def names_of(queries: tuple[Query, ...]) -> dict[str, str]:
    """Return what the big tables are called in these queries: their own names and their aliases."""
    found = {name: name for name in BIG}
    for query in queries:
        for part in iterate(query.construct):
            if isinstance(part, Alias) and isinstance(part.element, Table) and part.element.name in BIG:
                found[str(part.name)] = part.element.name
    return found


def steps_of_file(path: Path, queries: tuple[Query, ...]) -> list[str]:
    """Return the steps of SQLite's plan."""
    compiled = together(queries, "sqlite") if len(queries) > 1 else queries[0].on("sqlite")
    with closing(sqlite3.connect(path)) as raw:
        return [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", compiled.with_values(VALUES))]


def scans_of_file(database: File, queries: tuple[Query, ...]) -> list[str]:
    """Return the steps of SQLite's plan that read a whole big table or a whole index of one, or make an index of one for themselves."""
    known, steps = names_of(queries), steps_of_file(database.path, queries)
    assert steps
    return [step for step in steps if step.split()[1] in known and (step.startswith("SCAN ") or "AUTOMATIC" in step)]


def scans_of_server(database: Served, queries: tuple[Query, ...], reach: str) -> list[str]:
    """Return the nodes of PostgreSQL's plan, as the application's role, that read a whole big table or a whole index of one."""
    compiled = together(queries, "postgresql")
    with closing(database.server.connect(database.name, APPLICATION)) as raw, raw.transaction():
        settings = {"scope": reach, "offices": VALUES["office"], "hosts": VALUES["host"] if "host" in compiled.names else ""}
        if reach == "field":
            settings = {"scope": "person", "offices": "", "asked": VALUES["person"], "now": AT}
        for name, value in settings.items():
            raw.execute("SELECT set_config(%s, %s, true)", (f"casework.{name}", value))
        (told,) = raw.execute(f"EXPLAIN (FORMAT JSON) {compiled.sql}", compiled.with_values(VALUES)).fetchone() or ("[]",)
    plan = told if isinstance(told, list) else json.loads(told)
    assert plan
    return [f"{node['Node Type']} on {node.get('Relation Name', node.get('Index Name'))}" for node in nodes(plan[0]["Plan"]) if whole(node)]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


def whole(node: dict[str, Any]) -> bool:
    """Whether a node reads a whole big table or index: of the entries too where it seeks by their number and not by their case."""
    if node.get("Index Name") == "pk_event" and "case_id" not in node.get("Index Cond", ""):
        return True
    return node.get("Relation Name") in BIG and (
        node["Node Type"] == "Seq Scan" or (node["Node Type"].startswith("Index") and "Index Cond" not in node)
    )


def scans(database: Database, queries: tuple[Query, ...], reach: str = "person") -> list[str]:
    if isinstance(database, File):
        return scans_of_file(database, queries)
    assert isinstance(database, Served)
    return scans_of_server(database, queries, reach)


RANGES = {
    "an office's cases": "ix_care_case_office_id_id (office_id=? AND id<?)",
    "an office's cases in a state": "ix_care_case_office_id_state_id (office_id=? AND state=? AND id<?)",
    "a worker's cases": "ix_care_case_assigned_to_office_id_id (assigned_to=? AND office_id=? AND id<?)",
    "a worker's cases in a state": "ix_care_case_assigned_to_office_id_state_id (assigned_to=? AND office_id=? AND state=? AND id<?)",
    "an office's cases by what is due": "ix_task_office_id_due (office_id=? AND (due_at,id)>(?,?))",
    "a worker's cases by what is due": "ix_task_worker_due (worker=? AND (due_at,id)>(?,?))",
    "what is overdue in an office": "ix_task_office_id_due (office_id=? AND (due_at,id)>(?,?) AND due_at<?)",
    "what a worker has to do": "ix_task_worker_due (worker=? AND (due_at,id)>(?,?) AND due_at<?)",
    "what a supervisor has to do": "ix_task_led_due (office_id=? AND (due_at,id)>(?,?) AND due_at<?)",
    "decisions waiting": "ix_approval_request_turn (office_id=? AND next_role=? AND kind=? AND (due_at,id)>(?,?))",
    "a case's older entries": "(case_id=? AND seq<?)",
    "what was tried on a case": "ix_actor_event_tried (case_id=? AND (recorded_at,account_id,seq)<(?,?,?))",
    "what the clock looks at": "ix_process_wakes_at (wakes_at<?)",
}
"""Where each page of a list begins: at the range of an index that holds exactly the lines still to come."""


@pytest.mark.parametrize("read", RANGES)
def test_a_page_begins_where_the_one_before_ended(path: Path, read: str) -> None:
    assert any(RANGES[read] in step for step in steps_of_file(path, READS[read]))


def shapes(*conditions: str) -> Iterator[frozenset[str]]:
    """Yield every combination of these conditions."""
    for many in range(len(conditions) + 1):
        yield from map(frozenset, combinations(conditions, many))


SIFTED = {
    **{("cases", shape): sifting.of_cases(shape) for shape in shapes("kind", "person", "case", "offices", "since")},
    **{
        ("persons", shape | {"tried"}): sifting.of_actors(shape | {"tried"})
        for shape in shapes("kind", "account", "case", "offices", "since", "done")
    },
    **{
        ("persons", shape | {"kind", "looks"}): sifting.of_actors(shape | {"kind", "looks"})
        for shape in shapes("account", "case", "offices", "since")
    },
}
"""What the trail asks for every combination of its filters."""
LEADING = {
    ("cases", "case"): ("pk_event (case_id=?)", "sqlite_autoindex_event_1 (case_id=?)"),
    ("cases", "person"): ("ix_event_actor (actor=?",),
    ("cases", "kind"): ("ix_event_kind (kind=?",),
    ("cases", ""): ("ix_event_recorded_at (",),
    ("persons", "case"): ("ix_actor_event_tried (case_id=?", "ix_actor_event_read_of_case (case_id=?"),
    ("persons", "account"): ("ix_actor_event_account (account_id=?", "(account_id=?"),
    ("persons", "kind"): ("ix_actor_event_kind (kind=?",),
    ("persons", ""): ("ix_actor_event_recorded_at (",),
}
"""The range that each question walks: that of the first of these that it names. Offices are looked at on the way."""


@pytest.mark.parametrize("told", SIFTED, ids=lambda told: f"{told[0]}: {' '.join(sorted(told[1]))}")
def test_the_trail_walks_one_range_whatever_is_asked_of_it(path: Path, told: tuple[str, frozenset[str]]) -> None:
    of, shape = told
    leading = next(name for where, name in LEADING if where == of and (not name or name in shape))
    steps = [step for step in steps_of_file(path, (SIFTED[told],)) if "event" in step.split()[1]]
    assert any(index in step for index in LEADING[of, leading] for step in steps), steps


def test_the_trail_scans_nothing_whatever_is_asked_of_it(large: Database) -> None:
    found = {
        (told, reach): scans(large, (query,), reach)
        for told, query in SIFTED.items()
        for reach in (("person", "whole") if "offices" in told[1] else ("whole",))
    }
    assert {told: steps for told, steps in found.items() if steps} == {}


OVER_EVERYTHING = {
    "everything about a case",
    "what the clock looks at",
    "who looked at a case",
    "who searched",
    "what an account has looked at",
    "what somebody reported",
    *(read for read in READS if read.startswith(("exceptions", "numbers", "sums"))),
}
"""Reads that no actor's scope limits."""


@pytest.mark.parametrize("read", READS)
def test_a_read_of_the_work_scans_nothing(large: Database, read: str) -> None:
    assert scans(large, READS[read], "whole" if read in OVER_EVERYTHING else "person") == []


@pytest.mark.parametrize("large", ["postgresql"], indirect=True)
@pytest.mark.parametrize("read", [read for read in READS if "the field" in read])
def test_who_sees_no_office_but_what_they_were_asked_scans_nothing_either(large: Database, read: str) -> None:
    assert scans(large, READS[read], "field") == []


def test_an_auditor_scans_nothing_either(large: Database) -> None:
    for queries in READS.values():
        assert scans(large, queries, "whole") == []


BATCHED = {
    "everything about many cases": asked_by_many(
        (answers.ANSWER, sessions.SESSION, sessions.SEATS, *facts.ABOUT_A_CASE, *registers.ABOUT_A_HOST)
    ),
    "settling many tasks": done_for_many(approvals._SETTLE_TASK),
    "moving many requests on": done_for_many(approvals._SET_STATUS),
    "ending many placements": done_for_many(placements._END),
    "noting that many sessions are used": done_for_many(sessions._TOUCH),
}
"""What batches ask and change on PostgreSQL: planned once, whatever the values (store/sharing.py)."""


@pytest.mark.parametrize("large", ["postgresql"], indirect=True)
@pytest.mark.parametrize("statement", BATCHED)
def test_a_batch_scans_nothing_whatever_it_is_about(large: Served, statement: str) -> None:
    made = BATCHED[statement]
    assert made is not None
    values = {**made.own, **dict.fromkeys(made.names)}
    places = {name: f"${place}" for place, name in enumerate(values, start=1)}
    sql = re.sub(r"%\((\w+)\)s", lambda found: places[found[1]], made.sql).replace("%%", "%")
    with closing(large.server.connect(large.name, APPLICATION)) as raw, raw.transaction():
        raw.execute("SELECT set_config('casework.scope', 'writer', true), set_config('plan_cache_mode', 'force_generic_plan', true)")
        raw.execute(f"PREPARE batch AS {sql}")
        (told,) = raw.execute(f"EXPLAIN (FORMAT JSON) EXECUTE batch ({', '.join('NULL' for _ in places)})").fetchone() or ("[]",)
    plan = told if isinstance(told, list) else json.loads(told)
    assert [f"{node['Node Type']} on {node['Relation Name']}" for node in nodes(plan[0]["Plan"]) if whole(node)] == []


def test_a_read_without_an_index_would_be_seen(large: Database) -> None:
    for table, column in ((care_case, "entered_at"), (event, "requester")):
        assert scans(large, (Query(select(table.c[column]).where(table.c[column] == bindparam("state"))),), "whole")
