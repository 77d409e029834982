"""The forms F01 to F25: bounded, closed, and read with every fault at once."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.inspect import FloatType, IntType, Metadata, StrType, StructType, Type, UnionType, VarTupleType, type_info
from msgspec.structs import replace

from casework.errors import Fault, Invalid, NotFound
from casework.machines.forms import (
    CRITERIA,
    FORMS,
    KINDS,
    Acceptance,
    AdmissionMinutes,
    CareAgreement,
    CarePlan,
    CarerVerification,
    CaseConference,
    ChildView,
    Closure,
    Condition,
    Consent,
    Criterion,
    EmergencySheet,
    ExistingResident,
    Form,
    IdentityPaper,
    Incident,
    InitialAssessment,
    InstitutionProfile,
    Intake,
    Monitoring,
    NotAvailable,
    Notified,
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
    check,
    code_of,
    decode,
    identity,
    json_schema,
    warnings,
)
from casework.machines.roles import ROLES
from tests.machines.builders import form
from tests.machines.mutants import mutants_of
from tests.machines.samples import NOW, SAMPLES, sign

CODES = tuple(f"F{number:02}" for number in range(1, 26))
YES = "yes"


def raw(sample: Form, **changes: Any) -> dict[str, Any]:
    """Return a sample as a client would send it, with some answers changed; `...` leaves one out."""
    sent = {**msgspec.to_builtins(sample), **changes}
    return {name: value for name, value in sent.items() if value is not ...}


def paths(code: str, sent: dict[str, Any] | bytes) -> set[str]:
    """Return the paths of all faults found in what was sent."""
    with pytest.raises(Invalid) as refused:
        decode(code, sent)
    assert all(fault.words.id and fault.words.en for fault in refused.value.faults)
    return {fault.path for fault in refused.value.faults}


def test_the_codes_are_f01_to_f25() -> None:
    assert tuple(sorted(FORMS)) == CODES
    assert all(code_of(kind) == code for code, kind in FORMS.items())


@pytest.mark.parametrize("sample", SAMPLES, ids=code_of)
def test_a_sample_survives_the_way_through_json(sample: Form) -> None:
    assert check(sample) == ()
    assert decode(code_of(sample), msgspec.json.encode(sample)) == sample
    assert msgspec.json.decode(msgspec.json.encode(sample), type=Form) == sample


def test_every_form_has_a_sample() -> None:
    assert {code_of(sample) for sample in SAMPLES} == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_form_is_frozen_and_closed(code: str) -> None:
    config = FORMS[code].__struct_config__
    assert (config.frozen, config.forbid_unknown_fields, config.tag_field) == (True, True, "form")


def everything_in(kind: Type) -> Iterator[Type]:
    yield kind
    inner: tuple[Type, ...] = ()
    match kind:
        case StructType(fields=fields):
            inner = tuple(field.type for field in fields)
        case UnionType(types=types):
            inner = types
        case VarTupleType(item_type=item):
            inner = (item,)
        case Metadata(type=wrapped):
            inner = (wrapped,)
    for part in inner:
        yield from everything_in(part)


@pytest.mark.parametrize("code", CODES)
def test_every_answer_is_bounded_and_no_number_is_a_float(code: str) -> None:
    parts = tuple(everything_in(type_info(FORMS[code])))
    assert not any(isinstance(part, FloatType) for part in parts)
    assert all(part.max_length or part.pattern for part in parts if isinstance(part, StrType))
    assert all(part.max_length for part in parts if isinstance(part, VarTupleType))
    assert all(part.ge is not None and part.le is not None for part in parts if isinstance(part, IntType))
    assert all(part.tz for part in parts if isinstance(part, msgspec.inspect.DateTimeType))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_a_form_has_titles_and_signers_of_known_roles(kind: Any) -> None:
    assert kind.title.id
    assert kind.title.en
    assert kind.signers
    assert {*kind.signers, kind.countersigner or "supervisor"} <= ROLES.keys()


def test_no_institution_signs_an_assessment_an_option_sheet_or_a_childs_view() -> None:
    assert not {"lksa_head", "lksa_staff"} & {role for code in ("F03", "F04", "F05", "F06", "F08", "F18") for role in KINDS[code].signers}


def test_free_text_is_personal_and_a_choice_is_not() -> None:
    assert {"full_name", "born", "nik", "father", "kin"} <= KINDS["F02"].personal
    assert not {"sex", "religion", "orphan_status"} & KINDS["F02"].personal


def test_all_faults_are_found_at_once_each_with_its_path() -> None:
    sent = raw(
        form(OptionSheet),
        rung="cousins",
        attempts=[{"on": "2025-13-01", "method": "visit", "result": " "}, {"on": 1, "telepathy": True}],
        evidence=[""],
        assessor="a" * 201,
        opinion="x",
        status=...,
    )
    assert paths("F05", sent) == {
        "$.rung",
        "$.attempts[0].on",
        "$.attempts[0].result",
        "$.attempts[1].on",
        "$.attempts[1].method",
        "$.attempts[1].result",
        "$.attempts[1].telepathy",
        "$.evidence[0]",
        "$.assessor",
        "$.opinion",
        "$.status",
    }


@pytest.mark.parametrize(
    ("code", "changes", "path"),
    [
        ("F02", {"nik": "12"}, "$.nik"),
        ("F02", {"nik": {"answer": "not_available"}}, "$.nik.because"),
        ("F02", {"nik": {"answer": "not_available", "because": " "}}, "$.nik.because"),
        ("F02", {"siblings": {}}, "$.siblings"),
        ("F02", {"father": "Budi"}, "$.father"),
        ("F02", {"born": "kemarin"}, "$.born"),
        ("F13", {"acceptance": {"name": "x"}}, "$.acceptance.on"),
        ("F17", {"happened_at": "2025-06-10T10:00:00"}, "$.happened_at"),
        ("F17", {"closed": True}, "$.closed"),
        ("F06", {"age_years": 9.5}, "$.age_years"),
        ("F06", {"age_years": -1}, "$.age_years"),
        ("F16", {"height_cm": 900}, "$.height_cm"),
        ("F01", {"form": "F02"}, "$.form"),
        ("F01", {"referrer": "   "}, "$.referrer"),
        ("F01", {"state": "institutional_care"}, "$.state"),
        ("F18", {"criteria": [{"code": "goals_met", "met": "yes"}] * 51}, "$.criteria"),
    ],
)
def test_a_wrong_answer_is_named(code: str, changes: dict[str, Any], path: str) -> None:
    sample = next(sample for sample in SAMPLES if code_of(sample) == code)
    assert path in paths(code, raw(sample, **changes))


@pytest.mark.parametrize(
    ("code", "changes", "path"),
    [
        ("F19", {"born": "9999-01-01"}, "$.born"),
        ("F19", {"born": "1899-12-31"}, "$.born"),
        ("F25", {"since": "2101-01-01"}, "$.since"),
        ("F25", {"proofs": [{"kind": "school", "dated": "0001-01-01", "attachment": "a"}]}, "$.proofs[0].dated"),
        ("F17", {"happened_at": "9999-12-31T23:59:59-12:00"}, "$.happened_at"),
    ],
)
def test_a_date_in_a_year_that_no_case_has_is_named(code: str, changes: dict[str, Any], path: str) -> None:
    sample = next(sample for sample in SAMPLES if code_of(sample) == code)
    assert paths(code, raw(sample, **changes)) == {path}


@pytest.mark.parametrize("born", ["1900-01-01", "2100-12-31"])
def test_the_first_and_the_last_year_are_read(born: str) -> None:
    verified = decode("F19", raw(form(CarerVerification), born=born))
    assert isinstance(verified, CarerVerification)
    assert verified.born == date.fromisoformat(born)


def test_the_words_of_a_fault_are_ours() -> None:
    with pytest.raises(Invalid) as refused:
        decode("F17", raw(form(Incident), happened_at="2025-06-10T10:00:00", place="x" * 201, type="panic", persons=7))
    assert {fault.path: fault.words.en for fault in refused.value.faults} == {
        "$.happened_at": "The time zone must be given.",
        "$.place": "Too long; at most 200.",
        "$.type": "Not one of the choices.",
        "$.persons": "Must be a list.",
    }


@pytest.mark.parametrize("sent", [b"", b"{", b"\xff", b'{"a":' * 2000, b"[" * 100_000])
def test_what_is_no_json_is_400(sent: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        decode("F01", sent)
    assert refused.value.status == 400


@pytest.mark.parametrize("sent", [b"[]", b"1", b"null", b'"F01"'])
def test_what_is_no_form_is_refused(sent: bytes) -> None:
    assert paths("F01", sent) == {"$"}


@pytest.mark.parametrize("ask", [lambda: decode("F99", {}), lambda: json_schema("F99")])
def test_an_unknown_code_is_not_found(ask: Any) -> None:
    with pytest.raises(NotFound):
        ask()


@pytest.mark.parametrize("code", CODES)
def test_the_json_schema_closes_the_form(code: str) -> None:
    schema = json_schema(code)
    definition = schema["$defs"][FORMS[code].__name__]
    assert definition["additionalProperties"] is False
    assert {field.encode_name for field in msgspec.structs.fields(FORMS[code])} <= definition["properties"].keys()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(SAMPLES), st.data())
def test_reading_answers_with_faults_and_never_breaks(sample: Form, data: st.DataObject) -> None:
    names = [field.name for field in msgspec.structs.fields(sample)]
    changes = data.draw(st.dictionaries(st.sampled_from(names), json_values, max_size=4))
    faults = _faults_of(code_of(sample), raw(sample, **changes))
    assert all(fault.path.startswith("$") and fault.words.id for fault in faults)


def _faults_of(code: str, sent: dict[str, Any]) -> tuple[Fault, ...]:
    try:
        return check(decode(code, sent))
    except Invalid as refused:
        return refused.faults


BORN = date(2015, 3, 1)
DEAD, ALIVE, LOST = Parent("x", "dead"), Parent("x", "alive"), Parent("x", "unknown")
PROOF = Proof("school", date(2022, 1, 1), "d")
UNCLEAR = SafetyScreen("no", "unknown", "no")

CROSSED: list[tuple[Record, set[str]]] = [
    (form(Intake, contact_initiated_by="lksa_recruitment"), {"$.contact_initiated_by"}),
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


@pytest.mark.parametrize(("filled", "faulty"), CROSSED, ids=lambda value: code_of(value) if isinstance(value, Record) else str(value))
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


def test_replacing_an_answer_makes_another_form() -> None:
    sample = form(Intake)
    assert replace(sample, referrer="Ketua RT 05") != sample
