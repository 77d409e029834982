"""Answers kept per idempotency key, in the same transaction as their effect: a retry gets the first answer, never a second effect."""

from __future__ import annotations

from sqlalchemy import select

from casework.errors import KeyReused
from casework.store.instants import to_text
from casework.store.schema import answer
from casework.store.unit import Unit


def find(unit: Unit, request_digest: str) -> tuple[str, bytes] | None:
    """Return (outcome, body) of the first answer under this call's key, or None. Raises KeyReused when the request was another one."""
    key = unit.call.through.key
    if not key:
        return None
    row = unit.row(select(answer).where(answer.c.account_id == unit.call.who.account, answer.c.key == key))
    if row is None:
        return None
    if row.request_digest != request_digest:
        msg = "this idempotency key was used for another request"
        raise KeyReused(msg)
    return row.outcome, row.body


def keep(unit: Unit, request_digest: str, outcome: str, body: bytes) -> None:
    """Keep the answer under this call's key, if it has one."""
    key = unit.call.through.key
    if key:
        values = {"account_id": unit.call.who.account, "key": key, "request_digest": request_digest, "outcome": outcome, "body": body}
        unit.run(answer.insert().values(at=to_text(unit.call.at), **values))
