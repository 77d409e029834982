"""Forms: registered, filled in, kept as drafts, signed; and one record as it was signed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response.redirect import Redirect

from casework.errors import Fault, Invalid, NotFound, Refusal, StaleVersion
from casework.http.pages.controls import Control, Option, Registers, controls_of, flattened, posted
from casework.http.pages.failures import changes_since
from casework.http.pages.hosts import PLACES
from casework.http.pages.reading import fields_of, registers_of
from casework.http.pages.rendering import Asked, page, see
from casework.http.passage import passage_of
from casework.http.session import call_of, store_of
from casework.machines.forms import KINDS, LOG, Incident, Intake, OptionSheet, Religion, decode
from casework.machines.forms.catalogue import Kind
from casework.machines.forms.fields import Line, Name
from casework.machines.forms.reading import read
from casework.services.accusable import list_accusable
from casework.services.cases import NewChild, RegisterCase, check_registrar, register_case
from casework.services.child_file import ChildFile, show_file
from casework.services.field import only_asked, own_district
from casework.services.filed import show_record
from casework.services.lists import find_children
from casework.services.proposals import begun_form
from casework.services.records import OpenEvidence, SaveDraft, SignRecord, open_evidence, save_draft, sign_record
from casework.services.registers import Sought, list_hosts
from casework.services.searched import sealed_search, search_said
from casework.words import Words

_REGISTER_FORM = "F01"


class ChildAnswers(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The little about the child that registering asks for."""

    full_name: Name
    sex: Literal["female", "male", "unknown"]
    born: date | None = None
    born_precision: Literal["day", "month", "year", "unknown"] = "unknown"
    birth_place: Line = ""
    district_code: Line = ""
    religion: Religion = "unknown"
    nik: Line = ""
    kk: Line = ""
    mother_name: Line = ""
    father_name: Line = ""


@get("/cases/new", sync_to_thread=True)
def register_page(request: Asked) -> Response[Any]:
    """Search the register first; the form opens only after that, for a new child or for one that was found."""
    store, call, asked = store_of(request), call_of(request), request.query_params
    check_registrar(store, call)
    said = search_said(store, call.who.account, asked.get("q", "")) or asked
    name, nik, child_id = said.get("name", "").strip()[:100], said.get("nik", "").strip()[:20], asked.get("child", "")[:26]
    found = find_children(store, call, name, nik) if name or nik else ()
    wanted = asked.get("new") == "1" or any(one.id == child_id for one in found)
    typed = {"child.full_name": [name], "child.nik": [nik], "child.district_code": [own_district(call.who)]}
    sealed = sealed_search(store, call.who.account, name=name, nik=nik)
    return _registering(request, name=name, nik=nik, sealed=sealed, child_id=child_id, found=found, wanted=wanted, typed=typed)


@post("/cases/new", sync_to_thread=True)
def register(request: Asked) -> Response[Any] | Redirect:
    """Register the case, search, or open the form as it was typed. Every fault of form and child at once; nothing typed is lost.

    A search goes on under an address that tells nobody whom it is for.
    """
    form, fields = passage_of(request.scope).form, fields_of(request)
    child_id = fields.get("child_id", "")
    call = call_of(request)
    if fields.get("do") == "search":
        said = {"name": fields.get("name", "")[:100], "nik": fields.get("nik", "")[:20]}
        return see(f"/cases/new?{urlencode({'q': sealed_search(store_of(request), call.who.account, **said)})}")
    child, intake = posted(ChildAnswers, form, prefix="child."), posted(Intake, form)
    typed = flattened(ChildAnswers, child, prefix="child.") | flattened(Intake, intake)
    if fields.get("do") == "rows":
        return _registering(request, child_id=child_id, wanted=True, typed=typed, key=fields.get("key", ""))
    try:
        ask = _asked(child, intake, child_id)
    except Invalid as invalid:
        return _registering(request, child_id=child_id, wanted=True, typed=typed, faults=invalid.faults, status=422)
    try:
        saved = register_case(store_of(request), call, ask)
    except Refusal as refusal:
        return _registering(request, child_id=child_id, wanted=True, typed=typed, against=refusal.reasons, status=409)
    return see("/reports?done=reported" if only_asked(call.who) else f"/cases/{saved.id}?done=registered")


def _asked(child: dict[str, Any], intake: dict[str, Any], child_id: str) -> RegisterCase:
    """Return what to register. Raises Invalid with the faults of both parts."""
    faults: list[Fault] = []
    known: NewChild | None = None
    try:
        known = None if child_id else _new_child(read(ChildAnswers, child))
    except Invalid as invalid:
        faults += [Fault(f"$.child{fault.path.removeprefix('$')}", fault.words) for fault in invalid.faults]
    try:
        body = decode(_REGISTER_FORM, intake)
    except Invalid as invalid:
        raise Invalid(*faults, *invalid.faults) from invalid
    if faults or not isinstance(body, Intake):
        raise Invalid(*faults)
    return RegisterCase(intake=body, child=known, child_id=child_id)


def _new_child(answers: ChildAnswers) -> NewChild:
    return NewChild(
        name=answers.full_name.strip(),
        sex=answers.sex,
        born=answers.born.isoformat() if answers.born else None,
        born_precision=answers.born_precision,
        born_place=answers.birth_place or None,
        district_code=answers.district_code or None,
        religion=answers.religion,
        nik=answers.nik or None,
        kk=answers.kk or None,
        mother_name=answers.mother_name or None,
        father_name=answers.father_name or None,
    )


def _institutions(request: Asked) -> tuple[Option, ...]:
    """Return the institutions that the caller may see: one of them may have recruited the child."""
    found = list_hosts(store_of(request), call_of(request), Sought(kind="lksa"))
    return tuple(Option(one.id, Words(one.name, one.name)) for one in found)


def _registering(
    request: Asked,
    *,
    typed: dict[str, list[str]],
    wanted: bool,
    child_id: str,
    faults: Iterable[Fault] = (),
    status: int = 200,
    **says: Any,
) -> Response[Any]:
    said: dict[str, Any] = {"name": "", "nik": "", "sealed": "", "found": (), "key": "", "against": (), **says}
    return page(
        request,
        "register.html",
        status=status,
        wanted=wanted,
        child_id=child_id,
        errands=only_asked(call_of(request).who),
        **said,
        child=() if child_id else controls_of(ChildAnswers, typed, faults, PLACES, prefix="child."),
        intake=controls_of(Intake, typed, faults, {"host": _institutions(request)}),
        faults=tuple(faults),
    )


@get("/cases/{case_id:str}/file/{code:str}", sync_to_thread=True)
def form_page(request: Asked, case_id: FromPath[str], code: FromPath[str]) -> Response[Any]:
    """Show a form: empty, with the caller's draft, or with the record that it corrects (`?correct=`): opened, so receipted."""
    kind, former = _kind(code), request.query_params.get("correct", "")[:26]
    store, call = store_of(request), call_of(request)
    raw, drafted = begun_form(store, call, case_id, code, former)
    if former and not drafted:
        record = show_record(store, call, case_id, former)
        open_evidence(store, call, OpenEvidence(case=case_id, items=(former,)))
        raw = msgspec.to_builtins(record.body) if record.record.form == code else {}
    return _form(request, case_id, kind, raw, former=former, drafted=drafted)


@post("/cases/{case_id:str}/file/{code:str}", sync_to_thread=True)
def file_form(request: Asked, case_id: FromPath[str], code: FromPath[str]) -> Response[Any] | Redirect:
    """Sign the form, or keep it as a draft. What is wrong or refused comes back beside what was typed, and so does a page that grew stale.

    Opened again with more rows it keeps key and version: what was sent once is not done twice, and what changed meanwhile is still told.
    """
    kind, fields = _kind(code), fields_of(request)
    store, call = store_of(request), call_of(request)
    raw, former = posted(kind.form, passage_of(request.scope).form), fields.get("supersedes", "")
    if _only_traces(request, kind):
        raw |= {"status": "open", "assessor": call.who.name}
    try:
        if fields.get("do") == "rows":
            return _form(request, case_id, kind, raw, former=former, spare=6, again=fields)
        if fields.get("do") == "draft":
            save_draft(store, call, SaveDraft(case=case_id, form=code, body=raw, supersedes=former))
            return see(f"/cases/{case_id}?done=drafted")
        sign_record(store, call, SignRecord(case=case_id, form=code, body=raw, supersedes=former))
    except Invalid as invalid:
        return _form(request, case_id, kind, raw, former=former, faults=invalid.faults, status=invalid.status)
    except Refusal as refusal:
        return _form(request, case_id, kind, raw, former=former, against=refusal.reasons, status=409)
    except StaleVersion:
        return _form(request, case_id, kind, raw, former=former, changes=changes_since(request, case_id)[1], status=412)
    return see("/work?done=signed" if only_asked(call.who) else f"/cases/{case_id}?done=signed#records")


def _only_traces(request: Asked, kind: Kind) -> bool:
    """Whether this form is, for this person, the log of a tracing and no assessment: what weighs an option is not asked of them."""
    return kind.form is OptionSheet and only_asked(call_of(request).who)


def _kind(code: str) -> Kind:
    if code not in KINDS:
        raise NotFound("form")
    return KINDS[code]


def _can_be_answered(control: Control) -> bool:
    """Whether there is anybody whom a report could accuse: a child who never lived in a house has no staff."""
    return control.path != "accused_staff" or bool(control.options or control.value)


def _registers(request: Asked, view: ChildFile, kind: Kind) -> Registers:
    """Return what a form chooses by id; a report of an incident also names staff."""
    known = registers_of(view)
    if kind.form is not Incident:
        return known
    staff = list_accusable(store_of(request), call_of(request), view.id)
    return {**known, "member": tuple(Option(one.id, Words(f"{one.name} ({one.house})", f"{one.name} ({one.house})")) for one in staff)}


def _form(request: Asked, case_id: str, kind: Kind, raw: dict[str, Any], *, status: int = 200, **says: Any) -> Response[Any]:
    view = show_file(store_of(request), call_of(request), case_id)
    faults = tuple(says.get("faults", ()))
    spare = {"spare": says["spare"]} if "spare" in says else {}
    drawn = controls_of(kind.form, flattened(kind.form, raw), faults, _registers(request, view, kind), **spare)
    traces = _only_traces(request, kind)
    return page(
        request,
        "file.html",
        status=status,
        case=view,
        kind=kind,
        controls=tuple(one for one in drawn if one.path in LOG - {"assessor"}) if traces else tuple(filter(_can_be_answered, drawn)),
        traces=traces,
        faults=faults,
        former=says.get("former", ""),
        again={name: dict(says.get("again", {})).get(name, "") for name in ("version", "key")},
        drafted=says.get("drafted", False),
        changes=says.get("changes", ()),
        against=says.get("against", ()),
    )


@get("/cases/{case_id:str}/records/{record_id:str}", sync_to_thread=True)
def record_page(request: Asked, case_id: FromPath[str], record_id: FromPath[str]) -> Response[Any]:
    """Show one record as it was signed. The read receipt is kept before the first byte of the answer."""
    store, call = store_of(request), call_of(request)
    record = show_record(store, call, case_id, record_id)
    open_evidence(store, call, OpenEvidence(case=case_id, items=(record_id,)))
    raw: dict[str, Any] = msgspec.to_builtins(record.body)
    kind = KINDS[record.record.form]
    registers = _registers(request, show_file(store, call, case_id), kind)
    answers = controls_of(kind.form, flattened(kind.form, raw), (), registers, spare=0)
    return page(request, "record.html", view=record, record=record.record, kind=kind, answers=answers)
