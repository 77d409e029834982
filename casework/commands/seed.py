"""`casework seed`: fill an empty database with invented cases whose histories are true to the rules. Run again, it goes on."""

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from casework.cli import terminal_language
from casework.commands.opening import settings_of
from casework.machines.roles import account_words
from casework.seed.regency import accounts
from casework.seed.run import Plan, Seeded, Watch, seed
from casework.store import keys
from casework.store.database import shown
from casework.words import Language, Words

BEGUN = Words("{database}: {done} dari {wanted} kasus sudah ada.", "{database}: {done} of {wanted} cases are there.")
DONE = Words(
    "{database}: siap, {cases} kasus rekaan ({added} baru, {rate:.0f} per detik).",
    "{database}: ready, {cases} invented cases ({added} new, {rate:.0f} a second).",
)
WHOLE = Words("Jejak utuh: {entries} catatan diperiksa.", "The trail is whole: {entries} entries checked.")
UNCHECKED = Words("Belum diperiksa: casework audit verify", "Not checked: casework audit verify")
SIGN_INS = Words(
    "Masuk dengan salah satu nama ini; kata sandi semua akun: {passphrase}",
    "Sign in as one of these; the password of every account: {passphrase}",
)
CHECKED = Words("--bare selalu diperiksa: jangan tulis --no-verify", "--bare is always checked: leave out --no-verify")
GO_ON = Words("Berhenti. Jalankan perintah yang sama untuk meneruskan.", "Stopped. Run the same command to go on.")
WRITING, CHECKING = Words("menulis", "writing"), Words("memeriksa", "checking")
_SHOWN_EVERY = 0.5
_WIDTH = 30
_MOST = 100_000_000


class Bar:
    """A progress bar on standard error: how much, how fast, how long still. On a file it says so once a minute."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._what = WRITING
        self._begun = self._shown = time.monotonic()
        self._every = _SHOWN_EVERY if sys.stderr.isatty() else 60
        self._done = self._from = self._of = 0
        self.rate = 0.0

    def start(self, done: int, of: int) -> None:
        """Begin, or begin something else."""
        self._done = self._from = done
        self._of = of
        self._begun = time.monotonic()

    def wrote(self, cases: int, _entries: int) -> None:
        """Count cases."""
        self._done += cases
        self._show(last=self._done >= self._of)

    def checked(self, entries: int) -> None:
        """Count entries that were verified. Nobody knows yet how many there are."""
        if entries == 1:
            self._what = CHECKING
            self.start(0, 0)
        self._done = entries
        self._show(last=False)

    def _show(self, *, last: bool) -> None:
        now = time.monotonic()
        spent = max(now - self._begun, 1e-6)
        rate = (self._done - self._from) / spent
        if self._what is WRITING:
            self.rate = rate
        if not last and now - self._shown < self._every:
            return
        self._shown = now
        line = f"{self._what.to(self._language)} {self._done:,}"
        if self._of:
            share = self._done / self._of
            left = (self._of - self._done) / rate if rate else 0
            filled = int(share * _WIDTH)
            line = f"{line} [{'#' * filled}{'-' * (_WIDTH - filled)}] {share:4.0%} {rate:,.0f}/s {_span(left)}"
        end = "\n" if last or not sys.stderr.isatty() else ""
        click.echo(f"\r{line}\x1b[K" if sys.stderr.isatty() else line, err=True, nl=False)
        click.echo(end, err=True, nl=False)


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


@click.command(name="seed")
@click.option("--cases", type=click.IntRange(1, _MOST), required=True, help="Banyaknya kasus seluruhnya. / How many cases in all.")
@click.option("--seed", "number", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True, help="Benih acak. / Random seed.")
@click.option(
    "--workers", type=click.IntRange(0, 64), default=1, show_default=True, help="Proses pembuat baris. / Processes that make rows."
)
@click.option(
    "--verify/--no-verify", default=True, show_default=True, help="Periksa seluruh jejak di akhir. / Check the whole trail at the end."
)
@click.option(
    "--bare",
    is_flag=True,
    help="Tanpa dinding selama menulis; dibangun lagi lalu diperiksa. / Without walls while writing; rebuilt, then checked.",
)
@click.pass_obj
def command(folder: Path | None, cases: int, number: int, workers: int, *, verify: bool, bare: bool) -> None:
    """Isi basis data kosong dengan kasus rekaan. / Fill an empty database with invented cases."""
    language = terminal_language(os.environ)
    if bare and not verify:
        raise click.UsageError(CHECKED.to(language))
    settings = settings_of(folder)
    plan = Plan(
        target=settings.database,
        params=settings.parameters,
        prefix=settings.office.case_prefix,
        key=keys.kept(settings.database, settings.search_key),
        master=keys.master_kept(settings.database, settings.master_key),
        limits=settings.limits,
        role=settings.application_role,
        cases=cases,
        seed=number,
        at=datetime.now(UTC),
        workers=workers,
        verify=verify,
        bare=bare,
    )
    bar = Bar(language)

    def start(done: int, wanted: int) -> None:
        click.echo(BEGUN.to(language).format(database=shown(settings.database), done=done, wanted=wanted), err=True)
        bar.start(done, wanted)

    try:
        seeded = seed(plan, Watch(start=start, wrote=bar.wrote, checked=bar.checked))
    except KeyboardInterrupt:
        click.echo(f"\n{GO_ON.to(language)}", err=True)
        sys.exit(130)
    _tell(seeded, shown(settings.database), bar.rate, language)


def _tell(seeded: Seeded, database: str, rate: float, language: Language) -> None:
    click.echo(DONE.to(language).format(database=database, cases=seeded.cases, added=seeded.added, rate=rate))
    click.echo(WHOLE.to(language).format(entries=seeded.entries) if seeded.entries else UNCHECKED.to(language))
    click.echo(SIGN_INS.to(language).format(passphrase=seeded.passphrase))
    for username, role in accounts():
        click.echo(f"  {username:<20} {account_words(role).to(language)}")
