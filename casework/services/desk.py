"""The desk of a body that referrals go to (DOMAIN 2.9): it sees what F13 tells it, and answers with its own account.

What lies on a desk is what was sent to that body and goes on. The case, its number, its file and everything else of it stay where they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Annotated, Any

import msgspec

from casework.errors import Fault, Invalid, NotFound, StaleVersion
from casework.machines.engine import Ask
from casework.machines.forms import Referral
from casework.machines.forms.placement import Acceptance
from casework.machines.forms.reading import read
from casework.services.calendar import check_days
from casework.services.command import command, question
from casework.services.evidence import supersede_changed
from casework.services.keyset import PAGE, Page, cursor, position
from casework.services.network import Consequences, process_facts
from casework.services.processes import Made, ProcessStep, decided, made_of, step_of
from casework.services.seen import of_item, opening
from casework.store import cases, desk, journal, processes, records
from casework.store.call import RECEIVER_ROLES
from casework.store.cases import CaseRow
from casework.store.desk import Lying, Version
from casework.store.facts import read_snapshot
from casework.store.instants import to_text
from casework.store.processes import StepRow
from casework.store.unit import Unit
from casework.words import Words

ROLE = "province_officer"
ANSWERS: dict[str, tuple[str, ...]] = {"accept": ("name", "on", "terms"), "decline": ("reason",), "close_with_feedback": ("feedback",)}
"""What the receiver writes with a step: it becomes a version of F13 that the receiver signs."""
TOLD_WITH_IT = frozenset({"refusal_reasoned", "feedback_recorded"})
"""What a step lacks until it is asked for with its answer."""
ONWARD: dict[str, Words] = {
    "none": Words("tidak berpindah", "does not move"),
    "family": Words("keluarga", "family"),
    "kin": Words("keluarga besar", "kin"),
    "foster": Words("keluarga asuh", "foster family"),
    "service": Words("layanan", "a service"),
    "institution": Words("lembaga", "an institution"),
}
ASKED: dict[str, Words] = {
    "sent": Words("Catat tanda terima, lalu terima atau tolak", "Acknowledge it, then accept or decline"),
    "info_requested": Words("Tunggu keterangan dari pengirim", "Wait for what the sender was asked"),
    "acknowledged": Words("Terima atau tolak", "Accept or decline"),
    "unanswered": Words("Terima atau tolak: waktunya sudah lewat", "Accept or decline: the time for it has passed"),
    "accepted": Words("Mulai layanan", "Begin the service"),
    "in_service": Words("Catat bila layanan selesai", "Record when the service is completed"),
    "completed": Words("Tulis umpan balik untuk pengirim", "Write the feedback to the sender"),
}
"""What is asked of the receiver, by where a referral stands."""
FEEDBACK = "completed"
"""Where nothing but the feedback is left."""
_BEGINNING = ("", "")
Line = Annotated[str, msgspec.Meta(max_length=200)]
Note = Annotated[str, msgspec.Meta(max_length=1000)]


class AnswerReferral(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Make the receiver's step of a referral: who accepts, when and on what terms; why it declines; what became of the child."""

    referral: str
    trigger: str
    name: Line = ""
    on: Line = ""
    terms: Note = ""
    reason: Note = ""
    feedback: Note = ""


class Answered(msgspec.Struct, frozen=True):
    """What a receiver's step left. `on_desk`: it still lies there."""

    id: str
    version: int
    state: str
    on_desk: bool


class DeskLine(msgspec.Struct, frozen=True, kw_only=True):
    """A referral as its receiver's list shows it. `reply_by` is None where no answer is awaited, or its time has passed unused.

    `asked` says what is asked of the receiver now; `only_feedback`: the service is completed and nothing else is left.
    """

    id: str
    office: str
    sender: str
    need: str
    urgent: bool
    state: str
    state_label: Words
    asked: Words
    only_feedback: bool
    reply_by: datetime | None


class DeskStep(ProcessStep, frozen=True, kw_only=True):
    """A step that the receiver may ask for. `asks` are the fields that it writes with it."""

    asks: tuple[str, ...]


class DeskView(DeskLine, frozen=True, kw_only=True):
    """A referral as its receiver sees it: what F13 says for it, and what it can answer."""

    version: int
    consent: str
    shared: tuple[str, ...]
    onward: Words
    acceptance: Acceptance | None
    steps: tuple[DeskStep, ...]
    past: tuple[Made, ...]


@question
def list_referrals(unit: Unit, after: str = "") -> Page[DeskLine]:
    """Return what lies on the desk of the caller's body, the oldest first. Raises NotFound for who has none."""
    bodies = _bodies(unit)
    opened, last = position("desk", after, _BEGINNING)
    found = desk.on_desk(unit, bodies, (opened, last), PAGE + 1)
    shown = found[:PAGE]
    with unit.over_everything():
        forms = desk.newest_forms(unit, [each.row for each in shown])
    more = cursor("desk", to_text(shown[-1].row.opened_at), shown[-1].row.id) if len(found) > PAGE else ""
    named = ((each, _addressed(each, forms.get(each.row.id))) for each in shown)
    return Page(tuple(DeskLine(**_line(each, form)) for each, form in named if form is not None), more)


@opening("referral", of_item)
def show_referral(unit: Unit, referral: str) -> DeskView:
    """Return one referral of the caller's desk. Raises NotFound for any other, whoever's it is."""
    lying, form, version = _lying(unit, referral)
    with unit.over_everything():
        case = cases.cases_by_id(unit, [lying.row.case_id or ""])[lying.row.case_id or ""]
        snapshot = read_snapshot(unit, case)
    facts = process_facts(snapshot, lying.row, Ask(unit.call.who.person, RECEIVER_ROLES))
    outlooks = processes.machine_of(lying.row).explain(lying.row.state, facts)
    return DeskView(
        **_line(lying, form),
        version=_version(lying, version),
        consent=form.consent,
        shared=form.shared,
        onward=ONWARD[form.onward_setting],
        acceptance=form.acceptance,
        steps=tuple(_steps(step_of(lying.row, outlook) for outlook in outlooks if ROLE in outlook.transition.by)),
        past=tuple(made_of(lying.row, _since_sent(unit, lying))),
    )


@command(Answered)
def answer_referral(unit: Unit, ask: AnswerReferral) -> Answered:
    """Make a step as the receiver, in the case's journal. Its words are a version of F13 that the receiver signs.

    What is read before the case is locked only says which case that is.
    """
    case = cases.locked(unit, _lying(unit, ask.referral)[0].row.case_id or "")
    lying, form, version = _lying(unit, ask.referral)
    if unit.call.seen is not None and unit.call.seen != _version(lying, version):
        msg = "the referral has changed since you looked at it"
        raise StaleVersion(msg, current=_version(lying, version))
    answer = _written(ask, form)
    signed = _sign(unit, case, answer, version) if answer is not None else ""
    brought = Consequences(unit, case)
    decided(lying.row, ask.trigger, brought.facts_about(lying.row, RECEIVER_ROLES))
    after = brought.make(lying.row, ask.trigger)
    case = journal.append(
        unit,
        case,
        "record_signed" if signed else "process_moved",
        ROLE,
        items=(signed, version.id) if signed else (),
        evidence=records.commitments(unit, case.id, (signed,)) if signed else (),
        effects=tuple(brought.words),
        steps=tuple(brought.steps),
    )
    brought.follow(f"case:{case.id}#{case.seq}")
    supersede_changed(unit, case)
    goes_on = processes.machine_of(after).states[after.state].kind != "final"
    return Answered(after.id, after.steps + version.number + bool(signed), after.state, goes_on)


def _bodies(unit: Unit) -> frozenset[str]:
    """Return the bodies whose desk is the caller's. Raises NotFound for who has none: there is no desk for them."""
    found = frozenset(seat.body for seat in unit.call.who.seats if seat.body and seat.role in RECEIVER_ROLES)
    if not found:
        raise NotFound("referral")
    return found


def _lying(unit: Unit, referral: str) -> tuple[Lying, Referral, Version]:
    """Return a referral of the caller's desk with its form. Raises NotFound: also where a newer form names another receiver."""
    lying = desk.one_on_desk(unit, _bodies(unit), referral)
    if lying is None:
        raise NotFound("referral")
    with unit.over_everything():
        version = desk.newest_forms(unit, [lying.row]).get(lying.row.id)
    form = _addressed(lying, version)
    if form is None or version is None:
        raise NotFound("referral")
    return lying, form, version


def _addressed(lying: Lying, version: Version | None) -> Referral | None:
    """Return the form if it asks the body on whose desk the referral lies: who is asked, the form says, not the row."""
    form = version.body if version is not None else None
    return form if isinstance(form, Referral) and form.receiver == lying.row.body_id else None


def _version(lying: Lying, form: Version) -> int:
    """Return what grows with every step and with every version of the form: what the receiver saw."""
    return lying.row.steps + form.number


def _line(lying: Lying, form: Referral) -> dict[str, Any]:
    row = lying.row
    return {
        "id": row.id,
        "office": lying.office,
        "sender": form.sender,
        "need": form.need,
        "urgent": form.urgency == "urgent",
        "state": row.state,
        "state_label": processes.machine_of(row).states[row.state].label,
        "asked": ASKED[row.state],
        "only_feedback": row.state == FEEDBACK,
        "reply_by": row.wakes_at,
    }


def _steps(steps: Iterable[ProcessStep]) -> Iterator[DeskStep]:
    for step in steps:
        missing = tuple(reason for reason in step.missing if reason.code not in TOLD_WITH_IT)
        told = {**msgspec.structs.asdict(step), "missing": missing, "possible": not missing}
        yield DeskStep(**told, asks=ANSWERS.get(step.trigger, ()))


def _since_sent(unit: Unit, lying: Lying) -> list[StepRow]:
    """Return the steps since the referral was last sent: what came before, another body may have been asked."""
    made = processes.steps_of(unit, lying.row.id)
    sent = max((place for place, step in enumerate(made) if step.trigger == "send"), default=0)
    return [*made[sent:]]


def _written(ask: AnswerReferral, form: Referral) -> Referral | None:
    """Return the form with the receiver's answer in it, or None for a step without words. Raises Invalid with every field that lacks."""
    wanted = ANSWERS.get(ask.trigger, ())
    required = Words("Wajib diisi.", "This is required.")
    blank = tuple(Fault(f"$.{name}", required) for name in wanted if not getattr(ask, name).strip())
    if blank:
        raise Invalid(*blank)
    if ask.trigger == "accept":
        check_days(on=ask.on)
        yes = Acceptance(name=ask.name.strip(), on=date.fromisoformat(ask.on), terms=ask.terms.strip())
        return msgspec.structs.replace(form, acceptance=yes, refusal_reason="")
    if ask.trigger == "decline":
        return msgspec.structs.replace(form, acceptance=None, refusal_reason=ask.reason.strip())
    return msgspec.structs.replace(form, feedback=ask.feedback.strip()) if wanted else None


def _sign(unit: Unit, case: CaseRow, answer: Referral, former: Version) -> str:
    """Sign the answer as the version that follows, and return its id."""
    records.set_void(unit, former.id)
    return records.add_record(unit, case, "F13", read(Referral, msgspec.to_builtins(answer)), role=ROLE, supersedes=former.id).id
