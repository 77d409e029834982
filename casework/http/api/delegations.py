"""Standing in for a colleague: delegations, and cover for a caseload."""

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from casework.http.api.asks import NewCover, NewDelegation, example, without
from casework.http.api.command_route import command_route
from casework.services import delegations
from casework.services.delegations import ArrangeCover, Delegate, DelegationView, EndDelegation
from casework.store.call import Call
from casework.store.store import Store

OFFICE = "01k9x0m5s7h3b2d4f6g8j0k1m2"


@get("/delegations", sync_to_thread=True)
def list_delegations(store: NamedDependency[Store], call: NamedDependency[Call]) -> tuple[DelegationView, ...]:
    """List what you gave on or were given, and, where you lead an office, everything there: in force or still to come."""
    return delegations.list_delegations(store, call)


@command_route("/delegations", delegations.delegate, created="/api/delegations")
def delegate(
    data: Annotated[NewDelegation, example({"taker": "surya", "role": "dinas_head", "office": OFFICE, "days": 14, "actions": ["decide"]})],
) -> Delegate:
    """Delegate. It asks for a fresh proof of who you are; you and the colleague count as one wherever two people must decide."""
    return Delegate(**without(data))


@command_route("/covers", delegations.arrange_cover, created="/api/delegations")
def arrange_cover(data: Annotated[NewCover, example({"absent": "rina", "taker": "dewi", "office": OFFICE, "days": 14})]) -> ArrangeCover:
    """Arrange cover, as who leads the office."""
    return ArrangeCover(**without(data))


@command_route("/delegations/{delegation_id:str}/end", delegations.end_delegation)
def end_delegation(delegation_id: FromPath[str]) -> EndDelegation:
    """End it at once, delegation or cover."""
    return EndDelegation(delegation=delegation_id)
