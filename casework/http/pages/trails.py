"""The journal as pages: one case's, and an office's for those who audit it."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time, timedelta
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
from casework.services.exports import Export, export_trail
from casework.services.happenings import HAPPENINGS
from casework.services.journals import journal_of, office_trail
from casework.services.readers import who_saw
from casework.store.trail import Wanted
from casework.words import Words

MOST = 100_000
"""Entries that a page gives at once; the terminal has no such bound."""
MEDIA: dict[Format, str] = {"jsonl": "application/jsonl", "csv": "text/csv", "xes": "application/xml"}


@get("/cases/{case_id:str}/trail", sync_to_thread=True)
def case_trail(request: Asked, case_id: FromPath[str]) -> Response[Any]:
    """Show everything that was done or tried on a case, newest first, and whether its chain is whole."""
    found = journal_of(store_of(request), call_of(request), case_id, request.query_params.get("after", ""))
    asks = any(role_may(seat.role, "read_trail") for seat in call_of(request).who.seats)
    return page(request, "case_trail.html", trail=found, asks=asks, older=urlencode({"after": found.after}) if found.after else "")


@get("/cases/{case_id:str}/readers", sync_to_thread=True)
def case_readers(request: Asked, case_id: FromPath[str]) -> Response[Any]:
    """Show who has looked at a case, the newest look first."""
    return page(request, "readers.html", seen=who_saw(store_of(request), call_of(request), case_id))


@get("/trail", sync_to_thread=True)
def trail(request: Asked) -> Response[Any]:
    """Show the trail of the caller's offices, filtered. `?verify=1` recomputes the whole journal first."""
    asked = request.query_params
    kind, outcome, person = (asked.get(name, "")[:60] for name in ("kind", "outcome", "person"))
    wanted = Wanted(
        kind=kind if kind in HAPPENINGS else "",
        outcome=outcome if outcome in {"done", "refused"} else "",
        person=person,
        before=_moment(asked.get("before", "")),
    )
    store, call = store_of(request), call_of(request)
    found = office_trail(store, call, wanted)
    report = verify_trail(store, call) if asked.get("verify") == "1" else None
    last = found.older.isoformat() if found.older else ""
    older = urlencode({"kind": kind, "outcome": outcome, "person": person, "before": last}) if last else ""
    today = call.at.astimezone(WITA).date()
    return page(request, "trail.html", trail=found, wanted=wanted, kinds=HAPPENINGS, report=report, older=older, today=today)


@post("/trail/export", status_code=HTTP_200_OK, sync_to_thread=True)
def take_out(request: Asked) -> Response[bytes]:
    """Give the entries of some days as a file. It asks for a fresh proof, and goes on with what was chosen."""
    typed, file = fields_of(request), io.BytesIO()
    chosen: Format = next((each for each in MEDIA if each == typed.get("format")), "csv")
    since, until = _day(typed, "since"), _day(typed, "until")
    wanted = Export(format=chosen, since=_midnight(since), until=_midnight(until + timedelta(days=1)))
    export_trail(store_of(request), call_of(request), wanted, file, most=MOST)
    name = f"casework-{since:%Y%m%d}-{until:%Y%m%d}.{chosen}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(file.getvalue(), media_type=MEDIA[chosen], headers=headers)


def _day(typed: dict[str, str], field: str) -> date:
    try:
        return date.fromisoformat(typed.get(field, ""))
    except ValueError:
        raise Invalid(Fault(f"$.{field}", Words("Isi tanggal.", "Enter a day."))) from None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), WITA).astimezone(UTC)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
