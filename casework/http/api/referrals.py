"""The desk of a body that referrals go to: what was sent to it, and its answers. Nothing else of any case."""

from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from casework.http.api.answers import paged, versioned
from casework.http.api.asks import AnswerToReferral, example, without
from casework.http.api.cases import Cursor
from casework.http.api.command_route import command_route
from casework.services import desk
from casework.services.desk import AnswerReferral, DeskLine, DeskView
from casework.store.call import Call
from casework.store.store import Store

ACCEPTED = {"trigger": "accept", "name": "Kepala UPTD (contoh)", "on": "2026-03-02", "terms": "Diterima mulai Senin."}


@get("/referrals", sync_to_thread=True)
def list_referrals(store: NamedDependency[Store], call: NamedDependency[Call], after: Cursor = "") -> Response[tuple[DeskLine, ...]]:
    """List the referrals that were sent to the caller's body and go on, the oldest first."""
    return paged(desk.list_referrals(store, call, after), "/api/referrals", {})


@get("/referrals/{referral_id:str}", sync_to_thread=True)
def show_referral(store: NamedDependency[Store], call: NamedDependency[Call], referral_id: FromPath[str]) -> Response[DeskView]:
    """Show one of them: what its form tells the receiver, and what each of the receiver's steps lacks."""
    view = desk.show_referral(store, call, referral_id)
    return versioned(view, view.version)


@command_route("/referrals/{referral_id:str}/transitions", desk.answer_referral)
def answer_referral(referral_id: FromPath[str], data: Annotated[AnswerToReferral, example(ACCEPTED)]) -> AnswerReferral:
    """Make the receiver's step, in the case's journal: acknowledge, ask, accept, decline, begin, complete, close with feedback."""
    return AnswerReferral(referral=referral_id, **without(data))
