"""Thousands of turns on each database: many cases, all processes, several users at once, time jumping; every law after every turn."""

import os

import pytest

from tests.databases import Databases
from tests.journeys.walk import machine
from tests.journeys.walk.world import prepare

TURNS = int(os.environ.get("CASEWORK_SOAK_TURNS", "5000"))
"""How many turns each database is given."""


@pytest.mark.soak
def test_every_law_holds_for_thousands_of_turns_and_every_step_of_every_table_is_taken(
    databases: Databases, capsys: pytest.CaptureFixture[str]
) -> None:
    run = machine.walk(prepare(databases.new()), turns=TURNS, most=TURNS, goal=5, length=250)
    with capsys.disabled():
        print(f"\n{databases.engine}", *machine.told(run), sep="\n  ")  # noqa: T201
    assert [step for step in run.untaken if not run.tally.taken[step]] == []
