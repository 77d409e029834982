"""Words for the codes that views show: tasks, placements, papers, statuses. A code without words is shown as it is, never hidden."""

from __future__ import annotations

import msgspec

from casework.machines.facts import Subject
from casework.services.records import DOCUMENT_KINDS
from casework.words import Words


class Chosen(msgspec.Struct, frozen=True):
    """The step that somebody looks at closely, and the subject they think of for it."""

    trigger: str = ""
    subject: Subject = Subject()


NOTHING = Chosen()

TASKS: dict[str, Words] = {
    "admission_minutes": Words("Tanda tangani berita acara penerimaan (F11)", "Sign the admission minutes (F11)"),
    "aftercare_visit": Words("Kunjungan bina lanjut (F15)", "After-care visit (F15)"),
    "child_view": Words("Dengar pendapat anak (F06)", "Hear the child's view (F06)"),
    "comprehensive_assessment": Words("Selesaikan asesmen lanjutan (F04)", "Complete the comprehensive assessment (F04)"),
    "contact_plan": Words("Susun rencana kontak dengan orang tua (F08)", "Plan contact with the parents (F08)"),
    "emergency_exit": Words("Akhiri pengasuhan darurat dengan keputusan", "Decide the way out of emergency care"),
    "first_visit": Words("Kunjungan pertama ke tempat asuh (F15)", "First visit to the placement (F15)"),
    "identity_documents": Words("Urus akta kelahiran dan kartu keluarga", "Apply for birth certificate and family card"),
    "inform_dinas": Words("Beri tahu Dinas Sosial", "Inform the social office"),
    "inform_police": Words("Lapor polisi", "Report to the police"),
    "initial_assessment": Words("Selesaikan asesmen awal (F03)", "Complete the initial assessment (F03)"),
    "legacy_assessment": Words("Asesmen lengkap penghuni lama", "Full assessment of the existing resident"),
    "legacy_decision": Words("Putuskan pengasuhan penghuni lama", "Decide the care of the existing resident"),
    "missing_hold": Words("Batas penahanan tempat anak yang hilang", "Limit for keeping the missing child's place"),
    "monitoring_visit": Words("Kunjungan pemantauan (F15)", "Monitoring visit (F15)"),
    "plan": Words("Susun rencana pengasuhan (F08)", "Make the care plan (F08)"),
    "renew_options": Words("Perbarui lembar opsi keluarga (F05)", "Renew the family-option sheets (F05)"),
    "return_interview": Words("Wawancara setelah kembali (F06)", "Return interview (F06)"),
    "review": Words("Laporan dan review berkala (F16)", "Periodic report and review (F16)"),
    "trial_decision": Words("Putuskan hasil uji coba pulang", "Decide the outcome of the trial at home"),
}

PLACEMENTS: dict[str, Words] = {
    "emergency": Words("pengasuhan darurat", "emergency care"),
    "kin": Words("keluarga besar/kerabat", "kinship care"),
    "foster": Words("orang tua asuh", "foster care"),
    "guardian": Words("perwalian", "guardianship"),
    "pre_adoption": Words("pengasuhan sebelum pengangkatan", "pre-adoption care"),
    "institution": Words("pengasuhan di LKSA", "institutional care"),
}

PLACEMENT_STATUS: dict[str, Words] = {
    "active": Words("berjalan", "active"),
    "unconfirmed": Words("menunggu berita acara", "awaiting the minutes"),
    "on_leave": Words("izin pulang", "on leave"),
    "reserved": Words("tempat ditahan", "place kept"),
    "ended": Words("berakhir", "ended"),
}

REQUEST_STATUS: dict[str, Words] = {
    "submitted": Words("menunggu keputusan", "waiting for a decision"),
    "in_second_approval": Words("menunggu persetujuan kedua", "waiting for the second approval"),
    "approved": Words("disetujui", "approved"),
    "consumed": Words("disetujui dan digunakan", "approved and used"),
    "returned": Words("dikembalikan", "returned"),
    "rejected": Words("ditolak", "rejected"),
    "withdrawn": Words("ditarik", "withdrawn"),
    "expired": Words("kedaluwarsa", "expired"),
    "superseded": Words("gugur: bukti berubah", "void: the evidence changed"),
    "lapsed": Words("gugur: tidak digunakan", "lapsed: never used"),
}

REQUEST_KINDS: dict[str, Words] = {
    "decision": Words("Keputusan", "Decision"),
    "ratification": Words("Pengesahan", "Ratification"),
    "record": Words("Tanda tangan bersama", "Countersignature"),
}

RELIGIONS: dict[str, Words] = {
    "islam": Words("Islam", "Islam"),
    "protestant": Words("Kristen", "Protestant"),
    "catholic": Words("Katolik", "Catholic"),
    "hindu": Words("Hindu", "Hindu"),
    "buddhist": Words("Buddha", "Buddhist"),
    "confucian": Words("Konghucu", "Confucian"),
    "belief": Words("Penghayat kepercayaan", "Belief in One God"),
    "unknown": Words("belum diketahui", "unknown"),
}

_HOST_STATUS: dict[str, Words] = {
    "registered": Words("terdaftar", "registered"),
    "active": Words("aktif", "active"),
    "restricted": Words("dibatasi", "restricted"),
    "suspended": Words("dibekukan", "suspended"),
    "revoked": Words("dicabut", "revoked"),
    "expired": Words("izin habis", "licence expired"),
}


def spoken(table: dict[str, Words], code: str) -> Words:
    """Return the words of a code, or the code itself with its underscores opened."""
    plain = code.replace("_", " ")
    return table.get(code, Words(plain, plain))


def task(kind: str) -> Words:
    """Return what a task asks for."""
    return spoken(TASKS, kind)


def paper(kind: str) -> Words:
    """Return the name of a kind of paper."""
    return spoken(DOCUMENT_KINDS, kind)


def host_status(status: str) -> Words:
    """Return the standing of a host."""
    return spoken(_HOST_STATUS, status)


def degree(number: int) -> Words:
    """Return the degree of kinship."""
    return Words(f"derajat {number}", f"degree {number}")
