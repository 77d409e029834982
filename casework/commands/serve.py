"""`casework serve`: answer on the address of the settings. It starts only on a database that is ours, whole and up to date.

This process looks after its workers and loads no web application itself: each worker does, and opens the database for itself. What workers
have to know of each other (sessions, failed sign-ins, keys of requests) is in the database, so any of them may be killed and is replaced.
"""

import importlib
import os
import signal
from functools import partial
from pathlib import Path
from typing import Any

import click
from granian.constants import HTTPModes, Interfaces
from granian.server import Server
from granian.utils.proxies import wrap_asgi_with_proxy_headers

from casework.cli import loading, terminal_language
from casework.commands.opening import open_store, settings_of
from casework.words import Words

APPLICATION = f"{__name__}:application"
BACKLOG = 1024
"""How many connections may wait to be accepted, and how many requests of all workers together may be under way."""
KILL_SECONDS = 20
"""How long a worker may finish what it has begun when it is told to stop."""

STOPPING = (signal.SIGTERM, signal.SIGINT)

READY = Words("Layanan berjalan di {address} (Ctrl+C untuk berhenti)", "Serving on {address} (Ctrl+C to stop)")


@click.command(name="serve")
@click.option("--host", help="alamat; bawaan dari casework.toml / address; casework.toml by default")
@click.option("--port", type=click.IntRange(1, 65535), help="porta; bawaan dari casework.toml / port; casework.toml by default")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="jumlah proses / number of processes")
@click.pass_obj
def command(folder: Path | None, host: str | None, port: int | None, workers: int) -> None:
    """Jalankan layanan web. / Run the web service."""
    settings = settings_of(folder)
    serve(folder, host or settings.http.host, port or settings.http.port, workers)


def application() -> Any:
    """Return the web application, in a worker. Of a request that a trusted proxy passes on, it is told from where and how it came."""
    with loading():
        created = importlib.import_module("casework.http.app").create()
    return wrap_asgi_with_proxy_headers(created, [*created.state["settings"].http.proxies])


def serve(folder: Path | None, address: str, number: int, workers: int) -> None:
    """Refuse a database that is not ours (StoreMismatch), say the address, and answer there until stopped."""
    open_store(settings_of(folder), search=True).close()
    if folder is not None:
        os.environ["CASEWORK_CONFIG"] = str(folder)
    shown = f"[{address}]" if ":" in address else address
    click.echo(READY.to(terminal_language(os.environ)).format(address=f"http://{shown}:{number}/"))
    _let_loading_workers_be_stopped()
    Server(
        APPLICATION,
        address=address,
        port=number,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        factory=True,
        workers=workers,
        websockets=False,
        backlog=BACKLOG,
        workers_kill_timeout=KILL_SECONDS,
        respawn_failed_workers=True,
        log_enabled=False,
    ).serve()


def _let_loading_workers_be_stopped() -> None:
    """A worker that is told to stop while it still loads stops at once: it has begun nothing.

    It is a copy of this process, and would else hear the signal with this one's ears and go on until it is killed. What arrives during
    the copying waits until the copy has its own.
    """

    def hear(*, by_default: bool) -> None:
        for told in STOPPING if by_default else ():
            signal.signal(told, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)

    os.register_at_fork(
        before=partial(signal.pthread_sigmask, signal.SIG_BLOCK, STOPPING),
        after_in_child=partial(hear, by_default=True),
        after_in_parent=partial(hear, by_default=False),
    )
