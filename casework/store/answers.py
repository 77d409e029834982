"""Answers kept per idempotency key, in the same transaction as their effect: a retry gets the first answer, never a second effect."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from casework.errors import KeyReused
from casework.store.instants import to_text
from casework.store.schema import answer, assignment, session
from casework.store.statements import Change, Query
from casework.store.textual import as_text
from casework.store.unit import Unit

_signed_in = select(session.c.account_id).where(session.c.token_hash == bindparam("session")).scalar_subquery()
ANSWER = Query(
    select(answer.c.request_digest, answer.c.outcome, as_text(answer.c.body).label("body")).where(
        answer.c.account_id == func.coalesce(_signed_in, bindparam("account")), answer.c.key == bindparam("key")
    )
)
"""The first answer under a key: of the account behind a session, or with none of the account named."""
_KEEP = Change(answer.insert())


def find(unit: Unit, request_digest: str, account: str) -> tuple[str, str] | None:
    """Return (outcome, body) of the first answer under this call's key, or None. Raises KeyReused when the request was another one.

    `account` may be "" where the session tells it.
    """
    key = unit.call.through.key
    if not key:
        return None
    through = unit.call.through
    found = unit.ask(ANSWER, session=through.session, account=account, key=key)
    if not found:
        return None
    if found[0].request_digest != request_digest:
        msg = "this idempotency key was used for another request"
        raise KeyReused(msg)
    return found[0].outcome, found[0].body


def keep(unit: Unit, request_digest: str, outcome: str, body: bytes) -> None:
    """Keep the answer under this call's key, if it has one."""
    key = unit.call.through.key
    if key:
        values = {"account_id": unit.call.who.account, "key": key, "request_digest": request_digest, "outcome": outcome, "body": body}
        unit.put(_KEEP, {"at": to_text(unit.call.at), **values})


_PER_QUERY = 500


def kept_in_office(unit: Unit, office: str, keys: tuple[str, ...]) -> frozenset[str]:
    """Return those of these keys under which an account with a seat in the office was answered that it was done."""
    seated = select(assignment.c.account_id).where(assignment.c.office_id == office)
    found: set[str] = set()
    for first in range(0, len(keys), _PER_QUERY):
        some = answer.c.key.in_(keys[first : first + _PER_QUERY])
        found |= {
            row.key for row in unit.rows(select(answer.c.key).where(answer.c.account_id.in_(seated), some, answer.c.outcome == "done"))
        }
    return frozenset(found)
