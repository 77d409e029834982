"""What must not wait any longer is put before the head of the office anew every day until it is settled, however often the clock looks.

(DOMAIN 2.3: never a silent extension, at day 28 breached and escalated daily; T28; alarms of 7.1.4.)
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import msgspec
import pytest

from casework.services import audit, caseload, records
from casework.services.records import CompleteTask
from casework.services.tick import Ticked, tick
from casework.services.work import my_work
from casework.store.call import Call
from tests.services.beside import found_and_sent_home, go_missing
from tests.services.story import OPERATOR, PARAMS, Story, open_store


def look(story: Story) -> Ticked:
    done = tick(story.store, story.now)
    assert done.failed == ()
    return done


def open_tasks(story: Story, kind: str) -> list[str]:
    rows = story.rows("SELECT due_at FROM task WHERE case_id = ? AND kind = ? AND settled_at IS NULL", story.case, kind)
    return [row["due_at"] for row in rows]


def asked(story: Story, kind: str) -> int:
    return int(story.rows("SELECT count(*) FROM task WHERE case_id = ? AND kind = ?", story.case, kind)[0][0])


def report(story: Story, kind: str, by: str) -> set[str]:
    ask = CompleteTask(case=story.case, task=story.play.open_task(kind), note="Sudah ditangani.")
    return story.refused(records.complete_task, by, ask)


@pytest.fixture
def breached(emergency: Story) -> Story:
    """A child who is in emergency care for more than four weeks."""
    emergency.later(days=PARAMS.emergency_breach_days)
    return emergency


def test_an_emergency_has_a_limit_that_no_extension_moves(emergency: Story) -> None:
    (limit,) = open_tasks(emergency, "emergency_limit")
    entered = emergency.rows("SELECT entered_at FROM care_case WHERE id = ?", emergency.case)[0][0]
    assert datetime.fromisoformat(limit).date().isoformat() == (datetime.fromisoformat(entered) + timedelta(days=28)).date().isoformat()
    emergency.sign("F06", options=[{"option": "emergency", "view": "Mau tinggal dulu.", "agrees": "yes"}])
    emergency.sign("F08", kind="emergency", setting="emergency", exit_plan="Pulang ke bibi.")
    request = emergency.wish("extend_emergency")
    emergency.decide(request, "yusuf")
    emergency.advance("extend_emergency")
    assert open_tasks(emergency, "emergency_limit") == [limit]


def test_before_its_limit_an_emergency_is_put_before_nobody(emergency: Story) -> None:
    emergency.later(days=PARAMS.emergency_breach_days - 2)
    assert look(emergency).reminded == ()
    assert caseload.head_tasks(emergency.store, emergency.call("yusuf")) == ()


def test_a_breached_emergency_is_put_before_the_head_of_the_office_every_day(breached: Story) -> None:
    assert look(breached).reminded == ("head_emergency",)
    assert look(breached).reminded == ()
    (line,) = caseload.head_tasks(breached.store, breached.call("yusuf"))
    assert line.case == breached.case
    assert "melanggar batas" in line.words.id
    for day in (2, 3):
        breached.later(days=1)
        assert look(breached).reminded == ("head_emergency",)
        assert asked(breached, "head_emergency") == day
        assert len(open_tasks(breached, "head_emergency")) == 1
    entry = breached.entries()[-1]
    assert (entry.kind, entry.actor.role, entry.effects) == ("task_due", "clock", ("due: head_emergency (head_reminder_hours)",))
    assert audit.verify_trail(breached.store, Call(who=OPERATOR, at=breached.now)).whole


@pytest.mark.parametrize("hours", [24, 25])
def test_the_head_answers_within_24_hours_or_as_set_and_after_that_it_is_late_before_supervisor_and_head(
    breached: Story, hours: int
) -> None:
    store = open_store(breached.database.target, msgspec.structs.replace(PARAMS, head_reminder_hours=hours))
    tick(store, breached.now)
    store.close()
    (due,) = open_tasks(breached, "head_emergency")
    assert datetime.fromisoformat(due) == breached.now + timedelta(hours=hours)
    (reminder,) = breached.rows("SELECT id FROM task WHERE kind = 'head_emergency' AND settled_at IS NULL")
    for seconds, told in ((0, set()), (1, {"bambang", "yusuf"})):
        at = datetime.fromisoformat(due) + timedelta(seconds=seconds)
        lists = {by: my_work(breached.store, Call(who=breached.who(by), at=at)) for by in ("sari", "bambang", "yusuf")}
        assert {by for by, page in lists.items() for one in page if (one.id, one.group) == (reminder["id"], "overdue")} == told


def test_nobody_else_is_shown_what_is_the_heads_to_decide(breached: Story) -> None:
    look(breached)
    for by in ("sari", "bambang", "nadia"):
        assert caseload.head_tasks(breached.store, breached.call(by)) == ()
        assert report(breached, "head_emergency", by) == {"role_not_allowed"}


def test_the_head_answers_for_a_day_and_is_asked_again_while_it_lasts(breached: Story) -> None:
    look(breached)
    assert report(breached, "head_emergency", "yusuf") == set()
    assert look(breached).reminded == ()
    breached.later(days=1)
    assert look(breached).reminded == ("head_emergency",)


def test_many_clocks_at_once_remind_once(breached: Story) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: tick(breached.store, breached.now), range(4)))
    assert [kind for each in done for kind in each.reminded] == ["head_emergency"]
    assert all(each.failed == () for each in done)
    assert asked(breached, "head_emergency") == 1


def test_a_clock_that_slept_for_days_reminds_once_and_not_for_the_days_it_slept(breached: Story) -> None:
    breached.later(days=9)
    assert look(breached).reminded == ("head_emergency",)
    assert asked(breached, "head_emergency") == 1


def test_what_was_asked_for_ends_with_the_emergency(breached: Story) -> None:
    look(breached)
    go_missing(breached)
    assert open_tasks(breached, "head_emergency") != []
    found_and_sent_home(breached)
    assert open_tasks(breached, "head_emergency") == open_tasks(breached, "emergency_limit") == []
    assert look(breached).reminded == ()


def test_a_resident_who_is_undecided_after_a_year_is_put_before_the_head_every_day(tell: Callable[..., Story]) -> None:
    story = tell("institution_unverified")
    story.later(days=PARAMS.legacy_decide_days)
    assert look(story).reminded == ("head_legacy",)
    story.later(days=1)
    assert look(story).reminded == ("head_legacy",)
    assert report(story, "legacy_decision", "bambang") == set()
    assert open_tasks(story, "head_legacy") == []
    story.later(days=1)
    assert look(story).reminded == ()
