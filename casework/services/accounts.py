"""Accounts and offices as an administrator sees them: who may come in and as what. Never a case, and nothing of one."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from casework.errors import NotFound
from casework.machines.guards.referring import PROVINCIAL
from casework.machines.guards.standing import INSTITUTIONS
from casework.machines.roles import account_words
from casework.services.access import offices_for
from casework.services.admins import administers
from casework.services.areas import area_name, by_district
from casework.services.command import question
from casework.services.keyset import PAGE, Page, cursor, position
from casework.services.throttle import digest
from casework.store import accounts, registers
from casework.store.accounts import AccountLine, Coming, OfficeRow, SeatRow
from casework.store.unit import Unit
from casework.words import Words

LATELY = timedelta(hours=24)
"""Within which failures at the door are told."""
SEATED_LATELY = timedelta(days=14)
"""Within which the head of an office is told on the first page that seats were given."""


class SeatView(msgspec.Struct, frozen=True, kw_only=True):
    """A seat: as what, where, since when, and until when if that is known; `held` now."""

    id: str
    role: Words
    office: str
    place: str
    since: datetime
    until: datetime | None
    held: bool


class PersonLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the list of people: an account with the seats held now."""

    account: AccountLine
    seats: tuple[SeatView, ...]


class AccountView(msgspec.Struct, frozen=True, kw_only=True):
    """One account with everything about coming in. `own`: it is the caller's own person's; `others` are that person's other accounts."""

    account: AccountLine
    seats: tuple[SeatView, ...]
    coming: Coming
    others: tuple[AccountLine, ...]
    own: bool


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """Where a seat can be: offices, institutions and receiving bodies, each as (id, name); in the field, districts with their villages."""

    offices: tuple[tuple[str, str], ...]
    houses: tuple[tuple[str, str], ...]
    bodies: tuple[tuple[str, str], ...]
    areas: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]


@question
def list_people(unit: Unit, sought: str = "", after: str = "") -> Page[PersonLine]:
    """Return a page of accounts by username. Raises NotFound for who looks after none, Invalid for an unknown cursor."""
    _check(unit)
    (last,) = position("people", after, ("",))
    found = accounts.found(unit, sought.strip(), last, PAGE + 1)
    shown = found[:PAGE]
    seats = _seats(unit, frozenset(one.id for one in shown))
    lines = tuple(PersonLine(account=one, seats=tuple(seat for seat in seats.get(one.id, ()) if seat.held)) for one in shown)
    return Page(lines, cursor("people", shown[-1].id) if len(found) > PAGE else "")


@question
def show_account(unit: Unit, account: str) -> AccountView:
    """Return one account. Raises NotFound."""
    _check(unit)
    found = accounts.known(unit, account)
    guesses = (digest("account", found.username), digest("code", found.id))
    return AccountView(
        account=found,
        seats=_seats(unit, frozenset({found.id})).get(found.id, ()),
        coming=accounts.coming(unit, found.id, guesses, LATELY),
        others=tuple(one for one in accounts.of_person(unit, found.person) if one.id != found.id),
        own=found.person == unit.call.who.person,
    )


@question
def list_offices(unit: Unit) -> tuple[OfficeRow, ...]:
    """Return every office. Raises NotFound for who looks after none."""
    _check(unit)
    return accounts.offices(unit)


@question
def places(unit: Unit) -> Places:
    """Return where a seat can be. Raises NotFound for who gives none."""
    _check(unit)
    with unit.over_everything():
        houses = tuple((one.id, one.name) for one in registers.all_hosts(unit) if one.kind in INSTITUTIONS)
        bodies = tuple((one.id, one.name) for one in registers.all_bodies(unit) if one.kind in PROVINCIAL)
    return Places(offices=tuple((one.id, one.name) for one in accounts.offices(unit)), houses=houses, bodies=bodies, areas=by_district())


@question
def seated_lately(unit: Unit) -> int:
    """Return how many seats were given lately in the offices whose trail the caller reads as its head; 0 for anybody else."""
    led = offices_for(unit, "read_trail") & offices_for(unit, "lead")
    return accounts.seated_since(unit, led, unit.call.at - SEATED_LATELY) if led else 0


def _check(unit: Unit) -> None:
    if not administers(unit.call):
        raise NotFound("accounts")


def _seats(unit: Unit, of: frozenset[str]) -> dict[str, tuple[SeatView, ...]]:
    """Return the seats of accounts, those held now first."""
    found: dict[str, list[SeatView]] = {}
    for row in accounts.seats_of(unit, of):
        found.setdefault(row.account, []).append(_seat(row, unit.call.at))
    return {account: tuple(sorted(seats, key=lambda one: not one.held)) for account, seats in found.items()}


def _seat(row: SeatRow, at: datetime) -> SeatView:
    place = row.house or row.body or area_name(row.area)
    told = account_words(row.role)
    return SeatView(id=row.id, role=told, office=row.office, place=place, since=row.since, until=row.until, held=row.holds(at))
