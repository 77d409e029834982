"""What is published of people hides the few, and nothing that is published gives a hidden number away."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from casework.services.numbers.suppression import LEAST, Table, hidden

numbers = st.integers(min_value=0, max_value=12)
tables = st.integers(1, 4).flatmap(lambda wide: st.lists(st.tuples(*[numbers] * wide), min_size=1, max_size=5).map(tuple))
sums = st.sampled_from([(True, True), (True, False), (False, True)])
Rows = tuple[tuple[int, ...], ...]


def possible(rows: Rows, away: frozenset[tuple[int, int]], *, across: bool, down: bool) -> dict[tuple[int, int], set[int]]:
    """Return, by trying every table of small numbers, what each hidden cell could be for somebody who knows the rest."""
    truth = Table(rows, across=across, down=down).values
    most = max(max(row) for row in rows) + 2
    shut = sorted(place for place in away if place[0] < len(rows) and place[1] < len(rows[0]))
    found: dict[tuple[int, int], set[int]] = {place: set() for place in away}
    for guess in product(range(most), repeat=len(shut)):
        said = dict(zip(shut, guess, strict=True))
        tried = tuple(tuple(said.get((line, column), value) for column, value in enumerate(row)) for line, row in enumerate(rows))
        values = Table(tried, across=across, down=down).values
        if all(values[place] == value for place, value in truth.items() if place not in away):
            for place in away:
                found[place].add(values[place])
    return found


small = st.integers(min_value=0, max_value=7)
little = st.integers(1, 2).flatmap(lambda wide: st.lists(st.tuples(*[small] * wide), min_size=1, max_size=2).map(tuple))


@given(little, sums)
def test_a_hidden_number_could_be_more_than_one_whatever_else_is_known(rows: Rows, adds: tuple[bool, bool]) -> None:
    away = hidden(rows, across=adds[0], down=adds[1])
    told = possible(rows, away, across=adds[0], down=adds[1])
    assert {place: values for place, values in told.items() if len(values) < 2} == {}


@given(tables, sums)
def test_every_small_number_is_hidden_its_totals_too(rows: Rows, adds: tuple[bool, bool]) -> None:
    away = hidden(rows, across=adds[0], down=adds[1])
    values = Table(rows, across=adds[0], down=adds[1]).values
    assert [place for place, value in values.items() if value < LEAST and place not in away] == []


def test_one_small_number_takes_a_neighbour_of_its_line_and_its_column_along() -> None:
    rows = ((20, 3, 30), (40, 50, 60), (9, 70, 80))
    away = hidden(rows, across=True, down=True)
    assert (0, 1) in away
    assert len([place for place in away if place[0] == 0]) > 1
    assert len([place for place in away if place[1] == 1]) > 1
    assert len(away) == 4
    assert (3, 3) not in away


def test_what_is_large_enough_is_all_published_and_what_adds_up_to_nothing_hides_itself_only() -> None:
    assert hidden(((5, 6), (7, 8)), across=True, down=True) == frozenset()
    assert hidden(((1, 60), (70, 80)), across=False, down=False) == {(0, 0)}
    assert hidden((), across=True, down=True) == frozenset()


def test_two_hidden_numbers_of_nothing_are_no_cover() -> None:
    away = hidden(((0, 0, 9, 20),), across=True, down=False)
    assert {(0, 0), (0, 1), (0, 2)} <= away
