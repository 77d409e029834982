"""Personal values in the databases of tests: the one master key, and what a cell says to whoever has it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from casework.store.keys import MasterKey, master_kept
from casework.store.schema import metadata
from casework.store.sealing import is_sealed, unwrapped

MASTER = MasterKey(None, bytes(range(32, 64)))
Looking = Callable[..., list[Any]]


def key_file(folder: Path) -> str:
    """Write the master key of the tests into a folder and return the file."""
    file = folder / "master.key"
    file.write_text(MASTER.read().hex() + "\n", encoding="ascii")
    return str(file)


def lay_beside(target: str) -> None:
    """Put the master key of the tests where the program looks for that of a database (on a server: the working directory)."""
    place = master_kept(target).path
    if place is None or (place.exists() and place.read_text(encoding="ascii").strip() == MASTER.read().hex()):
        return
    if "://" in target and place.exists():
        msg = f"somebody's own master key lies at {place.resolve()}: the tests do not write over it; run them where there is none"
        raise RuntimeError(msg)
    unfinished = place.with_name(f"{place.name}.{os.getpid()}")
    unfinished.write_text(MASTER.read().hex() + "\n", encoding="ascii")
    unfinished.rename(place)


def unsealed(rows: Looking, about: str, cell: Any) -> Any:
    """Return what a cell says of the place it is about; what is no cell is returned as it is."""
    said = cell.decode() if isinstance(cell, bytes) else cell
    if not isinstance(said, str) or not said.startswith("s1."):
        return cell
    _, holder, content = said.split(".", 2)
    wrapped = rows("SELECT wrapped FROM data_key WHERE holder = ?", holder)[0][0]
    return unwrapped(MASTER.read(), holder, wrapped).unseal(about, content)


def personal(rows: Looking, table: str, *columns: str, where: str = "1 = 1", values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return columns of a table in clear (SQL behind WHERE, `?` for its values), by the order of their keys."""
    key = [column.name for column in metadata.tables[table].primary_key]
    query = f"SELECT {', '.join([*key, *columns])} FROM {table} WHERE {where} ORDER BY {', '.join(key)}"  # noqa: S608 - our own names
    found = []
    for row in rows(query, *values):
        place = ":".join(str(row[name]) for name in key)
        found.append(
            tuple(
                unsealed(rows, f"{table}.{name}:{place}", row[name]) if is_sealed(metadata.tables[table].c[name]) else row[name]
                for name in columns
            )
        )
    return found
