"""What raw SQL may not do to processes, their steps, and the registers that mirror them: on both engines, whoever says it."""

from collections.abc import Callable
from typing import Any

import pytest

from casework.ledger.event import Step
from tests.store.beside import (
    INSPECTED,
    STAY,
    TOLD,
    a_step,
    busy_towns,
    make,
    new_process,
    prowler,
    row_of,
    told_by_actor,
    told_by_case,
)
from tests.store.world import AT, FRESH, LATER, MODES, ON_SQLITE, Raw, new_case

__all__ = ["busy_towns", "prowler"]

Attack = Callable[[Raw], object]
SETTLE = a_step("grievance", 3, "settle", "looked", "settled")
OPEN = a_step("mine", 1, "open", "", "open")
SUSPEND = a_step("host", 3, "suspend", "active", "suspended", "host")
NOBODYS = {"case_id": FRESH, "seq": 1}


def told(raw: Raw, step: Step, **changed: Any) -> None:
    """Write an entry of the case that names a step, then the step's row, changed."""
    entry = told_by_case(raw, step)
    raw.insert("event", entry)
    raw.insert("process_step", row_of(step, entry, **changed))


def beginning(raw: Raw, step: Step, **changed: Any) -> None:
    raw.insert("process", new_process("mine", **changed))
    told(raw, step)


def told_elsewhere(raw: Raw) -> None:
    entry = told_by_case(raw, SETTLE, case_id=FRESH)
    raw.insert("event", entry)
    raw.insert("process_step", row_of(SETTLE, entry))


def told_by_a_refusal(raw: Raw) -> None:
    entry = told_by_actor(raw, SUSPEND, outcome="refused", kind="refused")
    raw.insert("actor_event", entry)
    raw.insert("process_step", row_of(SUSPEND, entry))


def told_by_its_actor(raw: Raw) -> None:
    entry = told_by_actor(raw, SETTLE)
    raw.insert("actor_event", entry)
    raw.insert("process_step", row_of(SETTLE, entry))


def twice_by_one_entry(raw: Raw) -> None:
    extend = a_step("grievance", 3, "extend", "looked", "looked")
    entry = told_by_case(raw, extend)
    raw.insert("event", entry)
    raw.insert("process_step", row_of(extend, entry))
    raw.insert("process_step", row_of(extend, entry, n=4))


def placed_all_the_same(raw: Raw) -> None:
    raw.insert("process", new_process("s", "placement"))
    make(raw, a_step("s", 1, "open", "", "proposed", "placement"), a_step("s", 2, "decline", "proposed", "declined", "placement"))
    raw.insert("placement", STAY | {"id": "s", "child_id": "sibling"})


def placed_at(raw: Raw, status: str) -> None:
    """Enter a placement whose process stands before its approval."""
    raw.insert("process", new_process("s", "placement"))
    make(raw, a_step("s", 1, "open", "", "proposed", "placement"), a_step("s", 2, "accept", "proposed", "host_accepted", "placement"))
    raw.insert("placement", STAY | {"id": "s", "child_id": "sibling", "status": status})


def a_task(case_id: str = "case-1", process: str | None = "grievance") -> dict[str, Any]:
    return {"id": f"task-{case_id}", "case_id": case_id, "kind": "look", "due_at": LATER, "created_at": AT, "created_seq": 1} | {
        "office_id": "office",
        "process_id": process,
    }


ATTACKS: dict[str, Attack] = {
    "a task of another case's process": lambda raw: raw.insert("task", a_task(FRESH)),
    "a task of a process that is none": lambda raw: raw.insert("task", a_task(process="nobody's")),
    "take a task from its process": lambda raw: (
        raw.insert("task", a_task()), raw.run("UPDATE task SET process_id = NULL WHERE id = 'task-case-1'")
    ),
    "move a process": lambda raw: raw.run("UPDATE process SET state = 'settled' WHERE id = 'grievance'"),
    "move it and count it": lambda raw: raw.run("UPDATE process SET state = 'settled', steps = steps + 1 WHERE id = 'grievance'"),
    "take a step back": lambda raw: raw.run("UPDATE process SET state = 'open', steps = 1 WHERE id = 'grievance'"),
    "make a stay longer": lambda raw: raw.run("UPDATE process SET entered_at = ? WHERE id = 'grievance'", AT),
    "make it older": lambda raw: raw.run("UPDATE process SET opened_at = ? WHERE id = 'grievance'", AT),
    "give it to another case": lambda raw: raw.run("UPDATE process SET case_id = ? WHERE id = 'grievance'", FRESH),
    "have it concern a host": lambda raw: raw.run("UPDATE process SET host_id = 'host' WHERE id = 'grievance'"),
    "give it another form": lambda raw: raw.run("UPDATE process SET record_id = 'other' WHERE id = 'grievance'"),
    "give it to another office": lambda raw: raw.run("UPDATE process SET office_id = NULL WHERE id = 'grievance'"),
    "give it another definition": lambda raw: raw.run("UPDATE process SET machine = 'placement' WHERE id = 'grievance'"),
    "give it another version": lambda raw: raw.run("UPDATE process SET version = 2 WHERE id = 'grievance'"),
    "delete a process": lambda raw: raw.run("DELETE FROM process WHERE id = 'grievance'"),
    "rewrite a step": lambda raw: raw.run("UPDATE process_step SET \"trigger\" = 'extend' WHERE process_id = 'grievance'"),
    "give a step another entry": lambda raw: raw.run("UPDATE process_step SET seq = 1 WHERE process_id = 'grievance'"),
    "delete a step": lambda raw: raw.run("DELETE FROM process_step WHERE process_id = 'grievance' AND n = 2"),
    "a step without an entry": lambda raw: raw.insert("process_step", row_of(SETTLE, {"case_id": "case-1", "seq": 99})),
    "a step of another entry": lambda raw: raw.insert("process_step", row_of(SETTLE, {"case_id": "case-1", "seq": 1})),
    "a step of the entry before": lambda raw: raw.insert("process_step", row_of(SETTLE, {"case_id": "case-1", "seq": 5})),
    "a step of a stream that is none": lambda raw: raw.insert("process_step", row_of(SETTLE, NOBODYS, stream="case-1")),
    "a step that its entry calls otherwise": lambda raw: told(raw, a_step("grievance", 3, "extend", "looked", "looked"), trigger="settle",
                                                               dest="settled"),
    "a step of another time than its entry": lambda raw: told(raw, SETTLE, occurred_at=AT),
    "two steps of one that its entry names": twice_by_one_entry,
    "a step that another case tells of": told_elsewhere,
    "a case's step that only its actor tells of": told_by_its_actor,
    "a step of a refused attempt": told_by_a_refusal,
    "an edge that does not exist": lambda raw: told(raw, a_step("grievance", 3, "skip", "looked", "open")),
    "an edge to elsewhere": lambda raw: told(raw, a_step("grievance", 3, "settle", "looked", "open")),
    "an edge from elsewhere": lambda raw: told(raw, a_step("grievance", 3, "look", "open", "looked")),
    "skip a number": lambda raw: told(raw, a_step("grievance", 4, "settle", "looked", "settled")),
    "fork: a second step with the same number": lambda raw: told(raw, a_step("grievance", 2, "look", "open", "looked")),
    "the definition of another process": lambda raw: told(raw, a_step("grievance", 3, "settle", "looked", "settled"), machine="host"),
    "the definition of another version": lambda raw: told(raw, a_step("grievance", 3, "settle", "looked", "settled", version=2)),
    "begin once more": lambda raw: told(raw, a_step("grievance", 3, "open", "", "open")),
    "a step of no process": lambda raw: told(raw, OPEN),
    "begin in the middle": lambda raw: raw.insert("process", new_process("mine", state="looked")),
    "begin with steps": lambda raw: raw.insert("process", new_process("mine", steps=1)),
    "begin with a stay": lambda raw: raw.insert("process", new_process("mine", entered_at=AT)),
    "begin with a step that is none": lambda raw: beginning(raw, a_step("mine", 1, "look", "open", "looked")),
    "begin further on": lambda raw: beginning(raw, a_step("mine", 1, "open", "", "looked")),
    "begin from somewhere": lambda raw: beginning(raw, a_step("mine", 1, "open", "open", "open")),
    "begin before its entry": lambda raw: beginning(raw, OPEN, opened_at=AT, entered_at=AT),
    "a process on the journey's definition": lambda raw: raw.insert("process", new_process("mine", state="reported") | {"machine": "toy"}),
    "a case on a process's definition": lambda raw: raw.insert(
        "care_case", new_case("case-3", "KKR-2026-0003", machine="grievance", state="open")
    ),
    "a process on a definition nobody sealed": lambda raw: (
        raw.insert("machine_version", {"machine": "mine", "version": 1, "digest": "d", "initial": "open", "published_at": AT,
                                       "about": "case"}),
        raw.insert("process", new_process("mine") | {"machine": "mine"}),
    ),
    "a definition that is about something else": lambda raw: raw.run("UPDATE machine_version SET about = 'journey' WHERE machine = 'host'"),
    "a case's process without a case": lambda raw: raw.insert("process", new_process("mine", case_id=None, office_id=None)),
    "a host's process of a case": lambda raw: raw.insert("process", new_process("mine", "host", case_id="case-1", office_id="office")),
    "a process of no host": lambda raw: raw.insert("process", new_process("mine", "staff", host_id=None)),
    "a process of another office": lambda raw: raw.insert("process", new_process("mine", office_id=None)),
    "an office's process of no office": lambda raw: raw.insert("process", new_process("mine", "leak", host_id=None, office_id=None)),
    "an office's process of an office that is none": lambda raw: raw.insert(
        "process", new_process("mine", "leak", host_id=None, office_id="nowhere")
    ),
    "an office's process of a host": lambda raw: raw.insert("process", new_process("mine", "leak", host_id="host", office_id="office")),
    "an office's process of a case": lambda raw: raw.insert(
        "process", new_process("mine", "leak", host_id=None, office_id="office", case_id="case-1")
    ),
    "a process by a form of nobody": lambda raw: raw.insert("process", new_process("mine", record_id="nobody's")),
    "INSERT OR REPLACE of a process": lambda raw: raw.insert("process", new_process("grievance"), "INSERT OR REPLACE"),
    "INSERT OR REPLACE of a step": lambda raw: raw.insert(
        "process_step", row_of(a_step("grievance", 2, "look", "open", "looked"), {"case_id": "case-1", "seq": 5}), "INSERT OR REPLACE"
    ),
    "upsert over a process": lambda raw: raw.insert(
        "process", new_process("grievance"), tail="ON CONFLICT (id) DO UPDATE SET state = 'settled'"
    ),
    "upsert over a step": lambda raw: raw.insert(
        "process_step",
        row_of(a_step("grievance", 2, "look", "open", "looked"), {"case_id": "case-1", "seq": 5}),
        tail="ON CONFLICT (process_id, n) DO UPDATE SET dest = 'settled'",
    ),
    "suspend a host over a lawful arc, without a step": lambda raw: raw.run("UPDATE host SET status = 'suspended' WHERE id = 'host'"),
    "clear a member of staff without a step": lambda raw: raw.run("UPDATE staff SET status = 'cleared' WHERE id = 'member'"),
    "hold a bed without a step": lambda raw: raw.run("UPDATE placement SET status = 'reserved' WHERE id = 'stay'"),
    "end a placement without a step": lambda raw: raw.run("UPDATE placement SET status = 'ended', ended_at = ? WHERE id = 'stay'", LATER),
    "end a placement that goes on": lambda raw: raw.run("UPDATE placement SET ended_at = ? WHERE id = 'stay'", LATER),
    "have a placement be another way of care": lambda raw: raw.run("UPDATE placement SET state = 'family' WHERE id = 'stay'"),
    "upsert over a host's status": lambda raw: raw.insert(
        "host", {"id": "host", "kind": "lksa", "name": "-", "status": "registered", "created_at": AT},
        tail="ON CONFLICT (id) DO UPDATE SET status = 'suspended'",
    ),
    "a host that begins active": lambda raw: raw.insert("host", {"id": "h", "kind": "lksa", "name": "-", "status": "active",
                                                                 "created_at": AT}),
    "a member of staff that begins cleared": lambda raw: raw.insert(
        "staff", {"id": "m", "host_id": "host", "name": "-", "duty": "-", "status": "cleared"}
    ),
    "a placement before it is in force": lambda raw: placed_at(raw, "host_accepted"),
    "a placement in force that its process has not reached": lambda raw: placed_at(raw, "active"),
    "a host over an edge that does not exist": lambda raw: raw.run("UPDATE host SET status = 'revoked' WHERE id = 'host'"),
    "a host back to its beginning": lambda raw: raw.run("UPDATE host SET status = 'registered' WHERE id = 'host'"),
    "a member of staff over an edge that does not exist": lambda raw: raw.run("UPDATE staff SET status = 'suspended' WHERE id = 'member'"),
    "a placement over an edge that does not exist": lambda raw: raw.run("UPDATE placement SET status = 'unconfirmed' WHERE id = 'stay'"),
    "a host that begins revoked": lambda raw: raw.insert("host", {"id": "h", "kind": "lksa", "name": "-", "status": "revoked",
                                                                  "created_at": AT}),
    "a member of staff that begins barred": lambda raw: raw.insert(
        "staff", {"id": "m", "host_id": "host", "name": "-", "duty": "-", "status": "barred"}
    ),
    "a child placed without a process": lambda raw: raw.insert("placement", STAY | {"id": "s", "child_id": "sibling"}),
    "a child placed with a host that declined": placed_all_the_same,
    "replace a host": lambda raw: raw.insert(
        "host", {"id": "host", "kind": "lksa", "name": "-", "status": "registered", "created_at": AT}, "INSERT OR REPLACE"
    ),
    "replace a member of staff": lambda raw: raw.insert(
        "staff", {"id": "member", "host_id": "host", "name": "-", "duty": "-", "status": "cleared"}, "INSERT OR REPLACE"
    ),
    "give a host another id": lambda raw: raw.run("UPDATE host SET id = 'another' WHERE id = 'host'"),
    "move a member of staff to another host": lambda raw: raw.run("UPDATE staff SET host_id = 'another' WHERE id = 'member'"),
    "make an LKS for other people of a house for children": lambda raw: raw.run("UPDATE host SET kind = 'lks' WHERE id = 'host'"),
    "a house for children of an LKS for other people": lambda raw: raw.run("UPDATE host SET kind = 'lksa' WHERE id = 'elderly'"),
    "an LKS for other people that serves children": lambda raw: raw.run("UPDATE host SET services = 'children' WHERE id = 'elderly'"),
    "an LKS for other people that is entered as serving children": lambda raw: raw.insert(
        "host", {"id": "h", "kind": "lks", "services": "children", "name": "-", "status": "registered", "created_at": AT}
    ),
    "a child placed with an LKS for other people": lambda raw: raw.insert("placement", STAY | {"child_id": "sibling", "id": "s",
                                                                                             "host_id": "elderly"}),
    "a child offered to an LKS for other people": lambda raw: raw.insert(
        "host_offer", {"id": "o", "case_id": "case-1", "host_id": "elderly", "round": 1, "offered_by": "worker", "offered_at": AT}
    ),
    "a complaint that a house would see": lambda raw: raw.insert("process", new_process("mine", "complaint", host_id="host")),
    "a complaint that a case would tell of": lambda raw: raw.insert("process", new_process("mine", "complaint", case_id="case-1")),
    "a complaint of no office": lambda raw: raw.insert("process", new_process("mine", "complaint", office_id=None)),
    "a complaint without a process": lambda raw: raw.insert("complaint", TOLD | {"id": "mine", "code_hash": "i"}),
    "a complaint over another's process": lambda raw: raw.insert("complaint", TOLD | {"id": "host", "code_hash": "i"}),
    "rewrite a complaint": lambda raw: raw.run("UPDATE complaint SET body = ? WHERE id = 'told'", b"{ }"),
    "take the danger out of a complaint": lambda raw: raw.run("UPDATE complaint SET danger = 0 WHERE id = 'told'"),
    "rewrite who complained": lambda raw: raw.run("UPDATE complaint SET reporter = ? WHERE id = 'told'", b"{ }"),
    "have a complaint be about another house": lambda raw: raw.run("UPDATE complaint SET host_id = NULL WHERE id = 'told'"),
    "give a complaint another code": lambda raw: raw.run("UPDATE complaint SET code_hash = 'i' WHERE id = 'told'"),
    "an incident of no case": lambda raw: raw.run("UPDATE complaint SET incident_id = 'r' WHERE id = 'told'"),
    "delete a complaint": lambda raw: raw.run("DELETE FROM complaint WHERE id = 'told'"),
    "replace a complaint": lambda raw: raw.insert("complaint", TOLD, "INSERT OR REPLACE"),
    "rewrite an answer": lambda raw: raw.run("UPDATE complaint_answer SET body = ? WHERE complaint_id = 'told'", b"+"),
    "delete an answer": lambda raw: raw.run("DELETE FROM complaint_answer WHERE complaint_id = 'told'"),
    "rewrite an inspection": lambda raw: raw.run("UPDATE host_entry SET body = ? WHERE id = 'inspected'", b"{}"),
    "give an entry another author": lambda raw: raw.run("UPDATE host_entry SET author = 'supervisor' WHERE id = 'inspected'"),
    "delete an inspection": lambda raw: raw.run("DELETE FROM host_entry WHERE id = 'inspected'"),
    "replace an inspection": lambda raw: raw.insert("host_entry", INSPECTED, "INSERT OR REPLACE"),
    "correct an inspection twice": lambda raw: (
        raw.insert("host_entry", INSPECTED | {"id": "again", "supersedes": "inspected"}),
        raw.insert("host_entry", INSPECTED | {"id": "more", "supersedes": "inspected"}),
    ),
    "correct the inspection of another house": lambda raw: raw.insert(
        "host_entry", INSPECTED | {"id": "again", "host_id": "elderly", "supersedes": "inspected"}
    ),
    "settle the inspection of another house": lambda raw: raw.insert(
        "host_entry", INSPECTED | {"id": "again", "host_id": "elderly", "kind": "follow_up", "settles": "inspected"}
    ),
    "delete a host": lambda raw: raw.run("DELETE FROM host WHERE id = 'host'"),
    "delete a member of staff": lambda raw: raw.run("DELETE FROM staff WHERE id = 'member'"),
}  # fmt: skip
ONLY_ON_SQLITE: dict[str, Attack] = {
    "replace a process by its hidden row number": lambda raw: raw.insert(
        "process", {"rowid": 1} | new_process("mine"), "INSERT OR REPLACE"
    ),
    "replace a step by its hidden row number": lambda raw: raw.run("UPDATE OR REPLACE process_step SET rowid = 1 WHERE n = 2"),
    "UPDATE OR REPLACE of a host's status": lambda raw: raw.run("UPDATE OR REPLACE host SET status = 'suspended' WHERE id = 'host'"),
    "UPDATE OR IGNORE of a placement's status": lambda raw: raw.run("UPDATE OR IGNORE placement SET status = 'reserved' WHERE id = 'stay'"),
    "replace a host by its hidden row number": lambda raw: raw.run("UPDATE OR REPLACE host SET rowid = 7"),
}
ONLY_ON_POSTGRESQL: dict[str, Attack] = {
    "empty the steps": lambda raw: raw.run("TRUNCATE process_step"),
    "empty the processes and their steps": lambda raw: raw.run("TRUNCATE process CASCADE"),
    "empty the staff": lambda raw: raw.run("TRUNCATE staff"),
}
EVERY = [
    (mode, name) for mode in MODES for name in (*ATTACKS, *(ONLY_ON_SQLITE if mode in ON_SQLITE else ONLY_ON_POSTGRESQL))
]  # fmt: skip


@pytest.mark.parametrize(("mode", "name"), EVERY)
def test_the_attack_is_refused_and_changes_nothing(prowler: Raw, name: str) -> None:
    prowler.run("SAVEPOINT before_it")
    before = prowler.everything()
    with pytest.raises(prowler.no, match=prowler.words):
        (ATTACKS | ONLY_ON_SQLITE | ONLY_ON_POSTGRESQL)[name](prowler)
    prowler.run("ROLLBACK TO before_it")
    assert prowler.everything() == before


def stands(raw: Raw, process: str) -> tuple[str, int, str]:
    row = raw.one("SELECT state, steps, entered_at FROM process WHERE id = ?", process)
    return row["state"], row["steps"], row["entered_at"]


@pytest.mark.parametrize("mode", MODES)
def test_the_lawful_way_stays_open(prowler: Raw) -> None:
    make(prowler, a_step("grievance", 3, "extend", "looked", "looked"), SETTLE_AFTER)
    make(prowler, SUSPEND, of_case=False)
    make(prowler, a_step("host", 4, "revoke", "suspended", "revoked", "host"))
    assert prowler.run("UPDATE host SET name = 'Ditutup' WHERE id = 'host'") == 1
    assert prowler.one("SELECT status FROM host WHERE id = 'host'") == {"status": "revoked"}
    make(prowler, *(a_step("stay", n, *step, "placement") for n, step in enumerate(HELD_AND_BACK, start=5)))
    assert prowler.one("SELECT status, ended_at FROM placement WHERE id = 'stay'") == {"status": "active", "ended_at": None}
    make(prowler, a_step("stay", 7, "end", "active", "ended", "placement"))
    assert prowler.one("SELECT status, ended_at FROM placement WHERE id = 'stay'") == {"status": "ended", "ended_at": LATER}
    assert stands(prowler, "grievance") == ("settled", 4, LATER)
    prowler.insert("task", a_task())
    prowler.insert("task", a_task(FRESH, None))
    assert stands(prowler, "host") == ("revoked", 4, LATER)
    prowler.insert("staff", {"id": "new", "host_id": "host", "name": "-", "duty": "-", "status": "pending"})
    assert prowler.run("UPDATE process SET wakes_at = ?, due_at = ? WHERE id = 'stay'", LATER, LATER) == 1


HELD_AND_BACK = (("reserve", "active", "reserved"), ("resume", "reserved", "active"))
SETTLE_AFTER = a_step("grievance", 4, "settle", "looked", "settled")


@pytest.mark.parametrize("mode", MODES)
def test_a_process_may_belong_to_an_office(prowler: Raw) -> None:
    prowler.insert("process", new_process("mine", "leak", host_id=None, office_id="office"))
    make(prowler, a_step("mine", 1, "open", "", "found", "leak"), a_step("mine", 2, "tell", "found", "told", "leak"), of_case=False)
    assert stands(prowler, "mine")[:2] == ("told", 2)


@pytest.mark.parametrize("mode", ["postgresql, as the application"])
@pytest.mark.parametrize(("office", "seen"), [("office", 1), ("elsewhere", 0)])
def test_an_offices_process_is_seen_by_that_office_alone(prowler: Raw, office: str, seen: int) -> None:
    prowler.insert("process", new_process("mine", "leak", host_id=None, office_id="office"))
    prowler.run("SELECT set_config('casework.scope', 'person', true), set_config('casework.offices', ?, true)", office)
    assert len(prowler.every("SELECT id FROM process WHERE id = 'mine'")) == seen


@pytest.mark.parametrize("mode", MODES)
def test_staying_restarts_no_clock(prowler: Raw) -> None:
    extend, later = a_step("grievance", 3, "extend", "looked", "looked"), "2026-11-29T00:00:00.000000Z"
    entry = told_by_case(prowler, extend, occurred_at=later)
    prowler.insert("event", entry)
    prowler.insert("process_step", row_of(extend, entry, occurred_at=later))
    assert stands(prowler, "grievance") == ("looked", 3, LATER)
    entry = told_by_case(prowler, SETTLE_AFTER, occurred_at=later)
    prowler.insert("event", entry)
    prowler.insert("process_step", row_of(SETTLE_AFTER, entry, occurred_at=later))
    assert stands(prowler, "grievance") == ("settled", 4, later)


@pytest.mark.parametrize("mode", ["postgresql, as the application"])
def test_a_register_follows_its_process_even_for_whoever_cannot_see_it(prowler: Raw) -> None:
    prowler.run("SELECT set_config('casework.scope', '', true)")
    prowler.run("SAVEPOINT before_it")
    with pytest.raises(prowler.no, match="what its process says"):
        prowler.insert("staff", {"id": "m", "host_id": "host", "name": "-", "duty": "-", "status": "cleared"})
    prowler.run("ROLLBACK TO before_it")
    assert prowler.every("SELECT id FROM process") == prowler.every("SELECT process_id FROM process_step") == []


@pytest.mark.parametrize("mode", ["postgresql, as the application"])
@pytest.mark.parametrize(
    ("reach", "offices", "hosts", "there"),
    [
        ("whole", "", "", {"grievance", "stay", "host", "member", "told"}),
        ("person", "office", "", {"grievance", "stay", "host", "member", "told"}),
        ("person", "elsewhere", "", {"host", "member"}),
        ("person", "", "host", {"grievance", "stay", "host", "member"}),
        ("person", "", "another", set()),
        ("person", "", "", set()),
        ("", "", "", set()),
    ],
)
def test_a_process_is_seen_with_its_case_and_a_hosts_by_every_office_and_that_house(
    prowler: Raw, reach: str, offices: str, hosts: str, there: set[str]
) -> None:
    for name, value in (("scope", reach), ("offices", offices), ("hosts", hosts)):
        prowler.run("SELECT set_config('casework.' || ?, ?, true)", name, value)
    assert {row["id"] for row in prowler.every("SELECT id FROM process")} == there
    assert {row["process_id"] for row in prowler.every("SELECT process_id FROM process_step")} == there
    heard = {row["id"] for row in prowler.every("SELECT id FROM complaint")}
    assert heard == {row["complaint_id"] for row in prowler.every("SELECT complaint_id FROM complaint_answer")} == there & {"told"}
