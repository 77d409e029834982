"""From when a deadline is counted that does not begin with the step that asks for it, and months of age to the day."""

from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from casework.machines.clocks import months_after
from casework.machines.counting import counted_from
from casework.machines.facts import WITA
from tests.machines.builders import CHILD, ago, facts, placement
from tests.machines.samples import NOW


def morning(*day: int) -> datetime:
    return datetime(*day, tzinfo=WITA)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("born", "months", "day"),
    [
        (date(2009, 5, 17), 204, date(2026, 5, 17)),
        (date(2009, 5, 17), 210, date(2026, 11, 17)),
        (date(2008, 2, 29), 204, date(2025, 3, 1)),
        (date(2008, 8, 31), 210, date(2026, 3, 1)),
        (date(2008, 12, 1), 1, date(2009, 1, 1)),
    ],
)
def test_an_age_in_months_is_reached_on_its_day(born: date, months: int, day: date) -> None:
    assert months_after(morning(born.year, born.month, born.day), months).date() == day


@pytest.mark.parametrize(
    ("precision", "plan_from", "adult_from"),
    [
        ("day", (2015, 3, 14), (2033, 3, 14)),
        ("month", (2015, 3, 1), (2033, 3, 31)),
        ("year", (2015, 1, 1), (2033, 12, 31)),
    ],
)
def test_a_plan_comes_on_the_first_day_the_age_may_be_reached_and_the_end_on_the_last(
    precision: str, plan_from: tuple[int, ...], adult_from: tuple[int, ...]
) -> None:
    known = facts(child=replace(CHILD, born=date(2015, 3, 14), born_precision=precision))
    assert counted_from(known, "birth", NOW) == morning(*plan_from)
    assert counted_from(known, "adult", NOW) == morning(*adult_from)


def test_from_a_birth_that_nobody_knows_nothing_is_counted() -> None:
    unknown = facts(child=replace(CHILD, born=None, born_precision="unknown"))
    assert counted_from(unknown, "birth", NOW) is None
    assert counted_from(unknown, "adult", NOW) is None


def test_days_in_emergency_care_are_used_up() -> None:
    assert counted_from(facts(about={"emergency_days": 9}), "emergency", NOW) == NOW - timedelta(days=9)


def test_time_in_institutional_care_adds_up_over_houses_and_interruptions() -> None:
    stays = (
        placement(id="a", state="institutional_care", status="ended", started_at=ago(400), ended_at=ago(300)),
        placement("kin", id="b", status="ended", started_at=ago(300), ended_at=ago(50)),
        placement(id="c", state="institutional_care", status="active", started_at=ago(50)),
    )
    assert counted_from(facts(placements=stays), "institution", NOW) == NOW - timedelta(days=150)


def test_everything_else_is_counted_from_what_asks_for_it() -> None:
    assert counted_from(facts(), "", NOW) == NOW
