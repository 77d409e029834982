"""Every deadline by name: who creates it, what settles it, what happens when it passes (DOMAIN 7.11).

A parameter that counts time is a timer, or a limit that is counted with at every decision (`machines/limits.py`). `machines/deadlines.py`
refuses anything else when the tables are compiled. Rows create most timers: which ones is read from the tables, never repeated here.
"""

from casework.machines.house_timers import HOUSE_TIMERS
from casework.machines.timer import ROWS, Timer
from casework.words import Words

REGISTERING = ("service:services.cases:open_case",)
DECISIONS = ("service:services.approvals:request_approval",)
DECIDED = ("decision",)
WAITING = ("waiting",)
DAILY = ("overdue", "daily")
LED = ("led",)

TIMERS: tuple[Timer, ...] = (
    # A report (F01) asks about danger and about nothing else: the risk is graded by the very assessment that these days wait for (F03).
    # So a report is at high risk or, until somebody has looked, at medium; low is only what an emergency left that was not confirmed.
    Timer(
        parameter="assess_high_hours",
        key="T01",
        about=Words("asesmen awal bila anak dalam bahaya", "initial assessment of a child in danger"),
        creator=(*ROWS, *REGISTERING),
    ),
    Timer(
        parameter="assess_medium_days",
        key="T01",
        about=Words("asesmen awal anak lainnya", "initial assessment of every other child"),
        creator=(*ROWS, *REGISTERING),
    ),
    Timer(
        parameter="assess_low_days",
        key="T01",
        about=Words("asesmen awal bila risiko rendah", "initial assessment where the risk is known to be low"),
    ),
    Timer(parameter="comprehensive_days", key="T02", about=Words("asesmen lanjutan", "comprehensive assessment")),
    Timer(parameter="plan_days", key="T03", about=Words("rencana pengasuhan", "care plan")),
    Timer(
        parameter="emergency_ratify_hours",
        key="T04",
        about=Words("pengesahan langkah darurat atau kembalinya anak", "ratification of an emergency step or a return"),
        canceller=DECIDED,
        escalation=WAITING,
    ),
    Timer(
        parameter="emergency_max_days",
        key="T05",
        about=Words("jalan keluar dari pengasuhan darurat", "the way out of emergency care"),
        escalation=("overdue", "guard:child_not_returning_from_placement"),
    ),
    Timer(
        parameter="emergency_extension_days",
        key="T05",
        about=Words("jalan keluar sesudah satu perpanjangan", "the way out after the one extension"),
        escalation=("overdue", "guard:emergency_extension_unused"),
    ),
    Timer(
        parameter="emergency_breach_days",
        key="T05",
        about=Words(
            "batas darurat; sesudahnya dilanggar, dihitung per anak", "the limit of an emergency, counted per child; then breached"
        ),
        escalation=DAILY,
    ),
    Timer(
        parameter="emergency_checks_waived_hours",
        key="I8",
        about=Words("darurat di tempat yang penuh", "an emergency in a house that is full"),
        escalation=DAILY,
    ),
    *(
        Timer(parameter=parameter, key="T07", about=about)
        for parameter, about in (
            ("contact_high_days", Words("kontak dengan anak, risiko tinggi", "contact with the child, high risk")),
            ("contact_medium_days", Words("kontak dengan anak, risiko sedang", "contact with the child, medium risk")),
            ("contact_vulnerable_days", Words("kontak dengan anak yang rentan", "contact with a vulnerable child")),
            ("contact_low_days", Words("kontak dengan anak, risiko rendah", "contact with the child, low risk")),
        )
    ),
    Timer(
        parameter="first_visit_hours",
        key="T06",
        about=Words("kunjungan pertama; asesmen awal darurat", "first visit; emergency assessment"),
    ),
    Timer(
        parameter="inform_dinas_hours", key="", about=Words("Dinas diberi tahu tentang langkah darurat", "office told of an emergency step")
    ),
    Timer(
        parameter="inform_parents_hours",
        key="",
        about=Words("orang tua diberi tahu tentang langkah darurat", "parents told of an emergency step"),
    ),
    Timer(
        parameter="emergency_look_days",
        key="",
        about=Words("keadaan darurat kedua dalam 90 hari", "a second emergency within 90 days"),
        escalation=LED,
    ),
    *(
        Timer(parameter=parameter, key="T08", about=about, escalation=("overdue", "step:periodic_review.fall_due"))
        for parameter, about in (
            ("review_first_days", Words("review pertama, rencana kontak, pembaruan opsi", "first review, contact plan, renewed options")),
            ("review_interval_days", Words("review berikutnya", "next review")),
            ("review_under_three_days", Words("review berikutnya di bawah tiga tahun", "next review of a child under three")),
            ("review_foster_days", Words("review berikutnya di keluarga asuh baru", "next review in a new foster family")),
        )
    ),
    Timer(
        parameter="review_resumed_days",
        key="",
        about=Words("review sesudah anak kembali ke tempatnya", "review after a return to the held place"),
        escalation=("overdue", "step:periodic_review.fall_due"),
    ),
    Timer(
        parameter="review_disrupted_days", key="", about=Words("review sesudah penempatan terputus", "review after a disrupted placement")
    ),
    Timer(
        parameter="identity_review_days",
        key="",
        about=Words("review sesudah agama atau umur anak ternyata lain", "review after the child's religion or age turned out otherwise"),
        creator=("service:services.corrections:approve_identity_change",),
        canceller=("step:periodic_review.endorse",),
        escalation=("overdue", "step:periodic_review.fall_due"),
    ),
    *(
        Timer(parameter=parameter, key="", about=about, escalation=("overdue", "step:periodic_review.fall_due"))
        for parameter, about in (
            ("review_change_days", Words("review sesudah kunjungan yang mengkhawatirkan", "review after a visit that raised a concern")),
            (
                "review_ending_days",
                Words("review sebelum serah terima atau akhir layanan", "review before a transfer or the end of a service"),
            ),
            ("review_return_days", Words("review sebelum anak pulang untuk seterusnya", "review before the child goes home for good")),
        )
    ),
    Timer(
        parameter="review_record_workdays",
        key="T09",
        about=Words("review yang dimulai, dicatat dan disahkan", "a review that began, recorded"),
    ),
    Timer(
        parameter="review_overdue_days",
        key="T08",
        about=Words("review terlambat", "review overdue"),
        canceller=("step:periodic_review.submit", "step:periodic_review.end"),
        escalation=("step:periodic_review.become_overdue",),
    ),
    Timer(
        parameter="review_critical_days",
        key="T08",
        about=Words("review sangat terlambat", "review critically overdue"),
        canceller=("step:periodic_review.submit", "step:periodic_review.end"),
        escalation=("step:periodic_review.become_critical",),
    ),
    Timer(parameter="child_view_hours", key="", about=Words("pendapat anak", "the child's view")),
    Timer(
        parameter="moves_look_days",
        key="",
        about=Words("sering pindah: tiga penempatan dalam 12 bulan", "frequent moves: three placements within 12 months"),
        escalation=LED,
    ),
    Timer(parameter="monthly_report_days", key="", about=Words("laporan bulanan LKSA tentang anak", "monthly report of the house")),
    Timer(parameter="dinas_report_days", key="T11", about=Words("laporan enam bulanan ke Dinas", "six-monthly report to the office")),
    Timer(parameter="permanency_days", key="T12", about=Words("keputusan permanensi", "permanency decision"), escalation=LED),
    *(
        Timer(parameter=parameter, key="T12", about=about, escalation=LED)
        for parameter, about in (
            ("permanency_second_days", Words("tinjauan permanensi 18 bulan", "permanency review, 18 months")),
            ("permanency_third_days", Words("tinjauan permanensi 24 bulan", "permanency review, 24 months")),
        )
    ),
    Timer(parameter="leaving_plan_months", key="T15", about=Words("rencana lepas asuh, umur 17", "leaving-care plan, at 17")),
    Timer(
        parameter="leaving_plan_final_months",
        key="T15",
        about=Words("rencana lepas asuh akhir, umur 17,5", "final plan, at 17 and a half"),
    ),
    Timer(
        parameter="adult_exit_days",
        key="T15",
        about=Words("keluar dari pengasuhan sesudah umur 18", "out of care after the 18th birthday"),
        escalation=DAILY,
    ),
    Timer(parameter="birth_registration_days", key="T24", about=Words("pencatatan kelahiran", "registration of the birth")),
    Timer(parameter="trial_max_days", key="T13", about=Words("keputusan uji coba pulang", "decision about the trial at home")),
    Timer(
        parameter="reserved_bed_days",
        key="",
        about=Words("tempat yang ditahan selama uji coba", "the bed held during a trial"),
        canceller=("step:placement.resume", "step:placement.end"),
        escalation=("step:placement.lapse", "guard:placement_reserved"),
    ),
    Timer(parameter="monitoring_visit_days", key="T14", about=Words("kunjungan pemantauan", "monitoring visits")),
    Timer(parameter="monitoring_concern_days", key="", about=Words("kekhawatiran dari kunjungan", "a concern that a visit found")),
    Timer(
        parameter="aftercare_min_days",
        key="T16",
        about=Words("keputusan akhir bina lanjut", "decision about the end of after-care"),
        escalation=("overdue", "guard:aftercare_min_days"),
    ),
    Timer(
        parameter="support_delivery_days", key="", about=Words("dukungan pertama sampai kepada keluarga", "first help reaches the family")
    ),
    Timer(parameter="support_evaluation_days", key="", about=Words("penilaian dukungan yang selesai", "result of help that is complete")),
    Timer(
        parameter="support_evaluation_max_days",
        key="",
        about=Words("penilaian dukungan yang berjalan", "result of help that goes on"),
    ),
    Timer(
        parameter="referral_urgent_hours",
        key="T18",
        about=Words("jawaban rujukan mendesak", "reply to an urgent referral"),
        escalation=("overdue", "step:referral.fall_silent"),
    ),
    Timer(
        parameter="referral_normal_workdays",
        key="T18",
        about=Words("jawaban rujukan biasa", "reply to another referral"),
        escalation=("overdue", "step:referral.fall_silent"),
    ),
    Timer(parameter="referral_retarget_days", key="", about=Words("tujuan rujukan yang baru", "another body for the referral")),
    Timer(
        parameter="approval_urgent_hours",
        key="T19",
        about=Words("keputusan mendesak", "urgent decision"),
        creator=DECISIONS,
        canceller=DECIDED,
        escalation=WAITING,
    ),
    Timer(
        parameter="approval_normal_workdays",
        key="T19",
        about=Words("keputusan dan tanda tangan bersama", "decision, and countersignature"),
        creator=(*DECISIONS, "service:services.records:sign_record"),
        canceller=DECIDED,
        escalation=WAITING,
    ),
    Timer(
        parameter="approval_expiry_days",
        key="T19",
        about=Words("permohonan yang tidak diputuskan kedaluwarsa", "a request that nobody decides expires"),
        creator=DECISIONS,
        canceller=DECIDED,
        escalation=("service:store.approvals:write_down_ended",),
    ),
    Timer(
        parameter="approval_lapse_days",
        key="T19",
        about=Words("persetujuan yang tidak digunakan gugur", "an approval that nobody uses lapses"),
        creator=("service:services.approvals:decide_approval",),
        canceller=("service:services.cases:advance_case",),
        escalation=("service:store.approvals:write_down_ended",),
    ),
    Timer(parameter="incident_dinas_hours", key="T20", about=Words("Dinas diberi tahu tentang insiden", "office told of an incident")),
    Timer(parameter="death_head_hours", key="", about=Words("Kepala Dinas diberi tahu tentang kematian", "head told of a death")),
    Timer(
        parameter="breach_notice_hours",
        key="T22",
        about=Words("pemberitahuan tertulis tentang kebocoran data", "written notice of a data breach"),
        creator=("service:services.breaches:report_breach",),
        canceller=("step:data_breach.tell_persons", "step:data_breach.dismiss_not_personal", "step:data_breach.dismiss_not_disclosed"),
        escalation=("service:services.breaches:list_breaches",),
    ),
    Timer(parameter="incident_police_hours", key="T21", about=Words("polisi diberi tahu", "police told")),
    Timer(parameter="incident_triage_danger_hours", key="", about=Words("pemilahan bila anak dalam bahaya", "triage, child in danger")),
    Timer(parameter="incident_triage_hours", key="", about=Words("pemilahan laporan", "triage of a report")),
    Timer(parameter="incident_child_seen_hours", key="", about=Words("anak ditemui sesudah insiden", "child seen after an incident")),
    Timer(parameter="incident_plan_days", key="", about=Words("rencana pemeriksaan insiden", "plan of the investigation")),
    Timer(parameter="incident_finding_days", key="", about=Words("hasil pemeriksaan insiden", "finding of the investigation")),
    Timer(parameter="incident_review_days", key="", about=Words("review anak di tempat insiden", "review of the children in that house")),
    Timer(
        parameter="glass_review_workdays",
        key="",
        about=Words("pemeriksaan akses darurat", "review of a broken glass"),
        creator=("service:services.glass:break_glass",),
        canceller=("service:services.glass:review_glass",),
        escalation=("led", "daily"),
    ),
    Timer(
        parameter="data_request_hours",
        key="",
        about=Words("jawaban atas permohonan tentang data anak", "answer to a request about a child's data"),
        creator=("service:services.data_requests:take_request",),
        canceller=("service:services.data_requests:decide_request",),
        escalation=LED,
    ),
    *HOUSE_TIMERS,
    Timer(
        parameter="missing_hold_days",
        key="T25",
        about=Words("tempat yang ditahan bagi anak hilang", "the bed held for a missing child"),
        canceller=("step:placement.resume", "step:placement.end"),
        escalation=("step:placement.lapse", "guard:missing_within_30_days"),
    ),
    Timer(parameter="return_interview_hours", key="", about=Words("wawancara kepulangan", "return interview")),
    Timer(
        parameter="legacy_assess_urgent_days",
        key="T27",
        about=Words("asesmen penghuni lama: di bawah 3, disabilitas, insiden", "assessment of a resident: under 3, disability, incident"),
        creator=(*ROWS, *REGISTERING),
    ),
    Timer(
        parameter="legacy_assess_parent_days",
        key="T27",
        about=Words("asesmen penghuni lama: mungkin ada orang tua", "assessment of a resident: a parent may live"),
        creator=(*ROWS, *REGISTERING),
    ),
    Timer(
        parameter="legacy_assess_days",
        key="T27",
        about=Words("asesmen penghuni lama lainnya", "assessment of every other resident"),
        creator=(*ROWS, *REGISTERING),
    ),
    Timer(
        parameter="legacy_decide_days",
        key="T28",
        about=Words("keputusan bagi penghuni lama", "decision about a resident"),
        escalation=DAILY,
    ),
    Timer(parameter="tracing_window_days", key="", about=Words("penelusuran keluarga yang diulang", "tracing the family again")),
    Timer(
        parameter="tracing_retry_days",
        key="",
        about=Words("keluarga dicari lagi", "the family is looked for again"),
        canceller=("step:reunification.record_located", "step:reunification.stop"),
        escalation=("step:reunification.trace_again",),
    ),
    Timer(parameter="leave_max_days", key="T30", about=Words("kembali dari izin", "return from a leave")),
    Timer(parameter="leave_respite_days", key="T30", about=Words("kembali dari jeda pengasuhan", "return from a respite")),
    Timer(parameter="admission_minutes_hours", key="", about=Words("berita acara penerimaan (F11)", "admission minutes (F11)")),
    Timer(
        parameter="identity_document_days",
        key="",
        about=Words("akta dan KK; akta kematian; tahun lahir", "identity papers; death certificate; year of birth"),
        canceller=("service:services.corrections:approve_identity_change",),
    ),
    Timer(
        parameter="identity_chase_days",
        key="",
        about=Words("dokumen ditagih lagi", "papers chased again"),
        canceller=("step:identity_document.record_issued", "step:identity_document.verify"),
        escalation=("step:identity_document.chase",),
    ),
    Timer(parameter="host_review_days", key="", about=Words("review anak di tempat yang dibekukan", "review of children in a lost house")),
    Timer(
        parameter="head_reminder_hours",
        key="",
        about=Words("peringatan harian kepada Kepala Dinas", "daily reminder of the head of the office"),
        creator=("service:services.escalation:remind",),
        canceller=("leaving", "hand"),
        escalation=("led", "daily"),
    ),
    Timer(parameter="host_relocation_days", key="", about=Words("rencana pindah dari tempat itu", "plan to move children from it")),
)
"""Every deadline."""
