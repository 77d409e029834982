"""Invitations and passwords: a link works once and not for long, and no password is taken that everybody knows."""

import contextlib
import runpy
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from casework.errors import Invalid, NotFound, NotSignedIn, Refusal, Throttled
from casework.ledger.event import Through
from casework.services import invitations, passwords, people, sessions
from casework.services.invitations import VALID_FOR
from casework.services.passwords import LEAKED, password_faults
from casework.services.people import NewAccount
from casework.services.sessions import SignedIn, SignIn
from casework.services.throttle import FAILURES_PER_ACCOUNT, FAILURES_PER_ADDRESS
from casework.store.call import Call, Seat
from tests.services.story import OPERATOR, PASSWORD, Story

NEW = "sungai-pasang-empat-perahu"
SECOND = timedelta(seconds=1)
BROWSER = Through()


def operator(story: Story) -> Call:
    return Call(who=OPERATOR, at=story.now)


def enter(story: Story, password: str, username: str = "sari") -> SignedIn:
    return sessions.sign_in(story.store, story.now, SignIn(username=username, password=password), client="firefox/android")


def own(story: Story, signed: SignedIn) -> Call:
    return Call(who=signed.who, at=story.now, through=Through(session=sessions.hash_token(signed.token)))


def accept(story: Story, token: str, password: str = NEW, *, at: datetime | None = None, address: str = "") -> None:
    invitations.accept(story.store, at or story.now, token, password, through=BROWSER, address=address)


def alive(story: Story, signed: SignedIn) -> bool:
    with contextlib.suppress(NotSignedIn):
        sessions.session_of(story.store, story.now, signed.token)
        return True
    return False


def test_an_account_without_a_password_is_opened_by_nothing_until_its_link_was_used(reported: Story) -> None:
    ask = NewAccount(username="baru", seats=(), name="Orang Baru")
    token = people.create_account(reported.store, operator(reported), ask).invitation
    for guess in ("x", "", token, PASSWORD):
        with pytest.raises(NotSignedIn):
            sessions.sign_in(reported.store, reported.now, SignIn(username="baru", password=guess))
    assert invitations.invited(reported.store, reported.now, token) == "baru"
    accept(reported, token)
    assert enter(reported, NEW, "baru").who.name == "Orang Baru"
    assert token not in repr(reported.dump())


def test_a_link_works_once_even_for_five_who_try_at_the_same_time(reported: Story) -> None:
    token = invitations.invite(reported.store, operator(reported), "sari")

    def attempt(number: int) -> bool:
        with contextlib.suppress(NotFound, Throttled):
            accept(reported, token, f"{NEW}-{number}")
            return True
        return False

    with ThreadPoolExecutor(5) as pool:
        won = [number for number, done in enumerate(pool.map(attempt, range(5))) if done]
    assert len(won) == 1
    assert enter(reported, f"{NEW}-{won[0]}").token


@pytest.mark.parametrize("late", [timedelta(0), SECOND])
def test_a_link_runs_out_after_three_days(reported: Story, late: timedelta) -> None:
    token = invitations.invite(reported.store, operator(reported), "sari")
    assert invitations.invited(reported.store, reported.now + VALID_FOR - SECOND, token) == "sari"
    with pytest.raises(NotFound):
        accept(reported, token, at=reported.now + VALID_FOR + late)


def test_a_second_link_ends_the_first_and_suspending_the_account_holds_both_up(reported: Story) -> None:
    first, second = (invitations.invite(reported.store, operator(reported), "sari") for _ in range(2))
    with pytest.raises(NotFound):
        invitations.invited(reported.store, reported.now, first)
    people.suspend_account(reported.store, operator(reported), "sari")
    with pytest.raises(NotFound):
        accept(reported, second)


def test_a_used_link_ends_the_sessions_and_the_old_password_and_stands_in_the_accounts_own_stream(reported: Story) -> None:
    inside = enter(reported, PASSWORD)
    accept(reported, invitations.invite(reported.store, operator(reported), "sari"))
    assert not alive(reported, inside)
    with pytest.raises(NotSignedIn):
        enter(reported, PASSWORD)
    assert reported.attempts("sari")[-1].reason_code == "accept_invitation"


def test_guessing_links_is_throttled_by_address(reported: Story) -> None:
    for number in range(FAILURES_PER_ADDRESS):
        with pytest.raises(NotFound):
            invitations.invited(reported.store, reported.now, f"tebakan-{number}", address="203.0.113.7")
    token = invitations.invite(reported.store, operator(reported), "sari")
    with pytest.raises(Throttled):
        accept(reported, token, address="203.0.113.7")


@pytest.mark.parametrize("by", ["sari", "bambang", "nadia"])
def test_only_an_admin_invites_and_nobody_themselves(reported: Story, by: str) -> None:
    with pytest.raises(Refusal):
        invitations.invite(reported.store, reported.call(by), "maya")
    people.give_seat(reported.store, operator(reported), by, Seat("admin", reported.play.cast.offices["dinas"]))
    with pytest.raises(Refusal) as own_account:
        invitations.invite(reported.store, reported.call(by), by)
    assert own_account.value.codes == {"four_eyes"}


def test_changing_ones_password_keeps_this_session_and_ends_the_others(reported: Story) -> None:
    here, elsewhere = enter(reported, PASSWORD), enter(reported, PASSWORD)
    invitations.change_password(reported.store, own(reported, here), PASSWORD, NEW)
    assert (alive(reported, here), alive(reported, elsewhere)) == (True, False)
    assert enter(reported, NEW).token
    assert [entry.reason_code for entry in reported.attempts("sari")][-2] == "change_password"


def test_a_password_is_changed_by_who_knows_it_and_guessing_it_is_throttled(reported: Story) -> None:
    here = own(reported, enter(reported, PASSWORD))
    for _ in range(FAILURES_PER_ACCOUNT):
        with pytest.raises(Invalid) as caught:
            invitations.change_password(reported.store, here, "bukan yang ini", "pendek")
        assert [fault.path for fault in caught.value.faults] == ["$.present", "$.new"]
    with pytest.raises(Throttled):
        invitations.change_password(reported.store, here, PASSWORD, NEW)


def test_somebody_sees_and_ends_their_own_sessions_and_nobody_elses(reported: Story) -> None:
    here, elsewhere, third, other = (*(enter(reported, PASSWORD) for _ in range(3)), enter(reported, PASSWORD, "maya"))
    mine = sessions.my_sessions(reported.store, own(reported, here))
    assert (len(mine), [one.client for one in mine], sum(one.own for one in mine)) == (3, ["firefox/android"] * 3, 1)
    named = {one.id for one in mine}
    (hers,) = sessions.my_sessions(reported.store, own(reported, other))
    with pytest.raises(NotFound):
        sessions.end_my_session(reported.store, own(reported, here), hers.id)
    sessions.end_my_session(reported.store, own(reported, elsewhere), next(one.id for one in mine if one.own))
    assert [alive(reported, one) for one in (here, elsewhere, third, other)] == [False, True, True, True]
    sessions.end_my_other_sessions(reported.store, own(reported, third))
    assert [alive(reported, one) for one in (elsewhere, third, other)] == [False, True, True]
    assert named.isdisjoint(row["token_hash"] for row in reported.rows("SELECT token_hash FROM session"))


@pytest.mark.parametrize(
    "password",
    ["Amadeusptfcor", "password1234", "!!Football2026", "passwordpassword", "aaaaaaaaaaaaaaaa", "121212121212", "siti.rahmah.01"],
)
def test_a_password_that_everybody_knows_is_refused(password: str) -> None:
    assert [fault.path for fault in password_faults(password, "siti.rahmah")] == ["$.password"]


@pytest.mark.parametrize("password", [NEW, PASSWORD, "dua belas 12", "rumah panggung di tepi sungai", "ðŷ-ñøþ-łœß-æđ"])
def test_several_words_are_a_password_without_digits_or_signs(password: str) -> None:
    assert not list(password_faults(password, "siti.rahmah"))


def test_a_password_is_kept_at_the_strength_that_rfc_9106_asks_for() -> None:
    """Read anew from its file: the tests themselves hash with less work."""
    served = runpy.run_path(passwords.__file__)
    assert served["hash_password"]("kata sandi yang panjang").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_the_list_of_leaked_passwords_is_long_folded_sorted_and_has_its_notice() -> None:
    listed = LEAKED.read_text(encoding="utf-8").splitlines()
    assert len(listed) >= 10_000
    assert listed == sorted({one.casefold() for one in listed})
    assert "MIT" in LEAKED.with_name("NOTICE.md").read_text(encoding="utf-8")
