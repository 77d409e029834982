"""One institution's residents are approved at once: a digest over the list, each child named, an entry for each; or nobody is."""

from collections.abc import Callable
from datetime import date

import msgspec
import pytest

from casework.errors import NotFound
from casework.ledger.event import decode_event
from casework.machines.forms import Listed
from casework.services import cases as residents_cases
from casework.services import records, residents
from casework.services.audit import verify_trail
from casework.services.cases import NewChild
from casework.services.census import RegisterListed, register_listed
from casework.services.listed import show_listed
from casework.services.residents import DecideResidents, RegisterResidents, RequestResidents, ResidentList
from tests.services.story import Story

Tell = Callable[..., Story]
TRIGGER = residents.TRIGGER


def three_residents(tell: Tell) -> tuple[Story, tuple[str, ...]]:
    """Three children whom somebody saw alone, each with F02, F03 and F25 of `nur`, requested as one list."""
    story = tell("initial_assessment")
    found = []
    for place in range(3):
        if place:
            story.case = story.do(residents_cases.register_case, "sari", story.report(name=f"Anak {place} Nur")).id
            story.do(residents_cases.assign_case, "bambang", residents_cases.AssignCase(case=story.case, person=story.person("sari")))
            for form in ("F02", "F03"):
                story.sign(form)
        story.sign("F25", host="nur")
        found.append(story.case)
    host = story.play.cast.hosts["nur"]
    story.do(residents.request_residents, "sari", RequestResidents(host=host, cases=tuple(found)))
    return story, tuple(found)


def shown(story: Story, by: str, *, read: bool = True) -> ResidentList:
    seen = residents.show_residents(story.store, story.call(by), story.play.cast.hosts["nur"])
    for child in seen.children if read else ():
        items = tuple(row["id"] for row in story.rows("SELECT id FROM record WHERE case_id = ?", child.case))
        story.do(records.open_evidence, by, records.OpenEvidence(case=child.case, items=items))
    return seen


def decision(seen: ResidentList, answer: str = "approve", **changed: object) -> DecideResidents:
    requests = tuple(child.request for child in seen.children)
    said = {"host": seen.host, "requests": requests, "decision": answer, "digest": seen.digest} | changed
    return msgspec.convert(said, DecideResidents)


def test_two_people_approve_a_list_and_every_child_has_both_signatures_in_its_own_journal(tell: Tell) -> None:
    story, cases = three_residents(tell)
    for by in ("bambang", "yusuf"):
        seen = shown(story, by)
        assert [child.case for child in seen.children] == [*cases]
        assert len({child.child for child in seen.children}) == 3
        done = story.do(residents.decide_residents, by, decision(seen))
        assert done.children == 3
        for case in cases:
            body = story.rows("SELECT body FROM event WHERE case_id = ? ORDER BY seq DESC LIMIT 1", case)[0]["body"]
            entry = decode_event(bytes(body))
            assert (entry.kind, entry.actor.person, entry.cause) == ("approval_given", story.person(by), done.id)
        mine = story.rows("SELECT body FROM actor_event WHERE account_id = ? AND kind = 'approval_given'", story.who(by).account)
        listed = decode_event(bytes(mine[-1]["body"]))
        assert (listed.evidence_digest, len(listed.items)) == (seen.digest, 4)
    for case in cases:
        story.case = case
        assert story.advance(TRIGGER, host="nur").state == "institution_unverified"
    assert not verify_trail(story.store, story.call("nadia")).faults


def test_one_child_that_nobody_read_about_stops_the_whole_list_and_is_named(tell: Tell) -> None:
    story, cases = three_residents(tell)
    seen = shown(story, "bambang", read=False)
    assert all({reason.code for reason in child.against} == {"evidence_not_opened"} for child in seen.children)
    seen = shown(story, "bambang")
    story.case = cases[1]
    story.sign("F03")
    now = shown(story, "bambang", read=False)
    assert story.refused(residents.decide_residents, "bambang", decision(seen)) == {"request_settled"}
    assert len(now.children) == 2
    assert {row["status"] for row in story.rows("SELECT status FROM approval_request WHERE status <> 'superseded'")} == {"submitted"}
    assert story.rows("SELECT count(*) FROM approval_decision WHERE role = 'supervisor'")[0][0] == 0


def test_a_list_other_than_the_one_that_was_shown_is_not_decided(tell: Tell) -> None:
    story, _ = three_residents(tell)
    seen = shown(story, "bambang")
    fewer = decision(seen, requests=tuple(child.request for child in seen.children[:2]))
    assert story.refused(residents.decide_residents, "bambang", fewer) == {"approval_superseded"}
    twice = decision(seen, requests=(seen.children[0].request,) * 2)
    assert story.refused(residents.decide_residents, "bambang", twice) == {"invalid"}
    elsewhere = decision(seen, host=story.play.cast.hosts["harapan"])
    assert story.refused(residents.decide_residents, "bambang", elsewhere) == {"not_found"}


def test_four_eyes_and_order_hold_for_every_child_of_a_list(tell: Tell) -> None:
    story, _ = three_residents(tell)
    seen = shown(story, "bambang")
    assert story.refused(residents.decide_residents, "yusuf", decision(seen)) == {"approval_order"}
    assert story.refused(residents.decide_residents, "sari", decision(seen)) == {"role_not_allowed"}
    story.do(residents.decide_residents, "bambang", decision(seen))
    assert story.refused(residents.decide_residents, "bambang", decision(seen)) == {"approval_order"}


def test_a_list_is_returned_with_its_reason(tell: Tell) -> None:
    story, _ = three_residents(tell)
    seen = shown(story, "bambang")
    assert story.refused(residents.decide_residents, "bambang", decision(seen, "return")) == {"invalid"}
    story.do(residents.decide_residents, "bambang", decision(seen, "return", reason="Bukti buku induk kurang jelas."))
    assert {row["status"] for row in story.rows("SELECT status FROM approval_request WHERE trigger = ?", TRIGGER)} == {"returned"}


def test_a_list_is_requested_for_all_or_for_none_and_an_unfit_child_is_named(tell: Tell) -> None:
    story, cases = three_residents(tell)
    story.case = story.another_case()
    host = story.play.cast.hosts["nur"]
    ask = RequestResidents(host=host, cases=(cases[0], "nobody"))
    assert story.refused(residents.request_residents, "sari", ask) == {"not_found"}
    assert story.refused(residents.request_residents, "halimah", RequestResidents(host=host, cases=cases)) == {"not_found"}
    open_ = "SELECT count(*) FROM approval_request WHERE trigger = ? AND status = 'submitted'"
    assert story.rows(open_, TRIGGER)[0][0] == 3


def listed_child(story: Story, place: int) -> str:
    """A child whom `nur` listed, as an import registers it: told, seen by nobody."""
    told = Listed(host=story.play.cast.hosts["nur"], since=date(2020, 5, 1), brought_by="Bibi", brought_by_relation="bibi", lksa_list="uji")
    intake = story.report(name=f"Anak {place} Daftar")
    ask = RegisterListed(intake=msgspec.structs.replace(intake.intake, listed=told), child=NewChild(name=f"Anak {place} Daftar"))
    return str(story.do(register_listed, "sari", ask).id)


def standing(story: Story, by: str = "sari") -> list[str]:
    return [one.standing for one in show_listed(story.store, story.call(by), story.play.cast.hosts["nur"]).children]


def test_a_listed_child_is_registered_with_the_others_once_people_did_what_no_list_can(tell: Tell) -> None:
    story = tell("reported")
    host, found = story.play.cast.hosts["nur"], [listed_child(story, place) for place in range(3)]
    (first, *_) = show_listed(story.store, story.call("bambang"), host).children
    assert {"F02", "F03", "F25"} <= {code for reason in first.missing for code in reason.where}
    for case in found[:2]:
        story.case = case
        story.do(residents_cases.assign_case, "bambang", residents_cases.AssignCase(case=case, person=story.person("sari")))
        story.advance("start_assessment")
        for form in ("F02", "F03"):
            story.sign(form)
        assert standing(story)[found.index(case)] == "lacking"
        story.sign("F25", host="nur")
    assert standing(story) == ["ready", "ready", "lacking"]
    every = RegisterResidents(host=host, cases=tuple(found))
    assert "approval_missing" in story.refused(residents.register_residents, "sari", every)
    ready = tuple(found[:2])
    story.do(residents.request_residents, "sari", RequestResidents(host=host, cases=ready))
    assert standing(story) == ["waiting", "waiting", "lacking"]
    for by in ("bambang", "yusuf"):
        story.do(residents.decide_residents, by, decision(shown(story, by)))
    assert standing(story) == ["approved", "approved", "lacking"]
    assert story.refused(residents.register_residents, "bambang", RegisterResidents(host=host, cases=ready)) == {"role_not_allowed"}
    assert story.do(residents.register_residents, "sari", RegisterResidents(host=host, cases=ready)).children == 2
    states = {row["id"]: row["state"] for row in story.rows("SELECT id, state FROM care_case")}
    assert [states[case] for case in found] == ["institution_unverified", "institution_unverified", "reported"]
    assert standing(story) == ["lacking"]
    for case in ready:
        body = story.rows("SELECT body FROM event WHERE case_id = ? ORDER BY seq DESC LIMIT 1", case)[0]["body"]
        entry = decode_event(bytes(body))
        assert (entry.kind, entry.trigger, len(entry.approvals)) == ("moved", TRIGGER, 2)
    assert not verify_trail(story.store, story.call("nadia")).faults


def test_one_child_that_lacks_something_stops_the_registration_of_all_and_is_named(tell: Tell) -> None:
    story, found = three_residents(tell)
    for by in ("bambang", "yusuf"):
        story.do(residents.decide_residents, by, decision(shown(story, by)))
    story.case = found[2]
    story.sign("F03")
    host = story.play.cast.hosts["nur"]
    assert story.refused(residents.register_residents, "sari", RegisterResidents(host=host, cases=found))
    assert {row["state"] for row in story.rows("SELECT state FROM care_case")} <= {"reported", "initial_assessment"}


def test_only_the_office_reads_the_list_of_an_institution_and_only_its_own_children(tell: Tell) -> None:
    story = tell("reported")
    listed_child(story, 1)
    assert standing(story, "bambang") == ["lacking"]
    for by in ("halimah", "fauzan", "nadia", "wahyu", "iwan"):
        with pytest.raises(NotFound):
            standing(story, by)
    story.enrol("jauh", "supervisor", story.other_office())
    assert standing(story, "jauh") == []
