"""What every soak is judged by: each acknowledged write is in the journal once, under its key, whatever was asked again (TRUST 5)."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from casework.ledger.event import decode_event
from tests.store import mover

Told = tuple[str, int, str, bytes]
"""An acknowledged write of `mover`: which run, its number, the case, and the answer as it was given."""


class Judged(msgspec.Struct, frozen=True):
    """Keys of acknowledged writes that are missing, and keys that stand for more than one entry."""

    lost: tuple[str, ...]
    twice: tuple[str, ...]


def judge(bodies: Iterable[bytes], keys: Iterable[str]) -> Judged:
    """Hold the keys of what was acknowledged against the bodies of all entries. Keys of clients begin with `client`."""
    found = Counter(decode_event(bytes(body)).through.key for body in bodies)
    twice = tuple(key for key, times in found.items() if key.startswith("client") and times > 1)
    return Judged(tuple(key for key in keys if not found[key]), twice)


def journalled(acknowledged: Iterable[Told]) -> list[str]:
    """Return the keys of those writes that the journal knows: a draft is nobody's business yet."""
    return [f"{run}-{at}" for run, at, _, _ in acknowledged if at % mover.STEPS != mover.STEPS - 1]
