"""Hypothesis drives a world: one turn after another, by somebody, somewhere, at some time; after each of them every law is asked.

A turn is either guided (`guide.py`), or chance. All worlds of a run share one tally: what one has done, the next need not do again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import msgspec
from hypothesis import HealthCheck, Phase, note, settings
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
JUMPS = (timedelta(hours=5), timedelta(days=1), timedelta(days=9), timedelta(days=40), timedelta(days=200), timedelta(days=900))
FEWEST, EVERY = 4, 50
"""So many children there are at least; and the whole trail is verified after so many turns, and at the end."""
FIRST = 3
"""Among so many of what is worth most the draw decides."""


class Turn(msgspec.Struct, frozen=True):
    """One draw: what kind of thing happens, whom it is about, and how."""

    kind: str
    child: int
    draw: int


TURNS = st.builds(Turn, kind=st.sampled_from(KINDS), child=st.integers(0, 99), draw=st.integers(0, 255))


class Run(msgspec.Struct):
    """All worlds of one run: the tally they share, how many turns were taken, how many are enough, and how often each step is wanted."""

    ground: Ground
    tally: Tally
    goal: int
    turns: int
    taken: int = 0
    broken: bool = False

    @property
    def least(self) -> tuple[int, guide.Step]:
        """Return how often the step least taken was taken, and which it is."""
        return min((self.tally.taken[step], step) for step in guide.WANTED)

    @property
    def over(self) -> bool:
        """Whether enough was done."""
        return self.taken >= self.turns


class Walk(RuleBasedStateMachine):
    """One world."""

    run: Run

    def __init__(self) -> None:
        super().__init__()
        self.over = self.run.over
        self.world: World | None = None if self.over else World(self.run.ground, self.run.tally)
        self.turns = 0

    @rule(turn=TURNS)
    def take(self, turn: Turn) -> None:
        """Take a turn, and ask every law."""
        if self.world is None or (self.run.over and not self.run.broken):
            return
        world, self.turns = self.world, self.turns + 1
        told = len(world.told)
        try:
            self._take(world, turn)
            world.check()
            if self.turns % EVERY == 0:
                verify(world)
        except BaseException:
            self.run.broken = True
            raise
        finally:
            for line in world.told[told:]:
                note(line)
        self.run.taken += 0 if self.run.broken else 1

    def _take(self, world: World, turn: Turn) -> None:
        if len(world.open_children) < FEWEST:
            world.welcome(turn.draw)
        match turn.kind:
            case "guided":
                _guided(world, turn, self.run.goal)
            case "crowd":
                _crowd(world, turn)
            case "jump":
                span = JUMPS[turn.draw % len(JUMPS)]
                world.clock.at += span
                world.tell(f"{span} pass")
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


def _guided(world: World, turn: Turn, goal: int) -> None:
    found = guide.options(world, goal)
    if found:
        option = found[turn.draw % min(FIRST, len(found))]
        world.do(option.step, option.words, option.do)
    else:
        _chance(world, turn)


def _crowd(world: World, turn: Turn) -> None:
    child = _child(world, turn)
    doing = crowd.TURNS[turn.draw % len(crowd.TURNS)]
    if child.row["state"] in {"closed", "voided"}:
        return
    world.tell(f"{child.name}: {doing.__name__}")
    doing(world, child, turn.draw // len(crowd.TURNS))


def _tick(world: World, turn: Turn) -> None:
    """Run the clock; every other time once more: it must find nothing left to do."""
    done = world.tick()
    world.tell(f"the clock runs: {len(done.made)} steps")
    if turn.draw % 2:
        again = world.tick()
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


def walk(ground: Ground, *, turns: int, goal: int, length: int, until: Callable[[Run], bool] = lambda run: run.over) -> Run:
    """Walk worlds of so many turns each until enough turns were taken. A failing world is told step by step."""
    run = Run(ground, Tally(), goal, turns)

    class Here(Walk):
        pass

    Here.run = run
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=max(2, 2 * turns // length),
            stateful_step_count=length,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
        ),
    )
    assert until(run)
    return run


def told(run: Run) -> Iterator[str]:
    """Say what a run has done."""
    times, (machine, source, trigger) = run.least
    yield f"{run.taken} turns, {len(guide.WANTED)} steps of the tables, least: {times} times {machine} {source} --{trigger}"
    yield crowd.tell(run.tally.done)
    yield f"alarms seen: {crowd.tell(run.tally.alarms)}"
    yield f"steps that do not exist, asked: {run.tally.refused.total()} times, {len(run.tally.refused)} of them"
