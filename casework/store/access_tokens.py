"""Tokens of service accounts: digests with their scope, their end, and when they were used last."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import select

from casework.store.instants import from_text, to_text
from casework.store.schema import access_token
from casework.store.unit import Unit


class TokenRow(msgspec.Struct, frozen=True):
    """A token that is in force. Without `offices` it holds for all those of its account."""

    account: str
    actions: frozenset[str]
    offices: frozenset[str]
    used_at: datetime | None


def add(unit: Unit, account_id: str, name: str, digest: str, actions: tuple[str, ...], offices: tuple[str, ...], until: datetime) -> None:
    """Insert a token. A name that an account's token bore before is a Conflict."""
    unit.run(
        access_token.insert().values(
            token_hash=digest,
            account_id=account_id,
            name=name,
            actions=" ".join(actions),
            offices=" ".join(offices),
            made_at=to_text(unit.call.at),
            valid_until=to_text(until),
        )
    )


def find(unit: Unit, digest: str) -> TokenRow | None:
    """Return a token that nobody ended and that has not run out, or None."""
    row = unit.row(
        select(access_token).where(
            access_token.c.token_hash == digest, access_token.c.ended_at.is_(None), access_token.c.valid_until > to_text(unit.call.at)
        )
    )
    if row is None:
        return None
    used = from_text(row.used_at) if row.used_at else None
    return TokenRow(row.account_id, frozenset(row.actions.split()), frozenset(row.offices.split()), used)


def end(unit: Unit, account_id: str, name: str) -> bool:
    """End a token. Whether there was one."""
    mine = (access_token.c.account_id == account_id, access_token.c.name == name, access_token.c.ended_at.is_(None))
    return unit.run(access_token.update().where(*mine).values(ended_at=to_text(unit.call.at))) == 1


def note_use(unit: Unit, digest: str) -> None:
    """Note that a token is being used."""
    unit.run(access_token.update().where(access_token.c.token_hash == digest).values(used_at=to_text(unit.call.at)))
