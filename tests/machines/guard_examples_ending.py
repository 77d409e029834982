"""Examples of the guards in guards/permanence.py, guards/referral.py and guards/closing.py."""

from typing import Any

from msgspec.structs import replace

from casework.machines.facts import Facts, Process, Receiver
from casework.machines.forms import (
    CRITERIA,
    Acceptance,
    AdultService,
    CareAgreement,
    CarePlan,
    CaseConference,
    ChildView,
    Closure,
    ComprehensiveAssessment,
    Criterion,
    IdentityPaper,
    Notified,
    OptionView,
    Party,
    PersonalData,
    Referral,
    SocialReport,
    StatementLetter,
)
from tests.machines.builders import (
    COLLEAGUE,
    PROVINCE,
    TODAY,
    UNCLE,
    WORKER,
    ago,
    all_options,
    approved,
    document,
    facts,
    placement,
    record,
    to,
)
from tests.machines.guard_book import Book
from tests.machines.samples import sign

BOOK = Book()
holds, fails = BOOK.holds, BOOK.fails

code = "pre_adoption_180_days"
COTA = placement("pre_adoption", "host-cota", started_at=ago(180))
holds(code, "180 days", facts(placements=(COTA,)))
fails(code, "179 days", facts(placements=(replace(COTA, started_at=ago(179)),)))
fails(code, "180 days, one of them missing", facts(placements=(COTA,), about={"missing_days": 1}))
fails(code, "in foster care", facts(placements=(replace(COTA, kind="foster"),)))
fails(code, "none", facts())

code = "two_social_reports"
PLACED: dict[str, Any] = {"placements": (replace(COTA, started_at=ago(300)),)}
holds(code, "180 days apart", facts(record(SocialReport, 190), record(SocialReport, 10), **PLACED))
holds(code, "three, the last two close", facts(record(SocialReport, 290), record(SocialReport, 100), record(SocialReport, 10), **PLACED))
holds(code, "one on the first day", facts(record(SocialReport, 180), record(SocialReport, 10), placements=(COTA,)))
fails(code, "181 days apart", facts(record(SocialReport, 191), record(SocialReport, 10), **PLACED))
fails(code, "one", facts(record(SocialReport, 10), **PLACED))
fails(code, "two on one day", facts(record(SocialReport, 10), record(SocialReport, 10), **PLACED))
fails(code, "one of before the placement", facts(record(SocialReport, 181), record(SocialReport, 10), placements=(COTA,)))
fails(
    code, "the last does not recommend", facts(record(SocialReport, 90), record(SocialReport, 10, recommendation="visit_again"), **PLACED)
)
fails(code, "no placement", facts(record(SocialReport, 90), record(SocialReport, 10)))

code = "legal_permanence_recorded"
KIN: dict[str, Any] = {"placements": (placement("kin", None, relative=UNCLE.id),)}
DECIDED = document("dinas_permanence_decision")
holds(code, "a court order", facts(documents=(document("guardianship_order"),), **KIN))
holds(code, "an agreement and the decision of Dinas", facts(record(CareAgreement, kind="permanent"), documents=(DECIDED,), **KIN))
fails(code, "an agreement without a decision", facts(record(CareAgreement, kind="permanent"), **KIN))
fails(code, "a decision without an agreement", facts(documents=(DECIDED,), **KIN))
fails(code, "with another carer", facts(record(CareAgreement, kind="permanent", carer="kin-aunt"), documents=(DECIDED,), **KIN))
fails(code, "an agreement for a while", facts(record(CareAgreement), documents=(DECIDED,), **KIN))
fails(code, "the carer did not sign", facts(record(CareAgreement, kind="permanent", parties=()), documents=(DECIDED,), **KIN))
fails(code, "nothing filed", facts(**KIN))

TO_PROVINCE: dict[str, Any] = {"subject": to(receiver=PROVINCE.id), "receiver": PROVINCE, "trigger": "transfer_out"}
YES = Acceptance("Kepala UPTD", TODAY, "menerima mulai 1 Juli", letter="digest-9")
VERIFIED: dict[str, Any] = {"verified_by": COLLEAGUE}
code = "referral_accepted_by_receiver"
holds(code, "by a letter that a colleague verified", facts(record(Referral, 1, header=VERIFIED, acceptance=YES), **TO_PROVINCE))
holds(code, "by the province itself", facts(record(Referral, 1, header={"author_role": "province_officer"}, acceptance=YES), **TO_PROVINCE))
fails(code, "not answered", facts(record(Referral, 1, header=VERIFIED), **TO_PROVINCE))
fails(code, "a letter that nobody verified", facts(record(Referral, 1, acceptance=YES), **TO_PROVINCE))
fails(code, "a letter verified by its author", facts(record(Referral, 1, header={"verified_by": WORKER}, acceptance=YES), **TO_PROVINCE))
fails(code, "by another body", facts(record(Referral, 1, header=VERIFIED, acceptance=YES, receiver="body-x"), **TO_PROVINCE))
fails(code, "by nobody in particular", facts(record(Referral, 1, header=VERIFIED, acceptance=YES, receiver="")))
fails(code, "nothing filed", facts(**TO_PROVINCE))
ANSWERED = record(Referral, 1, header=VERIFIED, acceptance=YES)


def going(state: str, of: Any = ANSWERED) -> Facts:
    return facts(ANSWERED, processes=(Process("p-1", "referral", 1, state, ago(9), ago(1), record=of),), **TO_PROVINCE)


for _state in ("accepted", "in_service", "completed", "feedback_closed"):
    holds(code, f"its process stands at {_state}", going(_state))
for _state in ("drafted", "sent", "unanswered", "declined", "cancelled"):
    fails(code, f"its process stands at {_state}", going(_state))
holds(code, "the process of another referral", going("sent", record(Referral, 9)))
holds(code, "a process that no form opened", going("opened", None))

code = "receiver_is_authority"
for _kind in ("dinas", "ministry", "court_named", "province", "uptd"):
    holds(code, _kind, facts(subject=to(receiver="b"), receiver=Receiver("b", _kind)))
for _kind in ("lksa", "carer", "ngo", "police"):
    fails(code, _kind, facts(subject=to(receiver="b"), receiver=Receiver("b", _kind)))  # type: ignore[arg-type]
fails(code, "another than the one named", facts(subject=to(receiver="b"), receiver=PROVINCE))
fails(code, "none", facts(subject=to(receiver="b")))

code = "onward_placement_lawful"
HEARD = record(ChildView, 1, options=(OptionView("institution", "boleh", "yes"),))
ONWARD: dict[str, Any] = {
    "F13": record(Referral, 1, onward_setting="institution"),
    "F04": approved(ComprehensiveAssessment, 3),
    "F06": HEARD,
    "F07": record(CaseConference, 2),
    "F08": approved(CarePlan, 1),
    "F09": record(StatementLetter, 1, carer=PROVINCE.id),
    "F02": record(PersonalData, 1),
}


def onward(*, without: str = "", letter: bool = True, **changes: Any) -> Facts:
    """Return facts of a child who goes on to an institution of the province, with one record left out or replaced."""
    records = {**ONWARD, **changes}
    options = () if without == "F05" else all_options()
    kept = (each for each_code, each in records.items() if each_code != without)
    papers = (document("dinas_head_letter"),) if letter else ()
    return facts(*kept, *options, relatives=(UNCLE,), documents=papers, **TO_PROVINCE)


holds(code, "to an institution, with everything", onward())
holds(code, "to a service", facts(record(Referral, 1, onward_setting="service"), **TO_PROVINCE))
for _code in (*ONWARD, "F05"):
    fails(code, f"without {_code}", onward(without=_code))
fails(code, "without the letter of the head", onward(letter=False))
fails(code, "a view on kin", onward(F06=record(ChildView, 1)))
fails(code, "a plan for kin", onward(F08=approved(CarePlan, 1, setting="kin")))
fails(code, "poverty alone", onward(F08=approved(CarePlan, 1, separation_reason_codes=("economic_hardship",))))
fails(code, "siblings apart for no reason", onward(F08=approved(CarePlan, 1, sibling_decision="apart")))
fails(code, "an assessment that nobody approved", onward(F04=record(ComprehensiveAssessment, 3)))
fails(code, "a letter that refuses", onward(F09=record(StatementLetter, 1, carer=PROVINCE.id, consent="refused")))
fails(
    code,
    "Dinas agrees, but there is no statement letter",
    onward(F09=record(CareAgreement, 1, carer=PROVINCE.id, dinas_because="deceased", parties=(Party("dinas", "Dinas"),))),
)
fails(code, "the referral is to another body", onward(F13=record(Referral, 1, onward_setting="none", receiver="body-x")))
fails(code, "nothing filed", facts(**TO_PROVINCE))

code = "authorities_notified"
TOLD: dict[str, Any] = {body: Notified(body, TODAY, f"S-{body}") for body in ("police", "village", "civil_registry")}
holds(
    code,
    "all three, in two letters",
    facts(record(Referral, notified=(TOLD["police"], TOLD["village"])), record(Referral, notified=(TOLD["civil_registry"],))),
)
for _body in TOLD:
    fails(code, f"not the {_body}", facts(record(Referral, notified=tuple(each for body, each in TOLD.items() if body != _body))))
fails(code, "nothing filed", facts())

code = "closure_criteria_met"
DONE = record(Closure, 1)
holds(code, "all met", facts(DONE))
fails(code, "nothing filed", facts())
for _criterion in CRITERIA:
    _rest = tuple(Criterion(each, "yes") for each in CRITERIA if each != _criterion)
    fails(code, f"{_criterion} not answered", facts(record(Closure, 1, criteria=_rest)))
    fails(code, f"{_criterion} not met", facts(record(Closure, 1, criteria=(*_rest, Criterion(_criterion, "no", "belum")))))
    fails(
        code,
        f"{_criterion} not applicable for no reason",
        facts(record(Closure, 1, criteria=(*_rest, Criterion(_criterion, "not_applicable", " ")))),
    )
    holds(
        code, f"{_criterion} not applicable", facts(record(Closure, 1, criteria=(*_rest, Criterion(_criterion, "not_applicable", "bayi"))))
    )
for _open in ("open_incidents", "open_approvals", "open_referrals", "open_tasks"):
    fails(code, _open, facts(DONE, about={_open: 1}))

code = "aftercare_plan_signed"
PLAN: dict[str, Any] = {"aftercare_plan": "kos di Tenggarong, bekerja", "signatures": sign("young_adult", "social_worker")}
holds(code, "by the young adult", facts(record(Closure, 1, **PLAN)))
fails(code, "by the worker only", facts(record(Closure, 1, **{**PLAN, "signatures": sign("social_worker")})))
fails(code, "no plan", facts(record(Closure, 1, **{**PLAN, "aftercare_plan": " "})))
fails(code, "nothing filed", facts())

code = "identity_documents_handed_over"
BOTH: dict[str, Any] = {"documents_handed_over": ("birth_certificate", "family_card")}
CERTIFICATE: dict[str, Any] = {"documents_handed_over": ("birth_certificate",)}
CARD: dict[str, Any] = {"documents_handed_over": ("family_card",)}
APPLIED, HELD = IdentityPaper("applied", receipt="TR-1"), IdentityPaper("held", number="1")
UNPROVEN = IdentityPaper("applied", receipt=" ")
holds(code, "both", facts(record(Closure, 1, **BOTH)))
holds(code, "the card applied for", facts(record(Closure, 1, **CERTIFICATE), record(PersonalData, family_card=APPLIED)))
holds(code, "the certificate applied for", facts(record(Closure, 1, **CARD), record(PersonalData, birth_certificate=APPLIED)))
holds(
    code, "the card applied for, by its receipt", facts(record(Closure, 1, **CERTIFICATE), documents=(document("family_card_application"),))
)
holds(
    code,
    "the certificate applied for, by its receipt",
    facts(record(Closure, 1, **CARD), documents=(document("birth_certificate_application"),)),
)
fails(code, "the card held, but not handed over", facts(record(Closure, 1, **CERTIFICATE), record(PersonalData, family_card=HELD)))
fails(code, "the certificate held, but not handed over", facts(record(Closure, 1, **CARD), record(PersonalData, birth_certificate=HELD)))
fails(code, "applied for without a receipt", facts(record(Closure, 1, **CERTIFICATE), record(PersonalData, family_card=UNPROVEN)))
fails(code, "nothing filed", facts())

holds("aftercare_min_days", "180 days", facts(about={"state": "aftercare", "entered_at": ago(180)}))
fails("aftercare_min_days", "179 days", facts(about={"state": "aftercare", "entered_at": ago(179)}))

code = "adult_service_offered"
holds(code, "declined, but offered", facts(record(Closure, 1, adult_service=AdultService("kursus", "declined"))))
fails(code, "not offered", facts(DONE))
fails(code, "nothing filed", facts())
