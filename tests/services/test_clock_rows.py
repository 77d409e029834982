"""Each row that is the clock's to make: nothing before its moment, made at its moment, once, whatever else fails or runs beside it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from casework.machines.book import all_machines
from casework.machines.clocks import workdays_after
from casework.machines.facts import WITA
from casework.services import audit, cases, processes, registers
from casework.services.processes import AdvanceProcess
from casework.services.registers import ChangeHost
from casework.services.tick import Ticked, tick
from casework.store.call import Call
from casework.store.instants import to_text
from casework.store.workdays import Calendar
from tests.databases import wreck
from tests.services.clock import IN_CARE, comes_at, moment, morning_after, open_tasks, process, run, standing, state, today
from tests.services.story import OPERATOR, PARAMS, Story

TRIED = {
    ("host", "expire"),
    ("staff", "run_out"),
    ("staff", "expire"),
    ("periodic_review", "fall_due"),
    ("periodic_review", "become_overdue"),
    ("periodic_review", "become_critical"),
    ("referral", "fall_silent"),
    ("identity_document", "chase"),
    ("reunification", "trace_again"),
    ("placement", "lapse"),
    ("host", "hold_back"),
    ("host", "release"),
}
"""What is tried here, and of houses and their staff in `test_clock_of_houses.py`."""


def test_every_row_of_the_clock_is_tried() -> None:
    rows = {(machine.definition.name, row.trigger) for machine in all_machines() for row in machine.definition.transitions if row.wakes}
    assert rows == TRIED


def test_a_review_falls_due_on_its_day_is_overdue_and_then_critical(resident: Story) -> None:
    due_at = moment(process(resident, "periodic_review")["due_at"])
    for days, trigger, after in (
        (0, "fall_due", "due"),
        (PARAMS.review_overdue_days, "become_overdue", "overdue"),
        (PARAMS.review_critical_days, "become_critical", "critical"),
    ):
        comes_at(resident, due_at + timedelta(days=days), "periodic_review", trigger)
        assert state(resident, "periodic_review") == after


def test_a_clock_that_stood_still_for_months_makes_up_for_every_step_in_order(resident: Story) -> None:
    due_at = moment(process(resident, "periodic_review")["due_at"])
    steps = run(resident, due_at + timedelta(days=200), "periodic_review")
    assert steps == ["fall_due", "become_overdue", "become_critical"]


def test_a_step_of_the_clock_is_an_entry_of_the_system_in_the_stream_of_its_case(resident: Story) -> None:
    before = len(resident.entries())
    due_at = moment(process(resident, "periodic_review")["due_at"])
    run(resident, due_at, "periodic_review")
    entry = next(entry for entry in resident.entries()[before:] if entry.steps[0].machine == "periodic_review")
    assert (entry.kind, entry.actor.person, entry.actor.account, entry.actor.role) == ("process_moved", "", "system", "clock")
    assert [(step.trigger, step.source, step.dest) for step in entry.steps] == [("fall_due", "scheduled", "due")]


def test_a_review_that_was_endorsed_is_never_overdue(resident: Story) -> None:
    due_at = moment(process(resident, "periodic_review")["due_at"])
    resident.later(days=5)
    resident.sign("F15")
    resident.sign("F16", "halimah")
    resident.decide(resident.waiting("record", "countersign:F16"), "bambang")
    assert run(resident, due_at + timedelta(days=PARAMS.review_overdue_days), "periodic_review") == []


@pytest.mark.parametrize("urgency", ["normal", "urgent"])
def test_a_referral_that_nobody_answers_is_unanswered_and_asks_for_another_body(assessing: Story, urgency: str) -> None:
    story = sent(assessing, urgency)
    entered = moment(process(story, "referral")["entered_at"])
    urgent = entered + timedelta(hours=PARAMS.referral_urgent_hours)
    waits = urgent if urgency == "urgent" else workdays_after(entered, PARAMS.referral_normal_workdays, Calendar(PARAMS))
    comes_at(story, waits, "referral", "fall_silent")
    assert state(story, "referral") == "unanswered"
    assert open_tasks(story) >= {"new_referral_target"}
    assert "referral_reply" not in open_tasks(story)


def sent(story: Story, urgency: str = "normal") -> Story:
    """Send a referral of the case's child to a foundation."""
    story.sign("F22", purposes=["sharing"])
    story.sign("F13", receiver="yayasan", urgency=urgency)
    ask = AdvanceProcess(case=story.case, process=process(story, "referral")["id"], trigger="send")
    story.do(processes.advance_process, "sari", ask)
    return story


def test_a_referral_that_was_answered_does_not_fall_silent(assessing: Story) -> None:
    story = sent(assessing)
    filed = story.rows("SELECT id FROM record WHERE form = 'F13'")[0]["id"]
    story.sign("F13", receiver="yayasan", refusal_reason="Tidak ada tempat.", supersedes=filed)
    assert state(story, "referral") == "declined"
    assert run(story, story.now + timedelta(days=60), "referral") == []


def test_papers_that_are_missing_are_chased_again_and_again(resident: Story) -> None:
    row = process(resident, "identity_document")
    if row["state"] not in {"missing", "applied"}:
        pytest.fail(f"the papers of this story are {row['state']}")
    every = timedelta(days=PARAMS.identity_chase_days)
    first = moment(row["wakes_at"])
    assert first == moment(row["entered_at"]) + every
    comes_at(resident, first, "identity_document", "chase")
    comes_at(resident, first + every, "identity_document", "chase")
    assert "identity_documents" in open_tasks(resident)


def test_a_family_that_was_not_found_is_looked_for_again(resident: Story) -> None:
    process_id = process(resident, "reunification")["id"]
    tracing = [
        {"on": (today(resident) - timedelta(days=days)).isoformat(), "method": method, "result": "belum ditemukan"}
        for days, method in ((15, "visit"), (8, "phone"), (0, "visit"))
    ]
    begin = AdvanceProcess(case=resident.case, process=process_id, trigger="begin_tracing")
    give_up = AdvanceProcess(case=resident.case, process=process_id, trigger="record_not_located")
    resident.do(processes.advance_process, "sari", begin)
    assert resident.refused(processes.advance_process, "sari", give_up) == {"tracing_tried"}
    resident.sign("F14", tracing=tracing, decision="preparing")
    resident.do(processes.advance_process, "sari", give_up)
    entered = moment(process(resident, "reunification")["entered_at"])
    comes_at(resident, entered + timedelta(days=PARAMS.tracing_retry_days), "reunification", "trace_again")
    assert state(resident, "reunification") == "tracing"


def test_clocks_that_run_at_once_make_each_step_once(resident: Story) -> None:
    at = moment(process(resident, "periodic_review")["due_at"])
    host, last = resident.play.cast.hosts["harapan"], today(resident) + timedelta(days=1)
    resident.do(registers.change_host, "bambang", ChangeHost(host=host, licence_until=last.isoformat()))
    start = threading.Barrier(3)

    def together(_: int) -> Ticked:
        start.wait()
        return tick(resident.store, at)

    with ThreadPoolExecutor(3) as pool:
        runs = [*pool.map(together, range(3))]
    made = [step for done in runs for step in done.made]
    assert [done.failed for done in runs] == [(), (), ()]
    assert made.count(("host", "expire")) == 1
    assert len(resident.rows("SELECT 1 FROM process_step WHERE process_id = ? AND trigger = 'expire'", host)) == 1
    falls = resident.rows("SELECT 1 FROM process_step s JOIN process p ON p.id = s.process_id WHERE s.trigger = 'fall_due'")
    assert len(falls) == made.count(("periodic_review", "fall_due")) == 1
    report = audit.verify_trail(resident.store, Call(who=OPERATOR, at=resident.now))
    assert report.whole, report.faults


def test_what_fails_with_one_process_stops_no_other_and_is_told_and_tried_again(resident: Story) -> None:
    host, last = resident.play.cast.hosts["nur"], today(resident) + timedelta(days=1)
    resident.do(registers.change_host, "bambang", ChangeHost(host=host, licence_until=last.isoformat()))
    at = moment(process(resident, "periodic_review")["due_at"])
    resident.store.close()
    wreck(resident.database, "UPDATE care_case SET seq = seq - 1", mended=True)
    done = tick(resident.store, at)
    assert ("host", "expire") in done.made
    review = process(resident, "periodic_review")["id"]
    assert any(review in told for told in done.failed)
    assert standing(resident, "host", host) == "expired"
    again = tick(resident.store, at)
    assert (again.made, again.failed) == ((), done.failed)
    resident.store.close()
    wreck(resident.database, "UPDATE care_case SET seq = seq + 1", mended=True)
    assert ("periodic_review", "fall_due") in tick(resident.store, at).made


def test_more_failures_than_one_look_takes_in_keep_nobody_waiting(resident: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest waiting come first: those that fail must not be all that is ever looked at."""
    host, last = resident.play.cast.hosts["nur"], today(resident) + timedelta(days=1)
    resident.do(registers.change_host, "bambang", ChangeHost(host=host, licence_until=last.isoformat()))
    at = moment(process(resident, "periodic_review")["due_at"])
    resident.store.close()
    long_ago = to_text(resident.now)
    wreck(
        resident.database,
        "UPDATE care_case SET seq = seq - 1",
        f"UPDATE process SET wakes_at = '{long_ago}' WHERE machine = 'periodic_review'",  # noqa: S608 - our own
        mended=True,
    )
    monkeypatch.setattr("casework.services.tick.BATCH", 1)
    done = tick(resident.store, at)
    assert done.failed != ()
    assert ("host", "expire") in done.made


def test_nothing_wakes_when_nothing_is_due(reported: Story) -> None:
    before = reported.dump()
    assert tick(reported.store, reported.now) == Ticked(0, (), ())
    assert reported.dump() == before


def status(story: Story) -> tuple[str, str, str]:
    """Return how the newest placement stands, where its process does, and the case."""
    found = story.rows("SELECT r.status, p.state FROM placement r JOIN process p ON p.id = r.id ORDER BY r.started_at DESC LIMIT 1")[0]
    return found["status"], found["state"], str(story.row["state"])


def test_the_bed_of_a_missing_child_is_held_for_its_days_and_then_free_and_the_child_stays_missing(resident: Story) -> None:
    resident.sign("F17", "halimah", type="missing", subject_household="harapan")
    resident.advance("report_missing", "halimah")
    until = today(resident) + timedelta(days=PARAMS.missing_hold_days)
    assert moment(process(resident, "placement")["wakes_at"]) == morning_after(until)
    assert status(resident) == ("reserved", "reserved", "missing")
    comes_at(resident, morning_after(until), "placement", "lapse")
    assert status(resident) == ("ended", "ended", "missing")
    ended = resident.rows("SELECT ended_at, ended_by FROM placement ORDER BY started_at DESC LIMIT 1")[0]
    assert (moment(ended["ended_at"]).astimezone(WITA).date(), ended["ended_by"]) == (until, "hold_lapsed")
    assert resident.entries()[-1].effects == ("placement ended: hold lapsed",)
    overdue = resident.rows("SELECT due_at FROM task WHERE kind = 'missing_hold' AND settled_at IS NULL")
    assert [moment(row["due_at"]).astimezone(WITA).date() for row in overdue] == [until], "the alarm (DOMAIN 7.1.4)"
    assert "missing_within_30_days" in resident.refused(cases.advance_case, "sari", resident.step("resume_after_missing"))
    assert audit.verify_trail(resident.store, Call(who=OPERATOR, at=resident.now)).whole


def test_a_bed_that_is_held_for_a_trial_and_then_for_a_missing_child_is_held_no_longer_than_it_was(tell: Callable[..., Story]) -> None:
    story = tell(*IN_CARE, "trial_home_stay")
    held = moment(process(story, "placement")["wakes_at"])
    story.later(days=50)
    story.sign("F17", type="missing", subject_household="")
    story.advance("report_missing")
    assert moment(process(story, "placement")["wakes_at"]) == held
    comes_at(story, held, "placement", "lapse")
    assert status(story) == ("ended", "ended", "missing")
