"""Breaches of personal data in an office: reported, announced, ended by a second person."""

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from casework.http.api.asks import AskProcessStep, example
from casework.http.api.command_route import command_route
from casework.services import breaches
from casework.services.breaches import AdvanceBreach, BreachView, ReportBreach
from casework.store.call import Call
from casework.store.store import Store


@get("/breaches", sync_to_thread=True)
def list_breaches(store: NamedDependency[Store], call: NamedDependency[Call]) -> tuple[BreachView, ...]:
    """List the breaches of the offices that the caller is responsible for, those that go on first, with what each next step lacks."""
    return breaches.list_breaches(store, call)


@command_route("/breaches", breaches.report_breach, created="/api/breaches")
def report_breach(data: Annotated[ReportBreach, example({})]) -> ReportBreach:
    """Report a breach of the caller's office: authority and persons must be told in writing within 3x24 hours."""
    return data


@command_route("/breaches/{breach_id:str}/transitions", breaches.advance_breach)
def advance_breach(breach_id: FromPath[str], data: Annotated[AskProcessStep, example({"trigger": "assess"})]) -> AdvanceBreach:
    """Make a step of a breach, or hear every reason against it (409)."""
    return AdvanceBreach(breach=breach_id, trigger=data.trigger)
