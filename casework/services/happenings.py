"""Words for what the journal's closed vocabulary says: kinds of entry, refused verbs, refusal codes."""

from __future__ import annotations

from casework.machines.book import all_machines
from casework.words import Words

HAPPENINGS: dict[str, Words] = {
    "case_registered": Words("Kasus didaftarkan", "Case registered"),
    "case_assigned": Words("Pekerja sosial ditugaskan", "Social worker assigned"),
    "record_signed": Words("Formulir ditandatangani", "Record signed"),
    "record_verified": Words("Catatan diverifikasi orang kedua", "Record verified by a second person"),
    "document_attached": Words("Dokumen dicatat", "Paper entered"),
    "document_compared": Words("Dokumen dicocokkan dengan asli", "Paper compared with its original"),
    "identity_change_requested": Words("Perubahan identitas diminta", "Identity change requested"),
    "identity_changed": Words("Identitas diperbaiki", "Identity corrected"),
    "relative_added": Words("Anggota keluarga dicatat", "Relative entered"),
    "host_offered": Words("Anak ditawarkan ke LKSA", "Place asked of an institution"),
    "host_answered": Words("LKSA menjawab", "The institution answered"),
    "approval_requested": Words("Persetujuan diminta", "Approval requested"),
    "approval_given": Words("Disetujui", "Approved"),
    "approval_rejected": Words("Ditolak penyetuju", "Rejected by the approver"),
    "approval_returned": Words("Dikembalikan penyetuju", "Returned by the approver"),
    "approval_withdrawn": Words("Permohonan ditarik", "Request withdrawn"),
    "evidence_opened": Words("Bukti dibuka", "Evidence opened"),
    "task_done": Words("Tugas selesai", "Task done"),
    "task_due": Words("Tugas muncul karena kasus lain", "Task asked for by what happened elsewhere"),
    "process_moved": Words("Langkah proses dilakukan", "Step of a process made"),
    "moved": Words("Langkah dilakukan", "Step made"),
    "refused": Words("Ditolak", "Refused"),
    "signed_in": Words("Masuk", "Signed in"),
    "sign_in_refused": Words("Gagal masuk", "Sign-in refused"),
    "signed_out": Words("Keluar", "Signed out"),
    "account_changed": Words("Akun diubah", "Account changed"),
    "host_changed": Words("Daftar pengasuh/LKSA diubah", "Register of carers changed"),
    "parameters_changed": Words("Angka aturan diubah", "Parameters changed"),
    "definition_published": Words("Aturan diterbitkan", "Definition published"),
}

REFUSED_VERBS: dict[str, Words] = {
    "register_case": Words("mendaftarkan kasus", "registering a case"),
    "assign_case": Words("menugaskan pekerja sosial", "assigning a worker"),
    "advance_case": Words("melakukan langkah", "making a step"),
    "advance_process": Words("melakukan langkah proses", "making a step of a process"),
    "advance_host": Words("mengubah status tempat pengasuhan", "changing the standing of a house"),
    "advance_staff": Words("mengubah status petugas LKSA", "changing the clearance of a member of staff"),
    "save_draft": Words("menyimpan rancangan", "saving a draft"),
    "sign_record": Words("menandatangani formulir", "signing a record"),
    "verify_record": Words("memverifikasi catatan", "verifying a record"),
    "attach_document": Words("mencatat dokumen", "entering a paper"),
    "compare_document": Words("mencocokkan dokumen", "comparing a paper"),
    "open_evidence": Words("membuka bukti", "opening evidence"),
    "request_approval": Words("meminta persetujuan", "requesting approval"),
    "decide_approval": Words("memutuskan permohonan", "deciding a request"),
    "withdraw_approval": Words("menarik permohonan", "withdrawing a request"),
    "offer_child": Words("menawarkan anak ke LKSA", "asking an institution for a place"),
    "answer_offer": Words("menjawab penawaran", "answering an offer"),
    "add_relative": Words("mencatat kerabat", "entering a relative"),
    "complete_task": Words("melaporkan tugas selesai", "reporting a task done"),
    "request_identity_change": Words("meminta perubahan identitas", "requesting an identity change"),
    "approve_identity_change": Words("menyetujui perubahan identitas", "approving an identity change"),
    "change_host": Words("mengubah data pengasuh/LKSA", "changing a carer or institution"),
    "add_host": Words("mencatat pengasuh/LKSA", "entering a carer or institution"),
    "add_staff": Words("mencatat petugas LKSA", "entering staff of an institution"),
    "change_staff": Words("mengubah data petugas LKSA", "changing staff of an institution"),
    "add_body": Words("mencatat lembaga tujuan rujukan", "entering a body for referrals"),
}

_SHARED: dict[str, Words] = {
    "no_such_transition": Words("Langkah itu tidak ada dari tahap ini.", "There is no such step from this state."),
    "role_not_allowed": Words("Peran itu tidak boleh melakukannya.", "The role may not do this."),
    "four_eyes": Words("Pemohon dan penyetuju harus orang yang berbeda.", "Requester and approver must be different people."),
    "approval_missing": Words("Persetujuan belum lengkap.", "The approvals are not complete."),
    "approval_superseded": Words("Bukti berubah sesudah disetujui.", "The evidence changed after approval."),
    "approval_not_needed": Words("Langkah ini tidak perlu persetujuan.", "The step needs no approval."),
    "approval_order": Words("Persetujuan lain harus lebih dahulu.", "Another approval comes first."),
    "evidence_not_opened": Words("Bukti belum semuanya dibuka.", "Not all of the evidence was opened."),
    "request_settled": Words("Permohonan sudah selesai.", "The request is settled."),
    "duplicate_case": Words("Anak sudah mempunyai kasus terbuka.", "The child already has an open case."),
    "closed_case_exists": Words("Kasus yang ditutup dibuka kembali.", "A closed case is reopened instead."),
    "backdating_needs_supervisor": Words("Catatan mundur perlu supervisor.", "Late entry needs a supervisor."),
    "appointed_after_request": Words("Wewenang diberikan sesudah permohonan.", "The authority was given after the request."),
    "open_business": Words("Masih ada urusan terbuka.", "Something beside the case is still open."),
    "settled_by_its_form": Words("Tugas selesai dengan formulirnya.", "The task is settled by its own form."),
    "already_done": Words("Sudah pernah dilakukan.", "It was done already."),
    "stale_version": Words("Halaman yang dilihat sudah usang.", "The page that was seen was out of date."),
    "not_found": Words("Tidak ada, atau bukan haknya.", "No such thing, or not theirs."),
    "invalid": Words("Isian salah.", "The input was wrong."),
    "conflict": Words("Didahului orang lain.", "Somebody else was faster."),
    "document_not_compared": Words("Dokumen belum dicocokkan dengan aslinya.", "The paper was not compared with its original."),
    "waiver_too_long": Words("Pengecualian akreditasi lebih dari 12 bulan.", "A waiver of more than twelve months."),
    "throttled": Words("Terlalu sering gagal masuk.", "Too many failed sign-ins."),
    "wrong_credentials": Words("Nama pengguna atau kata sandi salah.", "Wrong username or password."),
}
REFUSED: dict[str, Words] = {
    guard.code: guard.words for machine in all_machines() for row in machine.definition.transitions for guard in row.guards
} | _SHARED
"""Every refusal code in words."""
