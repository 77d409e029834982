"""Callers in one process: threads that make prepared moves through the services, in a fresh interpreter per round. Prints JSON.

Every move carries all its duties: an idempotency key of its own, the version seen, and the person's seats; with `session`, the session is
looked up for every move too, as the HTTP roof does.
"""

import argparse
import os
import resource
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from casework.ledger.event import Through
from casework.machines.facts import Subject
from casework.machines.parameters import Parameters
from casework.services import cases, sessions
from casework.services.cases import AdvanceCase
from casework.store.call import Call
from casework.store.store import Store
from tests.bench import floor
from tests.bench.figures import Figures, figures_of
from tests.bench.prepare import MOVES, Armed, Ready

Act = Callable[[int], str]
"""Do the work of one number; return "" when it went as wanted, else a short word for what came instead."""


class Round:
    """Callers that share one list of work.

    Counting begins after `warm` seconds, or when an eighth of the work is done; it ends after `seconds` more, or when the work is done.
    """

    def __init__(self, act: Act, work: int, clients: int, warm: float, seconds: float) -> None:
        self._act = act
        self._left = iter(range(work))
        self._warmed = work // 8
        self._lock = threading.Lock()
        self._clients = clients
        self._warm, self._seconds = warm, seconds
        self._moments: list[tuple[float, float]] = []
        self._wrong: Counter[str] = Counter()
        self._opened = self._ran_out = 0.0

    def run(self) -> Figures:
        """Let all callers begin at once and return what they came to."""
        start = threading.Barrier(self._clients)
        threads = [threading.Thread(target=self._call, args=(start,)) for _ in range(self._clients)]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        opened = min(self._opened or began + self._warm, began + self._warm)
        closed = min(self._ran_out or opened + self._seconds, opened + self._seconds)
        return figures_of(self._moments, opened, max(closed, opened + 1e-9), dict(self._wrong))

    def _call(self, start: threading.Barrier) -> None:
        mine: list[tuple[float, float]] = []
        wrong: Counter[str] = Counter()
        start.wait()
        end = time.perf_counter() + self._warm + self._seconds
        while (asked := time.perf_counter()) < end:
            with self._lock:
                number = next(self._left, None)
            if number is None:
                break
            if number == self._warmed:
                self._opened = time.perf_counter()
            word = self._act(number)
            answered = time.perf_counter()
            if word:
                wrong[word] += 1
            else:
                mine.append((answered, answered - asked))
        with self._lock:
            if asked < end and not self._ran_out:
                self._ran_out = asked
            self._moments += mine
            self._wrong += wrong


class Services:
    """Our services on an opened store."""

    def __init__(self, store: Store, armed: Armed, move: str, *, session: bool) -> None:
        self._store = store
        self._tokens = armed.tokens
        self._ready: tuple[Ready, ...] = armed.plan.ready[move]
        self._wanted = MOVES[move]
        self._session = session
        self._known = [sessions.session_of(store, datetime.now(UTC), token) for token in armed.tokens]

    @property
    def work(self) -> int:
        """How many cases wait."""
        return len(self._ready)

    def act(self, number: int) -> str:
        """Make the move of one case."""
        one = self._ready[number]
        at = datetime.now(UTC)
        session = sessions.session_of(self._store, at, self._tokens[one.worker]) if self._session else self._known[one.worker]
        through = Through(
            session=session.token_hash, device="bench", worker="bench", build="bench", request=f"r{number:031}", key=f"key-{number:08}"
        )
        call = Call(who=session.who, at=at, through=through, seen=one.version)
        try:
            moved = cases.advance_case(
                self._store, call, AdvanceCase(case=one.case, trigger=self._wanted.trigger, subject=Subject(host=one.host))
            )
        except Exception as no:  # noqa: BLE001 - whatever went wrong is counted by its name and told
            return type(no).__name__
        return "" if moved.state == self._wanted.dest else moved.state


def main() -> None:
    """Run one round of `services` or of the `floor`."""
    told = argparse.ArgumentParser()
    told.add_argument("who", choices=["services", "session", "floor"])
    told.add_argument("target")
    told.add_argument("--armed", type=Path)
    told.add_argument("--move", choices=[*MOVES], default="ordinary")
    told.add_argument("--clients", type=int, default=1)
    told.add_argument("--warm", type=float, default=0.3)
    told.add_argument("--seconds", type=float, default=2.0)
    asked = told.parse_args()
    if asked.who == "floor":
        ground = floor.open_floor(asked.target)
        act, work = ground.act, sys.maxsize
    else:
        armed = msgspec.json.decode(asked.armed.read_bytes(), type=Armed)
        store = Store(asked.target, Parameters(), case_prefix="UKR", go_live=date(2026, 1, 5))
        store.prepare(datetime.now(UTC))
        services = Services(store, armed, asked.move, session=asked.who == "session")
        act, work = services.act, services.work
    before = time.process_time()
    figures = Round(act, work, asked.clients, asked.warm, asked.seconds).run()
    cpu = (time.process_time() - before) / max(figures.answered, 1) * 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(msgspec.json.encode(msgspec.structs.replace(figures, memory=memory, cpu=cpu)).decode() + "\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
