"""How soon the next review comes (DOMAIN 2.7, T08): after 90 days, after 30 for the little ones and in the first 90 days of foster care."""

from datetime import date
from typing import Any

import msgspec
import pytest

from casework.machines.reviews import next_review
from tests.machines.builders import CHILD, PARAMS, ago, facts, placement

LATER, SOON, LITTLE = "review_interval_days", "review_foster_days", "review_under_three_days"


def within(kind: str, days: int = 10, **child: Any) -> str:
    """Return what the next review is due within, so many days into a placement."""
    there = placement(kind, started_at=ago(days))
    return next_review(facts(placements=(there,), child=msgspec.structs.replace(CHILD, **child)))


@pytest.mark.parametrize("kind", ["emergency", "kin", "guardian", "pre_adoption", "institution"])
def test_a_placement_is_reviewed_every_ninety_days(kind: str) -> None:
    assert within(kind) == LATER
    assert PARAMS.review_interval_days == 90


@pytest.mark.parametrize(("days", "expected"), [(0, SOON), (89, SOON), (90, LATER), (400, LATER)])
def test_a_new_foster_family_is_reviewed_sooner(days: int, expected: str) -> None:
    assert within("foster", days) == expected
    assert (PARAMS.review_foster_days, PARAMS.foster_first_days) == (30, 90)


@pytest.mark.parametrize(
    ("born", "expected"), [(date(2022, 6, 11), LITTLE), (date(2022, 6, 10), LATER), (None, LITTLE), (date(2024, 1, 1), LITTLE)]
)
def test_a_child_under_three_or_of_unknown_age_is_reviewed_sooner(born: date | None, expected: str) -> None:
    assert within("kin", born=born, born_precision="day" if born else "unknown") == expected
    assert PARAMS.review_under_three_days == 30


def test_without_a_placement_the_usual_time_holds() -> None:
    assert next_review(facts()) == LATER
