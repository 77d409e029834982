"""Accounts as pages, for an administrator: who may come in, as what, and what to do about it. The same services as the terminal's."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response.redirect import Redirect

from casework.errors import Fault, Invalid
from casework.http.pages.captions import NOTICES
from casework.http.pages.reading import fields_of
from casework.http.pages.rendering import Asked, page, see
from casework.http.session import call_of, site_of, store_of
from casework.machines.forms.reading import read
from casework.machines.roles import ACCOUNT_ROLES, ROLES, account_words
from casework.services import invitations, people, second_factor
from casework.services.accounts import list_people, places, show_account
from casework.services.people import NewAccount
from casework.store.call import Seat
from casework.words import Language

SEATED = ("role", "office", "host", "body", "area")
NOT_EACH = frozenset({"host", "body", "area"})
"""What only some seats have."""
ROLE_WORDS = {role: account_words(role) for role in ROLES if role in ACCOUNT_ROLES}
LANGUAGES: dict[str, Language] = {"id": "id", "en": "en"}
PEOPLE = "/admin/people"
HOURS = int(invitations.VALID_FOR.total_seconds() // 3600)


@get(PEOPLE, sync_to_thread=True)
def people_list(request: Asked) -> Response[Any]:
    """List accounts, or those whose name holds what is sought."""
    sought = request.query_params.get("q", "").strip()[:100]
    found = list_people(store_of(request), call_of(request), sought, request.query_params.get("after", ""))
    older = urlencode({"q": sought, "after": found.after}) if found.after else ""
    return page(request, "admin_people.html", found=found, sought=sought, older=older, notice=_notice(request))


@get("/admin/people/new", sync_to_thread=True)
def new_account_page(request: Asked) -> Response[Any]:
    """Ask whom to invite."""
    return _asked_for(request, {})


@post(PEOPLE, sync_to_thread=True)
def add_account(request: Asked) -> Response[Any]:
    """Create an account and show the link with which its person sets the password: once."""
    typed = fields_of(request)
    raw: dict[str, Any] = {name: typed.get(name, "") for name in ("username", "name", "mail")}
    raw |= {"certificate_until": typed.get("certificate_until") or None, "seats": [_seat_typed(typed)]}
    if of := typed.get("of", ""):
        raw |= {"name": "", "person": show_account(store_of(request), call_of(request), of).account.person}
    try:
        made = people.create_account(store_of(request), call_of(request), read(NewAccount, raw))
    except Invalid as invalid:
        return _asked_for(request, typed, faults=invalid.faults)
    return _invited(request, made.account, made.invitation)


@get("/admin/people/{account_id:str}", sync_to_thread=True)
def account_admin_page(request: Asked, account_id: FromPath[str]) -> Response[Any]:
    """Show one account."""
    return _account(request, account_id)


@post("/admin/people/{account_id:str}/invitation", sync_to_thread=True)
def invite_again(request: Asked, account_id: FromPath[str]) -> Response[Any]:
    """Make a new link: for who forgot the password, or never set one."""
    token = invitations.invite(store_of(request), call_of(request), _username(request, account_id))
    return _invited(request, account_id, token)


@post("/admin/people/{account_id:str}/seats", sync_to_thread=True)
def give_account_seat(request: Asked, account_id: FromPath[str]) -> Response[Any] | Redirect:
    """Give one more seat."""
    typed = fields_of(request)
    try:
        seat = read(Seat, _seat_typed(typed))
        people.give_seat(store_of(request), call_of(request), _username(request, account_id), seat)
    except Invalid as invalid:
        return _account(request, account_id, faults=invalid.faults, typed=typed)
    return _done(account_id, "seat_given")


@post("/admin/people/{account_id:str}/seats/{seat_id:str}/end", sync_to_thread=True)
def end_account_seat(request: Asked, account_id: FromPath[str], seat_id: FromPath[str]) -> Redirect:
    """End a seat at once."""
    people.end_seat(store_of(request), call_of(request), _username(request, account_id), seat_id)
    return _done(account_id, "seat_ended")


@post("/admin/people/{account_id:str}/suspension", sync_to_thread=True)
def suspend_or_restore(request: Asked, account_id: FromPath[str]) -> Redirect:
    """Suspend an account, or let it in again: `active` says which."""
    active = fields_of(request).get("active") == "1"
    people.suspend_account(store_of(request), call_of(request), _username(request, account_id), active=active)
    return _done(account_id, "account_restored" if active else "account_suspended")


@post("/admin/people/{account_id:str}/sessions/end", sync_to_thread=True)
def end_account_sessions(request: Asked, account_id: FromPath[str]) -> Redirect:
    """End every session of an account."""
    people.end_sessions(store_of(request), call_of(request), _username(request, account_id))
    return _done(account_id, "sessions_ended")


@post("/admin/people/{account_id:str}/second-factor/removal", sync_to_thread=True)
def take_second_factor_away(request: Asked, account_id: FromPath[str]) -> Redirect:
    """Take away codes of a telephone that was lost."""
    second_factor.take_away(store_of(request), call_of(request), _username(request, account_id))
    return _done(account_id, "factor_removed")


@post("/admin/people/{account_id:str}/certificate", sync_to_thread=True)
def enter_certificate(request: Asked, account_id: FromPath[str]) -> Response[Any] | Redirect:
    """Enter until when a certificate is valid."""
    typed = fields_of(request)
    try:
        until = typed.get("certificate_until", "")
        people.set_certificate(store_of(request), call_of(request), _username(request, account_id), until)
    except Invalid as invalid:
        return _account(request, account_id, faults=invalid.faults, typed=typed)
    return _done(account_id, "certificate_set")


@post("/admin/people/{account_id:str}/mail", sync_to_thread=True)
def enter_mail(request: Asked, account_id: FromPath[str]) -> Response[Any] | Redirect:
    """Say where somebody is told of urgent things."""
    typed = fields_of(request)
    try:
        username, spoken = _username(request, account_id), LANGUAGES.get(typed.get("language", ""))
        people.set_mail(store_of(request), call_of(request), username, typed.get("mail", ""), spoken)
    except Invalid as invalid:
        return _account(request, account_id, faults=invalid.faults, typed=typed)
    return _done(account_id, "mail_set")


def _seat_typed(typed: dict[str, str]) -> dict[str, str | None]:
    return {name: typed.get(name) or None if name in NOT_EACH else typed.get(name, "") for name in SEATED}


def _username(request: Asked, account_id: str) -> str:
    return show_account(store_of(request), call_of(request), account_id).account.username


def _done(account_id: str, what: str) -> Redirect:
    return see(f"{PEOPLE}/{account_id}?done={what}")


def _notice(request: Asked) -> Any:
    return NOTICES.get(request.query_params.get("done", ""))


def _asked_for(request: Asked, typed: dict[str, str], *, faults: tuple[Fault, ...] = ()) -> Response[Any]:
    known = typed.get("of", "") or request.query_params.get("of", "")[:26]
    of = show_account(store_of(request), call_of(request), known).account if known else None
    said: dict[str, Any] = {"places": places(store_of(request), call_of(request)), "roles_given": ROLE_WORDS, "of": of}
    return page(request, "admin_invite.html", status=422 if faults else 200, typed=typed, faults=faults, **said)


def _account(request: Asked, account_id: str, *, faults: tuple[Fault, ...] = (), typed: dict[str, str] | None = None) -> Response[Any]:
    store, call = store_of(request), call_of(request)
    said: dict[str, Any] = {"view": show_account(store, call, account_id), "places": places(store, call), "roles_given": ROLE_WORDS}
    status = 422 if faults else 200
    return page(request, "admin_account.html", status=status, faults=faults, typed=typed or {}, notice=_notice(request), **said)


def _invited(request: Asked, account_id: str, token: str) -> Response[Any]:
    """Show the link of an invitation. It is kept nowhere, so this page is the only place where it ever stands."""
    settings = request.app.state.get("settings")
    site = (settings.mail.links.rstrip("/") if settings else "") or site_of(request.scope).origin
    account = show_account(store_of(request), call_of(request), account_id).account
    return page(request, "admin_invited.html", account=account, link=f"{site}/invitation/{token}", hours=HOURS)
