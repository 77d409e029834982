"""Proving the trail: every entry, every chain, every head, the rules replayed, and a checkpoint held outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain, islice

import msgspec

from casework.ledger.delegations import Delegations
from casework.ledger.errands import Errands
from casework.ledger.event import decode_event
from casework.ledger.fault import Fault
from casework.ledger.glasses import Glasses
from casework.ledger.verify import CaseHead, EventRow, Held, checkpoint, read_checkpoint, verify
from casework.services.command import question
from casework.store import attachments, delegations, erasing, field, glass, ledger
from casework.store.unit import Unit
from casework.words import Words

MAX_FAULTS = 1000
"""A report names this many faults at most: a database this broken is restored, not read line by line."""


class Report(msgspec.Struct, frozen=True):
    """What verification found. `faults` is empty for a whole trail; `compared` counts the streams the held checkpoint remembers."""

    entries: int
    cases: int
    faults: tuple[Fault, ...]
    compared: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


def _counted(rows: Iterator[EventRow], progress: Callable[[int], None]) -> Iterator[EventRow]:
    for number, row in enumerate(rows, start=1):
        progress(number)
        yield row


def _miscounted(unit: Unit) -> Iterator[Fault]:
    for office, state, kept, found in ledger.counts_that_differ(unit):
        words = Words(f"angka tersimpan {kept}, kasus yang ada {found}", f"the number kept is {kept}, the cases there are {found}")
        yield Fault(f"count:{office}:{state}", 0, "count_differs", words)


def _unmoored(unit: Unit) -> Iterator[Fault]:
    for table, row in ledger.registers_without_process(unit):
        words = Words("ada dalam daftar tanpa proses yang membawanya", "it stands in the register without a process that brought it there")
        yield Fault(f"{table}:{row}", 0, "register_without_process", words)


def _unerased(unit: Unit) -> Iterator[Fault]:
    known = {
        "destroyed_untold": Words(
            "kunci anak hilang tanpa catatan penghapusan", "the child's key is gone and no entry tells of an erasure"
        ),
        "erasure_undone": Words("jurnal menyatakan dihapus, datanya masih ada", "the journal tells of an erasure, and the data are there"),
    }
    yield from (Fault(f"case:{case}", 0, code, known[code]) for case, code in ledger.erasures_that_differ(unit))


def _never_in_force(wrong: tuple[tuple[str, str], ...]) -> Iterator[Fault]:
    known = {
        "policy_differs": Words("isi tabel hak akses berbeda dari sidiknya", "the kept policy is not what its digest says"),
        "policy_never_in_force": Words("jurnal tidak menyatakan tabel ini berlaku", "the journal does not tell that it came into force"),
    }
    yield from (Fault(f"policy:{digest}", 0, code, known[code]) for digest, code in wrong)


_PICTURES = {
    "attachment_without_entry": Words("foto tanpa catatan dalam jejak", "a picture without an entry in the trail"),
    "attachment_differs": Words("foto bukan yang dicatat jejak", "a picture is not the one that the trail tells of"),
    "attachment_withdrawal_differs": Words("penarikan foto berbeda dari jejak", "a picture was withdrawn otherwise than the trail tells"),
    "attachment_content_differs": Words("isi foto rusak atau diganti", "what a picture shows is damaged or was exchanged"),
    "attachment_gone": Words("foto yang dicatat jejak tidak ada lagi", "a picture that the trail tells of is gone"),
}


def _unvouched(unit: Unit) -> Iterator[Fault]:
    yield from (Fault(f"attachment:{item}", 0, code, _PICTURES[code]) for item, code in attachments.faults(unit))


def _unproven(unit: Unit, heads: Mapping[str, CaseHead], held: Held, progress: Callable[[int], None]) -> Iterator[Fault]:
    policies, wrong = ledger.policies(unit)
    beside = Delegations(delegations.heads(unit)), Glasses(glass.heads(unit)), Errands(field.heads(unit))
    replays = ledger.replay(unit), policies, beside
    yield from verify(_counted(ledger.entries(unit), progress), heads, ledger.rulebooks(), held, *replays)
    yield from _never_in_force(wrong)


_UNREADABLE = Words(
    "isi basis data bukan yang ditulis aplikasi; bagian pemeriksaan ini terhenti di sini",
    "what the database holds is nothing that the program wrote: this part of the check ends here",
)


def _read(unit: Unit, part: Callable[[Unit], Iterator[Fault]]) -> Iterator[Fault]:
    """Yield what a part of the check finds. Whoever wrote what cannot even be compared is found by that: the check never breaks down."""
    try:
        yield from part(unit)
    except (AttributeError, TypeError, ValueError):
        yield Fault("database", 0, "unreadable", _UNREADABLE)


@question
def verify_trail(unit: Unit, held: bytes | None = None, progress: Callable[[int], None] = lambda _: None) -> Report:
    """Check the whole journal, the processes and registers that it moved, the pictures it vouches for, and the numbers kept beside it.

    `held` is a checkpoint from outside the database; `progress` is told how many entries were read.

    Raises Invalid when the checkpoint itself is damaged.
    """
    unit.take_time()
    remembered = read_checkpoint(held) if held is not None else {}
    heads = ledger.case_heads(unit)
    parts = (partial(_unproven, heads=heads, held=remembered, progress=progress), _miscounted, _unmoored, _unvouched, _unerased)
    faults = chain.from_iterable(_read(unit, part) for part in parts)
    return Report(ledger.count(unit), len(heads), tuple(islice(faults, MAX_FAULTS)), len(remembered))


@question
def entries_in_all(unit: Unit) -> int:
    """Return how many entries the journal holds."""
    unit.take_time()
    return ledger.count(unit)


@question
def take_checkpoint(unit: Unit) -> bytes:
    """Return a checkpoint to keep outside this database: on another machine, its digest in the office's minute book."""
    unit.take_time()
    return checkpoint(ledger.stream_heads(unit))


class Gone(msgspec.Struct, frozen=True):
    """A case whose child's data were erased: when, on which basis, who took it in and who approved it."""

    number: str
    at: str
    basis: str
    taken_in_by: str
    approved_by: str


@question
def erased(unit: Unit) -> tuple[Gone, ...]:
    """Return every erasure, oldest first: what to keep outside this database, for the day on which an older backup is restored."""
    with unit.over_everything():
        rows = erasing.erased_children(unit)
    return tuple(Gone(row.number, row.recorded_at, decode_event(row.body).reason_code, row.requester, row.actor) for row in rows)
