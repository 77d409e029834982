"""Invitations: links that let somebody set the password of an account, once and not for long."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, select

from casework.store.instants import to_text
from casework.store.schema import account, invitation
from casework.store.unit import Unit


class Invited(msgspec.Struct, frozen=True):
    """Whom an open invitation is for."""

    account: str
    username: str


def add(unit: Unit, account_id: str, token_hash: str, until: datetime) -> None:
    """Insert an invitation and end the earlier ones of this account."""
    now = to_text(unit.call.at)
    unit.run(invitation.update().where(invitation.c.account_id == account_id, invitation.c.ended_at.is_(None)).values(ended_at=now))
    unit.run(invitation.insert().values(token_hash=token_hash, account_id=account_id, made_at=now, valid_until=to_text(until)))


def find(unit: Unit, token_hash: str) -> Invited | None:
    """Return whom an invitation is for that nobody used, that has not run out, and whose account is active; or None."""
    row = unit.row(
        select(account.c.id, account.c.username)
        .join(invitation, invitation.c.account_id == account.c.id)
        .where(invitation.c.token_hash == token_hash, account.c.active == 1, *_open(unit))
    )
    return Invited(row.id, row.username) if row else None


def use(unit: Unit, token_hash: str) -> bool:
    """Use an invitation up. Of several who try at once, one does."""
    mine = invitation.update().where(invitation.c.token_hash == token_hash, *_open(unit))
    return unit.run(mine.values(ended_at=to_text(unit.call.at))) == 1


def _open(unit: Unit) -> tuple[ColumnElement[bool], ...]:
    return invitation.c.ended_at.is_(None), invitation.c.valid_until > to_text(unit.call.at)
