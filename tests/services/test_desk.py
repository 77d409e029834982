"""The receiver's own account (DOMAIN 2.9, 7.3): it sees the desk of its body and nothing else, and its yes is an acceptance in writing."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from casework.errors import Invalid, NotFound
from casework.services import desk, lists, people, records, registers, views
from casework.services.cases import advance_case
from casework.services.desk import ASKED, AnswerReferral, DeskView, answer_referral
from casework.services.people import NewAccount
from casework.services.processes import advance_process
from casework.services.records import AttachDocument, CompareDocument
from casework.services.tick import tick
from casework.store.call import Call, Seat
from casework.store.schema.processes import AT_A_DESK
from tests.services.beside import beside, make, open_tasks, step, whole
from tests.services.story import OPERATOR, PASSWORD, Story
from tests.services.ways import IN_CARE

YES = {"name": "Wahyu Prasetyo", "on": "2026-03-20", "terms": "Diterima mulai Senin."}
NEED = "Rehabilitasi di UPTD provinsi."
SHARED = ["umur anak", "ringkasan kebutuhan"]


@pytest.fixture
def sent(tell: Callable[..., Story]) -> Story:
    """A referral to the province that Sari has sent; `uptd` and its officer Ratna are another body of the province."""
    story = tell(*IN_CARE)
    story.do(registers.add_body, "bambang", registers.AddBody(name="UPTD lain (contoh)", kind="uptd"))
    story.sign("F22", purposes=["referral"])
    story.enrol("ratna", "province_officer", "provinsi", body=body_of(story, "UPTD lain (contoh)"))
    attach(story)
    story.sign("F13", receiver="provinsi", need=NEED, onward_setting="service", shared=SHARED)
    make(story, "referral", ("send", "sari"))
    return story


def body_of(story: Story, name: str) -> str:
    return str(story.rows("SELECT id FROM body WHERE name = ?", name)[0]["id"])


def attach(story: Story) -> None:
    paper = AttachDocument(case=story.case, kind="dinas_head_letter", number="1", issuer="Kepala Dinas", issued_on="2026-03-10")
    made = story.do(records.attach_document, "sari", paper).id
    story.do(records.compare_document, "maya", CompareDocument(case=story.case, document=made))


def ask(story: Story, trigger: str, **said: str) -> AnswerReferral:
    return AnswerReferral(referral=beside(story, "referral"), trigger=trigger, **said)


def shown(story: Story, by: str = "wahyu") -> DeskView:
    return desk.show_referral(story.store, story.call(by), beside(story, "referral"))


def listed(story: Story, by: str = "wahyu") -> list[str]:
    return [line.id for line in desk.list_referrals(story.store, story.call(by))]


def hidden(story: Story, by: str) -> bool:
    """Whether the referral is neither shown to somebody nor answered by them."""
    with pytest.raises(NotFound):
        shown(story, by)
    return story.refused(answer_referral, by, ask(story, "acknowledge")) == {"not_found"}


def test_the_desk_shows_what_the_form_tells_the_receiver_and_nothing_of_the_case(sent: Story) -> None:
    view = shown(sent)
    assert listed(sent) == [view.id] == [beside(sent, "referral")]
    assert (view.need, list(view.shared), view.state) == (NEED, SHARED, "sent")
    assert view.reply_by is not None
    told = msgspec.json.encode((view, desk.list_referrals(sent.store, sent.call("wahyu")))).decode()
    child = sent.rows("SELECT * FROM child WHERE id = ?", sent.row["child_id"])[0]
    kept = (sent.case, sent.row["number"], sent.row["child_id"], child["name"], child["mother_name"], child["born"])
    assert [secret for secret in kept if secret in told] == []
    assert {each.trigger for each in view.steps} == {"ask_information", "acknowledge", "accept", "decline"}
    assert all(each.possible for each in view.steps)


def test_nobody_else_finds_it_not_even_another_body_of_the_province(sent: Story) -> None:
    assert [by for by in ("sari", "bambang", "yusuf", "nadia", "halimah", "ratna") if not hidden(sent, by)] == []
    assert listed(sent, "ratna") == []
    with pytest.raises(NotFound):
        listed(sent, "sari")


def test_a_receiver_finds_nothing_anywhere_else(sent: Story) -> None:
    call = sent.call("wahyu")
    with pytest.raises(NotFound):
        views.show_case(sent.store, call, sent.case)
    assert (lists.list_cases(sent.store, call, named="Raka"), registers.list_hosts(sent.store, call)) == ((), ())
    assert sent.refused(advance_process, "wahyu", step(sent, "referral", "accept")) == {"not_found"}
    with sent.store.read(sent.call("wahyu")) as unit:
        seen = {name: len(unit.rows(text(f"SELECT 1 FROM {name}"))) for name in ("care_case", "record", "event", "task", "document")}  # noqa: S608
        walled = unit.dialect == "postgresql"
        own = [row[0] for row in unit.rows(text("SELECT machine FROM process WHERE body_id IS NOT NULL"))]
    assert own == ["referral"]
    assert not walled or set(seen.values()) == {0}


def test_its_yes_is_written_in_the_cases_journal_and_the_sender_sees_at_once_whose_it_is(sent: Story) -> None:
    sent.do(answer_referral, "wahyu", ask(sent, "acknowledge"))
    assert "referral_reply" in open_tasks(sent)
    made = sent.do(answer_referral, "wahyu", ask(sent, "accept", **YES))
    assert (made.state, made.on_desk, made.version) == ("accepted", True, shown(sent).version)
    entry = sent.entries()[-1]
    assert (entry.kind, entry.actor.account, entry.actor.role) == ("record_signed", sent.who("wahyu").account, "province_officer")
    assert [(each.machine, each.dest) for each in entry.steps] == [("referral", "accepted")]
    assert "referral_reply" not in open_tasks(sent)
    case = views.show_case(sent.store, sent.call("sari"), sent.case)
    (referral,) = [each for each in case.processes if each.machine == "referral"]
    assert [each.by for each in referral.past][-2:] == ["Wahyu Prasetyo"] * 2
    step = sent.step("transfer_out", receiver="provinsi")
    assert {"referral_accepted_by_receiver", "receiver_is_authority"}.isdisjoint(sent.refused(advance_case, "bambang", step))
    assert whole(sent)


def test_the_desk_says_what_is_asked_for_and_keeps_apart_what_only_lacks_its_feedback(sent: Story) -> None:
    told = {}
    for trigger, words in (("acknowledge", {}), ("accept", YES), ("begin_service", {}), ("complete", {})):
        sent.do(answer_referral, "wahyu", ask(sent, trigger, **words))
        (line,) = desk.list_referrals(sent.store, sent.call("wahyu"))
        told[line.state] = line.only_feedback
        assert line.asked == ASKED[line.state]
    assert told == {"acknowledged": False, "accepted": False, "in_service": False, "completed": True}
    assert {*ASKED} == {name.strip(" '") for name in AT_A_DESK.partition("(")[2].rstrip(")").split(",")}


def test_a_no_leaves_the_child_with_the_sender_and_the_desk_empty(sent: Story) -> None:
    with pytest.raises(Invalid):
        sent.do(answer_referral, "wahyu", ask(sent, "decline"))
    made = sent.do(answer_referral, "wahyu", ask(sent, "decline", reason="Penuh sampai Juni."))
    assert (made.state, made.on_desk, listed(sent)) == ("declined", False, [])
    assert "new_referral_target" in open_tasks(sent)
    assert hidden(sent, "wahyu")


def test_what_the_office_takes_back_leaves_the_desk(sent: Story) -> None:
    make(sent, "referral", ("cancel", "sari"))
    assert listed(sent) == []
    assert hidden(sent, "wahyu")


def test_a_form_that_names_another_receiver_is_on_neither_desk_until_it_is_sent_there(sent: Story) -> None:
    form = sent.rows("SELECT record_id FROM process WHERE id = ?", beside(sent, "referral"))[0]["record_id"]
    other = body_of(sent, "UPTD lain (contoh)")
    sent.sign("F13", supersedes=form, receiver=other, need=NEED, onward_setting="service", shared=SHARED)
    assert hidden(sent, "wahyu")
    assert hidden(sent, "ratna")
    sent.later(days=14)
    tick(sent.store, sent.now)
    make(sent, "referral", ("send", "sari"))
    assert hidden(sent, "wahyu")
    assert shown(sent, "ratna").need == NEED


def test_an_answer_is_given_once_and_to_what_was_seen(sent: Story) -> None:
    before = shown(sent).version
    first = sent.do(answer_referral, "wahyu", ask(sent, "acknowledge"), key="kunci-yang-sama", seen=before)
    assert sent.do(answer_referral, "wahyu", ask(sent, "acknowledge"), key="kunci-yang-sama", seen=before) == first
    assert sent.refused(answer_referral, "wahyu", ask(sent, "accept", **YES), seen=before) == {"stale_version"}
    form = sent.rows("SELECT record_id FROM process WHERE id = ?", beside(sent, "referral"))[0]["record_id"]
    sent.sign("F13", supersedes=form, receiver="provinsi", need="Lain.", onward_setting="service", shared=SHARED)
    assert sent.refused(answer_referral, "wahyu", ask(sent, "accept", **YES), seen=first.version) == {"stale_version"}
    assert sent.refused(answer_referral, "wahyu", ask(sent, "cancel")) == {"role_not_allowed"}
    assert sent.refused(answer_referral, "wahyu", ask(sent, "accept", **YES), seen=shown(sent).version) == set()


@pytest.mark.parametrize(("role", "body"), [("supervisor", "provinsi"), ("province_officer", "polres"), ("province_officer", "nowhere")])
def test_only_an_officer_of_a_body_of_the_province_has_a_desk(reported: Story, role: str, body: str) -> None:
    seats: tuple[Any, ...] = (Seat(role, reported.play.cast.offices["provinsi"], body=reported.play.cast.bodies.get(body, body)),)
    asked = NewAccount(username="ratna", password=PASSWORD, seats=seats, name="Ratna")
    with pytest.raises(Invalid):
        people.create_account(reported.store, Call(who=OPERATOR, at=reported.now), asked)
