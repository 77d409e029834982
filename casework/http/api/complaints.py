"""Complaints of children, for the office. No house finds one here: for its accounts there are none."""

from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from casework.http.api.answers import versioned
from casework.http.api.asks import Code, Line, Note, example
from casework.http.api.command_route import command_route
from casework.services import complaint_views, complaints
from casework.services.complaint_views import ComplaintLine, ComplaintView, ReporterSeen
from casework.services.complaints import AdvanceComplaint, LinkComplaint, OpenReporter, WriteDown
from casework.store.call import Call
from casework.store.store import Store

WRITTEN = {"told": {"what": "Aku takut pulang ke asrama.", "danger": "unknown"}, "code": "ABCD-2345-EFGH"}


class ComplaintStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask for a step of a complaint. An answer goes with `answer`; an escalation names the F17 (`record`) of the child's case."""

    trigger: Code
    answer: Note = ""
    record: Code = ""


class ComplaintCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Say of which child's case a complaint is."""

    number: Line


@get("/complaints", sync_to_thread=True)
def list_complaints(store: NamedDependency[Store], call: NamedDependency[Call]) -> tuple[ComplaintLine, ...]:
    """List the complaints that the caller may know of, what is due first."""
    return complaint_views.list_complaints(store, call)


@command_route("/complaints", complaints.write_down_complaint, created="/api/complaints/{id}")
def write_complaint(data: Annotated[WriteDown, example(WRITTEN)]) -> WriteDown:
    """Write down what a child told. `code` is what the child keeps to read the answer: twelve signs, never shown again."""
    return data


@get("/complaints/{complaint_id:str}", sync_to_thread=True)
def show_complaint(store: NamedDependency[Store], call: NamedDependency[Call], complaint_id: FromPath[str]) -> Response[ComplaintView]:
    """Show a complaint with its answers, and what each next step lacks. Who complained is not told here."""
    view = complaint_views.show_complaint(store, call, complaint_id)
    return versioned(view, len(view.past))


@command_route("/complaints/{complaint_id:str}/transitions", complaints.advance_complaint)
def advance_complaint(complaint_id: FromPath[str], data: Annotated[ComplaintStep, example({"trigger": "look"})]) -> AdvanceComplaint:
    """Make a step of a complaint, or hear every reason against it (409)."""
    return AdvanceComplaint(complaint=complaint_id, trigger=data.trigger, answer=data.answer, record=data.record)


@command_route("/complaints/{complaint_id:str}/case", complaints.link_complaint)
def link_complaint(complaint_id: FromPath[str], data: Annotated[ComplaintCase, example({"number": "KKR-2026-0001"})]) -> LinkComplaint:
    """Say of which child's case a complaint is. The case itself is told nothing."""
    return LinkComplaint(complaint=complaint_id, number=data.number)


@command_route("/complaints/{complaint_id:str}/reporter", complaints.open_reporter)
def open_reporter(complaint_id: FromPath[str]) -> OpenReporter:
    """Note that one who triages looks who complained: asked before each look."""
    return OpenReporter(complaint=complaint_id)


@get("/complaints/{complaint_id:str}/reporter", sync_to_thread=True)
def show_reporter(store: NamedDependency[Store], call: NamedDependency[Call], complaint_id: FromPath[str]) -> ReporterSeen:
    """Show who complained, to one who triages and whose look was noted."""
    return complaint_views.show_reporter(store, call, complaint_id)
