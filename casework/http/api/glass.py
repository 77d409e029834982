"""Breaking the glass of a case, and looking into it."""

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from casework.http.api.asks import GlassFinding, NewGlass, example
from casework.http.api.command_route import command_route
from casework.services import glass
from casework.services.glass import BreakGlass, GlassPage, ReviewGlass
from casework.store.call import Call
from casework.store.store import Store

WHY = {"code": "child_in_danger", "reason": "Polisi menelepon malam ini tentang anak ini."}
FOUND = {"finding": "justified", "note": "Polisi menegaskan panggilan itu."}


@command_route("/cases/{case_id:str}/glass", glass.break_glass, created="/api/cases/{case_id}")
def break_glass(case_id: FromPath[str], data: Annotated[NewGlass, example(WHY)]) -> BreakGlass:
    """Read one case of your office for an hour that you may not read: the head is told at once, and somebody else looks into it."""
    return BreakGlass(case=case_id, code=data.code, reason=data.reason)


@command_route("/cases/{case_id:str}/glass/{glass_id:str}/review", glass.review_glass)
def review_glass(case_id: FromPath[str], glass_id: FromPath[str], data: Annotated[GlassFinding, example(FOUND)]) -> ReviewGlass:
    """Say what you found, as another person than who broke it."""
    return ReviewGlass(case=case_id, glass=glass_id, finding=data.finding, note=data.note)


@get("/cases/{case_id:str}/glass", sync_to_thread=True)
def list_glass(store: NamedDependency[Store], call: NamedDependency[Call], case_id: FromPath[str]) -> GlassPage:
    """List who broke the glass of a case, why, and what was found, for who reviews it."""
    return glass.glass_of(store, call, case_id)
