"""What a page shows where a register has grown large, and what a search finds by number."""

from casework.services import lists, views
from casework.store.listing import CHOICES
from tests.services.beside import house
from tests.services.story import Story

MANY = f"""
    INSERT INTO host (id, kind, name, status, created_at)
    WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {CHOICES + 50})
    SELECT '00' || (1000 + n), 'lksa', 'LKSA Jauh', 'active', '2020-01-01' FROM s"""  # noqa: S608 - our own
"""Houses elsewhere, entered before all others."""


def offered(story: Story) -> list[str]:
    return [host.id for host in views.show_case(story.store, story.call("sari"), story.case).hosts]


def test_a_page_offers_every_house_but_of_very_many_those_of_the_child_and_of_the_office(admission: Story) -> None:
    admission.wish("admit_to_institution", host="harapan")
    assert sorted(offered(admission)) == sorted(row["id"] for row in admission.rows("SELECT id FROM host"))
    kept = house(admission, "kasih")
    admission.wreck(MANY, f"UPDATE host SET office_id = '{admission.row['office_id']}' WHERE id = '{kept}'")  # noqa: S608 - our own
    known = offered(admission)
    assert len(known) == CHOICES
    assert {house(admission), kept} <= {*known}
    assert house(admission, "rpsa") not in known


def test_a_number_is_found_as_it_stands_however_many_digits_it_has(reported: Story) -> None:
    reported.wreck(f"UPDATE care_case SET number = 'KKR-2026-0000147' WHERE id = '{reported.case}'")  # noqa: S608 - our own
    for typed in ("KKR-2026-0000147", " kkr-2026-0000147 "):
        assert [line.id for line in lists.list_cases(reported.store, reported.call("sari"), typed)] == [reported.case]
    assert lists.list_cases(reported.store, reported.call("sari"), "KKR-2026-0000148") == ()


def test_whoever_sees_a_case_sees_how_its_ladder_stands_and_only_who_may_read_them_its_sheets(resident: Story) -> None:
    seen = {by: views.show_case(resident.store, resident.call(by), resident.case).ladder for by in ("sari", "halimah", "nadia")}
    stands = {tuple(rung.status for rung in ladder) for ladder in seen.values()}
    assert stands == {("ruled_out", "ruled_out", "ruled_out", "last")}
    for by in ("halimah", "nadia"):
        options = [option for rung in seen[by] for option in rung.options]
        assert not any(sheet.may_open or sheet.candidate for option in options for sheet in option.sheets), by
