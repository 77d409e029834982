"""Complaints as the office handles them: the list, one complaint with its steps, and what a worker writes down for a child."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response.redirect import Redirect

from casework.errors import Fault, Invalid
from casework.http.pages.captions import NOTICES
from casework.http.pages.complaint_public import new_code
from casework.http.pages.reading import fields_of
from casework.http.pages.rendering import Asked, page, see
from casework.http.session import call_of, store_of
from casework.machines.forms.reading import read
from casework.machines.policy import role_may
from casework.services.complaint_views import REPORTERS, ReporterSeen, list_complaints, places_to_name, show_complaint, show_reporter
from casework.services.complaints import (
    AdvanceComplaint,
    LinkComplaint,
    OpenReporter,
    WriteDown,
    advance_complaint,
    link_complaint,
    open_reporter,
    told_by,
    write_down_complaint,
)


@get("/complaints", sync_to_thread=True)
def complaint_list(request: Asked) -> Response[Any]:
    """List the complaints that the caller may know of, what is due first."""
    call = call_of(request)
    writes = any(role_may(seat.role, "write_complaint") for seat in call.who.seats)
    return page(request, "complaints.html", lines=list_complaints(store_of(request), call), writes=writes)


@get("/complaints/new", sync_to_thread=True)
def new_complaint_page(request: Asked) -> Response[Any]:
    """Show the empty page for what a child told."""
    return _writing(request, {}, new_code())


@post("/complaints/new", sync_to_thread=True)
def write_complaint(request: Asked) -> Response[Any]:
    """Write down what a child told, and show the code once."""
    call, fields = call_of(request), fields_of(request)
    code = fields.get("code", "")
    try:
        ask = WriteDown(told=told_by(fields), code=code, number=fields.get("number", ""))
        write_down_complaint(store_of(request), call, ask)
    except Invalid as invalid:
        return _writing(request, fields, code, status=422, faults=invalid.faults)
    return _writing(request, {}, code, sent=True)


@get("/complaints/{complaint_id:str}", sync_to_thread=True)
def complaint_view(request: Asked, complaint_id: FromPath[str]) -> Response[Any]:
    """Show one complaint."""
    return _complaint(request, complaint_id)


@post("/complaints/{complaint_id:str}/step", sync_to_thread=True)
def take_complaint_step(request: Asked, complaint_id: FromPath[str]) -> Response[Any] | Redirect:
    """Make a step of a complaint."""
    call, fields = call_of(request), fields_of(request)
    trigger, answer, record = (fields.get(name, "") for name in ("trigger", "answer", "record"))
    try:
        ask = read(AdvanceComplaint, {"complaint": complaint_id, "trigger": trigger, "answer": answer, "record": record})
        advance_complaint(store_of(request), call, ask)
    except Invalid as invalid:
        return _complaint(request, complaint_id, status=422, faults=invalid.faults, typed=fields)
    return see(f"/complaints/{complaint_id}?done=advanced")


@post("/complaints/{complaint_id:str}/case", sync_to_thread=True)
def link_complaint_case(request: Asked, complaint_id: FromPath[str]) -> Response[Any] | Redirect:
    """Say of which child's case a complaint is."""
    call, fields = call_of(request), fields_of(request)
    try:
        link_complaint(store_of(request), call, read(LinkComplaint, {"complaint": complaint_id, "number": fields.get("number", "")}))
    except Invalid as invalid:
        return _complaint(request, complaint_id, status=422, faults=invalid.faults)
    return see(f"/complaints/{complaint_id}?done=complaint_linked")


@post("/complaints/{complaint_id:str}/reporter", sync_to_thread=True)
def see_reporter(request: Asked, complaint_id: FromPath[str]) -> Response[Any]:
    """Show who complained, to those who triage. The look is recorded."""
    store, call = store_of(request), call_of(request)
    open_reporter(store, call, OpenReporter(complaint=complaint_id))
    return _complaint(request, complaint_id, reporter=show_reporter(store, call, complaint_id))


def _complaint(
    request: Asked,
    complaint_id: str,
    *,
    status: int = 200,
    faults: tuple[Fault, ...] = (),
    typed: dict[str, str] | None = None,
    reporter: ReporterSeen | None = None,
) -> Response[Any]:
    call = msgspec.structs.replace(call_of(request), seen=None)
    given = typed or {}
    return page(
        request,
        "complaint.html",
        status=status,
        one=show_complaint(store_of(request), call, complaint_id),
        faults=faults,
        typed=given,
        open=given.get("trigger", ""),
        reporter=reporter,
        notice=NOTICES.get(request.query_params.get("done", "")),
    )


def _writing(
    request: Asked, typed: dict[str, str], code: str, *, status: int = 200, faults: tuple[Fault, ...] = (), sent: bool = False
) -> Response[Any]:
    places = places_to_name(store_of(request), call_of(request))
    return page(
        request, "complaint_new.html", status=status, typed=typed, code=code, faults=faults, sent=sent, places=places, reporters=REPORTERS
    )
