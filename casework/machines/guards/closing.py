"""Guards about ending well: criteria, after-care, papers in the young adult's own hands (DOMAIN 2.12)."""

from collections.abc import Iterator

from casework.machines import law
from casework.machines.facts import Facts
from casework.machines.forms import CRITERIA, Closure, PersonalData, signed_by
from casework.machines.guards.evidence import compared, days_since, newest
from casework.machines.guards.making import SUPERVISOR, WORKER, guard
from casework.words import Words

CRITERION_WORDS: dict[str, Words] = {
    "goals_met": Words("tujuan rencana tercapai", "goals of the plan met"),
    "child_safe": Words("anak aman", "child safe"),
    "child_interviewed": Words("wawancara akhir dengan anak", "final interview with the child"),
    "family_involved": Words("keluarga dilibatkan", "family involved"),
    "services_continue": Words("layanan lanjutan tersedia", "services continue"),
    "documents_complete": Words("dokumen lengkap", "documents complete"),
}


@guard(
    Words("Syarat pengakhiran belum terpenuhi.", "The closure criteria are not met."),
    fix=Words(
        "Jawab setiap syarat pada F18 dan selesaikan urusan yang masih terbuka.", "Answer every criterion on F18 and finish what is open."
    ),
    law=(law.IACM, law.SNPA_ENDING),
    who=(*WORKER, *SUPERVISOR),
    reads=("F18", "register:approvals", "register:incidents", "register:referrals", "register:tasks"),
)
def closure_criteria_met(facts: Facts) -> Iterator[Words]:
    """Each criterion answered yes, or as not applicable with its reason; no incident, approval, referral or due task is open."""
    record = newest(facts, Closure)
    answers = {criterion.code: criterion for criterion in record.body.criteria} if record is not None else {}
    for code in CRITERIA:
        answer = answers.get(code)
        if answer is None or answer.met == "no" or (answer.met == "not_applicable" and not answer.because.strip()):
            yield CRITERION_WORDS[code]
    if facts.case.open_incidents:
        yield Words("ada insiden terbuka", "an incident is open")
    if facts.case.open_approvals:
        yield Words("ada permohonan persetujuan yang menunggu", "a request for approval is pending")
    if facts.case.open_referrals:
        yield Words("ada rujukan yang belum dijawab", "a referral is unanswered")
    if facts.case.open_tasks:
        yield Words("ada tugas yang jatuh tempo", "a task is due")


@guard(
    Words("Rencana bina lanjut belum ditandatangani anak muda itu sendiri.", "The after-care plan is not signed by the young adult."),
    fix=Words(
        "Susun rencana bina lanjut (F18) bersama anak muda itu; ia menandatanganinya.",
        "Make the after-care plan (F18) together; the young adult signs it.",
    ),
    law=(law.UNG_131,),
    reads=("F18",),
)
def aftercare_plan_signed(facts: Facts) -> bool:
    """Made with, and signed by, the one it is about."""
    record = newest(facts, Closure)
    return record is not None and bool(record.body.aftercare_plan.strip()) and signed_by(record.body.signatures, "young_adult")


@guard(
    Words("Dokumen identitas belum diserahkan dan belum diajukan.", "Identity documents are neither handed over nor applied for."),
    fix=Words(
        "Serahkan akta kelahiran dan KK (F18), atau ajukan dan catat tanda terimanya.",
        "Hand over birth certificate and family card (F18), or apply and record the receipt.",
    ),
    law=(law.UUPA_27, law.SEED_ID, law.UNG_131),
    reads=("F02", "F18", "document:birth_certificate_application", "document:family_card_application"),
)
def identity_documents_handed_over(facts: Facts) -> Iterator[Words]:
    """Each handed over, or applied for with the receipt."""
    closing, family = newest(facts, Closure), newest(facts, PersonalData)
    handed = closing.body.documents_handed_over if closing is not None else ()
    certificate = family.body.birth_certificate if family is not None else None
    card = family.body.family_card if family is not None else None
    for code, paper, words in (
        ("birth_certificate", certificate, Words("akta kelahiran", "birth certificate")),
        ("family_card", card, Words("kartu keluarga", "family card")),
    ):
        applied = paper is not None and paper.status == "applied" and paper.known_or_applied
        if code not in handed and not applied and not compared(facts, f"{code}_application"):
            yield words


@guard(
    Words("Bina lanjut belum mencapai 180 hari.", "After-care has not lasted 180 days."),
    fix=Words("Lanjutkan bina lanjut sampai masa minimum.", "Go on with after-care until the minimum is reached."),
    law=(law.UNG_131, law.DESIGN),
    reads=("register:clock",),
)
def aftercare_min_days(facts: Facts) -> bool:
    """T16, from the day of leaving care."""
    return days_since(facts, facts.case.entered_at) >= facts.params.aftercare_min_days


@guard(
    Words("Layanan dewasa belum ditawarkan.", "No adult service was offered."),
    fix=Words("Tawarkan layanan dewasa dan catat jawabannya pada F18.", "Offer an adult service and record the answer on F18."),
    law=(law.UNG_131, law.PM7),
    reads=("F18",),
)
def adult_service_offered(facts: Facts) -> bool:
    """Offered and answered; whether it was taken is the young adult's own affair."""
    record = newest(facts, Closure)
    return record is not None and record.body.adult_service is not None
