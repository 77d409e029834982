"""A breach of personal data in an office (DOMAIN 5 S9, 7.11 T22; PDP 46): written notice to authority and persons within 3x24 hours.

It belongs to the office, not to a case, and holds no word about anybody: what happened to whom stands in the notices themselves.
"""

from casework.machines import law
from casework.machines.engine import Definition, State, Transition, compile_machine
from casework.machines.guards import breaches as g
from casework.machines.invariants import Passes
from casework.machines.offices import OfficeFacts
from casework.words import Words

RESPONSIBLE = ("data_protection_officer", "dinas_head")
REPORTING = (*RESPONSIBLE, "admin")
"""Who says that something got out: those two, and whoever looks after the machine."""

STATES = (
    State("reported", Words("dilaporkan", "reported")),
    State("assessed", Words("sudah dinilai", "assessed")),
    State("authority_told", Words("lembaga PDP diberi tahu tertulis", "the authority told in writing")),
    State("notified", Words("semua diberi tahu tertulis", "everybody told in writing")),
    State("closed", Words("ditutup", "closed"), kind="final"),
    State("dismissed", Words("dinyatakan bukan kebocoran", "found to be none"), kind="final"),
)

TRANSITIONS: tuple[Transition[OfficeFacts], ...] = (
    Transition(
        "assess",
        Words("catat hasil penilaian: data apa, milik siapa", "record that it was assessed: which data, whose"),
        ("reported",),
        "assessed",
        by=RESPONSIBLE,
        law=(law.PDP,),
    ),
    Transition(
        "tell_authority",
        Words("catat lembaga PDP sudah diberi tahu tertulis", "record that the authority was told in writing"),
        ("assessed",),
        "authority_told",
        by=RESPONSIBLE,
        law=(law.PDP,),
    ),
    Transition(
        "tell_persons",
        Words("catat orang yang bersangkutan sudah diberi tahu tertulis", "record that the persons concerned were told in writing"),
        ("authority_told",),
        "notified",
        by=RESPONSIBLE,
        law=(law.PDP,),
    ),
    Transition(
        "close",
        Words("tutup sesudah penyebabnya diatasi", "close: its cause was removed"),
        ("notified",),
        "closed",
        by=RESPONSIBLE,
        guards=(g.ended_by_another,),
        law=(law.PDP, law.DESIGN),
    ),
    Transition(
        "dismiss_not_personal",
        Words("akhiri: bukan data pribadi", "dismiss: no personal data"),
        ("assessed",),
        "dismissed",
        by=RESPONSIBLE,
        guards=(g.ended_by_another,),
        law=(law.PDP, law.DESIGN),
    ),
    Transition(
        "dismiss_not_disclosed",
        Words("akhiri: tidak ada yang dapat membacanya", "dismiss: nobody could read it"),
        ("assessed",),
        "dismissed",
        by=RESPONSIBLE,
        guards=(g.ended_by_another,),
        law=(law.PDP, law.DESIGN),
    ),
)
"""A dismissal names its reason by its step: there is none without."""

PROMISES = (
    Passes(
        "no_breach_is_closed_unannounced",
        Words(
            "Kebocoran hanya ditutup sesudah dinilai dan lembaga PDP serta orangnya diberi tahu, oleh orang kedua.",
            "A breach is closed only assessed, with authority and persons told, and by a second person.",
        ),
        (law.PDP, law.DESIGN),
        ("closed",),
        last=("ended_by_another",),
        by_way_of=("assessed", "authority_told", "notified"),
    ),
    Passes(
        "no_breach_is_dismissed_unexamined_or_alone",
        Words(
            "Laporan kebocoran hanya diakhiri tanpa pemberitahuan sesudah dinilai, dengan alasan, oleh orang kedua.",
            "A report is dismissed without notice only assessed, for a reason, and by a second person.",
        ),
        (law.PDP, law.DESIGN),
        ("dismissed",),
        last=("ended_by_another",),
        by_way_of=("assessed",),
    ),
)

DATA_BREACH = compile_machine(
    Definition(
        name="data_breach",
        version=1,
        initial="reported",
        states=STATES,
        transitions=TRANSITIONS,
        label=Words("kebocoran data pribadi", "breach of personal data"),
        about="office",
        passes=PROMISES,
    )
)
