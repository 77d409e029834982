"""Instants as stored: UTC text with microseconds, so that text order is time order on both engines."""

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=1024)
def to_text(moment: datetime) -> str:
    """Return `2026-11-22T02:20:25.123456Z`. Raises ValueError for a moment without a time zone."""
    if moment.tzinfo is None:
        msg = "a moment without a time zone cannot be stored"
        raise ValueError(msg)
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def from_text(stored: str) -> datetime:
    """Return the UTC moment that `to_text` wrote."""
    return datetime.fromisoformat(stored)
