"""A child's complaint reaches the office past the house: no house hears of it, danger is never answered away, nobody buries one alone."""

from datetime import timedelta
from typing import Any, Literal

import pytest

from casework.errors import Invalid, NotFound, Throttled
from casework.ledger.event import Through, decode_event
from casework.services import complaint_views, complaints, journals, lists, trails
from casework.services.audit import verify_trail
from casework.services.complaints import (
    FILED_PER_ADDRESS,
    LOOKED_UP_PER_ADDRESS,
    PUBLIC,
    AdvanceComplaint,
    Complaint,
    LinkComplaint,
    OpenReporter,
    Receive,
    WriteDown,
)
from casework.services.hosts import show_host
from casework.services.trails import Sought
from casework.store.call import Call
from tests.services.story import PARAMS, Story

CANARY = "Bu Dewi mengurung aku di gudang"
NAME = "Fajar yang bercerita"
CODES = tuple(f"ABCD-EFGH-{one}{two}22" for one in "ABCDEFGH" for two in "ABCDEFGH")


def told(story: Story, danger: Literal["yes", "no", "unknown"] = "no", **more: Any) -> Complaint:
    said = {"what": CANARY, "danger": danger, "host": story.play.cast.hosts["harapan"], "name": NAME, "contact": "temui di sekolah"}
    return Complaint(**{**said, **more})


def receive(
    story: Story, danger: Literal["yes", "no", "unknown"] = "no", *, code: str = CODES[0], address: str = "10.0.0.1", **more: Any
) -> str:
    story.later(minutes=1)
    call = Call(who=PUBLIC, at=story.now, through=Through(key=f"kunci-nomor-{CODES.index(code)}"))
    return complaints.receive_complaint(story.store, call, Receive(told=told(story, danger, **more), code=code, address=address)).id


def move(story: Story, complaint: str, trigger: str, by: str = "bambang", **more: str) -> str:
    return story.do(complaints.advance_complaint, by, AdvanceComplaint(complaint=complaint, trigger=trigger, **more)).state


def refused(story: Story, complaint: str, trigger: str, by: str = "bambang", **more: str) -> set[str]:
    return story.refused(complaints.advance_complaint, by, AdvanceComplaint(complaint=complaint, trigger=trigger, **more))


def answer(story: Story, code: str = CODES[0], address: str = "10.0.0.9") -> Any:
    return complaint_views.look_up_answer(story.store, story.now, code, address, Through())


def listed(story: Story, by: str) -> list[str]:
    return [line.id for line in complaint_views.list_complaints(story.store, story.call(by))]


def test_a_child_without_an_account_is_heard_and_reads_the_answer_with_the_code(reported: Story) -> None:
    complaint = receive(reported)
    assert answer(reported).answer == ""
    assert move(reported, complaint, "look") == "under_review"
    assert move(reported, complaint, "answer", answer="Kami sudah bicara dengan pengasuhmu.") == "answered"
    found = answer(reported, CODES[0].lower())
    assert (found.state_label.id, found.answer) == ("sudah dijawab", "Kami sudah bicara dengan pengasuhmu.")
    assert answer(reported, "ABCD-EFGH-9999") is None
    assert verify_trail(reported.store, reported.call("nadia")).whole


def test_danger_is_told_at_once_to_those_who_triage_and_nothing_else_is(reported: Story) -> None:
    receive(reported)
    assert reported.rows("SELECT urgent FROM outbox") == []
    receive(reported, "yes", code=CODES[1])
    assert [row["urgent"] for row in reported.rows("SELECT urgent FROM outbox")] == ["complaint_look_danger_hours"]


def test_the_same_sending_twice_is_one_complaint(reported: Story) -> None:
    story = reported
    ask = Receive(told=told(story), code=CODES[0], address="10.0.0.1")
    call = Call(who=PUBLIC, at=story.now, through=Through(key="dua-kali-kirim"))
    assert complaints.receive_complaint(story.store, call, ask) == complaints.receive_complaint(story.store, call, ask)
    assert len(listed(story, "bambang")) == 1


def test_one_who_answers_does_not_close_it_alone(reported: Story) -> None:
    complaint = receive(reported)
    move(reported, complaint, "look")
    move(reported, complaint, "answer", answer="Sudah.")
    assert refused(reported, complaint, "close") == {"closed_by_another"}
    assert move(reported, complaint, "close", "lina") == "closed"


def test_danger_is_not_answered_before_an_incident_is_reported(reported: Story) -> None:
    complaint = receive(reported, "yes")
    move(reported, complaint, "look")
    assert refused(reported, complaint, "answer", answer="Tenang saja.") == {"danger_looked_into"}
    assert refused(reported, complaint, "answer") == {"answer_written", "danger_looked_into"}
    assert refused(reported, complaint, "escalate") == {"incident_reported"}


def escalated(story: Story) -> str:
    complaint = receive(story, "yes")
    story.do(complaints.link_complaint, "sari", LinkComplaint(complaint=complaint, number=story.row["number"]))
    record = story.sign("F17", "sari", type="physical", child_in_danger="yes")
    assert move(story, complaint, "escalate", "sari", record=record) == "escalated"
    return complaint


def test_a_complaint_becomes_an_incident_by_an_f17_of_the_childs_case_signed_since(reported: Story) -> None:
    older = reported.sign("F17", "sari", type="physical")
    reported.later(hours=1)
    complaint = receive(reported, "yes")
    assert refused(reported, complaint, "escalate", record=older) == {"invalid"}
    reported.do(complaints.link_complaint, "sari", LinkComplaint(complaint=complaint, number=reported.row["number"]))
    assert refused(reported, complaint, "escalate", record=older) == {"not_found"}
    record = reported.sign("F17", "sari", type="physical")
    assert move(reported, complaint, "escalate", record=record) == "escalated"
    assert move(reported, complaint, "answer", answer="Kamu aman sekarang.") == "answered"
    assert verify_trail(reported.store, reported.call("nadia")).whole


@pytest.mark.parametrize("by", ["halimah", "anton", "fauzan", "iwan", "nadia", "wahyu"])
def test_no_house_and_nobody_but_the_office_hears_of_a_complaint(reported: Story, by: str) -> None:
    complaint = receive(reported)
    assert listed(reported, by) == []
    assert refused(reported, complaint, "look", by) == {"not_found"}
    with pytest.raises(NotFound):
        complaint_views.show_complaint(reported.store, reported.call(by), complaint)
    assert reported.refused(complaints.open_reporter, by, OpenReporter(complaint=complaint)) == {"not_found"}


def test_nothing_that_a_house_reads_changes_with_a_complaint(tell: Any) -> None:
    story = tell("institutional_care")
    host = story.play.cast.hosts["harapan"]

    def read() -> tuple[Any, ...]:
        call = Call(who=story.who("halimah"), at=story.now)
        trail = journals.journal_of(story.store, call, story.case)
        return show_host(story.store, call, host), lists.list_cases(story.store, call, named=story.row["number"]), trail

    before, row = read(), story.row
    complaint = receive(story)
    story.do(complaints.link_complaint, "sari", LinkComplaint(complaint=complaint, number=row["number"]))
    move(story, complaint, "look", "sari")
    assert (read(), story.row) == (before, row)


def test_who_belongs_to_the_house_does_not_hear_of_it_in_another_office_either(reported: Story) -> None:
    complaint = receive(reported)
    reported.enrol("rangkap", "supervisor", same_as="halimah")
    assert listed(reported, "rangkap") == []
    assert refused(reported, complaint, "look", "rangkap") == {"not_found"}


def test_another_office_does_not_hear_of_it(reported: Story) -> None:
    complaint = receive(reported)
    reported.enrol("lain", "supervisor", reported.other_office())
    assert listed(reported, "lain") == []
    assert refused(reported, complaint, "look", "lain") == {"not_found"}


def test_who_complained_is_told_to_those_who_triage_and_every_look_is_recorded(reported: Story) -> None:
    complaint = receive(reported)
    with pytest.raises(NotFound):
        complaint_views.show_reporter(reported.store, reported.call("sari"), complaint)
    reported.do(complaints.open_reporter, "sari", OpenReporter(complaint=complaint))
    seen = complaint_views.show_reporter(reported.store, reported.call("sari"), complaint)
    assert (seen.name, seen.contact) == (NAME, "temui di sekolah")
    assert reported.refused(complaints.open_reporter, "yusuf", OpenReporter(complaint=complaint)) == {"role_not_allowed"}
    assert NAME not in repr(complaint_views.show_complaint(reported.store, reported.call("yusuf"), complaint))
    trail = trails.office_trail(reported.store, reported.call("nadia"), Sought(kind="evidence_opened"))
    assert len(trail.entries) == 1


def test_what_was_told_and_who_told_it_is_in_no_entry_of_the_journal(reported: Story) -> None:
    complaint = receive(reported)
    move(reported, complaint, "look")
    move(reported, complaint, "answer", answer="Jawaban rahasia untukmu")
    reported.do(complaints.open_reporter, "sari", OpenReporter(complaint=complaint))
    bodies = [bytes(row["body"]) for row in reported.rows("SELECT body FROM actor_event UNION ALL SELECT body FROM event")]
    entries = [decode_event(body) for body in bodies]
    assert next(entry.kind for entry in entries if complaint in entry.items) == "complaint_received"
    for secret in (CANARY, NAME, "temui di sekolah", "Jawaban rahasia", CODES[0]):
        assert not [body for body in bodies if secret.encode() in body]


def test_a_first_look_is_due_in_hours_and_an_answer_in_two_weeks(reported: Story) -> None:
    quiet, danger = receive(reported), receive(reported, "yes", code=CODES[1])
    lines = {line.id: line for line in complaint_views.list_complaints(reported.store, reported.call("yusuf"))}
    assert [*lines] == [danger, quiet]
    assert lines[danger].due_at == lines[danger].received_at + timedelta(hours=PARAMS.complaint_look_danger_hours)
    assert lines[quiet].due_at == lines[quiet].received_at + timedelta(hours=PARAMS.complaint_look_hours)
    reported.later(hours=PARAMS.complaint_look_danger_hours)
    lines = {line.id: line for line in complaint_views.list_complaints(reported.store, reported.call("yusuf"))}
    assert (lines[danger].overdue, lines[quiet].overdue) == (True, False)
    move(reported, quiet, "look")
    line = next(one for one in complaint_views.list_complaints(reported.store, reported.call("yusuf")) if one.id == quiet)
    assert line.due_at == line.received_at + timedelta(days=PARAMS.complaint_answer_days)


def test_too_many_from_one_address_wait_and_others_are_heard(reported: Story) -> None:
    for code in CODES[:FILED_PER_ADDRESS]:
        receive(reported, code=code)
    with pytest.raises(Throttled):
        receive(reported, code=CODES[FILED_PER_ADDRESS])
    assert receive(reported, code=CODES[FILED_PER_ADDRESS], address="10.0.0.2")


def test_codes_are_not_guessed_from_one_address(reported: Story) -> None:
    receive(reported)
    for place in range(LOOKED_UP_PER_ADDRESS):
        assert answer(reported, f"ABCD-EFGH-{place:04}".replace("0", "Z").replace("1", "Y")) is None
    with pytest.raises(Throttled):
        answer(reported)
    assert answer(reported, address="10.0.0.8") is not None


def test_a_worker_writes_down_what_a_child_told(reported: Story) -> None:
    ask = WriteDown(told=told(reported), code=CODES[0], number=reported.row["number"])
    complaint = reported.do(complaints.write_down_complaint, "sari", ask).id
    view = complaint_views.show_complaint(reported.store, reported.call("bambang"), complaint)
    assert (view.case, view.channel.en) == (reported.case, "written down by somebody of the office")
    assert reported.refused(complaints.write_down_complaint, "halimah", ask) == {"role_not_allowed"}
    wrong = WriteDown(told=told(reported), code=CODES[1], number="UJI-1999-0001")
    assert reported.refused(complaints.write_down_complaint, "sari", wrong) == {"invalid"}


def test_a_household_cannot_be_named_by_a_stranger(reported: Story) -> None:
    names = {name for _, name in complaint_views.places_to_name(reported.store, Call(who=PUBLIC, at=reported.now))}
    assert "LKSA Harapan Mahakam" in names
    assert not [name for name in names if name.startswith("Keluarga")]
    call = Call(who=PUBLIC, at=reported.now, through=Through(key="rumah-tangga"))
    ask = Receive(told=told(reported, host=reported.play.cast.hosts["keluarga_hasan"]), code=CODES[0])
    with pytest.raises(Invalid) as caught:
        complaints.receive_complaint(reported.store, call, ask)
    assert [fault.path for fault in caught.value.faults] == ["$.told.host"]
