"""The shares of DOMAIN 6 in what is drawn, within what chance allows. Nothing is written."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import TypeVar

import pytest

from casework.machines.care import CARE
from casework.machines.parameters import Parameters
from casework.seed import draw as drawing
from casework.seed.draw import AGES, PARENTS, RELIGIONS, Drawn, age_on, draw
from casework.seed.making import recipe
from casework.seed.regency import CASES, HOUSES, regency
from casework.seed.stamp import Press
from casework.seed.stories import Parents, stories
from casework.store.seeding import columns_of

T = TypeVar("T")
MANY = 9_000


@cache
def drawn() -> tuple[Drawn, ...]:
    return tuple(draw(3, number, 0) for number in range(MANY))


def fits(found: Mapping[T, int], shares: Mapping[T, float]) -> bool:
    """Chi-square against the shares: beyond six standard deviations of its distribution no fair draw lies."""
    total, whole = sum(found.values()), sum(shares.values())
    expected = {key: total * share / whole for key, share in shares.items()}
    chi = sum((found.get(key, 0) - count) ** 2 / count for key, count in expected.items())
    free = len(shares) - 1
    return set(found) <= set(shares) and chi < free + 6 * (2 * free) ** 0.5


def test_parents_ages_religions_and_sexes_are_drawn_as_the_figures_say() -> None:
    assert fits(Counter(one.parents for one in drawn()), PARENTS)
    assert fits(Counter(one.religion for one in drawn()), RELIGIONS)
    assert fits(Counter(one.sex for one in drawn()), {"female": drawing.GIRLS, "male": 1 - drawing.GIRLS})
    years = [int(one.born_before / 365.2425) for one in drawn()]
    bands: Counter[tuple[int, int]] = Counter(band for age in years for band in AGES if band[0] <= age <= band[1])
    assert fits(bands, AGES)
    assert sum(bands.values()) == MANY


def test_the_measure_finds_a_share_that_is_wrong() -> None:
    wrong: dict[Parents, int] = {"both_alive": 6_000, "father_dead": 500, "mother_dead": 2_200, "both_dead": 300}
    assert not fits(wrong, PARENTS)


def test_stories_are_told_as_often_as_they_weigh_and_only_of_children_they_are_about() -> None:
    shares = {name: sum(one.weight for one in stories() if one.name.split(",")[0] == name) for name in ("reported", "closed_unfounded")}
    told = Counter(stories()[one.story].name.split(",")[0] for one in drawn())
    for name, weight in shares.items():
        assert weight * 0.8 < 100 * told[name] / MANY < weight * 1.6
    assert 30 < 100 * told["institution_unverified"] / MANY < 40
    for one in drawn():
        story = stories()[one.story]
        assert one.parents in story.parents
        assert one.born_before >= story.youngest * 365


def test_districts_are_real_and_all_of_them_are_there() -> None:
    assert len({one.district for one in drawn()}) == 20
    assert all(one.village.startswith(one.district) for one in drawn())


def test_the_same_number_is_the_same_child_whatever_else_is_drawn() -> None:
    assert [draw(3, number, 8) for number in (5, 17)] == [draw(3, number, 8) for number in (5, 17)]
    assert draw(3, 5, 0) != draw(4, 5, 0)


@pytest.mark.parametrize("number", [0, 1])
def test_a_regency_has_about_31_children_in_each_of_its_18_institutions_and_about_11_entries_a_case(number: int) -> None:
    made_from = recipe(
        Parameters(),
        seed=3,
        day=date(2026, 11, 22).toordinal(),
        prefix="KKR",
        engine="sqlite",
        key=b"k" * 32,
        master=b"m" * 32,
        register="",
    )
    presses = [Press(one) for one in made_from.molds]
    noise = max(one.noise for one in made_from.molds)
    there = regency(3, number, made_from.day)
    states: Counter[str] = Counter()
    living: Counter[str] = Counter()
    entries = 0
    for place in range(number * CASES, (number + 1) * CASES):
        child = draw(3, place, noise)
        case = presses[child.story].stamp(place, child, there, made_from.day, "KKR")
        entries += len(case.entries)
        states[case.entries[-1][columns_of("event").index("dest")]] += 1
        for row in (dict(zip(columns_of(table), line, strict=True)) for table, line in case.rows if table == "placement"):
            living[row["host_id"]] += row["status"] == "active" and row["host_id"] in there.houses
    living = +living
    assert set(states) <= set(CARE.states)
    assert len(living) == HOUSES
    assert 26 < sum(living.values()) / HOUSES < 38
    assert max(living.values()) <= 48
    assert 9 < entries / CASES < 13


def test_an_age_is_in_completed_years() -> None:
    assert [age_on(date(2014, 5, 10), date(2026, 5, day)) for day in (9, 10)] == [11, 12]
