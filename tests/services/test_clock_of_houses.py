"""What the clock makes of houses and their staff: licences and police records run out, and reviews left undone close a house."""

from datetime import date, timedelta

import pytest

from casework.services import audit, processes, registers
from casework.services.processes import AdvanceHost, AdvanceStaff
from casework.services.registers import ChangeHost, ChangeStaff
from casework.store.call import Call
from tests.services.clock import MOMENT, comes_at, member_of, moment, morning_after, process, run, standing, state, today
from tests.services.story import OPERATOR, PARAMS, Story


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
