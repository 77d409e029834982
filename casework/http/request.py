"""The request of this application: a JSON body is read strictly into the Struct that the handler names, every fault at once.

The framework would read it laxly ("false" as a boolean, "5" as a number) and stop at its first complaint.
"""

from typing import Any, TypeVar

import msgspec
from litestar import Request

from casework.errors import Fault, Invalid
from casework.http.passage import passage_of
from casework.http.problems import TurnedAway
from casework.machines.forms.reading import read
from casework.words import Words

S = TypeVar("S", bound=msgspec.Struct)


class StrictRequest(Request[Any, Any, Any]):
    """A request whose body is what its handler asks for, or Invalid."""

    async def json(self) -> Any:
        """Return the body as the Struct of the handler's `data`. Raises Invalid, or TurnedAway for what is no JSON."""
        return read_body(self.route_handler.parsed_fn_signature.parameters["data"].annotation, passage_of(self.scope).body)


def read_body(kind: type[S], body: bytes) -> S:
    """Return a JSON body as a Struct. Raises Invalid with every fault, or TurnedAway for what is no JSON."""
    if not body:
        raise TurnedAway("invalid_request")
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise TurnedAway("malformed") from error
    if not isinstance(value, dict):
        raise Invalid(Fault("$", Words("Harus berupa objek JSON.", "Must be a JSON object.")))
    return read(kind, value)
