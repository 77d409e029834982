"""A safeguarding incident (insiden perlindungan), from its report to its closing (DOMAIN 7.8, S1, S6, S7).

The first F17 begins it; what is done, told, found and decided is written in the F17s that supersede it. It counts as open until the
process is closed, whatever the form says.
"""

from casework.machines import law
from casework.machines.effects import Done, Due, EachChild, Fire, When
from casework.machines.engine import Definition, State, Transition, compile_machine
from casework.machines.facts import Facts
from casework.machines.guards import incidents as g
from casework.machines.invariants import Passes
from casework.words import Words

ON_DUTY = ("social_worker_on_duty", "supervisor")
OFFICE = ("social_worker", "social_worker_on_duty", "supervisor")
DECIDING = ("supervisor", "dinas_head")
FOUND = ("substantiated", "unsubstantiated", "inconclusive")

OPENING = (
    When(g.child_in_danger.code, (Due("triage", "incident_triage_danger_hours"),)),
    Due("triage", "incident_triage_hours"),
    Due("inform_dinas", "incident_dinas_hours"),
    When(g.police_must_know.code, (Due("inform_police", "incident_police_hours"),)),
    When(g.death.code, (Due("inform_head", "death_head_hours"),)),
    When(g.child_lives.code, (Due("child_seen", "incident_child_seen_hours"),)),
    When(
        g.harm_in_a_house.code,
        (
            Fire("host", "restrict", of="host"),
            Fire("staff", "suspend", of="accused"),
            EachChild(Due("review", "incident_review_days")),
        ),
    ),
)
"""Of two tasks of a kind the sooner stands: a child in danger is looked at within hours, every other within a day."""

STATES = (
    State("reported", Words("dilaporkan", "reported")),
    State("triaged", Words("sudah dipilah", "triaged")),
    State("protective_action", Words("anak dilindungi", "protective action taken")),
    State("notified", Words("pihak berwenang diberi tahu", "authorities told")),
    State("investigating", Words("sedang diperiksa", "under investigation")),
    State("substantiated", Words("terbukti", "substantiated")),
    State("unsubstantiated", Words("tidak terbukti", "unsubstantiated")),
    State("inconclusive", Words("tidak dapat disimpulkan", "inconclusive")),
    State("sanctioned", Words("sanksi dijatuhkan", "sanction imposed")),
    State("closed", Words("ditutup", "closed"), kind="final"),
)

CLOSE = Words("tutup insiden", "close the incident")
CLOSING = (g.not_of_the_house, g.dinas_reported, g.crime_reported, g.closing_recorded)
FOUND_OUT = (Done("child_seen"), Done("investigation_plan"), Done("finding"))
FINDING = (g.investigator_independent, g.child_seen_since_report)

TRANSITIONS: tuple[Transition[Facts], ...] = (
    Transition(
        "triage",
        Words("pilah laporan", "triage the report"),
        ("reported",),
        "triaged",
        by=ON_DUTY,
        guards=(g.not_of_the_house,),
        effects=(Done("triage"),),
        law=(law.SNPA_REPORT,),
    ),
    Transition(
        "protect",
        Words("catat anak sudah dilindungi", "record that the child is protected"),
        ("triaged",),
        "protective_action",
        by=OFFICE,
        guards=(g.not_of_the_house,),
        law=(law.SNPA_REPORT, law.SNPA_STAFF),
    ),
    Transition(
        "notify",
        Words("catat pihak berwenang sudah diberi tahu", "record that the authorities were told"),
        ("protective_action",),
        "notified",
        by=OFFICE,
        guards=(g.not_of_the_house, g.dinas_reported, g.crime_reported),
        effects=(Done("inform_dinas"), Done("inform_head"), Done("inform_police")),
        law=(law.SNPA_REPORT,),
    ),
    Transition(
        "investigate",
        Words("mulai pemeriksaan", "begin the investigation"),
        ("notified",),
        "investigating",
        by=("social_worker", "supervisor", "dinas_head"),
        guards=(g.investigator_independent,),
        effects=(Due("investigation_plan", "incident_plan_days"), Due("finding", "incident_finding_days")),
        law=(law.SNPA_REPORT, law.DESIGN),
    ),
    Transition(
        "substantiate",
        Words("nyatakan terbukti", "find it substantiated"),
        ("investigating",),
        "substantiated",
        by=DECIDING,
        guards=(*FINDING, g.found_substantiated),
        effects=FOUND_OUT,
        law=(law.SNPA_REPORT,),
    ),
    Transition(
        "find_unsubstantiated",
        Words("nyatakan tidak terbukti", "find it unsubstantiated"),
        ("investigating",),
        "unsubstantiated",
        by=DECIDING,
        guards=(*FINDING, g.found_unsubstantiated),
        effects=FOUND_OUT,
        law=(law.SNPA_REPORT,),
    ),
    Transition(
        "leave_inconclusive",
        Words("nyatakan tidak dapat disimpulkan", "find it inconclusive"),
        ("investigating",),
        "inconclusive",
        by=DECIDING,
        guards=(*FINDING, g.found_inconclusive),
        effects=FOUND_OUT,
        law=(law.SNPA_REPORT,),
    ),
    Transition(
        "sanction",
        Words("catat sanksi", "record the sanction"),
        ("substantiated",),
        "sanctioned",
        by=DECIDING,
        guards=(g.not_of_the_house, g.sanction_recorded),
        law=(law.SNPA_STAFF,),
    ),
    Transition(
        "close",
        CLOSE,
        ("unsubstantiated", "inconclusive", "sanctioned"),
        "closed",
        by=DECIDING,
        guards=CLOSING,
        law=(law.SNPA_REPORT,),
    ),
    Transition(
        "close",
        CLOSE,
        ("substantiated",),
        "closed",
        by=DECIDING,
        guards=(*CLOSING, g.nobody_to_sanction),
        law=(law.SNPA_REPORT, law.SNPA_STAFF),
    ),
)

PROMISES = (
    Passes(
        "dinas_knows_every_incident",
        Words("Insiden tidak ditutup tanpa laporan ke Dinas Sosial.", "No incident is closed without the report to the social office."),
        (law.SNPA_REPORT,),
        ("closed",),
        last=("dinas_reported",),
    ),
    Passes(
        "police_and_ministry_know_every_crime",
        Words(
            "Tindak pidana tidak ditutup tanpa laporan ke polisi dan Kemensos.",
            "No crime is closed without the reports to the police and the ministry.",
        ),
        (law.SNPA_REPORT,),
        ("closed",),
        last=("crime_reported",),
    ),
    Passes(
        "authorities_know_before_the_investigation",
        Words("Pemeriksaan tidak dimulai sebelum pihak berwenang diberi tahu.", "No investigation begins before the authorities know."),
        (law.SNPA_REPORT,),
        ("investigating",),
        all_of=("dinas_reported", "crime_reported"),
    ),
    Passes(
        "only_the_independent_investigate",
        Words("Pemeriksa bukan pelapor dan bukan dari tempat itu.", "Who investigates neither reported it nor is of the house."),
        (law.SNPA_REPORT, law.DESIGN),
        ("investigating", *FOUND),
        last=("investigator_independent",),
    ),
    Passes(
        "nothing_is_found_without_the_child",
        Words("Tidak ada hasil pemeriksaan sebelum anak ditemui.", "Nothing is found before the child was seen."),
        (law.SNPA_REPORT, law.UUPA_10_24),
        FOUND,
        last=("child_seen_since_report",),
    ),
    *(
        Passes(
            f"{state}_as_the_form_says",
            Words(f"Hasil '{label.id}' sesuai F17.", f"The finding '{label.en}' is what F17 says."),
            (law.SNPA_REPORT,),
            (state,),
            last=(f"found_{state}",),
        )
        for state, label in ((each.name, each.label) for each in STATES)
        if state in FOUND
    ),
    Passes(
        "a_sanction_is_written",
        Words("Sanksi selalu tertulis.", "A sanction is always written."),
        (law.SNPA_STAFF,),
        ("sanctioned",),
        last=("sanction_recorded",),
    ),
    Passes(
        "a_closing_is_written_after_an_investigation",
        Words(
            "Insiden hanya ditutup dengan F17 penutup, sesudah diperiksa dan anak ditemui, oleh orang di luar tempat itu.",
            "An incident is closed only by a closing F17, investigated and with the child seen, by somebody who is not of the house.",
        ),
        (law.SNPA_REPORT,),
        ("closed",),
        all_of=("investigator_independent", "child_seen_since_report"),
        last=("closing_recorded", "not_of_the_house"),
        by_way_of=("triaged", "protective_action", "notified", "investigating"),
    ),
    Passes(
        "the_house_handles_nothing_itself",
        Words("Tempat yang bersangkutan tidak menangani insidennya sendiri.", "The house concerned never handles its own incident."),
        (law.SNPA_REPORT, law.DESIGN),
        ("triaged", "protective_action", "notified", "sanctioned"),
        last=("not_of_the_house",),
    ),
)

INCIDENT = compile_machine(
    Definition(
        name="incident",
        version=1,
        initial="reported",
        states=STATES,
        transitions=TRANSITIONS,
        label=Words("insiden perlindungan", "safeguarding incident"),
        about="case",
        opened_by="F17",
        opening=OPENING,
        conditions=(g.child_in_danger, g.police_must_know, g.death, g.child_lives, g.harm_in_a_house),
        passes=PROMISES,
    )
)
