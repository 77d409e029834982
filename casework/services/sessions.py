"""Signing in and out, and sessions: opaque tokens kept as digests, a fresh one at every sign-in; one's own can be seen and ended."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from casework.errors import CodeNeeded, NotFound, NotSignedIn, ProofNeeded
from casework.ledger.event import Through
from casework.services import passkeys, second_factor
from casework.services.passkeys import Site
from casework.services.passwords import matches
from casework.services.throttle import counted
from casework.store import journal, people
from casework.store import sessions as kept
from casework.store.call import Call, Knock, Who
from casework.store.store import Store
from casework.store.unit import Unit

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
STEP_LIVES = timedelta(minutes=5)
"""How long a right password is remembered while somebody looks for the code."""
_SETTLE = timedelta(minutes=1)
NOBODY = Who(person="", account="anonymous", name="", seats=())


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who says they are whom. `code` is from the telephone, or a recovery code, for an account that asks for one."""

    username: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    code: Annotated[str, msgspec.Meta(max_length=40)] = ""


class SignedIn(msgspec.Struct, frozen=True):
    """A fresh session. `token` goes into the cookie and is stored nowhere; `csrf` is bound to this session."""

    token: str
    csrf: str
    who: Who


class Session(msgspec.Struct, frozen=True):
    """A valid session."""

    who: Who
    csrf: str
    token_hash: str
    proved_at: datetime


class OpenSession(msgspec.Struct, frozen=True):
    """One of somebody's own sessions. `id` names it to its owner only; `client` is browser and system, `own` the one that asks."""

    id: str
    client: str
    since: datetime
    seen: datetime
    own: bool


def sign_in(store: Store, at: datetime, ask: SignIn, *, address: str = "", through: Through | None = None, client: str = "") -> SignedIn:
    """Open a session. Raises NotSignedIn for any wrong pair (the same answer, the same work), Throttled after too many.

    Raises CodeNeeded where the pair is right and the account asks for a code that did not come along.
    """
    call = Call(who=NOBODY, at=at, through=through or Through())
    with store.write(call) as unit:
        attempts = counted(unit, "account", ask.username.lower(), address)
        account = people.account_named(unit, ask.username)
        if account is not None and ask.code:
            attempts += counted(unit, "code", account.id, "")
        unit.commit()
    right = matches(account.password_hash if account else "", ask.password)
    with store.write(call) as unit:
        if account is None or not account.active or not right:
            raise _refused(unit)
        if second_factor.has_one(unit, account.id):
            if not ask.code:
                kept.forget_attempts(unit, attempts)
                unit.commit()
                raise CodeNeeded(_step_for(unit, account))
            if not second_factor.accepted(unit, account.id, ask.code):
                raise _refused(unit)
        signed = open_session(unit, account.id, client)
        kept.forget_attempts(unit, attempts)
        unit.commit()
    return signed


def sign_in_with_code(
    store: Store, at: datetime, step: str, code: str, *, address: str = "", through: Through | None = None, client: str = ""
) -> SignedIn:
    """Open a session with the code that a right password was answered with a demand for. Raises NotSignedIn, Throttled."""
    call = Call(who=NOBODY, at=at, through=through or Through())
    name = step.partition(".")[0]
    with store.write(call) as unit:
        attempts = counted(unit, "code", name, address)
        unit.commit()
    with store.write(call) as unit:
        account = people.account_known(unit, name)
        right = account is not None and account.active and _is_step_for(unit, account, step)
        if account is None or not right or not second_factor.accepted(unit, account.id, code):
            raise _refused(unit)
        signed = open_session(unit, account.id, client)
        kept.forget_attempts(unit, attempts)
        unit.commit()
    return signed


def sign_in_with_passkey(
    store: Store, at: datetime, site: Site, answer: str, *, address: str = "", through: Through | None = None, client: str = ""
) -> SignedIn:
    """Open a session for whose device signed our challenge. Raises NotSignedIn, Throttled."""
    call = Call(who=NOBODY, at=at, through=through or Through())
    with store.write(call) as unit:
        attempts = counted(unit, "passkey", answer, address)
        unit.commit()
    with store.write(call) as unit:
        try:
            signed = open_session(unit, passkeys.account_proved(unit, site, answer), client)
        except NotSignedIn as no:
            raise _refused(unit) from no
        kept.forget_attempts(unit, attempts)
        unit.commit()
    return signed


def _step_for(unit: Unit, account: people.AccountRow) -> str:
    """Return what stands for the right password of an account for a few minutes: kept nowhere, void once the password changes."""
    until = int((unit.call.at + STEP_LIVES).timestamp())
    told = f"{account.id}.{until}"
    return f"{told}.{hmac.digest(unit.store.account_key(), f'step:{told}:{account.password_hash}'.encode(), 'sha256').hex()}"


def _is_step_for(unit: Unit, account: people.AccountRow, step: str) -> bool:
    told, _, given = step.rpartition(".")
    until = told.partition(".")[2]
    right = hmac.digest(unit.store.account_key(), f"step:{told}:{account.password_hash}".encode(), "sha256").hex()
    return hmac.compare_digest(right.encode(), given.encode()) and unit.call.at.timestamp() <= int(until)


def prove(store: Store, call: Call, session: Session, proof: str, *, address: str = "", site: Site | None = None) -> tuple[str, Session]:
    """Take a fresh proof of who has this session: return its new token, beside which the old one is worth nothing.

    A device may sign for it (`site` says where it is asked); else an account with a second factor proves itself by a code, any other by
    its password. Raises ProofNeeded, Throttled.
    """
    with store.write(call) as unit:
        account = people.account_of(unit, session.who.account)
        coded = second_factor.has_one(unit, account.id)
        attempts = counted(unit, "code", account.id, "") if coded else counted(unit, "account", account.username, address)
        unit.commit()
    signed = site is not None and proof.startswith("{")
    right = coded or signed or matches(account.password_hash, proof)
    token = secrets.token_urlsafe(32)
    with store.write(call) as unit:
        if site is not None and signed:
            right = _signed_by(unit, site, proof) == account.id
        elif coded:
            right = second_factor.accepted(unit, account.id, proof)
        if not right:
            journal.append_for_actor(unit, "sign_in_refused", refused=True, codes=("wrong_credentials",), reason_code="proof")
            unit.commit()
            raise ProofNeeded(wrong=True)
        if not kept.renew_session(unit, session.token_hash, hash_token(token)):
            raise NotSignedIn
        kept.forget_attempts(unit, attempts)
        journal.append_for_actor(unit, "signed_in", reason_code="proof")
        unit.commit()
    return token, msgspec.structs.replace(session, token_hash=hash_token(token), proved_at=call.at)


def _refused(unit: Unit) -> NotSignedIn:
    """Journal a refused sign-in, commit it and return what to raise: the same for every reason."""
    journal.append_for_actor(unit, "sign_in_refused", refused=True, codes=("wrong_credentials",))
    unit.commit()
    return NotSignedIn()


def open_session(unit: Unit, account: str, client: str) -> SignedIn:
    """Open a session for an account that has proved who it is, under a fresh token. Raises NotSignedIn where it is suspended."""
    who = people.who_is(unit, account, unit.call.at)
    if who is None:
        raise NotSignedIn
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    kept.add_session(unit, account, hash_token(token), csrf, unit.call.through.device, client)
    unit.call = msgspec.structs.replace(unit.call, who=who)
    journal.append_for_actor(unit, "signed_in", role=who.seats[0].role if who.seats else "")
    return SignedIn(token, csrf, who)


def _signed_by(unit: Unit, site: Site, proof: str) -> str:
    try:
        return passkeys.account_proved(unit, site, proof)
    except NotSignedIn:
        return ""


def session_of(store: Store, at: datetime, token: str) -> Session:
    """Return the session of a token, with the roles valid now. Raises NotSignedIn when there is none, or it idled or aged out."""
    digest = hash_token(token)
    with store.read(Call(who=NOBODY, at=at)) as unit:
        unit.look_ahead(*kept.COMES_IN, session=digest)
        session = _valid_session(unit, digest)
    if at - session.seen_at > _SETTLE:
        with store.write(Call(who=session.who, at=at)) as unit:
            kept.touch_session(unit, digest)
            unit.commit()
    return Session(session.who, session.csrf, digest, session.proved_at)


def come_in(unit: Unit, knock: Knock) -> None:
    """Find out who knocks, inside the unit that serves them. Raises NotSignedIn as `session_of` does."""
    session = _valid_session(unit, knock.through.session)
    unit.call = knock.by(session.who, session.proved_at)
    knock.greet(session.who)


def note_use(unit: Unit, knock: Knock) -> None:
    """Note that the session of somebody who came in is being used: once all is known that is read beside it."""
    if knock.at - _valid_session(unit, knock.through.session).seen_at > _SETTLE:
        kept.touch_session(unit, knock.through.session)


def _valid_session(unit: Unit, digest: str) -> kept.SessionRow:
    session = kept.find_session(unit, digest)
    at = unit.call.at
    if session is None or at - session.seen_at > IDLE or at - session.created_at > ABSOLUTE:
        raise NotSignedIn
    return session


def sign_out(store: Store, call: Call, token_hash: str) -> None:
    """End a session."""
    with store.write(call) as unit:
        kept.end_session(unit, token_hash)
        journal.append_for_actor(unit, "signed_out")
        unit.commit()


def my_sessions(store: Store, call: Call) -> tuple[OpenSession, ...]:
    """Return the caller's own sessions that are open, the one used last on top."""
    with store.read(call) as unit:
        rows = kept.open_sessions(unit, call.who.account, seen_since=call.at - IDLE, made_since=call.at - ABSOLUTE)
    return tuple(
        OpenSession(_name_of(row.token_hash), row.client, row.created_at, row.seen_at, row.token_hash == call.through.session)
        for row in rows
    )


def end_my_session(store: Store, call: Call, session_id: str) -> None:
    """End one of the caller's own sessions. Raises NotFound for any other."""
    with store.write(call) as unit:
        found = [row.token_hash for row in kept.open_sessions(unit, call.who.account) if _name_of(row.token_hash) == session_id]
        if not found:
            raise NotFound("session")
        kept.end_session(unit, found[0])
        journal.append_for_actor(unit, "signed_out", reason_code="end_session")
        unit.commit()


def end_my_other_sessions(store: Store, call: Call) -> None:
    """End every session of the caller's account but the one that asks."""
    with store.write(call) as unit:
        kept.end_sessions(unit, call.who.account, but=call.through.session)
        journal.append_for_actor(unit, "signed_out", reason_code="end_other_sessions")
        unit.commit()


def hash_token(token: str) -> str:
    """SHA-256 (hex) of a session token: what the database keeps."""
    return hashlib.sha256(token.encode()).hexdigest()


def _name_of(token_hash: str) -> str:
    """Return under which name the owner of a session can end it: no part of what the database finds it by."""
    return hash_token(token_hash)[:20]
