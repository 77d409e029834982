"""How a house stands that takes children: LKSA, household or shelter (DOMAIN 7.9, section 5). Only an active one takes a new child.

The process shares its id with the register's entry, whose status is its state.
"""

from casework.machines import law
from casework.machines.clocks import morning_after, when_looked_at
from casework.machines.effects import Due, EachChild
from casework.machines.engine import Definition, State, Transition, compile_machine
from casework.machines.guards import licensing as g
from casework.machines.houses import HouseFacts
from casework.machines.invariants import Passes
from casework.machines.spoken import STANDING
from casework.words import Words

OFFICE = ("supervisor", "dinas_head")
HEAD = ("dinas_head",)

STATES = (
    State("registered", STANDING["registered"]),
    State("active", STANDING["active"]),
    State("restricted", STANDING["restricted"]),
    State("suspended", STANDING["suspended"]),
    State("expired", STANDING["expired"]),
    State("revoked", STANDING["revoked"], kind="final"),
)
"""A revoked house may be entered anew: with a new entry, examined from the beginning."""

IN_ORDER = (g.licensed_or_known, g.policy_in_force, g.team_cleared, g.complaint_channel_open, g.accredited_or_waived)
"""What section 5 asks of a house before it may be active, each where it makes sense for its kind."""
FIT = (*IN_ORDER, g.no_open_incident, g.no_review_critical, g.decided_outside_the_house)
CHILDREN_MUST_MOVE = (EachChild(Due("review", "host_review_days")), EachChild(Due("relocation_plan", "host_relocation_days")))

TRANSITIONS: tuple[Transition[HouseFacts], ...] = (
    Transition(
        "activate",
        Words("nyatakan aktif", "declare active"),
        ("registered",),
        "active",
        by=OFFICE,
        guards=FIT,
        law=(law.LICENSING, law.SNPA_STAFF, law.SNPA_IV_C_4),
    ),
    Transition(
        "restrict",
        Words("batasi penerimaan anak", "restrict admissions"),
        ("active", "restricted"),
        "restricted",
        by=("system", *OFFICE),
        law=(law.SNPA_REPORT,),
    ),
    Transition(
        "hold_back",
        Words("batasi karena review sangat terlambat", "restrict for reviews that are critically overdue"),
        ("active",),
        "restricted",
        by=("clock",),
        guards=(g.review_critical,),
        wakes=when_looked_at(),
        law=(law.DESIGN_REVIEW,),
    ),
    Transition(
        "release",
        Words("cabut pembatasan: review sudah disusul", "lift the restriction: the reviews have caught up"),
        ("restricted",),
        "active",
        by=("clock",),
        guards=(g.held_back_for_reviews, *FIT),
        wakes=when_looked_at(),
        law=(law.DESIGN_REVIEW,),
    ),
    Transition(
        "lift",
        Words("cabut pembatasan", "lift the restriction"),
        ("restricted",),
        "active",
        by=OFFICE,
        guards=FIT,
        law=(law.SNPA_REPORT,),
    ),
    Transition(
        "suspend",
        Words("bekukan", "suspend"),
        ("active", "restricted", "expired"),
        "suspended",
        by=HEAD,
        effects=CHILDREN_MUST_MOVE,
        law=(law.LICENSING,),
    ),
    Transition(
        "reinstate",
        Words("aktifkan kembali", "reinstate"),
        ("suspended",),
        "active",
        by=HEAD,
        guards=FIT,
        law=(law.LICENSING,),
    ),
    Transition(
        "revoke",
        Words("cabut pendaftaran", "revoke the registration"),
        ("registered", "suspended", "expired"),
        "revoked",
        by=HEAD,
        effects=CHILDREN_MUST_MOVE,
        law=(law.LICENSING,),
    ),
    Transition(
        "expire",
        Words("izin berakhir", "licence runs out"),
        ("active", "restricted"),
        "expired",
        by=("system", "clock"),
        guards=(g.licence_lapsed,),
        effects=CHILDREN_MUST_MOVE,
        wakes=morning_after(g.licensed_until),
        law=(law.LICENSING,),
    ),
    Transition(
        "renew",
        Words("perpanjang izin", "renew the licence"),
        ("expired",),
        "active",
        by=OFFICE,
        guards=FIT,
        law=(law.LICENSING,),
    ),
)

PROMISES = (
    Passes(
        "only_a_fit_house_is_active",
        Words(
            "Tempat hanya aktif bila izin, kebijakan, petugas, saluran pengaduan, dan akreditasinya memenuhi syarat.",
            "A house is active only with licence, policy, staff, complaint channel and accreditation in order.",
        ),
        (law.LICENSING, law.SNPA_STAFF, law.SNPA_IV_C_4, law.ACCREDITATION),
        ("active",),
        last=tuple(guard.code for guard in IN_ORDER),
    ),
    Passes(
        "no_accused_house_is_active_again",
        Words("Tempat tidak aktif kembali selama insidennya terbuka.", "No house is active again while an incident against it is open."),
        (law.SNPA_REPORT,),
        ("active",),
        last=("no_open_incident",),
    ),
    Passes(
        "only_critical_reviews_hold_a_house_back",
        Words(
            "Tempat tidak aktif kembali selama review anak di sana sangat terlambat.",
            "No house is active again while the review of a child there is critically overdue.",
        ),
        (law.DESIGN_REVIEW,),
        ("active",),
        last=("no_review_critical",),
    ),
    Passes(
        "nobody_vouches_for_their_own_house",
        Words("Tidak ada yang menilai tempatnya sendiri.", "Nobody vouches for their own house."),
        (law.SNPA_STAFF, law.DESIGN),
        ("active",),
        last=("decided_outside_the_house",),
    ),
    Passes(
        "a_licence_runs_out_only_when_it_is_over",
        Words("Izin hanya berakhir setelah hari terakhirnya.", "A licence runs out only after its last day."),
        (law.LICENSING,),
        ("expired",),
        last=("licence_lapsed",),
    ),
)

HOST = compile_machine(
    Definition(
        name="host",
        version=1,
        initial="registered",
        states=STATES,
        transitions=TRANSITIONS,
        label=Words("status tempat pengasuhan", "standing of a house"),
        about="host",
        passes=PROMISES,
    )
)
