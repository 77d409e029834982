"""Answers of one form that contradict each other are named, and none of those rules can be lost unnoticed."""

from datetime import date
from typing import Any

import pytest

from casework.machines.forms import (
    CRITERIA,
    FORMS,
    Acceptance,
    AdmissionMinutes,
    CareAgreement,
    CarePlan,
    CarerVerification,
    CaseConference,
    ChildView,
    Closure,
    ComprehensiveAssessment,
    Condition,
    Consent,
    Criterion,
    EmergencySheet,
    ExistingResident,
    IdentityPaper,
    Incident,
    InitialAssessment,
    InstitutionProfile,
    Intake,
    Monitoring,
    MonthlyReport,
    NotAvailable,
    Notified,
    NotNeeded,
    OptionSheet,
    Parent,
    Party,
    PersonalData,
    ProgressReport,
    Proof,
    Record,
    Referral,
    Reunification,
    SafetyScreen,
    StaffFile,
    StatementLetter,
    SupportPackage,
    check,
    code_of,
    identity,
    rights,
    warnings,
)
from tests.machines.builders import form
from tests.machines.mutants import mutants_of
from tests.machines.samples import NOW, SAMPLES, sign

BORN = date(2015, 3, 1)
DEAD, ALIVE, LOST = Parent("x", "dead"), Parent("x", "alive"), Parent("x", "unknown")
PROOF = Proof("school", date(2022, 1, 1), "d")
UNCLEAR = SafetyScreen("no", "unknown", "no")
UNDELIVERED: dict[str, Any] = {"deliveries": (), "delivery_complete": "no", "result": "", "evaluated_on": None, "result_because": ""}


CROSSED: list[tuple[Record, set[str]]] = [
    (form(Intake, contact_initiated_by="lksa_recruitment", recruited_by="h"), set()),
    (form(Intake, contact_initiated_by="lksa_outreach", recruited_by="h"), {"$.recruited_by"}),
    (form(Intake, void_reason="duplicate"), {"$.linked_case"}),
    (form(Intake, void_reason="duplicate", linked_case="case-2"), set()),
    (form(Intake, void_reason="not_a_child"), set()),
    (form(Consent, purposes=()), {"$.purposes"}),
    (form(Consent, giver=""), {"$.given_by"}),
    (form(Consent, given_by=""), {"$.given_by"}),
    (form(Consent, legal_basis="public_task", given_by="", giver=""), {"$.reason"}),
    (form(Consent, legal_basis="public_task", given_by="", giver="", reason="UU"), set()),
    (form(EmergencySheet, kin_call_log=()), {"$.kin_call_log"}),
    (form(EmergencySheet, kin_call_log=(), no_kin_known_because="bayi ditemukan"), set()),
    (form(ExistingResident, proofs=(PROOF, PROOF)), {"$.proofs"}),
    (form(SupportPackage, help="counselling"), {"$.help"}),
    (form(SupportPackage, amount=None), {"$.amount"}),
    (form(SupportPackage, kind="psychosocial", sessions=4), {"$.help"}),
    (form(SupportPackage, kind="psychosocial", help="counselling", amount=None, sessions=4), set()),
    (form(SupportPackage, kind="psychosocial", help="counselling", amount=None, sessions=0), {"$.sessions"}),
    (form(SupportPackage, ends_on=date(2025, 4, 30)), {"$.ends_on"}),
    (form(SupportPackage, ends_on=date(2025, 5, 1)), set()),
    (form(SupportPackage, separation_because=" "), {"$.separation_because"}),
    (form(SupportPackage, separation="not_considered", separation_because=""), set()),
    (form(SupportPackage, signatures=()), {"$.agreed_on"}),
    (form(SupportPackage, signatures=sign("guardian")), set()),
    (form(SupportPackage, signatures=sign("carer")), set()),
    (form(SupportPackage, signatures=sign("child")), {"$.agreed_on"}),
    (form(SupportPackage, **UNDELIVERED), set()),
    (form(SupportPackage, **UNDELIVERED, agreed_on=None), {"$.agreed_on"}),
    (form(SupportPackage, **UNDELIVERED, agreed_on=None, signatures=()), set()),
    (form(SupportPackage, **UNDELIVERED | {"delivery_complete": "yes"}), {"$.delivery_complete"}),
    (form(SupportPackage, **UNDELIVERED | {"result": "helped", "result_because": "x"}), {"$.evaluated_on"}),
    (
        form(SupportPackage, **UNDELIVERED | {"result": "helped", "result_because": "x", "evaluated_on": date(2025, 6, 5)}),
        {"$.evaluated_on"},
    ),
    (form(SupportPackage, agreed_on=None, signatures=()), {"$.agreed_on"}),
    (form(SupportPackage, agreed_on=date(2025, 5, 6)), {"$.deliveries[0].on"}),
    (form(SupportPackage, agreed_on=date(2025, 5, 5)), set()),
    (form(SupportPackage, evaluated_on=None), {"$.evaluated_on"}),
    (form(SupportPackage, evaluated_on=date(2025, 5, 4)), {"$.evaluated_on"}),
    (form(SupportPackage, evaluated_on=date(2025, 5, 5)), set()),
    (form(SupportPackage, result="", result_because="", evaluated_on=None), set()),
    (form(SupportPackage, result_because=" "), {"$.result_because"}),
    (form(SupportPackage, stopped_because="not_suitable"), {"$.stopped_note"}),
    (form(SupportPackage, stopped_because="not_suitable", stopped_note="x"), set()),
    (form(MonthlyReport, concern="yes", concern_text=" "), {"$.concern_text"}),
    (form(MonthlyReport, concern="yes", concern_text="x"), set()),
    (form(MonthlyReport, period_to=date(2025, 4, 30)), {"$.period_to"}),
    (form(MonthlyReport, period_to=date(2025, 5, 1)), set()),
    (form(PersonalData, orphan_status="both_alive"), {"$.orphan_status"}),
    (form(PersonalData, father=DEAD, mother=DEAD, orphan_status="both_dead"), set()),
    (form(PersonalData, father=ALIVE, mother=DEAD, orphan_status="mother_dead"), set()),
    (form(PersonalData, father=ALIVE, mother=ALIVE, orphan_status="both_alive"), set()),
    (form(PersonalData, father=ALIVE, mother=ALIVE, orphan_status="unknown"), {"$.orphan_status"}),
    (form(PersonalData, father=LOST, mother=ALIVE, orphan_status="unknown"), set()),
    (form(PersonalData, father=ALIVE, mother=Parent("x", "missing"), orphan_status="unknown"), set()),
    (form(PersonalData, born=None), {"$.born_precision"}),
    (form(PersonalData, born=None, born_precision="unknown"), set()),
    (form(InitialAssessment, safety_screen=UNCLEAR), {"$.recommendation"}),
    (form(InitialAssessment, safety_screen=UNCLEAR, recommendation="refer"), set()),
    (form(ChildView, asked="no"), {"$.not_asked_because"}),
    (form(ChildView, asked="no", not_asked_because="unsafe"), set()),
    (form(ChildView, not_asked_because="unsafe"), {"$.not_asked_because"}),
    (form(ChildView, options=()), {"$.options"}),
    (form(ChildView, options=(), kind="return"), set()),
    (form(ChildView, options=(), asked="no", not_asked_because="unsafe"), set()),
    (form(ChildView, asked_by_proposed_carer="yes"), {"$.asked_by_proposed_carer"}),
    (form(CaseConference, attendees=()), {"$.attendees"}),
    (form(OptionSheet, code=""), {"$.code"}),
    (form(OptionSheet, rung="adoption", status="not_applicable"), {"$.code"}),
    (form(OptionSheet, rung="adoption", status="not_applicable", code="age"), set()),
    (form(OptionSheet, rung="kin", status="not_applicable", code="age"), {"$.status"}),
    (form(OptionSheet, reason=" "), {"$.reason"}),
    (form(OptionSheet, status="open", code="", reason=""), set()),
    (form(OptionSheet, status="suitable", code=""), {"$.assessed_suitable"}),
    (form(OptionSheet, status="suitable", code="", assessed_suitable="yes"), set()),
    (form(OptionSheet, rung="adoption", status="not_applicable", code="in_process"), {"$.named_applicant"}),
    (form(OptionSheet, rung="adoption", status="not_applicable", code="in_process", named_applicant="Rahman"), set()),
    (form(CarerVerification, conditions=(Condition("healthy", "yes"), Condition("healthy", "no"))), {"$.conditions"}),
    (form(ComprehensiveAssessment, medical=" "), {"$.medical"}),
    (form(ComprehensiveAssessment, medical="", economic_data="cukup"), set()),
    (form(ComprehensiveAssessment, medical="", rights_not_needed=(NotNeeded("survival", "baru diperiksa"),)), set()),
    (form(ComprehensiveAssessment, medical="", rights_not_needed=(NotNeeded("growth", "baru diperiksa"),)), {"$.medical"}),
    (form(ProgressReport, incidents=""), {"$.identity_documents"}),
    (form(ProgressReport, incidents="", identity_documents="lengkap"), set()),
    (form(CarePlan, participation=""), {"$.participation"}),
    (form(CarePlan, participation="", rights_not_needed=(NotNeeded("participation", "bayi dua bulan"),)), set()),
    (form(CarePlan, protection="", health=""), {"$.protection", "$.health"}),
    (form(CarePlan, protection="", identity_documents="akta diurus"), set()),
    (form(CarePlan, education="", contact_plan="", no_contact_because="bahaya"), set()),
    (form(CarePlan, education="", contact_plan="", setting="family"), {"$.contact_plan"}),
    (form(CarePlan, contact_plan=""), {"$.contact_plan"}),
    (form(CarePlan, contact_plan="", no_contact_because="bahaya"), set()),
    (form(CarePlan, contact_plan="", setting="family"), set()),
    (form(CarePlan, separation_reason_codes=()), {"$.separation_reason_codes"}),
    (form(CarePlan, separation_reason_codes=(), setting="family"), set()),
    (form(CarePlan, separation_reason_codes=(), kind="reintegration"), set()),
    (form(CarePlan, sibling_decision="apart"), {"$.siblings_apart_because"}),
    (form(CarePlan, sibling_decision="apart", siblings_apart_because="bahaya"), set()),
    (form(CarePlan, under_three_exception="emergency_short_fixed"), {"$.under_three_until"}),
    (form(CarePlan, under_three_exception="emergency_short_fixed", under_three_until=date(2025, 7, 1)), set()),
    (form(CarePlan, under_three_exception="sibling_group"), set()),
    (form(CarePlan, kind="emergency"), {"$.exit_plan"}),
    (form(CarePlan, kind="emergency", exit_plan="ke paman"), set()),
    (form(StatementLetter, surrenders_parental_rights="yes"), {"$.surrenders_parental_rights"}),
    (form(StatementLetter, right_to_withdraw_explained="no"), {"$.right_to_withdraw_explained"}),
    (form(StatementLetter, signed_by="dinas"), {"$.absence"}),
    (form(StatementLetter, signed_by="dinas", absence="deceased"), set()),
    (form(CareAgreement, non_violence="no"), {"$.non_violence"}),
    (form(CareAgreement, carer=""), {"$.carer"}),
    (form(CareAgreement, carer="", kind="family"), set()),
    (form(CareAgreement, parties=(Party("child", "x"), Party("parent", "x", signed="no"))), {"$.parties[1].unsigned_because"}),
    (form(CareAgreement, parties=(Party("child", "x", signed="no", unsigned_because="bayi"),)), set()),
    (form(AdmissionMinutes, signatures=sign("lksa_head", "social_worker")), {"$.signatures"}),
    (form(Referral, acceptance=Acceptance("x", BORN, "x"), refusal_reason="penuh"), {"$.refusal_reason"}),
    (form(Referral, refusal_reason="penuh"), set()),
    (form(Referral, acceptance=Acceptance("x", BORN, "x")), set()),
    (form(Referral, receiver=""), {"$.receiver"}),
    (form(Referral, receiver="", notified=(Notified("police", BORN, "x"),)), set()),
    (form(Reunification, trial_result="failed"), {"$.trial_failed_because"}),
    (form(Reunification, trial_result="failed", trial_failed_because="kambuh"), set()),
    (form(Reunification, decision="stopped"), {"$.stopped_because"}),
    (form(Reunification, decision="stopped", stopped_because="family_refuses"), set()),
    (form(Reunification, violence_in_family="yes"), {"$.safety_plan"}),
    (form(Reunification, violence_in_family="yes", safety_plan="paman"), set()),
    (form(Reunification, violence_in_family="yes", decision="preparing"), set()),
    (form(Monitoring, concern="yes"), {"$.concern_text"}),
    (form(Monitoring, concern="yes", concern_text="memar", safety="unsafe"), set()),
    (form(Monitoring, safety="unsafe"), {"$.concern"}),
    (form(ProgressReport, period_to=date(2025, 2, 28)), {"$.period_to"}),
    (form(ProgressReport, period_to=date(2025, 3, 1)), set()),
    (form(ProgressReport, still_necessary="no"), {"$.recommendation"}),
    (form(ProgressReport, still_suitable="no"), {"$.recommendation"}),
    (form(ProgressReport, still_suitable="no", recommendation="change_placement"), set()),
    (form(Incident, closed="yes", finding="inconclusive"), {"$.dinas_reference"}),
    (form(Incident, closed="yes", finding="inconclusive", dinas_reference="D-1"), {"$.dinas_reference"}),
    (form(Incident, closed="yes", finding="inconclusive", reported_to_dinas_at=NOW), {"$.dinas_reference"}),
    (form(Incident, closed="yes", reported_to_dinas_at=NOW, dinas_reference="D-1"), {"$.finding"}),
    (form(Incident, closed="yes", reported_to_dinas_at=NOW, dinas_reference="D-1", finding="substantiated"), set()),
    (form(Incident, found_at=NOW), {"$.found_by"}),
    (form(Incident, found_by="RT"), {"$.found_by"}),
    (form(Incident, found_at=NOW, found_by="RT"), set()),
    (form(Closure, criteria=(Criterion("goals_met", "yes"), Criterion("goals_met", "yes"))), {"$.criteria"}),
    (form(Closure, criteria=(Criterion("goals_met", "yes"), Criterion("child_safe", "no"))), {"$.criteria[1].because"}),
    (form(Closure, criteria=tuple(Criterion(each, "not_applicable", "bayi") for each in CRITERIA)), set()),
    (form(InstitutionProfile, accreditation_grade="B"), {"$.accreditation_until"}),
    (form(InstitutionProfile, accreditation_grade="B", accreditation_until=date(2026, 1, 1)), set()),
    (form(StaffFile, status="cleared"), {"$.status"}),
    (form(StaffFile, status="cleared", police_record_dated=date(2025, 1, 1), police_record_clear="yes"), {"$.status"}),
    (form(StaffFile, status="cleared", police_record_dated=date(2025, 1, 1), code_of_conduct_signed_on=date(2025, 1, 1)), {"$.status"}),
    (form(StaffFile, status="cleared", police_record_clear="yes", code_of_conduct_signed_on=date(2025, 1, 1)), {"$.status"}),
    (
        form(
            StaffFile,
            status="cleared",
            police_record_dated=date(2025, 1, 1),
            police_record_clear="yes",
            code_of_conduct_signed_on=date(2025, 1, 1),
        ),
        set(),
    ),
]


@pytest.mark.parametrize(
    ("filled", "faulty"), CROSSED, ids=lambda value: code_of(value) if isinstance(value, Record) else " ".join(sorted(value))
)
def test_answers_that_contradict_each_other_are_named(filled: Record, faulty: set[str]) -> None:
    assert {fault.path for fault in check(filled)} == faulty


NIKS: list[tuple[Any, dict[str, Any], bool]] = [
    ("6402034103150001", {}, False),
    ("6402030103150001", {}, True),
    ("6402030103150001", {"sex": "male"}, False),
    ("6402034203150001", {}, True),
    ("6402034203150001", {"born_precision": "year"}, False),
    ("6402034203150001", {"born": None, "born_precision": "unknown"}, False),
    ("6402034203150001", {"born": None}, False),
    (NotAvailable("belum terdaftar"), {}, False),
]


@pytest.mark.parametrize(("nik", "changes", "doubtful"), NIKS)
def test_a_nik_that_does_not_fit_warns_and_never_blocks(nik: Any, changes: dict[str, Any], doubtful: bool) -> None:  # noqa: FBT001
    filled = form(PersonalData, nik=nik, **changes)
    assert bool(warnings(filled)) is doubtful
    assert not [fault for fault in check(filled) if fault.path == "$.nik"]


def test_a_paper_counts_when_its_number_or_its_receipt_is_known() -> None:
    assert IdentityPaper("held", number="1").known_or_applied
    assert IdentityPaper("applied", receipt="1").known_or_applied
    assert not IdentityPaper("held", receipt="1").known_or_applied
    assert not IdentityPaper("applied", number="1").known_or_applied
    assert not IdentityPaper("missing", number="1", receipt="1").known_or_applied


def test_no_rule_across_fields_can_be_lost_unnoticed() -> None:
    functions = [kind.faults for kind in FORMS.values() if "faults" in vars(kind)]
    functions += [rights.unanswered, rights._answered, SupportPackage._size, SupportPackage._delivered, SupportPackage._ended]
    functions += [PersonalData.doubts, identity._orphan_statuses, identity._nik_birth]
    survivors = []
    for function in functions:
        for mutant in mutants_of(function):
            with mutant.in_place():
                if _all_as_claimed():
                    survivors.append(f"{function.__qualname__}: {mutant.change}")
    assert not survivors, "\n".join(survivors)


def _all_as_claimed() -> bool:
    try:
        crossed = all({fault.path for fault in check(filled)} == faulty for filled, faulty in CROSSED)
        doubts = all(bool(warnings(form(PersonalData, nik=nik, **changes))) is doubtful for nik, changes, doubtful in NIKS)
    except Exception:  # noqa: BLE001 - a rule that breaks is noticed too
        return False
    return crossed and doubts and not any(check(sample) for sample in SAMPLES)
