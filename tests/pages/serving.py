"""The application as people meet it: a server on a free port, and Chromium."""

import asyncio
import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Thread

import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Litestar

from casework.http.app import Clock, now
from casework.settings import Settings
from tests.application import lent

PATIENCE_SECONDS = 20
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
def served(database: Path, clock: Clock = now) -> Iterator[str]:
    """Serve a database on a port of its own, in a thread, and yield the address. Another `clock` than the program's own may be years ahead.

    It is the server of the product, but no process of its own: that one loads everything anew, and tests/http/test_serve.py is about it.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with lent(Settings(database=str(database)), clock) as app:
        running = _Running(app, port)
        running.start()
        try:
            running.wait()
            yield f"http://127.0.0.1:{port}"
        finally:
            running.stop()


class _Running(Thread):
    """A server and the loop it runs in."""

    def __init__(self, app: Litestar, port: int) -> None:
        super().__init__(name="served")
        self._app, self._port = app, port
        self._told_to_end: Callable[[], object] = int

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        server = Server(self._app, port=self._port, interface=Interfaces.ASGI, log_enabled=False)
        self._told_to_end = partial(asyncio.get_running_loop().call_soon_threadsafe, server.stop)
        await server.serve()

    def wait(self) -> None:
        """Return when it answers."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and self.is_alive():
            with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", self._port)):
                return
            time.sleep(0.02)
        pytest.fail("the server does not answer")

    def stop(self) -> None:
        """Let it end, and wait for that."""
        self._told_to_end()
        self.join(PATIENCE_SECONDS)
        assert not self.is_alive()
