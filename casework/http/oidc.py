"""The way to an identity provider and back: OpenID Connect, authorisation code with PKCE, state and nonce.

What must be remembered meanwhile stands sealed in a cookie of the browser that began: the answer is of worth in no other browser, once, and
for ten minutes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import quote, urlencode

import jwt
import msgspec

from casework.errors import NotSignedIn, Unavailable
from casework.services.sealed import seal, unseal
from casework.settings import Oidc

SECONDS = 10
LIVES = timedelta(minutes=10)
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures only: never `none`, and nothing that is checked with the client's own secret."""
_ABOUT = "oidc"
_KEEP_SECONDS = 3600
_LARGEST = 1 << 20


class Begun(msgspec.Struct, frozen=True):
    """What is remembered of a sign-in that was begun."""

    state: str
    nonce: str
    verifier: str
    back: str
    until: float


@dataclass
class _Known:
    """What a provider says of itself, kept for an hour."""

    told: dict[str, Any]
    keys: jwt.PyJWKClient
    at: float


_known: dict[str, _Known] = {}
_asking = Lock()


def begin(provider: Oidc, key: bytes, at: datetime, back: str) -> tuple[str, str]:
    """Return the provider's address to go to, and what the browser keeps meanwhile. Raises Unavailable when the provider is not there."""
    begun = Begun(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), back, (at + LIVES).timestamp())
    challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": provider.answer,
        "scope": "openid",
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    kept = base64.urlsafe_b64encode(seal(key, msgspec.json.encode(begun).decode(), _ABOUT)).decode().rstrip("=")
    return f"{_of(provider).told['authorization_endpoint']}?{urlencode(asked)}", kept


def finish(provider: Oidc, key: bytes, at: datetime, kept: str, answer: dict[str, str]) -> tuple[str, str]:
    """Return who it is by the provider's word (the subject), and where they wanted to go.

    Raises NotSignedIn for an answer that this browser did not ask for or that proves nobody, Unavailable when the provider is not there.
    """
    begun = _begun(key, kept)
    if begun is None or at.timestamp() > begun.until:
        raise NotSignedIn
    if not secrets.compare_digest(begun.state.encode(), answer.get("state", "").encode()):
        raise NotSignedIn
    if not answer.get("code") or answer.get("iss", provider.issuer) != provider.issuer:
        raise NotSignedIn
    return _subject(provider, _token(provider, answer["code"], begun.verifier), begun.nonce, at), begun.back


def _begun(key: bytes, kept: str) -> Begun | None:
    try:
        sealed = base64.urlsafe_b64decode(kept + "=" * (-len(kept) % 4))
        return msgspec.json.decode(unseal(key, sealed, _ABOUT), type=Begun)
    except (ValueError, msgspec.DecodeError):
        return None


def _token(provider: Oidc, code: str, verifier: str) -> str:
    """Exchange the code for the ID token. Raises NotSignedIn when the provider refuses it."""
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": provider.answer, "code_verifier": verifier}
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    if secret := provider.secret():
        pair = f"{quote(provider.client_id, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        sent["client_id"] = provider.client_id
    told = _ask(provider, _of(provider).told["token_endpoint"], urlencode(sent).encode(), headers)
    return str(told.get("id_token", ""))


def _subject(provider: Oidc, token: str, nonce: str, at: datetime) -> str:
    """Return whom an ID token names, once issuer, audience, signature, times and nonce are right. Raises NotSignedIn."""
    try:
        key = _key_of(_of(provider).keys, token)
        claims = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=provider.client_id,
            issuer=provider.issuer,
            options={"require": ["exp", "iat", "sub", "nonce"], "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
    except jwt.PyJWKClientConnectionError as error:
        raise Unavailable from error
    except jwt.PyJWTError as error:
        raise NotSignedIn from error
    now, minute = at.timestamp(), 60
    timely = now < float(claims["exp"]) + minute and float(claims["iat"]) < now + minute
    others = claims.get("azp", provider.client_id) != provider.client_id
    if not timely or others or not secrets.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise NotSignedIn
    return str(claims["sub"])


def _key_of(keys: jwt.PyJWKClient, token: str) -> jwt.PyJWK:
    """Return the key that signed a token: the one it names, or the only one there is (OpenID Connect Core 10.1)."""
    if "kid" in jwt.get_unverified_header(token):
        return keys.get_signing_key_from_jwt(token)
    found = keys.get_signing_keys()
    if len(found) != 1:
        raise jwt.InvalidKeyError
    return found[0]


def _of(provider: Oidc) -> _Known:
    """Return what the provider says of itself. Raises Unavailable when it is not there, or says it is another."""
    with _asking:
        known = _known.get(provider.issuer)
        if known is None or time.monotonic() - known.at > _KEEP_SECONDS:
            told = _ask(provider, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration", None, {"Accept": "application/json"})
            if told.get("issuer") != provider.issuer:
                raise Unavailable
            known = _known[provider.issuer] = _Known(told, jwt.PyJWKClient(told["jwks_uri"], timeout=SECONDS), time.monotonic())
        return known


def _ask(provider: Oidc, address: str, body: bytes | None, headers: dict[str, str]) -> dict[str, Any]:
    """Ask the provider. What it refuses is NotSignedIn, what it does not answer Unavailable."""
    if not provider.may_ask(address):
        raise Unavailable
    request = urllib.request.Request(address, data=body, headers=headers)  # noqa: S310 - the address was checked
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - the address was checked
            told = json.loads(answer.read(_LARGEST))
    except urllib.error.HTTPError as error:
        raise (NotSignedIn() if body is not None and error.code < 500 else Unavailable()) from error  # noqa: PLR2004 - server errors
    except (OSError, ValueError) as error:
        raise Unavailable from error
    if not isinstance(told, dict):
        raise Unavailable
    return told
