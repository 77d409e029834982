"""Records and papers as people see them: lines in a list, and one record with its body."""

from __future__ import annotations

from datetime import datetime

import msgspec

from casework.errors import NotFound
from casework.machines.forms import KINDS, Form
from casework.machines.policy import may
from casework.machines.refusals import role_words
from casework.services import captions
from casework.services.children import initials
from casework.services.gist import about
from casework.services.names import Names
from casework.services.seen import Seen, opening
from casework.services.sight import UNNAMED, masks, may_know_author, may_open, may_supersede
from casework.store import cases, people, records, registers
from casework.store.facts import Snapshot
from casework.store.unit import Unit
from casework.words import Words


class RecordView(msgspec.Struct, frozen=True, kw_only=True):
    """A filed record as lists show it. `about` tells it from others of its form (`kin: Ahmad`).

    `author` is "" where this caller may not know who reported an incident. `opened` says whether this caller has a read receipt;
    `may_open` whether they may get one.
    """

    id: str
    form: str
    title: Words
    about: Words | None
    status: str
    round: int
    dated: datetime
    author: str
    author_role: Words
    verified_by: str
    countersigned_by: str
    supersedes: str
    opened: bool
    may_open: bool
    may_verify: bool = False


class PaperView(msgspec.Struct, frozen=True, kw_only=True):
    """A paper in the document register. It counts once a second person compared it with its original."""

    id: str
    kind: str
    title: Words
    number: str
    issuer: str
    issued_on: str
    attached_by: str
    compared_by: str
    opened: bool
    may_compare: bool = False


class RecordPage(msgspec.Struct, frozen=True, kw_only=True):
    """One record with its body. `case` and `number` say where it belongs; `version` what a writer saw.

    `may_print`: it is printed as an official paper, and this caller may know the child that stands on it.
    """

    case: str
    number: str
    child: str
    version: int
    record: RecordView
    body: Form
    digest: str
    may_correct: bool
    may_print: bool


def record_view(row: records.RecordRow, person: str, held: frozenset[str], names: Names, *, opened: bool) -> RecordView:
    """Return a record's line for a person with these capacities. What it is about is part of the story: for whoever may open it."""
    readable = may_open(held, row.form) or row.author == person
    named = may_know_author(held, row.form, own=row.author == person)
    return RecordView(
        id=row.id,
        form=row.form,
        title=KINDS[row.form].title,
        about=about(row.body, names.carer) if readable else None,
        status=row.status,
        round=row.round,
        dated=row.dated,
        author=names.person(row.author) if named else "",
        author_role=role_words(row.author_role) if named else UNNAMED,
        verified_by=names.person(row.verified_by or ""),
        countersigned_by=names.person(row.countersigned_by or ""),
        supersedes=row.supersedes or "",
        opened=opened,
        may_open=readable,
        may_verify=readable and may(held, "verify") and row.author != person and not row.verified_by and row.status != "void",
    )


def papers_of(unit: Unit, snapshot: Snapshot, names: Names, opened: frozenset[str]) -> tuple[PaperView, ...]:
    """Return the papers of a case, oldest first; to somebody who may not know the child, without their numbers."""
    person, hidden = unit.call.who.person, masks(snapshot.facts.ask.capacities)
    stored = records.papers_of(unit, snapshot.row.id)
    return tuple(
        PaperView(
            id=paper.id,
            kind=paper.kind,
            title=captions.paper(paper.kind),
            number="" if hidden else row.number,
            issuer="" if hidden else row.issuer,
            issued_on=row.issued_on,
            attached_by=names.person(paper.attached_by),
            compared_by=names.person(paper.compared_by or ""),
            opened=paper.id in opened,
            may_compare=may(snapshot.facts.ask.capacities, "compare") and not paper.compared_by and paper.attached_by != person,
        )
        for paper in snapshot.facts.documents
        for row in (stored[paper.id],)
    )


@opening("record", lambda _, case_id, record_id: Seen(case_id, (record_id,)))
def show_record(unit: Unit, case_id: str, record_id: str) -> RecordPage:
    """Return one record with its body. Raises NotFound when it is not of this case, or not for this caller's eyes.

    The roof notes the read receipt (`open_evidence`) before it answers with this.
    """
    case = cases.get_case(unit, case_id)
    row = records.get_record(unit, record_id)
    held = cases.capacities(unit, case)
    readable = may_open(held, row.form) or row.author == unit.call.who.person
    if row.case_id != case.id or not readable:
        raise NotFound("record")
    names = Names(unit, persons=people.names_of(unit, {p for p in (row.author, row.verified_by, row.countersigned_by) if p}))
    child = registers.get_child(unit, case.child_id)
    return RecordPage(
        case=case.id,
        number=case.number,
        child=initials(child.name) if masks(held) else child.name,
        version=case.seq,
        record=record_view(row, unit.call.who.person, held, names, opened=True),
        body=row.body,
        digest=row.digest,
        may_correct=row.status != "void" and _may_correct(held, row, own=row.author == unit.call.who.person),
        may_print=bool(KINDS[row.form].paper) and not masks(held),
    )


def _may_correct(held: frozenset[str], row: records.RecordRow, *, own: bool) -> bool:
    role = next((role for role in KINDS[row.form].signers if role in held), "")
    return bool(role) and may_supersede(held, role, row.form, own=own)
