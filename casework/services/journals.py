"""The journal in words: a case's timeline with what was tried on it, and whether a case's chain is whole."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice

import msgspec

from casework.errors import Fault, Invalid
from casework.ledger.event import NO_HASH, Event, decode_event, event_hash
from casework.machines.book import by_version, states_of
from casework.machines.forms import KINDS
from casework.machines.refusals import role_words
from casework.services import captions
from casework.services.happenings import ACCOUNT_CHANGES, HAPPENINGS, LOOKED_AT, REFUSED, REFUSED_VERBS
from casework.services.keyset import cursor, position
from casework.services.names import Names
from casework.services.processes import may_hear
from casework.services.seen import of_case, opening
from casework.services.sight import INCIDENT, UNNAMED, is_errand, is_house, may_know_author, may_open
from casework.services.steps import request_label
from casework.store import approvals, cases, people, processes, records, trail
from casework.store.cases import CaseRow
from casework.store.instants import from_text, to_text
from casework.store.trail import PAGE, Stored
from casework.store.unit import Unit
from casework.words import Words

_TYPING = timedelta(minutes=1)
"""Anything longer between happening and recording is late entry."""
_NEWEST = (str(trail.FIRST_SEQ), *map(str, trail.FIRST_TRIED))


class Code(msgspec.Struct, frozen=True):
    """One refusal code with its words."""

    code: str
    words: Words


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the journal in words. `occurred_at` differs from `recorded_at` when it was entered late.

    `about` are the titles of what it touched, `signed` who approved it, `codes` why it was refused; `case` and `number` where it belongs.
    `unnamed`: it tells of an incident, and who reported that is kept from this reader.
    """

    seq: int
    kind: str
    outcome: str
    what: Words
    source: Words | None
    dest: Words | None
    about: tuple[Words, ...]
    actor: str
    role: Words
    occurred_at: datetime
    recorded_at: datetime
    late: bool
    signed: tuple[str, ...]
    codes: tuple[Code, ...]
    case: str
    number: str
    hash: str
    unnamed: bool = False


class Chain(msgspec.Struct, frozen=True):
    """Whether a case's chain is whole: how many entries agree with their hash, their predecessor and the case, of how many."""

    entries: int
    sound: int
    fault: Words | None = None

    @property
    def whole(self) -> bool:
        """Whether everything agrees."""
        return self.fault is None


class CaseTrail(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a case's journal: its own entries and what the streams of persons say about it, newest first.

    `after` is the cursor of the page with older ones, "" on the last; `chain` is told with the newest page.
    """

    id: str
    number: str
    entries: tuple[Entry, ...]
    chain: Chain | None
    after: str = ""


def newest_of_case(unit: Unit, case: CaseRow, names: Names) -> tuple[tuple[Entry, ...], Chain]:
    """Return a case's own newest entries in words, without those about records that an institution may not know of, and its chain."""
    titles, unnamed, stream = _titles(unit, case.id), _unnamed(unit, case), trail.stream_of(unit, case.id)
    known = islice(filter(_may_know(unit, case), reversed(stream)), PAGE)
    return tuple(told(stored, names, titles, {case.id: case.number}, unnamed) for stored in known), _chain_of(stream, case)


def whole_of_case(unit: Unit, case: CaseRow, names: Names) -> tuple[Entry, ...]:
    """Return all of a case's own entries in words, oldest first; of every incident it is left out who reported it."""
    titles = _titles(unit, case.id)
    unnamed = {row.id: row.author for row in records.titled(unit, case.id) if row.form == INCIDENT}
    return tuple(told(stored, names, titles, {case.id: case.number}, unnamed) for stored in trail.stream_of(unit, case.id))


def readable_of(unit: Unit, case: CaseRow) -> Iterator[Stored]:
    """Yield a case's own entries that this caller may read, oldest first."""
    yield from filter(_may_know(unit, case), trail.stream_of(unit, case.id))


def _chain_of(stream: tuple[Stored, ...], case: CaseRow) -> Chain:
    """Recompute every hash of a case's stream and compare it with its neighbours and with the case itself."""
    expected = NO_HASH
    for place, stored in enumerate(stream, start=1):
        if (stored.seq, stored.prev, stored.hash) != (place, expected, event_hash(stored.body)):
            words = Words(f"Entri {place} tidak cocok dengan rantainya.", f"Entry {place} does not fit its chain.")
            return Chain(len(stream), place - 1, words)
        expected = stored.hash
    if (len(stream), expected) != (case.seq, case.head):
        words = Words("Kasus tidak berada pada entri terakhirnya.", "The case does not stand at its last entry.")
        return Chain(len(stream), len(stream), words)
    return Chain(len(stream), len(stream))


_OLDER = (cases.CASE, cases.HOSTS_CONCERNED, trail.OLDER, trail.TRIED, people.NAMED_IN_JOURNAL, records.TITLES)
_TOLD = (cases.CASE, cases.HOSTS_CONCERNED, trail.STREAM, trail.TRIED, people.NAMED_IN_JOURNAL, records.TITLES)
"""What a page of a journal tells: asked with one statement. The newest page is told with the whole chain."""


@opening("journal", of_case)
def journal_of(unit: Unit, case_id: str, after: str = "") -> CaseTrail:
    """Return a page of a case's journal with refusals and reads, newest first.

    Raises NotFound for a case that is not the caller's, Invalid for an unknown cursor.
    """
    own, *tried = position("journal", after, _NEWEST)
    before_own, before_tried = _number(own), (tried[0], tried[1], _number(tried[2]))
    unit.gather(*_OLDER if after else _TOLD, **trail.page(case_id, before_own, before_tried))
    case = cases.get_case(unit, case_id)
    stream = () if after else trail.stream_of(unit, case_id)
    streams = (
        filter(_may_know(unit, case), trail.older_entries(unit, case_id, before_own) if after else reversed(stream)),
        filter(_may_hear(unit, case), trail.older_attempts(unit, case_id, before_tried)),
    )
    found = list(islice(heapq.merge(*streams, key=lambda stored: (stored.recorded_at, stored.seq), reverse=True), PAGE + 1))
    shown = found[:PAGE]
    names, titles = Names(unit, persons=people.named_in_journal(unit, case_id)), _titles(unit, case_id)
    unnamed = _unnamed(unit, case)
    return CaseTrail(
        id=case.id,
        number=case.number,
        entries=tuple(told(stored, names, titles, {case.id: case.number}, unnamed) for stored in shown),
        chain=None if after else _chain_of(stream, case),
        after=_behind(shown, before_own, before_tried) if len(found) > PAGE else "",
    )


def _behind(shown: list[Stored], own: int, tried: tuple[str, str, int]) -> str:
    """Return the cursor behind these entries: how far each of the two streams was read."""
    for stored in shown:
        if stored.account:
            tried = (to_text(stored.recorded_at), stored.account, stored.seq)
        else:
            own = stored.seq
    return cursor("journal", str(own), tried[0], tried[1], str(tried[2]))


def _number(told: str) -> int:
    """Return the number in a cursor. Raises Invalid."""
    if not told.isdecimal() or int(told) > trail.FIRST_SEQ:
        raise Invalid(Fault("$.after", Words("Penunjuk halaman ini tidak dikenal.", "This cursor is not known.")))
    return int(told)


def _may_know(unit: Unit, case: CaseRow) -> Callable[[Stored], bool]:
    """Return which of the case's own entries this caller may read: an institution, none about a record or a request kept from it.

    Who was asked into the field reads there what they did themselves.
    """
    held, person = cases.capacities(unit, case), unit.call.who.person
    if not is_house(held):
        return _everything
    if is_errand(held):
        return lambda stored: decode_event(stored.body).actor.person == person
    kept = {row.id for row in records.records_of(unit, case.id) if not may_open(held, row.form) and row.author != person}
    kept |= {request.id for request in approvals.requests_of(unit, case.id) if request.record_id in kept}
    own = cases.own_hosts(unit, case)
    kept |= {row.id for row in processes.of_case(unit, case.id) if not may_hear(held, row, own)}
    return lambda stored: _open_to_a_house(decode_event(stored.body), kept)


def _open_to_a_house(event: Event, kept: set[str]) -> bool:
    """Whether an entry is about nothing that is kept from an institution: a record, a request, a process, what happened elsewhere."""
    about = kept.isdisjoint(event.items) and event.kind != "task_due"
    return about and (event.kind != "process_moved" or any(step.process not in kept for step in event.steps))


def _may_hear(unit: Unit, case: CaseRow) -> Callable[[Stored], bool]:
    """Return which of what was tried and read on the case this caller hears of: an institution, of what the caller did."""
    person = unit.call.who.person
    if not is_house(cases.capacities(unit, case)):
        return _everything
    return lambda stored: decode_event(stored.body).actor.person == person


def _everything(_stored: Stored) -> bool:
    return True


def _unnamed(unit: Unit, case: CaseRow) -> dict[str, str]:
    """Return the reports of incidents in a case of which this caller may not know who wrote them, each with that person."""
    held, person = cases.capacities(unit, case), unit.call.who.person
    filed = (row for row in records.titled(unit, case.id) if row.form == INCIDENT)
    return {row.id: row.author for row in filed if not may_know_author(held, row.form, own=row.author == person)}


def reports(event: Event, unnamed: dict[str, str]) -> bool:
    """Whether an entry is about one of these reports and by who wrote it: signed it, or looked at it again."""
    return any(unnamed.get(item) == event.actor.person for item in event.items)


def _titles(unit: Unit, case_id: str) -> dict[str, Words]:
    return {row.id: _title(row.form) if row.form else captions.paper(row.kind) for row in records.titled(unit, case_id)}


def _title(form: str) -> Words:
    title = KINDS[form].title
    return Words(f"{form} {title.id}", f"{form} {title.en}")


def told(stored: Stored, names: Names, titles: dict[str, Words], numbers: dict[str, str], unnamed: dict[str, str]) -> Entry:
    """Return an entry in words. Of an incident that somebody reported, the name is left out for whom `unnamed` says so."""
    event = decode_event(stored.body)
    hidden = reports(event, unnamed)
    own_stream = hidden and event.stream.startswith("actor:")  # its place in the chain would name whose it is
    states = states_of(event.rules.machine)
    occurred = from_text(event.occurred_at)
    moved = event.kind == "moved"
    return Entry(
        seq=0 if own_stream else event.seq,
        kind=event.kind,
        outcome=event.outcome,
        what=_what(event),
        source=states[event.source].label if moved and event.source in states else None,
        dest=states[event.dest].label if moved and event.dest in states else None,
        about=(*(titles[item] for item in event.items if item in titles), *_steps_made(event)),
        actor="" if hidden else names.person(event.actor.person),
        role=UNNAMED if hidden else role_words(event.actor.role),
        occurred_at=occurred,
        recorded_at=stored.recorded_at,
        late=stored.recorded_at - occurred > _TYPING,
        signed=tuple(names.person(sign.person) for sign in event.approvals),
        codes=tuple(Code(code, REFUSED.get(code, Words(code, code))) for code in event.codes),
        case=event.case if event.case in numbers else "",
        number=numbers.get(event.case, ""),
        hash="" if own_stream else stored.hash,
        unnamed=hidden,
    )


def _steps_made(event: Event) -> Iterator[Words]:
    """Yield what an entry says was done beside the journey, a step in words: "insiden perlindungan: pilah laporan (sudah dipilah)"."""
    for step in event.steps if event.kind == "process_moved" else ():
        machine = by_version().get((step.machine, step.version))
        row = machine.transition(step.source, step.trigger) if machine else None
        if machine and row and machine.definition.label:
            named, state = machine.definition.label, machine.states[step.dest].label
            yield Words(f"{named.id}: {row.label.id} ({state.id})", f"{named.en}: {row.label.en} ({state.en})")


def _what(event: Event) -> Words:
    label = request_label(event.trigger, event.rules.machine, event.rules.version) if event.trigger else None
    if event.kind == "moved" and label:
        return Words(label.id[:1].upper() + label.id[1:], label.en[:1].upper() + label.en[1:])
    if event.kind == "refused":
        verb = captions.spoken(REFUSED_VERBS, event.reason_code)
        return Words(f"Ditolak: {label.id if label else verb.id}", f"Refused: {label.en if label else verb.en}")
    happened = captions.spoken(HAPPENINGS, event.kind)
    if event.kind == "opened":
        opened = captions.spoken(LOOKED_AT, event.reason_code)
        return Words(f"{happened.id}: {opened.id}", f"{happened.en}: {opened.en}")
    if event.kind == "account_changed" and event.reason_code in ACCOUNT_CHANGES:
        changed = ACCOUNT_CHANGES[event.reason_code]
        return Words(f"{happened.id}: {changed.id}", f"{happened.en}: {changed.en}")
    if event.kind in {"definition_published", "migrated"}:
        return Words(
            f"{happened.id}: {event.rules.machine} {event.rules.version}", f"{happened.en}: {event.rules.machine} {event.rules.version}"
        )
    return Words(f"{happened.id}: {label.id}", f"{happened.en}: {label.en}") if label else happened
