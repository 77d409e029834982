"""The command `casework`: its help is instant, and a no is one clear line."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from casework.cli import COMMANDS, Lazy, in_one_line, main, terminal_language
from casework.errors import DefinitionError, Fault, Invalid, Law, Reason, Refusal
from casework.words import Language, Words
from tests.house.sources import ROOT

HEAVY = ("alembic", "granian", "jinja2", "litestar", "sqlalchemy", "structlog", "transitions")
ASK_FOR_HELP = f"""
import sys
from click.testing import CliRunner
from casework.cli import main
answer = CliRunner().invoke(main, ["--help"])
print(answer.exit_code, *[name for name in {HEAVY!r} if name in sys.modules])
"""


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "casework", *arguments], cwd=cwd, capture_output=True, text=True, check=False)


def test_help_loads_neither_the_database_nor_the_web_nor_the_machines() -> None:
    answer = subprocess.run([sys.executable, "-c", ASK_FOR_HELP], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["0"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_help_names_every_command_in_the_language_of_the_terminal(language: Language) -> None:
    answer = CliRunner().invoke(main, ["--help"], env={"CASEWORK_LANGUAGE": language}, terminal_width=200)
    for name, entry in COMMANDS.items():
        assert f"  {name}" in answer.output
        assert entry.words.to(language) in answer.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_in_the_table_is_there_and_bears_its_name(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.name == name


def test_an_unknown_command_is_named_with_exit_code_2() -> None:
    answer = run("fly")
    assert answer.returncode == 2
    assert "fly" in answer.stderr


class Failing(Lazy):
    """The same group, with one command that meets an expected no."""

    def get_command(self, _ctx: click.Context, _cmd_name: str) -> click.Command | None:
        @click.command
        def command() -> None:
            raise DefinitionError("casework.toml:\n unknown key")

        return command


def test_an_expected_no_is_one_line_with_exit_code_2_and_no_traceback() -> None:
    answer = CliRunner().invoke(Failing("casework"), ["serve"])
    assert answer.exit_code == 2
    assert answer.stderr.splitlines() == ["Error: DefinitionError: casework.toml: unknown key"]


def test_a_refusal_says_every_reason_in_the_language_of_the_terminal() -> None:
    law = (Law("UUPA 14(1)", "SEEN-2"),)
    words = (Words("Belum ada asesmen.", "No assessment yet."), Words("Belum disetujui.", "Not approved yet."))
    reasons = tuple(Reason(code, text, law, text, ("supervisor",)) for code, text in zip(("assessed", "approved"), words, strict=True))
    assert in_one_line(Refusal(reasons), "id") == "Refusal: Belum ada asesmen. [assessed]; Belum disetujui. [approved]"
    assert in_one_line(Refusal(reasons), "en") == "Refusal: No assessment yet. [assessed]; Not approved yet. [approved]"


def test_wrong_input_says_every_fault_with_its_path() -> None:
    faults = (Fault("$.a", Words("wajib diisi", "is required")), Fault("$.b", Words("terlalu panjang", "is too long")))
    assert in_one_line(Invalid(*faults), "id") == "Invalid: $.a: wajib diisi; $.b: terlalu panjang"


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "id_ID.UTF-8"}, "id"),
        ({"LANG": "id_ID.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "CASEWORK_LANGUAGE": "id"}, "id"),
    ],
)
def test_the_terminal_speaks_the_language_it_is_set_to(environ: dict[str, str], language: Language) -> None:
    assert terminal_language(environ) == language


def test_draw_writes_the_drawing_where_it_is_told(tmp_path: Path) -> None:
    file = tmp_path / "care.mmd"
    shown = CliRunner().invoke(main, ["draw", "care_journey"], catch_exceptions=False)
    written = CliRunner().invoke(main, ["draw", "care_journey", "--out", str(file)], catch_exceptions=False)
    assert (shown.exit_code, written.exit_code, written.output) == (0, 0, "")
    assert file.read_text(encoding="utf-8").strip() == shown.output.strip()
    assert "institutional_care" in shown.output


def test_draw_names_the_machines_there_are_when_asked_for_another() -> None:
    answer = CliRunner().invoke(main, ["draw", "journey_to_the_moon"])
    assert answer.exit_code == 2
    assert "care_journey" in answer.stderr


@pytest.mark.parametrize(("form", "said"), [("mermaid", "flowchart LR"), ("svg", "<svg ")])
def test_draw_all_shows_every_machine(form: str, said: str) -> None:
    answer = CliRunner().invoke(main, ["draw", "--all", "--format", form], env={"CASEWORK_LANGUAGE": "en"}, catch_exceptions=False)
    assert answer.exit_code == 0
    assert answer.output.startswith(said)
    assert "Safeguarding incident (10 states)" in answer.output
