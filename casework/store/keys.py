"""Secret keys: where they are kept, and what is hashed with them. They never stand in the database.

Whoever has the database without the search key cannot try names against the index; a lost one loses nothing but the index: `casework db
reindex`. Without the account key nobody reads the secrets of second factors; a lost one means that everybody who has one enrols anew.
Without the master key nobody reads a child's name again: it is made once, and never in the place of one that is missing.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Literal, TypeAlias

from sqlalchemy import make_url

from casework.errors import StoreMismatch

SearchKey: TypeAlias = Callable[[], bytes]
AccountKey: TypeAlias = Callable[[], bytes]
Kind: TypeAlias = Literal["search", "account", "master"]
BYTES = 32
_ALONE = "casework.{kind}.key"
"""Where the key of a database without a folder of its own is kept unless the settings say: in the working directory."""
_CLOSED = "the {kind} key cannot be read or made ({path}): check the path and the permissions, or name another file as {kind}_key"
_SPOILT = "this is no {kind} key ({path}): restore it from where it is kept, or remove it{rest}"
_REST = {
    "search": " and run `casework db reindex`",
    "account": ": then second factors are enrolled anew",
    "master": " only for a database that is still empty: nobody reads personal data without the right one",
}
_MISSING = (
    "the master key is not there ({path}): nobody reads the personal data of this database without it. Put the file back from where it is"
    " kept, apart from the backups, or name it as master_key in the settings"
)


def path_for(target: str, named: str = "", kind: Kind = "search") -> Path | None:
    """Return the file of the key: the one named, else beside the SQLite file. None for a database that lives in memory."""
    if named:
        return Path(named)
    url = make_url(target if "://" in target else f"sqlite:///{target}")
    if url.get_backend_name() != "sqlite":
        return Path(_ALONE.format(kind=kind))
    if url.database in {None, "", ":memory:"}:
        return None
    return Path(f"{url.database}.{kind}.key")


def kept(target: str, named: str = "", kind: Kind = "search") -> SearchKey:
    """Return what gives the key of a database, read or made when it is first asked for."""
    return cache(partial(found_or_made, path_for(target, named, kind), kind))


def found_or_made(path: Path | None, kind: Kind = "search") -> bytes:
    """Return the key in a file, made at its first use and readable by its owner only. Raises StoreMismatch saying what to do."""
    if path is None:
        return secrets.token_bytes(BYTES)
    try:
        if not path.exists():
            _make(path)
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except OSError as error:
        raise StoreMismatch(_CLOSED.format(path=path, kind=kind)) from error
    except ValueError as error:
        raise StoreMismatch(_SPOILT.format(path=path, kind=kind, rest=_REST[kind])) from error
    if len(key) != BYTES:
        raise StoreMismatch(_SPOILT.format(path=path, kind=kind, rest=_REST[kind]))
    return key


def _make(path: Path) -> None:
    """Make it whole under another name first: of two that make it at once, one wins and both use it."""
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(BYTES) + "\n")
    try:
        path.hardlink_to(unfinished)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()


def hashed(key: bytes, kind: str, text: str) -> int:
    """Return the first eight bytes of the keyed hash (HMAC-SHA-256) of a text, as a signed number. `kind` keeps grams, NIK and KK apart."""
    return int.from_bytes(hmac.digest(key, f"{kind}:{text}".encode(), "sha256")[:8], "big", signed=True)


def fingerprint(key: bytes) -> str:
    """Return by what a key is recognised and not known."""
    return hmac.digest(key, b"fingerprint", "sha256").hex()[:16]


class MasterKey:
    """The key that wraps the key of every child: a file, or bytes in hand (`held`) for a database that lives as long as its program."""

    def __init__(self, path: Path | None, held: bytes = b"") -> None:
        self.path = path
        self._held = held or (b"" if path else secrets.token_bytes(BYTES))

    def read(self) -> bytes:
        """Return the key. Raises StoreMismatch saying what to do when it is not there: a new one would open nothing."""
        if not self._held:
            if self.path is not None and not self.path.exists():
                raise StoreMismatch(_MISSING.format(path=self.path))
            self._held = found_or_made(self.path, "master")
        return self._held

    def others(self) -> Iterator[bytes]:
        """Yield what the file, or the one that is to follow it, holds by now if that is another key: it was exchanged meanwhile."""
        for file in (self.path, next_to(self).path) if self.path is not None else ():
            if file is not None and file.exists() and (key := found_or_made(file, "master")) != self._held:
                yield key

    def take(self, key: bytes) -> None:
        """Use another key from now on: it was shown to be the one in force."""
        self._held = key

    def make(self) -> bytes:
        """Return the key, made at its first use: for a database that holds nothing yet."""
        self._held = self._held or found_or_made(self.path, "master")
        return self._held


def master_kept(target: str, named: str = "") -> MasterKey:
    """Return the master key of a database."""
    return MasterKey(path_for(target, named, "master"))


def next_to(master: MasterKey) -> MasterKey:
    """Return the master key that is to follow this one: it lies beside it until it is in force. Raises StoreMismatch without a file."""
    if master.path is None:
        raise StoreMismatch("a master key that is in no file cannot be exchanged")
    return MasterKey(master.path.with_name(f"{master.path.name}.new"))


def put_in_place(new: MasterKey, old: Path) -> Path:
    """Give the new key its name, once it is in force; return where the old one is kept: backups from before need it."""
    if new.path is None:
        raise StoreMismatch("a master key that is in no file cannot be exchanged")
    kept = old
    if old.exists():
        kept = old.with_name(f"{old.name}.{fingerprint(found_or_made(old, 'master'))}")
        old.rename(kept)
    new.path.rename(old)
    return kept
