"""The parameters that were in force: each set is kept under its digest, which every entry of the journal names."""

from __future__ import annotations

import msgspec
from sqlalchemy import bindparam, select

from casework.store.schema import parameter_set
from casework.store.statements import Query
from casework.store.unit import Unit

_KEPT = Query(select(parameter_set.c.body).where(parameter_set.c.digest == bindparam("digest")))


def parameters_of(unit: Unit, digest: str) -> tuple[tuple[str, str], ...]:
    """Return the names and values of a set of parameters; none where the journal names a set that is not kept."""
    found = unit.ask(_KEPT, digest=digest)
    told = msgspec.json.decode(found[0].body, type=dict[str, msgspec.Raw]) if found else {}
    return tuple((name, bytes(value).decode().strip('"')) for name, value in told.items())
