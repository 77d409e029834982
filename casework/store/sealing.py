"""Personal values at rest: encrypted cells, each bound to its table, column and row, under the key of whom it is about.

A cell is `s1.<holder>.<base64 of nonce and AES-256-GCM>`; a whole file has plain bytes in the place of base64. The holder says whose
key opens it: a child, a complaint, or the register of houses. What the cell is about is no part of it but of what is authenticated: a cell
that is moved to another row opens nowhere.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, ColumnElement, Label, LargeBinary, Select, Table, Text, cast, literal_column
from sqlalchemy.types import TypeDecorator

from casework.errors import Unavailable
from casework.machines.guards.hosts import HOUSEHOLDS
from casework.store.textual import as_text

CLEAR_OF_CHILD = frozenset({"sex", "born", "born_precision"})
"""Identity fields that stand in clear: corrections of them do, too."""
VERSION = "s1"
"""How a cell begins: which encryption it is."""
_BEGINS = f"{VERSION}."
ERASED = "erased"
"""What stands in the place of a cell that was erased: no key opens it, and none is needed."""
ERASED_TEXT = "(dihapus / erased)"
"""As what it is read, in both languages at once: whoever lists a child that was erased sees this."""
_NONCE = 12
KEY_BYTES = 32
_SPOILT = "a personal value does not open: it was changed or moved past the program; run `casework audit verify` and restore a backup"


class Sealed(TypeDecorator[str]):
    """A text that is stored as a cell. What is no cell is refused, so nothing is written in clear by mistake; "" says nothing."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: object) -> str | None:  # noqa: ARG002 - SQLAlchemy's own signature
        """Let cells through."""
        return _cell_or_nothing(value)


class SealedBytes(TypeDecorator[bytes]):
    """Bytes that are stored as a cell."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: object) -> bytes | None:  # noqa: ARG002 - SQLAlchemy's own signature
        """Let cells through."""
        _cell_or_nothing(value.decode(errors="replace") if value is not None else None)
        return value


class SealedAsChild(TypeDecorator[str]):
    """A value that is meant for an identity field of a child: the very cell that will stand there, or clear where that field is."""

    impl = Text
    cache_ok = True


class SealedFile(TypeDecorator[bytes]):
    """A whole file as one cell. It comes with no question as a text does: who wants it asks for it alone (`Unit.open_file`)."""

    impl = LargeBinary
    cache_ok = True


class SealedOfHousehold(TypeDecorator[str]):
    """The name of a house: a cell where it is a household's, clear where it is an institution's. The wall of its table holds it so."""

    impl = Text
    cache_ok = True


_KINDS = (Sealed, SealedBytes, SealedAsChild, SealedOfHousehold)
_MAY_BE_CLEAR = CLEAR_OF_CHILD | {"host.name"}


def _cell_or_nothing(value: str | None) -> str | None:
    if value and value != ERASED and not value.startswith(_BEGINS):
        raise TypeError("a personal value was to be written in clear")
    return value


class DataKey:
    """The opened key of one holder."""

    __slots__ = ("_cipher", "_key", "_place", "holder")

    def __init__(self, holder: str, key: bytes) -> None:
        self.holder = holder
        self._key = key
        self._cipher = AESGCM(key)
        self._place = f"{_BEGINS}{holder}.".encode()

    def seal(self, about: str, value: str, nonce: bytes = b"") -> str:
        """Return a value as a cell of the place it is `about`. A nonce is given only by who counts them himself, for a new key."""
        nonce = nonce or secrets.token_bytes(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, value.encode(), self._place + about.encode())
        return f"{_BEGINS}{self.holder}.{base64.b64encode(sealed).decode()}"

    def unseal(self, about: str, content: str) -> str:
        """Return what a cell says; `content` is its last part. Raises Unavailable for one that was not made for this place."""
        try:
            sealed = binascii.a2b_base64(content)
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], self._place + about.encode()).decode()
        except (InvalidTag, ValueError, binascii.Error) as error:
            raise Unavailable(_SPOILT) from error

    def seal_file(self, about: str, content: bytes) -> bytes:
        """Return a file as a cell of the place it is `about`."""
        nonce = secrets.token_bytes(_NONCE)
        return self._place + nonce + self._cipher.encrypt(nonce, content, self._place + about.encode())

    def unseal_file(self, about: str, cell: bytes) -> bytes:
        """Return the file that a cell holds. Raises Unavailable for one that was not made for this place."""
        sealed = cell.removeprefix(self._place)
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], self._place + about.encode())
        except (InvalidTag, ValueError) as error:
            raise Unavailable(_SPOILT) from error

    def digest(self, content: bytes) -> str:
        """Return a keyed fingerprint (HMAC-SHA-256, hex): it binds to a content, and lets nobody who has no key try contents."""
        return hmac.digest(self._key, b"digest:" + content, "sha256").hex()

    def wrapped(self, master: bytes, nonce: bytes = b"") -> str:
        """Return the key as the database keeps it: encrypted with the master key, for this holder only."""
        nonce = nonce or secrets.token_bytes(_NONCE)
        sealed = nonce + AESGCM(master).encrypt(nonce, self._key, _about_key(self.holder))
        return f"{_BEGINS}{base64.b64encode(sealed).decode()}"


def unwrapped(master: bytes, holder: str, wrapped: str) -> DataKey:
    """Return a holder's key. Raises Unavailable when it does not open with this master key."""
    try:
        sealed = binascii.a2b_base64(wrapped.removeprefix(_BEGINS))
        return DataKey(holder, AESGCM(master).decrypt(sealed[:_NONCE], sealed[_NONCE:], _about_key(holder)))
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise Unavailable(_SPOILT) from error


def new_key(holder: str) -> DataKey:
    """Return a new key for a holder."""
    return DataKey(holder, secrets.token_bytes(KEY_BYTES))


def _about_key(holder: str) -> bytes:
    return f"{_BEGINS}key:{holder}".encode()


def is_sealed(column: Any) -> bool:
    """Whether a column holds cells."""
    return isinstance(column.type, (*_KINDS, SealedFile))


def about(column: Column[Any], row: Mapping[str, Any]) -> str:
    """Return what a cell of this column in this row is about."""
    if isinstance(column.type, SealedAsChild):
        return f"child.{row['field']}:{row['child_id']}"
    return ":".join((f"{column.table.name}.{column.name}", *(str(row[key.name]) for key in column.table.primary_key)))


def stands_in_clear(column: Column[Any], row: Mapping[str, Any]) -> bool:
    """Whether this row keeps in clear what other rows of the column encrypt."""
    if isinstance(column.type, SealedAsChild):
        return row["field"] in CLEAR_OF_CHILD
    return isinstance(column.type, SealedOfHousehold) and row["kind"] not in HOUSEHOLDS


def sealed(key: DataKey, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with its personal values as cells. The row holds what its key is made of."""
    return {name: _sealed(key, table.c[name], row) if is_sealed(table.c[name]) else value for name, value in row.items()}


def _sealed(key: DataKey, column: Column[Any], row: Mapping[str, Any]) -> Any:
    value = row[column.name]
    if not value or stands_in_clear(column, row):
        return value
    if isinstance(column.type, SealedFile):
        return key.seal_file(about(column, row), value)
    cell = key.seal(about(column, row), value.decode() if isinstance(value, bytes) else value)
    return cell.encode() if isinstance(value, bytes) else cell


def naming_their_rows(construct: Any) -> tuple[Any, tuple[int, ...]]:
    """Return a question whose personal values come with what they are about, and the places of those values among its columns."""
    columns = list(construct.selected_columns)
    places = tuple(place for place, column in enumerate(columns) if isinstance(column.type, _KINDS))
    if not places:
        return construct, ()
    if not isinstance(construct, Select):
        raise TypeError("personal values of several tables cannot be asked for as one: ask twice")
    named = [_naming(column) if place in places else column for place, column in enumerate(columns)]
    return construct.with_only_columns(*named, maintain_column_froms=True), places


def _naming(column: Any) -> ColumnElement[str]:
    origin = column.element if isinstance(column, Label) else column
    (base,) = origin.base_columns
    row = origin.table.c
    if isinstance(base.type, SealedAsChild):
        place = literal_column("'child.'", Text).concat(row["field"]).concat(literal_column("':'", Text)).concat(row["child_id"])
    else:
        place = literal_column(f"'{base.table.name}.{base.name}'", Text)
        for key in base.table.primary_key:
            place = place.concat(literal_column("':'", Text)).concat(cast(row[key.name], Text))
    content = as_text(origin) if isinstance(base.type, SealedBytes) else cast(origin, Text)
    return place.concat(literal_column("'|'", Text)).concat(content).label(column.key)


def opened(rows: Sequence[Any], places: tuple[int, ...], make: Any, key_of: Any) -> list[Any]:
    """Return rows with their personal values as they were written. `key_of` returns the key of a holder."""
    found = []
    for row in rows:
        if all(row[place] is None for place in places):
            found.append(row)
            continue
        values = list(row)
        for place in places:
            values[place] = _opened(values[place], key_of)
        found.append(make(values))
    return found


def holders(rows: Sequence[Any], places: tuple[int, ...]) -> set[str]:
    """Return whose keys these rows need."""
    cells = (str(row[place]).partition("|")[2] for row in rows for place in places if row[place] is not None)
    return {cell.split(".", 2)[1] for cell in cells if cell.startswith(_BEGINS)}


def _opened(told: str | None, key_of: Any) -> str | None:
    if told is None:
        return None
    place, _, cell = told.partition("|")
    if cell == ERASED:
        return ERASED_TEXT
    if not cell.startswith(_BEGINS):
        if cell and place.partition(":")[0].removeprefix("child.") not in _MAY_BE_CLEAR:
            raise Unavailable(_SPOILT)
        return cell
    _, holder, content = cell.split(".", 2)
    key: DataKey = key_of(holder)
    return key.unseal(place, content)
