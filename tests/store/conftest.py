from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.databases import ENGINES, Database, Databases, File, dropped
from tests.store.world import MODES, Raw, found, on_probation, raw_on


@pytest.fixture(scope="session")
def towns(homes: Callable[[str], Databases]) -> Callable[[str], Database]:
    """Return the town on an engine: made once, to be copied."""

    @cache
    def town(engine: str) -> Database:
        made = homes(engine).new()
        found(made)
        return made

    return town


@pytest.fixture(params=ENGINES)
def database(towns: Callable[[str], Database], request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of one's own, on each engine: a copy of the town."""
    with dropped(towns(request.param).copy()) as copy:
        yield copy


@pytest.fixture
def path(towns: Callable[[str], Database]) -> Iterator[Path]:
    """An SQLite file of one's own, for what only a file can suffer: a copy of the town."""
    copy = towns("sqlite").copy()
    if not isinstance(copy, File):
        raise TypeError(copy)
    with dropped(copy):
        yield copy.path


@pytest.fixture
def intruder(towns: Callable[[str], Database], mode: str) -> Iterator[Raw]:
    """Somebody past the program, on the town itself: whatever they do is rolled back."""
    with on_probation(towns(MODES[mode][0]), mode) as raw:
        yield raw


@pytest.fixture
def raw(towns: Callable[[str], Database], mode: str) -> Iterator[Raw]:
    """Somebody past the program, in the mode that the test names, on a copy of the town."""
    with dropped(towns(MODES[mode][0]).copy()) as copy:
        raw = raw_on(copy, mode)
        yield raw
        raw.close()
