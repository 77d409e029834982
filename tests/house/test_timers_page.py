"""docs/timers.md is the table that is enforced, as it is enforced today."""

from click.testing import CliRunner

from casework.cli import main
from casework.commands.deadlines import page
from casework.machines.limits import LIMITS
from casework.machines.timers import NOT_BUILT, TIMERS
from tests.house.sources import ROOT


def test_the_page_about_deadlines_is_current() -> None:
    """Where this fails: `casework check --timers > docs/timers.md`."""
    assert (ROOT / "docs" / "timers.md").read_text(encoding="utf-8") == page()


def test_the_page_is_what_the_command_prints() -> None:
    assert CliRunner().invoke(main, ["check", "--timers"], catch_exceptions=False).stdout == page()


def test_every_deadline_and_every_gap_is_told_in_both_languages() -> None:
    for about in (*(row.about for row in TIMERS), *(row.about for row in LIMITS), *(row.about for row in NOT_BUILT)):
        assert about.id in page()
        assert about.en in page()
