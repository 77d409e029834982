"""Working days are those of Indonesia: five a week, without public holidays and decreed leave, as this office corrects them."""

import subprocess
import sys
from datetime import UTC, date, datetime

import msgspec
import pytest

from casework.commands.deadlines import unknown_years
from casework.machines.clocks import workdays_after
from casework.machines.facts import WITA
from casework.machines.parameters import Parameters
from casework.store.workdays import Calendar

PARAMS = Parameters()
CALENDAR = Calendar(PARAMS)


def of_office(**changes: tuple[date, ...]) -> Calendar:
    return Calendar(msgspec.structs.replace(PARAMS, **changes))


@pytest.mark.parametrize(
    "day",
    [
        date(2025, 1, 29),  # Imlek
        date(2025, 3, 31),  # Idul Fitri
        date(2025, 4, 7),  # decreed with Idul Fitri
        date(2025, 8, 18),  # decreed late, in August 2025
        date(2025, 12, 26),  # decreed with Christmas
        date(2026, 1, 16),  # Isra Mikraj
        date(2026, 3, 20),  # decreed with Idul Fitri
        date(2026, 5, 15),  # decreed with the Ascension
        date(2026, 6, 1),  # Pancasila
        date(2026, 8, 17),  # Independence
        date(2026, 12, 24),  # decreed with Christmas
    ],
)
def test_nobody_works_on_public_holidays_and_on_decreed_leave(day: date) -> None:
    assert day in CALENDAR


@pytest.mark.parametrize("day", [date(2025, 4, 8), date(2025, 12, 24), date(2026, 3, 25), date(2026, 12, 28), date(2025, 11, 10)])
def test_the_days_around_them_are_working_days(day: date) -> None:
    assert day not in CALENDAR


@pytest.mark.parametrize(
    ("asked", "days", "due"),
    [
        (date(2025, 3, 27), 3, date(2025, 4, 10)),  # from before Nyepi to after Idul Fitri: two weeks for three working days
        (date(2026, 3, 17), 1, date(2026, 3, 25)),
        (date(2026, 12, 23), 1, date(2026, 12, 28)),
        (date(2026, 8, 14), 1, date(2026, 8, 18)),
    ],
)
def test_working_days_are_counted_over_the_feasts(asked: date, days: int, due: date) -> None:
    moment = datetime(asked.year, asked.month, asked.day, 10, tzinfo=WITA)
    assert workdays_after(moment, days, CALENDAR).date() == due


def test_the_office_adds_its_own_days_off_and_works_on_others() -> None:
    anniversary, decreed = date(2026, 9, 28), date(2026, 12, 24)
    office = of_office(days_off=(anniversary,), workdays_kept=(decreed,))
    assert anniversary in office
    assert anniversary not in CALENDAR
    assert decreed not in office


def test_a_year_without_its_decree_is_told_until_it_is_known() -> None:
    assert CALENDAR.unknown(date(2026, 11, 22)) == ()
    assert CALENDAR.unknown(date(2040, 6, 1)) == (2040,)
    assert CALENDAR.unknown(date(2040, 12, 1)) == (2040, 2041)
    assert of_office(days_off=(date(2040, 2, 10),)).unknown(date(2040, 6, 1)) == ()
    (line,) = unknown_years(CALENDAR, datetime(2040, 5, 31, 20, tzinfo=UTC), "en")
    assert "2040" in line
    assert "days_off" in line


def test_the_library_is_loaded_only_when_a_working_day_is_counted() -> None:
    loaded = "import sys; import casework.http.app; print('holidays' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
