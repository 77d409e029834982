"""The administrator's first page, and the offices."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response.redirect import Redirect

from casework.errors import Fault, Invalid
from casework.http.pages.captions import NOTICES
from casework.http.pages.reading import fields_of
from casework.http.pages.rendering import Asked, page, see
from casework.http.session import call_of, store_of
from casework.services import people
from casework.services.accounts import list_offices
from casework.services.captions import DISTRICTS, OFFICE_KINDS
from casework.services.questions import unanswered

OFFICES = "/admin/offices"


@get("/admin", sync_to_thread=True)
def admin_home(request: Asked) -> Response[Any]:
    """Lead to everything that an administrator looks after."""
    store, call = store_of(request), call_of(request)
    return page(request, "admin.html", offices=list_offices(store, call), unanswered=unanswered(store, call))


@get(OFFICES, sync_to_thread=True)
def office_list(request: Asked) -> Response[Any]:
    """List the offices, with how many accounts each has."""
    return _offices(request)


@post(OFFICES, sync_to_thread=True)
def enter_office(request: Asked) -> Response[Any] | Redirect:
    """Enter an office."""
    typed = fields_of(request)
    kind = typed.get("kind", "")
    try:
        district = typed.get("district_code") or None
        people.create_office(store_of(request), call_of(request), typed.get("name", "")[:200], kind, district)
    except Invalid as invalid:
        return _offices(request, faults=invalid.faults, typed=typed)
    return see(f"{OFFICES}?done=office_entered")


@post("/admin/offices/{office_id:str}/name", sync_to_thread=True)
def rename_office(request: Asked, office_id: FromPath[str]) -> Response[Any] | Redirect:
    """Give an office another name."""
    try:
        people.rename_office(store_of(request), call_of(request), office_id, fields_of(request).get("name", "")[:200])
    except Invalid as invalid:
        return _offices(request, faults=invalid.faults)
    return see(f"{OFFICES}?done=office_renamed")


def _offices(request: Asked, *, faults: tuple[Fault, ...] = (), typed: dict[str, str] | None = None) -> Response[Any]:
    found = list_offices(store_of(request), call_of(request))
    notice = NOTICES.get(request.query_params.get("done", ""))
    said: dict[str, Any] = {"kinds": OFFICE_KINDS, "districts": DISTRICTS, "typed": typed or {}, "notice": notice}
    return page(request, "admin_offices.html", status=422 if faults else 200, found=found, faults=faults, **said)
