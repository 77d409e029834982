"""Commands from the event loop: handed over and awaited. No thread waits for them, and the loop never waits for the disk."""

import asyncio
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

import msgspec

from casework.errors import CaseworkError
from casework.services.command import Command
from casework.store.call import Caller
from casework.store.pen import Job, busy
from casework.store.store import Store

A = TypeVar("A", bound=msgspec.Struct)
R = TypeVar("R")


async def soon(command: Command[A, R], store: Store, caller: Caller, ask: A) -> R:
    """Return what a command answers, after its commit. Raises what it raises, or Unavailable when its turn does not come in time."""
    loop = asyncio.get_running_loop()
    told: asyncio.Future[R | CaseworkError] = loop.create_future()
    job = Job(command.begin(caller, ask), _desk_of(loop), told)
    store.submit(job)
    patience = loop.call_later(store.limits.pool_seconds, _give_up, store, job)
    try:
        return command.end(await told)
    finally:
        patience.cancel()


class _Desk:
    """A loop: works are done in it, and it is told once about all that was written for it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def soon(self, deed: Callable[[], None]) -> None:
        self._loop.call_soon_threadsafe(deed)

    def tell(self, jobs: list[Job]) -> None:
        self._loop.call_soon_threadsafe(_deliver, jobs)


@lru_cache(maxsize=8)
def _desk_of(loop: asyncio.AbstractEventLoop) -> _Desk:
    return _Desk(loop)


def _deliver(jobs: list[Job]) -> None:
    for job in jobs:
        if job.about.done():
            continue
        if job.error is not None:
            job.about.set_exception(job.error)
        else:
            job.about.set_result(job.result)


def _give_up(store: Store, job: Job) -> None:
    if store.withdraw(job) and not job.about.done():
        job.about.set_exception(busy())
