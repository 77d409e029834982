"""The existing residents of one institution as one decision: each child named and opened, one digest over the list."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response.redirect import Redirect

from casework.errors import Invalid
from casework.http.pages.reading import fields_of
from casework.http.pages.rendering import Asked, page, see
from casework.http.session import call_of, store_of
from casework.machines.forms.reading import read
from casework.services.residents import DecideResidents, decide_residents, show_residents


@get("/hosts/{host_id:str}/residents", sync_to_thread=True)
def residents_page(request: Asked, host_id: FromPath[str]) -> Response[Any]:
    """Show the list that waits for the caller."""
    return _list(request, host_id)


@post("/hosts/{host_id:str}/residents", sync_to_thread=True)
def decide_list(request: Asked, host_id: FromPath[str]) -> Response[Any] | Redirect:
    """Decide about the whole list. A rejection without its reason comes back with what was chosen."""
    fields = fields_of(request)
    raw: dict[str, Any] = {name: fields.get(name, "") for name in ("decision", "digest", "reason")}
    asked = {"host": host_id, "requests": fields.get("requests", "").split(), **raw}
    try:
        decide_residents(store_of(request), call_of(request), read(DecideResidents, asked))
    except Invalid as invalid:
        return _list(request, host_id, status=422, faults=invalid.faults, chosen=raw["decision"], reason=raw["reason"])
    return see("/decisions?done=decided")


def _list(request: Asked, host_id: str, *, status: int = 200, **says: Any) -> Response[Any]:
    view = show_residents(store_of(request), call_of(request), host_id)
    said = {"faults": (), "chosen": "", "reason": "", **says}
    return page(request, "residents.html", status=status, view=view, **said)
