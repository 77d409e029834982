"""`casework db upgrade`: make or update the schema. Nothing else ever changes it."""

from datetime import UTC, datetime
from pathlib import Path

import click

from casework.commands.opening import open_store, settings_of
from casework.store.database import shown


@click.group(name="db")
def command() -> None:
    """Siapkan dan mutakhirkan basis data. / Set up and upgrade the database."""


@command.command()
@click.pass_obj
def upgrade(folder: Path | None) -> None:
    """Bawa skema ke versi program ini, dalam satu transaksi. / Bring the schema to this program's version, in one transaction."""
    settings = settings_of(folder)
    store = open_store(settings, upgrade=True)
    store.close()
    click.echo(f"{shown(settings.database)}: siap / ready ({datetime.now(UTC):%Y-%m-%d %H:%M} UTC)")
