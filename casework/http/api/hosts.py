"""The registers beside the cases: hosts with their staff, and the bodies that referrals go to."""

from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from casework.http.api.answers import versioned
from casework.http.api.asks import AskProcessStep, HostChange, NewStaff, StaffChange, example, without
from casework.http.api.command_route import command_route
from casework.services import hosts, processes, registers
from casework.services.hosts import HostView
from casework.services.processes import AdvanceHost, AdvanceStaff
from casework.services.registers import AddBody, AddHost, AddStaff, BodySummary, ChangeHost, ChangeStaff, HostSummary
from casework.store.call import Call
from casework.store.store import Store

HOUSEHOLD = {"name": "Keluarga Pak Rahmat", "kind": "foster_family", "religion": "islam", "capacity": 2, "known_to_rt": True}


@get("/hosts", sync_to_thread=True)
def list_hosts(store: NamedDependency[Store], call: NamedDependency[Call]) -> tuple[HostSummary, ...]:
    """List the hosts that the caller may see."""
    return registers.list_hosts(store, call)


@command_route("/hosts", registers.add_host, created="/api/hosts/{id}")
def add_host(data: Annotated[AddHost, example(HOUSEHOLD)]) -> AddHost:
    """Enter a host: a household, an institution or a shelter."""
    return data


@get("/hosts/{host_id:str}", sync_to_thread=True)
def show_host(store: NamedDependency[Store], call: NamedDependency[Call], host_id: FromPath[str]) -> Response[HostView]:
    """Show a host with its papers, its numbers, its staff, and what each of their steps lacks. An institution sees itself."""
    view = hosts.show_host(store, call, host_id)
    return versioned(view, view.version)


@command_route("/hosts/{host_id:str}", registers.change_host, method="PATCH")
def change_host(host_id: FromPath[str], data: Annotated[HostChange, example({"licence_until": "2028-12-31"})]) -> ChangeHost:
    """Change a host's entry. What is left out stays; approvals that rest on the host are superseded."""
    return ChangeHost(host=host_id, **without(data))


@command_route("/hosts/{host_id:str}/transitions", processes.advance_host)
def advance_host(host_id: FromPath[str], data: Annotated[AskProcessStep, example({"trigger": "restrict"})]) -> AdvanceHost:
    """Make a step of a host's standing, or hear every reason against it (409)."""
    return AdvanceHost(host=host_id, trigger=data.trigger)


@command_route("/hosts/{host_id:str}/staff", registers.add_staff, created="/api/hosts/{host_id}")
def add_staff(
    host_id: FromPath[str],
    data: Annotated[NewStaff, example({"name": "Dewi Kartika", "duty": "pengasuh", "police_record_on": "2026-01-15"})],
) -> AddStaff:
    """Enter a member of a host's staff."""
    return AddStaff(host=host_id, **without(data))


@command_route("/hosts/{host_id:str}/staff/{staff_id:str}", registers.change_staff, method="PATCH")
def change_staff(
    host_id: FromPath[str],
    staff_id: FromPath[str],
    data: Annotated[StaffChange, example({"police_record_on": "2026-01-15", "code_signed_on": "2026-02-01"})],
) -> ChangeStaff:
    """Change a member's papers."""
    return ChangeStaff(host=host_id, staff=staff_id, **without(data))


@command_route("/hosts/{host_id:str}/staff/{staff_id:str}/transitions", processes.advance_staff)
def advance_staff(
    host_id: FromPath[str], staff_id: FromPath[str], data: Annotated[AskProcessStep, example({"trigger": "clear"})]
) -> AdvanceStaff:
    """Make a step of a member's clearance, or hear every reason against it (409)."""
    return AdvanceStaff(host=host_id, staff=staff_id, trigger=data.trigger)


@get("/bodies", sync_to_thread=True)
def list_bodies(store: NamedDependency[Store], call: NamedDependency[Call]) -> tuple[BodySummary, ...]:
    """List the bodies that referrals can go to."""
    return registers.list_bodies(store, call)


@command_route("/bodies", registers.add_body, created="/api/bodies")
def add_body(data: Annotated[AddBody, example({"name": "Disdukcapil Kutai Kartanegara", "kind": "civil_registry"})]) -> AddBody:
    """Enter a body that referrals can go to."""
    return data
