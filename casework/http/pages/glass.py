"""Breaking the glass of a case, and looking into it, as pages."""

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
from casework.machines.forms.reading import read
from casework.services.glass import CODE_WORDS, FINDING_WORDS, BreakGlass, ReviewGlass, break_glass, glass_of, review_glass


@get("/glass", sync_to_thread=True)
def glass_page(request: Asked) -> Response[Any]:
    """Ask which case, and why. `?case=` names it."""
    return _asked(request, {"number": request.query_params.get("case", "")})


@post("/glass", sync_to_thread=True)
def break_case_glass(request: Asked) -> Response[Any] | Redirect:
    """Break it, and show the child."""
    typed = fields_of(request)
    raw = {"case": typed.get("number", ""), "code": typed.get("code", ""), "reason": typed.get("reason", "")}
    try:
        broken = break_glass(store_of(request), call_of(request), read(BreakGlass, raw))
    except Invalid as invalid:
        return _asked(request, typed, faults=invalid.faults)
    return see(f"/cases/{broken.id}?done=glass_broken")


@get("/cases/{case_id:str}/glass", sync_to_thread=True)
def case_glass_page(request: Asked, case_id: FromPath[str]) -> Response[Any]:
    """Show who broke it, to who reviews that."""
    found = glass_of(store_of(request), call_of(request), case_id)
    return page(request, "glass_review.html", found=found, findings=FINDING_WORDS, notice=NOTICES.get(request.query_params.get("done", "")))


@post("/cases/{case_id:str}/glass/{glass_id:str}/review", sync_to_thread=True)
def review_case_glass(request: Asked, case_id: FromPath[str], glass_id: FromPath[str]) -> Redirect:
    """Write down what was found."""
    typed = fields_of(request)
    raw = {"case": case_id, "glass": glass_id, "finding": typed.get("finding", ""), "note": typed.get("note", "")}
    review_glass(store_of(request), call_of(request), read(ReviewGlass, raw))
    return see(f"/cases/{case_id}/glass?done=glass_reviewed")


def _asked(request: Asked, typed: dict[str, str], *, faults: tuple[Fault, ...] = ()) -> Response[Any]:
    minutes = store_of(request).params.glass_minutes
    return page(request, "glass.html", status=422 if faults else 200, typed=typed, codes=CODE_WORDS, faults=faults, minutes=minutes)
