"""What is tried at the door stands in one table, each with a test that is there, and the page says which."""

import pytest

from tests.house.front_door import PAGE, Row, faults, kept, page

KNOWN = kept()[0]
NOWHERE = "tests/http/test_traps.py::test_nothing"


def test_everything_that_is_tried_has_a_test() -> None:
    assert [*faults(kept())] == []


def test_the_page_about_the_door_is_current() -> None:
    """Where this fails: `python -m tests.house.front_door > docs/front-door.md`."""
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((*kept(), KNOWN), f"{KNOWN.what}: stands twice"),
        ((*kept(), Row("Front door", "A new trap", NOWHERE)), f"A new trap: {NOWHERE} is not there"),
        (kept()[1:], f"{KNOWN.test}: not in the table"),
    ],
)
def test_a_row_that_is_wrong_is_named(rows: tuple[Row, ...], said: str) -> None:
    assert [*faults(rows)] == [said]
