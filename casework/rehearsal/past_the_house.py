"""What happens beside any child's case in a rehearsal: complaints that pass the house, and entries of the register of LKS."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec

from casework.errors import CaseworkError, NotFound
from casework.ledger.event import Through
from casework.machines.complaint import COMPLAINT
from casework.machines.register import SHEETS
from casework.rehearsal import format as steps
from casework.rehearsal.cast import sheet
from casework.rehearsal.moments import token
from casework.rehearsal.play import Line, Play, codes_of
from casework.services import complaint_views, complaints, house_deadlines, house_entries
from casework.store.call import Call
from casework.words import Words

SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
CHILD = "Seorang anak"


def complain(play: Play, by: str, step: steps.Complain) -> None:
    """Tell the office something: as a child without an account, or to the worker who writes it down."""
    host = play.cast.hosts.get(step.host, "")
    told = complaints.Complaint(what=step.what, danger=step.danger, host=host, name=play.about.name)
    code = f"ABCD-EFGH-JKL{SIGNS[len(play.complaints)]}"
    if by:
        did = Words("menulis cerita anak", "writes down what the child told")
        written = complaints.WriteDown(told=told, code=code, number=play.look().number)
        play.complaints.append(play.act(by, did, complaints.write_down_complaint, written).id)
        return
    call = Call(who=complaints.PUBLIC, at=play.now, through=Through(key=f"latihan-{len(play.complaints)}-{play.case}"))
    play.now += timedelta(minutes=1)
    ask = complaints.Receive(told=told, code=code, address="anak")
    play.complaints.append(complaints.receive_complaint(play.store, call, ask).id)
    did = Words("bercerita lewat halaman pengaduan", "tells it on the complaint page")
    play.lines.append(Line(at=call.at, who=CHILD, role="reporter", did=did))


def link(play: Play, by: str, _step: steps.LinkComplaint) -> None:
    """Say that the newest complaint is about this child's case."""
    did = Words("menghubungkan pengaduan dengan kasus", "links the complaint to the case")
    ask = complaints.LinkComplaint(complaint=_newest(play), number=play.look().number)
    play.act(by, did, complaints.link_complaint, ask)


def move_complaint(play: Play, by: str, step: steps.MoveComplaint) -> None:
    """Ask for a step of the newest complaint."""
    label = next(row.label for row in COMPLAINT.definition.transitions if row.trigger == step.trigger)
    did = Words(f"meminta '{label.id}' – pengaduan", f"asks for '{label.en}' – complaint")
    record = play.records.get(step.record, "")
    ask = complaints.AdvanceComplaint(complaint=_newest(play), trigger=step.trigger, answer=step.answer, record=record)
    play.act(by, did, complaints.advance_complaint, ask)


def _newest(play: Play) -> str:
    if not play.complaints:
        raise NotFound("complaint")
    return play.complaints[-1]


def enter(play: Play, by: str, step: steps.Enter) -> None:
    """Add an entry to the register of LKS."""
    told = {key: token(value, play.now) or value if isinstance(value, str) else value for key, value in step.body.items()}
    entry: Any = msgspec.convert({"kind": step.kind, **told}, SHEETS[step.kind].entry, strict=False)
    label, name = SHEETS[step.kind].label, sheet().name_of(step.host)
    did = Words(f"mencatat '{label.id}' bagi {name}", f"enters '{label.en}' for {name}")
    play.act(by, did, house_entries.add_entry, house_entries.AddEntry(host=play.cast.hosts[step.host], entry=entry))


def complaint_state(play: Play, by: str) -> str:
    """Return how the newest complaint stands for somebody, `none` where there is none for them."""
    call = Call(who=play.who(by), at=play.now)
    try:
        return complaint_views.show_complaint(play.store, call, _newest(play)).state
    except CaseworkError as no:
        return "none" if codes_of(no) == {"not_found"} else str(no)


def houses_due(play: Play, by: str) -> dict[str, set[str]]:
    """Return what stands on the work list of somebody, by the key of the house."""
    keys = {host: key for key, host in play.cast.hosts.items()}
    found: dict[str, set[str]] = {}
    for one in house_deadlines.list_house_deadlines(play.store, Call(who=play.who(by), at=play.now)):
        found.setdefault(keys[one.host], set()).add(one.kind)
    return found
