"""Several cases, all processes and many users at once, while time passes: every law holds, on both databases."""

import pytest

from tests.databases import Databases
from tests.journeys.walk import chart, guide, machine
from tests.journeys.walk.world import Ground, prepare

TURNS, LENGTH = {"sqlite": 800, "postgresql": 60}, 200
"""How many turns each database is given here. `make soak` gives each of them thousands."""
MOST, MOST_OF_THE_JOURNEY = 0.8, 0.65
"""What part of all steps, and of those of the journey, a file's turns take at least: `make soak` asks for every one of them."""


@pytest.fixture(scope="module")
def ground(databases: Databases) -> Ground:
    return prepare(databases.new())


def test_every_law_holds_after_every_turn_of_anybody(ground: Ground) -> None:
    engine = ground.database.engine
    turns = TURNS[engine]
    run = machine.walk(ground, turns=turns, most=turns, length=min(LENGTH, turns))
    print("\n".join(machine.told(run)))  # noqa: T201
    assert run.taken >= turns
    done = run.tally.done
    assert min(done["races"], done["jumps"], done["runs of the clock"], done["moves"]) >= 1
    taken = guide.WANTED - {*run.untaken}
    if engine == "sqlite":
        assert len(taken) >= MOST * len(guide.WANTED)
        journey = [step for step in guide.WANTED if step[0] == chart.CARE_JOURNEY]
        assert len(taken & {*journey}) >= MOST_OF_THE_JOURNEY * len(journey)
    else:
        assert len(taken) >= turns // 3
