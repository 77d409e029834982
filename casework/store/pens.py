"""PostgreSQL has a few pens. Whoever finds one free writes for all who wait: one transaction, two round trips, then every answer.

While one batch is made durable, another is asked for and decided. No timer: a lone caller writes at once, in its own thread. Works that
name the same case or host are never in two batches at once, nor twice in one. An event loop never waits: a thread that sleeps otherwise
asks and commits for it, the works are done in the loop's own thread.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import Any

from casework.store.pen import MOST, Job, _tell, busy
from casework.store.sharing import Sharing

LEAST = 8
"""Works that must wait before a batch begins while another is being written: small ones cost more than they save."""


class _Asking(Job):
    """A job with a thread that waits for it. `batch` is what it is to lead; `alone`: it must be done by itself."""

    __slots__ = ("alone", "batch")

    def __init__(self, work: Any) -> None:
        super().__init__(work)
        self.alone = False
        self.batch: _Batch | None = None


class _Batch:
    """Jobs that share a transaction, and the pen that writes them."""

    __slots__ = ("jobs", "names", "pen")

    def __init__(self, pen: Sharing, jobs: list[Job], names: set[str]) -> None:
        self.pen, self.jobs, self.names = pen, jobs, names


class Pens:
    """The turns to write, and who has them. `hands` are threads in which `alone` does a desk's job by itself and tells the desk."""

    def __init__(self, pens: Sequence[Sharing], hands: Executor, alone: Callable[[Job], None], wait_seconds: float) -> None:
        self._pens = (*pens,)
        self._free = [*pens]
        self._hands, self._alone = hands, alone
        self._wait_seconds = wait_seconds
        self._waiting: deque[Job] = deque()
        self._held: set[str] = set()
        self._lock = threading.Lock()
        self._scribes = ThreadPoolExecutor(len(self._pens), thread_name_prefix="pen")

    def carry_out(self, work: Any) -> tuple[bool, Any]:
        """Return whether a work was done, and its result after the commit. Raises what it met, or Unavailable when no turn comes."""
        job = _Asking(work)
        with self._lock:
            self._waiting.append(job)
            batch = self._take()
        if batch is not None and job not in batch.jobs:
            self._hand_over(batch)
            batch = None
        if batch is None:
            self._wait(job)
            batch = job.batch
        if batch is not None:
            self._lead(batch)
        if job.error is not None:
            raise job.error
        return not job.alone, job.result

    def submit(self, job: Job) -> None:
        """Have the work of a job with a desk done, and the desk told. Returns at once."""
        with self._lock:
            self._waiting.append(job)
            batch = self._take()
        if batch is not None:
            self._scribes.submit(self._open, batch)

    def withdraw(self, job: Job) -> bool:
        """Take back a job that nobody has begun. Returns whether that was so."""
        with self._lock:
            if job.taken or job not in self._waiting:
                return False
            self._waiting.remove(job)
            return True

    def close(self) -> None:
        """Let what was submitted end, and give back the connections."""
        self._scribes.shutdown()
        for pen in self._pens:
            pen.close()

    def _wait(self, job: _Asking) -> None:
        if not job.woken.acquire(timeout=self._wait_seconds):
            if self.withdraw(job):
                raise busy()
            job.woken.acquire()

    def _take(self) -> _Batch | None:
        """Take what waits and fits together, if a pen is free. Whoever holds the lock may ask."""
        writing = len(self._free) < len(self._pens)
        if not self._free or len(self._waiting) < (LEAST if writing else 1):
            return None
        taken: list[Job] = []
        names: set[str] = set()
        passed: deque[Job] = deque()
        while self._waiting and len(taken) < MOST:
            job = self._waiting.popleft()
            wanted = job.work[1].names
            if self._held.isdisjoint(wanted):
                job.taken = True
                taken.append(job)
                names |= wanted
                self._held |= wanted
            else:
                passed.append(job)
        self._waiting.extendleft(reversed(passed))
        return _Batch(self._free.pop(), taken, names) if taken else None

    def _lead(self, batch: _Batch) -> None:
        """Write a batch in the thread of one who asked."""
        try:
            batch.pen.read(batch.jobs)
            batch.pen.do()
            alone = batch.pen.write()
        except BaseException as error:
            self._fail(batch, error)
            if not isinstance(error, Exception):
                raise
        else:
            self._end(batch, alone)

    def _open(self, batch: _Batch) -> None:
        """Write a batch for a desk. What may wait happens in a scribe's thread, the works in the loop's own."""
        try:
            batch.pen.read(batch.jobs)
            batch.jobs[0].desk.soon(partial(self._work, batch))  # type: ignore[union-attr]
        except BaseException as error:  # noqa: BLE001 - the jobs are told
            self._fail(batch, error)

    def _work(self, batch: _Batch) -> None:
        try:
            batch.pen.do()
        except BaseException as error:  # noqa: BLE001 - the jobs are told
            self._scribes.submit(self._fail, batch, error)
        else:
            self._scribes.submit(self._close, batch)

    def _close(self, batch: _Batch) -> None:
        try:
            alone = batch.pen.write()
        except BaseException as error:  # noqa: BLE001 - the jobs are told
            self._fail(batch, error)
        else:
            self._end(batch, alone)

    def _fail(self, batch: _Batch, error: BaseException) -> None:
        """Nobody can say that anything of the batch was kept: so nobody is told that it was, and nothing of it is tried again."""
        batch.pen.abandon()
        for job in batch.jobs:
            job.error = job.error or error
        self._end(batch, [])

    def _end(self, batch: _Batch, alone: list[Job]) -> None:
        """Tell everybody, and pass the pen on."""
        for job in alone:
            if isinstance(job, _Asking):
                job.alone = True
        done = [job for job in batch.jobs if job.desk is None or job not in alone]
        self._pass_on(batch)
        _tell(done)
        for job in alone:
            if job.desk is not None:
                self._hands.submit(self._alone, job)

    def _pass_on(self, batch: _Batch) -> None:
        following = []
        with self._lock:
            self._held -= batch.names
            self._free.append(batch.pen)
            while (taken := self._take()) is not None:
                following.append(taken)
        for each in following:
            self._hand_over(each)

    def _hand_over(self, batch: _Batch) -> None:
        """Have a batch written by the thread of its first work, which waits, or by a scribe."""
        first = batch.jobs[0]
        if isinstance(first, _Asking):
            first.batch = batch
            first.woken.release()
        else:
            self._scribes.submit(self._open, batch)
