"""Names for the ids that a view shows: persons, carers, bodies. Read once per view."""

from __future__ import annotations

from casework.machines.forms import HOME
from casework.services.sight import masks
from casework.store import people, registers
from casework.store.facts import Snapshot
from casework.store.unit import Unit


class Names:
    """Names by id. An id without a name gives an empty text, so that a page never shows a raw id."""

    def __init__(
        self,
        unit: Unit,
        *,
        persons: frozenset[str] = frozenset(),
        relatives: dict[str, str] | None = None,
        carers: dict[str, str] | None = None,
    ) -> None:
        self._unit = unit
        self._persons = people.names_of(unit, persons) if persons else {}
        self._relatives = relatives
        self._carers: dict[str, str] = carers or {}
        if relatives is not None:
            self._carers = {row.id: row.name for row in (*registers.all_bodies(unit), *registers.all_hosts(unit))}

    def person(self, person: str) -> str:
        """Return a natural person's name, looked up when first asked for."""
        if person and person not in self._persons:
            self._persons |= people.names_of(self._unit, frozenset({person}))
        return self._persons.get(person, "")

    def carer(self, carer: str) -> str:
        """Return the name of a relative, host or body."""
        if carer == HOME:
            return "rumah keluarga"
        return (self._relatives or {}).get(carer) or self._carers.get(carer, "")


def names_for(unit: Unit, snapshot: Snapshot) -> Names:
    """Return the names that one case's view needs; relatives stay unnamed for somebody who may not know the family."""
    facts = snapshot.facts
    persons = {facts.case.assigned_to, *(record.author for record in facts.records), *(request.requester for request in snapshot.requests)}
    hidden = masks(facts.ask.capacities)
    relatives = {relative.id: "–" if hidden else relative.name for relative in facts.relatives}
    return Names(unit, persons=frozenset(person for person in persons if person), relatives=relatives)
