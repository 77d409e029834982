"""Reading what people type: dates in every form, numbers of identity that a spreadsheet spoilt, words for a code. No guess stays untold."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

import msgspec
from openpyxl.utils.datetime import from_excel

from casework.census.workbook import Value
from casework.store.spelling import distance, fold
from casework.words import Words

Precision = Literal["day", "month", "year"]
YEARS = range(1900, 2101)
DIGITS = 16
_SERIALS = range(2101, 80_000)
"""Days since 1900 as a spreadsheet counts them; a smaller whole number is a year."""
_MONTHS = (
    *(
        ("januari", "jan", "january"),
        ("februari", "pebruari", "feb", "peb", "february"),
        ("maret", "mar", "mrt", "march"),
        ("april", "apr"),
    ),
    *(("mei", "may"), ("juni", "jun", "june"), ("juli", "jul", "july"), ("agustus", "agu", "ags", "agt", "aug", "august")),
    *(("september", "sep", "sept"), ("oktober", "okt", "oct", "october"), ("november", "nopember", "nov", "nop")),
    ("desember", "des", "dec", "december"),
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_COUNTED = re.compile(r"\d{4,5}")
_NUMERIC = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4}|\d{2})(?:[ T]\d.*)?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]\d.*)?")
_NAMED = re.compile(r"(?:(\d{1,2})[\s\-./,]+)?([A-Za-z]+)[\s\-./,]+(\d{4}|\d{2})")
_YEAR = re.compile(r"(?:thn|tahun|th)?\.?\s*(\d{4})")
_SHORT = 4
"""Words of so few letters hold no mistake: they differ by one letter."""
_NOT_DIGIT = re.compile(r"\D")


class Day(msgspec.Struct, frozen=True):
    """A day as far as it is known: with `month` its first day stands for the month, with `year` for the year."""

    on: date
    precision: Precision = "day"
    note: Words | None = None

    @property
    def surely_by(self) -> date:
        """The last day it can have been."""
        if self.precision == "year":
            return date(self.on.year, 12, 31)
        return self.on if self.precision == "day" else date(self.on.year, self.on.month, monthrange(self.on.year, self.on.month)[1])


NO_DATE = Words("Bukan tanggal yang dikenal.", "Not a date that is understood.")
NO_DAY = Words("Tanggal ini tidak ada dalam kalender.", "No calendar has this day.")
MONTH_FIRST = Words("Bulan dan hari tertukar.", "Month and day are swapped.")
SHORT_YEAR = Words("Tahun dua angka dibaca sebagai {year}.", "The two-digit year was read as {year}.")


def read_day(value: Value, today: date) -> Day | Words:
    """Return the day that a cell means, or why it means none. `today` decides the century of a two-digit year."""
    if isinstance(value, datetime):
        return _within(Day(value.date()))
    if isinstance(value, date):
        return _within(Day(value))
    if isinstance(value, int | float):
        return _counted(value)
    return _typed(str(value).strip(), today)


def _counted(value: float) -> Day | Words:
    if value == int(value) and int(value) in YEARS:
        return Day(date(int(value), 1, 1), "year")
    if int(value) in _SERIALS:
        found = from_excel(value)
        return _within(Day(found.date() if isinstance(found, datetime) else found)) if isinstance(found, date) else NO_DATE
    return NO_DATE


def _typed(text: str, today: date) -> Day | Words:
    if _COUNTED.fullmatch(text) and int(text) in _SERIALS:
        return _counted(int(text))
    if match := _ISO.fullmatch(text):
        return _made(int(match[1]), int(match[2]), int(match[3]), None)
    if match := _NUMERIC.fullmatch(text):
        year, note = _century(match[3], today)
        return _made(year, int(match[2]), int(match[1]), note)
    if match := _YEAR.fullmatch(text.lower()):
        return _within(Day(date(int(match[1]), 1, 1), "year")) if int(match[1]) in YEARS else NO_DATE
    if match := _NAMED.fullmatch(text):
        month = _month(match[2])
        year, note = _century(match[3], today)
        if month is None:
            return NO_DATE
        return _made(year, month, int(match[1]), note) if match[1] else _within(Day(date(year, month, 1), "month", note))
    return NO_DATE


def _month(name: str) -> int | None:
    """Return the number of a month, one mistake allowed in a long name."""
    low = name.lower()
    near = [number for known, number in MONTHS.items() if len(known) > _SHORT and distance(low, known, 1) <= 1]
    return MONTHS.get(low) or (near[0] if near else None)


def _century(written: str, today: date) -> tuple[int, Words | None]:
    year = int(written)
    if len(written) == 4:  # noqa: PLR2004 - a whole year
        return year, None
    full = 2000 + year if year <= today.year % 100 else 1900 + year
    return full, Words(SHORT_YEAR.id.format(year=full), SHORT_YEAR.en.format(year=full))


def _made(year: int, month: int, day: int, note: Words | None) -> Day | Words:
    try:
        return _within(Day(date(year, month, day), "day", note))
    except ValueError:
        return MONTH_FIRST if month > 12 >= day else NO_DAY  # noqa: PLR2004 - months of a year


def _within(day: Day) -> Day | Words:
    return day if day.on.year in YEARS else NO_DATE


class Number(msgspec.Struct, frozen=True):
    """A NIK or KK as far as it could be read: the 16 digits or "", what stood there, and what is wrong with it."""

    digits: str
    written: str
    doubt: Words | None = None


NOT_16 = Words("Bukan 16 angka: dikosongkan, dan disimpan sebagai catatan.", "Not 16 digits: left empty, and kept as a note.")
ROUNDED = Words(
    "Disimpan sebagai angka: Excel mengganti angka ke-16 dengan 0. Dikosongkan, dan disimpan sebagai catatan.",
    "Kept as a number: Excel replaced the 16th digit by 0. Left empty, and kept as a note.",
)
AS_NUMBER = Words("Disimpan sebagai angka: periksa angka terakhir.", "Kept as a number: check the last digit.")


def read_number(value: Value) -> Number:
    """Return a NIK or KK. Wrong ones are told of, never a reason to leave a child out (DOMAIN 3)."""
    if isinstance(value, int | float):
        written = f"{value:.0f}"
        if len(written) == DIGITS and written.endswith("0"):
            return Number("", written, ROUNDED)
        return Number(written, written, AS_NUMBER) if len(written) == DIGITS else Number("", written, NOT_16)
    written = str(value)
    if re.fullmatch(r"\d[.,]\d+E\+?\d+", written.upper()):
        return Number("", written, ROUNDED)
    digits = _NOT_DIGIT.sub("", written)
    return Number(digits, written) if len(digits) == DIGITS else Number("", written, NOT_16)


def read_choice(value: Value, choices: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the code that a cell means, or None. One letter may be wrong in a word of five or more."""
    text = fold(str(int(value)) if isinstance(value, float) and value == int(value) else str(value))
    known = {fold(name): code for code, names in choices.items() for name in names}
    if text in known:
        return known[text]
    near = {code for name, code in known.items() if len(name) > _SHORT and distance(text, name, 1) <= 1}
    return near.pop() if len(near) == 1 else None


def read_text(value: Value) -> str:
    """Return a cell as text: a whole number without its `.0`, a day as it is written in Indonesia."""
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    if isinstance(value, datetime | date):
        return f"{value:%d-%m-%Y}"
    return str(value)
