"""Reviews of the trail: saved from a selection, noted, signed off by a second person."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response.redirect import Redirect

from casework.http.pages.reading import fields_of
from casework.http.pages.rendering import Asked, page, see
from casework.http.pages.trails import ASKED, sought
from casework.http.session import call_of, store_of
from casework.machines.forms.reading import read
from casework.services.happenings import HAPPENINGS
from casework.services.reviews import NoteReview, SaveReview, SignReview, list_reviews, note_review, save_review, show_review, sign_review


@get("/trail/reviews", sync_to_thread=True)
def review_list(request: Asked) -> Response[Any]:
    """List the newest reviews."""
    return page(request, "reviews.html", reviews=list_reviews(store_of(request), call_of(request)))


@get("/trail/reviews/{review_id:str}", sync_to_thread=True)
def review_page(request: Asked, review_id: FromPath[str]) -> Response[Any]:
    """Show one review, and whether the streams it covered are still whole."""
    found = show_review(store_of(request), call_of(request), review_id)
    said = {name: value for name, value in msgspec.to_builtins(found.sought).items() if value}
    return page(request, "review.html", review=found, said=said, kinds=HAPPENINGS, again=urlencode(said))


@post("/trail/reviews", sync_to_thread=True)
def keep_review(request: Asked) -> Redirect:
    """Save what the trail was asked, with first notes."""
    typed = fields_of(request)
    asked = sought({name: typed.get(name, "") for name in ASKED})
    said = {"sought": msgspec.to_builtins(asked), "notes": typed.get("notes", "")}
    saved = save_review(store_of(request), call_of(request), read(SaveReview, said))
    return see(f"/trail/reviews/{saved.id}")


@post("/trail/reviews/{review_id:str}/notes", sync_to_thread=True)
def write_review_notes(request: Asked, review_id: FromPath[str]) -> Redirect:
    """Write the notes anew."""
    note_review(store_of(request), call_of(request), read(NoteReview, {"review": review_id, "notes": fields_of(request).get("notes", "")}))
    return see(f"/trail/reviews/{review_id}")


@post("/trail/reviews/{review_id:str}/signature", sync_to_thread=True)
def sign_review_off(request: Asked, review_id: FromPath[str]) -> Redirect:
    """Sign it off, as it was read."""
    sign_review(store_of(request), call_of(request), SignReview(review=review_id, digest=fields_of(request).get("digest", "")))
    return see(f"/trail/reviews/{review_id}")
