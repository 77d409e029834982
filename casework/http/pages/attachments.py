"""Pictures in a case, as pages: taken with a telephone, opened, withdrawn."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath
from litestar.response.redirect import Redirect

from casework.errors import NotFound, NotSignedIn
from casework.http.pages.reading import fields_of
from casework.http.pages.rendering import Asked, page, see
from casework.http.passage import passage_of
from casework.http.session import call_of, former_session, store_of
from casework.http.showing import picture_shown
from casework.http.uploads import a_place, arrived, drawn_anew, parted
from casework.machines.forms.reading import read
from casework.services.attachments import AddAttachment, WithdrawAttachment, add_attachment, withdraw_attachment
from casework.services.child_file import show_file


@post("/cases/{case_id:str}/attachments")
async def add_picture(request: Asked, case_id: FromPath[str]) -> Redirect:
    """Add a picture to the case, or to a record or paper of it. Nothing is read of somebody who is not signed in."""
    if await sync_to_thread(former_session, request) is None:
        raise NotSignedIn
    with a_place():
        sent = parted(request.scope, await arrived(request.scope, request.receive))
        passage_of(request.scope).form = sent.fields
        call, fields = await sync_to_thread(call_of, request), fields_of(request)
        what, _, about = fields.get("about", "").partition(":")
        kind = fields.get("kind", "")
        picture = await drawn_anew(kind, sent.picture)
        record, document = (about if what == name else "" for name in ("record", "paper"))
        ask = AddAttachment(case=case_id, kind=kind, picture=picture, record=record, document=document)
        await sync_to_thread(add_attachment, store_of(request), call, ask)
    return see(f"/cases/{case_id}?done=picture#pictures")


@get("/cases/{case_id:str}/attachments/{attachment_id:str}", sync_to_thread=True)
def picture_page(request: Asked, case_id: FromPath[str], attachment_id: FromPath[str]) -> Response[Any]:
    """Show a picture as wide as the window: a browser that may run nothing in a picture does not fit it by itself."""
    view = show_file(store_of(request), call_of(request), case_id)
    found = next((one for one in view.attachments if one.id == attachment_id and one.may_open), None)
    if found is None:
        raise NotFound("attachment")
    return page(request, "picture.html", case=view, picture=found)


@get("/cases/{case_id:str}/attachments/{attachment_id:str}/picture", sync_to_thread=True)
def picture_itself(request: Asked, case_id: FromPath[str], attachment_id: FromPath[str]) -> Response[bytes]:
    """Show a picture by itself. Opening it gives a read receipt."""
    return picture_shown(store_of(request), call_of(request), case_id, attachment_id)


@post("/cases/{case_id:str}/attachments/{attachment_id:str}/withdraw", sync_to_thread=True)
def withdraw_picture(request: Asked, case_id: FromPath[str], attachment_id: FromPath[str]) -> Redirect:
    """Withdraw a picture, with its reason."""
    said: dict[str, Any] = {"case": case_id, "attachment": attachment_id, "why": fields_of(request).get("why", "")}
    withdraw_attachment(store_of(request), call_of(request), read(WithdrawAttachment, said))
    return see(f"/cases/{case_id}?done=picture_withdrawn#pictures")
