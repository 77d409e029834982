"""SQLite has one pen. Whoever finds it free writes for all who wait: one transaction, a savepoint for each, one commit, then every answer.

No timer: a lone caller runs inline and commits at once; under load a batch is whatever came while the last one was being made durable.
Nobody is told anything before the commit, so a crash before it loses nothing that was acknowledged. An event loop must not wait for the
disk: what it submits is written by a thread that sleeps otherwise, and the loop is told once a batch.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeAlias

from casework.errors import Unavailable

Tell: TypeAlias = Callable[[list["Job"]], None]
"""Is told which of its jobs are done: from another thread, never twice about one."""

MOST = 64
"""Commands in one transaction: enough to share a commit well, few enough that the first does not wait for the last."""


class Job:
    """Something that waits for the pen. With `work`, whoever holds the pen may do it; without, it must be handed the pen itself.

    A job has a thread that waits for it, or somebody to `tell` when it is done; `about` is theirs to remember it by.
    """

    __slots__ = ("about", "error", "leads", "result", "taken", "tell", "woken", "work")

    def __init__(self, work: Any = None, tell: Tell | None = None, about: Any = None) -> None:
        self.work = work
        self.tell = tell
        self.about = about
        self.result: Any = None
        self.error: BaseException | None = None
        self.taken = False
        self.leads = False
        self.woken = threading.Lock()
        self.woken.acquire()


class Pen:
    """The turn to write. `write` does the work of a batch, commits it, and gives each job its result or its error."""

    def __init__(self, write: Callable[[list[Job]], None], wait_seconds: float) -> None:
        self._write = write
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
        """Have a job's work done, and whoever it names told. Returns at once."""
        with self._lock:
            if self._busy:
                self._waiting.append(job)
                return
            self._busy = True
        self._scribe.submit(self._lead, job)

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

    def _gets_the_pen(self, job: Job) -> bool:
        """Wait until the job has the pen (True), or somebody did its work (False)."""
        with self._lock:
            if not self._busy:
                self._busy = True
                return True
            self._waiting.append(job)
        if not job.woken.acquire(timeout=self._wait_seconds):
            if self.withdraw(job):
                raise busy()
            job.woken.acquire()
        return job.leads

    def _lead(self, job: Job) -> None:
        batch = [job, *self._take()]
        try:
            self._write(batch)
        except BaseException as error:
            for each in batch:
                each.error = each.error or error
            raise
        finally:
            self._pass_on()
            _tell(batch)

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
            following.leads = True
        if following.tell:
            self._scribe.submit(self._lead, following)
        else:
            following.woken.release()

    def close(self) -> None:
        """Let the thread end."""
        self._scribe.shutdown()


def busy() -> Unavailable:
    """Return what somebody is told whose turn did not come in time."""
    return Unavailable("the database is busy; nothing was changed")


def _tell(batch: list[Job]) -> None:
    """Wake each thread that waits, and tell everybody else once about all of theirs."""
    told: dict[Tell, list[Job]] = {}
    for job in batch:
        if job.tell:
            told.setdefault(job.tell, []).append(job)
        else:
            job.woken.release()
    for tell, jobs in told.items():
        tell(jobs)
