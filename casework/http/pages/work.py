"""The work list: what a person sees first, everything they have to do with its dates."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get

from casework.http.pages.captions import NOTICES
from casework.http.pages.rendering import Asked, page
from casework.http.session import call_of, store_of
from casework.machines.policy import role_may
from casework.services.accounts import seated_lately
from casework.services.captions import DISTRICTS
from casework.services.caseload import MOST_IDLE, idle_cases
from casework.services.cases import registers_cases
from casework.services.due import Group
from casework.services.field import only_asked
from casework.services.house_home import my_houses
from casework.services.questions import unanswered
from casework.services.reports import follows_reports, my_reports
from casework.services.work import Part, my_work
from casework.words import Words

GROUPS: dict[Group, Words] = {
    "critical": Words("Sangat terlambat", "Critically overdue"),
    "overdue": Words("Terlambat", "Overdue"),
    "soon": Words("Segera jatuh tempo", "Due soon"),
    "later": Words("Nanti", "Later"),
}
PARTS: dict[Part, Words] = {
    "unassigned": Words("belum ada pekerja sosial", "no social worker yet"),
    "escalated": Words("belum dikerjakan pekerja sosial", "not done by the worker"),
    "decision": Words("keputusan Anda", "your decision"),
    "complaint": Words("pengaduan", "complaint"),
    "house": Words("tempat asuh", "place of care"),
}


@get("/work", sync_to_thread=True)
def work_list(request: Asked) -> Response[Any]:
    """List what the caller has to do under the headings of how pressing it is; a page shows those headings that have lines on it."""
    store = store_of(request)
    call = call_of(request)
    found = my_work(store, call, after=request.query_params.get("after", ""))
    older = urlencode({"after": found.after}) if found.after else ""
    sections = [(group, tuple(lines)) for group, lines in groupby(found.lines, lambda line: line.group)]
    first = "after" not in request.query_params
    told: dict[str, Any] = {
        "houses": my_houses(store, call) if first else (),
        "idle": idle_cases(store, call) if first and any(role_may(seat.role, "ask_correction") for seat in call.who.seats) else (),
        "most": MOST_IDLE,
        "leads": any(role_may(seat.role, "lead") for seat in call.who.seats),
        "errands": only_asked(call.who),
        "follows": follows_reports(call.who),
        "notice": NOTICES.get(request.query_params.get("done", "")),
        "registers_cases": registers_cases(call.who),
        "unanswered": unanswered(store, call),
        "seated": seated_lately(store, call),
    }
    horizon = store.params.work_horizon_days
    return page(request, "work.html", sections=sections, groups=GROUPS, parts=PARTS, older=older, horizon=horizon, **told)


@get("/reports", sync_to_thread=True)
def report_list(request: Asked) -> Response[Any]:
    """List the caller's own reports, all or of one district, and how far they have come."""
    asked = request.query_params
    district = asked.get("district", "") if asked.get("district", "") in DISTRICTS else ""
    found = my_reports(store_of(request), call_of(request), after=asked.get("after", "")[:300], district=district)
    older = urlencode({"district": district, "after": found.after}) if found.after else ""
    said: dict[str, Any] = {"district": district, "districts": DISTRICTS, "older": older}
    return page(request, "reports.html", found=found, notice=NOTICES.get(asked.get("done", "")), **said)
