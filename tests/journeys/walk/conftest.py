import pytest

from tests.journeys.walk.town import Town, found


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return found(tmp_path_factory.mktemp("town") / "town.db")
