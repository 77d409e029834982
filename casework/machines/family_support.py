"""Family support (dukungan keluarga): each package of help, financial or psychosocial, from plan to result (DOMAIN 1.2, 2.5, 7.1).

Signing an F26 plans it; every newer version of that F26 is read. It may begin at any time, above all before any separation. Where
separation was at stake when help first arrived, the step says so: the prevented ones are counted by it.
"""

from casework.machines import law
from casework.machines.effects import Done, Due
from casework.machines.engine import Definition, State, Transition, compile_machine
from casework.machines.facts import Facts
from casework.machines.guards import supporting as g
from casework.machines.invariants import Passes
from casework.words import Words

MAKERS = ("social_worker", "system")
GOING_ON = ("planned", "agreed", "being_delivered", "delivered")
ARRIVED = (Done("support_delivery"), Due("support_evaluation", "support_evaluation_max_days"))
EVALUATED = (Done("support_evaluation"),)
HELPED_FIRST = (law.UUPA_14, law.SNPA_IV_A)
"""Separation is the last consideration, and no reason where the family can care for the child with appropriate support."""

STATES = (
    State("planned", Words("direncanakan", "planned")),
    State("agreed", Words("disepakati keluarga", "agreed with the family")),
    State("being_delivered", Words("sedang diserahkan", "being delivered")),
    State("delivered", Words("sudah diserahkan", "delivered")),
    State("evaluated", Words("hasilnya dinilai", "evaluated"), kind="final"),
    State("stopped", Words("dihentikan", "stopped"), kind="final"),
    State("ended", Words("berakhir bersama layanan", "ended with the service"), kind="final"),
)

TRANSITIONS: tuple[Transition[Facts], ...] = (
    Transition(
        "evaluate",
        Words("nilai hasil dukungan", "evaluate the result"),
        ("being_delivered", "delivered"),
        "evaluated",
        by=MAKERS,
        guards=(g.delivery_finished, g.result_evaluated),
        effects=EVALUATED,
        on="signed:F26",
        law=(*HELPED_FIRST, law.IACM),
    ),
    Transition(
        "complete_delivery",
        Words("nyatakan penyerahan selesai", "complete the delivery"),
        ("being_delivered",),
        "delivered",
        by=MAKERS,
        guards=(g.delivery_finished,),
        effects=(Due("support_evaluation", "support_evaluation_days"),),
        on="signed:F26",
        law=HELPED_FIRST,
    ),
    Transition(
        "stop",
        Words("hentikan dukungan", "stop the support"),
        ("planned", "agreed", "being_delivered"),
        "stopped",
        by=("social_worker", "supervisor", "system"),
        guards=(g.support_stop_reasoned,),
        effects=(Done("support_delivery"), *EVALUATED),
        on="signed:F26",
        law=HELPED_FIRST,
    ),
    Transition(
        "begin_preventive_delivery",
        Words("mulai penyerahan untuk mencegah pemisahan", "begin the delivery, to prevent a separation"),
        ("planned", "agreed"),
        "being_delivered",
        by=MAKERS,
        guards=(g.support_agreed, g.support_delivered, g.separation_at_stake),
        effects=ARRIVED,
        on="signed:F26",
        law=HELPED_FIRST,
    ),
    Transition(
        "begin_delivery",
        Words("mulai penyerahan", "begin the delivery"),
        ("planned", "agreed"),
        "being_delivered",
        by=MAKERS,
        guards=(g.support_agreed, g.support_delivered),
        effects=ARRIVED,
        on="signed:F26",
        law=HELPED_FIRST,
    ),
    Transition(
        "agree",
        Words("catat persetujuan keluarga", "record the family's agreement"),
        ("planned",),
        "agreed",
        by=MAKERS,
        guards=(g.support_agreed,),
        on="signed:F26",
        law=(law.SNPA_IV_A_5, law.UUPA_7_14),
    ),
    Transition(
        "end",
        Words("akhiri bersama layanan", "end with the service"),
        GOING_ON,
        "ended",
        by=("system",),
        law=(law.SNPA_ENDING,),
    ),
)

PROMISES = (
    Passes(
        "no_help_without_the_familys_agreement",
        Words(
            "Dukungan hanya diserahkan kepada keluarga yang menyetujuinya, dan hanya yang sampai disebut diserahkan.",
            "Help is delivered only to a family that agreed, and only what arrived is called delivered.",
        ),
        (law.SNPA_IV_A_5, law.UUPA_7_14),
        states=("being_delivered",),
        last=("support_agreed", "support_delivered"),
    ),
    Passes(
        "agreed_means_signed",
        Words("Disepakati hanya dengan tanda tangan keluarga.", "Agreed only with the family's signature."),
        (law.SNPA_IV_A_5,),
        states=("agreed",),
        last=("support_agreed",),
    ),
    Passes(
        "delivered_means_all_of_it",
        Words("Penyerahan selesai hanya bila dinyatakan selesai.", "Delivered only when said to be complete."),
        (law.UUPA_7_14,),
        states=("delivered",),
        last=("delivery_finished",),
    ),
    Passes(
        "a_result_is_of_what_arrived",
        Words(
            "Hasil dinilai hanya atas dukungan yang disepakati dan sudah diserahkan.",
            "A result is evaluated only of support that was agreed to and delivered.",
        ),
        HELPED_FIRST,
        states=("evaluated",),
        by_way_of=("being_delivered",),
        last=("delivery_finished", "result_evaluated"),
    ),
    Passes(
        "support_is_stopped_for_a_reason",
        Words("Dukungan tidak dihentikan tanpa alasan.", "No support is stopped without a reason."),
        HELPED_FIRST,
        states=("stopped",),
        last=("support_stop_reasoned",),
    ),
)

FAMILY_SUPPORT = compile_machine(
    Definition(
        name="family_support",
        version=1,
        initial="planned",
        states=STATES,
        transitions=TRANSITIONS,
        label=Words("Dukungan keluarga", "Family support"),
        about="case",
        opened_by="F26",
        opening=(Due("support_delivery", "support_delivery_days"),),
        passes=PROMISES,
    )
)
"""Version 1, compiled once and shared."""
