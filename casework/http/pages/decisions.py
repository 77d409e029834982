"""Decisions: those that wait, and one with its evidence beside the question. Nothing is preset; approving sends the digest seen."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response.redirect import Redirect

from casework.errors import Invalid
from casework.http.pages.captions import NOTICES
from casework.http.pages.reading import fields_of
from casework.http.pages.rendering import Asked, page, see
from casework.http.session import call_of, store_of
from casework.machines.forms.reading import read
from casework.services.approvals import DecideApproval, decide_approval
from casework.services.decisions import show_decision, waiting_decisions
from casework.services.newer_rules import list_newer


@get("/decisions", sync_to_thread=True)
def decision_list(request: Asked) -> Response[Any]:
    """List the decisions that wait for the caller, the one due first on top."""
    store, call, asked = store_of(request), call_of(request), request.query_params
    waiting = waiting_decisions(store, call, asked.get("after", ""))
    older = urlencode({"after": waiting.after}) if waiting.after else ""
    notice, newer = NOTICES.get(asked.get("done", "")), len(list_newer(store, call))
    return page(request, "decisions.html", waiting=waiting.lines, older=older, notice=notice, newer=newer)


@get("/decisions/{request_id:str}", sync_to_thread=True)
def decision_page(request: Asked, request_id: FromPath[str]) -> Response[Any]:
    """Show one decision."""
    return _decision(request, request_id)


@post("/decisions/{request_id:str}", sync_to_thread=True)
def decide(request: Asked, request_id: FromPath[str]) -> Response[Any] | Redirect:
    """Decide. A rejection without its reason comes back with what was chosen."""
    fields = fields_of(request)
    raw = {name: fields.get(name, "") for name in ("case", "decision", "digest", "reason")}
    try:
        decide_approval(store_of(request), call_of(request), read(DecideApproval, {"request": request_id, **raw}))
    except Invalid as invalid:
        return _decision(request, request_id, status=422, faults=invalid.faults, chosen=raw["decision"], reason=raw["reason"])
    return see("/decisions?done=decided")


def _decision(request: Asked, request_id: str, *, status: int = 200, **says: Any) -> Response[Any]:
    view = show_decision(store_of(request), call_of(request), request_id)
    said = {"faults": (), "chosen": "", "reason": "", **says}
    return page(request, "decision.html", status=status, view=view, **said)
