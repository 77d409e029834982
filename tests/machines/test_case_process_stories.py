"""Stories of the processes beside a case, decided on real facts: what is refused by name, what is made, what the clock does when."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from casework.machines.effects import Done, Due, Open
from casework.machines.facts import Filed, Receiver
from casework.machines.forms import (
    Acceptance,
    Consent,
    Monitoring,
    ProgressReport,
    Referral,
)
from tests.machines.builders import (
    CHILD,
    COLLEAGUE,
    LKSA_HEAD,
    PROVINCE,
    SUPERVISOR,
    TODAY,
    WORKER,
    ago,
    document,
    on,
    placement,
    record,
)
from tests.machines.process_story import Story
from tests.machines.samples import NOW

SCHOOL = Receiver("body-school", "school")
YES = Acceptance("Kepala UPTD", TODAY, "menerima", letter="digest-9")


CONSENT = record(Consent, 20, purposes=("referral",))
SHARED: dict[str, Any] = {"shared": ("nama", "umur")}


def referral(*, receiver: Receiver = SCHOOL, **changes: Any) -> Story:
    story = Story("referral", receiver=receiver, of=(CONSENT,))
    story.newest(record(Referral, 5, receiver=receiver.id, **{**SHARED, **changes}))
    return story


def test_a_referral_is_not_sent_before_consent_receiver_list_and_letter() -> None:
    story = Story("referral", receiver=None)
    story.newest(record(Referral, 5))
    assert story.asks("send") == {"consent_or_legal_basis", "recipient_registered", "shared_data_listed"}
    story.goes_on(receiver=PROVINCE, of=(CONSENT,))
    story.newest(record(Referral, 5, **SHARED))
    assert story.asks("send") == {"recommended_to_the_province"}
    story.goes_on(documents=(document("dinas_head_letter"),))
    assert story.asks("send") == "sent"
    assert Due("referral_reply", "referral_normal_workdays") in story.effects


def test_a_referral_that_is_unanswered_twice_stays_with_its_sender() -> None:
    story = referral(urgency="urgent")
    for _time in range(2):
        assert story.asks("send") == "sent"
        assert Due("referral_reply", "referral_urgent_hours") in story.effects
        assert story.wakes("fall_silent") == NOW + timedelta(hours=24)
        assert story.asks("fall_silent") == {"role_not_allowed"}
        assert story.asks("fall_silent", "clock") == "unanswered"
        assert Due("new_referral_target", "referral_retarget_days") in story.effects
        assert story.asks("begin_service") == {"no_such_transition"}
    assert story.asks("cancel", "supervisor") == "cancelled"
    assert {Done("referral_reply"), Done("new_referral_target")} <= {*story.effects}


def test_a_receiver_may_still_answer_late() -> None:
    story = referral()
    assert [story.asks("send"), story.asks("fall_silent", "clock")] == ["sent", "unanswered"]
    story.newest(record(Referral, 1, receiver=SCHOOL.id, acceptance=YES, header={"verified_by": COLLEAGUE}, **SHARED))
    assert story.happens("verified:F13") == "accepted"


def test_the_clock_of_a_normal_referral_counts_working_days_and_an_acknowledgement_does_not_stop_it() -> None:
    story = referral()
    assert story.asks("send") == "sent"
    friday = NOW + timedelta(days=3)
    assert (NOW.strftime("%A"), story.wakes("fall_silent")) == ("Tuesday", friday)
    story.goes_on(now=friday)
    assert story.asks("acknowledge", "province_officer") == "acknowledged"
    assert story.wakes("fall_silent") == friday + timedelta(days=5)


def test_a_letter_counts_only_once_another_person_verified_it() -> None:
    story = referral()
    story.asks("send")
    story.newest(record(Referral, 1, receiver=SCHOOL.id, acceptance=YES, **SHARED))
    assert story.asks("accept") == {"accepted_by_the_receiver"}
    story.newest(record(Referral, 1, receiver=SCHOOL.id, acceptance=YES, header={"verified_by": WORKER}, **SHARED))
    assert story.asks("accept") == {"accepted_by_the_receiver"}
    assert story.happens("verified:F13") == "sent"


def test_the_province_accepts_with_its_own_account_but_not_for_a_school() -> None:
    story = referral(receiver=PROVINCE)
    story.goes_on(documents=(document("dinas_head_letter"),))
    assert story.asks("send") == "sent"
    assert story.asks("accept", "province_officer") == "accepted"
    other = referral()
    other.asks("send")
    assert other.asks("accept", "province_officer") == {"accepted_by_the_receiver"}


def test_a_receiver_changed_after_sending_is_asked_about_again() -> None:
    """A newer version of the F13 names the province: no acceptance without the head's letter."""
    story = referral()
    story.asks("send")
    story.newest(record(Referral, 1, acceptance=YES, header={"verified_by": COLLEAGUE}, **SHARED))
    assert story.happens("verified:F13") == "sent"
    assert story.asks("accept") == {"recipient_registered"}
    story.goes_on(receiver=PROVINCE)
    assert story.asks("accept") == {"recommended_to_the_province"}


def test_a_refusal_makes_itself_and_asks_for_a_new_target() -> None:
    story = referral()
    story.asks("send")
    assert story.happens("signed:F13") == "sent"
    story.newest(record(Referral, 1, receiver=SCHOOL.id, refusal_reason="penuh", **SHARED))
    assert story.happens("signed:F13") == "declined"
    assert Due("new_referral_target", "referral_retarget_days") in story.effects


def test_a_service_runs_on_consent_and_ends_with_feedback() -> None:
    story = referral()
    story.asks("send")
    story.newest(record(Referral, 2, receiver=SCHOOL.id, acceptance=YES, header={"verified_by": COLLEAGUE}, **SHARED))
    assert story.happens("verified:F13") == "accepted"
    story.goes_on(of=(CONSENT, record(Consent, 1, purposes=("referral",), decision="withdrawn")))
    assert story.asks("begin_service") == {"consent_or_legal_basis"}
    story.goes_on(of=(CONSENT,))
    assert [story.asks("begin_service"), story.asks("complete")] == ["in_service", "completed"]
    assert story.asks("close_with_feedback") == {"feedback_recorded"}
    story.newest(record(Referral, 1, receiver=SCHOOL.id, feedback="anak betah", **SHARED))
    assert story.happens("signed:F13") == "feedback_closed"


def test_an_f13_that_only_notifies_asks_nobody() -> None:
    story = Story("referral")
    story.newest(record(Referral, 1, receiver=""))
    assert story.happens("signed:F13") == "notified"


def review(*records: Filed[Any], **around: Any) -> Story:
    story = Story("periodic_review", of=records, **{"placements": (placement("kin", started_at=ago(60)),), **around})
    story.process = msgspec.structs.replace(story.process, opened_at=ago(60), due_at=ago(30))
    return story


def test_a_review_that_nobody_writes_becomes_due_overdue_and_critical() -> None:
    story = review()
    for trigger, days, state in (("fall_due", 0, "due"), ("become_overdue", 14, "overdue"), ("become_critical", 30, "critical")):
        assert story.wakes(trigger) == ago(30) + timedelta(days=days)
        assert story.asks(trigger) == {"role_not_allowed"}
        assert story.asks(trigger, "clock") == state
    assert story.asks("submit") == {"report_of_this_review", "child_seen_since_last_review"}
    story.goes_on(of=(record(ProgressReport, 1), record(Monitoring, 2)))
    assert story.happens("signed:F16") == "submitted"


def test_beginning_a_report_does_not_stop_its_clock() -> None:
    story = review()
    assert story.asks("begin", "lksa_head", person=LKSA_HEAD) == "in_progress"
    assert story.wakes("become_overdue") == ago(16)


def test_a_report_about_a_child_that_nobody_of_the_office_saw_is_not_submitted() -> None:
    story = review(record(ProgressReport, 1))
    assert story.happens("signed:F16") == "scheduled"
    assert story.asks("submit", "lksa_head", person=LKSA_HEAD) == {"child_seen_since_last_review"}
    story.goes_on(of=(record(ProgressReport, 1), record(Monitoring, 2)))
    assert story.asks("submit", "lksa_head", person=LKSA_HEAD) == "submitted"


@pytest.mark.parametrize(("by", "state"), [(SUPERVISOR, "endorsed"), (WORKER, "submitted"), (None, "submitted")])
def test_a_report_is_endorsed_by_another_than_its_author(by: str | None, state: str) -> None:
    story = review(record(ProgressReport, 1, header={"countersigned_by": by}), record(Monitoring, 2))
    story.happens("signed:F16")
    assert story.happens("countersigned:F16") == state


@pytest.mark.parametrize(
    ("around", "within"),
    [
        ({}, ("review_interval_days",)),
        ({"child": msgspec.structs.replace(CHILD, born=on(800))}, ("review_under_three_days",)),
        ({"placements": (placement("foster", started_at=ago(60)),)}, ("review_foster_days",)),
        ({"placements": ()}, ()),
    ],
)
def test_the_next_review_begins_with_the_endorsement_while_the_placement_lasts(around: dict[str, Any], within: tuple[str, ...]) -> None:
    story = review(record(ProgressReport, 1, header={"countersigned_by": SUPERVISOR}), record(Monitoring, 2), **around)
    assert [story.happens("signed:F16"), story.happens("countersigned:F16")] == ["submitted", "endorsed"]
    asked = tuple(effect for key in within for effect in (Due("review", key), Open("periodic_review", key)))
    assert story.effects == (Done("review"), Done("review_record"), *asked)


def test_a_review_in_an_institution_asks_for_the_way_home_anew() -> None:
    story = review(
        record(ProgressReport, 1, header={"countersigned_by": SUPERVISOR}), record(Monitoring, 2), about={"state": "institutional_care"}
    )
    story.happens("signed:F16")
    story.happens("countersigned:F16")
    assert Open("reunification") in story.effects


def test_a_returned_report_is_submitted_again_before_it_is_endorsed() -> None:
    story = review(record(ProgressReport, 1), record(Monitoring, 2))
    assert story.happens("signed:F16") == "submitted"
    assert story.asks("return_report", "lksa_head") == {"role_not_allowed"}
    assert story.asks("return_report", "supervisor", person=SUPERVISOR) == "returned"
    story.goes_on(of=(record(ProgressReport, 0, header={"countersigned_by": SUPERVISOR}), record(Monitoring, 2)))
    assert story.asks("endorse", "supervisor", person=SUPERVISOR) == {"no_such_transition"}
    assert [story.happens("signed:F16"), story.happens("countersigned:F16")] == ["submitted", "endorsed"]
