"""Passwords: long enough, on no list of leaked ones, and kept as argon2id hashes of which few are computed at once."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from casework.errors import Fault
from casework.words import Words

MIN_PASSWORD = 12
FEWEST_CHARACTERS = 5
LEAKED = Path(__file__).with_name("leaked_passwords.txt")
"""One to a line, in small letters, sorted: where they are from, says NOTICE.md beside it."""
_SHORT = Words(f"Kata sandi paling sedikit {MIN_PASSWORD} huruf.", f"The password needs at least {MIN_PASSWORD} characters.")
_LEAKED = Words(
    "Kata sandi ini, atau kata di dalamnya, ada dalam daftar kata sandi yang bocor. Pilih beberapa kata yang tidak berkaitan.",
    "This password, or the word in it, is on a list of leaked ones. Choose several words that do not belong together.",
)
_EASY = Words(
    "Kata sandi ini mudah ditebak: hanya nama pengguna, atau huruf yang sama berulang-ulang.",
    "This password is easy to guess: only the username, or the same few characters again and again.",
)

_hasher = PasswordHasher()
_hashing = threading.BoundedSemaphore(2)


def password_faults(password: str, username: str = "", path: str = "$.password") -> Iterator[Fault]:
    """Yield what is wrong with a password somebody chose. What was put before or behind a leaked word does not make it another one."""
    folded = password.casefold()
    core = folded.strip("0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ ")
    if len(password) < MIN_PASSWORD:
        yield Fault(path, _SHORT)
    elif not {folded, core, _once(core)}.isdisjoint(_leaked()):
        yield Fault(path, _LEAKED)
    elif len(set(folded)) < FEWEST_CHARACTERS or (username and core == username.casefold()):
        yield Fault(path, _EASY)


def hash_password(password: str) -> str:
    """Return an argon2id hash; at most two are computed at once, so sign-ins cannot exhaust the machine."""
    with _hashing:
        return _hasher.hash(password)


def matches(hashed: str, password: str) -> bool:
    """Whether this is the password of a hash. Without a hash (no such account, none set yet) it is not, after the same work."""
    with _hashing:
        try:
            _hasher.verify(hashed or _nobodys_hash(), password)
        except (VerificationError, InvalidHashError):
            return False
    return bool(hashed)


@cache
def _nobodys_hash() -> str:
    """Return the hash that a name without an account is compared with, so that it takes as long. Made when first needed: it costs 0.1 s."""
    return _hasher.hash(secrets.token_hex(8))


@cache
def _leaked() -> frozenset[str]:
    return frozenset(LEAKED.read_text(encoding="utf-8").splitlines())


def _once(text: str) -> str:
    """Return a word that was written several times in a row only once."""
    return text[: (text + text).find(text, 1)] if text else text
