"""`casework check` proves every machine there is, and shows the path that breaks a property."""

import re

from click.testing import CliRunner

from casework.cli import main
from casework.commands.check import report
from casework.machines.book import all_machines
from casework.machines.engine import Definition, Machine, State, Transition, compile_machine
from casework.machines.facts import Facts
from casework.machines.law import DESIGN
from casework.machines.proofs import prove
from casework.machines.timers import TIMERS
from casework.words import Words
from tests.house.sources import ROOT

LABEL = Words("ke sana", "there")
TRAP: Machine[Facts] = compile_machine(
    Definition(
        name="trap",
        version=1,
        initial="open",
        states=(State("open", LABEL), State("shut", LABEL, kind="final"), State("stuck", LABEL), State("lost", LABEL)),
        transitions=(
            Transition("close", LABEL, ("open",), "shut", law=(DESIGN,)),
            Transition("fall", LABEL, ("open",), "stuck", law=(DESIGN,)),
        ),
    )
)


def test_every_machine_there_is_holds_on_every_path() -> None:
    answer = CliRunner().invoke(main, ["check"], env={"CASEWORK_LANGUAGE": "en"}, catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    assert answer.output.splitlines()[-1] == "Every property is proved."
    for machine in all_machines():
        assert f"{machine.definition.name} v{machine.definition.version}  sha256:{machine.digest}" in answer.output


def test_how_large_each_machine_is_and_that_they_fit_together_is_told_and_the_readme_says_the_same() -> None:
    answer = CliRunner().invoke(main, ["check"], env={"CASEWORK_LANGUAGE": "en"}, catch_exceptions=False).output
    told = {
        name: tuple(map(int, numbers))
        for name, *numbers in re.findall(r"^(\w+) v1 .*\n  (\d+) states, (\d+) triggers, (\d+) arcs$", answer, re.MULTILINE)
    }
    assert told["care_journey"] == (18, 43, 163)
    beside = [numbers for name, numbers in told.items() if name != "care_journey"]
    states, triggers, arcs = (sum(column) for column in zip(*beside, strict=True))
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"together {states} states, {triggers} triggers and {arcs} arcs" in readme
    assert len(beside) == 12
    assert "Between machines: 13 machines, " in answer
    assert f"Deadlines: {len(TIMERS)} with creator, canceller and consequence; " in answer


def test_a_state_that_is_never_reached_and_a_dead_end_are_shown_with_the_path() -> None:
    lines = list(report(TRAP, prove(TRAP), "en"))
    assert lines[0].startswith("trap v1  sha256:")
    assert sum(line.startswith("  BROKEN: ") for line in lines) == 2
    assert "      lost is never reached" in lines
    assert "      fall -> stuck" in lines
