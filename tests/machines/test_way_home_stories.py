"""Stories of the way home and of a child's papers, decided on real facts: reunification, reintegration, identity documents."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from casework.machines.book import newest_machines
from casework.machines.effects import Done, Due
from casework.machines.facts import Filed
from casework.machines.forms import (
    Attempt,
    Monitoring,
    Reunification,
)
from tests.machines.builders import (
    COLLEAGUE,
    SUPERVISOR,
    WORKER,
    ago,
    document,
    on,
    record,
)
from tests.machines.process_story import Story
from tests.machines.samples import NOW

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
