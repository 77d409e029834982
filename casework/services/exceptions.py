"""What an auditor looks at first: one table of kinds, each with its words, its question and who may see it."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from casework.errors import Fault, Invalid, NotFound
from casework.machines.policy import Action
from casework.services.command import question
from casework.services.seen import Seen, opening
from casework.services.trails import midnight, offices_to_read
from casework.store import exceptions, listing, people
from casework.store.exceptions import MOST, Asked
from casework.store.unit import Unit
from casework.words import Words


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of exception. `may` is the right (policy) that lets somebody see it, for the offices in which they have it."""

    code: str
    words: Words
    why: Words
    asked: Asked
    may: Action = "read_trail"


EXCEPTIONS = (
    Kind(
        code="emergency",
        words=Words("Langkah darurat tanpa persetujuan lebih dulu", "Emergency steps without approval beforehand"),
        why=Words("Setiap langkah darurat harus disahkan sesudahnya.", "Each must be ratified afterwards."),
        asked=exceptions.EMERGENCY,
    ),
    Kind(
        code="glass",
        words=Words("Akses darurat ke sebuah kasus", "Cases read by breaking the glass"),
        why=Words(
            "Dibaca tanpa penugasan; kepala dinas diberi tahu, orang lain memeriksanya.",
            "Read without an assignment; somebody else looks into it.",
        ),
        asked=exceptions.BROKEN,
    ),
    Kind(
        code="refused",
        words=Words("Percobaan yang ditolak, per orang", "Refused attempts, by person"),
        why=Words("Siapa yang sering ditolak mungkin mencoba batas.", "Who is refused often may be trying the limits."),
        asked=exceptions.REFUSED,
    ),
    Kind(
        code="quick_approval",
        words=Words("Persetujuan beberapa detik sesudah permohonan", "Approvals within seconds of the request"),
        why=Words("Buktinya tidak mungkin sempat dibaca.", "Nobody can have read what it rests on."),
        asked=exceptions.QUICK,
    ),
    Kind(
        code="never_refused",
        words=Words("Penyetuju yang menyetujui semuanya", "Approvers who approve everything"),
        why=Words(
            "Persetujuan yang tidak pernah ditolak mungkin hanya formalitas.", "An approval that is never refused may be a formality."
        ),
        asked=exceptions.NEVER_REFUSED,
    ),
    Kind(
        code="proof_failed",
        words=Words("Bukti diri yang gagal", "Proofs of the person that failed"),
        why=Words("Mungkin orang lain di depan sesi yang terbuka.", "Somebody else may sit before an open session."),
        asked=exceptions.PROOF_FAILED,
    ),
    Kind(
        code="seated",
        words=Words("Jabatan yang diberikan", "Seats that were given"),
        why=Words(
            "Admin memberi jabatan seorang diri: pastikan orangnya ada dan memang bertugas di sana.",
            "An administrator gives them alone: make sure that this person exists and works there.",
        ),
        asked=exceptions.SEATED,
    ),
    Kind(
        code="exported",
        words=Words("Jurnal atau angka diambil keluar", "The journal or numbers taken out"),
        why=Words("Yang diambil keluar tidak lagi dijaga.", "What was taken out is guarded no longer."),
        asked=exceptions.TAKEN_OUT,
    ),
)
"""Every kind, in the order in which they are offered."""
_BY_CODE = {kind.code: kind for kind in EXCEPTIONS}


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One exception: who, about which case (number), when (of many the last) and how many. `name` is "" for nobody known."""

    name: str
    person: str
    case: str
    number: str
    at: datetime
    many: int


class Exceptions(msgspec.Struct, frozen=True, kw_only=True):
    """The exceptions of one kind in some days, both included (WITA). `all` is false where there are more than are shown."""

    kind: str
    words: Words
    why: Words
    since: date
    until: date
    lines: tuple[Line, ...]
    all: bool


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """How many exceptions of a kind there are. `all` is false where there are more than are shown."""

    kind: str
    words: Words
    many: int
    all: bool


@question
def count_exceptions(unit: Unit, since: date, until: date, office: str = "", known: Exceptions | None = None) -> tuple[Counted, ...]:
    """Return how many there are of every kind that the caller may see: nobody is named, so this is no look at a case.

    What is `known` already, of the same days, is not asked for again.
    """
    return tuple(_counted(unit, kind, since, until, office, known) for kind in EXCEPTIONS if _may_see(unit, kind, office))


def _may_see(unit: Unit, kind: Kind, office: str) -> bool:
    try:
        offices_to_read(unit, office, kind.may)
    except NotFound:
        return False
    return True


def _counted(unit: Unit, kind: Kind, since: date, until: date, office: str, known: Exceptions | None) -> Counted:
    if known and known.kind == kind.code:
        return Counted(kind=kind.code, words=kind.words, many=len(known.lines), all=known.all)
    found = exceptions.found(unit, kind.asked, offices_to_read(unit, office, kind.may)[0], midnight(since), midnight(until, after=1))
    return Counted(kind=kind.code, words=kind.words, many=len(found), all=len(found) < MOST)


@opening("exceptions", lambda *_, **__: Seen())
def list_exceptions(unit: Unit, code: str, since: date, until: date, office: str = "") -> Exceptions:
    """Return the exceptions of a kind. For who may not see them there are none: raises NotFound; Invalid for days upside down."""
    kind = _BY_CODE.get(code)
    if kind is None:
        raise NotFound("exceptions")
    offices, _ = offices_to_read(unit, office, kind.may)
    if since > until:
        raise Invalid(Fault("$.until", Words("Akhir harus sesudah awal.", "The end must come after the beginning.")))
    found = exceptions.found(unit, kind.asked, offices, midnight(since), midnight(until, after=1))
    names = people.names_of(unit, {one.person for one in found if one.person})
    numbers = listing.numbers_of(unit, frozenset(one.case for one in found if one.case))
    lines = tuple(
        Line(
            name=names.get(one.person, ""),
            person=one.person,
            case=one.case if one.case in numbers else "",
            number=numbers.get(one.case, ""),
            at=one.at,
            many=one.many,
        )
        for one in found
    )
    return Exceptions(kind=code, words=kind.words, why=kind.why, since=since, until=until, lines=lines, all=len(lines) < MOST)
