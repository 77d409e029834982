"""Replaying the processes beside the journey: every step that the entries name, by the rules; then the rows that claim the same.

Entries come stream by stream, and the steps of one process may stand in several streams: what comes too early waits for its number. Of each
step eight bytes are kept, so that the first row which says otherwise is named; memory grows by that, and with the number of processes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import msgspec

from casework.ledger.event import Event, Step
from casework.ledger.fault import Fault, Rulebook, fault_of
from casework.words import Words

OPEN = "open"
MIGRATE = "migrate"
"""The step by which a process passes into a newer version of its machine."""
_MARK = 8
"""Bytes kept of each step."""


class StepRow(msgspec.Struct, frozen=True):
    """One stored step, as its row says it."""

    process: str
    n: int
    stream: str
    seq: int
    machine: str
    version: int
    trigger: str
    source: str
    dest: str
    occurred_at: str


class ProcessHead(msgspec.Struct, frozen=True, kw_only=True):
    """Where a process's row says that it stands. `status` is what its register says, None where it has none, "" for no row."""

    machine: str
    version: int
    state: str
    steps: int
    opened_at: str
    entered_at: str
    case: str | None = None
    status: str | None = None


class _Track:
    """One process while it is replayed: where it stands, a mark of each step, and steps that came before their turn."""

    __slots__ = ("at", "entered_at", "marks", "opened_at", "pinned", "state", "waiting")

    def __init__(self) -> None:
        self.state = ""
        self.pinned: tuple[str, int] | None = None
        self.opened_at = self.entered_at = ""
        self.at = ("", 0)
        self.marks = bytearray()
        self.waiting: dict[int, tuple[Step, Event]] = {}

    @property
    def steps(self) -> int:
        return len(self.marks) // _MARK


class Replay:
    """What the entries say of processes. `rulebooks` are by machine and version, `heads` by process id; `rows` come in any order."""

    def __init__(self, rulebooks: Mapping[tuple[str, int], Rulebook], heads: Mapping[str, ProcessHead], rows: Iterable[StepRow]) -> None:
        self._rulebooks = rulebooks
        self._heads = heads
        self._rows = rows
        self._tracks: dict[str, _Track] = {}

    def read(self, entry: Event) -> Iterator[Fault]:
        """Make the steps that an entry names."""
        for step in entry.steps:
            if entry.outcome != "done":
                yield _fault(entry.stream, entry.seq, "step_of_refused", step.process)
                continue
            head = self._heads.get(step.process)
            if head is not None and head.case is not None and entry.stream != f"case:{head.case}":
                yield _fault(entry.stream, entry.seq, "step_elsewhere", step.process)
            track = self._tracks.setdefault(step.process, _Track())
            if step.n <= track.steps or step.n in track.waiting:
                yield _fault(entry.stream, entry.seq, "step_repeated", step.process)
                continue
            track.waiting[step.n] = (step, entry)
            while (due := track.waiting.pop(track.steps + 1, None)) is not None:
                yield from self._make(track, *due)

    def _make(self, track: _Track, step: Step, entry: Event) -> Iterator[Fault]:
        """Judge the next step of a process, and make it whatever it is worth: what follows is judged from there."""
        stream, seq, begins = entry.stream, entry.seq, track.steps == 0
        rulebook = self._rulebooks.get((step.machine, step.version))
        if rulebook is None or rulebook.digest != step.definition:
            yield _fault(stream, seq, "step_unknown_definition", step.process)
        elif step.trigger == MIGRATE:
            if rulebook.crossings.get((track.pinned[1], step.source) if track.pinned else (0, "")) != step.dest:
                yield _fault(stream, seq, "step_no_such_crossing", step.process)
        elif track.pinned not in {None, (step.machine, step.version)}:
            yield _fault(stream, seq, "step_other_definition", step.process)
        elif begins and (step.trigger, step.source, step.dest) != (OPEN, "", rulebook.initial):
            yield _fault(stream, seq, "step_wrong_beginning", step.process)
        elif not begins and rulebook.edges.get((step.source, step.trigger, step.dest)) != (0, 0):
            yield _fault(stream, seq, "step_no_such_edge", step.process)
        if not begins and step.source != track.state:
            yield _fault(stream, seq, "step_wrong_source", step.process)
        if begins:
            track.opened_at = entry.occurred_at
        if step.source != step.dest and step.trigger != MIGRATE:
            track.entered_at = entry.occurred_at
        track.pinned, track.state, track.at = (step.machine, step.version), step.dest, (stream, seq)
        track.marks += _mark(stream, seq, step.machine, step.version, step.trigger, step.source, step.dest, entry.occurred_at)

    def end(self) -> Iterator[Fault]:
        """Compare what the entries say with the rows: of steps, of processes, of the registers that mirror them."""
        for process, track in self._tracks.items():
            for n, (_, entry) in sorted(track.waiting.items()):
                yield _fault(entry.stream, entry.seq, "step_gap", f"{process} {n}")
        yield from self._compare_rows()
        for process, head in self._heads.items():
            found = self._tracks.get(process)
            if found is None or not found.steps:
                yield _fault(f"process:{process}", 0, "process_without_beginning")
            else:
                yield from _compare(process, head, found)
        for process, track in self._tracks.items():
            if process not in self._heads:
                yield _fault(*track.at, "process_missing", process)

    def _compare_rows(self) -> Iterator[Fault]:
        counted: dict[str, int] = {}
        for row in self._rows:
            track = self._tracks.get(row.process)
            stream = f"process:{row.process}"
            if track is None or not 1 <= row.n <= track.steps:
                yield _fault(stream, row.n, "step_without_entry")
                continue
            counted[row.process] = counted.get(row.process, 0) + 1
            said = _mark(row.stream, row.seq, row.machine, row.version, row.trigger, row.source, row.dest, row.occurred_at)
            if track.marks[(row.n - 1) * _MARK : row.n * _MARK] != said:
                yield _fault(stream, row.n, "step_differs")
        for process, track in self._tracks.items():
            if counted.get(process, 0) < track.steps:
                yield _fault(f"process:{process}", track.steps, "step_row_missing")


def _compare(process: str, head: ProcessHead, track: _Track) -> Iterator[Fault]:
    stands = (track.pinned, track.state, track.steps, track.opened_at, track.entered_at)
    if stands != ((head.machine, head.version), head.state, head.steps, head.opened_at, head.entered_at):
        yield _fault(f"process:{process}", track.steps, "process_differs")
    if head.status is not None and head.status != track.state:
        yield _fault(f"process:{process}", track.steps, "status_differs", head.machine)


def _mark(*says: Any) -> bytes:
    return hashlib.sha256(repr(says).encode()).digest()[:_MARK]


_WORDS = {
    "process_differs": Words("keadaan proses berbeda dari hasil putar ulang", "the process's row differs from the replay"),
    "process_missing": Words("langkah ada, prosesnya tidak ada", "there are steps, but no such process"),
    "process_without_beginning": Words("proses tidak bermula dalam jurnal", "the journal does not say that the process began"),
    "status_differs": Words("status dalam daftar berbeda dari prosesnya", "the register's status differs from its process"),
    "step_differs": Words("baris langkah berbeda dari isi catatan", "the row of the step differs from the entry"),
    "step_elsewhere": Words("langkah tercatat di luar kasus prosesnya", "the step is told of outside its process's case"),
    "step_gap": Words("ada langkah yang hilang sebelum ini", "steps before this one are missing"),
    "step_no_such_crossing": Words(
        "definisi baru tidak menerima proses dari tahap ini", "the newer definition takes no process over from there"
    ),
    "step_no_such_edge": Words("langkah ini tidak ada dalam definisi proses", "the process's definition has no such step"),
    "step_of_refused": Words("percobaan yang ditolak tidak membawa langkah", "a refused attempt makes no step"),
    "step_other_definition": Words("memakai definisi lain daripada prosesnya", "it uses another definition than its process"),
    "step_repeated": Words("nomor langkah terulang", "the number of the step was used before"),
    "step_row_missing": Words("baris langkah hilang", "the row of a step is missing"),
    "step_unknown_definition": Words("definisi proses tidak dikenal", "the process's definition is unknown"),
    "step_without_entry": Words("langkah tanpa catatan jurnal", "no entry of the journal names the step"),
    "step_wrong_beginning": Words("proses tidak bermula di awal", "the process does not begin at its beginning"),
    "step_wrong_source": Words("tidak bermula dari keadaan proses saat itu", "it does not start where the process was"),
}


_fault = partial(fault_of, _WORDS)
