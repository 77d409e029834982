"""The house tells every month how a child fares who lives there (F27), or reports in full (F16): DOMAIN 2.7."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from casework.services import views, work
from tests.services.beside import beside, open_tasks, state
from tests.services.story import PARAMS, Story
from tests.services.ways import ADMISSION

Tell = Callable[..., Story]
IN_CARE = (*ADMISSION, "institutional_care")
MONTH = timedelta(days=PARAMS.monthly_report_days)
ASKED = "due: monthly_report (monthly_report_days)"


def due(story: Story, kind: str = "monthly_report") -> list[datetime]:
    """Return when the open tasks of a kind are due."""
    rows = story.rows("SELECT due_at FROM task WHERE case_id = ? AND kind = ? AND settled_at IS NULL", story.case, kind)
    return [datetime.fromisoformat(row["due_at"]) for row in rows]


@pytest.mark.parametrize(("form", "by"), [("F27", "anton"), ("F27", "halimah"), ("F27", "sari"), ("F16", "halimah")])
def test_a_light_report_and_a_full_one_are_the_months_report_and_the_next_is_due_30_days_later(resident: Story, form: str, by: str) -> None:
    resident.later(days=20)
    resident.sign(form, by)
    assert due(resident) == [resident.now + MONTH]
    assert ASKED in resident.entries()[-1].effects
    done = resident.rows("SELECT settled_how FROM task WHERE kind = 'monthly_report' AND settled_at IS NOT NULL")
    assert [row["settled_how"] for row in done] == [form]


@pytest.mark.parametrize("form", ["F27", "F16"])
def test_a_correction_of_last_months_report_is_not_this_months(resident: Story, form: str) -> None:
    written = resident.sign(form, "halimah")
    before = due(resident)
    resident.later(days=20)
    resident.sign(form, "halimah", supersedes=written)
    assert due(resident) == before


def test_a_light_report_closes_no_review_and_waits_for_nobodys_signature(resident: Story) -> None:
    review = beside(resident, "periodic_review")
    before = due(resident, "review")
    resident.later(days=20)
    resident.sign("F15")
    resident.sign("F27", "halimah")
    assert (due(resident, "review"), state(resident, review)) == (before, "scheduled")
    assert resident.rows("SELECT id FROM approval_request WHERE \"trigger\" = 'countersign:F27'") == []
    shown = views.show_case(resident.store, resident.call("sari"), resident.case)
    (move,) = (step for step in shown.steps if step.trigger == "change_institution")
    assert "review_fresh_90_days" in {reason.code for reason in move.missing}


def test_a_concern_of_the_house_has_the_office_see_the_child_within_the_days_of_a_high_risk(resident: Story) -> None:
    resident.sign("F03", risk_level="low")
    calm = due(resident, "contact")
    resident.sign("F27", "anton")
    assert due(resident, "contact") == calm
    resident.later(days=10)
    resident.sign("F27", "anton", concern="yes")
    assert due(resident, "contact") == [resident.now + timedelta(days=PARAMS.contact_high_days)]
    assert "due: contact (contact_high_days)" in resident.entries()[-1].effects


def test_a_house_reports_on_no_child_that_is_not_there(tell: Tell) -> None:
    assert due(tell(*IN_CARE, "trial_home_stay")) == []
    missing = tell(*IN_CARE)
    missing.sign("F17", "anton", type="missing")
    missing.advance("report_missing", "anton")
    assert due(missing) == []


def test_a_child_that_comes_back_to_the_house_is_reported_on_again(tell: Tell) -> None:
    story = tell(*IN_CARE, "trial_home_stay")
    story.sign("F14", trial_result="failed", trial_failed_because="Ayah tiri mabuk lagi.")
    story.decide(story.wish("resume_previous_placement"), "bambang")
    story.advance("resume_previous_placement")
    assert story.state == "institutional_care"
    assert due(story) == [story.now + MONTH]


def test_an_existing_resident_is_reported_on_too_and_one_in_an_emergency_or_a_family_is_not(tell: Tell) -> None:
    assert len(due(tell("institution_unverified"))) == 1
    for stages in (("reported", "emergency_care"), ("kinship_care",), ("family_care",)):
        assert due(tell(*stages)) == []


def test_leaving_the_house_ends_what_it_owes(resident: Story) -> None:
    resident.sign("F23", "maya", host="rpsa")
    resident.advance("place_in_emergency", "maya", host="rpsa")
    assert "monthly_report" not in open_tasks(resident)


def test_what_a_house_lets_pass_stands_on_its_own_list_and_on_those_of_the_office(resident: Story) -> None:
    (asked,) = resident.rows("SELECT id, due_at FROM task WHERE kind = 'monthly_report' AND settled_at IS NULL")
    resident.later(seconds=(datetime.fromisoformat(asked["due_at"]) - resident.now).total_seconds() + 60)
    for by in ("halimah", "anton", "sari", "bambang", "yusuf"):
        (line,) = (one for one in work.my_work(resident.store, resident.call(by)).lines if one.id == asked["id"])
        assert (line.group, line.words.id, line.words.en) == (
            "overdue",
            "Laporkan keadaan anak bulan ini (F27, atau F16)",
            "Report how the child fares this month (F27, or F16)",
        )
