"""`casework audit`: check that the trail is whole, keep a checkpoint elsewhere, say who has looked at what, take entries out."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import msgspec

from casework.cli import terminal_language
from casework.commands.opening import open_as_it_is, open_store, operator_call, settings_of
from casework.errors import NotFound
from casework.ledger.export import WRITERS, Format
from casework.machines.facts import WITA
from casework.services import audit, copies, exports, readers
from casework.services.exports import Export
from casework.words import Words

MINUTE = "%d-%m-%Y %H:%M"
WHOLE = Words("Jejak utuh", "The trail is whole")
FAULTS = Words("Jejak TIDAK utuh", "The trail is NOT whole")
COUNTED = Words("{entries} catatan, {cases} kasus diperiksa.", "{entries} entries, {cases} cases checked.")
COMPARED = Words("Dibandingkan dengan titik periksa: {compared} aliran.", "Compared with the checkpoint: {compared} streams.")
KEEP = Words(
    "Simpan berkas ini di luar mesin ini; salin baris ketiganya ke buku agenda kantor.",
    "Keep this file away from this machine; copy its third line into the office's minute book.",
)

LOOKS = Words("Kasus {number}: dilihat {looks} kali, oleh {persons} orang.", "Case {number}: {looks} looks, by {persons} persons.")
EXPOSED = Words(
    "{person} ({account}) melihat {cases} kasus dari {children} anak sejak {since} WITA.",
    "{person} ({account}) has looked at {cases} cases of {children} children since {since} WITA.",
)
LISTS = Words(
    "Baris daftar kasus tidak dicatat: siapa pun di sebuah kantor melihat nomor, nama, dan tahap kasus kantornya.",
    "Lines of lists are not journalled: everybody in an office sees number, name and state of its cases.",
)
TAKEN = Words("{file}: {count} entri.", "{file}: {count} entries.")
NO_COPY = Words("Tidak ada permohonan akses {asked} yang dikabulkan.", "There is no granted request for access {asked}.")
GIVEN = Words(
    "{file}: salinan data anak. Baca sebelum diserahkan.", "{file}: the copy of a child's data. Read it before it is handed over."
)
NO_CASE = Words("Tidak ada kasus bernomor atau ber-id {asked}.", "There is no case with the number or id {asked}.")
NO_ACCOUNT = Words("Tidak ada akun bernama {asked}.", "There is no account called {asked}.")
OPENED = Words("dibuka {opened} kali, muncul dalam pencarian {found} kali", "opened {opened} times, found by searches {found} times")


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


@command.command(name="who-saw")
@click.argument("case")
@click.pass_context
def who_saw(ctx: click.Context, case: str) -> None:
    """Siapa yang telah melihat kasus ini (nomor atau id). / Who has looked at this case (its number or id)."""
    language = terminal_language(os.environ)
    store = open_store(settings_of(ctx.obj))
    ctx.call_on_close(store.close)
    try:
        seen = readers.who_saw(store, operator_call(), case)
    except NotFound:
        raise click.ClickException(NO_CASE.to(language).format(asked=case)) from None
    for look in seen.looks:
        told = (f"{look.at.astimezone(WITA):{MINUTE}}", look.person or look.account, look.role.to(language), look.what.to(language))
        click.echo("  ".join((*told, look.device)))
    persons = len({look.person or look.account for look in seen.looks})
    click.echo(LOOKS.to(language).format(number=seen.number, persons=persons, looks=len(seen.looks)))
    click.echo(LISTS.to(language))


@command.command()
@click.option("--account", required=True, help="Nama pengguna. / User name.")
@click.option("--since", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Tanggal (WITA). / Day (WITA).")
@click.pass_context
def breach(ctx: click.Context, account: str, since: datetime) -> None:
    """Setiap anak yang datanya dilihat sebuah akun. / Every child whose data an account has looked at."""
    language = terminal_language(os.environ)
    store = open_store(settings_of(ctx.obj))
    ctx.call_on_close(store.close)
    try:
        exposed = readers.exposure(store, operator_call(), account, since.replace(tzinfo=WITA).astimezone(UTC))
    except NotFound:
        raise click.ClickException(NO_ACCOUNT.to(language).format(asked=account)) from None
    for one in exposed.cases:
        times = OPENED.to(language).format(opened=one.opened, found=one.found)
        click.echo(f"{one.number}  {one.first_at.astimezone(WITA):{MINUTE}} – {one.last_at.astimezone(WITA):{MINUTE}}  {times}")
    told = EXPOSED.to(language)
    click.echo(
        told.format(person=exposed.person, account=account, cases=len(exposed.cases), children=exposed.children, since=f"{since:%d-%m-%Y}")
    )
    click.echo(LISTS.to(language))


@command.command(name="export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format", "chosen", type=click.Choice(list(WRITERS)), required=True, help="XES: untuk process mining. / XES: for process mining."
)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), default="1990-01-01", help="Dari tanggal (WITA). / From this day (WITA).")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Sampai tanggal ini, termasuk (WITA). / Up to this day, included (WITA).")
@click.option("--office", default="", help="Id kantor; tanpa ini semua. / Id of an office; all without it.")
@click.pass_context
def export(ctx: click.Context, file: Path, chosen: Format, since: datetime, until: datetime | None, office: str) -> None:
    """Tulis entri jurnal ke FILE: JSONL, CSV, atau XES (IEEE 1849). / Write entries of the journal to FILE."""
    store = open_store(settings_of(ctx.obj))
    ctx.call_on_close(store.close)
    call = operator_call()
    end = (until + timedelta(days=1)).replace(tzinfo=WITA) if until else call.at + timedelta(seconds=1)
    wanted = Export(format=chosen, since=since.replace(tzinfo=WITA), until=end, office=office)
    part = file.with_name(f"{file.name}.part")
    with part.open("wb") as written:
        count = exports.export_trail(store, call, wanted, written)
    part.replace(file)
    click.echo(TAKEN.to(terminal_language(os.environ)).format(file=file, count=count))


@command.command()
@click.argument("request")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def copy(ctx: click.Context, request: str, file: Path) -> None:
    """Tulis salinan data anak yang dikabulkan (JSON) ke FILE. / Write the copy of a child's data that was granted (JSON) to FILE."""
    language = terminal_language(os.environ)
    store = open_store(settings_of(ctx.obj))
    ctx.call_on_close(store.close)
    try:
        found = copies.take_copy(store, operator_call(), request)
    except NotFound:
        raise click.ClickException(NO_COPY.to(language).format(asked=request)) from None
    file.write_bytes(msgspec.json.format(msgspec.json.encode(found)))
    click.echo(GIVEN.to(language).format(file=file))


@command.command()
@click.pass_context
def erased(ctx: click.Context) -> None:
    """Anak yang datanya dihapus: simpan daftar ini di luar. / Whose data were erased: keep this list outside."""
    store = open_store(settings_of(ctx.obj))
    ctx.call_on_close(store.close)
    for one in audit.erased(store, operator_call()):
        click.echo(f"{one.number}  {one.at}  {one.basis}  {one.taken_in_by}  {one.approved_by}")
