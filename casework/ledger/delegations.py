"""Replaying delegations: whoever acted in another's place had been given that, and nobody had taken it back. Then the rows say the same.

Few entries are made on somebody's behalf: they are kept, since the stream that tells of the delegation may come later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import msgspec

from casework.ledger.event import Delegated, Event
from casework.ledger.fault import Fault, fault_of
from casework.words import Words


class DelegationHead(msgspec.Struct, frozen=True):
    """A delegation as its row says it: what was made, and when it was ended (None: not)."""

    made: Delegated
    ended_at: str | None


class _Use(msgspec.Struct, frozen=True):
    """Somebody acted in another's place."""

    stream: str
    seq: int
    person: str
    giver: str
    office: str
    at: str


class Delegations:
    """What the entries say of delegations, and the rows that claim the same."""

    def __init__(self, rows: Iterable[DelegationHead]) -> None:
        self._rows = {row.made.id: row for row in rows}
        self._made: dict[str, tuple[Delegated, Event]] = {}
        self._ended: dict[str, str] = {}
        self._uses: list[_Use] = []

    def read(self, entry: Event) -> None:
        """Take what an entry says: that somebody delegated, took it back, or acted by it."""
        if entry.delegation is not None and entry.kind == "delegated":
            self._made[entry.delegation.id] = (entry.delegation, entry)
        if entry.kind == "delegation_ended":
            self._ended |= dict.fromkeys(entry.items, entry.recorded_at)
        who = entry.actor
        if who.on_behalf_of:
            self._uses.append(_Use(entry.stream, entry.seq, who.person, who.on_behalf_of, who.office, entry.recorded_at))

    def end(self) -> Iterator[Fault]:
        """Judge every act in another's place by what was delegated, then the rows by the entries."""
        for use in self._uses:
            if not any(self._lets(made, use) for made, _ in self._made.values()):
                yield _fault(use.stream, use.seq, "nothing_delegated")
        for known, (made, entry) in self._made.items():
            if made.giver == made.taker:
                yield _fault(entry.stream, entry.seq, "delegated_to_oneself")
            row = self._rows.get(known)
            if row is None or (row.made, row.ended_at) != (made, self._ended.get(known)):
                yield _fault(entry.stream, entry.seq, "delegation_differs")
        for known in self._rows.keys() - self._made.keys():
            yield _fault(f"delegation:{known}", 0, "delegation_without_entry")

    def _lets(self, made: Delegated, use: _Use) -> bool:
        until = min(made.ends_at, self._ended.get(made.id, made.ends_at))
        return (made.giver, made.taker, made.office) == (use.giver, use.person, use.office) and made.starts_at <= use.at < until


def as_one(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return who stands for each person named in pairs that count as one person, and so on from pair to pair."""
    stands: dict[str, str] = {}
    for one, other in pairs:
        first, second = stands.setdefault(one, one), stands.setdefault(other, other)
        kept = min(first, second)
        stands.update({each: kept for each, known in stands.items() if known in {first, second}})
    return stands


_WORDS = {
    "delegated_to_oneself": Words("dilimpahkan kepada diri sendiri", "delegated to oneself"),
    "delegation_differs": Words("baris pelimpahan berbeda dari jurnal", "the row of the delegation differs from the journal"),
    "delegation_without_entry": Words("pelimpahan tanpa catatan jurnal", "no entry of the journal names the delegation"),
    "nothing_delegated": Words("bertindak atas nama orang yang tidak melimpahkan", "acted for somebody who had delegated nothing to them"),
}

_fault = partial(fault_of, _WORDS)
