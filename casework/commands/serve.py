"""`casework serve`: answer on the address of the settings. It starts only on a database that is ours, whole and up to date."""

import os
from pathlib import Path

import click
from granian.constants import Interfaces
from granian.server import Server

from casework.cli import terminal_language
from casework.commands.opening import open_store, settings_of
from casework.words import Words

APPLICATION = "casework.http.app:create"
BACKLOG = 1024
KILL_SECONDS = 20
"""How long a worker may finish what it has begun when it is told to stop."""

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


def serve(folder: Path | None, address: str, number: int, workers: int) -> None:
    """Refuse a database that is not ours (StoreMismatch), say the address, and answer there until stopped."""
    open_store(settings_of(folder)).close()
    if folder is not None:
        os.environ["CASEWORK_CONFIG"] = str(folder)
    shown = f"[{address}]" if ":" in address else address
    click.echo(READY.to(terminal_language(os.environ)).format(address=f"http://{shown}:{number}/"))
    Server(
        APPLICATION,
        address=address,
        port=number,
        interface=Interfaces.ASGI,
        factory=True,
        workers=workers,
        websockets=False,
        backlog=BACKLOG,
        workers_kill_timeout=KILL_SECONDS,
        respawn_failed_workers=True,
        log_enabled=False,
    ).serve()
