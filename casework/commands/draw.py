"""`casework draw`: a state machine as a picture, from the table that is enforced, never from a copy of it."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import click

from casework.cli import terminal_language
from casework.machines.book import newest_machines
from casework.machines.draw import mermaid, svg
from casework.machines.draw_all import Machines, Spoken, mermaid_all, svg_all
from casework.machines.engine import Machine
from casework.services.captions import task
from casework.words import Language

FORMATS: Mapping[str, Callable[[Machine[Any], Language], str]] = {"mermaid": mermaid, "svg": svg}
ALL_FORMATS: Mapping[str, Callable[[Machines, Language, Spoken], str]] = {"mermaid": mermaid_all, "svg": svg_all}


@click.command(name="draw")
@click.argument("name", default="care_journey")
@click.option("--all", "everything", is_flag=True, help="Semua mesin dan pengaruhnya. / All machines, and what they bring about.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="mermaid", show_default=True)
@click.option("--language", type=click.Choice(["id", "en"]), help="Bahasa gambar. / Language of the drawing.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Berkas tujuan. / File to write; else standard output.")
def command(name: str, form: str, language: Literal["id", "en"] | None, out: Path | None, *, everything: bool) -> None:
    """Gambar mesin keadaan NAME. / Draw the state machine NAME."""
    spoken = language or terminal_language(os.environ)
    machines = newest_machines()
    if name not in machines:
        raise click.BadParameter(f"{name!r}: {', '.join(machines)}", param_hint="NAME")
    drawing = ALL_FORMATS[form](machines, spoken, task) if everything else FORMATS[form](machines[name], spoken)
    if out is None:
        click.echo(drawing)
    else:
        out.write_text(drawing.rstrip("\n") + "\n", encoding="utf-8")
