"""What nobody but the social office can answer (DOMAIN 9): each question, what is assumed meanwhile, and the numbers it touches."""

import msgspec

from casework.words import Words


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """An open question. `assumed` is what is built in meanwhile; `parameters` are those that an answer may change."""

    code: str
    words: Words
    assumed: Words
    parameters: tuple[str, ...] = ()


QUESTIONS: tuple[Question, ...] = (
    Question(
        code="admission_signatory",
        words=Words(
            "Siapa yang sekarang menandatangani penempatan di LKSA: Kepala Dinas atau Kabid Rehsos? Adakah SK pelimpahan wewenang?",
            "Who signs institutional admission today: the head of the office or of the division? Is there a decree of delegation?",
        ),
        assumed=Words(
            "Supervisor menyetujui dahulu, lalu Kepala Dinas; Kepala Dinas dapat melimpahkannya sementara.",
            "A supervisor approves first, then the head of the office, who may delegate it for a while.",
        ),
        parameters=("delegation_days",),
    ),
    Question(
        code="emergency_limit",
        words=Words(
            "Berapa lama pengasuhan darurat boleh berlangsung (SOP RPSA/rumah aman)?",
            "What is the official limit of emergency care (procedure of the shelters)?",
        ),
        assumed=Words(
            "14 hari, satu kali perpanjangan 14 hari; tidak ada yang melewati 28 hari.",
            "14 days, extended once by 14 days; nothing reaches beyond 28 days.",
        ),
        parameters=("emergency_max_days", "emergency_extension_days", "emergency_breach_days", "emergency_ratify_hours"),
    ),
    Question(
        code="snpa_terms",
        words=Words(
            "Berapa jangka waktu dan perbandingan pengasuh-anak yang tepat menurut naskah lengkap SNPA?",
            "Which terms and which ratio of caregivers does the full text of the national standard set?",
        ),
        assumed=Words(
            "Satu pengasuh untuk lima anak (tiga di bawah tiga tahun); penilaian tiap enam bulan; keputusan permanensi dalam setahun.",
            "One caregiver to five children, three under three years; caregivers reviewed every six months; permanency within a year.",
        ),
        parameters=("children_per_caregiver", "children_per_caregiver_under_three", "performance_review_days", "permanency_days"),
    ),
    Question(
        code="foster_permit",
        words=Words(
            "Bagaimana bentuk dan masa berlaku izin orang tua asuh menurut Permensos 1?",
            "What form has the foster permit under the ministry's regulation no. 1, and how long is it valid?",
        ),
        assumed=Words(
            "Tidak ada izin tersendiri: orang tua asuh dinilai dan disetujui; izin sementara hanya untuk calon orang tua angkat.",
            "No permit of its own: foster parents are assessed and approved; only prospective adopters need a temporary care permit.",
        ),
        parameters=("review_foster_days", "foster_first_days"),
    ),
    Question(
        code="pksai",
        words=Words(
            "Apakah Kutai Kartanegara punya Perbup, SOP, dan formulir PKSAI?",
            "Has Kutai Kartanegara a regulation, a procedure and forms for integrated child services (PKSAI)?",
        ),
        assumed=Words("Formulir F01 sampai F27 aplikasi ini yang dipakai.", "The forms F01 to F27 of this application are used."),
    ),
    Question(
        code="accreditation",
        words=Words(
            "LKSA yang tidak terakreditasi: dilarang menerima anak, atau cukup diperingatkan?",
            "An institution without accreditation: barred from taking children, or only warned?",
        ),
        assumed=Words(
            "Dilarang, kecuali Kepala Dinas memberi pengecualian paling lama dua belas bulan.",
            "Barred, unless the head of the office waives it for twelve months at most.",
        ),
        parameters=("accreditation_waiver_days",),
    ),
    Question(
        code="report_intervals",
        words=Words(
            "Laporan LKSA apa yang diminta, dan tiap berapa bulan (tiga atau enam)?",
            "Which reports are demanded of institutions, and how often (three or six months)?",
        ),
        assumed=Words(
            "Perkembangan anak tiap bulan, laporan ke Dinas tiap enam bulan.",
            "On each child every month, to the social office every six months.",
        ),
        parameters=("monthly_report_days", "dinas_report_days"),
    ),
    Question(
        code="licence_validity",
        words=Words(
            "Berapa tahun tanda pendaftaran dan tiap peringkat akreditasi berlaku?",
            "For how many years are a registration and each grade of accreditation valid?",
        ),
        assumed=Words(
            "Masa berlaku dicatat dari suratnya; aplikasi memperingatkan sebelum habis.",
            "What the paper itself says is entered; a warning comes before it runs out.",
        ),
        parameters=("paper_warning_days",),
    ),
    Question(
        code="siks_ng",
        words=Words("Apakah ekspor ke SIKS-NG diharapkan, dengan kolom apa?", "Is an export to SIKS-NG expected, with which columns?"),
        assumed=Words("Belum ada ekspor ke SIKS-NG.", "There is no export to SIKS-NG."),
    ),
)
