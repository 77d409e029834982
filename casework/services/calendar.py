"""Days that a calendar has, and how a day and a moment are written (WITA)."""

from __future__ import annotations

from datetime import date, datetime

from casework.errors import Fault, Invalid
from casework.machines.facts import WITA
from casework.machines.forms.fields import no_year
from casework.words import Language, Words

MONTHS: dict[Language, tuple[str, ...]] = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


NO_DAY = Words("Bukan tanggal yang sah (contoh: 2025-03-01).", "Not a valid date (example: 2025-03-01).")
NOT_YET = Words("Tanggal ini masih di masa depan.", "This date lies in the future.")


def check_days(**days: object) -> None:
    """Raise Invalid with every one of these ISO dates, by field, that no calendar and no case has. None is no date, and passes."""
    wrong = {name: _wrong(str(day)) for name, day in days.items() if day is not None}
    if faults := tuple(Fault(f"$.{name}", words) for name, words in wrong.items() if words):
        raise Invalid(*faults)


def _wrong(written: str) -> Words | None:
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return NO_DAY
    return no_year(found) if found.isoformat() == written else NO_DAY


def moment(at: datetime, language: Language) -> str:
    """Return `21 Nov 2026 09.12 WITA`; English writes the time with a colon."""
    there = at.astimezone(WITA)
    clock = f"{there:%H.%M}" if language == "id" else f"{there:%H:%M}"
    return f"{day(there.date(), language)} {clock} WITA"


def day(on: date, language: Language) -> str:
    """Return `21 Nov 2026`."""
    return f"{on.day} {MONTHS[language][on.month - 1]} {on.year}"
