"""A primary killed under load, its synchronous standby promoted: no acknowledged write is lost, and nothing happens twice.

Two servers on this machine; clients name both (`host=first&host=second`) and send whatever was not answered again under the same key.
"""

import contextlib
import os
import random
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import msgspec
import psycopg
import pytest

from casework.errors import KeyInFlight, Throttled, Unavailable
from casework.services.audit import verify_trail
from casework.services.cases import Advanced
from casework.services.command import Saved
from casework.store.call import Call
from casework.store.store import Store
from tests import postgresql
from tests.cells import MASTER
from tests.databases import Cluster, Served
from tests.journeys.walk.town import GO_LIVE, PARAMS, START
from tests.postgresql import ADMINISTRATOR, APPLICATION, OWNER, Server, programs
from tests.services.story import Beginnings
from tests.soak.oracle import Judged, journalled, judge
from tests.store import mover

ROUNDS = int(os.environ.get("CASEWORK_SOAK_FAILOVERS", "10"))
CLIENTS = 4
BEFORE, AFTER = (20, 200), 80
"""How many writes are acknowledged before the primary is killed, and after the standby took over."""
PATIENCE_SECONDS = 60
"""How long a client asks again before it gives up: a standby takes over within seconds."""
REPLICATED = {**postgresql.SETTINGS, "wal_level": "replica", "max_wal_senders": "5", "hot_standby": "on"}
AGAIN = (Unavailable, KeyInFlight, Throttled)

pytestmark = pytest.mark.soak


class Standby(Server):
    """A copy of a primary that follows it, and can take its place."""

    def __init__(self, folder: Path, primary: Server) -> None:
        self._settle_in(folder, programs(), REPLICATED)
        options = ("--write-recovery-conf", "--no-sync", "--checkpoint=fast", "--wal-method=stream")
        subprocess.run(
            [self._bin / "pg_basebackup", "-D", folder / "data", "-h", primary.folder, "-U", ADMINISTRATOR, *options],
            check=True, cwd=folder, stdout=subprocess.DEVNULL, **self._identity,
        )  # fmt: skip
        self.start()

    def promote(self) -> None:
        """Take the primary's place, and return when writes are taken."""
        with self.connect() as raw:
            assert raw.execute("SELECT pg_promote(true, 60)").fetchone() == (True,)


def kill(server: Server) -> None:
    """Kill -9 everything of a server at once."""
    process = server._process
    assert process is not None
    children = [int(pid) for file in Path(f"/proc/{process.pid}/task").glob("*/children") for pid in file.read_text().split()]
    for pid in (process.pid, *children):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


@pytest.fixture
def pair() -> Iterator[tuple[Server, Standby, str]]:
    """A primary that answers no commit before its standby has it, the standby, and the name of a database with people in it."""
    with postgresql.running(REPLICATED) as primary, tempfile.TemporaryDirectory(prefix="casework-pg-") as folder:
        story = Beginnings(Cluster(primary)).story()
        database = story.database
        story.store.close()
        if not isinstance(database, Served):
            raise TypeError(database)
        database.rest()
        standby = Standby(Path(folder), primary)
        with primary.connect() as raw:
            raw.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            raw.execute("SELECT pg_reload_conf()")
            while raw.execute("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'").fetchone() != (1,):
                pass
        try:
            yield primary, standby, database.name
        finally:
            standby.kill()


class Client(threading.Thread):
    """Works on cases through the services; whatever is not answered is asked again under the same key."""

    def __init__(self, number: int, target: str, counted: threading.Semaphore) -> None:
        super().__init__()
        self.acknowledged: list[tuple[str, int, str, bytes]] = []
        self.retries = 0
        self.error: BaseException | None = None
        self.stopped = threading.Event()
        self._run, self._target, self._counted = f"client{number}", target, counted

    def run(self) -> None:
        store = Store(self._target, PARAMS, go_live=GO_LIVE, master_key=MASTER)
        case = ""
        try:
            for number in count():
                if self.stopped.is_set():
                    return
                answer = self._perform(store, number, case)
                self.acknowledged.append((self._run, number, case, msgspec.json.encode(answer)))
                self._counted.release()
                case = mover.case_after(number, answer, case)
        except BaseException as error:  # noqa: BLE001 - told to the test
            self.error = error
        finally:
            self._counted.release(10_000)
            store.close()

    def _perform(self, store: Store, number: int, case: str) -> Saved | Advanced:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return mover.perform(store, self._run, number, case)
            except AGAIN:
                self.retries += 1
                if time.monotonic() > until:
                    raise


def bodies_of(server: Server, name: str) -> list[bytes]:
    """Return every entry of the journal as it is stored."""
    with server.connect(name, OWNER) as raw:
        return [row[0] for row in raw.execute("SELECT body FROM event UNION ALL SELECT body FROM actor_event")]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_no_acknowledged_write_is_lost_when_the_standby_takes_over(
    pair: tuple[Server, Standby, str], number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    primary, standby, name = pair
    lots = random.Random(20261122 + number)  # noqa: S311 - when to kill, not a secret
    both = f"postgresql://{APPLICATION}@/{name}?host={primary.folder}&host={standby.folder}"
    counted = threading.Semaphore(0)
    clients = [Client(client, both, counted) for client in range(CLIENTS)]
    for client in clients:
        client.start()
    before = lots.randint(*BEFORE)
    for _ in range(before):
        counted.acquire()
    kill(primary)
    standby.promote()
    for _ in range(AFTER):
        counted.acquire()
    for client in clients:
        client.stopped.set()
    for client in clients:
        client.join()
    assert not any(client.error for client in clients), [client.error for client in clients]
    with pytest.raises(psycopg.OperationalError):
        primary.connect()
    acknowledged = [told for client in clients for told in client.acknowledged]
    judged = judge(bodies_of(standby, name), journalled(acknowledged))
    store = Store(standby.url(name, APPLICATION), PARAMS, go_live=GO_LIVE, master_key=MASTER)
    for run, at, case, answer in lots.sample(acknowledged, min(50, len(acknowledged))):
        assert msgspec.json.encode(mover.perform(store, run, at, case)) == answer
    report = verify_trail(store, Call(who=mover.signed_in(store, "nadia"), at=START))
    store.close()
    with capsys.disabled():
        print(  # noqa: T201 - the counts are what the soak is for
            f"\nfailover {number + 1}: primary killed after {before} of {len(acknowledged)} acknowledged writes, "
            f"{sum(client.retries for client in clients)} retries, {len(judged.lost)} lost, {len(judged.twice)} twice, "
            f"{report.entries} entries verified"
        )
    assert judged == Judged((), ())
    assert report.whole, report.faults


def test_the_standby_is_synchronous_so_the_claim_is_not_luck(pair: tuple[Server, Standby, str]) -> None:
    """Without its standby the primary acknowledges nothing."""
    primary, standby, name = pair
    kill(standby)
    store = Store(primary.url(name, APPLICATION), PARAMS, go_live=GO_LIVE, master_key=MASTER)
    answered = threading.Event()

    def ask() -> None:
        with contextlib.suppress(Unavailable):
            mover.perform(store, "alone", 0, "")
            answered.set()

    asking = threading.Thread(target=ask)
    asking.start()
    asking.join(3)
    assert not answered.is_set()
    kill(primary)
    asking.join()
    assert not answered.is_set()
    store.close()
