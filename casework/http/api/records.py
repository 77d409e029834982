"""Records and papers of a case: signed, read with a receipt, verified, attached, compared."""

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from casework.errors import NotFound
from casework.http.api.answers import versioned
from casework.http.api.asks import NewCompletion, NewDocument, NewRecord, example, without
from casework.http.api.command_route import command_route
from casework.http.showing import PDF, paper_shown
from casework.services import filed, records, views
from casework.services.filed import PaperView, RecordPage, RecordView
from casework.services.records import AttachDocument, CompareDocument, CompleteTask, OpenEvidence, SignRecord, VerifyRecord
from casework.store.call import Call
from casework.store.store import Store
from casework.words import Language


@get("/cases/{case_id:str}/records", sync_to_thread=True)
def list_records(store: NamedDependency[Store], call: NamedDependency[Call], case_id: FromPath[str]) -> Response[tuple[RecordView, ...]]:
    """List the signed records of a case, newest first."""
    view = views.show_case(store, call, case_id)
    return versioned(view.records, view.version)


@command_route("/cases/{case_id:str}/records", records.sign_record, created="/api/cases/{case_id}/records/{id}")
def sign_record(
    case_id: FromPath[str],
    data: Annotated[
        NewRecord,
        example(
            {"form": "F22", "body": {"purposes": ["assessment"], "given_by": "Siti", "giver": "guardian", "explanation_given": "Lisan."}}
        ),
    ],
) -> SignRecord:
    """Sign a form; it never changes from now on. Every fault of its body is told at once (422)."""
    return SignRecord(case=case_id, **without(data, "occurred_at"))


@get("/cases/{case_id:str}/records/{record_id:str}", sync_to_thread=True)
def show_record(
    store: NamedDependency[Store], call: NamedDependency[Call], case_id: FromPath[str], record_id: FromPath[str]
) -> Response[RecordPage]:
    """Show a record with its body. The read receipt is kept before the answer leaves; if it cannot be kept, there is no answer (503)."""
    page = filed.show_record(store, call, case_id, record_id)
    records.open_evidence(store, call, OpenEvidence(case=case_id, items=(record_id,)))
    return versioned(page, page.version)


@get("/cases/{case_id:str}/records/{record_id:str}/paper", media_type=PDF, sync_to_thread=True)
def print_record(
    request: Request[Any, Any, Any],
    store: NamedDependency[Store],
    call: NamedDependency[Call],
    case_id: FromPath[str],
    record_id: FromPath[str],
    language: FromQuery[Language] = "id",
) -> Response[bytes]:
    """Print a record as the office's official paper (PDF): the same record gives the same bytes. Opening it is journalled first."""
    return paper_shown(store, call, case_id, record_id, request.app.state.settings.papers, language)


@command_route("/cases/{case_id:str}/records/{record_id:str}/verification", records.verify_record)
def verify_record(case_id: FromPath[str], record_id: FromPath[str]) -> VerifyRecord:
    """Confirm, as another person, that a record agrees with its sources."""
    return VerifyRecord(case=case_id, record=record_id)


@command_route("/cases/{case_id:str}/documents", records.attach_document, created="/api/cases/{case_id}/documents/{id}")
def attach_document(
    case_id: FromPath[str],
    data: Annotated[
        NewDocument, example({"kind": "birth_certificate", "number": "6402-LT-01", "issuer": "Disdukcapil", "issued_on": "2018-05-02"})
    ],
) -> AttachDocument:
    """Enter a paper. It counts once a second person compared it with its original."""
    return AttachDocument(case=case_id, **without(data))


@get("/cases/{case_id:str}/documents/{document_id:str}", sync_to_thread=True)
def show_document(
    store: NamedDependency[Store], call: NamedDependency[Call], case_id: FromPath[str], document_id: FromPath[str]
) -> Response[PaperView]:
    """Show one paper and keep the read receipt, as for a record: approvers must have opened each."""
    view = views.show_case(store, call, case_id)
    paper = next((paper for paper in view.papers if paper.id == document_id), None)
    if paper is None:
        raise NotFound("document")
    records.open_evidence(store, call, OpenEvidence(case=case_id, items=(document_id,)))
    return versioned(paper, view.version)


@command_route("/cases/{case_id:str}/documents/{document_id:str}/comparison", records.compare_document)
def compare_document(case_id: FromPath[str], document_id: FromPath[str]) -> CompareDocument:
    """Confirm, as a second person, that a paper agrees with its original."""
    return CompareDocument(case=case_id, document=document_id)


@command_route("/cases/{case_id:str}/tasks/{task_id:str}/completion", records.complete_task)
def complete_task(
    case_id: FromPath[str],
    task_id: FromPath[str],
    data: Annotated[NewCompletion, example({"note": "Dinas diberi tahu lewat surat 460/112."})],
) -> CompleteTask:
    """Report a task as done that no form and no step settles, such as informing the police."""
    return CompleteTask(case=case_id, task=task_id, note=data.note)
