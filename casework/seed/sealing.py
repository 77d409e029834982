"""Personal values of stamped rows as cells, as the services would have written them: under a key of each child."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import count
from typing import Any

from casework.seed.stamp import Stamped
from casework.store.schema import metadata
from casework.store.sealing import DataKey, about, is_sealed, stands_in_clear
from casework.store.seeding import Line, columns_of

_NONCE = 12


@lru_cache(maxsize=64)
def _places(table: str) -> tuple[tuple[int, Any], ...]:
    columns = metadata.tables[table].columns
    return tuple((place, columns[name]) for place, name in enumerate(columns_of(table)) if is_sealed(columns[name]))


def sealed_line(key: DataKey, table: str, line: Line, nonce: Callable[[str], bytes]) -> Line:
    """Return a row with its personal values as cells. `nonce` returns one that was never used with this key."""
    places = _places(table)
    if not places:
        return line
    row, values = dict(zip(columns_of(table), line, strict=True)), list(line)
    for place, column in places:
        value = values[place]
        if value and not stands_in_clear(column, row):
            told = about(column, row)
            cell = key.seal(told, value.decode() if isinstance(value, bytes) else value, nonce(told))
            values[place] = cell.encode() if isinstance(value, bytes) else cell
    return tuple(values)


def sealed_case(stamped: Stamped) -> Iterator[tuple[str, Line]]:
    """Yield the rows of a stamped case, its child's personal values as cells: the key is new, so its nonces are counted."""
    numbers = count(1)
    for table, line in stamped.rows:
        yield table, sealed_line(stamped.key, table, line, lambda _: next(numbers).to_bytes(_NONCE, "big"))


def nonce_of(told: str) -> bytes:
    """Return the nonce of what is written once under the register's key: no two rows are about the same."""
    return hashlib.sha256(told.encode()).digest()[:_NONCE]


def key_line(key: DataKey, master: bytes, made_at: str) -> Line:
    """Return the row of a child's key. No two children have one id, so no two keys are wrapped with one nonce."""
    row = {"holder": key.holder, "wrapped": key.wrapped(master, nonce_of(f"key:{key.holder}")), "made_at": made_at, "destroyed_at": None}
    return tuple(row[name] for name in columns_of("data_key"))
