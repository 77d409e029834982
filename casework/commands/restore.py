"""`casework restore`: bring a backup back where the settings say that the database is, and check it against what is remembered of it."""

import os
import re
import shutil
from pathlib import Path

import click

from casework.cli import terminal_language
from casework.commands.audit import COMPARED
from casework.commands.backup import beside, digest_of, examine, tell
from casework.commands.opening import settings_of
from casework.errors import StoreMismatch
from casework.services.audit import Report
from casework.settings import Settings
from casework.store import backup
from casework.store.database import shown
from casework.words import Language, Words

MISSING = "truncated_since_checkpoint"
"""The fault of a stream that a checkpoint remembers longer than it is."""

OLDER = Words(
    "Cadangan ini LEBIH TUA daripada titik periksa: {streams} aliran berlanjut sesudahnya. Catatan sesudahnya tidak ada di dalamnya.",
    "This backup is OLDER than the checkpoint: {streams} streams go on after it. What was written after this backup is not in it.",
)
ACCEPT = Words(
    "Tidak ada yang dipulihkan. Cari cadangan yang lebih baru; bila tidak ada, ulangi dengan --accept-older.",
    "Nothing was restored. Look for a newer backup; if there is none, repeat with --accept-older.",
)
NOT_RESTORED = Words("Tidak ada yang dipulihkan.", "Nothing was restored.")
NOT_TO_SERVE = Words(
    "Basis data {target} sudah terisi tetapi TIDAK boleh dilayani: buang, lalu pulihkan cadangan lain.",
    "The database {target} is filled but must NOT be served: drop it, then restore another backup.",
)
AGAIN = Words(
    "Anak yang dihapus sesudah cadangan ini dibuat ada lagi di dalamnya: hapus ulang menurut daftar `casework audit erased`.",
    "Children erased after this backup was made are in it again: erase them anew, by the list of `casework audit erased`.",
)
RESTORED = Words("{target}: dipulihkan dari {file}.", "{target}: restored from {file}.")


@click.command(name="restore")
@click.argument("src", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--checkpoint",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Titik periksa yang disimpan di tempat lain. / A checkpoint held elsewhere; else the one beside the backup.",
)
@click.option("--accept-older", is_flag=True, help="Terima cadangan yang lebih tua daripada titik periksa. / Accept one older than that.")
@click.pass_context
def command(ctx: click.Context, src: Path, checkpoint: Path | None, *, accept_older: bool) -> None:
    """Pulihkan basis data dari SRC, ke tempat yang belum ada isinya. / Bring the database back from SRC, to where there is none."""
    settings, language = settings_of(ctx.obj), terminal_language(os.environ)
    held = (checkpoint or beside(src)[0]).read_bytes() if checkpoint or beside(src)[0].exists() else None
    bring_back = _restore_file if backup.is_file(settings.database) else _restore_server
    done = bring_back(settings, src, language, held, accept_older=accept_older)
    if done:
        click.echo(RESTORED.to(language).format(target=shown(settings.database), file=src))
        click.echo(AGAIN.to(language))
    ctx.exit(0 if done else 1)


def _restore_file(settings: Settings, src: Path, language: Language, held: bytes | None, *, accept_older: bool) -> bool:
    """Check a copy of the backup first; only a whole one gets the database's name."""
    place = backup.file_of(settings.database)
    backup.refuse_leftovers(place)
    with backup.unfinished(place) as copy:
        shutil.copyfile(src, copy)
        _refuse_other_bytes(src, copy)
        report, _ = examine(settings, str(copy), language, held)
        if not _accepted(report, language, accept_older=accept_older):
            click.echo((ACCEPT if _only_older(report) else NOT_RESTORED).to(language))
            return False
        backup.name_it(copy, place)
    return True


def _restore_server(settings: Settings, src: Path, language: Language, held: bytes | None, *, accept_older: bool) -> bool:
    """Fill an empty database, then check it: a server's database can be checked only once it is there."""
    _refuse_other_bytes(src, src)
    backup.read_through(src)
    backup.load_server(src, settings.database, settings.application_role, settings.limits)
    report, _ = examine(settings, settings.database, language, held)
    accepted = _accepted(report, language, accept_older=accept_older)
    if not accepted:
        click.echo(NOT_TO_SERVE.to(language).format(target=shown(settings.database)))
    return accepted


def _refuse_other_bytes(src: Path, copy: Path) -> None:
    """The backup and its checkpoint are, byte for byte, what was written down of them. Raises StoreMismatch."""
    checkpoint, digests = beside(src)
    for needed in (checkpoint, digests):
        if not needed.is_file():
            raise StoreMismatch(f"{needed} is missing: the backup, its checkpoint and its digests belong together")
    written = re.findall(r"^([0-9a-f]{64})  ", digests.read_text(encoding="utf-8", errors="replace"), flags=re.MULTILINE)
    if written != [digest_of(copy), digest_of(checkpoint)]:
        raise StoreMismatch(f"{src} or its checkpoint is cut short or was altered ({digests.name} says otherwise): take another backup")


def _only_older(report: Report) -> bool:
    return bool(report.faults) and all(fault.code == MISSING for fault in report.faults)


def _accepted(report: Report, language: Language, *, accept_older: bool) -> bool:
    """Say what was found, and return whether it may be used."""
    older = _only_older(report)
    tell(report, () if older else report.faults, language)
    click.echo(COMPARED.to(language).format(compared=report.compared))
    if older:
        click.echo(OLDER.to(language).format(streams=len(report.faults)))
    return report.whole or (older and accept_older)
