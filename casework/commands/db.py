"""`casework db`: make or update the schema (nothing else ever changes it), and make the index of the search anew."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from casework.cli import terminal_language
from casework.commands.opening import open_store, settings_of, store_of
from casework.store import keys
from casework.store.database import shown
from casework.words import Words

INDEXED = Words("{children} anak dapat dicari dengan kunci ini.", "{children} children can be found with this key.")
REWRAPPED = Words(
    "Kunci induk diganti; {keys} kunci dibungkus ulang. Kunci lama: {old}. Simpan selama cadangan dari sebelum ini disimpan.",
    "The master key was exchanged; {keys} keys wrapped anew. The old one: {old}. Keep it as long as the backups from before.",
)
RESTART = Words("Jalankan ulang layanan yang sedang berjalan.", "Start every running service again.")


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


@command.command()
@click.pass_obj
def reindex(folder: Path | None) -> None:
    """Susun ulang indeks pencarian nama, NIK, dan KK, misalnya setelah kuncinya hilang. / Make the index of the search anew."""
    settings = settings_of(folder)
    store = store_of(settings)
    key = keys.kept(settings.database, settings.search_key)()
    with click.progressbar(length=1, file=sys.stderr) as bar:

        def tell(done: int, whole: int) -> None:
            bar.length = max(whole, 1)
            bar.update(done - bar.pos)

        children = store.reindex(key, tell)
    store.close()
    language = terminal_language(os.environ)
    click.echo(f"{shown(settings.database)}: {INDEXED.to(language).format(children=children)} {RESTART.to(language)}")


@command.command()
@click.pass_obj
def rekey(folder: Path | None) -> None:
    """Ganti kunci induk data pribadi; hentikan layanan dahulu. / Exchange the master key of personal data; stop the services first."""
    settings = settings_of(folder)
    store = store_of(settings)
    master = keys.master_kept(settings.database, settings.master_key)
    new = keys.next_to(master)
    wrapped = store.rekey(new)
    store.close()
    if master.path is not None:
        kept = keys.put_in_place(new, master.path)
        language = terminal_language(os.environ)
        click.echo(f"{shown(settings.database)}: {REWRAPPED.to(language).format(keys=wrapped, old=kept)} {RESTART.to(language)}")
