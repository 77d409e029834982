"""Small texts that only this installation can read, bound to what they are about: encrypted with the key of accounts."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


def seal(key: bytes, text: str, about: str) -> bytes:
    """Return a text encrypted and signed (AES-256-GCM), of worth for nothing else than what it is `about`."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), about.encode())


def unseal(key: bytes, sealed: bytes, about: str) -> str:
    """Return the text again, "" for anything that was not sealed so."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode()).decode()
    except (InvalidTag, ValueError):
        return ""
