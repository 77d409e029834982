"""Commands that come at the same time share a reading, a writing and a commit: each is decided as if it had come by itself."""

import threading
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from sqlalchemy import insert

from casework.errors import Conflict, Refusal, StaleVersion
from casework.services import cases
from casework.services.cases import AdvanceCase, Advanced
from casework.store.schema import office
from casework.store.unit import Unit
from tests.services.story import Story


def at_once(story: Story, *deeds: Callable[[], Any]) -> list[Any]:
    """Let all of them wait for the same turn to write, and return what each came to, in its place."""
    met: list[Any] = [None] * len(deeds)

    def carry(place: int) -> None:
        try:
            met[place] = deeds[place]()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            met[place] = error

    threads = [threading.Thread(target=carry, args=(place,)) for place in range(len(deeds))]
    pen = story.store._pen
    with pen.held() if pen else nullcontext():
        for thread in threads:
            thread.start()
        while pen and len(pen._waiting) < len(deeds):
            threading.Event().wait(0)
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    return met


def step(story: Story, case: str = "", **call: Any) -> Callable[[], Advanced]:
    """Return the deed of asking for a case's assessment to start."""
    asked = story.call("sari", **call)
    return lambda: cases.advance_case(story.store, asked, AdvanceCase(case=case or story.case, trigger="start_assessment"))


def moves(story: Story) -> int:
    """Return how often the case moved."""
    return len(story.rows("SELECT seq FROM event WHERE case_id = ? AND kind = 'moved'", story.case))


def test_of_steps_of_one_case_at_once_one_is_made_and_the_others_are_decided_on_what_it_changed(reported: Story) -> None:
    seen = reported.row["seq"]
    met = at_once(reported, step(reported, seen=seen), step(reported, seen=seen), step(reported))
    assert moves(reported) == 1
    assert sum(isinstance(each, Advanced) for each in met) == 1
    assert all(isinstance(each, Advanced | StaleVersion | Refusal) for each in met)
    assert reported.row["seq"] == seen + 1


def test_one_key_twice_at_once_has_one_effect_and_one_answer(reported: Story) -> None:
    deed = step(reported, key="satu kunci")
    first, second = at_once(reported, deed, deed)
    assert isinstance(first, Advanced)
    assert first == second
    assert moves(reported) == 1


def test_a_work_that_the_database_refuses_leaves_the_commands_beside_it_as_they_would_have_been(reported: Story) -> None:
    others = [reported.do(cases.register_case, "sari", reported.report(name=f"Anak {number}")).id for number in range(3)]
    refused = len(reported.rows("SELECT seq FROM actor_event WHERE kind = 'refused'"))

    def breaks_a_wall(unit: Unit) -> None:
        unit.run(insert(office).values(id="buruk", name="meja buruk", kind="no such kind"))

    met = at_once(
        reported,
        step(reported),
        *(step(reported, case) for case in others),
        lambda: reported.store.carry_out(reported.call("sari"), breaks_a_wall),
    )
    assert isinstance(met[0], Advanced)
    assert [type(each) for each in met[1:4]] == [Refusal] * 3
    assert isinstance(met[4], Conflict)
    assert moves(reported) == 1
    assert len(reported.rows("SELECT seq FROM actor_event WHERE kind = 'refused'")) == refused + 3
