"""The raw-SQL attacks that must be refused: written against the product's own tables, as somebody with the file and `sqlite3` would."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.store.world import CASE, FRESH, Raw, new_case

Attack = Callable[[Raw], object]

ADMIT: dict[str, Any] = {"trigger": "admit", "dest": "institution", "approvers": ("supervisor", "head")}
EDGE = {"machine": "toy", "version": 1, "source": "reported", "trigger": "skip", "dest": "institution", "approvals_before": 0}

ATTACKS: dict[str, Attack] = {
    "set the state directly": lambda raw: raw.run("UPDATE care_case SET state = 'institution' WHERE id = ?", CASE),
    "set state and sequence together": lambda raw: raw.run("UPDATE care_case SET state = 'institution', seq = seq + 1 WHERE id = ?", CASE),
    "roll a case back to an older event": lambda raw: raw.run(
        "UPDATE care_case SET (state, seq, head) = (SELECT dest, seq, hash FROM event WHERE case_id = ?1 AND seq = 1) WHERE id = ?1", CASE
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
    "upsert over a case": lambda raw: raw.insert(
        "care_case", new_case(CASE, "KKR-2026-0001"), tail="ON CONFLICT (id) DO UPDATE SET state = 'institution'"
    ),
}

MODES = {
    "as the program": ("foreign_keys = ON",),
    "foreign keys off": ("foreign_keys = OFF",),
    "checks off too": ("foreign_keys = OFF", "ignore_check_constraints = ON", "recursive_triggers = OFF"),
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", [*ATTACKS, *MORE])
def test_the_attack_is_refused_and_changes_nothing(path: Path, name: str, mode: str) -> None:
    raw = Raw(path, *MODES[mode])
    raw.run("BEGIN")
    before = raw.everything()
    with pytest.raises(sqlite3.IntegrityError, match=r"^wall: "):
        (ATTACKS | MORE)[name](raw)
    raw.run("ROLLBACK")
    assert raw.everything() == before


def test_there_are_twenty_one_attacks_to_begin_with() -> None:
    assert len(ATTACKS) == 21


@pytest.mark.parametrize("mode", MODES)
def test_the_lawful_way_stays_open(path: Path, mode: str) -> None:
    raw = Raw(path, *MODES[mode])
    raw.insert("event", raw.event(**ADMIT))
    raw.insert("event", raw.event())
    raw.insert("care_case", new_case("case-3", "KKR-2026-0003"))
    case = raw.case()
    assert (case["state"], case["seq"], case["round"], case["closed_reason"]) == ("institution", 5, 1, None)


def test_the_database_itself_moves_the_case(path: Path) -> None:
    raw = Raw(path, *MODES["as the program"])
    before = raw.case()
    row = raw.event(**ADMIT, occurred_at="2026-11-22T23:00:00.000000Z")
    raw.insert("event", row)
    moved = raw.case()
    assert moved["head"] == row["hash"]
    assert moved["entered_at"] == "2026-11-22T23:00:00.000000Z"
    assert moved["round_started_at"] == before["round_started_at"]


def test_closing_keeps_its_reason_and_reopening_begins_a_round(path: Path) -> None:
    raw = Raw(path, *MODES["as the program"])
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


def test_a_held_place_may_be_any_live_state_and_no_other(path: Path) -> None:
    raw = Raw(path, *MODES["as the program"])
    raw.insert("event", raw.event(trigger="lose", dest="missing"))
    with pytest.raises(sqlite3.IntegrityError, match="no such edge"):
        raw.insert("event", raw.event(trigger="find", dest="closed"))
    raw.insert("event", raw.event(trigger="find", dest="family"))
    assert raw.case()["state"] == "family"


def test_a_lie_that_changes_nothing_is_not_an_attack(path: Path) -> None:
    raw = Raw(path, *MODES["as the program"])
    assert raw.run("UPDATE care_case SET state = state, assigned_to = 'worker' WHERE id = ?", CASE) == 1
