"""Codes from a telephone: each is worth one use, whoever tries at the same time; and a proof that has become too old is asked for again."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pyotp
import pytest

from casework.errors import CodeNeeded, Conflict, Invalid, NotFound, NotSignedIn, ProofNeeded, Refusal, Throttled
from casework.ledger.event import Through
from casework.services import people, second_factor, sessions
from casework.services.proof import PROVED, check_proof
from casework.services.second_factor import RECOVERY_CODES, STEP_SECONDS
from casework.services.sessions import STEP_LIVES, SignedIn, SignIn
from casework.services.throttle import FAILURES_PER_ACCOUNT
from casework.store import second_factors
from casework.store.call import Call
from tests.services.story import OPERATOR, PASSWORD, Story

SECRET = second_factor.new_secret()
STEP = timedelta(seconds=STEP_SECONDS)


def enter(story: Story, code: str = "", *, at: datetime | None = None, password: str = PASSWORD) -> SignedIn:
    return sessions.sign_in(story.store, at or story.now, SignIn(username="sari", password=password, code=code))


def code_at(at: datetime) -> str:
    return pyotp.TOTP(SECRET).at(at)


def own(story: Story, signed: SignedIn, **more: Any) -> Call:
    return Call(who=signed.who, at=story.now, through=Through(session=sessions.hash_token(signed.token)), **more)


@pytest.fixture
def codes(reported: Story) -> tuple[str, ...]:
    """Sari's telephone knows her secret; the step of now is used up by that. Returns her recovery codes."""
    return second_factor.enrol(reported.store, own(reported, enter(reported)), SECRET, code_at(reported.now))


@pytest.mark.usefixtures("codes")
def test_twenty_uses_of_one_code_at_the_same_time_let_one_in(reported: Story) -> None:
    at = reported.now + STEP
    code = code_at(at)

    def attempt(_number: int) -> bool:
        with contextlib.suppress(NotSignedIn, Throttled, Conflict):
            enter(reported, code, at=at)
            return True
        return False

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(attempt, range(20))).count(True) == 1


@pytest.mark.usefixtures("codes")
def test_without_the_throttle_too_one_of_twenty_uses_a_step_up(reported: Story) -> None:
    step, call = int(reported.now.timestamp()) // STEP_SECONDS + 1, reported.call("sari")

    def use(_number: int) -> bool:
        with contextlib.suppress(Conflict), reported.store.write(call) as unit:
            done = second_factors.use_step(unit, call.who.account, step)
            unit.commit()
            return done
        return False

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(use, range(20))).count(True) == 1


def test_the_password_alone_opens_nothing_and_a_wrong_password_is_not_asked_for_a_code(reported: Story, codes: tuple[str, ...]) -> None:
    assert len(set(codes)) == RECOVERY_CODES
    with pytest.raises(CodeNeeded):
        enter(reported)
    with pytest.raises(NotSignedIn) as wrong:
        enter(reported, password="bukan kata sandinya")  # noqa: S106 - nobody's
    assert type(wrong.value) is NotSignedIn


@pytest.mark.usefixtures("codes")
def test_a_code_is_worth_one_use_and_so_are_those_before_it(reported: Story) -> None:
    at = reported.now + 2 * STEP
    assert enter(reported, code_at(at), at=at).token
    for again in (code_at(at), code_at(at - STEP)):
        with pytest.raises(NotSignedIn):
            enter(reported, again, at=at)
    assert enter(reported, code_at(at + STEP), at=at).token, "a telephone may be ahead by one step"


@pytest.mark.usefixtures("codes")
@pytest.mark.parametrize(("off", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephone_may_be_one_step_off(reported: Story, off: int, taken: bool) -> None:  # noqa: FBT001 - pytest gives it by name
    at = reported.now + 5 * STEP
    with contextlib.nullcontext() if taken else pytest.raises(NotSignedIn):
        assert enter(reported, code_at(at + off * STEP), at=at).token


def test_a_recovery_code_works_once_in_any_case_and_with_spaces(reported: Story, codes: tuple[str, ...]) -> None:
    assert enter(reported, codes[0].upper().replace("-", " ")).token
    with pytest.raises(NotSignedIn):
        enter(reported, codes[0])
    assert second_factor.standing(reported.store, reported.call("sari")).codes == RECOVERY_CODES - 1


@pytest.mark.usefixtures("codes")
def test_the_second_step_takes_five_minutes_at_most_and_a_password_that_is_still_the_same(reported: Story) -> None:
    with pytest.raises(CodeNeeded) as needed:
        enter(reported)
    step, late = needed.value.step, reported.now + STEP_LIVES + timedelta(seconds=1)
    for forged in ("", "x.y.z", step[:-1] + ("0" if step[-1] != "0" else "1"), step.replace(".", ".9", 1)):
        with pytest.raises(NotSignedIn):
            sessions.sign_in_with_code(reported.store, reported.now + STEP, forged, code_at(reported.now + STEP))
    with pytest.raises(NotSignedIn):
        sessions.sign_in_with_code(reported.store, late, step, code_at(late))
    assert sessions.sign_in_with_code(reported.store, reported.now + STEP, step, code_at(reported.now + STEP)).token
    people.set_password(reported.store, Call(who=OPERATOR, at=reported.now), "sari", "sungai-pasang-empat-perahu")
    with pytest.raises(NotSignedIn):
        sessions.sign_in_with_code(reported.store, reported.now + 2 * STEP, step, code_at(reported.now + 2 * STEP))


@pytest.mark.usefixtures("codes")
def test_guessing_codes_is_throttled_like_guessing_passwords(reported: Story) -> None:
    for _ in range(FAILURES_PER_ACCOUNT):
        with pytest.raises(NotSignedIn):
            enter(reported, "000000")
    with pytest.raises(Throttled):
        enter(reported, code_at(reported.now + STEP), at=reported.now + STEP)


def test_the_secret_stands_nowhere_in_the_database_nor_do_the_codes(reported: Story, codes: tuple[str, ...]) -> None:
    told = repr(reported.dump())
    assert SECRET not in told
    assert not [code for code in codes if code in told or code.replace("-", "") in told]


def test_an_enrolment_needs_the_telephones_own_code_and_a_secret_as_we_make_them(reported: Story) -> None:
    call = own(reported, enter(reported))
    for secret, code in ((SECRET, "000000"), ("AAAA", "123456"), (SECRET, "é")):
        with pytest.raises(Invalid):
            second_factor.enrol(reported.store, call, secret, code)
    assert not second_factor.standing(reported.store, call).on


def test_a_lost_telephone_is_taken_away_by_an_admin_and_not_by_oneself(reported: Story, codes: tuple[str, ...]) -> None:
    assert codes
    with pytest.raises(Refusal):
        second_factor.take_away(reported.store, reported.call("bambang"), "sari")
    second_factor.take_away(reported.store, Call(who=OPERATOR, at=reported.now), "sari")
    assert enter(reported).token
    with pytest.raises(NotFound):
        second_factor.switch_off(reported.store, reported.call("sari"))


@pytest.mark.parametrize("verb", sorted(PROVED))
def test_a_proof_lasts_a_quarter_of_an_hour(reported: Story, verb: str) -> None:
    proved, minutes = reported.now, reported.store.params.proof_minutes
    call = msgspec.structs.replace(reported.call("sari"), at=proved + timedelta(minutes=minutes), proved_at=proved)
    check_proof(call, verb, minutes)
    late = msgspec.structs.replace(call, at=call.at + timedelta(seconds=1))
    with pytest.raises(ProofNeeded):
        check_proof(late, verb, minutes)
    check_proof(late, "advance_case", minutes)


def test_a_proof_gives_the_session_a_new_token_and_the_old_one_is_worth_nothing(reported: Story) -> None:
    signed = enter(reported)
    at = reported.now + timedelta(minutes=20)
    session = sessions.session_of(reported.store, at, signed.token)
    call = Call(who=signed.who, at=at, through=Through(session=session.token_hash))
    with pytest.raises(ProofNeeded) as wrong:
        sessions.prove(reported.store, call, session, "bukan kata sandinya")
    assert wrong.value.wrong
    token, renewed = sessions.prove(reported.store, call, session, PASSWORD)
    assert (renewed.proved_at, renewed.csrf) == (at, signed.csrf)
    assert sessions.session_of(reported.store, at, token).proved_at == at
    for old in (
        lambda: sessions.session_of(reported.store, at, signed.token),
        lambda: sessions.prove(reported.store, call, session, PASSWORD),
    ):
        with pytest.raises(NotSignedIn):
            old()
