"""The existing residents of one institution: the list that is worked through, and the one decision about all whom it names."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response.redirect import Redirect

from casework.errors import Invalid
from casework.http.pages.captions import NOTICES
from casework.http.pages.reading import fields_of
from casework.http.pages.rendering import Asked, page, see
from casework.http.session import call_of, store_of
from casework.machines.forms import KINDS
from casework.machines.forms.reading import read
from casework.services.listed import Standing, show_listed
from casework.services.residents import (
    DecideResidents,
    RegisterResidents,
    RequestResidents,
    decide_residents,
    register_residents,
    request_residents,
    show_residents,
)
from casework.words import Words

STANDINGS: dict[Standing, Words] = {
    "lacking": Words("belum lengkap", "not complete"),
    "ready": Words("siap dimintakan persetujuan", "ready to be approved"),
    "waiting": Words("menunggu persetujuan", "waiting for approval"),
    "approved": Words("disetujui", "approved"),
}
ASKING: dict[Standing, Words] = {
    "ready": Words("Minta persetujuan bagi yang siap", "Ask for approval for those who are ready"),
    "approved": Words("Data yang sudah disetujui", "Register those who are approved"),
}
"""What can be done at once for every child that stands so."""


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


@get("/hosts/{host_id:str}/listed", sync_to_thread=True)
def listed_page(request: Asked, host_id: FromPath[str]) -> Response[Any]:
    """Show the children whom the institution listed and who are not registered yet: what each lacks, and what can be done for all."""
    view = show_listed(store_of(request), call_of(request), host_id)
    able = {standing: " ".join(one.case for one in view.children if one.mine and one.standing == standing) for standing in ASKING}
    notice = NOTICES.get(request.query_params.get("done", ""))
    return page(request, "listed.html", view=view, able=able, standings=STANDINGS, asking=ASKING, kinds=KINDS, notice=notice)


@post("/hosts/{host_id:str}/listed", sync_to_thread=True)
def take_listed(request: Asked, host_id: FromPath[str]) -> Redirect:
    """Ask for the approvals of those who are ready, or register those who have them: which one, the button says."""
    fields = fields_of(request)
    store, call, cases = store_of(request), call_of(request), fields.get("cases", "").split()
    if fields.get("do") == "approved":
        register_residents(store, call, read(RegisterResidents, {"host": host_id, "cases": cases}))
        return see(f"/hosts/{host_id}/listed?done=residents")
    request_residents(store, call, read(RequestResidents, {"host": host_id, "cases": cases}))
    return see(f"/hosts/{host_id}/listed?done=requested")


def _list(request: Asked, host_id: str, *, status: int = 200, **says: Any) -> Response[Any]:
    view = show_residents(store_of(request), call_of(request), host_id)
    said = {"faults": (), "chosen": "", "reason": "", **says}
    return page(request, "residents.html", status=status, view=view, **said)
