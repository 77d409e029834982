"""Identifiers and salts: the only randomness below the roof."""

import secrets
from datetime import datetime

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_RANDOM_BITS = 80


def new_id(at: datetime) -> str:
    """Return 26 characters that sort by time (ULID layout, lower case): 48 bits of milliseconds, 80 random bits."""
    number = (int(at.timestamp() * 1000) << _RANDOM_BITS) | int.from_bytes(secrets.token_bytes(_RANDOM_BITS // 8), "big")
    return "".join([_PAIRS[(number >> shift) & 1023] for shift in range(120, -1, -10)])


def new_salt() -> bytes:
    """Return 16 random bytes for a commitment."""
    return secrets.token_bytes(16)
