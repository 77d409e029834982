"""How much Hypothesis tries, and the databases that tests run on.

Little by default so that everybody runs it, more where `HYPOTHESIS_PROFILE=thorough` asks for it.
"""

import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from argon2 import PasswordHasher, profiles
from hypothesis import HealthCheck, settings

from casework.services import passwords
from tests import postgresql
from tests.databases import ENGINES, Cluster, Databases, Files

passwords._hasher = PasswordHasher.from_parameters(profiles.CHEAPEST)
"""The work of a password's hash is there to be too much for a guesser: hundreds of them were a fifth of these tests."""

settings.register_profile("default", deadline=None, max_examples=50, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("default"), max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_configure() -> None:
    """Temporary files live in memory, those of started programs too: nobody here waits for a disk."""
    memory = postgresql.roomy_memory()
    if memory is not None and "TMPDIR" not in os.environ:
        tempfile.tempdir = os.environ["TMPDIR"] = str(memory)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the garbage collector need not walk it a thousand times."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def server() -> Iterator[postgresql.Server]:
    """A PostgreSQL of this test run's own. A machine without one fails, and is told what to install."""
    with postgresql.running(place=postgresql.roomy_memory()) as server:
        yield server


@pytest.fixture(scope="session")
def homes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Databases]:
    """Return where the databases of an engine come from: one place for the whole run, whatever runs in between."""

    @cache
    def home(engine: str) -> Databases:
        if engine == "sqlite":
            return Files(tmp_path_factory.mktemp("databases"))
        return Cluster(request.getfixturevalue("server"))

    return home


@pytest.fixture(scope="session", params=ENGINES)
def databases(request: pytest.FixtureRequest, homes: Callable[[str], Databases]) -> Databases:
    """Where databases come from: whatever uses this runs on both engines."""
    return homes(request.param)
