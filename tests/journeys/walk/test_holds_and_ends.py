"""What time alone ends, and what is left when a case ends: told on whole cases, through the services."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from casework.errors import Invalid, NotFound, Refusal
from casework.machines.facts import Subject
from casework.machines.forms import Intake, decode
from casework.services import cases
from casework.services.cases import Advanced
from tests.journeys.walk.remedies import remedy
from tests.journeys.walk.town import PARAMS, Journey, Town, open_copy
from tests.journeys.walk.walker import Tally, Walker

TO_KIN = ("place_in_emergency", "place_with_kin")
TURNS = bytes(400)
"""Draws that always choose the first."""


@pytest.fixture
def walker(town: Town, tmp_path: Path) -> Iterator[Walker]:
    path = tmp_path / "casework.db"
    walk = Journey(town, open_copy(town.path, path, durable=False), path, born=date(2016, 5, 10))
    yield Walker(walk, TURNS, Tally(), turning=False)
    walk.close()


def ask(walker: Walker, trigger: str, subject: Subject | None = None) -> Advanced | Refusal | Invalid:
    """Ask for a step after doing, twice, all that a refusal asks for."""
    subject = subject or Subject()
    answer = walker.walk.advance(trigger, subject)
    for _ in range(2):
        if isinstance(answer, Refusal):
            remedy(walker.walk, answer, trigger, subject)
            answer = walker.walk.advance(trigger, subject)
    assert isinstance(answer, Advanced | Refusal | Invalid)
    return answer


def test_a_bed_held_for_a_trial_is_lost_the_day_after_its_last(walker: Walker) -> None:
    walker.make(*TO_KIN, "begin_trial_home_stay")
    began = walker.walk.at
    walker.walk.until(began + timedelta(days=PARAMS.reserved_bed_days))
    in_time = ask(walker, "resume_previous_placement")
    assert isinstance(in_time, Refusal)
    assert in_time.codes == {"approval_missing"}
    walker.walk.until(began + timedelta(days=PARAMS.reserved_bed_days + 1))
    too_late = ask(walker, "resume_previous_placement")
    assert isinstance(too_late, Refusal)
    assert "placement_reserved" in too_late.codes


def test_an_emergency_that_a_trial_interrupted_is_still_to_be_ended_when_it_was(walker: Walker) -> None:
    asked = "SELECT kind, due_at FROM task WHERE case_id = ? AND settled_at IS NULL AND kind IN ('emergency_exit', 'emergency_limit')"

    def days_due() -> dict[str, date]:
        return {row["kind"]: datetime.fromisoformat(row["due_at"]).date() for row in walker.walk.rows(asked, walker.walk.case)}

    walker.make("place_in_emergency")
    before = days_due()
    walker.make("begin_trial_home_stay")
    assert days_due().keys() == {"emergency_exit"}
    walker.make("resume_previous_placement")
    assert walker.walk.row["state"] == "emergency_care"
    after = days_due()
    assert after.keys() == before.keys() == {"emergency_exit", "emergency_limit"}
    assert after["emergency_exit"] == before["emergency_exit"]
    assert after["emergency_limit"] - before["emergency_limit"] <= timedelta(days=1), "counted in whole days, those of the trial included"
    walker.make("begin_trial_home_stay", "confirm_return_home")
    assert walker.walk.rows(asked, walker.walk.case) == []


def test_a_child_missing_longer_than_its_bed_is_held_is_assessed_anew_and_the_journal_says_that_the_hold_lapsed(walker: Walker) -> None:
    walker.make(*TO_KIN, "report_missing")
    early = ask(walker, "assess_after_missing")
    assert isinstance(early, Refusal)
    assert "placement_ended" in early.codes
    walker.walk.until(walker.walk.at + timedelta(days=PARAMS.missing_hold_days + 1))
    refusal = walker.walk.advance("resume_after_missing", Subject())
    assert isinstance(refusal, Refusal)
    assert "missing_within_30_days" in refusal.codes
    late = ask(walker, "assess_after_missing")
    assert isinstance(late, Refusal)
    assert late.codes == {"approval_missing"}
    walker.walk.decide(walker.walk.request("assess_after_missing", Subject()), "bambang")
    done = walker.walk.advance("assess_after_missing", Subject())
    assert isinstance(done, Advanced)
    assert done.effects[0] == "placement ended: hold lapsed"
    assert walker.walk.placement is None


NEVER_RATIFIED = bytes([3]) * 400
"""Draws in which nobody ratifies."""


def waiting(walker: Walker) -> list[str]:
    asked = "SELECT kind FROM approval_request WHERE case_id = ? AND status = 'submitted' ORDER BY kind"
    return [row["kind"] for row in walker.walk.rows(asked, walker.walk.case)]


def test_an_emergency_that_nobody_ratified_outlives_the_child_and_can_still_be_decided(walker: Walker) -> None:
    walker.turns = iter(NEVER_RATIFIED)
    walker.make("place_in_emergency")
    walker.walk.file("F04")
    assert waiting(walker) == ["ratification", "record"]
    walker.make("record_death")
    assert waiting(walker) == ["ratification"]
    walker.walk.decide(walker._ratification(), "bambang", "reject")
    assert waiting(walker) == ["ratification"]
    walker.walk.decide(walker._ratification(), "yusuf")
    assert waiting(walker) == []


def test_no_other_case_ends_before_its_emergency_is_ratified(walker: Walker) -> None:
    walker.turns = iter(NEVER_RATIFIED)
    walker.make("place_in_emergency", "end_emergency")
    refused = walker.walk.advance("close_unfounded", Subject())
    assert isinstance(refused, Refusal)
    assert {words.en for reason in refused.reasons if reason.code == "open_business" for words in reason.details} == {
        "emergency steps not ratified: 1",
        "task due: Inform the social office",
        "task due: Tell the parents, or record why that is unsafe or impossible",
    }
    walker.make("close_unfounded")
    assert waiting(walker) == []


def again(walker: Walker) -> str:
    """Report the same child again and return the new case's id."""
    child = walker.walk.row["child_id"]
    intake = decode("F01", walker.walk.body("F01", {}, "maya"))
    assert isinstance(intake, Intake)
    return cases.register_case(walker.walk.store, walker.walk.call("maya"), cases.RegisterCase(intake=intake, child_id=child)).id


def test_a_child_with_an_open_or_a_reopenable_case_gets_no_second_one(walker: Walker) -> None:
    walker.make("start_assessment")
    with pytest.raises(Refusal) as second:
        again(walker)
    assert second.value.codes == {"duplicate_case"}
    walker.make("close_unfounded")
    with pytest.raises(Refusal) as instead:
        again(walker)
    assert instead.value.codes == {"closed_case_exists"}
    walker.make("reopen")


def test_after_a_death_there_is_a_new_case_linked_to_the_sealed_one(walker: Walker) -> None:
    walker.make("record_death")
    new = again(walker)
    linked = walker.walk.rows("SELECT previous_case_id FROM care_case WHERE id = ?", new)[0][0]
    assert linked == walker.walk.case
    reopened = walker.walk.advance("reopen", Subject())
    assert isinstance(reopened, Refusal)
    assert "closure_reason_reopenable" in reopened.codes


@pytest.mark.parametrize("named", ["nobody", "two"])
def test_a_placement_names_exactly_one_carer(walker: Walker, named: str) -> None:
    walk = walker.walk
    walk.register()
    both = Subject(host=walk.town.hosts["harapan"], relative=walk.add_relative())
    subject = Subject() if named == "nobody" else both
    residence = Subject(host=walk.town.hosts["harapan"])
    answer = walk.advance("register_existing_resident", subject)
    assert isinstance(answer, Refusal)
    remedy(walk, answer, "register_existing_resident", residence)
    request = walk.request("register_existing_resident", subject)
    walk.decide(request, "bambang")
    walk.decide(request, "yusuf")
    before = dict(walk.row)
    assert isinstance(walk.advance("register_existing_resident", subject), Invalid if named == "two" else Refusal)
    assert dict(walk.row) == before


def test_a_stranger_to_the_office_cannot_even_see_that_the_case_exists(walker: Walker) -> None:
    walker.make("start_assessment")
    assert isinstance(walker.walk.advance("begin_comprehensive_assessment", Subject(), "halimah"), NotFound)
