"""Where a child could live: the nearest places first, each with the number of places that a guard would count as free."""

import pytest

from casework.errors import NotFound
from casework.services.places import Place, places_for
from tests.services.beside import house
from tests.services.story import Story

ADMIT = "admit_to_institution"


def found(story: Story, trigger: str = ADMIT, by: str = "sari") -> dict[str, Place]:
    return {one.id: one for one in places_for(story.store, story.call(by), story.case, trigger).places}


def test_what_the_child_knows_comes_first_then_its_district_then_the_area_of_its_office_then_the_rest(admission: Story) -> None:
    named, office = {key: house(admission, key) for key in ("harapan", "kasih", "nur")}, admission.row["office_id"]
    far = sorted({*found(admission)} - {*named.values()})
    admission.wreck(
        f"UPDATE host SET district_code = '64.02.99' WHERE id = '{named['nur']}'",  # noqa: S608 - our own
        f"UPDATE child SET district_code = '64.02.99' WHERE id = '{admission.row['child_id']}'",  # noqa: S608 - our own
        f"UPDATE host SET office_id = '{office}' WHERE id = '{named['kasih']}'",  # noqa: S608 - our own
    )
    places = found(admission)
    assert [places[one].near for one in (named["harapan"], named["nur"], named["kasih"], *far)] == [0, 1, 2, *(3 for _ in far)]
    assert [one.near for one in places.values()] == sorted(one.near for one in places.values())


def test_the_free_places_of_a_house_are_counted_without_the_child_itself_and_whoever_lives_in_them(resident: Story) -> None:
    harapan = house(resident, "harapan")
    before = found(resident, "change_institution")[harapan]
    assert before.free == before.capacity > 0
    resident.wreck(f"UPDATE placement SET child_id = 'another' WHERE host_id = '{harapan}'")  # noqa: S608 - our own
    assert found(resident, "change_institution")[harapan].free == before.capacity - 1
    resident.wreck(f"UPDATE placement SET status = 'reserved', reserved_until = '2020-01-01' WHERE host_id = '{harapan}'")  # noqa: S608 - our own
    assert found(resident, "change_institution")[harapan].free == before.capacity


def test_a_house_of_another_faith_is_said_to_be_one(admission: Story) -> None:
    harapan = house(admission, "harapan")
    admission.wreck(f"UPDATE host SET religion = 'hindu' WHERE id = '{harapan}'")  # noqa: S608 - our own
    assert found(admission)[harapan].other_faith
    assert not any(one.other_faith for one in found(admission).values() if not one.religion)


def test_only_places_of_the_kinds_that_the_step_asks_for_are_offered(admission: Story) -> None:
    assert {one.kind for one in found(admission).values()} <= {"lksa", "uptd"}
    assert {one.kind for one in found(admission, "").values()} == {"lksa"}


@pytest.mark.parametrize(
    ("by", "trigger"), [("sari", "place_with_kin"), ("sari", "no_step"), ("nadia", ADMIT), ("halimah", ADMIT), ("bambang", "")]
)
def test_who_chooses_no_place_and_a_step_that_asks_for_none_find_nothing(admission: Story, by: str, trigger: str) -> None:
    with pytest.raises(NotFound):
        places_for(admission.store, admission.call(by), admission.case, trigger)


def test_who_was_asked_into_the_field_chooses_no_place(admission: Story) -> None:
    admission.errand("iwan")
    with pytest.raises(NotFound):
        found(admission, ADMIT, "iwan")
