"""What is asked about a child's own data: taken in by one, decided by another within 3x24 hours; the copy endangers nobody."""

from collections.abc import Callable

import msgspec
import pytest

from casework.errors import NotFound, ProofNeeded
from casework.services import audit, copies, corrections, data_requests, readers, records, work
from casework.services.corrections import ApproveIdentityChange, RequestIdentityChange
from casework.services.data_requests import DecideRequest, TakeRequest
from casework.services.records import AttachDocument, CompareDocument
from casework.store.instants import to_text
from tests.services.story import PARAMS, Story
from tests.services.ways import KIN


@pytest.fixture
def told(tell: Callable[..., Story]) -> Story:
    """A case in planning."""
    return tell(*KIN)


def take(story: Story, by: str = "maya", **said: str) -> str:
    asked = {"case": story.case, "kind": "access", "applicant": "parent", "shown": "identity_card", "name": "Ibu Pemohon"} | said
    return story.do(data_requests.take_request, by, msgspec.convert(asked, TakeRequest)).id


def decision(request: str, outcome: str = "granted", **said: str) -> DecideRequest:
    return msgspec.convert({"request": request, "outcome": outcome} | said, DecideRequest)


def test_a_request_is_due_in_72_hours_on_the_lists_of_who_leads_the_office(told: Story) -> None:
    """What `data_request_hours` says."""
    at = told.now
    request = take(told)
    (due,) = told.rows("SELECT due_at, id FROM task WHERE kind = 'data_request'")
    assert due["due_at"] > to_text(at)
    for leads in ("yusuf", "bambang"):
        assert [line for line in work.my_work(told.store, told.call(leads)).lines if "3x24" in line.words.id]
    told.later(hours=PARAMS.data_request_hours + 1)
    (shown,) = data_requests.list_requests(told.store, told.call("dian")).requests
    assert (shown.id, shown.overdue, shown.name) == (request, True, "Ibu Pemohon")
    told.do(data_requests.decide_request, "dian", decision(request, "refused", reason="somebody_endangered"))
    assert told.rows("SELECT settled_how FROM task WHERE kind = 'data_request'")[0][0] == "answered"
    assert audit.verify_trail(told.store, told.call("nadia")).faults == ()


def test_who_took_it_in_does_not_decide_it_and_nothing_is_decided_twice(told: Story) -> None:
    told.enrol("maya_supervisor", "supervisor", same_as="maya")
    request = take(told)
    ask = decision(request, "refused", reason="not_entitled")
    assert told.refused(data_requests.decide_request, "maya_supervisor", ask) == {"four_eyes"}
    assert told.refused(data_requests.decide_request, "sari", ask) == {"role_not_allowed"}
    assert told.refused(data_requests.decide_request, "halimah", ask) == {"not_found"}
    assert told.refused(data_requests.decide_request, "dian", decision(request, "refused")) == {"invalid"}
    assert told.refused(data_requests.decide_request, "dian", ask, seen=2) == {"stale_version"}
    assert told.refused(data_requests.decide_request, "dian", ask, seen=1) == set()
    assert told.refused(data_requests.decide_request, "bambang", ask) == {"already_done"}
    entry = told.entries()[-1]
    assert (entry.kind, entry.reason_code, entry.requester) == ("data_request_decided", "not_entitled", told.person("maya"))
    assert b"Ibu Pemohon" not in told.bodies()


def test_nothing_is_granted_to_who_did_not_show_who_they_are(told: Story) -> None:
    assert told.refused(data_requests.decide_request, "yusuf", decision(take(told, shown="nothing"))) == {"identity_not_shown"}


def test_another_offices_case_stays_not_found(told: Story) -> None:
    told.enrol("lain", "data_protection_officer", told.other_office())
    asked = TakeRequest(case=told.row["number"], kind="access", applicant="child", shown="identity_card")
    assert told.refused(data_requests.take_request, "lain", asked) == {"not_found"}
    assert told.refused(data_requests.take_request, "nadia", asked) == {"role_not_allowed"}
    request = take(told)
    assert told.refused(data_requests.decide_request, "lain", decision(request)) == {"not_found"}
    assert data_requests.list_requests(told.store, told.call("lain")).requests == ()


def test_the_copy_holds_everything_and_its_trail_and_endangers_nobody(told: Story) -> None:
    incident = told.sign("F17", "maya")
    request = take(told)
    with pytest.raises(NotFound):
        copies.take_copy(told.store, told.call("dian"), request)
    told.do(data_requests.decide_request, "dian", decision(request))
    stale = msgspec.structs.replace(told.call("dian"), proved_at=told.now.replace(year=2020))
    with pytest.raises(ProofNeeded):
        copies.take_copy(told.store, stale, request)
    found = copies.take_copy(told.store, told.call("dian"), request)
    (case,) = found.cases
    kept = {row["form"] for row in told.rows("SELECT form FROM record WHERE case_id = ?", told.case)}
    assert {one.form for one in case.records} == kept
    assert [one.body for one in case.records if one.form in {"F17", "F06"}] == [None] * sum(
        one.form in {"F17", "F06"} for one in case.records
    )
    assert all(one.body for one in case.records if one.form not in {"F17", "F06"})
    (intake,) = (one.body for one in case.records if one.form == "F01")
    assert intake is not None
    assert (intake["referrer"], intake["referrer_contact"], intake["child_location"]) == (None, None, None)
    assert {entry.kind for entry in case.trail} >= {"case_registered", "record_signed", "data_requested"}
    assert not [entry.actor for entry in case.trail if entry.unnamed and entry.actor]
    assert any(entry.unnamed for entry in case.trail)
    assert incident
    assert found.child["name"]
    assert found.left_out
    seen = readers.who_saw(told.store, told.call("nadia"), told.case)
    assert ("copy of the child" in seen.looks[-1].what.en, seen.looks[-1].account) == (True, told.who("dian").account)
    again = copies.take_copy(told.store, told.call("dian"), request)
    assert [one for one in again.cases[0].looks if "salinan" in one.what.id]


def test_the_child_itself_is_told_what_it_said(told: Story) -> None:
    told.sign("F06")
    request = take(told, applicant="child")
    told.do(data_requests.decide_request, "dian", decision(request))
    (case,) = copies.take_copy(told.store, told.call("dian"), request).cases
    assert all(one.body for one in case.records if one.form == "F06")


def test_a_correction_is_granted_by_naming_the_one_that_was_made(told: Story) -> None:
    request = take(told, kind="correction")
    assert told.refused(data_requests.decide_request, "dian", decision(request)) == {"correction_not_made"}
    old = told.rows("SELECT id FROM record WHERE form = 'F01' AND case_id = ?", told.case)[0][0]
    assert told.refused(data_requests.decide_request, "dian", decision(request, answer=old)) == {"correction_not_made"}
    new = told.sign("F01", supersedes=old)
    (shown,) = data_requests.list_requests(told.store, told.call("dian")).requests
    assert [made.id for made in shown.made] == [new]
    told.do(data_requests.decide_request, "dian", decision(request, answer=new))
    assert told.rows("SELECT answer_id FROM data_request")[0][0] == new
    assert told.entries()[-1].items[-1] == new
    with pytest.raises(NotFound):
        copies.take_copy(told.store, told.call("dian"), request)


def test_a_corrected_identity_answers_a_request(told: Story) -> None:
    request = take(told, kind="correction")
    asked = AttachDocument(case=told.case, kind="birth_certificate", number="1", issuer="Dukcapil", issued_on="2026-03-01")
    paper = told.do(records.attach_document, "sari", asked).id
    told.do(records.compare_document, "maya", CompareDocument(case=told.case, document=paper))
    change = told.do(
        corrections.request_identity_change,
        "sari",
        RequestIdentityChange(case=told.case, field="mother_name", new_value="Siti Aminah", document=paper),
    ).id
    assert told.refused(data_requests.decide_request, "dian", decision(request, answer=change)) == {"correction_not_made"}
    told.do(corrections.approve_identity_change, "bambang", ApproveIdentityChange(case=told.case, change=change))
    assert told.refused(data_requests.decide_request, "dian", decision(request, answer=change)) == set()
    told.later(days=1)
    later = take(told, kind="correction")
    assert told.refused(data_requests.decide_request, "dian", decision(later, answer=change)) == {"correction_not_made"}, "made before"


def test_a_request_outlives_the_case(tell: Callable[..., Story]) -> None:
    story = tell("reported")
    request = take(story)
    story.sign("F01", void_reason="entered_in_error")
    story.decide(story.wish("void_registration", reason="entered_in_error"), "bambang")
    story.advance("void_registration", reason="entered_in_error")
    assert story.rows("SELECT settled_at FROM task WHERE kind = 'data_request'")[0][0] is None
    story.do(data_requests.decide_request, "yusuf", decision(request))
