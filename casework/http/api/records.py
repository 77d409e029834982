"""Records and papers of a case: signed, read with a receipt, verified, attached, compared."""

from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from casework.errors import NotFound
from casework.http.api.answers import created, versioned
from casework.http.api.asks import NewCompletion, NewDocument, NewRecord, earlier, example, without
from casework.services import filed, records, views
from casework.services.command import Saved
from casework.services.filed import PaperView, RecordPage, RecordView
from casework.services.records import AttachDocument, CompareDocument, CompleteTask, OpenEvidence, SignRecord, VerifyRecord
from casework.store.call import Call, Knock
from casework.store.unit import Store


@get("/cases/{case_id:str}/records", sync_to_thread=True)
def list_records(store: NamedDependency[Store], call: NamedDependency[Call], case_id: FromPath[str]) -> Response[tuple[RecordView, ...]]:
    """List the signed records of a case, newest first."""
    view = views.show_case(store, call, case_id)
    return versioned(view.records, view.version)


@post("/cases/{case_id:str}/records", sync_to_thread=True)
def sign_record(
    store: NamedDependency[Store],
    caller: NamedDependency[Knock],
    case_id: FromPath[str],
    data: Annotated[
        NewRecord,
        example(
            {"form": "F22", "body": {"purposes": ["assessment"], "given_by": "Siti", "giver": "guardian", "explanation_given": "Lisan."}}
        ),
    ],
) -> Response[Saved]:
    """Sign a form; it never changes from now on. Every fault of its body is told at once (422)."""
    ask = SignRecord(case=case_id, **without(data, "occurred_at"))
    saved = records.sign_record(store, earlier(caller, data.occurred_at), ask)
    return created(saved, f"/api/cases/{case_id}/records/{saved.id}", saved.version)


@get("/cases/{case_id:str}/records/{record_id:str}", sync_to_thread=True)
def show_record(
    store: NamedDependency[Store], call: NamedDependency[Call], case_id: FromPath[str], record_id: FromPath[str]
) -> Response[RecordPage]:
    """Show a record with its body. The read receipt is kept before the answer leaves; if it cannot be kept, there is no answer (503)."""
    page = filed.show_record(store, call, case_id, record_id)
    records.open_evidence(store, call, OpenEvidence(case=case_id, items=(record_id,)))
    return versioned(page, page.version)


@post("/cases/{case_id:str}/records/{record_id:str}/verification", status_code=200, sync_to_thread=True)
def verify_record(
    store: NamedDependency[Store], caller: NamedDependency[Knock], case_id: FromPath[str], record_id: FromPath[str]
) -> Response[Saved]:
    """Confirm, as another person, that a record agrees with its sources."""
    saved = records.verify_record(store, caller, VerifyRecord(case=case_id, record=record_id))
    return versioned(saved, saved.version)


@post("/cases/{case_id:str}/documents", sync_to_thread=True)
def attach_document(
    store: NamedDependency[Store],
    caller: NamedDependency[Knock],
    case_id: FromPath[str],
    data: Annotated[
        NewDocument, example({"kind": "birth_certificate", "number": "6402-LT-01", "issuer": "Disdukcapil", "issued_on": "2018-05-02"})
    ],
) -> Response[Saved]:
    """Enter a paper. It counts once a second person compared it with its original."""
    saved = records.attach_document(store, caller, AttachDocument(case=case_id, **without(data)))
    return created(saved, f"/api/cases/{case_id}/documents/{saved.id}", saved.version)


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


@post("/cases/{case_id:str}/documents/{document_id:str}/comparison", status_code=200, sync_to_thread=True)
def compare_document(
    store: NamedDependency[Store], caller: NamedDependency[Knock], case_id: FromPath[str], document_id: FromPath[str]
) -> Response[Saved]:
    """Confirm, as a second person, that a paper agrees with its original."""
    saved = records.compare_document(store, caller, CompareDocument(case=case_id, document=document_id))
    return versioned(saved, saved.version)


@post("/cases/{case_id:str}/tasks/{task_id:str}/completion", status_code=200, sync_to_thread=True)
def complete_task(
    store: NamedDependency[Store],
    caller: NamedDependency[Knock],
    case_id: FromPath[str],
    task_id: FromPath[str],
    data: Annotated[NewCompletion, example({"note": "Dinas diberi tahu lewat surat 460/112."})],
) -> Response[Saved]:
    """Report a task as done that no form and no step settles, such as informing the police."""
    saved = records.complete_task(store, caller, CompleteTask(case=case_id, task=task_id, note=data.note))
    return versioned(saved, saved.version)
