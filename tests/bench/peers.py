"""The peers: other programs' way of moving a case, measured in the same run. They live in a folder of their own, named by `BENCH_PEERS`.

What the folder must hold (its own README says more): `worker.py`, which runs one contender in its own process and prints one line of JSON,
and `http/app_django.py`, a WSGI application with `POST /ninja/cases/{number}/advance`. Its interpreter is `BENCH_PEERS_PYTHON`, or
`.venv/bin/python` in the folder. Peers sign nobody in, ask no policy, keep no answers; of ours nothing is off.
"""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import msgspec

from tests.bench import servers
from tests.bench.contenders import Contender
from tests.bench.databases import Database, Postgres
from tests.bench.figures import Asked, Figures
from tests.bench.servers import Server

CASES = 20_000
_ROUND, _SERVED = "casework_bench_peer", "casework_bench_peer_http"
_BODY = (
    b'{"actor":"worker:17","reason":{"basis":"Permensos 22/2016 art. 9","note":"hasil asesmen keluarga inti dan kerabat","doc":"BA-2026"}}'
)
_SEED = f"""
import app_django as a
a.dj.migrate()
a.DCase.objects.bulk_create([a.DCase(caseload=i % 400) for i in range({CASES})], batch_size=500)
a.User.objects.get_or_create(username="worker")
"""


class Peers(msgspec.Struct, frozen=True):
    """The folder and its interpreter."""

    folder: Path
    python: str


def peers_of(environ: Mapping[str, str]) -> Peers | None:
    """Return the peers that this machine was told of. Raises SystemExit for a folder that is none."""
    if not environ.get("BENCH_PEERS"):
        return None
    folder = Path(environ["BENCH_PEERS"]).resolve()
    python = environ.get("BENCH_PEERS_PYTHON") or str(folder / ".venv" / "bin" / "python")
    if missing := [str(path) for path in (folder / "worker.py", folder / "http" / "app_django.py", Path(python)) if not path.exists()]:
        raise SystemExit(f"BENCH_PEERS: not there: {', '.join(missing)}")
    return Peers(folder, python)


def contenders(peers: Peers, database: Database, scratch: Path) -> list[Contender]:
    """Return the peers' lines for one database."""
    return [PeerInside(peers, database), PeerServed(peers, database, scratch)]


class _Told(msgspec.Struct):
    """What the peers' worker prints: operations a second (creating a case is one), milliseconds, CPU microseconds each, MiB."""

    ops: float
    moves: float
    err: int
    p50: float | None
    p99: float | None
    cpu_us: float
    rss: float


class PeerInside:
    """django-fsm-log, called by threads: their own harness for one contender."""

    path, who, move = "services", "django-fsm-log", "bare"

    def __init__(self, peers: Peers, database: Database) -> None:
        self._peers, self._database = peers, database
        self.database = database.name

    def round(self, asked: Asked) -> Figures:
        """Run their worker on an empty database."""
        postgres = isinstance(self._database, Postgres)
        target = _plain(self._database, self._database.blank(_ROUND), _ROUND)
        words = [self._peers.python, "worker.py", "--module", "dj", "--cls", "FsmLog", "--target", target]
        words += ["--backend", "postgres" if postgres else "sqlite", "--sync", "on" if postgres else "FULL"]
        words += ["--clients", str(asked.clients), "--seconds", str(asked.seconds)]
        done = subprocess.run(words, cwd=self._peers.folder, capture_output=True, check=False, timeout=asked.seconds + 120)
        self._database.drop(_ROUND)
        lines = [line for line in done.stdout.splitlines() if line.startswith(b"{")]
        if not lines:
            raise RuntimeError(done.stderr.decode(errors="replace")[-1000:])
        told = msgspec.json.decode(lines[-1], type=_Told)
        wrong = {"refused": told.err} if told.err else {}
        return Figures(
            rate=told.ops,
            p50=told.p50 or 0.0,
            p99=told.p99 or 0.0,
            done=round(told.ops * asked.seconds),
            wrong=wrong,
            memory=told.rss,
            cpu=told.cpu_us,
        )


class PeerServed:
    """Django-Ninja with django-fsm-log behind gunicorn with threads, seeded once and moved round and round."""

    path, who, move = "http", "Django-Ninja + django-fsm-log", "bare"

    def __init__(self, peers: Peers, database: Database, scratch: Path) -> None:
        self._peers, self._database, self._scratch = peers, database, scratch
        self.database = database.name
        self._seeded = False

    def round(self, asked: Asked) -> Figures:
        """Serve a fresh copy of the seeded cases and load it."""
        gunicorn = (servers.program("gunicorn", self._peers.python), "app_django:application", "-b", "127.0.0.1:{port}")
        target = _plain(self._database, self._fresh(), _ROUND)
        server = Server(
            words=(*gunicorn, "-w", "1", "-k", "gthread", "--threads", "16", "--log-level", "error"),
            ready="/ninja/empty",
            folder=self._peers.folder / "http",
            environment=self._environment(target),
        )
        requests = [servers.post(f"/ninja/cases/{number}/advance", _BODY) for number in range(1, CASES + 1)]
        try:
            with servers.serving(server, self._scratch / "peer.log") as running:
                return servers.load(running, requests, asked, self._scratch / "requests.bin")
        finally:
            self._database.drop(_ROUND)

    def _fresh(self) -> str:
        if not self._seeded:
            target = _plain(self._database, self._database.blank(_SERVED), _SERVED)
            words = [self._peers.python, "-c", _SEED]
            folder = self._peers.folder / "http"
            subprocess.run(words, cwd=folder, env={**os.environ, **self._environment(target)}, capture_output=True, check=True, timeout=300)
            self._seeded = True
        return self._database.copy(_SERVED, _ROUND)

    def _environment(self, target: str) -> dict[str, str]:
        named = (
            {"DJ": "postgres", "BENCH_PG_DJ": target}
            if isinstance(self._database, Postgres)
            else {"DJ": "sqlite", "BENCH_SQLITE_DJ": target}
        )
        return {**named, "BENCH_SYNC": "FULL", "PYTHONPATH": str(self._peers.folder / "http")}


def _plain(database: Database, target: str, name: str) -> str:
    return database.owner(name) if isinstance(database, Postgres) else target


def clean(database: Database) -> None:
    """Remove what the peers' rounds left."""
    for name in (_ROUND, _SERVED):
        database.drop(name)
