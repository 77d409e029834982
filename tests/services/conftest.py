"""Stories for the services, on both engines: each test plays on its own copy of a database that was prepared once."""

from collections.abc import Callable, Iterator

import pytest

from tests.databases import Databases
from tests.services.beside import report
from tests.services.story import Beginnings, Story, beginnings_on
from tests.services.ways import ADMISSION, IN_CARE, KIN


@pytest.fixture(scope="session")
def beginnings(databases: Databases) -> Beginnings:
    return beginnings_on(databases)


@pytest.fixture
def tell(beginnings: Beginnings) -> Iterator[Callable[..., Story]]:
    """Return stories that begin after the stages named; every database is given back at the end."""
    told: list[Story] = []

    def begin(*stages: str, **world: object) -> Story:
        told.append(beginnings.story(*stages, **world))
        return told[-1]

    yield begin
    for story in told:
        story.close()


@pytest.fixture
def reported(tell: Callable[..., Story]) -> Story:
    """A case that was registered by Sari and assigned to her."""
    return tell("reported")


@pytest.fixture
def assessing(tell: Callable[..., Story]) -> Story:
    """A case in its initial assessment, with F02 and F03."""
    return tell("reported", "initial_assessment")


@pytest.fixture
def resident(tell: Callable[..., Story]) -> Story:
    """A child of eleven who was admitted to `harapan` three days ago, in March 2026."""
    return tell(*IN_CARE)


@pytest.fixture
def accused(resident: Story) -> Story:
    """The child was beaten there, by Dewi as Sari reports."""
    report(resident)
    return resident


@pytest.fixture
def admission(tell: Callable[..., Story]) -> Story:
    """A case in planning, ready to be admitted to `harapan`."""
    return tell(*ADMISSION)


@pytest.fixture
def kin(tell: Callable[..., Story]) -> Story:
    """A case in planning, ready for the aunt."""
    return tell(*KIN)


@pytest.fixture
def emergency(tell: Callable[..., Story]) -> Story:
    """A child in a shelter since last night; the supervisor has ratified it."""
    return tell("reported", "emergency_care")
