"""The periodic review: closed by its endorsement, which opens the next one at once; one is open while the placement lasts (I10)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from casework.services.processes import AdvanceProcess, advance_process
from tests.services.beside import whole
from tests.services.story import PARAMS, Story
from tests.services.ways import ADMISSION

IN_CARE = (*ADMISSION, "institutional_care")
HOME = (*IN_CARE, "trial_home_stay", "reintegration")


def reviews(story: Story) -> list[datetime]:
    """Return when the open reviews are due."""
    found = story.rows("SELECT due_at FROM task WHERE kind = 'review' AND settled_at IS NULL")
    return [datetime.fromisoformat(row["due_at"]) for row in found]


def report(story: Story, **more: str) -> tuple[str, datetime]:
    """Let the head of the house report, and return the record's id and its moment."""
    made = story.sign("F16", "halimah", **more)
    return made, story.now


def endorse(story: Story, decision: str = "approve") -> None:
    story.decide(story.waiting("record", "countersign:F16"), "bambang", decision, reason="alasan contoh")


def test_a_report_that_nobody_endorsed_is_no_review(resident: Story) -> None:
    before = reviews(resident)
    report(resident)
    assert reviews(resident) == before
    endorse(resident, "return")
    assert reviews(resident) == before
    said = [entry for entry in resident.entries() if entry.kind == "approval_returned"]
    assert [(step.trigger, step.dest) for step in said[-1].steps] == [("return_report", "returned")]


def test_endorsing_closes_the_review_and_opens_the_next_one_in_the_same_step(resident: Story) -> None:
    resident.later(days=20)
    _, at = report(resident)
    resident.later(days=5)
    before = len(resident.entries())
    endorse(resident)
    assert reviews(resident) == [at + timedelta(days=PARAMS.review_interval_days)]
    said = [entry for entry in resident.entries()[before:] if entry.kind == "approval_given"]
    assert [entry.effects for entry in said] == [("due: review (review_interval_days)", "opened: periodic_review")]
    assert [(step.trigger, step.source, step.dest) for step in said[0].steps] == [
        ("endorse", "submitted", "endorsed"),
        ("open", "", "scheduled"),
    ]


def test_a_report_about_a_child_whom_nobody_saw_closes_no_review_until_it_was_seen(resident: Story) -> None:
    resident.later(days=20)
    report(resident)
    endorse(resident)
    resident.later(days=40)
    before = reviews(resident)
    report(resident)
    endorse(resident)
    assert reviews(resident) == before
    resident.sign("F15")
    by_hand = going(resident)
    ask = AdvanceProcess(case=resident.case, process=by_hand, trigger="submit")
    resident.do(advance_process, "sari", ask)
    submitted = resident.now
    resident.do(advance_process, "bambang", msgspec.structs.replace(ask, trigger="endorse"))
    assert reviews(resident) == [submitted + timedelta(days=PARAMS.review_interval_days)]
    assert going(resident) != by_hand


def going(story: Story) -> str:
    """Return the one review that has not ended."""
    states = "'endorsed', 'ended'"
    found = story.rows(f"SELECT id FROM process WHERE machine = 'periodic_review' AND state NOT IN ({states})")  # noqa: S608 - our own
    assert len(found) == 1
    return str(found[0]["id"])


def test_a_correction_of_an_endorsed_report_puts_no_review_off(resident: Story) -> None:
    made, at = report(resident)
    endorse(resident)
    resident.later(days=40)
    made, _ = report(resident, supersedes=made)
    report(resident, supersedes=made)
    endorse(resident)
    assert reviews(resident) == [at + timedelta(days=PARAMS.review_interval_days)]


def test_a_report_about_the_place_before_closes_no_review_of_this_one(resident: Story) -> None:
    report(resident)
    resident.sign("F23", "maya", host="rpsa")
    resident.advance("place_in_emergency", "maya", host="rpsa")
    before = reviews(resident)
    endorse(resident)
    assert reviews(resident) == before
    assert len(before) == 1


def test_a_child_at_home_again_has_no_review_open_and_an_endorsed_report_opens_none(tell: Callable[..., Story]) -> None:
    story = tell(*HOME)
    assert reviews(story) == []
    story.sign("F16")
    endorse(story)
    assert reviews(story) == []


def test_a_concern_a_transfer_an_end_and_a_return_home_bring_the_day_of_the_review_forward(resident: Story) -> None:
    """Each of the review and of its task, from when it was signed; sooner only, and not right after a review but for a concern."""
    for form, said, days in (
        ("F14", {}, PARAMS.review_return_days),
        ("F12", {"giver": "harapan", "receiver": "home"}, PARAMS.review_ending_days),
        ("F18", {}, PARAMS.review_ending_days),
    ):
        before = reviews(resident)
        resident.sign(form, **said)
        assert reviews(resident) == [min(*before, resident.now + timedelta(days=days))]
        assert due(resident) == reviews(resident)
    report(resident)
    endorse(resident)
    before = reviews(resident)
    resident.sign("F18")
    assert reviews(resident) == before
    resident.sign("F15", concern="yes")
    assert reviews(resident) == [resident.now + timedelta(days=PARAMS.review_change_days)] == due(resident)
    resident.later(days=PARAMS.review_recent_days + 1)
    assert whole(resident)


def due(story: Story) -> list[datetime]:
    """Return the day of the one review that has not ended."""
    found = story.rows("SELECT due_at FROM process WHERE id = ?", going(story))
    return [datetime.fromisoformat(row["due_at"]) for row in found]


def test_a_family_that_is_supported_is_reviewed_while_it_is(tell: Callable[..., Story]) -> None:
    story = tell("family_care")
    (first,) = reviews(story)
    assert due(story) == [first]
    story.later(days=60)
    story.sign("F15")
    story.sign("F16")
    at = story.now
    endorse(story)
    assert reviews(story) == [at + timedelta(days=PARAMS.review_interval_days)] == due(story)
    story.sign("F15", concern="yes", concern_text="Ayah kembali.")
    story.advance("reassess")
    assert reviews(story) == []


def test_the_minutes_of_an_admission_are_not_asked_for_after_the_child_has_left(tell: Callable[..., Story]) -> None:
    story = tell(*ADMISSION)
    request = story.wish("admit_to_institution", host="harapan")
    story.decide(request, "bambang")
    story.decide(request, "yusuf")
    story.advance("admit_to_institution", host="harapan")
    story.sign("F23", "maya", host="rpsa")
    story.advance("place_in_emergency", "maya", host="rpsa")
    kinds = {row["kind"] for row in story.rows("SELECT kind FROM task WHERE settled_at IS NULL")}
    assert "admission_minutes" not in kinds
    assert {"review", "first_visit", "contact_plan"} <= kinds


def test_a_late_endorsement_puts_the_next_review_off_by_nothing(resident: Story) -> None:
    resident.later(days=20)
    report(resident)
    endorse(resident)
    resident.later(days=40)
    report(resident)
    endorse(resident)
    resident.sign("F15")
    ask = AdvanceProcess(case=resident.case, process=going(resident), trigger="submit")
    resident.do(advance_process, "sari", ask)
    submitted = resident.now
    resident.later(days=20)
    resident.do(advance_process, "bambang", msgspec.structs.replace(ask, trigger="endorse"))
    assert reviews(resident) == [submitted + timedelta(days=PARAMS.review_interval_days)]


def test_a_late_report_does_not_put_the_rhythm_off(resident: Story) -> None:
    due = reviews(resident)[0]
    resident.later(days=40)
    resident.sign("F15")
    report(resident)
    endorse(resident)
    assert reviews(resident) == [due + timedelta(days=PARAMS.review_interval_days)]


def test_a_report_that_comes_after_the_next_one_was_due_counts_itself(resident: Story) -> None:
    resident.later(days=200)
    resident.sign("F15")
    _, at = report(resident)
    endorse(resident)
    assert reviews(resident) == [at + timedelta(days=PARAMS.review_interval_days)]
