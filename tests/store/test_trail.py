"""What the database holds, read by the verifier: clean as the program wrote it, and every edit past the walls is named."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.ledger.verify import CaseHead, EventRow, checkpoint, read_checkpoint, verify
from casework.store.publish import rulebook
from tests.databases import Database, File, Files, wreck
from tests.store.world import CASE, TOY, TOY_2, Raw, raw_on

BOOKS = {("toy", 1): rulebook(TOY), ("toy", 2): rulebook(TOY_2)}
STREAM = f"case:{CASE}"


def rows(raw: Raw) -> Iterator[EventRow]:
    for row in raw.every("SELECT * FROM event ORDER BY case_id, seq"):
        yield EventRow(f"case:{row['case_id']}", row["seq"], row["body"], row["hash"], row["prev"], dict(row))


def heads(raw: Raw) -> dict[str, CaseHead]:
    found = raw.every("SELECT id, machine, version, state, seq, head, round FROM care_case")
    return {case["id"]: CaseHead(**{name: case[name] for name in CaseHead.__struct_fields__}) for case in found}


def faults(raw: Raw, held: bytes | None = None) -> set[tuple[str, int, str]]:
    found = verify(rows(raw), heads(raw), BOOKS, read_checkpoint(held) if held else None)
    return {(fault.stream, fault.seq, fault.code) for fault in found}


@pytest.fixture
def owner(database: Database) -> Iterator[Raw]:
    """Somebody who owns the database: the walls are down, and so is the key that would notice."""
    wreck(database, *(() if database.engine == "sqlite" else ("ALTER TABLE event DROP CONSTRAINT fk_event_case_id",)))
    raw = raw_on(database, "foreign keys off" if database.engine == "sqlite" else "postgresql, as the owner")
    yield raw
    raw.close()


@pytest.mark.parametrize("mode", ["as the program", "postgresql, as the application"])
def test_what_the_walls_let_through_is_a_clean_trail(raw: Raw) -> None:
    raw.insert("event", raw.event(trigger="admit", dest="institution", approvers=("supervisor", "head")))
    raw.insert("event", raw.event(trigger="close", dest="closed", approvers=("supervisor",)))
    raw.insert("event", raw.event(trigger="reopen", dest="reported", approvers=("supervisor",)))
    raw.insert("event", raw.event())
    assert faults(raw) == set()


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE care_case SET state = 'institution' WHERE id = 'case-1'", (STREAM, 3, "state_differs")),
        ("UPDATE care_case SET version = 2 WHERE id = 'case-1'", (STREAM, 3, "definition_differs")),
        ("UPDATE event SET actor = 'other' WHERE seq = 2", (STREAM, 2, "column_differs")),
        ("DELETE FROM event WHERE seq = 2", (STREAM, 3, "gap")),
        ("DELETE FROM event WHERE seq = 3", (STREAM, 2, "truncated")),
        ("DELETE FROM care_case WHERE id = 'case-1'", (STREAM, 0, "no_case")),
    ],
)
def test_what_the_owner_changes_past_the_walls_is_named(owner: Raw, sql: str, found: tuple[str, int, str]) -> None:
    assert owner.run(sql) >= 1
    assert found in faults(owner)


CHANGED_BYTES = {
    "sqlite": "UPDATE event SET body = CAST(replace(body, 'worker', 'helper') AS BLOB) WHERE seq = 2",
    "postgresql": "UPDATE event SET body = convert_to(replace(convert_from(body, 'UTF8'), 'worker', 'helper'), 'UTF8') WHERE seq = 2",
}


def test_bytes_that_the_owner_changes_are_named(owner: Raw, database: Database) -> None:
    assert owner.run(CHANGED_BYTES[database.engine]) >= 1
    assert (STREAM, 2, "changed") in faults(owner)


def test_bytes_that_became_text_in_a_file_are_named(path: Path) -> None:
    wreck(File(Files(path.parent), path))
    raw = Raw(path)
    assert raw.run("UPDATE event SET body = CAST(body AS TEXT) WHERE seq = 2") >= 1
    assert (STREAM, 2, "unreadable") in faults(raw)


def test_an_older_copy_put_back_is_found_by_a_checkpoint_held_outside(path: Path) -> None:
    raw = Raw(path)
    before = path.read_bytes()
    raw.insert("event", raw.event())
    held = checkpoint((f"case:{case}", head.seq, head.head) for case, head in heads(raw).items() if head.seq)
    raw.connection.close()
    path.write_bytes(before)
    restored = Raw(path)
    assert faults(restored) == set()
    assert faults(restored, held) == {(STREAM, 4, "truncated_since_checkpoint")}
