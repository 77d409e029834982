"""Found in review: clocks, counts and sanctions that nobody may step around. Claims of DOMAIN 5 (S11), 7.0.5, 7.1 and 7.2."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from casework.errors import CaseworkError, KeyReused, NotSignedIn, Throttled
from casework.machines.host import HOST
from casework.services import processes, registers, sessions, views
from casework.services.processes import AdvanceHost
from casework.services.records import AttachDocument, attach_document
from casework.services.registers import AddHost, AddStaff
from casework.services.sessions import SignIn
from casework.services.throttle import FAILURES_PER_ACCOUNT
from tests.services.story import PARAMS, PASSWORD, Story
from tests.services.test_review_journey import lost_and_found

MANY = 12


def due_at(story: Story, kind: str) -> list[str]:
    found = story.rows("SELECT due_at FROM task WHERE case_id = ? AND kind = ? AND settled_at IS NULL", story.case, kind)
    return [row["due_at"] for row in found]


def test_the_exit_of_an_emergency_is_not_put_off_by_a_disappearance(emergency: Story) -> None:
    before = due_at(emergency, "emergency_exit")
    lost_and_found(emergency)
    assert due_at(emergency, "emergency_exit") == before


def test_the_exit_stays_due_when_the_child_comes_back_by_a_new_emergency_move(emergency: Story) -> None:
    story = emergency
    before = due_at(story, "emergency_exit")
    story.sign("F17", type="missing")
    story.advance("report_missing")
    story.later(days=1)
    found_at = (story.now - timedelta(hours=1)).isoformat()
    story.sign("F17", type="missing", found_at=found_at, found_by="polisi", setting_safe="no")
    story.sign("F23", "maya", host="rpsa", kin_call_log=[{"at": found_at, "who": "bibi", "result": "no_answer"}])
    story.advance("emergency_after_missing", "maya", host="rpsa")
    assert story.state == "emergency_care"
    assert due_at(story, "emergency_exit") == before


def test_a_sanction_is_imposed_and_lifted_by_the_head_of_the_office_alone(reported: Story) -> None:
    host = reported.play.cast.hosts["harapan"]
    suspend, reinstate = AdvanceHost(host=host, trigger="suspend"), AdvanceHost(host=host, trigger="reinstate")
    assert reported.refused(processes.advance_host, "bambang", suspend) == {"role_not_allowed"}
    assert reported.refused(processes.advance_host, "yusuf", suspend) == set()
    assert reported.refused(processes.advance_host, "bambang", reinstate) == {"role_not_allowed"}
    assert reported.refused(processes.advance_host, "yusuf", reinstate) == set()


def test_a_house_whose_registration_was_revoked_is_never_active_again(reported: Story) -> None:
    host = reported.play.cast.hosts["harapan"]
    for trigger in ("suspend", "revoke"):
        reported.do(processes.advance_host, "yusuf", AdvanceHost(host=host, trigger=trigger))
    for trigger in {row.trigger for row in HOST.definition.transitions}:
        assert reported.refused(processes.advance_host, "yusuf", AdvanceHost(host=host, trigger=trigger)) == {"no_such_transition"}


def test_a_host_is_not_entered_with_a_waiver_that_its_head_did_not_give(reported: Story) -> None:
    ask = AddHost(name="Rumah", kind="lksa", accreditation_waiver_until="2026-12-31")
    assert reported.refused(registers.add_host, "bambang", ask) == {"role_not_allowed"}
    assert reported.refused(registers.add_host, "yusuf", ask) == set()


def test_no_register_and_no_paper_takes_a_day_that_no_calendar_has(reported: Story) -> None:
    host, never = reported.play.cast.hosts["harapan"], "2026-02-30"
    assert reported.refused(registers.add_host, "bambang", AddHost(name="Rumah", kind="lksa", licence_until=never)) == {"invalid"}
    staff = AddStaff(host=host, name="Tes", duty="Juru masak", police_record_on=never)
    assert reported.refused(registers.add_staff, "bambang", staff) == {"invalid"}
    paper = AttachDocument(case=reported.case, kind="other", number="1", issuer="Desa", issued_on=never)
    assert reported.refused(attach_document, "sari", paper) == {"invalid"}


def test_an_expired_request_waits_for_nobody_and_a_new_one_can_be_made(admission: Story) -> None:
    old = admission.wish("admit_to_institution", host="harapan")
    admission.later(days=PARAMS.approval_expiry_days, minutes=-5)
    for minutes, standing in ((0, ("submitted", True)), (10, ("expired", False))):
        admission.later(minutes=minutes)
        shown = views.show_case(admission.store, admission.call("bambang"), admission.case)
        assert {request.id: (request.status, request.open) for request in shown.requests}[old] == standing
    assert admission.withdraw(old) == {"request_settled"}
    admission.sign("F16")
    assert admission.status(old) == "expired"


def test_the_same_key_with_another_time_of_the_event_is_another_request(reported: Story) -> None:
    earlier, later = reported.now - timedelta(hours=3), reported.now - timedelta(hours=2)
    add = registers.add_relative
    relative = registers.AddRelative(case=reported.case, name="Tes", relation="bibi", degree=2)
    first = reported.do(add, "sari", relative, key="satu", occurred_at=earlier)
    assert reported.do(add, "sari", relative, key="satu", occurred_at=earlier) == first
    with pytest.raises(KeyReused):
        reported.do(add, "sari", relative, key="satu", occurred_at=later)


def test_guesses_made_at_the_same_time_do_not_pass_the_throttle_together(reported: Story) -> None:
    start, at = threading.Barrier(MANY), reported.now

    def guess(number: int) -> CaseworkError | None:
        start.wait()
        try:
            sessions.sign_in(reported.store, at, SignIn(username="sari", password=f"tebakan nomor {number}"))
        except CaseworkError as no:
            return no
        return None

    with ThreadPoolExecutor(MANY) as pool:
        answers = [type(answer) for answer in pool.map(guess, range(MANY))]
    assert (answers.count(NotSignedIn), answers.count(Throttled)) == (FAILURES_PER_ACCOUNT, MANY - FAILURES_PER_ACCOUNT)


def test_whoever_signs_in_often_is_not_counted_as_guessing(reported: Story) -> None:
    for _ in range(FAILURES_PER_ACCOUNT + 1):
        assert sessions.sign_in(reported.store, reported.now, SignIn(username="sari", password=PASSWORD)).token
