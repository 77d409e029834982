"""Approvals: requested, waiting, shown with their evidence, decided, withdrawn. No other body than a decision's own holds a decision."""

from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from casework.http.api.answers import paged, versioned
from casework.http.api.asks import AskApproval, NewDecision, example
from casework.http.api.cases import Cursor, subject_of
from casework.http.api.command_route import command_route
from casework.services import approvals, decisions
from casework.services.approvals import DecideApproval, RequestApproval, WithdrawApproval
from casework.services.decisions import DecisionView, Waiting
from casework.store.call import Call
from casework.store.store import Store


@get("/approvals", sync_to_thread=True)
def list_waiting(store: NamedDependency[Store], call: NamedDependency[Call], after: Cursor = "") -> Response[tuple[Waiting, ...]]:
    """List the requests that wait for the caller's decision, the one due first on top. The next page is in `Link`."""
    return paged(decisions.waiting_decisions(store, call, after), "/api/approvals", {})


@get("/approvals/{request_id:str}", sync_to_thread=True)
def show_approval(store: NamedDependency[Store], call: NamedDependency[Call], request_id: FromPath[str]) -> Response[DecisionView]:
    """Show one request with its evidence and the digest that a decision must name."""
    view = decisions.show_decision(store, call, request_id)
    return versioned(view, view.version)


@command_route("/cases/{case_id:str}/approvals", approvals.request_approval, created="/api/approvals/{id}")
def request_approval(
    case_id: FromPath[str],
    data: Annotated[AskApproval, example({"trigger": "admit_to_institution", "subject": {"host": "01k9x0m5s7h3b2d4f6g8j0k1m2"}})],
) -> RequestApproval:
    """Ask for the approvals that a step needs, over the evidence as it stands."""
    return RequestApproval(case=case_id, trigger=data.trigger, subject=subject_of(data.subject))


@command_route(
    "/cases/{case_id:str}/approvals/{request_id:str}/decisions", approvals.decide_approval, created="/api/approvals/{request_id}"
)
def decide_approval(
    case_id: FromPath[str],
    request_id: FromPath[str],
    data: Annotated[NewDecision, example({"decision": "return", "digest": "0" * 64, "reason": "Lampirkan F05 terbaru."})],
) -> DecideApproval:
    """Give, refuse or return one signature."""
    return DecideApproval(case=case_id, request=request_id, decision=data.decision, digest=data.digest, reason=data.reason)


@command_route("/cases/{case_id:str}/approvals/{request_id:str}/withdrawal", approvals.withdraw_approval)
def withdraw_approval(case_id: FromPath[str], request_id: FromPath[str]) -> WithdrawApproval:
    """Take a request back, as the one who made it."""
    return WithdrawApproval(case=case_id, request=request_id)
