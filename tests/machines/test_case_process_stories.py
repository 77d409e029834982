"""Stories of the processes beside a case, decided on real facts: what is refused by name, what is made, what the clock does when."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from casework.errors import Refusal
from casework.machines.book import newest_machines
from casework.machines.effects import Done, Due, Effect, Open, When
from casework.machines.engine import Ask, Move
from casework.machines.facts import Facts, Filed, Process, Receiver
from casework.machines.forms import (
    Acceptance,
    Attempt,
    Consent,
    Monitoring,
    ProgressReport,
    Referral,
    Reunification,
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
    facts,
    on,
    placement,
    record,
)
from tests.machines.samples import NOW

SCHOOL = Receiver("body-school", "school")
YES = Acceptance("Kepala UPTD", TODAY, "menerima", letter="digest-9")


class Story:
    """One process that is walked through its machine. Every step is decided; nothing is moved by hand."""

    def __init__(self, machine: str, state: str = "", **around: Any) -> None:
        self.machine = newest_machines()[machine]
        self.process = Process("p", machine, 1, state or self.machine.definition.initial, ago(60), ago(60), case_id="case-1")
        self.around = around
        self.effects: tuple[Effect, ...] = ()

    def facts(self, capacities: set[str], person: str = WORKER) -> Facts:
        return facts(process=self.process, ask=Ask(person, frozenset(capacities)), **self.around)

    def asks(self, trigger: str, *capacities: str, person: str = WORKER) -> str | set[str]:
        """Ask for a step; return the state it leads to, or the codes it is refused with."""
        asked = self.facts({*capacities} or {"social_worker"}, person)
        outcome = self.machine.decide(self.process.state, trigger, asked)
        if isinstance(outcome, Refusal):
            return {*outcome.codes}
        self.effects = tuple(self.brought(outcome, asked))
        entered = self.around.get("now", NOW)
        if outcome.dest == outcome.source:
            entered = self.process.entered_at
        self.process = msgspec.structs.replace(self.process, state=outcome.dest, entered_at=entered, by=(*self.process.by, person))
        return outcome.dest

    def happens(self, what: str) -> str:
        """Let the first row that waits for this be made, as services do; return the state then."""
        for trigger in self.machine.triggers_from(self.process.state):
            row = self.machine.transition(self.process.state, trigger)
            if row is not None and row.on == what and not isinstance(self.asks(trigger, "system"), set):
                break
        return self.process.state

    def wakes(self, trigger: str) -> datetime | None:
        row = self.machine.transition(self.process.state, trigger)
        assert row is not None
        assert row.wakes is not None
        return row.wakes(self.facts({"clock"}))

    def brought(self, move: Move[Any], asked: Facts) -> list[Effect]:
        """Return the effects that happen, those behind a condition only if it holds."""
        conditions = {guard.code: guard for guard in self.machine.definition.conditions}
        found: list[Effect] = []
        for effect in move.transition.effects:
            if not isinstance(effect, When):
                found.append(effect)
            elif conditions[effect.condition].unmet(asked) is None:
                found.extend(effect.effects)
        return found

    def goes_on(self, **around: Any) -> None:
        self.around |= around

    def newest(self, body: Filed[Any]) -> None:
        """File a newer version of the form that opened the process."""
        self.process = msgspec.structs.replace(self.process, record=body)


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
    assert story.effects == (Done("review"), *asked)


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


READY = record(Reunification, 2)


def test_the_long_way_home() -> None:
    story = Story("reunification")
    assert story.asks("begin_tracing") == "tracing"
    assert story.asks("record_not_located") == {"tracing_tried"}
    tried = tuple(Attempt(on(day), how, "-") for day, how in ((20, "visit"), (12, "phone"), (4, "village_office")))  # type: ignore[arg-type]
    story.goes_on(of=(record(Reunification, 3, decision="preparing", family_readiness="not_assessed", tracing=tried),))
    assert story.asks("record_not_located") == "not_located"
    assert story.wakes("trace_again") == NOW + timedelta(days=90)
    assert story.asks("trace_again", "clock") == "tracing"
    assert Due("family_tracing", "tracing_window_days") in story.effects
    assert [story.asks("record_located"), story.asks("begin_assessment")] == ["located", "assessing"]
    assert story.asks("begin_preparation") == {"return_assessed"}
    story.goes_on(of=(record(Reunification, 2, decision="preparing", child_readiness="negative"),))
    assert [story.asks("begin_preparation"), story.asks("review_readiness")] == ["preparing", "readiness_review"]
    assert story.asks("declare_ready") == {"reunification_ready"}
    story.goes_on(of=(READY,))
    assert story.happens("signed:F14") == "ready"
    assert story.asks("start_trial") == {"role_not_allowed"}
    assert [story.asks("start_trial", "system"), story.asks("complete", "system")] == ["trial", "completed"]


def test_after_a_breakdown_the_old_form_makes_nobody_ready() -> None:
    story = Story("reunification", of=(READY,))
    assert [story.happens("signed:F14"), story.asks("start_trial", "system")] == ["ready", "trial"]
    story.goes_on(of=(READY, record(Reunification, 1, trial_result="failed", trial_failed_because="ayah tiri")))
    assert story.asks("break_down", "system") == "broken_down"
    assert story.asks("try_again") == "assessing"
    assert story.asks("declare_ready") == {"declared_in_this_attempt"}
    story.goes_on(of=(READY, record(Reunification, 0)))
    assert story.happens("signed:F14") == "ready"


def test_readiness_can_be_taken_back_before_the_trial() -> None:
    story = Story("reunification", of=(READY,))
    assert story.happens("signed:F14") == "ready"
    story.goes_on(of=(READY, record(Reunification, 1, decision="preparing")))
    assert story.happens("signed:F14") == "preparing"


def test_only_a_supervisor_stops_it_and_for_a_reason_that_another_wrote() -> None:
    story = Story("reunification", state="preparing", of=(record(Reunification, 1, decision="stopped"),))
    assert story.asks("stop") == {"role_not_allowed"}
    assert story.asks("stop", "supervisor", person=SUPERVISOR) == {"stop_reasoned"}
    story.goes_on(of=(record(Reunification, 1, decision="stopped", stopped_because="child_refuses"),))
    assert story.asks("stop", "supervisor", person=WORKER) == {"stop_reasoned"}
    assert story.asks("stop", "supervisor", person=SUPERVISOR) == "stopped"


WORRY: dict[str, Any] = {"concern": "yes", "concern_text": "memar"}
SETTLED: dict[str, Any] = {"school_settled": "yes", "health_settled": "service"}
VISITS = (3, 14, 30, 60, 90, 180)


def returned(*records: Filed[Any], days: int = 190) -> Story:
    story = Story("reintegration", of=records, about={"state": "reintegration", "entered_at": ago(days)})
    story.process = msgspec.structs.replace(story.process, opened_at=ago(days), entered_at=ago(days))
    return story


def test_a_concern_is_resolved_only_by_a_later_safe_visit() -> None:
    story = returned(record(Monitoring, 5))
    assert story.happens("signed:F15") == "monitoring"
    story.goes_on(of=(record(Monitoring, 5), record(Monitoring, 0, **WORRY)))
    assert story.happens("signed:F15") == "concern_raised"
    assert Due("monitoring_concern", "monitoring_concern_days") in story.effects
    assert story.asks("resolve") == {"concern_resolved"}
    assert story.asks("escalate", "social_worker_on_duty") == "escalated"
    assert story.asks("resolve") == {"concern_resolved"}
    later = NOW + timedelta(days=1)
    story.goes_on(now=later, of=(record(Monitoring, 0, **WORRY), record(Monitoring, header={"dated": later})))
    assert story.asks("resolve") == "monitoring"
    assert Done("monitoring_concern") in story.effects


def test_the_last_look_waits_for_every_visit_and_what_they_found() -> None:
    made = [record(Monitoring, 190 - day) for day in VISITS[:-1]]
    story = returned(*made)
    assert story.happens("signed:F15") == "monitoring"
    assert story.asks("begin_final_review") == {"monitoring_visits_done", "school_and_health_settled"}
    story.goes_on(of=(*made, record(Monitoring, 10, **SETTLED)))
    assert story.happens("signed:F15") == "final_review"
    assert story.asks("complete", "social_worker") == {"role_not_allowed"}
    assert story.asks("complete", "system") == "completed"


def test_a_concern_in_the_last_look_takes_it_back() -> None:
    made = tuple(record(Monitoring, 190 - day, **SETTLED) for day in VISITS)
    story = returned(*made)
    story.happens("signed:F15")
    assert story.happens("signed:F15") == "final_review"
    story.goes_on(of=(*made, record(Monitoring, 0, safety="unclear", **WORRY)))
    assert story.happens("signed:F15") == "concern_raised"


CERTIFICATE, CARD = document("birth_certificate"), document("family_card")
APPLIED = (document("birth_certificate_application"), document("family_card_application"))


def test_papers_are_applied_for_issued_and_compared() -> None:
    story = Story("identity_document")
    assert story.asks("record_application") == {"identity_documents_known_or_applied"}
    assert story.wakes("chase") == ago(60) + timedelta(days=90)
    assert story.asks("chase", "clock") == "missing"
    assert story.effects == (Due("identity_documents", "identity_document_days"),)
    story.goes_on(now=NOW + timedelta(days=30))
    assert story.wakes("chase") == ago(60) + timedelta(days=120)
    story.goes_on(documents=APPLIED)
    assert story.asks("record_application", "lksa_head") == "applied"
    story.goes_on(documents=(CERTIFICATE, msgspec.structs.replace(CARD, compared_by=None)))
    assert story.happens("compared:document") == "applied"
    assert story.asks("record_issued") == "issued"
    assert story.asks("verify") == {"papers_compared"}
    story.goes_on(documents=(CERTIFICATE, CARD))
    assert story.happens("compared:document") == "verified"


def test_a_dispute_is_settled_by_somebody_else() -> None:
    story = Story("identity_document", documents=(CERTIFICATE, CARD))
    assert story.happens("compared:document") == "verified"
    assert story.asks("dispute", "supervisor", person=SUPERVISOR) == "disputed"
    assert story.asks("settle_dispute", "supervisor", person=SUPERVISOR) == {"settled_by_another"}
    assert story.asks("settle_dispute", "supervisor", person=COLLEAGUE) == "issued"


@pytest.mark.parametrize("name", ["identity_document", "periodic_review", "reintegration", "reunification", "referral"])
def test_whatever_goes_on_ends_with_the_case(name: str) -> None:
    machine = newest_machines()[name]
    taken_on = {"accepted", "in_service", "completed"} if name == "referral" else set[str]()
    for state in machine.states:
        if machine.triggers_from(state) and state not in taken_on:
            assert Story(name, state=state).asks("end", "system") in {"ended", "cancelled"}
