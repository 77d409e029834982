"""The judge of the soaks sees what is missing and what is there twice. It runs with everything else, because a soak is run rarely."""

from casework.ledger.event import NO_HASH, Actor, Event, Through, encode_event
from tests.soak.oracle import Judged, journalled, judge
from tests.store import mover

AT = "2026-11-22T00:00:00.000000Z"


def body(key: str) -> bytes:
    actor = Actor(person="p", account="a", role="social_worker", office="o")
    through = Through(device="terminal", key=key)
    return encode_event(
        Event(stream="case:c", seq=1, prev=NO_HASH, kind="moved", occurred_at=AT, recorded_at=AT, actor=actor, through=through)
    )


def test_what_is_there_once_is_neither_lost_nor_twice() -> None:
    assert judge([body("client0-0"), body("client0-1"), body("")], ["client0-0", "client0-1"]) == Judged((), ())


def test_a_missing_write_and_a_doubled_one_are_named() -> None:
    assert judge([body("client0-0"), body("client0-0")], ["client0-0", "client0-1"]) == Judged(("client0-1",), ("client0-0",))


def test_only_drafts_are_left_out() -> None:
    told = [("client0", at, "c", b"") for at in range(2 * mover.STEPS)]
    assert len(journalled(told)) == 2 * mover.STEPS - 2
