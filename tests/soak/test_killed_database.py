"""PostgreSQL killed -9 under load and started again, twenty times: what was acknowledged is there, once, whatever was asked again.

Clients share one opened store, as the requests of one worker do, so their writes share transactions. `CASEWORK_SOAK_CRASHES` says another
number of kills; three or four seconds each.
"""

import contextlib
import os
import random
import threading
from itertools import count

import msgspec
import psycopg
import pytest

from casework.services.audit import verify_trail
from casework.services.cases import Advanced
from casework.services.command import Saved
from casework.store.call import Call
from casework.store.store import Store
from tests import postgresql
from tests.cells import MASTER
from tests.databases import Cluster, Served
from tests.journeys.walk.town import GO_LIVE, PARAMS, START
from tests.postgresql import APPLICATION, Server
from tests.services.story import Beginnings
from tests.soak.oracle import Judged, journalled, judge
from tests.soak.test_failover import AGAIN, bodies_of, kill
from tests.store import mover

KILLS = int(os.environ.get("CASEWORK_SOAK_CRASHES", "20"))
CLIENTS = 12
BETWEEN = (10, 150)
"""How many acknowledgements there are between two kills."""
PATIENCE_SECONDS = 60
MOMENT_SECONDS = 0.02
MOST_STARTS = 20
DURABLE = {**postgresql.SETTINGS, "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}

pytestmark = pytest.mark.soak


class Client(threading.Thread):
    """Works on one case after another; whatever is not answered is asked again under the same key."""

    def __init__(self, number: int, store: Store, counted: threading.Semaphore) -> None:
        super().__init__(daemon=True)
        self.acknowledged: list[tuple[str, int, str, bytes]] = []
        self.retries = 0
        self.error: BaseException | None = None
        self.stopped = threading.Event()
        self._run, self._store, self._counted = f"client{number}", store, counted

    def run(self) -> None:
        case = ""
        try:
            for number in count():
                if self.stopped.is_set():
                    return
                answer = self._perform(number, case)
                self.acknowledged.append((self._run, number, case, msgspec.json.encode(answer)))
                self._counted.release()
                case = mover.case_after(number, answer, case)
        except BaseException as error:  # noqa: BLE001 - told to the test
            self.error = error
            self._counted.release(1_000_000)

    def _perform(self, number: int, case: str) -> Saved | Advanced:
        for _ in range(round(PATIENCE_SECONDS / MOMENT_SECONDS)):
            try:
                return mover.perform(self._store, self._run, number, case)
            except AGAIN:
                self.retries += 1
                self.stopped.wait(MOMENT_SECONDS)
        return mover.perform(self._store, self._run, number, case)


def start(server: Server) -> None:
    """Start it again, as soon as the last process of it is gone and its memory with it."""
    for _ in range(MOST_STARTS - 1):
        with contextlib.suppress(psycopg.OperationalError):
            server.start()
            return
    server.start()


def test_nothing_acknowledged_is_lost_and_nothing_happens_twice_when_the_database_is_killed(capsys: pytest.CaptureFixture[str]) -> None:
    lots = random.Random(20261123)  # noqa: S311 - when to kill, not a secret
    counted = threading.Semaphore(0)
    with postgresql.running(DURABLE) as server:
        story = Beginnings(Cluster(server)).story()
        database = story.database
        story.store.close()
        if not isinstance(database, Served):
            raise TypeError(database)
        database.rest()
        store = Store(server.url(database.name, APPLICATION), PARAMS, go_live=GO_LIVE, master_key=MASTER)
        clients = [Client(number, store, counted) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        for _ in range(KILLS):
            for _ in range(lots.randint(*BETWEEN)):
                counted.acquire()
            assert not any(client.error for client in clients), [client.error for client in clients]
            kill(server)
            start(server)
        for client in clients:
            client.stopped.set()
        for client in clients:
            client.join()
        assert not any(client.error for client in clients), [client.error for client in clients]
        acknowledged = [told for client in clients for told in client.acknowledged]
        judged = judge(bodies_of(server, database.name), journalled(acknowledged))
        for run, at, case, answer in lots.sample(acknowledged, min(50, len(acknowledged))):
            assert msgspec.json.encode(mover.perform(store, run, at, case)) == answer
        report = verify_trail(store, Call(who=mover.signed_in(store, "nadia"), at=START))
        store.close()
    with capsys.disabled():
        print(  # noqa: T201 - the counts are what the soak is for
            f"\npostgresql: {KILLS} kills, {len(acknowledged)} writes acknowledged, {sum(client.retries for client in clients)} retries,"
            f" {len(judged.lost)} lost, {len(judged.twice)} twice, {report.entries} entries verified"
        )
    assert judged == Judged((), ())
    assert report.whole, report.faults
