"""Passkeys (WebAuthn): a device signs a challenge of ours, and asks its owner for finger, face or PIN first.

A challenge is sealed, good for five minutes and for one use. A passkey counts as both factors, since the device verified its owner.
"""

from __future__ import annotations

import base64
import json
import secrets
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

import msgspec
import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from casework.errors import Fault, Invalid, NotFound, NotSignedIn
from casework.services.proof import check_proof
from casework.services.sealed import seal, unseal
from casework.services.throttle import digest
from casework.store import journal, passkeys, sessions
from casework.store.call import Call
from casework.store.store import Store
from casework.store.unit import Unit
from casework.words import Words

Purpose: TypeAlias = Literal["register", "enter"]
LIVES = timedelta(minutes=5)
_NAME = "Casework"
_WRONG = Words("Perangkat tidak memberi kunci yang sah. Coba sekali lagi.", "The device gave no valid key. Try once more.")


class Site(msgspec.Struct, frozen=True):
    """The address under which people see us: a passkey is good for no other."""

    host: str
    origin: str


class Asked(msgspec.Struct, frozen=True):
    """What the page gives the browser: options as WebAuthn writes them, and our challenge, sealed, to come back with the answer."""

    options: str
    challenge: str


class OwnPasskey(msgspec.Struct, frozen=True):
    """A passkey as its owner sees it."""

    id: str
    name: str
    since: datetime
    used: datetime | None


def ask_to_register(store: Store, call: Call, site: Site) -> Asked:
    """Return what a browser is asked to make a passkey for the caller with."""
    challenge = secrets.token_bytes(32)
    with store.read(call) as unit:
        known = [PublicKeyCredentialDescriptor(base64url_to_bytes(row.credential)) for row in passkeys.of_account(unit, call.who.account)]
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=_NAME,
        user_id=call.who.account.encode(),
        user_name=call.who.name,
        challenge=challenge,
        exclude_credentials=known,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return Asked(webauthn.options_to_json(options), _sealed(store, call.at, challenge, f"register:{call.who.account}"))


def ask_to_enter(store: Store, at: datetime, site: Site) -> Asked:
    """Return what a browser is asked for by who wants to come in, or to prove that it is still they: any passkey for this site."""
    challenge = secrets.token_bytes(32)
    required = UserVerificationRequirement.REQUIRED
    options = webauthn.generate_authentication_options(rp_id=site.host, challenge=challenge, user_verification=required)
    return Asked(webauthn.options_to_json(options), _sealed(store, at, challenge, "enter"))


def register(store: Store, call: Call, site: Site, answer: str, name: str) -> None:
    """Keep a passkey that the caller's device made. Raises Invalid for an answer that is none, ProofNeeded."""
    check_proof(call, "change_second_factor", store.params.proof_minutes)
    with store.write(call) as unit:
        try:
            sealed, credential = _read(answer)
            made = webauthn.verify_registration_response(
                credential=credential,
                expected_challenge=_opened(unit, sealed, f"register:{call.who.account}"),
                expected_rp_id=site.host,
                expected_origin=site.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, NotSignedIn) as error:
            raise Invalid(Fault("$.answer", _WRONG)) from error
        own = call.who.account
        passkeys.add(unit, own, bytes_to_base64url(made.credential_id), made.credential_public_key, made.sign_count, name[:60])
        journal.append_for_actor(unit, "account_changed", items=(own,), reason_code="passkey_on")
        unit.commit()


def remove(store: Store, call: Call, passkey_id: str) -> None:
    """Remove one of the caller's own passkeys. Raises NotFound, ProofNeeded."""
    check_proof(call, "change_second_factor", store.params.proof_minutes)
    with store.write(call) as unit:
        if not passkeys.remove(unit, call.who.account, passkey_id):
            raise NotFound("passkey")
        journal.append_for_actor(unit, "account_changed", items=(call.who.account,), reason_code="passkey_off")
        unit.commit()


def own(store: Store, call: Call) -> tuple[OwnPasskey, ...]:
    """Return the caller's own passkeys."""
    with store.read(call) as unit:
        return tuple(OwnPasskey(row.id, row.name, row.made_at, row.used_at) for row in passkeys.of_account(unit, call.who.account))


def account_proved(unit: Unit, site: Site, answer: str) -> str:
    """Return the account whose passkey signed our challenge; challenge and count are used up. Raises NotSignedIn."""
    try:
        sealed, credential = _read(answer)
        row = passkeys.find(unit, str(credential.get("id", "")))
        if row is None:
            raise NotSignedIn
        proved = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=_opened(unit, sealed, "enter"),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise NotSignedIn from error
    if not passkeys.note_use(unit, row.credential, proved.new_sign_count):
        raise NotSignedIn
    return row.account


def _sealed(store: Store, at: datetime, challenge: bytes, about: str) -> str:
    told = f"{int((at + LIVES).timestamp())}.{bytes_to_base64url(challenge)}"
    return base64.urlsafe_b64encode(seal(store.account_key(), told, f"passkey:{about}")).decode()


def _opened(unit: Unit, sealed: str, about: str) -> bytes:
    """Return the challenge that was sealed, and use it up. Raises NotSignedIn for one that is not ours, too old or used."""
    until, _, challenge = unseal(unit.store.account_key(), base64.urlsafe_b64decode(sealed), f"passkey:{about}").partition(".")
    if not until or unit.call.at.timestamp() > int(until):
        raise NotSignedIn
    used = digest("challenge", challenge)
    unit.lock(used)
    if sessions.attempts_since(unit, used, unit.call.at - 2 * LIVES):
        raise NotSignedIn
    sessions.note_attempt(unit, used)
    return base64url_to_bytes(challenge)


def _read(answer: str) -> tuple[str, dict[str, Any]]:
    """Return the sealed challenge and the credential of what the page sent. Raises ValueError."""
    told = json.loads(answer)
    match told:
        case {"challenge": str(challenge), "credential": dict(credential)}:
            return challenge, credential
    raise ValueError(type(told))
