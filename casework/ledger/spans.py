"""How much time lies between two moments that a record names: one that was forged may name none, and is told, not stumbled over."""

from datetime import datetime, timedelta


def between(begin: str, end: str) -> timedelta:
    """Return how long it is from one moment to another; what is no moment is beyond every limit."""
    try:
        return datetime.fromisoformat(end) - datetime.fromisoformat(begin)
    except (TypeError, ValueError):
        return timedelta.max
