"""Who is asking: the cookie, the session behind it, and the Call that every service is told.

A Call exists only after the session was found and, for a form, its CSRF token compared: what changes something needs a Call, so nothing
changes without them. Times come from the door, never from a client.
"""

import hashlib
import hmac
import os
import re
from functools import partial
from typing import Any

from litestar import Request
from litestar.datastructures import Cookie
from litestar.types import HTTPScope

from casework import __version__
from casework.errors import NotSignedIn
from casework.http.front import SAFE
from casework.http.passage import Passage, header, passage_of
from casework.http.problems import TurnedAway
from casework.ledger.event import Through
from casework.services import sessions, tokens
from casework.services.passkeys import Site
from casework.services.sessions import Session
from casework.store.call import Call, Knock, Who
from casework.store.store import Store

COOKIE = "__Host-casework"
"""The prefix makes browsers refuse it from anywhere but this host over a secure connection, for every path."""

PROOF = "proof"
"""The field in which a form carries a fresh proof beside everything it was sent with before."""
VERSIONED = frozenset({"breach_id", "case_id", "data_request_id", "host_id", "referral_id"})
"""Parts of an address that name something with a version: whoever changes it says which one they saw."""
_LONGEST_TOKEN = 100
_BROWSERS = (("Edg", "edge"), ("Firefox/", "firefox"), ("Chrome/", "chrome"), ("Safari/", "safari"))
_SYSTEMS = (("Android", "android"), ("iPhone", "iphone"), ("iPad", "ipad"), ("Windows", "windows"), ("Mac OS", "mac"), ("Linux", "linux"))
"""How browsers name themselves. A narrower mark stands first: most of them also name those they descend from."""
_KEY = re.compile(r"[\x21-\x7e]{8,200}")
_COOKIE = re.compile(rf"(?:^|;)[ \t]*{COOKIE}=([^;]*)")
_VERSION = re.compile(r'"(0|[1-9]\d{0,9})"')
_BEARER = re.compile(r"Bearer (casework_[A-Za-z0-9_-]{43})")
_HIDDEN_VERSION = re.compile(r"0|[1-9]\d{0,9}")


def cookie_of(token: str) -> Cookie:
    """Return the cookie of a fresh session. It ends with the browser; the session itself ends on the server."""
    return Cookie(key=COOKIE, value=token, path="/", secure=True, httponly=True, samesite="strict")


def no_cookie() -> Cookie:
    """Return what takes the cookie away."""
    return Cookie(key=COOKIE, value="", path="/", secure=True, httponly=True, samesite="strict", max_age=0)


def session_of(request: Request[Any, Any, Any]) -> Session:
    """Return the session of a request. Raises NotSignedIn. What a page posts must hold this session's CSRF token: raises TurnedAway.

    Reading a page it is looked up once: whoever served it and whoever draws its header ask for the same. A change asks every time.
    """
    passage = passage_of(request.scope)
    if passage.session is not None:
        return passage.session
    session = _session_of(request, passage)
    if request.method in SAFE:
        passage.session = session
    return session


def _session_of(request: Request[Any, Any, Any], passage: Passage) -> Session:
    if token := _bearer(request.scope):
        session = tokens.session_of(store_of(request), passage.at, token, _action(request.scope))
    else:
        session = sessions.session_of(store_of(request), passage.at, _token(request.scope))
    passage.account = session.who.account
    if _is_posted_by_a_page(request.scope):
        if not hmac.compare_digest(_field(passage, "csrf").encode(), session.csrf.encode()):
            raise TurnedAway("csrf")
        if (proof := _field(passage, PROOF)) and not passage.judged:
            passage.judged = True
            return proved(request, session, proof)
    return session


def proved(request: Request[Any, Any, Any], session: Session, proof: str) -> Session:
    """Return the session after a fresh proof, under a new token whose cookie goes out with the answer. Raises ProofNeeded, Throttled."""
    passage = passage_of(request.scope)
    call = Call(who=session.who, at=passage.at, through=through_of(request, session=session.token_hash))
    address = request.client.host if request.client else ""
    passage.renewed, session = sessions.prove(store_of(request), call, session, proof, address=address, site=site_of(request.scope))
    passage.cookies = (cookie_of(passage.renewed).to_encoded_header(),)
    return session


def session_or_none(request: Request[Any, Any, Any]) -> Session | None:
    """Return the session of a request, or None: for pages that also greet strangers."""
    try:
        return session_of(request)
    except NotSignedIn:
        return None


def former_session(request: Request[Any, Any, Any]) -> Session | None:
    """Return the session that came along with a sign-in, or None. A sign-in form carries no CSRF token: its password is its proof."""
    try:
        return sessions.session_of(store_of(request), passage_of(request.scope).at, _token(request.scope))
    except NotSignedIn:
        return None


def call_of(request: Request[Any, Any, Any]) -> Call:
    """Return the Call of a request: who, when, through what, with which key, having seen which version.

    A change has its key, and a change to a known case or host the version seen: in `Idempotency-Key` and `If-Match`, or in a form's fields
    `key` and `version`.
    Raises NotSignedIn or TurnedAway.
    """
    session = session_of(request)
    passage = passage_of(request.scope)
    through = _through(request.scope, session=session.token_hash, key=key_of(request.scope))
    return Call(who=session.who, at=passage.at, through=through, seen=_version_seen(request.scope), proved_at=session.proved_at)


def knock_of(scope: HTTPScope) -> Knock:
    """Return a call of the interface before anybody asked who makes it: the command that serves it does (services/command.py).

    Raises NotSignedIn where there is no session at all, TurnedAway as `call_of` does.
    """
    passage = passage_of(scope)
    token = _bearer(scope)
    through = _through(scope, session=sessions.hash_token(token or _token(scope)), key=key_of(scope))
    greet = partial(_note_account, passage)
    return Knock(at=passage.at, through=through, seen=_version_seen(scope), bearer=bool(token), action=_action(scope), greet=greet)


def _bearer(scope: HTTPScope) -> str:
    """Return the token of a service account, "" where none was shown. Only the interface takes one, never beside a cookie of ours.

    Raises NotSignedIn for any other kind of authorisation, TurnedAway for two answers to who is asking.
    """
    shown = header(scope, b"authorization")
    if not shown:
        return ""
    if not passage_of(scope).interface or COOKIE in header(scope, b"cookie"):
        raise TurnedAway("two_credentials")
    match = _BEARER.fullmatch(shown)
    if match is None:
        raise NotSignedIn
    return match[1]


def _action(scope: HTTPScope) -> str:
    """Return which operation is asked for, by its name: all that only look are one."""
    return tokens.READ if scope["method"] in SAFE else str(scope["route_handler"].handler_name)


def _note_account(passage: Passage, who: Who) -> None:
    passage.account = who.account


def _version_seen(scope: HTTPScope) -> int | None:
    seen = seen_of(scope)
    if seen is None and scope["method"] not in SAFE and (VERSIONED & scope["path_params"].keys() or _field(passage_of(scope), "case")):
        raise TurnedAway("version_missing")
    return seen


def _token(scope: HTTPScope) -> str:
    """Return the token of the cookie. A cookie sent twice is none: no second one can stand in for the first. Raises NotSignedIn."""
    if renewed := passage_of(scope).renewed:
        return renewed
    sent = _COOKIE.findall(header(scope, b"cookie"))
    token = sent[0].strip() if len(sent) == 1 else ""
    if not token or len(token) > _LONGEST_TOKEN:
        raise NotSignedIn
    return token


def through_of(request: Request[Any, Any, Any], *, session: str = "", key: str = "") -> Through:
    """Return through what a request came. The device is a digest of what it calls itself: the journal takes no free text."""
    return _through(request.scope, session=session, key=key)


def _through(scope: HTTPScope, *, session: str, key: str) -> Through:
    device = hashlib.sha256(header(scope, b"user-agent").encode()).hexdigest()[:16]
    request_id = passage_of(scope).request_id
    return Through(session=session, device=device, worker=str(os.getpid()), build=__version__, request=request_id, key=key)


def client_of(scope: HTTPScope) -> str:
    """Return browser and system of a request, `firefox/android`: enough for its owner to know a device by, in words of a closed list."""
    said = header(scope, b"user-agent")
    return "/".join(next((name for mark, name in marks if mark in said), "other") for marks in (_BROWSERS, _SYSTEMS))


def site_of(scope: HTTPScope) -> Site:
    """Return under which address the browser sees us: what its devices bind passkeys to."""
    host = header(scope, b"host").lower()
    return Site(host.partition(":")[0], f"{scope['scheme']}://{host}")


def key_of(scope: HTTPScope) -> str:
    """Return the idempotency key, "" for a question. Raises TurnedAway for a change without one of 8 to 200 visible ASCII."""
    if scope["method"] in SAFE:
        return ""
    key = _field(passage_of(scope), "key") if _is_posted_by_a_page(scope) else header(scope, b"idempotency-key")
    if not _KEY.fullmatch(key):
        raise TurnedAway("key_missing")
    return key


def seen_of(scope: HTTPScope) -> int | None:
    """Return the version the caller saw, or None where none is named. Raises TurnedAway for anything that is not one version."""
    if scope["method"] in SAFE:
        return None
    by_page = _is_posted_by_a_page(scope)
    pattern, named = (_HIDDEN_VERSION, _field(passage_of(scope), "version")) if by_page else (_VERSION, header(scope, b"if-match"))
    if not named:
        return None
    if not pattern.fullmatch(named):
        raise TurnedAway("version_malformed")
    return int(named.strip('"'))


def store_of(request: Request[Any, Any, Any]) -> Store:
    """Return the store that this application was wired with."""
    store: Store = request.app.state.store
    return store


def _is_posted_by_a_page(scope: HTTPScope) -> bool:
    """Whether this is a change that a page asks for, whatever its body holds: an empty one passes no check."""
    return scope["method"] not in SAFE and not passage_of(scope).interface


def _field(passage: Passage, name: str) -> str:
    """Return a form's field if it was sent exactly once, else ""."""
    values = [value for given, value in passage.form if given == name]
    return values[0] if len(values) == 1 else ""
