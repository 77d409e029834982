"""The processes beside a case: incidents, referrals, placements, reviews, reunification, reintegration, papers; and their steps."""

from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from casework.http.api.answers import versioned
from casework.http.api.asks import AskProcessStep, example
from casework.http.api.command_route import command_route
from casework.services import processes, views
from casework.services.processes import AdvanceProcess, ProcessView
from casework.store.call import Call
from casework.store.store import Store


@get("/cases/{case_id:str}/processes", sync_to_thread=True)
def list_processes(store: NamedDependency[Store], call: NamedDependency[Call], case_id: FromPath[str]) -> Response[tuple[ProcessView, ...]]:
    """List what goes on beside the journey, then what has ended, with what each next step lacks. An institution sees what is its own."""
    view = views.show_case(store, call, case_id)
    return versioned(view.processes, view.version)


@command_route("/cases/{case_id:str}/processes/{process_id:str}/transitions", processes.advance_process)
def advance_process(
    case_id: FromPath[str], process_id: FromPath[str], data: Annotated[AskProcessStep, example({"trigger": "triage"})]
) -> AdvanceProcess:
    """Make a step of a process, or hear every reason against it (409)."""
    return AdvanceProcess(case=case_id, process=process_id, trigger=data.trigger)
