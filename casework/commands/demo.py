"""`casework demo`: the product with invented children, from one command. A second run finds the same office again."""

import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from casework.cli import terminal_language
from casework.commands.opening import settings_of
from casework.commands.serve import serve
from casework.demo import town
from casework.machines.roles import account_words
from casework.rehearsal.cast import sheet
from casework.words import Language, Words

BUILDING = Words("Menyiapkan kantor contoh dengan anak-anak rekaan ...", "Building an example office with invented children ...")
FOUND = Words("Kantor contoh yang sudah ada dipakai lagi ({folder}).", "Using the example office that is there already ({folder}).")
SIGN_INS = Words(
    "Masuk dengan salah satu nama ini; kata sandi semuanya: {passphrase}", "Sign in as one of these; the password of all: {passphrase}"
)
OVER = Words("Mulai dari awal: casework demo --fresh", "Start over: casework demo --fresh")


@click.command(name="demo")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), default=Path(".demo"), show_default=True)
@click.option("--fresh", is_flag=True, help="Bangun lagi dari awal. / Build it anew.")
@click.option("--port", type=click.IntRange(1, 65535), help="Porta. / Port.")
@click.option("--build-only", is_flag=True, help="Siapkan saja, tanpa layanan. / Build it, serve nothing.")
@click.pass_obj
def command(config: Path | None, folder: Path, port: int | None, *, fresh: bool, build_only: bool) -> None:
    """Coba produk ini dengan cerita contoh. / Try the product with an example story."""
    language = terminal_language(os.environ)
    settings = settings_of(config)
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    database, secret = folder / "casework.sqlite3", folder / "passphrase"
    if database.exists() and secret.exists():
        click.echo(FOUND.to(language).format(folder=folder))
    else:
        _build(folder, database, secret, config, language)
    _tell_sign_ins(secret.read_text(encoding="utf-8").strip(), language)
    if not build_only:
        os.environ["CASEWORK_DATABASE"] = str(database)
        serve(config, settings.http.host, port or settings.http.port, workers=1)


def _build(folder: Path, database: Path, secret: Path, config: Path | None, language: Language) -> None:
    """Build under another name, then put the passphrase beside it: only both together are a demo that is ready."""
    click.echo(BUILDING.to(language))
    database.unlink(missing_ok=True)
    settings = settings_of(config)
    with click.progressbar(length=len(town.stories()), file=sys.stderr) as bar:
        now, named = datetime.now(UTC), settings.master_key
        passphrase = town.build(database, now, settings.parameters, lambda _: bar.update(1), master_key=named)
    secret.touch(mode=0o600)
    secret.write_text(passphrase + "\n", encoding="utf-8")
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")


def _tell_sign_ins(passphrase: str, language: Language) -> None:
    click.echo(SIGN_INS.to(language).format(passphrase=passphrase))
    for username, person in sheet().person.items():
        host = f" ({sheet().name_of(person.host)})" if person.host else ""
        click.echo(f"  {username:<16} {sheet().name_of(username):<18} {account_words(person.role).to(language)}{host}")
    click.echo(OVER.to(language))
