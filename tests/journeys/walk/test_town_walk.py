"""Several cases, all processes and many users at once, while time passes: every law holds, on both databases."""

import pytest

from tests.databases import Databases
from tests.journeys.walk import guide, machine
from tests.journeys.walk.world import Ground, prepare

MOST = {"sqlite": 400, "postgresql": 60}
"""How many turns each database is given here. `make soak` gives each of them thousands, until every step was taken."""


@pytest.fixture(scope="module")
def ground(databases: Databases) -> Ground:
    return prepare(databases.new())


def test_every_law_holds_after_every_turn_of_anybody(ground: Ground) -> None:
    turns = MOST[ground.database.engine]
    run = machine.walk(ground, turns=turns, most=turns, length=min(200, turns))
    print("\n".join(machine.told(run)))  # noqa: T201
    assert run.taken >= turns
    assert len(guide.WANTED - {*run.untaken}) >= turns // 3
