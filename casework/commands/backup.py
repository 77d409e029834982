"""`casework backup`: a copy of the whole database, taken while it is in use, checked before it gets its name.

Three files belong together: the copy, `.checkpoint` (what the trail was at that moment) and `.sha256` (of both; `sha256sum -c` reads it).
"""

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from casework.cli import terminal_language
from casework.commands.audit import COUNTED, FAULTS, KEEP, WHOLE
from casework.commands.opening import operator_call, settings_of, store_of
from casework.errors import StoreMismatch
from casework.ledger.fault import Fault
from casework.services import audit
from casework.services.audit import Report
from casework.settings import Settings
from casework.store import backup
from casework.words import Language, Words

CHECKPOINT = ".checkpoint"
DIGESTS = ".sha256"
MOST_SHOWN = 20

COPYING = Words("Menyalin", "Copying")
DUMPING = Words("Menyalin dengan pg_dump ...", "Copying with pg_dump ...")
CHECKING = Words("Memeriksa", "Checking")
MADE = Words("{file}: cadangan selesai, {size:,} bita.", "{file}: the backup is complete, {size:,} bytes.")
READ_THROUGH = Words(
    "Salinan terbaca sampai akhir; jejaknya diperiksa saat dipulihkan: cobalah pada basis data kosong.",
    "The copy can be read to its end; its trail is checked when it is restored: try that on an empty database.",
)
KEPT_AS = Words(
    "Salinan disimpan sebagai {file}: bukti, bukan cadangan. Jalankan `casework audit verify`.",
    "The copy is kept as {file}: evidence, not a backup. Run `casework audit verify`.",
)


@click.command(name="backup")
@click.argument("dest", type=click.Path(path_type=Path))
@click.pass_context
def command(ctx: click.Context, dest: Path) -> None:
    """Salin basis data ke DEST (berkas baru, atau folder). / Copy the database to DEST (a new file, or a folder)."""
    settings, language = settings_of(ctx.obj), terminal_language(os.environ)
    place = _place(dest, settings)
    for path in (place, *beside(place)):
        if path.exists():
            raise StoreMismatch(f"{path} is there already: nothing is overwritten")
    with backup.unfinished(place) as copy:
        if backup.is_file(settings.database):
            remembered = _copy_file(ctx, settings, copy, place, language)
        else:
            remembered = _dump(settings, copy, language)
        _write_beside(place, copy, remembered)
        backup.name_it(copy, place)
    click.echo(MADE.to(language).format(file=place, size=place.stat().st_size))
    click.echo(f"{beside(place)[0]}: {KEEP.to(language)}")


def beside(place: Path) -> tuple[Path, Path]:
    """Return where the checkpoint and the digests of a backup stand."""
    return place.with_name(place.name + CHECKPOINT), place.with_name(place.name + DIGESTS)


def _place(dest: Path, settings: Settings) -> Path:
    if not dest.is_dir():
        return dest
    ending = "sqlite3" if backup.is_file(settings.database) else "dump"
    return dest / f"casework-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.{ending}"


def _copy_file(ctx: click.Context, settings: Settings, copy: Path, place: Path, language: Language) -> bytes:
    """Copy the SQLite file, check the copy, return its checkpoint. A copy of a broken trail is kept under another name: exit code 1."""
    with _bar(COPYING.to(language)) as step:
        backup.copy_file(backup.file_of(settings.database), copy, step)
    report, remembered = examine(settings, str(copy), language)
    if not report.whole:
        tell(report, report.faults, language)
        evidence = place.with_name(place.name + ".not-whole")
        backup.name_it(copy, evidence)
        click.echo(KEPT_AS.to(language).format(file=evidence))
        ctx.exit(1)
    tell(report, (), language)
    return remembered


def _dump(settings: Settings, copy: Path, language: Language) -> bytes:
    """Dump from the server and read the dump through. The checkpoint is taken before, so the dump must hold all that it remembers."""
    click.echo(DUMPING.to(language), err=True)
    with closing(store_of(settings)) as store:
        remembered = audit.take_checkpoint(store, operator_call())
    backup.dump_server(settings.database, copy, settings.limits)
    backup.read_through(copy)
    click.echo(READ_THROUGH.to(language))
    return remembered


def examine(settings: Settings, database: str, language: Language, held: bytes | None = None) -> tuple[Report, bytes]:
    """Check a copy from its pages to its rules; return what was found and its checkpoint. Writes nothing. Raises StoreMismatch."""
    backup.require_sound(database, settings.limits)
    call = operator_call()
    with closing(store_of(msgspec.structs.replace(settings, database=database))) as store:
        entries = audit.entries_in_all(store, call)
        with click.progressbar(length=entries, label=CHECKING.to(language), file=sys.stderr) as bar:
            report = audit.verify_trail(store, call, held, lambda _: bar.update(1))
        return report, audit.take_checkpoint(store, call)


def tell(report: Report, faults: Iterable[Fault], language: Language) -> None:
    """Say what was checked, and what is wrong: the first few of it."""
    faults = tuple(faults)
    for fault in faults[:MOST_SHOWN]:
        click.echo(f"{fault.stream} #{fault.seq}: {fault.words.to(language)} [{fault.code}]")
    click.echo((FAULTS if faults else WHOLE).to(language))
    click.echo(COUNTED.to(language).format(entries=report.entries, cases=report.cases))


def _write_beside(place: Path, copy: Path, remembered: bytes) -> None:
    checkpoint, digests = beside(place)
    lines = f"{digest_of(copy)}  {place.name}\n{hashlib.sha256(remembered).hexdigest()}  {checkpoint.name}\n"
    for path, content in ((checkpoint, remembered), (digests, lines.encode())):
        with backup.unfinished(path) as part:
            part.write_bytes(content)
            backup.name_it(part, path)


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


@contextmanager
def _bar(label: str) -> Iterator[backup.Progress]:
    """Show how far a copy is, on standard error."""
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def step(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield step
