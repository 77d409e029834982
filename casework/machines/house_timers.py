"""The deadlines of houses and their staff, and of complaints about them."""

from casework.machines.timer import Timer
from casework.words import Words

ENTERED = "service:services.house_entries:add_entry"
PAPERS = ("service:services.registers:add_host", "service:services.registers:change_host", ENTERED)
STAFFED = ("service:services.registers:add_staff", ENTERED)
COMPLAINING = ("service:services.complaints:receive_complaint", "service:services.complaints:write_down_complaint")
COMPLAINTS = "service:services.complaint_views:list_complaints"
HOUSES = "service:services.house_deadlines:list_house_deadlines"

HOUSE_TIMERS: tuple[Timer, ...] = (
    Timer(
        parameter="clearance_days",
        key="T23",
        about=Words("masa berlaku SKCK petugas", "police record of staff"),
        canceller=("step:staff.clear", "step:staff.leave"),
        escalation=("step:staff.expire", "guard:team_cleared"),
    ),
    *(
        Timer(parameter=parameter, key="", about=about, creator=COMPLAINING, canceller=canceller, escalation=(COMPLAINTS,))
        for parameter, about, canceller in (
            (
                "complaint_look_danger_hours",
                Words("pengaduan dilihat bila anak dalam bahaya", "first look at a complaint, child in danger"),
                ("step:complaint.look", "step:complaint.escalate"),
            ),
            (
                "complaint_look_hours",
                Words("pengaduan dilihat", "first look at a complaint"),
                ("step:complaint.look", "step:complaint.escalate"),
            ),
            ("complaint_answer_days", Words("jawaban atas pengaduan", "answer to a complaint"), ("step:complaint.answer",)),
        )
    ),
    Timer(
        parameter="paper_warning_days",
        key="T23",
        about=Words("peringatan izin, akreditasi, dan SKCK", "warnings of licence, accreditation and police record"),
        creator=PAPERS,
        canceller=("step:host.renew", "step:staff.clear", *PAPERS),
        escalation=(HOUSES, "step:host.expire", "step:staff.expire"),
    ),
    Timer(
        parameter="performance_review_days",
        key="T10",
        about=Words("penilaian kinerja pengasuh dengan masukan anak", "review of the caregiver with the children's feedback"),
        creator=STAFFED,
        canceller=(ENTERED, "step:staff.leave", "step:staff.bar"),
        escalation=(HOUSES,),
    ),
    Timer(
        parameter="training_days",
        key="",
        about=Words("pelatihan setiap petugas", "training of everybody who works there"),
        creator=STAFFED,
        canceller=(ENTERED, "step:staff.leave", "step:staff.bar"),
        escalation=(HOUSES,),
    ),
    Timer(
        parameter="host_activation_days",
        key="",
        about=Words("tempat asuh yang baru dicatat diperiksa", "examination of a place of care that was entered"),
        creator=("service:services.registers:add_host",),
        canceller=("step:host.activate", "step:host.revoke"),
        escalation=(HOUSES,),
    ),
    Timer(
        parameter="performance_warning_days",
        key="T10",
        about=Words("peringatan penilaian dan pelatihan", "warning of review and training"),
        creator=STAFFED,
        canceller=(ENTERED, "step:staff.leave", "step:staff.bar"),
        escalation=(HOUSES,),
    ),
    Timer(
        parameter="clearance_warning_days",
        key="T23",
        about=Words("peringatan SKCK hampir habis", "warning that a police record runs out"),
        canceller=("step:staff.clear", "step:staff.leave"),
        escalation=("step:staff.run_out",),
    ),
)
