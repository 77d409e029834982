"""The closed vocabularies of the policy: relations, capacities, actions, verdicts, and the shape of a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

import msgspec

from casework.words import Words

Relation: TypeAlias = Literal["assigned", "asked", "office", "supervised", "house", "receiver", "appointed", "glass", "none"]
Verdict: TypeAlias = Literal["allow", "mask", "step_up", "deny"]
Action: TypeAlias = Literal[
    "find",
    "open_case",
    "read_deliberation",
    "open_record",
    "open_paper",
    "open_attachment",
    "open_process",
    "read_identity",
    "read_reasons",
    "open_decision",
    "hear_task",
    "register",
    "follow_report",
    "find_children",
    "bring_census",
    "assign",
    "ask_field",
    "advance",
    "sign",
    "supersede",
    "verify",
    "attach",
    "compare",
    "add_attachment",
    "withdraw_attachment",
    "complete_task",
    "add_relative",
    "offer_place",
    "answer_offer",
    "ask_correction",
    "approve_correction",
    "withdraw",
    "decide",
    "ratify",
    "enter_late",
    "list_hosts",
    "open_host",
    "add_host",
    "waive",
    "change_host",
    "change_staff",
    "add_entry",
    "advance_host",
    "add_body",
    "see_to_house",
    "write_complaint",
    "know_complaint",
    "triage_complaint",
    "handle_breach",
    "use_desk",
    "has_work",
    "lead",
    "count",
    "read_trail",
    "export_trail",
    "sign_review",
    "see_letters",
    "request_migration",
    "approve_migration",
    "manage_accounts",
    "see_settings",
    "answer_question",
    "delegate",
    "arrange_delegation",
    "arrange_cover",
    "break_glass",
    "review_glass",
    "handle_data_request",
    "decide_data_request",
    "erase",
]
ACTIONS: tuple[Action, ...] = get_args(Action)
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
ACTION_WORDS: Mapping[Action, Words] = {
    "find": Words("melihat barisnya dalam daftar, pencarian, angka", "seeing its line in lists, searches, numbers"),
    "open_case": Words("membuka halaman kasus", "opening the page of a case"),
    "read_deliberation": Words(
        "membaca pertimbangan kantor, lembaga lain yang ditanya, siapa yang mencoba apa",
        "reading what the office weighs, other houses asked, who tried what",
    ),
    "open_record": Words("membuka catatan (formulir)", "opening a record (a form)"),
    "open_paper": Words("membuka surat", "opening a paper"),
    "open_attachment": Words("membuka foto", "opening a picture"),
    "open_process": Words("melihat proses di samping perjalanan", "seeing a process beside the journey"),
    "read_identity": Words("membaca identitas dan koreksinya", "reading the identity and its corrections"),
    "read_reasons": Words("membaca alasan penolakan", "reading why a request was turned down"),
    "open_decision": Words("membuka permohonan persetujuan", "opening a request for approval"),
    "hear_task": Words("melihat tugas dan tenggat", "hearing of tasks and deadlines"),
    "register": Words("mendaftarkan kasus", "registering a case"),
    "follow_report": Words("melihat sampai di mana laporannya sendiri", "seeing how far one's own report has come"),
    "find_children": Words("mencari anak dalam register", "searching the register of children"),
    "bring_census": Words("membawa masuk daftar penghuni lama", "bringing in lists of existing residents"),
    "assign": Words("menugaskan", "assigning a case"),
    "ask_field": Words("meminta TKSK atau PSM turun ke lapangan", "asking a TKSK or PSM into the field"),
    "advance": Words("meminta langkah, atau persetujuannya", "asking for a step, or its approvals"),
    "sign": Words("menulis dan menandatangani formulir", "writing and signing a form"),
    "supersede": Words("mengganti catatan orang lain", "replacing somebody else's record"),
    "verify": Words("memverifikasi catatan", "verifying a record"),
    "attach": Words("melampirkan surat", "attaching a paper"),
    "compare": Words("mencocokkan surat dengan aslinya", "comparing a paper with its original"),
    "add_attachment": Words("menambah foto", "adding a picture"),
    "withdraw_attachment": Words("menarik foto orang lain", "withdrawing somebody else's picture"),
    "complete_task": Words("melaporkan tugas selesai", "reporting a task as done"),
    "add_relative": Words("mencatat kerabat", "entering a relative"),
    "offer_place": Words("menanyakan tempat kepada lembaga", "asking a house for a place"),
    "answer_offer": Words("menjawab tawaran", "answering an offer"),
    "ask_correction": Words("meminta koreksi identitas", "asking for a correction of the identity"),
    "approve_correction": Words("menyetujui koreksi identitas", "approving a correction of the identity"),
    "withdraw": Words("menarik permohonan sendiri", "withdrawing one's own request"),
    "decide": Words("memutuskan permohonan", "deciding a request"),
    "ratify": Words("mengesahkan langkah darurat di luar giliran", "ratifying an emergency step out of turn"),
    "enter_late": Words("mencatat yang lama berlalu", "entering what happened long ago"),
    "list_hosts": Words("melihat daftar lembaga dan rumah tangga", "seeing the register of hosts"),
    "open_host": Words("membuka entri lembaga", "opening the entry of a host"),
    "add_host": Words("memasukkan lembaga atau rumah tangga", "entering a host"),
    "waive": Words("memberi pengecualian akreditasi", "waiving an accreditation"),
    "change_host": Words("mengubah surat dan angka lembaga", "changing a host's papers and numbers"),
    "change_staff": Words("mencatat petugas lembaga", "entering a host's staff"),
    "add_entry": Words("menambah catatan tentang lembaga", "adding an entry about a house"),
    "advance_host": Words("meminta langkah status lembaga atau petugas", "asking for a step of a host's or its staff's standing"),
    "add_body": Words("memasukkan lembaga tujuan rujukan", "entering a receiving body"),
    "see_to_house": Words("melihat tenggat lembaga", "seeing the deadlines of houses"),
    "write_complaint": Words("menuliskan pengaduan", "writing down a complaint"),
    "know_complaint": Words("mengetahui pengaduan", "knowing of complaints"),
    "triage_complaint": Words("memilah pengaduan, melihat pelapornya", "triaging a complaint, seeing who complained"),
    "handle_breach": Words("melaporkan dan menangani kebocoran data", "reporting and handling a breach of data"),
    "use_desk": Words("membuka dan menjawab rujukan yang diterima", "opening and answering referrals received"),
    "has_work": Words("punya daftar kerja", "having a work list"),
    "lead": Words("memimpin kantor: kelambatan, angka", "leading an office: what is late, its numbers"),
    "count": Words("melihat angka", "seeing numbers"),
    "export_trail": Words("mengambil jejak sebagai berkas", "taking the trail out as a file"),
    "see_letters": Words("melihat surat yang tidak sampai", "seeing letters that did not arrive"),
    "read_trail": Words("membaca jejak kantor", "reading the trail of an office"),
    "sign_review": Words("mengesahkan pemeriksaan jejak orang lain", "signing off somebody else's review of the trail"),
    "request_migration": Words("meminta pindah ke versi aturan baru", "asking to pass into a newer version of the rules"),
    "approve_migration": Words("menyetujui pindah versi", "approving that passing"),
    "manage_accounts": Words("mengelola akun dan kantor", "managing accounts and offices"),
    "see_settings": Words("melihat pengaturan yang berlaku", "seeing the settings in force"),
    "answer_question": Words("mencatat jawaban dinas atas pertanyaan terbuka", "entering what the office answers to an open question"),
    "delegate": Words("melimpahkan tindakan jabatannya sendiri kepada rekan sekantor", "delegating acts of one's own role to a colleague"),
    "arrange_delegation": Words("mencatat pelimpahan antara dua orang lain", "entering a delegation between two others"),
    "break_glass": Words("membuka akses darurat atas satu kasus", "breaking the glass of one case"),
    "handle_data_request": Words("mencatat permohonan tentang data anak", "entering requests about a child's data"),
    "decide_data_request": Words(
        "memutuskan permohonan tentang data anak, mengambil salinannya", "deciding requests about a child's data, taking the copy"
    ),
    "erase": Words("menyetujui penghapusan data anak", "approving that a child's data are erased"),
    "review_glass": Words("memeriksa akses darurat", "reviewing who broke the glass"),
    "arrange_cover": Words("menunjuk pengganti sementara bagi pekerja sosial", "arranging cover for a social worker"),
}
"""What each action is, in words."""
RELATIONS: Mapping[Relation, Words] = {
    "assigned": Words("ditugaskan kepada saya, atau belum kepada siapa pun", "assigned to me, or to nobody yet"),
    "asked": Words(
        "diminta turun ke lapangan untuk anak ini, selama permintaannya terbuka", "asked into the field for this child, while that is open"
    ),
    "office": Words("kantor saya", "my office"),
    "supervised": Words("kantor yang saya pimpin atau supervisi", "an office I lead or supervise"),
    "house": Words("lembaga saya: anak tinggal di sana atau ditawarkan ke sana", "my house: the child lives there or is offered to it"),
    "receiver": Words("penerima rujukan", "receiver of a referral"),
    "appointed": Words("jabatan yang tidak menangani kasus", "an appointment without casework"),
    "glass": Words("akses darurat: satu kasus, sebentar, hanya membaca", "the glass was broken: one case, for a while, to read only"),
    "none": Words("tidak ada hubungan", "none"),
}


class Capacity(msgspec.Struct, frozen=True):
    """A role in a relation: what the machines, the forms and the rows of the policy know people by."""

    role: str
    relation: Relation


CAPACITIES: Mapping[str, Capacity] = {
    "social_worker": Capacity("social_worker", "assigned"),
    "social_worker_on_duty": Capacity("social_worker", "office"),
    "tksk": Capacity("tksk", "asked"),
    "psm": Capacity("psm", "asked"),
    "supervisor": Capacity("supervisor", "supervised"),
    "dinas_head": Capacity("dinas_head", "supervised"),
    "lksa_head": Capacity("lksa_head", "house"),
    "lksa_staff": Capacity("lksa_staff", "house"),
    "province_officer": Capacity("province_officer", "receiver"),
    "auditor": Capacity("auditor", "appointed"),
    "data_protection_officer": Capacity("data_protection_officer", "appointed"),
    "admin": Capacity("admin", "appointed"),
    "glass_reader": Capacity("glass_reader", "glass"),
}
"""Every role in every relation in which it has any right. Whoever is assigned a case is also of its office."""


BROKEN = "glass_reader"
"""The capacity of who broke the glass of a case; no account holds it."""
COVERED = "social_worker"
"""The role whose caseload a colleague may cover."""
CERTIFIED = frozenset({"social_worker"})
"""Roles in which nobody works without a valid certificate (DOMAIN 4: UU 14/2019)."""
OF_A_DISTRICT = frozenset({"tksk"})
"""Roles in the field that are held for a whole district (kecamatan), never for one of its villages."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One row. The first row that fits decides for a capacity; of several capacities of one person the best verdict counts.

    `who` are capacities, `of` machines, forms, kinds of task or of entry, or acts that are delegated; `("*",)` is any. `source` is where
    it comes from, `why` the reason in words. What no row allows is denied.
    """

    code: str
    who: tuple[str, ...]
    may: tuple[Action, ...]
    of: tuple[str, ...] = ("*",)
    states: tuple[str, ...] = ("*",)
    verdict: Verdict = "allow"
    source: str
    why: Words


class Ruling(msgspec.Struct, frozen=True):
    """What the policy answers: the verdict, the row that said so ("" where none did), and the capacity it was said to."""

    verdict: Verdict
    rule: str
    capacity: str

    @property
    def passes(self) -> bool:
        """Whether it may be done at all: what a fresh proof is asked for, the roof sees to."""
        return self.verdict != "deny"
