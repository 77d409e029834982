"""Raw SQL against a broken glass: no longer than an hour, no second one meanwhile, no other case, no review by oneself, nothing unsaid."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.databases import Database
from tests.store.world import AT, CASE, FRESH, LATER, MODES, Raw, raw_on, refused_inside

HOUR, LONGER = "2026-11-22T03:20:25.123456Z", "2026-11-22T03:21:25.123456Z"
BROKEN = {
    "id": "broken", "case_id": CASE, "account_id": "mate", "person": "worker", "reason_code": "legal_duty",
    "reason": "Polisi menelepon malam ini.", "opened_at": AT, "ends_at": HOUR, "task_id": "asked",
}  # fmt: skip
REVIEWED = {"reviewed_by": "head", "reviewed_at": LATER, "finding": "justified", "review": "Sudah diperiksa."}
INSERTS: dict[str, dict[str, Any]] = {
    "for more than an hour": {"ends_at": LONGER},
    "for ever, by a moment that is none": {"ends_at": "9999"},
    "backwards": {"ends_at": AT},
    "while it is broken": {"id": "again", "account_id": "mate", "opened_at": "2026-11-22T02:50:00.000000Z", "ends_at": HOUR},
    "in another's name": {"person": "head"},
    "by a stranger to the office": {"account_id": "loner", "person": "other"},
    "by who is suspended": {"account_id": "gone", "person": "other"},
    "without a reason": {"reason": "x"},
    "without a review that is asked for": {"task_id": "elsewhere"},
    "of a case that the review is not about": {"case_id": FRESH},
    "reviewed before": REVIEWED,
    "once more": {"id": "broken"},
}
UPDATES = {
    "made longer": f"ends_at = '{LONGER}'",
    "of another case": f"case_id = '{FRESH}'",
    "by another": "account_id = 'other_mate', person = 'other'",
    "for another reason": "reason = 'Tidak ada apa-apa sama sekali.'",
    "reviewed by oneself": "reviewed_by = 'worker', finding = 'justified'",
}
WALLS_ONLY = ("foreign keys off", "checks off too", "postgresql, as the application")


@pytest.fixture
def shards(towns: Callable[[str], Database], mode: str) -> Iterator[Raw]:
    """Somebody past the program, in an office where the glass of a case is broken."""
    raw = raw_on(towns(MODES[mode][0]), mode)
    raw.run("BEGIN")
    for account, person, active in (("mate", "worker", 1), ("other_mate", "other", 1), ("loner", "other", 1), ("gone", "other", 0)):
        known = {"id": account, "person_id": person, "username": account, "password_hash": "", "created_at": AT, "active": active}
        raw.insert("account", known)
        if account != "loner":
            seat = {
                "id": f"seat-{account}",
                "account_id": account,
                "role": "tksk",
                "office_id": "office",
                "area": "64.02.06",
                "valid_from": AT,
            }
            raw.insert("assignment", seat)
    about = {"kind": "glass_review", "due_at": LATER, "created_at": AT, "created_seq": 1, "office_id": "office", "worker": None}
    raw.insert("task", about | {"id": "asked", "case_id": CASE})
    raw.insert("task", about | {"id": "elsewhere", "case_id": FRESH})
    raw.insert("glass", BROKEN)
    yield raw
    raw.run("ROLLBACK")
    raw.close()


@pytest.mark.parametrize("mode", WALLS_ONLY)
def test_no_glass_is_broken_that_may_not_be(shards: Raw) -> None:
    fresh = {"id": "new", "account_id": "other_mate", "person": "other"}
    assert shards.insert("glass", BROKEN | {"id": "lawful", "account_id": "other_mate", "person": "other"}) == 1
    for change in INSERTS.values():
        later = {"opened_at": "2026-11-22T04:00:00.000000Z", "ends_at": "2026-11-22T04:30:00.000000Z"}
        row = BROKEN | fresh | (later if "ends_at" not in change else {}) | change
        refused_inside(shards, lambda row=row: shards.insert("glass", row, "INSERT OR REPLACE"))  # type: ignore[misc]
    assert shards.insert("glass", BROKEN | fresh | later) == 1


@pytest.mark.parametrize("mode", WALLS_ONLY)
def test_what_was_broken_is_not_made_longer_nor_unsaid(shards: Raw) -> None:
    for change in UPDATES.values():
        refused_inside(shards, lambda change=change: shards.run(f"UPDATE glass SET {change}"))  # type: ignore[misc]  # noqa: S608 - our own text
    refused_inside(shards, lambda: shards.run("DELETE FROM glass"))
    assert shards.run("UPDATE glass SET reviewed_by = 'head', reviewed_at = ?, finding = 'justified', review = 'Sudah.'", LATER) == 1
    for change in ("finding = 'unjustified'", "review = NULL", "reviewed_by = 'other'"):
        refused_inside(shards, lambda change=change: shards.run(f"UPDATE glass SET {change}"))  # type: ignore[misc]  # noqa: S608 - our own text
