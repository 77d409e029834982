"""Separations that support prevented, counted from what the journal says; and the gate before institutions."""

from collections.abc import Callable
from typing import Any

import pytest

from casework.errors import Invalid, NotFound
from casework.services.prevention import Prevention, prevented
from tests.services.story import Story
from tests.services.test_family_support import ARRIVED, ASKED_FOR, RESULT

SUPPORTED = ("care_planning", "ready_for_family_support")


def told(story: Story, by: str = "bambang", year: int = 0) -> dict[str, Any]:
    """Return the numbers that are not zero."""
    found: Prevention = prevented(story.store, story.call(by), year)[0]
    wanted = ("supported", "together", "together_closed", "placed", "undecided", "asked", "admitted", "family", "refused", "waiting")
    return {name: getattr(found, name) for name in wanted if getattr(found, name)}


def support(story: Story, trigger: str = "support_family") -> None:
    story.decide(story.wish(trigger), "bambang")
    story.advance(trigger)


def test_a_child_who_stays_with_its_family_after_support_counts_once_however_many_packages(tell: Callable[..., Story]) -> None:
    story = tell(*SUPPORTED)
    story.sign("F26", **ASKED_FOR, **ARRIVED)
    assert told(story) == {"supported": 1, "undecided": 1}
    story.sign("F26", **ASKED_FOR, **ARRIVED, kind="psychosocial")
    support(story)
    assert told(story) == {"supported": 1, "together": 1}
    assert told(story, "nadia") == told(story, "yusuf") == told(story)
    assert told(story, year=story.now.year - 1) == {}


def test_help_that_only_was_planned_or_where_no_separation_was_at_stake_prevents_none(tell: Callable[..., Story]) -> None:
    story = tell(*SUPPORTED)
    story.sign("F26", **ASKED_FOR)
    story.sign("F26", **ARRIVED)
    support(story)
    assert told(story) == {}


def test_a_child_who_is_placed_after_all_is_not_prevented_not_even_for_a_night(tell: Callable[..., Story]) -> None:
    story = tell(*SUPPORTED)
    story.sign("F26", **ASKED_FOR, **ARRIVED)
    support(story)
    story.sign("F23", "maya", host="rpsa")
    story.advance("place_in_emergency", "maya", host="rpsa")
    assert told(story) == {"supported": 1, "placed": 1}


def test_a_family_that_stands_on_its_own_stays_counted_when_its_case_is_closed(tell: Callable[..., Story]) -> None:
    story = tell(*SUPPORTED)
    record = story.sign("F26", **ASKED_FOR, **ARRIVED)
    support(story)
    for visit, days in enumerate((3, 11, 16, 30, 31), start=1):
        story.later(days=days)
        story.sign("F15", visit=visit)
    story.sign("F26", supersedes=record, **ASKED_FOR, **ARRIVED, **RESULT)
    story.sign("F16")
    story.decide(story.waiting("record", "countersign:F16"), "bambang")
    story.sign("F06", options=[{"option": "closure", "view": "Saya senang di rumah.", "agrees": "yes"}])
    story.sign("F18", reason="family_stands")
    support(story, "close_supported_family")
    assert story.state == "closed"
    assert told(story) == {"supported": 1, "together": 1, "together_closed": 1}


def test_another_office_is_not_told(tell: Callable[..., Story]) -> None:
    story = tell(*SUPPORTED)
    story.sign("F26", **ASKED_FOR, **ARRIVED)
    story.enrol("jauh", "supervisor", story.other_office())
    assert told(story, "jauh") == {}
    with pytest.raises(NotFound):
        prevented(story.store, story.call("sari"))


@pytest.mark.parametrize("year", [1999, 2100, -1])
def test_a_year_that_no_office_has_records_of_is_the_callers_mistake(reported: Story, year: int) -> None:
    with pytest.raises(Invalid):
        prevented(reported.store, reported.call("bambang"), year)


def test_the_gate_tells_who_was_kept_out_of_an_institution(admission: Story) -> None:
    assert told(admission) == {}
    request = admission.wish("admit_to_institution", host="harapan")
    assert told(admission) == {"asked": 1, "waiting": 1}
    admission.decide(request, "bambang", "reject", reason="Bibi belum ditanya.")
    assert told(admission) == {"asked": 1, "refused": 1}
    assert prevented(admission.store, admission.call("bambang"))[0].kept_out_percent == 100
    again = admission.wish("admit_to_institution", host="harapan")
    for by in ("bambang", "yusuf"):
        admission.decide(again, by)
    admission.advance("admit_to_institution", host="harapan")
    assert told(admission) == {"asked": 1, "admitted": 1}
    assert prevented(admission.store, admission.call("bambang"))[0].kept_out_percent == 0


def test_a_child_who_went_to_kin_instead_was_kept_out(kin: Story) -> None:
    kin.wish("admit_to_institution", host="harapan")
    kin.decide(kin.wish("place_with_kin", relative="bibi"), "bambang")
    kin.advance("place_with_kin", relative="bibi")
    assert told(kin) == {"asked": 1, "family": 1}
