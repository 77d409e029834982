"""The verifier finds one changed byte anywhere, names every fault, and says nothing about a clean journal."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from casework.errors import Invalid
from casework.ledger.event import NO_HASH, Actor, Event, Kind, Rules, Signature, Through, encode_event, event_hash
from casework.ledger.fault import Fault, Rulebook
from casework.ledger.verify import CaseHead, EventRow, checkpoint, read_checkpoint, verify

AT = "2026-11-22T02:20:25.123456Z"
TOY = Rulebook(
    digest="toy-digest",
    initial="reported",
    edges={
        ("reported", "plan", "planned"): (0, 0),
        ("planned", "support", "family"): (1, 0),
        ("planned", "admit", "institution"): (2, 0),
        ("institution", "close", "closed"): (1, 0),
        ("family", "close", "closed"): (1, 0),
        ("closed", "reopen", "reported"): (1, 1),
    },
)
BOOKS = {("toy", 1): TOY}


class Journal:
    """A journal as the store would hold it: entries by stream, and where each case's row stands."""

    def __init__(self) -> None:
        self.entries: list[Event] = []
        self.heads: dict[str, CaseHead] = {}
        self.last: dict[str, tuple[int, str]] = {}

    def register(self, case: str) -> None:
        self.heads[case] = CaseHead(machine="toy", version=1, state="reported", seq=0, head=NO_HASH, round=1)
        self.note(case, "case_registered")

    def note(self, case: str, kind: Kind = "task_done") -> None:
        self._append(case, kind, "", self.heads[case].state, 0, ())

    def move(self, case: str, trigger: str, dest: str, *approvers: str) -> None:
        _, added = TOY.edges[self.heads[case].state, trigger, dest]
        self._append(case, "moved", trigger, dest, added, approvers)

    def _append(self, case: str, kind: Kind, trigger: str, dest: str, added: int, approvers: tuple[str, ...]) -> None:
        head = self.heads[case]
        entry = Event(
            stream=f"case:{case}", seq=head.seq + 1, prev=head.head, kind=kind, occurred_at=AT, recorded_at=AT,
            actor=Actor(person="worker", account="a", role="social_worker", office="o"), through=Through(),
            rules=Rules(machine="toy", version=1, definition=TOY.digest), case=case, trigger=trigger, source=head.state, dest=dest,
            round=head.round + added, requester="worker" if approvers else "", evidence_digest="e",
            approvals=tuple(Signature(request="r", role="supervisor", person=person, digest="e", at=AT) for person in approvers),
        )  # fmt: skip
        self.entries.append(entry)
        found = event_hash(encode_event(entry))
        self.heads[case] = msgspec.structs.replace(head, state=dest, seq=entry.seq, head=found, round=entry.round)
        self.last[entry.stream] = (entry.seq, found)

    def sign_in(self, account: str) -> None:
        stream = f"actor:{account}"
        seq, prev = self.last.get(stream, (0, NO_HASH))
        entry = Event(
            stream=stream, seq=seq + 1, prev=prev, kind="signed_in", occurred_at=AT, recorded_at=AT,
            actor=Actor(person="worker", account=account, role="", office="o"), through=Through(),
        )  # fmt: skip
        self.entries.append(entry)
        self.last[stream] = (entry.seq, event_hash(encode_event(entry)))

    def rows(self) -> list[EventRow]:
        return [_row(entry) for entry in sorted(self.entries, key=lambda entry: (entry.stream, entry.seq))]

    def checkpoint(self) -> bytes:
        return checkpoint((stream, seq, head) for stream, (seq, head) in self.last.items())


def _row(entry: Event) -> EventRow:
    body = encode_event(entry)
    people = [signature.person for signature in entry.approvals]
    columns: dict[str, Any] = {"kind": entry.kind, "recorded_at": AT, "outcome": "done", "account_id": entry.actor.account, "case_id": None}
    if entry.case:
        columns = {
            "kind": entry.kind, "recorded_at": AT, "occurred_at": AT, "case_id": entry.case, "machine": "toy", "version": 1,
            "trigger": entry.trigger, "source": entry.source, "dest": entry.dest, "round": entry.round, "approvals_before": len(people),
            "actor": "worker", "requester": entry.requester or None, "approver_1": [*people, None][0],
            "on_behalf_of": entry.actor.on_behalf_of,
            "approver_2": [*people, None, None][1],
        }  # fmt: skip
    return EventRow(entry.stream, entry.seq, body, event_hash(body), entry.prev, columns)


def town() -> Journal:
    journal = Journal()
    for case in ("one", "two"):
        journal.register(case)
        journal.move(case, "plan", "planned")
    journal.note("one")
    journal.move("one", "admit", "institution", "supervisor", "head")
    journal.move("one", "close", "closed", "supervisor")
    journal.move("one", "reopen", "reported", "supervisor")
    for account in ("a", "a", "b"):
        journal.sign_in(account)
    return journal


TOWN = town()
ROWS = TOWN.rows()


def faults(rows: list[EventRow], journal: Journal = TOWN, held: bytes | None = None) -> list[Fault]:
    return [*verify(iter(rows), journal.heads, BOOKS, read_checkpoint(held) if held else None)]


def codes(rows: list[EventRow], journal: Journal = TOWN, held: bytes | None = None) -> set[tuple[str, int, str]]:
    return {(fault.stream, fault.seq, fault.code) for fault in faults(rows, journal, held)}


def changed(place: int, **fields: Any) -> list[EventRow]:
    return [msgspec.structs.replace(row, **fields) if here == place else row for here, row in enumerate(ROWS)]


def place_of(stream: str, seq: int) -> int:
    return next(here for here, row in enumerate(ROWS) if (row.stream, row.seq) == (stream, seq))


def forged(place: int, **fields: Any) -> tuple[list[EventRow], Journal]:
    """Rewrite one entry and everything after it in its stream, heads included, as somebody with the whole database could."""
    journal = Journal()
    journal.heads = dict(TOWN.heads)
    target = ROWS[place]
    for here, entry in enumerate(sorted(TOWN.entries, key=lambda entry: (entry.stream, entry.seq))):
        told = entry
        if entry.stream == target.stream and here >= place:
            told = msgspec.structs.replace(entry, **(fields if here == place else {"prev": journal.last[entry.stream][1]}))
        journal.entries.append(told)
        found = event_hash(encode_event(told))
        journal.last[told.stream] = (told.seq, found)
        if told.case:
            journal.heads[told.case] = msgspec.structs.replace(journal.heads[told.case], head=found, state=told.dest, round=told.round)
    return journal.rows(), journal


def test_a_clean_journal_has_no_faults() -> None:
    assert faults(ROWS) == []
    assert faults(ROWS, held=TOWN.checkpoint()) == []


def test_an_empty_journal_has_no_faults() -> None:
    assert [*verify([], {}, {})] == []


@given(place=st.integers(0, len(ROWS) - 1), where=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255))
def test_one_changed_byte_of_a_body_is_found_and_named(place: int, where: float, bits: int) -> None:
    body = bytearray(ROWS[place].body)
    body[int(where * len(body))] ^= bits
    assert (ROWS[place].stream, ROWS[place].seq, "changed") in codes(changed(place, body=bytes(body)))


@given(place=st.integers(0, len(ROWS) - 1), where=st.integers(0, 63), digit=st.sampled_from("0123456789abcdef"))
def test_one_changed_digit_of_a_hash_is_found_and_named(place: int, where: int, digit: str) -> None:
    row = ROWS[place]
    told = row.hash[:where] + digit + row.hash[where + 1 :]
    if told != row.hash:
        assert (row.stream, row.seq, "changed") in codes(changed(place, hash=told))
    prev = row.prev[:where] + digit + row.prev[where + 1 :]
    if prev != row.prev:
        assert (row.stream, row.seq, "broken_chain") in codes(changed(place, prev=prev))


@given(st.sampled_from([(place, column) for place, row in enumerate(ROWS) for column in row.columns]))
def test_a_column_that_differs_from_the_body_is_named(at: tuple[int, str]) -> None:
    place, column = at
    found = faults(changed(place, columns={**ROWS[place].columns, column: "something else"}))
    assert [(fault.stream, fault.seq, fault.code) for fault in found] == [(ROWS[place].stream, ROWS[place].seq, "column_differs")]
    assert column in found[0].words.en


@given(place=st.integers(0, len(ROWS) - 1))
def test_a_deleted_entry_is_found(place: int) -> None:
    row = ROWS[place]
    rest = [other for other in ROWS if other is not row]
    last = not any(other.stream == row.stream and other.seq > row.seq for other in rest)
    expected = "truncated_since_checkpoint" if last else "gap"
    seq = row.seq if last else row.seq + 1
    assert (row.stream, seq, expected) in codes(rest, held=TOWN.checkpoint())


def test_a_truncated_tail_is_found_from_the_cases_row() -> None:
    assert codes([row for row in ROWS if row.stream != "case:one" or row.seq < 6]) == {("case:one", 5, "truncated")}


def test_a_stream_that_is_gone_is_found() -> None:
    rest = [row for row in ROWS if row.stream != "case:two"]
    assert codes(rest) == {("case:two", 0, "truncated")}
    assert codes(rest, held=TOWN.checkpoint()) == {("case:two", 0, "truncated"), ("case:two", 2, "truncated_since_checkpoint")}


def test_an_accounts_tail_is_found_only_by_a_checkpoint_held_outside() -> None:
    rest = [row for row in ROWS if row.stream != "actor:b"]
    assert codes(rest) == set()
    assert codes(rest, held=TOWN.checkpoint()) == {("actor:b", 1, "truncated_since_checkpoint")}


def test_a_tail_cut_together_with_its_case_is_found_by_the_checkpoint() -> None:
    journal = Journal()
    journal.heads = TOWN.heads | {
        "one": CaseHead(machine="toy", version=1, state="planned", seq=3, head=ROWS[place_of("case:one", 3)].hash, round=1)
    }
    rest = [row for row in ROWS if row.stream != "case:one" or row.seq <= 3]
    assert codes(rest, journal) == set()
    assert codes(rest, journal, TOWN.checkpoint()) == {("case:one", 6, "truncated_since_checkpoint")}


@given(first=st.integers(1, 6), second=st.integers(1, 6))
def test_a_swapped_pair_is_found(first: int, second: int) -> None:
    assume(first != second)
    a, b = place_of("case:one", first), place_of("case:one", second)
    rows = list(ROWS)
    rows[a], rows[b] = msgspec.structs.replace(ROWS[b], seq=first), msgspec.structs.replace(ROWS[a], seq=second)
    found = codes(rows)
    assert {("case:one", first, "misplaced"), ("case:one", second, "misplaced")} <= found
    assert {code for _, _, code in found} & {"broken_chain", "head_differs"}


def test_entries_out_of_order_are_found() -> None:
    rows = list(ROWS)
    rows[0], rows[1] = rows[1], rows[0]
    assert {code for _, _, code in codes(rows)} & {"gap", "repeated"}


def test_a_stream_in_two_pieces_is_found() -> None:
    assert ("actor:a", 1, "scattered") in codes([*ROWS, ROWS[0]])


def test_a_case_of_another_stream_is_found() -> None:
    journal = Journal()
    journal.heads = {"one": TOWN.heads["one"]}
    assert codes(ROWS, journal) == {("case:two", 0, "no_case")}


@pytest.mark.parametrize("seq", range(1, 7))
def test_a_forged_and_recomputed_chain_is_found_by_the_checkpoint(seq: int) -> None:
    rows, journal = forged(place_of("case:one", seq), occurred_at="2031-01-01T00:00:00.000000Z")
    rows = [msgspec.structs.replace(row, columns={}) for row in rows]
    assert codes(rows, journal) == set()
    assert codes(rows, journal, TOWN.checkpoint()) == {("case:one", 6, "differs_from_checkpoint")}


def _signed(*persons: str, digest: str = "e") -> tuple[Signature, ...]:
    return tuple(Signature(request="r", role="supervisor", person=person, digest=digest, at=AT) for person in persons)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"trigger": "skip"}, "no_such_edge"),
        ({"source": "reported"}, "wrong_source"),
        ({"dest": "family"}, "no_such_edge"),
        ({"round": 2}, "wrong_round"),
        ({"approvals": _signed("supervisor")}, "approvals_missing"),
        ({"approvals": ()}, "approvals_missing"),
        ({"approvals": _signed("supervisor", "head", "other")}, "approvals_too_many"),
        ({"approvals": _signed("supervisor", "supervisor")}, "four_eyes"),
        ({"approvals": _signed("supervisor", "worker")}, "four_eyes"),
        ({"requester": "head"}, "four_eyes"),
        ({"approvals": _signed("supervisor", "head", digest="other")}, "other_evidence"),
        ({"kind": "task_done"}, "moved_without_a_move"),
        ({"rules": Rules(machine="toy", version=1, definition="swapped")}, "unknown_definition"),
        ({"rules": Rules(machine="toy", version=2, definition="toy-digest")}, "unknown_definition"),
        ({"v": 2}, "unknown_body_version"),
        ({"stream": "case:two"}, "misplaced"),
    ],
)
def test_a_lawless_entry_in_a_perfect_chain_is_named(fields: dict[str, Any], code: str) -> None:
    place = place_of("case:one", 4)
    rows = list(ROWS)
    body = encode_event(msgspec.structs.replace(msgspec.json.decode(ROWS[place].body, type=Event), **fields))
    rows[place] = EventRow("case:one", 4, body, event_hash(body), ROWS[place].prev)
    rows[place + 1] = msgspec.structs.replace(rows[place + 1], prev=event_hash(body))
    assert ("case:one", 4, code) in codes(rows)


def test_a_definition_known_but_not_the_cases_own_is_named() -> None:
    place = place_of("case:two", 2)
    entry = msgspec.json.decode(ROWS[place].body, type=Event)
    body = encode_event(msgspec.structs.replace(entry, rules=Rules(machine="toy", version=2, definition="second")))
    rows = changed(place, body=body, hash=event_hash(body), columns={})
    heads = TOWN.heads | {"two": msgspec.structs.replace(TOWN.heads["two"], head=event_hash(body))}
    books = BOOKS | {("toy", 2): msgspec.structs.replace(TOY, digest="second")}
    assert {(fault.stream, fault.seq, fault.code) for fault in verify(rows, heads, books)} == {("case:two", 2, "other_definition")}


def test_a_body_that_is_no_entry_is_named_and_the_rest_is_still_read() -> None:
    place = place_of("case:one", 2)
    assert codes(changed(place, body=b"\xff\x00", hash=event_hash(b"\xff\x00"))) == {
        ("case:one", 2, "unreadable"),
        ("case:one", 3, "broken_chain"),
    }


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"state": "closed"}, "state_differs"),
        ({"round": 1}, "state_differs"),
        ({"head": "0" * 64}, "head_differs"),
        ({"seq": 9}, "truncated"),
        ({"seq": 2}, "head_behind"),
        ({"version": 7}, "unknown_definition"),
    ],
)
def test_a_case_row_edited_past_the_program_is_named(fields: dict[str, Any], code: str) -> None:
    journal = Journal()
    journal.heads = TOWN.heads | {"one": msgspec.structs.replace(TOWN.heads["one"], **fields)}
    assert code in {found for stream, _, found in codes(ROWS, journal) if stream == "case:one"}


@pytest.mark.parametrize("fields", [{"body": "{}"}, {"body": None}, {"seq": "two"}, {"hash": None}, {"prev": 7}])
def test_a_column_of_another_type_is_a_fault_and_no_crash(fields: dict[str, Any]) -> None:
    assert {fault.stream for fault in faults(changed(place_of("case:one", 2), **fields))} == {"case:one"}


def test_rows_are_read_once_and_one_at_a_time() -> None:
    read = 0

    def stream() -> Iterator[EventRow]:
        nonlocal read
        for row in [msgspec.structs.replace(ROWS[0], hash="0" * 64), *ROWS[1:]]:
            read += 1
            yield row

    next(iter(verify(stream(), TOWN.heads, BOOKS)))
    assert read == 1


def test_a_checkpoint_says_what_it_was_told() -> None:
    assert read_checkpoint(TOWN.checkpoint()) == TOWN.last
    assert read_checkpoint(checkpoint([])) == {}
    assert TOWN.checkpoint().splitlines()[1] == b"4"


@given(where=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255))
def test_a_changed_checkpoint_is_refused(where: float, bits: int) -> None:
    stored = bytearray(TOWN.checkpoint())
    stored[int(where * len(stored))] ^= bits
    with pytest.raises(Invalid):
        read_checkpoint(bytes(stored))


@pytest.mark.parametrize("stored", [b"", b"hello", b"casework checkpoint v1\n1\n", TOWN.checkpoint()[:-1], TOWN.checkpoint() + b"\n"])
def test_what_is_no_checkpoint_is_refused(stored: bytes) -> None:
    with pytest.raises(Invalid):
        read_checkpoint(stored)
