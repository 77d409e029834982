"""Processes beside the journey: asked for by name, refused with every reason, and one with what they bring elsewhere."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from casework.errors import CaseworkError, NotFound, Refusal
from casework.machines.policy.rows import HOUSE_PROCESSES
from casework.services import processes, registers
from casework.services.processes import AdvanceProcess, advance_process
from casework.services.registers import AnswerOffer, OfferChild
from casework.store.call import Call
from tests.services.beside import asked, beside, house, make, open_tasks, report, state, step, whole
from tests.services.story import Story


def test_a_step_is_made_once_with_its_tasks_and_its_entry(accused: Story) -> None:
    assert "triage" in open_tasks(accused)
    before = len(accused.entries())
    made = make(accused, "incident", ("triage", "maya"))
    assert (made.machine, made.trigger, made.source, made.state) == ("incident", "triage", "reported", "triaged")
    assert made.version == accused.row["seq"]
    assert "triage" not in open_tasks(accused)
    entry = accused.entries()[before]
    assert (entry.kind, entry.actor.person, entry.actor.role) == ("process_moved", accused.person("maya"), "social_worker_on_duty")
    assert [(told.process, told.trigger, told.source, told.dest) for told in entry.steps] == [(made.id, "triage", "reported", "triaged")]
    assert entry.steps[0].guards == (("not_of_the_house", True),)
    assert (entry.source, entry.dest) == ("institutional_care", "institutional_care"), "the case stays where it is"
    assert whole(accused)


def test_a_step_is_refused_with_every_reason_at_once_and_the_attempt_is_journalled(resident: Story) -> None:
    report(resident, crime="yes")
    make(resident, "incident", ("triage", "maya"), ("protect", "sari"))
    before = resident.dump()
    ask = step(resident, "incident", "notify")
    with pytest.raises(Refusal) as no:
        resident.do(advance_process, "sari", ask)
    assert no.value.codes == {"dinas_reported", "crime_reported"}
    assert (no.value.trigger, no.value.state) == ("notify", "protective_action")
    crime = next(reason for reason in no.value.reasons if reason.code == "crime_reported")
    assert len(crime.details) == 2, "the police and the ministry"
    after = resident.dump()
    assert {table for table in before if before[table] != after[table]} == {"actor_event"}
    assert resident.attempts("sari")[-1].codes == ("crime_reported", "dinas_reported")


def test_a_step_that_does_not_leave_the_state_does_not_exist_there(accused: Story) -> None:
    for trigger in ("close", "investigate", "no_such_step"):
        assert asked(accused, "incident", trigger, "bambang") == {"no_such_transition"}


@pytest.mark.parametrize(("by", "code"), [("iwan", "not_found"), ("yusuf", "role_not_allowed"), ("nadia", "role_not_allowed")])
def test_a_step_is_made_only_in_the_roles_of_its_row(accused: Story, by: str, code: str) -> None:
    accused.errand("iwan")
    assert asked(accused, "incident", "triage", by) == {code}
    assert asked(accused, "incident", "triage", "maya") == set()


def test_nobody_makes_a_step_that_is_the_clocks_or_the_systems(resident: Story) -> None:
    for by in ("sari", "maya", "bambang", "yusuf", "rina_supervisor"):
        assert asked(resident, "periodic_review", "fall_due", by) == {"role_not_allowed"}
        assert asked(resident, "periodic_review", "end", by) == {"role_not_allowed"}
        assert asked(resident, "placement", "end", by) == {"role_not_allowed"}


def test_whoever_saw_the_case_before_a_step_makes_no_second_one(accused: Story) -> None:
    seen = accused.row["seq"]
    assert asked(accused, "incident", "triage", "maya", seen=seen) == set()
    assert asked(accused, "incident", "protect", "sari", seen=seen) == {"stale_version"}
    assert asked(accused, "incident", "protect", "sari", seen=seen + 1) == set()


def test_the_same_key_makes_the_same_step_once(accused: Story) -> None:
    ask = step(accused, "incident", "triage")
    first = accused.do(advance_process, "maya", ask, key="satu")
    assert accused.do(advance_process, "maya", ask, key="satu") == first
    assert [row["n"] for row in accused.rows("SELECT n FROM process_step WHERE process_id = ? ORDER BY n", ask.process)] == [1, 2]


def test_the_same_step_asked_by_many_at_once_is_made_once(accused: Story) -> None:
    ask, start = step(accused, "incident", "triage"), threading.Barrier(4)
    calls = [accused.call("maya") for _ in range(4)]

    def go(call: Call) -> set[str]:
        start.wait()
        try:
            advance_process(accused.store, call, ask)
        except CaseworkError as no:
            return {*getattr(no, "codes", {type(no).__name__})}
        return set()

    with ThreadPoolExecutor(4) as pool:
        answers = [*pool.map(go, calls)]
    assert sorted(map(len, answers)) == [0, 1, 1, 1]
    assert {code for answer in answers for code in answer} == {"no_such_transition"}


def test_a_process_of_another_case_or_of_no_case_is_not_found(accused: Story) -> None:
    incident = beside(accused, "incident")
    other = accused.another_case()
    for case, process in ((other, incident), (accused.case, house(accused)), (accused.case, "0" * 26), (accused.case, "")):
        ask = AdvanceProcess(case=case, process=process, trigger="triage")
        assert accused.refused(advance_process, "maya", ask) == {"not_found"}


def test_another_office_finds_neither_the_case_nor_its_processes(accused: Story) -> None:
    accused.enrol("lain", "supervisor", accused.other_office())
    assert asked(accused, "incident", "triage", "lain") == {"not_found"}
    with pytest.raises(NotFound):
        processes.list_processes(accused.store, accused.call("lain"), accused.case)


def shown(story: Story, by: str) -> dict[str, processes.ProcessView]:
    return {view.machine: view for view in processes.list_processes(story.store, story.call(by), story.case)}


def test_a_house_sees_its_own_processes_and_never_who_accuses_it(accused: Story) -> None:
    office = {"incident", "placement", "periodic_review", "reunification", "identity_document"}
    assert {*shown(accused, "sari")} == office
    for by in ("halimah", "anton"):
        assert {*shown(accused, by)} == office & {*HOUSE_PROCESSES}
        for machine in office - {*HOUSE_PROCESSES}:
            assert asked(accused, machine, "triage", by) == {"not_found"}


@pytest.mark.parametrize("leave", ["go_on_leave", "go_on_respite"])
def test_a_house_records_that_the_child_is_back_but_not_that_it_may_leave(resident: Story, leave: str) -> None:
    assert asked(resident, "placement", leave, "halimah") == {"role_not_allowed"}
    make(resident, "placement", (leave, "sari"))
    assert "leave_return" in open_tasks(resident)
    assert resident.rows("SELECT status FROM placement")[0]["status"] == "on_leave"
    make(resident, "placement", ("return_from_leave", "halimah"))
    assert "leave_return" not in open_tasks(resident)
    assert resident.rows("SELECT status FROM placement")[0]["status"] == "active"
    assert whole(resident)


def test_a_case_shows_each_process_with_what_the_next_step_lacks_and_what_was_made(accused: Story) -> None:
    make(accused, "incident", ("triage", "maya"), ("protect", "sari"))
    view = shown(accused, "sari")["incident"]
    assert (view.state, view.ended, [made.state.en for made in view.past]) == (
        "protective_action",
        False,
        ["reported", "triaged", "protective action taken"],
    )
    notify = view.steps[0]
    assert (notify.trigger, notify.possible, notify.may_ask) == ("notify", False, True)
    assert [reason.code for reason in notify.missing] == ["dinas_reported"]
    told = shown(accused, "nadia")["incident"].steps[0]
    assert (told.may_ask, told.missing) == (False, ())


@pytest.mark.parametrize("trigger", ["accept", "decline"])
def test_a_house_answers_by_its_answer_and_by_no_step(reported: Story, trigger: str) -> None:
    host = house(reported)
    reported.do(registers.offer_child, "sari", OfferChild(case=reported.case, host=host))
    assert asked(reported, "placement", trigger, "halimah") == {"role_not_allowed"}
    reported.do(registers.answer_offer, "halimah", AnswerOffer(case=reported.case, host=host, accepted=True))
    assert state(reported, beside(reported, "placement")) == "host_accepted"
