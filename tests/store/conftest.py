import shutil
from pathlib import Path

import pytest

from tests.store.world import found


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("town") / "town.db"
    found(path)
    return path


@pytest.fixture
def path(town: Path, tmp_path: Path) -> Path:
    """A database of one's own: a copy of the town."""
    return Path(shutil.copy(town, tmp_path / "casework.db"))
