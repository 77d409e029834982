"""`casework tick`: make every step that time has brought. As often, and by as many at once, as one likes; exit code 1 when one failed."""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import click

from casework.cli import terminal_language
from casework.commands.deadlines import unknown_years
from casework.commands.opening import open_store, settings_of
from casework.machines.book import all_machines
from casework.services.tick import Ticked
from casework.services.tick import tick as run
from casework.words import Language, Words

LOOKING = Words("{looked:,} proses dilihat ...", "{looked:,} processes looked at ...")
LOOKED = Words("{looked:,} proses dilihat, {made:,} langkah dibuat.", "{looked:,} processes looked at, {made:,} steps made.")
FAILED = Words("Gagal, akan dicoba lagi lain kali: {count:,}", "Failed, to be tried again next time: {count:,}")
SHOWN_EVERY, TOLD_EVERY = 0.5, 60.0
"""Seconds between two lines of progress: on a terminal, in a log."""


@click.command(name="tick")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Buat setiap langkah yang sudah waktunya. / Make every step that time has brought."""
    language = terminal_language(os.environ)
    store = open_store(settings_of(ctx.obj))
    ctx.call_on_close(store.close)
    now = datetime.now(UTC)
    for line in unknown_years(store.days_off, now, language):
        click.echo(line, err=True)
    done = run(store, now, progress(language, time.monotonic))
    for line in told(done, language):
        click.echo(line)
    ctx.exit(1 if done.failed else 0)


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
    if done.failed:
        yield FAILED.to(language).format(count=len(done.failed))
        yield from (f"  {failure}" for failure in done.failed)


def step_words(name: str, trigger: str) -> Words:
    """Return machine and step as people call them."""
    definitions = [machine.definition for machine in reversed(all_machines()) if machine.definition.name == name]
    step = next(row.label for definition in definitions for row in definition.transitions if row.trigger == trigger)
    about = definitions[0].label or Words(name, name)
    return Words(f"{about.id}: {step.id}", f"{about.en}: {step.en}")
