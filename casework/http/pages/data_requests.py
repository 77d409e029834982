"""What is asked about a child's own data, as pages: the register, and the copy to print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response.redirect import Redirect

from casework.errors import Fault, Invalid
from casework.http.pages.captions import NOTICES
from casework.http.pages.reading import fields_of
from casework.http.pages.rendering import Asked, page, see
from casework.http.session import call_of, store_of
from casework.machines.data_rights import AGAINST_WORDS, APPLICANT_WORDS, BASIS_WORDS, KIND_WORDS, SHOWN_WORDS
from casework.machines.forms.reading import read
from casework.services.copies import take_copy
from casework.services.data_requests import DecideRequest, TakeRequest, decide_request, list_requests, take_request
from casework.services.labels import LABELS
from casework.words import Words

ASKED = ("kind", "applicant", "shown", "name")
DECIDED = ("outcome", "reason", "answer")


@get("/data-requests", sync_to_thread=True)
def data_request_list(request: Asked) -> Response[Any]:
    """Show the register, with what waits on top."""
    return _register(request, {"number": request.query_params.get("case", "")})


@post("/data-requests", sync_to_thread=True)
def enter_data_request(request: Asked) -> Response[Any] | Redirect:
    """Enter a request that was received now."""
    typed = fields_of(request)
    raw = {name: typed.get(name, "") for name in ASKED}
    try:
        take_request(store_of(request), call_of(request), read(TakeRequest, {"case": typed.get("number", ""), **raw}))
    except Invalid as invalid:
        return _register(request, typed, faults=invalid.faults)
    return see("/data-requests?done=data_requested")


@post("/data-requests/{data_request_id:str}/decision", sync_to_thread=True)
def decide_on_data_request(request: Asked, data_request_id: FromPath[str]) -> Response[Any] | Redirect:
    """Grant or refuse one."""
    typed = fields_of(request)
    raw = {name: typed.get(name, "") for name in DECIDED}
    try:
        decide_request(store_of(request), call_of(request), read(DecideRequest, {"request": data_request_id, **raw}))
    except Invalid as invalid:
        return _register(request, {}, faults=invalid.faults)
    return see("/data-requests?done=request_decided")


@get("/data-requests/{data_request_id:str}/copy", sync_to_thread=True)
def data_copy(request: Asked, data_request_id: FromPath[str]) -> Response[Any]:
    """Show the copy, to be read, printed and handed over."""
    found = take_copy(store_of(request), call_of(request), data_request_id)
    return page(request, "data_copy.html", copy=found, called=called, answers=answers)


def called(field: str) -> Words:
    """Return how a field is called."""
    return LABELS.get(field, Words(field, field))


def answers(body: dict[str, Any]) -> Iterator[tuple[tuple[Words, ...], str]]:
    """Yield every answer of a form that says something, with the names of the fields that lead to it."""
    yield from _told((), body)


def _told(path: tuple[Words, ...], value: Any) -> Iterator[tuple[tuple[Words, ...], str]]:
    if isinstance(value, dict):
        for name, one in value.items():
            if name != "form":
                yield from _told((*path, called(name)), one)
    elif isinstance(value, list):
        for one in value:
            yield from _told(path, one)
    elif value not in (None, ""):
        yield path, str(value)


def _register(request: Asked, typed: dict[str, str], *, faults: tuple[Fault, ...] = ()) -> Response[Any]:
    found = list_requests(store_of(request), call_of(request))
    choices: dict[str, Any] = {
        "kinds": KIND_WORDS,
        "applicants": APPLICANT_WORDS,
        "shown": SHOWN_WORDS,
        "against": AGAINST_WORDS,
        "bases": BASIS_WORDS,
    }
    notice = NOTICES.get(request.query_params.get("done", ""))
    status = 422 if faults else 200
    return page(
        request, "data_requests.html", status=status, found=found, typed=typed, faults=faults, notice=notice, called=called, **choices
    )
