"""Secret keys: where they are kept, and what is hashed with them. They never stand in the database.

Whoever has the database without the search key cannot try names against the index; a lost one loses nothing but the index: `casework db
reindex`. Without the account key nobody reads the secrets of second factors; a lost one means that everybody who has one enrols anew.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Literal, TypeAlias

from sqlalchemy import make_url

from casework.errors import StoreMismatch

SearchKey: TypeAlias = Callable[[], bytes]
AccountKey: TypeAlias = Callable[[], bytes]
Kind: TypeAlias = Literal["search", "account"]
BYTES = 32
_ALONE = "casework.{kind}.key"
"""Where the key of a database without a folder of its own is kept unless the settings say: in the working directory."""
_CLOSED = "the {kind} key cannot be read or made ({path}): check the path and the permissions, or name another file as {kind}_key"
_SPOILT = "this is no {kind} key ({path}): restore it from where it is kept, or remove it{rest}"
_REST = {"search": " and run `casework db reindex`", "account": ": then second factors are enrolled anew"}


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
