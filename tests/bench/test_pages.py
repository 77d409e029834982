"""What the measurement of the pages calls one kind of page, and that what is over a budget is said to be."""

import msgspec

from tests.bench.pages import kind_of, links_of, shape_of
from tests.bench.pages_report import CHECKS, Timed, page_of

CASE = "/cases/01m1t47qj0c9a6206t203m3rjt"
GOOD = Timed(kind="/work", who="sari-001-01", address="/work", best=9, median=11, cpu=8, weight=2048, fresh=9000, page=True, elsewhere=0)


def test_pages_are_of_one_kind_whatever_they_are_of_and_a_search_is_another_shape() -> None:
    assert kind_of(f"{CASE}/file/F05?correct=1") == kind_of(f"{CASE}/file/F26") == "/cases/*/file/*"
    assert kind_of("/numbers/R7/file?as=csv") == "/numbers/*/file"
    assert kind_of("/cases/new") == "/cases/new"
    assert shape_of("/cases?name=a&state=b") != shape_of("/cases?name=a")


def test_a_walk_goes_where_a_page_leads_searches_what_it_names_and_stays_within() -> None:
    page = f'<a href="{CASE}">Intan &amp; co</a> <a class="x" href="/help#top">?</a> <a href="/work?lang=en">E</a> <a href="https://x.id">x</a>'
    assert list(links_of(page)) == [CASE, "/help", "/cases?name=Intaan+%26+co"]


def test_what_is_over_a_budget_is_said_not_to_be_met() -> None:
    assert "**not met**" not in page_of([GOOD], 10, 5)
    over = {"cpu": 51.0, "best": 51.0, "weight": 16 * 1024, "fresh": 41 * 1024, "elsewhere": 1}
    for name, figure in over.items():
        bad = msgspec.structs.replace(GOOD, kind="/bad", **{name: figure})
        assert [line for line in page_of([GOOD, bad], 10, 5).splitlines() if "**not met**" in line], name


def test_a_check_of_everything_is_told_and_not_held_against_the_budget() -> None:
    check = msgspec.structs.replace(GOOD, kind="/trail", address=next(iter(CHECKS)), best=9_000.0)
    page = page_of([GOOD, check], 10, 5)
    assert "9.0 s" in page
    assert "**not met**" not in page
