"""Fifty people move one case at once, two hundred rounds on each database (CASEWORK_SOAK_ROUNDS): exactly one wins each."""

import os
from collections.abc import Callable

import pytest

from tests.journeys.walk.town import Journey
from tests.store.test_races import fifty_at_once, journeys, town  # noqa: F401 - fixtures among them

ROUNDS = int(os.environ.get("CASEWORK_SOAK_ROUNDS", "200"))


@pytest.mark.soak
def test_of_fifty_who_move_one_case_at_once_exactly_one_does_two_hundred_times(journeys: Callable[[], Journey]) -> None:  # noqa: F811
    fifty_at_once(journeys(), ROUNDS)
