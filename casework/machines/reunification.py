"""Reunification (reunifikasi): the way home, from looking for the family to the trial and the return (DOMAIN 2.10, 7.5).

Every placement outside the family opens it. The journey's own steps fire `start_trial`, `complete` and `break_down`; what those rest on is
asked there. An F14 that says ready, with everything that readiness means, makes it ready from wherever preparation stands.
"""

from casework.machines import law
from casework.machines.clocks import after
from casework.machines.effects import Done, Due, Open, When
from casework.machines.engine import Definition, State, Transition, compile_machine
from casework.machines.facts import Facts
from casework.machines.guards import homeward as g
from casework.machines.guards import reunification_ready
from casework.machines.guards.reviewing import placed_and_not_reviewed_of_late
from casework.machines.invariants import Passes
from casework.words import Words

BEFORE_READY = ("opened", "tracing", "not_located", "located", "assessing", "preparing", "readiness_review")
ON_THE_WAY = (*BEFORE_READY, "ready", "trial", "broken_down")
WORKER_OR_SYSTEM = ("social_worker", "system")
BEFORE_THE_RETURN = When(
    placed_and_not_reviewed_of_late.code, (Due("review", "review_return_days"), Open("periodic_review", "review_return_days"))
)
"""A child's care is reviewed before it goes home for good: by the end of the shortest trial (DOMAIN 2.7). One that is home has none."""

STATES = (
    State("opened", Words("dibuka", "opened")),
    State("tracing", Words("penelusuran keluarga", "tracing the family")),
    State("not_located", Words("keluarga belum ditemukan", "family not located")),
    State("located", Words("keluarga ditemukan", "family located")),
    State("assessing", Words("asesmen keluarga", "assessing")),
    State("preparing", Words("persiapan", "preparing")),
    State("readiness_review", Words("penilaian kesiapan", "readiness review")),
    State("ready", Words("siap", "ready")),
    State("trial", Words("uji coba pulang", "trial at home")),
    State("broken_down", Words("uji coba gagal", "broken down")),
    State("completed", Words("anak kembali ke keluarga", "returned to the family"), kind="final"),
    State("stopped", Words("dihentikan", "stopped"), kind="final"),
    State("ended", Words("berakhir bersama layanan", "ended with the service"), kind="final"),
)

TRANSITIONS: tuple[Transition[Facts], ...] = (
    Transition(
        "begin_tracing",
        Words("mulai penelusuran", "begin tracing"),
        ("opened", "not_located"),
        "tracing",
        law=(law.IAR, law.UNG_49_52),
    ),
    Transition(
        "record_located",
        Words("catat keluarga ditemukan", "record the family as located"),
        ("opened", "tracing", "not_located"),
        "located",
        guards=(g.family_located,),
        effects=(Done("family_tracing"),),
        law=(law.IAR, law.UUPA_7_14),
    ),
    Transition(
        "record_not_located",
        Words("catat keluarga belum ditemukan", "record the family as not located"),
        ("tracing",),
        "not_located",
        guards=(g.tracing_tried,),
        effects=(Done("family_tracing"),),
        law=(law.IAR, law.DESIGN_RULED_OUT),
    ),
    Transition(
        "trace_again",
        Words("telusuri lagi karena waktunya", "trace again, as it is time"),
        ("not_located",),
        "tracing",
        by=("clock",),
        effects=(Due("family_tracing", "tracing_window_days"),),
        wakes=after("tracing_retry_days"),
        law=(law.IAR, law.DESIGN_REUNIFICATION),
    ),
    Transition(
        "begin_assessment",
        Words("mulai asesmen keluarga", "begin the assessment"),
        ("located",),
        "assessing",
        law=(law.IAR,),
    ),
    Transition(
        "begin_preparation",
        Words("mulai persiapan", "begin preparation"),
        ("assessing",),
        "preparing",
        guards=(g.return_assessed,),
        law=(law.IAR, law.UNG_49_52),
    ),
    Transition(
        "review_readiness",
        Words("nilai kesiapan", "review readiness"),
        ("preparing",),
        "readiness_review",
        law=(law.IAR,),
    ),
    Transition(
        "declare_ready",
        Words("nyatakan siap", "declare ready"),
        BEFORE_READY,
        "ready",
        by=WORKER_OR_SYSTEM,
        guards=(reunification_ready, g.declared_in_this_attempt),
        effects=(Done("family_tracing"), BEFORE_THE_RETURN),
        on="signed:F14",
        law=(law.IAR, law.UNG_49_52, law.DESIGN_REUNIFICATION),
    ),
    Transition(
        "prepare_further",
        Words("lanjutkan persiapan", "prepare further"),
        ("readiness_review", "ready"),
        "preparing",
        by=(*WORKER_OR_SYSTEM, "supervisor"),
        guards=(g.preparation_goes_on,),
        on="signed:F14",
        law=(law.IAR,),
    ),
    Transition(
        "start_trial",
        Words("mulai uji coba", "start the trial"),
        ("ready",),
        "trial",
        by=("system",),
        law=(law.UNG_49_52, law.IAR),
    ),
    Transition(
        "complete",
        Words("selesaikan dengan kepulangan", "complete with the return"),
        ("ready", "trial"),
        "completed",
        by=("system",),
        law=(law.IAR, law.DESIGN_REUNIFICATION),
    ),
    Transition(
        "break_down",
        Words("catat kegagalan uji coba", "record the breakdown"),
        ("ready", "trial"),
        "broken_down",
        by=("system",),
        law=(law.IAR, law.DESIGN_REUNIFICATION),
    ),
    Transition(
        "try_again",
        Words("coba lagi dari asesmen", "try again from the assessment"),
        ("broken_down",),
        "assessing",
        law=(law.IAR,),
    ),
    Transition(
        "stop",
        Words("hentikan reunifikasi", "stop the reunification"),
        (*BEFORE_READY, "ready", "broken_down"),
        "stopped",
        by=("supervisor",),
        guards=(g.stop_reasoned,),
        effects=(Done("family_tracing"),),
        law=(law.IAR, law.UNG_49_52),
    ),
    Transition(
        "end",
        Words("akhiri bersama layanan", "end with the service"),
        ON_THE_WAY,
        "ended",
        by=("system",),
        law=(law.SNPA_ENDING,),
    ),
)

PROMISES = (
    Passes(
        "nobody_goes_home_unprepared",
        Words(
            "Siap, uji coba, dan kepulangan hanya dicapai dengan kesiapan keluarga, anak, dan lingkungan yang lengkap.",
            "Ready, trial and return are reached only with the full readiness of family, child and community.",
        ),
        (law.IAR, law.UNG_49_52),
        states=("ready", "trial", "completed"),
        all_of=("reunification_ready", "declared_in_this_attempt"),
    ),
    Passes(
        "ready_is_declared_on_what_stands_now",
        Words("Pada saat dinyatakan siap, semua syaratnya terpenuhi.", "At the moment of being declared ready, everything stands."),
        (law.IAR, law.DESIGN_REUNIFICATION),
        states=("ready",),
        last=("reunification_ready", "declared_in_this_attempt"),
    ),
    Passes(
        "after_a_breakdown_readiness_is_declared_anew",
        Words(
            "Sesudah uji coba gagal, anak tidak pulang lagi sebelum kesiapan dinyatakan lagi.",
            "After a breakdown no child goes home before readiness is declared anew.",
        ),
        (law.IAR, law.UNG_49_52),
        states=("trial", "completed"),
        all_of=("reunification_ready", "declared_in_this_attempt"),
        since="broken_down",
        only_after=True,
    ),
    Passes(
        "after_more_preparation_readiness_is_declared_anew",
        Words(
            "Sesudah persiapan dilanjutkan, uji coba menunggu pernyataan siap yang baru.",
            "After more preparation, a trial waits for a new declaration of readiness.",
        ),
        (law.IAR,),
        states=("trial", "completed"),
        all_of=("reunification_ready", "declared_in_this_attempt"),
        since="preparing",
        only_after=True,
    ),
    Passes(
        "the_way_home_is_not_given_up_without_a_reason",
        Words(
            "Reunifikasi dihentikan hanya dengan alasan yang ditulis orang lain.",
            "Reunification is stopped only for a reason that another person wrote.",
        ),
        (law.IAR, law.UNG_49_52),
        states=("stopped",),
        last=("stop_reasoned",),
    ),
    Passes(
        "a_family_is_located_on_evidence",
        Words("Keluarga dicatat ditemukan hanya dengan buktinya.", "A family is located only on evidence."),
        (law.IAR,),
        states=("located",),
        last=("family_located",),
    ),
    Passes(
        "no_family_is_called_lost_untraced",
        Words("Keluarga tidak dinyatakan belum ditemukan sebelum ditelusuri.", "No family is called not located before it was traced."),
        (law.IAR, law.DESIGN_RULED_OUT),
        states=("not_located",),
        last=("tracing_tried",),
    ),
)

REUNIFICATION = compile_machine(
    Definition(
        name="reunification",
        version=1,
        initial="opened",
        states=STATES,
        transitions=TRANSITIONS,
        label=Words("Reunifikasi", "Reunification"),
        about="case",
        conditions=(placed_and_not_reviewed_of_late,),
        passes=PROMISES,
    )
)
"""Version 1, compiled once and shared."""
