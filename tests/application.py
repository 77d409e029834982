"""The application, lent to one test after the other: its routes are the same for every installation and take longer to build than a test.

The store and the clock are each test's own, opened and prepared as `create` does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from litestar import Litestar

from casework.http.app import Clock, create, open_store
from casework.settings import Settings
from tests.databases import hurried

_clocks: list[Clock] = []
"""Of the test that has the application now."""
_built: list[Litestar] = []


def _now() -> datetime:
    return _clocks[-1]()


@contextmanager
def lent(settings: Settings, clock: Clock) -> Iterator[Litestar]:
    """Lend the application of this process, over one installation. Who adds routes, or needs two at once, builds their `own`."""
    if _clocks:
        raise RuntimeError("somebody has the application: what needs one beside it builds its own")
    _clocks.append(clock)
    try:
        if not _built:
            _built.append(create(settings, clock=_now))
            _built[0].state.store.close()
        app = _built[0]
        app.state.settings = settings
        app.state.store = open_store(settings)
        hurried(app.state.store._engine)
        app.state.store.prepare(clock())
        yield app
        app.state.store.close()
    finally:
        _clocks.clear()


@contextmanager
def own(settings: Settings, clock: Clock) -> Iterator[Litestar]:
    """Build an application for one test."""
    app = create(settings, clock=clock)
    yield app
    app.state.store.close()
