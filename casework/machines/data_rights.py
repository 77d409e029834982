"""What somebody may ask about a child's own data (UU 27/2022), in the closed vocabulary that the journal and the database know."""

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

from casework.words import Words

Kind: TypeAlias = Literal["access", "correction", "erasure"]
KINDS: tuple[Kind, ...] = get_args(Kind)
KIND_WORDS: Mapping[Kind, Words] = {
    "access": Words("akses: salinan data dan jejaknya", "access: a copy of the data and its trail"),
    "correction": Words("perbaikan data", "correction"),
    "erasure": Words("penghapusan dan pemusnahan", "erasure and destruction"),
}
Applicant: TypeAlias = Literal["child", "parent", "guardian", "successor", "authorised"]
APPLICANTS: tuple[Applicant, ...] = get_args(Applicant)
APPLICANT_WORDS: Mapping[Applicant, Words] = {
    "child": Words("anak itu sendiri", "the child"),
    "parent": Words("orang tua", "a parent"),
    "guardian": Words("wali", "a guardian"),
    "successor": Words("ahli waris", "a successor"),
    "authorised": Words("kuasa (surat kuasa atau putusan)", "somebody authorised (power of attorney, court)"),
}
Shown: TypeAlias = Literal[
    "identity_card", "family_card", "birth_certificate", "court_order", "power_of_attorney", "known_in_person", "nothing"
]
SHOWN: tuple[Shown, ...] = get_args(Shown)
SHOWN_WORDS: Mapping[Shown, Words] = {
    "identity_card": Words("KTP/KIA dicocokkan", "identity card compared"),
    "family_card": Words("kartu keluarga dicocokkan", "family card compared"),
    "birth_certificate": Words("akta kelahiran dicocokkan", "birth certificate compared"),
    "court_order": Words("putusan pengadilan dicocokkan", "court order compared"),
    "power_of_attorney": Words("surat kuasa dicocokkan", "power of attorney compared"),
    "known_in_person": Words("dikenal langsung oleh petugas", "known to the officer in person"),
    "nothing": Words("belum ditunjukkan", "not shown yet"),
}
Outcome: TypeAlias = Literal["granted", "refused"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
OUTCOME_WORDS: Mapping[Outcome, Words] = {"granted": Words("dikabulkan", "granted"), "refused": Words("ditolak", "refused")}
Against: TypeAlias = Literal[
    "somebody_endangered", "legal_retention", "legal_process", "identity_not_shown", "not_entitled", "correct_already"
]
AGAINST: tuple[Against, ...] = get_args(Against)
AGAINST_WORDS: Mapping[Against, Words] = {
    "somebody_endangered": Words("membahayakan seseorang", "somebody would be endangered"),
    "legal_retention": Words("wajib disimpan menurut hukum", "the law requires it to be kept"),
    "legal_process": Words("diperlukan dalam proses hukum", "needed in legal proceedings"),
    "identity_not_shown": Words("identitas pemohon tidak terbukti", "who asks did not show who they are"),
    "not_entitled": Words("pemohon tidak berhak", "who asks is not entitled"),
    "correct_already": Words("datanya sudah benar", "the data are correct as they are"),
}
Basis: TypeAlias = Literal["retention_over", "no_longer_needed", "consent_withdrawn", "processed_unlawfully"]
BASES: tuple[Basis, ...] = get_args(Basis)
BASIS_WORDS: Mapping[Basis, Words] = {
    "retention_over": Words("masa simpan habis (pasal 44)", "the time of keeping is over (art. 44)"),
    "no_longer_needed": Words("tidak lagi diperlukan (pasal 43 a)", "no longer needed (art. 43 a)"),
    "consent_withdrawn": Words("persetujuan ditarik (pasal 43 b)", "consent withdrawn (art. 43 b)"),
    "processed_unlawfully": Words("diproses melawan hukum (pasal 43 d)", "processed unlawfully (art. 43 d)"),
}
