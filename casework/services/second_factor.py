"""The second factor: codes that change every 30 seconds (TOTP, RFC 6238), each worth one use, and recovery codes for a lost telephone.

A secret is encrypted with a key that the database does not hold (`store/keys.py`), bound to its account; recovery codes are digests.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import b32encode

import msgspec
import pyotp

from casework.errors import Fault, Invalid, NotFound, Refusal
from casework.machines.refusals import four_eyes
from casework.services.admins import administered
from casework.services.proof import check_proof
from casework.services.sealed import seal, unseal
from casework.services.throttle import counted
from casework.store import journal, people, second_factors, sessions
from casework.store.call import Call
from casework.store.store import Store
from casework.store.unit import Unit
from casework.words import Words

STEP_SECONDS = 30
AROUND = (0, -1, 1)
"""Steps of the clock that are tried: a telephone may be half a minute off."""
RECOVERY_CODES = 10
_SECRET = re.compile(r"[A-Z2-7]{32}")
_DIGITS = re.compile(r"[0-9]{6}")
_WRONG = Words("Kode salah, sudah dipakai, atau jam telepon tidak tepat.", "The code is wrong, was used, or the telephone's clock is off.")


class Standing(msgspec.Struct, frozen=True):
    """Whether somebody has a second factor, and how many recovery codes are left."""

    on: bool
    codes: int


def new_secret() -> str:
    """Return a fresh secret of 160 bits, as authenticator programs take it."""
    return pyotp.random_base32(32)


def is_secret(text: str) -> bool:
    """Whether this is a secret as `new_secret` makes them."""
    return _SECRET.fullmatch(text) is not None


def address_of(secret: str, username: str, issuer: str) -> str:
    """Return what the QR code of an enrolment says."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def standing(store: Store, call: Call) -> Standing:
    """Return how the caller's own account stands."""
    with store.read(call) as unit:
        on = second_factors.secret_of(unit, call.who.account) is not None
        return Standing(on, second_factors.codes_left(unit, call.who.account))


def enrol(store: Store, call: Call, secret: str, code: str) -> tuple[str, ...]:
    """Switch the second factor on with a secret that the telephone knows: its code proves it. Return the recovery codes, shown once.

    Raises Invalid for a wrong code, Throttled after too many.
    """
    check_proof(call, "change_second_factor", store.params.proof_minutes)
    account = call.who.account
    with store.write(call) as unit:
        attempts = counted(unit, "code", account, "")
        unit.commit()
    step = _step_of(secret, code.replace(" ", ""), int(call.at.timestamp())) if is_secret(secret) else None
    if step is None:
        raise Invalid(Fault("$.code", _WRONG))
    codes = _new_codes()
    with store.write(call) as unit:
        second_factors.put(unit, account, seal(store.account_key(), secret, account), step, tuple(_digest(account, each) for each in codes))
        sessions.forget_attempts(unit, attempts)
        sessions.end_sessions(unit, account, but=call.through.session)
        journal.append_for_actor(unit, "account_changed", items=(account,), reason_code="second_factor_on")
        unit.commit()
    return codes


def renew_codes(store: Store, call: Call) -> tuple[str, ...]:
    """Replace the caller's recovery codes and return the new ones, shown once. Raises NotFound without a second factor."""
    check_proof(call, "change_second_factor", store.params.proof_minutes)
    account, codes = call.who.account, _new_codes()
    with store.write(call) as unit:
        if second_factors.secret_of(unit, account) is None:
            raise NotFound("second factor")
        second_factors.put_codes(unit, account, tuple(_digest(account, each) for each in codes))
        journal.append_for_actor(unit, "account_changed", items=(account,), reason_code="recovery_codes")
        unit.commit()
    return codes


def switch_off(store: Store, call: Call) -> None:
    """Switch the caller's own second factor off. Raises NotFound where there is none."""
    check_proof(call, "change_second_factor", store.params.proof_minutes)
    with store.write(call) as unit:
        _remove(unit, call.who.account, role="")
        unit.commit()


@administered
def take_away(store: Store, call: Call, username: str) -> None:
    """Take a second factor away whose telephone and codes are lost; who is inside goes. An admin's, never for themselves."""
    with store.write(call) as unit:
        account = people.account_named(unit, username)
        if account is None:
            raise NotFound("account")
        if account.person == call.who.person:
            raise Refusal((four_eyes(),))
        _remove(unit, account.id, role="admin")
        sessions.end_sessions(unit, account.id)
        unit.commit()


def _remove(unit: Unit, account: str, *, role: str) -> None:
    if not second_factors.remove(unit, account):
        raise NotFound("second factor")
    journal.append_for_actor(unit, "account_changed", role=role, items=(account,), reason_code="second_factor_off")


def has_one(unit: Unit, account: str) -> bool:
    """Whether an account asks for a code after the password."""
    return second_factors.secret_of(unit, account) is not None


def accepted(unit: Unit, account: str, code: str) -> bool:
    """Whether this is a code of the account that nobody used yet; then it is used up. A database with another key accepts none."""
    typed = code.replace(" ", "").replace("-", "")
    if not _DIGITS.fullmatch(typed):
        return second_factors.use_code(unit, account, _digest(account, typed))
    secret = _opened(unit, account)
    step = _step_of(secret, typed, int(unit.call.at.timestamp())) if secret else None
    return step is not None and second_factors.use_step(unit, account, step)


def _step_of(secret: str, code: str, seconds: int) -> int | None:
    """Return the step of the clock that this is the code of, or None."""
    totp, now = pyotp.TOTP(secret), seconds // STEP_SECONDS
    tried = [now + off for off in AROUND if hmac.compare_digest(totp.at((now + off) * STEP_SECONDS).encode(), code.encode())]
    return tried[0] if tried else None


def _opened(unit: Unit, account: str) -> str:
    return unseal(unit.store.account_key(), second_factors.secret_of(unit, account) or b"", account)


def _new_codes() -> tuple[str, ...]:
    """Return recovery codes of 80 bits each, in groups that can be read out."""
    drawn = (b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES))
    return tuple("-".join(each[place : place + 4] for place in range(0, 16, 4)) for each in drawn)


def _digest(account: str, code: str) -> str:
    return hashlib.sha256(f"recovery\x00{account}\x00{code.replace('-', '').lower()}".encode()).hexdigest()
