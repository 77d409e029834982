"""Pages of lists, and the cursors between them. A cursor holds the sort key of the last line seen: opaque, and good for one order only.

It opens nothing: who sees what is asked again for every page.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Generic, TypeVar

import msgspec

from casework.errors import Fault, Invalid
from casework.words import Words

T = TypeVar("T")
PAGE = 50
"""Lines on one page of any list."""
_LONGEST = 300
_PART = 64
_key = msgspec.json.Decoder(tuple[str, ...])


class Page(msgspec.Struct, Generic[T], frozen=True):
    """One page of a list. `after` is the cursor of the next page, "" on the last one."""

    lines: tuple[T, ...] = ()
    after: str = ""

    def __iter__(self) -> Iterator[T]:
        """Yield the lines."""
        return iter(self.lines)

    def __len__(self) -> int:
        """Return how many lines this page has."""
        return len(self.lines)


def cursor(order: str, *key: str) -> str:
    """Return a cursor behind the line with this sort key."""
    return urlsafe_b64encode(msgspec.json.encode((order, *key))).rstrip(b"=").decode()


def position(order: str, after: str, beginning: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sort key that a cursor holds, or the beginning for "". Raises Invalid for what was not made for this order."""
    if not after:
        return beginning
    try:
        found = _key.decode(urlsafe_b64decode(after + "=" * (-len(after) % 4))) if len(after) <= _LONGEST and after.isascii() else ()
    except (binascii.Error, msgspec.DecodeError, ValueError):
        found = ()
    told = found[1:]
    if found[:1] != (order,) or len(told) != len(beginning) or not all(_plain(part) for part in told):
        words = Words("Penunjuk halaman ini tidak dikenal; mulai lagi dari halaman pertama.", "This cursor is not known; start again.")
        raise Invalid(Fault("$.after", words))
    return told


def _plain(part: str) -> bool:
    return len(part) <= _PART and part.isascii() and (part == "" or part.isprintable())


def page_of(order: str, found: Iterable[T], key: Callable[[T], tuple[str, ...]], same: Callable[[T], Hashable], *, newest: bool) -> Page[T]:
    """Merge what several sources gave (each its first PAGE + 1) into one page; what two of them gave stands in it once."""
    once = {same(line): line for line in found}
    in_order = sorted(once.values(), key=key, reverse=newest)
    lines = tuple(in_order[:PAGE])
    return Page(lines, cursor(order, *key(lines[-1])) if len(in_order) > PAGE else "")
