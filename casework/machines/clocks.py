"""When a step of a process is the clock's to make: so long after the state was entered, or after the day it falls due, by a parameter.

Working days are Monday to Friday in WITA, but the days off of a calendar that is given.
"""

from collections.abc import Callable, Container
from datetime import date, datetime, time, timedelta
from typing import Generic, Protocol, TypeVar

import msgspec

from casework.machines.facts import WITA, Process
from casework.machines.parameters import Parameters

F = TypeVar("F")
C_contra = TypeVar("C_contra", contravariant=True)


class Wake(msgspec.Struct, Generic[C_contra], frozen=True):
    """When the clock looks at a process again, and the parameters that this counts with (`machines/timers.py`)."""

    moment: Callable[[C_contra], datetime | None]
    keys: tuple[str, ...] = ()

    def __call__(self, facts: C_contra) -> datetime | None:
        """Return the moment, or None: never."""
        return self.moment(facts)


class Timed(Protocol):
    """The part of any machine's facts that a clock reads."""

    @property
    def now(self) -> datetime:
        """When it is asked."""
        ...

    @property
    def params(self) -> Parameters:
        """The parameters in force."""
        ...

    @property
    def process(self) -> Process | None:
        """The process that the clock is about."""
        ...


def after(key: str) -> Wake[Timed]:
    """Return what wakes a process `params.<key>` after it entered its state."""

    def wakes(facts: Timed) -> datetime | None:
        return facts.process.entered_at + timedelta(hours=facts.params.hours(key)) if facts.process is not None else None

    return Wake(wakes, (key,))


def every(key: str) -> Wake[Timed]:
    """Return what wakes a process again and again, `params.<key>` apart since it entered its state: the next time after now.

    For a step that stays in its state: the state is not entered anew by it.
    """

    def wakes(facts: Timed) -> datetime | None:
        if facts.process is None:
            return None
        span = timedelta(hours=facts.params.hours(key))
        times = (facts.now - facts.process.entered_at) // span
        return facts.process.entered_at + (times + 1) * span

    return Wake(wakes, (key,))


def past_due(key: str = "") -> Wake[Timed]:
    """Return what wakes a process on the day it falls due, or `params.<key>` later. One without such a day is never woken."""

    def wakes(facts: Timed) -> datetime | None:
        due_at = facts.process.due_at if facts.process is not None else None
        return due_at and due_at + timedelta(hours=facts.params.hours(key) if key else 0)

    return Wake(wakes, (key,) if key else ())


def morning_after(day: Callable[[F], date | None], *keys: str) -> Wake[F]:
    """Return what wakes a process when the day (WITA) that its facts name is over. Where they name none, it is never woken.

    `keys` are the parameters that the day is counted with.
    """

    def wakes(facts: F) -> datetime | None:
        last = day(facts)
        return datetime.combine(last + timedelta(days=1), time(), WITA) if last is not None else None

    return Wake(wakes, keys)


def when_looked_at() -> Wake[Timed]:
    """Return what wakes a process only because something else asks the clock to look at it (`effects.Look`)."""

    def wakes(_facts: Timed) -> datetime | None:
        return None

    return Wake(wakes)


def months_after(moment: datetime, months: int) -> datetime:
    """Return the same day so many months later (WITA); the 1st of the month after, where that month is too short."""
    local = moment.astimezone(WITA)
    year, month = divmod(local.month - 1 + months, 12)
    first = local.replace(year=local.year + year, month=month + 1, day=1)
    after = first + timedelta(days=local.day - 1)
    return (after if after.month == first.month else after.replace(day=1)).astimezone(moment.tzinfo)


SATURDAY = 5


def workdays_after(moment: datetime, days: int, days_off: Container[date] = ()) -> datetime:
    """Return the same time of day, so many working days (WITA) later."""
    local, left = moment.astimezone(WITA), days
    while left:
        local += timedelta(days=1)
        left -= local.weekday() < SATURDAY and local.date() not in days_off
    return local.astimezone(moment.tzinfo)
