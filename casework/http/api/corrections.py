"""Corrections of a child's identity: asked for on a paper of the case, carried out by a supervisor who did not ask."""

from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from casework.http.api.answers import versioned
from casework.http.api.asks import AskIdentityChange, example, without
from casework.http.api.command_route import command_route
from casework.services import corrections
from casework.services.corrections import ApproveIdentityChange, Corrections, RequestIdentityChange
from casework.store.call import Call
from casework.store.store import Store


@get("/cases/{case_id:str}/identity-changes", sync_to_thread=True)
def list_identity_changes(store: NamedDependency[Store], call: NamedDependency[Call], case_id: FromPath[str]) -> Response[Corrections]:
    """Show the child's identity as the register holds it, and every correction asked for."""
    view = corrections.identity_changes(store, call, case_id)
    return versioned(view, view.version)


@command_route(
    "/cases/{case_id:str}/identity-changes", corrections.request_identity_change, created="/api/cases/{case_id}/identity-changes"
)
def request_identity_change(
    case_id: FromPath[str],
    data: Annotated[
        AskIdentityChange, example({"field": "mother_name", "new_value": "Siti Aminah", "document": "01k9x0m5s7h3b2d4f6g8j0k1m2"})
    ],
) -> RequestIdentityChange:
    """Ask for the correction of one field, on a paper of this case. Null says that the value is not known after all."""
    return RequestIdentityChange(case=case_id, **without(data))


@command_route("/cases/{case_id:str}/identity-changes/{change_id:str}/approval", corrections.approve_identity_change)
def approve_identity_change(case_id: FromPath[str], change_id: FromPath[str]) -> ApproveIdentityChange:
    """Carry out a correction, as a supervisor who did not ask for it."""
    return ApproveIdentityChange(case=case_id, change=change_id)
