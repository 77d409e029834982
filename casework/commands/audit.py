"""`casework audit`: check that the trail is whole, and keep a checkpoint of it elsewhere."""

import os
import sys
from pathlib import Path

import click

from casework.cli import terminal_language
from casework.commands.opening import open_as_it_is, open_store, operator_call, settings_of
from casework.services import audit
from casework.words import Words

WHOLE = Words("Jejak utuh", "The trail is whole")
FAULTS = Words("Jejak TIDAK utuh", "The trail is NOT whole")
COUNTED = Words("{entries} catatan, {cases} kasus diperiksa.", "{entries} entries, {cases} cases checked.")
COMPARED = Words("Dibandingkan dengan titik periksa: {compared} aliran.", "Compared with the checkpoint: {compared} streams.")
KEEP = Words(
    "Simpan berkas ini di luar mesin ini; salin baris ketiganya ke buku agenda kantor.",
    "Keep this file away from this machine; copy its third line into the office's minute book.",
)


@click.group(name="audit")
def command() -> None:
    """Periksa jurnal dan keutuhannya. / Check the journal and that it is whole."""


@command.command()
@click.option("--checkpoint", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Titik periksa dari luar. / Held outside.")
@click.pass_context
def verify(ctx: click.Context, checkpoint: Path | None) -> None:
    """Periksa setiap catatan, rantai, dan aturan; kode keluar 1 bila ada yang rusak. / Exit code 1 when something is wrong."""
    language = terminal_language(os.environ)
    store, warning = open_as_it_is(settings_of(ctx.obj))
    ctx.call_on_close(store.close)
    call = operator_call()
    held = checkpoint.read_bytes() if checkpoint else None
    with click.progressbar(length=audit.entries_in_all(store, call), file=sys.stderr) as bar:
        report = audit.verify_trail(store, call, held, lambda _: bar.update(1))
    if warning:
        click.echo(warning)
    for fault in report.faults:
        click.echo(f"{fault.stream} #{fault.seq}: {fault.words.to(language)} [{fault.code}]")
    whole = report.whole and not warning
    click.echo((WHOLE if whole else FAULTS).to(language))
    click.echo(COUNTED.to(language).format(entries=report.entries, cases=report.cases))
    if held is not None:
        click.echo(COMPARED.to(language).format(compared=report.compared))
    ctx.exit(0 if whole else 1)


@command.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def checkpoint(folder: Path | None, file: Path) -> None:
    """Tulis titik periksa ke FILE. / Write a checkpoint to FILE."""
    store = open_store(settings_of(folder))
    file.write_bytes(audit.take_checkpoint(store, operator_call()))
    store.close()
    click.echo(f"{file}: {KEEP.to(terminal_language(os.environ))}")
