"""Refusals that belong to services rather than to a row of a machine."""

from casework.errors import Law, Reason
from casework.machines.refusals import role_words
from casework.words import Words

_SAFE = (Law("DOMAIN 7.2", "DESIGN"), Law("SNPA/IACM Appendix 2", "SEEN"))


def child_has_open_case(number: str) -> Reason:
    """One open case per child (I1)."""
    return Reason(
        code="duplicate_case",
        words=Words(f"Anak ini sudah mempunyai kasus terbuka: {number}.", f"This child already has an open case: {number}."),
        law=(Law("DOMAIN 2.12, 7.1.4 I1", "DESIGN"),),
        fix=Words("Buka kasus itu dan lanjutkan di sana.", "Open that case and go on there."),
        who=("social_worker",),
    )


def reopen_instead(number: str) -> Reason:
    """A new report about a child whose case was closed belongs to that case (DOMAIN 7.1)."""
    return Reason(
        code="closed_case_exists",
        words=Words(f"Kasus anak ini sudah ditutup: {number}.", f"This child's case was closed: {number}."),
        law=(Law("DOMAIN 7.1", "DESIGN"), Law("Inter-Agency Guidelines for Case Management", "SEEN")),
        fix=Words(
            "Buka kasus itu, catat laporan baru (F01) di sana, lalu buka kembali.",
            "Open that case, file the new F01 there, then reopen it.",
        ),
        who=("social_worker",),
    )


def backdating_needs_supervisor(days: int) -> Reason:
    """Entering something that happened long ago is a supervisor's act."""
    return Reason(
        code="backdating_needs_supervisor",
        words=Words(
            f"Kejadian lebih dari {days} hari yang lalu hanya boleh dicatat oleh supervisor.",
            f"Something that happened more than {days} days ago may only be entered by a supervisor.",
        ),
        law=(Law("DOMAIN 7.1.2", "DESIGN"),),
        fix=Words("Mintalah supervisor mencatatnya.", "Ask a supervisor to enter it."),
        who=("supervisor", "dinas_head"),
    )


def open_business(incidents: int, referrals: int) -> Reason:
    """A case does not end while something beside it is open (I6)."""
    return Reason(
        code="open_business",
        words=Words("Kasus tidak dapat diakhiri: masih ada urusan terbuka.", "The case cannot end: something beside it is still open."),
        law=(Law("DOMAIN 7.1.2, 7.1.4 I6", "DESIGN"), Law("SNPA pelaporan kekerasan", "SEEN-2")),
        fix=Words("Selesaikan insiden dan rujukan yang terbuka lebih dahulu.", "Finish the open incidents and referrals first."),
        who=("social_worker", "supervisor"),
        where=("F17", "F13"),
        details=(
            Words(f"insiden terbuka: {incidents}", f"open incidents: {incidents}"),
            Words(f"rujukan belum dijawab: {referrals}", f"unanswered referrals: {referrals}"),
        ),
    )


def evidence_not_opened(titles: tuple[Words, ...]) -> Reason:
    """Nobody approves what they did not open."""
    return Reason(
        code="evidence_not_opened",
        words=Words("Bukti yang mengikat belum semuanya dibuka.", "Not all of the evidence was opened."),
        law=_SAFE,
        fix=Words("Buka dan baca setiap bukti, lalu putuskan.", "Open and read each piece of evidence, then decide."),
        who=("supervisor", "dinas_head"),
        details=titles,
    )


def appointed_after_request() -> Reason:
    """Nobody is appointed to approve something that already waits (TRUST 3)."""
    return Reason(
        code="appointed_after_request",
        words=Words("Wewenang Anda baru diberikan sesudah permohonan ini.", "Your authority was given after this request was made."),
        law=_SAFE,
        fix=Words(
            "Mintalah keputusan kepada orang yang sudah berwenang, atau ajukan permohonan baru.",
            "Ask somebody who already had the authority, or make the request anew.",
        ),
        who=("supervisor", "dinas_head"),
    )


def request_settled(status: str) -> Reason:
    """A request that has ended takes no more decisions."""
    return Reason(
        code="request_settled",
        words=Words(f"Permohonan ini sudah selesai ({status}).", f"This request is settled ({status})."),
        law=_SAFE,
        fix=Words("Ajukan permohonan baru bila masih perlu.", "Make a new request if it is still needed."),
        who=("social_worker",),
    )


def approval_not_needed(trigger: str) -> Reason:
    """The row needs no approval before the move."""
    return Reason(
        code="approval_not_needed",
        words=Words(f"Langkah '{trigger}' tidak memerlukan persetujuan sebelumnya.", f"The step '{trigger}' needs no approval beforehand."),
        law=(Law("DOMAIN 7.1", "DESIGN"),),
        fix=Words("Lakukan langkahnya langsung.", "Make the step directly."),
        who=("social_worker",),
    )


def not_before(role: str) -> Reason:
    """Approvals are given in order."""
    return Reason(
        code="approval_order",
        words=Words("Persetujuan lain harus diberikan lebih dahulu.", "Another approval comes first."),
        law=(Law("DOMAIN 7.2", "DESIGN"),),
        fix=Words(f"Tunggu keputusan: {role_words(role).id}.", f"Wait for the decision of: {role_words(role).en}."),
        who=(role,),
    )


def already_settled(what: Words) -> Reason:
    """A thing that was done already is not done again."""
    return Reason(
        code="already_done",
        words=what,
        law=(Law("DOMAIN 7.1.2", "DESIGN"),),
        fix=Words("Muat ulang halaman untuk melihat keadaan terkini.", "Load the page again to see how it stands."),
        who=(),
    )


def settled_by_its_form(kind: str) -> Reason:
    """A task that a form or a step settles is not ticked off."""
    return Reason(
        code="settled_by_its_form",
        words=Words(
            f"Tugas '{kind}' selesai dengan formulir atau langkahnya sendiri.", f"The task '{kind}' is settled by its own form or step."
        ),
        law=(Law("DOMAIN 7.11", "DESIGN"),),
        fix=Words("Isi formulirnya atau lakukan langkahnya.", "Fill in the form or make the step."),
        who=("social_worker",),
    )
