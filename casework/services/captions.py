"""Words for the codes that views show: tasks, placements, papers, statuses. A code without words is shown as it is, never hidden."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from casework.machines.book import newest_machines
from casework.machines.care import CARE
from casework.machines.facts import WITA, Subject
from casework.machines.guards.evidence import PARENTS
from casework.machines.placement import PLACEMENT
from casework.machines.spoken import STANDING
from casework.machines.staff import STAFF
from casework.services.calendar import day
from casework.words import Words


class Chosen(msgspec.Struct, frozen=True):
    """The step that somebody looks at closely, and the subject they think of for it."""

    trigger: str = ""
    subject: Subject = Subject()


NOTHING = Chosen()

TASKS: dict[str, Words] = {
    "admission_minutes": Words("Tanda tangani berita acara penerimaan (F11)", "Sign the admission minutes (F11)"),
    "aftercare_decision": Words("Putuskan akhir bina lanjut", "Decide the end of after-care"),
    "aftercare_visit": Words("Kunjungan bina lanjut (F15)", "After-care visit (F15)"),
    "birth_date": Words("Cari tahu kapan anak lahir, sekurang-kurangnya tahunnya", "Find out when the child was born, at least the year"),
    "birth_registration": Words("Catatkan kelahiran anak di Disdukcapil", "Register the child's birth"),
    "caseload": Words("Ditugaskan walau beban kasus sudah penuh", "Assigned although the caseload was full"),
    "child_seen": Words("Temui anak tanpa orang lain (F15, F03, atau F06)", "See the child alone (F15, F03 or F06)"),
    "child_view": Words("Dengar pendapat anak (F06)", "Hear the child's view (F06)"),
    "comprehensive_assessment": Words("Selesaikan asesmen lanjutan (F04)", "Complete the comprehensive assessment (F04)"),
    "contact": Words("Temui anak (F15, F03, atau F06)", "See the child (F15, F03 or F06)"),
    "contact_plan": Words("Susun rencana kontak dengan orang tua (F08)", "Plan contact with the parents (F08)"),
    "death_certificate": Words("Urus akta kematian", "Apply for the death certificate"),
    "dinas_report": Words("Kirim laporan enam bulanan ke Dinas", "Send the six-monthly report to the office"),
    "emergency_again": Words(
        "Tinjau mengapa anak ini lagi-lagi dalam keadaan darurat", "Look into why this child is in an emergency again"
    ),
    "emergency_capacity": Words(
        "Carikan tempat lain: anak darurat di tempat yang penuh", "Find another place: an emergency in a house that is full"
    ),
    "emergency_exit": Words("Akhiri pengasuhan darurat dengan keputusan", "Decide the way out of emergency care"),
    "emergency_limit": Words("Batas darurat: akhiri sebelum dilanggar", "Limit of the emergency: end it before it is breached"),
    "exit_after_18": Words("Akhiri pengasuhan: anak sudah 18 tahun", "End the care: the child has turned 18"),
    "family_tracing": Words("Telusuri keluarga lagi dan catat hasilnya (F14)", "Trace the family again and record it (F14)"),
    "finding": Words("Simpulkan pemeriksaan insiden (F17)", "Conclude the investigation of the incident (F17)"),
    "field_check": Words("Cocokkan fakta di lapangan, lalu verifikasi F05", "Check the facts on the spot, then verify F05"),
    "field_tracing": Words("Telusuri keluarga, catat yang dicoba (F05)", "Trace the family, log what was tried (F05)"),
    "field_visit": Words("Kunjungi rumah, tulis catatannya (F15)", "Visit the home, write the note (F15)"),
    "first_visit": Words("Kunjungan pertama ke tempat asuh (F15)", "First visit to the placement (F15)"),
    "frequent_moves": Words(
        "Tinjau mengapa anak ini sering berpindah tempat asuh", "Look into why this child is moved from place to place"
    ),
    "head_capacity": Words(
        "Kepala Dinas: anak darurat masih di tempat yang penuh", "Head of the office: an emergency is still in a house that is full"
    ),
    "head_emergency": Words(
        "Kepala Dinas: darurat melanggar batas, putuskan jalan keluarnya",
        "Head of the office: this emergency is breached, decide the way out",
    ),
    "data_request": Words("Putuskan permohonan tentang data anak (3x24 jam)", "Decide a request about the child's data (3x24 hours)"),
    "glass_review": Words("Periksa akses darurat yang digunakan", "Review who broke the glass of this case"),
    "head_glass": Words("Kepala Dinas: akses darurat belum diperiksa", "Head of the office: a broken glass was not reviewed in time"),
    "head_exit": Words(
        "Kepala Dinas: anak sudah dewasa dan masih dalam pengasuhan", "Head of the office: this child has grown up and is still in care"
    ),
    "head_legacy": Words(
        "Kepala Dinas: penghuni lama belum juga diputuskan", "Head of the office: the existing resident is still undecided"
    ),
    "identity_documents": Words("Urus akta kelahiran dan kartu keluarga", "Apply for birth certificate and family card"),
    "inform_dinas": Words("Beri tahu Dinas Sosial", "Inform the social office"),
    "inform_head": Words("Beri tahu Kepala Dinas tentang kematian", "Inform the head of the office of the death"),
    "inform_parents": Words(
        "Beri tahu orang tua, atau catat mengapa itu tidak aman atau tidak mungkin",
        "Tell the parents, or record why that is unsafe or impossible",
    ),
    "inform_police": Words("Lapor polisi", "Report to the police"),
    "initial_assessment": Words("Selesaikan asesmen awal (F03)", "Complete the initial assessment (F03)"),
    "investigation_plan": Words("Susun rencana pemeriksaan insiden (F17)", "Plan the investigation of the incident (F17)"),
    "leave_return": Words("Pastikan anak sudah kembali", "See that the child is back"),
    "leaving_care_final": Words("Tetapkan rencana lepas asuh bersama anak", "Settle the leaving-care plan with the child"),
    "leaving_care_plan": Words("Susun rencana lepas asuh bersama anak", "Make the leaving-care plan with the child"),
    "legacy_assessment": Words("Asesmen lengkap penghuni lama", "Full assessment of the existing resident"),
    "legacy_decision": Words("Putuskan pengasuhan penghuni lama", "Decide the care of the existing resident"),
    "missing_hold": Words("Batas penahanan tempat anak yang hilang", "Limit for keeping the missing child's place"),
    "monthly_report": Words("Laporkan keadaan anak bulan ini (F27, atau F16)", "Report how the child fares this month (F27, or F16)"),
    "monitoring_concern": Words("Tindak lanjuti kekhawatiran dari kunjungan (F15)", "Act on the concern that a visit found (F15)"),
    "monitoring_visit": Words("Kunjungan pemantauan (F15)", "Monitoring visit (F15)"),
    "new_referral_target": Words("Cari lembaga lain untuk rujukan ini", "Find another body for this referral"),
    "permanency_decision": Words("Putuskan permanensi anak di LKSA", "Decide on permanency for the child in the institution"),
    "permanency_review_18": Words("Kepala Dinas: tinjau anak yang 18 bulan di LKSA", "Head of the office: review after 18 months in care"),
    "permanency_review_24": Words("Kepala Dinas: tinjau anak yang 24 bulan di LKSA", "Head of the office: review after 24 months in care"),
    "plan": Words("Susun rencana pengasuhan (F08)", "Make the care plan (F08)"),
    "referral_reply": Words("Pastikan jawaban atas rujukan (F13)", "See that the referral is answered (F13)"),
    "relocation_plan": Words("Rencanakan pemindahan anak ke tempat lain", "Plan where the child moves to"),
    "renew_options": Words("Perbarui lembar opsi keluarga (F05)", "Renew the family-option sheets (F05)"),
    "return_interview": Words("Wawancara setelah kembali (F06)", "Return interview (F06)"),
    "review": Words("Review berkala (F16, disahkan supervisor)", "Periodic review (F16, endorsed by a supervisor)"),
    "review_record": Words("Catat dan sahkan review yang sudah dimulai (F16)", "Record and endorse the review that began (F16)"),
    "supervision": Words("Ditugaskan walau supervisor sudah membina cukup banyak", "Assigned although the supervisors had enough workers"),
    "support_delivery": Words("Serahkan dukungan kepada keluarga dan catat (F26)", "Deliver the support to the family and record it (F26)"),
    "support_evaluation": Words("Nilai hasil dukungan keluarga (F26)", "Evaluate the result of the family support (F26)"),
    "triage": Words("Pilah laporan insiden", "Triage the report of an incident"),
    "trial_decision": Words("Putuskan hasil uji coba pulang", "Decide the outcome of the trial at home"),
}

_CARED_FOR = {
    "emergency": "emergency_care",
    "kin": "kinship_care",
    "foster": "foster_care",
    "guardian": "guardianship",
    "pre_adoption": "pre_adoption_care",
    "institution": "institutional_care",
}
PLACEMENTS: dict[str, Words] = {kind: CARE.states[state].label for kind, state in _CARED_FOR.items()}
"""A placement is called as the care that it is for."""

PLACEMENT_STATUS: dict[str, Words] = {state.name: state.label for state in PLACEMENT.definition.states}

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

HELP: dict[str, Words] = {
    "pkh": Words("PKH", "PKH (conditional cash transfer)"),
    "bpnt": Words("BPNT/sembako", "BPNT (food assistance)"),
    "cash": Words("bantuan tunai", "cash"),
    "school_fee": Words("biaya sekolah", "school fees"),
    "school_supplies": Words("seragam dan alat sekolah", "school uniform and supplies"),
    "health_insurance": Words("iuran jaminan kesehatan", "health insurance contribution"),
    "housing": Words("perbaikan atau sewa rumah", "repair or rent of the home"),
    "livelihood": Words("bantuan usaha keluarga", "help for the family's livelihood"),
    "goods": Words("barang kebutuhan lain", "other goods"),
    "counselling": Words("konseling", "counselling"),
    "parenting": Words("kelas pengasuhan", "parenting course"),
    "family_mediation": Words("mediasi keluarga", "family mediation"),
    "trauma_support": Words("pemulihan trauma", "trauma support"),
    "peer_group": Words("kelompok dukungan sebaya", "peer group"),
    "respite": Words("jeda pengasuhan", "respite"),
    "companionship": Words("pendampingan di rumah", "companionship at home"),
}
"""What a family is helped with: a package of family support (F26) is called by it."""

DOCUMENT_KINDS: dict[str, Words] = {
    "birth_certificate": Words("akta kelahiran", "birth certificate"),
    "birth_certificate_application": Words("tanda terima pengajuan akta kelahiran", "receipt: birth certificate applied for"),
    "family_card": Words("kartu keluarga", "family card"),
    "family_card_application": Words("tanda terima pengajuan kartu keluarga", "receipt: family card applied for"),
    "placement_order": Words("penetapan pengadilan tentang penempatan", "court order on placement"),
    "guardianship_order": Words("penetapan perwalian", "guardianship order"),
    "adoption_order": Words("penetapan/putusan pengangkatan anak", "adoption order"),
    "adoption_consent_order": Words("penetapan pengganti persetujuan orang tua", "court order in place of parental consent"),
    "temporary_care_permit": Words("izin pengasuhan sementara", "temporary care permit"),
    "adoption_permit": Words("izin pengangkatan anak", "adoption permit"),
    "dinas_permanence_decision": Words("keputusan Dinas tentang pengasuhan permanen", "decision of Dinas on permanent care"),
    "dinas_head_letter": Words("surat rekomendasi Kepala Dinas", "letter of recommendation of the head of the office"),
    "death_certificate": Words("akta kematian", "death certificate"),
    "doctor_statement": Words("surat keterangan dokter", "doctor's statement"),
    "police_statement": Words("surat keterangan polisi", "police statement"),
    "village_statement": Words("surat keterangan desa/kelurahan", "village statement"),
    "other": Words("dokumen lain", "other document"),
}
"""The kinds of paper that the register knows; guards ask for them by these codes."""

PICTURE_KINDS: dict[str, Words] = {
    "statement_letter": Words("surat pernyataan", "statement letter"),
    **DOCUMENT_KINDS,
    "visit": Words("keadaan saat kunjungan", "how things were at a visit"),
}
"""What a picture in a case is of."""

HOST_KINDS: dict[str, Words] = {
    "lksa": Words("LKSA", "institution (LKSA)"),
    "kin_household": Words("rumah kerabat", "household of kin"),
    "neighbour_household": Words("rumah tetangga", "neighbour's household"),
    "foster_family": Words("keluarga orang tua asuh", "foster family"),
    "guardian_household": Words("rumah wali", "guardian's household"),
    "adoptive_family": Words("keluarga calon orang tua angkat", "adoptive family"),
    "rpsa": Words("RPSA (rumah perlindungan)", "RPSA (shelter)"),
    "uptd": Words("UPTD", "UPTD"),
    "hospital": Words("rumah sakit", "hospital"),
    "police_unit": Words("unit kepolisian", "police unit"),
    "lks": Words("LKS selain untuk anak", "LKS other than for children"),
}

BODY_KINDS: dict[str, Words] = {
    "dinas": Words("Dinas Sosial kabupaten/kota lain", "social office of another district"),
    "ministry": Words("kementerian", "ministry"),
    "court_named": Words("pihak yang ditunjuk pengadilan", "named by a court"),
    "province": Words("Dinas Sosial Provinsi", "provincial social office"),
    "uptd": Words("UPTD", "UPTD"),
    "police": Words("kepolisian", "police"),
    "village": Words("desa/kelurahan", "village"),
    "civil_registry": Words("Disdukcapil", "civil registry"),
    "school": Words("sekolah", "school"),
    "ngo": Words("lembaga masyarakat", "non-governmental organisation"),
    "lksa": Words("LKSA", "institution (LKSA)"),
    "carer": Words("pengasuh", "carer"),
}

OFFICE_KINDS: dict[str, Words] = {
    "dinas": Words("Dinas Sosial", "Social office"),
    "lksa": Words("LKSA", "Institution (LKSA)"),
    "province": Words("Dinas Sosial provinsi", "Provincial social office"),
    "inspectorate": Words("Inspektorat", "Inspectorate"),
    "other": Words("Lainnya", "Other"),
}

STAFF_STATUS: dict[str, Words] = {state.name: state.label for state in STAFF.definition.states}

_FATHERS = ("father", "ayah", "bapak", "bapa", "papa", "abah", "dad")
_MOTHERS = ("mother", "ibu", "mama", "mamak", "emak", "umi", "mum", "mom")
_PARENT_NAMES = dict.fromkeys(_FATHERS, "father") | dict.fromkeys(_MOTHERS, "mother")


def spoken(table: Mapping[str, Words], code: str) -> Words:
    """Return the words of a code, or the code itself with its underscores opened."""
    plain = code.replace("_", " ")
    return table.get(code, Words(plain, plain))


def task(kind: str) -> Words:
    """Return what a task asks for."""
    return spoken(TASKS, kind)


def asked_for_by(machine: str, body: str, since: datetime) -> Words:
    """Return the process that asks for a task: two of one kind are told apart by which it is, whom it asks and since when."""
    label, on = newest_machines()[machine].definition.label or Words(machine, machine), since.astimezone(WITA).date()
    to_id, to_en = (f" ke {body}", f" to {body}") if body else ("", "")
    return Words(f"{label.id}{to_id}, sejak {day(on, 'id')}", f"{label.en}{to_en}, since {day(on, 'en')}")


def paper(kind: str) -> Words:
    """Return the name of a kind of paper, or of what a picture is of."""
    return spoken(PICTURE_KINDS, kind)


def picture(kind: str) -> Words:
    """Return how a picture is called by what it is of."""
    of = paper(kind)
    return Words(f"foto {of.id}", f"picture: {of.en}")


def host_status(status: str) -> Words:
    """Return the standing of a host."""
    return spoken(STANDING, status)


def relation(code: str) -> Words:
    """Return how a member of the family is related: only parents have codes, everybody else stands as entered."""
    return PARENTS.get(code, Words(code, code))


def relation_code(entered: str) -> str:
    """Return a relation as the register keeps it: the law asks for parents by their codes, whatever they were called."""
    plain = " ".join(entered.split())
    return _PARENT_NAMES.get(plain.lower().removesuffix(" kandung"), plain)


def degree(number: int) -> Words:
    """Return the degree of kinship."""
    return Words(f"derajat {number}", f"degree {number}")


DISTRICTS: dict[str, str] = {
    "64.02.01": "Muara Muntai",
    "64.02.02": "Loa Kulu",
    "64.02.03": "Loa Janan",
    "64.02.04": "Anggana",
    "64.02.05": "Muara Badak",
    "64.02.06": "Tenggarong",
    "64.02.07": "Sebulu",
    "64.02.08": "Kota Bangun",
    "64.02.09": "Kenohan",
    "64.02.10": "Kembang Janggut",
    "64.02.11": "Muara Kaman",
    "64.02.12": "Tabang",
    "64.02.13": "Samboja",
    "64.02.14": "Muara Jawa",
    "64.02.15": "Sanga Sanga",
    "64.02.16": "Tenggarong Seberang",
    "64.02.17": "Marang Kayu",
    "64.02.18": "Muara Wis",
    "64.02.19": "Kota Bangun Darat",
    "64.02.20": "Samboja Barat",
}
"""The districts (kecamatan) of Kutai Kartanegara by code; that of another regency is shown as its code."""
