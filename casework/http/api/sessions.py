"""Signing in and out, and who that is."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT

from casework.http.api.asks import example
from casework.http.passage import passage_of
from casework.http.session import client_of, cookie_of, no_cookie, proved, session_or_none, through_of
from casework.services import sessions
from casework.services.sessions import Session, SignIn
from casework.store.call import Call, Who
from casework.store.store import Store


class SignedInAs(msgspec.Struct, frozen=True):
    """Who is signed in, and the token that forms of this session carry."""

    who: Who
    csrf: str


@post("/sessions", opt={"keyless": True}, sync_to_thread=True)
def sign_in(
    request: Request[Any, Any, Any],
    store: NamedDependency[Store],
    data: Annotated[SignIn, example({"username": "rina", "password": "kata-sandi-yang-panjang"})],
) -> Response[SignedInAs]:
    """Open a session and set its cookie. The id is always a fresh one, and a session that came along ends here."""
    former = session_or_none(request)
    passage = passage_of(request.scope)
    address = request.client.host if request.client else ""
    opened = sessions.sign_in(store, passage.at, data, address=address, through=through_of(request), client=client_of(request.scope))
    if former is not None:
        sessions.sign_out(
            store, Call(who=former.who, at=passage.at, through=through_of(request, session=former.token_hash)), former.token_hash
        )
    passage.account = opened.who.account
    return Response(SignedInAs(opened.who, opened.csrf), status_code=HTTP_201_CREATED, cookies=[cookie_of(opened.token)])


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The password; of an account with a second factor a code."""

    proof: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


@post("/sessions/current/proof", opt={"keyless": True}, status_code=HTTP_200_OK, sync_to_thread=True)
def prove(
    request: Request[Any, Any, Any],
    session: NamedDependency[Session],
    data: Annotated[Proof, example({"proof": "kata-sandi-yang-panjang"})],
) -> SignedInAs:
    """Prove who has this session, as decisions ask for: it gets a new token, and the old one ends."""
    renewed = proved(request, session, data.proof)
    return SignedInAs(renewed.who, renewed.csrf)


@delete("/sessions/current", opt={"keyless": True}, status_code=HTTP_204_NO_CONTENT, sync_to_thread=True)
def sign_out(request: Request[Any, Any, Any], store: NamedDependency[Store], session: NamedDependency[Session]) -> Response[None]:
    """End the session, here and on the server."""
    through = through_of(request, session=session.token_hash)
    sessions.sign_out(store, Call(who=session.who, at=passage_of(request.scope).at, through=through), session.token_hash)
    return Response(None, status_code=HTTP_204_NO_CONTENT, cookies=[no_cookie()])


@get("/me", sync_to_thread=True)
def show_me(session: NamedDependency[Session]) -> SignedInAs:
    """Tell who is signed in, with the seats valid now."""
    return SignedInAs(session.who, session.csrf)
