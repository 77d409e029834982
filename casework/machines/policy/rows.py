"""Who may do what: every row of the policy, as docs/policy.md prints it. The first row that fits decides; what no row allows is denied.

Who asks for a step of a machine, and who signs its approvals, stands in the machine's own table (`by`, `approvals`); who signs a form in
the catalogue of forms; whose a reserved task is in `settling.py`. Their rows here are made of those.

It is longer than a module should be, on purpose: the first row that fits decides, so the table is read in one piece, from top to bottom.
"""

from __future__ import annotations

from collections.abc import Iterator

from casework.machines.forms import KINDS
from casework.machines.policy.terms import BROKEN, CAPACITIES, Rule
from casework.machines.register import SHEETS
from casework.machines.settling import FIELD_WORK, RESERVED
from casework.words import Words

WORKER = ("social_worker",)
ON_DUTY = ("social_worker_on_duty",)
FIELD = ("tksk", "psm")
LEADS = ("supervisor", "dinas_head")
HEAD = ("dinas_head",)
HOUSE = ("lksa_head", "lksa_staff")
OFFICE = (*WORKER, *ON_DUTY, *LEADS)
ANYBODY = tuple(CAPACITIES)
DUTY_FORMS = ("F01", "F02", "F03", "F05", "F06", "F10", "F13", "F15", "F17", "F22", "F23", "F26")
"""What a colleague on duty reads of a case that is another's: to act in danger, to see the child, to verify (F05, F13)."""
FIELD_FORMS = ("F01", "F02", "F05", "F15")
"""What who works in the subdistrict reads, and verifies: never an incident (F17) that somebody else reported."""
HOUSE_FORMS = ("F02", "F08", "F09", "F10", "F11", "F12", "F15", "F16", "F20", "F21", "F27")
"""What an institution may read of a child who lives there: never incidents (F17), assessments or option sheets."""
HOUSE_PROCESSES = ("placement", "periodic_review", "identity_document")
"""What an institution sees of what goes on beside the journey of a child who lives there: never an incident, who may accuse it."""
HOUSE_PICTURES = (
    *("birth_certificate", "birth_certificate_application", "family_card", "family_card_application", "statement_letter"),
    *("placement_order", "guardianship_order", "temporary_care_permit", "doctor_statement"),
)
"""What of papers an institution needs to see of a child who lives there; its own pictures beside them."""
STAFF_TASKS = ("monthly_report",)
HOUSE_TASKS = ("admission_minutes", "dinas_report", "identity_documents", *STAFF_TASKS, "review")
"""What an institution has to do itself: sign the minutes (F11), write the reports, complete the child's papers (S8); and what of it any of
its staff may do: tell how the child fared (F27)."""


DELEGABLE = ("decide", "approve_correction", "assign", "advance", "complete_task", "enter_late")
"""What may be delegated: acts of a role about cases. Signing under a form, and what a role has beside cases, stays in person."""


def _read() -> Iterator[Rule]:
    yield Rule(
        code="case.office",
        who=OFFICE,
        may=("find", "open_case", "read_deliberation", "open_paper", "open_process", "open_decision", "hear_task"),
        source="DOMAIN 4; TRUST 3",
        why=Words(
            "Kantor melihat kasusnya: tahap, langkah, tenggat, surat. Isi catatan diatur tersendiri.",
            "The office sees its cases: state, steps, deadlines, papers. What records say has rows of its own.",
        ),
    )
    yield Rule(
        code="case.field",
        who=FIELD,
        may=("find", "open_case"),
        source="DOMAIN 4: tksk, psm",
        why=Words(
            "Hanya anak yang untuknya ia diminta turun ke lapangan, selama permintaan itu terbuka.",
            "Only a child for whom they were asked into the field, as long as that is open.",
        ),
    )
    yield Rule(
        code="case.field_part",
        who=FIELD,
        may=("read_deliberation",),
        verdict="mask",
        source="DOMAIN 4: tksk, psm",
        why=Words(
            "Hanya yang diminta dan yang ditulisnya: bukan pertimbangan, keputusan, surat, atau proses kantor.",
            "Only what was asked and what they wrote: not what the office weighs, decides, holds or has going on.",
        ),
    )
    yield Rule(
        code="task.field",
        who=FIELD,
        may=("hear_task",),
        of=tuple(FIELD_WORK),
        source="DOMAIN 4: tksk, psm",
        why=Words("Permintaan kepadanya sendiri.", "What they themselves were asked."),
    )
    yield Rule(
        code="case.house",
        who=HOUSE,
        may=("find", "open_case", "open_paper"),
        source="DOMAIN 4: lksa_staff, lksa_head",
        why=Words("Lembaga melihat anak yang tinggal di sana atau ditawarkan.", "A house sees the children who live there or are offered."),
    )
    yield Rule(
        code="case.house_part",
        who=HOUSE,
        may=("read_deliberation",),
        verdict="mask",
        source="DOMAIN 4; 7.8",
        why=Words(
            "Hanya bagian lembaga itu sendiri: bukan pertimbangan kantor, lembaga lain, atau siapa yang melapor.",
            "Only the house's own part: not what the office weighs, other houses, nor who reported.",
        ),
    )
    yield Rule(
        code="case.audit",
        who=("auditor",),
        may=("find", "open_case", "open_paper"),
        verdict="mask",
        source="DOMAIN 4: auditor; TRUST 3",
        why=Words(
            "Membuktikan jejak tanpa mengenal anak: inisial, tanpa isi catatan.",
            "Proves the trail without knowing the child: initials, no records.",
        ),
    )
    yield Rule(
        code="case.audit_trail",
        who=("auditor",),
        may=("read_deliberation", "open_process", "open_decision", "hear_task"),
        source="DOMAIN 4: auditor",
        why=Words("Jejak, proses, dan permohonan: semuanya, tanpa nama.", "Trail, processes and requests: all of it, without names."),
    )
    yield Rule(
        code="record.story",
        who=(*WORKER, *LEADS),
        may=("open_record",),
        source="DOMAIN 4; TRUST 3",
        why=Words("Cerita anak: bagi yang ditugaskan, dan yang memutuskan.", "The child's story: for who is assigned, and who decides."),
    )
    yield Rule(
        code="record.duty",
        who=ON_DUTY,
        may=("open_record",),
        of=DUTY_FORMS,
        source="DOMAIN 4; 7.1.3; 7.1.1",
        why=Words(
            "Rekan sekantor: yang perlu saat darurat dan untuk memverifikasi; selebihnya perlu penugasan.",
            "A colleague of the office: what an emergency and a verification need; the rest takes an assignment.",
        ),
    )
    yield Rule(
        code="record.field",
        who=FIELD,
        may=("open_record",),
        of=FIELD_FORMS,
        source="DOMAIN 4: tksk, psm",
        why=Words(
            "Penerimaan laporan, penelusuran, kunjungan rumah; insiden hanya yang dilaporkannya sendiri.",
            "Intake, tracing log, home visits; of incidents only what they reported themselves.",
        ),
    )
    yield Rule(
        code="record.house",
        who=HOUSE,
        may=("open_record",),
        of=HOUSE_FORMS,
        source="DOMAIN 4: lksa_staff",
        why=Words("Tidak pernah insiden, asesmen, atau lembar opsi.", "Never incidents, assessments or option sheets."),
    )
    yield Rule(
        code="picture.office",
        who=OFFICE,
        may=("open_attachment",),
        source="DOMAIN 3; 4; TRUST 4",
        why=Words(
            "Foto surat dibuka seperti suratnya; foto pada formulir hanya oleh yang boleh membaca formulirnya.",
            "A picture of a paper is opened as the paper is; one that belongs to a record only by who may read the record.",
        ),
    )
    yield Rule(
        code="picture.field",
        who=FIELD,
        may=("open_attachment",),
        source="DOMAIN 4: tksk, psm",
        why=Words(
            "Foto pada formulir yang boleh dibacanya dan foto yang ditambahkannya sendiri, bukan foto surat.",
            "Pictures that belong to a record they may read, and those they added themselves: none of a paper.",
        ),
    )
    yield Rule(
        code="picture.house",
        who=HOUSE,
        may=("open_attachment",),
        of=HOUSE_PICTURES,
        source="DOMAIN 4: lksa_staff",
        why=Words(
            "Surat anak yang diasuhnya, dan foto yang ditambahkannya sendiri.",
            "Papers of a child it cares for, and the pictures it added itself.",
        ),
    )
    yield Rule(
        code="process.house",
        who=HOUSE,
        may=("open_process",),
        of=HOUSE_PROCESSES,
        source="DOMAIN 4; 7.8",
        why=Words("Proses lembaga sendiri, bukan insiden.", "The house's own processes, not incidents."),
    )
    yield Rule(
        code="task.house",
        who=("lksa_head",),
        may=("hear_task",),
        of=HOUSE_TASKS,
        source="DOMAIN 4: lksa_head; S8",
        why=Words("Tugas yang dikerjakan lembaga sendiri.", "What the house does itself."),
    )
    yield Rule(
        code="task.staff",
        who=("lksa_staff",),
        may=("hear_task",),
        of=STAFF_TASKS,
        source="DOMAIN 4: lksa_staff; 2.7",
        why=Words("Pengasuh menuliskan perkembangan anak.", "Caregivers write how the child fares."),
    )
    yield Rule(
        code="glass.read",
        who=(BROKEN,),
        may=(
            *("find", "open_case", "open_record", "open_paper", "open_attachment", "open_process", "open_decision"),
            *("read_deliberation", "read_identity", "read_reasons", "hear_task"),
        ),
        source="DOMAIN 4: admin; TRUST 3",
        why=Words(
            "Satu kasus, paling lama 60 menit, hanya membaca; setiap bacaan dicatat dan diperiksa orang lain.",
            "One case, for 60 minutes at most, to read only; every look is recorded, and somebody else reviews it.",
        ),
    )
    yield Rule(
        code="identity.read",
        who=OFFICE,
        may=("read_identity", "read_reasons"),
        source="DOMAIN 4; TRUST 6",
        why=Words(
            "Identitas, koreksinya, dan alasan penolakan adalah urusan kantor.",
            "Identity, its corrections and reasons of refusal are the office's.",
        ),
    )


def _case() -> Iterator[Rule]:
    yield Rule(
        code="case.register",
        who=(*ON_DUTY, "supervisor", *FIELD),
        may=("register", "find_children", "write_complaint"),
        source="DOMAIN 2.1; 4: intake",
        why=Words("Menerima laporan dan mencegah pencatatan ganda.", "Taking in reports, and keeping a child from being entered twice."),
    )
    yield Rule(
        code="report.follow",
        who=FIELD,
        may=("follow_report",),
        source="DOMAIN 4: reporter",
        why=Words(
            "Pelapor melihat sampai di mana laporannya, tidak kasusnya.",
            "Who reported sees how far the report has come, not the case.",
        ),
    )
    yield Rule(
        code="case.census",
        who=("supervisor", *ON_DUTY),
        may=("bring_census",),
        source="DOMAIN 7.1.5",
        why=Words("Daftar penghuni lama dibawa masuk oleh kantor.", "Lists of existing residents are brought in by the office."),
    )
    yield Rule(
        code="step",
        who=(*OFFICE, *HOUSE, "province_officer"),
        may=("advance",),
        source="DOMAIN 7",
        why=Words(
            "Siapa yang boleh meminta langkah tertulis pada barisnya dalam tabel mesin (`by`), setelah tahapnya.",
            "Who may ask for a step stands in its row of the machine's own table (`by`), after the state.",
        ),
    )
    yield Rule(
        code="case.assign",
        who=LEADS,
        may=("assign",),
        source="DOMAIN 4: supervisor",
        why=Words("Supervisor menugaskan.", "A supervisor assigns."),
    )
    yield Rule(
        code="field.ask",
        who=(*WORKER, *LEADS),
        may=("ask_field",),
        source="DOMAIN 4: tksk, psm; 2: TKSK, PSM",
        why=Words(
            "Pekerja sosial anak itu atau pemimpin kantor meminta TKSK atau PSM menelusuri, berkunjung, atau memverifikasi.",
            "The child's worker or who leads the office asks a TKSK or PSM to trace, to visit or to verify.",
        ),
    )
    yield from (
        Rule(code=f"sign.{code}", who=_known(kind.signers), may=("sign",), of=(code,), source="DOMAIN 3", why=kind.title)
        for code, kind in KINDS.items()
    )
    yield Rule(
        code="supersede.incident",
        who=OFFICE,
        may=("supersede",),
        of=("F17",),
        source="DOMAIN 7.8",
        why=Words(
            "Laporan insiden hanya diperbaiki oleh kantor, atau penulisnya.", "An incident is corrected by the office only, or its writer."
        ),
    )
    yield Rule(
        code="supersede.incident_others",
        who=ANYBODY,
        may=("supersede",),
        of=("F17",),
        verdict="deny",
        source="DOMAIN 7.8",
        why=Words("Yang lain tidak.", "Nobody else does."),
    )
    yield Rule(
        code="supersede.office",
        who=OFFICE,
        may=("supersede",),
        source="DOMAIN 7.0.1",
        why=Words(
            "Kantor membetulkan catatan yang boleh dibacanya; lembaga, TKSK, dan PSM hanya miliknya sendiri.",
            "The office corrects what it may read; a house, a TKSK and a PSM only their own.",
        ),
    )
    yield Rule(
        code="record.verify",
        who=(*ON_DUTY, *FIELD),
        may=("verify",),
        source="DOMAIN 7.1.1",
        why=Words("Verifikasi oleh orang lain dari penilai.", "Verified by another person than the assessor."),
    )
    yield Rule(
        code="paper.attach",
        who=(*WORKER, *ON_DUTY, "supervisor"),
        may=("attach",),
        source="DOMAIN 3",
        why=Words("Kantor melampirkan surat.", "The office attaches papers."),
    )
    yield Rule(
        code="paper.compare",
        who=ON_DUTY,
        may=("compare",),
        source="DOMAIN 7.0.3; 7.1",
        why=Words("Dicocokkan dengan aslinya oleh pekerja sosial kedua.", "Compared with the original by a second social worker."),
    )
    yield Rule(
        code="picture.add",
        who=(*WORKER, *ON_DUTY, "supervisor", *FIELD, *HOUSE),
        may=("add_attachment",),
        source="DOMAIN 3: attachments; 2.7",
        why=Words(
            "Siapa yang bekerja dengan anak itu memotret surat dan keadaan.",
            "Who works with the child photographs papers and how things are.",
        ),
    )
    yield Rule(
        code="picture.withdraw",
        who=(*WORKER, *LEADS),
        may=("withdraw_attachment",),
        source="DOMAIN 7.1.2",
        why=Words(
            "Fotonya sendiri ditarik siapa pun; foto orang lain hanya oleh yang memimpin kasus, yang masih dapat membukanya.",
            "Anybody withdraws their own; somebody else's only who leads the case, who can still open it.",
        ),
    )
    for kind, roles in RESERVED.items():
        yield Rule(
            code=f"task.{kind}",
            who=roles,
            may=("complete_task",),
            of=(kind,),
            source="DOMAIN 7.11",
            why=Words("Tugas ini milik jabatan itu.", "This task is theirs to settle."),
        )
    yield Rule(
        code="task.reserved",
        who=ANYBODY,
        may=("complete_task",),
        of=tuple(RESERVED),
        verdict="deny",
        source="DOMAIN 7.11",
        why=Words("Bukan milik yang lain.", "It is nobody else's."),
    )
    yield Rule(
        code="task.done",
        who=(*WORKER, *ON_DUTY, "supervisor", "lksa_head"),
        may=("complete_task",),
        source="DOMAIN 7.11",
        why=Words("Melaporkan tugas selesai.", "Reporting a task as done."),
    )
    yield Rule(
        code="family.enter",
        who=(*WORKER, *ON_DUTY, *FIELD, "supervisor"),
        may=("add_relative",),
        source="DOMAIN 4: tracing log",
        why=Words("Penelusuran keluarga.", "Tracing the family."),
    )
    yield Rule(
        code="worker.asks",
        who=WORKER,
        may=("offer_place", "ask_correction"),
        source="DOMAIN 4: social_worker",
        why=Words("Pekerja sosial yang ditugaskan meminta.", "The assigned social worker asks."),
    )
    yield Rule(
        code="withdraw.own",
        who=(*WORKER, *ON_DUTY, *LEADS),
        may=("withdraw",),
        source="DOMAIN 7.2",
        why=Words("Hanya permohonannya sendiri.", "Only one's own request."),
    )
    yield Rule(
        code="house.answers",
        who=("lksa_head",),
        may=("answer_offer",),
        source="DOMAIN 4: lksa_head",
        why=Words("Kepala lembaga menerima atau menolak.", "The head of the house accepts or declines."),
    )
    yield Rule(
        code="decide",
        who=LEADS,
        may=("decide", "approve_correction"),
        verdict="step_up",
        source="DOMAIN 4; 7.2; TRUST 4",
        why=Words(
            "Keputusan, pengesahan, kontra-tanda tangan, koreksi identitas.",
            "Decisions, ratifications, countersignatures, corrections of identity.",
        ),
    )
    yield Rule(
        code="ratify.head",
        who=HEAD,
        may=("ratify",),
        verdict="step_up",
        source="DOMAIN 7.1.3",
        why=Words(
            "Yang dilakukan saat darurat boleh disahkan Kepala Dinas, giliran siapa pun.",
            "What was done in an emergency the head may ratify, whosever turn it is.",
        ),
    )
    yield Rule(
        code="late.enter",
        who=LEADS,
        may=("enter_late",),
        source="DOMAIN 7.1.2",
        why=Words("Yang lama berlalu dicatat oleh supervisor.", "What happened long ago is entered by a supervisor."),
    )


def _registers() -> Iterator[Rule]:
    yield Rule(
        code="host.list",
        who=(*OFFICE, *FIELD, "auditor", "data_protection_officer"),
        may=("list_hosts",),
        source="DOMAIN 7.9",
        why=Words("Daftar lembaga bersifat resmi.", "The register of houses is official."),
    )
    yield Rule(
        code="host.list_own",
        who=HOUSE,
        may=("list_hosts", "open_host"),
        verdict="mask",
        source="DOMAIN 4: lksa_staff",
        why=Words("Lembaga hanya melihat dirinya.", "A house sees only itself."),
    )
    yield Rule(
        code="host.see_to",
        who=("supervisor",),
        may=("see_to_house",),
        source="DOMAIN 7.9; 7.11: T23",
        why=Words("Supervisor mengurus tenggat setiap lembaga.", "A supervisor sees to the deadlines of every house."),
    )
    yield Rule(
        code="host.see_to_part",
        who=(*HEAD, *HOUSE),
        may=("see_to_house",),
        verdict="mask",
        source="DOMAIN 7.9; 7.11: T23",
        why=Words("Kepala Dinas: yang lewat; lembaga: miliknya sendiri.", "The head: what is past; a house: its own."),
    )
    yield Rule(
        code="host.open",
        who=OFFICE,
        may=("open_host", "advance_host", "add_body"),
        source="DOMAIN 7.9",
        why=Words(
            "Kantor membaca setiap entri; langkahnya menurut tabel mesin.",
            "The office reads every entry; its steps are the machine's table.",
        ),
    )
    yield Rule(
        code="host.own_step",
        who=("lksa_head",),
        may=("advance_host",),
        source="DOMAIN 7.9",
        why=Words("Langkah lembaga sendiri menurut tabel mesin.", "A house's own steps, by the machine's table."),
    )
    yield Rule(
        code="host.add_institution",
        who=LEADS,
        may=("add_host",),
        of=("lksa", "lks"),
        source="DOMAIN 7.9; S10",
        why=Words("Lembaga dimasukkan oleh supervisor.", "Institutions are entered by a supervisor."),
    )
    yield Rule(
        code="host.institution_others",
        who=ANYBODY,
        may=("add_host",),
        of=("lksa", "lks"),
        verdict="deny",
        source="DOMAIN 7.9; S10",
        why=Words("Tidak oleh yang lain.", "By nobody else."),
    )
    yield Rule(
        code="host.add_household",
        who=OFFICE,
        may=("add_host",),
        source="DOMAIN 7.9",
        why=Words("Rumah tangga dimasukkan oleh pekerja sosial.", "Households are entered by social workers."),
    )
    yield Rule(
        code="host.waive",
        who=HEAD,
        may=("waive",),
        source="S11",
        why=Words(
            "Pengecualian akreditasi adalah tindakan Kepala Dinas.", "A waiver of accreditation is an act of the head of the office."
        ),
    )
    yield Rule(
        code="host.change",
        who=LEADS,
        may=("change_host", "change_staff"),
        source="DOMAIN 7.9",
        why=Words("Surat dan petugas lembaga.", "A house's papers and staff."),
    )
    yield from (
        Rule(
            code=f"entry.{kind}",
            who=tuple("social_worker_on_duty" if role == "social_worker" else role for role in sheet.by),
            may=("add_entry",),
            of=(kind,),
            source="DOMAIN 7.9",
            why=sheet.label,
        )
        for kind, sheet in SHEETS.items()
    )


def _offices() -> Iterator[Rule]:
    yield Rule(
        code="complaint.know",
        who=(*ON_DUTY, *LEADS),
        may=("know_complaint",),
        source="S3",
        why=Words("Pengaduan tidak pernah melewati lembaga.", "A complaint never passes a house."),
    )
    yield Rule(
        code="complaint.triage",
        who=(*ON_DUTY, "supervisor"),
        may=("triage_complaint",),
        source="S3; DOMAIN 7.8",
        why=Words("Siapa yang mengadu hanya diketahui pemilah.", "Who complained is known to those who triage only."),
    )
    yield Rule(
        code="breach.handle",
        who=("data_protection_officer", *HEAD, "admin"),
        may=("handle_breach",),
        source="UU 27/2022 46; DOMAIN 4",
        why=Words(
            "Melaporkan kebocoran data; langkahnya menurut tabel mesin.", "Reporting a breach of data; its steps are the machine's table."
        ),
    )
    yield Rule(
        code="desk.use",
        who=("province_officer",),
        may=("use_desk",),
        source="DOMAIN 2.9; 4: province_officer",
        why=Words("Hanya rujukan yang dikirim kepadanya.", "Only referrals that were sent to it."),
    )
    yield Rule(
        code="work.own",
        who=(*ON_DUTY, *LEADS, *FIELD, *HOUSE),
        may=("has_work",),
        source="DOMAIN 4",
        why=Words("Daftar kerja sendiri.", "One's own work list."),
    )
    yield Rule(
        code="office.lead",
        who=LEADS,
        may=("lead", "count", "request_migration"),
        source="DOMAIN 4; 6.1",
        why=Words("Yang memimpin melihat kelambatan dan angka kantornya.", "Who leads an office sees what is late there, and its numbers."),
    )
    yield Rule(
        code="office.count",
        who=("auditor",),
        may=("count",),
        source="DOMAIN 4: auditor",
        why=Words("Auditor melihat angka setiap kantor.", "An auditor sees the numbers of every office."),
    )
    yield Rule(
        code="trail.read",
        who=("auditor", *HEAD, "data_protection_officer"),
        may=("read_trail",),
        source="DOMAIN 4: auditor, data_protection_officer",
        why=Words("Membaca jejak satu kantor; auditor setiap kantor.", "Reading the trail of an office; an auditor's are all."),
    )
    yield Rule(
        code="trail.export",
        who=("auditor", *HEAD, "data_protection_officer"),
        may=("export_trail",),
        verdict="step_up",
        source="DOMAIN 4; TRUST 4",
        why=Words("Membawa jejak keluar memerlukan bukti baru.", "Taking the trail out needs a fresh proof."),
    )
    yield Rule(
        code="review.sign",
        who=("auditor", *HEAD, "data_protection_officer"),
        may=("sign_review",),
        verdict="step_up",
        source="DOMAIN 4: auditor; TRUST 3, 4",
        why=Words(
            "Pemeriksaan jejak disahkan orang lain dari penulisnya, lalu tetap.",
            "A review of the trail is signed off by another person than its author, and is fixed then.",
        ),
    )
    yield Rule(
        code="letters.see",
        who=(*LEADS, "admin"),
        may=("see_letters",),
        source="DOMAIN 4; 7.11",
        why=Words("Memastikan orang terjangkau; tanpa isi kasus.", "Seeing to it that people are reached; no case content."),
    )
    yield Rule(
        code="rules.approve",
        who=HEAD,
        may=("approve_migration",),
        verdict="step_up",
        source="DOMAIN 7; TRUST 4",
        why=Words("Kepala Dinas menyetujui versi aturan baru.", "The head approves a new version of the rules."),
    )
    yield Rule(
        code="account.manage",
        who=("admin",),
        may=("manage_accounts",),
        verdict="step_up",
        source="DOMAIN 4: admin; TRUST 3, 4",
        why=Words("Akun dan pengaturan, tanpa isi kasus.", "Accounts and settings, no case content."),
    )
    yield Rule(
        code="settings.see",
        who=("admin", *LEADS, "auditor", "data_protection_officer"),
        may=("see_settings",),
        source="DOMAIN 9",
        why=Words(
            "Angka yang berlaku, sumbernya, dan yang masih perlu dijawab dinas.", "The numbers in force, their sources, what is still open."
        ),
    )
    yield Rule(
        code="question.answer",
        who=("admin", *HEAD),
        may=("answer_question",),
        source="DOMAIN 9",
        why=Words(
            "Jawaban dinas dicatat dengan suratnya; tidak mengubah angka.",
            "What the office answered, with its letter; it changes no number.",
        ),
    )
    yield Rule(
        code="delegation.give",
        who=LEADS,
        may=("delegate",),
        of=DELEGABLE,
        verdict="step_up",
        source="DOMAIN 4; TRUST 3",
        why=Words(
            "Paling lama 30 hari, hanya kepada rekan sekantor; tidak dapat diteruskan, dan empat mata tetap berlaku.",
            "For 30 days at most, only to a colleague of the office; never handed on, and four eyes stay four eyes.",
        ),
    )
    yield Rule(
        code="delegation.arrange",
        who=("admin",),
        may=("arrange_delegation",),
        verdict="step_up",
        source="TRUST 3",
        why=Words(
            "Bagi yang berhalangan; tidak pernah bagi diri sendiri.",
            "For somebody who cannot do it themselves; never for the administrator.",
        ),
    )
    yield Rule(
        code="glass.break",
        who=(*ON_DUTY, *FIELD, "admin"),
        may=("break_glass",),
        verdict="step_up",
        source="DOMAIN 4: admin; TRUST 3",
        why=Words(
            "Yang bekerja di kantor kasus itu dan tidak boleh membaca isinya, dengan alasan; kantor lain tetap tidak menemukannya, "
            "begitu pula TKSK dan PSM yang tidak diminta.",
            "Who works in the office of the case and may not read its story, with a reason; to another office it stays not found, "
            "and to a TKSK or PSM who was not asked.",
        ),
    )
    yield Rule(
        code="glass.review",
        who=LEADS,
        may=("review_glass",),
        verdict="step_up",
        source="TRUST 3, 4",
        why=Words("Diperiksa oleh orang lain dari yang membukanya.", "Reviewed by another person than who broke it."),
    )
    yield Rule(
        code="data.request",
        who=(*ON_DUTY, *LEADS, "data_protection_officer"),
        may=("handle_data_request",),
        source="UU 27/2022 6-9; DOMAIN 4: data_protection_officer",
        why=Words(
            "Permohonan anak, orang tua, atau wali diterima siapa pun di kantor; diputuskan orang lain.",
            "Anybody of the office takes in what a child, parent or guardian asks; somebody else decides it.",
        ),
    )
    yield Rule(
        code="data.decide",
        who=(*LEADS, "data_protection_officer"),
        may=("decide_data_request",),
        verdict="step_up",
        source="UU 27/2022 6-9; DOMAIN 4: data_protection_officer",
        why=Words(
            "Memutuskan apakah seseorang akan terancam, dan membawa data keluar.",
            "Deciding whether somebody would be endangered, and taking data out.",
        ),
    )
    yield Rule(
        code="data.erase",
        who=HEAD,
        may=("erase",),
        verdict="step_up",
        source="UU 27/2022 43-44; TRUST 6",
        why=Words(
            "Tidak dapat dibatalkan: Kepala Dinas, atas permohonan yang diterima orang lain.",
            "It is for good: the head, on a request that somebody else took in.",
        ),
    )
    yield Rule(
        code="cover.arrange",
        who=LEADS,
        may=("arrange_cover",),
        source="DOMAIN 4",
        why=Words(
            "Beban kasus yang cuti dipegang rekan, tanpa memindahkan setiap kasus.",
            "A colleague stands in for the caseload of who is away, without assigning every case anew.",
        ),
    )


def _known(roles: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of a table's roles that are capacities of accounts: not the clock, nor a reporter without an account."""
    return tuple(role for role in roles if role in CAPACITIES)


ROWS: tuple[Rule, ...] = (*_read(), *_case(), *_registers(), *_offices())
"""Every row, in the order in which they are read."""
