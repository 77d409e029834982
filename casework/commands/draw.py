"""`casework draw`: a state machine as a picture, from the table that is enforced, never from a copy of it."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import click

from casework.cli import terminal_language
from casework.commands.definitions import newest_machines
from casework.machines.draw import mermaid, svg
from casework.machines.engine import Machine
from casework.words import Language

FORMATS: Mapping[str, Callable[[Machine[Any], Language], str]] = {"mermaid": mermaid, "svg": svg}


@click.command(name="draw")
@click.argument("name", default="care_journey")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="mermaid", show_default=True)
@click.option("--language", type=click.Choice(["id", "en"]), help="Bahasa gambar. / Language of the drawing.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Berkas tujuan. / File to write; else standard output.")
def command(name: str, form: str, language: Literal["id", "en"] | None, out: Path | None) -> None:
    """Gambar mesin keadaan NAME. / Draw the state machine NAME."""
    machines = newest_machines()
    if name not in machines:
        raise click.BadParameter(f"{name!r}: {', '.join(machines)}", param_hint="NAME")
    drawing = FORMATS[form](machines[name], language or terminal_language(os.environ))
    if out is None:
        click.echo(drawing)
    else:
        out.write_text(drawing.rstrip("\n") + "\n", encoding="utf-8")
