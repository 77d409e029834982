"""The program a release later: two files more in `casework/machines/`, each with a second version of a machine."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import casework.machines
from casework.machines import book

LATER = Path(__file__).parent / "later"
_KNOWN = (book.all_machines, book.by_version, book.newest_machines, book.journey, book.states_of, book.opened_by)


def _forget() -> None:
    for known in _KNOWN:
        known.cache_clear()


@contextmanager
def newer_program(*folders: Path) -> Iterator[None]:
    """Have the book read these folders too (by default the later versions), and forget them afterwards."""
    read = [str(folder) for folder in folders or (LATER,)]
    before = set(sys.modules)
    casework.machines.__path__.extend(read)
    _forget()
    try:
        yield
    finally:
        for folder in read:
            casework.machines.__path__.remove(folder)
        for name in [name for name in sys.modules if name.startswith("casework.machines.") and name not in before]:
            del sys.modules[name]
        _forget()
