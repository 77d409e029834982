"""How often somebody may try: attempts are counted by what they are about and by address, in the store that all workers share."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from casework.errors import Throttled
from casework.store import journal, sessions
from casework.store.unit import Unit

WINDOW = timedelta(minutes=15)
FAILURES_PER_ACCOUNT = 5
FAILURES_PER_ADDRESS = 30


def counted(unit: Unit, kind: str, name: str, address: str) -> tuple[str, ...]:
    """Count one attempt at a name (of this kind) and from an address, and return the ids to forget if it succeeds. Raises Throttled.

    An attempt is counted before anybody looks whether it is right, so that guesses made at the same time cannot pass the limit together.
    Who is throttled has that journalled and committed first.
    """
    keys = [digest(kind, name), *([digest("address", address)] if address else [])]
    unit.lock(*keys)
    if (held := _throttled(unit, keys)) is not None:
        _journal_throttled(unit, held)
        unit.commit()
        raise Throttled(int(WINDOW.total_seconds()))
    return tuple(sessions.note_attempt(unit, key) for key in keys)


def digest(kind: str, value: str) -> str:
    """Return what is kept of a name or an address: enough to count it, not to read it."""
    return hashlib.sha256(f"{kind}\x00{value}".encode()).hexdigest()


def _throttled(unit: Unit, keys: list[str]) -> str | None:
    """Return the name or address (as digests) that has failed too often lately, or None."""
    since = unit.call.at - WINDOW
    limits = zip(keys, (FAILURES_PER_ACCOUNT, FAILURES_PER_ADDRESS), strict=False)
    return next((key for key, limit in limits if sessions.attempts_since(unit, key, since) >= limit), None)


def _journal_throttled(unit: Unit, key: str) -> None:
    """Journal that somebody waits: one entry for each name or address and window.

    Entries are never deleted, so whoever hammers the door must not decide how many there are. Like every refused sign-in it names no
    account, and it is the same for a name that nobody bears.
    """
    told = digest("throttled", key)
    if sessions.attempts_since(unit, told, unit.call.at - WINDOW):
        return
    sessions.note_attempt(unit, told)
    journal.append_for_actor(unit, "sign_in_refused", refused=True, codes=("throttled",))
