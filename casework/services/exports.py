"""Taking the journal out: by an auditor, the head of an office or whoever answers for the data; that it was taken out is an entry first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import islice
from typing import BinaryIO

import msgspec

from casework.errors import Fault, Invalid, NotFound
from casework.ledger.export import WRITERS, Format, Recorded, masked
from casework.machines.policy import role_may
from casework.services.command import question
from casework.services.proof import check_proof
from casework.store import journal, records, scope, taking
from casework.store.call import Call, Who
from casework.store.store import Store
from casework.store.taking import AT_ONCE, Taken
from casework.store.unit import Unit
from casework.words import Words

TERMINAL = "terminal"


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """What is taken out: entries recorded since and before a moment, of one office or of all that the caller reads.

    `xes` holds the whole streams of the cases that were opened in that time, and nothing else: a part of a trace misleads.
    """

    format: Format
    since: datetime
    until: datetime
    office: str = ""


def export_trail(store: Store, call: Call, wanted: Export, file: BinaryIO, *, most: int | None = None) -> int:
    """Write entries to a file and return how many. Raises NotFound, ProofNeeded, Invalid (a time upside down, more than `most`)."""
    if wanted.since >= wanted.until:
        raise Invalid(Fault("$.until", Words("Akhir harus sesudah awal.", "The end must come after the beginning.")))
    offices = _offices(call.who, wanted.office)
    check_proof(call, "export_trail", store.params.proof_minutes)
    taken = Taken(offices=offices, since=wanted.since, until=wanted.until, whole_cases=wanted.format == "xes")
    if most is not None and how_many(store, call, taken) > most:
        words = Words(
            f"Lebih dari {most} entri: pilih waktu yang lebih pendek, atau ambil di terminal.",
            f"More than {most} entries: choose a shorter time, or take them out at the terminal.",
        )
        raise Invalid(Fault("$.since", words))
    store.carry_out(call, partial(_note, wanted))
    return _write(store, call, wanted.format, taken, file)


@question
def how_many(unit: Unit, taken: Taken) -> int:
    """Return how many entries would be taken out."""
    unit.take_time()
    with unit.over_everything():
        return taking.count(unit, taken)


@question
def _write(unit: Unit, chosen: Format, taken: Taken, file: BinaryIO) -> int:
    unit.take_time()
    with unit.over_everything():
        return WRITERS[chosen](_confidentially(unit, _entries(unit, taken)), file)


def _entries(unit: Unit, taken: Taken) -> Iterator[Recorded]:
    yield from taking.of_cases(unit, taken)
    if not taken.whole_cases:
        yield from taking.of_persons(unit, taken)


def _confidentially(unit: Unit, entries: Iterator[Recorded]) -> Iterator[Recorded]:
    """Yield the entries without what tells who reported an incident: kept from whoever reads the trail (DOMAIN 7.8)."""
    while batch := list(islice(entries, AT_ONCE)):
        reports = records.authors_of_incidents(unit, frozenset(item for one in batch for item in one.event.items))
        yield from (masked(one, reports) for one in batch)


def _note(wanted: Export, unit: Unit) -> None:
    role = min((seat.role for seat in unit.call.who.seats), default="")
    journal.append_for_actor(unit, "exported", role=role, items=(wanted.office,) if wanted.office else (), reason_code=wanted.format)


def _offices(who: Who, office: str) -> frozenset[str] | None:
    """Return the offices whose journal is taken out, None for all. Raises NotFound for whoever may not read one."""
    anywhere = scope.is_whole(who) or any(seat.office == TERMINAL for seat in who.seats)
    own = frozenset(seat.office for seat in who.seats if role_may(seat.role, "export_trail"))
    if not anywhere and (not own or (office and office not in own)):
        raise NotFound("trail")
    if office:
        return frozenset({office})
    return None if anywhere else own
