"""What the search finds children by: their rows in the index, written beside the register and made again from it.

A unit's own writing goes through `search.index_children`. Here is what needs no unit: the rows themselves, and the whole register's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, func, select

from casework.errors import StoreMismatch
from casework.store.keyring import Keyring
from casework.store.keys import fingerprint, hashed
from casework.store.schema import child, child_gram, child_key, search_key
from casework.store.spelling import grams

BATCH = 500
"""Children that are indexed in one transaction."""
AT_ONCE = 1000
"""So many children may be indexed while the program starts; for more, whoever looks after it says when."""
_OTHER_KEY = (
    "the search key is not the one this database was indexed with: put the right file back (settings: search_key),"
    " or keep the new one and run `casework db reindex`"
)
_UNFINISHED = "not every child can be found by name yet: run `casework db reindex`"
_NO_DIGIT = re.compile(r"\D")


class Findable(msgspec.Struct, frozen=True):
    """A child as the index is made from it."""

    id: str
    name: str
    alias: str | None = None
    nik: str | None = None
    kk: str | None = None


class Rows(msgspec.Struct, frozen=True):
    """Rows of `child_gram` and of `child_key`, by column."""

    grams: list[dict[str, Any]]
    keys: list[dict[str, Any]]


def rows_for(key: bytes, children: Iterable[Findable]) -> Rows:
    """Return the index rows of children."""
    rows, made_with = Rows([], []), fingerprint(key)
    known: dict[str, int] = {}
    for one in children:
        found = {gram for name in (one.name, one.alias) if name for gram in grams(name)}
        for gram in sorted(found):
            if gram not in known:
                known[gram] = gram_key(key, gram)
            rows.grams.append({"gram": known[gram], "child_id": one.id})
        numbers = {"nik": number_key(key, "nik", one.nik), "kk": number_key(key, "kk", one.kk), "name": hashed(key, "name", one.name)}
        rows.keys.append({"child_id": one.id, **numbers, "made_with": made_with})
    return rows


def gram_key(key: bytes, gram: str) -> int:
    """Return what a gram is stored as."""
    return hashed(key, "gram", gram)


def number_key(key: bytes, kind: str, number: str | None) -> int | None:
    """Return what a NIK or KK is stored as, however it was typed; None for none."""
    digits = _NO_DIGIT.sub("", number or "")
    return hashed(key, kind, digits) if digits else None


def index(connection: Connection, key: bytes, children: Sequence[Findable]) -> None:
    """Write the index rows of children, in place of any they have, in the caller's transaction."""
    if not children:
        return
    rows, whose = rows_for(key, children), [{"whose": one.id} for one in children]
    for table in (child_gram, child_key):
        connection.execute(table.delete().where(table.c.child_id == bindparam("whose")), whose)
    if rows.grams:
        connection.execute(child_gram.insert(), rows.grams)
    connection.execute(child_key.insert(), rows.keys)


def settle(connection: Connection, key: bytes, ring: Keyring) -> None:
    """Let a key be the one in force, and index what little is missing. Raises StoreMismatch when that is not for the program to decide."""
    row = connection.execute(select(search_key.c.fingerprint, search_key.c.complete)).first()
    if row is None:
        connection.execute(search_key.insert().values(id=1, fingerprint=fingerprint(key), complete=0))
    elif row.fingerprint != fingerprint(key):
        raise StoreMismatch(_OTHER_KEY)
    elif row.complete:
        return
    missing = after(connection, ring, "", AT_ONCE + 1, lacking=fingerprint(key))
    if len(missing) > AT_ONCE:
        raise StoreMismatch(_UNFINISHED)
    index(connection, key, missing)
    connection.execute(search_key.update().values(complete=1))


def begin_again(connection: Connection, key: bytes) -> bool:
    """Put a key in force for a whole new index. False when one that was begun with this key only has to be finished."""
    row = connection.execute(select(search_key.c.fingerprint, search_key.c.complete)).first()
    if row is None:
        connection.execute(search_key.insert().values(id=1, fingerprint=fingerprint(key), complete=0))
        return True
    connection.execute(search_key.update().values(fingerprint=fingerprint(key), complete=0))
    return bool(row.complete) or row.fingerprint != fingerprint(key)


def finish(connection: Connection) -> None:
    """Say that every child is indexed."""
    connection.execute(search_key.update().values(complete=1))


def after(connection: Connection, ring: Keyring, last: str, limit: int, *, lacking: str = "") -> list[Findable]:
    """Return the next children by id; with a fingerprint, only those that are not indexed with its key."""
    query = select(child.c.id, child.c.name, child.c.alias, child.c.nik, child.c.kk).where(child.c.id > last, child.c.salt != b"")
    if lacking:
        indexed = select(child_key.c.child_id).where(child_key.c.child_id == child.c.id, child_key.c.made_with == lacking)
        query = query.where(~indexed.exists())
    return [Findable(*row) for row in ring.rows(connection, query.order_by(child.c.id).limit(limit))]


def count(connection: Connection) -> int:
    """Return how many children there are."""
    return int(connection.execute(select(func.count()).select_from(child)).scalar_one())


def reindex(maintain: Callable[[Callable[[Connection], Any]], Any], key: bytes, ring: Keyring, tell: Callable[[int, int], None]) -> int:
    """Index every child with a key, BATCH in each transaction (`maintain`), and return how many. Interrupted, it goes on where it was.

    `tell` hears how many are done, and of how many.
    """
    everyone = maintain(partial(begin_again, key=key))
    whole, done, last = maintain(count), 0, ""
    lacking = "" if everyone else fingerprint(key)
    while found := maintain(partial(_next_batch, key=key, ring=ring, last=last, lacking=lacking)):
        done, last = done + len(found), found[-1].id
        tell(done, whole)
    maintain(finish)
    return done


def _next_batch(connection: Connection, key: bytes, ring: Keyring, last: str, lacking: str) -> list[Findable]:
    found = after(connection, ring, last, BATCH, lacking=lacking)
    index(connection, key, found)
    return found
