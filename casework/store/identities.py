"""Who signs in elsewhere: subjects of an identity provider, linked to accounts."""

from __future__ import annotations

from sqlalchemy import select

from casework.store.instants import to_text
from casework.store.schema import account, external_identity
from casework.store.unit import Unit


def link(unit: Unit, account_id: str, issuer: str, subject: str) -> None:
    """Link a subject to an account. A subject that was linked before is a Conflict: what was ended stays ended."""
    values = {"issuer": issuer, "subject": subject, "account_id": account_id, "made_at": to_text(unit.call.at)}
    unit.run(external_identity.insert().values(**values))


def unlink(unit: Unit, account_id: str) -> int:
    """End every link of an account and return how many there were."""
    mine = (external_identity.c.account_id == account_id, external_identity.c.ended_at.is_(None))
    return unit.run(external_identity.update().where(*mine).values(ended_at=to_text(unit.call.at)))


def account_linked(unit: Unit, issuer: str, subject: str) -> str | None:
    """Return the active account of a subject, or None."""
    row = unit.row(
        select(account.c.id)
        .join(external_identity, external_identity.c.account_id == account.c.id)
        .where(
            external_identity.c.issuer == issuer,
            external_identity.c.subject == subject,
            external_identity.c.ended_at.is_(None),
            account.c.active == 1,
            account.c.service == 0,
        )
    )
    return str(row.id) if row else None
