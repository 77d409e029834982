"""Small texts that only this installation can read, bound to what they are about: encrypted with the key of accounts."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


def seal(key: bytes, text: str | bytes, about: str) -> bytes:
    """Return a text encrypted and signed (AES-256-GCM), of worth for nothing else than what it is `about`."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text.encode() if isinstance(text, str) else text, about.encode())


def unseal(key: bytes, sealed: bytes, about: str) -> str:
    """Return the text again, "" for anything that was not sealed so."""
    return unseal_bytes(key, sealed, about).decode()


def unseal_bytes(key: bytes, sealed: bytes, about: str) -> bytes:
    """Return the bytes again, none for anything that was not sealed so."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())
    except (InvalidTag, ValueError):
        return b""
