"""What a page says after something was done, by the code in its address."""

from __future__ import annotations

from casework.words import Words

NOTICES: dict[str, Words] = {
    "password_changed": Words(
        "Kata sandi diganti. Sesi Anda di perangkat lain sudah berakhir.", "The password is changed. Your sessions elsewhere have ended."
    ),
    "password_set": Words("Kata sandi tersimpan. Silakan masuk.", "The password is set. You can sign in now."),
    "second_factor_off": Words("Kode dari telepon dimatikan.", "Codes from a telephone are switched off."),
    "session_ended": Words("Sesi itu sudah berakhir.", "That session has ended."),
    "others_ended": Words("Semua sesi lain sudah berakhir.", "All other sessions have ended."),
    "picture": Words("Foto tersimpan.", "The picture is saved."),
    "picture_withdrawn": Words("Foto ditarik; alasannya dicatat.", "The picture is withdrawn; the reason is recorded."),
    "registered": Words(
        "Kasus terdaftar. Berikutnya: supervisor menugaskan pekerja sosial.", "The case is registered. Next: a supervisor assigns a worker."
    ),
    "advanced": Words("Langkah dilakukan dan dicatat.", "The step is made and recorded."),
    "requested": Words(
        "Persetujuan diminta. Penyetuju melihatnya di halaman Keputusan.", "Approval is requested. The approver sees it under Decisions."
    ),
    "migration_asked": Words(
        "Perpindahan diminta; Kepala Dinas memutuskannya.", "The migration is asked for; a head of the office decides."
    ),
    "migration_approved": Words(
        "Perpindahan disetujui; petugas sistem menjalankannya.", "The migration is approved; the operator carries it out."
    ),
    "residents": Words("Penghuni didata; masing-masing punya catatan sendiri.", "The residents are registered, each with its own entry."),
    "withdrawn": Words("Permohonan ditarik.", "The request is withdrawn."),
    "assigned": Words("Pekerja sosial ditugaskan.", "The worker is assigned."),
    "field_asked": Words(
        "Diminta. Ia melihat anak ini di Pekerjaan saya, sampai selesai.", "Asked. They see the child under My work, until it is done."
    ),
    "field_ended": Words("Permintaan diakhiri; kasus ini tidak lagi tampak baginya.", "It is ended; they see the case no more."),
    "reported": Words("Laporan diterima. Sampai di mana, lihat di sini.", "The report is received. How far it has come is told here."),
    "relative": Words("Anggota keluarga dicatat.", "The relative is entered."),
    "offered": Words("LKSA diminta menjawab.", "The institution is asked."),
    "declined": Words(
        "Penolakan dicatat, dengan alasannya. Anak itu tidak lagi terlihat oleh lembaga Anda.",
        "That you decline is recorded, with its reason. Your institution no longer sees the child.",
    ),
    "answered": Words("Jawaban dicatat.", "The answer is recorded."),
    "paper": Words(
        "Dokumen dicatat; orang kedua perlu mencocokkannya dengan asli.",
        "The paper is entered; a second person must compare it with its original.",
    ),
    "compared": Words("Dokumen dicocokkan.", "The paper is compared."),
    "completed": Words("Tugas dicatat selesai.", "The task is recorded as done."),
    "verified": Words("Catatan diverifikasi.", "The record is verified."),
    "signed": Words("Formulir ditandatangani.", "The form is signed."),
    "drafted": Words("Rancangan disimpan; hanya Anda yang melihatnya.", "The draft is kept; only you see it."),
    "host": Words("Tempat asuh dicatat.", "The place of care is entered."),
    "host_changed": Words("Perubahan disimpan.", "The change is kept."),
    "complaint_linked": Words(
        "Pengaduan dihubungkan. Kasusnya sendiri tidak menyebutnya.", "The complaint is linked. The case does not mention it."
    ),
    "entry": Words("Catatan ditambahkan ke register.", "The entry is added to the register."),
    "staff": Words("Data petugas disimpan.", "The staff entry is kept."),
    "body": Words("Lembaga tujuan dicatat.", "The body is entered."),
    "correction": Words(
        "Pembetulan diminta. Supervisor melakukannya setelah dokumen dicocokkan.",
        "The correction is asked for. A supervisor carries it out once the paper was compared.",
    ),
    "corrected": Words("Identitas dibetulkan.", "The identity is corrected."),
    "replied": Words("Jawaban Anda dicatat; pengirim melihatnya sekarang juga.", "Your answer is recorded; the sender sees it at once."),
    "data_requested": Words("Permohonan dicatat; jawab dalam 3x24 jam.", "The request is entered; answer it within 3x24 hours."),
    "request_decided": Words("Permohonan diputuskan.", "The request is decided."),
    "glass_broken": Words(
        "Akses darurat terbuka: hanya membaca, sebentar. Kepala Dinas sudah diberi tahu.",
        "The glass is broken: to read only, for a while. The head of the office has been told.",
    ),
    "glass_reviewed": Words("Pemeriksaan dicatat.", "The review is recorded."),
    "delegated": Words("Pelimpahan dicatat dan berlaku sesuai tanggalnya.", "The delegation is recorded; it holds from its day on."),
    "covered": Words("Pengganti sementara ditunjuk.", "Cover is arranged."),
    "delegation_ended": Words("Sudah diakhiri; berlaku seketika.", "It has ended, at once."),
    "seat_given": Words("Jabatan diberikan; berlaku seketika.", "The seat is given, from now on."),
    "seat_ended": Words("Jabatan diakhiri; berlaku pada permintaan berikutnya.", "The seat has ended; the next request notices."),
    "account_suspended": Words("Akun dibekukan dan semua sesinya berakhir.", "The account is suspended; its sessions have ended."),
    "account_restored": Words("Akun dipulihkan.", "The account is restored."),
    "sessions_ended": Words("Semua sesi akun ini berakhir.", "Every session of this account has ended."),
    "factor_removed": Words(
        "Kode dari telepon dihapus; akun ini masuk dengan kata sandi saja.", "The second factor is gone: the password is enough to come in."
    ),
    "certificate_set": Words("Masa berlaku sertifikat dicatat.", "The certificate is entered."),
    "mail_set": Words("Alamat surel disimpan.", "The mail address is kept."),
    "question_answered": Words("Jawaban dicatat.", "The answer is kept."),
    "office_entered": Words("Kantor dicatat.", "The office is entered."),
    "office_renamed": Words("Nama kantor diganti.", "The office is renamed."),
    "decided": Words("Keputusan dicatat.", "The decision is recorded."),
}
