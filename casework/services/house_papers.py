"""What somebody says about a house's papers in one go, kept as entries of the register: no paper stands there without its author."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from casework.ledger.event import Evidence
from casework.machines.facts import WITA
from casework.machines.register import Accreditation, AnyEntry, Dissemination, Licence, Policy, Waiver
from casework.store import house_entries
from casework.store.unit import Unit


def note_papers(unit: Unit, host_id: str, columns: Mapping[str, object], role: str) -> tuple[Evidence, ...]:
    """Add the entries of the papers among these columns, and return what the journal says of them."""
    said = tuple(_papers(columns, unit.call.at.astimezone(WITA).date()))
    return tuple(house_entries.add_entry(unit, host_id, entry, role=role) for entry in said)


def _papers(columns: Mapping[str, object], today: date) -> Iterator[AnyEntry]:
    def told(name: str) -> date | None:
        value = columns.get(name)
        return date.fromisoformat(str(value)) if value else None

    if until := told("licence_until"):
        number, issuer = (str(columns.get(name) or "") for name in ("licence_number", "licence_issuer"))
        yield Licence(number=number, issuer=issuer, valid_until=until)
    if until := told("accredited_until"):
        yield Accreditation(valid_until=until)
    if until := told("accreditation_waiver_until"):
        yield Waiver(valid_until=until)
    if dated := told("policy_dated"):
        yield Policy(dated=dated)
    if columns.get("policy_disseminated"):
        yield Dissemination(held_on=today, reached=("staff", "children"))
