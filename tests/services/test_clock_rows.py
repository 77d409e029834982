"""Each row that is the clock's to make: nothing before its moment, made at its moment, once, whatever else fails or runs beside it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta

import pytest

from casework.machines.book import all_machines
from casework.machines.clocks import workdays_after
from casework.machines.facts import WITA
from casework.services import audit, cases, processes, registers
from casework.services.processes import AdvanceHost, AdvanceProcess, AdvanceStaff
from casework.services.registers import ChangeHost, ChangeStaff
from casework.services.tick import Ticked, tick
from casework.store.call import Call
from casework.store.instants import to_text
from casework.store.workdays import Calendar
from tests.databases import wreck
from tests.services.conftest import ADMISSION
from tests.services.story import OPERATOR, PARAMS, Story

IN_CARE = (*ADMISSION, "institutional_care")
MOMENT = timedelta(seconds=1)
TRIED_HERE = {
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


@pytest.fixture
def resident(tell: Callable[..., Story]) -> Story:
    """A child who lives in `harapan`."""
    return tell(*IN_CARE)


def state(story: Story, machine: str) -> str:
    """Return where the newest process of a machine beside the case stands."""
    return str(process(story, machine)["state"])


def process(story: Story, machine: str) -> dict[str, str]:
    found = story.rows("SELECT * FROM process WHERE case_id = ? AND machine = ? ORDER BY opened_at DESC, id DESC", story.case, machine)
    return {name: found[0][name] for name in ("id", "state", "due_at", "wakes_at", "entered_at")}


def moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored)


def run(story: Story, at: datetime, machine: str) -> list[str]:
    """Let the clock run, and return the steps it made of one machine. The story goes on from then."""
    done = tick(story.store, at)
    assert done.failed == ()
    story.play.now = max(story.now, at)
    return [trigger for name, trigger in done.made if name == machine]


def comes_at(story: Story, at: datetime, machine: str, trigger: str) -> None:
    """A step is not made a second before its moment, is made at it, and is not made again."""
    assert run(story, at - MOMENT, machine) == []
    assert run(story, at, machine) == [trigger]
    before = story.dump()
    assert run(story, at, machine) == []
    assert story.dump() == before


def morning_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), WITA)


def today(story: Story) -> date:
    return story.now.astimezone(WITA).date()


def test_every_row_of_the_clock_is_tried_here() -> None:
    rows = {(machine.definition.name, row.trigger) for machine in all_machines() for row in machine.definition.transitions if row.wakes}
    assert rows == TRIED_HERE


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


def open_tasks(story: Story) -> set[str]:
    return {row["kind"] for row in story.rows("SELECT kind FROM task WHERE case_id = ? AND settled_at IS NULL", story.case)}


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


def test_a_licence_runs_out_the_morning_after_its_last_day_and_every_child_there_must_move(resident: Story) -> None:
    host, last = resident.play.cast.hosts["harapan"], today(resident) + timedelta(days=3)
    resident.do(registers.change_host, "bambang", ChangeHost(host=host, licence_until=last.isoformat()))
    before = len(resident.entries())
    comes_at(resident, morning_after(last), "host", "expire")
    assert standing(resident, "host", host) == "expired"
    due = {row["kind"]: moment(row["due_at"]) for row in resident.rows("SELECT kind, due_at FROM task WHERE settled_at IS NULL")}
    assert due["review"] == morning_after(last) + timedelta(days=PARAMS.host_review_days)
    assert due["relocation_plan"] == morning_after(last) + timedelta(days=PARAMS.host_relocation_days)
    assert moment(process(resident, "periodic_review")["due_at"]) == due["review"]
    cause = resident.attempts_of("system")[-1]
    told = resident.entries()[before:]
    assert {entry.kind for entry in told} == {"task_due"}
    assert {entry.cause for entry in told} == {f"{cause.stream}#{cause.seq}"}
    assert [(step.machine, step.trigger) for step in cause.steps] == [("host", "expire")]


def standing(story: Story, table: str, entry: str) -> str:
    """Return what a register says, which is what its process says."""
    found = story.rows(f"SELECT r.status, p.state FROM {table} r JOIN process p ON p.id = r.id WHERE r.id = ?", entry)[0]  # noqa: S608 - our own tables' names
    assert found["status"] == found["state"]
    return str(found["status"])


def test_a_licence_that_was_renewed_in_time_does_not_run_out_and_one_renewed_late_is_in_force_again(resident: Story) -> None:
    host, first = resident.play.cast.hosts["harapan"], today(resident) + timedelta(days=3)
    second = first + timedelta(days=30)
    for last in (first, second):
        resident.do(registers.change_host, "bambang", ChangeHost(host=host, licence_until=last.isoformat()))
    assert run(resident, morning_after(first), "host") == []
    assert run(resident, morning_after(second), "host") == ["expire"]
    renew = AdvanceHost(host=host, trigger="renew")
    assert resident.refused(processes.advance_host, "bambang", renew) == {"licensed_or_known"}
    later = today(resident) + timedelta(days=365)
    resident.do(registers.change_host, "bambang", ChangeHost(host=host, licence_until=later.isoformat()))
    resident.do(processes.advance_host, "bambang", renew)
    assert standing(resident, "host", host) == "active"
    row = resident.rows("SELECT wakes_at FROM process WHERE id = ?", host)[0]
    assert moment(row["wakes_at"]) == morning_after(later)


def test_a_house_that_is_suspended_does_not_lose_its_licence_a_second_time(reported: Story) -> None:
    host, last = reported.play.cast.hosts["harapan"], today(reported) + timedelta(days=3)
    reported.do(registers.change_host, "bambang", ChangeHost(host=host, licence_until=last.isoformat()))
    reported.do(processes.advance_host, "yusuf", AdvanceHost(host=host, trigger="suspend"))
    assert run(reported, morning_after(last), "host") == []
    assert standing(reported, "host", host) == "suspended"


def test_a_police_record_is_warned_of_runs_out_and_is_renewed(reported: Story) -> None:
    host, member = reported.play.cast.hosts["harapan"], reported.play.cast.staff["harapan", "Dewi Kartika"]
    until = today(reported) + timedelta(days=PARAMS.clearance_warning_days + 2)
    papers_until(reported, member, until)
    comes_at(reported, morning_after(until - timedelta(days=PARAMS.clearance_warning_days)), "staff", "run_out")
    assert standing(reported, "staff", member) == "expiring"
    for name in ("Halimah Nur", "Anton Wijaya"):
        papers_until(reported, reported.play.cast.staff["harapan", name], until + timedelta(days=300))
    before = {row["id"] for row in reported.rows("SELECT id FROM staff WHERE status = 'expired'")}
    assert member not in before
    run(reported, morning_after(until) - MOMENT, "staff")
    assert standing(reported, "staff", member) == "expiring"
    assert "expire" in run(reported, morning_after(until), "staff")
    assert standing(reported, "staff", member) == "expired"
    clear = AdvanceStaff(host=host, staff=member, trigger="clear")
    assert reported.refused(processes.advance_staff, "bambang", clear) == {"police_record_current"}
    papers_until(reported, member, today(reported) + timedelta(days=PARAMS.clearance_days))
    reported.do(processes.advance_staff, "bambang", clear)
    assert standing(reported, "staff", member) == "cleared"


def papers_until(story: Story, member: str, until: date) -> None:
    """Record a police record that clears until this day."""
    dated = until - timedelta(days=PARAMS.clearance_days)
    story.do(registers.change_staff, "bambang", ChangeStaff(staff=member, police_record_on=dated.isoformat()))


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


def member_of(story: Story) -> tuple[str, str]:
    return story.play.cast.hosts["harapan"], story.play.cast.staff["harapan", "Dewi Kartika"]


@pytest.mark.parametrize("dated", [None, "2020-01-01"])
def test_a_police_record_that_is_taken_away_ends_the_clearance_at_once(resident: Story, dated: str | None) -> None:
    _, member = member_of(resident)
    resident.do(registers.change_staff, "bambang", ChangeStaff(staff=member, police_record_on=dated))
    found = resident.rows("SELECT s.status, p.state FROM staff s JOIN process p ON p.id = s.id WHERE s.id = ?", member)[0]
    assert (found["status"], found["state"]) == ("expired", "expired")
    host = member_of(resident)[0]
    resident.do(processes.advance_host, "bambang", AdvanceHost(host=host, trigger="restrict"))
    assert "team_cleared" in resident.refused(processes.advance_host, "bambang", AdvanceHost(host=host, trigger="lift"))
    assert audit.verify_trail(resident.store, Call(who=OPERATOR, at=resident.now)).whole


def test_a_licence_that_turns_out_to_be_over_runs_out_at_once_and_the_children_there_are_looked_at(resident: Story) -> None:
    host = member_of(resident)[0]
    resident.do(registers.change_host, "bambang", ChangeHost(host=host, licence_until="2020-01-01"))
    assert resident.rows("SELECT status FROM host WHERE id = ?", host)[0]["status"] == "expired"
    assert resident.rows("SELECT kind FROM task WHERE kind = 'relocation_plan' AND settled_at IS NULL")


def late(story: Story) -> str:
    """Let the review of the child become critically overdue, and return the house where it lives."""
    due_at = moment(process(story, "periodic_review")["due_at"])
    run(story, due_at + timedelta(days=PARAMS.review_critical_days), "periodic_review")
    run(story, story.now, "host")
    return member_of(story)[0]


def caught_up(story: Story) -> None:
    story.sign("F15")
    story.sign("F16", "halimah")
    run(story, story.now, "host")


def test_an_lksa_with_a_review_that_is_critically_overdue_takes_no_child_until_it_has_caught_up(resident: Story) -> None:
    host = late(resident)
    assert (state(resident, "periodic_review"), standing(resident, "host", host)) == ("critical", "restricted")
    caught_up(resident)
    assert standing(resident, "host", host) == "active"
    assert audit.verify_trail(resident.store, Call(who=OPERATOR, at=resident.now)).whole


def test_what_an_incident_has_restricted_is_not_freed_by_a_review(resident: Story) -> None:
    host = late(resident)
    resident.sign("F17", type="physical", subject_household="harapan", accused_staff=[])
    caught_up(resident)
    assert state(resident, "periodic_review") == "submitted"
    assert standing(resident, "host", host) == "restricted"
    made = resident.rows("SELECT trigger FROM process_step WHERE process_id = ? ORDER BY n DESC LIMIT 1", host)
    assert made[0]["trigger"] == "restrict"
    assert "no_open_incident" in resident.refused(processes.advance_host, "bambang", AdvanceHost(host=host, trigger="lift"))
