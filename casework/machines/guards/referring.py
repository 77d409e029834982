"""Guards of the referral (DOMAIN 2.9, 7.3): who is asked, what is shared, what was answered. All read the referral the process is about."""

from typing import cast

from casework.machines import law
from casework.machines.facts import Facts, Filed
from casework.machines.forms import Referral
from casework.machines.guards.evidence import compared
from casework.machines.guards.making import HEAD, WORKER, guard
from casework.machines.guards.referral import in_writing
from casework.words import Words

PROVINCIAL = frozenset({"province", "uptd"})
"""Bodies of the province: care inside institutions is its task, and the head of the regency's office recommends the child to it."""
RECEIVERS = frozenset({"province_officer"})
"""Roles whose account is the receiver's own."""


def _referral(facts: Facts) -> Filed[Referral] | None:
    """Return the newest version of the F13 that opened the process."""
    return cast("Filed[Referral] | None", facts.process.record if facts.process is not None else None)


@guard(
    Words("Lembaga penerima belum disebut atau tidak terdaftar.", "The receiving body is not named, or not registered."),
    fix=Words("Pilih lembaga penerima dari daftar lembaga pada F13.", "Choose the receiver on F13 from the register of bodies."),
    law=(law.DESIGN_REFERRAL, law.IACM),
    reads=("F13", "register:bodies"),
)
def recipient_registered(facts: Facts) -> bool:
    """The body that the referral names stands in the register of bodies."""
    record = _referral(facts)
    return record is not None and facts.receiver is not None and facts.receiver.id == record.body.receiver


@guard(
    Words("Belum disebut data apa yang dibagikan.", "What is shared is not listed."),
    fix=Words(
        "Sebutkan pada F13 hanya data yang diperlukan penerima, satu per satu.", "List on F13 only what the receiver needs, one by one."
    ),
    law=(law.PDP, law.DESIGN_REFERRAL),
    reads=("F13",),
)
def shared_data_listed(facts: Facts) -> bool:
    """Minimum necessary data: each kind is named. Why it is needed, F13 always says."""
    record = _referral(facts)
    return record is not None and bool(record.body.shared)


@guard(
    Words("Surat rekomendasi Kepala Dinas belum dilampirkan dan dicocokkan.", "The head's letter is not attached and compared."),
    fix=Words(
        "Lampirkan surat Kepala Dinas; pekerja sosial kedua mencocokkannya dengan aslinya.",
        "Attach the letter of the head of the office; a second social worker compares it with its original.",
    ),
    law=(law.REGIONAL, law.DESIGN_REFERRAL),
    who=(*WORKER, *HEAD),
    reads=("F13", "document:dinas_head_letter", "register:bodies"),
)
def recommended_to_the_province(facts: Facts) -> bool:
    """Asked only of a referral to the province or its units, or into an institution."""
    record = _referral(facts)
    provincial = facts.receiver is not None and facts.receiver.kind in PROVINCIAL
    inside = record is not None and record.body.onward_setting == "institution"
    return not (provincial or inside) or compared(facts, "dinas_head_letter")


@guard(
    Words("Penerima belum menyatakan menerima secara tertulis.", "The receiver has not accepted in writing."),
    fix=Words(
        "Catat jawaban penerima pada F13 dan mintakan verifikasi orang kedua, atau biarkan penerima menjawab dengan akunnya sendiri.",
        "Record the answer on F13 and have a second person verify it, or let the receiver answer with its own account.",
    ),
    law=(law.DESIGN_REFERRAL,),
    who=(*WORKER, "province_officer"),
    reads=("F13", "register:bodies"),
)
def accepted_by_the_receiver(facts: Facts) -> bool:
    """By the receiver's own account, or in the newest F13: written by the receiver, or verified by another person than its author."""
    record = _referral(facts)
    own = facts.receiver is not None and facts.receiver.kind in PROVINCIAL and not RECEIVERS.isdisjoint(facts.ask.capacities)
    return own or (record is not None and in_writing(record))


@guard(
    Words("Alasan penolakan belum dicatat.", "The reason of the refusal is not recorded."),
    fix=Words("Catat alasan penerima menolak pada F13.", "Record on F13 why the receiver refuses."),
    law=(law.DESIGN_REFERRAL,),
    who=(*WORKER, "province_officer"),
    reads=("F13",),
)
def refusal_reasoned(facts: Facts) -> bool:
    """In the newest version of the F13."""
    record = _referral(facts)
    return record is not None and bool(record.body.refusal_reason.strip())


@guard(
    Words("F13 ini meminta jawaban dari sebuah lembaga.", "This F13 asks a body for an answer."),
    fix=Words("Kirim rujukan dan tunggu jawabannya.", "Send the referral and wait for its answer."),
    law=(law.IACM, law.DESIGN_REFERRAL),
    reads=("F13",),
)
def only_notifies(facts: Facts) -> bool:
    """Nobody is asked to take the child on: authorities were told."""
    record = _referral(facts)
    return record is not None and record.body.receiver == ""


@guard(
    Words("Umpan balik dari penerima belum dicatat.", "The receiver's feedback is not recorded."),
    fix=Words("Mintakan umpan balik dan catat pada F13.", "Ask for feedback and record it on F13."),
    law=(law.IACM, law.DESIGN_REFERRAL),
    who=(*WORKER, "province_officer"),
    reads=("F13",),
)
def feedback_recorded(facts: Facts) -> bool:
    """What became of the child with the receiver stands in the newest version of the F13."""
    record = _referral(facts)
    return record is not None and bool(record.body.feedback.strip())


@guard(
    Words("Rujukan ini tidak mendesak.", "This referral is not urgent."),
    fix=Words("Tandai rujukan sebagai mendesak pada F13.", "Mark the referral as urgent on F13."),
    law=(law.DESIGN_REFERRAL,),
    reads=("F13",),
)
def referral_is_urgent(facts: Facts) -> bool:
    """As F13 says: the reply is due within hours, not working days."""
    record = _referral(facts)
    return record is not None and record.body.urgency == "urgent"
