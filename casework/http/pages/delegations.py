"""Standing in for a colleague, as a page: what holds, who gave what to whom, and the forms to arrange it."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response.redirect import Redirect

from casework.errors import Fault, Invalid
from casework.http.pages.captions import NOTICES
from casework.http.pages.reading import fields_of
from casework.http.pages.rendering import Asked, page, see
from casework.http.passage import passage_of
from casework.http.session import call_of, store_of
from casework.machines import policy
from casework.machines.forms.reading import read
from casework.machines.policy.terms import ACTION_WORDS, CAPACITIES, COVERED
from casework.machines.roles import ROLES, account_words
from casework.services.delegations import (
    ArrangeCover,
    Delegate,
    EndDelegation,
    arrange_cover,
    delegate,
    end_delegation,
    list_delegations,
    offers,
)

LENDABLE = tuple(action for action in policy.ACTIONS if policy.holders("delegate", action))
"""What a delegation may be limited to, in the order of the policy."""


@get("/delegations", sync_to_thread=True)
def delegation_page(request: Asked) -> Response[Any]:
    """Show who stands in for whom, and what the reader may arrange."""
    return _shown(request)


@post("/delegations", sync_to_thread=True)
def give_delegation(request: Asked) -> Response[Any] | Redirect:
    """Delegate one's own role, or enter it for two others."""
    typed = fields_of(request)
    raw = {name: typed.get(name, "") for name in ("taker", "role", "office", "starts_on", "giver")}
    chosen = [value for name, value in passage_of(request.scope).form if name == "actions"]
    asked = raw | {"days": _number(typed.get("days", "")), "actions": chosen}
    try:
        delegate(store_of(request), call_of(request), read(Delegate, asked))
    except Invalid as invalid:
        return _shown(request, faults=invalid.faults, typed=typed)
    return see("/delegations?done=delegated")


@post("/covers", sync_to_thread=True)
def give_cover(request: Asked) -> Response[Any] | Redirect:
    """Arrange cover for a worker who is away."""
    typed = fields_of(request)
    raw = {name: typed.get(name, "") for name in ("absent", "taker", "office", "starts_on")}
    try:
        arrange_cover(store_of(request), call_of(request), read(ArrangeCover, raw | {"days": _number(typed.get("days", ""))}))
    except Invalid as invalid:
        return _shown(request, faults=invalid.faults, typed=typed)
    return see("/delegations?done=covered")


@post("/delegations/{delegation_id:str}/end", sync_to_thread=True)
def take_back(request: Asked, delegation_id: FromPath[str]) -> Redirect:
    """End a delegation or a cover at once."""
    end_delegation(store_of(request), call_of(request), EndDelegation(delegation=delegation_id))
    return see("/delegations?done=delegation_ended")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0  # noqa: PLR2004 - nobody is away for a thousand days


def _shown(request: Asked, *, faults: tuple[Fault, ...] = (), typed: dict[str, str] | None = None) -> Response[Any]:
    store, call = store_of(request), call_of(request)
    return page(
        request,
        "delegations.html",
        status=422 if faults else 200,
        found=list_delegations(store, call),
        offers=offers(store, call),
        lendable=[(action, ACTION_WORDS[action]) for action in LENDABLE],
        lent_roles=[CAPACITIES[one].role for one in policy.holders("delegate", "decide")],
        covered=COVERED,
        named={role: account_words(role) for role in ROLES},
        faults=faults,
        typed=typed or {},
        most=store.params.delegation_days,
        notice=NOTICES.get(request.query_params.get("done", "")),
    )
