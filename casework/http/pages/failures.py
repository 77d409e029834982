"""Every no as a page: what happened, every reason with its remedy, and the way back."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from litestar import Response
from litestar.response.redirect import Redirect
from litestar.routes import HTTPRoute

from casework.errors import CaseworkError, Invalid, NotSignedIn, ProofNeeded, Refusal, StaleVersion
from casework.http.front import SAFE
from casework.http.kinds import KINDS, UNEXPECTED
from casework.http.pages.door import door
from casework.http.pages.held import NEVER, held_of, of_an_earlier_session
from casework.http.pages.rendering import Asked, bare_page, language_of, page, see
from casework.http.passage import passage_of
from casework.http.problems import Problem, kind_of, tell
from casework.http.session import PROOF, former_session, session_of, site_of, store_of, through_of
from casework.http.uploads import takes_pictures
from casework.services import passkeys, second_factor
from casework.services.journals import Entry, journal_of
from casework.services.labels import label_of
from casework.store.call import Call
from casework.words import Language

_MACHINERY = frozenset({"csrf", "key", "version"})
_CHOSEN = frozenset({"case", "do", "trigger", "with", "host", "answer", "request", "digest", "decision", "person", "password"})
"""Fields that nobody types: they are sent again as they were."""
UPLOAD = "picture-kind"
"""Where a picture is chosen on the page of a case."""
_ANSWERED_HERE = frozenset({"caseload_full", "supervision_full"})
"""Refusals that a word in the very form that was sent would answer."""


def page_error(request: Asked, error: Exception) -> Response[Any] | Redirect:
    """Answer an error that left a page's handler. Somebody who is not signed in is taken to the door, and back afterwards."""
    passage = passage_of(request.scope)
    language = language_of(request)
    told = tell(error, language, passage.request_id)
    if told.problem.status == HTTPStatus.METHOD_NOT_ALLOWED and request.method in SAFE:
        return see(_nearest(request, request.url.path.rstrip("/")))
    passage.note(told.problem.code, error if told.problem.code == UNEXPECTED else None)
    if isinstance(error, NotSignedIn):
        return _signed_out(request)
    if isinstance(error, StaleVersion):
        return stale_page(request)
    if isinstance(error, ProofNeeded):
        return prove_page(request, wrong=error.wrong)
    kind = kind_of(error)
    if kind.code == "csrf" and (again := of_an_earlier_session(request)):
        return again
    return page(
        request,
        "error.html",
        status=told.problem.status,
        problem=told.problem,
        title=kind.title,
        detail=kind.detail,
        case_id=_above(request, "/cases/", case_of(request)),
        host_id=_above(request, "/hosts/", str(request.path_params.get("host_id", ""))),
        **_again(request, error),
    )


def _above(request: Asked, under: str, named: str) -> str:
    """Return whose page somebody can go back to: none from that very page, which would only fail again."""
    return "" if request.method in SAFE and request.url.path == f"{under}{named}" else named


def _signed_out(request: Asked) -> Response[Any] | Redirect:
    """Take who is not signed in to the door, and back afterwards; what they sent goes along, readable to nobody but its maker.

    What a page was searched for stays behind: a name has no place in the address of the door, where the next person stands.
    """
    if request.method in SAFE:
        return see(f"/?back={request.url.path}")
    back, picture = _nearest(request, f"{request.url.path}/"), takes_pictures(request.scope)
    return door(request, status=401, back=f"{back}#{UPLOAD}" if picture else back, ended=True, held=held_of(request), picture=picture)


def _nearest(request: Asked, address: str) -> str:
    """Return the page that an address stands under which only takes forms: who reloads or keeps it wants to see that one."""
    shown = [route for route in request.app.routes if isinstance(route, HTTPRoute) and "GET" in route.methods]
    pages = [re.compile(re.sub(r"\{[^}]*\}", "[^/]+", route.path_format)) for route in shown]
    above = address
    while above := above.rpartition("/")[0]:
        if any(each.fullmatch(above) for each in pages):
            return above
    return "/"


def _again(request: Asked, error: Exception) -> dict[str, Any]:
    """Return what was typed into a small form: to be corrected on the spot where that helps, else, after a refusal, to be read again.

    A refusal comes after the session's token was compared: nobody is shown what another typed. A password is typed again.
    """
    fields = passage_of(request.scope).form
    typed = [(name, label_of("", name), value) for name, value in fields if name not in _MACHINERY | _CHOSEN]
    if isinstance(error, Refusal) and not error.codes <= _ANSWERED_HERE:
        secret = request.url.path.startswith(NEVER)
        return {"typed": [], "hidden_fields": [], "kept": [] if secret else [one for one in typed if one[2].strip()]}
    if not isinstance(error, Invalid | Refusal):
        typed = []
    hidden = [(name, value) for name, value in fields if name in _CHOSEN | {"version"}]
    return {"typed": typed, "hidden_fields": hidden if typed else [], "kept": []}


def problem_page(problem: Problem, language: Language) -> bytes:
    """Write a problem that the front door met as a page, without knowing who asked."""
    kind = KINDS[problem.code]
    return bare_page(
        "error.html", language, problem=problem, title=kind.title, detail=kind.detail, case_id="", host_id="", typed=(), kept=()
    )


def prove_page(request: Asked, *, wrong: bool) -> Response[Any]:
    """Ask for a fresh proof, with everything that was sent: the answer goes where the form went, and what was being done goes on."""
    kept = [(name, value) for name, value in passage_of(request.scope).form if name not in {"csrf", PROOF}]
    coded = second_factor.standing(store_of(request), _looking(request)).on
    asked = passkeys.ask_to_enter(store_of(request), passage_of(request.scope).at, site_of(request.scope))
    return page(request, "prove.html", status=403, kept=kept, wrong=wrong, coded=coded, passkey=asked)


def _looking(request: Asked) -> Call:
    session = former_session(request)
    if session is None:
        raise NotSignedIn
    return Call(who=session.who, at=passage_of(request.scope).at, through=through_of(request))


def stale_page(request: Asked) -> Response[Any]:
    """Show what changed since the page was made, with everything that was typed, ready to be sent again."""
    case_id = case_of(request)
    version, changes = changes_since(request, case_id)
    typed = [field for field in passage_of(request.scope).form if field[0] not in _MACHINERY]
    return page(request, "stale.html", status=412, case_id=case_id, version=version, changes=changes, typed=typed)


def changes_since(request: Asked, case_id: str) -> tuple[int | None, tuple[Entry, ...]]:
    """Return the version a case is at, and the entries that are newer than the version a form was made for."""
    named = dict(passage_of(request.scope).form).get("version", "")
    seen = int(named) if named.isdecimal() else 0
    try:
        session = session_of(request)
        call = Call(who=session.who, at=passage_of(request.scope).at, through=through_of(request))
        trail = journal_of(store_of(request), call, case_id)
    except CaseworkError:
        return None, ()
    newer = tuple(entry for entry in trail.entries if entry.seq > seen and entry.outcome == "done" and entry.hash)
    return (trail.chain.entries if trail.chain else None), newer


def case_of(request: Asked) -> str:
    """Return the id of the case a page is about, or ""."""
    named = dict(passage_of(request.scope).form).get("case", "")
    return str(request.path_params.get("case_id", "")) or named
