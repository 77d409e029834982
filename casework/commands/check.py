"""`casework check`: compile every definition and prove what it declares, for every path there is. Exit 1 when a path breaks it."""

import os
from collections.abc import Iterable, Iterator
from typing import Any

import click

from casework.cli import terminal_language
from casework.commands.definitions import all_machines
from casework.machines.engine import Machine
from casework.machines.proofs import Proof, prove
from casework.words import Language, Words

HOLDS = Words("terbukti", "proved")
BROKEN = Words("DILANGGAR", "BROKEN")
OVER = Words("konfigurasi", "configurations")
SHORTEST = Words("jalur terpendek yang melanggar", "the shortest path that breaks it")
EVERYTHING_HOLDS = Words("Semua sifat terbukti.", "Every property is proved.")
SOMETHING_BROKEN = Words("Ada sifat yang dilanggar.", "A property is broken.")


@click.command(name="check")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Buktikan setiap mesin keadaan untuk semua jalur. / Prove every state machine, for every path."""
    language = terminal_language(os.environ)
    held = True
    for machine in all_machines():
        proofs = prove(machine)
        held = held and all(proof.counterexample is None for proof in proofs)
        click.echo("\n".join(report(machine, proofs, language)))
    click.echo((EVERYTHING_HOLDS if held else SOMETHING_BROKEN).to(language))
    ctx.exit(0 if held else 1)


def report(machine: Machine[Any], proofs: Iterable[Proof], language: Language) -> Iterator[str]:
    """Yield the machine with its digest, then each property: the verdict, over how many configurations, and the path that breaks it."""
    yield f"{machine.definition.name} v{machine.definition.version}  sha256:{machine.digest}"
    for proof in proofs:
        verdict = HOLDS if proof.counterexample is None else BROKEN
        yield f"  {verdict.to(language)}: {proof.words.to(language)} ({proof.name}; {proof.configurations:,} {OVER.to(language)})"
        if proof.counterexample is not None:
            yield f"    {SHORTEST.to(language)}:"
            yield from (f"      {step}" for step in proof.counterexample)
