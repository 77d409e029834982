"""The districts and villages of the regency, by code and by however they were spelled (NOTICE.md says where the list is from)."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from casework.services.areas import District, Village, areas
from casework.store.spelling import distance, fold

_PREFIX = re.compile(r"^(kecamatan|kec|desa|kelurahan|kel|kampung|ds)\b\.?\s*", re.IGNORECASE)
_CODE = re.compile(r"64\.?02\.?(\d{2})(?:\.?(\d{4}))?")
MISTAKES = 2
"""Letters that may be wrong in a name of eight or more; one in a shorter name."""
_LONG = 8


class Found(msgspec.Struct, frozen=True):
    """What a typed name means: the code, the register's own name, whether it was typed otherwise, and else the names that are `near`."""

    code: str = ""
    name: str = ""
    corrected: bool = False
    near: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def find_district(typed: str) -> Found:
    """Return the district that was meant."""
    return _find(typed, areas().districts)


@lru_cache(maxsize=4096)
def find_village(typed: str, district: str = "") -> Found:
    """Return the village that was meant, in a district where one is known: the same name may stand in two."""
    return _find(typed, [one for one in areas().villages if district in {"", one.district}])


def _find(typed: str, among: tuple[District, ...] | list[Village]) -> Found:
    if _CODE.fullmatch(typed.strip()):
        digits = typed.replace(".", "").strip()
        return next((Found(one.code, one.name) for one in among if one.code.replace(".", "") == digits), Found())
    wanted = _close(typed)
    exact = [one for one in among if _close(one.name) == wanted]
    if len(exact) == 1:
        return Found(exact[0].code, exact[0].name)
    if exact:
        return Found(near=tuple(f"{one.name} ({one.code})" for one in exact))
    most = MISTAKES if len(wanted) >= _LONG else 1
    near = sorted((distance(wanted, _close(one.name), most + 1), one.name, one.code) for one in among)
    best = [one for one in near if one[0] <= most]
    if best and (len(best) == 1 or best[0][0] < best[1][0]):
        return Found(best[0][2], best[0][1], corrected=True)
    return Found(near=tuple(name for mistakes, name, _ in near[:3] if mistakes <= most + 1))


def _close(name: str) -> str:
    return fold(_PREFIX.sub("", name.strip())).replace(" ", "")
