"""The desk of a body that referrals go to, as pages: a list, and one page a referral with the receiver's steps."""

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
from casework.services.desk import AnswerReferral, answer_referral, list_referrals, show_referral
from casework.words import Words

FIELDS: dict[str, Words] = {
    "name": Words("Nama yang menerima", "Name of who accepts"),
    "on": Words("Tanggal", "Date"),
    "terms": Words("Syarat dan cara penerimaan", "Terms of the acceptance"),
    "reason": Words("Alasan", "Reason"),
    "feedback": Words("Umpan balik untuk pengirim", "Feedback to the sender"),
}
"""What the receiver writes with a step, by field."""


@get("/referrals", sync_to_thread=True)
def desk_page(request: Asked) -> Response[Any]:
    """List what lies on the desk."""
    found = list_referrals(store_of(request), call_of(request), request.query_params.get("after", "")[:300])
    return page(request, "desk.html", found=found, notice=NOTICES.get(request.query_params.get("done", "")))


@get("/referrals/{referral_id:str}", sync_to_thread=True)
def referral_page(request: Asked, referral_id: FromPath[str]) -> Response[Any]:
    """Show one referral with what its form tells the receiver."""
    return _referral(request, referral_id)


@post("/referrals/{referral_id:str}", sync_to_thread=True)
def answer(request: Asked, referral_id: FromPath[str]) -> Response[Any] | Redirect:
    """Make the receiver's step. One that lacks its words comes back with what was typed."""
    fields = fields_of(request)
    typed = {name: fields.get(name, "") for name in ("trigger", *FIELDS)}
    try:
        made = answer_referral(store_of(request), call_of(request), read(AnswerReferral, {"referral": referral_id, **typed}))
    except Invalid as invalid:
        return _referral(request, referral_id, status=422, faults=invalid.faults, typed=typed)
    return see(f"/referrals/{referral_id}?done=replied" if made.on_desk else "/referrals?done=replied")


def _referral(
    request: Asked, referral_id: str, *, status: int = 200, faults: tuple[Fault, ...] = (), typed: dict[str, str] | None = None
) -> Response[Any]:
    view = show_referral(store_of(request), call_of(request), referral_id)
    wrong = {fault.path.removeprefix("$."): fault.words for fault in faults}
    notice = NOTICES.get(request.query_params.get("done", ""))
    return page(
        request, "referral.html", status=status, view=view, fields=FIELDS, wrong=wrong, typed=typed or {"trigger": ""}, notice=notice
    )
