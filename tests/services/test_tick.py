"""`casework tick` on a real database: what time has brought is done once, told in words, and never missed."""

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from casework.cli import main
from casework.commands.tick import LOOKING, progress, told
from casework.services.tick import Ticked
from tests.databases import wreck
from tests.house.sources import ROOT
from tests.services.story import Story
from tests.services.ways import ADMISSION

IN_CARE = (*ADMISSION, "institutional_care")
CLOCK_STEPS = "SELECT trigger FROM process_step s JOIN process p ON p.id = s.process_id WHERE p.machine = 'periodic_review' ORDER BY s.n"


def environ(story: Story, language: str = "en") -> dict[str, str]:
    return {"CASEWORK_DATABASE": story.database.target, "CASEWORK_LANGUAGE": language}


def tick(story: Story, language: str = "en") -> Result:
    return CliRunner().invoke(main, ["tick"], env=environ(story, language), catch_exceptions=False)


def made(output: str) -> list[str]:
    return [line.strip() for line in output.splitlines() if line.startswith("  ")]


def test_everything_that_time_has_brought_is_made_and_told(resident: Story) -> None:
    answer = tick(resident)
    assert answer.exit_code == 0, answer.output
    assert [row["trigger"] for row in resident.rows(CLOCK_STEPS)] == ["open", "fall_due", "become_overdue", "become_critical"]
    assert {
        "1 × Periodic review: mark as due",
        "1 × Periodic review: mark as overdue",
        "1 × Periodic review: mark as critically overdue",
    } <= {*made(answer.stdout)}
    looked, steps = (int(number) for number in re.findall(r"\d+", answer.stdout.splitlines()[0]))
    assert steps == sum(int(line.split()[0]) for line in made(answer.stdout))
    assert looked >= steps


def test_a_second_run_finds_nothing_more_to_do(resident: Story) -> None:
    tick(resident)
    again = tick(resident)
    assert (again.exit_code, again.stdout.strip()) == (0, "0 processes looked at, 0 steps made.")


def test_it_speaks_the_language_of_the_terminal(resident: Story) -> None:
    answer = tick(resident, "id")
    assert "1 × Review berkala: tandai jatuh tempo" in made(answer.stdout)
    assert tick(resident, "id").stdout.strip() == "0 proses dilihat, 0 langkah dibuat."


def test_two_runs_at_once_make_each_step_once(resident: Story) -> None:
    command = [sys.executable, "-m", "casework", "tick"]
    over = os.environ | environ(resident)
    both = [subprocess.Popen(command, env=over, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    answers = [each.communicate(timeout=120) for each in both]
    assert [each.returncode for each in both] == [0, 0], answers
    told_of: Counter[str] = Counter()
    for output, _ in answers:
        for line in made(output):
            count, _, words = line.partition(" × ")
            told_of[words] += int(count)
    review = {words: count for words, count in told_of.items() if words.startswith("Periodic review")}
    assert [*review.values()] == [1, 1, 1]
    assert [row["trigger"] for row in resident.rows(CLOCK_STEPS)] == ["open", "fall_due", "become_overdue", "become_critical"]


def test_the_trail_with_the_steps_of_the_clock_is_whole(resident: Story) -> None:
    tick(resident)
    answer = CliRunner().invoke(main, ["audit", "verify"], env=environ(resident), catch_exceptions=False)
    assert answer.stdout.splitlines()[0] == "The trail is whole", answer.output


def test_what_could_not_be_done_is_named_with_exit_code_1_and_the_others_are_made(resident: Story) -> None:
    resident.store.close()
    wreck(resident.database, "UPDATE care_case SET seq = seq - 1", mended=True)
    answer = tick(resident)
    assert answer.exit_code == 1
    assert "Failed, to be tried again next time: 2" in answer.stdout
    assert [row["trigger"] for row in resident.rows(CLOCK_STEPS)] == ["open"]


def test_a_fault_of_the_program_itself_holds_nothing_else_up_and_is_told_by_kind_and_place_alone(resident: Story) -> None:
    resident.store.close()
    wreck(resident.database, "UPDATE care_case SET round_started_at = 'Bayu'", mended=True)
    answer = tick(resident)
    assert answer.exit_code == 1
    assert re.search(r"^Failed, to be tried again next time: [1-9]\n  .*: ValueError \(casework\.", answer.stdout, re.MULTILINE), (
        answer.stdout
    )
    assert "Bayu" not in answer.output
    assert resident.rows("SELECT 1 FROM report_sum"), "the numbers of the day are counted"


def test_a_long_run_says_how_far_it_is_and_a_short_one_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    def run(seconds: Iterator[float]) -> str:
        tell = progress("en", lambda: next(seconds))
        for looked in (1, 2, 3):
            tell(looked)
        said = capsys.readouterr()
        assert said.out == ""
        return said.err

    assert run(iter((0.0, 1.0, 2.0, 3.0))) == ""
    assert run(iter((0.0, 30.0, 61.0, 61.0, 62.0))) == LOOKING.en.format(looked=2) + "\n"


def test_steps_of_a_kind_are_told_together() -> None:
    lines = list(told(Ticked(3, (("host", "expire"), ("host", "expire")), ("host X: lost",)), "en"))
    assert lines == [
        "3 processes looked at, 2 steps made.",
        "  2 × standing of a house: licence runs out",
        "Failed, to be tried again next time: 1",
        "  host X: lost",
    ]
