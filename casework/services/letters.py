"""What a message about urgent things says: what, by when, and where to look after signing in. Never whom it is about (TRUST 6).

Mail passes through machines that are nobody's in the office. So nothing is taken from the record but codes, moments and ids: no name of
anybody, no number of a case, no house, no place. A test looks for all of them in what was sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from casework.machines.book import newest_machines
from casework.machines.urgent import words_of
from casework.services.calendar import moment
from casework.store.outbox import Letter, Matter
from casework.words import Language, Words

SUBJECT = Words("Ada hal mendesak yang menunggu Anda", "Something urgent waits for you")
OPENING = Words("Di aplikasi perjalanan pengasuhan anak menunggu:", "In the application for the care journey of children there waits:")
BY = Words("paling lambat {when}", "by {when}")
LATE = Words("sudah lewat tenggat sejak {when}", "overdue since {when}")
CLOSING = Words(
    "Masuk dengan akun Anda untuk melihatnya. Pesan ini sengaja tidak menyebut siapa pun: jangan menulis nama anak di surel.",
    "Sign in with your account to see it. This message names nobody on purpose: write no child's name in an e-mail.",
)
PLACES = {"task": "/cases/{case}", "request": "/decisions/{subject}", "process": "/cases/{case}"}
LISTS = {"task": "/work", "request": "/decisions", "process": "/work"}
BREACHES = "/breaches"
"""Where somebody looks who signed in: at the one thing, or at the list of many; what is of no case is an office's breach of data."""


class Envelope(msgspec.Struct, frozen=True):
    """A message ready to be carried. The same letter has the same `message_id` however often it is sent: mailboxes may know it again."""

    to: str
    language: Language
    subject: str
    text: str
    message_id: str
    at: datetime


def write(letter: Letter, to: str, language: Language, matters: Iterable[Matter], at: datetime, *, links: str) -> Envelope:
    """Write a letter about the matters that still wait."""
    lines = [OPENING.to(language), "", *_lines(matters, at, language, links), CLOSING.to(language)]
    return Envelope(to, language, SUBJECT.to(language), "\n".join(lines) + "\n", name_of(letter), at)


def name_of(letter: Letter) -> str:
    """Return what makes a letter the same letter. Nobody can tell from it which entry brought it about."""
    return hashlib.sha256(f"{letter.stream}#{letter.seq} {letter.account}".encode()).hexdigest()[:32]


def _lines(matters: Iterable[Matter], at: datetime, language: Language, links: str) -> Iterator[str]:
    """Yield each kind of thing once, with how many there are and the first deadline."""
    alike: dict[tuple[str, str], list[Matter]] = {}
    for matter in matters:
        alike.setdefault((matter.urgent, matter.about), []).append(matter)
    for (urgent, about), found in alike.items():
        counted = f"{len(found)} × " if len(found) > 1 else ""
        yield f"* {counted}{words_of(urgent, newest_machines()).to(language)}"
        due = min((matter.due_at for matter in found if matter.due_at), default=None)
        if due is not None:
            yield "  " + (LATE if due < at else BY).to(language).format(when=moment(due, language))
        place = BREACHES if found[0].case_id is None else LISTS[about] if len(found) > 1 else PLACES[about]
        yield "  " + links.rstrip("/") + place.format(case=found[0].case_id, subject=found[0].subject)
        yield ""
