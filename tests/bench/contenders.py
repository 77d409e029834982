"""Who is measured on our side: the services in process, the same behind `casework serve`, and the floor under both."""

import subprocess
import sys
from pathlib import Path
from typing import Protocol

import msgspec

from tests.bench import floor, servers
from tests.bench.databases import Database
from tests.bench.figures import Asked, Figures
from tests.bench.prepare import MOVES, Armed, Plan, arm, load_plan, settings_folder, template
from tests.bench.servers import Server

COOKIE = "__Host-casework"


class Contender(Protocol):
    """One line of the tables. `path` is `services` or `http`."""

    who: str
    move: str
    path: str
    database: str

    def round(self, asked: Asked) -> Figures:
        """Run one round on a fresh database in fresh processes."""
        ...


class Bed(msgspec.Struct):
    """Where one database's rounds take place. `armed` is what the cases and sessions of this round are."""

    database: Database
    folder: Path
    template: str
    plan: Plan
    armed: Armed

    @property
    def armed_file(self) -> Path:
        """Where callers in other processes read the cases and sessions."""
        return self.folder / f"armed.{self.database.name.lower()}.json"

    def renew(self) -> None:
        """Sign everybody in anew: sessions idle out within half an hour."""
        self.armed = arm(self.database.copy(self.template, "casework_bench_armed"), self.plan)
        self.armed_file.write_bytes(msgspec.json.encode(self.armed))

    def fresh(self) -> str:
        """Return the target of a database on which nothing was moved yet."""
        return self.database.copy("casework_bench_armed", "casework_bench_round")

    def clean(self) -> None:
        """Remove what the rounds left; the template stays."""
        for name in ("casework_bench_armed", "casework_bench_round", "casework_bench_floor"):
            self.database.drop(name)
        self.armed_file.unlink(missing_ok=True)


def make_bed(database: Database, folder: Path, counts: dict[str, int]) -> Bed:
    """Return the place for the rounds of one database."""
    name = template(database, folder, counts)
    plan = load_plan(folder, database, name)
    return Bed(database, folder, name, plan, Armed(plan, ()))


def ours(bed: Bed) -> list[Contender]:
    """Return our lines for one database."""
    found: list[Contender] = [FloorInside(bed), FloorServed(bed)]
    for move in MOVES:
        found += [Inside(bed, move, session=False), Inside(bed, move, session=True), Served(bed, move)]
    return found


class Inside:
    """The services, called by threads."""

    path = "services"

    def __init__(self, bed: Bed, move: str, *, session: bool) -> None:
        self._bed = bed
        self._mode = "session" if session else "services"
        self.who = "casework + session" if session else "casework"
        self.move = move
        self.database = bed.database.name

    def round(self, asked: Asked) -> Figures:
        """Let threads of a new interpreter make the moves."""
        return _callers(self._mode, self._bed.fresh(), asked, "--armed", str(self._bed.armed_file), "--move", self.move)


class FloorInside:
    """The floor, called by threads."""

    path, who, move = "services", "floor", "bare"

    def __init__(self, bed: Bed) -> None:
        self._bed = bed
        self.database = bed.database.name

    def round(self, asked: Asked) -> Figures:
        """Let threads of a new interpreter make the bare moves."""
        return _callers("floor", _laid(self._bed), asked)


class Served:
    """`casework serve` with one worker, and everything a client sends: session, key, version seen."""

    path, who = "http", "casework"

    def __init__(self, bed: Bed, move: str) -> None:
        self._bed = bed
        self.move = move
        self.database = bed.database.name

    def round(self, asked: Asked) -> Figures:
        """Serve a fresh copy and load it, every case once."""
        server = Server(
            words=(sys.executable, "-m", "casework", "serve", "--port", "{port}"),
            ready="/api/health",
            environment={"CASEWORK_DATABASE": self._bed.fresh(), "CASEWORK_CONFIG": str(settings_folder(self._bed.folder))},
        )
        once = msgspec.structs.replace(asked, once=True)
        with servers.serving(server, self._bed.folder / "casework.log") as running:
            return servers.load(running, self._requests(), once, self._bed.folder / "requests.bin")

    def _requests(self) -> list[bytes]:
        wanted, armed = MOVES[self.move], self._bed.armed
        return [
            servers.post(
                f"/api/cases/{one.case}/transitions",
                msgspec.json.encode({"trigger": wanted.trigger, **({"subject": {"host": one.host}} if one.host else {})}),
                {
                    "cookie": f"{COOKIE}={armed.tokens[one.worker]}",
                    "if-match": f'"{one.version}"',
                    "idempotency-key": f"key-{number:08}",
                    "user-agent": "bench",
                },
            )
            for number, one in enumerate(armed.plan.ready[self.move])
        ]


class FloorServed:
    """The floor behind a bare ASGI application, on the same server with one worker."""

    path, who, move = "http", "floor", "bare"

    def __init__(self, bed: Bed) -> None:
        self._bed = bed
        self.database = bed.database.name

    def round(self, asked: Asked) -> Figures:
        """Serve bare moves."""
        words = (servers.program("granian"), "--interface", "asgi", "--workers", "1", "--no-ws", "--no-log", "--port", "{port}")
        server = Server(words=(*words, "tests.bench.floor_app:app"), ready="/ready", environment={"BENCH_FLOOR": _laid(self._bed)})
        body = msgspec.json.encode({"trigger": "advance", "reason": {"basis": "Permensos 22/2016", "note": "asesmen keluarga inti"}})
        requests = [servers.post(f"/cases/{number}/transitions", body) for number in range(floor.CASES)]
        with servers.serving(server, self._bed.folder / "floor.log") as running:
            return servers.load(running, requests, asked, self._bed.folder / "requests.bin")


def _laid(bed: Bed) -> str:
    target = bed.database.blank("casework_bench_floor")
    floor.lay(target)
    return target


def _callers(mode: str, target: str, asked: Asked, *rest: str) -> Figures:
    words = [sys.executable, "-m", "tests.bench.callers", mode, target, "--clients", str(asked.clients)]
    words += ["--warm", str(asked.warm), "--seconds", str(asked.seconds), *rest]
    done = subprocess.run(words, cwd=servers.HERE, capture_output=True, check=False, timeout=asked.seconds + 120)
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-1000:])
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=Figures)
