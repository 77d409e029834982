"""`casework check`: compile every definition and prove what it declares, for every path there is. Exit 1 when a path breaks it."""

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import click

from casework.cli import terminal_language
from casework.commands import personal as personal_data
from casework.commands import rights
from casework.commands.deadlines import page, unknown_years
from casework.commands.opening import settings_of
from casework.machines.book import all_machines, links, newest_machines, older_than
from casework.machines.engine import Machine
from casework.machines.limits import LIMITS
from casework.machines.proofs import prove
from casework.machines.timers import TIMERS
from casework.machines.walks import Proof
from casework.store.workdays import Calendar
from casework.words import Language, Words

HOLDS = Words("terbukti", "proved")
BROKEN = Words("DILANGGAR", "BROKEN")
OVER = Words("konfigurasi", "configurations")
SHORTEST = Words("jalur terpendek yang melanggar", "the shortest path that breaks it")
COUNTED = Words("{states} tahap, {triggers} pemicu, {arcs} lintasan", "{states} states, {triggers} triggers, {arcs} arcs")
BETWEEN = Words(
    "Antarmesin: {machines} mesin, {links} akibat langkah bagi mesin lain, tidak ada yang kembali ke asalnya.",
    "Between machines: {machines} machines, {links} things that a step of one brings about in another, none comes back to where it began.",
)
TIMED = Words(
    "Tenggat: {timers} lengkap dengan pembuat, penyelesai, dan akibatnya; {limits} batas (--timers).",
    "Deadlines: {timers} with creator, canceller and consequence; {limits} limits (--timers).",
)
EVERYTHING_HOLDS = Words("Semua sifat terbukti.", "Every property is proved.")
SOMETHING_BROKEN = Words("Ada sifat yang dilanggar.", "A property is broken.")


@click.command(name="check")
@click.option("--timers", is_flag=True, help="Cetak tabel tenggat (docs/timers.md). / Print the table of deadlines (docs/timers.md).")
@click.option("--policy", is_flag=True, help="Cetak tabel hak (docs/policy.md). / Print the table of rights (docs/policy.md).")
@click.option(
    "--personal", is_flag=True, help="Cetak letak data pribadi (docs/personal-data.md). / Print where personal data stands (same file)."
)
@click.pass_context
def command(ctx: click.Context, *, timers: bool, policy: bool, personal: bool) -> None:
    """Buktikan setiap mesin keadaan untuk semua jalur. / Prove every state machine, for every path."""
    language = terminal_language(os.environ)
    if timers:
        click.echo(page(), nl=False)
        for line in unknown_years(Calendar(settings_of(ctx.obj).parameters), datetime.now(UTC), language):
            click.echo(line, err=True)
        return
    if policy:
        click.echo(rights.page(), nl=False)
        return
    if personal:
        click.echo(personal_data.page(), nl=False)
        return
    held = True
    for machine in all_machines():
        proofs = prove(machine, older=older_than(machine))
        held = held and all(proof.counterexample is None for proof in proofs)
        click.echo("\n".join(report(machine, proofs, language)))
    click.echo("\n".join(between(language)))
    click.echo((EVERYTHING_HOLDS if held else SOMETHING_BROKEN).to(language))
    ctx.exit(0 if held else 1)


def between(language: Language) -> Iterator[str]:
    """Yield what was checked over all machines together when they were compiled: that they fit, and that every deadline is whole."""
    machines = newest_machines()
    yield BETWEEN.to(language).format(machines=len(machines), links=len({*links(machines)}))
    yield TIMED.to(language).format(timers=len(TIMERS), limits=len(LIMITS))


def report(machine: Machine[Any], proofs: Iterable[Proof], language: Language) -> Iterator[str]:
    """Yield the machine with its digest, then each property: the verdict, over how many configurations, and the path that breaks it."""
    yield f"{machine.definition.name} v{machine.definition.version}  sha256:{machine.digest}"
    numbers = {"states": len(machine.states), "triggers": len(_triggers(machine)), "arcs": len(machine.arcs)}
    yield f"  {COUNTED.to(language).format(**numbers)}"
    for proof in proofs:
        verdict = HOLDS if proof.counterexample is None else BROKEN
        yield f"  {verdict.to(language)}: {proof.words.to(language)} ({proof.name}; {proof.configurations:,} {OVER.to(language)})"
        if proof.counterexample is not None:
            yield f"    {SHORTEST.to(language)}:"
            yield from (f"      {step}" for step in proof.counterexample)


def _triggers(machine: Machine[Any]) -> frozenset[str]:
    return frozenset(row.trigger for row in machine.definition.transitions)
