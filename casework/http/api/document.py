"""The description of the interface: OpenAPI at /api/openapi.json, and a page at /api/docs that works offline.

What the guards demand of every change (key, version) and how everything can be refused is added here from the same predicates, so no
handler repeats it and none can forget it. It is written when somebody asks for it first: a worker starts without.
"""

import json
from html import escape
from threading import Lock
from typing import Any

from litestar import Litestar, Request, Router
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.openapi.spec import (
    Components,
    Example,
    OpenAPIMediaType,
    OpenAPIResponse,
    Operation,
    Parameter,
    Reference,
    RequestBody,
    Schema,
)
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.params import BodyKwarg
from litestar.routes import HTTPRoute

from casework import __version__
from casework.errors import NotFound
from casework.http.api.guards import needs_key
from casework.http.kinds import KINDS
from casework.http.problems import DOCUMENTED_AT, MEDIA_TYPE
from casework.http.session import VERSIONED
from casework.http.uploads import PICTURE, TYPES

KEY = Parameter(
    name="Idempotency-Key",
    param_in="header",
    required=True,
    description="8 to 200 visible ASCII characters, new for each intention. The same key and body get the same answer.",
    schema=Schema(type=OpenAPIType.STRING, pattern="^[\\x21-\\x7e]{8,200}$", examples=["6f1d0c6e-1f5e-4c39-9d35-8f2b0d4b8a11"]),
)
VERSION = Parameter(
    name="If-Match",
    param_in="header",
    required=True,
    description='The version of the case (or host) that was seen: its ETag, such as "12".',
    schema=Schema(type=OpenAPIType.STRING, pattern='^"(0|[1-9][0-9]{0,9})"$', examples=['"12"']),
)
ANYWHERE = (400, 408, 414, 500, 503)
SIGNED_IN = (401, 403, 404)
CHANGING = (403, 409, 413, 415, 422)
OF_ITS_VERSION = (412, 428)
_describing = Lock()
OPEN = frozenset({"/api/health", "/api/forms", "/api/forms/{code}", "/api/sessions"})
"""What a stranger may call."""


def openapi_config() -> OpenAPIConfig:
    """Return where the description is served and what it says of itself."""
    return OpenAPIConfig(
        title="casework",
        version=__version__,
        description="Perkara anak, langkah demi langkah, dengan bukti. / Children's cases, step by step, on evidence.",
        openapi_router=Router(path="/api", route_handlers=[], include_in_schema=False, before_request=prepare),
        use_handler_docstrings=True,
        render_plugins=[Page(path="/docs"), JsonRenderPlugin(path="/openapi.json")],
    )


def prepare(request: Request[Any, Any, Any]) -> None:
    """Complete the document of this application before it is shown first. Runs in a thread: it takes a tenth of a second.

    The framework answers unknown paths beside the document with a page of its own. Raises NotFound instead.
    """
    if request.scope.get("path_template", "").endswith("{path}"):
        raise NotFound("path")
    with _describing:
        if not request.app.state.get("described"):
            describe(request.app)
            request.app.state.described = True


def describe(app: Litestar) -> None:
    """Add to every operation what the guards ask of it and every way it can be refused."""
    document = app.openapi_schema
    schemas = _schemas_of(document.components)
    for schema in schemas.values():
        _mend(schema)
    document.components = Components(schemas={**schemas, "Problem": _problem_schema()})
    paths = document.paths or {}
    for route in app.routes:
        item = paths.get(route.path_format) if isinstance(route, HTTPRoute) else None
        if item is None or not isinstance(route, HTTPRoute):
            continue
        for method, (handler, _) in route.route_handler_map.items():
            operation = getattr(item, method.lower(), None)
            if isinstance(operation, Operation):
                _complete(operation, route.path_format, method, key=needs_key(handler, method))
                _show_example(operation, handler)
                _show_picture(operation, handler)


def _complete(operation: Operation, path: str, method: str, *, key: bool) -> None:
    version = key and any(f"{{{name}}}" in path for name in VERSIONED)
    operation.parameters = [*(operation.parameters or []), *([KEY] if key else []), *([VERSION] if version else [])]
    statuses = [
        *ANYWHERE,
        *(() if path in OPEN else SIGNED_IN),
        *(CHANGING if method != "GET" else ()),
        *(OF_ITS_VERSION if version else ()),
    ]
    statuses += [404] if path == "/api/forms/{code}" else [401, 429] if path == "/api/sessions" else []
    statuses += [429] if path == "/api/sessions/current/proof" else []
    statuses += [422] if any(isinstance(one, Parameter) and one.param_in == "query" for one in operation.parameters) else []
    statuses += [409] if path in {"/api/breaches", "/api/data-requests"} else []
    statuses += [410] if "{case_id}" in path or path.startswith("/api/data-requests") else []
    responses = dict(operation.responses or {})
    if isinstance(nothing := responses.get("204"), OpenAPIResponse):
        nothing.content = None
    responses |= {str(status): _refusal(status) for status in sorted({*statuses})}
    operation.responses = responses


def _show_example(operation: Operation, handler: HTTPRouteHandler) -> None:
    """Show the example that the handler gives for its body: the framework leaves it out."""
    data, body = handler.parsed_fn_signature.parameters.get("data"), operation.request_body
    if data is None or not isinstance(body, RequestBody) or not isinstance(data.kwarg_definition, BodyKwarg):
        return
    for content in body.content.values():
        content.examples = {f"example-{place}": given for place, given in enumerate(data.kwarg_definition.examples or (), start=1)}


def _show_picture(operation: Operation, handler: HTTPRouteHandler) -> None:
    """Say of a handler that takes the bytes of a picture that its body is one: it has no Struct."""
    if handler.opt.get(PICTURE):
        schema = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        operation.request_body = RequestBody(content={name: OpenAPIMediaType(schema=schema) for name in TYPES}, required=True)


def _schemas_of(components: Components | list[Components] | None) -> dict[str, Schema]:
    return dict(components.schemas or {}) if isinstance(components, Components) else {}


def _mend(schema: Schema | Reference | None) -> None:
    """Say of the members of a list what they are: the framework takes the "..." of `tuple[X, ...]` for a second kind, that anything is."""
    if not isinstance(schema, Schema):
        return
    for inner in (*(schema.properties or {}).values(), *(schema.one_of or ())):
        _mend(inner)
    if isinstance(items := schema.items, Schema):
        kinds = [*(items.one_of or ())]
        if kinds[1:] == [Schema()]:
            schema.items = kinds[0]
        _mend(schema.items)


def _refusal(status: int) -> OpenAPIResponse:
    kinds = [kind for kind in KINDS.values() if kind.status == status]
    examples: dict[str, Example | Reference] = {
        kind.code: Example(
            summary=kind.title.en,
            value={
                "type": f"{DOCUMENTED_AT}{kind.code}",
                "title": kind.title.id,
                "status": status,
                "detail": kind.detail.id,
                "code": kind.code,
                "request_id": "0" * 32,
            },
        )
        for kind in kinds
    }
    content = OpenAPIMediaType(schema=Reference(ref="#/components/schemas/Problem"), examples=examples)
    return OpenAPIResponse(description="; ".join(kind.title.en for kind in kinds), content={MEDIA_TYPE: content})


def _problem_schema() -> Schema:
    text, number = Schema(type=OpenAPIType.STRING), Schema(type=OpenAPIType.INTEGER)
    entries = Schema(type=OpenAPIType.ARRAY, items=Schema(type=OpenAPIType.OBJECT))
    texts = Schema(type=OpenAPIType.ARRAY, items=text)
    return Schema(
        type=OpenAPIType.OBJECT,
        title="Problem",
        description="RFC 9457. `reasons` holds every unmet condition (409), `errors` every fault with its JSONPath (400, 422).",
        required=["type", "title", "status", "detail", "code", "request_id"],
        properties={
            **dict.fromkeys(("type", "title", "detail", "code", "request_id", "trigger", "state"), text),
            **dict.fromkeys(("status", "current"), number),
            **dict.fromkeys(("reasons", "errors"), entries),
            "possible": texts,
        },
    )


class Page(OpenAPIRenderPlugin):
    """The page for people: every operation and every kind of problem, from the document itself. Nothing is loaded from elsewhere."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:  # noqa: ARG002 - the framework's signature
        """Return the page."""
        operations = "".join(
            _operation(method, path, operation)
            for path, item in openapi_schema["paths"].items()
            for method, operation in item.items()
            if isinstance(operation, dict)
        )
        problems = "".join(
            f'<dt id="{kind.code}"><code>{kind.status} {kind.code}</code> {escape(kind.title.id)} / {escape(kind.title.en)}</dt>'
            f"<dd>{escape(kind.detail.id)}<br>{escape(kind.detail.en)}</dd>"
            for kind in KINDS.values()
        )
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f"<title>casework API</title></head><body><h1>casework API {escape(__version__)}</h1>"
            '<p><a href="/api/openapi.json">OpenAPI</a> · <a href="#operations">operations</a> · <a href="#problems">problems</a></p>'
            f'<h2 id="operations">Operations</h2>{operations}<h2 id="problems">Problems</h2><dl>{problems}</dl></body></html>'
        ).encode()


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    parameters = "".join(
        f"<li><code>{escape(given['name'])}</code> ({given['in']}{', required' if given.get('required') else ''})"
        f" {escape(given.get('description') or '')}</li>"
        for given in operation.get("parameters", [])
    )
    statuses = " ".join(f"<code>{escape(status)}</code>" for status in operation.get("responses", {}))
    return (
        f"<h3><code>{method.upper()} {escape(path)}</code></h3><p>{escape(operation.get('description') or '')}</p>"
        f"<ul>{parameters}</ul>{_body(operation)}<p>{statuses}</p>"
    )


def _body(operation: dict[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    examples = content.get("examples") or {}
    if not content:
        return ""
    shown = next((example.get("value") for example in examples.values()), None)
    return f"<p>Body (application/json):</p><pre>{escape(_pretty(shown))}</pre>" if shown is not None else "<p>Body: application/json</p>"


def _pretty(value: object) -> str:

    return json.dumps(value, indent=2, ensure_ascii=False)
