"""`casework rehearse`: worked cases written in TOML, played through the real services on a throw-away database."""

import os
from pathlib import Path
from typing import Literal

import click

from casework.errors import Invalid
from casework.rehearsal.account import AS_EXPECTED, OTHERWISE, account, faulty
from casework.rehearsal.run import Theatre
from casework.rehearsal.script import read
from casework.settings import load
from casework.words import Language, Words

_EXAMPLE = Path(__file__).parent.parent / "rehearsal" / "example.toml"
_UNREADABLE = Words("berkas ini belum dapat dimainkan", "this file cannot be played yet")
_OF = Words("dari", "of")
_WRITTEN = Words("contoh ditulis ke", "example written to")
_NOTHING = Words("Sebutkan berkas latihan, atau --new BERKAS untuk contoh.", "Name a rehearsal file, or --new FILE for an example.")


@click.command(name="rehearse")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--language", type=click.Choice(["id", "en"]), help="Bahasa laporan. / Language of the account.")
@click.option("--full", is_flag=True, help="Ceritakan setiap langkah tahapan. / Tell every step of the stages.")
@click.option("--brief", is_flag=True, help="Satu baris per berkas. / One line per file.")
@click.option("--new", "new", type=click.Path(dir_okay=False, path_type=Path), help="Tulis berkas contoh. / Write a commented example.")
@click.pass_context
def command(
    ctx: click.Context, files: tuple[Path, ...], language: Literal["id", "en"] | None, new: Path | None, *, full: bool, brief: bool
) -> None:
    """Mainkan latihan kasus FILE... / Play the rehearsals FILE... Exit code 1 when one goes another way than it expects."""
    spoken: Language = language or "id"
    if new is not None:
        _write_example(new, spoken)
    if not files and new is None:
        raise click.UsageError(f"{_NOTHING.id} / {_NOTHING.en}")
    with Theatre(load(ctx.obj, os.environ).parameters) as theatre:
        right = [_rehearse(theatre, file, language, full=full, brief=brief) for file in files]
    if files:
        click.echo(f"{sum(right)} {_OF.to(spoken)} {len(right)} {AS_EXPECTED.to(spoken)}")
    ctx.exit(0 if all(right) else 1)


def _write_example(target: Path, language: Language) -> None:
    if target.exists():
        raise click.BadParameter(f"{target} sudah ada / exists already", param_hint="--new")
    target.write_text(_EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    click.echo(f"{_WRITTEN.to(language)} {target}")


def _rehearse(theatre: Theatre, file: Path, chosen: Language | None, *, full: bool, brief: bool) -> bool:
    """Play one file and tell its account. Returns whether everything went as expected."""
    language: Language = chosen or "id"
    try:
        script = read(file.read_text(encoding="utf-8"))
    except (Invalid, UnicodeDecodeError) as error:
        click.echo(f"{file.name}: {_UNREADABLE.to(language)}")
        faults = error.faults if isinstance(error, Invalid) else ()
        click.echo("\n".join(faulty(faults, language)) or f"  {error}")
        return False
    language = chosen or script.story.language or "id"
    played = theatre.play(script)
    if brief and not played.differences:
        click.echo(f"{file.name}: {AS_EXPECTED.to(language)}")
        return True
    if brief:
        click.echo(f"{file.name}: {OTHERWISE.to(language)}")
    else:
        click.echo(f"{file.name}")
    click.echo("\n".join(account(played, language, full=full)) + "\n")
    return not played.differences
