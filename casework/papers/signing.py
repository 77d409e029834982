"""Who signs a paper by hand: those whom the form names, who signed the record, who endorsed it, and somebody for the office."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from casework.machines.forms import CareAgreement, Referral, Signature
from casework.machines.refusals import role_words
from casework.papers.wording import Paper
from casework.services.choices import choice_of
from casework.services.official import Official
from casework.settings import Papers
from casework.words import Language, Words

PUBLIC = frozenset({"dinas", "social_worker"})
"""Who signs as an officer: a line for the number of civil servants (NIP) stands under the name."""
OFFICERS = frozenset({"social_worker", "social_worker_on_duty", "supervisor", "dinas_head", "province_officer"})
"""Capacities of officers among those who sign records."""
OATH = frozenset({"parent", "guardian"})


class Block(msgspec.Struct, frozen=True):
    """One place to sign: as what, who, under which title. `officer` leaves a line for the NIP, `stamped` room for a duty stamp."""

    caption: str
    name: str
    under: str = ""
    officer: bool = False
    stamped: bool = False


def blocks_of(paper: Official, wording: Paper, office: Papers, language: Language) -> tuple[Block, ...]:
    """Return the places to sign, in order; nobody signs twice."""
    found: dict[str, Block] = {}
    for number, block in enumerate((*_named(paper, wording, language), *_officials(paper, wording, office, language))):
        found.setdefault(_plain(block.name) or str(number), block)
    return tuple(found.values())


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _named(paper: Official, wording: Paper, language: Language) -> Iterator[Block]:
    """Yield who the form says signs."""
    signatures: tuple[Signature, ...] = getattr(paper.body, "signatures", ())
    stamped = getattr(paper.body, "stamp_duty", "no") == "yes"
    roles = {_plain(one.name): one.role for one in signatures}
    for field, caption in wording.signs:
        name = str(getattr(paper.body, field))
        role = roles.get(_plain(name), "")
        under = choice_of("Signature", "role", role).to(language) if role else ""
        yield Block(caption.to(language), name, under, officer=role in PUBLIC, stamped=stamped)
    for one in signatures:
        caption = choice_of("Signature", "role", one.role)
        yield Block(caption.to(language), one.name, officer=one.role in PUBLIC, stamped=stamped and one.role in OATH)
    match paper.body:
        case CareAgreement(parties=parties):
            for party in (one for one in parties if one.signed == "yes"):
                yield Block(choice_of("Party", "role", party.role).to(language), party.name, officer=party.role in PUBLIC)
        case Referral(acceptance=acceptance) if acceptance is not None:
            yield Block(Words("Diterima oleh", "Accepted by").to(language), acceptance.name)


def _officials(paper: Official, wording: Paper, office: Papers, language: Language) -> Iterator[Block]:
    """Yield who signed the record, who endorsed it, and who signs for the office."""
    noted = wording.signs or hasattr(paper.body, "signatures") or hasattr(paper.body, "parties")
    wrote = Words("Dicatat oleh", "Recorded by") if noted else Words("Dibuat oleh", "Drawn up by")
    under = _opened(role_words(paper.author_role).to(language))
    yield Block(wrote.to(language), paper.author, under, officer=paper.author_role in OFFICERS)
    if paper.countersigned_by:
        yield Block(Words("Disahkan oleh", "Endorsed by").to(language), paper.countersigned_by, officer=True)
    if wording.acknowledged and office.acknowledged_by:
        yield Block(f"{Words('Mengetahui', 'Acknowledged').to(language)},\n{office.acknowledged_by}", "", officer=True)


def _opened(text: str) -> str:
    return text[:1].upper() + text[1:]
