"""docs/timers.md is the table that is enforced, as it is enforced today."""

import pytest
from click.testing import CliRunner

from casework.cli import main
from casework.commands.deadlines import page
from casework.machines.limits import LIMITS
from casework.machines.timers import TIMERS
from tests.house.sources import ROOT


@pytest.fixture(scope="module")
def made() -> str:
    return page()


def test_the_page_about_deadlines_is_current(made: str) -> None:
    """Where this fails: `casework check --timers > docs/timers.md`."""
    assert (ROOT / "docs" / "timers.md").read_text(encoding="utf-8") == made


def test_the_page_is_what_the_command_prints(made: str) -> None:
    assert CliRunner().invoke(main, ["check", "--timers"], catch_exceptions=False).stdout == made


def test_every_deadline_and_every_limit_is_told_in_both_languages(made: str) -> None:
    for about in (*(row.about for row in TIMERS), *(row.about for row in LIMITS)):
        assert about.id in made
        assert about.en in made
