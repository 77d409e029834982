"""What makes each guard true: for every refusal code, the steps that people take. Time first, then papers, then what must be of today."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from casework.errors import Refusal
from casework.machines.facts import WITA, Subject
from casework.machines.guards.evidence import PROPOSED
from casework.machines.guards.hosts import EMERGENCY, RETURNS
from casework.services import cases, processes, registers
from casework.services.processes import AdvanceHost, AdvanceStaff
from tests.cells import personal
from tests.journeys.walk.finishing import (
    advance_process,
    close_incidents,
    file_incident,
    find_the_child,
    finish_before_the_end,
    finish_what_is_open,
    plan_adult_life,
    process_of,
    report_missing,
    report_the_death,
    tell_the_police,
)
from tests.journeys.walk.town import GO_LIVE, PARAMS, Journey
from tests.journeys.walk.waits import (
    DAY,
    search_for_a_year,
    trace_the_family,
    wait_for_aftercare,
    wait_for_monitoring,
    wait_for_pre_adoption,
    wait_for_the_birthday,
    wait_for_the_trial,
)

RUNG_OF = {"kin": "kin", "foster": "foster", "guardian": "guardianship", "pre_adoption": "adoption"}
RUNGS = ("nuclear", "kin", "foster", "guardianship", "adoption")
ACTIVE_BY = {"registered": "activate", "restricted": "lift", "suspended": "reinstate", "expired": "renew"}
"""How a house that is not active becomes so."""
CLEARED_BY = {"pending": "clear", "expiring": "clear", "expired": "clear", "suspended": "reinstate"}
HEADS = {"harapan": "halimah", "nur": "fauzan"}


def assign(walk: Journey, _trigger: str, _subject: Subject) -> None:
    sari = walk.town.cast.people["sari"].person
    cases.assign_case(walk.store, walk.call("bambang"), cases.AssignCase(case=walk.case, person=sari, reason="Hanya ada satu pekerja."))


def search_for_duplicates(walk: Journey, _trigger: str, _subject: Subject) -> None:
    walk.file("F01")


def say_why_it_is_void(walk: Journey, _trigger: str, _subject: Subject) -> None:
    walk.file("F01", void_reason="entered_in_error")


def report_a_new_concern(walk: Journey, _trigger: str, _subject: Subject) -> None:
    walk.file("F01", linked_closed_case=walk.case)


def write_down_who_the_child_is(walk: Journey, _trigger: str, _subject: Subject) -> None:
    walk.file("F02")


def prove_the_residence(walk: Journey, _trigger: str, subject: Subject) -> None:
    """When the census is over, only a breach opens the register again."""
    if walk.at.astimezone(WITA).date() > GO_LIVE + PARAMS.census_window_days * DAY:
        file_incident(walk, type="unlicensed_care")
    before = datetime.fromisoformat(walk.row["opened_at"]).astimezone(WITA).date()
    proofs = [
        {"kind": kind, "dated": (before - days * DAY).isoformat(), "attachment": "lampiran"}
        for kind, days in (("lksa_register", 400), ("school", 380))
    ]
    walk.file("F25", host=subject.host, since=(before - 400 * DAY).isoformat(), proofs=proofs)


def consent_to_assessment(walk: Journey, _trigger: str, _subject: Subject) -> None:
    walk.file("F22")


def consent_to_adoption(walk: Journey, _trigger: str, _subject: Subject) -> None:
    walk.file("F22", purposes=["adoption"])


def screen(walk: Journey, trigger: str, _subject: Subject) -> None:
    """See the child alone and screen it: during a trial, on a visit."""
    if trigger == "confirm_return_home":
        walk.file("F15")
    else:
        walk.file("F03", recommendation="no_action")


def assess(walk: Journey, _trigger: str, _subject: Subject) -> None:
    walk.countersign(walk.file("F04", parental_capacity="safe"))


def hear_the_child(walk: Journey, trigger: str, subject: Subject) -> None:
    """On the option proposed and every other, whoever would be the carer."""
    options = ("family", "kin", "foster", "guardianship", "adoption", "institution", "emergency", "trial_home", "closure")
    views = [{"option": option, "view": "setuju", "agrees": "yes"} for option in options]
    if subject.carer:
        views.append({"option": PROPOSED[trigger], "view": "setuju", "agrees": "yes", "candidate": subject.carer})
    walk.file("F06", options=views, consents="yes")


def hold_a_conference(walk: Journey, trigger: str, _subject: Subject) -> None:
    walk.file("F07", proposed=PROPOSED.get(trigger, "family"))


def plan(walk: Journey, trigger: str, subject: Subject) -> None:
    """For this form of care and this carer; countersigned where the row needs an approved plan."""
    made = walk.file("F08", setting=PROPOSED.get(trigger, "institution"), carer=subject.carer)
    walk.countersign(made)


def plan_the_way_out(walk: Journey, _trigger: str, _subject: Subject) -> None:
    walk.file("F08", kind="emergency")


def plan_the_return(walk: Journey, _trigger: str, _subject: Subject) -> None:
    walk.file("F08", kind="reintegration")


def agree_with_the_family(walk: Journey, _trigger: str, _subject: Subject) -> None:
    parties = [{"role": role, "name": role} for role in ("child", "parent", "dinas")]
    walk.file("F10", kind="family", parties=parties)


def agree_with_the_carer(walk: Journey, _trigger: str, subject: Subject) -> None:
    walk.file("F10", carer=subject.carer)


def obtain_the_statement(walk: Journey, _trigger: str, subject: Subject) -> None:
    walk.file("F09", carer=subject.carer)


def rule_out(rungs: tuple[str, ...]) -> Callable[[Journey, str, Subject], None]:
    """Return the steps that rule some rungs out: a verified sheet for every candidate known."""

    def steps(walk: Journey, _trigger: str, _subject: Subject) -> None:
        for rung in rungs:
            for candidate in _candidates(walk, rung):
                more = {"kin_list_complete_signed_by": "village"} if rung == "kin" else {}
                walk.verify(walk.file("F05", rung=rung, candidate=candidate, **more))

    return steps


def _candidates(walk: Journey, rung: str) -> tuple[str, ...]:
    """Whoever must have a sheet: the listed kin, the present carer on its rung, whoever had a sheet before, or the rung as a whole."""
    live = walk.placement
    known = dict.fromkeys(walk.relatives if rung == "kin" else ())
    if live is not None and RUNG_OF.get(live["kind"]) == rung:
        known[live["host_id"] or live["relative_id"]] = None
    of_round = "case_id = ? AND round = ? AND form = 'F05'"
    filed = personal(walk.rows, "record", "body", where=of_round, values=(walk.case, walk.row["round"]))
    sheets = [msgspec.json.decode(body) for (body,) in filed]
    known |= dict.fromkeys(sorted({sheet.get("candidate") or "" for sheet in sheets if sheet.get("rung") == rung}))
    return tuple(known) or ("",)


def find_the_relative_suitable(walk: Journey, _trigger: str, subject: Subject) -> None:
    walk.file("F05", rung="kin", candidate=subject.relative, status="suitable")


def verify_the_carer(walk: Journey, trigger: str, subject: Subject) -> None:
    kinds = {"record_guardianship": "guardian", "start_pre_adoption_care": "cota"}
    rank = {"rank": "relative"} if subject.relative else {"preference_order": _passed_over()}
    walk.file("F19", kind=kinds.get(trigger, "foster"), candidate=subject.carer, **rank)


def _passed_over() -> list[dict[str, str]]:
    return [{"rank": rank, "because": "absent", "reason": "sudah dicari"} for rank in ("family", "relative")]


def attach(*kinds: str) -> Callable[[Journey, str, Subject], None]:
    """Return the steps that bring papers: entered by the worker, compared by a colleague."""

    def steps(walk: Journey, _trigger: str, _subject: Subject) -> None:
        for kind in kinds:
            walk.attach(kind)

    return steps


def bring_the_order(walk: Journey, trigger: str, _subject: Subject) -> None:
    walk.attach("adoption_order" if trigger == "finalise_adoption" else "guardianship_order")


def make_it_permanent(walk: Journey, _trigger: str, _subject: Subject) -> None:
    """By a court for a guardian, by agreement and the decision of Dinas for kin."""
    if walk.row["state"] == "guardianship":
        walk.attach("guardianship_order")
    else:
        walk.file("F10", kind="permanent", carer=walk.carer)
        walk.attach("dinas_permanence_decision")


def renew_the_host(walk: Journey, trigger: str, subject: Subject) -> None:
    """Bring the register of the host named, or held, up to date, and finish the examination of incidents about it."""
    if trigger in RETURNS or any(said.get("subject_household") == subject.host for said in walk.incidents.values()):
        close_incidents(walk)
    host = subject.host or walk.carer
    if host not in walk.town.hosts.values():
        return
    today = walk.at.astimezone(WITA).date()
    later = (today + 900 * DAY).isoformat()
    before = today.isoformat()
    change = registers.ChangeHost(host=host, policy_dated=before, licence_until=later, accredited_until=later)
    registers.change_host(walk.store, walk.call("yusuf"), change)
    for entry in walk.rows("SELECT id, status FROM staff WHERE host_id = ? AND status NOT IN ('left', 'barred')", host):
        ask = registers.ChangeStaff(staff=entry["id"], police_record_on=before, code_signed_on=before)
        registers.change_staff(walk.store, walk.call("bambang"), ask)
        if clear := CLEARED_BY.get(entry["status"]):
            processes.advance_staff(walk.store, walk.call("yusuf"), AdvanceStaff(host=host, staff=entry["id"], trigger=clear))
    if restore := ACTIVE_BY.get(walk.rows("SELECT status FROM host WHERE id = ?", host)[0]["status"]):
        processes.advance_host(walk.store, walk.call("yusuf"), AdvanceHost(host=host, trigger=restore))


def ask_the_host(walk: Journey, _trigger: str, subject: Subject) -> None:
    registers.offer_child(walk.store, walk.call("sari"), registers.OfferChild(case=walk.case, host=subject.host))
    head = next(key for host, key in HEADS.items() if walk.town.hosts[host] == subject.host)
    answer = registers.AnswerOffer(case=walk.case, host=subject.host, accepted=True)
    registers.answer_offer(walk.store, walk.call(head), answer)


def lose_the_host(walk: Journey, _trigger: str, _subject: Subject) -> None:
    """It is suspended, or, in every other case, an incident says that it is gone."""
    if len(walk.incidents) % 2:
        processes.advance_host(walk.store, walk.call("yusuf"), AdvanceHost(host=walk.carer, trigger="suspend"))
    else:
        file_incident(walk, type="host_lost", subject_household=walk.carer)


def review(walk: Journey, _trigger: str, _subject: Subject) -> None:
    walk.countersign(walk.file("F16"))


def hand_over(walk: Journey, _trigger: str, subject: Subject) -> None:
    walk.file("F12", giver=walk.carer, receiver=subject.carer or subject.receiver or "home")


def be_ready(walk: Journey, _trigger: str, _subject: Subject) -> None:
    walk.file("F14")


def fail_the_trial(walk: Journey, _trigger: str, _subject: Subject) -> None:
    walk.file("F14", decision="trial", trial_result="failed", trial_failed_because="kekerasan berulang")


def refer(walk: Journey, _trigger: str, subject: Subject) -> None:
    """Ask in writing, with the consent and, to the province, the letter of the head; the answer is written down and verified."""
    walk.file("F22", purposes=["sharing"])
    walk.attach("dinas_head_letter")
    asked = walk.file("F13", receiver=subject.receiver)
    advance_process(walk, process_of(walk, asked), "send", "sari")
    acceptance = {"name": "Dinas penerima", "on": walk.at.astimezone(WITA).date().isoformat(), "terms": "menerima"}
    walk.verify(walk.file("F13", supersedes=asked, receiver=subject.receiver, acceptance=acceptance))


def notify(walk: Journey, _trigger: str, _subject: Subject) -> None:
    today = walk.at.astimezone(WITA).date().isoformat()
    told = [{"body": body, "on": today, "reference": "001/CONTOH"} for body in ("police", "village", "civil_registry")]
    walk.file("F13", notified=told)


def interview(walk: Journey, _trigger: str, _subject: Subject) -> None:
    walk.file("F06", kind="return")


def write_the_emergency_sheet(walk: Journey, _trigger: str, subject: Subject) -> None:
    """Of today, naming the host, with the calls to kin, and why the present place or only an LKSA."""
    walk.file("F23", host=subject.host, lksa_because="tidak ada tempat lain", unsuitable_because="terlalu jauh dari sekolah")


Remedy = Callable[[Journey, str, Subject], None]
REMEDIES: tuple[tuple[Remedy, tuple[str, ...]], ...] = (
    (wait_for_the_birthday, ("age_18_or_over",)),
    (wait_for_the_trial, ("trial_min_days", "trial_visits_done")),
    (wait_for_monitoring, ("monitoring_min_days", "monitoring_visits_done")),
    (wait_for_pre_adoption, ("pre_adoption_180_days", "two_social_reports")),
    (wait_for_aftercare, ("aftercare_min_days",)),
    (search_for_a_year, ("missing_365_days",)),
    (trace_the_family, ("family_untraceable",)),
    (assign, ("case_assigned",)),
    (search_for_duplicates, ("duplicate_check_done",)),
    (say_why_it_is_void, ("void_reason_recorded",)),
    (report_a_new_concern, ("new_concern_recorded",)),
    (write_down_who_the_child_is, ("personal_data_recorded", "identity_documents_known_or_applied")),
    (prove_the_residence, ("existing_residence_proven",)),
    (consent_to_assessment, ("consent_or_legal_basis",)),
    (consent_to_adoption, ("parental_consent_or_court",)),
    (find_the_child, ("child_found", "previous_setting_safe")),
    (tell_the_police, ("police_report_attached",)),
    (report_missing, ("last_seen_recorded",)),
    (report_the_death, ("incident_opened",)),
    (interview, ("return_interview_done",)),
    (
        screen,
        (
            "initial_assessment_signed", "no_protection_concern", "safety_screen_done", "danger_not_confirmed", "present_place_safe",
            "child_seen_alone", "change_of_circumstances_recorded", "nuclear_family_safe",
        ),
    ),
    (assess, ("comprehensive_assessment_complete", "comprehensive_assessment_approved")),
    (rule_out(("nuclear",)), ("nuclear_ruled_out", "parents_absent_or_unable")),
    (rule_out(("kin",)), ("kin_ruled_out",)),
    (rule_out(RUNGS), ("all_family_options_ruled_out",)),
    (find_the_relative_suitable, ("kin_assessed_suitable",)),
    (
        verify_the_carer,
        (
            "foster_parent_cleared", "guardian_cleared", "adopter_cleared", "guardian_is_natural_person", "same_religion",
            "guardian_preference_order_followed",
        ),
    ),
    (bring_the_order, ("court_order_attached",)),
    (attach("temporary_care_permit"), ("temporary_care_permit_attached",)),
    (attach("adoption_permit"), ("adoption_permit_attached",)),
    (attach("village_statement"), ("death_certificate_attached",)),
    (make_it_permanent, ("legal_permanence_recorded",)),
    (hear_the_child, ("child_view_recorded", "child_consent_if_capable")),
    (hold_a_conference, ("case_conference_held",)),
    (plan, ("care_plan_approved", "support_package_recorded", "sibling_unity_considered", "reason_not_poverty_alone")),
    (plan_the_way_out, ("exit_plan_recorded",)),
    (plan_the_return, ("reintegration_plan_signed",)),
    (agree_with_the_family, ("family_agreement_signed",)),
    (agree_with_the_carer, ("care_agreement_signed",)),
    (obtain_the_statement, ("statement_letter_signed", "parent_consent_or_court_or_dinas")),
    (lose_the_host, ("host_lost",)),
    (renew_the_host, ("host_eligible",)),
    (ask_the_host, ("host_accepts",)),
    (review, ("review_fresh_90_days",)),
    (be_ready, ("reunification_ready", "reunification_plan_signed")),
    (fail_the_trial, ("trial_failure_recorded",)),
    (refer, ("referral_accepted_by_receiver", "onward_placement_lawful")),
    (notify, ("authorities_notified",)),
    (hand_over, ("handover_minutes_signed",)),
    (finish_what_is_open, ("closure_criteria_met",)),
    (finish_before_the_end, ("open_business",)),
    (plan_adult_life, ("aftercare_plan_signed", "adult_service_offered", "identity_documents_handed_over")),
    (write_the_emergency_sheet, ("immediate_danger_recorded", "kin_contact_attempted", "emergency_host_unsuitable")),
)  # fmt: skip
"""In the order in which people do them: each line makes its guards true."""
HISTORY = frozenset(
    {
        "capacity_available", "child_not_returning_from_placement", "child_under_18", "closure_reason_reopenable",
        "emergency_extension_unused", "emergency_within_72h", "entered_from_home", "missing_within_30_days",
        "no_active_placement_overlap", "no_open_safeguarding_incident_against_home", "placement_ended", "placement_reserved",
        "receiver_is_authority", "religion_compatible",
    }
)  # fmt: skip
"""Guards that history or the choice of carer decides: a walk that meets one of them refused has chosen wrongly, and fails."""


def remedy(walk: Journey, refusal: Refusal, trigger: str, subject: Subject) -> None:
    """Do what the refusal asks for, all of it, each thing once: one refusal names everything that is missing."""
    emergency = trigger in EMERGENCY
    if emergency and "host_eligible" in refusal.codes and walk.rows("SELECT 1 FROM host WHERE id = ? AND status <> 'active'", subject.host):
        renew_the_host(walk, trigger, subject)
    wanted = [steps for steps, codes in REMEDIES if refusal.codes & {*codes}]
    for steps in dict.fromkeys(write_the_emergency_sheet if emergency and steps is renew_the_host else steps for steps in wanted):
        steps(walk, trigger, subject)
