"""Every deadline has a test that names it, and the page says which."""

import pytest

from tests.house.timer_tests import PAGE, faults, kept, page, source_of

ROWS = "tests/services/test_timer_rows.py::test_the_office_that_sets_another_number_is_asked_by_that_one"


def test_every_deadline_has_a_test_that_names_it() -> None:
    assert [*faults(kept())] == []


def test_the_page_about_tests_of_deadlines_is_current() -> None:
    """Where this fails: `python -m tests.house.timer_tests > docs/timer-tests.md`."""
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize(
    ("tests", "said"),
    [
        ((), "no test holds it"),
        ((f"{ROWS}_day",), f"{ROWS}_day is not there"),
        (("tests/services/test_nothing.py::test_plans",), "tests/services/test_nothing.py::test_plans is not there"),
        (("tests/services/test_timer_rows.py::ASKS",), "tests/services/test_timer_rows.py::ASKS is not there"),
        (
            ("tests/services/test_tasks.py::test_a_task_is_done_once",),
            "tests/services/test_tasks.py::test_a_task_is_done_once does not name it",
        ),
        ((ROWS, ROWS), f"stands twice at {ROWS}"),
    ],
)
def test_a_row_that_is_wrong_is_named(tests: tuple[str, ...], said: str) -> None:
    assert [*faults({**kept(), "plan_days": tests})] == [f"plan_days: {said}"]


def test_what_no_row_asks_for_is_not_held_by_the_list_of_rows() -> None:
    assert [*faults({**kept(), "clearance_days": (ROWS,)})] == [f"clearance_days: {ROWS} does not name it"]


def test_a_test_of_what_is_no_deadline_is_named() -> None:
    assert [*faults({**kept(), "patience_days": (ROWS,)})] == ["patience_days: no deadline", f"patience_days: {ROWS} does not name it"]


def test_the_list_of_rows_is_read_with_the_test_that_is_made_from_it() -> None:
    said = source_of(ROWS)
    assert said is not None
    assert "comprehensive_days" in said
