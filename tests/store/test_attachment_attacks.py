"""Raw SQL against a photograph: none without its entry, none of another case, none changed, emptied, or withdrawn without a word."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from casework.ledger.event import decode_event
from tests.databases import Database
from tests.store.world import CASE, FRESH, LATER, MODES, Raw, next_event, project, raw_on, refused_inside

PICTURE = {
    "id": "picture", "case_id": CASE, "kind": "family_card", "digest": "d", "sealed_digest": "s", "salt": b"salt",
    "added_by": "worker", "added_at": LATER, "content": b"s1.child.sealed",
}  # fmt: skip
WITHDRAWN = {"withdrawn_by": "worker", "withdrawn_at": LATER, "withdrawn_why": "twice"}
INSERTS: dict[str, dict[str, Any]] = {
    "of which no entry tells": {"id": "stranger"},
    "in another's name": {"added_by": "head"},
    "at another time": {"added_at": "2026-11-24T02:20:25.000000Z"},
    "into another case": {"case_id": FRESH},
    "withdrawn before": WITHDRAWN,
    "of a record that is not there": {"record_id": "nothing"},
    "of a paper that is not there": {"document_id": "nothing"},
    "of two things": {"record_id": "record", "document_id": "document"},
    "of nothing": {"content": b""},
    "once more": {"id": "picture"},
}
UPDATES = {
    "of another case": f"case_id = '{FRESH}'",
    "by another": "added_by = 'head'",
    "of another kind": "kind = 'other'",
    "with another digest": "digest = 'x'",
    "with another content": "content = salt",
    "emptied while the child has a key": "content = substr(content, 1, 0)",
    "withdrawn without an entry": f"withdrawn_by = 'worker', withdrawn_at = '{LATER}', withdrawn_why = 'twice'",
}
WALLS_ONLY = ("foreign keys off", "checks off too", "postgresql, as the application")


def tell(raw: Raw, kind: str, why: str, *items: str) -> None:
    """Write the entry that says so."""
    row = next_event(raw.case(), kind=kind)  # type: ignore[arg-type]
    entry = msgspec.structs.replace(decode_event(row["body"]), items=items, reason_code=why)
    raw.insert("event", project(entry))


@pytest.fixture
def album(towns: Callable[[str], Database], mode: str) -> Iterator[Raw]:
    """Somebody past the program, in an office where a picture was added to a case, and another one is told of."""
    raw = raw_on(towns(MODES[mode][0]), mode)
    raw.run("BEGIN")
    tell(raw, "attachment_added", "", "picture", "lawful", "new")
    raw.insert("attachment", PICTURE)
    yield raw
    raw.run("ROLLBACK")
    raw.close()


@pytest.mark.parametrize("mode", WALLS_ONLY)
def test_no_picture_comes_in_past_its_entry(album: Raw) -> None:
    assert album.insert("attachment", PICTURE | {"id": "lawful"}) == 1
    for change in INSERTS.values():
        refused_inside(album, lambda change=change: album.insert("attachment", PICTURE | {"id": "new"} | change, "INSERT OR REPLACE"))  # type: ignore[misc]


@pytest.mark.parametrize("mode", WALLS_ONLY)
def test_no_picture_is_changed_emptied_or_taken_away(album: Raw) -> None:
    for change in UPDATES.values():
        refused_inside(album, lambda change=change: album.run(f"UPDATE attachment SET {change}"))  # type: ignore[misc]  # noqa: S608 - our own text
    refused_inside(album, lambda: album.run("DELETE FROM attachment"))


@pytest.mark.parametrize("mode", WALLS_ONLY)
def test_a_picture_is_withdrawn_as_its_entry_says_and_not_brought_back(album: Raw) -> None:
    tell(album, "attachment_withdrawn", "twice", "picture")
    said = "UPDATE attachment SET withdrawn_by = '{}', withdrawn_at = '{}', withdrawn_why = '{}'"
    for by, at, why in (("head", LATER, "twice"), ("worker", "2026-11-24", "twice"), ("worker", LATER, "unreadable")):
        refused_inside(album, lambda by=by, at=at, why=why: album.run(said.format(by, at, why)))  # type: ignore[misc]
    assert album.run(said.format("worker", LATER, "twice")) == 1
    refused_inside(album, lambda: album.run("UPDATE attachment SET withdrawn_by = NULL, withdrawn_at = NULL, withdrawn_why = NULL"))
