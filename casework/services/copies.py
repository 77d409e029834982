"""The copy of everything that is held on a child, with the trail of who processed it, for who asked for it and may have it.

What would endanger somebody is left out, and the copy says so. What people wrote freely is not rewritten: whoever hands it over reads
it first.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from casework.errors import NotFound
from casework.machines import policy
from casework.machines.data_rights import APPLICANT_WORDS, Applicant
from casework.machines.facts import Placement
from casework.machines.forms import KINDS
from casework.machines.guards.standing import INSTITUTIONS
from casework.machines.refusals import role_words
from casework.services import captions, journals, readers
from casework.services.data_requests import held_for
from casework.services.journals import Entry
from casework.services.names import Names
from casework.services.processes import Made, made_of
from casework.services.proof import check_proof
from casework.services.seen import Seen, opening
from casework.services.sight import INCIDENT
from casework.store import attachments, cases, data_requests, people, placements, processes, readings, records, registers
from casework.store.call import Call
from casework.store.cases import CaseRow
from casework.store.store import Store
from casework.store.unit import MACHINES, Unit
from casework.words import Words

TERMINAL = "terminal"
WITHHELD = frozenset({"referrer", "referrer_contact", "child_location", "contact", "address", "phone"})
"""Answers of any form that say who reported, or where somebody lives."""
CONFIDENTIAL = {"F06": ("child",), INCIDENT: ()}
"""Forms that are told to nobody but these applicants: what the child said in confidence; who accused whom of what."""
LEFT_OUT = (
    Words(
        "siapa yang melapor atau mengadu, dan isi laporan insiden (F17)",
        "who reported or complained, and what reports of incidents (F17) say",
    ),
    Words("alamat, nomor telepon, dan tempat seseorang berada", "addresses, telephone numbers, and where somebody is"),
    Words("nama keluarga pengasuh dan rumah aman", "names of carers' families and safe houses"),
    Words("berkas kasus di kantor lain", "what other offices hold"),
    Words("gambar foto, yang dapat dilihat di kantor", "the pictures themselves, which can be looked at in the office"),
)
_OF_THE_CHILD = Words("pendapat anak (F06), yang disampaikan secara rahasia", "the child's own view (F06), told in confidence")


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """One signed record with its answers; `body` is None where it is left out."""

    form: str
    title: Words
    status: str
    dated: datetime
    role: Words
    body: dict[str, Any] | None


class Paper(msgspec.Struct, frozen=True):
    """One paper of the register."""

    title: Words
    number: str
    issuer: str
    issued_on: str


class Photograph(msgspec.Struct, frozen=True):
    """That there is a picture, of which kind, since when."""

    kind: str
    added_at: datetime


class Lived(msgspec.Struct, frozen=True):
    """Where the child was cared for, and how long. `carer` is "" where it is left out."""

    kind: Words
    carer: str
    started_at: datetime
    ended_at: datetime | None


class Beside(msgspec.Struct, frozen=True):
    """One process beside the journey, and its steps."""

    label: Words
    opened_at: datetime
    steps: tuple[Made, ...]


class Looked(msgspec.Struct, frozen=True):
    """One look at the file."""

    at: datetime
    person: str
    role: Words
    what: Words


class CaseCopy(msgspec.Struct, frozen=True, kw_only=True):
    """What one case holds, and its trail: what was done (`trail`), and who looked (`looks`).

    `named` says what an id in an answer stands for; whoever is not told stands for nothing there.
    """

    number: str
    named: dict[str, Words]
    state: Words
    opened_at: datetime
    records: tuple[Held, ...]
    papers: tuple[Paper, ...]
    photographs: tuple[Photograph, ...]
    placements: tuple[Lived, ...]
    processes: tuple[Beside, ...]
    trail: tuple[Entry, ...]
    looks: tuple[Looked, ...]


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that an office holds on a child. `case` is that in which it was asked for."""

    request: str
    case: str
    number: str
    office: str
    made_at: datetime
    applicant: Words
    left_out: tuple[Words, ...]
    child: dict[str, str | None]
    family: tuple[dict[str, str], ...]
    corrections: tuple[dict[str, str | None], ...]
    cases: tuple[CaseCopy, ...]


def take_copy(store: Store, call: Call, request: str) -> Copy:
    """Return the copy that was granted. Raises NotFound where none was, or for whoever may not take it, and ProofNeeded."""
    check_proof(call, "take_copy", store.params.proof_minutes)
    return _copy(store, call, request)


@opening("copy", lambda found, *_, **__: Seen(found.case))
def _copy(unit: Unit, request: str) -> Copy:
    unit.take_time()
    row = data_requests.decided_of(unit, request)
    case = cases.locked(unit, row.case_id)
    terminal = any(seat.office == TERMINAL for seat in unit.call.who.seats)
    if row.kind != "access" or not (terminal or policy.may(held_for(unit, case), "decide_data_request")):
        raise NotFound("copy")
    with unit.over_everything():
        known = cases.cases_by_id(unit, data_requests.cases_of_child(unit, case.child_id))
        ours = [one for one in known.values() if one.office_id == case.office_id]
        child = registers.get_child(unit, case.child_id)
        family = registers.relatives_of(unit, case.id)
        return Copy(
            request=row.id,
            case=case.id,
            number=case.number,
            office=people.office_name(unit, case.office_id),
            made_at=unit.call.at,
            applicant=APPLICANT_WORDS[msgspec.convert(row.applicant, Applicant)],
            left_out=LEFT_OUT if row.applicant == "child" else (*LEFT_OUT, _OF_THE_CHILD),
            child={name: getattr(child, name) for name in registers.ChildRow.__struct_fields__ if name != "id"},
            family=tuple({"name": one.name, "relation": one.relation, "religion": one.religion} for one in family),
            corrections=tuple(
                {"field": one.field, "old": one.old_value, "new": one.new_value, "asked_at": one.asked_at, "approved_at": one.approved_at}
                for one in registers.identity_changes_of(unit, case.child_id)
            ),
            cases=tuple(_case(unit, one, row.applicant) for one in sorted(ours, key=lambda one: one.id)),
        )


def _case(unit: Unit, case: CaseRow, applicant: str) -> CaseCopy:
    names = Names(unit)
    papers = records.papers_of(unit, case.id).values()
    return CaseCopy(
        number=case.number,
        named=dict(_named(unit, case)),
        state=MACHINES[case.machine, case.version].states[case.state].label,
        opened_at=case.opened_at,
        records=tuple(_record(one, applicant) for one in reversed(records.records_of(unit, case.id))),
        papers=tuple(Paper(captions.paper(one.kind), one.number, one.issuer, one.issued_on) for one in papers),
        photographs=tuple(Photograph(one.kind, one.added_at) for one in attachments.of_case(unit, case.id)),
        placements=tuple(_lived(unit, one) for one in placements.placements_of(unit, case) if one.case_id == case.id),
        processes=tuple(_beside(unit, case)),
        trail=journals.whole_of_case(unit, case, names),
        looks=tuple(_looks(unit, case, names)),
    )


def _named(unit: Unit, case: CaseRow) -> Iterator[tuple[str, Words]]:
    """Yield what answers name by id: the family, institutions and receiving bodies, records and papers. Whose family cares is not told."""
    public = (one for one in registers.all_hosts(unit) if one.kind in INSTITUTIONS)
    for one in (*registers.relatives_of(unit, case.id), *public, *registers.all_bodies(unit)):
        yield one.id, Words(one.name, one.name)
    for row in records.records_of(unit, case.id):
        title = KINDS[row.form].title
        yield row.id, Words(f"{row.form} {title.id}", f"{row.form} {title.en}")
    for paper in records.papers_of(unit, case.id).values():
        title = captions.paper(paper.kind)
        yield paper.id, Words(f"{title.id} {paper.number}", f"{title.en} {paper.number}")


def _lived(unit: Unit, one: Placement) -> Lived:
    """Return an episode; an institution is named, whose family cares for the child is not told."""
    host = registers.host_row(unit, one.host) if one.host else None
    carer = host.name if host is not None and host.kind in INSTITUTIONS else ""
    return Lived(captions.spoken(captions.PLACEMENTS, one.kind), carer, one.started_at, one.ended_at)


def _beside(unit: Unit, case: CaseRow) -> Iterator[Beside]:
    made = processes.steps_of_case(unit, case.id)
    for row in processes.of_case(unit, case.id):
        label = processes.machine_of(row).definition.label
        if label is not None and row.machine != "incident":
            yield Beside(label, row.opened_at, tuple(made_of(row, made[row.id])))


def _record(row: records.RecordRow, applicant: str) -> Held:
    kept = CONFIDENTIAL.get(row.form)
    body = None if kept is not None and applicant not in kept else _open_part(msgspec.to_builtins(row.body))
    return Held(form=row.form, title=KINDS[row.form].title, status=row.status, dated=row.dated, role=role_words(row.author_role), body=body)


def _open_part(answers: Any) -> Any:
    """Return answers without those that say who reported or where somebody lives."""
    if isinstance(answers, dict):
        return {name: None if name in WITHHELD and value else _open_part(value) for name, value in answers.items()}
    return [_open_part(one) for one in answers] if isinstance(answers, list) else answers


def _looks(unit: Unit, case: CaseRow, names: Names) -> Iterator[Looked]:
    concerned = readings.named(unit, case.id)
    if concerned is not None:
        for look in readers.looks_at(unit, concerned, names):
            yield Looked(look.at, look.person or look.account, look.role, look.what)
