"""What a script says must make sense before it is played: people, hosts, forms, triggers, states and times that exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

import msgspec

from casework.errors import Fault
from casework.machines.book import OPEN, newest_machines
from casework.machines.care import CARE
from casework.machines.facts import WITA
from casework.machines.forms import KINDS
from casework.machines.register import SHEETS
from casework.rehearsal.bodies import complete, make_real
from casework.rehearsal.cast import sheet
from casework.rehearsal.format import (
    HOST_FIELDS,
    STAFF_FIELDS,
    AddKin,
    Answer,
    Clearance,
    DoTask,
    Enter,
    Expect,
    File,
    MoveComplaint,
    MoveProcess,
    Register,
    SetHost,
    SetStaff,
    Standing,
    Step,
    Story,
)
from casework.rehearsal.moments import EXAMPLES, moment
from casework.rehearsal.reading import unknown
from casework.services.captions import TASKS
from casework.words import Words

_SOME_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=WITA)
BESIDE = tuple(name for name, machine in newest_machines().items() if machine.definition.about == "case" and name != CARE.definition.name)
"""The machines of what goes on beside a case's journey."""
TOLD = (*BESIDE, "data_breach")
"""Those, and what belongs to the office: there `open` is its report."""
_PEOPLE = ("by", "to", "verified_by", "countersigned_by", "compared_by")
STARTS = "%Y-%m-%d %H:%M"


def faults(story: Story, steps: Iterable[tuple[str, Step]]) -> Iterator[Fault]:
    """Yield every word that names nothing, with the names there are."""
    yield from _world_faults(story)
    relatives: set[str] = set()
    for path, step in steps:
        if isinstance(step, AddKin):
            relatives.add(step.key)
        if step.child and step.child not in story.world.others:
            yield unknown(f"{path}.child", step.child, story.world.others)
        yield from _named(path, step, relatives)
        yield from _bodies(path, step, relatives)
        yield from _times(path, step)
        if isinstance(step, DoTask) and step.kind not in TASKS:
            yield unknown(f"{path}.kind", step.kind, TASKS)
        if isinstance(step, SetHost):
            yield from (unknown(f"{path}.set.{key}", key, HOST_FIELDS) for key in step.fields if key not in HOST_FIELDS)
        if isinstance(step, SetStaff):
            yield from (unknown(f"{path}.set.{key}", key, STAFF_FIELDS) for key in step.fields if key not in STAFF_FIELDS)
        if step.expect:
            yield from _expected(f"{path}.expect", step.expect)


def _expected(path: str, expect: Expect) -> Iterator[Fault]:
    """Yield the states that no machine has, and the hosts and members of staff that nobody is."""
    for field, told in (("complaint", expect.complaint), ("house_due", expect.house_due)):
        yield from (unknown(f"{path}.{field}.{who}", who, sheet().person) for who in told if who not in sheet().person)
    if expect.state and expect.state not in CARE.states:
        yield unknown(f"{path}.state", expect.state, CARE.states)
    for machine, state in expect.processes.items():
        if machine not in TOLD:
            yield unknown(f"{path}.processes.{machine}", machine, TOLD)
        elif state not in {*newest_machines()[machine].states, "none"}:
            yield unknown(f"{path}.processes.{machine}", state, {*newest_machines()[machine].states, "none"})
    for field, kinds in (("tasks", expect.tasks), ("no_tasks", expect.no_tasks)):
        yield from (unknown(f"{path}.{field}[{place}]", kind, TASKS) for place, kind in enumerate(kinds) if kind not in TASKS)
    staff = {name for host in sheet().host.values() for name in host.staff}
    for field, said, machine, names in (
        ("host_standing", expect.host_standing, "host", {*sheet().host}),
        ("clearance", expect.clearance, "staff", staff),
    ):
        for key, state in said.items():
            if key not in names:
                yield unknown(f"{path}.{field}.{key}", key, names)
            elif state not in newest_machines()[machine].states:
                yield unknown(f"{path}.{field}.{key}", state, newest_machines()[machine].states)


def _world_faults(story: Story) -> Iterator[Fault]:
    world = story.world
    if world.worker not in sheet().person:
        yield unknown("$.world.worker", world.worker, sheet().person)
    for path, written, form in (("$.world.start", world.start, STARTS), ("$.world.go_live", world.go_live, "%Y-%m-%d")):
        if not _reads(written, form):
            yield _no_time(path, written, "2026-03-02 09:00" if form == STARTS else "2026-03-02")
    for place, child in (("child", world.child), *((f"others.{key}", other) for key, other in world.others.items())):
        if child.born and not _reads(child.born, "%Y-%m-%d"):
            yield _no_time(f"$.world.{place}.born", child.born, "2014-05-10")


def _reads(written: str, form: str) -> bool:
    try:
        datetime.strptime(written, form).replace(tzinfo=WITA)
    except ValueError:
        return False
    return form == STARTS or bool(date.fromisoformat(written))


def _no_time(path: str, written: str, example: str) -> Fault:
    return Fault(path, Words(f"Bukan waktu: '{written}'. Contoh: {example}.", f"Not a time: '{written}'. Examples: {example}."))


def _named(path: str, step: Step, relatives: set[str]) -> Iterator[Fault]:
    people, hosts, bodies = sheet().person, sheet().host, sheet().body
    if isinstance(step, MoveProcess) and step.machine not in TOLD:
        yield unknown(f"{path}.machine", step.machine, TOLD)
        return
    machine = newest_machines()[step.machine] if isinstance(step, MoveProcess | Answer | Standing | Clearance | MoveComplaint) else CARE
    triggers = dict.fromkeys(
        (*(row.trigger for row in machine.definition.transitions), *([OPEN] if machine.definition.about == "office" else []))
    )
    choices: dict[str, Iterable[str]] = {
        **dict.fromkeys(_PEOPLE, people), "form": KINDS, "trigger": triggers, "host": hosts, "receiver": bodies, "relative": relatives,
    }  # fmt: skip
    for name, allowed in choices.items():
        said = getattr(step, name, "")
        if isinstance(said, str) and said and "{" not in said and said not in allowed:
            yield unknown(f"{path}.{name}", said, allowed)
    if isinstance(step, Enter):
        yield from _entry_faults(path, step)
    for place, said in enumerate(getattr(step, "approved_by", ())):
        if said not in people:
            yield unknown(f"{path}.approved_by[{place}]", said, people)
    if isinstance(step, SetStaff | Clearance) and step.host in hosts and step.person not in hosts[step.host].staff:
        yield unknown(f"{path}.person", step.person, hosts[step.host].staff)


def _entry_faults(path: str, step: Enter) -> Iterator[Fault]:
    """Yield a kind of entry that there is not, and fields that it has not."""
    if step.kind not in SHEETS:
        yield unknown(f"{path}.kind", step.kind, SHEETS)
        return
    fields = SHEETS[step.kind].entry.__struct_fields__
    yield from (unknown(f"{path}.with.{key}", key, fields) for key in step.body if key not in fields)


def _bodies(path: str, step: Step, relatives: set[str]) -> Iterator[Fault]:
    """Yield unknown fields, and keys in the body that are nobody's: of a host, a body, a relative entered before, `home` or `case`."""
    code = step.form if isinstance(step, File) else "F01"
    if not isinstance(step, File | Register) or code not in KINDS:
        return
    fields = {field.encode_name for field in msgspec.structs.fields(KINDS[code].form)}
    yield from (unknown(f"{path}.with.{key}", key, fields) for key in step.body if key not in fields)
    staff = {name for host in sheet().host.values() for name in host.staff}
    keys = {*sheet().host, *sheet().body, *relatives, *staff, "case"}
    found: list[Fault] = []

    def identify(place: str, key: str) -> str:
        if key not in keys:
            found.append(unknown(f"{path}.{place}", key, staff if "accused_staff" in place else {*keys, "home"}))
        return key

    make_real(code, complete(code, step.body), _SOME_DAY, identify)
    yield from found


def _times(path: str, step: Step) -> Iterator[Fault]:
    for name in ("at", "happened"):
        written = getattr(step, name, "")
        try:
            moment(written, _SOME_DAY)
        except ValueError:
            yield _no_time(f"{path}.{name}", written, EXAMPLES)
