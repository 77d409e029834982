"""Raw SQL against requests and erasure: nothing vanishes, no key goes, but by a granted request of two persons that the journal tells."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.databases import Database
from tests.store.world import AT, CASE, FRESH, LATER, MODES, Raw, new_case, raw_on, refused_inside

ASKED = {
    "id": "asked", "case_id": CASE, "kind": "erasure", "applicant": "child", "shown": "identity_card", "name": "s1.child.x",
    "asked_by": "worker", "received_at": AT, "due_at": LATER, "task_id": "due",
}  # fmt: skip
GRANTED = "outcome = 'granted', reason_code = 'retention_over', decided_by = 'head', decided_at = '2026-11-23T02:20:25.000000Z'"
VANISHING = (
    "UPDATE record SET body = 'erased', salt = '', digest = ''",
    "UPDATE document SET number = 'erased', issuer = 'erased', digest = '', salt = ''",
    "UPDATE child SET name = 'erased', religion = 'erased', salt = '' WHERE id = 'child'",
    "UPDATE child SET sex = 'unknown' WHERE id = 'child'",
    "UPDATE relative SET name = 'erased', relation = 'erased'",
    "UPDATE data_request SET name = NULL",
)
WALLS_ONLY = ("foreign keys off", "checks off too", "postgresql, as the application")


@pytest.fixture
def raw(towns: Callable[[str], Database], mode: str) -> Iterator[Raw]:
    """Somebody past the program, in an office where a closed case's child is to be erased."""
    raw = raw_on(towns(MODES[mode][0]), mode)
    raw.run("BEGIN")
    for holder in ("child", "sibling"):
        raw.insert("data_key", {"holder": holder, "wrapped": "s1.key", "made_at": AT})
    signed = {"form": "F01", "round": 1, "status": "signed", "dated": AT, "signed_at": AT, "author": "worker", "author_role": "x"}
    raw.insert("record", {"id": "record", "case_id": CASE, "body": b"s1.child.body", "digest": "digest", "salt": b"salt", **signed})
    paper = {"kind": "other", "number": "s1.child.n", "issuer": "s1.child.i", "issued_on": "2026-01-01", "digest": "d", "salt": b"salt"}
    raw.insert("document", {"id": "paper", "case_id": CASE, "round": 1, "attached_by": "worker", "attached_at": AT, **paper})
    family = {"name": "s1.child.r", "relation": "s1.child.m", "degree": 1, "status": "alive", "added_by": "worker", "created_at": AT}
    raw.insert("relative", {"id": "mother", "child_id": "child", "religion": "s1.child.i", **family})
    about = {"kind": "data_request", "due_at": LATER, "created_at": AT, "created_seq": 1, "office_id": "office", "worker": None}
    raw.insert("task", about | {"id": "due", "case_id": CASE})
    raw.insert("task", about | {"id": "elsewhere", "case_id": FRESH})
    raw.insert("data_request", ASKED)
    yield raw
    raw.run("ROLLBACK")
    raw.close()


def close(raw: Raw) -> None:
    raw.insert("event", raw.event(trigger="support", dest="family", approvers=("supervisor",)))
    raw.insert("event", raw.event(trigger="close", dest="closed", approvers=("supervisor",)))


def redacted(raw: Raw, **changed: Any) -> dict[str, Any]:
    return raw.event(kind="redacted", **{"actor": "head", "requester": "worker"} | changed)


@pytest.mark.parametrize("mode", WALLS_ONLY)
def test_no_request_is_undone_or_decided_by_who_took_it_in(raw: Raw) -> None:
    fresh = ASKED | {"id": "new"}
    inserts: tuple[dict[str, Any], ...] = (
        {"outcome": "granted", "decided_by": "head", "decided_at": LATER},
        {"task_id": "elsewhere"},
        {"due_at": AT},
        {"id": "asked"},
    )
    for changed in inserts:
        refused_inside(raw, lambda changed=changed: raw.insert("data_request", fresh | changed, "INSERT OR REPLACE"))  # type: ignore[misc]
    by_head = "decided_by = 'head', decided_at = '2026-11-23T02:20:25.000000Z'"
    updates = (
        "kind = 'access'", "asked_by = 'other'", f"due_at = '{AT}'", f"case_id = '{FRESH}'", "outcome = 'granted'",
        f"outcome = 'granted', reason_code = 'retention_over', decided_by = 'worker', decided_at = '{LATER}'",
        f"outcome = 'granted', {by_head}",
        f"outcome = 'granted', reason_code = 'not_entitled', {by_head}", f"outcome = 'refused', {by_head}",
    )  # fmt: skip
    for change in updates:
        refused_inside(raw, lambda change=change: raw.run(f"UPDATE data_request SET {change}"))  # type: ignore[misc]  # noqa: S608 - our own text
    refused_inside(raw, lambda: raw.run("DELETE FROM data_request"))
    assert raw.run(f"UPDATE data_request SET {GRANTED}") == 1  # noqa: S608 - our own text
    refused_inside(raw, lambda: raw.run("UPDATE data_request SET outcome = 'refused', reason_code = 'not_entitled'"))


@pytest.mark.parametrize("mode", WALLS_ONLY)
def test_no_correction_is_granted_that_was_not_made(raw: Raw) -> None:
    raw.insert("data_request", ASKED | {"id": "wrong", "kind": "correction"})
    for answer in ("NULL", "'nothing'", "'record'"):
        made = f"outcome = 'granted', answer_id = {answer}, decided_by = 'head', decided_at = '{LATER}'"
        refused_inside(raw, lambda made=made: raw.run(f"UPDATE data_request SET {made} WHERE id = 'wrong'"))  # type: ignore[misc]  # noqa: S608 - our own text


@pytest.mark.parametrize("mode", WALLS_ONLY)
def test_nothing_vanishes_and_no_key_goes_but_by_an_erasure_of_two_persons(raw: Raw) -> None:
    destroyed = f"UPDATE data_key SET wrapped = NULL, destroyed_at = '{LATER}' WHERE holder = "  # noqa: S608 - our own text
    for attack in (*VANISHING, f"{destroyed}'child'", f"{destroyed}'sibling'"):
        refused_inside(raw, lambda attack=attack: raw.run(attack))  # type: ignore[misc]
    refused_inside(raw, lambda: raw.insert("event", redacted(raw)))
    raw.run(f"UPDATE data_request SET {GRANTED}")  # noqa: S608 - our own text
    refused_inside(raw, lambda: raw.insert("event", redacted(raw)))
    close(raw)
    for changed in ({"actor": "worker"}, {"requester": None}, {"requester": "head"}, {"requester": "other"}, {"actor": "supervisor"}):
        refused_inside(raw, lambda changed=changed: raw.insert("event", redacted(raw, **changed)))  # type: ignore[misc]
    for attack in (*VANISHING, f"{destroyed}'child'"):
        refused_inside(raw, lambda attack=attack: raw.run(attack))  # type: ignore[misc]
    assert raw.insert("event", redacted(raw)) == 1
    for attack in (*VANISHING, f"{destroyed}'sibling'"):
        refused_inside(raw, lambda attack=attack: raw.run(attack))  # type: ignore[misc]
    refused_inside(raw, lambda: raw.insert("event", raw.event()))
    refused_inside(raw, lambda: raw.insert("event", redacted(raw)))
    assert raw.run(f"{destroyed}'child'") == 1


@pytest.mark.parametrize("mode", WALLS_ONLY)
def test_an_erased_child_is_only_emptied_and_never_filled_again(raw: Raw) -> None:
    raw.run(f"UPDATE data_request SET {GRANTED}")  # noqa: S608 - our own text
    close(raw)
    raw.insert("event", redacted(raw))
    raw.run(f"UPDATE data_key SET wrapped = NULL, destroyed_at = '{LATER}' WHERE holder = 'child'")  # noqa: S608 - our own text
    filled = (
        "UPDATE record SET body = 's1.child.other'", "UPDATE record SET digest = 'other'", "UPDATE document SET number = 's1.child.other'",
        "UPDATE child SET name = 's1.child.other' WHERE id = 'child'", "UPDATE relative SET name = 's1.child.other'",
        "UPDATE data_key SET wrapped = 's1.key', destroyed_at = NULL WHERE holder = 'child'", "DELETE FROM record", "DELETE FROM document",
        "DELETE FROM relative", "UPDATE record SET author = 'other', body = 'erased'",
        "UPDATE child SET name = 'erased' WHERE id = 'sibling'",
    )  # fmt: skip
    for attack in filled:
        refused_inside(raw, lambda attack=attack: raw.run(attack))  # type: ignore[misc]
    refused_inside(raw, lambda: raw.insert("care_case", new_case("again", "KKR-2026-0009")))
    for lawful in VANISHING:
        assert raw.run(lawful) == 1, lawful
