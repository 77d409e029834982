"""Guards about who agrees to a placement: parents, a court, or Dinas where the parents cannot be asked; and the court's own papers."""

from collections.abc import Iterator

from casework.machines import law
from casework.machines.facts import Facts
from casework.machines.forms import CareAgreement, Consent, StatementLetter, signed_by
from casework.machines.guards.evidence import compared, newest
from casework.machines.guards.making import HEAD, SUPERVISOR, WORKER, guard
from casework.words import Words

ORDERS = {"record_guardianship": "guardianship_order", "finalise_adoption": "adoption_order"}
"""The kind of order each row needs; an order of another kind does not serve."""


@guard(
    Words(
        "Belum ada persetujuan orang tua, penetapan pengadilan, atau Dinas sebagai pihak.",
        "Neither the parents' consent, nor a court's, nor Dinas as a party is on file.",
    ),
    fix=Words(
        "Mintakan surat pernyataan (F09) untuk tempat ini; bila orang tua tiada, Dinas menjadi pihak dalam F10.",
        "Obtain the statement letter (F09) for this setting; where there are no parents, Dinas becomes a party in F10.",
    ),
    law=(law.UUPA_30_32, law.SNPA_IV_A_5),
    who=(*WORKER, *HEAD),
    reads=("F09", "F10", "document:placement_order"),
)
def parent_consent_or_court_or_dinas(facts: Facts) -> bool:
    """For this placement. Dinas stands in only for parents who cannot be asked; a refusal is for a court."""
    return _parents_agree(facts) or compared(facts, "placement_order") or _dinas_is_party(facts)


def _parents_agree(facts: Facts) -> bool:
    letter = _letter(facts)
    return (
        letter is not None
        and letter.consent == "given"
        and letter.signed_by != "dinas"
        and signed_by(letter.signatures, "parent", "guardian")
    )


def _dinas_is_party(facts: Facts) -> bool:
    record = newest(facts, CareAgreement, lambda agreement: agreement.kind == "carer" and agreement.carer == _named(facts))
    return record is not None and record.body.signed_by("dinas") and bool(record.body.dinas_because)


def _letter(facts: Facts) -> StatementLetter | None:
    """Return the newest statement letter about where the child would go, or None."""
    record = newest(facts, StatementLetter, lambda letter: letter.carer == _named(facts))
    return record.body if record is not None else None


def _named(facts: Facts) -> str:
    return facts.subject.carer or facts.subject.receiver


@guard(
    Words("Surat pernyataan untuk tempat ini belum ditandatangani.", "The statement letter for this setting is not signed."),
    fix=Words(
        "Orang tua atau wali menandatangani F09; bila tiada atau menolak, Dinas dengan seorang saksi, atau penetapan pengadilan.",
        "Parent or guardian signs F09; where absent or refusing, Dinas with a witness, or the court's order.",
    ),
    law=(law.SNPA_IV_A_5,),
    who=(*WORKER, *HEAD),
    reads=("F09", "document:placement_order"),
)
def statement_letter_signed(facts: Facts) -> bool:
    """Who signs in the parents' place says why, and a witness signs too."""
    letter = _letter(facts)
    return compared(facts, "placement_order") or (letter is not None and _letter_stands(letter))


def _letter_stands(letter: StatementLetter) -> bool:
    if letter.signed_by == "dinas":
        return bool(letter.absence) and signed_by(letter.signatures, "dinas") and signed_by(letter.signatures, "witness")
    return signed_by(letter.signatures, "parent", "guardian")


@guard(
    Words("Belum ada persetujuan orang tua atau pengadilan untuk pengangkatan.", "Neither parents nor a court have consented to adoption."),
    fix=Words(
        "Lampirkan persetujuan orang tua untuk pengangkatan (F22 atau F09), atau penetapan pengadilan.",
        "Attach the parents' consent to adoption (F22 or F09), or the court's order.",
    ),
    law=(law.UUPA_39_41, law.PP54),
    reads=("F09", "F22", "document:adoption_consent_order"),
)
def parental_consent_or_court(facts: Facts) -> bool:
    """Dinas cannot consent to an adoption."""
    return any(_adoption_consents(facts))


def _adoption_consents(facts: Facts) -> Iterator[bool]:
    consent = newest(facts, Consent, lambda consent: "adoption" in consent.purposes)
    yield (
        consent is not None
        and consent.body.decision == "given"
        and consent.body.legal_basis == "consent"
        and consent.body.giver in {"mother", "father", "guardian"}
    )
    letter = newest(facts, StatementLetter)
    yield (
        letter is not None
        and letter.body.consents_to_adoption == "yes"
        and letter.body.consent == "given"
        and signed_by(letter.body.signatures, "parent", "guardian")
    )
    yield compared(facts, "adoption_consent_order")


@guard(
    Words(
        "Penetapan pengadilan belum dilampirkan atau belum dicocokkan.",
        "The court order is not attached, or not compared with its original.",
    ),
    fix=Words(
        "Lampirkan penetapan; pekerja sosial kedua mencocokkannya dengan aslinya.",
        "Attach the order; a second social worker compares it with its original.",
    ),
    law=(law.UUPA_33_36, law.PP54),
    who=(*WORKER, *SUPERVISOR),
    reads=("document:guardianship_order", "document:adoption_order"),
)
def court_order_attached(facts: Facts) -> bool:
    """Of the kind that the row needs; asked about no row, either."""
    kind = ORDERS.get(facts.trigger)
    return compared(facts, kind) if kind is not None else compared(facts, *ORDERS.values())


@guard(
    Words(
        "Izin pengasuhan sementara belum dilampirkan atau belum dicocokkan.", "The temporary care permit is not attached, or not compared."
    ),
    fix=Words("Lampirkan izin; pekerja sosial kedua mencocokkannya.", "Attach the permit; a second social worker compares it."),
    law=(law.PP54,),
    who=(*WORKER, *SUPERVISOR),
    reads=("document:temporary_care_permit",),
)
def temporary_care_permit_attached(facts: Facts) -> bool:
    """Issued by the province or the ministry."""
    return compared(facts, "temporary_care_permit")


@guard(
    Words("Izin pengangkatan belum dilampirkan atau belum dicocokkan.", "The adoption permit is not attached, or not compared."),
    fix=Words(
        "Lampirkan izin pengangkatan; pekerja sosial kedua mencocokkannya.", "Attach the permit; a second social worker compares it."
    ),
    law=(law.PP54,),
    who=(*WORKER, *SUPERVISOR),
    reads=("document:adoption_permit",),
)
def adoption_permit_attached(facts: Facts) -> bool:
    """Issued by the province or the ministry, before the court."""
    return compared(facts, "adoption_permit")


@guard(
    Words(
        "Surat kematian atau keterangan pengganti belum dilampirkan.", "No death certificate, nor a statement in its place, is attached."
    ),
    fix=Words(
        "Lampirkan akta kematian, atau keterangan dokter, polisi, atau desa, lalu mintakan pencocokan.",
        "Attach the certificate, or a doctor's, police or village statement, and have it compared.",
    ),
    law=(law.DESIGN_MISSING,),
    reads=("document:death_certificate", "document:doctor_statement", "document:police_statement", "document:village_statement"),
)
def death_certificate_attached(facts: Facts) -> bool:
    """A statement suffices; the akta kematian then becomes a task."""
    return compared(facts, "death_certificate", "doctor_statement", "police_statement", "village_statement")
