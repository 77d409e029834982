"""Sets of evidence, computed all at once: an evidence vector is a number, a set of vectors is one big integer.

Every atom of evidence takes 2 or 3 bits of the vector, holding its level. Bit `v` of a set says whether vector `v` is in it, so that "and",
"or" and a change of one atom's level are a few operations on whole sets. Equal sets are kept once and known by a number (hash-consing).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import or_
from typing import TypeAlias

import msgspec

VectorSet: TypeAlias = int
"""The number of a set in its `Vectors`; 0 is the empty set."""


class Axis(msgspec.Struct, frozen=True):
    """One dimension of evidence. `levels` are named from worst to best and are 4 or 8.

    `drift[i]` are the levels that level i may turn into by itself (filing, signing, ageing), transitively closed, itself included.
    `renewed[i]` is the level that i becomes when a new round begins.
    """

    name: str
    levels: tuple[str, ...]
    drift: tuple[tuple[int, ...], ...]
    renewed: tuple[int, ...]

    @property
    def bits(self) -> int:
        """How many bits the level takes."""
        return (len(self.levels) - 1).bit_length()


class Vectors:
    """All vectors over some axes, and the algebra of their sets."""

    def __init__(self, axes: Sequence[Axis]) -> None:
        self.axes = tuple(axes)
        self.places = {axis.name: place for place, axis in enumerate(self.axes)}
        self._offsets = [sum(axis.bits for axis in self.axes[:place]) for place in range(len(self.axes))]
        self._bits = sum(axis.bits for axis in self.axes)
        self._masks = [self._masks_of(place) for place in range(len(self.axes))]
        self._sets: list[int] = [0]
        self._known: dict[int, VectorSet] = {0: 0}
        self._counts: dict[VectorSet, int] = {}
        self._done: dict[tuple[str, int, int], VectorSet] = {}
        self.everything = self._keep((1 << (1 << self._bits)) - 1)
        self.nothing_filed = self._keep(1)

    def both(self, one: VectorSet, other: VectorSet) -> VectorSet:
        """Intersection."""
        return self._once("and", one, other, lambda: self._sets[one] & self._sets[other])

    def either(self, one: VectorSet, other: VectorSet) -> VectorSet:
        """Union."""
        return self._once("or", one, other, lambda: self._sets[one] | self._sets[other])

    def without(self, one: VectorSet, other: VectorSet) -> VectorSet:
        """Difference."""
        return self._once("minus", one, other, lambda: self._sets[one] ^ (self._sets[one] & self._sets[other]))

    def drifted(self, one: VectorSet) -> VectorSet:
        """Everything that may become of these vectors by filing, signing and ageing, in any order."""
        return self._once("drift", one, 0, lambda: self._changed(one, [axis.drift for axis in self.axes]))

    def renewed(self, one: VectorSet) -> VectorSet:
        """What becomes of these vectors when a new round begins."""
        return self._once("renew", one, 0, lambda: self._changed(one, [[(level,) for level in axis.renewed] for axis in self.axes]))

    def count(self, one: VectorSet) -> int:
        """How many vectors the set holds."""
        if one not in self._counts:
            self._counts[one] = self._sets[one].bit_count()
        return self._counts[one]

    def best(self, one: VectorSet) -> int:
        """Return the vector of a non-empty set with the best levels: what is wrong in it is what matters."""
        return self._sets[one].bit_length() - 1

    def level(self, vector: int, axis: str) -> str:
        """Return the name of an axis's level in a vector."""
        place = self.places[axis]
        return self.axes[place].levels[self._level(vector, place)]

    def holds(self, one: VectorSet, vector: int) -> bool:
        """Whether a vector is in a set."""
        return bool(self._sets[one] >> vector & 1)

    def sources(self, vector: int, *, new_round: bool) -> VectorSet:
        """Everything that may have become `vector` by drifting, after a new round or without one."""
        found = self._sets[self.everything]
        for place, axis in enumerate(self.axes):
            mine = self._level(vector, place)
            turned = axis.renewed if new_round else range(len(axis.levels))
            found &= self._any_of(place, [level for level, into in enumerate(turned) if mine in axis.drift[into]])
        return self._keep(found)

    def where(self, axis: str, levels: Sequence[str]) -> VectorSet:
        """Every vector in which the axis has one of these levels."""
        place = self.places[axis]
        wanted = sum(1 << self.axes[place].levels.index(level) for level in levels)
        return self._once("where", place, wanted, lambda: self._any_of(place, [level for level in range(8) if wanted >> level & 1]))

    def satisfying(self, names: Sequence[str], holds: Callable[[dict[str, str]], bool]) -> VectorSet:
        """Every vector whose levels on the axes `names` satisfy `holds`; `holds` is asked once for each combination."""
        return self._keep(self._satisfying(tuple(names), {}, holds))

    def _satisfying(self, names: tuple[str, ...], chosen: dict[str, str], holds: Callable[[dict[str, str]], bool]) -> int:
        if not names:
            return self._sets[self.everything] if holds(chosen) else 0
        place = self.places[names[0]]
        found = 0
        for level, mask in zip(self.axes[place].levels, self._masks[place], strict=True):
            found |= mask & self._satisfying(names[1:], {**chosen, names[0]: level}, holds)
        return found

    def _masks_of(self, place: int) -> tuple[int, ...]:
        """Return, for each level of an axis, the set of vectors that have it: one block of ones, repeated."""
        offset, bits = self._offsets[place], self.axes[place].bits
        masks = []
        for level in range(len(self.axes[place].levels)):
            mask, period = ((1 << (1 << offset)) - 1) << (level << offset), 1 << (offset + bits)
            while period < 1 << self._bits:
                mask |= mask << period
                period *= 2
            masks.append(mask)
        return tuple(masks)

    def _changed(self, one: VectorSet, change: Sequence[Sequence[Sequence[int]]]) -> int:
        """Apply to every axis its own change of levels. The axes are independent, so one pass over them is all."""
        found = self._sets[one]
        for place, turns in enumerate(change):
            offset, lowest = self._offsets[place], self._masks[place][0]
            slices = [found >> (level << offset) & lowest for level in range(len(turns))]
            merged: dict[tuple[int, ...], int] = {}
            found = 0
            for level in range(len(turns)):
                origins = tuple(origin for origin, into in enumerate(turns) if level in into)
                if origins not in merged:
                    merged[origins] = reduce(or_, (slices[origin] for origin in origins), 0)
                found |= merged[origins] << (level << offset)
        return found

    def _any_of(self, place: int, levels: Sequence[int]) -> int:
        found = 0
        for level in levels:
            found |= self._masks[place][level]
        return found

    def _level(self, vector: int, place: int) -> int:
        return vector >> self._offsets[place] & (1 << self.axes[place].bits) - 1

    def _keep(self, found: int) -> VectorSet:
        number = self._known.setdefault(found, len(self._sets))
        if number == len(self._sets):
            self._sets.append(found)
        return number

    def _once(self, what: str, one: VectorSet, other: VectorSet, compute: Callable[[], int]) -> VectorSet:
        done = self._done.get((what, one, other))
        if done is None:
            done = self._done[what, one, other] = self._keep(compute())
        return done
