"""Several cases, all processes and many users at once, while time passes: every law holds, on both databases."""

import pytest

from tests.databases import Databases
from tests.journeys.walk import guide, machine
from tests.journeys.walk.world import Ground, prepare

MOST = {"sqlite": 300, "postgresql": 60}
"""How many turns each database is given here; `make soak` gives each of them thousands."""


@pytest.fixture(scope="module")
def ground(databases: Databases) -> Ground:
    return prepare(databases.new())


def test_every_law_holds_after_every_turn_of_anybody(ground: Ground) -> None:
    run = machine.walk(ground, turns=MOST[ground.database.engine], goal=1, length=150)
    print("\n".join(machine.told(run)))  # noqa: T201
    assert run.tally.done["moves"] >= run.turns // 6
    assert len(guide.WANTED & run.tally.taken.keys()) >= run.turns // 3
