"""The child's identity papers (dokumen identitas): birth certificate and family card, applied for, issued, compared (DOMAIN 7.10, S8).

One process for both papers: a child has its identity when it has both. Admission opens it; while a paper is missing, the clock asks again.
Verified is no end: a paper may be disputed later.
"""

from casework.machines import law
from casework.machines.clocks import every
from casework.machines.effects import Done, Due
from casework.machines.engine import SAME, Definition, State, Transition, compile_machine
from casework.machines.facts import Facts
from casework.machines.guards import identity_documents_known_or_applied
from casework.machines.guards import papers as g
from casework.machines.invariants import Passes
from casework.words import Words

WRITERS = ("social_worker", "lksa_head", "system")
IN_HAND = (Done("identity_documents"), Done("birth_registration"))
COMPARED = "compared:document"
"""What happens when a second person compares a paper of the case with its original."""

STATES = (
    State("missing", Words("belum lengkap", "incomplete")),
    State("applied", Words("sedang diurus", "applied for")),
    State("issued", Words("terbit", "issued")),
    State("verified", Words("dicocokkan dengan aslinya", "verified")),
    State("disputed", Words("dipersoalkan", "disputed")),
    State("ended", Words("berakhir bersama layanan", "ended with the service"), kind="final"),
)

TRANSITIONS: tuple[Transition[Facts], ...] = (
    Transition(
        "verify",
        Words("nyatakan cocok", "verify"),
        ("missing", "applied", "issued"),
        "verified",
        by=("social_worker", "supervisor", "system"),
        guards=(g.papers_issued, g.papers_compared),
        effects=IN_HAND,
        on=COMPARED,
        law=(law.SEED_ID, law.DESIGN_PAPERS),
    ),
    Transition(
        "record_issued",
        Words("catat dokumen terbit", "record as issued"),
        ("missing", "applied"),
        "issued",
        by=WRITERS,
        guards=(g.papers_issued,),
        effects=IN_HAND,
        on="signed:F02",
        law=(law.UUPA_27, law.SEED_ID),
    ),
    Transition(
        "record_application",
        Words("catat pengajuan", "record the application"),
        ("missing",),
        "applied",
        by=WRITERS,
        guards=(identity_documents_known_or_applied,),
        effects=(Done("identity_documents"),),
        on="signed:F02",
        law=(law.UUPA_27, law.ADM),
    ),
    Transition(
        "chase",
        Words("tagih lagi", "chase"),
        ("missing", "applied", "disputed"),
        SAME,
        by=("clock",),
        effects=(Due("identity_documents", "identity_document_days"),),
        wakes=every("identity_chase_days"),
        law=(law.DESIGN_PAPERS, law.UUPA_27),
    ),
    Transition(
        "dispute",
        Words("persoalkan dokumen", "dispute the papers"),
        ("applied", "issued", "verified"),
        "disputed",
        by=("social_worker", "supervisor"),
        law=(law.SEED_ID,),
    ),
    Transition(
        "settle_dispute",
        Words("selesaikan persoalan", "settle the dispute"),
        ("disputed",),
        "issued",
        by=("supervisor",),
        guards=(g.papers_issued, g.settled_by_another),
        effects=(Done("identity_documents"),),
        law=(law.SEED_ID, law.IACM),
    ),
    Transition(
        "apply_for_correction",
        Words("ajukan pembetulan", "apply for a correction"),
        ("disputed",),
        "applied",
        by=("social_worker", "supervisor"),
        guards=(identity_documents_known_or_applied,),
        law=(law.ADM, law.SEED_ID),
    ),
    Transition(
        "end",
        Words("akhiri bersama layanan", "end with the service"),
        ("missing", "applied", "issued", "verified", "disputed"),
        "ended",
        by=("system",),
        law=(law.SNPA_ENDING,),
    ),
)

PROMISES = (
    Passes(
        "verified_means_compared",
        Words(
            "Dokumen dinyatakan cocok hanya bila terbit dan dicocokkan orang kedua dengan aslinya.",
            "Papers are verified only when they are issued and a second person compared them with the originals.",
        ),
        (law.SEED_ID, law.DESIGN_PAPERS),
        states=("verified",),
        last=("papers_issued", "papers_compared"),
    ),
    Passes(
        "issued_means_seen",
        Words("Dokumen dicatat terbit hanya bila dilampirkan atau bernomor.", "Papers count as issued only when attached or numbered."),
        (law.SEED_ID,),
        states=("issued", "verified"),
        last=("papers_issued",),
    ),
)

IDENTITY_DOCUMENT = compile_machine(
    Definition(
        name="identity_document",
        version=1,
        initial="missing",
        states=STATES,
        transitions=TRANSITIONS,
        label=Words("Dokumen identitas anak", "The child's identity papers"),
        about="case",
        passes=PROMISES,
    )
)
"""Version 1, compiled once and shared."""
