"""Whether a member of a house's staff may work with children (DOMAIN 7.9, S4-S6).

The process shares its id with the register's entry, whose status is its state.
"""

from casework.machines import law
from casework.machines.clocks import morning_after
from casework.machines.engine import Definition, State, Transition, compile_machine
from casework.machines.guards import clearances as g
from casework.machines.guards.licensing import decided_outside_the_house
from casework.machines.houses import HouseFacts
from casework.machines.invariants import Passes
from casework.words import Words

OFFICE = ("supervisor", "dinas_head")
HEAD = ("dinas_head",)
CLOCK = ("clock",)

STATES = (
    State("pending", Words("berkas belum lengkap", "papers not complete")),
    State("cleared", Words("lolos pemeriksaan", "cleared")),
    State("expiring", Words("lolos pemeriksaan, SKCK hampir habis", "cleared, police record running out")),
    State("expired", Words("SKCK habis", "police record out of date")),
    State("suspended", Words("dibebastugaskan", "suspended")),
    State("barred", Words("dilarang bekerja dengan anak", "barred from work with children"), kind="final"),
    State("left", Words("sudah keluar", "left"), kind="final"),
)

FIT = (g.police_record_current, g.code_signed, g.nothing_accuses, g.barred_nowhere, decided_outside_the_house)

TRANSITIONS: tuple[Transition[HouseFacts], ...] = (
    Transition(
        "clear",
        Words("nyatakan lolos", "clear"),
        ("pending", "expiring", "expired"),
        "cleared",
        by=OFFICE,
        guards=FIT,
        law=(law.SNPA_STAFF,),
    ),
    Transition(
        "run_out",
        Words("SKCK hampir habis", "police record runs out soon"),
        ("cleared",),
        "expiring",
        by=CLOCK,
        guards=(g.clearance_runs_out,),
        wakes=morning_after(g.unwarned_until, "clearance_days", "clearance_warning_days"),
        law=(law.SNPA_STAFF, law.DESIGN),
    ),
    Transition(
        "expire",
        Words("masa berlaku SKCK berakhir", "police record runs out"),
        ("cleared", "expiring"),
        "expired",
        by=CLOCK,
        guards=(g.clearance_lapsed,),
        wakes=morning_after(g.at_work_until, "clearance_days"),
        law=(law.SNPA_STAFF,),
    ),
    Transition(
        "suspend",
        Words("bebastugaskan", "suspend"),
        ("pending", "cleared", "expiring", "expired"),
        "suspended",
        by=("system", *OFFICE),
        law=(law.SNPA_STAFF,),
    ),
    Transition(
        "reinstate",
        Words("tugaskan kembali", "reinstate"),
        ("suspended",),
        "cleared",
        by=HEAD,
        guards=FIT,
        law=(law.SNPA_STAFF,),
    ),
    Transition(
        "bar",
        Words("larang bertugas", "bar from duty"),
        ("pending", "expired", "suspended"),
        "barred",
        by=HEAD,
        law=(law.SNPA_STAFF,),
    ),
    Transition(
        "leave",
        Words("catat petugas keluar", "record that they left"),
        ("pending", "cleared", "expiring", "expired", "suspended"),
        "left",
        by=(*OFFICE, "lksa_head"),
        guards=(g.nothing_accuses,),
        law=(law.SNPA_STAFF,),
    ),
)

PROMISES = (
    Passes(
        "nobody_works_with_children_unchecked",
        Words(
            "Tidak ada yang dinyatakan lolos tanpa SKCK yang berlaku dan kode etik bertanda tangan.",
            "Nobody is cleared without a police record that holds and a signed code of conduct.",
        ),
        (law.SNPA_STAFF,),
        ("cleared",),
        last=("police_record_current", "code_signed"),
    ),
    Passes(
        "nobody_barred_or_accused_is_cleared",
        Words(
            "Yang dilarang bertugas atau disebut insiden terbuka tidak dinyatakan lolos, dan tidak oleh rumahnya sendiri.",
            "Nobody who is barred, or named by an open incident, is cleared, and nobody by their own house.",
        ),
        (law.SNPA_STAFF, law.SNPA_REPORT),
        ("cleared",),
        last=("nothing_accuses", "barred_nowhere", "decided_outside_the_house"),
    ),
    Passes(
        "a_suspension_ends_only_with_a_new_clearance",
        Words(
            "Sesudah dibebastugaskan, tidak ada yang bertugas lagi tanpa pemeriksaan baru.",
            "After a suspension nobody is back at work without being examined anew.",
        ),
        (law.SNPA_STAFF,),
        ("cleared", "expiring"),
        all_of=("police_record_current", "code_signed", "nothing_accuses", "barred_nowhere", "decided_outside_the_house"),
        since="suspended",
    ),
    Passes(
        "a_clearance_ends_only_when_its_time_is_over",
        Words("Kelayakan hanya berakhir bila waktunya lewat.", "A clearance runs out only when its time is over."),
        (law.SNPA_STAFF,),
        ("expired",),
        last=("clearance_lapsed",),
    ),
    Passes(
        "a_warning_comes_only_when_it_is_due",
        Words("Peringatan hanya datang menjelang habisnya SKCK.", "A warning comes only when the police record runs out soon."),
        (law.SNPA_STAFF, law.DESIGN),
        ("expiring",),
        last=("clearance_runs_out",),
    ),
    Passes(
        "nobody_leaves_an_accusation_behind",
        Words("Tidak ada yang tercatat keluar selama insidennya terbuka.", "Nobody is recorded as gone while an open incident names them."),
        (law.SNPA_STAFF, law.SNPA_REPORT),
        ("left",),
        last=("nothing_accuses",),
    ),
)

STAFF = compile_machine(
    Definition(
        name="staff",
        version=1,
        initial="pending",
        states=STATES,
        transitions=TRANSITIONS,
        label=Words("kelayakan petugas", "staff clearance"),
        about="staff",
        passes=PROMISES,
    )
)
