"""Cases: found, registered, shown with everything a step still lacks, assigned, advanced."""

from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from casework.http.api.answers import next_page, paged, versioned
from casework.http.api.asks import (
    AnswerToOffer,
    AskAssignment,
    AskErrand,
    AskStep,
    NewCase,
    NewOffer,
    NewRelative,
    Subjected,
    example,
    without,
)
from casework.http.api.command_route import command_route
from casework.machines.facts import Subject
from casework.services import caseload, cases, counts, field, journals, lists, prevention, registers, reports, views, work
from casework.services.captions import Chosen
from casework.services.caseload import Order, TaskLine
from casework.services.cases import AdvanceCase, AssignCase, RegisterCase
from casework.services.counts import OfficeCounts
from casework.services.field import AskField, EndField
from casework.services.journals import CaseTrail
from casework.services.lists import CaseLine
from casework.services.registers import AddRelative, AnswerOffer, OfferChild
from casework.services.reports import Report
from casework.services.views import CaseView
from casework.services.work import WorkLine
from casework.store.call import Call
from casework.store.store import Store

Sought = Annotated[str, QueryParameter(max_length=200)]
Code = Annotated[str, QueryParameter(pattern="^[a-z0-9_]{0,64}$")]
Place = Annotated[str, QueryParameter(pattern="^[0-9.]{0,13}$")]
"""A district's code of the Ministry of Home Affairs, such as 64.02.06."""
Cursor = Annotated[str, QueryParameter(pattern="^[A-Za-z0-9_-]{0,300}$")]
"""Where the page before ended: opaque, taken from the `Link` of the answer."""

INTAKE = {
    "form": "F01",
    "source": "community",
    "referrer": "Ketua RT 04",
    "referrer_contact": "0812-0000-0000",
    "legal_guardian": "nenek",
    "chronology": "Ibu bekerja di luar negeri, nenek sakit.",
    "immediate_danger": "no",
    "child_location": "Rumah nenek, Tenggarong",
    "contact_initiated_by": "community",
    "known_to_rt": "yes",
    "known_to_village": "no",
}


def subject_of(named: Subjected) -> Subject:
    """Return the subject that a body names."""
    return Subject(host=named.host, relative=named.relative, receiver=named.receiver, reason=named.reason)


@get("/cases", sync_to_thread=True)
def list_cases(
    store: NamedDependency[Store],
    call: NamedDependency[Call],
    named: Sought = "",
    mine: FromQuery[bool] = False,  # noqa: FBT002 - it is read by name from the address
    in_state: Code = "",
    order: FromQuery[Order] = "newest",
    after: Cursor = "",
) -> Response[tuple[CaseLine, ...]]:
    """List the cases of the caller: newest first, or those with something to do by what is `due` first. The next page is in `Link`.

    `mine` are those assigned to the caller, `in_state` those in one state; `named` searches by number or child's name instead.
    """
    if named:
        return Response(lists.list_cases(store, call, named=named, state=in_state, after=""))
    page = caseload.caseload(store, call, mine=mine, state=in_state, order=order, after=after)
    asked = {"mine": "true" if mine else "", "in_state": in_state, "order": "" if order == "newest" else order}
    return paged(page, "/api/cases", asked)


@get("/overdue", sync_to_thread=True)
def list_overdue(
    store: NamedDependency[Store],
    call: NamedDependency[Call],
    mine: FromQuery[bool] = False,  # noqa: FBT002 - it is read by name from the address
    after: Cursor = "",
) -> Response[tuple[TaskLine, ...]]:
    """List what should have been done by now in the caller's cases, longest overdue first. The next page is in `Link`."""
    return paged(caseload.overdue_tasks(store, call, mine=mine, after=after), "/api/overdue", {"mine": "true" if mine else ""})


@get("/work", sync_to_thread=True)
def list_work(store: NamedDependency[Store], call: NamedDependency[Call], after: Cursor = "") -> Response[tuple[WorkLine, ...]]:
    """List everything that the caller has to do, whatever process it comes from, what is due first on top. The next page is in `Link`."""
    return paged(work.my_work(store, call, after=after), "/api/work", {})


@get("/counts", sync_to_thread=True)
def show_counts(store: NamedDependency[Store], call: NamedDependency[Call]) -> tuple[OfficeCounts, ...]:
    """Show how many cases stand in each state, for who leads an office and for auditors."""
    return counts.counts(store, call)


@get("/prevention", sync_to_thread=True)
def show_prevention(
    store: NamedDependency[Store], call: NamedDependency[Call], year: FromQuery[int] = 0
) -> tuple[prevention.Prevention, ...]:
    """Show how many separations support prevented in a year (0: this one), and what became of requests for an institution.

    For who leads an office, and for auditors.
    """
    return prevention.prevented(store, call, year)


@command_route("/cases", cases.register_case, created="/api/cases/{id}")
def register_case(
    data: Annotated[NewCase, example({"intake": INTAKE, "child": {"name": "Rina Ayu", "sex": "female", "born": "2017-03-01"}})],
) -> RegisterCase:
    """Register a case from a report (F01), for a new child or for one already in the register."""
    return data.ask()


@get("/cases/{case_id:str}", sync_to_thread=True)
def show_case(  # noqa: PLR0917 - each is one part of the address
    store: NamedDependency[Store],
    call: NamedDependency[Call],
    case_id: FromPath[str],
    trigger: Code = "",
    host: Code = "",
    relative: Code = "",
    receiver: Code = "",
    reason: Code = "",
) -> Response[CaseView]:
    """Show a case: where it stands, every step with what it still lacks, and why. Name a step and its subject to look at them closely."""
    chosen = Chosen(trigger, Subject(host=host, relative=relative, receiver=receiver, reason=reason))
    view = views.show_case(store, call, case_id, chosen)
    return versioned(view, view.version)


@get("/cases/{case_id:str}/journal", sync_to_thread=True)
def show_journal(
    store: NamedDependency[Store], call: NamedDependency[Call], case_id: FromPath[str], after: Cursor = ""
) -> Response[CaseTrail]:
    """Show what happened or was tried on a case, newest first, and whether its chain is whole. Older entries are in `Link`."""
    trail = journals.journal_of(store, call, case_id, after)
    return Response(trail, headers=next_page(trail.after, f"/api/cases/{case_id}/journal", {}))


@command_route("/cases/{case_id:str}/transitions", cases.advance_case)
def advance_case(
    case_id: FromPath[str],
    data: Annotated[AskStep, example({"trigger": "admit_to_institution", "subject": {"host": "01k9x0m5s7h3b2d4f6g8j0k1m2"}})],
) -> AdvanceCase:
    """Make a step, or hear every reason against it (409)."""
    return AdvanceCase(case=case_id, trigger=data.trigger, subject=subject_of(data.subject))


@command_route("/cases/{case_id:str}/assignment", cases.assign_case)
def assign_case(case_id: FromPath[str], data: Annotated[AskAssignment, example({"person": "01k9x0m5s7h3b2d4f6g8j0k1m2"})]) -> AssignCase:
    """Assign or reassign the case."""
    return AssignCase(case=case_id, person=data.person, reason=data.reason)


@command_route("/cases/{case_id:str}/field-requests", field.ask_field, created="/api/cases/{case_id}")
def ask_field(
    case_id: FromPath[str],
    data: Annotated[
        AskErrand,
        example({"person": "01k9x0m5s7h3b2d4f6g8j0k1m2", "kind": "field_visit", "by": "2026-12-01", "note": "Temui neneknya."}),
    ],
) -> AskField:
    """Ask a TKSK or PSM to trace the family, to visit, or to check facts in their own district: the case is open to them until then."""
    return AskField(case=case_id, **without(data))


@command_route("/cases/{case_id:str}/field-requests/{task_id:str}/end", field.end_field)
def end_field(case_id: FromPath[str], task_id: FromPath[str]) -> EndField:
    """Take back what was asked of a TKSK or PSM: they see the case no more."""
    return EndField(case=case_id, task=task_id)


@get("/reports", sync_to_thread=True)
def list_reports(
    store: NamedDependency[Store], call: NamedDependency[Call], district: Place = "", after: Cursor = ""
) -> Response[tuple[Report, ...]]:
    """List one's own reports (from a district) and how far they have come, for a TKSK or PSM. The next page is in `Link`."""
    return paged(
        reports.my_reports(store, call, after=after, district=district), "/api/reports", {"district": district} if district else {}
    )


@command_route("/cases/{case_id:str}/relatives", registers.add_relative, created="/api/cases/{case_id}")
def add_relative(
    case_id: FromPath[str], data: Annotated[NewRelative, example({"name": "Siti", "relation": "grandmother", "degree": 2})]
) -> AddRelative:
    """Enter a relative into the family register of the case's child."""
    return AddRelative(case=case_id, **without(data))


@command_route("/cases/{case_id:str}/offers", registers.offer_child, created="/api/cases/{case_id}")
def offer_child(case_id: FromPath[str], data: Annotated[NewOffer, example({"host": "01k9x0m5s7h3b2d4f6g8j0k1m2"})]) -> OfferChild:
    """Ask an institution whether it can take the child."""
    return OfferChild(case=case_id, host=data.host)


@command_route("/cases/{case_id:str}/offers/{host_id:str}/answer", registers.answer_offer)
def answer_offer(
    case_id: FromPath[str],
    host_id: FromPath[str],
    data: Annotated[AnswerToOffer, example({"accepted": False, "reason": "Kamar sedang diperbaiki."})],
) -> AnswerOffer:
    """Answer an offer as the head of that institution."""
    return AnswerOffer(case=case_id, host=host_id, accepted=data.accepted, reason=data.reason)
