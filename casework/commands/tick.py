"""`casework tick`: make every step that time has brought, send what is urgent, count what is counted daily.

As often, and by as many at once, as one likes.

Exit code 1 when a step failed, a letter was refused or the mail server could not be used.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

import click

from casework.cli import terminal_language
from casework.commands.deadlines import unknown_years
from casework.commands.opening import open_store, settings_of
from casework.commands.smtp import Smtp, password_of
from casework.logs import configure, logger
from casework.machines.book import all_machines
from casework.services.captions import task as task_words
from casework.services.delivery import Delivered, deliver
from casework.services.numbers.sums import count_cells
from casework.services.people import usernames
from casework.services.tick import Ticked
from casework.services.tick import tick as run
from casework.settings import Settings
from casework.store.store import Store
from casework.words import Language, Words

LOOKING = Words("{looked:,} proses dilihat ...", "{looked:,} processes looked at ...")
LOOKED = Words("{looked:,} proses dilihat, {made:,} langkah dibuat.", "{looked:,} processes looked at, {made:,} steps made.")
FAILED = Words("Gagal, akan dicoba lagi lain kali: {count:,}", "Failed, to be tried again next time: {count:,}")
SENT = Words("Surel terkirim: {count:,}", "Mail sent: {count:,}")
AGAIN = Words("Surel ditunda oleh servernya, akan dicoba lagi: {count:,}", "Mail put off by its server, to be tried again: {count:,}")
MOOT = Words("Surel yang tidak perlu lagi: {count:,}", "Mail that nobody needs any more: {count:,}")
UNREACHABLE = Words(
    "Hal mendesak tanpa penerima: {count:,} (belum ada alamat surel yang berwenang: casework user mail)",
    "Urgent things that reach nobody: {count:,} (nobody whom they concern has an address: casework user mail)",
)
REFUSED = Words(
    "Surel ditolak ({reply}), alamat perlu diperbaiki: {account}", "Mail refused ({reply}), an address to be corrected: {account}"
)
DOWN = Words("Server surel tidak dapat dipakai ({why}); menunggu: {count:,}", "The mail server cannot be used ({why}); waiting: {count:,}")
KEPT = Words(
    "Hal mendesak yang menunggu dikirim: {count:,} ([mail] belum diatur)",
    "Urgent things that wait to be sent: {count:,} ([mail] is not set)",
)
SHOWN_EVERY, TOLD_EVERY = 0.5, 60.0
"""Seconds between two lines of progress: on a terminal, in a log."""


@click.command(name="tick")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Buat setiap langkah yang sudah waktunya. / Make every step that time has brought."""
    language = terminal_language(os.environ)
    settings = settings_of(ctx.obj)
    store = open_store(settings)
    ctx.call_on_close(store.close)
    for line in unknown_years(store.days_off, now(), language):
        click.echo(line, err=True)
    store.sweep()
    done = run(store, now(), progress(language, time.monotonic))
    for line in told(done, language):
        click.echo(line)
    carried = send(store, settings)
    names = usernames(store, now(), frozenset(account for account, _ in carried.refused))
    for line in mailed(carried, names, language, off=not settings.mail.host):
        click.echo(line)
    count_cells(store, now())
    ctx.exit(1 if done.failed or carried.down or carried.refused else 0)


def send(store: Store, settings: Settings) -> Delivered:
    """Send what is urgent, after every step is made and committed: a mail server that is down holds no step up."""
    mail = settings.mail
    if not mail.host:
        return deliver(store, None, now)
    configure()
    with Smtp(mail, password_of(mail, os.environ)) as carrier:
        carried = deliver(store, carrier, now, links=mail.links, language=settings.language)
    for account, reply in carried.refused:
        logger().warning("letter_refused", account=account, code=reply)
    if carried.down:
        logger().warning("carrier_down", reason=carried.down, count=carried.waiting)
    return carried


def now() -> datetime:
    """Return what time it is."""
    return datetime.now(UTC)


def mailed(carried: Delivered, names: Mapping[str, str], language: Language, *, off: bool) -> Iterator[str]:
    """Yield what became of the letters; nothing when there was nothing to do."""
    counted = {SENT: carried.sent, AGAIN: carried.later, MOOT: carried.moot, UNREACHABLE: carried.unreachable}
    yield from (words.to(language).format(count=count) for words, count in counted.items() if count)
    for account, reply in carried.refused:
        yield REFUSED.to(language).format(account=names.get(account, account), reply=reply)
    if carried.down:
        yield DOWN.to(language).format(why=carried.down, count=carried.waiting)
    elif off and carried.waiting:
        yield KEPT.to(language).format(count=carried.waiting)


def progress(language: Language, clock: Callable[[], float]) -> Callable[[int], None]:
    """Return what tells of a long run, on standard error. A short one says nothing. `clock` counts seconds."""
    terminal = sys.stderr.isatty()
    every = SHOWN_EVERY if terminal else TOLD_EVERY
    last = clock()

    def tell(looked: int) -> None:
        nonlocal last
        if clock() - last >= every:
            last = clock()
            line = LOOKING.to(language).format(looked=looked)
            click.echo(f"\r{line}\x1b[K" if terminal else line, err=True, nl=not terminal)

    return tell


def told(done: Ticked, language: Language) -> Iterator[str]:
    """Yield what a run did: how much it looked at, which steps it made and how many of each, and what it could not do."""
    yield LOOKED.to(language).format(looked=done.looked_at, made=len(done.made))
    for (name, trigger), count in sorted(Counter(done.made).items()):
        yield f"  {count:,} × {step_words(name, trigger).to(language)}"
    for kind, count in sorted(Counter(done.reminded).items()):
        yield f"  {count:,} × {task_words(kind).to(language)}"
    if done.failed:
        yield FAILED.to(language).format(count=len(done.failed))
        yield from (f"  {failure}" for failure in done.failed)


def step_words(name: str, trigger: str) -> Words:
    """Return machine and step as people call them."""
    definitions = [machine.definition for machine in reversed(all_machines()) if machine.definition.name == name]
    step = next(row.label for definition in definitions for row in definition.transitions if row.trigger == trigger)
    about = definitions[0].label or Words(name, name)
    return Words(f"{about.id}: {step.id}", f"{about.en}: {step.en}")
