"""Ids like those of the store (store/ids.py): they sort by time. Only their random half is drawn from the seed."""

from __future__ import annotations

from base64 import b32encode
from datetime import datetime
from random import Random

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
TIME, NOISE = 10, 16
"""Characters of an id that say when, and those that are random."""
NOISE_BYTES = 10

_SPOKEN = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET.encode())


def milliseconds(id_: str) -> int:
    """Return when an id was made."""
    value = 0
    for character in id_[:TIME]:
        value = value << 5 | ALPHABET.index(character)
    return value


def when(moment: int) -> str:
    """Return the first half of an id made at this millisecond."""
    return "".join([ALPHABET[moment >> shift & 31] for shift in range(45, -1, -5)])


def noise(drawn: bytes) -> str:
    """Return second halves, one after the other, for every ten bytes."""
    return b32encode(drawn).translate(_SPOKEN).decode()


class Ids:
    """Ids made at one moment (UTC text)."""

    def __init__(self, moment: str) -> None:
        self._when = when(int(datetime.fromisoformat(moment).timestamp() * 1000))

    def new(self, lots: Random) -> str:
        """Draw one."""
        return self._when + noise(lots.randbytes(NOISE_BYTES))
