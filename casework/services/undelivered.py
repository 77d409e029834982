"""Urgent letters that did not arrive: whom they were for, what they were about, why, and what to do next. They name no child."""

from __future__ import annotations

from datetime import datetime

import msgspec

from casework.errors import NotFound
from casework.machines.book import newest_machines
from casework.machines.policy import role_may
from casework.machines.urgent import TOLD, tells, words_of
from casework.services.command import question
from casework.services.delivery import still_waits
from casework.store import outbox
from casework.store.unit import Unit
from casework.words import Words

MOST = 50
PERMANENT = 500
"""From this answer on a mail server will not take the letter, however often it is tried."""


class Undelivered(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that did not arrive, about these things; `waits`: some of it is not settled; `again_at` is None when it is given up."""

    name: str
    username: str
    about: tuple[Words, ...]
    due_at: datetime | None
    waits: bool
    reply: int | None
    tries: int
    since: datetime
    again_at: datetime | None
    advice: Words


class Unaddressed(msgspec.Struct, frozen=True, kw_only=True):
    """Something urgent that is written to nobody yet: it waits for the next run, or none of those it concerns (`whom`) has an address."""

    about: Words
    due_at: datetime | None
    whom: tuple[Words, ...]


class Letters(msgspec.Struct, frozen=True):
    """What did not arrive, and what was written to nobody."""

    undelivered: tuple[Undelivered, ...]
    unaddressed: tuple[Unaddressed, ...]


@question
def list_undelivered(unit: Unit) -> Letters:
    """Return what did not arrive about matters of the caller's offices. Raises NotFound for who sees to no letters."""
    offices = frozenset(seat.office for seat in unit.call.who.seats if seat.host is None and role_may(seat.role, "see_letters"))
    if not offices:
        raise NotFound("letters")
    with unit.over_everything():
        stuck, kept = outbox.stuck(unit, offices, MOST), outbox.kept(unit, offices, MOST)
        letters = tuple(_undelivered(unit, one) for one in stuck)
    return Letters(letters, tuple(_unaddressed(one) for one in kept if still_waits(one)))


def _undelivered(unit: Unit, one: outbox.Stuck) -> Undelivered:
    matters = outbox.matters_of(unit, one.stream, one.seq)
    open_ones = [matter for matter in matters if still_waits(matter)]
    return Undelivered(
        name=one.name,
        username=one.username,
        about=tuple(_about(code) for code in dict.fromkeys(matter.urgent for matter in matters)),
        due_at=min((matter.due_at for matter in open_ones if matter.due_at), default=None),
        waits=bool(open_ones),
        reply=one.reply,
        tries=one.tries,
        since=one.since,
        again_at=one.next_at,
        advice=_advice(one),
    )


def _advice(one: outbox.Stuck) -> Words:
    if one.next_at is not None:
        return Words(
            "Dicoba lagi dengan sendirinya. Bila mendesak, hubungi orangnya lewat telepon.",
            "It is tried again by itself. If it cannot wait, call the person.",
        )
    if one.reply is not None and one.reply >= PERMANENT:
        return Words(
            f"Alamatnya ditolak. Betulkan: casework user mail {one.username} ALAMAT; sampai saat itu, hubungi orangnya lewat telepon.",
            f"The address was refused. Correct it: casework user mail {one.username} ADDRESS; until then, call the person.",
        )
    return Words("Tidak dicoba lagi. Hubungi orangnya lewat telepon.", "It is not tried again. Call the person.")


def _unaddressed(matter: outbox.Matter) -> Unaddressed:
    return Unaddressed(about=_about(matter.urgent), due_at=matter.due_at, whom=tuple(TOLD[role] for role in tells(matter.urgent)))


def _about(code: str) -> Words:
    return words_of(code, newest_machines())
