"""Replaying broken glasses: whoever looked under one had broken it, for that case, within its hour. Then the rows say the same.

A look comes in its reader's stream, the breaking in that of the case: looks are kept until both were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial

import msgspec

from casework.ledger.event import Event
from casework.ledger.fault import Fault, fault_of
from casework.ledger.spans import between
from casework.words import Words

READER = "glass_reader"
"""The capacity in which an entry says that somebody looked by breaking the glass."""
LOOKS = frozenset({"opened", "searched"})
LONGEST = timedelta(hours=1)


class GlassHead(msgspec.Struct, frozen=True, kw_only=True):
    """A broken glass as its row says it. `reviewed_by` is None until somebody looked into it."""

    id: str
    case: str
    account: str
    person: str
    opened_at: str
    ends_at: str
    reviewed_by: str | None = None


class Glasses:
    """What the entries say of broken glasses and of what was seen under them, and the rows that claim the same."""

    def __init__(self, rows: Iterable[GlassHead]) -> None:
        self._rows = {row.id: row for row in rows}
        self._broken: dict[str, Event] = {}
        self._reviewed: dict[str, Event] = {}
        self._looks: list[Event] = []

    def read(self, entry: Event) -> None:
        """Take what an entry says: that somebody broke a glass, looked under it, or looked into it."""
        if entry.kind == "glass_broken" and entry.items:
            self._broken[entry.items[0]] = entry
        elif entry.kind == "glass_reviewed" and entry.items:
            self._reviewed[entry.items[0]] = entry
        elif entry.actor.role == READER:
            self._looks.append(entry)

    def end(self) -> Iterator[Fault]:
        """Judge the rows by the entries, then every look by what was broken."""
        for known, entry in self._broken.items():
            row = self._rows.get(known)
            if row is None or self._told(row) != self._said(known, entry):
                yield _fault(entry.stream, entry.seq, "glass_differs")
            elif between(row.opened_at, row.ends_at) > LONGEST:
                yield _fault(entry.stream, entry.seq, "glass_too_long")
            review = self._reviewed.get(known)
            if review is not None and review.actor.person == entry.actor.person:
                yield _fault(review.stream, review.seq, "glass_reviewed_by_oneself")
        for known in sorted((self._rows.keys() | self._reviewed.keys()) - self._broken.keys()):
            yield _fault(f"glass:{known}", 0, "glass_without_entry")
        for look in self._looks:
            if look.kind not in LOOKS and look.outcome == "done":
                yield _fault(look.stream, look.seq, "glass_wrote")
            elif not any(self._lets(known, entry, look) for known, entry in self._broken.items()):
                yield _fault(look.stream, look.seq, "glass_look_outside")

    def _said(self, known: str, entry: Event) -> tuple[str | None, ...]:
        review = self._reviewed.get(known)
        broken = (entry.case, entry.actor.account, entry.actor.person, entry.recorded_at)
        return (*broken, review.actor.person if review else None)

    def _told(self, row: GlassHead) -> tuple[str | None, ...]:
        return row.case, row.account, row.person, row.opened_at, row.reviewed_by

    def _lets(self, known: str, entry: Event, look: Event) -> bool:
        row = self._rows.get(known)
        until = row.ends_at if row else entry.recorded_at
        whose = (entry.case, entry.actor.account, entry.actor.person) == (look.case, look.actor.account, look.actor.person)
        return whose and entry.recorded_at <= look.recorded_at < until and between(entry.recorded_at, look.recorded_at) < LONGEST


_WORDS = {
    "glass_differs": Words("baris akses darurat berbeda dari jurnal", "the row of the broken glass differs from the journal"),
    "glass_look_outside": Words(
        "membaca dengan akses darurat di luar jam, kasus, atau orangnya", "a look under a broken glass outside its hour, case or person"
    ),
    "glass_reviewed_by_oneself": Words("akses darurat diperiksa pembukanya sendiri", "who broke the glass reviewed it"),
    "glass_too_long": Words("akses darurat lebih lama dari satu jam", "the glass was broken for more than an hour"),
    "glass_without_entry": Words("akses darurat tanpa catatan jurnal", "no entry of the journal tells that the glass was broken"),
    "glass_wrote": Words("menulis dengan akses darurat", "something was changed under a broken glass"),
}

_fault = partial(fault_of, _WORDS)
