"""What a team carries, as a page for who leads it."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from casework.http.pages.rendering import Asked, page
from casework.http.session import call_of, store_of
from casework.services.team import my_teams


@get("/team", sync_to_thread=True)
def team_page(request: Asked) -> Response[Any]:
    """Show who carries how much in the caller's offices."""
    store = store_of(request)
    params = store.params
    limits: dict[str, Any] = {"limit": params.caseload_limit, "most": params.supervision_limit, "warning": params.paper_warning_days[0]}
    return page(request, "team.html", teams=my_teams(store, call_of(request)), **limits)
