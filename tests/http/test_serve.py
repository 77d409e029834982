"""`casework serve`: a real server on a real port, and a refusal to start on a database that is not ours."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from casework.http.session import COOKIE
from casework.settings import Settings
from tests.cells import MASTER
from tests.http.conftest import PASSWORD

SERVE = [sys.executable, "-m", "casework", "serve"]


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def environment(database: Path | str) -> dict[str, str]:
    return {**os.environ, "CASEWORK_DATABASE": str(database), "CASEWORK_LANGUAGE": "en"}


def lay_key(settings: Settings, folder: Path) -> None:
    """Put the master key where the program that serves from this folder looks for that of a database on a server."""
    if "://" in settings.database:
        (folder / "casework.master.key").write_text(MASTER.read().hex() + "\n", encoding="ascii")


@contextlib.contextmanager
def serving(settings: Settings, folder: Path, workers: int = 1) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Serve, and yield the port once it answers; the log is `log` in the folder."""
    port = free_port()
    lay_key(settings, folder)
    command = [*SERVE, "--port", str(port), "--workers", str(workers)]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, env=environment(settings.database), cwd=folder, stdout=subprocess.PIPE, stderr=log) as server,
    ):
        if server.stdout is None:
            raise RuntimeError
        assert server.stdout.readline().decode().strip() == f"Serving on http://127.0.0.1:{port}/ (Ctrl+C to stop)"
        try:
            with httpx.Client(transport=httpx.HTTPTransport(retries=10)) as client:
                client.get(f"http://127.0.0.1:{port}/api/health")
            yield port, server
            server.terminate()
            server.wait(timeout=30)
        finally:
            server.kill()


@pytest.fixture
def address(settings: Settings, tmp_path: Path) -> Iterator[str]:
    with serving(settings, tmp_path) as (port, _):
        yield f"http://127.0.0.1:{port}"


def workers_of(server: subprocess.Popen[bytes]) -> set[int]:
    """Return the processes that a server has begun. One of its threads may end between being listed and being read."""
    found: set[int] = set()
    for file in Path(f"/proc/{server.pid}/task").glob("*/children"):
        with contextlib.suppress(FileNotFoundError):
            found |= {int(pid) for pid in file.read_text().split()}
    return found


def workers_heard(folder: Path) -> set[int]:
    """Return which workers have answered anything, by the log."""
    lines = (json.loads(line) for line in (folder / "log").read_text(encoding="utf-8").splitlines() if line.startswith("{"))
    return {int(line["worker"]) for line in lines if line["event"] == "request_answered"}


def test_a_person_signs_in_over_a_real_connection(address: str) -> None:
    with httpx.Client(base_url=address, transport=httpx.HTTPTransport(retries=8)) as client:
        assert client.get("/api/health").json()["status"] == "ok"
        entered = client.post("/api/sessions", json={"username": "rina", "password": PASSWORD})
        assert entered.status_code == 201
        token = entered.headers["set-cookie"].split(";")[0].removeprefix(f"{COOKIE}=")
        me = client.get("/api/me", headers={"cookie": f"{COOKIE}={token}"})
        assert (me.status_code, me.json()["who"]["name"]) == (200, "Rina")
        assert "strict-transport-security" not in me.headers
        raw = client.post("/api/sessions", content=b"[" * 250_000, headers={"content-type": "application/json"})
        assert (raw.status_code, raw.json()["code"]) == (400, "too_deep")


def test_a_trusted_proxy_says_from_where_and_how_a_request_came(settings: Settings, tmp_path: Path) -> None:
    told = {"x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.7"}
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "casework.toml").write_text('http = { proxies = ["192.0.2.1"] }\n', encoding="utf-8")
    with serving(settings, tmp_path) as (port, _):
        assert "strict-transport-security" in httpx.get(f"http://127.0.0.1:{port}/api/health", headers=told).headers
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("CASEWORK_CONFIG", str(tmp_path / "elsewhere"))
        with serving(settings, tmp_path) as (port, _):
            assert "strict-transport-security" not in httpx.get(f"http://127.0.0.1:{port}/api/health", headers=told).headers


@pytest.mark.parametrize(
    ("content", "says"), [(None, "casework db upgrade"), (b"", "casework db upgrade"), (b"not a database" * 100, "backup")]
)
def test_it_refuses_to_start_on_a_database_that_is_not_ready_and_says_what_to_do(tmp_path: Path, content: bytes | None, says: str) -> None:
    database = tmp_path / "casework.sqlite3"
    if content is not None:
        database.write_bytes(content)
    done = subprocess.run([*SERVE, "--port", "1"], env=environment(database), cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert done.returncode == 2
    assert says in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_the_process_that_looks_after_the_workers_loads_no_web_application() -> None:
    asked = "import sys; import casework.commands.serve; print([name for name in ('litestar', 'alembic', 'jinja2') if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_told_to_stop_it_finishes_what_is_in_flight_and_ends_within_seconds(settings: Settings, tmp_path: Path) -> None:
    body = json.dumps({"username": "rina", "password": PASSWORD}).encode()
    head = f"POST /api/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
    with serving(settings, tmp_path) as (port, server), socket.create_connection(("127.0.0.1", port), timeout=30) as asking:
        asking.sendall(f"{head}expect: 100-continue\r\n\r\n".encode())
        assert asking.recv(100).startswith(b"HTTP/1.1 100")  # the application is waiting for the body
        server.send_signal(signal.SIGTERM)
        asking.sendall(body)
        assert asking.recv(1000).startswith(b"HTTP/1.1 201")
        assert server.wait(timeout=10) == 0


def test_told_to_stop_while_its_workers_still_load_it_ends_at_once(settings: Settings, tmp_path: Path) -> None:
    command = [*SERVE, "--port", str(free_port()), "--workers", "2"]
    lay_key(settings, tmp_path)
    with subprocess.Popen(command, env=environment(settings.database), cwd=tmp_path, stderr=subprocess.DEVNULL) as server:
        while len(workers_of(server)) < 2:
            assert server.poll() is None
        server.terminate()
        assert server.wait(timeout=10) == 0


def test_workers_share_sessions_and_the_count_of_failed_sign_ins_and_a_killed_one_is_replaced(settings: Settings, tmp_path: Path) -> None:
    with serving(settings, tmp_path, workers=2) as (port, server):

        def ask(method: str, path: str, **given: object) -> httpx.Response:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}/api", transport=httpx.HTTPTransport(retries=10)) as client:
                return client.request(method, path, **given)  # type: ignore[arg-type]

        entered = ask("POST", "/sessions", json={"username": "rina", "password": PASSWORD})
        cookie = {"cookie": entered.headers["set-cookie"].split(";")[0]}
        before = workers_of(server)
        while not before <= workers_heard(tmp_path):  # new connections, until each of the two has answered
            assert ask("GET", "/me", headers=cookie).status_code == 200
        wrong = {"username": "nobody", "password": "x" * 12}
        assert [ask("POST", "/sessions", json=wrong).status_code for _ in range(7)] == [401] * 5 + [429] * 2
        os.kill(min(before), signal.SIGKILL)
        while len(workers_of(server) - {min(before)}) < 2:
            assert server.poll() is None
        (fresh,) = workers_of(server) - before
        while fresh not in workers_heard(tmp_path):
            with contextlib.suppress(httpx.TransportError):  # what was on its way to the one that was killed
                assert ask("GET", "/me", headers=cookie).status_code == 200
