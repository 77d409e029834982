"""The trail of offices, for those who audit it: sifted, page by page, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import msgspec

from casework.errors import Fault, Invalid, NotFound
from casework.ledger.event import decode_event
from casework.machines.facts import WITA
from casework.machines.policy import Action
from casework.services.access import offices_for
from casework.services.journals import Entry, reports, told
from casework.services.keyset import cursor, position
from casework.services.names import Names
from casework.services.seen import Seen, opening
from casework.store import caseload, listing, people, readings, records, scope, sifting
from casework.store.sifting import FIRST, Outcome, Place, Wanted
from casework.store.trail import FIRST_SEQ, PAGE, Stored
from casework.store.unit import Unit
from casework.words import Words

FIRST_DAY, LAST_DAY = date(1, 1, 2), date(9999, 12, 30)
"""Between them a day has its midnight in every time zone."""


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of the trail; empty means any. `case` is a number or an id, `person` and `office` an id; `since` and `until` are days.

    Days are counted in WITA, the last one is included. Mere looks are told to who asks for their kind, or for the outcome `read`.
    """

    kind: str = ""
    outcome: Outcome = ""
    person: str = ""
    case: str = ""
    office: str = ""
    since: date | None = None
    until: date | None = None


EVERYTHING = Sought()


class Trail(msgspec.Struct, frozen=True, kw_only=True):
    """One page of the trail, newest first. `people` and `offices` (id, name) may be chosen; `after` is the cursor of older entries."""

    entries: tuple[Entry, ...]
    people: tuple[tuple[str, str], ...]
    offices: tuple[tuple[str, str], ...]
    after: str = ""


@opening("trail", lambda *_, **__: Seen())
def office_trail(unit: Unit, sought: Sought = EVERYTHING, after: str = "") -> Trail:
    """Return a page of the trail of the caller's offices; an auditor's are all. For anybody else it does not exist: raises NotFound.

    Nobody is named here as the reporter of an incident, nor found by asking for what one person did. Raises Invalid for an unknown cursor.
    """
    within, own = offices_to_read(unit, sought.office)
    stored, unnamed = _visible(unit, within, sought, _place(after))
    events = [decode_event(one.body) for one in stored]
    numbers = listing.numbers_of(unit, frozenset(event.case for event in events if event.case))
    persons = frozenset(one for event in events for one in (event.actor.person, *(sign.person for sign in event.approvals)) if one)
    names = Names(unit, persons=people.names_of(unit, persons))
    shown = stored[:PAGE]
    moment, stream, seq = sifting.place_of(shown[-1]) if len(stored) > PAGE else FIRST
    return Trail(
        entries=tuple(told(one, names, {}, numbers, unnamed) for one in shown),
        people=sifting.people_of(unit, within if within is not None else frozenset(own)),
        offices=tuple(sorted(own.items(), key=lambda pair: pair[1])),
        after=cursor("trail", moment, stream, str(seq)) if len(stored) > PAGE else "",
    )


def offices_to_read(unit: Unit, office: str, action: Action = "read_trail") -> tuple[frozenset[str] | None, dict[str, str]]:
    """Return the offices whose trail is read, None for all, and those that may be chosen, each with its name. Raises NotFound."""
    held, every = offices_for(unit, action), caseload.offices(unit)
    whole = bool(held) and scope.is_whole(unit.call.who)
    own = every if whole else {one: every[one] for one in held if one in every}
    if not held or (office and office not in own):
        raise NotFound("trail")
    if office:
        return frozenset({office}), own
    return (None if whole else held), own


def _visible(unit: Unit, offices: frozenset[str] | None, sought: Sought, place: Place) -> tuple[list[Stored], dict[str, str]]:
    """Return what was asked for, one entry more than a page, and the incidents among it whose reporters are not named.

    By the name of a person nobody is found as the reporter of an incident, nor by where a page ends.
    """
    walk = stored_of(unit, offices, sought, place)
    found: list[Stored] = []
    unnamed: dict[str, str] = {}
    while len(found) <= PAGE and (more := list(islice(walk, PAGE + 1))):
        events = [decode_event(one.body) for one in more]
        unnamed |= records.authors_of_incidents(unit, frozenset(item for event in events for item in event.items))
        found += [one for one, event in zip(more, events, strict=True) if not (sought.person and reports(event, unnamed))]
    return found[: PAGE + 1], unnamed


def stored_of(unit: Unit, offices: frozenset[str] | None, sought: Sought, place: Place = FIRST) -> Iterator[Stored]:
    """Return the entries that were asked for, newest first, as they lie in the journal."""
    wanted = _wanted(unit, sought)
    return sifting.sifted(unit, offices, wanted, place) if wanted else iter(())


def _wanted(unit: Unit, sought: Sought) -> Wanted | None:
    """Return what is asked of the store; None where there is no such case."""
    case = readings.named(unit, sought.case.upper()) or readings.named(unit, sought.case) if sought.case else None
    if sought.case and case is None:
        return None
    return Wanted(
        kind=sought.kind,
        outcome=sought.outcome,
        person=sought.person,
        case=case.id if case else "",
        since=midnight(sought.since) if sought.since else None,
        until=midnight(sought.until, after=1) if sought.until else None,
    )


def midnight(day: date, *, after: int = 0) -> datetime:
    """Return the moment (UTC) at which a day begins in WITA, or the day `after` it; at the ends of the calendar the nearest there is."""
    return datetime.combine(min(max(day, FIRST_DAY), LAST_DAY) + timedelta(days=after), time(), WITA).astimezone(UTC)


def _place(after: str) -> Place:
    moment, stream, seq = position("trail", after, (FIRST[0], FIRST[1], str(FIRST[2])))
    if not seq.isdecimal() or int(seq) > FIRST_SEQ:
        raise Invalid(Fault("$.after", Words("Penunjuk halaman ini tidak dikenal.", "This cursor is not known.")))
    return moment, stream, int(seq)
