"""Raw SQL against what is asked in the field: nobody else is asked, nobody is exchanged, nothing ended begins again."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.databases import Database
from tests.store.world import AT, CASE, LATER, MODES, Raw, raw_on, refused_inside

ASKED = {
    "id": "errand", "case_id": CASE, "kind": "field_visit", "due_at": LATER, "created_at": AT, "created_seq": 1, "office_id": "office",
    "worker": "worker", "district": "64.02.06",
}  # fmt: skip
INSERTS: dict[str, dict[str, Any]] = {
    "of somebody without a seat in the field": {"worker": "head"},
    "of a stranger to the office": {"worker": "stranger"},
    "of who is suspended": {"worker": "gone"},
    "of nobody": {"worker": None},
    "before their seat began": {"created_at": "2026-11-01T00:00:00.000000Z"},
    "for longer than a month": {"due_at": "2026-12-24T02:20:25.123456Z"},
    "until no day at all": {"due_at": "9"},
    "in another district": {"district": "64.02.01"},
    "in no district": {"district": None},
}
UPDATES = {
    "of somebody else": "worker = 'other'",
    "another task made of it": "kind = 'contact'",
    "asked at another time": f"created_at = '{LATER}'",
    "led elsewhere": "district = '64.02.01'",
    "made to last longer": "due_at = '2030-01-01T00:00:00.000000Z'",
}


@pytest.fixture
def errand(towns: Callable[[str], Database], mode: str) -> Iterator[Raw]:
    """Somebody past the program, in an office where a TKSK was asked into the field."""
    raw = raw_on(towns(MODES[mode][0]), mode)
    raw.run("BEGIN")
    for person in ("stranger", "gone"):
        raw.insert("person", {"id": person, "name": person, "created_at": AT})
    for account, person, active, office in (
        ("mate", "worker", 1, "office"),
        ("second", "other", 1, "office"),
        ("far", "stranger", 1, ""),
        ("left", "gone", 0, "office"),
    ):
        known = {"id": account, "person_id": person, "username": account, "password_hash": "", "created_at": AT, "active": active}
        raw.insert("account", known)
        if office:
            seat = {
                "id": f"seat-{account}",
                "account_id": account,
                "role": "tksk",
                "office_id": office,
                "area": "64.02.06.1001",
                "valid_from": AT,
            }
            raw.insert("assignment", seat | {"area": "64.02.06.1001"})
    raw.insert("task", ASKED)
    yield raw
    raw.run("ROLLBACK")
    raw.close()


@pytest.mark.parametrize("mode", ["foreign keys off", "checks off too", "postgresql, as the application"])
def test_only_who_works_in_the_field_is_asked_and_it_stays_theirs(errand: Raw) -> None:
    lawful = {"id": "lawful", "kind": "field_check", "worker": "other", "due_at": "2026-12-23T02:20:25.123456Z"}
    assert errand.insert("task", ASKED | lawful) == 1
    for change in INSERTS.values():
        refused_inside(errand, lambda row=ASKED | {"id": "new"} | change: errand.insert("task", row))  # type: ignore[misc]
    for told in UPDATES.values():
        refused_inside(errand, lambda told=told: errand.run(f"UPDATE task SET {told} WHERE id = 'errand'"))  # type: ignore[misc]  # noqa: S608 - our own text
    assert errand.run(f"UPDATE task SET settled_at = '{LATER}' WHERE id = 'errand'") == 1  # noqa: S608 - our own text
    refused_inside(errand, lambda: errand.run("UPDATE task SET settled_at = NULL WHERE id = 'errand'"))


SEATS: dict[str, dict[str, Any]] = {
    "in the field of nowhere": {"area": None},
    "in the field of an area that is none": {"area": "Tenggarong"},
    "of an office, with a district": {"role": "supervisor"},
}
MOVED = {"to another district": "area = '64.02.01'", "to no district": "area = NULL", "to another role": "role = 'tksk'"}


@pytest.mark.parametrize("mode", ["foreign keys off", "checks off too", "postgresql, as the application"])
def test_a_seat_in_the_field_has_its_area_for_good_and_no_other_seat_has_one(errand: Raw) -> None:
    row = {"id": "new", "account_id": "mate", "role": "psm", "office_id": "office", "area": "64.02.06", "valid_from": AT}
    assert errand.insert("assignment", row | {"id": "lawful"}) == 1
    for change in SEATS.values():
        refused_inside(errand, lambda change=change: errand.insert("assignment", row | change))  # type: ignore[misc]
    for told in MOVED.values():
        refused_inside(errand, lambda told=told: errand.run(f"UPDATE assignment SET {told} WHERE id = 'lawful'"))  # type: ignore[misc]  # noqa: S608 - our own text
