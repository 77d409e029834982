"""Every number of the law and of the product's defaults, in one versioned place (DOMAIN 7.11).

Defaults stand here; `config/parameters.toml` may change them and is decoded strictly. A set of values has a digest; every event in the
journal names the digest in force. Names end in their unit: `_seconds`, `_minutes`, `_hours`, `_days` (calendar days, WITA), `_workdays`,
`_months`.
"""

import hashlib
from datetime import date
from typing import Annotated

import msgspec

from casework.errors import DefinitionError

Seconds = Annotated[int, msgspec.Meta(ge=1, le=3600)]
Minutes = Annotated[int, msgspec.Meta(ge=1, le=60)]
Hours = Annotated[int, msgspec.Meta(ge=1, le=24 * 366)]
Months = Annotated[int, msgspec.Meta(ge=1, le=12 * 25)]
Days = Annotated[int, msgspec.Meta(ge=1, le=3 * 366)]
Month = Annotated[int, msgspec.Meta(ge=1, le=30)]
Count = Annotated[int, msgspec.Meta(ge=1, le=100)]
Target = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class Parameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The parameters in force. The comment behind each is its key in DOMAIN 7.11 and its provenance."""

    proof_minutes: Minutes = 15  # DESIGN: how long a proof of who somebody is lasts for decisions
    glass_minutes: Minutes = 60  # TRUST 3: break-glass
    glass_review_workdays: Days = 3  # TRUST 3
    delegation_days: Month = 30  # TRUST 3: nobody stands in for another longer
    assess_high_hours: Hours = 24  # T01 DESIGN (BG-M)
    assess_medium_days: Days = 3  # T01
    assess_low_days: Days = 7  # T01
    comprehensive_days: Days = 14  # T02 DESIGN
    plan_days: Days = 14  # T03 DESIGN
    emergency_ratify_hours: Hours = 24  # T04 DESIGN
    emergency_max_days: Days = 14  # T05 DESIGN
    emergency_extension_days: Days = 14  # T05 DESIGN
    emergency_breach_days: Days = 28  # 2.3 DESIGN: no extension reaches beyond it
    emergency_checks_waived_hours: Hours = 72  # 7.1 Definitions DESIGN
    emergency_end_hours: Hours = 72  # 7.1 end_emergency DESIGN
    emergency_reset_days: Days = 90  # 7.1 Definitions DESIGN
    contact_high_days: Days = 7  # T07 MB SEEN
    contact_medium_days: Days = 14  # T07 MB SEEN
    contact_low_days: Days = 30  # T07 MB SEEN
    contact_vulnerable_days: Days = 14  # 2.7 MB SEEN: a vulnerable child, also at low risk
    first_visit_hours: Hours = 72  # T06 DESIGN
    inform_dinas_hours: Hours = 24  # 2.3 DESIGN
    inform_parents_hours: Hours = 24  # 7.1.3 DESIGN
    emergency_again_days: Days = 90  # 7.1.3 DESIGN: a second emergency within them, and the supervisor looks
    emergency_look_days: Days = 7  # 7.1.3 DESIGN
    review_first_days: Days = 30  # T08 UNG 67 BG-H
    review_interval_days: Days = 90  # T08
    review_under_three_days: Days = 30  # T08
    review_foster_days: Days = 30  # 2.7 DESIGN: in the first days of foster care
    foster_first_days: Days = 90  # 2.7 DESIGN
    review_resumed_days: Days = 7  # 7.1 side effects DESIGN
    review_disrupted_days: Days = 7  # 7.4 DESIGN
    review_fresh_days: Days = 90  # 2.8 DESIGN
    identity_review_days: Days = 7  # I9
    review_change_days: Days = 7  # 2.7 MB SEEN: an extra review on significant change; the number DESIGN
    review_ending_days: Days = 7  # 2.7 MB SEEN: before a transfer, a closure, and what ends a service; the number DESIGN
    review_return_days: Days = 14  # 2.7 MB SEEN: before the return home; the number that of the shortest trial
    review_recent_days: Days = 30  # 2.7 DESIGN: so soon after one was endorsed, an end or a return asks for no further review
    review_record_workdays: Days = 14  # T09 MB SEEN
    review_overdue_days: Days = 14  # 2.7, 7.7 DESIGN
    critical_review_restricts: bool = True  # 2.7 DESIGN
    review_critical_days: Days = 30  # 2.7, 7.7 DESIGN
    child_view_hours: Hours = 72  # 7.1 side effects, 7.1.3 DESIGN
    monthly_report_days: Days = 30  # 2.7 DESIGN: from the house, light or full
    dinas_report_days: Days = 183  # T11 DESIGN: every six months
    permanency_days: Days = 365  # T12 DESIGN
    permanency_second_days: Days = 548  # T12 DESIGN (BG-L): 18 months
    permanency_third_days: Days = 730  # T12 DESIGN (BG-L): 24 months
    leaving_plan_months: Months = 204  # T15 DESIGN: 17 years
    leaving_plan_final_months: Months = 210  # T15 DESIGN: 17 and a half years
    adult_exit_days: Days = 60  # T15 DESIGN
    birth_registration_days: Days = 60  # T24 ADM 27 SEEN-2
    trial_min_days: Days = 14  # T13 DESIGN
    trial_max_days: Days = 60  # T13 DESIGN
    trial_visits: Count = 2  # 2.10 DESIGN
    contact_visits: Count = 2  # 2.10, 7.5 DESIGN
    monitoring_visit_days: tuple[Days, ...] = (3, 14, 30, 60, 90, 180, 270, 365)  # T14 DESIGN; 30 d MB SEEN
    monitoring_reintegration_days: Days = 180  # T14, 2.11 DESIGN
    monitoring_long_days: Days = 365  # 2.11: after violence or more than 24 months in care
    monitoring_long_after_days: Days = 730  # 2.11: 24 months
    monitoring_family_days: Days = 90  # T31 DESIGN
    monitoring_concern_days: Days = 7  # 7.6 DESIGN
    monitoring_permanent_days: Days = 180  # T31 DESIGN
    aftercare_min_days: Days = 180  # T16 DESIGN
    pre_adoption_days: Days = 180  # T17 PP54 BG-H
    social_reports: Count = 2  # T17 SEEN-2
    support_delivery_days: Days = 14  # DESIGN: the first help has reached the family
    support_evaluation_days: Days = 30  # DESIGN: the result, once everything was delivered
    support_evaluation_max_days: Days = 90  # DESIGN, as T31: the result of help that goes on, since it first arrived
    referral_urgent_hours: Hours = 24  # T18 DESIGN
    referral_normal_workdays: Days = 3  # T18 DESIGN
    referral_retarget_days: Days = 7  # 7.3 DESIGN
    approval_urgent_hours: Hours = 24  # T19 DESIGN
    approval_normal_workdays: Days = 3  # T19 DESIGN
    approval_lapse_days: Days = 14  # T19 DESIGN
    approval_expiry_days: Days = 14  # 7.2 DESIGN
    breach_notice_hours: Hours = 72  # T22 PDP 46 SEEN-2
    data_request_hours: Hours = 72  # TRUST 6 UU 27/2022
    retention_years: Count = 10  # TRUST 6, UU 27/2022 44 DESIGN: after a case has ended
    incident_dinas_hours: Hours = 24  # T20 duty SEEN-2
    incident_police_hours: Hours = 24  # T21 duty SEEN-2
    death_head_hours: Hours = 24  # 2.12 DESIGN
    incident_triage_danger_hours: Hours = 4  # 7.8 DESIGN
    incident_triage_hours: Hours = 24  # 7.8 DESIGN
    incident_child_seen_hours: Hours = 24  # 7.8 DESIGN
    incident_plan_days: Days = 3  # 7.8 DESIGN
    incident_finding_days: Days = 30  # 7.8 DESIGN
    incident_review_days: Days = 7  # 7.8 DESIGN
    clearance_days: Days = 366  # S4 SKCK <= 12 months DESIGN
    clearance_warning_days: Days = 30  # T23, 7.9 DESIGN
    complaint_look_danger_hours: Hours = 4  # S3, as 7.8 triage DESIGN
    complaint_look_hours: Hours = 24  # S3, as 7.8 triage DESIGN
    complaint_answer_days: Days = 14  # S3 DESIGN
    paper_warning_days: tuple[Days, ...] = (90, 30, 7)  # T23 DESIGN
    performance_review_days: Days = 183  # T10 SNPA SEEN-2
    training_days: Days = 183  # S5 DESIGN
    performance_warning_days: Days = 30  # T10 DESIGN
    policy_days: Days = 366  # S2 DESIGN
    accreditation_waiver_days: Days = 366  # S11 DESIGN
    missing_hold_days: Days = 30  # T25 DESIGN
    missing_close_days: Days = 365  # close_long_missing DESIGN
    return_interview_hours: Hours = 72  # 2.12 DESIGN
    reserved_bed_days: Days = 60  # 2.10 DESIGN
    census_window_days: Days = 180  # T26 DESIGN
    legacy_assess_days: Days = 180  # T27 DESIGN
    legacy_assess_parent_days: Days = 90  # T27
    legacy_assess_urgent_days: Days = 30  # T27
    legacy_decide_days: Days = 365  # T28 DESIGN
    assessment_current_days: Days = 180  # T29 F04
    child_view_current_days: Days = 30  # T29 F06
    conference_current_days: Days = 60  # T29 F07
    plan_current_days: Days = 180  # T29 F08
    option_family_days: Days = 90  # 7.1.1 nuclear and kin DESIGN
    option_foster_days: Days = 30  # 7.1.1 DESIGN
    option_other_days: Days = 180  # 7.1.1 guardianship, adoption DESIGN
    option_in_process_days: Days = 90  # 7.1.1 in_process DESIGN
    tracing_attempts: Count = 3  # 7.1.1
    tracing_methods: Count = 2  # 7.1.1
    tracing_window_days: Days = 14  # 7.1.1
    tracing_retry_days: Days = 90  # 7.5
    safety_screen_current_hours: Hours = 72  # GUARDS nuclear_family_safe
    leave_max_days: Days = 30  # T30 DESIGN
    leave_respite_days: Days = 14  # T30 DESIGN
    under_three_emergency_days: Days = 90  # T32 DESIGN
    admission_minutes_hours: Hours = 24  # 7.1 side effects (F11)
    identity_document_days: Days = 30  # 7.10
    identity_chase_days: Days = 30  # 7.10
    host_review_days: Days = 7  # 7.9 DESIGN
    host_activation_days: Days = 7  # 7.9 DESIGN: who enters a household declares it not active
    host_relocation_days: Days = 30  # 7.9 DESIGN
    head_reminder_hours: Hours = 24  # 2.3, T28 DESIGN: daily to dinas_head
    backdating_days: Days = 7  # 7.1.2
    work_soon_days: Days = 7  # what a work list calls due soon DESIGN
    work_horizon_days: Days = 90  # how far ahead a work list looks; what is due after that stands on the child's page DESIGN
    days_off: tuple[date, ...] = ()  # working days: Monday to Friday, but public holidays, decreed leave, and these
    workdays_kept: tuple[date, ...] = ()  # working days all the same, whatever the calendar says
    consent_capable_years: Count = 10  # child_consent_if_capable DESIGN
    children_per_caregiver: Count = 5  # 2.6 BG-M
    children_per_caregiver_under_three: Count = 3  # 2.6 DESIGN
    moves_alarm: Count = 3  # 2.8 DESIGN: so many placements within the days below, and the supervisor looks
    moves_counted_days: Days = 365  # 2.8 DESIGN
    moves_look_days: Days = 7  # 2.8 DESIGN
    caseload_limit: Count = 25  # 2.12 BG-H: beyond it an assignment gives its reason
    supervision_limit: Count = 6  # 2.12 BG-H: workers with open cases for each supervisor; beyond it an assignment gives its reason
    approval_quick_seconds: Seconds = 60  # DESIGN: an approval so soon after the request is an exception that auditors see
    approver_least_decisions: Count = 20  # DESIGN: who refused none of so many is an exception that auditors see
    spm_children_target: Target = 0  # 6.1 R14: children to be served outside institutions; 0: the office has not set it

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the values: what an event names to say which numbers were in force."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()

    def as_json(self) -> str:
        """The values as stored beside their digest, keys sorted."""
        return msgspec.json.encode(self, order="sorted").decode()

    def hours(self, key: str) -> int:
        """Return the span a key names, in hours. Raises DefinitionError for a key that is not a span.

        Working days are counted by the caller's calendar; here they are refused rather than guessed.
        """
        value = getattr(self, key, None)
        if isinstance(value, int) and key.endswith("_hours"):
            return value
        if isinstance(value, int) and key.endswith("_days"):
            return value * 24
        msg = f"{key} is not a span in hours or days"
        raise DefinitionError(msg)
