"""When the clock makes a step: after a span, after the day something falls due, after so many working days in WITA."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from casework.machines.clocks import after, every, past_due, workdays_after
from casework.machines.facts import Process
from tests.machines.builders import ago, facts
from tests.machines.samples import NOW

FRIDAY = datetime(2026, 12, 18, 9, 30, tzinfo=UTC)
"""17:30 in WITA."""
CHRISTMAS, NEW_YEAR = date(2026, 12, 25), date(2027, 1, 1)


@pytest.mark.parametrize(
    ("days", "holidays", "expected"),
    [
        (0, (), FRIDAY),
        (1, (), FRIDAY + timedelta(days=3)),
        (3, (), FRIDAY + timedelta(days=5)),
        (5, (), FRIDAY + timedelta(days=7)),
        (5, (CHRISTMAS,), FRIDAY + timedelta(days=10)),
        (10, (CHRISTMAS, NEW_YEAR), FRIDAY + timedelta(days=18)),
        (1, (date(2026, 12, 19),), FRIDAY + timedelta(days=3)),
    ],
)
def test_working_days_are_monday_to_friday_but_holidays(days: int, holidays: tuple[date, ...], expected: datetime) -> None:
    assert workdays_after(FRIDAY, days, holidays) == expected


def test_the_day_is_the_one_in_wita() -> None:
    """Sunday evening in Greenwich is Monday morning in Tenggarong: one working day later is Tuesday."""
    sunday = datetime(2026, 12, 20, 23, 0, tzinfo=UTC)
    assert workdays_after(sunday, 1) == sunday + timedelta(days=1)
    friday_night = datetime(2026, 12, 18, 17, 0, tzinfo=UTC)
    assert workdays_after(friday_night, 1) == friday_night + timedelta(days=2)


def test_a_moment_keeps_its_own_time_zone() -> None:
    zone = timezone(timedelta(hours=1))
    assert workdays_after(FRIDAY.astimezone(zone), 1).tzinfo is zone


def about(**changes: Any) -> Any:
    return facts(
        process=Process(**{"id": "p", "machine": "m", "version": 1, "state": "s", "opened_at": ago(9), "entered_at": ago(2), **changes})
    )


def test_a_span_counts_from_when_the_state_was_entered() -> None:
    assert after("tracing_retry_days")(about()) == ago(2) + timedelta(days=90)
    assert after("referral_urgent_hours")(about()) == ago(2) + timedelta(hours=24)
    assert after("tracing_retry_days")(facts()) is None


@pytest.mark.parametrize(("days", "again"), [(0, 30), (29, 30), (30, 60), (31, 60), (95, 120)])
def test_what_comes_again_and_again_wakes_next_strictly_after_now(days: int, again: int) -> None:
    """A step that stays in its state enters nothing anew: were the moment not later than now, the clock would never rest."""
    assert every("identity_chase_days")(about(entered_at=ago(days))) == ago(days) + timedelta(days=again)
    assert every("identity_chase_days")(facts()) is None


def test_what_falls_due_wakes_on_its_day_or_so_long_after() -> None:
    assert past_due()(about(due_at=NOW)) == NOW
    assert past_due("review_overdue_days")(about(due_at=NOW)) == NOW + timedelta(days=14)
    assert past_due("review_critical_days")(about(due_at=NOW)) == NOW + timedelta(days=30)


def test_what_has_no_day_is_never_woken() -> None:
    assert past_due()(about()) is None
    assert past_due()(facts()) is None
