"""The journal holds codes, ids and commitments: nothing that a person wrote, no name, no number of a paper."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from casework.errors import CaseworkError
from casework.machines.facts import Subject
from casework.machines.forms import Intake, decode
from casework.services import approvals, cases, corrections, people, records, registers, sessions
from casework.services.approvals import DecideApproval, RequestApproval, WithdrawApproval
from casework.services.cases import AdvanceCase, AssignCase, NewChild, RegisterCase
from casework.services.corrections import ApproveIdentityChange, RequestIdentityChange
from casework.services.people import NewAccount
from casework.services.records import AttachDocument, CompleteTask, SaveDraft, SignRecord, VerifyRecord
from casework.services.registers import AddBody, AddHost, AddRelative, AddStaff, AnswerOffer, OfferChild
from casework.services.sessions import SignIn
from casework.store.call import Call
from tests.services.story import OPERATOR, PASSWORD, Story
from tests.services.ways import ADMISSION

CANARY = "Kenari Kuning 6402031203160009"
"""A text that no code looks like, with a number such as a NIK."""
_SPOKEN = re.compile(r"[A-Za-z]+ [A-Za-z]|\d{10}")


def hidden(story: Story) -> bool:
    """Whether no piece of the canary stands anywhere in the journal."""
    told = story.bodies().lower()
    return not any(piece.lower().encode() in told for piece in CANARY.split())


def written(value: Any) -> Iterator[str]:
    """Yield every text in a stored form that a person wrote: words, or a long number."""
    if isinstance(value, dict):
        for item in value.values():
            yield from written(item)
    elif isinstance(value, list):
        for item in value:
            yield from written(item)
    elif isinstance(value, str) and _SPOKEN.search(value):
        yield value


def personal(story: Story) -> set[str]:
    """Return everything personal that the registers and the records hold."""
    found: set[str] = set()
    for (body,) in story.personal("record", "body"):
        found |= {*written(msgspec.json.decode(body))}
    columns = {
        "child": ("name", "nik", "kk", "mother_name", "father_name"),
        "relative": ("name", "address", "phone"),
        "document": ("number", "issuer"),
        "host_offer": ("reason",),
        "approval_decision": ("reason",),
        "person": ("name",),
        "staff": ("name",),
        "host": ("name", "licence_number"),
        "body": ("name",),
        "office": ("name",),
        "account": ("username", "password_hash"),
    }
    for table, names in columns.items():
        for row in story.personal(table, *names):
            found |= {value for value in row if value}
    return found


@pytest.mark.parametrize(
    "stages",
    [(*ADMISSION, "institutional_care", "trial_home_stay", "reintegration"), ("reported", "emergency_care"), ("pre_adoption_care",)],
    ids=lambda stages: str(stages[-1]),
)
def test_a_whole_story_leaves_no_text_of_its_records_and_registers_in_the_journal(
    tell: Callable[..., Story], stages: tuple[str, ...]
) -> None:
    story = tell(*stages)
    texts, told = personal(story), story.bodies()
    assert len(texts) > 40
    assert [text for text in sorted(texts) if text.encode() in told] == []


def test_a_new_childs_identity_and_the_report_stay_out_of_the_journal(reported: Story) -> None:
    said = reported.body("F01", chronology=CANARY, referrer=CANARY, referrer_contact=CANARY, legal_guardian=CANARY, child_location=CANARY)
    intake = decode("F01", said)
    assert isinstance(intake, Intake)
    child = NewChild(name=CANARY, nik="6402031203160009", kk="6402031203160009", mother_name=CANARY, father_name=CANARY, born_place=CANARY)
    made = reported.do(cases.register_case, "sari", RegisterCase(intake=intake, child=child))
    of_case = "id = (SELECT child_id FROM care_case WHERE id = ?)"
    assert reported.personal("child", "name", where=of_case, values=(made.id,)) == [(CANARY,)]
    assert hidden(reported)


def test_what_is_signed_attached_entered_and_answered_stays_out_of_the_journal(assessing: Story) -> None:
    story, host = assessing, assessing.play.cast.hosts["harapan"]
    story.sign("F05", rung="nuclear", candidate_name=CANARY, reason=CANARY, child_view=CANARY, support_offered=[CANARY])
    story.sign("F17", what_happened=CANARY, place=CANARY, immediate_action=CANARY)
    story.do(records.save_draft, "sari", SaveDraft(case=story.case, form="F03", body={"reason": CANARY, CANARY: CANARY}))
    paper = AttachDocument(case=story.case, kind="other", number=CANARY, issuer=CANARY, issued_on="2026-03-01")
    made = story.do(records.attach_document, "sari", paper).id
    kin = AddRelative(case=story.case, name=CANARY, relation=CANARY, degree=3, address=CANARY, phone=CANARY)
    story.do(registers.add_relative, "sari", kin)
    ask = RequestIdentityChange(case=story.case, field="name", new_value=CANARY, document=made)
    change = story.do(corrections.request_identity_change, "sari", ask).id
    story.do(records.compare_document, "maya", records.CompareDocument(case=story.case, document=made))
    story.do(corrections.approve_identity_change, "bambang", ApproveIdentityChange(case=story.case, change=change))
    story.do(registers.offer_child, "sari", OfferChild(case=story.case, host=host))
    story.do(registers.answer_offer, "halimah", AnswerOffer(case=story.case, host=host, accepted=False, reason=CANARY))
    assert story.personal("host_offer", "reason")[0][0] == CANARY
    assert hidden(story)


def test_why_an_approver_rejects_or_returns_and_what_was_done_for_a_task_stay_out_of_the_journal(tell: Callable[..., Story]) -> None:
    story = tell(*ADMISSION, "institutional_care")
    for decision in ("return", "reject"):
        report = story.sign("F16", "halimah")
        story.decide(story.waiting("record", "countersign:F16"), "bambang", decision, reason=CANARY)
        assert report
    task = story.play.open_task("contact_plan")
    story.do(records.complete_task, "sari", CompleteTask(case=story.case, task=task, note=CANARY))
    assert CANARY in {row[0] for row in story.personal("task", "note")}
    assert hidden(story)


def test_the_registers_of_hosts_staff_bodies_offices_and_accounts_stay_out_of_the_journal(reported: Story) -> None:
    story = reported
    host = story.do(registers.add_host, "bambang", AddHost(name=CANARY, kind="lksa", licence_number=CANARY)).id
    story.do(registers.add_staff, "bambang", AddStaff(host=host, name=CANARY, duty=CANARY))
    story.do(registers.add_body, "bambang", AddBody(name=CANARY, kind="ngo"))
    call = Call(who=OPERATOR, at=story.now)
    people.create_office(story.store, call, CANARY, "dinas")
    people.create_account(story.store, call, NewAccount(username=CANARY, password=CANARY, seats=(), name=CANARY))
    people.set_password(story.store, call, CANARY.lower(), CANARY + CANARY)
    assert hidden(story)


@pytest.mark.parametrize(("username", "password"), [(CANARY, PASSWORD), ("sari", CANARY), (CANARY, CANARY)])
def test_a_mistyped_sign_in_stays_out_of_the_journal_because_people_type_passwords_as_names(
    reported: Story, username: str, password: str
) -> None:
    with pytest.raises(CaseworkError):
        sessions.sign_in(reported.store, reported.now, SignIn(username=username, password=password), address=CANARY)
    assert reported.attempts_of("anonymous")[-1].codes == ("wrong_credentials",)
    assert hidden(reported)


def attempts(case: str) -> list[tuple[Any, msgspec.Struct]]:
    """Return attempts that carry free text wherever an id or a code belongs."""
    wish = Subject(reason=CANARY)
    return [
        (cases.advance_case, AdvanceCase(case=case, trigger=CANARY)),
        (cases.advance_case, AdvanceCase(case=CANARY, trigger="start_assessment")),
        (cases.advance_case, AdvanceCase(case=case, trigger="begin_planning", subject=wish)),
        (cases.advance_case, AdvanceCase(case=case, trigger="start_assessment", subject=wish)),
        (cases.assign_case, AssignCase(case=case, person=CANARY)),
        (approvals.request_approval, RequestApproval(case=case, trigger=CANARY)),
        (approvals.request_approval, RequestApproval(case=case, trigger="void_registration", subject=wish)),
        (approvals.decide_approval, DecideApproval(case=case, request=CANARY, decision="reject", digest=CANARY, reason=CANARY)),
        (approvals.withdraw_approval, WithdrawApproval(case=case, request=CANARY)),
        (records.sign_record, SignRecord(case=case, form=CANARY, body={CANARY: CANARY})),
        (records.sign_record, SignRecord(case=case, form="F03", body={CANARY: CANARY})),
        (records.verify_record, VerifyRecord(case=case, record=CANARY)),
        (records.complete_task, CompleteTask(case=case, task=CANARY, note=CANARY)),
        (records.attach_document, AttachDocument(case=case, kind=CANARY, number=CANARY, issuer=CANARY, issued_on=CANARY)),
        (registers.offer_child, OfferChild(case=case, host=CANARY)),
    ]


@pytest.mark.parametrize("place", range(len(attempts(""))))
def test_free_text_in_the_place_of_an_id_or_a_code_never_reaches_the_journal(reported: Story, place: int) -> None:
    service, ask = attempts(reported.case)[place]
    reported.refused(service, "sari", ask)
    assert hidden(reported)


def test_an_attempt_on_a_case_that_is_not_ones_own_is_found_again_from_that_case(reported: Story) -> None:
    reported.enrol("lain", "social_worker", reported.other_office())
    assert reported.refused(cases.advance_case, "lain", reported.step("start_assessment")) == {"not_found"}
    assert reported.attempts("lain")[-1].case == reported.case


def test_the_operators_own_entries_name_accounts_and_verbs_only(reported: Story) -> None:
    call = Call(who=OPERATOR, at=reported.now)
    people.suspend_account(reported.store, call, "sari")
    entry = reported.attempts_of("operator")[-1]
    assert (entry.kind, entry.reason_code) == ("account_changed", "suspend_account")
    assert entry.items == (reported.play.cast.people["sari"].account,)
