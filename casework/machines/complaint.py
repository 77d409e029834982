"""A complaint (pengaduan): by a child, or for one, to the office and past the house that it is about (S3).

The house never learns of it: no step is told in a child's case, and none concerns a host. Deadlines are DESIGN: a first look within hours
(as triage of an incident), an answer within two weeks.
"""

from casework.machines import law
from casework.machines.complaints import ComplaintFacts
from casework.machines.engine import Definition, State, Transition, compile_machine
from casework.machines.guards import grievances as g
from casework.machines.invariants import Passes
from casework.words import Words

TRIAGE = ("social_worker_on_duty", "supervisor")
DECIDING = ("supervisor", "dinas_head")

STATES = (
    State("received", Words("diterima", "received")),
    State("under_review", Words("sedang diperiksa", "being looked into")),
    State("escalated", Words("diteruskan sebagai insiden", "taken on as an incident")),
    State("answered", Words("sudah dijawab", "answered")),
    State("closed", Words("selesai", "closed"), kind="final"),
)

TRANSITIONS: tuple[Transition[ComplaintFacts], ...] = (
    Transition(
        "look",
        Words("mulai periksa", "begin to look into it"),
        ("received",),
        "under_review",
        by=TRIAGE,
        guards=(g.not_concerned,),
        law=(law.SNPA_REPORT,),
    ),
    Transition(
        "escalate",
        Words("teruskan sebagai insiden", "take it on as an incident"),
        ("received", "under_review"),
        "escalated",
        by=TRIAGE,
        guards=(g.not_concerned, g.incident_reported),
        law=(law.SNPA_REPORT,),
    ),
    Transition(
        "answer",
        Words("jawab", "answer"),
        ("under_review", "escalated"),
        "answered",
        by=TRIAGE,
        guards=(g.not_concerned, g.answer_written, g.danger_looked_into),
        law=(law.SNPA_REPORT,),
    ),
    Transition(
        "look_again",
        Words("periksa lagi", "look into it again"),
        ("answered",),
        "under_review",
        by=(*TRIAGE, "dinas_head"),
        guards=(g.not_concerned,),
        law=(law.SNPA_REPORT, law.DESIGN),
    ),
    Transition(
        "close",
        Words("tutup pengaduan", "close the complaint"),
        ("answered",),
        "closed",
        by=DECIDING,
        guards=(g.not_concerned, g.closed_by_another),
        law=(law.SNPA_REPORT, law.DESIGN),
    ),
)

PROMISES = (
    Passes(
        "the_house_handles_no_complaint",
        Words("Tempat yang diadukan tidak menangani pengaduannya.", "The house that a complaint is about never handles it."),
        (law.SNPA_REPORT,),
        ("under_review", "escalated", "answered", "closed"),
        last=("not_concerned",),
    ),
    Passes(
        "a_complaint_is_answered_before_it_is_closed",
        Words(
            "Pengaduan baru ditutup sesudah dijawab, dan oleh orang lain daripada yang menjawab.",
            "A complaint is closed only once it was answered, and by somebody else than who answered.",
        ),
        (law.SNPA_REPORT, law.DESIGN),
        ("closed",),
        all_of=("answer_written", "danger_looked_into"),
        last=("closed_by_another",),
        by_way_of=("answered",),
    ),
    Passes(
        "danger_is_never_answered_away",
        Words("Bahaya tidak dijawab sebelum insidennya dilaporkan.", "Danger is not answered before an incident is reported."),
        (law.SNPA_REPORT, law.DESIGN),
        ("answered",),
        last=("danger_looked_into", "answer_written"),
    ),
    Passes(
        "an_escalation_has_its_incident",
        Words("Yang diteruskan sebagai insiden mempunyai F17.", "What is taken on as an incident has its F17."),
        (law.SNPA_REPORT,),
        ("escalated",),
        last=("incident_reported",),
    ),
)

COMPLAINT = compile_machine(
    Definition(
        name="complaint",
        version=1,
        initial="received",
        states=STATES,
        transitions=TRANSITIONS,
        label=Words("pengaduan", "complaint"),
        about="office",
        passes=PROMISES,
    )
)
