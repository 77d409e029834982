"""Deadlines that begin outside the tables, or that depend on who the child is (DOMAIN 7.11: T01, T27; 2.12)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from casework.services import cases
from casework.services.cases import RegisterCase
from tests.services.story import PARAMS, Story

Tell = Callable[..., Story]


def due(story: Story, kind: str, case: str = "") -> list[timedelta]:
    """Return after how long the open tasks of a kind are due, counted from when they were asked for."""
    asked = story.rows(
        "SELECT due_at, created_at FROM task WHERE case_id = ? AND kind = ? AND settled_at IS NULL", case or story.case, kind
    )
    return [datetime.fromisoformat(row["due_at"]) - datetime.fromisoformat(row["created_at"]) for row in asked]


@pytest.mark.parametrize(
    ("danger", "within"),
    [("yes", timedelta(hours=PARAMS.assess_high_hours)), ("no", timedelta(days=PARAMS.assess_medium_days))],
)
def test_a_report_asks_for_the_initial_assessment_sooner_where_the_child_is_in_danger(tell: Tell, danger: str, within: timedelta) -> None:
    story = tell("reported")
    ask = story.report()
    ask = RegisterCase(intake=msgspec.structs.replace(ask.intake, immediate_danger=danger), child=ask.child)
    case = story.do(cases.register_case, "sari", ask).id
    assert due(story, "initial_assessment", case) == [within]
    effects = [row["body"] for row in story.rows("SELECT body FROM event WHERE case_id = ? AND kind = 'case_registered'", case)]
    assert b"due: initial_assessment" in bytes(effects[0])


def test_the_assessment_stays_due_until_it_is_signed(tell: Tell) -> None:
    story = tell("reported")
    story.advance("start_assessment")
    assert due(story, "initial_assessment") == [timedelta(days=3)]
    story.sign("F03")
    assert due(story, "initial_assessment") == []
    assert story.rows("SELECT settled_how FROM task WHERE kind = 'initial_assessment' AND case_id = ?", story.case)[0][0] == "F03"


def test_a_report_entered_in_error_leaves_nothing_to_do(tell: Tell) -> None:
    story = tell("reported")
    story.sign("F01", void_reason="entered_in_error", supersedes=story.rows("SELECT id FROM record WHERE form = 'F01'")[0]["id"])
    story.decide(story.wish("void_registration"), "bambang")
    story.advance("void_registration")
    assert due(story, "initial_assessment") == []


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ({"health_disability": "Memakai alat bantu dengar."}, PARAMS.legacy_assess_urgent_days),
        ({}, PARAMS.legacy_assess_parent_days),
        (
            {
                "orphan_status": "both_dead",
                "father": {"name": "Ahmad", "status": "dead"},
                "mother": {"name": "Siti", "status": "dead"},
            },
            PARAMS.legacy_assess_days,
        ),
    ],
)
def test_a_resident_is_assessed_the_sooner_the_more_there_is_to_ask(tell: Tell, said: dict[str, Any], days: int) -> None:
    story = tell("initial_assessment")
    former = story.rows("SELECT id FROM record WHERE form = 'F02' AND status = 'signed'")
    story.sign("F02", supersedes=former[0]["id"] if former else "", **said)
    story.sign("F25", host="nur")
    request = story.wish("register_existing_resident", host="nur")
    story.decide(request, "bambang")
    story.decide(request, "yusuf")
    story.advance("register_existing_resident", host="nur")
    assert due(story, "legacy_assessment") == [timedelta(days=days)]


def found_in_danger(story: Story, *, asked_before: bool) -> None:
    story.sign("F17", type="missing")
    story.advance("report_missing")
    story.later(days=1)
    found_at = (story.now - timedelta(hours=1)).isoformat()
    story.sign("F17", type="missing", found_at=found_at, found_by="polisi", setting_safe="no")
    if asked_before:
        story.sign("F06", kind="return")
    story.sign("F23", "maya", host="rpsa", kin_call_log=[{"at": found_at, "who": "bibi", "result": "no_answer"}])
    story.advance("emergency_after_missing", "maya", host="rpsa")


def test_a_child_that_was_found_is_interviewed_within_72_hours_and_by_no_other_form(emergency: Story) -> None:
    found_in_danger(emergency, asked_before=False)
    assert due(emergency, "return_interview") == [timedelta(hours=PARAMS.return_interview_hours)]
    emergency.sign("F06")
    assert due(emergency, "return_interview") == [timedelta(hours=PARAMS.return_interview_hours)]
    emergency.sign("F06", kind="return")
    assert due(emergency, "return_interview") == []


def test_a_child_that_was_interviewed_is_not_asked_for_again(emergency: Story) -> None:
    found_in_danger(emergency, asked_before=True)
    assert due(emergency, "return_interview") == []
