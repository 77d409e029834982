"""Accounts and sessions: local sign-in with argon2, opaque sessions kept as digests, rotated at sign-in."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Annotated

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from casework.errors import Fault, Invalid, NotFound, NotSignedIn, Refusal, Throttled
from casework.ledger.event import Through
from casework.machines.guards.referring import PROVINCIAL
from casework.machines.refusals import four_eyes, role_not_allowed
from casework.machines.roles import ACCOUNT_ROLES
from casework.services.addresses import check_mail
from casework.services.refusals import not_cleared
from casework.store import journal, people, registers
from casework.store.call import HOUSE_ROLES, RECEIVER_ROLES, Call, Knock, Seat, Who
from casework.store.store import Store
from casework.store.unit import Unit
from casework.words import Language, Words

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
WINDOW = timedelta(minutes=15)
FAILURES_PER_ACCOUNT = 5
FAILURES_PER_ADDRESS = 30
MIN_PASSWORD = 12
_SETTLE = timedelta(minutes=1)

_hasher = PasswordHasher()
_hashing = threading.BoundedSemaphore(2)
NOBODY = Who(person="", account="anonymous", name="", seats=())


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who says they are whom."""

    username: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class SignedIn(msgspec.Struct, frozen=True):
    """A fresh session. `token` goes into the cookie and is stored nowhere; `csrf` is bound to this session."""

    token: str
    csrf: str
    who: Who


class Session(msgspec.Struct, frozen=True):
    """A valid session."""

    who: Who
    csrf: str
    token_hash: str


class NewAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An account for a natural person: a new one by `name`, or one that is known by `person`.

    `mail` is where they are told of urgent things at work, "" nowhere; `language` in which words, None: the installation's.
    """

    username: Annotated[str, msgspec.Meta(min_length=3, max_length=100)]
    password: Annotated[str, msgspec.Meta(max_length=200)]
    seats: tuple[Seat, ...]
    name: str = ""
    person: str = ""
    certificate_until: str | None = None
    mail: str = ""
    language: Language | None = None


class Created(msgspec.Struct, frozen=True):
    """What came into being."""

    account: str
    person: str


def sign_in(store: Store, at: datetime, ask: SignIn, *, address: str = "", through: Through | None = None) -> SignedIn:
    """Open a session. Raises NotSignedIn for any wrong pair (the same answer, the same work), Throttled after too many.

    An attempt is counted before its password is looked at, so that guesses made at the same time cannot pass the limit together.
    """
    through = through or Through()
    keys = [_digest("account", ask.username.lower()), *([_digest("address", address)] if address else [])]
    with store.write(Call(who=NOBODY, at=at, through=through)) as unit:
        unit.lock(*keys)
        if (held := _throttled(unit, at, keys)) is not None:
            _journal_throttled(unit, at, held)
            unit.commit()
            raise Throttled(int(WINDOW.total_seconds()))
        counted = tuple(people.note_attempt(unit, key) for key in keys)
        account = people.account_named(unit, ask.username)
        unit.commit()
    right = _matches(account.password_hash if account else _nobodys_hash(), ask.password)
    known = account if account and account.active and right else None
    who = NOBODY
    with store.write(Call(who=NOBODY, at=at, through=through)) as unit:
        if known is None:
            journal.append_for_actor(unit, "sign_in_refused", refused=True, codes=("wrong_credentials",))
            unit.commit()
            raise NotSignedIn
        found = people.who_is(unit, known.id, at)
        if found is None:
            raise NotSignedIn
        who = found
        people.forget_attempts(unit, counted)
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
        people.add_session(unit, known.id, hash_token(token), csrf, through.device)
        unit.call = Call(who=who, at=at, through=through)
        journal.append_for_actor(unit, "signed_in", role=who.seats[0].role if who.seats else "")
        unit.commit()
    return SignedIn(token, csrf, who)


def session_of(store: Store, at: datetime, token: str) -> Session:
    """Return the session of a token, with the roles valid now. Raises NotSignedIn when there is none, or it idled or aged out."""
    digest = hash_token(token)
    with store.read(Call(who=NOBODY, at=at)) as unit:
        unit.look_ahead(people.SESSION, people.SEATS, session=digest)
        session = _valid_session(unit, digest)
    if at - session.seen_at > _SETTLE:
        with store.write(Call(who=session.who, at=at)) as unit:
            people.touch_session(unit, digest)
            unit.commit()
    return Session(session.who, session.csrf, digest)


def come_in(unit: Unit, knock: Knock) -> None:
    """Find out who knocks, inside the unit that serves them. Raises NotSignedIn as `session_of` does."""
    session = _valid_session(unit, knock.through.session)
    unit.call = knock.by(session.who)
    knock.greet(session.who)


def note_use(unit: Unit, knock: Knock) -> None:
    """Note that the session of somebody who came in is being used: once all is known that is read beside it."""
    if knock.at - _valid_session(unit, knock.through.session).seen_at > _SETTLE:
        people.touch_session(unit, knock.through.session)


def _valid_session(unit: Unit, digest: str) -> people.SessionRow:
    session = people.find_session(unit, digest)
    at = unit.call.at
    if session is None or at - session.seen_at > IDLE or at - session.created_at > ABSOLUTE:
        raise NotSignedIn
    return session


def sign_out(store: Store, call: Call, token_hash: str) -> None:
    """End a session."""
    with store.write(call) as unit:
        people.end_session(unit, token_hash)
        journal.append_for_actor(unit, "signed_out")
        unit.commit()


def create_account(store: Store, call: Call, ask: NewAccount) -> Created:
    """Create an account with its seats. Raises Invalid for a weak password or an unknown role or place, Refusal for anyone but an admin."""
    _check_account(call, ask)
    if ask.mail:
        check_mail(ask.mail)
    hashed = hash_password(ask.password)
    with store.write(call) as unit:
        _check_places(unit, ask)
        person = ask.person or people.add_person(unit, ask.name.strip())
        account = people.add_account(unit, person, ask.username.lower(), hashed, ask.certificate_until)
        people.set_mail(unit, account, ask.mail or None, ask.language)
        for seat in ask.seats:
            people.add_seat(unit, account, seat)
        journal.append_for_actor(unit, "account_changed", role="admin", items=(account, person), reason_code="create_account")
        unit.commit()
    return Created(account, person)


def give_seat(store: Store, call: Call, username: str, seat: Seat) -> None:
    """Give an account one more seat: a second duty, or the old one back after a suspension. Nobody gives one to themselves.

    Raises NotFound, Invalid, and Refusal for anyone but an admin and for a house where the person may not work now (S6).
    """
    _check_admin(call)
    with store.write(call) as unit:
        account = people.account_named(unit, username)
        if account is None:
            raise NotFound("account")
        if account.person == call.who.person:
            raise Refusal((four_eyes(),))
        faults = tuple(_seat_faults((seat,)))
        if faults:
            raise Invalid(*faults)
        _check_places(unit, NewAccount(username=username, password="", seats=(seat,), person=account.person))
        if seat.host and not registers.may_work(unit, seat.host, account.person):
            raise Refusal((not_cleared(),))
        people.add_seat(unit, account.id, seat)
        journal.append_for_actor(unit, "account_changed", role="admin", items=(account.id, account.person), reason_code="give_seat")
        unit.commit()


def _check_account(call: Call, ask: NewAccount) -> None:
    _check_admin(call)
    if ask.person and ask.person == call.who.person:
        raise Refusal((four_eyes(),))
    faults = []
    if len(ask.password) < MIN_PASSWORD:
        words = Words(f"Kata sandi paling sedikit {MIN_PASSWORD} huruf.", f"The password needs at least {MIN_PASSWORD} characters.")
        faults.append(Fault("$.password", words))
    if bool(ask.name.strip()) == bool(ask.person):
        faults.append(
            Fault("$.name", Words("Sebutkan nama orang, atau orang yang sudah ada.", "Give a name, or a known person: one of them."))
        )
    faults.extend(_seat_faults(ask.seats))
    if ask.certificate_until is not None and not _is_day(ask.certificate_until):
        words = Words("Bukan tanggal yang sah (contoh: 2027-12-31).", "Not a valid date (example: 2027-12-31).")
        faults.append(Fault("$.certificate_until", words))
    if faults:
        raise Invalid(*faults)


def _check_admin(call: Call) -> None:
    """Accounts and offices are an administrator's, and change when it is written down, not before. Raises Refusal or Invalid."""
    if not call.who.holds("admin"):
        raise Refusal((role_not_allowed(("admin",)),))
    if call.occurred_at is not None:
        words = Words("Akun berubah saat dicatat, tidak sebelumnya.", "An account changes when it is written down, not before.")
        raise Invalid(Fault("$.occurred_at", words))


def _seat_faults(seats: tuple[Seat, ...]) -> Iterator[Fault]:
    only_houses = Words("Hanya peran LKSA yang terikat pada satu LKSA.", "Only an institution's roles belong to one institution.")
    only_receivers = Words(
        "Hanya petugas penerima yang terikat pada satu lembaga tujuan.", "Only a receiver's officer belongs to a receiving body."
    )
    for place, seat in enumerate(seats):
        if seat.role not in ACCOUNT_ROLES:
            yield Fault(f"$.seats[{place}].role", Words(f"Peran tidak dikenal: {seat.role}", f"Unknown role: {seat.role}"))
        if seat.host and seat.role not in HOUSE_ROLES:
            yield Fault(f"$.seats[{place}].host", only_houses)
        if seat.body and (seat.role not in RECEIVER_ROLES or seat.host):
            yield Fault(f"$.seats[{place}].body", only_receivers)


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


def suspend_account(store: Store, call: Call, username: str, *, active: bool = False) -> None:
    """Suspend (or restore) an account. Its sessions end, and none comes back with it. Raises NotFound, Refusal."""
    _check_admin(call)
    with store.write(call) as unit:
        account = people.account_named(unit, username)
        if account is None:
            raise NotFound("account")
        people.set_active(unit, account.id, active=active)
        people.end_sessions(unit, account.id)
        reason = "restore_account" if active else "suspend_account"
        journal.append_for_actor(unit, "account_changed", role="admin", items=(account.id,), reason_code=reason)
        unit.commit()


def set_password(store: Store, call: Call, username: str, password: str) -> None:
    """Set a new password; whoever is inside with the old one must sign in again. Raises NotFound, Invalid, Refusal."""
    _check_account(call, NewAccount(username=username, password=password, seats=(), person="known"))
    hashed = hash_password(password)
    with store.write(call) as unit:
        account = people.account_named(unit, username)
        if account is None:
            raise NotFound("account")
        people.set_password(unit, account.id, hashed)
        people.end_sessions(unit, account.id)
        journal.append_for_actor(unit, "account_changed", role="admin", items=(account.id,), reason_code="set_password")
        unit.commit()


def set_mail(store: Store, call: Call, username: str, mail: str, language: Language | None = None) -> None:
    """Say where somebody is told of urgent things ("" nowhere), and in which language. Raises NotFound, Invalid, Refusal.

    The address itself reaches no entry of the journal.
    """
    _check_admin(call)
    if mail:
        check_mail(mail)
    with store.write(call) as unit:
        account = people.account_named(unit, username)
        if account is None:
            raise NotFound("account")
        people.set_mail(unit, account.id, mail or None, language)
        journal.append_for_actor(unit, "account_changed", role="admin", items=(account.id,), reason_code="set_mail")
        unit.commit()


def usernames(store: Store, at: datetime, accounts: frozenset[str]) -> dict[str, str]:
    """Return the usernames of accounts by id, for the terminal of whoever looks after them."""
    with store.read(Call(who=NOBODY, at=at)) as unit:
        return people.usernames(unit, accounts)


def create_office(store: Store, call: Call, name: str, kind: str, district_code: str | None = None) -> str:
    """Enter an office and return its id. Raises Refusal for anyone but an admin."""
    _check_admin(call)
    with store.write(call) as unit:
        office = people.add_office(unit, name, kind, district_code)
        journal.append_for_actor(unit, "account_changed", role="admin", items=(office,), reason_code="create_office")
        unit.commit()
    return office


def hash_password(password: str) -> str:
    """Return an argon2id hash; at most two are computed at once, so sign-ins cannot exhaust the machine."""
    with _hashing:
        return _hasher.hash(password)


@cache
def _nobodys_hash() -> str:
    """Return the hash that a name without an account is compared with, so that it takes as long. Made when first needed: it costs 0.1 s."""
    return hash_password(secrets.token_hex(8))


def hash_token(token: str) -> str:
    """SHA-256 (hex) of a session token: what the database keeps."""
    return hashlib.sha256(token.encode()).hexdigest()


def _matches(hashed: str, password: str) -> bool:
    with _hashing:
        try:
            return _hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def _digest(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}\x00{value}".encode()).hexdigest()


def _throttled(unit: Unit, at: datetime, keys: list[str]) -> str | None:
    """Return the account name or address (as digests) that has failed too often lately, or None."""
    limits = zip(keys, (FAILURES_PER_ACCOUNT, FAILURES_PER_ADDRESS), strict=False)
    return next((key for key, limit in limits if people.attempts_since(unit, key, at - WINDOW) >= limit), None)


def _journal_throttled(unit: Unit, at: datetime, key: str) -> None:
    """Journal that somebody waits: one entry for each name or address and window.

    Entries are never deleted, so whoever hammers the door must not decide how many there are. Like every refused sign-in it names no
    account, and it is the same for a name that nobody bears.
    """
    told = _digest("throttled", key)
    if people.attempts_since(unit, told, at - WINDOW):
        return
    people.note_attempt(unit, told)
    journal.append_for_actor(unit, "sign_in_refused", refused=True, codes=("throttled",))
