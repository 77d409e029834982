"""Numbers for who leads an office: the first page, each report as table and picture, and as a file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from casework.errors import NotFound
from casework.http.pages.charts import drawn
from casework.http.pages.rendering import Asked, language_of, page
from casework.http.session import call_of, store_of
from casework.services.numbers.catalogue import HIDDEN, REPORTS, Sought, show_choices, show_first_page, show_report, take_out
from casework.services.numbers.files import FILES

LONGEST = 60


@get("/numbers", sync_to_thread=True)
def numbers_page(request: Asked) -> Response[Any]:
    """Show what the head of an office looks at first, and every report there is."""
    found = show_first_page(store_of(request), call_of(request), _sought(request))
    return page(request, "numbers.html", found=found, reports=REPORTS, asked=_said(found.sought))


@get("/numbers/{code:str}", sync_to_thread=True)
def report_page(request: Asked, code: FromPath[str]) -> Response[Any]:
    """Show one report."""
    store, call, sought = store_of(request), call_of(request), _sought(request)
    found = show_report(store, call, code, sought)
    return page(
        request,
        "report.html",
        table=found,
        report=next(report for report in REPORTS if report.code == code),
        choices=show_choices(store, call, code, sought),
        picture=drawn(found),
        asked=_said(found.sought),
        files=tuple(FILES),
        hidden=HIDDEN,
    )


@get("/numbers/{code:str}/file", sync_to_thread=True)
def report_file(request: Asked, code: FromPath[str]) -> Response[bytes]:
    """Give a report as a file, with `public=1` as it may be published."""
    kind, public = request.query_params.get("as", "csv"), request.query_params.get("public", "") == "1"
    if kind not in FILES:
        raise NotFound("report")
    media, write = FILES[kind]
    found = take_out(store_of(request), call_of(request), code, _sought(request), public=public)
    name = f"casework-{found.report}-{found.sought.since}-{found.sought.until}{'-umum' if public else ''}.{kind}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(write(found, language_of(request)), media_type=media, headers=headers)


def _sought(request: Asked) -> Sought:
    asked = {name: request.query_params.get(name, "")[:LONGEST].strip() for name in Sought.__struct_fields__}
    return Sought(**asked)


def _said(sought: Sought) -> str:
    """Return what an address says to ask for the same again."""
    return urlencode({name: value for name, value in msgspec.structs.asdict(sought).items() if value})
