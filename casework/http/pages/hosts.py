"""The register of hosts and receiving bodies as pages: found, entered, changed, and a house's staff cleared."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response.redirect import Redirect

from casework.errors import Fault, Invalid, NotFound, StaleVersion
from casework.http.pages.captions import NOTICES
from casework.http.pages.controls import Control, Option, Registers, Typed, controls_of, flattened, posted
from casework.http.pages.house_entries import SECTIONS, Writing, correcting, prefix_of, sections
from casework.http.pages.reading import fields_of
from casework.http.pages.rendering import Asked, page, see
from casework.http.passage import passage_of
from casework.http.session import call_of, store_of
from casework.machines.facts import HostKind
from casework.machines.forms import Religion
from casework.machines.forms.fields import Line, Name
from casework.machines.forms.reading import read
from casework.machines.policy import ANY, Action, role_may
from casework.machines.register import SERVICES, SHEETS, ServiceKind
from casework.machines.spoken import STANDING
from casework.services.captions import BODY_KINDS, DISTRICTS, HOST_KINDS
from casework.services.command import Command
from casework.services.hosts import HostView, StaffView, show_host
from casework.services.house_deadlines import list_house_deadlines
from casework.services.house_entries import AddEntry, add_entry, list_entries
from casework.services.house_home import loads
from casework.services.processes import AdvanceHost, AdvanceStaff, Stepped, advance_host, advance_staff
from casework.services.registers import (
    AddBody,
    AddHost,
    AddStaff,
    ChangeHost,
    ChangeStaff,
    Sought,
    add_body,
    add_host,
    add_staff,
    change_host,
    change_staff,
    is_sought,
    list_bodies,
    list_hosts,
)
from casework.store.call import Call
from casework.words import Words

A = TypeVar("A", AdvanceHost, AdvanceStaff)
Count = Annotated[int, msgspec.Meta(ge=0, le=1000)]
YesOrNo = Literal["yes", "no"]


class HostName(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a host is: said once, when it is entered."""

    name: Name
    kind: HostKind


class HostAnswers(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whom a host serves, where it is, its numbers. Its papers are entries of their own, and how it stands is decided by steps."""

    services: Annotated[tuple[ServiceKind, ...], msgspec.Meta(max_length=7)] = ()
    religion: Religion | None = None
    district_code: Line = ""
    capacity: Count
    caregivers: Count
    complaint_channel: YesOrNo
    known_to_rt: YesOrNo


PLACES: Registers = {"district": tuple(Option(code, Words(name, name)) for code, name in DISTRICTS.items())}
FRESH = {"capacity": ["0"], "caregivers": ["0"]}
"""What the empty entry of a host starts with."""


class StaffChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The papers of a member of staff."""

    police_record_on: date | None = None
    code_signed_on: date | None = None


class StaffName(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who enters a house's staff."""

    name: Name
    duty: Name


def _columns(answers: msgspec.Struct) -> dict[str, Any]:
    """Return what a page's answers mean to the register: days as ISO dates, yes and no as flags, a blank as nothing."""
    plain: dict[str, Any] = {"yes": True, "no": False, "": None}
    given = msgspec.structs.asdict(answers).items()
    return {name: value.isoformat() if isinstance(value, date) else plain.get(value, value) for name, value in given}


def _shown(kind: type[msgspec.Struct], entry: HostView | StaffView, prefix: str = "") -> dict[str, list[str]]:
    """Return an entry as it would have been typed into a form of this kind."""
    flags: dict[Any, str] = {True: "yes", False: "no"}
    raw = {name: getattr(entry, name) for name in kind.__struct_fields__}
    return flattened(kind, {name: flags[value] if isinstance(value, bool) else value for name, value in raw.items()}, prefix=prefix)


def _below(faults: Iterable[Fault], prefix: str) -> tuple[Fault, ...]:
    """Return faults as those of the controls that a prefix stands before."""
    return tuple(Fault(f"$.{prefix}{fault.path.removeprefix('$.')}", fault.words) for fault in faults)


def _opens(call: Call) -> bool:
    """Whether somebody reads entries, rather than names only."""
    return any(role_may(seat.role, "open_host") for seat in call.who.seats)


def _may(call: Call, action: Action, of: str = ANY) -> bool:
    return any(role_may(seat.role, action, of) for seat in call.who.seats)


@get("/hosts", sync_to_thread=True)
def host_list(request: Asked) -> Response[Any]:
    """List the hosts that the caller may see, and the bodies that referrals go to."""
    return _register(request)


@get("/hosts/due", sync_to_thread=True)
def house_deadline_list(request: Asked) -> Response[Any]:
    """List what about houses runs out or is due, as far as the caller has to see to it."""
    return page(request, "house_deadlines.html", deadlines=list_house_deadlines(store_of(request), call_of(request)))


def _sought(request: Asked) -> Sought:
    asked = request.query_params
    return Sought(**{name: asked.get(name, "")[:60] for name in Sought.__struct_fields__})


def _register(request: Asked, *, status: int = 200, faults: tuple[Fault, ...] = (), typed: Typed | None = None) -> Response[Any]:
    store, call, sought = store_of(request), call_of(request), _sought(request)
    hosts = list_hosts(store, call)
    return page(
        request,
        "hosts.html",
        status=status,
        hosts=[host for host in hosts if is_sought(host, sought)],
        sought=sought,
        loads=loads(store, call),
        districts=sorted({host.district_code for host in hosts if host.district_code}),
        district_names=DISTRICTS,
        services=SERVICES,
        due=len(list_house_deadlines(store, call)),
        bodies=list_bodies(store, call),
        host_kinds=HOST_KINDS,
        body_kinds=BODY_KINDS,
        standing=STANDING,
        opens=_opens(call),
        enters=_may(call, "add_host"),
        controls=controls_of(AddBody, typed or {}, faults),
        notice=NOTICES.get(request.query_params.get("done", "")),
    )


@post("/bodies", sync_to_thread=True)
def enter_body(request: Asked) -> Response[Any] | Redirect:
    """Enter a body that referrals go to."""
    call, raw = call_of(request), posted(AddBody, passage_of(request.scope).form)
    try:
        add_body(store_of(request), call, read(AddBody, raw))
    except Invalid as invalid:
        return _register(request, status=422, faults=invalid.faults, typed=flattened(AddBody, raw))
    return see("/hosts?done=body")


@get("/hosts/new", sync_to_thread=True)
def new_host_page(request: Asked) -> Response[Any]:
    """Show the empty entry of a host."""
    call_of(request)
    return _entering(request, FRESH)


@post("/hosts/new", sync_to_thread=True)
def enter_host(request: Asked) -> Response[Any] | Redirect:
    """Enter a host. Every fault at once; nothing typed is lost."""
    call, form = call_of(request), passage_of(request.scope).form
    name, answers = posted(HostName, form), posted(HostAnswers, form)
    faults: list[Fault] = []
    for kind, raw in ((HostName, name), (HostAnswers, answers)):
        try:
            read(kind, raw)
        except Invalid as invalid:
            faults += invalid.faults
    typed = flattened(HostName, name) | flattened(HostAnswers, answers)
    if faults:
        return _entering(request, typed, tuple(faults))
    try:
        ask = AddHost(**_columns(read(HostName, name)), **_columns(read(HostAnswers, answers)))
        entered = add_host(store_of(request), call, ask)
    except Invalid as invalid:
        return _entering(request, typed, invalid.faults)
    return see(f"/hosts/{entered.id}?done=host")


def _entering(request: Asked, typed: Typed, faults: tuple[Fault, ...] = ()) -> Response[Any]:
    controls = (*controls_of(HostName, typed, faults), *controls_of(HostAnswers, typed, faults, PLACES))
    return page(request, "host_new.html", status=422 if faults else 200, controls=controls, faults=faults)


@get("/hosts/{host_id:str}", sync_to_thread=True)
def host_page(request: Asked, host_id: FromPath[str]) -> Response[Any]:
    """Show one host: how it stands, its staff, and the steps that lead on."""
    return _host(request, host_id)


@post("/hosts/{host_id:str}", sync_to_thread=True)
def change_host_entry(request: Asked, host_id: FromPath[str]) -> Response[Any] | Redirect:
    """Change a host's papers and numbers."""
    call, raw = call_of(request), posted(HostAnswers, passage_of(request.scope).form)
    try:
        change_host(store_of(request), call, ChangeHost(host=host_id, **_columns(read(HostAnswers, raw))))
    except Invalid as invalid:
        return _host(request, host_id, status=422, faults=invalid.faults, typed=flattened(HostAnswers, raw), open="change")
    except StaleVersion:
        return _host(request, host_id, status=412, typed=flattened(HostAnswers, raw), open="change", stale=True)
    return see(f"/hosts/{host_id}?done=host_changed")


@post("/hosts/{host_id:str}/entries/{kind:str}", sync_to_thread=True)
def add_house_entry(request: Asked, host_id: FromPath[str], kind: FromPath[str]) -> Response[Any] | Redirect:
    """Add an entry to the register, or correct one."""
    if kind not in SHEETS:
        raise NotFound(kind)
    call, prefix = call_of(request), prefix_of(kind)
    sheet, supersedes = SHEETS[kind].entry, fields_of(request).get("supersedes", "")
    raw = posted(sheet, passage_of(request.scope).form, prefix=prefix)
    typed = flattened(sheet, raw, prefix=prefix)
    try:
        entry: Any = read(sheet, {"kind": kind, **raw})
        add_entry(store_of(request), call, AddEntry(host=host_id, entry=entry, supersedes=supersedes))
    except Invalid as invalid:
        faults = _below((Fault(fault.path.replace("$.entry.", "$."), fault.words) for fault in invalid.faults), prefix)
        writing = Writing(kind=kind, typed=typed, faults=faults, supersedes=supersedes)
        return _host(request, host_id, status=422, faults=faults, writing=writing)
    except StaleVersion:
        return _host(request, host_id, status=412, writing=Writing(kind=kind, typed=typed, supersedes=supersedes), stale=True)
    section = next(name for name, _, kinds in SECTIONS if kind in kinds)
    return see(f"/hosts/{host_id}?done=entry#{section}")


@post("/hosts/{host_id:str}/step", sync_to_thread=True)
def take_host_step(request: Asked, host_id: FromPath[str]) -> Response[Any] | Redirect:
    """Make a step of a host's standing."""
    return _stepped(request, advance_host, AdvanceHost(host=host_id, trigger=fields_of(request).get("trigger", "")))


@post("/hosts/{host_id:str}/staff/{staff_id:str}/step", sync_to_thread=True)
def take_staff_step(request: Asked, host_id: FromPath[str], staff_id: FromPath[str]) -> Response[Any] | Redirect:
    """Make a step of the clearance of a member of staff."""
    return _stepped(request, advance_staff, AdvanceStaff(host=host_id, staff=staff_id, trigger=fields_of(request).get("trigger", "")))


def _stepped(request: Asked, advance: Command[A, Stepped], ask: A) -> Response[Any] | Redirect:
    host_id = str(request.path_params["host_id"])
    try:
        advance(store_of(request), call_of(request), ask)
    except StaleVersion:
        return _host(request, host_id, status=412, stale=True)
    return see(f"/hosts/{host_id}?done=advanced")


@post("/hosts/{host_id:str}/staff", sync_to_thread=True)
def enter_staff(request: Asked, host_id: FromPath[str]) -> Response[Any] | Redirect:
    """Enter a member of staff."""
    call, form = call_of(request), passage_of(request.scope).form
    name, rest = posted(StaffName, form, prefix="new."), posted(StaffChanges, form, prefix="new.")
    typed = flattened(StaffName, name, prefix="new.") | flattened(StaffChanges, rest, prefix="new.")
    try:
        ask = AddStaff(host=host_id, **_columns(read(StaffName, name)), **_columns(read(StaffChanges, rest)))
        add_staff(store_of(request), call, ask)
    except Invalid as invalid:
        return _host(request, host_id, status=422, faults=_below(invalid.faults, "new."), typed=typed, open="new")
    except StaleVersion:
        return _host(request, host_id, status=412, typed=typed, open="new", stale=True)
    return see(f"/hosts/{host_id}?done=staff#staff")


@post("/hosts/{host_id:str}/staff/{staff_id:str}", sync_to_thread=True)
def change_staff_entry(request: Asked, host_id: FromPath[str], staff_id: FromPath[str]) -> Response[Any] | Redirect:
    """Change the papers of a member of staff."""
    call, prefix = call_of(request), f"{staff_id}."
    raw = posted(StaffChanges, passage_of(request.scope).form, prefix=prefix)
    typed = flattened(StaffChanges, raw, prefix=prefix)
    try:
        ask = ChangeStaff(host=host_id, staff=staff_id, **_columns(read(StaffChanges, raw)))
        change_staff(store_of(request), call, ask)
    except Invalid as invalid:
        return _host(request, host_id, status=422, faults=_below(invalid.faults, prefix), typed=typed, open=staff_id)
    except StaleVersion:
        return _host(request, host_id, status=412, typed=typed, open=staff_id, stale=True)
    return see(f"/hosts/{host_id}?done=staff#staff")


def _host(
    request: Asked,
    host_id: str,
    *,
    status: int = 200,
    faults: tuple[Fault, ...] = (),
    typed: Typed | None = None,
    open: str = "",  # noqa: A002 - the template's own word: which form stands open
    stale: bool = False,
    writing: Writing | None = None,
) -> Response[Any]:
    call = call_of(request)
    host = show_host(store_of(request), call, host_id)
    entries = list_entries(store_of(request), call, host_id)
    given = typed or {}

    def form(kind: type[msgspec.Struct], entry: HostView | StaffView, name: str, prefix: str) -> tuple[Control, ...]:
        return controls_of(kind, given if open == name else _shown(kind, entry, prefix), faults, PLACES, prefix=prefix)

    return page(
        request,
        "host.html",
        status=status,
        host=host,
        services=SERVICES,
        district_names=DISTRICTS,
        sections=sections(call, host, entries, writing or correcting(entries, request.query_params.get("correct", ""))),
        controls=form(HostAnswers, host, "change", ""),
        staff={one.id: form(StaffChanges, one, one.id, f"{one.id}.") for one in host.staff},
        new_staff=(*controls_of(StaffName, given, faults, prefix="new."), *controls_of(StaffChanges, given, faults, prefix="new.")),
        open=open,
        stale=stale,
        faults=faults,
        changes=_may(call, "change_host"),
        reads_lists=_may(call, "add_host"),
        notice=NOTICES.get(request.query_params.get("done", "")),
    )
