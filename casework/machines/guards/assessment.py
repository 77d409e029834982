"""Guards about what was found out and decided: assessments, conference, plan, services."""

from collections.abc import Iterator
from datetime import timedelta

from casework.machines import law
from casework.machines.facts import Facts
from casework.machines.forms import (
    HOME,
    SUPPORT_REASONS,
    CareAgreement,
    CarePlan,
    CaseConference,
    ComprehensiveAssessment,
    InitialAssessment,
    Monitoring,
    PersonalData,
    ProgressReport,
    Service,
    Setting,
)
from casework.machines.guards.evidence import (
    PROPOSED,
    approved_plan,
    capable,
    countersigned,
    current,
    newest,
    open_incident_against,
    since,
)
from casework.machines.guards.making import SUPERVISOR, WORKER, guard
from casework.words import Words


@guard(
    Words("Asesmen awal belum ditandatangani.", "The initial assessment is not signed."),
    fix=Words("Lengkapi dan tandatangani asesmen awal (F03).", "Complete and sign the initial assessment (F03)."),
    law=(law.SNPA_ASSESSMENT,),
    reads=("F03",),
)
def initial_assessment_signed(facts: Facts) -> bool:
    """Of the current round."""
    return newest(facts, InitialAssessment) is not None


@guard(
    Words("Skrining keselamatan belum lengkap.", "The safety screen is not complete."),
    fix=Words("Jawab ketiga pertanyaan skrining pada F03.", "Answer the three questions of the screen on F03."),
    law=(law.SNPA_ASSESSMENT, law.DESIGN_LEGACY),
    reads=("F03",),
)
def safety_screen_done(facts: Facts) -> bool:
    """`unknown` is not an answer."""
    record = newest(facts, InitialAssessment)
    return record is not None and record.body.safety_screen.done


@guard(
    Words("Kekhawatiran perlindungan belum dapat dikesampingkan.", "A protection concern is not excluded."),
    fix=Words(
        "F03 terbaru harus menunjukkan semua 'tidak' dan rekomendasi tanpa tindakan; F04, bila ada, tanpa kekhawatiran.",
        "The newest F03 must show only 'no' and recommend no action; the F04, if there is one, no concern.",
    ),
    law=(law.SNPA_ASSESSMENT, law.IACM),
    reads=("F03", "F04"),
)
def no_protection_concern(facts: Facts) -> bool:
    """A clear screen that recommends no action, not contradicted by the comprehensive assessment."""
    first, full = newest(facts, InitialAssessment), newest(facts, ComprehensiveAssessment)
    cleared = first is not None and first.body.safety_screen.clear and first.body.recommendation == "no_action"
    return cleared and (full is None or full.body.protection_concern == "no")


@guard(
    Words("Asesmen lanjutan belum selesai.", "The comprehensive assessment is not complete."),
    fix=Words("Pekerja sosial melengkapi dan menandatangani F04.", "The social worker completes and signs F04."),
    law=(law.SNPA_ADVANCED,),
    reads=("F04",),
)
def comprehensive_assessment_complete(facts: Facts) -> bool:
    """Signed by a social worker, of this round, within its age."""
    record = current(facts, ComprehensiveAssessment, facts.params.assessment_current_days)
    return record is not None and record.author_role == "social_worker"


@guard(
    Words("Asesmen lanjutan belum disetujui supervisor atau sudah lewat masanya.", "No approved comprehensive assessment is current."),
    fix=Words("Supervisor menyetujui F04 yang masih berlaku.", "The supervisor countersigns a current F04."),
    law=(law.SNPA_ADVANCED, law.IACM),
    who=SUPERVISOR,
    reads=("F04",),
)
def comprehensive_assessment_approved(facts: Facts) -> bool:
    """The newest one, countersigned by another person, at most 180 days old, in whatever state it was written."""
    record = current(facts, ComprehensiveAssessment, facts.params.assessment_current_days)
    return record is not None and countersigned(record)


@guard(
    Words("Belum ada perubahan keadaan yang dicatat.", "No change of circumstances is recorded."),
    fix=Words("Catat kekhawatiran pada kunjungan (F15) atau buat asesmen awal baru (F03).", "Record a concern (F15) or a new F03."),
    law=(law.SNPA_IV_A,),
    reads=("F03", "F15"),
)
def change_of_circumstances_recorded(facts: Facts) -> bool:
    """A concern seen on a visit, or a new initial assessment, since the family is supported."""
    visits = since(facts, Monitoring, facts.case.entered_at)
    return any(visit.body.concern == "yes" for visit in visits) or bool(since(facts, InitialAssessment, facts.case.entered_at))


@guard(
    Words(
        "Pembahasan kasus atas asesmen ini belum ada atau sudah lewat masanya.", "No current case conference has weighed this assessment."
    ),
    fix=Words("Adakan pembahasan kasus sesudah F04 dan tandatangani notulennya (F07).", "Hold a conference after the F04 and sign F07."),
    law=(law.SNPA_PLAN, law.IACM),
    who=(*WORKER, *SUPERVISOR),
    reads=("F04", "F07"),
)
def case_conference_held(facts: Facts) -> bool:
    """Not older than 60 days, and not before the assessment it weighs."""
    record = current(facts, CaseConference, facts.params.conference_current_days)
    weighed = newest(facts, ComprehensiveAssessment)
    return record is not None and weighed is not None and record.dated >= weighed.dated


@guard(
    Words("Belum ada rencana pengasuhan yang disetujui untuk langkah ini.", "No approved care plan is current for this step."),
    fix=Words(
        "Buat rencana (F08) untuk bentuk pengasuhan dan pengasuh ini, lalu mintakan persetujuan supervisor.",
        "Make a plan (F08) for this form of care and this carer, and have the supervisor approve it.",
    ),
    law=(law.SNPA_PLAN, law.UUPA_14),
    who=(*WORKER, *SUPERVISOR),
    reads=("F08",),
)
def care_plan_approved(facts: Facts) -> Iterator[Words]:
    """Approved, at most 180 days old, and about what is asked for."""
    yield from plan_gaps(facts, PROPOSED.get(facts.trigger))


def plan_gaps(facts: Facts, setting: Setting | None) -> Iterator[Words]:
    """Yield what keeps the newest care plan from carrying a move to `setting`; None when the move names no setting."""
    plan = approved_plan(facts)
    if plan is None:
        yield Words("Rencana terbaru belum disetujui atau lewat masanya.", "The newest plan is not approved, or too old.")
        return
    if setting is not None and plan.setting != setting:
        yield Words("Rencana yang disetujui mengatur bentuk pengasuhan lain.", "The approved plan is about another form of care.")
    if plan.carer and facts.subject.carer not in ("", plan.carer):
        yield Words("Rencana yang disetujui menyebut pengasuh lain.", "The approved plan names another carer.")


@guard(
    Words("Keluarga inti belum dinilai aman.", "The child's own family is not assessed as safe."),
    fix=Words(
        "F04 menyatakan orang tua mampu dengan aman, atau skrining F03 dalam 72 jam terakhir semuanya 'tidak'.",
        "An F04 finds the parents safe, or a screen (F03) of the last 72 hours shows only 'no'.",
    ),
    law=(law.UUPA_7_14, law.UNG_49_52),
    reads=("F03", "F04"),
)
def nuclear_family_safe(facts: Facts) -> bool:
    """One of the two says safe, and nothing newer says otherwise."""
    full = current(facts, ComprehensiveAssessment, facts.params.assessment_current_days)
    screen = newest(facts, InitialAssessment)
    if full is not None and (screen is None or screen.dated <= full.dated):
        return full.body.parental_capacity == "safe"
    if screen is None or not screen.body.safety_screen.clear:
        return False
    fresh = facts.now - screen.dated <= timedelta(hours=facts.params.safety_screen_current_hours)
    return fresh or (full is not None and full.body.parental_capacity == "safe")


@guard(
    Words("Paket dukungan keluarga belum lengkap.", "The support package for the family is not complete."),
    fix=Words(
        "Catat pada F08 setiap layanan dengan penyedia, tanggal mulai, dan jumlah atau bentuknya.",
        "Record on F08 every service with its provider, start and amount or kind.",
    ),
    law=(law.UNG_15, law.UUPA_7_14),
    reads=("F08",),
)
def support_package_recorded(facts: Facts) -> Iterator[Words]:
    """At least one service, each with provider, start, and amount or kind."""
    plan = approved_plan(facts)
    if plan is None or not plan.services:
        yield Words("Belum ada layanan dalam rencana yang disetujui.", "The approved plan holds no service.")
        return
    for service in plan.services:
        if not _complete(service):
            yield Words(f"Layanan '{service.what}' belum lengkap.", f"The service '{service.what}' is not complete.")


def _complete(service: Service) -> bool:
    given = service.amount is not None or bool(service.kind.strip())
    return bool(service.provider.strip()) and service.start is not None and given


@guard(
    Words("Kesepakatan dukungan keluarga belum ditandatangani.", "The family agreement is not signed."),
    fix=Words("Anak dan orang tua menandatangani F10 (keluarga).", "Child and parent sign the agreement (F10, family)."),
    law=(law.SNPA_IV_A_5,),
    reads=("F10",),
)
def family_agreement_signed(facts: Facts) -> bool:
    """A parent or guardian signs, and the child where old enough; a younger child stands in it as a party."""
    record = newest(facts, CareAgreement, lambda agreement: agreement.kind == "family")
    if record is None:
        return False
    heard = record.body.signed_by("child") if capable(facts) else any(party.role == "child" for party in record.body.parties)
    return heard and record.body.signed_by("parent", "guardian")


@guard(
    Words(
        "Kemiskinan atau biaya sekolah saja bukan alasan memisahkan anak.", "Poverty or schooling alone is no reason to separate a child."
    ),
    fix=Words(
        "Beri dukungan kepada keluarga; bila ada alasan lain, catat pada rencana (F08).",
        "Support the family; if there is another reason, record it in the plan (F08).",
    ),
    law=(law.UNG_15, law.UUPA_14),
    reads=("F08",),
)
def reason_not_poverty_alone(facts: Facts) -> bool:
    """At least one recorded reason is a reason for separation and not one for support."""
    plan = approved_plan(facts)
    return plan is not None and not SUPPORT_REASONS.issuperset(plan.separation_reason_codes)


@guard(
    Words("Kebersamaan saudara kandung belum dipertimbangkan.", "Keeping siblings together was not considered."),
    fix=Words(
        "Catat keputusan tentang saudara pada F08; bila dipisah, beserta alasannya.", "Record the decision on F08, with reasons if apart."
    ),
    law=(law.UNG_17,),
    reads=("F02", "F08"),
)
def sibling_unity_considered(facts: Facts) -> bool:
    """`no siblings` only while F02 names none; apart only with a reason."""
    plan = current(facts, CarePlan, facts.params.plan_current_days, lambda plan: plan.kind != "reintegration")
    family = newest(facts, PersonalData)
    if plan is None:
        return False
    has_siblings = family is not None and bool(family.body.siblings)
    match plan.body.sibling_decision:
        case "together":
            return True
        case "apart":
            return bool(plan.body.siblings_apart_because.strip())
    return not has_siblings


@guard(
    Words("Belum ada review yang disahkan dalam 90 hari terakhir.", "No review endorsed within the last 90 days."),
    fix=Words(
        "Lengkapi laporan perkembangan (F16) dan mintakan pengesahan supervisor.", "Complete F16 and have the supervisor endorse it."
    ),
    law=(law.UNG_67, law.MB),
    who=SUPERVISOR,
    reads=("F16",),
)
def review_fresh_90_days(facts: Facts) -> bool:
    """Submitted is not enough: the newest report must be endorsed."""
    record = current(facts, ProgressReport, facts.params.review_fresh_days)
    return record is not None and countersigned(record)


@guard(
    Words("Bahaya yang dilaporkan belum dinyatakan tidak terbukti.", "The reported danger is not found unconfirmed."),
    fix=Words(
        "Skrining (F03) sejak darurat semuanya 'tidak', atau ratifikasi ditolak.",
        "A clear screen since the emergency, or ratification rejected.",
    ),
    law=(law.DESIGN_EMERGENCY,),
    reads=("F03", "register:approvals"),
)
def danger_not_confirmed(facts: Facts) -> bool:
    """The newest screen since the emergency began is clear, or the ratification was rejected."""
    screens = since(facts, InitialAssessment, facts.case.entered_at)
    return facts.case.ratification_rejected or (bool(screens) and screens[0].body.safety_screen.clear)


@guard(
    Words("Tempat anak sekarang belum dinilai aman.", "Where the child is now is not assessed as safe."),
    fix=Words("Buat skrining keselamatan (F03) sesudah anak ditemukan.", "Make a safety screen (F03) after the child was found."),
    law=(law.DESIGN_MISSING,),
    reads=("F03",),
)
def present_place_safe(facts: Facts) -> bool:
    """The newest screen since the child went missing is clear."""
    screens = since(facts, InitialAssessment, facts.case.entered_at)
    return bool(screens) and screens[0].body.safety_screen.clear


@guard(
    Words("Ada insiden perlindungan terbuka terhadap rumah keluarga.", "A safeguarding incident against the family home is open."),
    fix=Words("Selesaikan pemeriksaan insiden itu lebih dahulu.", "Finish the examination of that incident first."),
    law=(law.SNPA_REPORT,),
    who=SUPERVISOR,
    reads=("F17",),
)
def no_open_safeguarding_incident_against_home(facts: Facts) -> bool:
    """None is open, in whichever round it was filed."""
    return not open_incident_against(facts, HOME)


@guard(
    Words("Jalan keluar dari darurat belum direncanakan.", "The way out of the emergency is not planned."),
    fix=Words("Buat rencana darurat (F08) dengan jalan keluarnya.", "Make an emergency plan (F08) with the way out."),
    law=(law.DESIGN_EMERGENCY,),
    reads=("F08",),
)
def exit_plan_recorded(facts: Facts) -> bool:
    """An emergency plan of this emergency says how it ends."""
    plans = since(facts, CarePlan, facts.case.entered_at)
    return any(plan.body.kind == "emergency" and plan.body.exit_plan.strip() for plan in plans)
