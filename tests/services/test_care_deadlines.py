"""Deadlines of a child in care: what creates each, what settles it, what follows (DOMAIN 2.5, 2.7, 2.12, T07, T11, T12, T15, T24, I8)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Literal

import pytest

from casework.machines.facts import WITA
from casework.services import corrections, processes, records, registers, work
from casework.services.corrections import ApproveIdentityChange, RequestIdentityChange
from casework.services.processes import AdvanceProcess
from casework.services.records import AttachDocument, CompareDocument, CompleteTask
from casework.services.registers import ChangeHost
from casework.services.tick import tick
from tests.services.beside import found_and_sent_home, go_missing
from tests.services.story import PARAMS, Story
from tests.services.ways import ADMISSION

Tell = Callable[..., Story]
IN_CARE = (*ADMISSION, "institutional_care")


def due(story: Story, kind: str) -> list[datetime]:
    """Return when the open tasks of a kind are due."""
    rows = story.rows("SELECT due_at FROM task WHERE case_id = ? AND kind = ? AND settled_at IS NULL ORDER BY due_at", story.case, kind)
    return [datetime.fromisoformat(row["due_at"]) for row in rows]


def days(story: Story, kind: str) -> list[int]:
    """Return in how many days the open tasks of a kind are due."""
    return [round((moment - story.now) / timedelta(days=1)) for moment in due(story, kind)]


def report(story: Story, kind: str, by: str = "sari") -> set[str]:
    ask = CompleteTask(case=story.case, task=story.play.open_task(kind), note="Sudah dikerjakan.")
    return story.refused(records.complete_task, by, ask)


def correct(story: Story, field: Literal["born", "born_precision"], value: str) -> None:
    """Correct the child's identity, by four eyes and on a paper."""
    said = {"kind": "other", "number": "1", "issuer": "Disdukcapil", "issued_on": "2026-01-05"}
    paper = story.do(records.attach_document, "sari", AttachDocument(case=story.case, **said)).id
    story.do(records.compare_document, "maya", CompareDocument(case=story.case, document=paper))
    wanted = RequestIdentityChange(case=story.case, field=field, new_value=value, document=paper)
    change = story.do(corrections.request_identity_change, "sari", wanted).id
    story.do(corrections.approve_identity_change, "bambang", ApproveIdentityChange(case=story.case, change=change))


@pytest.mark.parametrize(
    ("level", "noted", "within"),
    [
        ("high", "", PARAMS.contact_high_days),
        ("high", "Memakai kursi roda.", PARAMS.contact_high_days),
        ("medium", "", PARAMS.contact_medium_days),
        ("low", "", PARAMS.contact_low_days),
        ("low", "Memakai kursi roda.", PARAMS.contact_vulnerable_days),
    ],
)
def test_the_child_is_seen_again_the_sooner_the_higher_its_risk(resident: Story, level: str, noted: str, within: int) -> None:
    (former,) = resident.rows("SELECT id FROM record WHERE form = 'F02' AND status = 'signed'")
    resident.sign("F02", supersedes=former["id"], health_disability=noted)
    resident.sign("F03", risk_level=level)
    assert days(resident, "contact") == [within]
    resident.later(days=2)
    resident.sign("F15")
    assert days(resident, "contact") == [within]


def test_a_corrected_visit_is_no_second_one(resident: Story) -> None:
    visit = resident.sign("F15")
    before = due(resident, "contact")
    resident.later(days=3)
    resident.sign("F15", supersedes=visit)
    assert due(resident, "contact") == before


def test_contact_is_not_put_off_by_moving_the_child_and_ends_with_the_case(resident: Story) -> None:
    before = due(resident, "contact")
    assert len(before) == 1
    resident.sign("F23", "maya", host="rpsa")
    resident.advance("place_in_emergency", "maya", host="rpsa")
    (now,) = due(resident, "contact")
    assert now <= before[0]


def test_where_the_child_is_at_home_it_is_seen_by_its_risk_too(tell: Tell) -> None:
    assert len(due(tell("family_care"), "contact")) == 1
    assert due(tell("reported"), "contact") == []


def test_the_report_to_the_office_comes_again_every_six_months(resident: Story) -> None:
    first = due(resident, "dinas_report")
    assert len(first) == 1
    resident.later(days=100)
    assert report(resident, "dinas_report", "halimah") == set()
    assert days(resident, "dinas_report") == [PARAMS.dinas_report_days]
    done = resident.personal("task", "note", where="kind = 'dinas_report' AND settled_at IS NOT NULL")
    assert done == [("Sudah dikerjakan.",)]
    assert resident.entries()[-1].effects == ("due: dinas_report (dinas_report_days)",)


def test_permanency_is_decided_in_a_year_and_reviewed_by_the_head_at_18_and_24_months(resident: Story) -> None:
    kinds = ("permanency_decision", "permanency_review_18", "permanency_review_24")
    began = datetime.fromisoformat(resident.rows("SELECT started_at FROM placement WHERE kind = 'institution'")[0][0])
    assert [(moment - began).days for kind in kinds for moment in due(resident, kind)] == [
        PARAMS.permanency_days,
        PARAMS.permanency_second_days,
        PARAMS.permanency_third_days,
    ]
    assert report(resident, "permanency_decision") == {"role_not_allowed"}
    assert report(resident, "permanency_review_18", "bambang") == {"role_not_allowed"}
    assert report(resident, "permanency_decision", "bambang") == set()
    assert report(resident, "permanency_review_18", "yusuf") == set()


def test_a_trial_at_home_that_fails_does_not_begin_the_year_anew(tell: Tell) -> None:
    before = due(tell(*IN_CARE), "permanency_decision")
    trial = tell(*IN_CARE, "trial_home_stay")
    assert due(trial, "permanency_decision") == before


def test_leaving_care_is_planned_at_17_and_at_17_and_a_half_and_happens_within_60_days_of_18(resident: Story) -> None:
    born = date.fromisoformat(resident.rows("SELECT born FROM child WHERE id = ?", resident.row["child_id"])[0]["born"])
    said = [due(resident, kind)[0].astimezone(WITA).date() for kind in ("leaving_care_plan", "leaving_care_final", "exit_after_18")]
    half = (born.month + 5) % 12 + 1
    assert (said[0].year, said[0].month, said[0].day) == (born.year + 17, born.month, born.day)
    assert (said[1] - said[0]).days in range(181, 185)
    assert said[1].month == half
    assert said[2] == born.replace(year=born.year + 18) + timedelta(days=PARAMS.adult_exit_days)


def test_what_is_counted_from_birth_moves_with_a_corrected_birth(resident: Story) -> None:
    correct(resident, "born", "2009-12-24")
    assert [moment.astimezone(WITA).date() for moment in due(resident, "leaving_care_plan")] == [date(2026, 12, 24)]
    correct(resident, "born_precision", "year")
    first_of_17 = date(2026, 1, 1)
    assert first_of_17 < resident.now.astimezone(WITA).date()
    assert abs(due(resident, "leaving_care_plan")[0] - resident.now) < timedelta(minutes=5)
    assert [moment.astimezone(WITA).date() for moment in due(resident, "exit_after_18")] == [date(2027, 12, 31) + timedelta(days=60)]


def test_a_plan_that_was_made_is_not_asked_for_again_by_a_move_or_a_correction(resident: Story) -> None:
    assert report(resident, "leaving_care_plan") == set()
    correct(resident, "born", "2009-12-24")
    assert due(resident, "leaving_care_plan") == []
    assert len(due(resident, "leaving_care_final")) == 1


def test_nobody_who_grew_up_stays_in_care_unnoticed(resident: Story) -> None:
    correct(resident, "born", "2008-01-05")
    assert due(resident, "exit_after_18") != []
    resident.play.now = max(resident.now, datetime(2026, 3, 7, tzinfo=WITA))
    assert "head_exit" in tick(resident.store, resident.now).reminded


def test_a_birth_that_nobody_knows_is_found_out(resident: Story) -> None:
    correct(resident, "born_precision", "unknown")
    assert due(resident, "leaving_care_plan") == []
    assert days(resident, "birth_date") == [PARAMS.identity_document_days]
    correct(resident, "born_precision", "year")
    assert due(resident, "birth_date") == []
    assert len(due(resident, "leaving_care_plan")) == 1


def test_a_review_that_began_is_on_record_within_14_working_days(resident: Story) -> None:
    review = resident.rows("SELECT id FROM process WHERE machine = 'periodic_review' AND case_id = ?", resident.case)[0]["id"]
    resident.do(processes.advance_process, "sari", AdvanceProcess(case=resident.case, process=review, trigger="begin"))
    (first,) = due(resident, "review_record")
    assert first - resident.now > timedelta(days=17)
    resident.later(days=1)
    resident.sign("F15")
    resident.sign("F16", "halimah")
    assert due(resident, "review_record") == [first]
    resident.decide(resident.waiting("record", "countersign:F16"), "bambang")
    assert due(resident, "review_record") == []


def test_a_respite_is_shorter_than_a_leave(resident: Story) -> None:
    resident.sign("F11", "halimah", host="harapan")
    (stay,) = resident.rows("SELECT id FROM placement WHERE status = 'active'")
    resident.do(processes.advance_process, "sari", AdvanceProcess(case=resident.case, process=stay["id"], trigger="go_on_respite"))
    assert days(resident, "leave_return") == [PARAMS.leave_respite_days]


def test_an_emergency_in_a_full_house_is_an_alarm_after_72_hours(emergency: Story) -> None:
    assert due(emergency, "emergency_capacity") == []
    emergency.do(registers.change_host, "bambang", ChangeHost(host=emergency.play.cast.hosts["rpsa"], capacity=0))
    emergency.sign("F23", "maya", host="rpsa", unsuitable_because="Terlalu jauh.")
    emergency.advance("change_emergency_host", "maya", host="rpsa")
    assert due(emergency, "emergency_capacity") == [emergency.now + timedelta(hours=PARAMS.emergency_checks_waived_hours)]
    emergency.later(days=4)
    assert "head_capacity" in tick(emergency.store, emergency.now).reminded
    assert report(emergency, "emergency_capacity", "bambang") == set()
    assert due(emergency, "head_capacity") == []


def test_a_birth_of_these_weeks_is_registered_within_60_days_of_it(tell: Tell) -> None:
    story = tell("reported")
    born = (story.now - timedelta(days=10)).astimezone(WITA).date()
    correct(story, "born", born.isoformat())
    story.advance("start_assessment")
    assert [moment.astimezone(WITA).date() for moment in due(story, "birth_registration")] == [
        born + timedelta(days=PARAMS.birth_registration_days)
    ]
    assert report(story, "birth_registration") == set()
    assert due(tell("reported", "initial_assessment"), "birth_registration") == []


def test_a_child_that_is_placed_a_third_time_within_a_year_is_put_before_the_supervisor(emergency: Story) -> None:
    story = emergency

    def move() -> None:
        story.later(days=1)
        called = [{"at": (story.now - timedelta(hours=1)).isoformat(), "who": "bibi", "result": "no_answer"}]
        story.sign("F23", "maya", host="rpsa", kin_call_log=called, unsuitable_because="Terlalu dekat dengan rumah pelaku.")
        story.advance("change_emergency_host", "maya", host="rpsa")

    move()
    assert due(story, "frequent_moves") == []
    move()
    assert days(story, "frequent_moves") == [PARAMS.moves_look_days]
    move()
    assert days(story, "frequent_moves") == [PARAMS.moves_look_days - 1], "no further move puts it off"
    assert [line.words.en for line in work.my_work(story.store, story.call("bambang")).lines if "place to place" in line.words.en]
    assert [line for line in work.my_work(story.store, story.call("sari")).lines if "place to place" in line.words.en] == []
    assert report(story, "frequent_moves", "sari") == {"role_not_allowed"}
    assert report(story, "frequent_moves", "bambang") == set()


def test_a_second_emergency_within_90_days_is_put_before_the_supervisor(emergency: Story) -> None:
    story = emergency
    assert due(story, "emergency_again") == []
    go_missing(story)
    found_and_sent_home(story)
    assert due(story, "emergency_again") == [], "home is no emergency"
    story.sign("F23", "maya", host="rpsa")
    story.advance("place_in_emergency", "maya", host="rpsa")
    assert days(story, "emergency_again") == [PARAMS.emergency_look_days]
    assert report(story, "emergency_again", "sari") == {"role_not_allowed"}
    assert report(story, "emergency_again", "bambang") == set()


def test_who_goes_back_into_the_emergency_it_was_missing_from_is_in_no_second_one(emergency: Story) -> None:
    emergency.sign("F17", type="missing")
    emergency.advance("report_missing")
    emergency.later(hours=5)
    emergency.sign("F17", type="missing", found_at=(emergency.now - timedelta(hours=1)).isoformat(), found_by="polisi")
    emergency.sign("F23", "maya", host="rpsa")
    emergency.advance("emergency_after_missing", "maya", host="rpsa")
    assert due(emergency, "emergency_again") == []


def test_the_parents_of_a_child_taken_into_an_emergency_are_told_or_it_is_said_why_not(emergency: Story) -> None:
    (asked,) = emergency.rows("SELECT created_at, due_at FROM task WHERE kind = 'inform_parents'")
    span = datetime.fromisoformat(asked["due_at"]) - datetime.fromisoformat(asked["created_at"])
    assert abs(span - timedelta(hours=PARAMS.inform_parents_hours)) < timedelta(minutes=5)
    assert report(emergency, "inform_parents", "halimah") == {"not_found"}
    assert report(emergency, "inform_parents") == set()
    assert due(emergency, "inform_parents") == []
