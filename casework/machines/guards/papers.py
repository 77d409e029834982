"""Guards of the child's identity papers (DOMAIN 7.10): issued, compared with their originals, and no dispute settled by who raised it."""

from collections.abc import Iterator

from casework.machines import law
from casework.machines.facts import Facts
from casework.machines.forms import PersonalData
from casework.machines.guards.evidence import compared, newest
from casework.machines.guards.making import SUPERVISOR, WORKER, guard
from casework.words import Words

PAPERS: dict[str, Words] = {
    "birth_certificate": Words("akta kelahiran", "birth certificate"),
    "family_card": Words("kartu keluarga", "family card"),
}


@guard(
    Words("Akta kelahiran atau kartu keluarga belum terbit.", "Birth certificate or family card is not issued."),
    fix=Words(
        "Lampirkan dokumen yang terbit, atau catat nomornya pada F02.", "Attach the paper that was issued, or record its number on F02."
    ),
    law=(law.UUPA_27, law.SEED_ID),
    who=(*WORKER, "lksa_head"),
    reads=("F02", "document:birth_certificate", "document:family_card"),
)
def papers_issued(facts: Facts) -> Iterator[Words]:
    """Each is attached, or F02 holds it with its number."""
    family = newest(facts, PersonalData)
    attached = {paper.kind for paper in facts.documents}
    for kind, words in PAPERS.items():
        held = family is not None and _held(family.body, kind)
        if kind not in attached and not held:
            yield words


def certificate_known(facts: Facts) -> bool:
    """Whether a birth certificate, or the application for one, is attached or stands on F02."""
    family = newest(facts, PersonalData)
    attached = any(paper.kind in {"birth_certificate", "birth_certificate_application"} for paper in facts.documents)
    return attached or (family is not None and family.body.birth_certificate.known_or_applied)


def _held(family: PersonalData, kind: str) -> bool:
    paper = family.birth_certificate if kind == "birth_certificate" else family.family_card
    return paper.status == "held" and bool(paper.number.strip())


@guard(
    Words("Dokumen identitas belum dicocokkan dengan aslinya.", "The identity papers are not compared with their originals."),
    fix=Words(
        "Lampirkan akta kelahiran dan kartu keluarga; orang kedua mencocokkannya dengan aslinya.",
        "Attach birth certificate and family card; a second person compares them with their originals.",
    ),
    law=(law.SEED_ID, law.DESIGN_PAPERS),
    who=(*WORKER, *SUPERVISOR),
    reads=("document:birth_certificate", "document:family_card"),
)
def papers_compared(facts: Facts) -> Iterator[Words]:
    """Each by another person than the one who attached it."""
    for kind, words in PAPERS.items():
        if not compared(facts, kind):
            yield words


@guard(
    Words(
        "Yang terlibat dalam proses ini tidak dapat menyelesaikan sengketanya.", "Who made steps of this process cannot settle its dispute."
    ),
    fix=Words("Mintakan supervisor lain memutuskan.", "Ask another supervisor to decide."),
    law=(law.SEED_ID, law.IACM),
    who=SUPERVISOR,
    reads=("register:journal",),
)
def settled_by_another(facts: Facts) -> bool:
    """Natural persons: neither who disputed the papers nor who applied for them."""
    return facts.process is not None and facts.ask.person not in facts.process.by
