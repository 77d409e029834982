"""What raw SQL may not do to records, papers, approvals, identities, placements and parameters; and what stays allowed beside it."""
# ruff: noqa: S608 - the attacks are raw SQL

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from casework.ledger.event import NO_HASH
from casework.store import database, walls
from casework.store.walls.rules import IDENTITY, LIVE_PLACEMENT, RULES, SETTLED_REQUEST
from tests.databases import Database
from tests.store.world import AT, CASE, LATER, MODES, ON_SQLITE, Raw, on_probation

RECORD = {
    "id": "record", "case_id": CASE, "form": "f04", "round": 1, "status": "signed", "dated": AT, "signed_at": AT, "author": "worker",
    "author_role": "social_worker", "body": b"{}", "digest": "d", "salt": b"s",
}  # fmt: skip
DOCUMENT = {
    "id": "paper", "case_id": CASE, "round": 1, "kind": "court_order", "number": "1", "issuer": "PA", "issued_on": "2026-01-01",
    "digest": "d", "salt": b"s", "attached_by": "worker", "attached_at": AT,
}  # fmt: skip
REQUEST = {
    "id": "request", "case_id": CASE, "kind": "decision", "trigger": "admit", "subject": "{}", "needs": "supervisor,dinas_head",
    "digest": "d", "requester": "worker", "requested_at": AT, "due_at": LATER, "status": "submitted", "office_id": "office",
    "next_role": "supervisor",
}  # fmt: skip
DECISION = {
    "request_id": "request", "place": 0, "decision": "approve", "role": "supervisor", "person": "supervisor", "digest": "d", "at": AT,
}  # fmt: skip
CHANGE = {
    "id": "change", "child_id": "child", "case_id": CASE, "field": "name", "old_value": "Anak", "new_value": "Ani", "document_id": "paper",
    "asked_by": "worker", "asked_at": AT,
}  # fmt: skip
PLACEMENT = {
    "id": "stay", "case_id": CASE, "child_id": "child", "kind": "institution", "state": "institution", "status": "active",
    "host_id": "host", "started_at": AT, "started_seq": 3,
}  # fmt: skip
ENTRY = {
    "account_id": "a",
    "seq": 1,
    "kind": "signed_in",
    "outcome": "done",
    "recorded_at": AT,
    "prev": NO_HASH,
    "hash": "h1",
    "body": b"{}",
}
TASK = {
    "id": "task", "case_id": CASE, "kind": "visit", "due_at": LATER, "created_at": AT, "created_seq": 3, "office_id": "office",
    "worker": None,
}  # fmt: skip
SESSION = {"token_hash": "digest", "account_id": "account", "csrf": "c", "created_at": AT, "seen_at": AT, "proved_at": AT}
INVITATION = {"token_hash": "digest", "account_id": "account", "made_at": AT, "valid_until": LATER}
ROWS: dict[str, dict[str, Any]] = {
    "session": SESSION,
    "invitation": INVITATION,
    "record": RECORD,
    "document": DOCUMENT,
    "approval_request": REQUEST,
    "approval_decision": DECISION,
    "identity_change": CHANGE,
    "placement": PLACEMENT,
    "task": TASK,
    "actor_event": ENTRY,
    "parameter_set": {"digest": "d", "body": "{}", "first_used_at": AT},
    "policy_version": {"digest": "d", "body": "{}", "first_used_at": AT},
}


@pytest.fixture(params=[*ON_SQLITE, "postgresql, as the owner"])
def raw(towns: Callable[[str], Database], request: pytest.FixtureRequest) -> Iterator[Raw]:
    """Whom only the walls stop: on PostgreSQL the owner, since the application's role may not even ask for most of this."""
    with on_probation(towns(MODES[request.param][0]), request.param) as raw:
        for who in ("account", "other"):
            raw.insert("account", {"id": who, "person_id": "worker", "username": who, "password_hash": "", "created_at": AT})
        for table, row in ROWS.items():
            raw.insert(table, row)
        yield raw


def refused(raw: Raw, sql: str, *values: Any) -> None:
    _refused(raw, lambda: raw.run(sql, *values))


def refused_row(raw: Raw, table: str, row: dict[str, Any], verb: str = "INSERT") -> None:
    _refused(raw, lambda: raw.insert(table, row, verb))


def _refused(raw: Raw, attack: Callable[[], object]) -> None:
    before = raw.everything()
    raw.run("SAVEPOINT before_it")
    with pytest.raises(raw.no, match=raw.words):
        attack()
    raw.run("ROLLBACK TO before_it")
    assert raw.everything() == before


@pytest.mark.parametrize("table", ROWS)
def test_nothing_is_replaced(raw: Raw, table: str) -> None:
    refused_row(raw, table, ROWS[table], "INSERT OR REPLACE")


@pytest.mark.parametrize("raw", ON_SQLITE, indirect=True)
@pytest.mark.parametrize("table", ROWS)
def test_nothing_is_replaced_by_its_hidden_row_number(raw: Raw, table: str) -> None:
    key = next(name for name in ROWS[table] if name.endswith(("id", "digest", "token_hash")))
    refused_row(raw, table, ROWS[table] | {key: "another", "rowid": 1}, "INSERT OR REPLACE")


@pytest.mark.parametrize("table", [*ROWS, "child"])
def test_nothing_is_deleted(raw: Raw, table: str) -> None:
    refused(raw, f"DELETE FROM {table}")


@pytest.mark.parametrize("column", [*RECORD, "form_version", "supersedes"])
def test_what_is_signed_never_changes(raw: Raw, column: str) -> None:
    refused(raw, f"UPDATE record SET {column} = '7'")


@pytest.mark.parametrize("table", ["session", "invitation"])
def test_what_opened_the_door_and_ended_does_not_open_it_again_nor_for_another(raw: Raw, table: str) -> None:
    refused(raw, f"UPDATE {table} SET account_id = 'other'")
    assert raw.run(f"UPDATE {table} SET ended_at = ?", AT) == 1
    refused(raw, f"UPDATE {table} SET ended_at = NULL")
    refused(raw, f"UPDATE {table} SET ended_at = ?", LATER)


def test_a_code_that_was_used_stays_used(raw: Raw) -> None:
    raw.insert("totp", {"account_id": "account", "secret": b"s", "last_step": 7, "made_at": AT})
    raw.insert("recovery_code", {"account_id": "account", "digest": "d", "used_at": AT})
    for last_step in (6, 7):
        refused(raw, "UPDATE totp SET last_step = ?", last_step)
    assert raw.run("UPDATE totp SET last_step = 8") == 1
    refused(raw, "UPDATE totp SET secret = 'another'")
    refused(raw, "UPDATE recovery_code SET used_at = NULL")
    passkey = {"id": "key", "account_id": "account", "credential": "c", "public_key": b"k", "uses": 3, "name": "n", "made_at": AT}
    raw.insert("passkey", passkey)
    for change in ("uses = 2", "public_key = 'mine'", "account_id = 'other'", "credential = 'd'"):
        refused(raw, f"UPDATE passkey SET {change}")
    refused_row(raw, "passkey", passkey | {"id": "second", "public_key": b"mine"}, "INSERT OR REPLACE")
    refused_row(raw, "totp", {"account_id": "account", "secret": b"s", "last_step": 0, "made_at": AT}, "INSERT OR REPLACE")
    refused_row(raw, "recovery_code", {"account_id": "account", "digest": "d"}, "INSERT OR REPLACE")


@pytest.mark.parametrize(
    "change", ["valid_until = '2099'", "actions = 'read advance_case'", "offices = ''", "account_id = 'other'", "ended_at = NULL"]
)
def test_a_token_is_never_made_longer_or_wider_nor_brought_back(raw: Raw, change: str) -> None:
    kept = {"name": "n", "actions": "read", "offices": "office", "made_at": AT, "valid_until": LATER, "ended_at": AT}
    raw.insert("access_token", {"token_hash": "digest", "account_id": "account"} | kept)
    refused(raw, f"UPDATE access_token SET {change}")
    refused(raw, "DELETE FROM access_token")


def test_who_was_linked_elsewhere_is_linked_to_nobody_else(raw: Raw) -> None:
    link = {"issuer": "i", "subject": "s", "account_id": "account", "made_at": AT}
    raw.insert("external_identity", link)
    refused(raw, "UPDATE external_identity SET account_id = 'other'")
    refused(raw, "DELETE FROM external_identity")
    refused_row(raw, "external_identity", link | {"account_id": "other"}, "INSERT OR REPLACE")
    refused(raw, "UPDATE account SET service = 1")


@pytest.mark.parametrize("column", ["made_at", "valid_until"])
def test_a_link_is_never_made_longer(raw: Raw, column: str) -> None:
    refused(raw, f"UPDATE invitation SET {column} = '2099'")


def test_a_draft_may_be_changed_signed_or_thrown_away(raw: Raw) -> None:
    raw.insert("record", RECORD | {"id": "draft", "status": "draft", "signed_at": None})
    assert raw.run("UPDATE record SET body = 'new', digest = 'e', dated = ?, round = 2 WHERE id = 'draft'", LATER) == 1
    assert raw.run("UPDATE record SET status = 'signed', signed_at = ? WHERE id = 'draft'", LATER) == 1
    raw.insert("record", RECORD | {"id": "other", "status": "draft"})
    assert raw.run("DELETE FROM record WHERE status = 'draft'") == 1


def test_a_records_status_only_goes_forward(raw: Raw) -> None:
    countersign = "UPDATE record SET status = 'countersigned', countersigned_by = 'supervisor', countersigned_at = ?"
    refused(raw, "UPDATE record SET status = 'draft'")
    assert raw.run(countersign, LATER) == 1
    refused(raw, "UPDATE record SET status = 'signed'")
    assert raw.run("UPDATE record SET status = 'void', voided_at = ?", LATER) == 1
    refused(raw, "UPDATE record SET status = 'signed'")
    refused(raw, "UPDATE record SET status = 'countersigned'")


def test_a_record_cannot_begin_countersigned_void_or_verified(raw: Raw) -> None:
    refused_row(raw, "record", RECORD | {"id": "r2", "status": "countersigned", "countersigned_by": "supervisor"})
    refused_row(raw, "record", RECORD | {"id": "r2", "status": "void"})
    refused_row(raw, "record", RECORD | {"id": "r2", "verified_by": "supervisor"})


def test_signatures_on_a_record_are_given_once_and_by_others(raw: Raw) -> None:
    refused(raw, "UPDATE record SET verified_by = 'worker'")
    refused(raw, "UPDATE record SET status = 'countersigned', countersigned_by = 'worker'")
    refused(raw, "UPDATE record SET status = 'countersigned'")
    refused(raw, "UPDATE record SET countersigned_by = 'supervisor'")
    assert raw.run("UPDATE record SET verified_by = 'supervisor', verified_at = ?", LATER) == 1
    refused(raw, "UPDATE record SET verified_by = 'other'")
    refused(raw, "UPDATE record SET verified_by = NULL")


def test_a_record_is_superseded_once(raw: Raw) -> None:
    raw.insert("record", RECORD | {"id": "second", "supersedes": "record"})
    refused_row(raw, "record", RECORD | {"id": "third", "supersedes": "record"}, "INSERT OR REPLACE")
    raw.insert("record", RECORD | {"id": "draft", "status": "draft"})
    refused(raw, "UPDATE OR REPLACE record SET supersedes = 'record' WHERE id = 'draft'")


@pytest.mark.parametrize("column", DOCUMENT)
def test_a_paper_in_the_register_never_changes(raw: Raw, column: str) -> None:
    refused(raw, f"UPDATE document SET {column} = '7'")


def test_a_paper_is_compared_once_by_another_person(raw: Raw) -> None:
    refused(raw, "UPDATE document SET compared_by = 'worker'")
    refused_row(raw, "document", DOCUMENT | {"id": "p2", "compared_by": "supervisor"})
    assert raw.run("UPDATE document SET compared_by = 'supervisor', compared_role = 'supervisor', compared_at = ?", LATER) == 1
    refused(raw, "UPDATE document SET compared_by = 'other'")


@pytest.mark.parametrize(
    "column", ["id", "case_id", "kind", '"trigger"', "subject", "needs", "digest", "requester", "requested_at", "office_id"]
)
def test_what_an_approval_was_asked_for_never_changes(raw: Raw, column: str) -> None:
    refused(raw, f"UPDATE approval_request SET {column} = 'other'")


@pytest.mark.parametrize("status", SETTLED_REQUEST)
def test_a_settled_request_stays_settled(raw: Raw, status: str) -> None:
    assert raw.run("UPDATE approval_request SET status = ?, settled_at = ?, next_role = NULL", status, LATER) == 1
    refused(raw, "UPDATE approval_request SET status = 'approved'")
    refused(raw, "UPDATE approval_request SET settled_at = NULL")


def test_an_approved_request_may_still_be_consumed(raw: Raw) -> None:
    assert raw.run("UPDATE approval_request SET status = 'approved', settled_at = ?, next_role = NULL", AT) == 1
    assert raw.run("UPDATE approval_request SET status = 'consumed', settled_at = ?", LATER) == 1


def test_a_request_waits_for_the_role_whose_turn_it_is(raw: Raw) -> None:
    refused(raw, "UPDATE approval_request SET next_role = 'dinas_head'")
    refused(raw, "UPDATE approval_request SET next_role = NULL")
    refused(raw, "UPDATE approval_request SET status = 'approved'")
    refused(raw, "UPDATE approval_request SET status = 'in_second_approval'")
    refused(raw, "UPDATE approval_request SET next_role = 'super'")
    refused_row(raw, "approval_request", REQUEST | {"id": "second", "next_role": "dinas_head"})
    refused_row(raw, "approval_request", REQUEST | {"id": "second", "next_role": None})
    assert raw.run("UPDATE approval_request SET status = 'in_second_approval', next_role = 'dinas_head'") == 1
    refused(raw, "UPDATE approval_request SET next_role = 'supervisor'")
    refused(raw, "UPDATE approval_request SET status = 'submitted'")


def test_what_waits_and_what_is_due_belongs_to_the_office_of_its_case(raw: Raw) -> None:
    raw.insert("office", {"id": "elsewhere", "name": "Dinas lain", "kind": "dinas"})
    refused_row(raw, "approval_request", REQUEST | {"id": "second", "office_id": "elsewhere"})
    refused_row(raw, "task", TASK | {"id": "second", "office_id": "elsewhere"})
    refused(raw, "UPDATE task SET office_id = 'elsewhere'")
    refused(raw, "UPDATE care_case SET office_id = 'elsewhere'")


def test_a_task_is_its_cases_workers(raw: Raw) -> None:
    refused(raw, "UPDATE task SET worker = 'other'")
    refused_row(raw, "task", TASK | {"id": "second", "worker": "other"})
    raw.run("UPDATE care_case SET assigned_to = 'worker' WHERE id = ?", CASE)
    refused_row(raw, "task", TASK | {"id": "second", "worker": None})
    raw.insert("task", TASK | {"id": "second", "worker": "worker"})
    assert raw.run("UPDATE task SET worker = 'worker' WHERE id = 'task'") == 1
    assert raw.run("UPDATE task SET settled_at = ?, settled_how = 'x'", LATER) == 2


@pytest.mark.parametrize("column", DECISION)
def test_a_decision_is_never_changed(raw: Raw, column: str) -> None:
    refused(raw, f"UPDATE approval_decision SET {column} = '7'")


def test_nobody_decides_on_their_own_request_or_twice(raw: Raw) -> None:
    refused_row(raw, "approval_decision", DECISION | {"place": 1, "person": "worker"})
    refused_row(raw, "approval_decision", DECISION | {"place": 1}, "INSERT OR REPLACE")
    refused_row(raw, "approval_decision", DECISION | {"person": "head"}, "INSERT OR REPLACE")
    raw.insert("approval_decision", DECISION | {"place": 1, "person": "head"})


@pytest.mark.parametrize("field", IDENTITY)
def test_no_identity_changes_without_an_approved_change(raw: Raw, field: str) -> None:
    value, third = {"sex": ("male", "unknown"), "born_precision": ("day", "month")}.get(field, ("other", "third"))
    refused(raw, f"UPDATE child SET {field} = ? WHERE id = 'child'", value)
    asked = CHANGE | {"id": "c2", "field": field, "new_value": value}
    raw.insert("identity_change", asked)
    refused(raw, f"UPDATE child SET {field} = ? WHERE id = 'child'", value)
    assert raw.run("UPDATE identity_change SET approved_by = 'supervisor', approved_at = ? WHERE id = 'c2'", LATER) == 1
    refused(raw, f"UPDATE child SET {field} = ? WHERE id = 'child'", third)
    refused(raw, f"UPDATE child SET {field} = ? WHERE id = 'sibling'", value)
    assert raw.run(f"UPDATE child SET {field} = ? WHERE id = 'child'", value) == 1


def test_an_identity_change_that_was_carried_out_is_used_up(raw: Raw) -> None:
    raw.run("UPDATE identity_change SET approved_by = 'supervisor', approved_at = ?", LATER)
    raw.run("UPDATE identity_change SET applied = 1")
    refused(raw, "UPDATE child SET name = 'Ani' WHERE id = 'child'")
    refused(raw, "UPDATE identity_change SET applied = 0")
    refused(raw, "UPDATE identity_change SET approved_by = 'other'")


def test_an_identity_change_needs_another_persons_eyes(raw: Raw) -> None:
    refused(raw, "UPDATE identity_change SET approved_by = 'worker'")
    refused(raw, "UPDATE identity_change SET applied = 1")
    refused_row(raw, "identity_change", CHANGE | {"id": "c2", "approved_by": "supervisor"})
    refused(raw, "UPDATE identity_change SET new_value = 'Budi'")
    refused(raw, "UPDATE identity_change SET child_id = 'sibling'")


def test_a_child_is_not_replaced_by_another(raw: Raw) -> None:
    refused(raw, "UPDATE OR REPLACE child SET id = 'sibling' WHERE id = 'child'")
    refused(raw, "INSERT OR REPLACE INTO child SELECT * FROM child WHERE id = 'child'")
    assert raw.run("UPDATE child SET alias = 'Upik', village_code = '64.02' WHERE id = 'child'") == 1


@pytest.mark.parametrize("column", ["id", "case_id", "child_id", "kind", "state", "host_id", "relative_id", "started_at", "started_seq"])
def test_where_and_when_a_stay_began_never_changes(raw: Raw, column: str) -> None:
    refused(raw, f"UPDATE placement SET {column} = '7'")


def test_what_has_ended_is_over(raw: Raw) -> None:
    raw.run("UPDATE placement SET status = 'ended', ended_at = ?, ended_by = 'admit', ended_why = 'moved'", LATER)
    refused(raw, "UPDATE placement SET status = 'active', ended_at = NULL")
    refused(raw, "UPDATE placement SET ended_at = ?", AT)
    refused(raw, "UPDATE placement SET ended_why = 'died'")


@pytest.mark.parametrize("status", LIVE_PLACEMENT)
def test_a_second_live_stay_never_pushes_out_the_first(raw: Raw, status: str) -> None:
    second = PLACEMENT | {"id": "second", "status": status}
    refused_row(raw, "placement", second, "INSERT OR REPLACE")
    raw.insert("placement", second | {"status": "ended", "ended_at": AT})
    raw.insert("placement", PLACEMENT | {"id": "elsewhere", "child_id": "sibling", "status": status})


def test_a_bed_may_be_held_and_taken_again(raw: Raw) -> None:
    assert raw.run("UPDATE placement SET status = 'reserved', reserved_at = ?, reserved_until = ?", AT, LATER) == 1
    assert raw.run("UPDATE placement SET status = 'active', reserved_at = NULL, reserved_until = NULL") == 1


@pytest.mark.parametrize(
    "changed",
    [{"seq": 3, "prev": "h1"}, {"seq": 2, "prev": NO_HASH}, {"seq": 1}, {"account_id": "b", "seq": 2}, {"account_id": "b", "prev": "h1"}],
)
def test_an_accounts_stream_is_chained(raw: Raw, changed: dict[str, Any]) -> None:
    refused_row(raw, "actor_event", ENTRY | changed)


def test_an_accounts_stream_goes_on(raw: Raw) -> None:
    raw.insert("actor_event", ENTRY | {"seq": 2, "prev": "h1", "hash": "h2"})
    raw.insert("actor_event", ENTRY | {"account_id": "b"})
    refused(raw, "UPDATE actor_event SET outcome = 'refused'")


def test_parameters_once_used_never_change(raw: Raw) -> None:
    refused(raw, "UPDATE parameter_set SET body = '[]'")


def test_a_policy_once_in_force_never_changes(raw: Raw) -> None:
    for attack in (
        "UPDATE policy_version SET body = '[]'",
        "DELETE FROM policy_version",
        "INSERT INTO policy_version (digest, body, first_used_at) SELECT digest, '[]', first_used_at FROM policy_version",
    ):
        refused(raw, attack)


def test_no_rule_speaks_of_values() -> None:
    assert not [rule for rule in RULES if any(mark in rule.words for mark in ("NEW.", "OLD.", "{", "%"))]


@pytest.mark.parametrize("sql", ["DROP TRIGGER wall_event_update", "CREATE TRIGGER mine AFTER INSERT ON event BEGIN SELECT 1; END"])
def test_a_missing_wall_or_a_foreign_trigger_is_noticed(path: Path, sql: str) -> None:
    engine = database.open_engine(str(path))
    with engine.connect() as connection:
        assert walls.breaches(connection) == ()
        connection.exec_driver_sql(sql)
        assert walls.breaches(connection) == (sql.split()[2],)
    engine.dispose()


def test_an_altered_wall_is_noticed(path: Path) -> None:
    engine = database.open_engine(str(path))
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER wall_event_delete")
        connection.exec_driver_sql("CREATE TRIGGER wall_event_delete BEFORE DELETE ON event BEGIN SELECT 1; END")
        assert walls.breaches(connection) == ("wall_event_delete",)
    engine.dispose()
