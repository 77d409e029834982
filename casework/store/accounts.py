"""Accounts as an administrator looks after them: who may come in, with which seats, and how it went lately. Nothing of any case."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, bindparam, func, or_, select

from casework.store.instants import from_text, to_text
from casework.store.schema import (
    account,
    assignment,
    body,
    external_identity,
    host,
    invitation,
    office,
    passkey,
    person,
    session,
    sign_in_attempt,
    totp,
)
from casework.store.statements import Query, as_list, listed
from casework.store.unit import Unit


class SeatRow(msgspec.Struct, frozen=True, kw_only=True):
    """A seat, held or over. `house` and `body` are names, `area` the code of a district or village, "" where it is of none."""

    id: str
    account: str
    role: str
    office: str
    house: str
    body: str
    area: str
    since: datetime
    until: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether it is held at this moment."""
        return self.since <= at and (self.until is None or self.until > at)


class AccountLine(msgspec.Struct, frozen=True, kw_only=True):
    """An account with whose it is. `ready`: a password was set."""

    id: str
    username: str
    person: str
    name: str
    active: bool
    service: bool
    ready: bool
    certificate_until: str | None
    mail: str
    language: str
    created_at: datetime


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody comes in: when last, what they prove themselves with beside the password, and what failed lately."""

    signed_in_at: datetime | None
    sessions: int
    coded: bool
    passkeys: int
    linked: bool
    invited_until: datetime | None
    failed: int


class OfficeRow(msgspec.Struct, frozen=True, kw_only=True):
    """An office, and how many accounts have a seat there now."""

    id: str
    name: str
    kind: str
    district_code: str
    accounts: int


_ACCOUNTS = select(account, person.c.name).join(person, person.c.id == account.c.person_id)


def found(unit: Unit, sought: str, after: str, most: int) -> tuple[AccountLine, ...]:
    """Return accounts by username, at most so many behind the account `after`: those whose name or username holds what is sought."""
    query = _ACCOUNTS
    if sought:
        where = (func.lower(person.c.name), account.c.username)
        query = query.where(or_(*(column.contains(sought.lower(), autoescape=True) for column in where)))
    if after:
        query = query.where(account.c.username > select(account.c.username).where(account.c.id == after).scalar_subquery())
    return tuple(map(_line, unit.rows(query.order_by(account.c.username).limit(most))))


def known(unit: Unit, account_id: str) -> AccountLine:
    """Return an account by its id. Raises NotFound."""
    return _line(unit.need(_ACCOUNTS.where(account.c.id == account_id), "account"))


def of_person(unit: Unit, person_id: str) -> tuple[AccountLine, ...]:
    """Return every account of a natural person."""
    return tuple(map(_line, unit.rows(_ACCOUNTS.where(account.c.person_id == person_id).order_by(account.c.username))))


SEATS = Query(
    select(assignment, office.c.name.label("office"), host.c.name.label("house"), body.c.name.label("body"))
    .join(office, office.c.id == assignment.c.office_id)
    .outerjoin(host, host.c.id == assignment.c.host_id)
    .outerjoin(body, body.c.id == assignment.c.body_id)
    .where(listed(assignment.c.account_id, "accounts"))
    .order_by(assignment.c.id)
)
SEATED = Query(
    select(func.count().label("many")).where(listed(assignment.c.office_id, "offices"), assignment.c.valid_from >= bindparam("since"))
)
"""Every seat of some accounts, and how many seats were given in some offices since a moment."""


def seats_of(unit: Unit, accounts: frozenset[str]) -> tuple[SeatRow, ...]:
    """Return every seat of these accounts, held or over, in the order in which they were given."""
    with unit.over_everything():
        rows = unit.ask(SEATS, accounts=as_list(accounts))
    return tuple(
        SeatRow(
            id=row.id,
            account=row.account_id,
            role=row.role,
            office=row.office,
            house=row.house or "",
            body=row.body or "",
            area=row.area or "",
            since=from_text(row.valid_from),
            until=from_text(row.valid_until) if row.valid_until else None,
        )
        for row in rows
    )


def holders_of(unit: Unit, roles: frozenset[str]) -> frozenset[str]:
    """Return the active accounts of people who hold one of these roles now."""
    theirs = select(assignment.c.account_id).join(account, account.c.id == assignment.c.account_id)
    held = theirs.where(account.c.active == 1, account.c.service == 0, assignment.c.role.in_(roles), *_now(unit))
    return frozenset(row.account_id for row in unit.rows(held))


def seated_since(unit: Unit, offices: frozenset[str], since: datetime) -> int:
    """Return how many seats were given in these offices since a moment."""
    return int(unit.ask(SEATED, offices=as_list(offices), since=to_text(since))[0].many)


def coming(unit: Unit, account_id: str, guesses: tuple[str, ...], within: timedelta) -> Coming:
    """Return how somebody comes in. `guesses` are the digests under which what fails for this account is counted."""
    mine = session.c.account_id == account_id
    last = unit.need(select(func.max(session.c.created_at).label("at")).where(mine), "session").at
    lately = (sign_in_attempt.c.who.in_(guesses), sign_in_attempt.c.at > to_text(unit.call.at - within))
    open_link = (invitation.c.account_id == account_id, invitation.c.ended_at.is_(None), invitation.c.valid_until > to_text(unit.call.at))
    link = unit.row(select(invitation.c.valid_until).where(*open_link))
    return Coming(
        signed_in_at=from_text(last) if last else None,
        sessions=_many(unit, mine & session.c.ended_at.is_(None)),
        coded=bool(_many(unit, totp.c.account_id == account_id)),
        passkeys=_many(unit, passkey.c.account_id == account_id),
        linked=bool(_many(unit, (external_identity.c.account_id == account_id) & external_identity.c.ended_at.is_(None))),
        invited_until=from_text(link.valid_until) if link else None,
        failed=_many(unit, lately[0] & lately[1]),
    )


def _many(unit: Unit, condition: ColumnElement[bool]) -> int:
    return int(unit.need(select(func.count().label("many")).where(condition), "count").many)


def offices(unit: Unit) -> tuple[OfficeRow, ...]:
    """Return every office by name."""
    seated = select(assignment.c.office_id, func.count(assignment.c.account_id.distinct()).label("many")).where(*_now(unit))
    many = {row.office_id: int(row.many) for row in unit.rows(seated.group_by(assignment.c.office_id))}
    rows = unit.rows(select(office).order_by(office.c.name, office.c.id))
    told = ({"id": row.id, "name": row.name, "kind": row.kind, "district_code": row.district_code or ""} for row in rows)
    return tuple(OfficeRow(**one, accounts=many.get(one["id"], 0)) for one in told)


def _now(unit: Unit) -> tuple[ColumnElement[bool], ...]:
    now, until = to_text(unit.call.at), assignment.c.valid_until
    return assignment.c.valid_from <= now, or_(until.is_(None), until > now)


def _line(row: Any) -> AccountLine:
    return AccountLine(
        id=row.id,
        username=row.username,
        person=row.person_id,
        name=row.name,
        active=bool(row.active),
        service=bool(row.service),
        ready=bool(row.password_hash),
        certificate_until=row.certificate_until,
        mail=row.mail or "",
        language=row.language or "",
        created_at=from_text(row.created_at),
    )
