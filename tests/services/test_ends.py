"""What must be finished before a case ends (DOMAIN 7.1.4 I6), and what an end leaves to others."""

import pytest

from casework.errors import Refusal
from casework.services import cases, corrections, records, views
from casework.services.corrections import ApproveIdentityChange, RequestIdentityChange
from casework.services.processes import AdvanceProcess, advance_process
from tests.services.story import Story

CLEAR = {"violence": "no", "neglect": "no", "exploitation": "no"}


def no_concern(story: Story) -> None:
    """Bring everything that closing a report as unfounded asks for."""
    story.sign("F03", safety_screen=CLEAR, recommendation="no_action")
    story.decide(story.wish("close_unfounded"), "bambang")


def told(story: Story, trigger: str) -> list[str]:
    """Return what a refused end says is still open."""
    with pytest.raises(Refusal) as no:
        story.advance(trigger)
    return [words.en for reason in no.value.reasons if reason.code == "open_business" for words in reason.details]


def papers_of_the_death(story: Story) -> None:
    story.sign("F17", type="death")
    today = story.now.date().isoformat()
    paper = records.AttachDocument(case=story.case, kind="doctor_statement", number="1", issuer="RSUD", issued_on=today)
    made = story.do(records.attach_document, "sari", paper).id
    story.do(records.compare_document, "maya", records.CompareDocument(case=story.case, document=made))
    story.decide(story.wish("record_death"), "bambang")


@pytest.mark.parametrize("kind", ["physical", "missing", "host_lost", "recruitment", "other"])
def test_no_case_ends_over_an_open_incident_of_whatever_kind(assessing: Story, kind: str) -> None:
    assessing.sign("F17", "maya", type=kind)
    no_concern(assessing)
    assert told(assessing, "close_unfounded") == ["open incidents: 1"]


def test_a_referral_that_was_taken_back_waits_for_nobody(assessing: Story) -> None:
    assessing.sign("F13", receiver="yayasan")
    no_concern(assessing)
    assert told(assessing, "close_unfounded") == ["unanswered referrals: 1"]
    process = assessing.rows("SELECT id FROM process WHERE case_id = ? AND machine = 'referral'", assessing.case)[0]["id"]
    assessing.do(advance_process, "sari", AdvanceProcess(case=assessing.case, process=process, trigger="cancel"))
    assert assessing.refused(cases.advance_case, "sari", assessing.step("close_unfounded")) == set()


def test_a_report_to_the_police_ends_no_incident(assessing: Story) -> None:
    now = assessing.now.isoformat()
    assessing.sign("F17", "maya", type="physical", police_reported_at=now, police_reference="LP/1")
    no_concern(assessing)
    assert told(assessing, "close_unfounded") == ["open incidents: 1"]


def test_the_page_says_what_is_still_open_before_anybody_asks(assessing: Story) -> None:
    assessing.sign("F17", "maya", type="physical")
    no_concern(assessing)
    steps = views.show_case(assessing.store, assessing.call("sari"), assessing.case).steps
    step = next(step for step in steps if step.trigger == "close_unfounded")
    assert [reason.code for reason in step.missing] == ["open_business"]
    assert not step.possible


def test_a_death_is_recorded_over_its_own_incident_and_over_what_is_due(emergency: Story) -> None:
    emergency.later(days=20)
    papers_of_the_death(emergency)
    assert emergency.refused(cases.advance_case, "sari", emergency.step("record_death")) == set()
    assert emergency.state == "closed"


def test_another_incident_of_a_child_who_died_is_with_the_police_first(emergency: Story) -> None:
    harm = emergency.sign("F17", "maya", type="physical")
    papers_of_the_death(emergency)
    assert told(emergency, "record_death") == ["open incidents: 1"]
    now = emergency.now.isoformat()
    emergency.sign("F17", "maya", supersedes=harm, type="physical", police_reported_at=now, police_reference="LP/1")
    emergency.decide(emergency.wish("record_death"), "bambang")
    assert emergency.refused(cases.advance_case, "sari", emergency.step("record_death")) == set()


def test_a_task_that_is_due_is_named(emergency: Story) -> None:
    emergency.later(hours=30)
    emergency.sign("F03", safety_screen=CLEAR, recommendation="no_action")
    emergency.sign("F06", options=[{"option": "family", "view": "Mau pulang.", "agrees": "yes"}])
    emergency.decide(emergency.wish("end_emergency"), "bambang")
    emergency.advance("end_emergency")
    no_concern(emergency)
    late = {"task due: Inform the social office", "task due: Tell the parents, or record why that is unsafe or impossible"}
    assert {*told(emergency, "close_unfounded")} == late


def test_the_record_of_a_child_who_died_is_locked_but_for_the_inquiry_and_what_ends_it(emergency: Story) -> None:
    papers_of_the_death(emergency)
    view = emergency.sign("F06", "maya")
    emergency.advance("record_death")
    assert {"F06", "F02"}.isdisjoint(shown := views.show_case(emergency.store, emergency.call("sari"), emergency.case).forms)
    assert {"F12", "F13", "F17", "F18"} == {*shown}
    for form, more in (("F02", {}), ("F15", {}), ("F06", {"supersedes": view})):
        assert emergency.refused(records.sign_record, "sari", emergency.form(form, "sari", **more)) == {"locked_by_death"}
    (report,) = emergency.rows("SELECT id FROM record WHERE form = 'F17' AND status = 'signed'")
    emergency.sign("F17", "sari", supersedes=report["id"], type="death", dinas_reference="KM/1")
    (paper,) = emergency.rows("SELECT id FROM document WHERE kind = 'doctor_statement'")
    wanted = RequestIdentityChange(case=emergency.case, field="name", new_value="Nama Lain", document=paper["id"])
    assert emergency.refused(corrections.request_identity_change, "sari", wanted) == {"locked_by_death"}


def test_a_correction_that_waited_when_the_child_died_lapses(emergency: Story) -> None:
    papers_of_the_death(emergency)
    (paper,) = emergency.rows("SELECT id FROM document WHERE kind = 'doctor_statement'")
    wanted = RequestIdentityChange(case=emergency.case, field="name", new_value="Nama Lain", document=paper["id"])
    change = emergency.do(corrections.request_identity_change, "sari", wanted).id
    emergency.decide(emergency.wish("record_death"), "bambang")

    def waiting() -> tuple[bool, bool]:
        (one,) = corrections.identity_changes(emergency.store, emergency.call("bambang"), emergency.case).changes
        return one.may_approve, one.lapsed

    assert waiting() == (True, False)
    emergency.advance("record_death")
    assert waiting() == (False, True)
    approval = ApproveIdentityChange(case=emergency.case, change=change)
    assert emergency.refused(corrections.approve_identity_change, "bambang", approval) == {"locked_by_death"}
    assert emergency.rows("SELECT applied FROM identity_change WHERE id = ?", change)[0]["applied"] == 0


def test_the_record_of_a_case_that_was_closed_otherwise_is_not_locked(assessing: Story) -> None:
    no_concern(assessing)
    assessing.advance("close_unfounded")
    assert assessing.refused(records.sign_record, "sari", assessing.form("F15", "sari")) == set()
