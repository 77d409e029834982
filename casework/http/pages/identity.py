"""The child's identity as a page: what the register holds, a correction asked for on a paper, and another person who carries it out."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response.redirect import Redirect

from casework.errors import Fault, Invalid
from casework.http.pages.captions import NOTICES
from casework.http.pages.controls import Typed, controls_of, posted
from casework.http.pages.reading import fields_of
from casework.http.pages.rendering import Asked, page, see
from casework.http.passage import passage_of
from casework.http.session import call_of, store_of
from casework.machines.forms import Religion
from casework.machines.forms.fields import Line, Name
from casework.machines.forms.reading import read
from casework.services.calendar import day
from casework.services.child_file import show_file
from casework.services.choices import choice_of
from casework.services.corrections import (
    FIELDS,
    ApproveIdentityChange,
    RequestIdentityChange,
    approve_identity_change,
    identity_changes,
    request_identity_change,
)
from casework.services.labels import label_of
from casework.words import Words

UNKNOWN = Words("tidak diketahui", "not known")


class IdentityAnswers(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One control for each identity field that can be corrected; only the one asked about is read."""

    name: Name
    sex: Literal["female", "male", "unknown"]
    born: date | None = None
    born_precision: Literal["day", "month", "year", "unknown"]
    religion: Religion
    nik: Line = ""
    kk: Line = ""
    mother_name: Line = ""
    father_name: Line = ""


@get("/cases/{case_id:str}/identity", sync_to_thread=True)
def identity_page(request: Asked, case_id: FromPath[str]) -> Response[Any]:
    """Show every identity field with its correction, and the corrections asked for."""
    return _identity(request, case_id)


@post("/cases/{case_id:str}/identity", sync_to_thread=True)
def correct_identity(request: Asked, case_id: FromPath[str]) -> Response[Any] | Redirect:
    """Ask for the correction of one field. A blank says that the value is not known after all."""
    fields, call = fields_of(request), call_of(request)
    field = fields.get("field", "")
    raw = posted(IdentityAnswers, passage_of(request.scope).form)
    value = str(raw[field]) if raw.get(field) else None
    said = {"case": case_id, "field": field, "new_value": value, "document": fields.get("document", "")}
    try:
        request_identity_change(store_of(request), call, read(RequestIdentityChange, said))
    except Invalid as invalid:
        faults = tuple(Fault(fault.path.replace("$.new_value", f"$.{field}"), fault.words) for fault in invalid.faults)
        return _identity(request, case_id, status=422, faults=faults, open=field, typed={field: [value or ""]})
    return see(f"/cases/{case_id}/identity?done=correction")


@post("/cases/{case_id:str}/identity/{change_id:str}", sync_to_thread=True)
def approve_correction(request: Asked, case_id: FromPath[str], change_id: FromPath[str]) -> Redirect:
    """Carry out a correction, as a supervisor who did not ask for it."""
    approve_identity_change(store_of(request), call_of(request), ApproveIdentityChange(case=case_id, change=change_id))
    return see(f"/cases/{case_id}/identity?done=corrected")


def _identity(
    request: Asked,
    case_id: str,
    *,
    status: int = 200,
    faults: tuple[Fault, ...] = (),
    typed: Typed | None = None,
    open: str = "",  # noqa: A002 - the template's own word: which form stands open
) -> Response[Any]:
    store, call = store_of(request), call_of(request)
    shown = identity_changes(store, call, case_id)
    held = {field: [value] for field, value in shown.identity.items() if value is not None}
    return page(
        request,
        "identity.html",
        status=status,
        case=show_file(store, call, case_id),
        shown=shown,
        controls=[control for control in controls_of(IdentityAnswers, {**held, **(typed or {})}, faults) if control.path in FIELDS],
        labels={field: label_of("IdentityAnswers", field) for field in FIELDS},
        told=told,
        open=open,
        faults=faults,
        notice=NOTICES.get(request.query_params.get("done", "")),
    )


def told(field: str, value: str | None) -> Words:
    """Return what a page says of an identity field's value."""
    if not value:
        return UNKNOWN
    if field in {"sex", "religion", "born_precision"}:
        return choice_of("IdentityAnswers", field, value)
    if field == "born":
        born = date.fromisoformat(value)
        return Words(day(born, "id"), day(born, "en"))
    return Words(value, value)
