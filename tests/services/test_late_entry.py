"""Late entry: the journal says when it happened and when it was written down, and how far back somebody may go."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from casework.services import cases, records
from casework.store.instants import to_text
from tests.services.story import PARAMS, Story


def ago(story: Story, **span: float) -> datetime:
    """Return a moment before the story's next deed."""
    return story.now + timedelta(minutes=1) - timedelta(**span)


def test_a_record_signed_late_says_when_it_happened_and_when_it_was_written(reported: Story) -> None:
    reported.later(days=5)
    happened = ago(reported, days=3)
    signed = reported.do(records.sign_record, "sari", reported.form("F15"), occurred_at=happened)
    entry = reported.entries()[-1]
    assert (entry.occurred_at, entry.recorded_at) == (to_text(happened), to_text(reported.now))
    row = reported.rows("SELECT dated, signed_at FROM record WHERE id = ?", signed.id)[0]
    assert tuple(row) == (to_text(happened), to_text(reported.now))


def test_a_step_entered_late_moves_the_case_from_when_it_happened(reported: Story) -> None:
    reported.later(days=5)
    happened = ago(reported, days=2)
    reported.do(cases.advance_case, "sari", reported.step("start_assessment"), occurred_at=happened)
    entry = reported.entries()[-1]
    assert (entry.occurred_at, entry.recorded_at) == (to_text(happened), to_text(reported.now))
    assert reported.row["entered_at"] == to_text(happened)


def test_the_tasks_of_a_step_entered_late_are_due_from_when_it_happened(tell: Callable[..., Story]) -> None:
    story = tell("reported")
    story.later(days=2)
    story.sign("F23", "maya", host="rpsa")
    happened = ago(story, days=1)
    story.do(cases.advance_case, "maya", story.step("place_in_emergency", host="rpsa"), occurred_at=happened)
    due = {row["kind"]: row["due_at"] for row in story.rows("SELECT kind, due_at FROM task WHERE settled_at IS NULL")}
    assert due["first_visit"] == to_text(happened + timedelta(hours=PARAMS.first_visit_hours))
    assert story.rows("SELECT started_at FROM placement")[0][0] == to_text(happened)
    ratification = story.rows("SELECT due_at FROM approval_request WHERE kind = 'ratification'")[0][0]
    assert ratification == to_text(happened + timedelta(hours=PARAMS.emergency_ratify_hours))


@pytest.mark.parametrize(("days", "late"), [(PARAMS.backdating_days, False), (PARAMS.backdating_days + 0.01, True)])
def test_a_worker_goes_back_seven_days_and_not_a_quarter_of_an_hour_more(reported: Story, days: float, *, late: bool) -> None:
    reported.later(days=30)
    expected = {"backdating_needs_supervisor"} if late else set()
    assert reported.refused(records.sign_record, "sari", reported.form("F03"), occurred_at=ago(reported, days=days)) == expected
    step = reported.step("start_assessment")
    assert reported.refused(cases.advance_case, "sari", step, occurred_at=ago(reported, days=days)) == expected


def test_a_supervisor_goes_further_back(reported: Story) -> None:
    reported.later(days=60)
    happened = ago(reported, days=50)
    reported.do(records.sign_record, "bambang", reported.form("F03", "bambang"), occurred_at=happened)
    assert reported.entries()[-1].occurred_at == to_text(happened)
    assert reported.entries()[-1].actor.role == "supervisor"


def test_a_supervisor_may_enter_an_emergency_of_last_week_or_before(reported: Story) -> None:
    reported.later(days=9)
    reported.sign("F23", "maya", host="rpsa")
    step = reported.step("place_in_emergency", host="rpsa")
    assert reported.refused(cases.advance_case, "maya", step, occurred_at=ago(reported, days=8)) == {"backdating_needs_supervisor"}
    assert reported.refused(cases.advance_case, "bambang", step, occurred_at=ago(reported, days=8)) == set()


@pytest.mark.parametrize("by", ["sari", "bambang"])
def test_the_future_is_refused_to_everybody(reported: Story, by: str) -> None:
    soon = reported.now + timedelta(minutes=2)
    assert reported.refused(records.sign_record, by, reported.form("F03", by), occurred_at=soon) == {"invalid"}
    assert reported.attempts(by)[-1].codes == ("invalid",)


def test_no_step_happened_before_the_one_before_it(assessing: Story) -> None:
    assessing.sign("F22")
    entered = datetime.fromisoformat(assessing.row["entered_at"])
    step = assessing.step("begin_comprehensive_assessment")
    assert assessing.refused(cases.advance_case, "sari", step, occurred_at=entered - timedelta(seconds=1)) == {"invalid"}
    assert assessing.refused(cases.advance_case, "sari", step, occurred_at=entered) == set()


def test_no_step_happened_before_the_case_was_opened(reported: Story) -> None:
    opened = datetime.fromisoformat(reported.row["opened_at"])
    step = reported.step("start_assessment")
    assert reported.refused(cases.advance_case, "sari", step, occurred_at=opened - timedelta(seconds=1)) == {"invalid"}
