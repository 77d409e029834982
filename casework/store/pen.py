"""SQLite has one pen. Whoever finds it free writes for all who wait: one transaction, one commit, then every answer.

No timer: a lone caller runs inline and commits at once; under load a batch is whatever came while the last one was being made durable.
Nobody is told anything before the commit, so a crash before it loses nothing that was acknowledged. An event loop must not wait for the
disk: a thread that sleeps otherwise begins and commits for it, the works are done in the loop's own thread, and it is told once a batch.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, Protocol

from casework.errors import Unavailable

MOST = 64
"""Commands in one transaction: enough to share a commit well, few enough that the first does not wait for the last."""


class Desk(Protocol):
    """An event loop, as the pen sees it. Both may be called from any thread; both raise RuntimeError once the loop is closed."""

    def soon(self, deed: Callable[[], None]) -> None:
        """Do something in the loop's own thread."""

    def tell(self, jobs: list[Job]) -> None:
        """Hear which of its jobs are done."""


class Writer(Protocol):
    """What is done with the pen. Each raises Unavailable when the database cannot be written."""

    def begin(self) -> None:
        """Begin a transaction: may wait for another program."""

    def do(self, jobs: list[Job]) -> None:
        """Do the works. Never waits, but for another program once a work has to be undone. What one meets stays with its job."""

    def commit(self, jobs: list[Job]) -> None:
        """Commit: waits for the disk."""

    def abandon(self) -> None:
        """Let go of whatever was begun."""


class Job:
    """Something that waits for the pen. With `work`, whoever holds the pen may do it; without, it must be handed the pen itself.

    A job has a thread that waits for it, or a `desk` that is told when it is done; `about` is theirs to remember it by.
    """

    __slots__ = ("about", "desk", "error", "leads", "result", "taken", "woken", "work")

    def __init__(self, work: Any = None, desk: Desk | None = None, about: Any = None) -> None:
        self.work = work
        self.desk = desk
        self.about = about
        self.result: Any = None
        self.error: BaseException | None = None
        self.taken = False
        self.leads = False
        self.woken = threading.Lock()
        self.woken.acquire()


class Pen:
    """The turn to write, and who has it."""

    def __init__(self, writer: Writer, wait_seconds: float) -> None:
        self._writer = writer
        self._wait_seconds = wait_seconds
        self._waiting: deque[Job] = deque()
        self._lock = threading.Lock()
        self._busy = False
        self._scribe = ThreadPoolExecutor(1, thread_name_prefix="pen")

    def carry_out(self, work: Any) -> Any:
        """Return the result of a work after its commit. Raises what it met, or Unavailable when the pen does not come in time."""
        job = Job(work)
        if self._gets_the_pen(job):
            self._lead(job)
        if job.error is not None:
            raise job.error
        return job.result

    def submit(self, job: Job) -> None:
        """Have the work of a job with a desk done, and the desk told. Returns at once."""
        if self._is_free_for(job):
            self._scribe.submit(self._open, job)

    def withdraw(self, job: Job) -> bool:
        """Take back a job that nobody has begun. Returns whether that was so."""
        with self._lock:
            if job.taken or job not in self._waiting:
                return False
            self._waiting.remove(job)
            return True

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the pen alone. Raises Unavailable when it does not come in time."""
        self._gets_the_pen(Job())
        try:
            yield
        finally:
            self._pass_on()

    def close(self) -> None:
        """Let what was submitted end, and let go of the connection."""
        self._scribe.shutdown()
        self._writer.abandon()

    def _is_free_for(self, job: Job) -> bool:
        with self._lock:
            if self._busy:
                self._waiting.append(job)
                return False
            self._busy = True
            return True

    def _gets_the_pen(self, job: Job) -> bool:
        """Wait until the job has the pen (True), or somebody did its work (False)."""
        if self._is_free_for(job):
            return True
        if not job.woken.acquire(timeout=self._wait_seconds):
            if self.withdraw(job):
                raise busy()
            job.woken.acquire()
        return job.leads

    def _lead(self, job: Job) -> None:
        """Write a batch in the thread of the one who came first."""
        batch = [job]
        try:
            self._writer.begin()
            batch += self._take()
            self._writer.do(batch)
            self._writer.commit(batch)
        except BaseException as error:
            self._end(batch, error)
            raise
        self._end(batch)

    def _open(self, job: Job) -> None:
        """Write a batch for a desk. What may wait happens in the scribe's thread, the works in the loop's own.

        Two threads that fight for the interpreter at every statement cost more than the works themselves.
        """
        try:
            self._writer.begin()
            job.desk.soon(partial(self._work, job))  # type: ignore[union-attr]
        except BaseException as error:  # noqa: BLE001 - the job is told
            self._end([job], error)

    def _work(self, job: Job) -> None:
        batch = [job, *self._take()]
        try:
            self._writer.do(batch)
        except BaseException as error:  # noqa: BLE001 - the jobs are told
            self._scribe.submit(self._end, batch, error)
        else:
            self._scribe.submit(self._close, batch)

    def _close(self, batch: list[Job]) -> None:
        try:
            self._writer.commit(batch)
        except BaseException as error:  # noqa: BLE001 - the jobs are told
            self._end(batch, error)
        else:
            self._end(batch)

    def _end(self, batch: list[Job], error: BaseException | None = None) -> None:
        """Tell everybody and pass the pen on. With an error nothing of the batch was kept, whatever a job has met by itself."""
        if error is not None:
            self._writer.abandon()
            for job in batch:
                job.error = job.error or error
        _tell(batch)
        self._pass_on()

    def _take(self) -> list[Job]:
        """Take what waits, up to the first that wants the pen for itself."""
        taken: list[Job] = []
        with self._lock:
            while self._waiting and self._waiting[0].work is not None and len(taken) < MOST - 1:
                taken.append(self._waiting.popleft())
                taken[-1].taken = True
        return taken

    def _pass_on(self) -> None:
        with self._lock:
            if not self._waiting:
                self._busy = False
                return
            following = self._waiting.popleft()
            following.leads = following.taken = True
        if following.desk is not None:
            self._scribe.submit(self._open, following)
        else:
            following.woken.release()


def busy() -> Unavailable:
    """Return what somebody is told whose turn did not come in time."""
    return Unavailable("the database is busy; nothing was changed")


def _tell(batch: list[Job]) -> None:
    """Wake each thread that waits, and tell each desk once about all of its jobs."""
    told: dict[Desk, list[Job]] = {}
    for job in batch:
        if job.desk is not None:
            told.setdefault(job.desk, []).append(job)
        else:
            job.woken.release()
    for desk, jobs in told.items():
        with suppress(RuntimeError):  # its loop is closed: nobody is there to hear
            desk.tell(jobs)
