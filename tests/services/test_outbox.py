"""What is urgent leaves with its cause, once to everybody whom it concerns, and says nothing about anybody."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from casework.commands.smtp import Smtp
from casework.commands.tick import mailed
from casework.errors import NotFound, Unavailable
from casework.services import cases, people, processes
from casework.services.delivery import FIRST_PAUSE, LEASE, Answer, Delivered, deliver
from casework.services.letters import Envelope
from casework.services.undelivered import Letters, list_undelivered
from casework.store.call import Call
from casework.store.schema import metadata
from tests.postbox import LINKS, Postbox, carrier, free_port, postbox
from tests.services.beside import another_resident, house, report
from tests.services.story import OPERATOR, Story
from tests.services.ways import ADMISSION

PEOPLE = ("sari", "maya", "bambang", "yusuf")
ADDRESS = "{}@dinsos.example"


@pytest.fixture(scope="module")
def postal() -> Iterator[Postbox]:
    with postbox() as found:
        yield found


@pytest.fixture
def box(postal: Postbox) -> Postbox:
    postal.raw.clear()
    postal.answers.clear()
    postal.after_data, postal.data_answer = None, "250 OK"
    return postal


def known(story: Story, *names: str, language: Any = None) -> Story:
    """Give people an address."""
    for name in names:
        people.set_mail(story.store, Call(who=OPERATOR, at=story.now), name, ADDRESS.format(name), language)
    return story


@pytest.fixture
def night(reported: Story) -> Story:
    """A child was brought to a shelter a minute ago; nobody has ratified it."""
    known(reported, *PEOPLE)
    reported.sign("F23", "maya", host="rpsa")
    reported.advance("place_in_emergency", "maya", host="rpsa")
    return reported


def send(story: Story, box: Postbox, at: datetime | None = None) -> Delivered:
    with carrier(box) as smtp:
        return deliver(story.store, smtp, lambda: at or story.now, links=LINKS)


def who_got(box: Postbox) -> list[str]:
    return sorted(letter["To"].partition("@")[0] for letter in box.letters)


def states(story: Story) -> list[str]:
    return sorted(row["state"] for row in story.rows("SELECT state FROM letter"))


def test_it_is_written_with_its_cause_and_goes_to_whom_it_concerns(night: Story, box: Postbox) -> None:
    rows = night.rows("SELECT stream, seq, urgent, addressed_at FROM outbox ORDER BY urgent")
    entry = night.entries()[-1]
    assert [tuple(row) for row in rows] == [
        (entry.stream, entry.seq, "emergency_ratify_hours", None),
        (entry.stream, entry.seq, "inform_dinas_hours", None),
    ]
    assert send(night, box) == Delivered(sent=2)
    assert who_got(box) == ["bambang", "sari"]
    to_the_decider, to_the_worker = box.to("bambang@dinsos.example")[0], box.to("sari@dinsos.example")[0]
    request = night.waiting("ratification")
    assert f"{LINKS}/decisions/{request}" in to_the_decider.get_content()
    assert f"{LINKS}/cases/{night.case}" in to_the_worker.get_content()
    assert "pengesahan" in to_the_decider.get_content()
    assert "pengesahan" not in to_the_worker.get_content()


def test_a_second_run_sends_nothing_again(night: Story, box: Postbox) -> None:
    send(night, box)
    assert send(night, box, night.now + timedelta(days=3)) == Delivered()
    assert len(box.letters) == 2


def test_a_deed_that_is_undone_leaves_nothing_to_tell(reported: Story) -> None:
    reported.sign("F23", "maya", host="rpsa")
    before = reported.count()

    def fails() -> object:
        raise Unavailable("the disk is full")

    call, work = cases.advance_case.begin(reported.call("maya"), reported.step("place_in_emergency", host="rpsa"))
    with pytest.raises(Unavailable):
        reported.store.carry_out(call, lambda unit: (work(unit), fails()))
    assert reported.refused(cases.advance_case, "sari", reported.step("leave_care")) != set()
    assert reported.rows("SELECT * FROM outbox") == []
    assert reported.count() == (before[0], before[1] + 1)


def test_nothing_about_anybody_leaves_the_house(night: Story, box: Postbox) -> None:
    report(night, "maya", type="sexual", subject_household="", accused_staff=[], persons=["Karto Wiryo"])
    known(night, "bambang", language="en")
    send(night, box)
    assert len(box.letters) >= 5
    sent = b"\n".join(box.raw).decode() + "".join(str(letter["Subject"]) + letter.get_content() for letter in box.letters)
    personal: set[str] = {str(night.row["number"]), "Karto", "seksual", "sexual"}
    for table in ("child", "relative", "host", "staff", "person", "office", "body"):
        columns = [one.name for one in metadata.tables[table].columns if not one.name.endswith(("id", "_at", "kind", "status", "services"))]
        personal |= {str(value) for row in night.personal(table, *columns) for value in row if value}
    words = {word for text in personal for word in re.split(r"[^\w-]+", text) if len(word) > 3}
    names = {name for (name,) in night.personal("child", "name")}
    assert {"sexual", *names} & (personal | words)
    common = {"Dinas", "Sosial", "Anak", "anak"}
    told = {word for word in words - common if re.search(rf"\b{re.escape(word)}\b", sent)}
    assert told == set()


def test_each_reads_it_in_their_own_language(night: Story, box: Postbox) -> None:
    known(night, "bambang", language="en")
    send(night, box)
    english, indonesian = box.to("bambang@dinsos.example")[0], box.to("sari@dinsos.example")[0]
    assert (english["Content-Language"], indonesian["Content-Language"]) == ("en", "id")
    assert "Something urgent" in english["Subject"]
    assert re.search(r"by \d+ Mar 2026 \d\d:\d\d WITA", english.get_content())
    assert re.search(r"paling lambat \d+ Mar 2026 \d\d\.\d\d WITA", indonesian.get_content())


def test_who_is_suspended_has_no_address_or_whose_seat_has_ended_gets_nothing(night: Story, box: Postbox) -> None:
    operator = Call(who=OPERATOR, at=night.now)
    people.suspend_account(night.store, operator, "bambang")
    people.set_mail(night.store, operator, "sari", "")
    assert send(night, box) == Delivered(unreachable=2)
    night.wreck("UPDATE account SET active = 1", "UPDATE assignment SET valid_until = valid_from WHERE role = 'supervisor'")
    assert send(night, box) == Delivered(unreachable=2)
    known(night, "sari")
    assert (send(night, box).sent, who_got(box)) == (1, ["sari"])


def test_what_was_settled_meanwhile_is_told_to_nobody(night: Story, box: Postbox) -> None:
    box.answers = {"bambang@dinsos.example": "451 later"}
    assert send(night, box) == Delivered(sent=1, later=1, waiting=1)
    night.later(hours=1)
    night.decide(night.waiting("ratification"), "bambang")
    box.answers.clear()
    people.set_mail(night.store, Call(who=OPERATOR, at=night.now), "bambang", "bambang@dinsos.example")
    night.wreck("UPDATE task SET settled_at = created_at WHERE kind = 'inform_dinas'")
    assert send(night, box) == Delivered(moot=1)
    assert (who_got(box), states(night)) == (["sari"], ["moot", "sent"])


def test_who_asked_does_not_hear_that_they_must_decide(reported: Story, box: Postbox) -> None:
    known(reported, "bambang", "lina")
    reported.sign("F23", "bambang", host="rpsa")
    reported.advance("place_in_emergency", "bambang", host="rpsa")
    reported.wreck("DELETE FROM outbox WHERE urgent = 'inform_dinas_hours'")
    send(reported, box)
    assert who_got(box) == ["lina"]


def test_a_server_that_is_down_loses_nothing(night: Story, box: Postbox) -> None:
    nowhere = Postbox()
    nowhere.port = free_port()
    assert send(night, nowhere) == Delivered(waiting=2, down="ConnectionRefusedError")
    assert states(night) == ["queued", "queued"]
    night.later(hours=1)
    assert send(night, box) == Delivered(sent=2)


def test_what_is_put_off_is_tried_again_later_and_less_and_less_often(night: Story, box: Postbox) -> None:
    box.answers = {"bambang@dinsos.example": "451 busy"}
    assert send(night, box) == Delivered(sent=1, later=1, waiting=1)
    assert send(night, box) == Delivered(waiting=1)
    begun, last = night.now, night.now
    for tries in (1, 2):
        last += FIRST_PAUSE * 3 ** (tries - 1)
        assert send(night, box, last).later == 1
    box.answers.clear()
    assert send(night, box, last + FIRST_PAUSE) == Delivered(waiting=1)
    assert send(night, box, begun + timedelta(hours=12)) == Delivered(sent=1)


def test_a_refusal_for_good_is_told_and_not_tried_again(night: Story, box: Postbox) -> None:
    box.answers = {"bambang@dinsos.example": "550 unknown"}
    account = night.who("bambang").account
    carried = send(night, box)
    assert carried == Delivered(sent=1, refused=((account, 550),))
    lines = [*mailed(carried, people.usernames(night.store, night.now, frozenset({account})), "en", off=False)]
    assert lines == ["Mail sent: 1", "Mail refused (550), an address to be corrected: bambang"]
    box.answers.clear()
    assert send(night, box, night.now + timedelta(days=1)) == Delivered()
    assert states(night) == ["failed", "sent"]


def test_without_a_carrier_all_of_it_is_kept(night: Story, box: Postbox) -> None:
    kept = deliver(night.store, None, lambda: night.now)
    assert kept == Delivered(waiting=2)
    assert [*mailed(kept, {}, "en", off=True)] == ["Urgent things that wait to be sent: 2 ([mail] is not set)"]
    assert send(night, box) == Delivered(sent=2)


class Dies(Exception):
    """The sender was killed."""


class DiesAfterSending:
    """Sends, and is killed before it can say so."""

    def __init__(self, smtp: Smtp) -> None:
        self.smtp = smtp

    def carry(self, envelope: Envelope) -> Answer:
        self.smtp.carry(envelope)
        raise Dies


def test_killed_between_sending_and_marking_it_sends_one_letter_once_more_under_the_same_name(night: Story, box: Postbox) -> None:
    with carrier(box) as smtp, pytest.raises(Dies):
        deliver(night.store, DiesAfterSending(smtp), lambda: night.now, links=LINKS)
    assert send(night, box) == Delivered(sent=1, waiting=1)
    assert send(night, box, night.now + LEASE) == Delivered(sent=1)
    named = [letter["Message-ID"] for letter in box.letters]
    assert (len(named), len(set(named))) == (3, 2)


def test_two_senders_at_once_send_each_letter_once(night: Story, box: Postbox) -> None:
    with ThreadPoolExecutor(2) as both:
        found = [each.result() for each in [both.submit(send, night, box) for _ in range(2)]]
    assert sum(each.sent for each in found) == 2
    assert who_got(box) == ["bambang", "sari"]


def test_nothing_is_held_up_while_a_letter_is_carried(night: Story, box: Postbox) -> None:
    box.after_data = lambda: night.sign("F02", "sari")
    assert send(night, box) == Delivered(sent=2)
    assert [row["form"] for row in night.rows("SELECT form FROM record WHERE form = 'F02'")] == ["F02", "F02"]


def test_what_one_entry_brings_about_in_many_cases_is_one_letter(tell: Callable[..., Story], box: Postbox) -> None:
    story = known(tell(*ADMISSION, "institutional_care"), "bambang", "yusuf")
    another_resident(story)
    send(story, box)
    box.raw.clear()
    story.do(processes.advance_host, "yusuf", processes.AdvanceHost(host=house(story), trigger="suspend"))
    assert send(story, box).sent == 2
    assert who_got(box) == ["bambang", "yusuf"]
    assert "2 × rencana pindah" in box.letters[0].get_content()
    assert f"{LINKS}/work" in box.letters[0].get_content()


def test_an_address_reaches_no_entry_of_the_journal(reported: Story) -> None:
    known(reported, "sari")
    assert b"set_mail" in reported.bodies()
    assert b"dinsos.example" not in reported.bodies()


def test_what_did_not_arrive_is_told_to_who_leads_the_office_with_what_to_do_next(night: Story, box: Postbox) -> None:
    box.answers = {ADDRESS.format("bambang"): "550 no such user"}
    send(night, box)
    for by in ("bambang", "yusuf"):
        found = list_undelivered(night.store, night.call(by))
        (line,) = found.undelivered
        assert (line.username, line.reply, line.waits, line.again_at) == ("bambang", 550, True, None)
        assert "casework user mail bambang" in line.advice.en
        assert found.unaddressed == ()
    told = msgspec.json.encode(found).decode()
    assert "Raka" not in told
    assert str(night.row["number"]) not in told
    for by in ("sari", "halimah", "nadia", "wahyu"):
        with pytest.raises(NotFound):
            list_undelivered(night.store, night.call(by))
    night.enrol("jauh", "supervisor", night.other_office())
    assert list_undelivered(night.store, night.call("jauh")) == Letters((), ())


def test_what_is_tried_again_and_what_reaches_nobody_is_told_apart(reported: Story, box: Postbox) -> None:
    reported.sign("F23", "maya", host="rpsa")
    reported.advance("place_in_emergency", "maya", host="rpsa")
    send(reported, box)
    (*kept,) = list_undelivered(reported.store, reported.call("bambang")).unaddressed
    assert len(kept) == 2
    assert all(one.whom for one in kept)
    known(reported, "bambang")
    box.answers = {ADDRESS.format("bambang"): "451 try later"}
    send(reported, box)
    found = list_undelivered(reported.store, reported.call("bambang"))
    assert [(one.reply, one.again_at is not None) for one in found.undelivered] == [(451, True)]
    assert found.unaddressed == ()
