"""A form that came too late, or from an earlier session of the same person: it is shown again, and sent when its owner says so."""

from __future__ import annotations

import re
from typing import Any

from litestar import Response

from casework.http.pages.rendering import Asked, page
from casework.http.passage import passage_of
from casework.http.session import former_session, store_of
from casework.http.uploads import takes_pictures
from casework.services import held
from casework.services.held import Held
from casework.services.labels import label_of
from casework.services.sessions import Session

FIELD = "held"
NEVER = ("/account", "/invitation", "/sign-")
"""Where passwords and codes are typed: they are typed again."""
_FORMS = re.compile(r"/cases/(new|[^/]+/file/[^/]+)")
"""Forms that can be opened again as they were typed."""
_WORDS = frozenset({"address", "issued_on", "issuer", "name", "note", "notes", "number", "reason", "relation", "text", "username"})
"""Fields that people write: what they chose goes along as it was."""


def held_of(request: Asked) -> str:
    """Return what was sent, sealed for whom it was made, or "" where there is nothing to keep."""
    passage = passage_of(request.scope)
    if not _keeps(request):
        return ""
    return held.hold(store_of(request), passage.at, dict(passage.form).get("csrf", ""), request.url.path, _fields(request))


def shown_again(request: Asked, session: Session, sealed: str) -> Response[Any] | None:
    """Return the page of what was sealed for who has signed in now, or None."""
    found = held.opened(store_of(request), passage_of(request.scope).at, session.who.account, sealed)
    return _again(request, session, found) if found is not None else None


def of_an_earlier_session(request: Asked) -> Response[Any] | None:
    """Return the page of a form that the same person opened before signing in again, or None: anybody else's stays unseen."""
    session, passage = former_session(request), passage_of(request.scope)
    if session is None or not _keeps(request):
        return None
    if held.maker_of(store_of(request), passage.at, dict(passage.form).get("csrf", "")) != session.who.account:
        return None
    return _again(request, session, Held(request.url.path, _fields(request), 0))


def _keeps(request: Asked) -> bool:
    path = request.url.path
    return bool(passage_of(request.scope).form) and not path.startswith(NEVER) and not takes_pictures(request.scope)


def _fields(request: Asked) -> tuple[tuple[str, str], ...]:
    return tuple(field for field in passage_of(request.scope).form if field[0] not in {"csrf", "proof"})


def _again(request: Asked, session: Session, found: Held) -> Response[Any]:
    """Show what was typed. Nothing of it was done, and nothing is done before it is sent again, under the key that it had."""
    typed = [(label_of("", name), value) for name, value in found.fields if value.strip() and name in _WORDS]
    form = _FORMS.fullmatch(found.address) is not None
    hidden = [field for field in found.fields if field[0] != "do"]
    done = dict(found.fields).get("do", "")
    return page(request, "held.html", session=session, address=found.address, kept=hidden, do=done, form=form, typed=() if form else typed)
