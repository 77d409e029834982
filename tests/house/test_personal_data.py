"""docs/personal-data.md tells of every column of the schema, as the inventory has it."""

from collections import Counter

import pytest
from click.testing import CliRunner

from casework.cli import main
from casework.commands.personal import page
from casework.store.inventory import ROWS, every_column, told
from tests.house.sources import ROOT


@pytest.fixture(scope="module")
def made() -> str:
    return page()


def test_every_column_of_the_schema_is_in_exactly_one_row_and_every_row_is_a_column() -> None:
    counted = Counter(told())
    assert {*counted} == every_column()
    assert [column for column, times in counted.items() if times > 1] == []


def test_the_page_about_personal_data_is_current(made: str) -> None:
    """Where this fails: `casework check --personal > docs/personal-data.md`."""
    assert (ROOT / "docs" / "personal-data.md").read_text(encoding="utf-8") == made


def test_the_page_is_what_the_command_prints(made: str) -> None:
    assert CliRunner().invoke(main, ["check", "--personal"], catch_exceptions=False).stdout == made


def test_every_reason_is_told_in_both_languages(made: str) -> None:
    assert all(row.why.id in made and row.why.en in made for row in ROWS)
