"""Who is drawn: the shares of DOMAIN 6, from one seed. The same case number always gives the same child."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import accumulate
from random import Random
from typing import TypeVar

import msgspec

from casework.demo.town import villages
from casework.seed import names
from casework.seed.stories import Parents, stories

T = TypeVar("T")

PARENTS: Mapping[Parents, float] = {"both_alive": 137_445, "father_dead": 8_882, "mother_dead": 40_321, "both_dead": 5_048}
"""Children in care by what became of their parents, SIKS-NG 2021 (DOMAIN 6.2): 71.7 % have both."""
AGES: Mapping[tuple[int, int], float] = {(0, 2): 5, (3, 5): 10, (6, 11): 38, (12, 14): 25, (15, 17): 22}
"""Age in whole years at the report, by the bands of report R1 (DOMAIN 6.1)."""
RELIGIONS: Mapping[str, float] = {"islam": 92, "protestant": 5, "catholic": 2, "hindu": 0.7, "buddhist": 0.3}
GIRLS = 0.49
NUMBERED = 0.6
"""How many children are registered with a NIK when they are reported."""
LONG_STAY_DAYS, SHORTEST_STAY_DAYS = 900, 60
"""How long children live in an institution before they are registered there: exponential above the shortest."""


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """A child and its story. `rested` are the days since the story's last entry; `born_before` the age in days at the report.

    `stayed` are the days spent in an institution before it was registered. Story is a place in `stories()`.
    """

    story: int
    parents: Parents
    sex: str
    name: str
    mother: str
    father: str
    kin: tuple[str, ...]
    religion: str
    rested: int
    born_before: int
    stayed: int
    village: str
    district: str
    place: str
    numbered: bool
    noise: bytes


def draw(seed: int, number: int, noise: int) -> Drawn:
    """Draw case `number`. `noise` is how many random bytes its ids and salts need."""
    lots = Random(f"{seed}:{number}")  # noqa: S311 - repeatable on purpose
    low, high = _pick(AGES, lots)
    days = int((low + lots.random() * (high + 1 - low)) * 365.2425)
    parents = _pick(PARENTS, lots)
    story = _story(parents, days // 366, lots)
    shortest, longest = stories()[story].rest
    girl = lots.random() < GIRLS
    village, district, place = _places()[int(lots.random() * len(_places()))]
    stay = SHORTEST_STAY_DAYS + int(-LONG_STAY_DAYS * math.log(1 - lots.random()))
    return Drawn(
        story=story,
        parents=parents,
        sex="female" if girl else "male",
        name=(names.woman if girl else names.man)(lots),
        mother=names.woman(lots),
        father=names.man(lots),
        kin=(names.woman(lots), names.man(lots)),
        religion=_pick(RELIGIONS, lots),
        rested=shortest + int(lots.random() * (longest + 1 - shortest)),
        born_before=days,
        stayed=min(stay, days - 1),
        village=village,
        district=district,
        place=place,
        numbered=lots.random() < NUMBERED,
        noise=lots.randbytes(noise),
    )


def age_on(born: date, day: date) -> int:
    """Return completed years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _pick(shares: Mapping[T, float], lots: Random) -> T:
    return lots.choices([*shares], cum_weights=[*accumulate(shares.values())])[0]


@cache
def _told(parents: Parents, years: int) -> tuple[tuple[int, ...], tuple[float, ...]]:
    fitting = [place for place, story in enumerate(stories()) if parents in story.parents and story.youngest <= years]
    return tuple(fitting), tuple(accumulate(stories()[place].weight for place in fitting))


def _story(parents: Parents, years: int, lots: Random) -> int:
    fitting, sums = _told(parents, years)
    return lots.choices(fitting, cum_weights=sums)[0]


@cache
def _places() -> tuple[tuple[str, str, str], ...]:
    """Return (village code, district code, village name) of every real village of the regency."""
    return tuple((village, district, name) for name, (village, district) in sorted(villages().items()))
