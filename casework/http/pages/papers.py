"""Official papers: shown to be printed, and checked by whoever holds one."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from casework.http.pages.rendering import Asked, language_of, page
from casework.http.session import call_of, store_of
from casework.http.showing import paper_shown
from casework.services.official import check_official

LONGEST = 200


@get("/cases/{case_id:str}/records/{record_id:str}/paper", sync_to_thread=True)
def official_paper(request: Asked, case_id: FromPath[str], record_id: FromPath[str]) -> Response[bytes]:
    """Show a record as the office's official paper, in the reader's language. Opening it gives a read receipt."""
    office = request.app.state.settings.papers
    return paper_shown(store_of(request), call_of(request), case_id, record_id, office, language_of(request))


@get("/papers/check", sync_to_thread=True)
def check_paper(request: Asked) -> Response[Any]:
    """Say whether the journal knows the paper whose code was typed or scanned, and whether its record still stands."""
    typed = request.query_params.get("code", "")[:LONGEST].strip()
    found = check_official(store_of(request), call_of(request), typed) if typed else None
    return page(request, "paper_check.html", typed=typed, found=found)
