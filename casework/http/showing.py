"""A picture as an answer: its look and its receipt are kept first, then a browser shows it in a sandbox."""

from litestar import Response

from casework.http.headers import SANDBOX
from casework.services.attachments import Picture, show_attachment
from casework.services.pictures import MEDIA_TYPE
from casework.services.records import OpenEvidence, open_evidence
from casework.store.call import Call
from casework.store.store import Store


def picture_shown(store: Store, call: Call, case_id: str, attachment_id: str) -> Response[bytes]:
    """Answer with a picture, once it is journalled that it was opened. Raises NotFound, or Unavailable where it cannot be."""
    picture = show_attachment(store, call, case_id, attachment_id)
    open_evidence(store, call, OpenEvidence(case=case_id, items=(attachment_id,)))
    return _shown(picture)


def _shown(picture: Picture) -> Response[bytes]:
    """A browser shows it, under a name of ours, and runs nothing in it."""
    name = f'inline; filename="{picture.number}-{picture.kind}.jpg"'
    headers = {"Content-Disposition": name, "Content-Security-Policy": SANDBOX, "ETag": f'"{picture.version}"'}
    return Response(picture.content, media_type=MEDIA_TYPE, headers=headers)
