"""What an auditor looks at first: each kind is found where it happened, and by nobody who may not read the trail."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import msgspec
import pytest

from casework.errors import Invalid, NotFound, NotSignedIn, ProofNeeded
from casework.machines.facts import WITA
from casework.services import cases, exceptions, exports, glass, sessions
from casework.services.exceptions import EXCEPTIONS, Line
from casework.services.exports import Export
from casework.services.glass import BreakGlass
from casework.services.sessions import SignIn
from casework.store.instants import from_text
from casework.store.store import Store
from tests.services.story import PARAMS, PASSWORD, Story


def days(story: Story) -> tuple[date, date]:
    today = story.now.astimezone(WITA).date()
    return today - timedelta(days=900), today


def found(story: Story, kind: str, by: str = "nadia", store: Store | None = None) -> tuple[Line, ...]:
    return exceptions.list_exceptions(store or story.store, story.call(by), kind, *days(story)).lines


@contextmanager
def lent(story: Story, **said: int) -> Iterator[Store]:
    """Lend a store with other parameters."""
    store = Store(story.database.target, msgspec.structs.replace(PARAMS, **said))
    yield store
    store.close()


def test_an_emergency_step_is_found_with_its_case(emergency: Story) -> None:
    (line,) = found(emergency, "emergency")
    assert (line.name, line.number, line.many) == ("Maya Anggraini", emergency.row["number"], 1)


def test_a_glass_that_was_broken_is_found_with_its_case_and_who_broke_it(tell: Callable[..., Story]) -> None:
    story = tell("reported", "initial_assessment")
    why = BreakGlass(case=story.case, code="child_in_danger", reason="Anak menelepon dari jalan.")
    story.do(glass.break_glass, "maya", why)
    (line,) = found(story, "glass")
    assert (line.name, line.number, line.many) == ("Maya Anggraini", story.row["number"], 1)
    assert found(story, "glass", "yusuf") == (line,)


def test_whoever_is_refused_most_stands_first(reported: Story) -> None:
    assert found(reported, "refused") == ()
    for by in ("sari", "sari", "halimah"):
        assert reported.refused(cases.advance_case, by, reported.step("leave_care"))
    told = {line.name: line.many for line in found(reported, "refused")}
    assert list(told.values()) == [2, 1]
    assert next(iter(told)) == "Sari Wulandari"


def test_an_approval_within_seconds_is_found_and_one_after_a_while_is_not(admission: Story) -> None:
    request = admission.wish("admit_to_institution", host="harapan")
    admission.later(minutes=30)
    admission.decide(request, "bambang")
    (asked,) = admission.rows("SELECT requested_at FROM approval_request WHERE id = ?", request)
    (decided,) = admission.rows("SELECT at FROM approval_decision WHERE request_id = ?", request)
    took = int((from_text(decided["at"]) - from_text(asked["requested_at"])).total_seconds())
    for seconds, seen in ((took, False), (took + 1, True)):
        with lent(admission, approval_quick_seconds=seconds) as store:
            lines = [line for line in found(admission, "quick_approval", store=store) if line.at == from_text(decided["at"])]
        assert bool(lines) == seen, seconds
    assert (lines[0].name, lines[0].number) == ("Bambang Nugroho", admission.row["number"])


def test_an_approver_who_approves_everything_is_found_until_the_first_no(admission: Story) -> None:
    request = admission.wish("admit_to_institution", host="harapan")
    admission.decide(request, "bambang")
    with lent(admission, approver_least_decisions=1) as store:
        assert "Bambang Nugroho" in {line.name for line in found(admission, "never_refused", store=store)}
    assert found(admission, "never_refused") == (), "too few decisions to say"
    assert admission.withdraw(request) == set()
    admission.decide(admission.wish("admit_to_institution", host="harapan"), "bambang", "reject", reason="Belum semua opsi ditempuh.")
    with lent(admission, approver_least_decisions=1) as store:
        assert "Bambang Nugroho" not in {line.name for line in found(admission, "never_refused", store=store)}


def test_what_was_taken_out_is_found_with_who_took_it(reported: Story) -> None:
    wanted = Export(format="csv", since=reported.now - timedelta(days=1), until=reported.now)
    exports.export_trail(reported.store, reported.call("nadia"), wanted, io.BytesIO())
    assert [line.name for line in found(reported, "exported")] == ["Nadia Safitri"]


def test_a_proof_that_failed_is_found_and_a_sign_in_that_failed_is_another_thing(reported: Story) -> None:
    entered = sessions.sign_in(reported.store, reported.now, SignIn(username="bambang", password=PASSWORD))
    with pytest.raises(ProofNeeded):
        sessions.prove(
            reported.store, reported.call("bambang"), sessions.session_of(reported.store, reported.now, entered.token), "salah sekali"
        )
    with pytest.raises(NotSignedIn):
        sessions.sign_in(reported.store, reported.now, SignIn(username="sari", password="salah sekali"))  # noqa: S106
    assert [line.name for line in found(reported, "proof_failed")] == ["Bambang Nugroho"]


def test_who_may_not_read_the_trail_sees_no_exceptions_and_a_head_those_of_the_own_office(reported: Story) -> None:
    assert reported.refused(cases.advance_case, "sari", reported.step("leave_care"))
    reported.enrol("lain_kepala", "dinas_head", reported.other_office())
    for kind in EXCEPTIONS:
        for by in ("sari", "bambang", "halimah"):
            with pytest.raises(NotFound):
                found(reported, kind.code, by)
        names = {line.name for line in found(reported, kind.code, "lain_kepala")}
        assert names <= ({reported.who("lain_kepala").name} if kind.code == "seated" else set()), kind.code
    assert [line.name for line in found(reported, "refused", "yusuf")] == ["Sari Wulandari"]
    with pytest.raises(NotFound):
        found(reported, "anything")
    since, until = days(reported)
    with pytest.raises(Invalid):
        exceptions.list_exceptions(reported.store, reported.call("nadia"), "refused", until, since)
    assert reported.attempts("nadia") == [], "what is not shown is no look"


def test_each_look_at_exceptions_is_an_entry(reported: Story) -> None:
    found(reported, "exported")
    entry = reported.attempts("nadia")[-1]
    assert (entry.kind, entry.reason_code) == ("opened", "exceptions")
