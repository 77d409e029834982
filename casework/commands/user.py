"""`casework user`: accounts, from the machine's own terminal. Passwords are asked for, never given as arguments."""

from pathlib import Path

import click

from casework.commands.opening import open_store, operator_call, settings_of
from casework.machines.policy import Action
from casework.machines.policy.rows import DELEGABLE
from casework.machines.roles import ACCOUNT_ROLES
from casework.services import delegations, identities, invitations, people, second_factor, tokens
from casework.settings import Settings
from casework.store.call import ASKED_ROLES, Seat
from casework.words import Language

_password = click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Ditanyakan. / Asked for.")
_area = click.option(
    "--area", default=None, help="Kode kecamatan (TKSK) atau desa (PSM), mis. 64.02.06. / District or village code, for a TKSK or PSM."
)
_asked = click.option("--password", default=None, hidden=True, help="Ditanyakan. / Asked for.")


_language = click.option(
    "--language", type=click.Choice(["id", "en"]), default=None, help="Bahasa surel; bila kosong, bahasa instalasi. / Of the mail."
)


@click.group(name="user")
def command() -> None:
    """Kelola akun dan peran. / Look after accounts and roles."""


@command.command()
@click.argument("name")
@click.option("--kind", type=click.Choice(["dinas", "lksa", "province", "inspectorate", "other"]), default="dinas", show_default=True)
@click.option("--district", default=None, help="Kode kecamatan. / District code.")
@click.pass_obj
def office(folder: Path | None, name: str, kind: str, district: str | None) -> None:
    """Daftarkan kantor; mencetak id-nya. / Enter an office; prints its id."""
    store = open_store(settings_of(folder))
    click.echo(people.create_office(store, operator_call(), name, kind, district))


@command.command()
@click.argument("username")
@click.option("--name", default="", help="Nama orang. / The person's name.")
@click.option("--person", default="", help="Id orang yang sudah ada, untuk akun kedua. / Id of a known person, for a second account.")
@click.option("--role", type=click.Choice(sorted(ACCOUNT_ROLES)), required=True, multiple=True)
@click.option("--office", required=True, help="Id kantor. / Office id.")
@click.option("--host", default=None, help="Id LKSA, untuk petugas LKSA. / Institution id, for its own staff.")
@click.option("--body", default=None, help="Id lembaga tujuan, untuk petugas penerima rujukan. / Receiving body id, for its officer.")
@_area
@click.option("--certificate-until", default=None, help="Tanggal (2027-12-31), untuk pekerja sosial. / For social workers.")
@click.option("--mail", default="", help="Alamat surel dinas, untuk hal mendesak. / E-mail at work, for urgent things.")
@_language
@click.option("--invite", is_flag=True, help="Tanpa kata sandi: cetak tautan undangan. / No password: print a link with which it is set.")
@click.option("--service", is_flag=True, help="Program lain: memakai token. / Another program: it shows tokens.")
@_asked
@click.pass_obj
def add(  # noqa: PLR0913, PLR0917 - one parameter per option
    folder: Path | None,
    username: str,
    name: str,
    person: str,
    role: tuple[str, ...],
    office: str,
    host: str | None,
    body: str | None,
    area: str | None,
    certificate_until: str | None,
    mail: str,
    language: Language | None,
    service: bool,  # noqa: FBT001 - click gives it by name
    invite: bool,  # noqa: FBT001 - click gives it by name
    password: str | None,
) -> None:
    """Buat akun; mencetak id akun dan orangnya. / Create an account; prints the ids of account and person."""
    if not (invite or service) and password is None:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    seats = tuple(Seat(each, office, host, body, area if each in ASKED_ROLES else None) for each in role)
    ask = people.NewAccount(
        username=username,
        password=None if invite else password,
        service=service,
        seats=seats,
        name=name,
        person=person,
        certificate_until=certificate_until,
        mail=mail,
        language=language,
    )
    settings = settings_of(folder)
    made = people.create_account(open_store(settings), operator_call(), ask)
    click.echo(f"account {made.account}\nperson {made.person}")
    if made.invitation:
        _tell_link(settings, made.invitation)


@command.command()
@click.argument("username")
@click.pass_obj
def invite(folder: Path | None, username: str) -> None:
    """Cetak tautan sekali pakai untuk menetapkan kata sandi. / Print a link, for once, with which somebody sets their password."""
    settings = settings_of(folder)
    _tell_link(settings, invitations.invite(open_store(settings), operator_call(), username))


@command.command(name="second-factor")
@click.argument("username")
@click.pass_obj
def second_factor_lost(folder: Path | None, username: str) -> None:
    """Hapus kode dari telepon yang hilang. / Take away a second factor whose telephone and codes are lost."""
    second_factor.take_away(open_store(settings_of(folder)), operator_call(), username)
    click.echo(f"{username}: tanpa kode / no second factor")


@command.command()
@click.argument("username")
@click.argument("name")
@click.option("--action", multiple=True, required=True, help="read, atau nama operasi. / read, or an operation: register_case ...")
@click.option("--office", multiple=True, help="Hanya kantor ini. / These offices only.")
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True)
@click.pass_obj
def token(folder: Path | None, username: str, name: str, action: tuple[str, ...], office: tuple[str, ...], days: int) -> None:
    """Cetak token untuk akun layanan, sekali. / Print a token of a service account, once."""
    ask = tokens.NewToken(username=username, name=name, actions=action, days=days, offices=office)
    click.echo(tokens.make_token(open_store(settings_of(folder)), operator_call(), ask))


@command.command(name="end-token")
@click.argument("username")
@click.argument("name")
@click.pass_obj
def end_token(folder: Path | None, username: str, name: str) -> None:
    """Akhiri token. / End a token at once."""
    tokens.end_token(open_store(settings_of(folder)), operator_call(), username, name)
    click.echo(f"{username} {name}: berakhir / ended")


@command.command()
@click.argument("username")
@click.argument("subject")
@click.pass_obj
def link(folder: Path | None, username: str, subject: str) -> None:
    """Hubungkan akun dengan penyedia masuk. / Let somebody sign in with the provider, by the subject it knows them by."""
    settings = settings_of(folder)
    identities.link_identity(open_store(settings), operator_call(), username, settings.oidc.issuer, subject)
    click.echo(f"{username}: {settings.oidc.issuer} {subject}")


@command.command()
@click.argument("username")
@click.pass_obj
def unlink(folder: Path | None, username: str) -> None:
    """Putuskan hubungan dengan penyedia masuk. / End somebody's links to the provider, and their sessions."""
    identities.unlink_identity(open_store(settings_of(folder)), operator_call(), username)
    click.echo(f"{username}: -")


def _tell_link(settings: Settings, token: str) -> None:
    site = settings.mail.links.rstrip("/") or f"http://{settings.http.host}:{settings.http.port}"
    click.echo(f"{site}/invitation/{token}")
    click.echo("Berlaku 72 jam, sekali pakai: serahkan langsung kepada orangnya. / Valid 72 hours, once: hand it to the person.", err=True)


@command.command()
@click.argument("username")
@click.option("--role", type=click.Choice(sorted(ACCOUNT_ROLES)), required=True)
@click.option("--office", required=True, help="Id kantor. / Office id.")
@click.option("--host", default=None, help="Id LKSA, untuk petugas LKSA. / Institution id, for its own staff.")
@_area
@click.pass_obj
def seat(folder: Path | None, username: str, role: str, office: str, host: str | None, area: str | None) -> None:
    """Beri akun satu tugas lagi, atau kembalikan sesudah pembekuan. / Give an account one more seat, or the old one back."""
    people.give_seat(open_store(settings_of(folder)), operator_call(), username, Seat(role, office, host, area=area))
    click.echo(f"{username}: {role}")


@command.command(name="delegate")
@click.argument("giver")
@click.argument("taker")
@click.option("--role", required=True, help="supervisor, dinas_head")
@click.option("--office", required=True, help="Id kantor. / Office id.")
@click.option("--days", type=click.IntRange(1, 30), required=True)
@click.option("--from", "starts_on", default="", help="Tanggal; kosong: sekarang. / A day; empty: now.")
@click.option("--action", multiple=True, type=click.Choice(DELEGABLE), help="Hanya ini. / These only.")
@click.pass_obj
def delegate_role(  # noqa: PLR0917 - one parameter per option
    folder: Path | None, giver: str, taker: str, role: str, office: str, days: int, starts_on: str, action: tuple[Action, ...]
) -> None:
    """Limpahkan jabatan seseorang yang berhalangan; mencetak id-nya. / Delegate the role of somebody who cannot; prints its id."""
    ask = delegations.Delegate(giver=giver, taker=taker, role=role, office=office, days=days, starts_on=starts_on, actions=action)
    made = delegations.delegate(open_store(settings_of(folder)), operator_call(), ask)
    click.echo(f"{made.id} {giver} -> {taker}: {made.until:%Y-%m-%d %H:%M} UTC")


@command.command(name="delegations")
@click.pass_obj
def list_standing(folder: Path | None) -> None:
    """Daftar pelimpahan dan pengganti. / List who stands in for whom, in force or to come."""
    for one in delegations.list_delegations(open_store(settings_of(folder)), operator_call()):
        click.echo(f"{one.id} {one.giver} -> {one.taker} ({one.role.id}): {one.starts_at:%Y-%m-%d} - {one.ends_at:%Y-%m-%d}")


@command.command(name="end-delegation")
@click.argument("delegation")
@click.pass_obj
def end_standing(folder: Path | None, delegation: str) -> None:
    """Akhiri pelimpahan atau pengganti seketika. / End a delegation or a cover at once."""
    delegations.end_delegation(open_store(settings_of(folder)), operator_call(), delegations.EndDelegation(delegation=delegation))
    click.echo(f"{delegation}: berakhir / ended")


@command.command()
@click.argument("username")
@click.pass_obj
def suspend(folder: Path | None, username: str) -> None:
    """Bekukan akun: berlaku pada permintaan berikutnya. / Suspend an account: in force with its next request."""
    people.suspend_account(open_store(settings_of(folder)), operator_call(), username)
    click.echo(f"{username}: beku / suspended")


@command.command()
@click.argument("username")
@click.pass_obj
def restore(folder: Path | None, username: str) -> None:
    """Pulihkan akun. / Restore an account."""
    people.suspend_account(open_store(settings_of(folder)), operator_call(), username, active=True)
    click.echo(f"{username}: aktif / active")


@command.command()
@click.argument("username")
@click.argument("address", default="")
@_language
@click.pass_obj
def mail(folder: Path | None, username: str, address: str, language: Language | None) -> None:
    """Atur alamat surel untuk hal mendesak; kosong menghapusnya. / Set where urgent things are told; nothing removes it."""
    people.set_mail(open_store(settings_of(folder)), operator_call(), username, address, language)
    click.echo(f"{username}: {address or '-'}")


@command.command()
@click.argument("username")
@_password
@click.pass_obj
def password(folder: Path | None, username: str, password: str) -> None:
    """Ganti kata sandi. / Set a new password."""
    people.set_password(open_store(settings_of(folder)), operator_call(), username, password)
    click.echo(f"{username}: kata sandi diganti / password changed")
