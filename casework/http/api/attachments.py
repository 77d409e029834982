"""Pictures in a case: added as their bytes, read with a receipt, withdrawn with a reason."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from casework.http.api.asks import Code, Withdrawal, example
from casework.http.api.command_route import command_route
from casework.http.showing import picture_shown
from casework.http.uploads import PICTURE, a_place, arrived, drawn_anew
from casework.services import attachments
from casework.services.attachments import AddAttachment, WithdrawAttachment
from casework.services.command import Saved
from casework.services.pictures import MEDIA_TYPE
from casework.store.call import Call
from casework.store.store import Store


@post("/cases/{case_id:str}/attachments", opt={PICTURE: True})
async def add_attachment(
    request: Request[Any, Any, Any],
    store: NamedDependency[Store],
    call: NamedDependency[Call],
    case_id: FromPath[str],
    kind: FromQuery[Code],
    record: FromQuery[Code] = "",
    document: FromQuery[Code] = "",
) -> Response[Saved]:
    """Add a picture (JPEG, PNG or WebP, 10 MiB at most; the body is its bytes). It is drawn anew: where it was taken is not kept."""
    with a_place():
        picture = await drawn_anew(kind, await arrived(request.scope, request.receive))
        ask = AddAttachment(case=case_id, kind=kind, picture=picture, record=record, document=document)
        saved = await sync_to_thread(attachments.add_attachment, store, call, ask)
    headers = {"Location": f"/api/cases/{case_id}/attachments/{saved.id}", "ETag": f'"{saved.version}"'}
    return Response(saved, headers=headers)


@get("/cases/{case_id:str}/attachments/{attachment_id:str}", media_type=MEDIA_TYPE, sync_to_thread=True)
def show_attachment(
    store: NamedDependency[Store], call: NamedDependency[Call], case_id: FromPath[str], attachment_id: FromPath[str]
) -> Response[bytes]:
    """Show a picture (JPEG). The read receipt is kept before the answer leaves; if it cannot be kept, there is no answer (503)."""
    return picture_shown(store, call, case_id, attachment_id)


@command_route("/cases/{case_id:str}/attachments/{attachment_id:str}/withdrawal", attachments.withdraw_attachment)
def withdraw_attachment(
    case_id: FromPath[str], attachment_id: FromPath[str], data: Annotated[Withdrawal, example({"why": "unreadable"})]
) -> WithdrawAttachment:
    """Withdraw a picture: it stays, and counts no longer. Decisions that rest on it are superseded."""
    return WithdrawAttachment(case=case_id, attachment=attachment_id, why=data.why)
