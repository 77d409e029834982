"""The registers beside the cases: hosts with their staff, and the bodies that referrals go to."""

from typing import Annotated

from litestar import Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from casework.http.api.answers import created, versioned
from casework.http.api.asks import HostChange, NewStaff, StaffChange, example, without
from casework.services import hosts, registers
from casework.services.hosts import HostView
from casework.services.registers import AddBody, AddHost, AddStaff, BodySummary, ChangeHost, ChangeStaff, Entered, HostSummary
from casework.store.call import Call, Knock
from casework.store.unit import Store

HOUSEHOLD = {"name": "Keluarga Pak Rahmat", "kind": "foster_family", "religion": "islam", "capacity": 2, "known_to_rt": True}


@get("/hosts", sync_to_thread=True)
def list_hosts(store: NamedDependency[Store], call: NamedDependency[Call]) -> tuple[HostSummary, ...]:
    """List the hosts that the caller may see."""
    return registers.list_hosts(store, call)


@post("/hosts", sync_to_thread=True)
def add_host(
    store: NamedDependency[Store], caller: NamedDependency[Knock], data: Annotated[AddHost, example(HOUSEHOLD)]
) -> Response[Entered]:
    """Enter a host: a household, an institution or a shelter."""
    entered = registers.add_host(store, caller, data)
    return created(entered, f"/api/hosts/{entered.id}", entered.version)


@get("/hosts/{host_id:str}", sync_to_thread=True)
def show_host(store: NamedDependency[Store], call: NamedDependency[Call], host_id: FromPath[str]) -> Response[HostView]:
    """Show a host with its papers, its numbers and its staff. An institution sees itself."""
    view = hosts.show_host(store, call, host_id)
    return versioned(view, view.version)


@patch("/hosts/{host_id:str}", sync_to_thread=True)
def change_host(
    store: NamedDependency[Store],
    caller: NamedDependency[Knock],
    host_id: FromPath[str],
    data: Annotated[HostChange, example({"status": "suspended"})],
) -> Response[Entered]:
    """Change a host's entry. What is left out stays; approvals that rest on the host are superseded."""
    entered = registers.change_host(store, caller, ChangeHost(host=host_id, **without(data)))
    return versioned(entered, entered.version)


@post("/hosts/{host_id:str}/staff", sync_to_thread=True)
def add_staff(
    store: NamedDependency[Store],
    caller: NamedDependency[Knock],
    host_id: FromPath[str],
    data: Annotated[NewStaff, example({"name": "Dewi Kartika", "duty": "pengasuh", "police_record_on": "2026-01-15"})],
) -> Response[Entered]:
    """Enter a member of a host's staff."""
    entered = registers.add_staff(store, caller, AddStaff(host=host_id, **without(data)))
    return created(entered, f"/api/hosts/{host_id}", entered.version)


@patch("/hosts/{host_id:str}/staff/{staff_id:str}", sync_to_thread=True)
def change_staff(
    store: NamedDependency[Store],
    caller: NamedDependency[Knock],
    host_id: FromPath[str],
    staff_id: FromPath[str],
    data: Annotated[StaffChange, example({"status": "cleared", "code_signed_on": "2026-02-01"})],
) -> Response[Entered]:
    """Change a member's entry: cleared, suspended, left."""
    entered = registers.change_staff(store, caller, ChangeStaff(host=host_id, staff=staff_id, **without(data)))
    return versioned(entered, entered.version)


@get("/bodies", sync_to_thread=True)
def list_bodies(store: NamedDependency[Store], call: NamedDependency[Call]) -> tuple[BodySummary, ...]:
    """List the bodies that referrals can go to."""
    return registers.list_bodies(store, call)


@post("/bodies", sync_to_thread=True)
def add_body(
    store: NamedDependency[Store],
    caller: NamedDependency[Knock],
    data: Annotated[AddBody, example({"name": "Disdukcapil Kutai Kartanegara", "kind": "civil_registry"})],
) -> Response[Entered]:
    """Enter a body that referrals can go to."""
    return created(registers.add_body(store, caller, data), "/api/bodies")
