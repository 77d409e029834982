"""Days that a calendar has: asked of every date that a register keeps as text."""

from __future__ import annotations

from datetime import date

from casework.errors import Fault, Invalid
from casework.words import Words


def check_days(**days: object) -> None:
    """Raise Invalid with every one of these ISO dates, by field, that no calendar has (31 February). None is no date, and passes."""
    words = Words("Bukan tanggal yang sah (contoh: 2025-03-01).", "Not a valid date (example: 2025-03-01).")
    faults = tuple(Fault(f"$.{name}", words) for name, day in days.items() if day is not None and not _exists(str(day)))
    if faults:
        raise Invalid(*faults)


def _exists(day: str) -> bool:
    try:
        return date.fromisoformat(day).isoformat() == day
    except ValueError:
        return False
