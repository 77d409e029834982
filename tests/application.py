"""Applications, lent to one test after the other: their routes are the same for every installation and take longer to build than a test.

The store and the clock are each test's own, opened and prepared as `create` does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from litestar import Litestar

from casework.http.app import Clock, create, open_store
from casework.settings import Settings
from tests.databases import hurried


class _Kept:
    """An application and whose clock it reads now."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.clock = clock
        self.app = create(settings, clock=self.now)
        self.app.state.store.close()

    def now(self) -> datetime:
        """Return the moment, as whoever has the application tells it."""
        return self.clock()


_idle: list[_Kept] = []


@contextmanager
def lent(settings: Settings, clock: Clock) -> Iterator[Litestar]:
    """Lend an application of this process, over one installation. Who adds routes builds their `own`."""
    kept = _idle.pop() if _idle else _Kept(settings, clock)
    kept.clock = clock
    app = kept.app
    app.state.settings = settings
    app.state.store = open_store(settings)
    hurried(app.state.store._engine)
    app.state.store.prepare(clock())
    try:
        yield app
    finally:
        app.state.store.close()
        _idle.append(kept)


@contextmanager
def own(settings: Settings, clock: Clock) -> Iterator[Litestar]:
    """Build an application for one test."""
    app = create(settings, clock=clock)
    yield app
    app.state.store.close()
