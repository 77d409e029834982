"""What the verifier says of entries that ask somebody into the field: for thirty days at most, and ended where it was asked."""

import pytest

from casework.ledger.errands import ErrandHead, Errands
from casework.ledger.event import Actor, Errand, Event, Kind, Through

ASKED, ENDED = "2026-11-01T02:00:00.000000Z", "2026-11-05T02:00:00.000000Z"
IN_TIME, LATE = "2026-11-30T15:59:59.999999Z", "2026-12-11T02:00:00.000000Z"


def errand(due_at: str = IN_TIME) -> Errand:
    return Errand(id="task", person="iwan", kind="field_visit", district="64.02.06", due_at=due_at)


def entry(kind: Kind, case: str = "one", at: str = ASKED, asked: Errand | None = None, ended: tuple[str, ...] = ()) -> Event:
    actor = Actor(person="maya", account="maya", role="supervisor", office="office")
    said = {"stream": f"case:{case}", "seq": 1, "prev": "", "occurred_at": at, "recorded_at": at, "actor": actor, "through": Through()}
    return Event(kind=kind, case=case, errand=asked, ended=ended, **said)  # type: ignore[arg-type]


def codes(asked: Errand, *entries: Event, ended_at: str | None = None) -> list[str]:
    told = Errands([ErrandHead(asked=asked, case="one", asked_at=ASKED, ended_at=ended_at)])
    for one in (entry("field_asked", asked=asked), *entries):
        told.read(one)
    return [fault.code for fault in told.end()]


@pytest.mark.parametrize(
    ("due_at", "found"),
    [
        (IN_TIME, []),
        ("2026-12-11T02:00:00.000000Z", ["errand_too_long"]),
        ("never", ["errand_too_long"]),
        ("2026-11-30", ["errand_too_long"]),
    ],
)
def test_nobody_is_in_the_field_for_more_than_thirty_days_nor_until_what_is_no_moment(due_at: str, found: list[str]) -> None:
    assert codes(errand(due_at)) == found


def test_what_was_asked_ends_in_the_case_it_was_asked_in() -> None:
    for case, found in (("one", []), ("other", ["errand_of_another_case"])):
        assert codes(errand(), entry("field_ended", case=case, at=ENDED, ended=("task",)), ended_at=ENDED) == found
