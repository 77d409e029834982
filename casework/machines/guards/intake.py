"""Guards about how a case begins: assignment, duplicates, consent, identity, existing residents, reopening."""

from collections.abc import Iterator
from datetime import timedelta

from casework.machines import law
from casework.machines.facts import Facts
from casework.machines.forms import SEALED, Consent, ExistingResident, Incident, Intake, PersonalData
from casework.machines.guards.evidence import OFFICE, THREE, day, known, newest, open_incidents, surely_at_least
from casework.machines.guards.making import SUPERVISOR, WORKER, guard
from casework.machines.guards.standing import INSTITUTIONS
from casework.words import Words

PROOFS = 2
BREACHES = frozenset({"recruitment", "unlicensed_care"})
ASSESSMENT = frozenset({"assessment"})
PURPOSES = {"referral": frozenset({"referral", "sharing"})}
"""What consent must be for, by the process that asks; where none asks, for the assessment."""


@guard(
    Words("Kasus belum ditugaskan kepada pekerja sosial.", "The case is not assigned to a social worker."),
    fix=Words("Tugaskan seorang pekerja sosial pada kasus ini.", "Assign a social worker to this case."),
    law=(law.SNPA_ACCESS, law.IACM),
    who=SUPERVISOR,
    reads=("register:assignment",),
)
def case_assigned(facts: Facts) -> bool:
    """Nobody works on a case that is nobody's."""
    return facts.case.assigned_to is not None


@guard(
    Words("Pemeriksaan kasus ganda belum selesai.", "The check for a duplicate case is not finished."),
    fix=Words(
        "Cocokkan NIK, KK, nama, dan tanggal lahir, lalu tandatangani hasilnya; kasus ganda harus dibatalkan dengan tautan.",
        "Compare NIK, family card, name and birth date and sign the result; a duplicate must be voided with its link.",
    ),
    law=(law.DESIGN, law.IACM),
    reads=("F01", "register:cases"),
)
def duplicate_check_done(facts: Facts) -> bool:
    """The register shows no other open case of this child, and a worker signed what the search found."""
    return not facts.case.other_open_case and any(_searched(facts))


def _searched(facts: Facts) -> Iterator[bool]:
    for record in known(facts, Intake):
        search = record.body.duplicate_search
        yield search is not None and search.outcome != "same_child" and record.author_role in OFFICE


@guard(
    Words("Alasan pembatalan belum dicatat.", "The reason for voiding is not recorded."),
    fix=Words(
        "Isi alasan pembatalan pada F01; untuk kasus ganda sebutkan nomor kasus yang dilanjutkan.",
        "Fill in the reason on the intake form; for a duplicate, name the case that goes on.",
    ),
    law=(law.DESIGN,),
    reads=("F01",),
)
def void_reason_recorded(facts: Facts) -> bool:
    """A duplicate is voided only with the link to the case that goes on."""
    intake = newest(facts, Intake)
    return (
        intake is not None and bool(intake.body.void_reason) and (intake.body.void_reason != "duplicate" or bool(intake.body.linked_case))
    )


@guard(
    Words("Belum ada persetujuan atau dasar hukum lain untuk langkah ini.", "There is no consent, nor another legal basis, for this step."),
    fix=Words(
        "Catat pada F22 siapa yang menyetujui asesmen atau rujukan sampai kapan, atau dasar hukum lain beserta alasannya.",
        "Record on F22 who agrees to the assessment or the referral until when, or another legal basis with its reason.",
    ),
    law=(law.PDP, law.SNPA_IV_A_5),
    reads=("F22",),
)
def consent_or_legal_basis(facts: Facts) -> bool:
    """The newest answer about assessments, or for a referral about sharing, counts: a consent that runs, or another reasoned basis."""
    machine = facts.process.machine if facts.process is not None else ""
    purposes = PURPOSES.get(machine, ASSESSMENT)
    record = newest(facts, Consent, lambda consent: not purposes.isdisjoint(consent.purposes))
    return record is not None and _stands(facts, record.body)


def _stands(facts: Facts, consent: Consent) -> bool:
    if consent.legal_basis != "consent":
        return bool(consent.reason.strip())
    runs = consent.until is None or facts.today <= consent.until
    return consent.decision == "given" and bool(consent.giver) and runs


@guard(
    Words("Data pribadi anak belum dicatat.", "The child's personal data are not recorded."),
    fix=Words("Isi dan tandatangani data pribadi (F02).", "Fill in and sign the personal data (F02)."),
    law=(law.SNPA_ASSESSMENT, law.SEED_ID),
    reads=("F02",),
)
def personal_data_recorded(facts: Facts) -> bool:
    """The minimum stands on the form itself: it cannot be signed without name, sex, birth and religion."""
    return newest(facts, PersonalData) is not None


@guard(
    Words("Belum terbukti bahwa anak sudah tinggal di sini sebelumnya.", "It is not proven that the child already lived here."),
    fix=Words(
        "Lengkapi F25 dengan dua bukti dari sumber berbeda yang lebih tua dari kasus ini.",
        "Complete the existing-resident form with two proofs from different sources, older than this case.",
    ),
    law=(law.DESIGN_LEGACY,),
    reads=("F01", "F17", "F25", "register:hosts", "register:placements"),
)
def existing_residence_proven(facts: Facts) -> Iterator[Words]:
    """Resident of this institution before the first report, proven twice, never placed or missing here, in the census or after a breach."""
    resident = newest(facts, ExistingResident)
    if resident is None:
        yield Words("F25 belum ditandatangani.", "The existing-resident form is not signed.")
        return
    if resident.body.host != facts.subject.host:
        yield Words("F25 menyebut lembaga lain daripada permintaan.", "The form names another institution than the request.")
    if facts.host is None or facts.host.kind not in INSTITUTIONS:
        yield Words("Tempat ini bukan lembaga pengasuhan.", "This setting is not a care institution.")
    reported = min((day(record.dated) for record in known(facts, Intake)), default=day(facts.case.opened_at))
    if resident.body.since >= reported:
        yield Words("Anak datang pada atau sesudah hari laporan.", "The child came on or after the day of the report.")
    if len({proof.kind for proof in resident.body.proofs if proof.dated < reported}) < PROOFS:
        yield Words("Kurang dari dua bukti yang lebih tua dari laporan.", "Fewer than two proofs are older than the report.")
    if facts.placements:
        yield Words("Anak pernah ditempatkan oleh Dinas.", "The office has placed this child before.")
    if facts.case.missing_days or facts.case.missing_since is not None:
        yield Words("Anak pernah dilaporkan hilang.", "The child was reported missing before.")
    if not (_census_runs(facts) or any(record.body.type in BREACHES for record in known(facts, Incident))):
        yield Words("Masa pendataan lewat dan tidak ada insiden pelanggaran.", "The census window is closed and no breach is recorded.")


def _census_runs(facts: Facts) -> bool:
    opened = facts.case.census_from
    return opened is not None and opened <= facts.today <= opened + timedelta(days=facts.params.census_window_days)


@guard(
    Words("Penghuni ini tidak perlu didahulukan.", "Nothing puts this resident first."),
    fix=Words("Catat usia dan disabilitas pada F02, atau insiden pada F17.", "Record age and disability on F02, or an incident on F17."),
    law=(law.DESIGN_LEGACY,),
    reads=("F02", "F17", "register:child"),
)
def resident_assessed_first(facts: Facts) -> bool:
    """Under three (an unknown age too), with a note on health or disability, or with an open incident (T27)."""
    told = newest(facts, PersonalData)
    noted = told is not None and bool(told.body.health_disability.strip())
    return noted or not surely_at_least(facts, THREE) or any(True for _ in open_incidents(facts))


@guard(
    Words("Kedua orang tua anak sudah meninggal.", "Both parents of the child are dead."),
    fix=Words("Catat keadaan orang tua pada F02.", "Record on F02 whether the parents live."),
    law=(law.DESIGN_LEGACY,),
    reads=("F02",),
)
def resident_may_have_a_living_parent(facts: Facts) -> bool:
    """Unless both are known to be dead (T27): who knows nothing of them looks for them."""
    told = newest(facts, PersonalData)
    return told is None or told.body.orphan_status != "both_dead"


@guard(
    Words("Belum ada laporan baru tentang kasus yang ditutup ini.", "There is no new report about this closed case."),
    fix=Words("Catat laporan baru (F01) yang ditautkan ke kasus ini.", "Record a new report (F01) linked to this case."),
    law=(law.IACM,),
    who=(*WORKER, *SUPERVISOR),
    reads=("F01",),
)
def new_concern_recorded(facts: Facts) -> bool:
    """A new F01, from after the closing, names this closed case."""
    return any(record.body.linked_closed_case == facts.case.id and record.dated >= facts.case.entered_at for record in known(facts, Intake))


@guard(
    Words("Laporan terbaru tidak menyebut bahaya.", "The newest report tells of no danger."),
    fix=Words("Tidak ada yang perlu dilakukan.", "Nothing needs to be done."),
    law=(law.SNPA_ASSESSMENT, law.DESIGN),
    reads=("F01",),
)
def reported_in_danger(facts: Facts) -> bool:
    """By the newest report (F01): such a child is assessed within hours (T01)."""
    report = newest(facts, Intake)
    return report is not None and report.body.immediate_danger == "yes"


@guard(
    Words("Kasus ini tidak boleh dibuka kembali.", "This case may not be reopened."),
    fix=Words(
        "Sesudah kematian atau pengangkatan dibuat kasus baru dengan tautan tertutup.",
        "After death or adoption a new case is made, with a sealed link.",
    ),
    law=(law.DESIGN, law.PP54),
    reads=("register:journal",),
)
def closure_reason_reopenable(facts: Facts) -> bool:
    """Closed for a known reason other than death or adoption."""
    return facts.case.closed_reason is not None and facts.case.closed_reason not in SEALED
