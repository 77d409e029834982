"""Stamping one case: a mold, filled with what was drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from casework.ledger.event import commitment, event_hash
from casework.seed import ids
from casework.seed.draw import Drawn, age_on
from casework.seed.mold import Mold
from casework.seed.regency import CASES, Member, Regency, host_digest
from casework.seed.stories import FAMILY_CARD, NIK
from casework.store.registers import child_digest
from casework.store.sealing import DataKey
from casework.store.seeding import columns_of

_DAY_MS = 86_400_000
_FATHER_DEAD, _MOTHER_DEAD = {"father_dead", "both_dead"}, {"mother_dead", "both_dead"}


class Stamped(msgspec.Struct, frozen=True):
    """One case: rows by table, its entries in order, and what follows later. `key` is what its child's values are to be sealed with."""

    number: str
    id: str
    key: DataKey
    rows: list[tuple[str, tuple[Any, ...]]]
    entries: list[tuple[Any, ...]]
    later: list[tuple[str, tuple[Any, ...]]]


class Press:
    """Stamps one mold. What each slot stands for is looked up once. `bare` are rows as they stand in the end: no wall follows them."""

    def __init__(self, mold: Mold, *, bare: bool = False) -> None:
        self.mold = mold
        self._rows, self._later = (mold.whole, ()) if bare else (mold.rows, mold.later)
        of: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        for place, key in enumerate(mold.slots):
            of.setdefault(key[0], []).append((place, key))
        self.ids = [(place, ids.milliseconds(key[1])) for place, key in of.pop("id")]
        self.salts = [place for place, _ in of.pop("salt")]
        self.days = [(place, date.fromisoformat(key[1]).toordinal()) for place, key in of.pop("day")]
        self.ages = [(place, date.fromisoformat(key[1]).toordinal()) for place, key in of.pop("age", [])]
        self.team = [(place, key[1], _MEMBER[what]) for what in _MEMBER for place, key in of.pop(what, [])]
        self.hosts = [(place, key[1], digest) for what, digest in _HOST.items() for place, key in of.pop(what, [])]
        self.offices = [(place, key[1]) for place, key in of.pop("office", [])]
        self.kin = [(place, int(key[1])) for place, key in of.pop("kin", [])]
        self.child_digest = next((place for place, _ in of.pop("child_digest", [])), None)
        for made in ("content", "digest", "commitment", "evidence", "entry", "hash"):
            of.pop(made, None)
        self.told = [(place, key[0]) for places in of.values() for place, key in places]

    def stamp(self, number: int, drawn: Drawn, regency: Regency, today: int, prefix: str) -> Stamped:
        """Return case `number`. `today` is the ordinal of the seeding's day, `prefix` that of case numbers."""
        mold = self.mold
        slots: list[Any] = [None] * len(mold.slots)
        moved = today - drawn.rested - mold.ends
        begun = mold.begins + moved
        named = f"{prefix}-{_year(begun)}"
        self._date(slots, moved, drawn.noise)
        born = date.fromordinal(begun - drawn.born_before)
        for place, day in self.ages:
            slots[place] = age_on(born, date.fromordinal(day + moved))
        self._cast(slots, regency, number % CASES)
        for place, kin in self.kin:
            slots[place] = drawn.kin[kin]
        told = _told(number, drawn, born, begun, f"{named}-{number + 1:07d}")
        for place, what in self.told:
            slots[place] = told[what]
        key = DataKey(slots[mold.child], hashlib.sha256(b"key" + drawn.noise).digest())
        return Stamped(named, slots[mold.case], key, *self._fill(slots, key))

    def _date(self, slots: list[Any], moved: int, noise: bytes) -> None:
        """Give ids and days their new time, and salts their noise."""
        later = moved * _DAY_MS
        until = len(self.ids) * ids.NOISE_BYTES
        random = ids.noise(noise[:until])
        halves: dict[int, str] = {}
        for at, (place, made) in enumerate(self.ids):
            half = halves.get(made)
            if half is None:
                half = halves[made] = ids.when(made + later)
            slots[place] = half + random[at * ids.NOISE : (at + 1) * ids.NOISE]
        for at, place in enumerate(self.salts):
            slots[place] = noise[until + at * 16 : until + (at + 1) * 16]
        for place, day in self.days:
            slots[place] = _iso(day + moved)

    def _cast(self, slots: list[Any], regency: Regency, place_there: int) -> None:
        team, hosts = regency.cast(place_there), regency.hosts(place_there)
        for place, key, field in self.team:
            slots[place] = field(team[key])
        for place, key, digest in self.hosts:
            slots[place] = digest(hosts[key])
        for place, key in self.offices:
            slots[place] = regency.offices[key]

    def _fill(
        self, slots: list[Any], key: DataKey
    ) -> tuple[list[tuple[str, tuple[Any, ...]]], list[tuple[Any, ...]], list[tuple[str, tuple[Any, ...]]]]:
        """Fill the texts in the order in which they rest on each other: bodies, commitments, evidence, entries."""
        mold = self.mold
        for one in mold.sealed:
            if one.text is not None:
                content = one.text.fill(slots).encode()
                slots[one.body], slots[one.digest_at] = content, key.digest(content)
            slots[one.commitment] = commitment(slots[one.salt], (slots[one.digest_at] or one.digest).encode())
        if self.child_digest is not None:
            slots[self.child_digest] = child_digest(dict(zip(_CHILD, mold.rows[0][1].fill(slots), strict=True)))
        for text, place in mold.evidence:
            slots[place] = hashlib.sha256(text.fill(slots).encode()).hexdigest()
        entries = []
        for text, row, entry, hashed in mold.entries:
            written = text.fill(slots).encode()
            slots[entry], slots[hashed] = written, event_hash(written)
            entries.append(row.fill(slots))
        filled = [(table, row.fill(slots)) for table, row in self._rows]
        return filled, entries, [(table, row.fill(slots)) for table, row in self._later]


def _person(member: Member) -> str:
    return member.person


def _account(member: Member) -> str:
    return member.account


def _name(member: Member) -> str:
    return member.name


def _itself(host: str) -> str:
    return host


_MEMBER: Mapping[str, Callable[[Member], str]] = {"person": _person, "account": _account, "named": _name}
_HOST: Mapping[str, Callable[[str], str]] = {"host": _itself, "host_digest": host_digest}
_CHILD = columns_of("child")


@lru_cache(maxsize=10_000)
def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _year(day: int) -> str:
    return _iso(day)[:4]


def _told(number: int, drawn: Drawn, born: date, begun: int, named: str) -> dict[str, Any]:
    """Return what the draw says, by the name of the slot."""
    nik, card = f"{NIK[:2]}{number:014d}", f"{FAMILY_CARD[:2]}{number:014d}"
    since = begun - drawn.stayed
    return {
        "child": drawn.name,
        "mother": drawn.mother,
        "father": drawn.father,
        "place": drawn.place,
        "born": born.isoformat(),
        "sex": drawn.sex,
        "religion": drawn.religion,
        "parents": drawn.parents,
        "fatherstatus": "dead" if drawn.parents in _FATHER_DEAD else "alive",
        "motherstatus": "dead" if drawn.parents in _MOTHER_DEAD else "alive",
        "nik": nik,
        "kk": card,
        "childnik": nik if drawn.numbered else None,
        "childkk": card if drawn.numbered else None,
        "district_code": drawn.district,
        "village_code": drawn.village,
        "since": _iso(since),
        "school": _iso(min(since + 20, begun)),
        "number": named,
    }
