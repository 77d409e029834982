"""Replaying erasures: each has its legal basis and two natural persons behind it, and nothing follows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casework.ledger.delegations import as_one
from casework.ledger.event import Event


class Erasure:
    """Whether a case's child was erased by now."""

    def __init__(self) -> None:
        self._told = False

    def read(self, entry: Event, behalf: Iterable[tuple[str, str]]) -> Iterator[str]:
        """Yield the codes of what is wrong with an entry. Who acted on somebody's `behalf` counts as them."""
        if self._told:
            yield "after_erasure"
        if entry.kind != "redacted":
            return
        self._told = True
        stands = as_one(behalf)
        if not entry.reason_code or not entry.requester:
            yield "unfounded_erasure"
        if stands.get(entry.requester, entry.requester) == stands.get(entry.actor.person, entry.actor.person):
            yield "four_eyes"
