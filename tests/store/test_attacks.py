"""The raw-SQL attacks that must be refused: written against the product's own tables, as somebody with the file and `sqlite3` would.

On PostgreSQL twice: as the owner of the tables, and as the role that the program serves as.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.store.world import CASE, FRESH, MODES, ON_SQLITE, Raw, new_case

Attack = Callable[[Raw], object]

ADMIT: dict[str, Any] = {"trigger": "admit", "dest": "institution", "approvers": ("supervisor", "head")}
EDGE = {"machine": "toy", "version": 1, "source": "reported", "trigger": "skip", "dest": "institution", "approvals_before": 0}

COUNTED = {"office_id": "office", "state": "planned", "slot": 1, "n": 1, "case_id": CASE}
"""Where case-1 is counted: its id ends in `1`, whose code leaves 1 when divided by 8."""

ATTACKS: dict[str, Attack] = {
    "set the state directly": lambda raw: raw.run("UPDATE care_case SET state = 'institution' WHERE id = ?", CASE),
    "set state and sequence together": lambda raw: raw.run("UPDATE care_case SET state = 'institution', seq = seq + 1 WHERE id = ?", CASE),
    "roll a case back to an older event": lambda raw: raw.run(
        "UPDATE care_case SET (state, seq, head) = (SELECT dest, seq, hash FROM event WHERE case_id = ? AND seq = 1) WHERE id = ?",
        CASE,
        CASE,
    ),
    "an edge that does not exist": lambda raw: raw.insert("event", raw.event(trigger="skip", dest="institution")),
    "an edge from elsewhere": lambda raw: raw.insert("event", raw.event(FRESH, **ADMIT) | {"source": "planned"}),
    "the approval flag lied about": lambda raw: raw.insert("event", raw.event(**ADMIT) | {"approvals_before": 0}),
    "approved by its own requester": lambda raw: raw.insert("event", raw.event(**ADMIT) | {"requester": "supervisor"}),
    "skip a sequence number": lambda raw: raw.insert("event", raw.event(seq=5)),
    "fork: a second event with the same number": lambda raw: raw.insert("event", raw.event(seq=3)),
    "rewrite the actor of an event": lambda raw: raw.run("UPDATE event SET actor = 'other' WHERE case_id = ?", CASE),
    "delete an event": lambda raw: raw.run("DELETE FROM event WHERE case_id = ? AND seq = 3", CASE),
    "delete a case": lambda raw: raw.run("DELETE FROM care_case WHERE id = ?", FRESH),
    "add an edge to a sealed version": lambda raw: raw.insert("edge", EDGE),
    "change an edge": lambda raw: raw.run("UPDATE edge SET approvals_before = 0 WHERE machine = 'toy' AND \"trigger\" = 'admit'"),
    "unseal a version": lambda raw: raw.run("UPDATE machine_version SET sealed = 0 WHERE machine = 'toy'"),
    "switch a case to another version": lambda raw: raw.run("UPDATE care_case SET version = 2 WHERE id = ?", FRESH),
    "create a case already in care": lambda raw: raw.insert("care_case", new_case("case-3", "KKR-2026-0003", state="institution")),
    "INSERT OR REPLACE of an event": lambda raw: raw.insert("event", raw.event(seq=3), "INSERT OR REPLACE"),
    "INSERT OR REPLACE of a case": lambda raw: raw.insert("care_case", new_case(CASE, "KKR-2026-0001"), "INSERT OR REPLACE"),
    "UPDATE OR REPLACE": lambda raw: raw.run("UPDATE OR REPLACE event SET seq = 2 WHERE case_id = ? AND seq = 3", CASE),
    "upsert over an event": lambda raw: raw.insert(
        "event", raw.event(seq=3), tail="ON CONFLICT (case_id, seq) DO UPDATE SET actor = excluded.actor"
    ),
}

MORE: dict[str, Attack] = {
    "an edge without its second approver": lambda raw: raw.insert("event", raw.event(**ADMIT) | {"approver_2": None}),
    "one approver twice": lambda raw: raw.insert("event", raw.event(**ADMIT) | {"approver_2": "supervisor"}),
    "approved by the one who acts": lambda raw: raw.insert("event", raw.event(**ADMIT) | {"actor": "head"}),
    "approved by nobody in particular": lambda raw: raw.insert("event", raw.event(**ADMIT) | {"approver_1": ""}),
    "a round that the edge does not add": lambda raw: raw.insert("event", raw.event(**ADMIT) | {"round": 2}),
    "a round without a move": lambda raw: raw.insert("event", raw.event(round=2)),
    "a move that calls itself something else": lambda raw: raw.insert("event", raw.event(**ADMIT) | {"kind": "task_done"}),
    "a chain that does not join": lambda raw: raw.insert("event", raw.event(prev="0" * 64)),
    "the definition of another version": lambda raw: raw.insert("event", raw.event(version=2)),
    "an event of no case": lambda raw: raw.insert("event", raw.event() | {"case_id": "case-9", "seq": 1}),
    "INSERT OR IGNORE over an edge that does not exist": lambda raw: raw.insert(
        "event", raw.event(trigger="skip", dest="institution"), "INSERT OR IGNORE"
    ),
    "replace an event by its hidden row number": lambda raw: raw.insert("event", {"rowid": 1} | raw.event(), "INSERT OR REPLACE"),
    "replace a case by its hidden row number": lambda raw: raw.run("UPDATE OR REPLACE care_case SET rowid = 1 WHERE id = ?", FRESH),
    "take another case's number": lambda raw: raw.run("UPDATE OR REPLACE care_case SET number = 'KKR-2026-0001' WHERE id = ?", FRESH),
    "a new case with a taken number": lambda raw: raw.insert("care_case", new_case("case-3", "KKR-2026-0001"), "INSERT OR REPLACE"),
    "a new case that has a history": lambda raw: raw.insert("care_case", new_case("case-3", "KKR-2026-0003", seq=7)),
    "a new case on a version nobody sealed": lambda raw: (
        raw.insert("machine_version", {"machine": "mine", "version": 1, "digest": "d", "initial": "reported", "published_at": "now"}),
        raw.insert("care_case", new_case("case-3", "KKR-2026-0003", machine="mine")),
    ),
    "give a case another child": lambda raw: raw.run("UPDATE care_case SET child_id = 'sibling' WHERE id = ?", CASE),
    "make a case older": lambda raw: raw.run("UPDATE care_case SET opened_at = '2020-01-01T00:00:00.000000Z' WHERE id = ?", CASE),
    "make a stay longer": lambda raw: raw.run("UPDATE care_case SET entered_at = '2020-01-01T00:00:00.000000Z' WHERE id = ?", CASE),
    "turn the round's clock back": lambda raw: raw.run("UPDATE care_case SET round_started_at = '2020' WHERE id = ?", CASE),
    "give another reason for closing": lambda raw: raw.run("UPDATE care_case SET closed_reason = 'adopted' WHERE id = ?", CASE),
    "delete an edge": lambda raw: raw.run("DELETE FROM edge WHERE machine = 'toy'"),
    "delete a sealed version": lambda raw: raw.run("DELETE FROM machine_version WHERE machine = 'toy' AND version = 2"),
    "swap a definition's digest": lambda raw: raw.run("UPDATE machine_version SET digest = 'mine' WHERE machine = 'toy'"),
    "replace a sealed version": lambda raw: raw.insert(
        "machine_version",
        {"machine": "toy", "version": 1, "digest": "mine", "initial": "institution", "published_at": "now"},
        "INSERT OR REPLACE",
    ),
    "plant an edge for a version to come": lambda raw: raw.insert("edge", EDGE | {"version": 3}),
    "replace a case under another number": lambda raw: raw.insert("care_case", new_case(CASE, "KKR-2026-0009"), "INSERT OR REPLACE"),
    "push a sealed version out with an open one": lambda raw: (
        raw.insert("machine_version", {"machine": "toy", "version": 3, "digest": "d", "initial": "institution", "published_at": "now"}),
        raw.run("UPDATE OR REPLACE machine_version SET version = 1 WHERE version = 3"),
    ),
    "write a number": lambda raw: raw.run("UPDATE case_count SET n = n + 1"),
    "write a number down": lambda raw: raw.run("UPDATE case_count SET n = 0"),
    "say that another case was counted": lambda raw: raw.run("UPDATE case_count SET case_id = ?", FRESH),
    "move a number to another state": lambda raw: raw.run("UPDATE case_count SET state = 'institution'"),
    "count a case in another state": lambda raw: raw.insert("case_count", COUNTED | {"state": "institution"}),
    "count a case once more": lambda raw: raw.insert(
        "case_count", COUNTED, tail="ON CONFLICT (office_id, state, slot) DO UPDATE SET n = case_count.n + 1"
    ),
    "count a case that has no entry": lambda raw: raw.insert("case_count", COUNTED | {"state": "reported", "case_id": FRESH}),
    "uncount a case": lambda raw: raw.insert("case_count", COUNTED | {"n": -1, "slot": 0}),
    "replace a number": lambda raw: raw.insert("case_count", COUNTED | {"n": 9}, "INSERT OR REPLACE"),
    "delete the numbers": lambda raw: raw.run("DELETE FROM case_count"),
    "give a case to another office": lambda raw: raw.run("UPDATE care_case SET office_id = 'elsewhere' WHERE id = ?", CASE),
    "upsert over a case": lambda raw: raw.insert(
        "care_case", new_case(CASE, "KKR-2026-0001"), tail="ON CONFLICT (id) DO UPDATE SET state = 'institution'"
    ),
}

ONLY_SQLITE_CAN_SAY = {
    "INSERT OR REPLACE of an event",
    "INSERT OR REPLACE of a case",
    "UPDATE OR REPLACE",
    "replace an event by its hidden row number",
    "replace a case by its hidden row number",
}
TRUNCATE: dict[str, Attack] = {
    "empty the journal": lambda raw: raw.run("TRUNCATE event"),
    "empty the cases and all that hangs on them": lambda raw: raw.run("TRUNCATE care_case CASCADE"),
}
OUT_OF_REACH: dict[str, Attack] = {
    "disable the triggers": lambda raw: raw.run("ALTER TABLE event DISABLE TRIGGER ALL"),
    "switch triggers off for the session": lambda raw: raw.run("SET session_replication_role = replica"),
}
BY_MODE: dict[str, dict[str, Attack]] = {
    **dict.fromkeys(ON_SQLITE, ATTACKS),
    "postgresql, as the owner": {name: attack for name, attack in ATTACKS.items() if name not in ONLY_SQLITE_CAN_SAY} | TRUNCATE,
    "postgresql, as the application": {name: attack for name, attack in ATTACKS.items() if name not in ONLY_SQLITE_CAN_SAY}
    | TRUNCATE
    | OUT_OF_REACH,
}
MORE_BY_MODE = {mode: {name for name in MORE if mode in ON_SQLITE or name not in ONLY_SQLITE_CAN_SAY} for mode in MODES}
PROGRAM = ("as the program", "postgresql, as the application")
EVERY = [(mode, name) for mode in MODES for name in (*BY_MODE[mode], *sorted(MORE_BY_MODE[mode]))]


@pytest.mark.parametrize(("mode", "name"), EVERY)
def test_the_attack_is_refused_and_changes_nothing(intruder: Raw, mode: str, name: str) -> None:
    intruder.run("SAVEPOINT before_it")
    before = intruder.everything()
    with pytest.raises(intruder.no, match=intruder.words):
        (BY_MODE[mode] | MORE)[name](intruder)
    intruder.run("ROLLBACK TO before_it")
    assert intruder.everything() == before


def test_there_are_twenty_one_attacks_on_sqlite_twenty_as_an_owner_on_postgresql_and_twenty_two_as_the_application() -> None:
    assert {mode: len(attacks) for mode, attacks in BY_MODE.items()} == {
        **dict.fromkeys(ON_SQLITE, 21),
        "postgresql, as the owner": 20,
        "postgresql, as the application": 22,
    }


@pytest.mark.parametrize("mode", MODES)
def test_the_lawful_way_stays_open(raw: Raw) -> None:
    raw.insert("event", raw.event(**ADMIT))
    raw.insert("event", raw.event())
    raw.insert("care_case", new_case("case-3", "KKR-2026-0003"))
    case = raw.case()
    assert (case["state"], case["seq"], case["round"], case["closed_reason"]) == ("institution", 5, 1, None)


@pytest.mark.parametrize("mode", PROGRAM)
def test_the_database_itself_moves_the_case(raw: Raw) -> None:
    before = raw.case()
    row = raw.event(**ADMIT, occurred_at="2026-11-22T23:00:00.000000Z")
    raw.insert("event", row)
    moved = raw.case()
    assert moved["head"] == row["hash"]
    assert moved["entered_at"] == "2026-11-22T23:00:00.000000Z"
    assert moved["round_started_at"] == before["round_started_at"]


@pytest.mark.parametrize("mode", PROGRAM)
def test_closing_keeps_its_reason_and_reopening_begins_a_round(raw: Raw) -> None:
    raw.insert("event", raw.event(trigger="support", dest="family", approvers=("supervisor",)))
    raw.insert("event", raw.event(trigger="close", dest="closed", approvers=("supervisor",)))
    assert raw.case()["closed_reason"] == "goals_met"
    raw.insert("event", raw.event())
    assert raw.case()["closed_reason"] == "goals_met"
    row = raw.event(trigger="reopen", dest="reported", approvers=("supervisor",))
    raw.insert("event", row)
    case = raw.case()
    assert (case["state"], case["round"], case["closed_reason"]) == ("reported", 2, None)
    assert case["round_started_at"] == row["occurred_at"]


@pytest.mark.parametrize("mode", PROGRAM)
def test_a_held_place_may_be_any_live_state_and_no_other(raw: Raw) -> None:
    raw.insert("event", raw.event(trigger="lose", dest="missing"))
    with pytest.raises(raw.no, match="no such edge"):
        raw.insert("event", raw.event(trigger="find", dest="closed"))
    raw.insert("event", raw.event(trigger="find", dest="family"))
    assert raw.case()["state"] == "family"


@pytest.mark.parametrize("mode", ["as the program", "postgresql, as the owner"])
def test_a_lie_that_changes_nothing_is_not_an_attack(raw: Raw) -> None:
    assert raw.run("UPDATE care_case SET state = state, assigned_to = 'worker' WHERE id = ?", CASE) == 1


def kept(raw: Raw) -> dict[str, int]:
    """Return the numbers that the database keeps of the office, by state, those that came to nothing left out."""
    rows = raw.every("SELECT state, sum(n) AS n FROM case_count WHERE office_id = 'office' GROUP BY state")
    return {row["state"]: row["n"] for row in rows if row["n"]}


@pytest.mark.parametrize("mode", MODES)
def test_the_database_itself_counts_its_cases(raw: Raw) -> None:
    assert raw.one("SELECT * FROM case_count WHERE n > 0") == COUNTED
    raw.insert("event", raw.event(FRESH, kind="case_registered"))
    assert kept(raw) == {"planned": 1, "reported": 1}
    raw.insert("event", raw.event(**ADMIT))
    raw.insert("event", raw.event())
    assert kept(raw) == {"institution": 1, "reported": 1}
    raw.insert("event", raw.event(FRESH, trigger="plan", dest="planned"))
    assert kept(raw) == {"institution": 1, "planned": 1}


@pytest.mark.parametrize("mode", MODES)
def test_what_was_refused_is_not_counted(raw: Raw) -> None:
    before = raw.every("SELECT * FROM case_count ORDER BY state, slot")
    with pytest.raises(raw.no, match=raw.words):
        raw.insert("event", raw.event(trigger="admit", dest="institution"))
    assert raw.every("SELECT * FROM case_count ORDER BY state, slot") == before
