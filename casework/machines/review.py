"""The periodic review (review berkala) of a placement: scheduled, due, reported, endorsed; and the next one begins (DOMAIN 2.7, 7.7).

A placement, and a family that is supported at home, has one review that has not ended. Its day stands in `Process.due_at`; a report may
come before that day. What the report must answer (still necessary? still suitable? the decision) the form itself demands. A significant
change, and what is about to end, bring the day forward.
"""

from casework.machines import law
from casework.machines.clocks import past_due
from casework.machines.effects import Done, Due, Effect, Look, Open, When
from casework.machines.engine import SAME, Definition, State, Transition, compile_machine
from casework.machines.facts import Facts
from casework.machines.guards import reviewing as g
from casework.machines.guards.watching import visit_raises_concern
from casework.machines.invariants import Passes
from casework.machines.reviews import rhythm
from casework.words import Words

AHEAD = ("scheduled", "in_progress", "returned")
"""Reviews whose day may lie ahead: it can be brought forward."""
OPEN = ("scheduled", "due", "in_progress", "submitted", "returned", "overdue", "critical")
WRITERS = ("social_worker", "lksa_head")
THEIR_HOUSE = Look("host", of="residence")
"""A house where a review is critically overdue takes no more children; when none is any more, it does."""
RECORDED = Done("review_record")
RECORD = Due("review_record", "review_record_workdays")
"""A review that was begun or reported is on record, endorsed, within so many working days (T09): being sent back does not put that off."""
NEXT: tuple[Effect, ...] = (
    Done("review"),
    RECORDED,
    *(
        When(condition, (Due("review", within), Open("periodic_review", within)))
        for condition, within in (
            ("next_review_after_a_concern", "review_change_days"),
            ("next_review_of_a_little_one", "review_under_three_days"),
            ("next_review_of_a_new_foster_family", "review_foster_days"),
            ("next_review_as_usual", "review_interval_days"),
        )
    ),
    When("lives_in_an_institution", (Open("reunification"),)),
)
"""The next review of the placement, in the same entry; and in an institution where reunification was stopped, the way home anew."""

STATES = (
    State("scheduled", Words("dijadwalkan", "scheduled")),
    State("due", Words("jatuh tempo", "due")),
    State("in_progress", Words("sedang disusun", "in progress")),
    State("submitted", Words("menunggu pengesahan", "submitted")),
    State("returned", Words("dikembalikan", "returned")),
    State("overdue", Words("terlambat", "overdue")),
    State("critical", Words("sangat terlambat", "critically overdue")),
    State("endorsed", Words("disahkan", "endorsed"), kind="final"),
    State("ended", Words("tidak diperlukan lagi", "no longer needed"), kind="final"),
)

TRANSITIONS: tuple[Transition[Facts], ...] = (
    Transition(
        "fall_due",
        Words("tandai jatuh tempo", "mark as due"),
        ("scheduled",),
        "due",
        by=("clock",),
        wakes=past_due(),
        law=(law.DESIGN_REVIEW, law.UNG_67),
    ),
    Transition(
        "begin",
        Words("mulai menyusun laporan", "begin the report"),
        ("scheduled", "due"),
        "in_progress",
        by=WRITERS,
        effects=(RECORD,),
        law=(law.DESIGN_REVIEW,),
    ),
    Transition(
        "bring_forward_on_concern",
        Words("majukan karena kekhawatiran", "bring forward because of a concern"),
        AHEAD,
        SAME,
        by=("system",),
        guards=(visit_raises_concern,),
        effects=(Due("review", "review_change_days"),),
        on="signed:F15",
        law=(law.MB, law.DESIGN_REVIEW),
    ),
    *(
        Transition(
            trigger,
            label,
            AHEAD,
            SAME,
            by=("system",),
            guards=(g.not_reviewed_of_late,),
            effects=(Due("review", "review_ending_days"),),
            on=f"signed:{form}",
            law=(law.MB, law.DESIGN_REVIEW),
        )
        for trigger, label, form in (
            ("bring_forward_before_transfer", Words("majukan sebelum serah terima", "bring forward before a transfer"), "F12"),
            ("bring_forward_before_the_end", Words("majukan sebelum layanan diakhiri", "bring forward before the service ends"), "F18"),
        )
    ),
    Transition(
        "submit",
        Words("ajukan laporan", "submit the report"),
        ("scheduled", "due", "in_progress", "returned", "overdue", "critical"),
        "submitted",
        by=(*WRITERS, "system"),
        guards=(g.report_of_this_review, g.child_seen_since_last_review),
        effects=(RECORD, THEIR_HOUSE),
        on="signed:F16",
        law=(law.UNG_67, law.MB, law.DESIGN_REVIEW),
    ),
    Transition(
        "return_report",
        Words("kembalikan laporan", "return the report"),
        ("submitted",),
        "returned",
        by=("supervisor", "system"),
        guards=(g.report_of_this_review,),
        on="returned:F16",
        law=(law.SNPA_USERS, law.DESIGN_REVIEW),
    ),
    Transition(
        "endorse",
        Words("sahkan review", "endorse the review"),
        ("submitted",),
        "endorsed",
        by=("supervisor", "system"),
        guards=(g.report_of_this_review, g.child_seen_since_last_review, g.endorsed_by_another),
        effects=NEXT,
        on="countersigned:F16",
        since=rhythm,
        law=(law.UNG_67, law.SNPA_USERS, law.DESIGN_REVIEW),
    ),
    Transition(
        "become_overdue",
        Words("tandai terlambat", "mark as overdue"),
        ("due", "in_progress", "returned"),
        "overdue",
        by=("clock",),
        wakes=past_due("review_overdue_days"),
        law=(law.DESIGN_REVIEW,),
    ),
    Transition(
        "become_critical",
        Words("tandai sangat terlambat", "mark as critically overdue"),
        ("overdue",),
        "critical",
        by=("clock",),
        effects=(THEIR_HOUSE,),
        wakes=past_due("review_critical_days"),
        law=(law.DESIGN_REVIEW,),
    ),
    Transition(
        "end",
        Words("akhiri karena tidak diperlukan lagi", "end as no longer needed"),
        OPEN,
        "ended",
        by=("system",),
        effects=(RECORDED, THEIR_HOUSE),
        law=(law.DESIGN_REVIEW,),
    ),
)

PROMISES = (
    Passes(
        "a_review_rests_on_a_report_and_a_child_that_was_seen",
        Words(
            "Tidak ada review yang diajukan tanpa laporan masa ini dan tanpa anak ditemui sejak review terakhir.",
            "No review is submitted without a report of this period, nor without the child being seen since the last one.",
        ),
        (law.MB, law.UNG_67),
        states=("submitted", "endorsed"),
        last=("report_of_this_review", "child_seen_since_last_review"),
    ),
    Passes(
        "nobody_endorses_their_own_report",
        Words("Tidak ada laporan yang disahkan oleh penulisnya.", "No report is endorsed by its author."),
        (law.SNPA_USERS, law.IACM),
        states=("endorsed",),
        last=("endorsed_by_another",),
    ),
    Passes(
        "only_a_report_of_this_review_is_returned",
        Words("Yang dikembalikan selalu laporan masa ini.", "What is returned is always a report of this period."),
        (law.DESIGN_REVIEW,),
        states=("returned",),
        last=("report_of_this_review",),
    ),
    Passes(
        "what_was_returned_is_submitted_anew",
        Words(
            "Laporan yang dikembalikan tidak disahkan sebelum diajukan lagi.",
            "A report that was returned is not endorsed before it is submitted.",
        ),
        (law.DESIGN_REVIEW,),
        states=("endorsed",),
        all_of=("report_of_this_review", "child_seen_since_last_review"),
        since="returned",
        only_after=True,
    ),
)

REVIEW = compile_machine(
    Definition(
        name="periodic_review",
        version=1,
        initial="scheduled",
        states=STATES,
        transitions=TRANSITIONS,
        label=Words("Review berkala", "Periodic review"),
        about="case",
        conditions=(
            g.next_review_after_a_concern,
            g.next_review_of_a_little_one,
            g.next_review_of_a_new_foster_family,
            g.next_review_as_usual,
            g.lives_in_an_institution,
        ),
        passes=PROMISES,
    )
)
"""Version 1, compiled once and shared."""
