"""Found in review: a moment that no calendar here can write must not enter the journal, where nobody could ever take it out again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from casework.machines.facts import WITA
from casework.services import cases, trails
from casework.store.instants import from_text, to_text
from tests.services.story import Story

FIRST = datetime(1, 1, 1, tzinfo=UTC)
LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_every_moment_that_is_stored_can_be_read_again() -> None:
    assert from_text(to_text(FIRST)) == FIRST


@pytest.mark.parametrize("named", [FIRST, LAST])
def test_a_refused_attempt_at_an_absurd_moment_leaves_a_trail_that_can_be_read(tell: Callable[..., Story], named: datetime) -> None:
    story = tell("initial_assessment")
    assert story.refused(cases.advance_case, "sari", story.step("begin_comprehensive_assessment"), occurred_at=named)
    trail = trails.office_trail(story.store, story.call("yusuf"))
    assert [entry.occurred_at.astimezone(WITA) for entry in trail.entries]


@pytest.mark.parametrize(
    "named", [datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), LAST.replace(tzinfo=timezone(timedelta(hours=-14)))]
)
def test_a_moment_outside_the_calendar_is_a_no_and_not_a_crash(tell: Callable[..., Story], named: datetime) -> None:
    story = tell("initial_assessment")
    refused = story.refused(cases.advance_case, "sari", story.step("begin_comprehensive_assessment"), occurred_at=named)
    assert refused == {"invalid"}
