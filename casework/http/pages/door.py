"""The door: signing in and out."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.response.redirect import Redirect

from casework.errors import CodeNeeded, Invalid, NotSignedIn
from casework.http.pages.captions import NOTICES
from casework.http.pages.held import FIELD, shown_again
from casework.http.pages.rendering import Asked, page, see
from casework.http.passage import passage_of
from casework.http.session import (
    call_of,
    client_of,
    cookie_of,
    former_session,
    no_cookie,
    session_of,
    session_or_none,
    site_of,
    store_of,
    through_of,
)
from casework.machines.forms.reading import read
from casework.machines.policy import role_may
from casework.services import passkeys, sessions
from casework.services.caseload import has_cases
from casework.services.sessions import Session, SignedIn, SignIn
from casework.services.work import has_work_list
from casework.store.call import Call, Who

_LONGEST_STEP = 200
_LONGEST_CODE = 40


@get("/", sync_to_thread=True)
def front_page(request: Asked) -> Response[Any] | Redirect:
    """Greet a stranger with the sign-in form; take everybody else to their work."""
    if session := session_or_none(request):
        return see(home(session.who))
    return door(request, back=within(request.query_params.get("back", "")), notice=NOTICES.get(request.query_params.get("done", "")))


@post("/sign-in", sync_to_thread=True)
def sign_in(request: Asked) -> Response[Any] | Redirect:
    """Open a session and go where the person wanted to go. A wrong pair says only that it is wrong.

    The id is always a fresh one, and a session that came along ends here. An account with a second factor is asked for its code next.
    """
    former = former_session(request)
    passage = passage_of(request.scope)
    fields = dict(passage.form)
    back = within(fields.get("back", ""))
    held = fields.get(FIELD, "")
    try:
        ask = read(SignIn, {"username": fields.get("username", "").strip().lower(), "password": fields.get("password", "")})
        signed = sessions.sign_in(store_of(request), passage.at, ask, **_by(request))
    except CodeNeeded as needed:
        return page(request, "code.html", step=needed.step, back=back, held=held, wrong=False)
    except (NotSignedIn, Invalid):
        passage.note("not_signed_in")
        return door(request, status=401, back=back, held=held, wrong=True, username=fields.get("username", "")[:100])
    return _enter(request, signed, former, back)


@post("/sign-in/code", sync_to_thread=True)
def sign_in_with_code(request: Asked) -> Response[Any] | Redirect:
    """Open a session with the code that is asked for after the password."""
    former = former_session(request)
    passage = passage_of(request.scope)
    fields = dict(passage.form)
    back, step = within(fields.get("back", "")), fields.get("step", "")[:_LONGEST_STEP]
    try:
        signed = sessions.sign_in_with_code(store_of(request), passage.at, step, fields.get("code", "")[:_LONGEST_CODE], **_by(request))
    except NotSignedIn:
        passage.note("not_signed_in")
        return page(request, "code.html", status=401, step=step, back=back, held=fields.get(FIELD, ""), wrong=True)
    return _enter(request, signed, former, back)


@post("/sign-in/held", sync_to_thread=True)
def go_on(request: Asked) -> Response[Any] | Redirect:
    """Show what was typed to who signed in again in another window, or with a provider. It changes nothing, so it needs no token."""
    sealed, session = dict(passage_of(request.scope).form).get(FIELD, ""), former_session(request)
    if session is None:
        return door(request, status=401, held=sealed)
    return shown_again(request, session, sealed) or see(home(session.who))


@post("/sign-in/passkey", sync_to_thread=True)
def sign_in_with_passkey(request: Asked) -> Response[Any] | Redirect:
    """Open a session for whose device signed our challenge."""
    former = former_session(request)
    passage = passage_of(request.scope)
    fields = dict(passage.form)
    back = within(fields.get("back", ""))
    try:
        site = site_of(request.scope)
        signed = sessions.sign_in_with_passkey(store_of(request), passage.at, site, fields.get("answer", ""), **_by(request))
    except NotSignedIn:
        passage.note("not_signed_in")
        return door(request, status=401, back=back, held=fields.get(FIELD, ""), wrong=True)
    return _enter(request, signed, former, back)


def _by(request: Asked) -> dict[str, Any]:
    """Return through what somebody signs in."""
    address = request.client.host if request.client else ""
    return {"address": address, "through": through_of(request), "client": client_of(request.scope)}


def _enter(request: Asked, signed: SignedIn, former: Session | None, back: str) -> Response[Any] | Redirect:
    passage = passage_of(request.scope)
    if former is not None:
        through = through_of(request, session=former.token_hash)
        sessions.sign_out(store_of(request), Call(who=former.who, at=passage.at, through=through), former.token_hash)
    passage.account = signed.who.account
    session = Session(signed.who, signed.csrf, sessions.hash_token(signed.token), passage.at)
    if shown := shown_again(request, session, dict(passage.form).get(FIELD, "")):
        passage.cookies = (cookie_of(signed.token).to_encoded_header(),)
        return shown
    return see(back or home(signed.who), cookies=[cookie_of(signed.token)])


@post("/sign-out", sync_to_thread=True)
def sign_out(request: Asked) -> Redirect:
    """End the session at once. The browser throws away what its windows keep of ours."""
    sessions.sign_out(store_of(request), call_of(request), session_of(request).token_hash)
    left = see("/", cookies=[no_cookie()])
    left.headers["Clear-Site-Data"] = '"storage"'
    return left


@get("/signal")
async def signal() -> Response[None]:
    """Answer, with nothing: a page asks whether there is a signal before it lets a form go."""
    return Response(None, status_code=204)


def door(request: Asked, *, status: int = 200, back: str = "", **says: Any) -> Response[Any]:
    """Return the sign-in form: after a mistake (`wrong`, `username`), with a notice, or with what was typed when a session ended (`held`).

    Its challenge is for who has a passkey.
    """
    asked = passkeys.ask_to_enter(store_of(request), passage_of(request.scope).at, site_of(request.scope))
    said: dict[str, Any] = {"wrong": False, "ended": False, "username": "", "notice": None, "held": "", "picture": False, **says}
    return page(request, "sign_in.html", status=status, back=back, passkey=asked, provider=_provider(request), **said)


def _provider(request: Asked) -> str:
    """Return what the identity provider is called, "" where there is none."""
    settings = request.app.state.settings
    return settings.oidc.name if settings.oidc.issuer else ""


def home(who: Who) -> str:
    """Return where somebody's work is: their work list, a receiver's desk, the cases, accounts and offices, or the breaches."""
    if has_work_list(who):
        return "/work"
    if who.seats and all(role_may(seat.role, "use_desk") for seat in who.seats):
        return "/referrals"
    if not has_cases(who) and any(role_may(seat.role, "manage_accounts") for seat in who.seats):
        return "/admin"
    return "/breaches" if not has_cases(who) and any(role_may(seat.role, "handle_breach") for seat in who.seats) else "/cases"


def within(back: str) -> str:
    """Return a path of this application, or "" for anything that could lead elsewhere."""
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable() else ""
