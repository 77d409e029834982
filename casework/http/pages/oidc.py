"""Signing in through an identity provider."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.datastructures import Cookie
from litestar.response.redirect import Redirect

from casework.errors import NotFound, NotSignedIn
from casework.http import oidc
from casework.http.pages.door import home, within
from casework.http.pages.rendering import Asked, page, see
from casework.http.passage import passage_of
from casework.http.session import client_of, cookie_of, former_session, store_of, through_of
from casework.services import identities, sessions
from casework.settings import Oidc
from casework.store.call import Call

KEPT = "__Host-casework-oidc"
_MINUTES = 10
_LONGEST = 2000


@get("/sign-in/oidc", sync_to_thread=True)
def leave_for_provider(request: Asked) -> Redirect:
    """Send the browser to the provider. It keeps what was begun in a cookie that comes back with the provider's answer (hence Lax)."""
    back = within(request.query_params.get("back", ""))
    address, kept = oidc.begin(_provider(request), store_of(request).account_key(), passage_of(request.scope).at, back)
    cookie = Cookie(key=KEPT, value=kept, path="/", secure=True, httponly=True, samesite="lax", max_age=_MINUTES * 60)
    return see(address, cookies=[cookie])


@get("/sign-in/oidc/answer", sync_to_thread=True)
def come_back_from_provider(request: Asked) -> Response[Any]:
    """Open a session for whom the provider vouches for.

    The answer is a page that leads on by itself, not a redirect: the session's cookie is strict, and browsers send none along a chain of
    redirects that another site began.
    """
    former, passage, provider = former_session(request), passage_of(request.scope), _provider(request)
    answer = {name: value[:_LONGEST] for name, value in request.query_params.items()}
    gone = Cookie(key=KEPT, value="", path="/", secure=True, httponly=True, samesite="lax", max_age=0)
    try:
        kept = request.cookies.get(KEPT, "")
        subject, back = oidc.finish(provider, store_of(request).account_key(), passage.at, kept, answer)
        through = through_of(request)
        signed = identities.sign_in_as(
            store_of(request), passage.at, provider.issuer, subject, through=through, client=client_of(request.scope)
        )
    except NotSignedIn:
        passage.note("not_signed_in")
        passage.cookies = (gone.to_encoded_header(),)
        return page(request, "signed_in.html", status=401, next="", provider=provider.name)
    if former is not None:
        call = Call(who=former.who, at=passage.at, through=through_of(request, session=former.token_hash))
        sessions.sign_out(store_of(request), call, former.token_hash)
    passage.account = signed.who.account
    passage.cookies = (cookie_of(signed.token).to_encoded_header(), gone.to_encoded_header())
    return page(request, "signed_in.html", next=back or home(signed.who), provider=provider.name)


def _provider(request: Asked) -> Oidc:
    provider: Oidc = request.app.state.settings.oidc
    if not provider.issuer:
        raise NotFound("provider")
    return provider
