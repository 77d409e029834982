"""One's own account: the password, the sessions that are open; and the page behind an invitation."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response.redirect import Redirect

from casework.errors import Fault, Invalid
from casework.http.pages.captions import NOTICES
from casework.http.pages.rendering import Asked, page, see
from casework.http.passage import passage_of
from casework.http.session import call_of, store_of, through_of
from casework.machines.policy import Action, role_may
from casework.services import invitations, second_factor, sessions
from casework.services.delegations import list_delegations
from casework.store.call import Who
from casework.words import Words

_TWICE = Words("Kedua isian kata sandi baru tidak sama.", "The new password was not typed the same way twice.")


@get("/account", sync_to_thread=True)
def account_page(request: Asked) -> Response[Any]:
    """Show one's own account."""
    return _account(request)


@post("/account/password", sync_to_thread=True)
def change_password(request: Asked) -> Response[Any] | Redirect:
    """Change one's own password: sessions elsewhere end."""
    typed = _typed(request)
    try:
        new = _same_twice(typed)
        invitations.change_password(store_of(request), call_of(request), typed.get("present", ""), new, address=_address(request))
    except Invalid as invalid:
        return _account(request, status=422, faults=invalid.faults)
    return see("/account?done=password_changed")


@post("/account/sessions/end", sync_to_thread=True)
def end_session(request: Asked) -> Redirect:
    """End one session of one's own."""
    sessions.end_my_session(store_of(request), call_of(request), _typed(request).get("session", ""))
    return see("/account?done=session_ended")


@post("/account/sessions/end-others", sync_to_thread=True)
def end_other_sessions(request: Asked) -> Redirect:
    """End every session of one's own but this one."""
    sessions.end_my_other_sessions(store_of(request), call_of(request))
    return see("/account?done=others_ended")


@get("/invitation/{token:str}", sync_to_thread=True)
def invitation_page(request: Asked, token: FromPath[str]) -> Response[Any]:
    """Ask an invited person for their password."""
    username = invitations.invited(store_of(request), passage_of(request.scope).at, token, address=_address(request))
    return page(request, "invitation.html", username=username, faults=())


@post("/invitation/{token:str}", sync_to_thread=True)
def accept_invitation(request: Asked, token: FromPath[str]) -> Response[Any] | Redirect:
    """Set the password of an invited account. The link is the proof, so the form carries no CSRF token."""
    at, address = passage_of(request.scope).at, _address(request)
    try:
        new = _same_twice(_typed(request))
        invitations.accept(store_of(request), at, token, new, through=through_of(request), address=address)
    except Invalid as invalid:
        username = invitations.invited(store_of(request), at, token, address=address)
        return page(request, "invitation.html", status=422, username=username, faults=invalid.faults)
    return see("/?done=password_set")


def _account(request: Asked, *, status: int = 200, faults: tuple[Fault, ...] = ()) -> Response[Any]:
    call = call_of(request)
    mine = sessions.my_sessions(store_of(request), call)
    known = list_delegations(store_of(request), call)
    return page(
        request,
        "account.html",
        status=status,
        standing=second_factor.standing(store_of(request), call),
        sessions=mine,
        delegations=[one for one in known if one.given or one.taken],
        sees_settings=any(role_may(seat.role, "see_settings") for seat in call.who.seats),
        arranges=bool(known) or _arranges(call.who),
        faults=faults,
        notice=NOTICES.get(request.query_params.get("done", "")),
    )


def _arranges(who: Who) -> bool:
    acts: tuple[Action, ...] = ("arrange_cover", "arrange_delegation")
    return any(role_may(seat.role, action) for seat in who.seats for action in acts)


def _typed(request: Asked) -> dict[str, str]:
    """Return the posted fields as they were typed: a space may be part of a password."""
    return dict(passage_of(request.scope).form)


def _same_twice(typed: dict[str, str]) -> str:
    if typed.get("new", "") != typed.get("again", ""):
        raise Invalid(Fault("$.again", _TWICE))
    return typed.get("new", "")


def _address(request: Asked) -> str:
    return request.client.host if request.client else ""
