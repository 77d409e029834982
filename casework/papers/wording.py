"""What each official paper says around its answers: title, opening and closing sentence, and who signs it. A new paper is a row here."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from casework.machines.spoken import FINDINGS, LADDER, OPTIONS
from casework.words import Words


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of paper.

    Sentences may name any answer by its field, and {weekday}, {date}, {clock} of `moment` (a field; "" for the day of the record itself).
    `leave_out` are answers that the sentences or signatures say already. `signs` are fields that hold a name, and as what it signs;
    `addressed` is the field that says to whom the paper goes. `acknowledged`: somebody signs for the office beside them. `lives`: it says
    with whom the child lived then.
    """

    title: Words
    opening: Words
    closing: Words
    moment: str = ""
    leave_out: frozenset[str] = frozenset()
    signs: tuple[tuple[str, Words], ...] = ()
    addressed: str = ""
    acknowledged: bool = False
    lives: bool = False


_TRULY = Words(
    "Demikian dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya.",
    "This was drawn up truthfully, to be used for its proper purpose.",
)
_IN_THREE = Words(
    "Demikian berita acara ini dibuat dengan sebenarnya dalam rangkap 3 (tiga) untuk dipergunakan sebagaimana mestinya.",
    "These minutes were drawn up truthfully, in three copies, to be used for their proper purpose.",
)

PAPERS: Mapping[str, Paper] = {
    "F09": Paper(
        title=Words("Surat Pernyataan Orang Tua/Wali", "Statement Letter of the Parents or Guardian"),
        opening=Words(
            "Pada hari ini, {weekday}, tanggal {date}, yang bertanda tangan di bawah ini, {signer_name} ({relation}), menyatakan dengan "
            "sadar dan tanpa paksaan hal-hal berikut mengenai anak:",
            "On this day, {weekday}, {date}, the undersigned, {signer_name} ({relation}), freely and knowingly states the following "
            "about the child:",
        ),
        closing=Words(
            "Pernyataan ini bukan pelepasan hak orang tua, dan persetujuan di dalamnya dapat ditarik kembali. "
            "Demikian dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya.",
            "This statement gives up no parental right, and the consent in it may be withdrawn. "
            "It was drawn up truthfully, to be used for its proper purpose.",
        ),
        leave_out=frozenset({"signer_name", "relation", "signatures", "surrenders_parental_rights", "stamp_duty"}),
        signs=(("signer_name", Words("Yang membuat pernyataan", "Who makes this statement")),),
        acknowledged=True,
    ),
    "F10": Paper(
        title=Words("Surat Perjanjian Pengasuhan", "Care Agreement"),
        opening=Words(
            "Pada hari ini, {weekday}, tanggal {date}, para pihak di bawah ini bersepakat tentang pengasuhan anak sebagai berikut:",
            "On this day, {weekday}, {date}, the parties named below agree on the care of the child as follows:",
        ),
        closing=Words(
            "Perjanjian ini dibuat tanpa paksaan dan demi kepentingan terbaik anak; setiap pihak menerima satu rangkap yang sama bunyinya.",
            "This agreement was made freely and in the best interests of the child; each party receives a copy of the same wording.",
        ),
        acknowledged=True,
    ),
    "F11": Paper(
        title=Words("Berita Acara Penerimaan Anak", "Minutes of the Admission of a Child"),
        opening=Words(
            "Pada hari ini, {weekday}, tanggal {date}, pukul {clock}, bertempat di {host}, kami yang bertanda tangan di bawah ini "
            "menerangkan bahwa telah dilakukan serah terima anak untuk diasuh, dengan data sebagai berikut:",
            "On this day, {weekday}, {date}, at {clock}, at {host}, we, the undersigned, state that a child was handed over to be cared "
            "for, as follows:",
        ),
        closing=_IN_THREE,
        moment="received_at",
        leave_out=frozenset({"host", "received_at", "handed_over_by", "received_by", "signatures"}),
        signs=(
            ("handed_over_by", Words("Yang menyerahkan", "Handed over by")),
            ("received_by", Words("Yang menerima", "Received by")),
        ),
        acknowledged=True,
    ),
    "F12": Paper(
        title=Words("Berita Acara Serah Terima Anak", "Minutes of the Handover of a Child"),
        opening=Words(
            "Pada hari ini, {weekday}, tanggal {date}, pukul {clock}, kami yang bertanda tangan di bawah ini menerangkan bahwa seorang "
            "anak telah diserahkan oleh {giver} kepada {receiver}, dengan data sebagai berikut:",
            "On this day, {weekday}, {date}, at {clock}, we, the undersigned, state that a child was handed over by {giver} to {receiver}, "
            "as follows:",
        ),
        closing=_IN_THREE,
        moment="handed_over_at",
        leave_out=frozenset({"giver", "receiver", "handed_over_at", "signatures"}),
        acknowledged=True,
    ),
    "F13": Paper(
        title=Words("Surat Rujukan", "Letter of Referral"),
        opening=Words(
            "Bersama ini {sender} merujuk anak dengan data di bawah ini, dan memohon kesediaan lembaga penerima untuk menanganinya.",
            "Hereby {sender} refers the child described below, and asks the receiving body to take up the matter.",
        ),
        closing=Words(
            "Selama rujukan ini belum diterima secara tertulis, tanggung jawab atas anak tetap pada pengirim. "
            "Atas perhatian dan kerja samanya diucapkan terima kasih.",
            "Until this referral is accepted in writing, the sender remains responsible for the child. "
            "Thank you for your attention and cooperation.",
        ),
        leave_out=frozenset({"sender", "receiver"}),
        addressed="receiver",
        acknowledged=True,
    ),
    "F14": Paper(
        title=Words("Lembar Reunifikasi Anak dan Keluarga", "Reunification of Child and Family"),
        opening=Words(
            "Pada hari {weekday}, tanggal {date}, kesiapan anak dan keluarga untuk bersatu kembali dinilai sebagai berikut:",
            "On {weekday}, {date}, the readiness of child and family to live together again was assessed as follows:",
        ),
        closing=_TRULY,
        leave_out=frozenset({"signatures"}),
        acknowledged=True,
    ),
    "F15": Paper(
        title=Words("Laporan Pemantauan dan Reintegrasi", "Report of a Monitoring Visit"),
        opening=Words(
            "Pada hari {weekday}, tanggal {date}, telah dilakukan kunjungan pemantauan ke-{visit} dengan hasil sebagai berikut:",
            "On {weekday}, {date}, monitoring visit number {visit} was made, with the following result:",
        ),
        closing=_TRULY,
        leave_out=frozenset({"visit"}),
        lives=True,
    ),
    "F16": Paper(
        title=Words("Laporan Perkembangan Anak", "Progress Report on a Child"),
        opening=Words(
            "Perkembangan anak selama {period_from} sampai dengan {period_to} dilaporkan sebagai berikut:",
            "How the child fared from {period_from} to {period_to} is reported as follows:",
        ),
        closing=_TRULY,
        leave_out=frozenset({"period_from", "period_to"}),
        lives=True,
    ),
    "F18": Paper(
        title=Words("Surat Pengakhiran Layanan", "Closure of Services"),
        opening=Words(
            "Pada hari {weekday}, tanggal {date}, layanan bagi anak di bawah ini diusulkan berakhir dengan alasan: {reason}.",
            "On {weekday}, {date}, it was proposed to end the services for the child below, for this reason: {reason}.",
        ),
        closing=_TRULY,
        leave_out=frozenset({"reason", "signatures"}),
        acknowledged=True,
    ),
    "F27": Paper(
        title=Words("Laporan Bulanan Anak di LKSA", "Monthly Report on a Child in an Institution"),
        opening=Words(
            "Keadaan anak selama {period_from} sampai dengan {period_to} dilaporkan sebagai berikut:",
            "How the child fared from {period_from} to {period_to} is reported as follows:",
        ),
        closing=_TRULY,
        leave_out=frozenset({"period_from", "period_to"}),
        lives=True,
    ),
}
"""The wording by code of form. Which forms are official papers, and how numbers call them, the catalogue of forms says (`Kind.paper`)."""

RUNGS: Mapping[str, Words] = {
    "nuclear": LADDER[1].headed(),
    "kin": LADDER[2].headed(),
    **{
        option: Words(f"{LADDER[3].id}: {OPTIONS[option].id}", f"{LADDER[3].en}: {OPTIONS[option].en}").headed()
        for option in ("foster", "guardianship", "adoption")
    },
}
"""The rungs above an institution, as minutes name them."""
FOUND = frozenset({"open", "suitable", "in_process"})
"""Results after which a family is still possible."""
RESULTS: Mapping[str, Words] = {
    "open": Words("Masih ditelusuri", "Still being traced"),
    "suitable": FINDINGS["suitable"].headed(),
    "deceased": Words("Meninggal", "Deceased"),
    "untraceable": Words("Tidak ditemukan", "Not found"),
    "unwilling_after_counselling": Words("Tidak bersedia", "Not willing"),
    "unsafe_substantiated": Words("Belum memungkinkan", "Not possible at present"),
    "incapable_despite_support": Words("Belum mampu", "Not yet able"),
    "legally_barred": Words("Belum memungkinkan", "Not possible at present"),
    "none_available_after_search": Words("Tidak tersedia", "None available"),
    "parents_have_custody": FINDINGS["not_applicable"].headed(),
    "no_parental_consent": FINDINGS["not_applicable"].headed(),
    "age": FINDINGS["not_applicable"].headed(),
    "child_refuses": FINDINGS["not_applicable"].headed(),
    "no_suitable_applicant": Words("Tidak tersedia", "None available"),
    "in_process": Words("Dalam proses", "In process"),
}
"""How an attempt ended, in words for a paper that many hands hold: what happened in a family stays in its option sheet."""
TRIED_AND_NONE = Words(
    "Dasar penempatan: pengasuhan oleh keluarga inti, keluarga besar/kerabat, dan keluarga pengganti telah diupayakan dan belum tersedia, "
    "sebagaimana tercatat di bawah ini. Penempatan di lembaga merupakan pilihan terakhir dan bersifat sementara.",
    "Basis of the placement: care by the own family, by kin and by a substitute family was sought and is not available at present, as "
    "recorded below. Placement in an institution is the last resort, and temporary.",
)
TRIED = Words(
    "Upaya pengasuhan oleh keluarga yang tercatat sampai berita acara ini ditandatangani:",
    "What was tried for care in a family, as recorded until these minutes were signed:",
)
EVERY_RUNG = frozenset(RUNGS)
