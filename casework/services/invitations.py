"""Invitations: an account begins without a password, and one that is forgotten is replaced, by a link that works once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from casework.errors import Fault, Invalid, NotFound, Refusal
from casework.ledger.event import Through
from casework.machines.refusals import four_eyes
from casework.services.admins import administered
from casework.services.passwords import hash_password, matches, password_faults
from casework.services.sessions import NOBODY, hash_token
from casework.services.throttle import counted
from casework.store import invitations, journal, people, sessions
from casework.store.call import Call
from casework.store.store import Store
from casework.store.unit import Unit
from casework.words import Words

VALID_FOR = timedelta(hours=72)
_WRONG = Words("Kata sandi yang sekarang salah.", "The present password is wrong.")
_SAME = Words("Kata sandi baru harus lain dari yang sekarang.", "The new password must differ from the present one.")


@administered
def invite(store: Store, call: Call, username: str) -> str:
    """Return the token of a link with which somebody sets their password; earlier links end.

    Raises NotFound, and Refusal for who invites themselves or is no admin.
    """
    with store.write(call) as unit:
        account = people.account_named(unit, username)
        if account is None or not account.active or account.service:
            raise NotFound("account")
        if account.person == call.who.person:
            raise Refusal((four_eyes(),))
        token = offer(unit, account.id)
        journal.append_for_actor(unit, "account_changed", role="admin", items=(account.id,), reason_code="invite")
        unit.commit()
    return token


def offer(unit: Unit, account: str) -> str:
    """Make an invitation, the only one of this account that is open, and return its token: kept nowhere."""
    token = secrets.token_urlsafe(32)
    invitations.add(unit, account, hash_token(token), unit.call.at + VALID_FOR)
    return token


def invited(store: Store, at: datetime, token: str, *, address: str = "") -> str:
    """Return the username that a link is for. Raises NotFound for one that was used, ran out or never was, Throttled after too many."""
    with store.write(Call(who=NOBODY, at=at)) as unit:
        attempts = counted(unit, "invitation", token, address)
        found = invitations.find(unit, hash_token(token))
        if found is not None:
            sessions.forget_attempts(unit, attempts)
        unit.commit()
    if found is None:
        raise NotFound("invitation")
    return found.username


def accept(store: Store, at: datetime, token: str, password: str, *, through: Through, address: str = "") -> None:
    """Set the password of an invited account; whoever was inside goes. Raises NotFound as `invited` does, Invalid for a weak password."""
    username = invited(store, at, token, address=address)
    if faults := tuple(password_faults(password, username)):
        raise Invalid(*faults)
    hashed = hash_password(password)
    with store.write(Call(who=NOBODY, at=at, through=through)) as unit:
        found = invitations.find(unit, hash_token(token))
        who = people.who_is(unit, found.account, at) if found else None
        if found is None or who is None or not invitations.use(unit, hash_token(token)):
            raise NotFound("invitation")
        people.set_password(unit, found.account, hashed)
        sessions.end_sessions(unit, found.account)
        unit.call = Call(who=who, at=at, through=through)
        journal.append_for_actor(unit, "account_changed", items=(found.account,), reason_code="accept_invitation")
        unit.commit()


def change_password(store: Store, call: Call, present: str, new: str, *, address: str = "") -> None:
    """Change the caller's own password; their other sessions end. Raises Invalid, and Throttled as a sign-in does."""
    with store.write(call) as unit:
        account = people.account_of(unit, call.who.account)
        attempts = counted(unit, "account", account.username, address)
        unit.commit()
    faults = [] if matches(account.password_hash, present) else [Fault("$.present", _WRONG)]
    faults += password_faults(new, account.username, "$.new")
    if not faults and present == new:
        faults.append(Fault("$.new", _SAME))
    if faults:
        raise Invalid(*faults)
    hashed = hash_password(new)
    with store.write(call) as unit:
        people.set_password(unit, account.id, hashed)
        sessions.end_sessions(unit, account.id, but=call.through.session)
        sessions.forget_attempts(unit, attempts)
        journal.append_for_actor(unit, "account_changed", items=(account.id,), reason_code="change_password")
        unit.commit()
