"""Accounts as an administrator looks after them: never a casework seat unseen, never the last one out, every refusal kept."""

from datetime import timedelta

import msgspec
import pytest

from casework.errors import Invalid, NotFound, ProofNeeded, Refusal
from casework.services import accounts, exceptions, people
from casework.services.keyset import PAGE
from casework.services.people import NewAccount
from casework.services.sessions import SignIn, sign_in
from casework.store.call import Seat
from tests.services.story import PASSWORD, Story


@pytest.fixture
def office(reported: Story) -> str:
    return reported.play.cast.offices["dinas"]


def seat_of(story: Story, username: str) -> str:
    view = accounts.show_account(story.store, story.call("ratih"), story.who(username).account)
    return next(seat.id for seat in view.seats if seat.held)


def test_the_last_administrator_is_neither_suspended_nor_unseated(reported: Story, office: str) -> None:
    with pytest.raises(Refusal) as suspended:
        people.suspend_account(reported.store, reported.call("ratih"), "ratih")
    with pytest.raises(Refusal) as unseated:
        people.end_seat(reported.store, reported.call("ratih"), "ratih", seat_of(reported, "ratih"))
    assert suspended.value.codes == unseated.value.codes == {"last_admin"}
    reported.enrol("kedua", "admin")
    people.suspend_account(reported.store, reported.call("kedua"), "ratih")
    with pytest.raises(Refusal):
        people.suspend_account(reported.store, reported.call("kedua"), "kedua")
    assert office


def test_a_seat_is_ended_at_once_and_shown_as_over(reported: Story, office: str) -> None:
    seat = seat_of(reported, "maya")
    people.end_seat(reported.store, reported.call("ratih"), "maya", seat)
    view = accounts.show_account(reported.store, reported.call("ratih"), reported.who("maya").account)
    assert [one.held for one in view.seats if one.id == seat] == [False]
    with pytest.raises(NotFound):
        people.end_seat(reported.store, reported.call("ratih"), "maya", seat)
    with pytest.raises(NotFound):
        people.end_seat(reported.store, reported.call("ratih"), "sari", "01k9x0m5s7h3b2d4f6g8j0k1m2")
    assert office


def test_who_is_given_a_seat_is_seen_by_the_head_of_that_office_and_by_auditors(reported: Story, office: str) -> None:
    reported.later(hours=1)
    made = NewAccount(username="baru", name="Orang Baru", seats=(Seat("social_worker", office),))
    people.create_account(reported.store, reported.call("ratih"), made)
    today = reported.now.date()
    for by in ("yusuf", "nadia"):
        seen = exceptions.list_exceptions(reported.store, reported.call(by), "seated", today, today + timedelta(days=1)).lines
        assert seen[0].name == "Orang Baru", by


def test_nobody_gives_themselves_a_seat_a_certificate_or_a_second_account(reported: Story, office: str) -> None:
    call, own = reported.call("ratih"), reported.who("ratih").person
    for deed in (
        lambda: people.give_seat(reported.store, call, "ratih", Seat("social_worker", office)),
        lambda: people.set_certificate(reported.store, call, "ratih", "2030-01-01"),
        lambda: people.create_account(reported.store, call, NewAccount(username="ratih2", person=own, seats=())),
    ):
        with pytest.raises(Refusal) as no:
            deed()
        assert no.value.codes == {"four_eyes"}
    tried = [(entry.kind, entry.reason_code, entry.codes) for entry in reported.attempts("ratih")][-3:]
    assert tried == [("refused", verb, ("four_eyes",)) for verb in ("give_seat", "set_certificate", "create_account")]


def test_a_change_needs_a_proof_of_the_last_quarter_of_an_hour_and_a_refused_one_is_kept(reported: Story, office: str) -> None:
    stale = msgspec.structs.replace(reported.call("ratih"), proved_at=reported.now - timedelta(minutes=16))
    with pytest.raises(ProofNeeded):
        people.suspend_account(reported.store, stale, "sari")
    with pytest.raises(Refusal):
        people.rename_office(reported.store, reported.call("bambang"), office, "Kantor Saya")
    entry = reported.attempts("bambang")[-1]
    assert (entry.kind, entry.reason_code, entry.codes) == ("refused", "rename_office", ("role_not_allowed",))


def test_a_certificate_that_was_renewed_opens_the_work_again(reported: Story, office: str) -> None:
    reported.enrol("usang", "social_worker", certificate=(reported.now - timedelta(days=1)).date().isoformat())
    until = (reported.now + timedelta(days=365)).date().isoformat()
    people.set_certificate(reported.store, reported.call("ratih"), "usang", until)
    assert accounts.show_account(reported.store, reported.call("ratih"), reported.who("usang").account).account.certificate_until == until
    with pytest.raises(Invalid):
        people.set_certificate(reported.store, reported.call("ratih"), "usang", "besok")
    assert office


def test_the_list_is_searched_by_name_and_comes_page_by_page(reported: Story, office: str) -> None:
    for number in range(PAGE):
        made = NewAccount(username=f"orang.{number:03d}", name=f"Warga 50%_{number:03d}", seats=(Seat("auditor", office),))
        people.create_account(reported.store, reported.call("ratih"), made)
    first = accounts.list_people(reported.store, reported.call("ratih"))
    second = accounts.list_people(reported.store, reported.call("ratih"), after=first.after)
    names = [line.account.username for line in (*first, *second)]
    assert (len(first), names, second.after) == (PAGE, sorted(names), "")
    assert [one.account.username for one in accounts.list_people(reported.store, reported.call("ratih"), "50%_007")] == ["orang.007"]
    for by in ("sari", "yusuf", "nadia"):
        with pytest.raises(NotFound):
            accounts.list_people(reported.store, reported.call(by))


def test_how_somebody_comes_in_is_told(reported: Story, office: str) -> None:
    sign_in(reported.store, reported.now, SignIn(username="sari", password=PASSWORD))
    account = reported.who("sari").account
    told = accounts.show_account(reported.store, reported.call("ratih"), account).coming
    assert (told.signed_in_at is not None, told.coded, told.invited_until, told.failed) == (True, False, None, 0)
    assert told.sessions >= 1
    people.end_sessions(reported.store, reported.call("ratih"), "sari")
    assert accounts.show_account(reported.store, reported.call("ratih"), account).coming.sessions == 0
    assert office


def test_an_office_is_entered_and_renamed(reported: Story, office: str) -> None:
    made = people.create_office(reported.store, reported.call("ratih"), " UPTD Sebulu ", "dinas", "64.02.07")
    people.rename_office(reported.store, reported.call("ratih"), made, "UPTD Sebulu Baru")
    assert {"UPTD Sebulu Baru"} <= {one.name for one in accounts.list_offices(reported.store, reported.call("ratih"))}
    for name, kind in (("", "dinas"), ("Kantor", "istana")):
        with pytest.raises(Invalid):
            people.create_office(reported.store, reported.call("ratih"), name, kind)
    assert office
