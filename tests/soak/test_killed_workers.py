"""`casework serve --workers 2`, its workers killed at random under load: what was acknowledged is there once, whatever was retried.

`make soak` kills 200 times on each engine; `CASEWORK_SOAK_KILLS` says another number. Two or three seconds a kill.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from click.testing import CliRunner

from casework.cli import main
from casework.http.session import COOKIE
from casework.settings import Settings
from tests.databases import Database
from tests.http.conftest import PASSWORD, Place, new_case
from tests.http.test_serve import environment, free_port, lay_key, workers_of
from tests.soak.oracle import Judged, judge

KILLS = int(os.environ.get("CASEWORK_SOAK_KILLS", "200"))
CLIENTS = 4
BETWEEN = (1, 12)
"""How many acknowledgements there are between two kills."""
PATIENCE_SECONDS = 60
MOMENT_SECONDS = 0.02
AGAIN = frozenset({429, 502, 503, 504})
CONFLICT = 409

pytestmark = pytest.mark.soak


class Service:
    """`casework serve`, started again whenever it gives up (workers that die too fast): what systemd does."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.port = free_port()
        self.starts = 0
        self._folder = folder
        self._environment = {**environment(settings.database), "CASEWORK_CONFIG": str(folder)}
        (folder / "casework.toml").write_text(f"search_key = {str(settings.search_key)!r}\n")
        lay_key(settings, folder)
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self.starts += 1
        command = [sys.executable, "-m", "casework", "serve", "--port", str(self.port), "--workers", "2"]
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(command, env=self._environment, cwd=self._folder, stdout=log, stderr=log)

    def kill_one(self, lots: random.Random) -> None:
        """Kill -9 a worker, as soon as there is one."""
        while not (workers := sorted(workers_of(self._process))):
            if self._process.poll() is not None:
                self._process = self._start()
        os.kill(lots.choice(workers), signal.SIGKILL)

    def revive(self) -> None:
        """Start it again if it gave up."""
        if self._process.poll() is not None:
            self._process = self._start()

    def wait_for(self, counted: threading.Semaphore) -> None:
        """Wait for an acknowledgement. Raises AssertionError with the end of the log when none comes."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not counted.acquire(timeout=0.2):
            self.revive()
            if time.monotonic() > until:
                raise AssertionError((self._folder / "log").read_text(errors="replace")[-2000:])

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=60)


class Client(threading.Thread):
    """Registers cases and begins them, one after another; whatever is not answered is sent again under the same key."""

    def __init__(self, number: int, port: int, tokens: dict[str, str], rina: str, counted: threading.Semaphore) -> None:
        super().__init__()
        self.number = number
        self.acknowledged: dict[str, tuple[str, str, Any, str, Any]] = {}
        self.retries = 0
        self.error: BaseException | None = None
        self.stopped = threading.Event()
        self._tokens, self._rina, self._counted = tokens, rina, counted
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{port}/api", timeout=30)

    def run(self) -> None:
        try:
            while not self.stopped.is_set():
                self._one_case()
        except BaseException as error:  # noqa: BLE001 - told to the test
            self.error = error
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _one_case(self) -> None:
        case = self._send("rina", "/cases", new_case(f"Anak {self.number}"), None)
        path = f"/cases/{case['id']}"
        to_rina = {"person": self._rina, "reason": "uji daya tahan: lebih dari batas"}
        assigned = self._send("surya", f"{path}/assignment", to_rina, case["version"])
        begun = self._send("rina", f"{path}/transitions", {"trigger": "start_assessment"}, assigned["version"])
        if begun["state"] != "initial_assessment":
            raise AssertionError(begun)

    def _send(self, who: str, path: str, body: Any, version: int | None) -> Any:
        key = f"client{self.number}-{len(self.acknowledged):06d}"
        answer = self.ask(who, path, body, version, key)
        self.acknowledged[key] = (who, path, body, "" if version is None else str(version), answer)
        self._counted.release()
        return answer

    def ask(self, who: str, path: str, body: Any, version: int | None, key: str) -> Any:
        """Ask until there is an answer."""
        headers = {"cookie": f"{COOKIE}={self._tokens[who]}", "idempotency-key": key}
        headers |= {} if version is None else {"if-match": f'"{version}"'}
        while True:
            try:
                answer = self._http.post(path, json=body, headers=headers)
            except httpx.TransportError:
                self._wait()
                continue
            if answer.status_code in AGAIN or (answer.status_code == CONFLICT and answer.json()["code"] == "key_in_flight"):
                self._wait()
                continue
            if not answer.is_success:
                raise AssertionError(answer.text)
            return answer.json()

    def _wait(self) -> None:
        """Ask again a moment later, as any client does: the machine has a worker to start."""
        self.retries += 1
        self.stopped.wait(MOMENT_SECONDS)


@pytest.fixture
def service(settings: Settings, tmp_path: Path) -> Iterator[Service]:
    service = Service(settings, tmp_path)
    yield service
    service.stop()


def sign_in(port: int, username: str) -> str:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            entered = httpx.post(f"http://127.0.0.1:{port}/api/sessions", json={"username": username, "password": PASSWORD}, timeout=30)
        except httpx.TransportError:
            assert time.monotonic() < until, "nobody answers: see the log of the service"
            time.sleep(MOMENT_SECONDS)
            continue
        assert entered.status_code == 201, entered.text
        return entered.cookies[COOKIE]


def bodies_of(database: Database) -> list[bytes]:
    return [row["body"] for table in ("event", "actor_event") for row in database.rows(f"SELECT body FROM {table}")]  # noqa: S608 - two names


def test_nothing_acknowledged_is_lost_and_nothing_happens_twice_when_workers_are_killed(
    service: Service, database: Database, settings: Settings, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    lots = random.Random(20261122)  # noqa: S311 - when to kill, not a secret
    counted = threading.Semaphore(0)
    tokens = {name: sign_in(service.port, name) for name in ("rina", "surya")}
    clients = [Client(number, service.port, tokens, place.persons["rina"], counted) for number in range(CLIENTS)]
    for client in clients:
        client.daemon = True
        client.start()
    for _ in range(KILLS):
        for _ in range(lots.randint(*BETWEEN)):
            service.wait_for(counted)
        assert not any(client.error for client in clients), [client.error for client in clients]
        service.kill_one(lots)
    service.revive()
    for client in clients:
        client.stopped.set()
    while any(client.is_alive() for client in clients):
        service.revive()
        clients[0].join(0.2)
    assert not any(client.error for client in clients), [client.error for client in clients]
    acknowledged = {key: told for client in clients for key, told in client.acknowledged.items()}
    with closing(Client(CLIENTS, service.port, tokens, place.persons["rina"], counted)) as again:
        for key in lots.sample(sorted(acknowledged), min(100, len(acknowledged))):
            who, path, body, version, answer = acknowledged[key]
            assert again.ask(who, path, body, int(version) if version else None, key) == answer
    judged = judge(bodies_of(database), acknowledged)
    cases = msgspec.json.decode(msgspec.json.encode([tuple(row) for row in database.rows("SELECT id, seq FROM care_case")]))
    verified = CliRunner().invoke(main, ["audit", "verify"], env={"CASEWORK_DATABASE": settings.database, "CASEWORK_LANGUAGE": "en"})
    with capsys.disabled():
        print(  # noqa: T201 - the counts are what the soak is for
            f"\n{database.engine}: {KILLS} kills, {service.starts} starts, {len(acknowledged)} writes acknowledged, "
            f"{sum(client.retries for client in clients)} retries, {len(cases)} cases, {len(judged.lost)} lost, {len(judged.twice)} twice"
        )
    assert judged == Judged((), ())
    assert verified.exit_code == 0, verified.output
