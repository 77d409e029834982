"""One placement of a child (penempatan), from the proposal to its end (DOMAIN 7.4).

The journey's moves make most of its steps: they were decided there, with their evidence and approvals. The process shares its id with the
placement, whose status is its state from the moment it begins. A holiday, a hospital or a camp is a leave, no move of the journey;
a respite, which gives the carer a rest, is a shorter one (T30).
"""

from casework.machines import law
from casework.machines.clocks import morning_after
from casework.machines.effects import Done, Due
from casework.machines.engine import Definition, State, Transition, compile_machine
from casework.machines.facts import Facts
from casework.machines.guards import episodes as g
from casework.machines.invariants import Passes
from casework.words import Words

SYSTEM = ("system",)
BACK = (Done("leave_return"),)
"""Nobody is waited for any more."""
LIVE = ("active", "unconfirmed", "on_leave", "reserved")

STATES = (
    State("proposed", Words("diusulkan", "proposed")),
    State("host_offered", Words("ditawarkan kepada lembaga", "offered to the institution")),
    State("host_accepted", Words("diterima lembaga", "accepted by the institution")),
    State("host_declined", Words("ditolak lembaga", "declined by the institution"), kind="final"),
    State("approved", Words("disetujui", "approved")),
    State("unconfirmed", Words("menunggu berita acara", "awaiting the minutes")),
    State("active", Words("berjalan", "active")),
    State("on_leave", Words("izin pulang", "on leave")),
    State("reserved", Words("tempat ditahan", "place kept")),
    State("disrupted", Words("terputus", "disrupted"), kind="final"),
    State("ended", Words("berakhir", "ended"), kind="final"),
    State("cancelled", Words("dibatalkan", "cancelled"), kind="final"),
)

TRANSITIONS: tuple[Transition[Facts], ...] = (
    Transition(
        "offer",
        Words("tawarkan kepada lembaga", "offer to the institution"),
        ("proposed",),
        "host_offered",
        by=("system", "social_worker"),
        law=(law.SNPA_IV_A_4,),
    ),
    Transition("accept", Words("terima anak", "accept the child"), ("host_offered",), "host_accepted", by=SYSTEM, law=(law.SNPA_IV_A_4,)),
    Transition("decline", Words("tolak", "decline"), ("host_offered",), "host_declined", by=SYSTEM, law=(law.SNPA_IV_A_4,)),
    Transition(
        "approve",
        Words("setujui", "approve"),
        ("proposed", "host_accepted"),
        "approved",
        by=SYSTEM,
        law=(law.SNPA_IV_A, law.DESIGN),
    ),
    Transition("start", Words("mulai", "start"), ("approved",), "active", by=SYSTEM, law=(law.DESIGN,)),
    Transition(
        "start_unconfirmed",
        Words("mulai, menunggu berita acara", "start, the minutes to follow"),
        ("approved",),
        "unconfirmed",
        by=SYSTEM,
        law=(law.SNPA_PLAN, law.DESIGN),
    ),
    Transition(
        "confirm",
        Words("berita acara diterima", "minutes received"),
        ("unconfirmed",),
        "active",
        by=SYSTEM,
        guards=(g.minutes_name_this_host,),
        on="signed:F11",
        law=(law.SNPA_PLAN, law.DESIGN),
    ),
    Transition(
        "go_on_leave",
        Words("catat keluar sementara", "record a leave"),
        ("active",),
        "on_leave",
        by=("social_worker",),
        effects=(Due("leave_return", "leave_max_days"),),
        law=(law.DESIGN,),
    ),
    Transition(
        "go_on_respite",
        Words("catat jeda pengasuhan", "record a respite"),
        ("active",),
        "on_leave",
        by=("social_worker",),
        effects=(Due("leave_return", "leave_respite_days"),),
        law=(law.DESIGN,),
    ),
    Transition(
        "return_from_leave",
        Words("catat kembali", "record the return"),
        ("on_leave",),
        "active",
        by=("social_worker", "lksa_head"),
        effects=BACK,
        law=(law.DESIGN,),
    ),
    Transition(
        "reserve",
        Words("tahan tempat", "hold the place"),
        ("active", "unconfirmed", "on_leave"),
        "reserved",
        by=SYSTEM,
        effects=BACK,
        law=(law.DESIGN_REUNIFICATION, law.DESIGN_MISSING),
    ),
    Transition("resume", Words("lanjutkan", "resume"), ("reserved",), "active", by=SYSTEM, law=(law.DESIGN,)),
    Transition("end", Words("akhiri", "end"), LIVE, "ended", by=SYSTEM, effects=BACK, law=(law.SNPA_ENDING,)),
    Transition(
        "disrupt",
        Words("terputus tanpa rencana", "end unplanned"),
        LIVE,
        "disrupted",
        by=SYSTEM,
        effects=(*BACK, Due("review", "review_disrupted_days")),
        law=(law.DESIGN,),
    ),
    Transition(
        "lapse",
        Words("masa tahan habis", "the hold runs out"),
        ("reserved",),
        "ended",
        by=(*SYSTEM, "clock"),
        wakes=morning_after(g.held_until),
        law=(law.DESIGN_MISSING, law.DESIGN_REUNIFICATION),
    ),
    Transition(
        "cancel",
        Words("batalkan", "cancel"),
        ("proposed", "host_offered", "host_accepted", "approved"),
        "cancelled",
        by=SYSTEM,
        law=(law.DESIGN,),
    ),
)

PROMISES = (
    Passes(
        "no_child_lives_anywhere_unapproved",
        Words("Penempatan tidak pernah berlangsung tanpa disetujui.", "A placement is never in force without approval."),
        (law.SNPA_IV_A, law.DESIGN),
        LIVE,
        by_way_of=("approved",),
    ),
    Passes(
        "only_what_began_ends",
        Words("Hanya penempatan yang pernah dimulai yang berakhir.", "Only a placement that began comes to an end."),
        (law.SNPA_ENDING,),
        ("ended", "disrupted"),
        by_way_of=("approved",),
    ),
    Passes(
        "an_institution_answers_what_it_was_asked",
        Words("Lembaga hanya menjawab penawaran.", "An institution answers only an offer."),
        (law.SNPA_IV_A_4,),
        ("host_accepted", "host_declined"),
        by_way_of=("host_offered",),
    ),
    Passes(
        "a_kept_place_was_begun",
        Words("Tempat hanya ditahan bagi anak yang sudah ditempatkan.", "A place is held only for a child who was placed there."),
        (law.DESIGN,),
        ("on_leave",),
        by_way_of=("active",),
    ),
)

PLACEMENT = compile_machine(
    Definition(
        name="placement",
        version=1,
        initial="proposed",
        states=STATES,
        transitions=TRANSITIONS,
        label=Words("penempatan", "placement"),
        about="case",
        passes=PROMISES,
    )
)
