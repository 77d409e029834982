"""The keys of personal values: wrapped in the database, opened here with the master key, which is kept outside.

An opened key stays in the memory of this process while it is in use, for at most so many holders.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, bindparam, select

from casework.errors import MasterKeyGone, StoreMismatch, Unavailable
from casework.store import sealing
from casework.store.driver import driver_of
from casework.store.keys import MasterKey, fingerprint
from casework.store.schema import care_case, data_key, master_key
from casework.store.sealing import DataKey, holders, naming_their_rows, opened, unwrapped
from casework.store.statements import Change, Query, listed

MOST = 4096
"""Holders whose opened keys are remembered."""
_AT_ONCE = 500
"""Keys that are read, or wrapped anew, together."""
REGISTER = "register"
"""Who holds the key of what concerns no one child: the register of houses and their staff, reviews of the trail. Never destroyed."""
_OTHER = (
    "the master key is not the one that the personal data of this database is encrypted with: put the right file back"
    " (settings: master_key). It is kept apart from the backups; a rotation that was interrupted is finished with `casework db rekey`"
)
_NOT_IN_HAND = (
    "the keys of personal values open with another master key than the file has: it was exchanged (`casework db rekey`) and its new file is"
    " not here, or a key was changed past the program (`casework audit verify`)"
)
MASTER = "master_key"
"""What an exchange of the master key locks, and who makes a new key shares."""
_DESTROYED = "the key of a personal value is not there: it was destroyed, or removed past the program"

_child_here = select(care_case.c.child_id).where(care_case.c.id == bindparam("case_id")).scalar_subquery()
KEY_OF_CASE = Query(select(data_key.c.holder, data_key.c.wrapped).where(data_key.c.holder == _child_here))
"""The wrapped key of a case's child: asked together with what it opens."""
KEYS = Query(select(data_key.c.holder, data_key.c.wrapped).where(listed(data_key.c.holder, "holders")))
ADD_KEY = Change(data_key.insert())


class Keyring:
    """Opens keys with the master key, which is read when it is first needed."""

    def __init__(self, master: MasterKey) -> None:
        self._master = master
        self._open: dict[str, tuple[str, DataKey]] = {}
        self._turn = threading.Lock()

    def known(self, holder: str) -> DataKey | None:
        """Return the key of a holder if it was opened lately."""
        found = self._open.get(holder)
        return found[1] if found else None

    def opened(self, holder: str, wrapped: str | None) -> DataKey:
        """Return the key that the database has for a holder. Raises Unavailable for a destroyed one."""
        if wrapped is None:
            raise Unavailable(_DESTROYED)
        found = self._open.get(holder)
        if found is not None and found[0] == wrapped:
            return found[1]
        key = self._unwrapped(holder, wrapped)
        with self._turn:
            if len(self._open) >= MOST:
                self._open.pop(next(iter(self._open)))
            self._open[holder] = wrapped, key
        return key

    def _unwrapped(self, holder: str, wrapped: str) -> DataKey:
        """Open a key. What does not open with the key in hand opens with the file's, where that was exchanged while this process ran."""
        try:
            return unwrapped(self._master.read(), holder, wrapped)
        except Unavailable:
            for other in self._master.others():
                with suppress(Unavailable):
                    key = unwrapped(other, holder, wrapped)
                    self._master.take(other)
                    return key
            raise MasterKeyGone(_NOT_IN_HAND) from None

    def wrap(self, key: DataKey, in_force: str = "") -> str:
        """Return a key as the database keeps it. `in_force` is by what the master key is known that holds now, where that may have changed.

        Raises MasterKeyGone when that one is not here: what is wrapped with another could never be opened again.
        """
        if in_force and fingerprint(self._master.read()) != in_force:
            found = next((other for other in self._master.others() if fingerprint(other) == in_force), None)
            if found is None:
                raise MasterKeyGone(_NOT_IN_HAND)
            self._master.take(found)
        return key.wrapped(self._master.read())

    def forget(self, holder: str) -> None:
        """Keep an opened key no longer."""
        with self._turn:
            self._open.pop(holder, None)

    def settle(self, connection: Connection, at: str) -> None:
        """Let the master key be the one in force: made for a new database, recognised in one that has data. Raises StoreMismatch."""
        known = connection.execute(select(master_key.c.fingerprint)).scalar()
        if known is None:
            made = fingerprint(self._master.make())
            connection.execute(master_key.insert().values(id=1, fingerprint=made))
            wrapped = self.wrap(sealing.new_key(REGISTER))
            connection.execute(data_key.insert().values(holder=REGISTER, wrapped=wrapped, made_at=at))
        elif known != fingerprint(self._master.read()):
            raise StoreMismatch(_OTHER)

    def rewrap(self, connection: Connection, new: bytes) -> int:
        """Wrap every key with another master key, which is in force from then on. Returns how many. Raises StoreMismatch.

        Who makes a new key meanwhile is waited for, or waits and learns of the new one (`Unit.new_key`).
        """
        driver = driver_of(connection)
        driver.lock((MASTER,))
        driver.give(())
        self.settle(connection, "")
        done, last = 0, ""
        kept = select(data_key.c.holder, data_key.c.wrapped).where(data_key.c.wrapped.is_not(None)).order_by(data_key.c.holder)
        while found := connection.execute(kept.where(data_key.c.holder > last).limit(_AT_ONCE)).fetchall():
            keys = (unwrapped(self._master.read(), row.holder, row.wrapped) for row in found)
            rows = [{"whose": key.holder, "as_new": key.wrapped(new)} for key in keys]
            connection.execute(data_key.update().where(data_key.c.holder == bindparam("whose")).values(wrapped=bindparam("as_new")), rows)
            done, last = done + len(found), found[-1].holder
        connection.execute(master_key.update().values(fingerprint=fingerprint(new)))
        return done

    def in_force(self, connection: Connection, key: bytes) -> bool:
        """Whether this is the master key in force."""
        return connection.execute(select(master_key.c.fingerprint)).scalar() == fingerprint(key)

    def rows(self, connection: Connection, statement: Any) -> list[Any]:
        """Return the rows of a question asked past the units, with personal values as they were written."""
        named, places = naming_their_rows(statement)
        rows = list(connection.execute(named).fetchall())
        keys = self._keys(connection, sorted(holders(rows, places)))
        return opened(rows, places, tuple, dict(keys).__getitem__)

    def _keys(self, connection: Connection, needed: Sequence[str]) -> Iterator[tuple[str, DataKey]]:
        for first in range(0, len(needed), _AT_ONCE):
            query = select(data_key.c.holder, data_key.c.wrapped).where(data_key.c.holder.in_(needed[first : first + _AT_ONCE]))
            yield from ((row.holder, self.opened(row.holder, row.wrapped)) for row in connection.execute(query))


class Hand:
    """The keys that one unit has in hand: what it read, made, or asked for. `ask` returns the rows of KEYS for holders."""

    def __init__(self, ring: Keyring, ask: Any) -> None:
        self._ring, self._ask = ring, ask
        self._keys: dict[str, DataKey] = {}

    def take(self, rows: Iterable[Any]) -> None:
        """Take keys that were read together with what they open."""
        for row in rows:
            if row.wrapped is not None:
                self._keys[row.holder] = self._ring.opened(row.holder, row.wrapped)

    def make(self, holder: str, in_force: str) -> str:
        """Make a key for a new holder, and return it as it is to be kept under the master key that is `in_force`."""
        key = self._keys[holder] = sealing.new_key(holder)
        return self._ring.wrap(key, in_force)

    def of(self, holder: str) -> DataKey:
        """Return the key of a holder. Raises Unavailable when there is none."""
        if holder not in self._keys:
            self._find({holder})
        return self._keys[holder]

    def open(self, rows: Sequence[Any], places: tuple[int, ...], make: Any) -> list[Any]:
        """Return rows with their personal values as they were written; the keys that are missing are asked for at once."""
        with suppress(KeyError):
            return opened(rows, places, make, self._keys.__getitem__)
        self._find(holders(rows, places) - self._keys.keys())
        return opened(rows, places, make, self._keys.__getitem__)

    def _find(self, needed: set[str]) -> None:
        lately = {holder: key for holder in needed if (key := self._ring.known(holder)) is not None}
        self._keys |= lately
        if missing := needed - lately.keys():
            self.take(self._ask(missing))
        if not needed <= self._keys.keys():
            raise Unavailable(_DESTROYED)
