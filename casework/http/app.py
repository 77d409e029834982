"""Wiring only: settings, store, clock, routes, and the front door around them."""

import gc
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException, MethodNotAllowedException
from litestar.response.redirect import Redirect

from casework import logs
from casework.http.api.document import openapi_config
from casework.http.api.router import router
from casework.http.front import SAFE, Front, is_interface, wants_page
from casework.http.pages import page_error, pages_router, problem_page
from casework.http.problems import as_problem
from casework.http.request import StrictRequest
from casework.settings import Settings, load
from casework.store import keys
from casework.store.store import Store

Clock = Callable[[], datetime]
NEW_OBJECTS = 10_000
"""How many there may be before somebody looks for cycles among them: a request makes hundreds and leaves hardly any."""


def now() -> datetime:
    """Return the moment in UTC. The only clock there is: below the roof, time is an argument."""
    return datetime.now(UTC)


def create(settings: Settings | None = None, *, clock: Clock = now) -> Litestar:
    """Return the application. Without settings they are read from `CASEWORK_CONFIG` and `CASEWORK_DATABASE`, as each worker does.

    Raises StoreMismatch for a database that is not ours or not up to date, DefinitionError for wrong settings.
    """
    given = settings is not None
    if settings is None:
        logs.configure()
        folder = os.environ.get("CASEWORK_CONFIG")
        settings = load(Path(folder) if folder else None, os.environ)
    store = open_store(settings)
    store.prepare(clock())
    app = Litestar(
        route_handlers=[router(), pages_router()],
        request_class=StrictRequest,
        exception_handlers={Exception: answer_failure, HTTPException: answer_failure},
        openapi_config=openapi_config(),
        logging_config=None,
        request_max_body_size=None,
        state=State({"store": store, "settings": settings}),
        on_startup=[] if given else [spare_the_collector],
        on_shutdown=[close_store],
    )
    app.asgi_handler = Front(app.asgi_handler, clock, problem_page)
    return app


def close_store(app: Litestar) -> None:
    """Give back the connections of the store that stands in the application then."""
    app.state.store.close()


def spare_the_collector() -> None:
    """What a worker loaded stays: looking through all of it again would hold up a request for a tenth of a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)


def answer_failure(request: Request[Any, Any, Any], error: Exception) -> Response[Any] | Redirect:
    """Answer an error on a path that belongs to no page: a page for a browser, a problem for everybody else.

    An address that only takes forms is a page's address, whoever asks for it: it leads to that page.
    """
    looked_at = isinstance(error, MethodNotAllowedException) and request.method in SAFE and not is_interface(request.url.path)
    return page_error(request, error) if looked_at or wants_page(request.scope) else as_problem(request, error)


def open_store(settings: Settings) -> Store:
    """Return the store of an installation. Nothing is read before it is used."""
    return Store(
        settings.database_url,
        settings.parameters,
        case_prefix=settings.office.case_prefix,
        go_live=settings.go_live,
        limits=settings.limits,
        search_key=keys.kept(settings.database_url, settings.search_key),
        account_key=keys.kept(settings.database_url, settings.account_key, "account"),
        master_key=keys.master_kept(settings.database_url, settings.master_key),
    )
