"""Refusals that belong to services rather than to a row of a machine."""

from collections.abc import Iterable
from datetime import date

from casework.errors import Law, Reason
from casework.machines import law
from casework.machines.guards.standing import NOT_FOR_CHILDREN
from casework.machines.refusals import role_words
from casework.services import captions
from casework.services.areas import area_name
from casework.words import Words

_VERSIONS = (Law("ketentuan aplikasi / product rule 7.2", "DESIGN"),)
_SAFE = (Law("ketentuan aplikasi / product rule 7.2", "DESIGN"), Law("SNPA/IACM Appendix 2", "SEEN"))


def child_has_open_case(number: str) -> Reason:
    """One open case per child (I1)."""
    return Reason(
        code="duplicate_case",
        words=Words(f"Anak ini sudah mempunyai kasus terbuka: {number}.", f"This child already has an open case: {number}."),
        law=(Law("ketentuan aplikasi / product rule 2.12, 7.1.4 I1", "DESIGN"),),
        fix=Words("Buka kasus itu dan lanjutkan di sana.", "Open that case and go on there."),
        who=("social_worker",),
    )


def open_case_elsewhere(office: str) -> Reason:
    """One open case per child (I1), told to somebody who may not see that case: whom to ask, and nothing of the case itself."""
    return Reason(
        code="duplicate_case",
        words=Words("Anak ini sudah mempunyai kasus terbuka di kantor lain.", "This child already has an open case at another office."),
        law=(Law("ketentuan aplikasi / product rule 2.12, 7.1.4 I1", "DESIGN"),),
        fix=Words(f"Hubungi kepala kantor: {office}.", f"Contact the head of the office: {office}."),
        who=("dinas_head",),
    )


def closed_case_elsewhere(office: str) -> Reason:
    """A new report about a child whose case was closed, told to somebody who may not see that case."""
    return Reason(
        code="closed_case_exists",
        words=Words("Kasus anak ini sudah ditutup di kantor lain.", "This child's case was closed at another office."),
        law=(Law("ketentuan aplikasi / product rule 7.1", "DESIGN"), Law("Inter-Agency Guidelines for Case Management", "SEEN")),
        fix=Words(
            f"Hubungi kepala kantor: {office}. Kantor itu membuka kembali kasusnya.",
            f"Contact the head of the office: {office}. It reopens the case.",
        ),
        who=("dinas_head",),
    )


def reopen_instead(number: str) -> Reason:
    """A new report about a child whose case was closed belongs to that case (DOMAIN 7.1)."""
    return Reason(
        code="closed_case_exists",
        words=Words(f"Kasus anak ini sudah ditutup: {number}.", f"This child's case was closed: {number}."),
        law=(Law("ketentuan aplikasi / product rule 7.1", "DESIGN"), Law("Inter-Agency Guidelines for Case Management", "SEEN")),
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
        law=(Law("ketentuan aplikasi / product rule 7.1.2", "DESIGN"),),
        fix=Words("Mintalah supervisor mencatatnya.", "Ask a supervisor to enter it."),
        who=("supervisor", "dinas_head"),
    )


def document_not_compared() -> Reason:
    """An identity is corrected on a paper that a second person held beside its original."""
    return Reason(
        code="document_not_compared",
        words=Words("Dokumen dasarnya belum dicocokkan dengan aslinya.", "The paper it rests on was not compared with its original."),
        law=(Law("ketentuan aplikasi / product rule 3, 7.0.3 (S8)", "SEEN"),),
        fix=Words(
            "Mintalah pekerja sosial lain mencocokkan dokumen itu dengan aslinya.",
            "Ask another social worker to compare the paper with its original.",
        ),
        who=("social_worker_on_duty",),
    )


def waiver_too_long(last: date) -> Reason:
    """An institution goes without accreditation for a year at most before its case is looked at again."""
    return Reason(
        code="waiver_too_long",
        words=Words("Pengecualian akreditasi paling lama 12 bulan.", "A waiver of accreditation lasts twelve months at most."),
        law=(Law("ketentuan aplikasi / product rule 5 S11", "DESIGN"), Law("Permensos 17/2012", "SEEN")),
        fix=Words(f"Tetapkan tanggal paling lambat {last.isoformat()}.", f"Set a day no later than {last.isoformat()}."),
        who=("dinas_head",),
    )


OPEN_BUSINESS = "open_business"


def open_business(left: tuple[Words, ...]) -> Reason:
    """A case does not end while something beside it is open (I6). `left` says what, and how many."""
    return Reason(
        code=OPEN_BUSINESS,
        words=Words("Kasus tidak dapat diakhiri: masih ada urusan terbuka.", "The case cannot end: something beside it is still open."),
        law=(Law("ketentuan aplikasi / product rule 7.1.2, 7.1.4 I6", "DESIGN"), Law("SNPA pelaporan kekerasan", "SEEN-2")),
        fix=Words(
            "Selesaikan insiden, rujukan, dan tugas yang terbuka, dan mintakan pengesahan langkah darurat.",
            "Finish the open incidents, referrals and tasks, and have the emergency steps ratified.",
        ),
        who=("social_worker", "supervisor"),
        where=("F17", "F13"),
        details=left,
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
    how = captions.spoken(captions.REQUEST_STATUS, status)
    return Reason(
        code="request_settled",
        words=Words(f"Permohonan ini sudah selesai: {how.id}.", f"This request is settled: {how.en}."),
        law=_SAFE,
        fix=Words("Ajukan permohonan baru bila masih perlu.", "Make a new request if it is still needed."),
        who=("social_worker",),
    )


def approval_not_needed(step: Words) -> Reason:
    """The row needs no approval before the move."""
    return Reason(
        code="approval_not_needed",
        words=Words(f"Langkah '{step.id}' tidak memerlukan persetujuan sebelumnya.", f"The step '{step.en}' needs no approval beforehand."),
        law=(Law("ketentuan aplikasi / product rule 7.1", "DESIGN"),),
        fix=Words("Lakukan langkahnya langsung.", "Make the step directly."),
        who=("social_worker",),
    )


def not_before(role: str) -> Reason:
    """Approvals are given in order."""
    return Reason(
        code="approval_order",
        words=Words("Persetujuan lain harus diberikan lebih dahulu.", "Another approval comes first."),
        law=(Law("ketentuan aplikasi / product rule 7.2", "DESIGN"),),
        fix=Words(f"Tunggu keputusan: {role_words(role).id}.", f"Wait for the decision of: {role_words(role).en}."),
        who=(role,),
    )


def already_settled(what: Words) -> Reason:
    """A thing that was done already is not done again."""
    return Reason(
        code="already_done",
        words=what,
        law=(Law("ketentuan aplikasi / product rule 7.1.2", "DESIGN"),),
        fix=Words("Muat ulang halaman untuk melihat keadaan terkini.", "Load the page again to see how it stands."),
        who=(),
    )


def settled_by_its_form(kind: str) -> Reason:
    """A task that a form or a step settles is not ticked off."""
    task = captions.task(kind)
    return Reason(
        code="settled_by_its_form",
        words=Words(
            f"Tugas '{task.id}' selesai dengan formulir atau langkahnya sendiri.",
            f"The task '{task.en}' is settled by its own form or step.",
        ),
        law=(Law("ketentuan aplikasi / product rule 7.11", "DESIGN"),),
        fix=Words("Isi formulirnya atau lakukan langkahnya.", "Fill in the form or make the step."),
        who=("social_worker",),
    )


def takes_no_child() -> Reason:
    """An LKS that serves other people is never asked for a place for a child."""
    return Reason(
        code="takes_no_child",
        words=NOT_FOR_CHILDREN,
        law=(law.LICENSING,),
        fix=Words("Pilih LKSA atau keluarga yang memenuhi syarat.", "Choose an eligible LKSA or family."),
        who=("social_worker",),
    )


def locked_by_death() -> Reason:
    """What was written of a child who died stays as it was (DOMAIN 2.12)."""
    return Reason(
        code="locked_by_death",
        words=Words("Anak ini meninggal: catatannya terkunci.", "This child has died: the record is locked."),
        law=(Law("ketentuan aplikasi / product rule 2.12", "DESIGN"),),
        fix=Words(
            "Pemeriksaan kematian dilanjutkan pada F17; serah terima, rujukan, dan pengakhiran pada F12, F13, dan F18.",
            "The inquiry goes on in F17; handing over, referral and closure in F12, F13 and F18.",
        ),
        who=("social_worker", "supervisor"),
    )


def caseload_full(worker: str, held: int, limit: int) -> Reason:
    """A worker has so many open cases that one more needs its reason (DOMAIN 2.12): it is never forbidden."""
    return Reason(
        code="caseload_full",
        words=Words(
            f"{worker} sudah memegang {held} kasus terbuka; batasnya {limit}.",
            f"{worker} already has {held} open cases; the limit is {limit}.",
        ),
        law=(Law("ketentuan aplikasi / product rule 2.12", "DESIGN"),),
        fix=Words(
            "Tugaskan pekerja sosial lain, atau tuliskan alasan penugasan ini.",
            "Assign another worker, or write the reason for this assignment.",
        ),
        who=("supervisor",),
    )


def supervision_full(supervisors: int, held: int, limit: int) -> Reason:
    """An office has so many caseworkers for its supervisors that one more needs its reason (DOMAIN 2.12): it is never forbidden."""
    return Reason(
        code="supervision_full",
        words=Words(
            f"{held} pekerja sosial kantor ini memegang kasus terbuka; batasnya {supervisors * limit}, {limit} tiap supervisor.",
            f"{held} social workers of this office have open cases; the limit is {supervisors * limit}, {limit} for each supervisor.",
        ),
        law=(Law("ketentuan aplikasi / product rule 2.12", "DESIGN"),),
        fix=Words(
            "Tugaskan pekerja sosial yang sudah memegang kasus, atau tuliskan alasan penugasan ini.",
            "Assign a worker who has cases already, or write the reason for this assignment.",
        ),
        who=("supervisor",),
    )


_STAYS = Words(
    "Kasus ini tetap pada versi lamanya sampai tahapnya berubah.", "It stays with its older version until it stands somewhere else."
)


def state_stays(state: Words) -> Reason:
    """The newer definition takes nothing over out of this state."""
    return Reason(
        code="state_stays",
        words=Words(f"Versi baru tidak menerima dari tahap '{state.id}'.", f"The newer version takes nothing over from '{state.en}'."),
        law=_VERSIONS,
        fix=_STAYS,
        who=(),
    )


def place_stays(state: Words) -> Reason:
    """The place that is held for the child stands for a state that does not pass over."""
    return Reason(
        code="place_stays",
        words=Words(
            f"Tempat anak ini terikat pada tahap '{state.id}', yang tidak ikut pindah.",
            f"The child's place stands for the state '{state.en}', which does not pass over.",
        ),
        law=_VERSIONS,
        fix=_STAYS,
        who=(),
    )


def history_breaks(promise: str) -> Reason:
    """By its own steps the newer version could never have brought it where it stands."""
    return Reason(
        code="history_breaks",
        words=Words(
            f"Riwayatnya melanggar janji versi baru: {promise}.", f"Its history breaks what the newer version promises: {promise}."
        ),
        law=_VERSIONS,
        fix=_STAYS,
        who=(),
    )


def nothing_passes_over() -> Reason:
    """Nothing that the office has open runs by an older version."""
    return Reason(
        code="nothing_passes_over",
        words=Words(
            "Tidak ada kasus terbuka kantor ini yang memakai versi lama.", "Nothing that this office has open runs by an older version."
        ),
        law=_VERSIONS,
        fix=Words("Tidak ada yang perlu dilakukan.", "There is nothing to do."),
        who=(),
    )


def not_cleared() -> Reason:
    """Refuse a seat at a house to somebody whom its list does not clear."""
    return Reason(
        code="not_cleared",
        words=Words("Orang ini belum dinyatakan layak bertugas di tempat itu.", "This person is not cleared to work at that house."),
        law=(Law("SNPA staf dan relawan", "SEEN-2"),),
        fix=Words("Selesaikan dahulu kelayakannya di halaman lembaga.", "Settle the clearance on the page of the house first."),
        who=("supervisor", "dinas_head"),
    )


def last_admin() -> Reason:
    """The last administrator who can sign in stays one: nobody could let anybody in again."""
    return Reason(
        code="last_admin",
        words=Words("Ini admin terakhir yang masih dapat masuk.", "This is the last administrator who can still sign in."),
        law=(Law("ketentuan aplikasi / product rule 4", "DESIGN"),),
        fix=Words("Jadikan orang lain admin lebih dahulu.", "Make somebody else an administrator first."),
        who=("admin",),
    )


_OWN_DISTRICT = (Law("ketentuan aplikasi / product rule 4: tksk, psm", "DESIGN"),)


def other_district(name: str, areas: Iterable[str], where: str, there: Iterable[str]) -> Reason:
    """Somebody was asked into a district that is not their own; `there` are those who work where it leads."""
    works, leads, others = "; ".join(map(area_name, areas)), area_name(where), ", ".join(there)
    instead = Words(f"Minta {others}.", f"Ask {others}.")
    nobody = Words(
        f"Belum ada TKSK atau PSM di {leads}: pekerja sosial pergi sendiri, atau admin memberi seseorang jabatan di sana.",
        f"No TKSK or PSM works in {leads}: a social worker goes there, or an administrator gives somebody a seat there.",
    )
    return Reason(
        code="other_district",
        words=Words(f"{name} bertugas di {works}; ini ke {leads}.", f"{name} works in {works}; this leads to {leads}."),
        law=_OWN_DISTRICT,
        fix=instead if others else nobody,
        who=("social_worker", "supervisor", "dinas_head"),
    )


def visit_elsewhere(where: str, lives: Iterable[str]) -> Reason:
    """A home visit was asked for where the child does not live: kin who live elsewhere are traced."""
    homes, leads = ", ".join(map(area_name, sorted(lives))), area_name(where)
    return Reason(
        code="visit_elsewhere",
        words=Words(f"Anak ini tinggal di {homes}, tidak di {leads}.", f"This child lives in {homes}, not in {leads}."),
        law=_OWN_DISTRICT,
        fix=Words(
            "Kunjungan rumah diminta di kecamatan tempat anak tinggal; keluarga di kecamatan lain ditelusuri.",
            "A home visit is asked for in the district where the child lives; kin in another one are traced.",
        ),
        who=("social_worker", "supervisor", "dinas_head"),
    )
