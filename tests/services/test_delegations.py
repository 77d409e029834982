"""Standing in: what was lent is done in both names, ends by itself and at once, and makes nobody two people."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from casework.errors import Conflict, Invalid, NotFound, NotSignedIn, ProofNeeded, Refusal
from casework.ledger.event import Through
from casework.services import approvals, audit, caseload, cases, decisions, delegations, people, records, sessions, work
from casework.services.approvals import DecideApproval
from casework.services.cases import AssignCase
from casework.services.delegations import ArrangeCover, Delegate, EndDelegation
from casework.services.records import VerifyRecord
from casework.services.sessions import SignIn, hash_token
from casework.store import people as accounts
from casework.store.call import Call, Knock
from casework.store.instants import to_text
from tests.services.story import OPERATOR, PASSWORD, Story
from tests.services.ways import ADMISSION, KIN

DAY = timedelta(days=1)


def office(story: Story) -> str:
    return story.play.cast.offices["dinas"]


def lend(story: Story, giver: str, taker: str, role: str = "supervisor", days: int = 10, **said: object) -> str:
    """Let somebody delegate a role of theirs."""
    return story.do(delegations.delegate, giver, Delegate(taker=taker, role=role, office=office(story), days=days, **said)).id  # type: ignore[arg-type]


def cover(story: Story, absent: str, taker: str, by: str = "bambang", days: int = 10) -> str:
    """Let who leads the office arrange cover."""
    return story.do(delegations.arrange_cover, by, ArrangeCover(absent=absent, taker=taker, office=office(story), days=days)).id


def end(story: Story, delegation: str, by: str) -> None:
    story.do(delegations.end_delegation, by, EndDelegation(delegation=delegation))


def operator(story: Story) -> Call:
    return Call(who=OPERATOR, at=story.now)


@pytest.fixture
def told(tell: Callable[..., Story]) -> Story:
    """Everything for the care by an aunt is there, and Tuti, a social worker who never touched the case."""
    story = tell(*KIN)
    story.enrol("tuti", "social_worker")
    return story


def test_what_is_decided_for_another_stands_in_both_names_and_proves_whole(told: Story) -> None:
    lend(told, "bambang", "tuti")
    request = told.wish("place_with_kin", relative="bibi")
    told.decide(request, "tuti")
    entry = told.entries()[-1]
    assert (entry.kind, entry.actor.role, entry.actor.person) == ("approval_given", "supervisor", told.who("tuti").person)
    assert (entry.actor.on_behalf_of, entry.actor.office) == (told.person("bambang"), office(told))
    looked = [event for event in told.attempts("tuti") if event.case == told.case]
    assert {event.actor.on_behalf_of for event in looked} == {told.person("bambang")}
    told.advance("place_with_kin", relative="bibi")
    assert told.state == "kinship_care"
    assert audit.verify_trail(told.store, told.call("nadia")).faults == ()


def test_what_was_lent_is_no_seat(told: Story) -> None:
    """It opens cases, not the trail, accounts, rules or registers of the role, and it is never handed on."""
    before = told.who("tuti").seats
    lend(told, "yusuf", "tuti", "dinas_head")
    assert told.who("tuti").seats == before
    again = Delegate(taker="maya", role="dinas_head", office=office(told), days=1)
    assert told.refused(delegations.delegate, "tuti", again) == {"role_not_allowed"}


@pytest.mark.parametrize(
    ("giver", "taker", "days", "starts_on"),
    [
        ("bambang", "halimah", 5, ""),
        ("bambang", "nadia", 5, ""),
        ("bambang", "lina", 5, ""),
        ("bambang", "nobody.of.this.name", 5, ""),
        ("bambang", "tuti", 5, "2020-01-01"),
        ("bambang", "tuti", 5, "2099-01-01"),
        ("bambang", "tuti", 5, "no day"),
    ],
)
def test_it_goes_to_somebody_of_the_office_for_a_month_at_most_and_soon(
    told: Story, giver: str, taker: str, days: int, starts_on: str
) -> None:
    with pytest.raises(Invalid):
        lend(told, giver, taker, days=days, starts_on=starts_on)


def test_nobody_lends_to_themselves_what_is_not_theirs_or_twice(told: Story) -> None:
    told.enrol("bambang_kedua", "social_worker", same_as="bambang")
    for giver, taker, code in (("bambang", "bambang_kedua", "four_eyes"), ("sari", "tuti", "role_not_allowed")):
        ask = Delegate(taker=taker, role="supervisor", office=office(told), days=1)
        assert told.refused(delegations.delegate, giver, ask) == {code}
    with pytest.raises(Invalid):
        lend(told, "bambang", "tuti", days=31)
    lend(told, "bambang", "tuti")
    assert told.refused(delegations.delegate, "bambang", Delegate(taker="tuti", role="supervisor", office=office(told), days=1)) == {
        "already_done"
    }


def test_an_administrator_arranges_it_for_two_others_never_for_themselves(told: Story) -> None:
    told.enrol("atun", "admin")
    told.enrol("atun_kedua", "social_worker", same_as="sari")
    ask = Delegate(giver="bambang", taker="tuti", role="supervisor", office=office(told), days=3)
    made = told.do(delegations.delegate, "atun", ask)
    entry = told.attempts("atun")[-1]
    assert (entry.kind, entry.delegation is not None and entry.delegation.giver) == ("delegated", told.person("bambang"))
    end(told, made.id, "atun")
    told.enrol("tuti_admin", "admin", same_as="sari")
    mine = Delegate(giver="bambang", taker="atun_kedua", role="supervisor", office=office(told), days=3)
    assert told.refused(delegations.delegate, "tuti_admin", mine) == {"four_eyes"}
    assert told.refused(delegations.delegate, "maya", ask) == {"role_not_allowed"}


def test_delegating_asks_for_a_fresh_proof(told: Story) -> None:
    ask = Delegate(taker="tuti", role="supervisor", office=office(told), days=1)
    stale = msgspec.structs.replace(told.call("bambang"), proved_at=told.now - timedelta(hours=1))
    with pytest.raises(ProofNeeded):
        delegations.delegate(told.store, stale, ask)


def test_it_is_limited_to_the_acts_it_names(told: Story) -> None:
    lend(told, "bambang", "tuti", actions=("decide",))
    ask = AssignCase(case=told.case, person=told.person("maya"))
    assert told.refused(cases.assign_case, "tuti", ask) == {"role_not_allowed"}
    request = told.wish("place_with_kin", relative="bibi")
    assert told.against(request, "tuti") == set()


def _taken_back(story: Story, made: str) -> None:
    end(story, made, "bambang")


def _run_out(story: Story, _made: str) -> None:
    story.later(days=11)


def _giver_suspended(story: Story, _made: str) -> None:
    people.suspend_account(story.store, operator(story), "bambang")


def _giver_lost_the_role(story: Story, _made: str) -> None:
    _unseat(story, "bambang")


def _taker_left_the_office(story: Story, _made: str) -> None:
    _unseat(story, "tuti")


def _unseat(story: Story, who: str) -> None:
    account, at = story.who(who).account, to_text(story.now)
    with story.store.write(operator(story)) as unit:
        from casework.store.schema import assignment  # noqa: PLC0415

        unit.run(assignment.update().where(assignment.c.account_id == account).values(valid_until=at))
        unit.commit()


ENDS = (_taken_back, _run_out, _giver_suspended, _giver_lost_the_role, _taker_left_the_office)


@pytest.mark.parametrize("ends", ENDS, ids=lambda how: how.__name__.strip("_"))
def test_it_ends_with_the_next_request(told: Story, ends: Callable[[Story, str], None]) -> None:
    """Also in a second tab: the session of the taker stays, what was lent is gone."""
    made = lend(told, "bambang", "tuti")
    request = told.wish("place_with_kin", relative="bibi")
    told.decision(request, "tuti", "approve", reason="", read=True)
    token = sessions.sign_in(told.store, told.now, SignIn(username="tuti", password=PASSWORD)).token
    digest = told.rows("SELECT digest FROM approval_request WHERE id = ?", request)[0][0]
    ends(told, made)
    told.later(minutes=5)
    if ends is _run_out:
        token = sessions.sign_in(told.store, told.now, SignIn(username="tuti", password=PASSWORD)).token
    knock = Knock(at=told.now, through=Through(session=hash_token(token), key="second-tab"))
    ask = DecideApproval(case=told.case, request=request, decision="approve", digest=digest)
    with pytest.raises((Refusal, NotFound, NotSignedIn)):
        approvals.decide_approval(told.store, knock, ask)
    assert not [entry for entry in told.entries() if entry.actor.on_behalf_of]


def test_who_is_suspended_acts_for_nobody(told: Story) -> None:
    lend(told, "bambang", "tuti")
    people.suspend_account(told.store, operator(told), "tuti")
    with told.store.read(operator(told)) as unit:
        assert accounts.who_is(unit, told.rows("SELECT taker FROM delegation")[0][0], told.now) is None


def test_a_lost_race_against_the_end_is_a_conflict_and_writes_nothing(told: Story) -> None:
    """Who comes in with what was taken back meanwhile meets the wall: the database looks again."""
    made = lend(told, "bambang", "tuti")
    request = told.wish("place_with_kin", relative="bibi")
    ask = told.decision(request, "tuti", "approve", reason="", read=True)
    late = told.call("tuti")
    end(told, made, "bambang")
    told.later(minutes=1)
    before = told.status(request)
    with pytest.raises(Conflict):
        approvals.decide_approval(told.store, msgspec.structs.replace(late, at=told.now), ask)
    assert told.status(request) == before


def test_it_must_have_been_there_before_what_it_decides_was_asked(told: Story) -> None:
    request = told.wish("place_with_kin", relative="bibi")
    lend(told, "bambang", "tuti")
    assert told.against(request, "tuti") == {"appointed_after_request"}


def test_it_is_given_back_by_who_has_it_and_is_nobody_elses_to_end(told: Story) -> None:
    made = lend(told, "bambang", "tuti")
    assert told.refused(delegations.end_delegation, "maya", EndDelegation(delegation=made)) == {"not_found"}
    assert [one.taken for one in delegations.list_delegations(told.store, told.call("tuti"))] == [True]
    assert delegations.list_delegations(told.store, told.call("maya")) == ()
    end(told, made, "tuti")
    assert told.refused(delegations.end_delegation, "bambang", EndDelegation(delegation=made)) == {"not_found"}
    assert delegations.list_delegations(told.store, told.call("tuti")) == ()


def test_both_signatures_are_never_two_of_one_hand(tell: Callable[..., Story]) -> None:
    """The head lends to the supervisor, who has signed; or has lent to who signed first: neither signs second."""
    story = tell(*ADMISSION)
    story.enrol("tuti", "social_worker")
    made = lend(story, "yusuf", "bambang", "dinas_head")
    request = story.wish("admit_to_institution", host="harapan")
    story.decide(request, "bambang")
    assert "four_eyes" in against(story, request, "bambang")
    assert "four_eyes" in against(story, request, "yusuf")
    end(story, made, "yusuf")
    assert "four_eyes" not in against(story, request, "yusuf")


def test_who_decided_for_another_stays_one_with_them_in_that_case(tell: Callable[..., Story]) -> None:
    """Tuti signed first in Bambang's name. Bambang, once he is head, does not sign second, long after he took it back."""
    story = tell(*ADMISSION)
    story.enrol("tuti", "social_worker")
    story.enrol("bambang_kepala", "dinas_head", same_as="bambang")
    made = lend(story, "bambang", "tuti")
    request = story.wish("admit_to_institution", host="harapan")
    story.decide(request, "tuti")
    end(story, made, "bambang")
    assert "four_eyes" in against(story, request, "bambang_kepala")
    assert "four_eyes" not in against(story, request, "yusuf")


def against(story: Story, request: str, by: str) -> set[str]:
    """Return what the decision page says against somebody's deciding now; it decides nothing."""
    seen = decisions.show_decision(story.store, story.call(by), request)
    return {reason.code for reason in seen.against}


def _asked(story: Story) -> tuple[str, str]:
    return story.wish("place_with_kin", relative="bibi"), "sari"


def _wrote(story: Story) -> tuple[str, str]:
    story.sign("F07", "lina", proposed="kin")
    return story.wish("place_with_kin", relative="bibi"), "lina"


def _verified(story: Story) -> tuple[str, str]:
    sheet = story.sign("F05", rung="nuclear")
    story.do(records.verify_record, "tuti", VerifyRecord(case=story.case, record=sheet))
    return story.wish("place_with_kin", relative="bibi"), "tuti"


HANDS = (_asked, _wrote, _verified)
"""What somebody had a hand in: asking (and being assigned), writing, verifying. Signing first is above."""


@pytest.mark.parametrize("did", HANDS, ids=lambda did: did.__name__.strip("_"))
def test_whoever_had_a_hand_in_it_decides_through_nobody(told: Story, did: Callable[[Story], tuple[str, str]]) -> None:
    """Every hand, through every link: a second account, a second seat, a delegation either way, cover either way."""
    told.enrol("putri", "supervisor")
    told.enrol("putri_peksos", "social_worker", same_as="sari")
    people.give_seat(told.store, operator(told), "putri", msgspec.structs.replace(told.who("putri").seats[0], role="social_worker"))
    _certify(told, "putri")
    request, hand = did(told)
    assert "four_eyes" not in against(told, request, "putri")
    tried = []

    def link(name: str, make: Callable[[], str], decider: str = "putri") -> None:
        made = make()
        assert "four_eyes" in against(told, request, decider), name
        end(told, made, "bambang" if "cover" in name else hand if name == "delegated by the hand" else "putri")
        if decider == "putri":
            assert "four_eyes" not in against(told, request, decider), name
        tried.append(name)

    if told.who(hand).holds("social_worker"):
        link("delegated to the hand", lambda: lend(told, "putri", hand))
        link("cover by the decider", lambda: cover(told, hand, "putri"))
        link("cover of the decider", lambda: cover(told, "putri", hand))
    else:
        told.enrol("wati", "social_worker")
        link("delegated by the hand", lambda: lend(told, hand, "wati"), "wati")
    accounts_of_hand = {"sari": "sari", "lina": "lina", "tuti": ""}[hand]
    if accounts_of_hand:
        told.enrol("kedua", "supervisor", same_as=accounts_of_hand)
        assert "four_eyes" in against(told, request, "kedua")
    people.give_seat(told.store, operator(told), hand, msgspec.structs.replace(told.who("bambang").seats[0]))
    assert "four_eyes" in against(told, request, hand)
    assert tried


def _certify(story: Story, who: str) -> None:
    account = story.who(who).account
    with story.store.write(operator(story)) as unit:
        from casework.store.schema import account as table  # noqa: PLC0415

        unit.run(table.update().where(table.c.id == account).values(certificate_until="2030-01-01"))
        unit.commit()


def test_who_covers_verifies_nothing_that_the_other_wrote(told: Story) -> None:
    sheet = told.sign("F05", rung="nuclear")
    made = cover(told, "sari", "tuti")
    assert told.refused(records.verify_record, "tuti", VerifyRecord(case=told.case, record=sheet)) == {"four_eyes"}
    end(told, made, "bambang")
    assert told.refused(records.verify_record, "tuti", VerifyRecord(case=told.case, record=sheet)) == set()


def test_who_covers_acts_as_the_assigned_worker_and_the_case_stays_assigned(tell: Callable[..., Story]) -> None:
    story = tell("reported")
    story.enrol("tuti", "social_worker")
    step = story.step("start_assessment")
    assert "role_not_allowed" in story.refused(cases.advance_case, "tuti", step)
    made = cover(story, "sari", "tuti")
    assert [line.in_place_of for line in work.my_work(story.store, story.call("tuti")).lines] == ["Sari Wulandari"]
    assert [line.in_place_of for line in work.my_work(story.store, story.call("sari")).lines] == [""]
    assert [line.id for line in caseload.caseload(story.store, story.call("tuti"), mine=True).lines] == [story.case]
    story.do(cases.advance_case, "tuti", step)
    entry = story.entries()[-1]
    assert (entry.kind, entry.actor.role, entry.actor.on_behalf_of) == ("moved", "social_worker", story.person("sari"))
    assert story.row["assigned_to"] == story.person("sari")
    end(story, made, "bambang")
    assert "role_not_allowed" in story.refused(records.sign_record, "tuti", story.form("F08"))
    assert not work.my_work(story.store, story.call("tuti")).lines
    assert audit.verify_trail(story.store, story.call("nadia")).faults == ()


def test_cover_takes_a_certificate_of_ones_own_and_is_arranged_by_who_leads(told: Story) -> None:
    told.enrol("usang", "social_worker", certificate=(told.now - DAY).date().isoformat())
    cover(told, "sari", "usang")
    with pytest.raises(NotFound):
        cases.advance_case(told.store, told.call("usang"), told.step("place_with_kin"))
    ask = ArrangeCover(absent="sari", taker="tuti", office=office(told), days=3)
    assert told.refused(delegations.arrange_cover, "sari", ask) == {"role_not_allowed"}
    with pytest.raises(Invalid):
        cover(told, "sari", "iwan")


def test_an_act_for_somebody_who_lent_nothing_and_a_row_that_differs_are_found(told: Story) -> None:
    lend(told, "bambang", "tuti")
    request = told.wish("place_with_kin", relative="bibi")
    told.decide(request, "tuti")
    told.wreck("UPDATE delegation SET ends_at = '2027-01-01T00:00:00.000000Z'")
    assert {fault.code for fault in audit.verify_trail(told.store, told.call("nadia")).faults} == {"delegation_differs"}
