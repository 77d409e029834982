"""Breaking the glass: one case, an hour, to read only; the head is told at once, every look stands apart, somebody else looks into it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from casework.errors import Conflict, NotFound, ProofNeeded, Refusal
from casework.ledger.event import Event, decode_event, encode_event, event_hash
from casework.machines.clocks import workdays_after
from casework.services import approvals, audit, filed, glass, people, readers, records, sessions, views, work
from casework.services.approvals import RequestApproval
from casework.services.glass import BreakGlass, ReviewGlass
from casework.services.sessions import SignIn
from casework.services.tick import tick
from casework.store.call import Call
from casework.store.instants import from_text, to_text
from tests.databases import as_bytes
from tests.services.story import OPERATOR, PARAMS, PASSWORD, Story
from tests.services.ways import KIN

HOUR = timedelta(minutes=60)
WHY = "Polisi menelepon malam ini tentang anak ini."
FOUND = "Polisi menegaskan panggilan itu."


@pytest.fixture
def told(tell: Callable[..., Story]) -> Story:
    """A case in planning that is Sari's, with an assessment that her colleague Maya may not read, nor Iwan, who was asked to visit."""
    story = tell(*KIN)
    story.enrol("atun", "admin")
    story.errand("iwan")
    return story


def hidden(story: Story) -> str:
    """Return a record that a colleague on duty may not open."""
    return str(story.rows("SELECT id FROM record WHERE form = 'F04' AND case_id = ?", story.case)[0][0])


def smash(story: Story, by: str, case: str = "") -> None:
    story.do(glass.break_glass, by, BreakGlass(case=case or story.case, code="child_in_danger", reason=WHY))


def opens(story: Story, by: str) -> bool:
    try:
        filed.show_record(story.store, story.call(by), story.case, hidden(story))
    except NotFound:
        return False
    return True


def broken(story: Story) -> str:
    return str(story.rows("SELECT id FROM glass ORDER BY id DESC")[0][0])


@pytest.mark.parametrize("by", ["maya", "iwan", "atun"])
def test_who_may_not_read_reads_one_case_for_an_hour_and_no_longer(told: Story, by: str) -> None:
    other = told.another_case()
    number = told.row["number"]
    assert not opens(told, by)
    smash(told, by, number if by == "atun" else "")
    assert opens(told, by)
    if by == "atun":
        with pytest.raises(NotFound):
            views.show_case(told.store, told.call(by), other)
    told.later(minutes=54)
    assert opens(told, by)
    told.later(minutes=5)
    assert not opens(told, by)


def test_it_lets_nobody_change_anything(told: Story) -> None:
    smash(told, "atun")
    assert told.refused(records.sign_record, "atun", told.form("F06")) == {"role_not_allowed"}
    assert told.refused(approvals.request_approval, "atun", RequestApproval(case=told.case, trigger="support_family")) == {
        "role_not_allowed"
    }
    request = told.wish("place_with_kin", relative="bibi")
    assert told.against(request, "atun", read=False) == {"role_not_allowed"}


def test_every_look_under_it_names_its_row_and_who_saw_tells_it_as_such(told: Story) -> None:
    smash(told, "maya")
    assert opens(told, "maya")
    views.show_case(told.store, told.call("maya"), told.case)
    looks = [entry for entry in told.attempts("maya") if entry.kind == "opened"]
    assert {entry.actor.role for entry in looks} == {"glass_reader"}
    assert {entry.rules.policy.partition("@")[0] for entry in looks} == {"glass.read"}
    seen = readers.who_saw(told.store, told.call("nadia"), told.case)
    assert {look.role.en for look in seen.looks if look.person == "Maya Anggraini"} == {"reader who broke the glass"}
    assert audit.verify_trail(told.store, told.call("nadia")).faults == ()


def forge(story: Story, look: Event, **says: Any) -> None:
    """Write a look anew past the program, as a whole: bytes, hash, and the columns beside them."""
    body = encode_event(msgspec.structs.replace(look, **says))
    new = decode_event(body)
    columns = {"hash": event_hash(body), "case_id": new.case, "recorded_at": new.recorded_at, "kind": new.kind}
    said = ", ".join((f"body = {as_bytes(story.database, body)}", *(f"{name} = '{value}'" for name, value in columns.items())))
    story.wreck(f"UPDATE actor_event SET {said} WHERE account_id = '{look.actor.account}' AND seq = {look.seq}")  # noqa: S608 - our own


def faults(story: Story) -> set[str]:
    return {fault.code for fault in audit.verify_trail(story.store, story.call("nadia")).faults}


def test_a_look_outside_its_hour_its_case_or_its_person_is_found(told: Story) -> None:
    other = told.another_case()
    smash(told, "maya")
    assert opens(told, "maya")
    told.later(minutes=30)
    assert opens(told, "maya")
    assert faults(told) == set()
    look = told.attempts("maya")[-1]
    for says in (
        {"recorded_at": to_text(told.now + HOUR)},
        {"case": other},
        {"actor": msgspec.structs.replace(look.actor, person=told.person("iwan"))},
    ):
        forge(told, look, **says)
        assert faults(told) == {"glass_look_outside"}, says
    forge(told, look, kind="document_attached")
    assert faults(told) == {"glass_wrote"}
    forge(told, look)
    assert faults(told) == set()


def test_a_row_of_a_broken_glass_that_differs_from_the_journal_is_found(told: Story) -> None:
    other = told.another_case()
    smash(told, "maya")
    assert opens(told, "maya")
    began, kept = told.rows("SELECT opened_at, ends_at FROM glass")[0]
    for column, wrong, right, found in (
        ("ends_at", to_text(told.now + 2 * HOUR), kept, {"glass_too_long"}),
        ("ends_at", "never", kept, {"glass_too_long"}),
        ("ends_at", to_text(from_text(began) + timedelta(seconds=30)), kept, {"glass_look_outside"}),
        ("case_id", other, told.case, {"glass_differs"}),
        ("person", told.person("iwan"), told.person("maya"), {"glass_differs"}),
    ):
        told.wreck(f"UPDATE glass SET {column} = '{wrong}'")  # noqa: S608 - our own
        assert faults(told) == found, column
        told.wreck(f"UPDATE glass SET {column} = '{right}'")  # noqa: S608 - our own
    told.wreck("DELETE FROM glass")
    assert faults(told) == {"glass_differs", "glass_look_outside"}


def test_the_head_is_told_at_once_and_the_words_stay_outside_the_journal(told: Story) -> None:
    smash(told, "maya")
    entry = told.entries()[-1]
    assert (entry.kind, entry.reason_code, entry.actor.role) == ("glass_broken", "child_in_danger", "social_worker_on_duty")
    (row,) = told.rows("SELECT urgent, stream, seq FROM outbox WHERE urgent = 'glass_review_workdays'")
    assert (row["stream"], row["seq"]) == (f"case:{told.case}", entry.seq)
    assert WHY.encode() not in told.bodies()
    for leads in ("yusuf", "bambang"):
        assert [line for line in work.my_work(told.store, told.call(leads)).lines if "akses darurat" in line.words.id.lower()]


def test_another_offices_case_stays_not_found_and_who_may_read_needs_none(told: Story) -> None:
    told.enrol("lain", "social_worker", told.other_office())
    ask = BreakGlass(case=told.case, code="legal_duty", reason=WHY)
    for by in ("lain", "wahyu", "fauzan"):
        assert told.refused(glass.break_glass, by, ask) == {"not_found"}
        assert told.refused(glass.break_glass, by, msgspec.structs.replace(ask, case=told.row["number"])) == {"not_found"}
    assert told.refused(glass.break_glass, "maya", msgspec.structs.replace(ask, case="0" * 26)) == {"not_found"}
    for by in ("sari", "bambang", "yusuf"):
        assert told.refused(glass.break_glass, by, ask) == {"already_done"}
    for by in ("nadia", "halimah"):
        assert told.refused(glass.break_glass, by, ask) in ({"role_not_allowed"}, {"not_found"})
    assert told.refused(glass.break_glass, "maya", msgspec.structs.replace(ask, reason="darurat")) == {"invalid"}
    assert not told.rows("SELECT id FROM glass")


def test_it_is_not_made_longer_while_it_lasts_and_asks_for_a_fresh_proof(told: Story) -> None:
    smash(told, "maya")
    assert told.refused(glass.break_glass, "maya", BreakGlass(case=told.case, code="legal_duty", reason=WHY)) == {"already_done"}
    stale = msgspec.structs.replace(told.call("iwan"), proved_at=told.now - HOUR)
    with pytest.raises(ProofNeeded):
        glass.break_glass(told.store, stale, BreakGlass(case=told.case, code="legal_duty", reason=WHY))


def test_two_tabs_break_it_once(told: Story) -> None:
    """Whoever comes in with what they knew before meets the wall."""
    late = told.call("maya")
    smash(told, "maya")
    ask = BreakGlass(case=told.case, code="legal_duty", reason=WHY)
    with pytest.raises((Conflict, Refusal)):
        glass.break_glass(told.store, msgspec.structs.replace(late, at=told.now), ask)
    assert len(told.rows("SELECT id FROM glass")) == 1


def test_a_suspended_account_and_one_that_left_the_office_read_nothing(told: Story) -> None:
    smash(told, "maya")
    token = sessions.sign_in(told.store, told.now, SignIn(username="maya", password=PASSWORD)).token
    assert sessions.session_of(told.store, told.now, token).who.glass == {told.case}
    assert sessions.session_of(told.store, told.now, token).who == told.who("maya")
    without = msgspec.structs.replace(told.call("maya"), who=msgspec.structs.replace(told.who("maya"), seats=()))
    with pytest.raises(NotFound):
        views.show_case(told.store, without, told.case)
    people.suspend_account(told.store, Call(who=OPERATOR, at=told.now), "maya")
    with pytest.raises(LookupError):
        told.who("maya")


def test_somebody_else_reviews_it_once_and_the_alarm_is_settled(told: Story) -> None:
    told.enrol("maya_supervisor", "supervisor", same_as="maya")
    smash(told, "maya")
    ask = ReviewGlass(case=told.case, glass=broken(told), finding="justified", note=FOUND)
    assert told.refused(glass.review_glass, "maya_supervisor", ask) == {"four_eyes"}
    assert told.refused(glass.review_glass, "sari", ask) == {"role_not_allowed"}
    assert [one.reason for one in glass.glass_of(told.store, told.call("yusuf"), told.case).broken] == [WHY]
    assert told.refused(glass.review_glass, "yusuf", ask) == set()
    assert told.refused(glass.review_glass, "bambang", ask) == {"already_done"}
    assert told.rows("SELECT settled_how FROM task WHERE kind = 'glass_review'")[0][0] == "reviewed"
    assert FOUND.encode() not in told.bodies()
    with pytest.raises(NotFound):
        glass.glass_of(told.store, told.call("sari"), told.case)


def test_a_review_is_due_within_the_working_days_of_the_office(told: Story) -> None:
    """What `glass_review_workdays` says."""
    smash(told, "maya")
    (due,) = told.rows("SELECT due_at FROM task WHERE kind = 'glass_review'")
    assert due["due_at"] == to_text(workdays_after(told.now, PARAMS.glass_review_workdays, told.store.days_off))
    other = msgspec.structs.replace(PARAMS, glass_review_workdays=1)
    told.store.params = other
    smash(told, "iwan")
    (due,) = told.rows("SELECT due_at FROM task WHERE kind = 'glass_review' ORDER BY id DESC LIMIT 1")
    assert due["due_at"] == to_text(workdays_after(told.now, 1, told.store.days_off))


def test_a_review_that_is_late_comes_before_the_head_each_day_until_it_is_done(told: Story) -> None:
    """From the end of `glass_review_workdays` on."""
    smash(told, "maya")
    told.later(days=2)
    assert "head_glass" not in tick(told.store, told.now).reminded
    told.later(days=5)
    assert "head_glass" in tick(told.store, told.now).reminded
    told.later(days=1)
    assert "head_glass" in tick(told.store, told.now).reminded
    told.do(glass.review_glass, "yusuf", ReviewGlass(case=told.case, glass=broken(told), finding="unjustified", note=FOUND))
    told.later(days=1)
    assert "head_glass" not in tick(told.store, told.now).reminded
    assert not told.rows("SELECT id FROM task WHERE kind IN ('glass_review', 'head_glass') AND settled_at IS NULL")


def test_the_review_outlives_the_case(tell: Callable[..., Story]) -> None:
    story = tell("reported")
    smash(story, "maya")
    story.sign("F01", void_reason="entered_in_error")
    story.decide(story.wish("void_registration", reason="entered_in_error"), "bambang")
    story.advance("void_registration", reason="entered_in_error")
    assert story.state == "voided"
    assert story.rows("SELECT settled_at FROM task WHERE kind = 'glass_review'")[0][0] is None
    story.do(glass.review_glass, "yusuf", ReviewGlass(case=story.case, glass=broken(story), finding="justified", note=FOUND))
