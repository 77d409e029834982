"""Guards about carers: kin, foster parents, guardians, adopters, and what they sign."""

from collections.abc import Iterator

from casework.machines import law
from casework.machines.facts import Facts
from casework.machines.forms import TRACERS, CareAgreement, CarerVerification, OptionSheet, Religion
from casework.machines.guards.evidence import OFFICE, anniversary, kin, known, newest
from casework.machines.guards.making import SUPERVISOR, WORKER, guard
from casework.machines.guards.standing import ADOPTIVE_HOMES, FOSTER_HOMES, GUARDIAN_HOMES, KIN_HOMES, carer_gaps
from casework.words import Words

YOUNGEST = 30
OLDEST = 55
CONDITIONS: dict[str, Words] = {
    "citizen": Words("warga negara Indonesia", "Indonesian citizen"),
    "domiciled_in_indonesia": Words("berdomisili di Indonesia", "domiciled in Indonesia"),
    "healthy": Words("sehat jasmani dan rohani", "healthy in body and mind"),
    "good_conduct": Words("berkelakuan baik", "of good conduct"),
    "never_convicted": Words("tidak pernah dihukum", "never convicted"),
    "passed_selection": Words("lulus seleksi dan verifikasi", "passed selection and verification"),
    "economically_able": Words("mampu secara ekonomi", "economically able"),
    "spouse_consents": Words("persetujuan tertulis pasangan", "the spouse's written consent"),
    "married_five_years": Words("menikah sekurang-kurangnya 5 tahun", "married for at least 5 years"),
    "willingness_letter_stamped": Words("surat kesediaan bermeterai", "stamped letter of willingness"),
    "non_violence_letter_stamped": Words("surat tanpa kekerasan bermeterai", "stamped non-violence letter"),
    "non_violence_known_to_rt": Words("surat tanpa kekerasan diketahui RT", "non-violence letter known to the RT"),
    "non_violence_known_to_rw": Words("surat tanpa kekerasan diketahui RW", "non-violence letter known to the RW"),
    "application_form": Words("formulir permohonan", "application form"),
    "family_card_legalised": Words("KK dilegalisasi", "legalised family card"),
    "identity_card": Words("KTP", "identity card"),
    "marriage_book": Words("buku nikah", "marriage book"),
    "domicile_letter": Words("surat domisili", "letter of domicile"),
}
REQUIRED: dict[str, tuple[str, ...]] = {
    "foster": (
        "citizen",
        "domiciled_in_indonesia",
        "healthy",
        "good_conduct",
        "never_convicted",
        "passed_selection",
        "willingness_letter_stamped",
        "non_violence_letter_stamped",
        "non_violence_known_to_rt",
        "non_violence_known_to_rw",
        "application_form",
        "family_card_legalised",
        "identity_card",
        "marriage_book",
        "domicile_letter",
    ),
    "guardian": (
        "healthy",
        "good_conduct",
        "economically_able",
        "spouse_consents",
        "willingness_letter_stamped",
        "non_violence_letter_stamped",
    ),
    "cota": ("healthy", "good_conduct", "never_convicted", "economically_able", "married_five_years"),
}
"""The conditions of DOMAIN 1.3 for each kind of carer; where there is no spouse, the paper says so and the answer is yes."""
NEARER: dict[str, tuple[str, ...]] = {"family": (), "relative": ("family",), "other": ("family", "relative")}


@guard(
    Words("Kerabat yang diminta belum dinilai layak.", "The relative named is not assessed as suitable."),
    fix=Words("Nilai kerabat ini dan catat hasilnya pada F05.", "Assess this relative and record the result on F05."),
    law=(law.UUPA_26, law.DECK),
    reads=("F05", "F17", "register:family", "register:hosts"),
)
def kin_assessed_suitable(facts: Facts) -> Iterator[Words]:
    """The newest sheet about exactly this relative, at most 90 days old: willing and suitable, within the third degree, in the register."""
    named = facts.subject.relative
    if not any(relative.id == named for relative in kin(facts)):
        yield Words("Kerabat ini tidak ada dalam daftar keluarga.", "This relative is not in the family register.")
    weighed = (one for one in known(facts, OptionSheet) if one.author_role not in TRACERS)
    sheet = next((one for one in weighed if (one.body.rung, one.body.candidate) == ("kin", named)), None)
    if (
        sheet is None
        or facts.age_days(sheet) > facts.params.option_family_days
        or sheet.body.status != "suitable"
        or sheet.body.willing != "yes"
        or sheet.author_role not in OFFICE
    ):
        yield Words("Belum ada lembar berlaku yang menyatakan layak dan bersedia.", "No current sheet says suitable and willing.")
    yield from carer_gaps(facts, KIN_HOMES, relatives=True)


@guard(
    Words("Perjanjian pengasuhan dengan pengasuh ini belum ditandatangani.", "The care agreement with this carer is not signed."),
    fix=Words("Pengasuh yang diminta menandatangani F10.", "The carer named in the request signs F10."),
    law=(law.PP44, law.SNPA_IV_A_5),
    reads=("F10",),
)
def care_agreement_signed(facts: Facts) -> bool:
    """Signed by the same carer as in the request."""
    record = newest(facts, CareAgreement, lambda agreement: agreement.kind == "carer" and agreement.carer == facts.subject.carer)
    return record is not None and record.body.signed_by("carer")


@guard(
    Words("Orang tua asuh ini belum lolos semua syarat.", "This foster parent does not meet every condition."),
    fix=Words("Lengkapi verifikasi orang tua asuh (F19).", "Complete the verification of the foster parent (F19)."),
    law=(law.PP44,),
    reads=("F17", "F19", "register:hosts"),
)
def foster_parent_cleared(facts: Facts) -> Iterator[Words]:
    """A foster family in good standing: every condition of PP 44/2017, and between 30 and 55 years old."""
    yield from carer_gaps(facts, FOSTER_HOMES, relatives=False)
    yield from _clearance_gaps(facts, "foster", OLDEST)


@guard(
    Words("Calon wali ini belum memenuhi semua syarat.", "This guardian does not meet every condition."),
    fix=Words("Lengkapi verifikasi wali (F19).", "Complete the verification of the guardian (F19)."),
    law=(law.PP29, law.PM7),
    reads=("F17", "F19", "register:hosts"),
)
def guardian_cleared(facts: Facts) -> Iterator[Words]:
    """A relative or a household in good standing, never an institution: every condition of PP 29/2019, and at least 30 years old."""
    yield from carer_gaps(facts, GUARDIAN_HOMES, relatives=True)
    yield from _clearance_gaps(facts, "guardian", None)


@guard(
    Words("Calon orang tua angkat ini belum memenuhi semua syarat.", "This prospective adopter does not meet every condition."),
    fix=Words("Lengkapi verifikasi COTA (F19).", "Complete the verification of the prospective adopter (F19)."),
    law=(law.PP54,),
    reads=("F17", "F19", "register:hosts"),
)
def adopter_cleared(facts: Facts) -> Iterator[Words]:
    """An adoptive or foster family in good standing: every condition of PP 54/2007, and between 30 and 55 years old."""
    yield from carer_gaps(facts, ADOPTIVE_HOMES, relatives=False)
    yield from _clearance_gaps(facts, "cota", OLDEST)


@guard(
    Words("Wali bukan orang perseorangan.", "The guardian is not a natural person."),
    fix=Words(
        "Perwalian oleh lembaga dicatat sebagai status hukum; anak tetap di jalur LKSA.",
        "Guardianship by a body is a legal status; the child stays on the path of institutional care.",
    ),
    law=(law.PP29,),
    reads=("F19",),
)
def guardian_is_natural_person(facts: Facts) -> bool:
    """An institution as guardian would be a side door into institutional care."""
    record = _verification(facts, "guardian")
    return record is not None and record.legal_form == "natural_person"


@guard(
    Words("Urutan keluarga, saudara, lalu orang lain belum dijelaskan.", "The order family, relatives, others is not accounted for."),
    fix=Words("Tuliskan pada F19 mengapa yang lebih dekat dilewati.", "Write on F19 why each nearer rank was passed over."),
    law=(law.PP29_3,),
    reads=("F19",),
)
def guardian_preference_order_followed(facts: Facts) -> bool:
    """Every rank nearer than the guardian's was passed over for a reason."""
    record = _verification(facts, "guardian")
    return record is not None and {passed.rank for passed in record.preference_order}.issuperset(NEARER[record.rank])


@guard(
    Words("Agama anak dan pengasuh tidak sama atau tidak diketahui.", "Child and carer do not share a religion, or it is unknown."),
    fix=Words("Pilih pengasuh yang seagama dengan anak.", "Choose a carer who shares the child's religion."),
    law=(law.UUPA_33, law.UUPA_39, law.PP44),
    who=(*WORKER, *SUPERVISOR),
    reads=("F02", "F19"),
)
def same_religion(facts: Facts) -> bool:
    """The child's recorded religion against that verified for the carer named."""
    record = newest(facts, CarerVerification, lambda carer: carer.candidate == facts.subject.carer)
    return record is not None and religion_shared(facts.child.religion, record.body.religion)


@guard(
    Words("Agama anak tidak sesuai dengan dasar agama lembaga.", "The child's religion differs from the institution's."),
    fix=Words(
        "Pilih lembaga yang seagama dengan anak, atau yang tidak berdasar agama.",
        "Choose an institution of the child's religion, or one without a religious base.",
    ),
    law=(law.UUPA_37,),
    who=(*WORKER, *SUPERVISOR),
    reads=("F02", "F20", "register:hosts"),
)
def religion_compatible(facts: Facts) -> bool:
    """A religious institution takes children of its own religion only; one without a base takes all."""
    return facts.host is not None and (facts.host.religion is None or religion_shared(facts.child.religion, facts.host.religion))


def religion_shared(child: Religion, carer: Religion) -> bool:
    """Whether both religions are known and the same."""
    return child != "unknown" and child == carer


def _verification(facts: Facts, kind: str) -> CarerVerification | None:
    record = newest(facts, CarerVerification, lambda carer: carer.kind == kind and carer.candidate == facts.subject.carer)
    return record.body if record is not None else None


def _clearance_gaps(facts: Facts, kind: str, oldest: int | None) -> Iterator[Words]:
    """Yield what keeps the carer named from being cleared as `kind`. `oldest` is the last year of age allowed, if any."""
    carer = _verification(facts, kind)
    if carer is None:
        yield Words("Belum ada verifikasi (F19) atas pengasuh yang diminta.", "There is no verification (F19) of the carer named.")
        return
    met = {condition.code for condition in carer.conditions if condition.met == "yes"}
    for code in REQUIRED[kind]:
        if code not in met:
            yield CONDITIONS[code]
    if anniversary(carer.born, YOUNGEST) > facts.today:
        yield Words("belum berusia 30 tahun", "not yet 30 years old")
    if oldest is not None and anniversary(carer.born, oldest + 1) <= facts.today:
        yield Words("sudah lewat 55 tahun", "older than 55")
