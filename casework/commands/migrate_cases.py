"""`casework migrate-cases`: look at what a newer version would mean for everything open, ask for the move, approve it, carry it out.

Looking and carrying out are the operator's; to ask and to approve, a person of the office signs in (`--as`). Exit code 1 when something is
blocked or failed.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import click
import msgspec

from casework.cli import terminal_language
from casework.commands.entering import enter
from casework.commands.opening import TERMINAL, open_store, operator_call, settings_of
from casework.ledger.event import Through
from casework.services import migrations
from casework.services.migrations import ApproveMigration, Passed, RequestMigration
from casework.services.passings import Passing
from casework.services.sessions import SignIn
from casework.store.call import Call
from casework.store.store import Store
from casework.words import Language, Words

APPEAR = Words("muncul", "appear")
DISAPPEAR = Words("hilang", "disappear")
ASKED = Words("syarat baru", "newly asked")
DROPPED = Words("tidak disyaratkan lagi", "no longer asked")
APPROVED = Words("disetujui oleh", "approved by")
NOBODY = Words("tidak seorang pun", "nobody")
SUPERSEDED = Words("persetujuan yang harus diminta ulang", "approvals to be asked for anew")
CLOCK = Words("tenggat", "deadline")
BLOCKED = Words("TETAP", "STAYS")
LOOKED = Words(
    "{name}: {going} terbuka dengan versi lama; {free} dapat pindah ke versi {version}, {blocked} tetap.",
    "{name}: {going} open by an older version; {free} could pass into version {version}, {blocked} would stay.",
)
REQUESTED = Words(
    "Perpindahan {id} diminta untuk {subjects} kasus atau proses. Sidik: {digest}\nKepala dinas menyetujuinya: "
    "casework migrate-cases {name} --to {version} --approve {id} --as NAMA",
    "Migration {id} requested for {subjects} cases or processes. Digest: {digest}\nA head of the office approves it: "
    "casework migrate-cases {name} --to {version} --approve {id} --as NAME",
)
AGREED = Words(
    "Perpindahan {id} disetujui untuk {subjects} kasus atau proses.", "Migration {id} approved for {subjects} cases or processes."
)
SURE = Words("Setujui perpindahan dengan sidik {digest}?", "Approve the migration with the digest {digest}?")
OUTCOMES = {
    "passed": Words("pindah", "passed"),
    "already": Words("sudah pindah", "had passed already"),
    "ended": Words("sudah berakhir", "have ended"),
    "blocked": Words("tetap", "stay"),
    "failed": Words("gagal, coba lagi", "failed, try again"),
}
ONE_OF_THEM = Words(
    "Pilih satu: --dry-run, --request, --approve, --carry-out.", "Choose one: --dry-run, --request, --approve, --carry-out."
)


@click.command(name="migrate-cases")
@click.argument("machine")
@click.option("--to", "version", type=click.IntRange(min=2), required=True, help="Versi tujuan. / The version to pass into.")
@click.option("--dry-run", is_flag=True, help="Hanya melihat; tidak mengubah apa pun. / Only look; nothing is changed.")
@click.option("--request", "asking", is_flag=True, help="Minta perpindahan (--office, --as). / Ask for the move (--office, --as).")
@click.option("--approve", metavar="ID", default="", help="Setujui, sebagai kepala dinas (--as). / Approve, as the head (--as).")
@click.option("--carry-out", metavar="ID", default="", help="Lakukan yang sudah disetujui. / Carry out what was approved.")
@click.option("--office", default="", help="Id kantor. / Office id.")
@click.option("--as", "username", default="", help="Nama akun; kata sandi ditanyakan. / Account; the password is asked for.")
@click.option("--json", "as_json", is_flag=True, help="Satu baris JSON per kasus. / One line of JSON for each case.")
@click.pass_context
def command(  # noqa: PLR0913 - one parameter per option
    ctx: click.Context,
    *,
    machine: str,
    version: int,
    dry_run: bool,
    asking: bool,
    approve: str,
    carry_out: str,
    office: str,
    username: str,
    as_json: bool,
) -> None:
    """Pindahkan kasus terbuka ke versi aturan yang baru. / Let open cases pass into a newer version of the rules."""
    language = terminal_language(os.environ)
    if sum(map(bool, (dry_run, asking, approve, carry_out))) != 1:
        raise click.UsageError(ONE_OF_THEM.to(language))
    store = open_store(settings_of(ctx.obj))
    ctx.call_on_close(store.close)
    if dry_run:
        ctx.exit(_look(store, machine, version, office, language, as_json=as_json))
    if carry_out:
        ctx.exit(_carry_out(store, carry_out, language, as_json=as_json))
    call = _signed_in(store, username)
    if asking:
        made = migrations.request_migration(store, call, RequestMigration(machine=machine, version=version, office=office))
        click.echo(REQUESTED.to(language).format(name=machine, **msgspec.structs.asdict(made) | {"version": version}))
        return
    named = next((each for each in migrations.list_migrations(store, call) if each.id == approve), None)
    digest = named.digest if named else ""
    click.confirm(SURE.to(language).format(digest=digest or "?"), abort=True)
    done = migrations.approve_migration(store, call, ApproveMigration(migration=approve, digest=digest))
    click.echo(AGREED.to(language).format(id=done.id, subjects=done.subjects))


def _signed_in(store: Store, username: str) -> Call:
    """Return a call by the person who signs in here."""
    name = username or click.prompt("--as")
    password = click.prompt("Password", hide_input=True)
    now = datetime.now(UTC)
    who = enter(store, SignIn(username=name, password=password), TERMINAL).who
    return Call(who=who, at=now, through=Through(device=TERMINAL))


def _look(store: Store, name: str, version: int, office: str, language: Language, *, as_json: bool) -> int:
    """Print what passing would mean for each that is open; return 1 when something is blocked."""
    call, going, blocked = operator_call(), 0, 0
    with click.progressbar(length=migrations.older_cases(store, call, name, version, office), file=sys.stderr) as bar:
        for found in migrations.dry_run(store, call, name, version, office):
            bar.update(1)
            if found is not None:
                going, blocked = going + 1, blocked + bool(found.blocked)
                click.echo(msgspec.json.encode(found).decode() if as_json else "\n".join(line(found, language)))
    if not as_json:
        click.echo(LOOKED.to(language).format(name=name, version=version, going=going, free=going - blocked, blocked=blocked))
    return 1 if blocked else 0


def line(found: Passing, language: Language) -> Iterator[str]:
    """Yield what is told of one case: where it stands and would arrive, what stands against it, and what would be different."""
    where = f"{found.state} → {found.dest}" if found.dest != found.state else found.state
    yield f"{found.number or found.id}  v{found.from_version} → v{found.version}  {where if found.dest else found.state}"
    yield from (f"    {BLOCKED.to(language)}: {reason.words.to(language)} [{reason.code}]" for reason in found.blocked)
    differs = found.difference
    told = [(APPEAR, differs.appear), (DISAPPEAR, differs.disappear), (SUPERSEDED, found.superseded)]
    yield from (f"    {words.to(language)}: {', '.join(names)}" for words, names in told if names)
    for change in differs.changed:
        parts = [
            f"{words.to(language)}: {', '.join(codes)}" for words, codes in ((ASKED, change.asked), (DROPPED, change.dropped)) if codes
        ]
        if change.approved_by != change.approved_by_now:
            before, now = (", ".join(roles) or NOBODY.to(language) for roles in (change.approved_by, change.approved_by_now))
            parts.append(f"{APPROVED.to(language)}: {before} → {now}")
        yield f"    {change.trigger}: {'; '.join(parts)}"
    yield from (f"    {CLOCK.to(language)} {clock.name}: {clock.before or '–'} → {clock.after or '–'}" for clock in found.clocks)


def _carry_out(store: Store, migration: str, language: Language, *, as_json: bool) -> int:
    """Print what became of each; return 1 when something stays or failed."""
    call = operator_call()
    _, items = migrations.subjects_of(store, call, migration)
    outcomes: Counter[str] = Counter()
    with click.progressbar(migrations.migrate(store, call, migration), length=len(items), file=sys.stderr) as passed:
        for each in passed:
            outcomes[each.outcome] += 1
            if as_json:
                click.echo(msgspec.json.encode(each).decode())
            elif each.outcome in {"blocked", "failed"}:
                click.echo(_stayed(each, language))
    if not as_json:
        click.echo(", ".join(f"{outcomes[code]} {words.to(language)}" for code, words in OUTCOMES.items() if outcomes[code]))
    return 1 if outcomes["blocked"] or outcomes["failed"] else 0


def _stayed(each: Passed, language: Language) -> str:
    why = "; ".join(words.to(language) for words in each.reasons)
    return f"{each.number or each.id}  {each.state}: {OUTCOMES[each.outcome].to(language)}: {why}"
