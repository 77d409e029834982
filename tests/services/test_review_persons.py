"""Found in review: who may not decide, and what nobody may take away. Each test is a claim of DOMAIN 4, 5, 7.1 or TRUST 3."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from casework.errors import CaseworkError
from casework.services import approvals, cases, people, records, registers, views
from casework.services.approvals import DecideApproval
from casework.services.people import NewAccount
from casework.store.call import Call, Seat
from tests.services.story import OPERATOR, PASSWORD, Story
from tests.services.ways import ADMISSION

Tell = Callable[..., Story]


def escape_tonight(story: Story, by: str) -> str:
    """Let Maya move the child tonight on an emergency sheet by somebody, and return the ratification."""
    story.sign("F23", by, host="rpsa")
    story.advance("place_in_emergency", "maya", host="rpsa")
    return story.waiting("ratification")


def test_a_house_cannot_take_away_the_report_of_an_incident_in_it(tell: Tell) -> None:
    story = tell("institutional_care")
    report = story.sign("F17", "maya", type="sexual", subject_household="harapan")
    harmless = story.form("F17", "anton", supersedes=report, type="other")
    assert story.refused(records.sign_record, "anton", harmless)
    assert story.rows("SELECT status FROM record WHERE id = ?", report)[0]["status"] == "signed"


def test_a_house_is_not_told_who_reported_an_incident_in_it(tell: Tell) -> None:
    story = tell("institutional_care")
    story.sign("F17", "maya", type="physical", subject_household="harapan")
    seen = views.show_case(story.store, story.call("halimah"), story.case)
    assert not [record for record in seen.records if record.form == "F17"]


def test_the_one_who_agreed_before_a_return_does_not_ratify_it(tell: Tell) -> None:
    story = tell("trial_home_stay")
    story.enrol("bambang_kepala", "dinas_head", same_as="bambang")
    story.later(days=2)
    story.sign("F14", decision="trial", trial_result="failed", trial_failed_because="Ayah tiri kambuh.")
    story.decide(story.wish("resume_previous_placement"), "bambang")
    story.advance("resume_previous_placement")
    assert story.against(story.waiting("ratification"), "bambang_kepala") == {"four_eyes"}


def test_the_one_who_made_an_emergency_move_never_ratifies_it_even_after_a_rejection(reported: Story) -> None:
    story = reported
    story.enrol("maya_kepala", "dinas_head", same_as="maya")
    story.decide(escape_tonight(story, "maya"), "lina", "reject", reason="tidak perlu")
    assert "four_eyes" in story.against(story.waiting("ratification"), "maya_kepala")


def test_the_author_of_the_emergency_sheet_does_not_ratify_the_move(reported: Story) -> None:
    request = escape_tonight(reported, "lina")
    assert "four_eyes" in reported.against(request, "lina")


def test_nobody_ratifies_an_emergency_unread(reported: Story) -> None:
    request = escape_tonight(reported, "maya")
    assert "evidence_not_opened" in reported.against(request, "lina", read=False)


def test_a_ratification_that_is_returned_still_waits_for_somebody(reported: Story) -> None:
    request = escape_tonight(reported, "maya")
    with suppress(CaseworkError):
        reported.decide(request, "lina", "return", reason="lengkapi dahulu")
    assert reported.waiting("ratification")


def test_who_accepted_for_the_institution_does_not_decide_for_the_office(admission: Story) -> None:
    admission.enrol("halimah_kepala", "dinas_head", same_as="halimah")
    request = admission.wish("admit_to_institution", host="harapan")
    admission.decide(request, "bambang")
    assert "four_eyes" in admission.against(request, "halimah_kepala")


def test_who_verified_anything_countersigns_nothing(tell: Tell) -> None:
    story = tell("care_planning")
    sheet = story.sign("F05", rung="nuclear")
    story.do(records.verify_record, "rina", records.VerifyRecord(case=story.case, record=sheet))
    story.sign("F08", setting="institution")
    assert "four_eyes" in story.against(story.waiting("record"), "rina_supervisor")


def test_an_approver_was_appointed_before_the_request(admission: Story) -> None:
    request = admission.wish("admit_to_institution", host="harapan")
    admission.enrol("baru", "supervisor")
    assert admission.against(request, "baru")


def test_an_administrator_gives_himself_no_role(reported: Story) -> None:
    atun = reported.enrol("atun", "admin")
    office = reported.play.cast.offices["dinas"]
    ask = NewAccount(username="atun_kepala", password=PASSWORD, seats=(Seat("dinas_head", office),), person=atun.person)
    with pytest.raises(CaseworkError):
        people.create_account(reported.store, reported.call("atun"), ask)


def test_a_seat_in_another_house_gives_nothing_here(tell: Tell) -> None:
    story = tell("institutional_care")
    town = story.play.cast
    office = town.offices["mitra"]
    seats = (Seat("lksa_staff", office, town.hosts["harapan"]), Seat("lksa_head", office, town.hosts["kasih"]))
    ask = NewAccount(username="dua_kursi", password=PASSWORD, seats=seats, name="Dua Kursi")
    story._others["dua_kursi"] = people.create_account(story.store, Call(who=OPERATOR, at=story.now), ask).account
    assert views.show_case(story.store, story.call("dua_kursi"), story.case).capacities == ("lksa_staff",)


def test_an_admission_is_not_dated_before_its_approvals(tell: Tell) -> None:
    story = tell(*ADMISSION)
    story.later(days=6)
    request = story.wish("admit_to_institution", host="harapan")
    story.decide(request, "bambang")
    story.decide(request, "yusuf")
    earlier = story.now - timedelta(days=5)
    assert story.refused(cases.advance_case, "sari", story.step("admit_to_institution", host="harapan"), occurred_at=earlier)


def test_the_reason_of_a_rejection_is_not_for_the_house_or_the_auditor(admission: Story) -> None:
    request = admission.wish("admit_to_institution", host="harapan")
    admission.decide(request, "bambang", "reject", reason="Pengurus lembaga sedang diperiksa.")
    for reader in ("halimah", "nadia"):
        seen = views.show_case(admission.store, admission.call(reader), admission.case)
        assert not [sign.reason for one in seen.requests for sign in one.decisions if sign.reason]


def test_an_auditor_reads_no_relatives_name_in_what_is_missing(tell: Tell) -> None:
    story = tell("care_planning")
    story.do(registers.add_relative, "sari", registers.AddRelative(case=story.case, name="Rahman Saputra", relation="paman", degree=3))
    seen = views.show_case(story.store, story.call("nadia"), story.case)
    told = [words.id for step in seen.steps for reason in step.missing for words in reason.details]
    assert not [text for text in told if "Rahman" in text]


def test_a_house_that_declined_no_longer_reads_the_child(tell: Tell) -> None:
    story = tell("care_planning")
    kasih = story.play.cast.hosts["kasih"]
    story.do(registers.offer_child, "sari", registers.OfferChild(case=story.case, host=kasih))
    story.do(registers.answer_offer, "markus", registers.AnswerOffer(case=story.case, host=kasih, accepted=False, reason="penuh"))
    with pytest.raises(CaseworkError):
        views.show_case(story.store, story.call("markus"), story.case)


def test_a_decision_names_the_digest_shown(admission: Story) -> None:
    request = admission.wish("admit_to_institution", host="harapan")
    ask = DecideApproval(case=admission.case, request=request, decision="approve", digest="0" * 64)
    assert "approval_superseded" in admission.refused(approvals.decide_approval, "bambang", ask)
