"""Delegations: who acts for whom, in a role of an office, for a while. Of a social worker it is cover for the caseload.

One holds only while both can act: it was not taken back, its time has come and not passed, the giver's account is active and still has
the role, the taker's is active and still works in the office. Nobody has to end it: the next request asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, and_, bindparam, or_, select, text

from casework.ledger.delegations import DelegationHead, as_one
from casework.ledger.event import Delegated
from casework.store.call import CASEWORK_ROLES, Delegation, Seat
from casework.store.ids import new_id
from casework.store.instants import from_text, to_text
from casework.store.schema import account, assignment, care_case, delegation, event, office, person, session
from casework.store.schema.journal import BEHALF
from casework.store.statements import Change, Query
from casework.store.unit import Unit

_d = delegation.c
_giver, _taker = account.alias("giver_account"), account.alias("taker_account")
_theirs, _named = person.alias("giver_person"), person.alias("taker_person")
_open = and_(_d.ended_at.is_(None), _giver.c.active == 1)
_own_seat = and_(
    assignment.c.account_id == _d.giver,
    assignment.c.role == _d.role,
    assignment.c.office_id == _d.office_id,
    assignment.c.host_id.is_(None),
)


class DelegationRow(msgspec.Struct, frozen=True, kw_only=True):
    """A delegation as its row stands; `giver` and `taker` are accounts, the persons behind them beside them."""

    id: str
    giver: str
    taker: str
    giver_person: str
    taker_person: str
    giver_name: str
    taker_name: str
    role: str
    office_id: str
    office: str
    actions: frozenset[str]
    made_by: str
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None


def _taken() -> Select[Any]:
    return (
        select(
            *(_d[name] for name in ("id", "role", "office_id", "actions", "starts_at", "ends_at")),
            _giver.c.person_id.label("giver"),
            assignment.c.valid_from,
            assignment.c.valid_until,
        )
        .join(_giver, _giver.c.id == _d.giver)
        .join(assignment, _own_seat)
        .where(_open)
        .order_by(_d.id)
    )


TAKEN = Query(_taken().join(session, session.c.account_id == _d.taker).where(session.c.token_hash == bindparam("session")))
"""What was delegated to the account behind a session: beside the session itself, in one answer."""
TAKEN_BY = Query(_taken().where(_d.taker == bindparam("account")))


def held(rows: Iterable[Any], seats: tuple[Seat, ...], at: datetime) -> tuple[Delegation, ...]:
    """Return those of these rows that hold now, for somebody with these seats."""
    now = to_text(at)
    offices = {seat.office for seat in seats if seat.host is None and seat.role in CASEWORK_ROLES}
    return tuple(
        Delegation(row.id, row.role, row.office_id, row.giver, frozenset(row.actions.split()), from_text(row.starts_at))
        for row in rows
        if row.starts_at <= now < row.ends_at
        and row.valid_from <= now
        and (row.valid_until is None or row.valid_until > now)
        and row.office_id in offices
    )


ACTED = Query(select(event.c.actor, event.c.on_behalf_of).where(event.c.case_id == bindparam("case_id"), text(BEHALF)).distinct())
"""Who acted in a case on whose behalf."""
_its_office = select(care_case.c.office_id).where(care_case.c.id == bindparam("case_id")).scalar_subquery()
STANDING = Query(
    select(_giver.c.person_id.label("giver"), _taker.c.person_id.label("taker"), _d.starts_at, _d.ends_at)
    .select_from(delegation)
    .join(_giver, _giver.c.id == _d.giver)
    .join(_taker, _taker.c.id == _d.taker)
    .where(_d.office_id == _its_office, _d.ended_at.is_(None))
)
"""The delegations of a case's office that nobody took back, whether or not both accounts can act."""


def hands(unit: Unit, case_id: str, *, now: bool, also: tuple[str, str] | None = None) -> Mapping[str, str]:
    """Return for natural persons who count as one in a case who stands for all of them; whoever is not named counts alone.

    Those are one who acted there on each other's behalf; asked of what is decided `now`, also whoever is bound by a delegation at present.
    """
    pairs = [(row.actor, row.on_behalf_of) for row in unit.ask(ACTED, case_id=case_id)] + ([also] if also else [])
    if now:
        at = to_text(unit.call.at)
        pairs += [(row.giver, row.taker) for row in unit.ask(STANDING, case_id=case_id) if row.starts_at <= at < row.ends_at]
    return as_one(pairs)


def is_one_with(unit: Unit, case_id: str, person: str) -> bool:
    """Whether the caller counts as this natural person in what they decide about a case now."""
    stands, caller = hands(unit, case_id, now=True), unit.call.who.person
    return stands.get(caller, caller) == stands.get(person, person)


_ADD = Change(delegation.insert())


def add(unit: Unit, **values: Any) -> str:
    """Insert a delegation and return its id. `starts_at` and `ends_at` are instants; the walls refuse what none may be."""
    made = new_id(unit.call.at)
    moments = {name: to_text(values.pop(name)) for name in ("starts_at", "ends_at")}
    about = {"id": made, "made_by": unit.call.who.account, "made_at": to_text(unit.call.at), "ended_by": None, "ended_at": None}
    unit.put(_ADD, about | moments | values)
    return made


def end(unit: Unit, delegation_id: str) -> bool:
    """End a delegation at once. Whether it was open."""
    mine = delegation.update().where(_d.id == delegation_id, _d.ended_at.is_(None))
    return unit.run(mine.values(ended_at=to_text(unit.call.at), ended_by=unit.call.who.account)) == 1


_rows = (
    select(
        delegation,
        office.c.name.label("office"),
        _giver.c.person_id.label("giver_person"),
        _taker.c.person_id.label("taker_person"),
        _theirs.c.name.label("giver_name"),
        _named.c.name.label("taker_name"),
    )
    .join(office, office.c.id == _d.office_id)
    .join(_giver, _giver.c.id == _d.giver)
    .join(_taker, _taker.c.id == _d.taker)
    .join(_theirs, _theirs.c.id == _giver.c.person_id)
    .join(_named, _named.c.id == _taker.c.person_id)
)


def find(unit: Unit, delegation_id: str) -> DelegationRow | None:
    """Return a delegation, or None."""
    row = unit.row(_rows.where(_d.id == delegation_id))
    return _row(row) if row else None


def open_ones(unit: Unit, account_id: str, offices: frozenset[str]) -> Iterator[DelegationRow]:
    """Yield the delegations that are in force or still to come: an account's own, given or taken, and all of these offices."""
    mine = or_(_d.giver == account_id, _d.taker == account_id, _d.office_id.in_(offices))
    now = to_text(unit.call.at)
    yield from map(_row, unit.rows(_rows.where(mine, _d.ended_at.is_(None), _d.ends_at > now).order_by(_d.starts_at, _d.id)))


def told(row: DelegationRow) -> Delegated:
    """Return what the journal says of a delegation that was made."""
    spans = {"starts_at": to_text(row.starts_at), "ends_at": to_text(row.ends_at)}
    return Delegated(id=row.id, giver=row.giver_person, taker=row.taker_person, role=row.role, office=row.office_id, **spans)


def heads(unit: Unit) -> Iterator[DelegationHead]:
    """Yield every delegation as its row says it, for verification."""
    for row in map(_row, unit.rows(_rows)):
        yield DelegationHead(told(row), to_text(row.ended_at) if row.ended_at else None)


def _row(row: Any) -> DelegationRow:
    return DelegationRow(
        id=row.id,
        giver=row.giver,
        taker=row.taker,
        giver_person=row.giver_person,
        taker_person=row.taker_person,
        giver_name=row.giver_name,
        taker_name=row.taker_name,
        role=row.role,
        office_id=row.office_id,
        office=row.office,
        actions=frozenset(row.actions.split()),
        made_by=row.made_by,
        starts_at=from_text(row.starts_at),
        ends_at=from_text(row.ends_at),
        ended_at=from_text(row.ended_at) if row.ended_at else None,
    )


class Colleague(msgspec.Struct, frozen=True):
    """An account with a seat of casework in an office: who could give something on, or take it."""

    account: str
    username: str
    person: str
    name: str
    role: str
    office: str
    office_name: str


def colleagues(unit: Unit, offices: frozenset[str]) -> tuple[Colleague, ...]:
    """Return the people of these offices with each role they hold there now, by name. A service is nobody."""
    now = to_text(unit.call.at)
    rows = unit.rows(
        select(
            *(account.c.id, account.c.username, account.c.person_id, person.c.name),
            *(assignment.c.role, assignment.c.office_id, office.c.name.label("office")),
        )
        .select_from(assignment)
        .join(account, account.c.id == assignment.c.account_id)
        .join(person, person.c.id == account.c.person_id)
        .join(office, office.c.id == assignment.c.office_id)
        .where(
            account.c.active == 1,
            account.c.service == 0,
            assignment.c.office_id.in_(offices),
            assignment.c.role.in_(CASEWORK_ROLES),
            assignment.c.host_id.is_(None),
            assignment.c.valid_from <= now,
            or_(assignment.c.valid_until.is_(None), assignment.c.valid_until > now),
        )
        .order_by(person.c.name, account.c.username, assignment.c.role)
    )
    return tuple(Colleague(row.id, row.username, row.person_id, row.name, row.role, row.office_id, row.office) for row in rows)
