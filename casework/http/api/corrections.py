"""Corrections of a child's identity: asked for on a paper of the case, carried out by a supervisor who did not ask."""

from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from casework.http.api.answers import created, versioned
from casework.http.api.asks import AskIdentityChange, example, without
from casework.services import corrections, registers
from casework.services.command import Saved
from casework.services.corrections import Corrections
from casework.services.registers import ApproveIdentityChange, RequestIdentityChange
from casework.store.call import Call, Knock
from casework.store.unit import Store


@get("/cases/{case_id:str}/identity-changes", sync_to_thread=True)
def list_identity_changes(store: NamedDependency[Store], call: NamedDependency[Call], case_id: FromPath[str]) -> Response[Corrections]:
    """Show the child's identity as the register holds it, and every correction asked for."""
    view = corrections.identity_changes(store, call, case_id)
    return versioned(view, view.version)


@post("/cases/{case_id:str}/identity-changes", sync_to_thread=True)
def request_identity_change(
    store: NamedDependency[Store],
    caller: NamedDependency[Knock],
    case_id: FromPath[str],
    data: Annotated[
        AskIdentityChange, example({"field": "mother_name", "new_value": "Siti Aminah", "document": "01k9x0m5s7h3b2d4f6g8j0k1m2"})
    ],
) -> Response[Saved]:
    """Ask for the correction of one field, on a paper of this case. Null says that the value is not known after all."""
    saved = registers.request_identity_change(store, caller, RequestIdentityChange(case=case_id, **without(data)))
    return created(saved, f"/api/cases/{case_id}/identity-changes", saved.version)


@post("/cases/{case_id:str}/identity-changes/{change_id:str}/approval", status_code=200, sync_to_thread=True)
def approve_identity_change(
    store: NamedDependency[Store], caller: NamedDependency[Knock], case_id: FromPath[str], change_id: FromPath[str]
) -> Response[Saved]:
    """Carry out a correction, as a supervisor who did not ask for it."""
    saved = registers.approve_identity_change(store, caller, ApproveIdentityChange(case=case_id, change=change_id))
    return versioned(saved, saved.version)
