"""What the verifier says of entries that erase: a basis, two natural persons, and nothing after them."""

import pytest

from casework.ledger.erasure import Erasure
from casework.ledger.event import Actor, Event, Kind, Through


def entry(kind: Kind = "redacted", requester: str = "worker", basis: str = "retention_over") -> Event:
    actor = Actor(person="head", account="head", role="dinas_head", office="office")
    at = "2026-11-22T02:20:25.123456Z"
    said = {"stream": "case:1", "seq": 1, "prev": "", "occurred_at": at, "recorded_at": at, "actor": actor, "through": Through()}
    return Event(kind=kind, requester=requester, reason_code=basis, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        (entry(), []),
        (entry(basis=""), ["unfounded_erasure"]),
        (entry(requester=""), ["unfounded_erasure"]),
        (entry(requester="head"), ["four_eyes"]),
        (entry(requester="stand-in"), ["four_eyes"]),
    ],
)
def test_an_erasure_has_a_basis_and_two_natural_persons(told: Event, codes: list[str]) -> None:
    assert [*Erasure().read(told, [("stand-in", "head")])] == codes


def test_nothing_follows_an_erasure() -> None:
    erasure = Erasure()
    assert [*erasure.read(entry("task_done"), ())] == []
    assert [*erasure.read(entry(), ())] == []
    assert [*erasure.read(entry("task_done"), ())] == ["after_erasure"]
    assert [*erasure.read(entry(), ())] == ["after_erasure"]
