"""What is urgent exists and concerns somebody, or the tables do not compile."""

import pytest

from casework.machines import urgent
from casework.machines.book import newest_machines
from casework.machines.urgent import URGENT, Urgent, tells, urgent_faults, words_of


def test_every_row_is_sound_and_speaks_both_languages() -> None:
    assert [*urgent_faults(newest_machines())] == []
    for row in URGENT:
        words = words_of(row.of, newest_machines())
        assert words.id != words.en
        assert tells(row.of) == row.tells
    assert tells("plan_days") == ()


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (Urgent("no_such_hours", ("supervisor",)), "neither a deadline nor a step"),
        (Urgent("incident.no_such_step", ("supervisor",)), "neither a deadline nor a step"),
        (Urgent("plan_days", ()), "for nobody"),
        (Urgent("plan_days", ("bupati",)), "bupati is no role"),
        (URGENT[0], "twice"),
    ],
)
def test_an_unsound_row_is_named(monkeypatch: pytest.MonkeyPatch, row: Urgent, named: str) -> None:
    monkeypatch.setattr(urgent, "URGENT", (*URGENT, row))
    assert [named in fault for fault in urgent_faults(newest_machines())] == [True]
