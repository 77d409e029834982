"""What is in force, to be read; and the open questions, to be answered by the office."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.response.redirect import Redirect

from casework.errors import Fault, Invalid
from casework.http.pages.captions import NOTICES
from casework.http.pages.reading import fields_of
from casework.http.pages.rendering import Asked, page, see
from casework.http.session import call_of, store_of
from casework.machines.forms.reading import read
from casework.machines.policy import role_may
from casework.services.captions import OFFICE_KINDS
from casework.services.in_force import in_force, meanings
from casework.services.questions import AnswerQuestion, answer_question, open_questions

ANSWERED = ("question", "answer", "answered_by", "answered_on", "reference")


@get("/admin/settings", sync_to_thread=True)
def settings_page(request: Asked) -> Response[Any]:
    """Show what is in force and what is still open."""
    return _settings(request)


@post("/admin/settings/answers", sync_to_thread=True)
def keep_answer(request: Asked) -> Response[Any] | Redirect:
    """Keep what the office answered."""
    typed = fields_of(request)
    try:
        answer_question(store_of(request), call_of(request), read(AnswerQuestion, {name: typed.get(name, "") for name in ANSWERED}))
    except Invalid as invalid:
        return _settings(request, faults=invalid.faults, typed=typed)
    return see("/admin/settings?done=question_answered")


def _settings(request: Asked, *, faults: tuple[Fault, ...] = (), typed: dict[str, str] | None = None) -> Response[Any]:
    store, call = store_of(request), call_of(request)
    said: dict[str, Any] = {"questions": open_questions(store, call), "found": in_force(store, call), "meanings": meanings()}
    said |= {"installed": request.app.state.get("settings"), "office_kinds": OFFICE_KINDS, "typed": typed or {}}
    answers = any(role_may(seat.role, "answer_question") for seat in call.who.seats)
    notice = NOTICES.get(request.query_params.get("done", ""))
    return page(request, "admin_settings.html", status=422 if faults else 200, faults=faults, answers=answers, notice=notice, **said)
