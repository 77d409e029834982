"""What people see of cases: plain questions, answered in frozen Structs that the pages and the JSON interface share.

Nothing here decides anything. What a step still lacks comes from the same function that refuses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from casework.machines.facts import WITA
from casework.machines.forms import KINDS
from casework.machines.policy import may
from casework.machines.settling import FIELD_WORK
from casework.services import captions
from casework.services.areas import area_name
from casework.services.calendar import day
from casework.services.cases import BEYOND
from casework.services.child_file import SHOWN, ChildFile, Named, file_of
from casework.services.closing import AFTER_DEATH, died
from casework.services.due import horizon
from casework.services.journals import Chain, Entry, newest_of_case
from casework.services.ladder import Rung, ladder_of
from casework.services.names import Names, names_for
from casework.services.officers import OfficerView, officers_for
from casework.services.processes import ProcessView, processes_of
from casework.services.records import DONE_BY_HAND
from casework.services.seen import Seen, opening
from casework.services.sight import is_errand, is_house, masks, may_open, tasks_told
from casework.services.steps import Request, Step, request_view, steps_of
from casework.store import approvals, cases, field, listing, offers, people, records, registers, trail
from casework.store.cases import CaseRow
from casework.store.facts import ABOUT_A_CASE, Snapshot, read_snapshot
from casework.store.instants import to_text
from casework.store.unit import MACHINES, Unit
from casework.words import Words


class PlacementView(msgspec.Struct, frozen=True, kw_only=True):
    """One episode of care, with whom and how long."""

    kind: Words
    status: str
    status_words: Words
    carer: str
    started_at: datetime
    ended_at: datetime | None


class TaskView(msgspec.Struct, frozen=True, kw_only=True):
    """Something due. `overdue` as of now; `may_complete`: this caller may report it as done (no form and no step settles it).

    `asked_by` says which process of the case asks for it, None where none does; `far`: no work list looks so far ahead.
    `note` is why the case was assigned beyond a worker's limit, for those who assign; or what somebody was asked to do in the field
    (`asked_of`, in the district `where`), for them and for those who ask.
    """

    id: str
    kind: str
    words: Words
    asked_by: Words | None
    due_at: datetime
    overdue: bool
    far: bool
    settled_at: datetime | None = None
    may_complete: bool = False
    note: str = ""
    asked_of: str = ""
    where: str = ""


class OfferView(msgspec.Struct, frozen=True, kw_only=True):
    """A place asked of an institution in this round. `answer` is "", "accepted" or "declined"."""

    host: str
    host_name: str
    offered_at: datetime
    answer: str
    reason: str
    may_answer: bool


class CaseView(ChildFile, frozen=True, kw_only=True):
    """A case as one page shows it: the child's file and all that goes on. `rules` is the version of the journey that decides it."""

    rules: int
    state: str
    label: Words
    rung: int
    round: int
    opened_at: datetime
    entered_at: datetime
    worker: str
    office: str
    ladder: tuple[Rung, ...]
    steps: tuple[Step, ...]
    processes: tuple[ProcessView, ...]
    workers: tuple[Named, ...]
    officers: tuple[OfficerView, ...]
    """Who can be asked into the field, for those who may ask."""
    placements: tuple[PlacementView, ...]
    offers: tuple[OfferView, ...]
    requests: tuple[Request, ...]
    tasks: tuple[TaskView, ...]
    timeline: tuple[Entry, ...]
    """The newest entries; the journal has the older ones."""
    chain: Chain
    forms: tuple[str, ...]
    corrections: int | None
    """How many corrections of the identity wait; None for somebody whose business they are not."""


_SHOWN = (
    *SHOWN,
    trail.STREAM,
    records.TITLES,
    offers.OFFERS,
    registers.CORRECTIONS,
    listing.WORKERS,
    field.OFFICERS,
    field.HOUSE_DISTRICT,
)
_JUDGED = (*ABOUT_A_CASE, *registers.ABOUT_A_HOST, people.OF_HOUSES_BESIDE)
"""What a page shows of a case, and what its guards may see: each asked with one statement, the second whole, whoever asks."""


@opening("case", lambda view, *_, **__: Seen(view.id, role=min(view.capacities)))
def show_case(unit: Unit, case_id: str, chosen: captions.Chosen = captions.NOTHING) -> CaseView:
    """Return everything one page shows of a case. `chosen` names the step and subject to look at. Raises NotFound."""
    unit.gather(*_SHOWN, case_id=case_id, person=unit.call.who.person, now=to_text(unit.call.at))
    case = cases.get_case(unit, case_id)
    with unit.over_everything():
        unit.gather(*_JUDGED, case_id=case_id, host=chosen.subject.host)
    snapshot = read_snapshot(unit, case)
    held, names = snapshot.facts.ask.capacities, names_for(unit, snapshot)
    state = MACHINES[case.machine, case.version].states[case.state]
    timeline, chain = newest_of_case(unit, case, names)
    beside = processes_of(unit, snapshot, names)
    return CaseView(
        **msgspec.structs.asdict(file_of(unit, snapshot, names)),
        rules=case.version,
        state=case.state,
        label=state.label,
        rung=state.rung,
        round=case.round,
        opened_at=case.opened_at,
        entered_at=case.entered_at,
        worker=names.person(case.assigned_to or ""),
        office=case.office_id,
        ladder=() if is_errand(held) else ladder_of(snapshot, names),
        steps=() if is_errand(held) else steps_of(snapshot, names, chosen),
        processes=beside,
        workers=_workers(unit, case, held),
        officers=officers_for(unit, case) if may(held, "ask_field") else (),
        placements=_placements(snapshot, names),
        offers=_offers(unit, case, held, names),
        requests=tuple(request_view(one, snapshot, names) for one in snapshot.requests if _may_know(unit, held, one)),
        tasks=_tasks(unit, case, held, {one.id: one for one in beside}, names),
        timeline=timeline,
        chain=chain,
        forms=tuple(code for code in (sorted(AFTER_DEATH) if died(unit, case) else KINDS) if may(held, "sign", code)),
        corrections=_corrections(unit, case, held),
    )


def _corrections(unit: Unit, case: CaseRow, held: frozenset[str]) -> int | None:
    if not may(held, "read_identity"):
        return None
    return 0 if died(unit, case) else len(unit.ask(registers.CORRECTIONS, case_id=case.id))


def _may_know(unit: Unit, held: frozenset[str], request: approvals.RequestRow) -> bool:
    """An institution hears of no request about a record that it may not open, unless it asked itself; who is in the field, of none else."""
    about_record = request.trigger.startswith("countersign:")
    open_to = not about_record or may_open(held, request.trigger.removeprefix("countersign:"))
    return not is_house(held) or (open_to and not is_errand(held)) or request.requester == unit.call.who.person


def _workers(unit: Unit, case: CaseRow, held: frozenset[str]) -> tuple[Named, ...]:
    if not may(held, "assign"):
        return ()
    return tuple(Named(person, name) for person, name in listing.workers_of(unit, case.id))


def _placements(snapshot: Snapshot, names: Names) -> tuple[PlacementView, ...]:
    return tuple(
        PlacementView(
            kind=captions.PLACEMENTS.get(episode.kind, Words(episode.kind, episode.kind)),
            status=episode.status,
            status_words=captions.PLACEMENT_STATUS.get(episode.status, Words(episode.status, episode.status)),
            carer=names.carer(episode.carer),
            started_at=episode.started_at,
            ended_at=episode.ended_at,
        )
        for episode in reversed(snapshot.facts.placements)
    )


def _offers(unit: Unit, case: CaseRow, held: frozenset[str], names: Names) -> tuple[OfferView, ...]:
    mine = cases.own_hosts(unit, case)
    own = {seat.host for seat in unit.call.who.seats if seat.host and may((seat.role,), "answer_offer")}
    return tuple(
        OfferView(
            host=offer.host,
            host_name=names.carer(offer.host),
            offered_at=offer.offered_at,
            answer="" if offer.accepted is None else ("accepted" if offer.accepted else "declined"),
            reason="" if masks(held) else offer.reason,
            may_answer=offer.accepted is None and offer.host in own,
        )
        for offer in offers.offers_of(unit, case)
        if not is_house(held) or offer.host in mine
    )


def _tasks(unit: Unit, case: CaseRow, held: frozenset[str], beside: Mapping[str, ProcessView], names: Names) -> tuple[TaskView, ...]:
    """Return the tasks that the caller hears of. Which process asks for one, they hear where they hear of the process.

    Somebody who was asked into the field hears of nothing that others were asked.
    """
    told, until = tasks_told(held), horizon(unit)
    only = unit.call.who.person if is_errand(held) else ""
    return tuple(
        TaskView(
            id=task.id,
            kind=task.kind,
            words=captions.task(task.kind),
            asked_by=_asked_by(beside.get(task.process)),
            due_at=task.due_at,
            overdue=task.settled_at is None and task.due_at < unit.call.at,
            far=task.due_at > until,
            settled_at=task.settled_at,
            may_complete=task.settled_at is None and task.kind in DONE_BY_HAND and may(held, "complete_task", task.kind),
            note=_note(task, held, unit.call.who.person),
            asked_of=names.person(task.worker) if task.kind in FIELD_WORK else "",
            where=area_name(task.district) if task.district else "",
        )
        for task in approvals.tasks_of(unit, case.id)
        if (told is None or task.kind in told) and only in {"", task.worker}
    )


def _note(task: approvals.TaskRow, held: frozenset[str], person: str) -> str:
    asked = task.kind in FIELD_WORK and (may(held, "ask_field") or task.worker == person)
    shown = asked or (task.kind in BEYOND and may(held, "assign"))
    return (task.note or "") if shown and not masks(held) else ""


def _asked_by(process: ProcessView | None) -> Words | None:
    if process is None:
        return None
    label, on = process.label, process.opened_at.astimezone(WITA).date()
    about = f": {process.about}" if process.about else ""
    return Words(f"{label.id}{about}, sejak {day(on, 'id')}", f"{label.en}{about}, since {day(on, 'en')}")
