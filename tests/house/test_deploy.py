"""docs/deploy.md and the files beside it: every command, option, setting and file that they name exists."""

import re
from collections.abc import Iterator

import click
import msgspec
import pytest

from casework.cli import main
from casework.settings import Installation
from casework.store.limits import Limits
from tests.house.sources import ROOT

PAGE = ROOT / "docs" / "deploy.md"
FOLDER = ROOT / "docs" / "deploy"
TEXT = PAGE.read_text(encoding="utf-8")
FILES = sorted(FOLDER.iterdir())
CALLED = re.compile(r"(?:\bcasework|\bas_casework) ((?:db|user|serve|backup|restore|audit|demo|tick)\b[^\n`#|;]*)")


def named() -> Iterator[tuple[str, str]]:
    """Yield every command line of the page and of its files, and where it stands."""
    for place, text in ((PAGE.name, TEXT), *((file.name, file.read_text(encoding="utf-8")) for file in FILES)):
        for found in CALLED.finditer(text):
            yield place, found[1].strip()


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """Return the command that a line names, and the rest of the line."""
    command: click.Command = main
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words[0])
        assert found is not None, words
        command, words = found, words[1:]
    return command, words


@pytest.mark.parametrize(("place", "line"), sorted(set(named())))
def test_every_command_and_option_named_exists(place: str, line: str) -> None:
    command, rest = command_of(line.split())
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in rest if word.startswith("--")} <= known, (place, line)


def test_the_page_names_commands_at_all() -> None:
    assert {"db", "user", "serve", "backup", "restore", "audit", "tick"} <= {line.split()[0] for _, line in named()}


@pytest.mark.parametrize("file", [file for file in FILES if file.suffix == ".toml"], ids=lambda file: str(file.name))
def test_every_settings_file_is_read_as_the_program_reads_it(file: object) -> None:
    read = msgspec.toml.decode((FOLDER / getattr(file, "name", "")).read_bytes(), type=Installation, strict=True)
    assert read != Installation()


def test_every_setting_named_in_the_text_exists() -> None:
    told = re.findall(r"`\[(limits|http|office)\] (\w+)", TEXT)
    assert {section for section, _ in told} == {"limits", "http"}
    for section, name in told:
        assert name in type(getattr(Installation(), section)).__struct_fields__, (section, name)
    assert "connections" in Limits.__struct_fields__


def test_every_file_named_is_there_and_every_file_there_is_named() -> None:
    assert set(re.findall(r"\(deploy/([\w.-]+)\)", TEXT)) == {file.name for file in FILES}


def test_the_units_call_the_program_where_the_page_installs_it() -> None:
    for file in FILES:
        for line in re.findall(r"^ExecStart=(.*)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE):
            assert line.startswith("/opt/casework/.venv/bin/casework "), (file.name, line)
