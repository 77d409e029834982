"""The journal as pages: one case's, and an office's for those who audit it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK

from casework.errors import Fault, Invalid
from casework.http.pages.reading import fields_of
from casework.http.pages.rendering import Asked, page
from casework.http.session import call_of, store_of
from casework.ledger.export import Format
from casework.machines.facts import WITA
from casework.machines.policy import role_may
from casework.services.audit import verify_trail
from casework.services.exceptions import EXCEPTIONS, count_exceptions, list_exceptions
from casework.services.exports import Export, export_trail
from casework.services.happenings import HAPPENINGS
from casework.services.journals import journal_of
from casework.services.past import as_it_stood
from casework.services.readers import who_saw
from casework.services.trails import Sought, midnight, office_trail
from casework.store.sifting import Outcome
from casework.words import Words

MOST = 100_000
"""Entries that a page gives at once; the terminal has no such bound."""
ASKED = ("kind", "outcome", "person", "case", "office", "since", "until")
"""What the address of the trail may ask for."""
OUTCOMES: tuple[Outcome, ...] = ("done", "refused", "read")
LONG = 9
"""More digits no entry of a case has."""
USUAL_DAYS = 30
"""The days of exceptions that are shown when nobody names others."""
MEDIA: dict[Format, str] = {"jsonl": "application/jsonl", "csv": "text/csv", "xes": "application/xml"}


@get("/cases/{case_id:str}/trail", sync_to_thread=True)
def case_trail(request: Asked, case_id: FromPath[str]) -> Response[Any]:
    """Show everything that was done or tried on a case, newest first, and whether its chain is whole."""
    found = journal_of(store_of(request), call_of(request), case_id, request.query_params.get("after", ""))
    asks = any(role_may(seat.role, "read_trail") for seat in call_of(request).who.seats)
    return page(request, "case_trail.html", trail=found, asks=asks, older=urlencode({"after": found.after}) if found.after else "")


@get("/cases/{case_id:str}/past", sync_to_thread=True)
def case_then(request: Asked, case_id: FromPath[str]) -> Response[Any]:
    """Show a case as it stood at a moment (WITA, `on` and `at`), or right after an entry (`entry`): without either, as it stands now."""
    asked = request.query_params
    call = call_of(request)
    now = call.at.astimezone(WITA)
    typed = {"on": asked.get("on", "") or f"{now:%Y-%m-%d}", "at": asked.get("at", "") or f"{now:%H:%M}"}
    entry = asked.get("entry", "")
    moment = datetime.combine(_day(typed, "on"), _clock(typed["at"]), WITA) if asked.get("on") or asked.get("at") else call.at
    found = as_it_stood(store_of(request), call, case_id, moment, int(entry) if entry.isdecimal() and len(entry) < LONG else None)
    return page(request, "past.html", then=found, typed=typed)


@get("/cases/{case_id:str}/readers", sync_to_thread=True)
def case_readers(request: Asked, case_id: FromPath[str]) -> Response[Any]:
    """Show who has looked at a case, the newest look first."""
    return page(request, "readers.html", seen=who_saw(store_of(request), call_of(request), case_id))


@get("/trail", sync_to_thread=True)
def trail(request: Asked) -> Response[Any]:
    """Show the trail of the caller's offices, sifted as the address says. `?verify=1` recomputes the whole journal first."""
    asked = {name: request.query_params.get(name, "")[:60].strip() for name in ASKED}
    store, call = store_of(request), call_of(request)
    found = office_trail(store, call, sought(asked), request.query_params.get("after", ""))
    report = verify_trail(store, call) if request.query_params.get("verify") == "1" else None
    kept = {name: value for name, value in asked.items() if value}
    older = urlencode(kept | {"after": found.after}) if found.after else ""
    today = call.at.astimezone(WITA).date()
    return page(request, "trail.html", trail=found, asked=asked, kinds=HAPPENINGS, report=report, older=older, today=today)


@get("/trail/exceptions", sync_to_thread=True)
def exception_list(request: Asked) -> Response[Any]:
    """Show how many exceptions there are of each kind, and those of one: without days named, those of the last thirty.

    Where no kind is named it is the first of which there are any.
    """
    asked = {name: request.query_params.get(name, "")[:60] for name in ("kind", "office", "since", "until")}
    store, call = store_of(request), call_of(request)
    today = call.at.astimezone(WITA).date()
    since = _day(asked, "since") if asked["since"] else today - timedelta(days=USUAL_DAYS)
    until = _day(asked, "until") if asked["until"] else today
    known = list_exceptions(store, call, asked["kind"], since, until, asked["office"]) if asked["kind"] else None
    counted = count_exceptions(store, call, since, until, asked["office"], known) if since <= until else ()
    first = next((one.kind for one in counted if one.many), EXCEPTIONS[0].code)
    found = known or list_exceptions(store, call, first, since, until, asked["office"])
    return page(request, "exceptions.html", found=found, kinds=EXCEPTIONS, counted=counted, asked_office=asked["office"])


@post("/trail/export", status_code=HTTP_200_OK, sync_to_thread=True)
def take_out(request: Asked) -> Response[bytes]:
    """Give the entries of some days as a file. It asks for a fresh proof, and goes on with what was chosen."""
    typed, file = fields_of(request), io.BytesIO()
    chosen: Format = next((each for each in MEDIA if each == typed.get("format")), "csv")
    since, until = _day(typed, "since"), _day(typed, "until")
    wanted = Export(format=chosen, since=midnight(since), until=midnight(until, after=1))
    export_trail(store_of(request), call_of(request), wanted, file, most=MOST)
    name = f"casework-{since:%Y%m%d}-{until:%Y%m%d}.{chosen}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(file.getvalue(), media_type=MEDIA[chosen], headers=headers)


def sought(asked: Mapping[str, str]) -> Sought:
    """Return what an address asks of the trail; what it asks wrongly is not asked. Raises Invalid for a day that is none."""
    return Sought(
        kind=asked["kind"] if asked["kind"] in HAPPENINGS else "",
        outcome=next((known for known in OUTCOMES if known == asked["outcome"]), ""),
        person=asked["person"],
        case=asked["case"],
        office=asked["office"],
        since=_day(asked, "since") if asked["since"] else None,
        until=_day(asked, "until") if asked["until"] else None,
    )


def _clock(typed: str) -> time:
    """Return the end of a minute: what was recorded within it is in. Raises Invalid."""
    try:
        return time.fromisoformat(typed).replace(second=59, microsecond=999_999, tzinfo=None)
    except ValueError:
        raise Invalid(Fault("$.at", Words("Isi jam.", "Enter a time."))) from None


def _day(typed: Mapping[str, str], field: str) -> date:
    try:
        return date.fromisoformat(typed.get(field, ""))
    except ValueError:
        raise Invalid(Fault(f"$.{field}", Words("Isi tanggal.", "Enter a day."))) from None
