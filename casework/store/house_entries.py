"""The entries of the register about houses: added, never changed. One that supersedes another stands in its place."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import select

from casework.errors import NotFound
from casework.ledger.event import Evidence, commitment
from casework.machines.register import AnyEntry
from casework.store.ids import new_id, new_salt
from casework.store.instants import from_text, to_text
from casework.store.keyring import REGISTER
from casework.store.schema import host_entry, person
from casework.store.unit import Unit

_encoder = msgspec.json.Encoder(order="sorted")
_decoder: msgspec.json.Decoder[AnyEntry] = msgspec.json.Decoder(AnyEntry)


class EntryRow(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as stored, with who added it when."""

    id: str
    host_id: str
    kind: str
    entry: AnyEntry
    author: str
    author_role: str
    entered_at: datetime
    supersedes: str | None
    settles: str | None
    due_on: str | None


def add_entry(
    unit: Unit, host_id: str, entry: AnyEntry, *, role: str, supersedes: str = "", settles: str = "", due_on: date | None = None
) -> Evidence:
    """Insert an entry and return what the journal says of it: its id and a salted commitment."""
    stored, salt, entry_id = _encoder.encode(entry), new_salt(), new_id(unit.call.at)
    row: dict[str, Any] = {
        "id": entry_id,
        "host_id": host_id,
        "kind": entry.__struct_config__.tag,
        "body": stored,
        "digest": unit.digest(REGISTER, stored),
        "salt": salt,
        "author": unit.call.who.person,
        "author_role": role,
        "entered_at": to_text(unit.call.at),
        "supersedes": supersedes or None,
        "settles": settles or None,
        "due_on": due_on.isoformat() if due_on else None,
    }
    unit.run(host_entry.insert().values(unit.seal(host_entry, REGISTER, row)))
    return Evidence(entry_id, commitment(salt, row["digest"].encode()))


def get_entry(unit: Unit, entry_id: str) -> EntryRow:
    """Return one entry. Raises NotFound."""
    return _row(unit.need(_entries().where(host_entry.c.id == entry_id), "entry"))


def entries_of(unit: Unit, host_id: str) -> tuple[EntryRow, ...]:
    """Return every entry about a house in the order in which they were added, superseded ones among them."""
    return tuple(_row(row) for row in unit.rows(_entries().where(host_entry.c.host_id == host_id).order_by(host_entry.c.id)))


def standing(entries: tuple[EntryRow, ...]) -> tuple[EntryRow, ...]:
    """Return the entries that nothing supersedes, each in the place of the first one that it corrects."""
    replaced = {row.supersedes for row in entries if row.supersedes}
    before = {row.id: row.supersedes for row in entries}

    def first(entry_id: str) -> str:
        while (earlier := before.get(entry_id)) is not None:
            entry_id = earlier
        return entry_id

    return tuple(sorted((row for row in entries if row.id not in replaced), key=lambda row: first(row.id)))


def authors(unit: Unit, entries: tuple[EntryRow, ...]) -> dict[str, str]:
    """Return the names of those who added entries, by person."""
    rows = unit.rows(select(person.c.id, person.c.name).where(person.c.id.in_({row.author for row in entries})))
    return {row.id: row.name for row in rows}


def is_superseded(unit: Unit, entry_id: str) -> bool:
    """Whether another entry corrects this one already."""
    return unit.row(select(host_entry.c.id).where(host_entry.c.supersedes == entry_id)) is not None


def of_house(unit: Unit, entry_id: str, host_id: str, kind: str) -> EntryRow:
    """Return an entry of a kind about exactly this house. Raises NotFound."""
    row = get_entry(unit, entry_id)
    if (row.host_id, row.kind) != (host_id, kind):
        raise NotFound("entry")
    return row


def _entries() -> Any:
    return select(*(host_entry.c[name] for name in EntryRow.__struct_fields__ if name != "entry"), host_entry.c.body)


def _row(row: Any) -> EntryRow:
    told = {name: getattr(row, name) for name in EntryRow.__struct_fields__ if name not in {"entry", "entered_at"}}
    return EntryRow(entry=_decoder.decode(row.body), entered_at=from_text(row.entered_at), **told)
