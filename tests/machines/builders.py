"""Facts and forms to start from: a sample of every form, and builders that change only what a test is about."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

import msgspec

from casework.machines.engine import Approved, Ask
from casework.machines.facts import Case, Child, Document, Facts, Filed, Host, Placement, Receiver, Relative, Subject
from casework.machines.forms import (
    CRITERIA,
    AdmissionMinutes,
    Attempt,
    Attendee,
    Beds,
    CareAgreement,
    CarePlan,
    CarerVerification,
    CaseConference,
    ChildView,
    Closure,
    ComprehensiveAssessment,
    Condition,
    Consent,
    ContactVisit,
    Criterion,
    DuplicateSearch,
    EmergencySheet,
    ExistingResident,
    Form,
    HandoverMinutes,
    IdentityPaper,
    Incident,
    InitialAssessment,
    InstitutionProfile,
    Intake,
    KinCall,
    Monitoring,
    NotAvailable,
    OptionSheet,
    OptionView,
    Parent,
    Party,
    PersonalData,
    ProgressReport,
    Proof,
    Referral,
    Reunification,
    SafetyScreen,
    Service,
    Signature,
    SocialReport,
    StaffFile,
    StatementLetter,
)
from casework.machines.parameters import Parameters

R = TypeVar("R", bound=Form)

PARAMS = Parameters()
NOW = datetime(2025, 6, 10, 3, 0, tzinfo=UTC)
"""11:00 in WITA, on 10 June 2025."""
TODAY = date(2025, 6, 10)
WORKER, COLLEAGUE, SUPERVISOR, HEAD, LKSA_HEAD = "p-worker", "p-colleague", "p-supervisor", "p-head", "p-lksa-head"
CHILD = Child("child-1", date(2015, 3, 1), "day", "islam")
ASK = Ask(WORKER, frozenset({"social_worker", "social_worker_on_duty"}), requester=WORKER)
UNCLE = Relative("kin-uncle", "Ahmad", "paman", 3, "islam")
LKSA = Host(
    id="host-lksa",
    name="LKSA Harapan",
    kind="lksa",
    status="active",
    digest="d",
    religion="islam",
    licence_until=date(2026, 1, 1),
    accredited_until=date(2026, 1, 1),
    policy_dated=date(2025, 1, 10),
    policy_disseminated=True,
    complaint_channel=True,
    capacity=20,
    occupied=10,
    occupied_under_three=0,
    caregivers=4,
    staff=6,
)
SHELTER = Host(id="host-rpsa", name="RPSA", kind="rpsa", status="active", digest="d")
PROVINCE = Receiver("body-province", "province")
_numbers = count(1)


def ago(days: float = 0, hours: float = 0) -> datetime:
    """Return the moment this long before NOW."""
    return NOW - timedelta(days=days, hours=hours)


def on(days: int = 0) -> date:
    """Return the day this many days before TODAY."""
    return TODAY - timedelta(days=days)


def sign(*roles: Any) -> tuple[Signature, ...]:
    return tuple(Signature(role, f"Penanda tangan ({role})") for role in roles)


CLEAR = SafetyScreen("no", "no", "no")
SAMPLES: tuple[Form, ...] = (
    Intake(
        source="community",
        referrer="Ketua RT 04",
        referrer_contact="0812",
        legal_guardian="ibu",
        chronology="Anak ditinggal sendiri sejak Minggu.",
        immediate_danger="no",
        child_location="rumah nenek, Loa Kulu",
        contact_initiated_by="community",
        known_to_rt="yes",
        known_to_village="yes",
        duplicate_search=DuplicateSearch("no_match"),
    ),
    PersonalData(
        full_name="Siti",
        sex="female",
        birth_place="Tenggarong",
        born=date(2015, 3, 1),
        born_precision="day",
        nik=NotAvailable("belum terdaftar"),
        family_card=IdentityPaper("held", number="6402030000000001"),
        birth_certificate=IdentityPaper("applied", receipt="TR-11"),
        religion="islam",
        religion_source="parent",
        father=Parent("Budi", "dead"),
        mother=Parent("Ani", "alive"),
        orphan_status="father_dead",
    ),
    InitialAssessment(
        reason="penelantaran",
        safety_screen=CLEAR,
        risk_level="low",
        basic_needs="cukup",
        can_stay_home="yes",
        needs="",
        child_words="Saya mau di rumah.",
        seen_alone="yes",
        interviewer="Peksos",
        decision="tidak ada kekhawatiran",
        recommendation="no_action",
    ),
    ComprehensiveAssessment(
        parent_child="hangat",
        siblings="",
        parenting="baik",
        parental_willingness="mau",
        extended_family="dekat",
        medical="",
        economic_exploitation="",
        strengths="nenek dekat",
        parental_capacity="safe",
        protection_concern="no",
        support_tried="PKH",
        support_result="membaik",
        child_wishes="di rumah",
        best_interests="tinggal bersama ibu",
    ),
    OptionSheet(
        rung="nuclear",
        status="ruled_out",
        code="incapable_despite_support",
        reason="Ibu dirawat lama.",
        support_offered=("PKH dan pendampingan",),
        evidence=("digest-1",),
        child_view="Anak mengerti.",
        assessor="Peksos",
    ),
    ChildView(
        age_years=10,
        method="talk",
        language="Kutai",
        asked_by="Peksos",
        asked_by_proposed_carer="no",
        place="sekolah",
        alone="yes",
        options=(OptionView("kin", "mau", "yes"),),
        weight_given="penuh",
        asked="yes",
    ),
    CaseConference(
        held_at="Dinas Sosial",
        chair="Supervisor",
        attendees=(Attendee("Ani", "keluarga"), Attendee("Peksos", "Dinas Sosial")),
        options_weighed="kerabat, LKSA",
        decision="kerabat",
        proposed="kin",
    ),
    CarePlan(
        term="long",
        setting="institution",
        permanency_goal="return_home",
        target_date=date(2026, 6, 1),
        separation_reason_codes=("neglect",),
        services=(Service("beasiswa", "Dinas Pendidikan", date(2025, 7, 1), amount=500_000),),
        contact_plan="ibu setiap Minggu",
        sibling_decision="no_siblings",
        responsible=("Peksos",),
        review_on=date(2025, 9, 1),
    ),
    StatementLetter(
        carer="host-lksa",
        signed_by="mother",
        signer_name="Ani",
        relation="ibu",
        statement="Saya sakit dan belum mampu mengasuh.",
        consent="given",
        duration="6 bulan",
        contact_undertaking="Saya menengok setiap bulan.",
        right_to_withdraw_explained="yes",
        stamp_duty="yes",
        signatures=sign("parent", "witness"),
    ),
    CareAgreement(
        kind="carer",
        carer="kin-uncle",
        parties=(Party("child", "Siti"), Party("parent", "Ani"), Party("carer", "Ahmad")),
        services="pendampingan",
        duration="1 tahun",
        starts_on=date(2025, 6, 10),
        duties="mengasuh",
        non_violence="yes",
        contact="setiap minggu",
        ending="atas review",
    ),
    AdmissionMinutes(
        host="host-lksa",
        received_at=NOW,
        handed_over_by="Peksos",
        received_by="Kepala LKSA",
        child_condition="sehat",
        belongings="tas",
        medical_check="baik",
        child_informed_of_rights="yes",
        child_informed_of_complaints="yes",
        approval_reference="P-1",
        signatures=sign("lksa_head", "social_worker", "witness"),
    ),
    HandoverMinutes(
        giver="host-old",
        receiver="host-lksa",
        handed_over_at=NOW,
        child_condition="sehat",
        belongings="tas",
        signatures=sign("giver", "receiver"),
    ),
    Referral(
        sender="Dinas Sosial Kukar",
        receiver="body-province",
        need="rehabilitasi",
        urgency="normal",
        consent="ibu setuju",
        onward_setting="none",
    ),
    Reunification(
        family_assessment="aman",
        family_readiness="positive",
        child_readiness="positive",
        community_readiness="positive",
        child_agrees="yes",
        child_view="mau pulang",
        support_package="PKH",
        support_funded="yes",
        contact_visits=(ContactVisit(date(2025, 5, 1), "visit", "hangat"), ContactVisit(date(2025, 5, 15), "visit", "hangat")),
        violence_in_family="no",
        risks="",
        trial_plan="dua minggu di rumah ibu",
        signatures=sign("child", "parent", "social_worker"),
        decision="ready",
    ),
    Monitoring(
        visit=1,
        seen_alone="yes",
        safety="safe",
        school="masuk",
        health="baik",
        relations="baik",
        support_delivered="PKH",
        child_view="senang",
        concern="no",
        next_visit=None,
    ),
    ProgressReport(
        period_from=date(2025, 3, 1),
        period_to=date(2025, 5, 31),
        health="baik",
        education="kelas 4",
        social_emotional="baik",
        identity_documents="",
        family_contact="setiap bulan",
        leisure="",
        incidents="",
        goals_progress="berjalan",
        child_view="rindu ibu",
        still_necessary="yes",
        still_suitable="yes",
        towards_reunification="kontak dengan ibu",
        recommendation="continue",
    ),
    Incident(type="missing", happened_at=ago(days=5), place="pasar", what_happened="Anak tidak pulang.", immediate_action="dicari"),
    Closure(
        reason="reintegrated",
        criteria=tuple(Criterion(code, "yes") for code in CRITERIA),
        goals="tercapai",
        last_assessment="F04",
        exit_interview="baik",
    ),
    CarerVerification(
        kind="foster",
        candidate="host-foster",
        candidate_name="Keluarga Rahman",
        born=date(1985, 1, 1),
        religion="islam",
        conditions=(Condition("healthy", "yes"),),
    ),
    InstitutionProfile(
        host="host-lksa",
        name="LKSA Harapan",
        legal_form="foundation",
        religion="islam",
        beds=Beds(10, 10, 0),
        caregivers=4,
        policy_known_to_staff="yes",
        policy_known_to_volunteers="yes",
        policy_known_to_children="yes",
    ),
    StaffFile(host="host-lksa", person="p-1", name="Rina", duty="caregiver", status="pending"),
    Consent(purposes=("assessment",), given_by="Ani", giver="mother", explanation_given="dijelaskan"),
    EmergencySheet(
        code="danger",
        what_happened="pemukulan",
        kin_call_log=(KinCall(NOW, "Ahmad", "cannot_take"),),
        host="host-rpsa",
        why="terdekat",
        oral_authority="Supervisor, 22.10",
    ),
    SocialReport(visited="rumah COTA", findings="baik", child_relation="hangat", recommendation="recommend"),
    ExistingResident(
        host="host-lksa",
        since=date(2022, 7, 1),
        brought_by="Paman",
        brought_by_relation="kerabat",
        proofs=(Proof("lksa_register", date(2022, 7, 2), "digest-1"), Proof("school", date(2023, 7, 2), "digest-2")),
        parents_known="ibu",
        kin_known="",
        lksa_list="2025-06",
    ),
)
_BY_FORM: dict[type[Any], Form] = {type(sample): sample for sample in SAMPLES}


def form(kind: type[R], /, **changes: Any) -> R:
    """Return the sample of a form with some answers changed."""
    sample: R = msgspec.structs.replace(_BY_FORM[kind], **changes)  # type: ignore[assignment]
    return sample


def filed(body: R, days: float = 0, *, hours: float = 0, **header: Any) -> Filed[R]:
    """Return a form as signed this long ago, in round 1 by the worker. `header` changes what stands beside the body."""
    dated = header.pop("dated", ago(days, hours))
    standard: dict[str, Any] = {
        "id": f"r-{next(_numbers)}",
        "round": 1,
        "dated": dated,
        "signed_at": dated,
        "author": WORKER,
        "author_role": "social_worker",
        "body": body,
        "digest": "d",
    }
    return Filed(**{**standard, **header})


def record(kind: type[R], days: float = 0, /, *, hours: float = 0, header: dict[str, Any] | None = None, **changes: Any) -> Filed[R]:
    """Return the sample of a form, changed and filed."""
    return filed(form(kind, **changes), days, hours=hours, **(header or {}))


def approved(kind: type[R], days: float = 0, /, *, header: dict[str, Any] | None = None, **changes: Any) -> Filed[R]:
    """Return a form that the supervisor countersigned."""
    return record(kind, days, header={"countersigned_by": SUPERVISOR, **(header or {})}, **changes)


def option(rung: str, days: float = 0, /, *, header: dict[str, Any] | None = None, **changes: Any) -> Filed[OptionSheet]:
    """Return an option sheet that rules its rung out and was verified by a colleague."""
    defaults: dict[str, Any] = {"code": "incapable_despite_support" if rung == "nuclear" else "none_available_after_search"}
    verified = {"verified_by": COLLEAGUE, "verifier_role": "social_worker", **(header or {})}
    return record(OptionSheet, days, header=verified, rung=rung, **{**defaults, **changes})


def all_options() -> tuple[Filed[OptionSheet], ...]:
    """Return sheets that rule out all five rungs, for a child with one uncle."""
    return (
        option("nuclear"),
        option("kin", candidate=UNCLE.id, code="unwilling_after_counselling"),
        option("foster"),
        option("guardianship", status="not_applicable", code="parents_have_custody"),
        option("adoption", status="not_applicable", code="no_parental_consent"),
    )


def tracing(rung: str = "nuclear", **changes: Any) -> tuple[Filed[OptionSheet], ...]:
    """Return three attempts by two methods, recorded over 14 days, ending in `untraceable`."""
    steps = ((20, "visit", "open"), (12, "phone", "open"), (6, "phone", "ruled_out"))
    return tuple(
        option(
            rung,
            days,
            status=status,
            code="untraceable" if status == "ruled_out" else "",
            attempts=(Attempt(on(days), method, f"upaya {days}"),),  # type: ignore[arg-type]
            **changes,
        )
        for days, method, status in steps
    )


def document(kind: str, **changes: Any) -> Document:
    """Return a paper that a second social worker compared with its original."""
    paper = Document(f"doc-{kind}", kind, WORKER, "d", compared_by=COLLEAGUE, compared_role="social_worker")
    return msgspec.structs.replace(paper, **changes)


def placement(kind: str = "institution", host: str | None = LKSA.id, **changes: Any) -> Placement:
    """Return an active placement that began 100 days ago."""
    states = {"emergency": "emergency_care", "kin": "kinship_care", "foster": "foster_care", "guardian": "guardianship"}
    standard: dict[str, Any] = {
        "id": f"placement-{kind}",
        "kind": kind,
        "state": states.get(kind, "pre_adoption_care" if kind == "pre_adoption" else "institutional_care"),
        "status": "active",
        "host": host,
        "relative": None,
        "started_at": ago(100),
        "case_id": "case-1",
    }
    return Placement(**{**standard, **changes})


def approvals(*roles: str, digest: str = "") -> tuple[Approved, ...]:
    persons = {"supervisor": SUPERVISOR, "dinas_head": HEAD}
    return tuple(Approved(role, persons[role], digest) for role in roles)


def case(**changes: Any) -> Case:
    """Return case 1: in planning for 20 days, opened 40 days ago, in its first round, assigned to the worker."""
    standard: dict[str, Any] = {
        "id": "case-1",
        "state": "care_planning",
        "version": 3,
        "round": 1,
        "opened_at": ago(40),
        "entered_at": ago(20),
        "round_started_at": ago(40),
        "assigned_to": WORKER,
    }
    return Case(**{**standard, **changes})


def facts(*records: Filed[Any], of: Iterable[Filed[Any]] = (), about: dict[str, Any] | None = None, **changes: Any) -> Facts:
    """Return facts holding these records. `about` changes the case; everything else is a field of Facts."""
    standard: dict[str, Any] = {
        "now": NOW,
        "params": PARAMS,
        "ask": ASK,
        "case": case(**(about or {})),
        "child": CHILD,
        "records": (*records, *of),
    }
    return Facts(**{**standard, **changes})


def to(host: str = "", relative: str = "", receiver: str = "") -> Subject:
    return Subject(host=host, relative=relative, receiver=receiver)


def admissible(**changes: Any) -> Facts:
    """Return facts on which admit_to_institution is lawful: every guard of its row holds and both have approved."""
    evidence: tuple[Filed[Any], ...] = (
        approved(ComprehensiveAssessment, 3, parental_capacity="unsafe", protection_concern="yes"),
        record(ChildView, 1, options=(OptionView("institution", "boleh", "yes", LKSA.id),)),
        record(CaseConference, 2),
        approved(CarePlan, 1, carer=LKSA.id),
        *all_options(),
        record(StatementLetter),
        record(PersonalData),
    )
    standard: dict[str, Any] = {
        "trigger": "admit_to_institution",
        "subject": to(host=LKSA.id),
        "relatives": (UNCLE,),
        "host": LKSA,
        "host_accepted_by": LKSA_HEAD,
        "ask": msgspec.structs.replace(ASK, approvals=approvals("supervisor", "dinas_head")),
    }
    return facts(*evidence, **{**standard, **changes})
