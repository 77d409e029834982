"""What raw SQL may not do to what leaves this machine: on both engines, whoever says it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.store.beside import ACCOUNT, busy_towns, prowler
from tests.store.world import AT, CASE, LATER, MODES, ON_SQLITE, Raw

__all__ = ["busy_towns", "prowler"]

Attack = Callable[[Raw], object]
CAUSE = {"stream": f"case:{CASE}", "seq": 4}
MATTER = {"id": "m", **CAUSE, "urgent": "u", "about": "task", "subject": "s", "case_id": CASE, "office_id": "office", "created_at": AT}
LETTER = {**CAUSE, "account_id": ACCOUNT, "state": "queued", "tries": 0, "created_at": AT, "next_at": AT}
SENT = "UPDATE letter SET state = 'sent', tries = tries + 1, next_at = NULL, settled_at = ?"


def told(raw: Raw, **changed: Any) -> object:
    return raw.insert("outbox", {**MATTER, **changed})


def sent(raw: Raw) -> object:
    return raw.run(SENT, LATER)


BEFORE: dict[str, Attack] = {
    "a matter that no entry brought about": lambda raw: told(raw, id="n", seq=99),
    "a matter of a stream that is none": lambda raw: told(raw, id="n", stream=CASE),
    "a matter that is addressed already": lambda raw: told(raw, id="n", addressed_at=AT),
    "a matter twice": lambda raw: told(raw, subject="other"),
    "INSERT OR REPLACE of a matter": lambda raw: raw.insert("outbox", {**MATTER, "subject": "other"}, "INSERT OR REPLACE"),
    "another subject": lambda raw: raw.run("UPDATE outbox SET subject = 'other'"),
    "another deadline": lambda raw: raw.run("UPDATE outbox SET due_at = ?", LATER),
    "delete a matter": lambda raw: raw.run("DELETE FROM outbox"),
    "address it anew": lambda raw: (raw.run("UPDATE outbox SET addressed_at = ?", AT), raw.run("UPDATE outbox SET addressed_at = NULL")),
    "a letter about nothing": lambda raw: raw.insert("letter", {**LETTER, "seq": 5}),
    "a letter twice": lambda raw: raw.insert("letter", {**LETTER, "next_at": LATER}, "INSERT OR REPLACE"),
    "a letter that begins sent": lambda raw: (
        told(raw, id="n", seq=3),
        raw.insert("letter", {**LETTER, "seq": 3, "state": "sent", "tries": 1, "next_at": None, "settled_at": AT}),
    ),
    "give it to somebody else": lambda raw: raw.run("UPDATE letter SET account_id = 'account-head'"),
    "sent without a try": lambda raw: raw.run("UPDATE letter SET state = 'sent', next_at = NULL, settled_at = ?", AT),
    "forget the tries": lambda raw: (raw.run("UPDATE letter SET tries = 1"), raw.run("UPDATE letter SET tries = 0")),
    "delete a letter": lambda raw: raw.run("DELETE FROM letter"),
    "send it again": lambda raw: (sent(raw), raw.run("UPDATE letter SET state = 'queued', next_at = ?, settled_at = NULL", AT)),
    "say that it failed": lambda raw: (sent(raw), raw.run("UPDATE letter SET state = 'failed'")),
    "another reply": lambda raw: (sent(raw), raw.run("UPDATE letter SET reply = 550")),
}  # fmt: skip
ONLY_ON_SQLITE: dict[str, Attack] = {
    "replace a letter by its hidden row number": lambda raw: raw.run("UPDATE OR REPLACE letter SET rowid = 7"),
}
ONLY_ON_POSTGRESQL: dict[str, Attack] = {
    "empty the outbox": lambda raw: raw.run("TRUNCATE outbox"),
    "empty the letters": lambda raw: raw.run("TRUNCATE letter"),
}
EVERY = [(mode, name) for mode in MODES for name in (*BEFORE, *(ONLY_ON_SQLITE if mode in ON_SQLITE else ONLY_ON_POSTGRESQL))]


@pytest.mark.parametrize(("mode", "name"), EVERY)
def test_the_attack_is_refused(prowler: Raw, name: str) -> None:
    told(prowler)
    prowler.insert("letter", LETTER)
    with pytest.raises(prowler.no, match=prowler.words):
        (BEFORE | ONLY_ON_SQLITE | ONLY_ON_POSTGRESQL)[name](prowler)


@pytest.mark.parametrize("mode", MODES)
def test_the_lawful_way_stays_open(prowler: Raw) -> None:
    told(prowler)
    prowler.insert("letter", LETTER)
    assert prowler.run("UPDATE outbox SET addressed_at = ?", AT) == 1
    assert prowler.run("UPDATE letter SET next_at = ?, tries = 1, reply = 451", LATER) == 1
    assert prowler.run(SENT, LATER) == 1
    told(prowler, id="n", seq=3)
    prowler.insert("letter", {**LETTER, "seq": 3})
    assert prowler.run("UPDATE letter SET state = 'moot', next_at = NULL, settled_at = ? WHERE state = 'queued'", LATER) == 1
