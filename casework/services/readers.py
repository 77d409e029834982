"""Who saw what: everybody who has looked at a case, and every case that an account has looked at (UU 27/2022, articles 32 and 46)."""

from __future__ import annotations

from datetime import datetime

import msgspec

from casework.errors import NotFound
from casework.ledger.event import Event
from casework.machines.policy import role_may
from casework.machines.roles import account_words
from casework.services import captions
from casework.services.happenings import LOOKED_AT
from casework.services.names import Names
from casework.services.seen import Seen, opening
from casework.store import people, readings, scope
from casework.store.call import Who
from casework.store.instants import from_text
from casework.store.readings import Concerned
from casework.store.unit import Unit
from casework.words import Words

TERMINAL = "terminal"


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One look. `what` was opened, or found by a search (`searched`); `through` is the session (a digest), "" at a terminal."""

    at: datetime
    account: str
    person: str
    role: Words
    office: str
    what: Words
    searched: bool
    session: str
    device: str


class Readers(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody who looked at one case, oldest look first."""

    case: str
    number: str
    looks: tuple[Look, ...]


class Exposed(msgspec.Struct, frozen=True, kw_only=True):
    """A case that an account has looked at: when first and last, how often opened, how often found by a search or in a list."""

    case: str
    number: str
    child: str
    first_at: datetime
    last_at: datetime
    opened: int
    found: int


class Exposure(msgspec.Struct, frozen=True, kw_only=True):
    """Every child whose file an account has looked at since a moment, the one looked at first on top."""

    account: str
    person: str
    since: datetime
    cases: tuple[Exposed, ...]

    @property
    def children(self) -> int:
        """How many children that are."""
        return len({one.child for one in self.cases})


@opening("readers", lambda found, *_, **__: Seen(found.case))
def who_saw(unit: Unit, case: str) -> Readers:
    """Return who has looked at a case, named by its id or number. Raises NotFound, also for whoever may not ask."""
    with unit.over_everything():
        concerned = readings.named(unit, case)
        if concerned is None or not _may_ask(unit.call.who, frozenset({concerned.office})):
            raise NotFound("case")
        looks = looks_at(unit, concerned, Names(unit))
    return Readers(case=concerned.id, number=concerned.number, looks=looks)


def looks_at(unit: Unit, concerned: Concerned, names: Names) -> tuple[Look, ...]:
    """Return every look at a case, oldest first, whoever asks."""
    ids = readings.belonging(unit, concerned)
    looks = (_look(event, names) for event in readings.reads_of(unit, concerned.id, ids, concerned.opened_at))
    return tuple(sorted(looks, key=lambda look: look.at))


def _look(event: Event, names: Names) -> Look:
    searched = event.kind == "searched"
    return Look(
        at=from_text(event.recorded_at),
        account=event.actor.account,
        person=names.person(event.actor.person),
        role=account_words(event.actor.role),
        office=event.actor.office,
        what=captions.spoken(LOOKED_AT, event.reason_code or "searched"),
        searched=searched,
        session=event.through.session,
        device=event.through.device,
    )


@opening("readers", lambda *_, **__: Seen())
def exposure(unit: Unit, username: str, since: datetime) -> Exposure:
    """Return every case that an account has looked at since a moment. Raises NotFound, also for whoever may not ask."""
    with unit.over_everything():
        account = people.account_named(unit, username)
        if account is None or not _may_ask(unit.call.who, readings.offices_of(unit, account.id)):
            raise NotFound("account")
        events = tuple(readings.reads_by(unit, account.id, since))
        concerned = readings.concerned_by(unit, frozenset(item for event in events for item in _shown(event)))
        counted: dict[str, Exposed] = {}
        for event in events:
            for case in {case.id: case for item in _shown(event) for case in concerned.get(item, ())}.values():
                counted[case.id] = _once_more(counted.get(case.id), case, event)
        person = Names(unit).person(account.person)
    return Exposure(account=username, person=person, since=since, cases=tuple(counted.values()))


def _shown(event: Event) -> tuple[str, ...]:
    return (event.case,) if event.case else event.items


def _once_more(known: Exposed | None, case: Concerned, event: Event) -> Exposed:
    """Count one look more: that of a single thing is an opening, one among many was found."""
    at, opened = from_text(event.recorded_at), bool(event.case) or (event.kind == "opened" and len(event.items) == 1)
    known = known or Exposed(case=case.id, number=case.number, child=case.child, first_at=at, last_at=at, opened=0, found=0)
    return msgspec.structs.replace(known, last_at=at, opened=known.opened + opened, found=known.found + (not opened))


def _may_ask(who: Who, offices: frozenset[str]) -> bool:
    """Whether somebody may ask about a case of one of these offices, or about an account with a seat there.

    Who reads an office's trail may about it, an auditor about every office, and whoever has the machine's own terminal.
    """
    reads = any(role_may(seat.role, "read_trail") for seat in who.seats if seat.host is None and seat.office in offices)
    return reads or scope.is_whole(who) or any(seat.office == TERMINAL for seat in who.seats)
