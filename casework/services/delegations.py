"""Standing in for a colleague: authority delegated for a while, and cover for the caseload of a worker who is away.

Both end by themselves, and at once when somebody takes them back, or when either account is suspended or loses its role. Who stands in
counts as both natural persons wherever four eyes are asked for (`store/delegations.hands`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Annotated

import msgspec

from casework.errors import Fault, Invalid, NotFound, Refusal
from casework.machines import policy
from casework.machines.facts import WITA
from casework.machines.policy import CAPACITIES, Action
from casework.machines.policy.terms import ACTION_WORDS, COVERED
from casework.machines.refusals import four_eyes
from casework.machines.roles import account_words
from casework.services.access import offices_for, passed, seats
from casework.services.command import command, question
from casework.services.refusals import already_settled
from casework.store import caseload, cases, delegations, journal, people
from casework.store.call import CASEWORK_ROLES, Who
from casework.store.delegations import Colleague, DelegationRow
from casework.store.people import AccountRow
from casework.store.unit import Unit
from casework.words import Words

Username = Annotated[str, msgspec.Meta(max_length=100)]
Days = Annotated[int, msgspec.Meta(ge=1, le=30)]
_NO_ACCOUNT = Words("Tidak ada akun orang yang aktif dengan nama ini.", "No active account of a person has this name.")
_TIMES = Words("Sedang berlaku atau akan berlaku di antara keduanya.", "It holds, or will hold, between these two already.")


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How long: from a day (an ISO date in WITA, "" is at once), for so many days."""

    days: Days
    starts_on: Annotated[str, msgspec.Meta(max_length=10)] = ""


class Delegate(Span, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Delegate acts of a role in an office to a colleague there, each named by username. `actions` limit it; without them it is all.

    Without a `giver` it is the caller's own role; with one, an administrator enters it for two others.
    """

    taker: Username
    role: Annotated[str, msgspec.Meta(max_length=40)]
    office: str
    actions: tuple[Action, ...] = ()
    giver: Username = ""


class ArrangeCover(Span, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Let a social worker of the office stand in for the whole caseload of another, each named by username."""

    absent: Username
    taker: Username
    office: str


class EndDelegation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """End it at once: as who gave it, who has it, or who may arrange it."""

    delegation: str


class Arranged(msgspec.Struct, frozen=True):
    """What came into being, or ended, and until when it holds."""

    id: str
    until: datetime
    version: int = 1


class DelegationView(msgspec.Struct, frozen=True, kw_only=True):
    """A delegation that is in force or still to come. `cover`: of a caseload; `actions`: what it is limited to, empty for the whole role.

    `begun`: its time has come; `given` and `taken`: the caller gave it, or has it.
    """

    id: str
    cover: bool
    giver: str
    taker: str
    role: Words
    office: str
    actions: tuple[Words, ...]
    starts_at: datetime
    ends_at: datetime
    begun: bool
    given: bool
    taken: bool
    may_end: bool


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller may arrange in one office: which roles they may give on, whether cover, whether for others; and its people."""

    office: str
    office_name: str
    roles: tuple[str, ...]
    covers: bool
    for_others: bool
    colleagues: tuple[Colleague, ...]


@command(Arranged)
def delegate(unit: Unit, ask: Delegate) -> Arranged:
    """Delegate one's own authority, or enter it as an administrator for two others. Raises Refusal, Invalid, NotFound."""
    who = unit.call.who
    if ask.role not in {CAPACITIES[one].role for one in policy.holders("delegate", "decide")}:
        raise Invalid(Fault("$.role", Words("Jabatan ini tidak dapat dilimpahkan.", "This role cannot be delegated.")))
    own = not ask.giver or _is_own(unit, ask.giver)
    if own:
        held = cases.office_capacities(who, ask.office, unit.call.at) & _capacities(ask.role)
        role = passed(unit, held, "delegate", "decide").capacity
    else:
        role = passed(unit, seats(unit), "arrange_delegation").capacity
    giver = people.account_of(unit, who.account) if own else _account(unit, ask.giver, "$.giver")
    taker = _account(unit, ask.taker, "$.taker")
    if not own and who.person == taker.person:
        raise Refusal((four_eyes(),))
    if unknown := {*ask.actions} - (policy.named_in(_capacities(ask.role), "delegate") or frozenset()):
        named = ", ".join(sorted(unknown))
        raise Invalid(Fault("$.actions", Words(f"Tidak dapat dilimpahkan: {named}.", f"Cannot be delegated: {named}.")))
    return _arrange(unit, ask, giver, taker, role, ask.role, ask.office, ask.actions)


@command(Arranged)
def arrange_cover(unit: Unit, ask: ArrangeCover) -> Arranged:
    """Let one social worker stand in for another's caseload, as who leads the office. Raises Refusal, Invalid, NotFound."""
    role = passed(unit, cases.office_capacities(unit.call.who, ask.office, unit.call.at), "arrange_cover").capacity
    absent, taker = _account(unit, ask.absent, "$.absent"), _account(unit, ask.taker, "$.taker")
    return _arrange(unit, ask, absent, taker, role, COVERED, ask.office, ())


@command(Arranged)
def end_delegation(unit: Unit, ask: EndDelegation) -> Arranged:
    """End a delegation or a cover at once; the next request notices. Raises NotFound for whose business it is not."""
    row = delegations.find(unit, ask.delegation)
    over = row is None or row.ended_at is not None or row.ends_at <= unit.call.at
    if row is None or over or not _may_end(unit, row) or not delegations.end(unit, row.id):
        raise NotFound("delegation")
    journal.append_for_actor(unit, "delegation_ended", role=min(_roles(unit.call.who), default=""), items=(row.id,))
    return Arranged(row.id, unit.call.at)


@question
def list_delegations(unit: Unit) -> tuple[DelegationView, ...]:
    """Return what the caller gave on and was given, and everything of the offices where they may arrange it; what begins first on top."""
    return tuple(_view(unit, row) for row in delegations.open_ones(unit, unit.call.who.account, _arranged_in(unit)))


@question
def offers(unit: Unit) -> tuple[Offer, ...]:
    """Return what the caller may arrange, office by office: what the page's forms choose from."""
    who, names = unit.call.who, caseload.offices(unit)
    others = policy.may(seats(unit), "arrange_delegation")
    led = offices_for(unit, "arrange_cover")
    found = []
    asked = frozenset(names) if others else led
    teams: dict[str, list[Colleague]] = {}
    for one in delegations.colleagues(unit, asked):
        teams.setdefault(one.office, []).append(one)
    for office in sorted(asked):
        held = cases.office_capacities(who, office, unit.call.at)
        roles = {CAPACITIES[one].role for one in held if policy.may({one}, "delegate", "decide")}
        if team := teams.get(office):
            found.append(
                Offer(
                    office=office,
                    office_name=names[office],
                    roles=tuple(sorted(roles)),
                    covers=office in led,
                    for_others=others,
                    colleagues=tuple(team),
                )
            )
    return tuple(found)


def _account(unit: Unit, username: str, path: str) -> AccountRow:
    account = people.account_named(unit, username)
    if account is None or not account.active or account.service:
        raise Invalid(Fault(path, _NO_ACCOUNT))
    return account


def _is_own(unit: Unit, username: str) -> bool:
    account = people.account_named(unit, username)
    return account is not None and account.person == unit.call.who.person


def _arrange(  # noqa: PLR0917 - who, to whom, in which role of which office, as whom
    unit: Unit, span: Span, giver: AccountRow, taker: AccountRow, role: str, lent: str, office: str, actions: tuple[Action, ...]
) -> Arranged:
    if giver.person == taker.person:
        raise Refusal((four_eyes(),))
    starts_at, ends_at = _moments(unit, span)
    if faults := tuple(_unfit(unit, giver, taker, lent, office)):
        raise Invalid(*faults)
    same = (giver.id, taker.id, lent)
    if any((row.giver, row.taker, row.role) == same for row in delegations.open_ones(unit, giver.id, frozenset({office}))):
        raise Refusal((already_settled(_TIMES),))
    about = {"giver": giver.id, "taker": taker.id, "role": lent, "office_id": office, "actions": " ".join(sorted(actions))}
    made = delegations.add(unit, starts_at=starts_at, ends_at=ends_at, **about)
    row = delegations.find(unit, made)
    if row is None:
        raise NotFound("delegation")
    items = (made, giver.id, taker.id)
    journal.append_for_actor(unit, "delegated", role=role, items=items, delegation=delegations.told(row))
    return Arranged(made, ends_at)


def _moments(unit: Unit, span: Span) -> tuple[datetime, datetime]:
    """Return from when until when: from now or the beginning of a day in WITA, for so many times 24 hours. Raises Invalid."""
    at, most = unit.call.at, unit.params.delegation_days
    if span.days > most:
        raise Invalid(Fault("$.days", Words(f"Paling lama {most} hari.", f"{most} days at most.")))
    if unit.call.occurred_at is not None:
        words = Words("Pelimpahan berlaku sejak dicatat, tidak sebelumnya.", "It holds from when it is written down, not before.")
        raise Invalid(Fault("$.occurred_at", words))
    if not span.starts_on:
        return at, at + timedelta(days=span.days)
    try:
        starts_at = max(datetime.combine(date.fromisoformat(span.starts_on), time(), WITA), at)
    except ValueError:
        raise Invalid(Fault("$.starts_on", Words("Bukan tanggal yang sah.", "Not a valid date."))) from None
    early, today = date.fromisoformat(span.starts_on) < at.astimezone(WITA).date(), at
    if early or starts_at - today > timedelta(days=most):
        words = Words(f"Mulai hari ini sampai {most} hari lagi.", f"From today to {most} days from now.")
        raise Invalid(Fault("$.starts_on", words))
    return starts_at, starts_at + timedelta(days=span.days)


def _unfit(unit: Unit, giver: AccountRow, taker: AccountRow, lent: str, office: str) -> Iterator[Fault]:
    """Yield why it cannot go from one to the other: it is not theirs to give, or not for somebody of the office."""
    one, other = (people.who_is(unit, account.id, unit.call.at) for account in (giver, taker))
    if one is None or not _sits(one, lent, office):
        yield Fault("$.giver", Words("Jabatan itu bukan miliknya di kantor ini.", "They do not have that role in this office."))
    if lent == COVERED:
        if other is None or not _sits(other, lent, office):
            yield Fault("$.taker", Words("Bukan pekerja sosial di kantor ini.", "Not a social worker of this office."))
    elif other is None or not any(_sits(other, role, office) for role in CASEWORK_ROLES):
        yield Fault("$.taker", Words("Bukan petugas kantor ini.", "Nobody who works in this office."))
    elif _sits(other, lent, office):
        yield Fault("$.taker", Words("Sudah punya jabatan itu di kantor ini.", "They have that role in this office already."))


def _sits(who: Who, role: str, office: str) -> bool:
    return any((seat.role, seat.office, seat.host) == (role, office, None) for seat in who.seats)


def _capacities(role: str) -> frozenset[str]:
    return policy.capacities_in(frozenset({role}), "supervised")


def _roles(who: Who) -> frozenset[str]:
    return frozenset(seat.role for seat in who.seats)


def _arranged_in(unit: Unit) -> frozenset[str]:
    """Return the offices of which the caller sees every delegation: those they lead; an administrator's are all."""
    if policy.may(seats(unit), "arrange_delegation"):
        return frozenset(caseload.offices(unit))
    return offices_for(unit, "arrange_cover")


def _may_end(unit: Unit, row: DelegationRow) -> bool:
    who = unit.call.who
    if who.person in {row.giver_person, row.taker_person} or policy.may(seats(unit), "arrange_delegation"):
        return True
    return row.role == COVERED and row.office_id in offices_for(unit, "arrange_cover")


def _view(unit: Unit, row: DelegationRow) -> DelegationView:
    who = unit.call.who
    return DelegationView(
        id=row.id,
        cover=row.role == COVERED,
        giver=row.giver_name,
        taker=row.taker_name,
        role=account_words(row.role),
        office=row.office,
        actions=tuple(ACTION_WORDS[action] for action in policy.ACTIONS if action in row.actions),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        begun=row.starts_at <= unit.call.at,
        given=row.giver_person == who.person,
        taken=row.taker_person == who.person,
        may_end=_may_end(unit, row),
    )
