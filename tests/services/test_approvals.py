"""Approvals: in order, by different people, over evidence that each of them opened and that nobody changed, used once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
import pytest

from casework.errors import NotFound, Refusal
from casework.machines.clocks import workdays_after
from casework.machines.spoken import OPTIONS
from casework.services import approvals, cases, decisions, people, records, registers
from casework.services.approvals import DecideApproval, RequestApproval
from casework.services.caseload import idle_cases
from casework.services.cases import AssignCase
from casework.services.records import AttachDocument, CompareDocument, VerifyRecord
from casework.services.registers import AddRelative, ChangeHost, ChangeStaff
from casework.store.call import Call
from casework.store.instants import from_text
from tests.services.story import OPERATOR, PARAMS, Story
from tests.services.ways import ADMISSION, KIN


def asked(story: Story) -> str:
    """Ask for the admission and return the request."""
    return story.wish("admit_to_institution", host="harapan")


def approved(story: Story) -> str:
    """Ask for the admission and let both approve it."""
    request = asked(story)
    story.decide(request, "bambang")
    story.decide(request, "yusuf")
    assert story.status(request) == "approved"
    return request


def admit(story: Story, by: str = "sari") -> set[str]:
    return story.refused(cases.advance_case, by, story.step("admit_to_institution", host="harapan"))


def test_approvals_are_given_in_order_and_then_the_step_is_made(admission: Story) -> None:
    request = asked(admission)
    assert admission.against(request, "yusuf") == {"approval_order"}
    assert admit(admission) == {"approval_missing"}
    assert admission.decide(request, "bambang").status == "in_second_approval"
    assert admit(admission) == {"approval_missing"}
    assert admission.decide(request, "yusuf").status == "approved"
    assert admit(admission) == set()
    moved = admission.entries()[-1]
    assert [(sign.role, sign.person) for sign in moved.approvals] == [
        ("supervisor", admission.person("bambang")),
        ("dinas_head", admission.person("yusuf")),
    ]
    assert {sign.digest for sign in moved.approvals} == {moved.evidence_digest}
    assert (moved.requester, moved.actor.person) == (admission.person("sari"), admission.person("sari"))


@pytest.mark.parametrize("by", ["sari", "maya", "nadia"])
def test_who_is_no_approver_cannot_decide(admission: Story, by: str) -> None:
    assert admission.against(asked(admission), by) == {"role_not_allowed"}


def test_who_is_asked_into_the_field_learns_of_no_request(admission: Story) -> None:
    admission.errand("iwan")
    with pytest.raises(NotFound):
        admission.against(asked(admission), "iwan")


def test_the_institution_that_accepted_the_child_never_approves_the_admission(admission: Story) -> None:
    request = asked(admission)
    with pytest.raises(NotFound):
        admission.against(request, "halimah")


def test_one_person_does_not_give_both_signatures_whichever_account_they_use(admission: Story) -> None:
    admission.enrol("bambang_kepala", "dinas_head", same_as="bambang")
    request = asked(admission)
    admission.decide(request, "bambang")
    assert admission.against(request, "bambang_kepala") == {"four_eyes"}
    assert admission.against(request, "yusuf") == set()


def test_who_asked_does_not_approve_with_another_account(kin: Story) -> None:
    kin.enrol("sari_supervisor", "supervisor", same_as="sari")
    assert kin.against(kin.wish("place_with_kin", relative="bibi"), "sari_supervisor") == {"four_eyes"}


def test_the_assigned_worker_approves_nothing_in_the_case_even_if_another_asked(tell: Callable[..., Story]) -> None:
    story = tell("reported")
    story.sign("F01", "sari", void_reason="entered_in_error")
    request = story.wish("void_registration", reason="entered_in_error")
    story.do(cases.assign_case, "bambang", AssignCase(case=story.case, person=story.person("rina")))
    assert story.against(request, "rina_supervisor") == {"four_eyes"}
    assert story.against(request, "lina") == set()


def test_who_verified_anything_in_the_case_approves_nothing_in_it(tell: Callable[..., Story]) -> None:
    """Rina verified a sheet that the decision does not rest on; a verifier approves nothing in that case (DOMAIN 7.1.1)."""
    story = tell("reported")
    story.sign("F01", void_reason="entered_in_error")
    sheet = story.sign("F05", rung="nuclear")
    story.do(records.verify_record, "rina", VerifyRecord(case=story.case, record=sheet))
    request = story.wish("void_registration", reason="entered_in_error")
    assert story.against(request, "rina_supervisor") == {"four_eyes"}
    assert story.against(request, "bambang") == set()


def test_who_wrote_or_attached_bound_evidence_does_not_approve(tell: Callable[..., Story]) -> None:
    story = tell(*KIN)
    story.sign("F07", "bambang", proposed="kin")
    request = story.wish("place_with_kin", relative="bibi")
    assert story.against(request, "bambang") == {"four_eyes"}
    assert story.against(request, "lina") == set()


def test_nobody_approves_what_they_did_not_open_but_may_return_it(admission: Story) -> None:
    request = asked(admission)
    assert admission.against(request, "bambang", read=False) == {"evidence_not_opened"}
    assert admission.against(request, "bambang", "return", reason="Lengkapi dulu.", read=False) == set()


def test_what_was_not_opened_is_told_apart_without_a_name(admission: Story) -> None:
    request = asked(admission)
    with pytest.raises(Refusal) as refused:
        approvals.decide_approval(
            admission.store, admission.call("bambang"), admission.decision(request, "bambang", "approve", reason="", read=False)
        )
    unopened = [title.en for reason in refused.value.reasons for title in reason.details]
    told = {title.rpartition(": ")[2] for title in unopened if ": " in title}
    assert {"foster parents", "guardianship", "kin"} <= told <= {words.en for words in OPTIONS.values()}


def test_a_receipt_belongs_to_the_person_not_to_the_account(kin: Story) -> None:
    """What Lina opened, Lina opened; a receipt of Bambang's opens nothing for her."""
    kin.enrol("lina_kedua", "supervisor", same_as="lina")
    request = kin.wish("place_with_kin", relative="bibi")
    kin.decision(request, "bambang", "approve", reason="", read=True)
    assert kin.against(request, "lina", read=False) == {"evidence_not_opened"}
    kin.decision(request, "lina", "approve", reason="", read=True)
    assert kin.against(request, "lina_kedua", read=False) == set()


def test_every_objection_is_told_at_once(tell: Callable[..., Story]) -> None:
    story = tell(*KIN, worker="rina")
    request = story.wish("place_with_kin", "rina", relative="bibi")
    seen = decisions.show_decision(story.store, story.call("rina_supervisor"), request)
    assert {reason.code for reason in seen.against} == {"four_eyes", "evidence_not_opened"}
    ask = DecideApproval(case=story.case, request=request, decision="approve", digest="0" * 64)
    expected = {"four_eyes", "evidence_not_opened", "approval_superseded"}
    assert story.refused(approvals.decide_approval, "rina_supervisor", ask) == expected


def test_a_decision_names_the_digest_that_was_seen(kin: Story) -> None:
    request = kin.wish("place_with_kin", relative="bibi")
    ask = msgspec.structs.replace(kin.decision(request, "bambang", "approve", reason="", read=True), digest="f" * 64)
    assert kin.refused(approvals.decide_approval, "bambang", ask) == {"approval_superseded"}
    assert kin.status(request) == "submitted"


@pytest.mark.parametrize("decision", ["return", "reject"])
@pytest.mark.parametrize("reason", ["", "  ", " x "])
def test_rejecting_and_returning_need_a_reason(kin: Story, decision: str, reason: str) -> None:
    request = kin.wish("place_with_kin", relative="bibi")
    assert kin.against(request, "bambang", decision, reason=reason) == {"invalid"}
    assert kin.status(request) == "submitted"


@pytest.mark.parametrize(("decision", "status"), [("return", "returned"), ("reject", "rejected")])
def test_what_was_returned_or_rejected_is_settled_and_asked_anew(kin: Story, decision: str, status: str) -> None:
    request = kin.wish("place_with_kin", relative="bibi")
    kin.decide(request, "bambang", decision, reason="Kesepakatan belum jelas.")
    assert kin.status(request) == status
    assert kin.against(request, "bambang") == {"request_settled"}
    assert kin.withdraw(request) == {"request_settled"}
    assert kin.refused(cases.advance_case, "sari", kin.step("place_with_kin", relative="bibi")) == {"approval_missing"}
    again = kin.wish("place_with_kin", relative="bibi")
    kin.decide(again, "bambang")
    assert kin.refused(cases.advance_case, "sari", kin.step("place_with_kin", relative="bibi")) == set()


def test_who_is_asked_again_sees_why_it_was_turned_down_and_what_came_since(kin: Story) -> None:
    def seen(request: str) -> decisions.DecisionView:
        return decisions.show_decision(kin.store, kin.call("bambang"), request)

    first = kin.wish("place_with_kin", relative="bibi")
    assert (seen(first).before, seen(first).since, seen(first).unchanged) == (None, (), False)
    kin.decide(first, "bambang", "return", reason="Kesepakatan belum jelas.")
    second = kin.wish("place_with_kin", relative="bibi")
    before = seen(second).before
    assert before is not None
    assert (before.id, before.decisions[0].reason, seen(second).unchanged) == (first, "Kesepakatan belum jelas.", True)
    kin.withdraw(second)
    added = kin.sign("F10", carer="bibi")
    third = seen(kin.wish("place_with_kin", relative="bibi"))
    assert (third.since, third.unchanged) == ((added,), False)


def test_a_case_that_no_date_calls_for_is_its_workers_to_go_on_with_unless_somebody_decides(kin: Story) -> None:
    def idle(by: str = "sari") -> list[str]:
        return [line.id for line in idle_cases(kin.store, kin.call(by))]

    assert (idle(), idle("maya"), idle("bambang")) == ([kin.case], [], [])
    request = kin.wish("place_with_kin", relative="bibi")
    assert idle() == []
    kin.decide(request, "bambang", "return", reason="Kesepakatan belum jelas.")
    assert idle() == [kin.case]
    kin.wish("place_with_kin", relative="bibi")
    kin.later(days=PARAMS.approval_expiry_days, minutes=1)
    assert idle() == [kin.case], "nobody decided, and the time for it is over"


def test_the_second_approver_can_reject_what_the_first_approved(admission: Story) -> None:
    request = asked(admission)
    admission.decide(request, "bambang")
    assert admission.decide(request, "yusuf", "reject", reason="Cari kerabat lagi.").status == "rejected"
    assert admit(admission) == {"approval_missing"}


def test_only_who_asked_withdraws(kin: Story) -> None:
    request = kin.wish("place_with_kin", relative="bibi")
    for by in ("maya", "bambang", "nadia"):
        assert kin.withdraw(request, by) == {"role_not_allowed"}
    assert kin.withdraw(request) == set()
    assert kin.status(request) == "withdrawn"
    assert kin.withdraw(request) == {"request_settled"}
    assert kin.against(request, "bambang") == {"request_settled"}


def test_an_approved_request_can_still_be_withdrawn_and_then_carries_nothing(admission: Story) -> None:
    request = approved(admission)
    assert admission.withdraw(request) == set()
    assert admit(admission) == {"approval_missing"}


def test_approvals_stand_for_fourteen_days_and_not_a_day_more(tell: Callable[..., Story]) -> None:
    for days, expected in ((PARAMS.approval_lapse_days, set()), (PARAMS.approval_lapse_days + 1, {"approval_missing"})):
        story = tell(*KIN)
        request = story.wish("place_with_kin", relative="bibi")
        story.decide(request, "bambang")
        story.later(days=days, minutes=-5)
        assert story.refused(cases.advance_case, "sari", story.step("place_with_kin", relative="bibi")) == expected


def test_a_decision_and_a_countersignature_are_due_in_working_days_and_a_decision_in_an_emergency_in_hours(
    admission: Story, emergency: Story
) -> None:
    def waits(story: Story, request: str) -> tuple[datetime, datetime]:
        row = story.rows("SELECT requested_at, due_at FROM approval_request WHERE id = ?", request)[0]
        return from_text(row["requested_at"]), from_text(row["due_at"])

    admission.sign("F16")
    for request in (asked(admission), admission.waiting("record", "countersign:F16")):
        requested, due = waits(admission, request)
        assert due == workdays_after(requested, PARAMS.approval_normal_workdays, admission.store.days_off)
    requested, due = waits(emergency, emergency.wish("extend_emergency"))
    assert due == requested + timedelta(hours=PARAMS.approval_urgent_hours)


def test_a_decision_is_used_once(tell: Callable[..., Story]) -> None:
    """The kinship approval made the first move; a second one to the same aunt would need its own."""
    story = tell(*KIN)
    request = story.wish("place_with_kin", relative="bibi")
    story.decide(request, "bambang")
    assert story.refused(cases.advance_case, "sari", story.step("place_with_kin", relative="bibi")) == set()
    assert story.status(request) == "consumed"
    assert story.against(request, "lina") == {"request_settled"}
    assert story.withdraw(request) == {"request_settled"}
    again = story.refused(cases.advance_case, "sari", story.step("change_kin_family", relative="bibi"))
    assert "approval_missing" in again


def test_an_approval_is_for_its_subject_alone(admission: Story) -> None:
    approved(admission)
    other = admission.step("admit_to_institution", host="nur")
    assert "approval_missing" in admission.refused(cases.advance_case, "sari", other)
    assert admit(admission) == set()


def test_asking_again_supersedes_the_earlier_request_for_the_step(admission: Story) -> None:
    first = asked(admission)
    second = asked(admission)
    assert (admission.status(first), admission.status(second)) == ("superseded", "submitted")
    assert admission.against(first, "bambang") == {"request_settled"}


def test_a_step_without_approvals_takes_no_request(reported: Story) -> None:
    ask = RequestApproval(case=reported.case, trigger="start_assessment")
    assert reported.refused(approvals.request_approval, "sari", ask) == {"approval_not_needed"}


def test_a_request_names_carers_that_exist(kin: Story) -> None:
    for subject in ({"host": "nowhere"}, {"relative": "nobody"}, {"receiver": "no_body"}):
        ask = RequestApproval(case=kin.case, trigger="place_with_kin", subject=kin.subject(**subject))
        assert kin.refused(approvals.request_approval, "sari", ask) == {"not_found"}


def new_record(story: Story) -> None:
    story.sign("F07", proposed="institution")


def new_verification(story: Story) -> None:
    sheet = story.rows("SELECT id FROM record WHERE form = 'F05' AND status = 'signed' ORDER BY id LIMIT 1")[0][0]
    story.sign("F05", supersedes=sheet, rung="nuclear")


def new_paper(story: Story) -> None:
    ask = AttachDocument(case=story.case, kind="birth_certificate", number="1", issuer="x", issued_on="2026-03-01")
    paper = story.do(records.attach_document, "sari", ask).id
    story.do(records.compare_document, "maya", CompareDocument(case=story.case, document=paper))


def host_register(story: Story) -> None:
    story.do(registers.change_host, "bambang", ChangeHost(host=story.play.cast.hosts["harapan"], caregivers=6))


def host_staff(story: Story) -> None:
    staff = story.play.cast.staff["harapan", "Dewi Kartika"]
    story.do(registers.change_staff, "bambang", ChangeStaff(staff=staff, code_signed_on="2026-02-20"))


def new_relative(story: Story) -> None:
    story.do(registers.add_relative, "sari", AddRelative(case=story.case, name="Bibi Baru", relation="bibi", degree=3))


@pytest.mark.parametrize("change", [new_record, new_verification, new_paper, host_register, host_staff, new_relative])
def test_whatever_the_decision_rests_on_supersedes_it_when_it_changes(admission: Story, change: Callable[[Story], None]) -> None:
    request = asked(admission)
    admission.decide(request, "bambang")
    seen = admission.decision(request, "yusuf", "approve", reason="", read=True)
    change(admission)
    assert admission.refused(approvals.decide_approval, "yusuf", seen) & {"approval_superseded", "request_settled"}


@pytest.mark.parametrize("change", [new_record, new_verification, new_paper, host_register, host_staff, new_relative])
def test_an_approved_step_is_not_made_over_evidence_that_changed(admission: Story, change: Callable[[Story], None]) -> None:
    approved(admission)
    change(admission)
    assert "approval_superseded" in admit(admission)
    assert admission.state == "care_planning"


def test_what_the_decision_does_not_rest_on_leaves_it_alone(admission: Story) -> None:
    request = approved(admission)
    admission.sign("F16")
    admission.do(registers.change_host, "bambang", ChangeHost(host=admission.play.cast.hosts["kasih"], caregivers=6))
    assert admission.status(request) == "approved"
    assert admit(admission) == set()


def test_the_signatures_of_somebody_who_was_suspended_since_still_stand(admission: Story) -> None:
    """What was lawful when it was signed stays lawful: the person could decide then."""
    approved(admission)
    people.suspend_account(admission.store, Call(who=OPERATOR, at=admission.now), "bambang")
    assert admission.refused(cases.advance_case, "sari", admission.step("admit_to_institution", host="harapan")) == set()


def test_a_request_is_decided_in_its_own_case_only(tell: Callable[..., Story]) -> None:
    story = tell(*ADMISSION)
    request = asked(story)
    ask = story.decision(request, "bambang", "approve", reason="", read=True)
    other = story.another_case()
    assert story.refused(approvals.decide_approval, "bambang", msgspec.structs.replace(ask, case=other)) == {"not_found"}
    withdraw = approvals.WithdrawApproval(case=other, request=request)
    assert story.refused(approvals.withdraw_approval, "sari", withdraw) == {"not_found"}
