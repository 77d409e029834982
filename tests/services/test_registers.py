"""Registers: what is named must be there, waivers end within a year, parents are parents, and another office's case is not told."""

from datetime import timedelta
from typing import Any

import pytest

from casework.errors import CaseworkError, Invalid, NotFound, Refusal
from casework.machines.facts import WITA
from casework.services import cases, people, registers
from casework.services.cases import RegisterCase
from casework.services.people import NewAccount
from casework.services.registers import AddHost, AddRelative, AddStaff, ChangeHost
from casework.store.call import Call, Seat
from tests.services.story import OPERATOR, PARAMS, PASSWORD, Story

NOWHERE = "0" * 26


def no(story: Story, service: Any, by: str, ask: Any) -> CaseworkError:
    with pytest.raises(CaseworkError) as caught:
        story.do(service, by, ask)
    return caught.value


def faults(no: CaseworkError) -> list[str]:
    assert isinstance(no, Invalid), no
    return [fault.path for fault in no.faults]


def account(story: Story, *seats: Seat, **said: Any) -> CaseworkError:
    ask = NewAccount(username="baru", password=PASSWORD, seats=seats, **({"name": "Orang Baru"} | said))
    with pytest.raises(CaseworkError) as caught:
        people.create_account(story.store, Call(who=OPERATOR, at=story.now), ask)
    return caught.value


def waiver(story: Story, days: int) -> str:
    """Return the day so many days after the story's next deed (WITA), as an ISO date."""
    return ((story.now + timedelta(minutes=1)).astimezone(WITA).date() + timedelta(days=days)).isoformat()


def test_staff_of_a_host_that_is_not_there_is_not_found(reported: Story) -> None:
    assert isinstance(no(reported, registers.add_staff, "bambang", AddStaff(host=NOWHERE, name="Petugas", duty="pengasuh")), NotFound)


def test_staff_who_are_said_to_be_a_person_that_is_not_there_are_refused_with_the_field(reported: Story) -> None:
    ask = AddStaff(host=reported.play.cast.hosts["harapan"], name="Petugas", duty="pengasuh", person_id=NOWHERE)
    assert faults(no(reported, registers.add_staff, "bambang", ask)) == ["$.person_id"]


def test_a_host_of_an_office_that_is_not_there_is_refused_with_the_field(reported: Story) -> None:
    ask = AddHost(name="Panti Baru", kind="lksa", office_id=NOWHERE)
    assert faults(no(reported, registers.add_host, "bambang", ask)) == ["$.office_id"]
    fine = AddHost(name="Panti Baru", kind="lksa", office_id=reported.play.cast.offices["dinas"])
    assert reported.do(registers.add_host, "bambang", fine).id


def test_an_account_names_offices_institutions_and_people_that_are_there_and_is_told_every_one_that_is_not(reported: Story) -> None:
    office = reported.play.cast.offices["dinas"]
    before = reported.dump()
    seats = (Seat("supervisor", NOWHERE), Seat("lksa_head", office, NOWHERE), Seat("auditor", office))
    assert faults(account(reported, *seats)) == ["$.seats[0].office", "$.seats[1].host"]
    assert faults(account(reported, seats[-1], person=NOWHERE, name="")) == ["$.person"]
    assert reported.dump() == before


@pytest.mark.parametrize("entered", ["add", "change"])
def test_a_waiver_of_accreditation_ends_within_twelve_months(reported: Story, entered: str) -> None:
    host, most = reported.play.cast.hosts["harapan"], PARAMS.accreditation_waiver_days

    def ask(days: int) -> tuple[Any, Any]:
        until = waiver(reported, days)
        if entered == "add":
            return registers.add_host, AddHost(name="Panti Baru", kind="lksa", accreditation_waiver_until=until)
        return registers.change_host, ChangeHost(host=host, accreditation_waiver_until=until)

    service, long = ask(most + 1)
    refused = no(reported, service, "yusuf", long)
    assert isinstance(refused, Refusal)
    assert refused.codes == {"waiver_too_long"}
    assert waiver(reported, most) in refused.reasons[0].fix.id
    service, fine = ask(most)
    assert reported.refused(service, "yusuf", fine) == set()


PAPERS = {"host": ("policy_dated", "licence_until", "accredited_until"), "staff": ("police_record_on", "code_signed_on")}


def paper_refused(story: Story, paper: str, day: str) -> CaseworkError:
    """Return why an entry of the register with a paper of this day is refused."""
    said: Any = {paper: day}
    if paper in PAPERS["host"]:
        return no(story, registers.add_host, "bambang", AddHost(name="Panti", kind="lksa", **said))
    ask = AddStaff(host=story.play.cast.hosts["harapan"], name="Petugas", duty="pengasuh", **said)
    return no(story, registers.add_staff, "bambang", ask)


@pytest.mark.parametrize("paper", [paper for papers in PAPERS.values() for paper in papers])
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30"])
def test_a_paper_of_a_year_that_no_case_has_is_refused_with_its_field(reported: Story, paper: str, day: str) -> None:
    assert faults(paper_refused(reported, paper, day)) == [f"$.{paper}"]


@pytest.mark.parametrize("paper", ["policy_dated", "police_record_on", "code_signed_on"])
def test_no_paper_is_of_tomorrow(reported: Story, paper: str) -> None:
    assert faults(paper_refused(reported, paper, waiver(reported, 1))) == [f"$.{paper}"]


def test_a_waiver_that_stands_may_be_said_again_and_taken_back(reported: Story) -> None:
    host = reported.play.cast.hosts["harapan"]
    until = waiver(reported, 300)
    for said in (until, until, None):
        assert reported.refused(registers.change_host, "yusuf", ChangeHost(host=host, accreditation_waiver_until=said)) == set()
    assert reported.rows("SELECT accreditation_waiver_until FROM host WHERE id = ?", host)[0][0] is None


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ("father", "father"),
        ("Mother", "mother"),
        ("  AYAH ", "father"),
        ("ayah kandung", "father"),
        ("Ibu  Kandung", "mother"),
        ("bapak", "father"),
        ("paman dari ibu", "paman dari ibu"),
        ("ibu tiri", "ibu tiri"),
    ],
)
def test_parents_are_parents_whatever_they_are_called_and_kin_stay_kin(reported: Story, entered: str, kept: str) -> None:
    reported.do(registers.add_relative, "sari", AddRelative(case=reported.case, name="X", relation=entered, degree=1))
    assert reported.personal("relative", "relation")[-1][0] == kept


@pytest.mark.parametrize("relation", ["father", "Ibu"])
def test_a_parent_is_of_the_first_degree(reported: Story, relation: str) -> None:
    ask = AddRelative(case=reported.case, name="X", relation=relation, degree=2)
    assert faults(no(reported, registers.add_relative, "sari", ask)) == ["$.degree"]


@pytest.mark.parametrize("blank", ["", "   "])
def test_a_relation_is_said(reported: Story, blank: str) -> None:
    ask = AddRelative(case=reported.case, name="X", relation=blank, degree=2)
    assert faults(no(reported, registers.add_relative, "sari", ask)) == ["$.relation"]


def again(story: Story, by: str) -> Refusal:
    ask = RegisterCase(intake=story.report(by).intake, child_id=story.row["child_id"])
    refused = no(story, cases.register_case, by, ask)
    assert isinstance(refused, Refusal)
    return refused


def test_the_case_of_another_office_is_not_named_only_whom_to_ask(reported: Story) -> None:
    number, office = reported.row["number"], reported.rows("SELECT name FROM office WHERE id = ?", reported.row["office_id"])[0][0]
    reported.enrol("lain", "social_worker", reported.other_office())
    own, foreign = again(reported, "maya"), again(reported, "lain")
    assert own.codes == foreign.codes == {"duplicate_case"}
    assert number in repr(own.reasons)
    assert number not in repr(foreign.reasons)
    assert office in foreign.reasons[0].fix.id
    assert office in foreign.reasons[0].fix.en


def test_nor_is_a_case_that_another_office_closed(tell: Any) -> None:
    story = tell("closed_unfounded")
    story.enrol("lain", "social_worker", story.other_office())
    own, foreign = again(story, "maya"), again(story, "lain")
    assert own.codes == foreign.codes == {"closed_case_exists"}
    assert story.row["number"] in repr(own.reasons)
    assert story.row["number"] not in repr(foreign.reasons)
