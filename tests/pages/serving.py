"""The application as people meet it: a server process of its own on a free port, and Chromium."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

PROGRAM = "casework.http.app:create"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NEEDED = "no Chromium: install the package `chromium`, or name one in CASEWORK_CHROMIUM; THE PAGES WERE NOT TRIED IN A BROWSER"


def chromium() -> str:
    """Return where Chromium is; where there is none the tests fail, and say what to install."""
    found = os.environ.get("CASEWORK_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if found and Path(found).exists():
        return found
    pytest.fail(NEEDED)


def copy_of(database: Path, folder: Path) -> Path:
    """Copy a database with its master key, and return where the copy is."""
    copy = folder / "casework.sqlite3"
    shutil.copy(database, copy)
    shutil.copy(f"{database}.master.key", f"{copy}.master.key")
    return copy


@contextmanager
def served(database: Path, app: str = PROGRAM) -> Iterator[str]:
    """Serve a database on a port of its own, and yield the address. Another `app` than the program's own has another clock."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--port", str(port), app]
    environment = {**os.environ, "CASEWORK_DATABASE": str(database)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        said = []
        for line in server.stdout or ():
            said.append(line)
            if "Started worker" in line:
                break
        assert server.poll() is None, "".join(said)
        Thread(target=server.stdout.read if server.stdout else said.clear, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.communicate(timeout=20)
