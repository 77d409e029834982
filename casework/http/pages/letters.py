"""Urgent letters that did not arrive, for those who see to it that people are reached."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from casework.http.pages.rendering import Asked, page
from casework.http.session import call_of, store_of
from casework.services.undelivered import list_undelivered


@get("/letters", sync_to_thread=True)
def letter_list(request: Asked) -> Response[Any]:
    """List what did not arrive, and what to do next."""
    settings = request.app.state.get("settings")
    found = list_undelivered(store_of(request), call_of(request))
    return page(request, "letters.html", found=found, sends=bool(settings and settings.mail.host))
