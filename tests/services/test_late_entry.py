"""Late entry: the journal says when it happened and when it was written down, and how far back somebody may go."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from casework.errors import Invalid
from casework.services import approvals, cases, corrections, people, records, registers
from casework.services.approvals import RequestApproval, WithdrawApproval
from casework.services.corrections import RequestIdentityChange
from casework.services.records import AttachDocument, CompareDocument, CompleteTask, OpenEvidence, SaveDraft, VerifyRecord
from casework.services.registers import AddBody, AddHost, AddRelative, AnswerOffer, OfferChild
from casework.store.approvals import add_tasks
from casework.store.call import Call
from casework.store.cases import get_case
from casework.store.instants import to_text
from tests.services.story import OPERATOR, PARAMS, PASSWORD, Story


def ago(story: Story, **span: float) -> datetime:
    """Return a moment before the story's next deed."""
    return story.now + timedelta(minutes=1) - timedelta(**span)


def test_a_record_signed_late_says_when_it_happened_and_when_it_was_written(reported: Story) -> None:
    reported.later(days=5)
    happened = ago(reported, days=3)
    signed = reported.do(records.sign_record, "sari", reported.form("F15"), occurred_at=happened)
    entry = reported.entries()[-1]
    assert (entry.occurred_at, entry.recorded_at) == (to_text(happened), to_text(reported.now))
    row = reported.rows("SELECT dated, signed_at FROM record WHERE id = ?", signed.id)[0]
    assert tuple(row) == (to_text(happened), to_text(reported.now))


def test_a_step_entered_late_moves_the_case_from_when_it_happened(reported: Story) -> None:
    reported.later(days=5)
    happened = ago(reported, days=2)
    reported.do(cases.advance_case, "sari", reported.step("start_assessment"), occurred_at=happened)
    entry = reported.entries()[-1]
    assert (entry.occurred_at, entry.recorded_at) == (to_text(happened), to_text(reported.now))
    assert reported.row["entered_at"] == to_text(happened)


def test_the_tasks_of_a_step_entered_late_are_due_from_when_it_happened(tell: Callable[..., Story]) -> None:
    story = tell("reported")
    story.later(days=2)
    story.sign("F23", "maya", host="rpsa")
    happened = ago(story, days=1)
    story.do(cases.advance_case, "maya", story.step("place_in_emergency", host="rpsa"), occurred_at=happened)
    due = {row["kind"]: row["due_at"] for row in story.rows("SELECT kind, due_at FROM task WHERE settled_at IS NULL")}
    assert due["first_visit"] == to_text(happened + timedelta(hours=PARAMS.first_visit_hours))
    assert story.rows("SELECT started_at FROM placement")[0][0] == to_text(happened)
    ratification = story.rows("SELECT due_at FROM approval_request WHERE kind = 'ratification'")[0][0]
    assert ratification == to_text(happened + timedelta(hours=PARAMS.emergency_ratify_hours))


@pytest.mark.parametrize(("days", "late"), [(PARAMS.backdating_days, False), (PARAMS.backdating_days + 0.01, True)])
def test_a_worker_goes_back_seven_days_and_not_a_quarter_of_an_hour_more(reported: Story, days: float, *, late: bool) -> None:
    reported.later(days=30)
    expected = {"backdating_needs_supervisor"} if late else set()
    assert reported.refused(records.sign_record, "sari", reported.form("F03"), occurred_at=ago(reported, days=days)) == expected
    step = reported.step("start_assessment")
    assert reported.refused(cases.advance_case, "sari", step, occurred_at=ago(reported, days=days)) == expected


def test_a_supervisor_goes_further_back(reported: Story) -> None:
    reported.later(days=60)
    happened = ago(reported, days=50)
    reported.do(records.sign_record, "bambang", reported.form("F03", "bambang"), occurred_at=happened)
    assert reported.entries()[-1].occurred_at == to_text(happened)
    assert reported.entries()[-1].actor.role == "supervisor"


def test_a_supervisor_may_enter_an_emergency_of_last_week_or_before(reported: Story) -> None:
    reported.later(days=9)
    reported.sign("F23", "maya", host="rpsa")
    step = reported.step("place_in_emergency", host="rpsa")
    assert reported.refused(cases.advance_case, "maya", step, occurred_at=ago(reported, days=8)) == {"backdating_needs_supervisor"}
    assert reported.refused(cases.advance_case, "bambang", step, occurred_at=ago(reported, days=8)) == set()


@pytest.mark.parametrize("by", ["sari", "bambang"])
def test_the_future_is_refused_to_everybody(reported: Story, by: str) -> None:
    soon = reported.now + timedelta(minutes=2)
    assert reported.refused(records.sign_record, by, reported.form("F03", by), occurred_at=soon) == {"invalid"}
    assert reported.attempts(by)[-1].codes == ("invalid",)


def test_no_step_happened_before_the_one_before_it(assessing: Story) -> None:
    assessing.sign("F22")
    entered = datetime.fromisoformat(assessing.row["entered_at"])
    step = assessing.step("begin_comprehensive_assessment")
    assert assessing.refused(cases.advance_case, "sari", step, occurred_at=entered - timedelta(seconds=1)) == {"invalid"}
    assert assessing.refused(cases.advance_case, "sari", step, occurred_at=entered) == set()


def test_no_step_happened_before_the_case_was_opened(reported: Story) -> None:
    opened = datetime.fromisoformat(reported.row["opened_at"])
    step = reported.step("start_assessment")
    assert reported.refused(cases.advance_case, "sari", step, occurred_at=opened - timedelta(seconds=1)) == {"invalid"}


def paper_of(story: Story) -> str:
    ask = AttachDocument(case=story.case, kind="other", number="1", issuer="x", issued_on="2026-03-01")
    return story.do(records.attach_document, "sari", ask).id


def task_of(story: Story) -> str:
    with story.store.write(story.call("sari")) as unit:
        add_tasks(unit, get_case(unit, story.case), "contact_plan", [story.now])
        unit.commit()
    return story.play.open_task("contact_plan")


def offered(story: Story) -> None:
    story.do(registers.offer_child, "sari", OfferChild(case=story.case, host=story.play.cast.hosts["harapan"]))


DEEDS: dict[str, tuple[str, Any, Callable[[Story], Any]]] = {
    "register_case": ("sari", cases.register_case, lambda s: s.report()),
    "save_draft": ("sari", records.save_draft, lambda s: SaveDraft(case=s.case, form="F04", body={"strengths": "x"})),
    "verify_record": ("maya", records.verify_record, lambda s: VerifyRecord(case=s.case, record=s.sign("F03"))),
    "attach_document": (
        "sari",
        records.attach_document,
        lambda s: AttachDocument(case=s.case, kind="other", number="1", issuer="x", issued_on="2026-03-01"),
    ),
    "compare_document": ("maya", records.compare_document, lambda s: CompareDocument(case=s.case, document=paper_of(s))),
    "complete_task": ("sari", records.complete_task, lambda s: CompleteTask(case=s.case, task=task_of(s), note="sudah")),
    "open_evidence": ("sari", records.open_evidence, lambda s: OpenEvidence(case=s.case, items=(s.sign("F03"),))),
    "request_approval": ("sari", approvals.request_approval, lambda s: RequestApproval(case=s.case, trigger="support_family")),
    "withdraw_approval": (
        "sari",
        approvals.withdraw_approval,
        lambda s: WithdrawApproval(case=s.case, request=s.wish("support_family")),
    ),
    "add_relative": ("sari", registers.add_relative, lambda s: AddRelative(case=s.case, name="Bibi", relation="bibi", degree=3)),
    "offer_child": ("sari", registers.offer_child, lambda s: OfferChild(case=s.case, host=s.play.cast.hosts["kasih"])),
    "answer_offer": (
        "halimah",
        registers.answer_offer,
        lambda s: AnswerOffer(case=s.case, host=s.play.cast.hosts["harapan"], accepted=False, reason="penuh"),
    ),
    "request_identity_change": (
        "sari",
        corrections.request_identity_change,
        lambda s: RequestIdentityChange(case=s.case, field="name", new_value="Baru", document=paper_of(s)),
    ),
    "add_host": ("sari", registers.add_host, lambda _: AddHost(name="Keluarga Baru", kind="foster_family")),
    "add_body": ("sari", registers.add_body, lambda _: AddBody(name="Dinas Lain", kind="dinas")),
}
"""What people who supervise nobody can do."""


@pytest.mark.parametrize("deed", DEEDS)
def test_whatever_it_is_further_back_it_takes_a_supervisor_and_nothing_stays_of_the_attempt(tell: Callable[..., Story], deed: str) -> None:
    story = tell("care_planning")
    by, service, asked = DEEDS[deed]
    if deed == "answer_offer":
        offered(story)
    ask, kept = asked(story), {"actor_event", "answer"}
    before = {table: rows for table, rows in story.dump().items() if table not in kept}
    assert story.refused(service, by, ask, occurred_at=ago(story, days=7.1)) == {"backdating_needs_supervisor"}
    assert {table: rows for table, rows in story.dump().items() if table not in kept} == before
    assert story.attempts(by)[-1].codes == ("backdating_needs_supervisor",)
    assert story.refused(service, by, ask, occurred_at=ago(story, days=6.9)) == set()


def test_a_supervisor_of_another_office_is_none_for_the_case(reported: Story) -> None:
    reported.enrol("sari_di_kantor_lain", "supervisor", reported.other_office(), same_as="sari")
    step = reported.step("start_assessment")
    assert reported.refused(cases.advance_case, "sari_di_kantor_lain", step) == {"not_found"}
    late = ago(reported, days=8)
    assert reported.refused(cases.register_case, "sari_di_kantor_lain", reported.report(), occurred_at=late) == set()
    assert reported.refused(cases.register_case, "sari", reported.report(), occurred_at=late) == {"backdating_needs_supervisor"}


def test_an_account_changes_when_it_is_written_down(reported: Story) -> None:
    call = Call(who=OPERATOR, at=reported.now, occurred_at=reported.now - timedelta(days=1))
    ask = people.NewAccount(username="baru", password=PASSWORD, seats=(), name="Orang Baru")
    deeds = (
        lambda: people.create_account(reported.store, call, ask),
        lambda: people.suspend_account(reported.store, call, "sari"),
        lambda: people.set_password(reported.store, call, "sari", "kata-sandi-yang-baru"),
        lambda: people.create_office(reported.store, call, "Kantor", "dinas"),
    )
    for deed in deeds:
        with pytest.raises(Invalid) as caught:
            deed()
        assert [fault.path for fault in caught.value.faults] == ["$.occurred_at"]
