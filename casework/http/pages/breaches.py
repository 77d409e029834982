"""The page about breaches of personal data: for those who are responsible, and nobody else."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response.redirect import Redirect

from casework.http.pages.captions import NOTICES
from casework.http.pages.reading import fields_of
from casework.http.pages.rendering import Asked, page, see
from casework.http.session import call_of, store_of
from casework.services.breaches import AdvanceBreach, ReportBreach, advance_breach, list_breaches, report_breach


@get("/breaches", sync_to_thread=True)
def breach_list(request: Asked) -> Response[Any]:
    """Show every breach of the caller's offices with its next steps."""
    found = list_breaches(store_of(request), call_of(request))
    return page(request, "breaches.html", breaches=found, notice=NOTICES.get(request.query_params.get("done", "")))


@post("/breaches", sync_to_thread=True)
def enter_breach(request: Asked) -> Redirect:
    """Report a breach that became known now."""
    report_breach(store_of(request), call_of(request), ReportBreach())
    return see("/breaches?done=advanced")


@post("/breaches/{breach_id:str}/step", sync_to_thread=True)
def take_breach_step(request: Asked, breach_id: FromPath[str]) -> Redirect:
    """Make a step of a breach."""
    ask = AdvanceBreach(breach=breach_id, trigger=fields_of(request).get("trigger", ""))
    advance_breach(store_of(request), call_of(request), ask)
    return see("/breaches?done=advanced")
