"""The one shape of every report: lines with labels, columns with a unit, totals that are the sums of what stands above them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Literal, TypeAlias

import msgspec

from casework.machines.facts import WITA
from casework.machines.parameters import Parameters
from casework.services.calendar import MONTHS
from casework.store.unit import Unit
from casework.words import Words

Measure: TypeAlias = Literal["people", "things", "percent", "days", "hours", "ratio", "mark"]
Cell: TypeAlias = int | float | None
Filter: TypeAlias = Literal["period", "district", "host", "sex"]
Chart: TypeAlias = Literal["bars", "lines", ""]
NO_DISTRICT = "-"
"""What is asked for, and shown, where a child's district is not known."""


class Column(msgspec.Struct, frozen=True):
    """A column of numbers. `people` are counted children, of whom small numbers are hidden in public; a `mark` is yes (1) or no (0).

    `tells`: whoever knows this number can reckon how many people there are in its line.
    """

    code: str
    words: Words
    unit: Measure = "people"
    tells: bool = False

    @property
    def made_of_people(self) -> bool:
        """Whether it goes where a number of people of its line is hidden."""
        return self.tells or self.unit in {"percent", "days", "hours", "ratio"}


class Line(msgspec.Struct, frozen=True):
    """One line: what it is about, and its numbers in the order of the columns; None where there is none to tell."""

    labels: tuple[Words, ...]
    cells: tuple[Cell, ...]


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What is counted: the cases of one office, a period of whole months (WITA, `until` not included), and what else it is narrowed to."""

    office: str
    at: datetime
    since: datetime
    until: datetime
    params: Parameters
    district: str = ""
    host: str = ""
    sex: str = ""

    @property
    def today(self) -> date:
        """The day on which the numbers are looked at (WITA)."""
        return self.at.astimezone(WITA).date()

    @property
    def months(self) -> tuple[str, ...]:
        """The months of the period, `YYYY-MM`, oldest first."""
        first = self.since.year * 12 + self.since.month - 1
        last = self.until.year * 12 + self.until.month - 1
        return tuple(f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last))


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of a report, what must be said beside them, and since when they are so, where that is not now."""

    lines: tuple[Line, ...]
    notes: tuple[Words, ...] = ()
    counted_at: datetime | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One report. `across`: the columns of people of a line add up to how many it is about; `down`: a column adds up to its total.

    `charted` are the columns that its picture draws, by code: bars of the first, else of the total, and a line of each.

    `public`: whether it may be published, small cells hidden. `source` says which rule or custom asks for it.
    """

    code: str
    title: Words
    about: Words
    source: str
    heads: tuple[Words, ...]
    columns: tuple[Column, ...]
    count: Callable[[Unit, Scope], Counted]
    filters: tuple[Filter, ...] = ()
    chart: Chart = "bars"
    charted: tuple[str, ...] = ()
    across: bool = False
    down: bool = True
    public: bool = True


def month_of(at: datetime) -> str:
    """Return the month of a moment (WITA), as `YYYY-MM`."""
    return f"{at.astimezone(WITA):%Y-%m}"


def month_words(month: str) -> Words:
    """Return a month (`YYYY-MM`) as it is written: `Nov 2026`."""
    year, number = month.split("-")
    return Words(f"{MONTHS['id'][int(number) - 1]} {year}", f"{MONTHS['en'][int(number) - 1]} {year}")


def median(values: Iterable[int]) -> int | None:
    """Return the middle of some numbers, the lower one of two; None of none."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2] if ordered else None


def percent(part: int, whole: int) -> int | None:
    """Return a share in whole percent, halves upwards; None of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else None


def plain(text: str) -> Words:
    """Return a name as words: the same in both languages."""
    return Words(text, text)


MINUTES, HOURS = 120, 96
"""Up to so many of them a span of time is told in minutes, in hours; beyond in days."""


def spell_of(seconds: int) -> str:
    """Return a span of time as coarse as it is told, in an order that is also theirs: `0m000037`, `1h000005`, `2d000012`."""
    minutes, hours = round(seconds / 60), round(seconds / 3600)
    if minutes < MINUTES:
        return f"0m{minutes:06}"
    return f"1h{hours:06}" if hours < HOURS else f"2d{round(hours / 24):06}"


def spelled(spell: str) -> Words:
    """Return such a span in words."""
    number = int(spell[2:])
    unit = {"m": ("menit", "minute"), "h": ("jam", "hour"), "d": ("hari", "day")}[spell[1]]
    return Words(f"{number} {unit[0]}", f"{number} {unit[1]}{'' if number == 1 else 's'}")
