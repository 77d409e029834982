"""The trail for those who audit it."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from casework.http.api.answers import next_page
from casework.http.api.cases import Code, Cursor
from casework.machines.facts import WITA
from casework.services import exceptions, past, trails
from casework.services.exceptions import Exceptions
from casework.services.journals import Entry
from casework.services.past import Then
from casework.services.trails import Sought
from casework.store.call import Call
from casework.store.sifting import Outcome
from casework.store.store import Store

Number = Annotated[str, QueryParameter(pattern="^[A-Za-z0-9-]{0,40}$")]


@get("/trail", sync_to_thread=True)
def show_trail(  # noqa: PLR0913 - each is a part of the address
    *,
    store: NamedDependency[Store],
    call: NamedDependency[Call],
    kind: Code = "",
    outcome: FromQuery[Outcome] = "",
    person: Code = "",
    case: Number = "",
    office: Code = "",
    since: FromQuery[date | None] = None,
    until: FromQuery[date | None] = None,
    after: Cursor = "",
) -> Response[tuple[Entry, ...]]:
    """List what was done and tried in the caller's offices, newest first; looks with `outcome=read`. Days are WITA, the last included."""
    asked = Sought(kind=kind, outcome=outcome, person=person, case=case, office=office, since=since, until=until)
    found = trails.office_trail(store, call, asked, after)
    said = {name: str(value) for name, value in msgspec.structs.asdict(asked).items() if value}
    return Response(found.entries, headers=next_page(found.after, "/api/trail", said))


@get("/exceptions/{kind:str}", sync_to_thread=True)
def show_exceptions(
    store: NamedDependency[Store],
    call: NamedDependency[Call],
    kind: FromPath[str],
    since: FromQuery[date],
    until: FromQuery[date],
    office: Code = "",
) -> Exceptions:
    """List the exceptions of one kind (`emergency`, `refused`, `quick_approval`, ...) in some days (WITA), the last included."""
    return exceptions.list_exceptions(store, call, kind, since, until, office)


@get("/cases/{case_id:str}/past", sync_to_thread=True)
def show_past(
    store: NamedDependency[Store],
    call: NamedDependency[Call],
    case_id: FromPath[str],
    at: FromQuery[datetime | None] = None,
    entry: FromQuery[int | None] = None,
) -> Then:
    """Show a case as it stood at a moment, or right after one of its entries: without either, as it stands now."""
    moment = call.at if at is None else at if at.tzinfo else at.replace(tzinfo=WITA)
    return past.as_it_stood(store, call, case_id, moment, entry)
