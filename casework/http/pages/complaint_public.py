"""The complaint page that anybody may use without an account: a child on a phone, without JavaScript (S3).

A change here needs no session, so no token of one: the front door refuses what another site posts, and addresses are throttled. The page
names no child, no house but those on the public register, and answers a code with nothing but where things stand and the answer.
"""

from __future__ import annotations

import secrets
from typing import Any

from litestar import Response, get, post

from casework.errors import Fault, Invalid, Throttled
from casework.http.pages.reading import fields_of
from casework.http.pages.rendering import Asked, page
from casework.http.passage import passage_of
from casework.http.session import key_of, store_of, through_of
from casework.services.complaint_views import look_up_answer, places_to_name
from casework.services.complaints import PUBLIC, Receive, receive_complaint, told_by
from casework.settings import EmergencyNumber, Settings
from casework.store.call import Call
from casework.words import Words

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
ADDRESS = "/pengaduan"
TOO_OFTEN = Words(
    "Terlalu banyak kiriman dari sini. Tunggu satu jam, atau telepon salah satu nomor di atas.",
    "Too many were sent from here. Wait an hour, or call one of the numbers above.",
)


def new_code() -> str:
    """Return a fresh code: twelve signs in three groups, none of which is taken for another."""
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(4)) for _ in range(3))


@get(ADDRESS, sync_to_thread=True)
def complaint_page(request: Asked) -> Response[Any]:
    """Show the empty page."""
    return _telling(request, {}, new_code())


@post(ADDRESS, sync_to_thread=True)
def send_complaint(request: Asked) -> Response[Any]:
    """Take in what somebody tells, and show the code under which the answer is found. Nothing typed is lost when something is missing."""
    fields = fields_of(request)
    code = fields.get("code", "")
    try:
        ask = Receive(told=told_by(fields), code=code, address=_address(request), office=_settings(request).office.name)
        receive_complaint(store_of(request), _call(request), ask)
    except Invalid as invalid:
        wrong_code = any(fault.path == "$.code" for fault in invalid.faults)
        faults = tuple(Fault(fault.path.replace("$.told.", "$."), fault.words) for fault in invalid.faults)
        return _telling(request, fields, new_code() if wrong_code else code, status=422, faults=faults)
    except Throttled:
        return _telling(request, fields, code, status=429, problem=TOO_OFTEN)
    return page(request, "complaint_sent.html", code=code, numbers=_numbers(request), hours=_settings(request).parameters)


@get(f"{ADDRESS}/jawaban", sync_to_thread=True)
def answer_page(request: Asked) -> Response[Any]:
    """Ask for the code."""
    return page(request, "complaint_answer.html", numbers=_numbers(request), found=None, problem=None)


@post(f"{ADDRESS}/jawaban", sync_to_thread=True)
def show_answer(request: Asked) -> Response[Any]:
    """Show where the complaint of a code stands, and its answer. A wrong code is told as one, and nothing else."""
    problem, status = (
        Words("Kode ini tidak kami kenal. Periksa lagi tulisannya.", "We do not know this code. Check how it is written."),
        404,
    )
    try:
        code = fields_of(request).get("code", "").upper()[:20]
        found = look_up_answer(store_of(request), passage_of(request.scope).at, code, _address(request), through_of(request))
    except Throttled:
        found, problem, status = None, TOO_OFTEN, 429
    if found is None:
        return page(request, "complaint_answer.html", status=status, numbers=_numbers(request), found=None, problem=problem)
    return page(request, "complaint_answer.html", numbers=_numbers(request), found=found, problem=None)


def _telling(
    request: Asked, typed: dict[str, str], code: str, *, status: int = 200, faults: tuple[Fault, ...] = (), problem: Words | None = None
) -> Response[Any]:
    wrong = {fault.path.removeprefix("$."): fault.words for fault in faults}
    return page(
        request,
        "complaint_tell.html",
        status=status,
        typed=typed,
        wrong=wrong,
        problem=problem,
        code=code,
        places=places_to_name(store_of(request), _call(request, key="")),
        numbers=_numbers(request),
    )


def _call(request: Asked, *, key: str | None = None) -> Call:
    named = key_of(request.scope) if key is None else key
    return Call(who=PUBLIC, at=passage_of(request.scope).at, through=through_of(request, key=named))


def _address(request: Asked) -> str:
    return request.client.host if request.client else ""


def _settings(request: Asked) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _numbers(request: Asked) -> tuple[EmergencyNumber, ...]:
    return _settings(request).emergency_numbers
