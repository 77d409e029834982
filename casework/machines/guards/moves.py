"""Guards about the move itself: one placement at a time, minutes of handing over, papers known, where the child was placed before."""

from collections.abc import Iterator
from datetime import timedelta

from casework.machines import law
from casework.machines.facts import Facts
from casework.machines.forms import HOME, HandoverMinutes, PersonalData, signed_by
from casework.machines.guards.evidence import compared, never_placed_or_came_home, newest, open_placements, setting_id
from casework.machines.guards.making import HEAD, SUPERVISOR, WORKER, guard
from casework.words import Words

CHANGES = frozenset({"change_institution", "change_foster_family", "change_kin_family", "relocate_from_lost_host"})


@guard(
    Words("Ada penempatan lain yang tidak diakhiri oleh langkah ini.", "Another placement is not ended by this move."),
    fix=Words("Akhiri dahulu penempatan itu dengan berita acara.", "End that placement first, with its minutes."),
    law=(law.IACM, law.DESIGN),
    who=(*WORKER, *SUPERVISOR),
    reads=("register:placements",),
)
def no_active_placement_overlap(facts: Facts) -> Iterator[Words]:
    """At most the one placement of this case that the move ends; and a change names another carer."""
    placement = facts.current_placement
    if placement is None:
        return
    if open_placements(facts) > 1:
        yield Words("Lebih dari satu penempatan masih berjalan.", "More than one placement is running.")
    if placement.case_id not in ("", facts.case.id):
        yield Words("Penempatan berjalan dalam kasus lain.", "The placement runs in another case.")
    if facts.trigger in CHANGES and placement.carer == facts.subject.carer:
        yield Words("Tempat yang diminta sama dengan yang sekarang.", "The setting named is the present one.")


@guard(
    Words("Berita acara serah terima untuk langkah ini belum ditandatangani.", "The handover minutes for this move are not signed."),
    fix=Words(
        "Buat F12 dari tempat sekarang ke tempat tujuan; bila yang menyerahkan tidak bisa atau tidak mau, Dinas dan seorang saksi.",
        "Make F12 from the present to the new setting; where the giver cannot or will not sign, Dinas and a witness.",
    ),
    law=(law.SNPA_ENDING, law.UNG_67),
    reads=("F12", "register:placements"),
)
def handover_minutes_signed(facts: Facts) -> bool:
    """The minutes name this move's from and to, and both sign."""
    record = newest(facts, HandoverMinutes)
    if record is None or (record.body.giver, record.body.receiver) != (setting_id(facts), _destination(facts)):
        return False
    signatures = record.body.signatures
    for_the_giver = signed_by(signatures, "giver") or (
        bool(record.body.giver_unable_because) and signed_by(signatures, "dinas") and signed_by(signatures, "witness")
    )
    return for_the_giver and signed_by(signatures, "receiver")


def _destination(facts: Facts) -> str:
    return facts.subject.carer or facts.subject.receiver or HOME


@guard(
    Words(
        "Akta kelahiran atau KK belum diketahui dan belum diajukan.", "Birth certificate or family card is neither known nor applied for."
    ),
    fix=Words(
        "Catat nomornya pada F02, atau ajukan dan catat tanda terimanya.", "Record the number on F02, or apply and record the receipt."
    ),
    law=(law.UUPA_27, law.SEED_ID),
    reads=(
        "F02",
        "document:birth_certificate",
        "document:birth_certificate_application",
        "document:family_card",
        "document:family_card_application",
    ),
)
def identity_documents_known_or_applied(facts: Facts) -> Iterator[Words]:
    """An unknown paper never blocks a child for long: the receipt of the application is enough."""
    record = newest(facts, PersonalData)
    certificate = record is not None and record.body.birth_certificate.known_or_applied
    card = record is not None and record.body.family_card.known_or_applied
    if not certificate and not compared(facts, "birth_certificate", "birth_certificate_application"):
        yield Words("akta kelahiran", "birth certificate")
    if not card and not compared(facts, "family_card", "family_card_application"):
        yield Words("kartu keluarga", "family card")


@guard(
    Words("Anak masih harus kembali lewat uji coba dan reintegrasi.", "This child must come home by trial and reintegration."),
    fix=Words("Gunakan uji coba reunifikasi.", "Use the trial home stay."),
    law=(law.UNG_49_52, law.IAR),
    reads=("register:placements", "register:journal"),
)
def child_not_returning_from_placement(facts: Facts) -> bool:
    """No decided placement, or the last one ended by confirm_return_home; and no more emergency days than one emergency may last."""
    return never_placed_or_came_home(facts) and facts.case.emergency_days <= facts.params.emergency_max_days


@guard(
    Words("Tempat anak tidak lagi ditahan.", "The child's place is no longer held."),
    fix=Words("Ajukan penempatan baru.", "Ask for a new placement."),
    law=(law.IAR, law.DESIGN_REUNIFICATION),
    reads=("register:placements",),
)
def placement_reserved(facts: Facts) -> bool:
    """The bed is reserved during a trial."""
    placement = facts.current_placement
    return placement is not None and placement.status == "reserved"


@guard(
    Words("Penempatan anak belum berakhir.", "The child's placement has not ended."),
    fix=Words(
        "Kembalikan anak ke tempat yang ditahan, atau tunggu masa tahan berakhir.",
        "Return the child to the place held, or let the hold end.",
    ),
    law=(law.DESIGN_MISSING,),
    who=(*WORKER, *HEAD),
    reads=("register:placements",),
)
def placement_ended(facts: Facts) -> bool:
    """None is active, unconfirmed, on leave or reserved."""
    return facts.current_placement is None


@guard(
    Words("Tidak ada keadaan darurat lain dalam 90 hari terakhir.", "There was no other emergency within the last 90 days."),
    fix=Words("Tidak ada yang perlu ditinjau.", "There is nothing to look at."),
    law=(law.DESIGN_EMERGENCY,),
    reads=("register:clock", "register:placements"),
)
def emergency_before(facts: Facts) -> bool:
    """Another one began within so many days; a child that went missing from an emergency comes back into the same."""
    began = facts.now - timedelta(days=facts.params.emergency_again_days)
    goes_on = (facts.case.state, facts.case.missing_from) == ("missing", "emergency_care")
    return not goes_on and any(each.kind == "emergency" and each.started_at > began for each in facts.placements)


@guard(
    Words("Penempatan anak tidak sering berganti.", "The child has not been moved often."),
    fix=Words("Tidak ada yang perlu ditinjau.", "There is nothing to look at."),
    law=(law.UNG_60, law.DESIGN),
    reads=("register:clock", "register:placements"),
)
def moved_often(facts: Facts) -> bool:
    """With the placement that begins now, so many began within twelve months that somebody asks why: frequent moves are harmful."""
    began = facts.now - timedelta(days=facts.params.moves_counted_days)
    return sum(each.started_at > began for each in facts.placements) + 1 >= facts.params.moves_alarm
