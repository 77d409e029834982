"""What an incident brings about in a house, and the steps of houses and their staff: by others than the accused, also in a race."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from casework.errors import Invalid, NotFound, Refusal
from casework.services import accusable, people, processes, registers
from casework.services.processes import AdvanceHost, AdvanceStaff
from casework.services.records import sign_record
from casework.services.registers import AddHost, AddStaff, ChangeHost, ChangeStaff
from casework.store.call import Call, Seat
from tests.services.beside import DEWI, another_resident, asked, beside, entries_of, house, make, report, standing, state, whole
from tests.services.story import OPERATOR, PARAMS, Story
from tests.services.test_access import seen_by


def test_an_incident_restricts_the_house_suspends_the_accused_and_brings_every_childs_review_forward_in_one_entry(resident: Story) -> None:
    other = another_resident(resident)
    before = len(entries_of(resident, other))
    report(resident)
    entry = resident.entries()[-1]
    assert entry.kind == "record_signed"
    moved = {(told.machine, told.trigger): told.process for told in entry.steps}
    assert moved == {
        ("incident", "open"): beside(resident, "incident"),
        ("host", "restrict"): house(resident),
        ("staff", "suspend"): resident.play.cast.staff[DEWI],
    }
    assert standing(resident, "host", house(resident)) == "restricted"
    assert standing(resident, "staff", resident.play.cast.staff[DEWI]) == "suspended"
    within = datetime.fromisoformat(entry.occurred_at) + timedelta(days=PARAMS.incident_review_days)
    for case in (resident.case, other):
        due = resident.rows("SELECT due_at FROM task WHERE case_id = ? AND kind = 'review' AND settled_at IS NULL", case)
        assert [datetime.fromisoformat(row["due_at"]) for row in due] == [within]
        review = resident.rows("SELECT due_at FROM process WHERE case_id = ? AND machine = 'periodic_review'", case)
        assert [datetime.fromisoformat(row["due_at"]) for row in review] == [within]
    told = entries_of(resident, other)[before:]
    assert [(each.kind, each.cause, each.actor.role) for each in told] == [("task_due", f"case:{resident.case}#{entry.seq}", "system")]
    assert whole(resident)


def test_what_is_no_harm_done_by_a_house_accuses_nobody(resident: Story) -> None:
    report(resident, type="missing", accused_staff=[])
    assert standing(resident, "host", house(resident)) == "active"


def told_of(story: Story, by: str) -> set[tuple[str, str]]:
    """Return the staff whom a report may name, as this person is told: who, and of which house."""
    return {(one.name, one.house) for one in accusable.list_accusable(story.store, story.call(by), story.case)}


def test_a_report_names_staff_of_the_childs_houses_and_a_house_is_told_its_own(resident: Story) -> None:
    """Whoever may read the report also knows whom it names, be they of a house where the child never lived."""
    elsewhere = resident.do(registers.add_host, "bambang", AddHost(name="LKSA Lain", kind="lksa")).id
    stranger = resident.do(registers.add_staff, "bambang", AddStaff(host=elsewhere, name="Petugas Lain", duty="pengasuh")).id
    own, other = ("Dewi Kartika", "LKSA Harapan Mahakam"), ("Petugas Lain", "LKSA Lain")
    assert own in told_of(resident, "sari")
    assert other not in told_of(resident, "sari")
    report(resident, accused_staff=[stranger])
    assert {own, other} <= told_of(resident, "bambang")
    assert own in told_of(resident, "halimah")
    assert other not in told_of(resident, "halimah")
    resident.enrol("lain", "supervisor", resident.other_office())
    with pytest.raises(NotFound):
        told_of(resident, "lain")


def test_a_step_of_a_host_tells_every_child_there_why(resident: Story) -> None:
    other = another_resident(resident)
    before = {case: len(entries_of(resident, case)) for case in (resident.case, other)}
    made = resident.do(processes.advance_host, "yusuf", AdvanceHost(host=house(resident), trigger="suspend"))
    cause = resident.attempts("yusuf")[-1]
    assert (cause.kind, cause.steps[0].trigger, made.state) == ("process_moved", "suspend", "suspended")
    for case, seen in before.items():
        told = entries_of(resident, case)[seen:]
        assert {each.cause for each in told} == {f"{cause.stream}#{cause.seq}"}
        assert {effect for each in told for effect in each.effects} == {
            "due: review (host_review_days)",
            "due: relocation_plan (host_relocation_days)",
        }
    assert whole(resident)


def test_a_report_that_is_undone_at_the_end_leaves_no_trace_of_anything_it_brought(resident: Story) -> None:
    """Entered too late by somebody who may not: told last, after every step and every entry was made."""
    another_resident(resident)
    resident.later(days=30)
    before = resident.dump()
    happened = resident.now - timedelta(days=PARAMS.backdating_days + 2)
    ask = resident.form("F17", type="physical", subject_household="harapan", accused_staff=[resident.play.cast.staff[DEWI]])
    assert resident.refused(sign_record, "sari", ask, occurred_at=happened) == {"backdating_needs_supervisor"}
    after = resident.dump()
    assert {table for table in before if before[table] != after[table]} == {"actor_event"}
    assert standing(resident, "host", house(resident)) == "active"


def test_whoever_reported_an_incident_does_not_examine_it_whatever_the_account(resident: Story) -> None:
    report(resident, "rina", reported_to_dinas_at="now", dinas_reference="001")
    make(resident, "incident", ("triage", "maya"), ("protect", "sari"), ("notify", "sari"))
    assert asked(resident, "incident", "investigate", "rina_supervisor") == {"investigator_independent"}
    assert asked(resident, "incident", "investigate", "bambang") == set()
    resident.sign("F15")
    first = resident.rows("SELECT id FROM record WHERE form = 'F17'")[0]["id"]
    found = {"finding": "unsubstantiated", "investigation": "Saksi didengar.", "closed": "yes"}
    report(resident, "rina", supersedes=first, reported_to_dinas_at="now", dinas_reference="001", **found)
    assert asked(resident, "incident", "find_unsubstantiated", "rina_supervisor") == {"investigator_independent"}
    assert asked(resident, "incident", "substantiate", "bambang") == {"found_substantiated"}
    assert asked(resident, "incident", "find_unsubstantiated", "bambang") == set()
    assert asked(resident, "incident", "close", "lina") == set()
    assert state(resident, beside(resident, "incident")) == "closed"


def test_nobody_of_the_house_handles_its_incident_even_from_the_office(accused: Story) -> None:
    accused.enrol("halimah_dinas", "supervisor", same_as="halimah")
    assert asked(accused, "incident", "triage", "halimah_dinas") == {"not_of_the_house"}


def test_a_house_is_taken_back_only_when_its_incident_is_closed_and_nobody_there_is_suspended(accused: Story) -> None:
    lift = AdvanceHost(host=house(accused), trigger="lift")
    assert accused.refused(processes.advance_host, "bambang", lift) == {"no_open_incident", "team_cleared"}
    reinstate = AdvanceStaff(host=house(accused), staff=accused.play.cast.staff[DEWI], trigger="reinstate")
    assert accused.refused(processes.advance_staff, "yusuf", reinstate) == {"nothing_accuses"}
    examined(accused)
    assert accused.refused(processes.advance_host, "bambang", lift) == {"no_open_incident", "team_cleared"}
    accused.do(processes.advance_staff, "yusuf", reinstate)
    accused.do(processes.advance_host, "bambang", lift)
    assert standing(accused, "host", house(accused)) == "active"
    assert whole(accused)


def examined(story: Story) -> None:
    """Examine the incident and close it: unsubstantiated."""
    first = story.rows("SELECT id FROM record WHERE form = 'F17'")[0]["id"]
    story.sign("F15")
    found = {"finding": "unsubstantiated", "investigation": "Saksi didengar.", "closed": "yes"}
    report(story, supersedes=first, reported_to_dinas_at="now", dinas_reference="001", **found)
    steps = (("triage", "maya"), ("protect", "sari"), ("notify", "sari"), ("investigate", "bambang"))
    make(story, "incident", *steps, ("find_unsubstantiated", "bambang"), ("close", "lina"))


def test_a_suspended_member_of_staff_loses_every_seat_in_the_house_and_sees_its_children_no_more(resident: Story) -> None:
    host = house(resident)
    today = resident.now.date().isoformat()
    anton = resident.person("anton")
    ask = AddStaff(host=host, name="Anton", duty="pengasuh", police_record_on=today, code_signed_on=today, person_id=anton)
    member = resident.do(registers.add_staff, "bambang", ask).id
    assert standing(resident, "staff", member) == "cleared"
    assert seen_by(resident, "anton")
    resident.do(processes.advance_staff, "bambang", AdvanceStaff(host=host, staff=member, trigger="suspend"))
    assert resident.who("anton").seats == ()
    assert not seen_by(resident, "anton")
    assert seen_by(resident, "halimah")


def test_whoever_is_cleared_again_gets_the_seat_back_by_an_act_of_its_own(resident: Story) -> None:
    host = house(resident)
    today = resident.now.date().isoformat()
    ask = AddStaff(
        host=host, name="Anton", duty="pengasuh", police_record_on=today, code_signed_on=today, person_id=resident.person("anton")
    )
    member = resident.do(registers.add_staff, "bambang", ask).id
    resident.do(processes.advance_staff, "bambang", AdvanceStaff(host=host, staff=member, trigger="suspend"))
    seat, call = Seat("lksa_staff", resident.play.cast.offices["mitra"], host), Call(who=OPERATOR, at=resident.now)
    with pytest.raises(Refusal) as barred:
        people.give_seat(resident.store, call, "anton", seat)
    assert [reason.code for reason in barred.value.reasons] == ["not_cleared"]
    resident.do(processes.advance_staff, "yusuf", AdvanceStaff(host=host, staff=member, trigger="reinstate"))
    assert not seen_by(resident, "anton")
    people.give_seat(resident.store, call, "anton", seat)
    assert seen_by(resident, "anton")
    for faulty in (Seat("king", seat.office), Seat("auditor", seat.office, host), Seat("auditor", "0" * 26)):
        with pytest.raises(Invalid):
            people.give_seat(resident.store, call, "anton", faulty)


def test_a_step_of_a_register_is_made_in_its_roles_on_the_version_seen_and_where_the_member_is(reported: Story) -> None:
    host, member = house(reported), reported.play.cast.staff[DEWI]
    version = reported.rows("SELECT revision FROM host WHERE id = ?", host)[0]["revision"]
    suspend = AdvanceStaff(host=host, staff=member, trigger="suspend")
    for by in ("sari", "halimah"):
        assert reported.refused(processes.advance_staff, by, suspend) == {"role_not_allowed"}
    for by in ("nadia", "wahyu"):
        assert reported.refused(processes.advance_host, by, AdvanceHost(host=host, trigger="restrict")) == {"role_not_allowed"}
    elsewhere = AdvanceStaff(host=house(reported, "nur"), staff=member, trigger="suspend")
    assert reported.refused(processes.advance_staff, "bambang", elsewhere) == {"not_found"}
    assert reported.refused(processes.advance_staff, "bambang", suspend, seen=version - 1) == {"stale_version"}
    made = reported.do(processes.advance_staff, "bambang", suspend, seen=version)
    assert made.version == version + 1
    restrict = AdvanceHost(host=host, trigger="restrict")
    assert reported.refused(processes.advance_host, "bambang", restrict, seen=version) == {"stale_version"}
    assert reported.refused(processes.advance_host, "bambang", AdvanceHost(host="0" * 26, trigger="restrict")) == {"not_found"}


def test_a_house_that_is_not_in_order_is_refused_with_everything_it_lacks(reported: Story) -> None:
    host = reported.do(registers.add_host, "bambang", registers.AddHost(name="Rumah", kind="lksa")).id
    assert standing(reported, "host", host) == "registered"
    activate = AdvanceHost(host=host, trigger="activate")
    lacking = {"licensed_or_known", "policy_in_force", "team_cleared", "complaint_channel_open", "accredited_or_waived"}
    assert reported.refused(processes.advance_host, "bambang", activate) == lacking
    later = (reported.now + timedelta(days=300)).date().isoformat()
    before = reported.now.date().isoformat()
    papers = ChangeHost(host=host, licence_number="1", licence_until=later, policy_dated=before, policy_disseminated=True)
    reported.do(registers.change_host, "bambang", papers)
    reported.do(registers.change_host, "bambang", ChangeHost(host=host, complaint_channel=True))
    reported.do(registers.change_host, "bambang", ChangeHost(host=host, accredited_until=later))
    assert reported.refused(processes.advance_host, "bambang", activate) == {"team_cleared"}
    member = reported.do(registers.add_staff, "bambang", AddStaff(host=host, name="Tes", duty="pengasuh")).id
    assert standing(reported, "staff", member) == "pending"
    clear = AdvanceStaff(host=host, staff=member, trigger="clear")
    assert reported.refused(processes.advance_staff, "bambang", clear) == {"police_record_current", "code_signed"}
    reported.do(registers.change_staff, "bambang", ChangeStaff(staff=member, police_record_on=before, code_signed_on=before))
    reported.do(processes.advance_staff, "bambang", clear)
    reported.do(processes.advance_host, "bambang", activate)
    assert standing(reported, "host", host) == "active"


def test_who_was_barred_anywhere_is_cleared_nowhere(reported: Story) -> None:
    today = reported.now.date().isoformat()
    entry = {"name": "Anton", "duty": "pengasuh", "police_record_on": today, "code_signed_on": today, "person_id": reported.person("anton")}
    first = reported.do(registers.add_staff, "bambang", AddStaff(host=house(reported), **entry)).id
    for trigger, by in (("suspend", "bambang"), ("bar", "yusuf")):
        reported.do(processes.advance_staff, by, AdvanceStaff(host=house(reported), staff=first, trigger=trigger))
    second = reported.do(registers.add_staff, "bambang", AddStaff(host=house(reported, "nur"), **entry)).id
    assert standing(reported, "staff", second) == "pending"
    clear = AdvanceStaff(host=house(reported, "nur"), staff=second, trigger="clear")
    assert reported.refused(processes.advance_staff, "bambang", clear) == {"barred_nowhere"}


def test_a_register_is_shown_with_its_standing_and_what_each_step_lacks(accused: Story) -> None:
    with accused.store.read(accused.call("bambang")) as unit:
        view = processes.register_view(unit, house(accused), house(accused))
    assert (view.machine, view.state) == ("host", "restricted")
    lift = next(each for each in view.steps if each.trigger == "lift")
    assert {reason.code for reason in lift.missing} == {"no_open_incident", "team_cleared"}
    suspend = next(each for each in view.steps if each.trigger == "suspend")
    assert (suspend.may_ask, suspend.missing) == (False, ())
    assert "expire" not in {each.trigger for each in view.steps}, "the clock's own"


def test_incidents_in_one_house_reported_at_once_about_two_children_are_both_made_and_tell_each_other(resident: Story) -> None:
    """Each locks its own case first, then tells the other's: nobody waits for ever, and nothing is lost."""
    mine, other = resident.case, another_resident(resident)
    asks = []
    for case in (mine, other):
        resident.case = case
        asks.append((resident.call("maya"), resident.form("F17", "maya", type="physical", subject_household="harapan")))
    resident.case = mine
    start = threading.Barrier(2)

    def go(case: tuple[Call, Any]) -> str:
        start.wait()
        return sign_record(resident.store, *case).id

    with ThreadPoolExecutor(2) as pool:
        assert len({*pool.map(go, asks)}) == 2
    assert len(resident.rows("SELECT 1 FROM process WHERE machine = 'incident' AND host_id = ?", house(resident))) == 2
    assert standing(resident, "host", house(resident)) == "restricted"
    assert len(resident.rows("SELECT 1 FROM process_step WHERE process_id = ? AND trigger = 'restrict'", house(resident))) == 2, (
        "each is noted"
    )
    assert whole(resident)


def test_a_house_is_not_taken_back_while_another_incident_against_it_is_being_signed(accused: Story) -> None:
    """Whichever comes first: a house with an open incident is never active afterwards."""
    another_resident_case = accused.another_case()
    examined(accused)
    host = house(accused)
    reinstate = AdvanceStaff(host=host, staff=accused.play.cast.staff[DEWI], trigger="reinstate")
    accused.do(processes.advance_staff, "yusuf", reinstate)
    mine, accused.case = accused.case, another_resident_case
    signing = accused.call("maya"), accused.form("F17", "maya", type="physical", subject_household="harapan")
    accused.case = mine
    lifting = accused.call("bambang"), AdvanceHost(host=host, trigger="lift")
    start = threading.Barrier(2)

    def sign() -> set[str]:
        start.wait()
        sign_record(accused.store, *signing)
        return set()

    def lift() -> set[str]:
        start.wait()
        try:
            processes.advance_host(accused.store, *lifting)
        except Refusal as no:
            return {*no.codes}
        return set()

    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(sign), pool.submit(lift)]
    assert answers[0].result() == set()
    assert answers[1].result() in (set(), {"no_open_incident"})
    assert standing(accused, "host", host) == "restricted"
    assert whole(accused)
