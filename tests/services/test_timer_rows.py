"""Every task that a row asks for: after which span, by which steps, and on whose lists it stands once it is late (DOMAIN 7.11).

`ASKS` is kept by hand, with the numbers of the domain: whoever changes a deadline changes both. One database for all of them, of SQLite:
what is asked is the same on every engine, and what a store keeps is tested where it is kept.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
import pytest

from casework.machines.book import newest_machines
from casework.machines.clocks import months_after, workdays_after
from casework.machines.effects import Due, EachChild, Effect, Since, When
from casework.machines.facts import WITA
from casework.machines.settling import RESERVED
from casework.services.network import Consequences
from casework.services.work import my_work
from casework.store import cases, journal
from casework.store.call import Call
from casework.store.facts import read_snapshot
from casework.store.instants import from_text
from casework.store.unit import Unit
from tests.databases import Databases
from tests.services.story import PARAMS, Story, beginnings_on, open_store


class Asks(NamedTuple):
    """A task, the parameter and span after which it is due, the steps that ask for it, and where: if a condition holds, of `each` child."""

    parameter: str
    span: str
    task: str
    machine: str
    steps: str
    where: str = ""
    since: Since = ""
    each: bool = False


JOURNEY, ENTERED = "care_journey", "admit_to_institution change_institution"
EMERGENCY = "place_in_emergency emergency_after_missing reopen_in_emergency"
CROWDED = f"{EMERGENCY} change_emergency_host"
FAMILY = "place_with_kin place_with_foster_family record_guardianship start_pre_adoption_care change_foster_family change_kin_family"
PLACED = f"{EMERGENCY} {FAMILY} {ENTERED}"
LIVES = f"{PLACED} register_existing_resident"
SEEN = f"{LIVES} support_family confirm_return_home"
BACK = "resume_previous_placement resume_after_missing"
LOST = "suspend revoke expire"
ASKS = (
    Asks("assess_high_hours", "24 hours", "initial_assessment", JOURNEY, "reopen", "reported_in_danger"),
    Asks("assess_medium_days", "3 days", "initial_assessment", JOURNEY, "reopen assess_after_missing"),
    Asks("assess_low_days", "7 days", "initial_assessment", JOURNEY, "end_emergency"),
    Asks("comprehensive_days", "14 days", "comprehensive_assessment", JOURNEY, "begin_comprehensive_assessment reassess"),
    Asks("plan_days", "14 days", "plan", JOURNEY, f"begin_planning {EMERGENCY}"),
    Asks("emergency_max_days", "14 days", "emergency_exit", JOURNEY, EMERGENCY),
    Asks("emergency_extension_days", "14 days", "emergency_exit", JOURNEY, "extend_emergency"),
    Asks("emergency_breach_days", "28 days", "emergency_limit", JOURNEY, EMERGENCY, since="emergency"),
    Asks("emergency_breach_days", "28 days", "emergency_limit", JOURNEY, BACK, "held_in_emergency_care", "emergency"),
    Asks("emergency_checks_waived_hours", "72 hours", "emergency_capacity", JOURNEY, CROWDED, "host_over_capacity"),
    Asks("contact_high_days", "7 days", "contact", JOURNEY, SEEN, "at_high_risk"),
    Asks("contact_medium_days", "14 days", "contact", JOURNEY, SEEN, "at_medium_risk"),
    Asks("contact_vulnerable_days", "14 days", "contact", JOURNEY, SEEN, "especially_vulnerable"),
    Asks("contact_low_days", "30 days", "contact", JOURNEY, SEEN),
    Asks("first_visit_hours", "72 hours", "first_visit", JOURNEY, f"{PLACED} change_emergency_host"),
    Asks("first_visit_hours", "72 hours", "initial_assessment", JOURNEY, EMERGENCY),
    Asks("inform_dinas_hours", "24 hours", "inform_dinas", JOURNEY, EMERGENCY),
    Asks("inform_parents_hours", "24 hours", "inform_parents", JOURNEY, EMERGENCY),
    Asks("emergency_look_days", "7 days", "emergency_again", JOURNEY, EMERGENCY, "emergency_before"),
    Asks("review_first_days", "30 days", "review", JOURNEY, LIVES),
    Asks("review_first_days", "30 days", "contact_plan", JOURNEY, ENTERED),
    Asks("review_first_days", "30 days", "renew_options", JOURNEY, BACK, "placement_reserved"),
    Asks("review_resumed_days", "7 days", "review", JOURNEY, BACK, "placement_reserved"),
    Asks("child_view_hours", "72 hours", "child_view", JOURNEY, f"{EMERGENCY} {BACK}"),
    Asks("monthly_report_days", "30 days", "monthly_report", JOURNEY, f"{ENTERED} register_existing_resident"),
    Asks("monthly_report_days", "30 days", "monthly_report", JOURNEY, BACK, "held_in_an_institution"),
    Asks("dinas_report_days", "183 days", "dinas_report", JOURNEY, f"{ENTERED} register_existing_resident"),
    Asks("moves_look_days", "7 days", "frequent_moves", JOURNEY, f"{LIVES} change_emergency_host relocate_from_lost_host", "moved_often"),
    Asks("permanency_days", "365 days", "permanency_decision", JOURNEY, ENTERED, since="institution"),
    Asks("permanency_second_days", "548 days", "permanency_review_18", JOURNEY, ENTERED, since="institution"),
    Asks("permanency_third_days", "730 days", "permanency_review_24", JOURNEY, ENTERED, since="institution"),
    Asks("leaving_plan_months", "204 months", "leaving_care_plan", JOURNEY, LIVES, since="birth"),
    Asks("leaving_plan_final_months", "210 months", "leaving_care_final", JOURNEY, LIVES, since="birth"),
    Asks("adult_exit_days", "60 days", "exit_after_18", JOURNEY, LIVES, since="adult"),
    Asks(
        "birth_registration_days",
        "60 days",
        "birth_registration",
        JOURNEY,
        f"start_assessment register_existing_resident {EMERGENCY}",
        "birth_to_be_registered",
        "birth",
    ),
    Asks("trial_max_days", "60 days", "trial_decision", JOURNEY, "begin_trial_home_stay trial_after_missing"),
    Asks("monitoring_visit_days", "3 14 30 60 90 180 270 365 days", "monitoring_visit", JOURNEY, "support_family confirm_return_home"),
    Asks("aftercare_min_days", "180 days", "aftercare_decision", JOURNEY, "leave_care"),
    Asks("missing_hold_days", "30 days", "missing_hold", JOURNEY, "report_missing"),
    Asks("return_interview_hours", "72 hours", "return_interview", JOURNEY, "emergency_after_missing", "return_interview_outstanding"),
    Asks("legacy_assess_urgent_days", "30 days", "legacy_assessment", JOURNEY, "register_existing_resident", "resident_assessed_first"),
    Asks(
        *("legacy_assess_parent_days", "90 days", "legacy_assessment", JOURNEY, "register_existing_resident"),
        where="resident_may_have_a_living_parent",
    ),
    Asks("legacy_assess_days", "180 days", "legacy_assessment", JOURNEY, "register_existing_resident"),
    Asks("legacy_decide_days", "365 days", "legacy_decision", JOURNEY, "register_existing_resident"),
    Asks("admission_minutes_hours", "24 hours", "admission_minutes", JOURNEY, ENTERED),
    Asks("identity_document_days", "30 days", "birth_date", JOURNEY, LIVES, "birth_unknown"),
    Asks("identity_document_days", "30 days", "identity_documents", JOURNEY, ENTERED),
    Asks("identity_document_days", "30 days", "identity_documents", "identity_document", "chase"),
    Asks("identity_document_days", "30 days", "death_certificate", JOURNEY, "record_death"),
    Asks("host_relocation_days", "30 days", "renew_options", JOURNEY, "relocate_from_lost_host"),
    Asks("host_relocation_days", "30 days", "review", JOURNEY, "relocate_from_lost_host"),
    Asks("host_relocation_days", "30 days", "relocation_plan", "host", LOST, each=True),
    Asks("host_review_days", "7 days", "review", "host", LOST, each=True),
    Asks("support_delivery_days", "14 days", "support_delivery", "family_support", "open"),
    Asks("support_evaluation_days", "30 days", "support_evaluation", "family_support", "complete_delivery"),
    Asks("support_evaluation_max_days", "90 days", "support_evaluation", "family_support", "begin_preventive_delivery begin_delivery"),
    Asks("incident_triage_danger_hours", "4 hours", "triage", "incident", "open", "child_in_danger"),
    Asks("incident_triage_hours", "24 hours", "triage", "incident", "open"),
    Asks("incident_dinas_hours", "24 hours", "inform_dinas", "incident", "open"),
    Asks("incident_police_hours", "24 hours", "inform_police", "incident", "open", "police_must_know"),
    Asks("death_head_hours", "24 hours", "inform_head", "incident", "open", "death"),
    Asks("incident_child_seen_hours", "24 hours", "child_seen", "incident", "open", "child_lives"),
    Asks("incident_review_days", "7 days", "review", "incident", "open", "harm_in_a_house", each=True),
    Asks("incident_plan_days", "3 days", "investigation_plan", "incident", "investigate"),
    Asks("incident_finding_days", "30 days", "finding", "incident", "investigate"),
    Asks("review_record_workdays", "14 workdays", "review_record", "periodic_review", "begin submit"),
    Asks("review_under_three_days", "30 days", "review", "periodic_review", "endorse", "next_review_of_a_little_one"),
    Asks("review_foster_days", "30 days", "review", "periodic_review", "endorse", "next_review_of_a_new_foster_family"),
    Asks("review_interval_days", "90 days", "review", "periodic_review", "endorse", "next_review_as_usual"),
    Asks("review_interval_days", "90 days", "review", JOURNEY, "support_family"),
    Asks("review_change_days", "7 days", "review", "periodic_review", "bring_forward_on_concern"),
    Asks("review_change_days", "7 days", "review", "periodic_review", "endorse", "next_review_after_a_concern"),
    Asks("review_ending_days", "7 days", "review", "periodic_review", "bring_forward_before_transfer bring_forward_before_the_end"),
    Asks("review_ending_days", "7 days", "review", "reintegration", "begin_final_review", "not_reviewed_of_late"),
    Asks("review_return_days", "14 days", "review", "reunification", "declare_ready", "placed_and_not_reviewed_of_late"),
    Asks("leave_max_days", "30 days", "leave_return", "placement", "go_on_leave"),
    Asks("leave_respite_days", "14 days", "leave_return", "placement", "go_on_respite"),
    Asks("review_disrupted_days", "7 days", "review", "placement", "disrupt"),
    Asks("referral_normal_workdays", "3 workdays", "referral_reply", "referral", "send"),
    Asks("referral_urgent_hours", "24 hours", "referral_reply", "referral", "send", "referral_is_urgent"),
    Asks("referral_retarget_days", "7 days", "new_referral_target", "referral", "fall_silent decline"),
    Asks("monitoring_concern_days", "7 days", "monitoring_concern", "reintegration", "raise_concern"),
    Asks("tracing_window_days", "14 days", "family_tracing", "reunification", "trace_again"),
)


def test_rows_ask_for_these_tasks_after_these_parameters_and_for_no_other() -> None:
    kept = {(one.machine, step, one.where, one.parameter, one.task, one.since, one.each) for one in ASKS for step in one.steps.split()}
    found = [row for name in newest_machines() for row in declared(name)]
    assert {*found} == kept
    assert len(found) == len(kept)


def declared(name: str) -> Iterator[tuple[str, str, str, str, str, str, bool]]:
    definition = newest_machines()[name].definition
    for step, effects in (("open", definition.opening), *((row.trigger, row.effects) for row in definition.transitions)):
        for where, effect in conditions(effects):
            if isinstance(effect, Due | EachChild):
                due = effect.due if isinstance(effect, EachChild) else effect
                yield name, step, where, due.within, due.task, due.since, isinstance(effect, EachChild)


def conditions(effects: tuple[Effect, ...]) -> Iterator[tuple[str, Effect]]:
    for effect in effects:
        if isinstance(effect, When):
            yield from ((effect.condition, inner) for inner in effect.effects)
        else:
            yield "", effect


@pytest.fixture(scope="module")
def story(homes: Callable[[str], Databases]) -> Iterator[Story]:
    """A case that was registered and assigned."""
    story = beginnings_on(homes("sqlite")).story("reported")
    yield story
    story.close()


def birth(unit: Unit, wanted: Asks) -> datetime:
    """Return the morning ten days ago, and 16 years before that where the end of childhood is what is counted to."""
    morning = (unit.call.at - timedelta(days=10)).astimezone(WITA).replace(hour=0, minute=0, second=0, microsecond=0)
    return morning if wanted.task == "birth_registration" else morning.replace(year=morning.year - 16)


def ask(unit: Unit, story: Story, wanted: Asks) -> tuple[Consequences, list[datetime]]:
    """Let nothing else be asked, carry out what the row declares, and return when its tasks are due."""
    case = cases.get_case(unit, story.case)
    seen = read_snapshot(unit, case).facts
    child = msgspec.structs.replace(seen.child, born=birth(unit, wanted).date(), born_precision="day")
    brought = Consequences(unit, case, facts=msgspec.structs.replace(seen, child=child))
    brought.settle_all("replaced", but="")
    brought.carry_out((Due(wanted.task, wanted.parameter, since=wanted.since),), None)
    return brought, [task.due_at for task in brought.agenda.open]


def expected(unit: Unit, wanted: Asks, more: int = 0) -> list[datetime]:
    """Return what the span in words means, with so many more of its unit: from now, from the birth, or from the 18th birthday."""
    *numbers, counted = wanted.span.split()
    born = birth(unit, wanted)
    began = {"birth": born, "adult": born.replace(year=born.year + 18)}.get(wanted.since, unit.call.at)
    return [after(unit, began, int(many) + more, counted) for many in numbers]


def after(unit: Unit, began: datetime, many: int, counted: str) -> datetime:
    if counted == "workdays":
        return workdays_after(began, many, unit.days_off)
    return months_after(began, many) if counted == "months" else began + timedelta(**{counted: many})


@pytest.mark.parametrize("wanted", ASKS, ids=lambda wanted: f"{wanted.parameter}-{wanted.machine}-{wanted.task}-{wanted.where}")
def test_a_row_asks_for_its_task_after_its_span_and_late_it_stands_on_the_lists_of_worker_supervisor_and_head(
    story: Story, wanted: Asks
) -> None:
    with story.store.write(story.call("bambang")) as unit:
        brought, due = ask(unit, story, wanted)
        assert due == expected(unit, wanted)
        journal.append(unit, brought.agenda.case, "task_due", "system", effects=tuple(brought.words))
        unit.commit()
    held = story.rows("SELECT id, kind, due_at FROM task WHERE settled_at IS NULL ORDER BY due_at")
    assert {(row["kind"], from_text(row["due_at"])) for row in held} == {(wanted.task, moment) for moment in due}
    for seconds, late in ((0, False), (1, True)):
        moment = from_text(held[0]["due_at"]) + timedelta(seconds=seconds)
        shown = {by: my_work(story.store, Call(who=story.who(by), at=moment)) for by in ("sari", "bambang", "yusuf")}
        told = {by for by, page in shown.items() if any(one.id == held[0]["id"] and one.group == "overdue" for one in page)}
        assert told == (({"bambang", "yusuf"} | (set() if wanted.task in RESERVED else {"sari"})) if late else set())


@pytest.mark.parametrize("wanted", ASKS, ids=lambda wanted: f"{wanted.parameter}-{wanted.machine}-{wanted.task}-{wanted.where}")
def test_the_office_that_sets_another_number_is_asked_by_that_one(story: Story, wanted: Asks) -> None:
    usual: Any = getattr(PARAMS, wanted.parameter)
    other = tuple(one + 1 for one in usual) if isinstance(usual, tuple) else usual + 1
    store = open_store(story.database.target, msgspec.structs.replace(PARAMS, **{wanted.parameter: other}))
    with store.write(story.call("bambang")) as unit:
        assert ask(unit, story, wanted)[1] == expected(unit, wanted, more=1)
    store.close()
