"""The reports of DOMAIN 6.1 for programs: the same rows as on the pages, and as they may be published."""

from typing import Annotated, Literal

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from casework.http.api.cases import Code
from casework.services.numbers import catalogue
from casework.services.numbers.catalogue import Shelf, Sought, Table
from casework.store.call import Call
from casework.store.store import Store

Month = Annotated[str, QueryParameter(pattern="^([0-9]{4}-[0-9]{2})?$")]
Area = Annotated[str, QueryParameter(pattern="^[0-9.]{0,20}$")]


@get("/numbers", sync_to_thread=True)
def show_first_page(
    store: NamedDependency[Store], call: NamedDependency[Call], office: Code = "", since: Month = "", until: Month = ""
) -> Shelf:
    """Show whether the gate holds, how long children stay, whether they go home, and how requests are decided, in some months (WITA).

    For who leads an office, and for auditors.
    """
    return catalogue.show_first_page(store, call, Sought(office=office, since=since, until=until))


@get("/numbers/{report:str}", sync_to_thread=True)
def show_report(  # noqa: PLR0913 - each is a part of the address
    *,
    store: NamedDependency[Store],
    call: NamedDependency[Call],
    report: FromPath[str],
    office: Code = "",
    since: Month = "",
    until: Month = "",
    district: Area = "",
    host: Code = "",
    sex: FromQuery[Literal["", "female", "male", "unknown"]] = "",
    public: FromQuery[bool] = False,
) -> Table:
    """Show one report (R1 to R16); with `public` as it may be published, small numbers hidden. Months are WITA, both included."""
    sought = Sought(office=office, since=since, until=until, district=district, host=host, sex=sex)
    return catalogue.show_report(store, call, report, sought, public=public)
