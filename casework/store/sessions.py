"""Sessions and the attempts at opening one: tokens are kept as digests only."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from sqlalchemy import bindparam, func, select

from casework.store.call import Seat, Who
from casework.store.delegations import TAKEN, held
from casework.store.glass import BROKEN, open_cases
from casework.store.ids import new_id
from casework.store.instants import from_text, to_text
from casework.store.schema import account, assignment, person, session, sign_in_attempt
from casework.store.statements import Change, Query
from casework.store.unit import Unit


class SessionRow(msgspec.Struct, frozen=True):
    """A session that nobody ended: the token itself is never stored."""

    token_hash: str
    who: Who
    csrf: str
    created_at: datetime
    seen_at: datetime
    proved_at: datetime


class OpenRow(msgspec.Struct, frozen=True):
    """A session as its owner may list it."""

    token_hash: str
    client: str
    created_at: datetime
    seen_at: datetime


EVER = datetime.min.replace(tzinfo=UTC)


def add_session(unit: Unit, account_id: str, token_hash: str, csrf: str, device: str, client: str) -> None:
    """Insert a session. `device` is a digest for the journal, `client` the browser and system in words of a closed list."""
    now = to_text(unit.call.at)
    values = {"token_hash": token_hash, "account_id": account_id, "csrf": csrf, "created_at": now, "seen_at": now, "proved_at": now}
    unit.run(session.insert().values(**values, device=device[:100], client=client))


SESSION = Query(
    select(
        session.c.account_id,
        session.c.csrf,
        session.c.created_at,
        session.c.seen_at,
        session.c.proved_at,
        session.c.ended_at,
        account.c.active,
        account.c.person_id,
        account.c.certificate_until,
        person.c.name,
    )
    .join(account, account.c.id == session.c.account_id)
    .join(person, person.c.id == account.c.person_id)
    .where(session.c.token_hash == bindparam("session"))
)
SEATS = Query(
    select(*(assignment.c[name] for name in ("role", "office_id", "host_id", "body_id", "area", "valid_from", "valid_until")))
    .join(session, session.c.account_id == assignment.c.account_id)
    .where(session.c.token_hash == bindparam("session"))
    .order_by(assignment.c.id)
)
"""A session with the account and the natural person behind it, and that account's seats."""
COMES_IN = (SESSION, SEATS, TAKEN, BROKEN)
"""Everything that says who knocks with a session: asked with one statement."""


def find_session(unit: Unit, token_hash: str) -> SessionRow | None:
    """Return a session of an active account by the hash of its token, with the seats valid now, or None."""
    found = unit.ask(SESSION, session=token_hash)
    if not found or not found[0].active or found[0].ended_at is not None:
        return None
    row, now = found[0], to_text(unit.call.at)
    seats = tuple(
        Seat(seat.role, seat.office_id, seat.host_id, seat.body_id, seat.area)
        for seat in unit.ask(SEATS, session=token_hash)
        if seat.valid_from <= now and (seat.valid_until is None or seat.valid_until > now)
    )
    taken = held(unit.ask(TAKEN, session=token_hash), seats, unit.call.at)
    known = {"person": row.person_id, "account": row.account_id, "name": row.name, "certificate_until": row.certificate_until}
    who = Who(seats=seats, delegations=taken, glass=open_cases(unit.ask(BROKEN, session=token_hash), unit.call.at), **known)
    return SessionRow(token_hash, who, row.csrf, from_text(row.created_at), from_text(row.seen_at), from_text(row.proved_at))


_TOUCH = Change(session.update().where(session.c.token_hash == bindparam("session")).values(seen_at=bindparam("now")))


def touch_session(unit: Unit, token_hash: str) -> None:
    """Note that a session is being used."""
    unit.put(_TOUCH, {"session": token_hash, "now": to_text(unit.call.at)})


def renew_session(unit: Unit, token_hash: str, fresh: str) -> bool:
    """Give an open session another token, since its owner proved who they are. Whether it was open still."""
    mine = session.update().where(session.c.token_hash == token_hash, session.c.ended_at.is_(None))
    now = to_text(unit.call.at)
    return unit.run(mine.values(token_hash=fresh, proved_at=now, seen_at=now)) == 1


def end_session(unit: Unit, token_hash: str) -> None:
    """End a session."""
    unit.run(session.update().where(session.c.token_hash == token_hash).values(ended_at=to_text(unit.call.at)))


def end_sessions(unit: Unit, account_id: str, *, but: str = "") -> None:
    """End every session of an account that is still open, `but` one."""
    open_ones = (session.c.account_id == account_id, session.c.ended_at.is_(None), session.c.token_hash != but)
    unit.run(session.update().where(*open_ones).values(ended_at=to_text(unit.call.at)))


def account_of_form(unit: Unit, csrf: str) -> str:
    """Return the account in whose session a form was made that carries this token, however that session ended, or ""."""
    found = unit.row(select(session.c.account_id).where(session.c.csrf == csrf))
    return str(found.account_id) if found else ""


def open_sessions(unit: Unit, account_id: str, *, seen_since: datetime = EVER, made_since: datetime = EVER) -> tuple[OpenRow, ...]:
    """Return the sessions of an account that nobody ended, the one used last on top."""
    rows = unit.rows(
        select(session.c.token_hash, session.c.client, session.c.created_at, session.c.seen_at)
        .where(
            session.c.account_id == account_id,
            session.c.ended_at.is_(None),
            session.c.seen_at >= to_text(seen_since),
            session.c.created_at >= to_text(made_since),
        )
        .order_by(session.c.seen_at.desc(), session.c.token_hash)
    )
    return tuple(OpenRow(row.token_hash, row.client, from_text(row.created_at), from_text(row.seen_at)) for row in rows)


def note_attempt(unit: Unit, who: str) -> str:
    """Count one sign-in for an account name or an address (both as digests), and return its id: it stays if the sign-in fails."""
    attempt = new_id(unit.call.at)
    unit.run(sign_in_attempt.insert().values(id=attempt, who=who, at=to_text(unit.call.at)))
    return attempt


def forget_attempts(unit: Unit, attempts: tuple[str, ...]) -> None:
    """Count these sign-ins no longer: they succeeded."""
    unit.run(sign_in_attempt.delete().where(sign_in_attempt.c.id.in_(attempts)))


def attempts_since(unit: Unit, who: str, since: datetime) -> int:
    """Return how many failed sign-ins were counted since a moment."""
    query = select(func.count()).select_from(sign_in_attempt).where(sign_in_attempt.c.who == who, sign_in_attempt.c.at > to_text(since))
    return int(unit.need(query, "attempts")[0])
