"""Every no as an answer: problem+json (RFC 9457), in the language of the request, never with internals.

`casework.errors` says what went wrong; this table says which status and which words that is. The framework's own refusals (404, 405, 415,
a crash) go through the same table, so a client meets one shape of error.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from casework.errors import (
    CaseworkError,
    CodeNeeded,
    Conflict,
    Erased,
    Fault,
    Invalid,
    KeyInFlight,
    KeyReused,
    MasterKeyGone,
    NotFound,
    NotSignedIn,
    OutOfScope,
    ProofNeeded,
    Reason,
    Refusal,
    StaleVersion,
    Throttled,
    Unavailable,
)
from casework.http.kinds import KINDS, UNEXPECTED, Kind, for_status
from casework.http.passage import passage_of
from casework.words import Language

MEDIA_TYPE = "application/problem+json"
DOCUMENTED_AT = "/api/docs#"
"""A problem's `type` is a link into our own page about the interface."""
RETRY_SECONDS = 5

CODES: tuple[tuple[type[CaseworkError], str], ...] = (
    (Refusal, "refused"),
    (Erased, "erased"),
    (NotFound, "not_found"),
    (StaleVersion, "stale_version"),
    (KeyReused, "key_reused"),
    (KeyInFlight, "key_in_flight"),
    (Conflict, "conflict"),
    (CodeNeeded, "code_needed"),
    (NotSignedIn, "not_signed_in"),
    (ProofNeeded, "proof_needed"),
    (OutOfScope, "out_of_scope"),
    (Throttled, "throttled"),
    (MasterKeyGone, "master_key_gone"),
    (Unavailable, "unavailable"),
)
"""Which problem each error is; the narrower class stands first."""


class TurnedAway(Exception):
    """The front door refuses a request before anybody reads what it means. `code` is a key of KINDS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a client reads. `reasons` and `errors` carry both languages; `current` is the version stored, `possible` the steps there are."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    reasons: tuple[Reason, ...] = ()
    errors: tuple[Fault, ...] = ()
    trigger: str = ""
    state: str = ""
    possible: tuple[str, ...] = ()
    current: int | None = None


class Told(msgspec.Struct, frozen=True):
    """A problem and the headers that go with it."""

    problem: Problem
    headers: Mapping[str, str]


def tell(error: Exception, language: Language, request_id: str) -> Told:
    """Return the problem that an error is. Whatever is not known here is `unexpected`, and says nothing of itself."""
    kind = kind_of(error)
    problem = Problem(
        type=f"{DOCUMENTED_AT}{kind.code}",
        title=kind.title.to(language),
        status=kind.status,
        detail=kind.detail.to(language),
        code=kind.code,
        request_id=request_id,
        **_particulars(error),
    )
    return Told(problem, {"Content-Language": language, **_headers(error, kind)})


def kind_of(error: Exception) -> Kind:
    """Return which problem an error is."""
    match error:
        case TurnedAway():
            return KINDS[error.code]
        case Invalid():
            return KINDS["malformed" if error.status == HTTPStatus.BAD_REQUEST else "invalid"]
        case CaseworkError():
            return KINDS[next((code for kind, code in CODES if isinstance(error, kind)), UNEXPECTED)]
        case ValidationException():
            return KINDS["invalid_request"]
        case HTTPException():
            return for_status(error.status_code)
    return KINDS[UNEXPECTED]


def _particulars(error: Exception) -> dict[str, Any]:
    match error:
        case Refusal():
            return {"reasons": error.reasons, "trigger": error.trigger, "state": error.state, "possible": error.possible}
        case Invalid():
            return {"errors": error.faults}
        case Conflict():
            return {"current": error.current}
    return {}


def _headers(error: Exception, kind: Kind) -> dict[str, str]:
    match error:
        case Throttled():
            return {"Retry-After": str(error.retry_after)}
        case StaleVersion() if error.current is not None:
            return {"ETag": f'"{error.current}"'}
        case HTTPException() if kind.status == HTTPStatus.METHOD_NOT_ALLOWED and error.headers:
            return {"Allow": error.headers.get("allow", "")}
    if kind.status == HTTPStatus.SERVICE_UNAVAILABLE:
        return {"Retry-After": str(RETRY_SECONDS)}
    if kind.status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": 'Cookie realm="casework"'}
    return {}


def as_problem(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer any error that left a handler. What nobody expected is noted for the log: its kind and place, never its text."""
    passage = passage_of(request.scope)
    told = tell(error, passage.language, passage.request_id)
    passage.note(told.problem.code, error if told.problem.code == UNEXPECTED else None)
    body = msgspec.json.encode(told.problem)
    return Response(body, status_code=told.problem.status, media_type=MEDIA_TYPE, headers=dict(told.headers))
