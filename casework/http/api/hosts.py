"""The registers beside the cases: hosts with their staff, and the bodies that referrals go to."""

from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from casework.http.api.answers import versioned
from casework.http.api.asks import AskProcessStep, HostChange, ListDecision, NewEntry, NewStaff, Residents, StaffChange, example, without
from casework.http.api.command_route import command_route
from casework.services import hosts, house_deadlines, house_entries, listed, processes, registers, residents
from casework.services.hosts import HostView
from casework.services.house_deadlines import HouseDeadline
from casework.services.house_entries import AddEntry, EntryView
from casework.services.listed import ListedChildren
from casework.services.processes import AdvanceHost, AdvanceStaff
from casework.services.registers import AddBody, AddHost, AddStaff, BodySummary, ChangeHost, ChangeStaff, HostSummary, Sought
from casework.services.residents import DecideResidents, RegisterResidents, RequestResidents, ResidentList
from casework.store.call import Call
from casework.store.store import Store

Term = Annotated[str, QueryParameter(pattern="^[a-z0-9_.]{0,64}$")]
COACHED = {"entry": {"kind": "coaching", "held_on": "2026-03-01", "coach": "Dinas Sosial", "subject": "Pengasuhan positif", "attended": 6}}
HOUSEHOLD = {"name": "Keluarga Pak Rahmat", "kind": "foster_family", "religion": "islam", "capacity": 2, "known_to_rt": True}


@get("/hosts", sync_to_thread=True)
def list_hosts(
    store: NamedDependency[Store],
    call: NamedDependency[Call],
    kind: Term = "",
    service: Term = "",
    district: Term = "",
    standing: Term = "",
) -> tuple[HostSummary, ...]:
    """List the hosts that the caller may see: of a kind, for whom an LKS is, in a district, by standing."""
    return registers.list_hosts(store, call, Sought(kind=kind, service=service, district=district, standing=standing))


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


@get("/hosts/{host_id:str}/entries", sync_to_thread=True)
def list_entries(store: NamedDependency[Store], call: NamedDependency[Call], host_id: FromPath[str]) -> tuple[EntryView, ...]:
    """List what the register of LKS holds about a house, newest first: papers, inspections, coaching, training, reviews."""
    return house_entries.list_entries(store, call, host_id)


@command_route("/hosts/{host_id:str}/entries", house_entries.add_entry, created="/api/hosts/{host_id}/entries")
def add_entry(host_id: FromPath[str], data: Annotated[NewEntry, example(COACHED)]) -> AddEntry:
    """Add an entry about a house. What stands is never changed: an entry that supersedes another corrects it."""
    return AddEntry(host=host_id, entry=data.entry, supersedes=data.supersedes)


@get("/house-deadlines", sync_to_thread=True)
def list_house_deadlines(store: NamedDependency[Store], call: NamedDependency[Call]) -> tuple[HouseDeadline, ...]:
    """List what about houses runs out or is due, as far as the caller has to see to it; the sooner first."""
    return house_deadlines.list_house_deadlines(store, call)


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


@get("/hosts/{host_id:str}/residents", sync_to_thread=True)
def show_residents(store: NamedDependency[Store], call: NamedDependency[Call], host_id: FromPath[str]) -> Response[ResidentList]:
    """Show the existing residents of an institution whose registration waits for the caller, each by name, and the digest of the list."""
    view = residents.show_residents(store, call, host_id)
    return versioned(view, view.version)


@command_route("/hosts/{host_id:str}/residents", residents.request_residents)
def request_residents(
    host_id: FromPath[str], data: Annotated[Residents, example({"cases": ["01k9x0m5s7h3b2d4f6g8j0k1m2"]})]
) -> RequestResidents:
    """Ask for the approvals to register these children as existing residents: for all of them, or for none."""
    return RequestResidents(host=host_id, cases=data.cases)


@command_route("/hosts/{host_id:str}/residents/registration", residents.register_residents)
def register_residents(
    host_id: FromPath[str], data: Annotated[Residents, example({"cases": ["01k9x0m5s7h3b2d4f6g8j0k1m2"]})]
) -> RegisterResidents:
    """Make the approved step for these children: for all of them, or for none."""
    return RegisterResidents(host=host_id, cases=data.cases)


@get("/hosts/{host_id:str}/listed", sync_to_thread=True)
def show_listed(store: NamedDependency[Store], call: NamedDependency[Call], host_id: FromPath[str]) -> Response[ListedChildren]:
    """Show the children whom an institution listed and who are not registered yet: what each still lacks."""
    view = listed.show_listed(store, call, host_id)
    return versioned(view, view.version)


@command_route("/hosts/{host_id:str}/residents/decisions", residents.decide_residents)
def decide_residents(
    host_id: FromPath[str],
    data: Annotated[ListDecision, example({"decision": "approve", "digest": "0" * 64, "requests": ["01k9x0m5s7h3b2d4f6g8j0k1m2"]})],
) -> DecideResidents:
    """Decide about every child of a list, or about none: one signature for each, in its own journal."""
    return DecideResidents(host=host_id, requests=data.requests, decision=data.decision, digest=data.digest, reason=data.reason)


@get("/bodies", sync_to_thread=True)
def list_bodies(store: NamedDependency[Store], call: NamedDependency[Call]) -> tuple[BodySummary, ...]:
    """List the bodies that referrals can go to."""
    return registers.list_bodies(store, call)


@command_route("/bodies", registers.add_body, created="/api/bodies")
def add_body(data: Annotated[AddBody, example({"name": "Disdukcapil Kutai Kartanegara", "kind": "civil_registry"})]) -> AddBody:
    """Enter a body that referrals can go to."""
    return data
