"""The sets that the search works with, and the search itself, against plain enumeration."""

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from zlib import crc32

import pytest

from casework.machines.care import CARE
from casework.machines.dossier import CARE_DOSSIER, WORTH
from casework.machines.engine import HELD, Guard
from casework.machines.facts import Facts
from casework.machines.paths import Reach, Step, Truths
from casework.machines.situations import Situation, after, lapsed
from casework.machines.vectors import Axis, Vectors
from tests.machines.toys import TOY_AXES


def plain(vectors: Vectors, one: int) -> set[int]:
    return {vector for vector in range(4 ** len(vectors.axes)) if vectors.holds(one, vector)}


def one_step(vector: int, change: Callable[[Axis, int], tuple[int, ...]]) -> Iterator[int]:
    levels = [vector & 3, vector >> 2 & 3]
    for plan, view in itertools.product(change(TOY_AXES[0], levels[0]), change(TOY_AXES[1], levels[1])):
        yield plan | view << 2


def _sampled(seed: int, levels: dict[str, str]) -> bool:
    return crc32(f"{seed} {levels}".encode()) % 3 == 0


def test_sets_of_vectors_agree_with_plain_enumeration() -> None:
    vectors = Vectors(TOY_AXES)
    samples = [vectors.satisfying(("plan", "view"), partial(_sampled, seed)) for seed in range(20)]
    assert len({*samples}) > 15
    for one, other in itertools.pairwise(samples):
        mine, theirs = plain(vectors, one), plain(vectors, other)
        assert plain(vectors, vectors.both(one, other)) == mine & theirs
        assert plain(vectors, vectors.either(one, other)) == mine | theirs
        assert plain(vectors, vectors.without(one, other)) == mine - theirs
        assert vectors.count(one) == len(mine)
        assert plain(vectors, vectors.drifted(one)) == {
            end for vector in mine for end in one_step(vector, lambda axis, level: axis.drift[level])
        }
        assert plain(vectors, vectors.renewed(one)) == {
            end for vector in mine for end in one_step(vector, lambda axis, level: (axis.renewed[level],))
        }


@pytest.mark.parametrize("new_round", [False, True])
def test_where_a_vector_came_from_is_where_it_would_go_to(new_round: bool) -> None:  # noqa: FBT001
    vectors = Vectors(TOY_AXES)
    for start in range(16):
        reached = {start} if not new_round else {*one_step(start, lambda axis, level: (axis.renewed[level],))}
        reached = {end for vector in reached for end in one_step(vector, lambda axis, level: axis.drift[level])}
        for end in range(16):
            assert vectors.holds(vectors.sources(end, new_round=new_round), start) == (end in reached)


def test_the_search_reaches_exactly_what_a_search_one_by_one_reaches() -> None:
    """Over two kinds of evidence of the care journey, one vector at a time, with the guards run anew at every step."""
    axes = ("F06", "F08")
    truths = Truths(CARE_DOSSIER, axes)
    reach = _searched(truths)
    together = {
        (situation, tuple(truths.vectors.level(vector, axis) for axis in axes))
        for situation, held in reach.items()
        for vector in plain(truths.vectors, held)
    }
    assert together == _one_by_one(axes)


def _searched(truths: Truths) -> dict[Situation, int]:
    """The search as proofs.py runs it, without any promise but the way home, so that nothing is told apart by being lawful."""
    reach = Reach(CARE, truths)
    start = Situation("reported")
    frontier = {
        start: reach.arrive(start, Step(None, "", truths.vectors.nothing_filed, new_round=False, arrived=truths.vectors.nothing_filed))
    }
    while frontier:
        (situation, new), *rest = frontier.items()
        frontier = dict(rest)
        steps = [
            (firing.after, Step(situation, "", firing.vectors, new_round=False, arrived=_turned(truths, firing)))
            for firing in reach.firings(situation, new)
            if firing.vectors
        ]
        later = lapsed(situation)
        for then, step in [*steps, *([(later, Step(situation, "", new, new_round=False, arrived=new))] if later else [])]:
            fresh = reach.arrive(then, step)
            if fresh:
                frontier[then] = truths.vectors.either(frontier.get(then, 0), fresh)
    return reach.held


def _turned(truths: Truths, firing: Any) -> int:
    return truths.vectors.renewed(firing.vectors) if firing.row.new_round else firing.vectors


def _one_by_one(axes: tuple[str, ...]) -> set[tuple[Situation, tuple[str, ...]]]:
    seen: set[tuple[Situation, tuple[str, ...]]] = set()
    frontier = [(Situation("reported"), (WORTH[0],) * len(axes))]
    while frontier:
        here = frontier.pop()
        if here in seen:
            continue
        seen.add(here)
        frontier += [(here[0], levels) for levels in _drifts(here[1])]
        frontier += [(then, levels) for then, levels in _moves(axes, *here)]
    return seen


def _drifts(levels: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for place, level in enumerate(levels):
        for other in (WORTH[3], *([WORTH[2]] if level == WORTH[3] else [])):
            yield (*levels[:place], other, *levels[place + 1 :])


def _moves(axes: tuple[str, ...], situation: Situation, levels: tuple[str, ...]) -> Iterator[tuple[Situation, tuple[str, ...]]]:
    later = lapsed(situation)
    if later:
        yield later, levels
    for trigger in CARE.triggers_from(situation.state):
        taken = CARE.transition(situation.state, trigger)
        assert taken is not None
        if all(_lets(guard, trigger, axes, situation, levels) for guard in taken.guards):
            dest = situation.held if taken.dest == HELD else situation.state if taken.dest == "@same" else taken.dest
            if dest is not None:
                turned = tuple(WORTH[1] if taken.new_round and level != WORTH[0] else level for level in levels)
                yield after(situation, taken, dest, frozenset({"confirm_return_home"})), turned


def _lets(guard: Guard[Facts], trigger: str, axes: tuple[str, ...], situation: Situation, levels: tuple[str, ...]) -> bool:
    if guard.code in CARE_DOSSIER.situational:
        return CARE_DOSSIER.holds_in(guard, situation)
    reads = CARE_DOSSIER.axes_read(guard, trigger)
    return not reads or CARE_DOSSIER.holds(guard, trigger, dict(zip(axes, levels, strict=True)))
