"""`casework serve`: a real server on a real port, and a refusal to start on a database that is not ours."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from casework.http.session import COOKIE
from casework.settings import Settings
from tests.http.conftest import PASSWORD

SERVE = [sys.executable, "-m", "casework", "serve"]


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def environment(database: Path | str) -> dict[str, str]:
    return {**os.environ, "CASEWORK_DATABASE": str(database), "CASEWORK_LANGUAGE": "en"}


@pytest.fixture
def address(settings: Settings, tmp_path: Path) -> Iterator[str]:
    port = free_port()
    with subprocess.Popen(
        [*SERVE, "--port", str(port)],
        env=environment(settings.database),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as server:
        if server.stdout is None:
            raise RuntimeError
        assert server.stdout.readline().decode().strip() == f"Serving on http://127.0.0.1:{port}/ (Ctrl+C to stop)"
        yield f"http://127.0.0.1:{port}"
        server.terminate()
        server.wait(timeout=30)


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
