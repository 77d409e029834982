"""A child's file as forms, papers and pictures are shown with it: who the child is, what was filed, and what can be named by its id."""

from __future__ import annotations

import msgspec

from casework.machines.policy import ACTIONS, Action, may
from casework.services import captions
from casework.services.attachments import AttachmentView, attachments_of
from casework.services.children import ChildView, child_view
from casework.services.filed import PaperView, RecordView, papers_of, record_view
from casework.services.names import NEEDED, Names, names_for
from casework.services.seen import Seen, opening
from casework.services.sight import is_errand, is_house, masks, may_open
from casework.store import cases, listing, records, registers
from casework.store.cases import CaseRow
from casework.store.facts import Snapshot, read_snapshot
from casework.store.unit import Unit
from casework.words import Words


class Named(msgspec.Struct, frozen=True):
    """Something chosen or shown by name. `kind` is a code of its register, `note` what tells it from its namesakes."""

    id: str
    name: str
    kind: str = ""
    note: Words | None = None


class Near(Named, frozen=True):
    """A place that may be chosen. `near` says how near it is to the child, by its place in `NEAR` (store/listing.py)."""

    near: int = 0


class ChildFile(msgspec.Struct, frozen=True, kw_only=True):
    """What is filed about a child, and what a form can name. `version` is what a writer must say they saw."""

    id: str
    number: str
    version: int
    child: ChildView
    capacities: tuple[str, ...]
    may: tuple[Action, ...]
    """What the policy lets this caller do with this case, of anything."""
    records: tuple[RecordView, ...]
    papers: tuple[PaperView, ...]
    attachments: tuple[AttachmentView, ...]
    relatives: tuple[Named, ...]
    hosts: tuple[Near, ...]
    bodies: tuple[Named, ...]


SHOWN = (cases.CASE, cases.HOSTS_CONCERNED, *NEEDED, records.OPENED_IN_CASE, listing.TO_CHOOSE)
"""What a file is shown from, asked with one statement: `case_id` and `person`."""


@opening("case", lambda view, *_, **__: Seen(view.id, role=min(view.capacities)))
def show_file(unit: Unit, case_id: str) -> ChildFile:
    """Return a child's file. It weighs no step and tells nothing of what happened: that is the child's own page. Raises NotFound."""
    unit.gather(*SHOWN, case_id=case_id, person=unit.call.who.person)
    snapshot = read_snapshot(unit, cases.get_case(unit, case_id))
    return file_of(unit, snapshot, names_for(unit, snapshot))


def file_of(unit: Unit, snapshot: Snapshot, names: Names) -> ChildFile:
    """Return the file of a case that was read."""
    case, held = snapshot.row, snapshot.facts.ask.capacities
    opened, hidden, errand = records.opened_by(unit, unit.call.who.person, case.id), masks(held), is_errand(held)
    return ChildFile(
        id=case.id,
        number=case.number,
        version=case.seq,
        child=child_view(registers.child_of_case(unit, case.id), unit.call.at, hidden=hidden),
        capacities=tuple(sorted(held)),
        may=tuple(action for action in ACTIONS if may(held, action)),
        records=_records(unit, case, held, names, opened),
        papers=() if errand else papers_of(unit, snapshot, names, opened),
        attachments=attachments_of(unit, case, held, names, opened),
        relatives=() if hidden else tuple(Named(r.id, r.name, r.relation, captions.degree(r.degree)) for r in snapshot.facts.relatives),
        hosts=_hosts(unit, case, held),
        bodies=() if errand else tuple(Named(row.id, row.name, row.kind) for row in registers.all_bodies(unit)),
    )


def _records(unit: Unit, case: CaseRow, held: frozenset[str], names: Names, opened: frozenset[str]) -> tuple[RecordView, ...]:
    return tuple(
        record_view(row, unit.call.who.person, held, names, opened=row.id in opened)
        for row in records.records_of(unit, case.id)
        if not is_house(held) or may_open(held, row.form) or row.author == unit.call.who.person
    )


def _hosts(unit: Unit, case: CaseRow, held: frozenset[str]) -> tuple[Near, ...]:
    if masks(held):
        return ()
    own = cases.own_hosts(unit, case) if is_house(held) else None
    return tuple(
        Near(host.id, host.name, host.kind, captions.host_status(host.status), host.near)
        for host in listing.hosts_to_choose(unit, case.id)
        if own is None or host.id in own
    )
