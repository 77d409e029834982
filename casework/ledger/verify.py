"""Verifying a trail: bytes, chains, and the rules replayed. Every fault is named; nothing is repaired.

Rows are read once, in the order of their streams, so memory does not grow with the number of events (only with that of streams).
What stands in one database can be rewritten in one database: a checkpoint held elsewhere is what finds a chain forged as a whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, TypeAlias

import msgspec

from casework.errors import Fault as WrongValue
from casework.errors import Invalid
from casework.ledger.delegations import Delegations, as_one
from casework.ledger.erasure import Erasure
from casework.ledger.errands import Errands
from casework.ledger.event import NO_HASH, SIGNED, Event, decode_event, event_hash
from casework.ledger.fault import Fault, Rulebook, fault_of
from casework.ledger.glasses import Glasses
from casework.ledger.replay import Replay
from casework.words import Words

NO_ROW = "denied"
"""What an entry names where no row of the policy let it pass."""
CHECKPOINT_TITLE = "casework checkpoint v1"


class EventRow(msgspec.Struct, frozen=True):
    """One stored entry. `stream` is `case:<id>` or `actor:<account>`; `columns` are the projections the screens query."""

    stream: str
    seq: int
    body: bytes
    hash: str
    prev: str
    columns: Mapping[str, Any] = {}


class CaseHead(msgspec.Struct, frozen=True, kw_only=True):
    """Where a case's row says that the case is."""

    machine: str
    version: int
    state: str
    seq: int
    head: str
    round: int


Beside: TypeAlias = Delegations | Glasses | Errands
Held = Mapping[str, tuple[int, str]]
"""A checkpoint: for each stream the number and the hash of its last entry, as remembered outside the database."""


def verify(
    rows: Iterable[EventRow],
    heads: Mapping[str, CaseHead],
    rulebooks: Mapping[tuple[str, int], Rulebook],
    held: Held | None = None,
    processes: Replay | None = None,
    policies: Mapping[str, frozenset[str]] | None = None,
    beside: tuple[Beside, ...] = (),
) -> Iterator[Fault]:
    """Yield every fault of a journal. `rows` come grouped by stream, by rising number; `heads` by case id; `rulebooks` by name and version.

    `processes` replays the steps beside the journey that the entries name; `policies` are the rows of each known version by its digest;
    those `beside` replay in whose place anybody acted, what was seen under a broken glass, and who was asked into the field.

    Yields nothing for a clean journal.
    """
    remembered = dict(held or {})
    unseen = dict.fromkeys(heads)
    finished: set[str] = set()
    trail: _Trail | None = None
    for row in rows:
        if trail is None or row.stream != trail.stream:
            if trail is not None:
                finished.add(trail.stream)
                yield from trail.end()
            if row.stream in finished:
                yield _fault(row.stream, row.seq, "scattered")
            case_id = row.stream.removeprefix("case:") if row.stream.startswith("case:") else None
            if case_id is not None:
                unseen.pop(case_id, None)
            head = None if case_id is None else heads.get(case_id)
            trail = _Trail(row.stream, head, rulebooks, remembered.pop(row.stream, None), is_case=case_id is not None)
        yield from trail.read(row, processes, policies, beside)
    if trail is not None:
        yield from trail.end()
    for case_id in unseen:
        yield from _Trail(f"case:{case_id}", heads[case_id], rulebooks, remembered.pop(f"case:{case_id}", None), is_case=True).end()
    for stream, (seq, _) in sorted(remembered.items()):
        yield _fault(stream, seq, "truncated_since_checkpoint")
    if processes is not None:
        yield from processes.end()
    for told in beside:
        yield from told.end()


class _Trail:
    """One stream while it is read: what the next entry must say, and where the replay stands."""

    def __init__(
        self,
        stream: str,
        head: CaseHead | None,
        rulebooks: Mapping[tuple[str, int], Rulebook],
        held: tuple[int, str] | None,
        *,
        is_case: bool,
    ) -> None:
        self.stream = stream
        self.head = head
        self.rulebooks = rulebooks
        self.held = held
        self.is_case = is_case
        self.seq = 0
        self.hash = NO_HASH
        self.round: int | None = 1
        self.pinned: tuple[str, int] | None = None
        self.state: str | None = None
        self.behalf: list[tuple[str, str]] = []
        self.erasure = Erasure()

    def read(
        self,
        row: EventRow,
        processes: Replay | None = None,
        policies: Mapping[str, frozenset[str]] | None = None,
        beside: tuple[Beside, ...] = (),
    ) -> Iterator[Fault]:
        """Check one entry against its own bytes, the one before it, and the rules."""
        if not _well_typed(row.seq, row.body):
            self.state = self.round = None
            self.seq, self.hash = self.seq + 1, row.hash
            yield _fault(self.stream, self.seq, "unreadable")
            return
        if row.seq != self.seq + 1:
            yield _fault(self.stream, row.seq, "gap" if row.seq > self.seq else "repeated")
        elif row.prev != self.hash:
            yield _fault(self.stream, row.seq, "broken_chain")
        found = event_hash(row.body)
        if found != row.hash:
            yield _fault(self.stream, row.seq, "changed")
        if self.held is not None and self.held[0] == row.seq and self.held[1] != found:
            yield _fault(self.stream, row.seq, "differs_from_checkpoint")
        self.seq, self.hash = row.seq, row.hash
        entry = _read(row.body)
        if not isinstance(entry, Event):
            self.state = self.round = None
            yield _fault(self.stream, row.seq, entry)
            return
        yield from self._compare(row, entry)
        if self.is_case:
            yield from self._replay(row.seq, entry)
        if policies is not None and entry.rules.policy:
            yield from self._passed(row.seq, entry, policies)
        if processes is not None:
            yield from processes.read(entry)
        for told in beside:
            told.read(entry)

    def end(self) -> Iterator[Fault]:
        """Compare where the stream ends with where the case's row, and the checkpoint, say that it ends."""
        if self.held is not None and self.held[0] > self.seq:
            yield _fault(self.stream, self.held[0], "truncated_since_checkpoint")
        if self.is_case and self.head is None:
            yield _fault(self.stream, 0, "no_case")
        if self.head is None:
            return
        if self.head.seq != self.seq:
            yield _fault(self.stream, self.seq, "head_behind" if self.head.seq in range(self.seq) else "truncated")
        elif self.head.head != self.hash:
            yield _fault(self.stream, self.seq, "head_differs")
        named = (self.head.machine, self.head.version)
        if named not in self.rulebooks:
            yield _fault(self.stream, 0, "unknown_definition")
        elif self.pinned not in {None, named}:
            yield _fault(self.stream, self.seq, "definition_differs")
        elif self.head.seq == self.seq and (self.state or self.head.state, self.round or self.head.round) != (
            self.head.state,
            self.head.round,
        ):
            yield _fault(self.stream, self.seq, "state_differs")

    def _passed(self, seq: int, entry: Event, policies: Mapping[str, frozenset[str]]) -> Iterator[Fault]:
        """Whether the row of the policy that let an entry pass stood in a version that was in force."""
        code, _, digest = entry.rules.policy.partition("@")
        known = policies.get(digest)
        if known is None:
            yield _fault(self.stream, seq, "unknown_policy")
        elif code not in known | {"", NO_ROW} or (code == NO_ROW and entry.outcome == "done"):
            yield _fault(self.stream, seq, "no_such_policy_row", code)

    def _compare(self, row: EventRow, entry: Event) -> Iterator[Fault]:
        """The body is the truth; a row or a column that says otherwise was changed past the program."""
        if (entry.stream, entry.seq, entry.prev) != (row.stream, row.seq, row.prev):
            yield _fault(self.stream, row.seq, "misplaced")
        said = _projections(entry)
        for column in sorted(row.columns.keys() & said.keys()):
            if row.columns[column] != said[column](entry):
                yield _fault(self.stream, row.seq, "column_differs", column)

    def _replay(self, seq: int, entry: Event) -> Iterator[Fault]:
        rules = entry.rules
        rulebook = self.rulebooks.get((rules.machine, rules.version))
        if self.pinned is None:
            self.pinned = (rules.machine, rules.version)
            self.state = rulebook.initial if rulebook and seq == 1 else None
        if rulebook is None or rulebook.digest != rules.definition:
            yield _fault(self.stream, seq, "unknown_definition")
        elif entry.kind != "migrated" and self.pinned != (rules.machine, rules.version):
            yield _fault(self.stream, seq, "other_definition")
        if self.state is not None and entry.source != self.state:
            yield _fault(self.stream, seq, "wrong_source")
        if entry.actor.on_behalf_of:
            self.behalf.append((entry.actor.person, entry.actor.on_behalf_of))
        yield from (_fault(self.stream, seq, code) for code in self.erasure.read(entry, self.behalf))
        if entry.kind == "migrated":
            yield from self._pass_over(seq, entry, rulebook)
        elif entry.kind != "moved":
            if entry.dest != entry.source or self.round not in {None, entry.round}:
                yield _fault(self.stream, seq, "moved_without_a_move")
        elif rulebook is not None:
            yield from _judge(self.stream, seq, entry, rulebook, self.round, self.behalf)
        self.state, self.round = entry.dest, entry.round

    def _pass_over(self, seq: int, entry: Event, rulebook: Rulebook | None) -> Iterator[Fault]:
        """Judge a case's passing into a newer version, and judge what follows by that."""
        before, rules = entry.before, entry.rules
        known = self.rulebooks.get((before.machine, before.version)) if before else None
        if before is None or known is None or known.digest != before.definition:
            yield _fault(self.stream, seq, "unknown_definition")
        elif self.pinned != (before.machine, before.version):
            yield _fault(self.stream, seq, "other_definition")
        way = rulebook.crossings.get((before.version, entry.source)) if rulebook and before and before.machine == rules.machine else None
        if way is None or way != entry.dest:
            yield _fault(self.stream, seq, "no_such_crossing")
        if self.round not in {None, entry.round}:
            yield _fault(self.stream, seq, "wrong_round")
        if len(entry.approvals) != 1:
            yield _fault(self.stream, seq, "approvals_missing")
        yield from _signed(self.stream, seq, entry, self.behalf)
        self.pinned = (rules.machine, rules.version)


def _well_typed(seq: object, body: object) -> bool:
    """SQLite stores what it is given, whatever the column's type says: text where bytes belong must be a fault, not a crash."""
    return isinstance(seq, int) and isinstance(body, bytes)


def _read(body: bytes) -> Event | str:
    """Return the entry, or the code of the fault that keeps it from being read."""
    try:
        entry = decode_event(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return "unreadable"
    return entry if entry.v == 1 else "unknown_body_version"


def _judge(
    stream: str, seq: int, entry: Event, rulebook: Rulebook, round_before: int | None, behalf: Iterable[tuple[str, str]]
) -> Iterator[Fault]:
    """Whether the definition allowed a move, and whether those who signed it were others than those who asked for it."""
    allowed = rulebook.edges.get((entry.source, entry.trigger, entry.dest))
    if allowed is None:
        yield _fault(stream, seq, "no_such_edge")
    elif round_before is not None and entry.round != round_before + allowed[1]:
        yield _fault(stream, seq, "wrong_round")
    if allowed is not None and len(entry.approvals) != allowed[0]:
        yield _fault(stream, seq, "approvals_missing" if len(entry.approvals) < allowed[0] else "approvals_too_many")
    yield from _signed(stream, seq, entry, behalf)


def _signed(stream: str, seq: int, entry: Event, behalf: Iterable[tuple[str, str]]) -> Iterator[Fault]:
    """Whether those who signed were others than those who asked, beforehand, and over the same evidence.

    Who acted on somebody's behalf in this case counts as them too.
    """
    stands = as_one(behalf)
    asked, signers = (entry.actor.person, entry.requester), (signature.person for signature in entry.approvals)
    persons, others = [stands.get(one, one) for one in signers], {stands.get(one, one) for one in asked}
    if len({*persons}) != len(persons) or others & {*persons}:
        yield _fault(stream, seq, "four_eyes")
    if any(signature.at > entry.occurred_at for signature in entry.approvals):
        yield _fault(stream, seq, "before_approval")
    if any(signature.digest != entry.evidence_digest for signature in entry.approvals):
        yield _fault(stream, seq, "other_evidence")


def _signer(entry: Event, place: int) -> str | None:
    return entry.approvals[place].person if entry.kind in SIGNED and len(entry.approvals) > place else None


_COMMON: dict[str, Callable[[Event], Any]] = {
    "kind": lambda entry: entry.kind,
    "recorded_at": lambda entry: entry.recorded_at,
}
_OF_CASE: dict[str, Callable[[Event], Any]] = _COMMON | {
    "case_id": lambda entry: entry.case,
    "machine": lambda entry: entry.rules.machine,
    "version": lambda entry: entry.rules.version,
    "trigger": lambda entry: entry.trigger if entry.kind == "moved" else "",
    "source": lambda entry: entry.source,
    "dest": lambda entry: entry.dest,
    "round": lambda entry: entry.round,
    "approvals_before": lambda entry: len(entry.approvals) if entry.kind in SIGNED else 0,
    "actor": lambda entry: entry.actor.person,
    "on_behalf_of": lambda entry: entry.actor.on_behalf_of,
    "requester": lambda entry: entry.requester or None,
    "approver_1": lambda entry: _signer(entry, 0),
    "approver_2": lambda entry: _signer(entry, 1),
    "occurred_at": lambda entry: entry.occurred_at,
}
_OF_ACTOR: dict[str, Callable[[Event], Any]] = _COMMON | {
    "account_id": lambda entry: entry.actor.account,
    "case_id": lambda entry: entry.case or None,
    "outcome": lambda entry: entry.outcome,
}


def _projections(entry: Event) -> Mapping[str, Callable[[Event], Any]]:
    return _OF_CASE if entry.stream.startswith("case:") else _OF_ACTOR


def checkpoint(heads: Iterable[tuple[str, int, str]]) -> bytes:
    """Write (stream, number, hash) of every stream's last entry as text: a title, their count, one SHA-256 over the lines, the lines.

    The count and the SHA-256 fit in an office's minute book; the whole file belongs on another machine.
    """
    lines = [f"{stream} {seq} {head}" for stream, seq, head in sorted(heads)]
    return "\n".join((CHECKPOINT_TITLE, str(len(lines)), _digest(lines), *lines, "")).encode()


def read_checkpoint(stored: bytes) -> dict[str, tuple[int, str]]:
    """Read what `checkpoint` wrote. Raises Invalid when the title, the count or the SHA-256 does not fit the lines."""
    try:
        title, count, digest, *lines, end = stored.decode().split("\n")
        held = {stream: (int(seq), head) for stream, seq, head in (line.rsplit(" ", 2) for line in lines)}
    except ValueError as error:
        raise _not_a_checkpoint() from error
    if (title, count, digest, end) != (CHECKPOINT_TITLE, str(len(lines)), _digest(lines), "") or len(held) != len(lines):
        raise _not_a_checkpoint()
    return held


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _not_a_checkpoint() -> Invalid:
    return Invalid(WrongValue("$", Words("Ini bukan titik periksa yang utuh.", "This is not an intact checkpoint.")), status=400)


_WORDS = {
    "approvals_missing": Words("persetujuan kurang", "approvals are missing"),
    "approvals_too_many": Words("persetujuan lebih banyak daripada yang diminta", "more approvals than the definition asks for"),
    "before_approval": Words("langkah bertanggal sebelum disetujui", "the move is dated before it was approved"),
    "broken_chain": Words("tidak menyambung dengan catatan sebelumnya", "it does not follow the entry before it"),
    "changed": Words("isi atau sidik catatan diubah", "the bytes or their hash were changed"),
    "column_differs": Words("kolom berbeda dari isi catatan", "a column differs from the body"),
    "definition_differs": Words("kasus menunjuk definisi lain", "the case's row names another definition than its entries"),
    "differs_from_checkpoint": Words("berbeda dari titik periksa yang disimpan di luar", "it differs from the checkpoint held outside"),
    "after_erasure": Words("dicatat sesudah data anak dihapus", "it was entered after the child's data were erased"),
    "unfounded_erasure": Words("penghapusan tanpa dasar atau pemohon", "an erasure without a basis or somebody who took it in"),
    "four_eyes": Words("penyetuju bukan orang lain", "an approver is the requester, the actor or another approver"),
    "gap": Words("ada catatan yang hilang sebelum ini", "entries before this one are missing"),
    "head_behind": Words("kasus tertinggal dari catatan terakhirnya", "the case's row is behind its last entry"),
    "head_differs": Words("kasus menunjuk catatan terakhir yang lain", "the case's row names another last entry"),
    "misplaced": Words("catatan ini tertulis untuk tempat lain", "the entry was written for another place"),
    "moved_without_a_move": Words("kasus berpindah tanpa langkah", "the case moved without a move"),
    "no_case": Words("catatan ada, kasusnya tidak ada", "there are entries, but no such case"),
    "no_such_crossing": Words("definisi baru tidak menerima kasus dari tahap ini", "the newer definition takes no case over from there"),
    "no_such_edge": Words("perpindahan ini tidak ada dalam definisi", "the definition has no such move"),
    "no_such_policy_row": Words("tabel hak akses tidak memuat baris ini", "the policy has no such row"),
    "other_definition": Words("memakai definisi lain daripada kasusnya", "it uses another definition than its case"),
    "other_evidence": Words("persetujuan terikat pada bukti lain", "an approval was bound to other evidence"),
    "repeated": Words("nomor catatan terulang", "the number was used before"),
    "scattered": Words("aliran ini muncul dua kali", "the stream appears twice"),
    "state_differs": Words("keadaan kasus berbeda dari hasil putar ulang", "the case's state differs from the replay"),
    "truncated": Words("catatan terakhir hilang", "the last entries are missing"),
    "truncated_since_checkpoint": Words("catatan yang diingat titik periksa hilang", "entries that the checkpoint remembers are missing"),
    "unknown_body_version": Words("bentuk catatan tidak dikenal", "the entry has a form that this program does not know"),
    "unknown_definition": Words("definisi tidak dikenal", "the definition is unknown"),
    "unknown_policy": Words("tabel hak akses yang tidak pernah berlaku", "it names a policy that was never in force"),
    "unreadable": Words("isi catatan tidak terbaca", "the body cannot be read"),
    "wrong_round": Words("putaran salah", "the round is wrong"),
    "wrong_source": Words("tidak bermula dari keadaan kasus saat itu", "it does not start where the case was"),
}


_fault = partial(fault_of, _WORDS)
