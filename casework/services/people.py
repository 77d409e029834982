"""Accounts and offices: who may work here, with which seats, and who no longer may. An administrator's business."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated

import msgspec

from casework.errors import Fault, Invalid, NotFound, Refusal
from casework.machines.guards.referring import PROVINCIAL
from casework.machines.policy.terms import OF_A_DISTRICT
from casework.machines.refusals import four_eyes
from casework.machines.roles import ACCOUNT_ROLES
from casework.services.addresses import check_mail
from casework.services.admins import ADMINS, administered
from casework.services.areas import is_district, village_names
from casework.services.captions import OFFICE_KINDS
from casework.services.invitations import offer
from casework.services.passwords import hash_password, password_faults
from casework.services.refusals import last_admin, not_cleared
from casework.services.sessions import NOBODY
from casework.store import accounts, journal, people, registers, sessions
from casework.store.call import ASKED_ROLES, HOUSE_ROLES, RECEIVER_ROLES, Call, Seat
from casework.store.store import Store
from casework.store.unit import Unit
from casework.words import Language, Words

_NO_DAY = Fault("$.certificate_until", Words("Bukan tanggal yang sah (contoh: 2027-12-31).", "Not a valid date (example: 2027-12-31)."))
_NO_NAME = Words("Kantor harus bernama.", "An office must have a name.")
_NO_PASSWORD = Words("Akun layanan tidak memakai kata sandi.", "A service account has no password.")


class NewAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An account for a natural person: a new one by `name`, or one that is known by `person`.

    Without a `password` they are invited to set one. `mail` is where they are told of urgent things at work, "" nowhere; `language` in
    which words, None: the installation's. A `service` is another program: it has no password and is not invited, it shows tokens.
    """

    username: Annotated[str, msgspec.Meta(min_length=3, max_length=100)]
    password: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    seats: tuple[Seat, ...]
    name: str = ""
    person: str = ""
    certificate_until: str | None = None
    mail: str = ""
    language: Language | None = None
    service: bool = False


class Created(msgspec.Struct, frozen=True):
    """What came into being. `invitation` is the token of the link with which the person sets their password, "" where they have one."""

    account: str
    person: str
    invitation: str = ""


@administered
def create_account(store: Store, call: Call, ask: NewAccount) -> Created:
    """Create an account with its seats. Raises Invalid for a weak password or an unknown role or place, Refusal for anyone but an admin."""
    _check_account(call, ask)
    if ask.mail:
        check_mail(ask.mail)
    hashed = "" if ask.password is None else hash_password(ask.password)
    with store.write(call) as unit:
        _check_places(unit, ask)
        person = ask.person or people.add_person(unit, ask.name.strip())
        account = people.add_account(unit, person, ask.username.lower(), hashed, ask.certificate_until, service=ask.service)
        people.set_mail(unit, account, ask.mail or None, ask.language)
        for seat in ask.seats:
            people.add_seat(unit, account, seat)
        journal.append_for_actor(unit, "account_changed", role="admin", items=(account, person), reason_code="create_account")
        invitation = "" if hashed or ask.service else offer(unit, account)
        unit.commit()
    return Created(account, person, invitation)


@administered
def give_seat(store: Store, call: Call, username: str, seat: Seat) -> None:
    """Give an account one more seat: a second duty, or the old one back after a suspension. Nobody gives one to themselves.

    Raises NotFound, Invalid, and Refusal for anyone but an admin and for a house where the person may not work now (S6).
    """
    with store.write(call) as unit:
        account = people.account_named(unit, username)
        if account is None:
            raise NotFound("account")
        if account.person == call.who.person:
            raise Refusal((four_eyes(),))
        faults = tuple(_seat_faults((seat,)))
        if faults:
            raise Invalid(*faults)
        _check_places(unit, NewAccount(username=username, seats=(seat,), person=account.person))
        if seat.host and not registers.may_work(unit, seat.host, account.person):
            raise Refusal((not_cleared(),))
        people.add_seat(unit, account.id, seat)
        journal.append_for_actor(unit, "account_changed", role="admin", items=(account.id, account.person), reason_code="give_seat")
        unit.commit()


@administered
def end_seat(store: Store, call: Call, username: str, seat: str) -> None:
    """End one seat of an account at once. Raises NotFound, and Refusal for no admin or for the last one there is."""
    with store.write(call) as unit:
        account = people.account_named(unit, username)
        held = {one.id: one.role for one in accounts.seats_of(unit, frozenset({account.id})) if one.holds(call.at)} if account else {}
        if account is None or seat not in held:
            raise NotFound("seat")
        if held[seat] in ADMINS:
            _check_admins_left(unit, account.id)
        people.end_seat(unit, seat)
        journal.append_for_actor(unit, "account_changed", role="admin", items=(account.id, account.person), reason_code="end_seat")
        unit.commit()


def _check_admins_left(unit: Unit, account: str) -> None:
    """Without an administrator nobody could let anybody in again. Raises Refusal for the last one who can sign in."""
    unit.lock("administrators")
    if accounts.holders_of(unit, ADMINS) == {account}:
        raise Refusal((last_admin(),))


def _check_account(call: Call, ask: NewAccount) -> None:
    if ask.person and ask.person == call.who.person:
        raise Refusal((four_eyes(),))
    faults = [] if ask.password is None else [*password_faults(ask.password, ask.username)]
    if ask.service and ask.password is not None:
        faults.append(Fault("$.password", _NO_PASSWORD))
    if bool(ask.name.strip()) == bool(ask.person):
        faults.append(
            Fault("$.name", Words("Sebutkan nama orang, atau orang yang sudah ada.", "Give a name, or a known person: one of them."))
        )
    faults.extend(_seat_faults(ask.seats))
    if ask.certificate_until is not None and not _is_day(ask.certificate_until):
        faults.append(_NO_DAY)
    if faults:
        raise Invalid(*faults)


def _seat_faults(seats: tuple[Seat, ...]) -> Iterator[Fault]:
    only_houses = Words("Hanya peran LKSA yang terikat pada satu LKSA.", "Only an institution's roles belong to one institution.")
    only_receivers = Words(
        "Hanya petugas penerima yang terikat pada satu lembaga tujuan.", "Only a receiver's officer belongs to a receiving body."
    )
    for place, seat in enumerate(seats):
        if (wrong := _area_fault(seat)) is not None:
            yield Fault(f"$.seats[{place}].area", wrong)
        if seat.role not in ACCOUNT_ROLES:
            yield Fault(f"$.seats[{place}].role", Words(f"Peran tidak dikenal: {seat.role}", f"Unknown role: {seat.role}"))
        if seat.host and seat.role not in HOUSE_ROLES:
            yield Fault(f"$.seats[{place}].host", only_houses)
        if seat.body and (seat.role not in RECEIVER_ROLES or seat.host):
            yield Fault(f"$.seats[{place}].body", only_receivers)


def _area_fault(seat: Seat) -> Words | None:
    """A TKSK works in a district, a PSM in a district or a village (DOMAIN 4); nobody else's seat has either."""
    if seat.role not in ASKED_ROLES:
        return Words("Hanya TKSK dan PSM yang terikat pada satu wilayah.", "Only a TKSK or PSM belongs to an area.") if seat.area else None
    if seat.role in OF_A_DISTRICT:
        known = is_district(seat.area or "")
        return None if known else Words("Pilih kecamatan tempat TKSK ini bertugas.", "Choose the district in which this TKSK works.")
    known = is_district(seat.area or "") or seat.area in village_names()
    return None if known else Words("Pilih kecamatan atau desa tempat PSM ini bertugas.", "Choose the district or village of this PSM.")


def _check_places(unit: Unit, ask: NewAccount) -> None:
    """The person, the offices and the institutions named are in the register. Raises Invalid with every one that is not."""
    faults = []
    if ask.person and not people.names_of(unit, frozenset({ask.person})):
        faults.append(Fault("$.person", Words("Orang ini tidak ada dalam daftar.", "This person is not in the register.")))
    no_office = Words("Kantor ini tidak ada dalam daftar.", "This office is not in the register.")
    no_host = Words("LKSA ini tidak ada dalam daftar.", "This institution is not in the register.")
    no_body = Words("Lembaga ini bukan Dinas provinsi atau UPTD yang terdaftar.", "This is no registered body of the province.")
    for place, seat in enumerate(ask.seats):
        if not people.is_office(unit, seat.office):
            faults.append(Fault(f"$.seats[{place}].office", no_office))
        if seat.host and not registers.is_host(unit, seat.host):
            faults.append(Fault(f"$.seats[{place}].host", no_host))
        if seat.body and registers.kind_of_body(unit, seat.body) not in PROVINCIAL:
            faults.append(Fault(f"$.seats[{place}].body", no_body))
    if faults:
        raise Invalid(*faults)


def _is_day(text: str) -> bool:
    """Whether this is an ISO date: a worker's every request reads it."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@administered
def suspend_account(store: Store, call: Call, username: str, *, active: bool = False) -> None:
    """Suspend (or restore) an account. Its sessions end, and none comes back with it. Raises NotFound, Refusal."""
    with store.write(call) as unit:
        account = people.account_named(unit, username)
        if account is None:
            raise NotFound("account")
        if not active:
            _check_admins_left(unit, account.id)
        people.set_active(unit, account.id, active=active)
        sessions.end_sessions(unit, account.id)
        reason = "restore_account" if active else "suspend_account"
        journal.append_for_actor(unit, "account_changed", role="admin", items=(account.id,), reason_code=reason)
        unit.commit()


@administered
def set_password(store: Store, call: Call, username: str, password: str) -> None:
    """Set a new password; whoever is inside with the old one must sign in again. Raises NotFound, Invalid, Refusal."""
    _check_account(call, NewAccount(username=username, password=password, seats=(), person="known"))
    hashed = hash_password(password)
    with store.write(call) as unit:
        account = people.account_named(unit, username)
        if account is None or account.service:
            raise NotFound("account")
        people.set_password(unit, account.id, hashed)
        sessions.end_sessions(unit, account.id)
        journal.append_for_actor(unit, "account_changed", role="admin", items=(account.id,), reason_code="set_password")
        unit.commit()


@administered
def set_mail(store: Store, call: Call, username: str, mail: str, language: Language | None = None) -> None:
    """Say where somebody is told of urgent things ("" nowhere), and in which language. Raises NotFound, Invalid, Refusal.

    The address itself reaches no entry of the journal.
    """
    if mail:
        check_mail(mail)
    with store.write(call) as unit:
        account = people.account_named(unit, username)
        if account is None:
            raise NotFound("account")
        people.set_mail(unit, account.id, mail or None, language)
        journal.append_for_actor(unit, "account_changed", role="admin", items=(account.id,), reason_code="set_mail")
        unit.commit()


@administered
def set_certificate(store: Store, call: Call, username: str, until: str) -> None:
    """Enter until when a social worker's certificate is valid (an ISO date), or that there is none (""). Raises NotFound, Invalid, Refusal.

    It opens the work with cases, so nobody enters their own.
    """
    if until and not _is_day(until):
        raise Invalid(_NO_DAY)
    with store.write(call) as unit:
        account = people.account_named(unit, username)
        if account is None or account.service:
            raise NotFound("account")
        if account.person == call.who.person:
            raise Refusal((four_eyes(),))
        people.set_certificate(unit, account.id, until or None)
        journal.append_for_actor(unit, "account_changed", role="admin", items=(account.id,), reason_code="set_certificate")
        unit.commit()


@administered
def end_sessions(store: Store, call: Call, username: str) -> None:
    """End every session of an account: a telephone was lost, or somebody left a screen open. Raises NotFound, Refusal."""
    with store.write(call) as unit:
        account = people.account_named(unit, username)
        if account is None:
            raise NotFound("account")
        sessions.end_sessions(unit, account.id)
        journal.append_for_actor(unit, "account_changed", role="admin", items=(account.id,), reason_code="end_sessions")
        unit.commit()


def usernames(store: Store, at: datetime, accounts: frozenset[str]) -> dict[str, str]:
    """Return the usernames of accounts by id, for the terminal of whoever looks after them."""
    with store.read(Call(who=NOBODY, at=at)) as unit:
        return people.usernames(unit, accounts)


@administered
def create_office(store: Store, call: Call, name: str, kind: str, district_code: str | None = None) -> str:
    """Enter an office and return its id. Raises Invalid without a name, Refusal for anyone but an admin."""
    if not name.strip():
        raise Invalid(Fault("$.name", _NO_NAME))
    if kind not in OFFICE_KINDS:
        raise Invalid(Fault("$.kind", Words("Pilih jenis kantornya.", "Choose what kind of office it is.")))
    with store.write(call) as unit:
        office = people.add_office(unit, name.strip(), kind, district_code)
        journal.append_for_actor(unit, "account_changed", role="admin", items=(office,), reason_code="create_office")
        unit.commit()
    return office


@administered
def rename_office(store: Store, call: Call, office: str, name: str) -> None:
    """Give an office another name; what was written under the old one keeps its id. Raises NotFound, Invalid, Refusal."""
    if not name.strip():
        raise Invalid(Fault("$.name", _NO_NAME))
    with store.write(call) as unit:
        if not people.rename_office(unit, office, name.strip()):
            raise NotFound("office")
        journal.append_for_actor(unit, "account_changed", role="admin", items=(office,), reason_code="rename_office")
        unit.commit()
