"""Several cases, all processes and many users at once, while time passes: every law holds, on both databases."""

import pytest

from tests.databases import Databases
from tests.journeys.walk import guide, machine
from tests.journeys.walk.world import Ground, prepare

FEWEST, MOST = {"sqlite": 300, "postgresql": 60}, {"sqlite": 2400, "postgresql": 60}
"""How many turns each database is given here: the file until every step was taken. `make soak` gives each of them thousands."""


@pytest.fixture(scope="module")
def ground(databases: Databases) -> Ground:
    return prepare(databases.new())


def test_every_law_holds_after_every_turn_of_anybody(ground: Ground) -> None:
    engine = ground.database.engine
    run = machine.walk(ground, turns=FEWEST[engine], most=MOST[engine], length=min(200, MOST[engine]))
    print("\n".join(machine.told(run)))  # noqa: T201
    assert run.taken >= FEWEST[engine]
    if engine == "sqlite":
        assert run.untaken == []
    else:
        assert len(guide.WANTED - {*run.untaken}) >= run.turns // 3
