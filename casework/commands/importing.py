"""`casework import`: an office's lists of children, families, institutions and stays. A dry run unless `--apply` is said."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from casework.census.bringing import Brought, Prepared, bring, importer, prepare
from casework.census.problems import Problem
from casework.census.report import write_report
from casework.census.template import write_template
from casework.census.workbook import read_workbook
from casework.cli import in_one_line, terminal_language
from casework.commands.entering import enter
from casework.commands.opening import open_store, settings_of
from casework.ledger.event import Through
from casework.services import sessions
from casework.services.sessions import SignIn
from casework.store.call import Call
from casework.store.store import Store
from casework.words import Language, Words

DEVICE = "import"
"""Through what: how the journal shows that an entry was made by an import, beside who ran it."""
TEMPLATE = Words("Buku kerja kosong: {path}", "Empty workbook: {path}")
PASSWORD = Words("Kata sandi {name}", "Password of {name}")
ERRORS = Words(
    "Baris bermasalah: {rows} ({errors} masalah). Peringatan: {warnings}.", "Faulty rows: {rows} ({errors} problems). Warnings: {warnings}."
)
READY = Words(
    "Siap masuk: {fresh} anak di {houses} LKS. Sudah ada: {there}. Tertahan: {held}.",
    "Ready to come in: {fresh} children in {houses} institutions. There already: {there}. Held back: {held}.",
)
REPORT = Words("Laporan: {path}", "Report: {path}")
NOTHING_DONE = Words(
    "Belum ada yang berubah. Perbaiki, lalu jalankan lagi dengan --apply.",
    "Nothing was changed. Put it right, then run it again with --apply.",
)
STOPPED = Words(
    "Tidak ada yang dimasukkan: perbaiki masalahnya, atau pakai --only-good untuk memasukkan baris yang baik saja.",
    "Nothing was brought in: put the problems right, or use --only-good to bring in the good rows alone.",
)
DONE = Words(
    "Masuk: {cases} anak dan {houses} LKS baru. Sudah ada: {skipped}. Tidak ada yang dihitung sebagai penerimaan.",
    "Brought in: {cases} children and {houses} new institutions. There already: {skipped}. None of them counts as an admission.",
)
NEXT = Words(
    "Berikutnya, oleh petugas: periksa ganda, temui setiap anak sendirian, F02, F03, dan F25; lalu data awal per LKSA.",
    "Next, by people: check for duplicates, see each child alone, F02, F03 and F25; then register the residents of each institution.",
)
CLOSED = Words(
    "Perhatian: masa pendataan tidak berjalan (go_live, T26). Anak dapat dicatat, tetapi data awal membutuhkan insiden pelanggaran.",
    "Note: the census window is not open (go_live, T26). Children can be recorded, but registering residents needs a breach incident.",
)
UNTIL = Words("Masa pendataan berjalan sampai {day}.", "The census window is open until {day}.")
PER_HOUSE = Words("  {name}: {count} anak", "  {name}: {count} children")
ROW = Words("baris {row}", "row {row}")
LEVELS = {"error": Words("MASALAH", "PROBLEM"), "warning": Words("peringatan", "warning")}
COMPARING, BRINGING = Words("membandingkan", "comparing"), Words("memasukkan", "bringing in")
MOST_SHOWN = 200


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--template", type=click.Path(path_type=Path), default=None, help="Tulis buku kerja kosong. / Write the empty workbook.")
@click.option("--office", default="", help="Id kantor. / Office id.")
@click.option("--as", "username", default="", help="Nama akun Anda. / Your account's name.")
@click.option("--apply/--dry-run", default=False, show_default="--dry-run", help="Masukkan, atau hanya periksa. / Bring in, or only check.")
@click.option("--only-good", is_flag=True, help="Masukkan baris yang baik saja. / Bring in the good rows alone.")
@click.option("--report", type=click.Path(path_type=Path), default=None, help="Berkas laporan. / The report's file.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    file: Path | None,
    template: Path | None,
    office: str,
    username: str,
    apply: bool,
    only_good: bool,
    report: Path | None,
) -> None:
    """Masukkan daftar anak yang sudah tinggal di LKSA. / Bring in lists of children who already live in institutions."""
    language = terminal_language(os.environ)
    if template is not None:
        write_template(template)
        click.echo(TEMPLATE.to(language).format(path=template))
        return
    if file is None or not office or not username:
        raise click.UsageError("FILE.xlsx --office ID --as NAME | --template FILE.xlsx")
    book = read_workbook(file)
    store = open_store(settings_of(ctx.obj), search=True)
    ctx.call_on_close(store.close)
    signed = enter(store, SignIn(username=username, password=_password(username, language)), DEVICE)
    through = Through(device=DEVICE, session=sessions.hash_token(signed.token))
    ctx.call_on_close(lambda: sessions.sign_out(store, Call(who=signed.who, at=_now(), through=through), through.session))
    call = Call(who=importer(signed.who, office), at=_now(), through=through)
    prepared = prepare(store, call, book, _bar(COMPARING, language))
    path = report or file.with_name(f"{file.stem}.laporan.xlsx")
    write_report(path, book, prepared.gathered, language)
    for line in told(prepared, language):
        click.echo(line)
    click.echo(REPORT.to(language).format(path=path))
    ctx.exit(_finish(store, call, prepared, language, apply=apply, only_good=only_good))


def _finish(store: Store, call: Call, prepared: Prepared, language: Language, *, apply: bool, only_good: bool) -> int:
    """Bring in what may come in, when that was asked. Returns the exit code: 1 while rows are faulty and nothing was to be brought in."""
    faulty = bool(prepared.gathered.errors)
    if not apply:
        click.echo(NOTHING_DONE.to(language))
        return int(faulty)
    if faulty and not only_good:
        click.echo(STOPPED.to(language))
        return 1
    brought = bring(store, call, prepared, _now, _bar(BRINGING, language))
    for line in _summary(prepared, brought, language):
        click.echo(line)
    for code, no in brought.failed.items():
        click.echo(f"{LEVELS['error'].to(language)}  {code}  {in_one_line(no, language)}")
    return int(bool(brought.failed))


def told(prepared: Prepared, language: Language) -> Iterator[str]:
    """Yield every problem with its place, errors first, and what is ready."""
    gathered = prepared.gathered
    ordered = sorted(gathered.problems, key=lambda one: (one.level, one.sheet, one.row))
    errors = [one for one in ordered if one.level == "error"]
    warnings = [one for one in ordered if one.level == "warning"]
    yield from (_line(one, language) for one in errors)
    yield from (_line(one, language) for one in warnings[:MOST_SHOWN])
    if len(warnings) > MOST_SHOWN:
        yield f"... {len(warnings) - MOST_SHOWN} × {LEVELS['warning'].to(language)}"
    rows = len({(one.sheet, one.row) for one in errors})
    yield ERRORS.to(language).format(rows=rows, errors=len(errors), warnings=len(warnings))
    window = prepared.window
    yield UNTIL.to(language).format(day=f"{window.until:%d-%m-%Y}") if window.open else CLOSED.to(language)
    fresh = prepared.fresh
    there = sum(one.line in prepared.there for one in gathered.residents)
    houses = len({one.house_name for one in fresh})
    yield READY.to(language).format(fresh=len(fresh), houses=houses, there=there, held=len(gathered.held))


def _line(problem: Problem, language: Language) -> str:
    place = f"{problem.sheet}, {ROW.to(language).format(row=problem.row)}"
    return f"{LEVELS[problem.level].to(language)}  {place}  {problem.told(language)} [{problem.code}]"


def _summary(prepared: Prepared, brought: Brought, language: Language) -> Iterator[str]:
    yield DONE.to(language).format(cases=len(brought.cases), houses=brought.houses, skipped=brought.skipped)
    living = Counter(one.house_name for one in prepared.fresh)
    yield from (PER_HOUSE.to(language).format(name=name, count=count) for name, count in sorted(living.items()))
    yield NEXT.to(language)


def _password(username: str, language: Language) -> str:
    """Ask for the password; where nobody sits at a terminal, the first line of the input is it. Nobody imports under another's name."""
    if sys.stdin.isatty():
        return str(click.prompt(PASSWORD.to(language).format(name=username), hide_input=True))
    return sys.stdin.readline().rstrip("\n")


def _bar(what: Words, language: Language) -> Callable[[int, int], None]:
    """Return what shows how far a long work is, on standard error; in a log it says so only at the end."""
    terminal = sys.stderr.isatty()
    back = "\r" if terminal else ""

    def tell(done: int, of: int) -> None:
        if terminal or done == of:
            click.echo(f"{back}{what.to(language)} {done:,}/{of:,}", err=True, nl=not terminal or done == of)

    return tell


def _now() -> datetime:
    return datetime.now(UTC)
