"""When things happen in a rehearsal, in the office's own time (WITA), written as people say it.

`at` of a step counts from the step before it: `+2h`, `+3d` (same hour), `+3d 10:00`, `10:00` (that day), or `2026-03-05 10:00`.
Inside bodies, `today`, `today+30d`, `now` and `now-2h` count from the step itself.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from casework.machines.facts import WITA

_SPANS = {"m": "minutes", "h": "hours", "d": "days"}
_RELATIVE = re.compile(r"^(?P<sign>[+-])(?P<number>\d{1,4})(?P<unit>[mhd])(?: (?P<clock>\d{2}:\d{2}))?$")
_CLOCK = re.compile(r"^\d{2}:\d{2}$")
_TOKEN = re.compile(r"^(?P<what>today|now)(?:(?P<sign>[+-])(?P<number>\d{1,4})(?P<unit>[mhd]))?$")
NEXT = timedelta(minutes=10)
"""How long after the step before a step happens that names no time."""
EXAMPLES = "+2h, +3d, +3d 10:00, 10:00, 2026-03-05 10:00"


def moment(written: str, before: datetime) -> datetime:
    """Return the moment that `written` means after `before`. Raises ValueError."""
    if not written:
        return before + NEXT
    local = before.astimezone(WITA)
    if _CLOCK.match(written):
        return _at_clock(local, written)
    if found := _RELATIVE.match(written):
        shifted = local + _span(found["sign"], found["number"], found["unit"])
        return _at_clock(shifted, found["clock"]) if found["clock"] else shifted
    return datetime.strptime(written, "%Y-%m-%d %H:%M").replace(tzinfo=WITA)


def token(written: str, at: datetime) -> str | None:
    """Return the ISO date or moment that a word such as `today+30d` means at `at`, or None when it is no such word."""
    found = _TOKEN.match(written)
    if found is None:
        return None
    local = at.astimezone(WITA)
    if found["sign"]:
        local += _span(found["sign"], found["number"], found["unit"])
    return local.date().isoformat() if found["what"] == "today" else local.isoformat()


def age_in_years(born: str, at: datetime) -> int:
    """Return completed years on the day of `at`; 0 when the birth is unknown."""
    if not born:
        return 0
    birth, today = date.fromisoformat(born), at.astimezone(WITA).date()
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def _span(sign: str, number: str, unit: str) -> timedelta:
    span = timedelta(**{_SPANS[unit]: int(number)})
    return span if sign == "+" else -span


def _at_clock(day: datetime, clock: str) -> datetime:
    hour, minute = (int(part) for part in clock.split(":"))
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)
