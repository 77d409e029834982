"""`casework check` proves every machine there is, and shows the path that breaks a property."""

from click.testing import CliRunner

from casework.cli import main
from casework.commands.check import report
from casework.commands.definitions import all_machines
from casework.machines.engine import Definition, Machine, State, Transition, compile_machine
from casework.machines.facts import Facts
from casework.machines.law import DESIGN
from casework.machines.proofs import prove
from casework.words import Words

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


def test_a_state_that_is_never_reached_and_a_dead_end_are_shown_with_the_path() -> None:
    lines = list(report(TRAP, prove(TRAP), "en"))
    assert lines[0].startswith("trap v1  sha256:")
    assert sum(line.startswith("  BROKEN: ") for line in lines) == 2
    assert "      lost is never reached" in lines
    assert "      fall -> stuck" in lines
