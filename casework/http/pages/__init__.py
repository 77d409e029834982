"""The pages: server-rendered, without JavaScript, Indonesian first. They decode, call one service, and write what it answered.

Every route that a module here holds is a page: adding one is writing it. Nothing is registered, so nothing can be forgotten.
"""

from __future__ import annotations

import importlib
import pkgutil

from litestar import Router
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from casework.http.pages.failures import page_error, problem_page

MODULES = [importlib.import_module(found.name) for found in pkgutil.iter_modules(__path__, f"{__name__}.")]
HANDLERS = [value for module in MODULES for value in vars(module).values() if isinstance(value, HTTPRouteHandler)]


def pages_router() -> Router:
    """Return the pages for the application to mount. Their errors are pages; they are no part of the interface's document."""
    return Router(
        path="/",
        route_handlers=HANDLERS,
        exception_handlers={Exception: page_error, HTTPException: page_error},
        include_in_schema=False,
    )


__all__ = ["page_error", "pages_router", "problem_page"]
