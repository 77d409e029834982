"""Refusals of what is asked about a child's own data."""

from casework.errors import Law, Reason
from casework.words import Words

_DATA = (Law("UU 27/2022 pasal 6-9", "BG-H"),)


def identity_not_shown() -> Reason:
    """Nobody is given a child's data who did not show who they are."""
    return Reason(
        code="identity_not_shown",
        words=Words("Pemohon belum menunjukkan siapa dirinya.", "Who asks has not shown who they are."),
        law=_DATA,
        fix=Words("Tolak, atau catat permohonan baru sesudah identitasnya dicocokkan.", "Refuse it, or enter it anew once they have."),
        who=("social_worker_on_duty",),
    )


_ERASURE = (Law("UU 27/2022 pasal 43-44", "BG-H"),)


def case_not_ended() -> Reason:
    """What is needed for a child in care is not erased."""
    return Reason(
        code="case_not_ended",
        words=Words("Kasus anak ini belum ditutup.", "This child's case is not closed."),
        law=_ERASURE,
        fix=Words(
            "Tolak permohonan, atau tutup kasusnya lebih dulu menurut aturannya.", "Refuse it, or close the case first by its rules."
        ),
        who=("supervisor",),
    )


def retention_not_over(days: int) -> Reason:
    """Records of a child's care are kept for years: the child may ask where it was, and why."""
    return Reason(
        code="retention_not_over",
        words=Words(f"Masa simpan belum habis: {days} hari lagi.", f"The time of keeping is not over: {days} days more."),
        law=(*_ERASURE, Law("ketentuan aplikasi / product rule retention_years", "DESIGN")),
        fix=Words("Tolak dengan alasan wajib disimpan.", "Refuse it: the law requires it to be kept."),
        who=("dinas_head",),
    )


def something_open() -> Reason:
    """Nothing is erased that somebody still has to do, decide or review."""
    return Reason(
        code="something_open",
        words=Words(
            "Masih ada tugas, proses, atau permohonan tentang anak ini.", "A task, process or request about this child is still open."
        ),
        law=_ERASURE,
        fix=Words("Selesaikan lebih dulu.", "Settle it first."),
        who=("supervisor", "dinas_head"),
    )


def held_elsewhere() -> Reason:
    """An office answers for its own data only."""
    return Reason(
        code="held_elsewhere",
        words=Words("Anak ini juga mempunyai kasus di kantor lain.", "This child has a case at another office too."),
        law=_ERASURE,
        fix=Words("Hubungi kantor itu: data anak dihapus bersama-sama.", "Contact that office: a child's data go together."),
        who=("dinas_head",),
    )


def correction_not_made() -> Reason:
    """A correction is granted by making it: of the identity on a paper, of a record by one that supersedes it."""
    return Reason(
        code="correction_not_made",
        words=Words("Belum ada perbaikan yang menjawab permohonan ini.", "No correction answers this request yet."),
        law=_DATA,
        fix=Words(
            "Perbaiki identitas dengan surat, atau ganti catatan yang salah, lalu sebutkan perbaikan itu.",
            "Correct the identity on a paper, or supersede the wrong record; then name that correction.",
        ),
        who=("social_worker", "supervisor"),
    )
