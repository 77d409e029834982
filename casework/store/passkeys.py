"""Passkeys: public keys of people's devices, by the id that the device gave them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, select

from casework.store.ids import new_id
from casework.store.instants import from_text, to_text
from casework.store.schema import passkey
from casework.store.unit import Unit


class PasskeyRow(msgspec.Struct, frozen=True):
    """One passkey. `count` is how often the device says it was used, 0 for those that do not count."""

    id: str
    account: str
    credential: str
    public_key: bytes
    count: int
    name: str
    made_at: datetime
    used_at: datetime | None


def add(unit: Unit, account_id: str, credential: str, public_key: bytes, count: int, name: str) -> None:
    """Insert a passkey. A credential that is known already is a Conflict."""
    values = {"credential": credential, "public_key": public_key, "uses": count, "name": name, "made_at": to_text(unit.call.at)}
    unit.run(passkey.insert().values(id=new_id(unit.call.at), account_id=account_id, **values))


def find(unit: Unit, credential: str) -> PasskeyRow | None:
    """Return a passkey by the id that its device gave it, or None."""
    row = unit.row(select(passkey).where(passkey.c.credential == credential))
    return _told(row) if row else None


def of_account(unit: Unit, account_id: str) -> tuple[PasskeyRow, ...]:
    """Return the passkeys of an account, oldest first."""
    return tuple(map(_told, unit.rows(select(passkey).where(passkey.c.account_id == account_id).order_by(passkey.c.id))))


def note_use(unit: Unit, credential: str, count: int) -> bool:
    """Note that a passkey was used. Whether nobody else used it at the same time with a higher count."""
    mine = passkey.update().where(passkey.c.credential == credential, passkey.c.uses <= count)
    return unit.run(mine.values(uses=count, used_at=to_text(unit.call.at))) == 1


def remove(unit: Unit, account_id: str, passkey_id: str) -> bool:
    """Remove a passkey of an account. Whether there was one."""
    return unit.run(passkey.delete().where(passkey.c.account_id == account_id, passkey.c.id == passkey_id)) == 1


def _told(row: Row[Any]) -> PasskeyRow:
    used = from_text(row.used_at) if row.used_at else None
    key = bytes(row.public_key)
    return PasskeyRow(row.id, row.account_id, row.credential, key, row.uses, row.name, from_text(row.made_at), used)
