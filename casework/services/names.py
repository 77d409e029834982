"""Names for the ids that a view shows: persons, carers, bodies. Read once per view."""

from __future__ import annotations

from casework.machines.forms import HOME
from casework.services.sight import masks
from casework.store import listing, people, registers
from casework.store.facts import Snapshot
from casework.store.unit import Unit


class Names:
    """Names by id. An id without a name gives an empty text, so that a page never shows a raw id."""

    def __init__(
        self,
        unit: Unit,
        *,
        persons: dict[str, str] | None = None,
        relatives: dict[str, str] | None = None,
        carers: dict[str, str] | None = None,
    ) -> None:
        self._unit = unit
        self._persons = persons or {}
        self._relatives = relatives
        self._carers = carers or {}

    def person(self, person: str) -> str:
        """Return a natural person's name; one that nobody expected is looked up."""
        if person and person not in self._persons:
            self._persons |= {person: ""} | people.names_of(self._unit, (person,))
        return self._persons.get(person, "")

    def carer(self, carer: str) -> str:
        """Return the name of a relative, host or body; within a case, a host that nobody expected is looked up."""
        if carer == HOME:
            return "rumah keluarga"
        if self._relatives and carer in self._relatives:
            return self._relatives[carer]
        if carer and self._relatives is not None and carer not in self._carers:
            self._carers[carer] = listing.host_named(self._unit, carer)
        return self._carers.get(carer, "")


NEEDED = (people.NAMED_IN_CASE, listing.HOSTS_OF_CASE, registers.BODIES)
"""What `names_for` asks."""


def names_for(unit: Unit, snapshot: Snapshot) -> Names:
    """Return the names that one case's view needs; relatives stay unnamed for somebody who may not know the family."""
    facts, case_id = snapshot.facts, snapshot.row.id
    unit.gather(*NEEDED, case_id=case_id)
    hidden = masks(facts.ask.capacities)
    relatives = {relative.id: "–" if hidden else relative.name for relative in facts.relatives}
    carers = {row.id: row.name for row in registers.all_bodies(unit)} | listing.hosts_of_case(unit, case_id)
    return Names(unit, persons=people.named_in_case(unit, case_id), relatives=relatives, carers=carers)
