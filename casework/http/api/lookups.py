"""What is looked up before something is asked: children already known, the forms and their schemas, whether the service is well."""

from contextlib import suppress
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from casework import __version__
from casework.errors import Fault, Invalid, NotSignedIn
from casework.http.passage import passage_of
from casework.machines.forms import KINDS, json_schema
from casework.services import lists, sessions
from casework.services.lists import Registered
from casework.store.call import Call
from casework.store.store import Store
from casework.words import Words

Sought = Annotated[str, QueryParameter(max_length=200)]
Nik = Annotated[str, QueryParameter(pattern=r"^(\d{16})?$")]
_SHORTEST_NAME = 3


class FormLine(msgspec.Struct, frozen=True):
    """One form: its code, its title, who may sign it, and the role that countersigns it, if any."""

    code: str
    title: Words
    signers: tuple[str, ...]
    countersigner: str | None


class Health(msgspec.Struct, frozen=True):
    """The service answers and its database can be read."""

    status: Literal["ok"]
    version: str


@get("/children", sync_to_thread=True)
def find_children(store: NamedDependency[Store], call: NamedDependency[Call], name: Sought = "", nik: Nik = "") -> tuple[Registered, ...]:
    """Search the register before a child is entered a second time: by part of the name (three letters at least) or by NIK."""
    if len(name.strip()) < _SHORTEST_NAME and not nik:
        raise Invalid(Fault("$.name", Words("Sebutkan sedikitnya tiga huruf nama, atau NIK.", "Give three letters of the name, or a NIK.")))
    return lists.find_children(store, call, name, nik)


@get("/forms", sync_to_thread=False)
def list_forms() -> tuple[FormLine, ...]:
    """List the forms, F01 to F27."""
    return tuple(FormLine(kind.code, kind.title, kind.signers, kind.countersigner) for kind in KINDS.values())


@get("/forms/{code:str}", sync_to_thread=False)
def show_form(code: FromPath[str]) -> dict[str, Any]:
    """Show the JSON Schema (2020-12) of one form: the `body` of a record."""
    return json_schema(code)


@get("/health", sync_to_thread=True)
def show_health(request: Request[Any, Any, Any], store: NamedDependency[Store]) -> Health:
    """Answer when the database can be read; 503 otherwise."""
    with suppress(NotSignedIn):
        sessions.session_of(store, passage_of(request.scope).at, "")
    return Health("ok", __version__)
