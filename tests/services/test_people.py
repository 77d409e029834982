"""Accounts and sessions: one answer for every wrong pair, a throttle, sessions that end by themselves, and passwords worth the name."""

import contextlib
from datetime import datetime, timedelta

import pytest

from casework.errors import CaseworkError, Conflict, Invalid, NotFound, NotSignedIn, Refusal, Throttled
from casework.ledger.event import Through
from casework.services import people, sessions, throttle
from casework.services.people import NewAccount
from casework.services.sessions import ABSOLUTE, IDLE, SignedIn, SignIn
from casework.services.throttle import FAILURES_PER_ACCOUNT, FAILURES_PER_ADDRESS, WINDOW
from casework.store.call import Call, Seat
from casework.store.people import add_seat
from casework.store.sessions import note_attempt
from tests.services.story import OPERATOR, PASSWORD, Story

WRONG = "bukan kata sandinya"
SECOND = timedelta(seconds=1)


def enter(story: Story, username: str = "sari", password: str = PASSWORD, *, address: str = "", at: datetime | None = None) -> SignedIn:
    return sessions.sign_in(story.store, at or story.now, SignIn(username=username, password=password), address=address)


def fail(story: Story, username: str, *, address: str = "", at: datetime | None = None) -> CaseworkError:
    with pytest.raises(CaseworkError) as caught:
        enter(story, username, WRONG, address=address, at=at)
    return caught.value


def alive(story: Story, token: str, at: datetime) -> bool:
    with contextlib.suppress(NotSignedIn):
        sessions.session_of(story.store, at, token)
        return True
    return False


def operator(story: Story) -> Call:
    return Call(who=OPERATOR, at=story.now)


def test_a_right_pair_opens_a_session_with_the_seats_of_the_account(reported: Story) -> None:
    signed = enter(reported)
    session = sessions.session_of(reported.store, reported.now, signed.token)
    assert session.who == signed.who == reported.who("sari")
    assert (session.csrf, [seat.role for seat in session.who.seats]) == (signed.csrf, ["social_worker"])
    entry = reported.attempts("sari")[-1]
    assert (entry.kind, entry.outcome, entry.actor.role) == ("signed_in", "done", "social_worker")


def test_a_wrong_password_an_unknown_name_and_a_suspended_account_are_the_same_answer(reported: Story) -> None:
    people.suspend_account(reported.store, operator(reported), "maya")
    answers = [fail(reported, "sari"), fail(reported, "nobody.of.this.name")]
    with pytest.raises(NotSignedIn) as suspended:
        enter(reported, "maya")
    told = {(type(no), no.args, str(no)) for no in (*answers, suspended.value)}
    assert told == {(NotSignedIn, (), "")}
    entries = reported.attempts_of("anonymous")
    assert len(entries) == 3
    assert {(entry.kind, entry.outcome, entry.codes, entry.actor.person) for entry in entries} == {
        ("sign_in_refused", "refused", ("wrong_credentials",), "")
    }


def test_upper_and_lower_case_name_the_same_account(reported: Story) -> None:
    seats = (Seat("supervisor", reported.play.cast.offices["dinas"]),)
    ask = NewAccount(username="Budi.Hartono", password=PASSWORD, seats=seats, name="Budi Hartono")
    made = people.create_account(reported.store, operator(reported), ask)
    for typed in ("budi.hartono", "Budi.Hartono", "BUDI.HARTONO"):
        assert enter(reported, typed).who.account == made.account
    people.set_password(reported.store, operator(reported), "Budi.Hartono", "kata-sandi-yang-baru")
    people.suspend_account(reported.store, operator(reported), "Budi.Hartono")
    with pytest.raises(NotSignedIn):
        enter(reported, "budi.hartono", "kata-sandi-yang-baru")


@pytest.mark.parametrize("username", ["sari", "nobody.of.this.name"])
def test_after_five_failures_even_the_right_password_waits_whether_or_not_the_name_exists(reported: Story, username: str) -> None:
    for _ in range(FAILURES_PER_ACCOUNT):
        assert isinstance(fail(reported, username), NotSignedIn)
    for password in (WRONG, PASSWORD):
        with pytest.raises(Throttled) as caught:
            enter(reported, username, password)
        assert caught.value.retry_after == WINDOW.total_seconds()
    with pytest.raises(Throttled):
        enter(reported, username.upper())
    assert enter(reported, "maya").who.person == reported.person("maya")


def throttled(story: Story) -> list[tuple[str, ...]]:
    return [entry.codes for entry in story.attempts_of("anonymous") if entry.codes == ("throttled",)]


@pytest.mark.parametrize("username", ["sari", "nobody.of.this.name"])
def test_a_throttled_sign_in_is_journalled_once_in_its_window_whether_or_not_the_name_exists(reported: Story, username: str) -> None:
    for _ in range(FAILURES_PER_ACCOUNT):
        fail(reported, username)
    assert throttled(reported) == []
    for _ in range(7):
        assert isinstance(fail(reported, username), Throttled)
    assert throttled(reported) == [("throttled",)]
    entry = reported.attempts_of("anonymous")[-1]
    assert (entry.kind, entry.outcome, entry.actor.person, entry.items, entry.reason_code) == ("sign_in_refused", "refused", "", (), "")
    assert username not in repr(entry)


def test_each_name_and_each_window_that_is_throttled_has_its_entry(reported: Story) -> None:
    for username in ("sari", "maya"):
        for _ in range(FAILURES_PER_ACCOUNT + 2):
            fail(reported, username)
    assert len(throttled(reported)) == 2
    later = reported.now + WINDOW
    for _ in range(FAILURES_PER_ACCOUNT + 2):
        fail(reported, "sari", at=later)
    assert len(throttled(reported)) == 3


def test_an_address_that_is_throttled_has_its_entry_too(reported: Story) -> None:
    with reported.store.write(Call(who=sessions.NOBODY, at=reported.now)) as unit:
        for _ in range(FAILURES_PER_ADDRESS):
            note_attempt(unit, throttle.digest("address", "203.0.113.7"))
        unit.commit()
    for number in range(3):
        assert isinstance(fail(reported, f"tebakan{number}", address="203.0.113.7"), Throttled)
    assert len(throttled(reported)) == 1


def test_the_throttle_opens_again_after_its_window_and_not_a_second_before(reported: Story) -> None:
    for _ in range(FAILURES_PER_ACCOUNT):
        fail(reported, "sari")
    with pytest.raises(Throttled):
        enter(reported, at=reported.now + WINDOW - SECOND)
    assert enter(reported, at=reported.now + WINDOW).token


def test_four_failures_lock_nobody_out(reported: Story) -> None:
    for _ in range(FAILURES_PER_ACCOUNT - 1):
        fail(reported, "sari")
    assert enter(reported).token


def test_an_address_that_tries_many_names_is_throttled_too(reported: Story) -> None:
    with reported.store.write(Call(who=sessions.NOBODY, at=reported.now)) as unit:
        for _ in range(FAILURES_PER_ADDRESS - 2):
            note_attempt(unit, throttle.digest("address", "203.0.113.7"))
        unit.commit()
    for number in range(2):
        assert isinstance(fail(reported, f"tebakan{number}", address="203.0.113.7"), NotSignedIn)
    with pytest.raises(Throttled):
        enter(reported, "sari", address="203.0.113.7")
    assert enter(reported, "sari", address="198.51.100.9").token


def test_neither_token_nor_password_nor_name_nor_address_is_stored(reported: Story) -> None:
    signed = enter(reported)
    fail(reported, "nama.salah.ketik", address="203.0.113.7")
    told = repr(reported.dump())
    for secret in (signed.token, PASSWORD, WRONG, "nama.salah.ketik", "203.0.113.7"):
        assert secret not in told
    assert sessions.hash_token(signed.token) in told


def test_every_sign_in_gives_a_token_of_its_own_and_a_session_of_its_own(reported: Story) -> None:
    first, second = enter(reported), enter(reported)
    assert len({first.token, second.token}) == len({first.csrf, second.csrf}) == 2
    call = reported.call("sari")
    sessions.sign_out(reported.store, call, sessions.hash_token(first.token))
    assert not alive(reported, first.token, reported.now)
    assert alive(reported, second.token, reported.now)
    assert reported.attempts("sari")[-1].kind == "signed_out"


@pytest.mark.parametrize("token", ["", "x", "0" * 43])
def test_a_token_that_nobody_was_given_opens_nothing(reported: Story, token: str) -> None:
    assert not alive(reported, token, reported.now)


def test_the_digest_in_the_database_is_no_token(reported: Story) -> None:
    assert not alive(reported, sessions.hash_token(enter(reported).token), reported.now)


def test_a_session_idles_out_after_half_an_hour_and_not_before(reported: Story) -> None:
    first, second = enter(reported), enter(reported)
    assert alive(reported, first.token, reported.now + IDLE)
    assert not alive(reported, second.token, reported.now + IDLE + SECOND)


def test_using_a_session_keeps_it_awake_but_not_for_longer_than_a_working_day(reported: Story) -> None:
    token, began = enter(reported).token, reported.now
    at = began
    while at + timedelta(minutes=25) <= began + ABSOLUTE:
        at += timedelta(minutes=25)
        assert alive(reported, token, at)
    assert alive(reported, token, began + ABSOLUTE)
    assert not alive(reported, token, began + ABSOLUTE + SECOND)


def test_suspending_an_account_ends_its_session_at_once(reported: Story) -> None:
    token = enter(reported).token
    assert alive(reported, token, reported.now)
    people.suspend_account(reported.store, operator(reported), "sari")
    assert not alive(reported, token, reported.now)
    people.suspend_account(reported.store, operator(reported), "sari", active=True)
    assert not alive(reported, token, reported.now), "a restored account must sign in again"
    assert enter(reported).token


def test_a_seat_that_ends_is_gone_from_the_session_with_the_next_request(reported: Story) -> None:
    cover, until = Seat("supervisor", reported.play.cast.offices["dinas"]), reported.now + timedelta(minutes=10)
    with reported.store.write(Call(who=OPERATOR, at=reported.now)) as unit:
        add_seat(unit, reported.who("sari").account, cover, valid_until=until)
        unit.commit()
    token = enter(reported).token
    assert cover in sessions.session_of(reported.store, until - SECOND, token).who.seats
    assert cover not in sessions.session_of(reported.store, until, token).who.seats


def test_a_new_password_opens_and_the_old_one_does_not(reported: Story) -> None:
    people.set_password(reported.store, operator(reported), "sari", "kata-sandi-yang-baru")
    with pytest.raises(NotSignedIn):
        enter(reported)
    assert enter(reported, password="kata-sandi-yang-baru").token  # noqa: S106 - nobody's password


def test_a_new_password_ends_the_sessions_that_were_opened_with_the_old_one(reported: Story) -> None:
    """A password is changed because somebody else may know it: whoever is inside with it must go."""
    token = enter(reported).token
    people.set_password(reported.store, operator(reported), "sari", "kata-sandi-yang-baru")
    assert not alive(reported, token, reported.now)


@pytest.mark.parametrize("password", ["", "pendek", "sebelas-huf"])
def test_a_short_password_is_refused_for_a_new_account_and_for_a_known_one(reported: Story, password: str) -> None:
    ask = NewAccount(username="baru", password=password, seats=(), name="Orang Baru")
    with pytest.raises(Invalid) as made:
        people.create_account(reported.store, operator(reported), ask)
    with pytest.raises(Invalid) as changed:
        people.set_password(reported.store, operator(reported), "sari", password)
    assert [fault.path for fault in (*made.value.faults, *changed.value.faults)] == ["$.password", "$.password"]


def test_every_fault_of_a_new_account_is_told_at_once(reported: Story) -> None:
    ask = NewAccount(username="baru", password="pendek", seats=(Seat("emperor", "x"), Seat("auditor", "x"), Seat("god", "x")))  # noqa: S106
    with pytest.raises(Invalid) as caught:
        people.create_account(reported.store, operator(reported), ask)
    assert [fault.path for fault in caught.value.faults] == ["$.password", "$.name", "$.seats[0].role", "$.seats[2].role"]


@pytest.mark.parametrize("day", ["besok", "", "2027-02-30", "31-12-2027", "20271231"])
def test_a_certificate_runs_until_a_day_that_exists(reported: Story, day: str) -> None:
    ask = NewAccount(username="baru", password=PASSWORD, seats=(), name="Orang Baru", certificate_until=day)
    with pytest.raises(Invalid) as caught:
        people.create_account(reported.store, operator(reported), ask)
    assert [fault.path for fault in caught.value.faults] == ["$.certificate_until"]


def test_a_name_that_is_taken_is_taken_in_any_case_of_its_letters(reported: Story) -> None:
    for username in ("sari", "SARI"):
        with pytest.raises(Conflict):
            people.create_account(reported.store, operator(reported), NewAccount(username=username, password=PASSWORD, seats=(), name="X"))


@pytest.mark.parametrize("by", ["sari", "bambang", "yusuf", "nadia", "halimah"])
def test_nobody_but_an_admin_looks_after_accounts(reported: Story, by: str) -> None:
    call = reported.call(by)
    ask = NewAccount(username="baru", password=PASSWORD, seats=(Seat("admin", "x"),), name="X")
    before = reported.dump()
    deeds = (
        lambda: people.create_account(reported.store, call, ask),
        lambda: people.suspend_account(reported.store, call, "sari"),
        lambda: people.set_password(reported.store, call, "sari", "kata-sandi-yang-baru"),
        lambda: people.create_office(reported.store, call, "Kantor", "dinas"),
    )
    for deed in deeds:
        with pytest.raises(Refusal) as caught:
            deed()
        assert caught.value.codes == {"role_not_allowed"}
    assert {name for name, rows in reported.dump().items() if rows != before[name]} == {"actor_event"}, "the attempts, and nothing else"
    told = [(entry.kind, entry.reason_code) for entry in reported.attempts(by)][-4:]
    assert told == [("refused", verb) for verb in ("create_account", "suspend_account", "set_password", "create_office")]


def test_an_account_that_is_not_there_is_not_found(reported: Story) -> None:
    with pytest.raises(NotFound):
        people.suspend_account(reported.store, operator(reported), "nobody")
    with pytest.raises(NotFound):
        people.set_password(reported.store, operator(reported), "nobody", PASSWORD)


def test_two_accounts_of_one_person_are_one_natural_person(reported: Story) -> None:
    first, second = enter(reported, "rina").who, enter(reported, "rina_supervisor").who
    assert first.person == second.person
    assert first.account != second.account


def test_the_device_of_a_sign_in_stands_in_its_entry(reported: Story) -> None:
    ask = SignIn(username="sari", password=PASSWORD)
    sessions.sign_in(reported.store, reported.now, ask, through=Through(device="kantor-3"))
    assert reported.attempts("sari")[-1].through.device == "kantor-3"
