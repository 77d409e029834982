"""What raw SQL may never do to what leaves this machine, in the grammar of `rules.py`.

A matter names an entry of the journal and is written once; it is addressed once. A letter is about such a matter; it waits until it is
sent, refused or no longer needed, and that is never taken back: nobody is told twice, and nobody can say afterwards that they were told.
"""

from collections.abc import Iterator

from casework.store.walls.rules import Rule, _changed, _frozen, _never, _no_replace

_ENTRY = """
    SELECT 1 FROM event AS e WHERE e.case_id = substr(NEW.stream, 6) AND 'case:' || e.case_id = NEW.stream AND e.seq = NEW.seq
    UNION ALL
    SELECT 1 FROM actor_event AS a
    WHERE a.account_id = substr(NEW.stream, 7) AND 'actor:' || a.account_id = NEW.stream AND a.seq = NEW.seq AND a.outcome = 'done'"""


def _outbox() -> Iterator[Rule]:
    yield _no_replace("outbox", "id")
    yield Rule("outbox", "insert", f"NEW.addressed_at IS NOT NULL OR NOT EXISTS ({_ENTRY})", "outbox: an entry of the journal brings it")
    yield _frozen("outbox", "id", "stream", "seq", "urgent", "about", "subject", "case_id", "office_id", "due_at", "created_at")
    yield _frozen("outbox", "addressed_at", when="OLD.addressed_at IS NOT NULL", words="it is addressed once")
    yield from _never("outbox", "delete")


def _letters() -> Iterator[Rule]:
    yield _no_replace("letter", "stream", "seq", "account_id")
    known = "SELECT 1 FROM outbox AS o WHERE o.stream = NEW.stream AND o.seq = NEW.seq"
    yield Rule(
        "letter",
        "insert",
        f"NEW.state <> 'queued' OR NEW.tries <> 0 OR NEW.reply IS NOT NULL OR NOT EXISTS ({known})",
        "letter: it begins unsent, about something urgent",
    )
    yield _frozen("letter", "stream", "seq", "account_id", "created_at")
    settled = ("state", "tries", "reply", "next_at", "settled_at")
    yield _frozen("letter", *settled, when="OLD.state <> 'queued'", words="what became of it stays")
    yield Rule("letter", "update", f"{_changed('tries')} AND NEW.tries <> OLD.tries + 1", "letter: tries are counted one by one")
    yield Rule("letter", "update", "NEW.state IN ('sent', 'failed') AND NEW.tries = 0", "letter: what was never tried was not sent")
    yield from _never("letter", "delete")


OUTBOX_RULES = (*_outbox(), *_letters())
"""Every rule about what leaves, in the order in which a table's own are tried."""
