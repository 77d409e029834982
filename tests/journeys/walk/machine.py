"""Hypothesis drives a world: one turn after another, by somebody, somewhere, at some time; after each of them every law is asked.

A turn is either guided (`guide.py`), or chance. All worlds of a run share one tally: what one has done, the next need not do again.
The same `CASEWORK_WALK_SEED` gives the same walks; `CASEWORK_WALK_SHRINK=1` looks for a shorter way to what failed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from time import process_time
from typing import Any

import msgspec
from hypothesis import HealthCheck, Phase, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from casework.services.audit import verify_trail
from casework.store.call import Call
from tests.journeys.walk import alarms, crowd, guide
from tests.journeys.walk.chart import CARE_JOURNEY, steps
from tests.journeys.walk.walker import Tally
from tests.journeys.walk.world import Ground, World

KINDS = (*("guided",) * 14, "crowd", "crowd", "jump", "tick", "tick", "chance")
"""How often each kind of turn is drawn."""
STRIDE = 7
"""The draw moves on by so much every turn: also draws that are all the same come by each kind within as many turns as there are."""
JUMPS = (timedelta(hours=5), timedelta(days=1), timedelta(days=9), timedelta(days=40), timedelta(days=200), timedelta(days=900))
FEWEST, MOST, EVERY = 4, 9, 100
"""So many children there are at least, and at most; and the whole trail is verified after so many turns, and at the end."""
FIRST = 3
"""Among so many of what is worth most the draw decides."""


class Turn(msgspec.Struct, frozen=True):
    """One draw: what kind of thing happens, whom it is about, and how; each of them is added to how far the walk is."""

    kind: int
    child: int
    draw: int


TURNS = st.builds(Turn, kind=st.integers(0, len(KINDS) - 1), child=st.integers(0, 99), draw=st.integers(0, 255))


class Run(msgspec.Struct):
    """All worlds of one run, and the tally they share.

    It is over after `most` turns, or after `turns` when each step was taken `goal` times. A walk counts once it is over: one that fails is
    played again as it was, with what the tally said when it began.
    """

    ground: Ground
    tally: Tally
    goal: int
    turns: int
    most: int
    taken: int = 0
    broken: bool = False
    began: float = msgspec.field(default_factory=process_time)

    @property
    def least(self) -> tuple[int, guide.Step]:
        """Return how often the step least taken was taken, and which it is."""
        return least(self.tally)

    @property
    def over(self) -> bool:
        """Whether enough was done."""
        return self.taken >= self.most or (self.taken >= self.turns and self.least[0] >= self.goal)

    @property
    def untaken(self) -> list[guide.Step]:
        """Return the steps that were taken too seldom."""
        return sorted(step for step in guide.WANTED if self.tally.taken[step] < self.goal)


def least(tally: Tally) -> tuple[int, guide.Step]:
    """Return how often the step least taken was taken, and which it is."""
    return min((tally.taken[step], step) for step in guide.WANTED)


class Walk(RuleBasedStateMachine):
    """One world."""

    run: Run

    def __init__(self) -> None:
        super().__init__()
        self.tally, self.turns = deepcopy(self.run.tally), 0
        self.world = None if self.run.over else World(self.run.ground, self.tally)

    @rule(turn=TURNS)
    def take(self, turn: Turn) -> None:
        """Take a turn, and ask every law."""
        if self.world is None:
            return
        world, self.turns = self.world, self.turns + 1
        known = len(world.told)
        try:
            self._take(world, turn)
            world.check()
            if self.turns % EVERY == 0:
                verify(world)
        except BaseException:
            self.run.broken = True
            raise
        finally:
            for line in world.told[known:]:
                note(line)

    def _take(self, world: World, turn: Turn) -> None:
        if len(world.open_children) < FEWEST or not any(child.minor for child in world.open_children):
            world.welcome(turn.draw + len(world.children))
        kind = KINDS[(turn.kind + STRIDE * self.turns) % len(KINDS)]
        turn = Turn(turn.kind, turn.child + self.turns, turn.draw if kind == "guided" else turn.draw + world.turned[kind])
        world.turned[kind] += 1
        match kind:
            case "guided":
                _guided(world, turn, self.run.goal)
            case "crowd":
                _crowd(world, turn)
            case "jump":
                span = JUMPS[turn.draw % len(JUMPS)]
                world.clock.at += span
                world.tell(f"{span} pass")
                world.forget()
                world.tally.done["jumps"] += 1
                world.tally.alarms.update(alarms.check(world))
            case "tick":
                _tick(world, turn)
            case _:
                _chance(world, turn)

    def teardown(self) -> None:
        """Verify the whole trail, and throw the world away."""
        if self.world is None:
            return
        try:
            verify(self.world)
        except AssertionError:
            self.run.broken = True
            raise
        finally:
            self.world.close()
        if not self.run.broken:
            self.run.tally = self.tally
            self.run.taken += self.turns


def _guided(world: World, turn: Turn, goal: int) -> None:
    """Go for what was done least; where nothing leads there, for what was done too seldom, then look further; else another child comes."""
    rarest = least(world.tally)[0] + 1
    found = guide.options(world, rarest)
    if not found and goal > rarest:
        found = guide.options(world, goal)
    found = found or guide.options(world, max(goal, rarest), deep=True)
    if found:
        option = found[turn.draw % min(FIRST, len(found))]
        world.do(option.step, option.words, option.do)
    elif len(world.open_children) < MOST:
        world.welcome(turn.draw + len(world.children))
    else:
        _chance(world, turn)


def _crowd(world: World, turn: Turn) -> None:
    going = [child for child in world.open_children if child.row["state"] != "closed"]
    if not going:
        return
    child, doing = going[turn.child % len(going)], crowd.TURNS[turn.draw % len(crowd.TURNS)]
    world.tell(f"{child.name}: {doing.__name__}")
    doing(world, child, turn.draw // len(crowd.TURNS))


def _tick(world: World, turn: Turn) -> None:
    """Run the clock; every other time once more at that moment: it must find nothing left to do."""
    done = world.tick()
    world.tell(f"the clock runs: {len(done.made)} steps")
    if turn.draw % 2:
        again = world.tick(minutes=0)
        assert not again.made, again.made


def _chance(world: World, turn: Turn) -> None:
    """Any move of any child, needed or not, with draws of its own."""
    child = _child(world, turn)
    child.know()
    triggers = [row.trigger for row in steps(child.walker.here)]
    if triggers:
        trigger = triggers[turn.draw % len(triggers)]
        draws = bytes((turn.draw * 31 + place * 17) % 256 for place in range(40))
        step = (CARE_JOURNEY, child.walker.here.state, trigger)
        world.do(step, f"{child.name}: by chance {trigger} out of {step[1]}", lambda: world.move(child, trigger, draws))


def _child(world: World, turn: Turn) -> Any:
    return world.children[turn.child % len(world.children)]


def verify(world: World) -> None:
    """Read the whole trail, replay the rules over it, and compare the rows."""
    report = verify_trail(world.store, Call(who=world.ground.views[0].who["nadia"], at=world.clock.at))
    assert report.whole, report.faults


def walk(ground: Ground, *, turns: int, most: int, goal: int = 1, length: int = 150) -> Run:
    """Walk worlds of `length` turns each until the run is over. A failing world is told step by step."""
    run = Run(ground, Tally(), goal, turns, most)

    class Here(Walk):
        pass

    Here.run = run
    phases = (Phase.generate, Phase.shrink) if os.environ.get("CASEWORK_WALK_SHRINK") else (Phase.generate,)
    run_state_machine_as_test(
        seed(int(os.environ.get("CASEWORK_WALK_SEED", "1")))(Here),
        settings=settings(
            max_examples=2 + 2 * most // length,
            stateful_step_count=length,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=phases,  # a shorter walk to a fault costs hundreds of walks: whoever looks for it asks for it
        ),
    )
    return run


def told(run: Run) -> Iterator[str]:
    """Say what a run has done."""
    times, (machine, source, trigger) = run.least
    known = sum(1 for step in guide.WANTED if run.tally.taken[step])
    yield f"{run.taken} turns, {known} of {len(guide.WANTED)} steps of the tables, least: {times} times {machine} {source} --{trigger}"
    yield crowd.tell(run.tally.done)
    yield f"alarms seen: {crowd.tell(run.tally.alarms)}"
    yield f"steps that do not exist, asked: {run.tally.refused.total()} times, {len(run.tally.refused)} of them"
    yield f"{process_time() - run.began:.0f} s of processor time"
