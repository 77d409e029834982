"""A picture or an official paper as an answer: its look and its receipt are kept first, then a browser shows it by itself."""

from litestar import Response

from casework.http.headers import SANDBOX
from casework.machines.forms import KINDS
from casework.papers import printed
from casework.services.attachments import Picture, show_attachment
from casework.services.official import show_official
from casework.services.pictures import MEDIA_TYPE
from casework.services.records import OpenEvidence, open_evidence
from casework.settings import Papers
from casework.store.call import Call
from casework.store.store import Store
from casework.words import Language

PDF = "application/pdf"


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


def paper_shown(store: Store, call: Call, case_id: str, record_id: str, office: Papers, language: Language) -> Response[bytes]:
    """Answer with a record's official paper (PDF), once it is journalled that it was opened. Raises NotFound, or Unavailable."""
    paper = show_official(store, call, case_id, record_id)
    open_evidence(store, call, OpenEvidence(case=case_id, items=(record_id,)))
    name = f'inline; filename="{paper.number}-{KINDS[paper.form].paper}-{paper.entry.seq}.pdf"'
    headers = {"Content-Disposition": name, "Content-Security-Policy": SANDBOX, "ETag": f'"{paper.version}"'}
    return Response(printed(paper, office, language), media_type=PDF, headers=headers)
