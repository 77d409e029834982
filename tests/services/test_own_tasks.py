"""Tasks of processes that stand beside each other: each is settled by its own process, or by a form that is about it."""

from collections.abc import Callable

import pytest

from casework.services import processes, records
from casework.services.processes import AdvanceProcess
from casework.services.records import CompleteTask
from tests.services.beside import beside, make, open_tasks, report, whole
from tests.services.story import Story
from tests.services.ways import IN_CARE


@pytest.fixture
def twice(tell: Callable[..., Story]) -> tuple[Story, str, str]:
    """Two incidents of one child, reported on two days; the second one is the newest."""
    story = tell(*IN_CARE)
    report(story)
    first = beside(story, "incident")
    story.later(days=1)
    report(story, type="neglect")
    return story, first, beside(story, "incident")


def due(story: Story, process: str) -> set[str]:
    return {row["kind"] for row in story.rows("SELECT kind FROM task WHERE process_id = ? AND settled_at IS NULL", process)}


def test_each_incident_has_its_own_tasks_and_its_steps_settle_no_others(twice: tuple[Story, str, str]) -> None:
    story, first, second = twice
    asked = {"triage", "inform_dinas", "child_seen"}
    assert due(story, first) == due(story, second) == asked
    story.do(processes.advance_process, "maya", AdvanceProcess(case=story.case, process=first, trigger="triage"))
    assert (due(story, first), due(story, second)) == (asked - {"triage"}, asked)
    make(story, "incident", ("triage", "maya"))
    assert due(story, first) == due(story, second) == asked - {"triage"}
    assert whole(story)


@pytest.mark.parametrize("alone", ["yes", "no"])
def test_a_visit_settles_that_the_child_was_seen_for_every_incident_before_it_if_it_was_seen_alone(
    twice: tuple[Story, str, str], alone: str
) -> None:
    story, first, second = twice
    story.sign("F15", visit=3, seen_alone=alone)
    assert ("child_seen" in due(story, first), "child_seen" in due(story, second)) == (alone == "no", alone == "no")


def test_what_is_reported_done_is_one_task_not_every_one_of_its_kind(twice: tuple[Story, str, str]) -> None:
    story, first, second = twice
    ask = CompleteTask(case=story.case, task=story.play.open_task("inform_dinas"), note="Lewat telepon.")
    story.do(records.complete_task, "sari", ask)
    assert ("inform_dinas" in due(story, first), "inform_dinas" in due(story, second)) == (False, True)


def test_a_review_because_of_an_incident_is_the_cases_and_the_next_report_settles_it(twice: tuple[Story, str, str]) -> None:
    story, _, _ = twice
    assert story.rows("SELECT process_id FROM task WHERE kind = 'review' AND settled_at IS NULL")[0]["process_id"] is None


def test_a_death_asks_nobody_to_see_the_child_and_tells_the_head_of_the_office(tell: Callable[..., Story]) -> None:
    story = tell(*IN_CARE)
    report(story, type="death", accused_staff=[])
    assert "child_seen" not in open_tasks(story)
    assert "inform_head" in open_tasks(story)
    told = CompleteTask(case=story.case, task=story.play.open_task("inform_head"), note="Lewat telepon pukul sembilan.")
    assert story.refused(records.complete_task, "sari", told) == set()
    assert "inform_head" not in open_tasks(story)
