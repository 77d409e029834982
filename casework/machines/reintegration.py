"""Watching over a child that came home, or left care at 18 (reintegrasi, bina lanjut): visits, concerns, the last look (DOMAIN 2.11, 7.6).

Each signed visit (F15) moves it. A concern is resolved by a later safe visit, or escalated: then the journey finds the child another place.
"""

from casework.machines import law
from casework.machines.effects import Done, Due, Open, When
from casework.machines.engine import Definition, State, Transition, compile_machine
from casework.machines.facts import Facts
from casework.machines.guards import monitoring_visits_done
from casework.machines.guards import watching as g
from casework.machines.guards.reviewing import not_reviewed_of_late
from casework.machines.invariants import Passes
from casework.words import Words

WATCHED = ("scheduled", "monitoring", "concern_raised", "escalated", "final_review")
ENOUGH = (monitoring_visits_done, g.visit_without_concern, g.school_and_health_settled, g.seen_alone_since_return)
OFFICE = ("social_worker", "social_worker_on_duty", "supervisor")
BEFORE_THE_END = When(not_reviewed_of_late.code, (Due("review", "review_ending_days"), Open("periodic_review", "review_ending_days")))
"""Nobody is left to themselves before a supervisor endorsed a report on how they fare (DOMAIN 2.7)."""

STATES = (
    State("scheduled", Words("dijadwalkan", "scheduled")),
    State("monitoring", Words("dipantau", "monitoring")),
    State("concern_raised", Words("ada kekhawatiran", "concern raised")),
    State("escalated", Words("ditindaklanjuti segera", "escalated")),
    State("final_review", Words("peninjauan akhir", "final review")),
    State("completed", Words("pemantauan selesai", "completed"), kind="final"),
    State("ended", Words("berakhir karena langkah lain", "ended by another step"), kind="final"),
)

TRANSITIONS: tuple[Transition[Facts], ...] = (
    Transition(
        "raise_concern",
        Words("catat kekhawatiran", "raise the concern"),
        ("scheduled", "monitoring", "final_review"),
        "concern_raised",
        by=(*OFFICE, "system"),
        guards=(g.visit_raises_concern,),
        effects=(Due("monitoring_concern", "monitoring_concern_days"),),
        on="signed:F15",
        law=(law.IAR, law.MB),
    ),
    Transition(
        "begin",
        Words("mulai pemantauan", "begin monitoring"),
        ("scheduled",),
        "monitoring",
        by=("social_worker", "system"),
        guards=(g.visit_without_concern,),
        on="signed:F15",
        law=(law.IAR, law.MB),
    ),
    Transition(
        "resolve",
        Words("selesaikan kekhawatiran", "resolve the concern"),
        ("concern_raised", "escalated"),
        "monitoring",
        by=("social_worker", "supervisor"),
        guards=(g.concern_resolved,),
        effects=(Done("monitoring_concern"),),
        law=(law.IAR, law.MB),
    ),
    Transition(
        "escalate",
        Words("tindak lanjuti segera", "escalate"),
        ("concern_raised",),
        "escalated",
        by=OFFICE,
        law=(law.IAR, law.DESIGN_REUNIFICATION),
    ),
    Transition(
        "begin_final_review",
        Words("mulai peninjauan akhir", "begin the final review"),
        ("monitoring",),
        "final_review",
        by=("social_worker", "system"),
        guards=ENOUGH,
        effects=(BEFORE_THE_END,),
        on="signed:F15",
        law=(law.IAR, law.DESIGN_REUNIFICATION),
    ),
    Transition(
        "monitor_further",
        Words("lanjutkan pemantauan", "monitor further"),
        ("final_review",),
        "monitoring",
        by=("social_worker", "supervisor"),
        law=(law.IAR,),
    ),
    Transition(
        "complete",
        Words("selesaikan pemantauan", "complete the monitoring"),
        ("final_review",),
        "completed",
        by=("system",),
        law=(law.IAR, law.IACM),
    ),
    Transition(
        "end",
        Words("akhiri karena langkah lain", "end because of another step"),
        WATCHED,
        "ended",
        by=("system",),
        effects=(Done("monitoring_concern"),),
        law=(law.IAR, law.SNPA_ENDING),
    ),
)

PROMISES = (
    Passes(
        "no_end_without_the_visits",
        Words(
            "Pemantauan selesai hanya sesudah semua kunjungan, dua terakhir aman, sekolah dan kesehatan beres, dan anak ditemui sendirian.",
            "Monitoring is completed only after every visit, the last two safe, school and health settled, and the child seen alone.",
        ),
        (law.IAR, law.MB, law.DESIGN_REUNIFICATION),
        states=("final_review", "completed"),
        all_of=("monitoring_visits_done", "visit_without_concern", "school_and_health_settled", "seen_alone_since_return"),
        since="monitoring",
    ),
    Passes(
        "no_concern_is_talked_away",
        Words(
            "Sesudah ada kekhawatiran, pemantauan hanya berlanjut dan selesai lewat kunjungan aman yang baru.",
            "After a concern, monitoring goes on and ends only through a new visit that found the child safe.",
        ),
        (law.IAR, law.MB),
        states=("monitoring", "final_review", "completed"),
        all_of=("concern_resolved",),
        since="concern_raised",
        only_after=True,
    ),
    Passes(
        "a_concern_is_one_that_a_visit_found",
        Words("Kekhawatiran berasal dari kunjungan.", "A concern comes from a visit."),
        (law.IAR,),
        states=("concern_raised",),
        last=("visit_raises_concern",),
    ),
)

REINTEGRATION = compile_machine(
    Definition(
        name="reintegration",
        version=1,
        initial="scheduled",
        states=STATES,
        transitions=TRANSITIONS,
        label=Words("Pemantauan reintegrasi dan bina lanjut", "Monitoring after the return or after care"),
        about="case",
        conditions=(not_reviewed_of_late,),
        passes=PROMISES,
    )
)
"""Version 1, compiled once and shared."""
