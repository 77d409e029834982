"""The journal as pages: one case's, and an office's for those who audit it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.params import FromPath

from casework.http.pages.rendering import Asked, page
from casework.http.session import call_of, store_of
from casework.services.audit import verify_trail
from casework.services.happenings import HAPPENINGS
from casework.services.journals import journal_of, office_trail
from casework.store.trail import Wanted


@get("/cases/{case_id:str}/trail", sync_to_thread=True)
def case_trail(request: Asked, case_id: FromPath[str]) -> Response[Any]:
    """Show everything that was done or tried on a case, newest first, and whether its chain is whole."""
    found = journal_of(store_of(request), call_of(request), case_id, request.query_params.get("after", ""))
    return page(request, "case_trail.html", trail=found, older=urlencode({"after": found.after}) if found.after else "")


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
    last = found.entries[-1].recorded_at.isoformat() if found.more else ""
    older = urlencode({"kind": kind, "outcome": outcome, "person": person, "before": last}) if last else ""
    return page(request, "trail.html", trail=found, wanted=wanted, kinds=HAPPENINGS, report=report, older=older)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
