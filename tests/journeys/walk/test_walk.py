"""Hypothesis walks whole cases through the services until every arc has been taken, with everything checked on the way.

All 163 arcs of the table count; the two rows that lead back to a held placement (`@held`) count as written, whichever setting is held.
"""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from casework.machines.care import CARE
from casework.services.audit import verify_trail
from casework.store.call import Call
from tests.journeys.walk import chart
from tests.journeys.walk.town import Journey, Town, open_copy, put
from tests.journeys.walk.walker import TRIGGERS, Tally, Walker

TURNS = 160
YOUNG, TURNING = date(2016, 5, 10), date(2008, 4, 20)
"""Births: a child of nine, and one who turns 18 seven weeks after the story begins."""


def walk_until(town: Town, folder: Path, tally: Tally, goal: int, examples: int) -> None:
    """Walk until every arc was taken `goal` times. A walk counts once it is over: a failing one is replayed as it was."""
    path = folder / "walk.db"
    store = open_copy(town.path, path, durable=False)

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=(Phase.explicit, Phase.generate),  # shrinking a child's whole life takes longer than reading the failure
    )
    @given(turns=st.binary(min_size=TURNS, max_size=TURNS))
    def walk(turns: bytes) -> None:
        if tally.least()[0] >= goal:
            return
        turning = turns[0] % 3 == 1 or not any(chart.ways(chart.Standing(), tally.taken, goal))
        mine = Tally(tally)
        harbour = mine.harbour(goal, turning=turning) if turns[1] % 8 else None
        put(harbour.path if harbour else town.path, path)
        born = TURNING if turning else YOUNG
        journey = Journey(town, store, path, born=born, known=harbour.known if harbour else None)
        try:
            Walker(journey, turns[2:], mine, goal, turning=turning, harbour=harbour).run(folder)
            report = verify_trail(journey.store, Call(who=journey.town.who["nadia"], at=journey.at))
            assert report.whole, report.faults
        finally:
            journey.close()
        mine.walks += 1
        tally.__dict__.update(mine.__dict__)

    walk()


def check_walks(town: Town, folder: Path, goal: int) -> None:
    """Walk, say where the walks were seldom, and hold them to the goal."""
    tally = Tally()
    walk_until(town, folder, tally, goal, examples=200 * goal)
    times, arc = tally.least()
    never = {(state, trigger) for state in CARE.states for trigger in TRIGGERS} - {*chart.ROWS}
    print(f"{tally.moves} moves in {tally.walks} walks; least: {times} times {arc.source} --{arc.trigger}--> {arc.dest}")  # noqa: T201
    print(f"{len(never)} steps that do not exist were asked {tally.refused.total()} times")  # noqa: T201
    assert times >= goal, arc
    assert {*tally.refused} == never


def test_every_arc_is_taken_at_least_five_times_and_every_invariant_holds_on_the_way(town: Town, tmp_path: Path) -> None:
    check_walks(town, tmp_path, goal=5)


@pytest.mark.soak
def test_every_arc_is_taken_fifty_times(town: Town, tmp_path: Path) -> None:
    check_walks(town, tmp_path, goal=50)
