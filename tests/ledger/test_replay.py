"""The replay of processes: it says nothing about a clean journal, and names whatever an entry, a row or a register says otherwise."""

from collections.abc import Iterable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.ledger.event import Actor, Event, Step, Through, decode_event, encode_event
from casework.ledger.fault import Fault, Rulebook
from casework.ledger.replay import ProcessHead, Replay, StepRow
from casework.ledger.verify import EventRow, verify

AT = ("2026-11-22T02:20:25.000001Z", "2026-11-22T02:20:25.000002Z", "2026-11-22T02:20:25.000003Z", "2026-11-22T02:20:25.000004Z")
GRIEVANCE = Rulebook(
    "digest-g",
    "open",
    {("open", "look", "looked"): (0, 0), ("looked", "extend", "looked"): (0, 0), ("looked", "settle", "settled"): (0, 0)},
)
HOST = Rulebook("digest-h", "registered", {("registered", "activate", "active"): (0, 0), ("active", "suspend", "suspended"): (0, 0)})
SIGNED = Rulebook("digest-s", "open", {("open", "look", "looked"): (1, 0)})
BOOKS = {("grievance", 1): GRIEVANCE, ("host", 1): HOST, ("signed", 1): SIGNED}
ACTOR = Actor(person="worker", account="a", role="social_worker", office="o")


def step(process: str, n: int, trigger: str, source: str, dest: str, machine: str = "grievance") -> Step:
    return Step(
        process=process, n=n, machine=machine, version=1, definition=BOOKS[machine, 1].digest, trigger=trigger, source=source, dest=dest
    )


def entry(stream: str, seq: int, *steps: Step, **says: Any) -> Event:
    said = {"kind": "process_moved", "occurred_at": AT[seq - 1], "recorded_at": AT[seq - 1]} | says
    return Event(stream=stream, seq=seq, prev="", actor=ACTOR, through=Through(), steps=steps, **said)


ENTRIES = (
    entry("case:one", 1, step("g", 1, "open", "", "open")),
    entry("case:one", 2, step("g", 2, "look", "open", "looked"), step("h", 3, "suspend", "active", "suspended", "host")),
    entry("case:one", 3, step("g", 3, "extend", "looked", "looked"), step("g", 4, "settle", "looked", "settled")),
    entry("actor:a", 1, step("h", 1, "open", "", "registered", "host")),
    entry("actor:b", 1),
    entry("actor:b", 2, step("h", 2, "activate", "registered", "active", "host")),
)
"""A case's own process, and a host's whose steps stand in three streams: read in this order, the third comes before the first."""
HEADS = {
    "g": ProcessHead(
        machine="grievance", version=1, state="settled", steps=4, opened_at=AT[0], entered_at=AT[2], case="one"
    ),
    "h": ProcessHead(machine="host", version=1, state="suspended", steps=3, opened_at=AT[0], entered_at=AT[1], status="suspended"),
}  # fmt: skip


def rows(entries: Iterable[Event] = ENTRIES) -> list[StepRow]:
    return [
        StepRow(made.process, made.n, told.stream, told.seq, made.machine, made.version, made.trigger, made.source, made.dest,
                told.occurred_at)
        for told in entries
        for made in told.steps
    ]  # fmt: skip


def faults(
    entries: Iterable[Event] = ENTRIES, heads: dict[str, ProcessHead] | None = None, stored: list[StepRow] | None = None
) -> list[Fault]:
    replay = Replay(BOOKS, HEADS if heads is None else heads, rows() if stored is None else stored)
    return [*(fault for told in entries for fault in replay.read(told)), *replay.end()]


def codes(**given: Any) -> set[tuple[str, int, str]]:
    return {(fault.stream, fault.seq, fault.code) for fault in faults(**given)}


def told(place: int, at: int, **changed: Any) -> tuple[Event, ...]:
    """Return the entries with one step of one entry changed."""
    one = ENTRIES[place]
    steps = tuple(msgspec.structs.replace(made, **changed) if here == at else made for here, made in enumerate(one.steps))
    return (*ENTRIES[:place], msgspec.structs.replace(one, steps=steps), *ENTRIES[place + 1 :])


def test_a_clean_journal_has_no_faults() -> None:
    assert faults() == []
    assert faults(entries=(), heads={}, stored=[]) == []


@given(st.permutations(ENTRIES))
def test_streams_may_be_read_in_any_order(entries: list[Event]) -> None:
    assert faults(entries=sorted(entries, key=lambda event: event.seq)) == []
    assert {fault.code for fault in faults(entries=entries)} == set()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"trigger": "skip"}, "step_no_such_edge"),
        ({"dest": "settled"}, "step_no_such_edge"),
        ({"source": "looked", "trigger": "extend", "dest": "looked"}, "step_wrong_source"),
        ({"version": 2}, "step_unknown_definition"),
        ({"machine": "nobody's"}, "step_unknown_definition"),
        ({"definition": "swapped"}, "step_unknown_definition"),
        ({"machine": "host", "definition": "digest-h"}, "step_other_definition"),
        ({"n": 1}, "step_repeated"),
    ],
)
def test_a_lawless_step_is_named(changed: dict[str, Any], code: str) -> None:
    assert ("case:one", 2, code) in codes(entries=told(1, 0, **changed))


@pytest.mark.parametrize("changed", [{"trigger": "look"}, {"source": "open"}, {"dest": "looked"}])
def test_a_process_that_does_not_begin_at_its_beginning_is_named(changed: dict[str, Any]) -> None:
    assert ("case:one", 1, "step_wrong_beginning") in codes(entries=told(0, 0, **changed))


def test_a_step_that_would_need_signatures_is_named() -> None:
    steps = (step("s", 1, "open", "", "open", "signed"), step("s", 2, "look", "open", "looked", "signed"))
    assert ("case:two", 1, "step_no_such_edge") in codes(entries=(*ENTRIES, entry("case:two", 1, *steps)))


def test_a_missing_step_is_named_where_the_next_one_stands() -> None:
    entries = (*ENTRIES[:1], msgspec.structs.replace(ENTRIES[1], steps=ENTRIES[1].steps[1:]), *ENTRIES[2:])
    assert {("case:one", 3, "step_gap"), ("process:g", 1, "process_differs"), ("process:g", 2, "step_without_entry")} <= codes(
        entries=entries
    )


def test_a_cases_step_in_another_stream_is_named() -> None:
    last = msgspec.structs.replace(ENTRIES[2], stream="case:two", seq=1)
    assert ("case:two", 1, "step_elsewhere") in codes(entries=(*ENTRIES[:2], last, *ENTRIES[3:]))


def test_a_refused_attempt_makes_no_step() -> None:
    last = msgspec.structs.replace(ENTRIES[2], outcome="refused")
    found = codes(entries=(*ENTRIES[:2], last, *ENTRIES[3:]))
    assert {("case:one", 3, "step_of_refused"), ("process:g", 3, "step_without_entry"), ("process:g", 2, "process_differs")} <= found


@pytest.mark.parametrize(
    "changed", [{"state": "looked"}, {"steps": 3}, {"machine": "host"}, {"version": 2}, {"opened_at": AT[1]}, {"entered_at": AT[0]}]
)
def test_a_process_row_edited_past_the_program_is_named(changed: dict[str, Any]) -> None:
    assert codes(heads=HEADS | {"g": msgspec.structs.replace(HEADS["g"], **changed)}) == {("process:g", 4, "process_differs")}


@pytest.mark.parametrize("status", ["active", "revoked", ""])
def test_a_register_that_says_otherwise_is_named(status: str) -> None:
    found = faults(heads=HEADS | {"h": msgspec.structs.replace(HEADS["h"], status=status)})
    assert [(fault.stream, fault.seq, fault.code) for fault in found] == [("process:h", 3, "status_differs")]
    assert "host" in found[0].words.id


def test_a_process_without_a_beginning_and_one_without_a_row_are_named() -> None:
    assert codes(heads=HEADS | {"new": HEADS["g"]}) == {("process:new", 0, "process_without_beginning")}
    assert codes(heads={"g": HEADS["g"]}) == {("case:one", 2, "process_missing")}


@given(place=st.integers(0, 6), field=st.sampled_from(StepRow.__struct_fields__[2:]))
def test_a_step_row_that_differs_from_its_entry_is_named(place: int, field: str) -> None:
    stored = rows()
    row = stored[place]
    stored[place] = msgspec.structs.replace(row, **{field: 9 if field in {"seq", "version"} else "other"})
    assert codes(stored=stored) == {(f"process:{row.process}", row.n, "step_differs")}


def test_rows_that_are_too_many_or_missing_are_named() -> None:
    stored = rows()
    extra = msgspec.structs.replace(stored[0], n=5)
    assert codes(stored=[*stored, extra]) == {("process:g", 5, "step_without_entry")}
    assert codes(stored=[*stored, msgspec.structs.replace(stored[0], process="x")]) == {("process:x", 1, "step_without_entry")}
    assert codes(stored=stored[1:]) == {("process:g", 4, "step_row_missing")}


def test_every_fault_is_said_in_both_languages() -> None:
    broken = faults(entries=told(1, 0, trigger="skip", source="looked"), heads={}, stored=[])
    assert broken
    assert all(fault.words.id and fault.words.en and fault.words.id != fault.words.en for fault in broken)


def test_verify_replays_the_steps_that_the_entries_name() -> None:
    told_of = entry("actor:a", 1, step("h", 1, "open", "", "active", "host"))
    body = encode_event(told_of)
    row = EventRow("actor:a", 1, body, "", told_of.prev)
    found = {fault.code for fault in verify([row], {}, {}, None, Replay(BOOKS, {}, []))}
    assert {"step_wrong_beginning", "process_missing", "step_row_missing"} <= found


def test_an_entry_without_steps_is_written_as_it_always_was() -> None:
    plain = entry("actor:a", 1)
    assert b"steps" not in encode_event(plain)
    assert b"cause" not in encode_event(plain)
    assert decode_event(encode_event(plain)) == plain
    caused = entry("actor:a", 1, *ENTRIES[2].steps, cause="case:one#3")
    assert decode_event(encode_event(caused)) == caused
