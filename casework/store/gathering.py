"""Many askers, one statement: PostgreSQL takes the values of all of them as arrays, a line of the answer or a row for each.

Most of what a short statement costs is its beginning. A batch of 32 that asks at once pays a fifth for each; what it changes, a third.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec

from casework.store.driver import Given
from casework.store.statements import Change, Query, Values, together

_VALUE = re.compile(r"%\((\w+)\)s(::\w+)?")
_TYPES = {"::INTEGER": "integer", "::BIGINT": "bigint", "::VARCHAR": "text", "::TEXT": "text"}
"""What psycopg's dialect writes behind a value. It writes nothing behind the bytes of a change, nor behind a question's untyped text."""


class Statement(msgspec.Struct, frozen=True):
    """SQL over arrays: `names` are the values of each, `own` what the statement brings itself, once for all."""

    sql: str
    names: tuple[str, ...]
    own: dict[str, Any]

    def arrays(self, of_each: Sequence[Values]) -> dict[str, Any]:
        """Return the values to send: for each name one value of each."""
        return {name: [values[name] for values in of_each] for name in self.names} | self.own


@lru_cache(maxsize=64)
def asked_by_many(queries: tuple[Query, ...]) -> Statement:
    """Return one statement that answers these queries for many: a row for each, in their order, a column for each query."""
    sql, source, names, own = _over_arrays(together(queries, "postgresql"), "text", ordered=True)
    return Statement(f"{sql} FROM {source} ORDER BY many.place", names, own)


@lru_cache(maxsize=64)
def done_for_many(change: Change) -> Statement | None:
    """Return one statement that carries out a change for many, or None for one that is neither a plain INSERT nor a plain UPDATE."""
    sql, source, names, own = _over_arrays(change.on("postgresql"), "bytea")
    opened = re.fullmatch(r"(INSERT INTO \w+ \([^()]*\)) VALUES \(([^()]*)\)", sql)
    if opened:
        return Statement(f"{opened[1]} SELECT {opened[2]} FROM {source}", names, own)  # noqa: S608 - SQLAlchemy wrote it
    if sql.startswith("UPDATE ") and sql.count(" WHERE ") == 1 and "SELECT" not in sql:
        return Statement(sql.replace(" WHERE ", f" FROM {source} WHERE "), names, own)
    return None


def in_order(of_each: Sequence[Sequence[Given]]) -> list[Given]:
    """Return the changes of many as few: those who do the same things in the same order do each of them together.

    Each one's own order stays.
    """
    alike: dict[tuple[Change, ...], list[Sequence[Given]]] = {}
    for changes in of_each:
        alike.setdefault(tuple(given.change for given in changes), []).append(changes)
    return [
        Given(change, [values for changes in same for values in changes[place].values])
        for sequence, same in alike.items()
        for place, change in enumerate(sequence)
    ]


def _over_arrays(alone: Any, untyped: str, *, ordered: bool = False) -> tuple[str, str, tuple[str, ...], dict[str, Any]]:
    """Return a compiled statement that reads `many`, what `many` is, and the names of the values in it and beside it."""
    own = {name: value for name, value in alone.own.items() if value is not None}
    types: dict[str, str] = {}

    def column(found: re.Match[str]) -> str:
        if found[1] in own:
            return found[0]
        types.setdefault(found[1], _TYPES[found[2]] if found[2] else untyped)
        return f"many.v_{found[1]}"

    over = re.sub(r"\s*\n\s*", " ", _VALUE.sub(column, alone.sql))
    arrays = ", ".join(f"%({name})s::{kind}[]" for name, kind in types.items())
    columns = ", ".join(f"v_{name}" for name in types)
    source = f"unnest({arrays}) WITH ORDINALITY AS many({columns}, place)" if ordered else f"unnest({arrays}) AS many({columns})"
    return over, source, (*types,), own
