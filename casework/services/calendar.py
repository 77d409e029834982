"""Days that a calendar has, and how a day and a moment are written (WITA)."""

from __future__ import annotations

from datetime import date, datetime

from casework.errors import Fault, Invalid
from casework.machines.facts import WITA
from casework.words import Language, Words

MONTHS: dict[Language, tuple[str, ...]] = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


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


def moment(at: datetime, language: Language) -> str:
    """Return `21 Nov 2026 09.12 WITA`; English writes the time with a colon."""
    there = at.astimezone(WITA)
    clock = f"{there:%H.%M}" if language == "id" else f"{there:%H:%M}"
    return f"{day(there.date(), language)} {clock} WITA"


def day(on: date, language: Language) -> str:
    """Return `21 Nov 2026`."""
    return f"{on.day} {MONTHS[language][on.month - 1]} {on.year}"
