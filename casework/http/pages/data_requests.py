"""What is asked about a child's own data, as pages: the register, and the copy to print."""

from __future__ import annotations

import re
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response.redirect import Redirect

from casework.errors import Fault, Invalid
from casework.http.pages.captions import NOTICES
from casework.http.pages.controls import Control, Option, controls_of, flattened
from casework.http.pages.hosts import PLACES
from casework.http.pages.identity import told
from casework.http.pages.reading import AT_HOME, fields_of
from casework.http.pages.rendering import Asked, page, see
from casework.http.session import call_of, store_of
from casework.machines.data_rights import AGAINST_WORDS, APPLICANT_WORDS, BASIS_WORDS, KIND_WORDS, SHOWN_WORDS
from casework.machines.forms import KINDS
from casework.machines.forms.fields import HOME
from casework.machines.forms.reading import read
from casework.services.areas import village_names
from casework.services.captions import DISTRICTS
from casework.services.copies import Held, take_copy
from casework.services.data_requests import DecideRequest, TakeRequest, decide_request, list_requests, take_request
from casework.services.labels import label_of
from casework.words import Words

ASKED = ("kind", "applicant", "shown", "name")
DECIDED = ("outcome", "reason", "answer")
NOT_TOLD = Words("tidak dimuat", "left out")
_ID = re.compile(r"[0-9a-z]{26}")
_AS_ASKED = {"born_place": "birth_place"}
_REGISTERS = ("relative", "host", "body", "record", "paper", "member", "inspection")


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
    return page(request, "data_copy.html", copy=found, called=called, said=said, answers=answers)


def called(field: str) -> Words:
    """Return how a field is called."""
    return label_of("IdentityAnswers", _AS_ASKED.get(field, field))


def said(field: str, value: str | None) -> Words:
    """Return what the register says of a child, in words; the name of a district or village stands for its code."""
    named = {"district_code": DISTRICTS, "village_code": village_names()}.get(field, {}).get(value or "")
    return Words(named, named) if named else told(field, value)


def answers(record: Held, named: dict[str, Words]) -> tuple[Control, ...]:
    """Return the answers of a record as its own page shows them; whose id is not `named` is said to be left out, and every word stays."""
    form = KINDS[record.form].form
    typed = flattened(form, record.body or {})
    unnamed = {value for values in typed.values() for value in values} - named.keys() - {HOME}
    others = {value: NOT_TOLD if _ID.fullmatch(value) else Words(value, value) for value in sorted(unnamed)}
    options = tuple(Option(code, words) for code, words in {**named, **others}.items())
    return controls_of(form, typed, (), {**dict.fromkeys(_REGISTERS, options), **AT_HOME, **PLACES}, spare=0)


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
