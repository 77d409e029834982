"""Days on which the office does not work: public holidays and decreed leave (cuti bersama) of Indonesia, as this office corrects them.

The library knows the decrees of the past and, from the autumn on, those of next year. It is loaded when the first working day is counted.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from casework.machines.parameters import Parameters

AHEAD = timedelta(days=60)
"""How far ahead working days are counted at most, with room for the operator to enter a decree."""
PUBLIC, DECREED = "public", "government"
"""The library's two kinds of day: by law, and by the yearly decree of three ministers (cuti bersama)."""


class Calendar:
    """The days off of one office. `parameters.toml` adds days (`days_off`) and takes days back (`workdays_kept`)."""

    def __init__(self, params: Parameters) -> None:
        self._added = frozenset(params.days_off)
        self._worked = frozenset(params.workdays_kept)

    def __contains__(self, day: object) -> bool:
        """Whether nobody works on this day. Saturday and Sunday are known to whoever counts."""
        if day in self._worked or not isinstance(day, date):
            return False
        return day in self._added or day in _days(day.year, PUBLIC) or day in _days(day.year, DECREED)

    def unknown(self, today: date) -> tuple[int, ...]:
        """Return the years that deadlines asked for today may reach and whose decree is not known: there they may come too soon."""
        return tuple(year for year in sorted({today.year, (today + AHEAD).year}) if not self._knows(year))

    def _knows(self, year: int) -> bool:
        """Whether the decree of this year is known: to the library, or by a day that this office entered."""
        return bool(_days(year, DECREED)) or any(day.year == year for day in self._added)


@lru_cache(maxsize=64)
def _days(year: int, category: str) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - a tenth of a second that starting the server does not wait for

    return frozenset(holidays.country_holidays("ID", years=year, categories=(category,)))
