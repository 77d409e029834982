"""What is asked about a child's own data: the register, its decisions, and the copy that was granted."""

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from casework.http.api.asks import DataDecision, example
from casework.http.api.command_route import command_route
from casework.services import copies, data_requests
from casework.services.copies import Copy
from casework.services.data_requests import DecideRequest, Register, TakeRequest
from casework.store.call import Call
from casework.store.store import Store

ASKED = {"case": "KKR-2026-0001", "kind": "access", "applicant": "parent", "shown": "identity_card", "name": "Siti Aminah"}


@get("/data-requests", sync_to_thread=True)
def list_data_requests(store: NamedDependency[Store], call: NamedDependency[Call]) -> Register:
    """List what was asked about children's data in the caller's offices, those that wait first."""
    return data_requests.list_requests(store, call)


@command_route("/data-requests", data_requests.take_request, created="/api/data-requests")
def take_data_request(data: Annotated[TakeRequest, example(ASKED)]) -> TakeRequest:
    """Enter a request for a copy or a correction of a child's data: it must be answered within 3x24 hours."""
    return data


@command_route("/data-requests/{data_request_id:str}/decision", data_requests.decide_request)
def decide_data_request(
    data_request_id: FromPath[str], data: Annotated[DataDecision, example({"outcome": "refused", "reason": "somebody_endangered"})]
) -> DecideRequest:
    """Grant or refuse it, as another person than who took it in. A granted correction names the correction that was made."""
    return DecideRequest(request=data_request_id, outcome=data.outcome, reason=data.reason, answer=data.answer)


@get("/data-requests/{data_request_id:str}/copy", sync_to_thread=True)
def take_copy(store: NamedDependency[Store], call: NamedDependency[Call], data_request_id: FromPath[str]) -> Copy:
    """Return the copy that was granted: everything held on the child and who processed it, without what would endanger somebody."""
    return copies.take_copy(store, call, data_request_id)
