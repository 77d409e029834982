"""Tokens of service accounts: what another program shows instead of a session. Scoped, expiring, revocable, kept as digests.

Everything done with one stands in the journal as done by its account. A token proves no person: it never decides (`services/proof.py`).
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import msgspec

from casework.errors import Fault, Invalid, NotFound, NotSignedIn, OutOfScope
from casework.services.admins import administered
from casework.services.sessions import NOBODY, Session, hash_token
from casework.store import access_tokens, journal, people
from casework.store.call import Call, Knock, Who
from casework.store.store import Store
from casework.store.unit import Unit
from casework.words import Words

MARK = "casework_"
"""How every token begins, so that one that leaked is recognised."""
READ = "read"
"""The scope of everything that only looks."""
LONGEST = timedelta(days=366)
NEVER = datetime.min.replace(tzinfo=UTC)
"""When a token last proved who somebody is."""
_SETTLE = timedelta(minutes=1)


class NewToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token for a service account: `actions` are names of operations, or `read`; without `offices` it holds for all the account's."""

    username: str
    name: str
    actions: tuple[str, ...]
    days: int
    offices: tuple[str, ...] = ()


@administered
def make_token(store: Store, call: Call, ask: NewToken) -> str:
    """Return a fresh token, shown once. Raises NotFound, Invalid for a person's account or an endless token, Refusal for no admin."""
    faults = []
    if not ask.actions or not all(each.isidentifier() for each in ask.actions):
        faults.append(Fault("$.actions", Words("Sebutkan tindakannya, atau read.", "Name the operations, or read.")))
    if not 0 < ask.days <= LONGEST.days:
        faults.append(Fault("$.days", Words("Token berlaku 1 sampai 366 hari.", "A token lasts 1 to 366 days.")))
    if faults:
        raise Invalid(*faults)
    token = MARK + secrets.token_urlsafe(32)
    with store.write(call) as unit:
        account = people.account_named(unit, ask.username)
        if account is None or not account.active:
            raise NotFound("account")
        if not account.service:
            words = Words("Token hanya untuk akun layanan, bukan untuk orang.", "Tokens are for service accounts, not for people.")
            raise Invalid(Fault("$.username", words))
        access_tokens.add(unit, account.id, ask.name, hash_token(token), ask.actions, ask.offices, call.at + timedelta(days=ask.days))
        journal.append_for_actor(unit, "account_changed", role="admin", items=(account.id,), reason_code="make_token")
        unit.commit()
    return token


@administered
def end_token(store: Store, call: Call, username: str, name: str) -> None:
    """End a token at once. Raises NotFound, Refusal for no admin."""
    with store.write(call) as unit:
        account = people.account_named(unit, username)
        if account is None or not access_tokens.end(unit, account.id, name):
            raise NotFound("token")
        journal.append_for_actor(unit, "account_changed", role="admin", items=(account.id,), reason_code="end_token")
        unit.commit()


def come_in(unit: Unit, knock: Knock) -> None:
    """Find out which service knocks, inside the unit that serves it. Raises NotSignedIn, OutOfScope."""
    who = _who(unit, knock.through.session, knock.action)
    unit.call = knock.by(who, NEVER)
    knock.greet(who)


def session_of(store: Store, at: datetime, token: str, action: str) -> Session:
    """Return what stands for a session where a service shows its token. Raises NotSignedIn, OutOfScope."""
    digest = hash_token(token)
    with store.write(Call(who=NOBODY, at=at)) as unit:
        who = _who(unit, digest, action)
        unit.commit()
    return Session(who, "", digest, NEVER)


def _who(unit: Unit, digest: str, action: str) -> Who:
    """Return the service behind a token, with its seats in the token's offices. Its use is noted, once a minute."""
    token = access_tokens.find(unit, digest)
    who = people.who_is(unit, token.account, unit.call.at) if token else None
    if token is None or who is None:
        raise NotSignedIn
    if action not in token.actions:
        raise OutOfScope
    if token.used_at is None or unit.call.at - token.used_at > _SETTLE:
        access_tokens.note_use(unit, digest)
    seats = tuple(seat for seat in who.seats if not token.offices or seat.office in token.offices)
    return msgspec.structs.replace(who, seats=seats)
