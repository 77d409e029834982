"""Replaying what was asked of a TKSK or PSM: each task says what its entry says, of whom and by when, and ended with an entry.

While such a task is open a child's case is open to somebody outside the office: one that nobody asked, or that never ends, is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial

import msgspec

from casework.ledger.event import Errand, Event
from casework.ledger.fault import Fault, fault_of
from casework.ledger.spans import between
from casework.words import Words

LONGEST = timedelta(days=31)
"""Thirty days and the rest of the day on which it was asked."""


class ErrandHead(msgspec.Struct, frozen=True, kw_only=True):
    """A task in the field as its row says it. `ended_at` is None while it is open."""

    asked: Errand
    case: str
    asked_at: str
    ended_at: str | None


class Errands:
    """What the entries say was asked in the field and ended, and the tasks that claim the same."""

    def __init__(self, rows: Iterable[ErrandHead]) -> None:
        self._rows = {row.asked.id: row for row in rows}
        self._asked: dict[str, tuple[Errand, Event]] = {}
        self._ended: dict[str, Event] = {}

    def read(self, entry: Event) -> None:
        """Take what an entry says: that somebody was asked into the field, or that what they were asked ended."""
        if entry.errand is not None and entry.kind == "field_asked":
            self._asked[entry.errand.id] = (entry.errand, entry)
        for known in entry.ended:
            self._ended.setdefault(known, entry)

    def end(self) -> Iterator[Fault]:
        """Judge the tasks by the entries."""
        for known, (asked, entry) in self._asked.items():
            ended = self._ended.get(known)
            said = ErrandHead(asked=asked, case=entry.case, asked_at=entry.recorded_at, ended_at=ended.recorded_at if ended else None)
            if self._rows.get(known) != said:
                yield _fault(entry.stream, entry.seq, "errand_differs")
            if between(entry.recorded_at, asked.due_at) > LONGEST:
                yield _fault(entry.stream, entry.seq, "errand_too_long")
            if ended is not None and ended.case != entry.case:
                yield _fault(ended.stream, ended.seq, "errand_of_another_case")
        for known in sorted((self._rows.keys() | self._ended.keys()) - self._asked.keys()):
            yield _fault(f"task:{known}", 0, "errand_without_entry")


_WORDS = {
    "errand_differs": Words(
        "tugas lapangan berbeda dari jurnal: orang, kasus, kecamatan, tenggat, atau akhirnya",
        "a task in the field differs from the journal: whose it is, of which case, where, by when, or when it ended",
    ),
    "errand_of_another_case": Words("tugas lapangan diakhiri dari kasus lain", "a task in the field was ended from another case"),
    "errand_too_long": Words("tugas lapangan lebih lama dari 30 hari", "a task in the field lasts for more than 30 days"),
    "errand_without_entry": Words("tugas lapangan tanpa catatan jurnal", "no entry of the journal tells that this was asked in the field"),
}

_fault = partial(fault_of, _WORDS)
