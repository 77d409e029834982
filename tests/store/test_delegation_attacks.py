"""Raw SQL against delegations: nobody lends to themselves, past a month, what is not theirs, or once more what has ended."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.databases import Database
from tests.store.world import AT, LATER, MODES, Raw, next_event, raw_on, refused_inside

MONTH, LONGER = "2026-12-22T02:20:25.123456Z", "2026-12-22T02:21:25.123456Z"
LENT = {
    "id": "lent", "giver": "boss", "taker": "mate", "role": "supervisor", "office_id": "office", "actions": "",
    "made_by": "boss", "made_at": AT, "starts_at": AT, "ends_at": MONTH,
}  # fmt: skip
ACCOUNTS = (("boss", "supervisor", "supervisor"), ("mate", "worker", "social_worker"), ("twin", "supervisor", "social_worker"))
"""Account, natural person, role in the office. The twin is the boss's other account; the guest works at a house, the loner nowhere."""

INSERTS: dict[str, dict[str, Any]] = {
    "to the same account": {"taker": "boss"},
    "to the same natural person": {"taker": "twin"},
    "for more than a month": {"ends_at": LONGER},
    "for ever, by a moment that is none": {"ends_at": "9999"},
    "for ever, by a number of a day": {"ends_at": "2461130"},
    "from yesterday on": {"starts_at": "2026-11-21T02:20:25.123456Z"},
    "backwards": {"ends_at": AT},
    "what is not their own": {"giver": "mate", "taker": "boss"},
    "handed on by who took it": {"giver": "mate", "taker": "other_mate"},
    "in another office": {"office_id": "elsewhere"},
    "to a stranger to the office": {"taker": "loner"},
    "to who works at a house": {"taker": "guest"},
    "to a service": {"taker": "robot"},
    "by who is suspended": {"giver": "gone"},
    "cover by who is no social worker": {"role": "social_worker", "giver": "mate", "taker": "other_boss"},
    "ended before it began": {"ended_at": AT, "ended_by": "boss"},
    "once more": {},
}
UPDATES = {
    "made longer": f"ends_at = '{LONGER}'",
    "moved": f"starts_at = '{LATER}'",
    "given to another": "taker = 'other_mate'",
    "of another role": "role = 'dinas_head'",
    "of another office": "office_id = 'elsewhere'",
    "for more acts": "actions = 'decide assign'",
    "in another's name": "giver = 'other_boss'",
    "ended by nobody": f"ended_at = '{LATER}'",
}


@pytest.fixture
def lent(towns: Callable[[str], Database], mode: str) -> Iterator[Raw]:
    """Somebody past the program, in an office with a delegation that is open and one that has ended."""
    raw = raw_on(towns(MODES[mode][0]), mode)
    raw.run("BEGIN")
    more = (("other_mate", "other", "social_worker"), ("other_boss", "head", "supervisor"))
    for account, person, role in (*ACCOUNTS, *more):
        _account(raw, account, person)
        _seat(raw, account, role)
    for account in ("loner", "guest", "robot", "gone"):
        _account(raw, account, "other", active=account != "gone", service=account == "robot")
    _seat(raw, "guest", "lksa_head", host_id="host")
    _seat(raw, "robot", "social_worker")
    _seat(raw, "gone", "supervisor")
    raw.insert("delegation", LENT)
    raw.insert("delegation", LENT | {"id": "over", "taker": "other_mate"})
    raw.run("UPDATE delegation SET ended_at = ?, ended_by = 'boss' WHERE id = 'over'", LATER)
    yield raw
    raw.run("ROLLBACK")
    raw.close()


def _account(raw: Raw, account: str, person: str, *, active: bool = True, service: bool = False) -> None:
    known = {"id": account, "person_id": person, "username": account, "password_hash": "", "created_at": AT}
    raw.insert("account", known | {"active": int(active), "service": int(service)})


def _seat(raw: Raw, account: str, role: str, **more: Any) -> None:
    known = {"id": f"seat-{account}", "account_id": account, "role": role, "office_id": "office", "valid_from": AT}
    raw.insert("assignment", known | more)


WALLS_ONLY = ("foreign keys off", "checks off too", "postgresql, as the application")


@pytest.mark.parametrize("mode", WALLS_ONLY)
def test_nothing_is_lent_that_may_not_be(lent: Raw) -> None:
    for name, change in INSERTS.items():
        row = LENT | {"id": "lent" if name == "once more" else "new"} | change
        refused_inside(lent, lambda row=row: lent.insert("delegation", row, "INSERT OR REPLACE"))  # type: ignore[misc]


@pytest.mark.parametrize("mode", WALLS_ONLY)
def test_what_was_lent_does_not_change_and_what_ended_is_over(lent: Raw) -> None:
    for change in UPDATES.values():
        refused_inside(lent, lambda change=change: lent.run(f"UPDATE delegation SET {change} WHERE id = 'lent'"))  # type: ignore[misc]  # noqa: S608 - our own text
    for change in ("ended_at = NULL, ended_by = NULL", "ended_at = '2026-12-01T00:00:00.000000Z'", "ended_by = 'mate'"):
        refused_inside(lent, lambda change=change: lent.run(f"UPDATE delegation SET {change} WHERE id = 'over'"))  # type: ignore[misc]  # noqa: S608 - our own text
    refused_inside(lent, lambda: lent.run("DELETE FROM delegation"))


@pytest.mark.parametrize("mode", WALLS_ONLY)
def test_nobody_acts_for_who_lent_them_nothing(lent: Raw) -> None:
    """The worker acts for the supervisor: that was lent. For the head: it was not. For the supervisor, after it ended: no more."""
    row = next_event(lent.case())
    assert lent.insert("event", row | {"on_behalf_of": "supervisor"}) == 1
    row = next_event(lent.case())
    refused_inside(lent, lambda: lent.insert("event", row | {"on_behalf_of": "head"}))
    refused_inside(lent, lambda: lent.insert("event", row | {"on_behalf_of": "worker"}))
    refused_inside(lent, lambda: lent.insert("event", row | {"actor": "other", "on_behalf_of": "supervisor"}))


@pytest.mark.parametrize("mode", WALLS_ONLY)
def test_nobody_approves_what_was_done_on_their_behalf(lent: Raw) -> None:
    support = next_event(lent.case(), "support", "family", ("supervisor",))
    refused_inside(lent, lambda: lent.insert("event", support | {"on_behalf_of": "supervisor"}))
