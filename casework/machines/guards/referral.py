"""Guards about handing responsibility to another body (DOMAIN 2.9)."""

from collections.abc import Iterator

from casework.machines import law
from casework.machines.engine import Guard
from casework.machines.facts import Facts, Filed
from casework.machines.forms import Referral
from casework.machines.guards.assessment import (
    case_conference_held,
    comprehensive_assessment_approved,
    plan_gaps,
    reason_not_poverty_alone,
    sibling_unity_considered,
)
from casework.machines.guards.child import child_view_recorded, view_recorded
from casework.machines.guards.consents import parent_consent_or_court_or_dinas, statement_letter_signed
from casework.machines.guards.evidence import compared, known, newest
from casework.machines.guards.making import HEAD, WORKER, guard
from casework.machines.guards.moves import identity_documents_known_or_applied
from casework.machines.guards.options import all_family_options_ruled_out
from casework.words import Words

AUTHORITIES = frozenset({"dinas", "ministry", "court_named", "province", "uptd"})
ACCEPTED = frozenset({"accepted", "in_service", "completed", "feedback_closed"})
"""States of the referral's process in which the receiver has said yes."""
TO_BE_NOTIFIED: dict[str, Words] = {
    "police": Words("kepolisian", "police"),
    "village": Words("desa/kelurahan", "village"),
    "civil_registry": Words("Disdukcapil", "civil registry"),
}
ADMISSION_EVIDENCE: tuple[Guard[Facts], ...] = (
    comprehensive_assessment_approved,
    case_conference_held,
    all_family_options_ruled_out,
    reason_not_poverty_alone,
    parent_consent_or_court_or_dinas,
    sibling_unity_considered,
    identity_documents_known_or_applied,
    statement_letter_signed,
)
"""What admission to an institution asks of the evidence, beside the child's view and the plan."""


@guard(
    Words("Lembaga penerima belum menerima rujukan secara tertulis.", "The receiving body has not accepted in writing."),
    fix=Words(
        "Mintakan jawaban tertulis; surat yang diunggah harus diverifikasi orang kedua.",
        "Obtain the written answer; a letter that was uploaded must be verified by a second person.",
    ),
    law=(law.DESIGN_REFERRAL,),
    who=(*WORKER, "province_officer"),
    reads=("F13",),
)
def referral_accepted_by_receiver(facts: Facts) -> bool:
    """In writing, by the receiver named; and the process of that referral, where there is one, stands at accepted or later."""
    referral = newest(facts, Referral, lambda referral: referral.receiver == facts.subject.receiver)
    if referral is None or not facts.subject.receiver or not in_writing(referral):
        return False
    own = (process for process in facts.processes if process.record is not None and process.record.id == referral.id)
    return all(process.state in ACCEPTED for process in own)


def in_writing(referral: Filed[Referral]) -> bool:
    """Whether the receiver's yes is written: by its own account, or in a letter that another person verified."""
    if referral.body.acceptance is None:
        return False
    return referral.author_role == "province_officer" or referral.verified_by not in (None, referral.author)


@guard(
    Words("Penerima bukan instansi yang berwenang.", "The receiver is not an authority."),
    fix=Words(
        "Alih tangan hanya kepada Dinas, kementerian, atau lembaga yang ditunjuk pengadilan.",
        "Transfer only to a Dinas, the ministry or a body named by a court.",
    ),
    law=(law.DESIGN_REFERRAL, law.RIAU),
    reads=("F13", "register:bodies"),
)
def receiver_is_authority(facts: Facts) -> bool:
    """Never an LKSA or a carer: that would be a side door."""
    return facts.receiver is not None and facts.receiver.id == facts.subject.receiver and facts.receiver.kind in AUTHORITIES


@guard(
    Words("Tujuan lanjutan anak belum memenuhi syarat.", "Where the child goes on to is not lawful yet."),
    fix=Words(
        "Bila anak akan masuk lembaga, lengkapi semua bukti penerimaan dan surat Kepala Dinas.",
        "If the child goes on to an institution, complete all the evidence of an admission and the letter of the head.",
    ),
    law=(law.SNPA_IV_A, law.RIAU),
    who=(*WORKER, *HEAD),
    reads=tuple(
        sorted(
            {source for part in (*ADMISSION_EVIDENCE, child_view_recorded) for source in part.reads}
            | {"F08", "F13", "document:dinas_head_letter"}
        )
    ),
)
def onward_placement_lawful(facts: Facts) -> Iterator[Words]:
    """An institution elsewhere is asked the same as one here, and the Kepala Dinas recommends it."""
    referral = newest(facts, Referral, lambda referral: referral.receiver == facts.subject.receiver)
    if referral is None:
        yield Words("Rujukan (F13) belum ditandatangani.", "The referral (F13) is not signed.")
        return
    if referral.body.onward_setting != "institution":
        return
    for part in ADMISSION_EVIDENCE:
        if part.unmet(facts) is not None:
            yield part.words
    if not view_recorded(facts, "institution"):
        yield child_view_recorded.words
    yield from plan_gaps(facts, "institution")
    if not compared(facts, "dinas_head_letter"):
        yield Words("Surat rekomendasi Kepala Dinas belum dilampirkan.", "The letter of the head of the office is not attached.")


@guard(
    Words("Pihak berwenang belum semua diberi tahu.", "Not every authority has been notified."),
    fix=Words(
        "Beri tahu polisi, desa, dan Disdukcapil, lalu catat nomor suratnya (F13).",
        "Notify police, village and civil registry, and record it (F13).",
    ),
    law=(law.IACM, law.DESIGN),
    reads=("F13",),
)
def authorities_notified(facts: Facts) -> Iterator[Words]:
    """Police, village and civil registry, over all referrals of the round."""
    told = {notified.body for referral in known(facts, Referral) for notified in referral.body.notified}
    for body, words in TO_BE_NOTIFIED.items():
        if body not in told:
            yield words
