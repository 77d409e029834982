"""The list of cases and the child's page, with everything that is done from there in one click."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response.redirect import Redirect

from casework.errors import Fault, Invalid, NotFound
from casework.http.pages.captions import NOTICES
from casework.http.pages.controls import whole
from casework.http.pages.places import nearest
from casework.http.pages.reading import fields_of, name_of, subject_named
from casework.http.pages.rendering import Asked, page, see
from casework.http.session import call_of, store_of
from casework.machines.book import journey, states_of
from casework.machines.facts import WITA
from casework.machines.forms import KINDS
from casework.machines.forms.reading import read
from casework.machines.policy import role_may
from casework.machines.settling import FIELD_WORK
from casework.services.approvals import RequestApproval, WithdrawApproval, request_approval, withdraw_approval
from casework.services.attachments import WHY_WORDS
from casework.services.captions import DISTRICTS, DOCUMENT_KINDS, PICTURE_KINDS, RELIGIONS, Chosen
from casework.services.captions import task as task_words
from casework.services.caseload import Order, caseload, head_tasks, overdue_tasks
from casework.services.cases import AdvanceCase, AssignCase, advance_case, assign_case, registers_cases
from casework.services.child_file import show_file
from casework.services.counts import counts
from casework.services.field import AskField, EndField, ask_field, end_field, only_asked
from casework.services.keyset import Page
from casework.services.lists import list_cases
from casework.services.places import of_register
from casework.services.prevention import prevented
from casework.services.processes import AdvanceProcess, advance_process
from casework.services.records import (
    AttachDocument,
    CompareDocument,
    CompleteTask,
    OpenEvidence,
    VerifyRecord,
    attach_document,
    compare_document,
    complete_task,
    open_evidence,
    verify_record,
)
from casework.services.registers import AddRelative, AnswerOffer, OfferChild, add_relative, answer_offer, offer_child
from casework.services.searched import sealed_search, search_said
from casework.services.sight import is_errand, is_house, masks
from casework.services.views import show_case
from casework.words import Words

YEAR_DIGITS = 4


@get("/cases", sync_to_thread=True)
def case_list(request: Asked) -> Response[Any]:
    """List the caller's cases, all or their own, newest or due first; search by child's name or case number (`q`, sealed)."""
    store, call, asked = store_of(request), call_of(request), request.query_params
    said = search_said(store, call.who.account, asked.get("q", "")) or asked
    named, state, show = said.get("name", "").strip()[:100], asked.get("state", ""), asked.get("show", "")
    states = states_of(journey().definition.name)
    district = asked.get("district", "") if asked.get("district", "") in DISTRICTS and not named else ""
    state, show = state if state in states else "", show if show in {"mine", "due"} else ""
    if named:
        found = Page(list_cases(store, call, named=named, state=state))
    else:
        order: Order = "due" if show == "due" else "newest"
        only = {"state": "" if show == "due" else state, "district": "" if show else district}
        found = caseload(store, call, mine=show == "mine", order=order, after=asked.get("after", ""), **only)
    older = urlencode({"state": state, "show": show, "district": district, "after": found.after}) if found.after else ""
    numbers = counts(store, call) if any(role_may(seat.role, "lead") for seat in call.who.seats) else ()
    return page(
        request,
        "cases.html",
        lines=found.lines,
        named=named,
        state=state,
        states=tuple(states.values()),
        show=show,
        older=older,
        numbers=numbers,
        district=district,
        districts=DISTRICTS,
        registers_cases=registers_cases(call.who),
        assigned=any(role_may(seat.role, "ask_correction") for seat in call.who.seats),
        house=not any(seat.host is None for seat in call.who.seats),
        masked=masks(frozenset(seat.role for seat in call.who.seats)),
    )


@post("/cases", sync_to_thread=True)
def search_list(request: Asked) -> Redirect:
    """Take a search to an address that tells nobody whom it is for. It changes nothing."""
    fields = fields_of(request)
    sealed = sealed_search(store_of(request), call_of(request).who.account, name=fields.get("name", "")[:100])
    narrowed = {"q": sealed, **{name: fields.get(name, "")[:60] for name in ("state", "district")}}
    return see(f"/cases?{urlencode({name: value for name, value in narrowed.items() if value})}")


@get("/prevention", sync_to_thread=True)
def prevention_page(request: Asked) -> Response[Any]:
    """Show, to who leads an office, how many children stayed with their family after support, and the gate before institutions."""
    year = request.query_params.get("year", "")
    found = prevented(store_of(request), call_of(request), int(year) if year.isdecimal() and len(year) == YEAR_DIGITS else 0)
    return page(request, "prevention.html", offices=found)


@get("/overdue", sync_to_thread=True)
def overdue_list(request: Asked) -> Response[Any]:
    """List what should have been done by now, longest overdue first."""
    store, call, after = store_of(request), call_of(request), request.query_params.get("after", "")
    found = overdue_tasks(store, call, after=after)
    older = urlencode({"after": found.after}) if found.after else ""
    return page(request, "overdue.html", head=() if after else head_tasks(store, call), tasks=found.lines, older=older)


@get("/cases/{case_id:str}", sync_to_thread=True)
def case_page(request: Asked, case_id: FromPath[str]) -> Response[Any]:
    """Show the child. `?step=` and `?with=` look closely at one step for one carer."""
    asked = request.query_params
    subject = subject_named(asked.get("with", ""))
    chosen = Chosen(asked.get("step", ""), subject)
    view = show_case(store_of(request), call_of(request), case_id, chosen)
    return page(
        request,
        "errand.html" if is_errand(frozenset(view.capacities)) else "case.html",
        case=view,
        kinds=KINDS,
        papers=DOCUMENT_KINDS,
        picture_kinds=PICTURE_KINDS,
        picture_whys=WHY_WORDS,
        religions=RELIGIONS,
        notice=NOTICES.get(asked.get("done", "")),
        name_of=name_of,
        nearest=nearest,
        of_register=of_register,
        asked_place="" if chosen.trigger else subject.host,
        house=is_house(frozenset(view.capacities)),
        errands={kind: task_words(kind) for kind in FIELD_WORK},
        does=FIELD_WORK,
        first_day=call_of(request).at.astimezone(WITA).date().isoformat(),
    )


@post("/cases/{case_id:str}/step", sync_to_thread=True)
def take_step(request: Asked, case_id: FromPath[str]) -> Redirect:
    """Look at a step for a carer, request its approvals, or make it: which one, the button says."""
    fields = fields_of(request)
    trigger, subject = fields.get("trigger", ""), subject_named(fields.get("with", ""))
    store, call = store_of(request), call_of(request)
    match fields.get("do"):
        case "advance":
            advance_case(store, call, AdvanceCase(case=case_id, trigger=trigger, subject=subject))
            return see(f"/cases/{case_id}?done=advanced")
        case "request":
            request_approval(store, call, RequestApproval(case=case_id, trigger=trigger, subject=subject))
            return see(f"/cases/{case_id}?done=requested#step-{trigger}")
    looked_at = urlencode({"step": trigger, "with": name_of(subject)})
    return see(f"/cases/{case_id}?{looked_at}#step-{trigger}")


@post("/cases/{case_id:str}/processes/{process_id:str}", sync_to_thread=True)
def take_process_step(request: Asked, case_id: FromPath[str], process_id: FromPath[str]) -> Redirect:
    """Make a step of a process beside the journey."""
    ask = AdvanceProcess(case=case_id, process=process_id, trigger=fields_of(request).get("trigger", ""))
    advance_process(store_of(request), call_of(request), ask)
    return see(f"/cases/{case_id}?done=advanced#processes")


@post("/cases/{case_id:str}/withdraw", sync_to_thread=True)
def withdraw(request: Asked, case_id: FromPath[str]) -> Redirect:
    """Take one's own request back."""
    withdraw_approval(store_of(request), call_of(request), WithdrawApproval(case=case_id, request=fields_of(request).get("request", "")))
    return see(f"/cases/{case_id}?done=withdrawn")


@post("/cases/{case_id:str}/assign", sync_to_thread=True)
def assign(request: Asked, case_id: FromPath[str]) -> Redirect:
    """Give the case to a social worker."""
    fields = fields_of(request)
    said = {"person": fields.get("person", ""), "reason": fields.get("reason", "")}
    assign_case(store_of(request), call_of(request), read(AssignCase, {"case": case_id, **said}))
    return see(f"/cases/{case_id}?done=assigned")


@post("/cases/{case_id:str}/field", sync_to_thread=True)
def ask_into_field(request: Asked, case_id: FromPath[str]) -> Redirect:
    """Ask a TKSK or PSM to trace, to visit or to check."""
    fields = fields_of(request)
    person, _, district = fields.get("person", "").partition(" ")
    said = {name: fields.get(name, "") for name in ("kind", "by", "note")} | {"person": person, "district": district}
    ask_field(store_of(request), call_of(request), read(AskField, {"case": case_id, **said}))
    return see(f"/cases/{case_id}?done=field_asked#field")


@post("/cases/{case_id:str}/field/{task_id:str}/end", sync_to_thread=True)
def end_in_field(request: Asked, case_id: FromPath[str], task_id: FromPath[str]) -> Redirect:
    """Take back what was asked of a TKSK or PSM."""
    end_field(store_of(request), call_of(request), EndField(case=case_id, task=task_id))
    return see(f"/cases/{case_id}?done=field_ended#field")


@post("/cases/{case_id:str}/relatives", sync_to_thread=True)
def relative(request: Asked, case_id: FromPath[str]) -> Redirect:
    """Enter a relative into the family register."""
    fields = fields_of(request)
    raw = {name: fields.get(name, "") for name in ("name", "relation", "status", "religion")}
    optional = {name: fields[name] for name in ("address", "phone") if fields.get(name)}
    numbered = {"case": case_id, "degree": whole(fields.get("degree", ""))}
    add_relative(store_of(request), call_of(request), read(AddRelative, {**numbered, **raw, **optional}))
    return see(f"/cases/{case_id}?done=relative")


@post("/cases/{case_id:str}/offers", sync_to_thread=True)
def offer(request: Asked, case_id: FromPath[str]) -> Redirect:
    """Ask an institution for a place, or answer as its head; who declined sees the child no more."""
    fields, store, call = fields_of(request), store_of(request), call_of(request)
    host, answer = fields.get("host", ""), fields.get("answer", "")
    if answer:
        said = {"case": case_id, "host": host, "accepted": answer == "accept", "reason": fields.get("reason", "")}
        ask = read(AnswerOffer, said)
        answer_offer(store, call, ask)
        if not ask.accepted:
            return see("/work?done=declined")
    else:
        offer_child(store, call, OfferChild(case=case_id, host=host))
    return see(f"/cases/{case_id}?done={'answered' if answer else 'offered'}")


@post("/cases/{case_id:str}/papers", sync_to_thread=True)
def paper(request: Asked, case_id: FromPath[str]) -> Redirect:
    """Enter a paper into the document register."""
    fields = fields_of(request)
    raw = {name: fields.get(name, "") for name in ("kind", "number", "issuer", "issued_on", "digest")}
    required = Words("Wajib diisi.", "This is required.")
    blank = tuple(Fault(f"$.{name}", required) for name in ("kind", "number", "issuer", "issued_on") if not raw[name])
    if blank:
        raise Invalid(*blank)
    attach_document(store_of(request), call_of(request), read(AttachDocument, {"case": case_id, **raw}))
    return see(f"/cases/{case_id}?done=paper")


@get("/cases/{case_id:str}/papers/{paper_id:str}", sync_to_thread=True)
def paper_page(request: Asked, case_id: FromPath[str], paper_id: FromPath[str]) -> Response[Any]:
    """Show one paper's entry. Opening it gives a read receipt."""
    store, call = store_of(request), call_of(request)
    view = show_file(store, call, case_id)
    found = next((one for one in view.papers if one.id == paper_id), None)
    if found is None or view.child.masked:
        raise NotFound("paper")
    open_evidence(store, call, OpenEvidence(case=case_id, items=(paper_id,)))
    return page(request, "paper.html", case=view, paper=found)


@post("/cases/{case_id:str}/papers/{paper_id:str}/compare", sync_to_thread=True)
def compare(request: Asked, case_id: FromPath[str], paper_id: FromPath[str]) -> Redirect:
    """Confirm a paper against its original, as a second person."""
    compare_document(store_of(request), call_of(request), CompareDocument(case=case_id, document=paper_id))
    return see(f"/cases/{case_id}?done=compared")


@post("/cases/{case_id:str}/records/{record_id:str}/verify", sync_to_thread=True)
def verify(request: Asked, case_id: FromPath[str], record_id: FromPath[str]) -> Redirect:
    """Confirm a record against its sources, as another person."""
    call = call_of(request)
    verify_record(store_of(request), call, VerifyRecord(case=case_id, record=record_id))
    return see("/work?done=verified" if only_asked(call.who) else f"/cases/{case_id}?done=verified")


@post("/cases/{case_id:str}/tasks/{task_id:str}/complete", sync_to_thread=True)
def complete(request: Asked, case_id: FromPath[str], task_id: FromPath[str]) -> Redirect:
    """Report a task as done that no form and no step settles."""
    ask = read(CompleteTask, {"case": case_id, "task": task_id, "note": fields_of(request).get("note", "")})
    complete_task(store_of(request), call_of(request), ask)
    return see(f"/cases/{case_id}?done=completed")
