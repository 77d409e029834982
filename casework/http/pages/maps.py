"""The map of the journey and of every process beside it, as a picture and as a list; and one child's own map."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase
from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath
from markupsafe import Markup

from casework.errors import Law, NotFound
from casework.http.pages.rendering import Asked, language_of, page, public_page
from casework.http.session import call_of, store_of
from casework.machines.book import by_version, journey, newest_machines
from casework.machines.draw import HELD_WORDS, approvers, laws, occasions, proposers
from casework.machines.draw_map import Arrow, Taken, View, map_of
from casework.machines.effects import Start
from casework.machines.engine import HELD, Guard, Machine, Transition
from casework.machines.facts import WITA
from casework.machines.guards import placement_reserved
from casework.services.calendar import day
from casework.services.journey_map import Ahead, CaseMap, map_of_case
from casework.words import Language, Words

TITLE = Words("Peta: {machine}, tahap “{state}”", "Map: {machine}, state “{state}”")
DESCRIPTION = Words(
    "Setiap kotak adalah satu tahap dan sebuah tautan. Garis di kiri datang dari tahap sebelumnya, garis di kanan menuju tahap berikutnya. "
    "Nomor di garis adalah nomor langkah dalam daftar di halaman ini.",
    "Every box is a state, and a link. Lines on the left come from earlier states, lines on the right lead to the next. The numbers on "
    "them are those of the steps in the lists on this page.",
)
OF_A_CHILD = Words("Peta perjalanan anak ini, kini di tahap “{state}”", "The map of this child's journey, now in the state “{state}”")
OF_A_CHILD_DESCRIPTION = Words(
    "Garis bernomor di kiri adalah jalan yang sudah ditempuh. Garis di kanan adalah langkah dari tahap sekarang: yang utuh terbuka, yang "
    "putus-putus belum. Semuanya disebut juga dalam daftar di halaman ini.",
    "The numbered lines on the left are the path that was taken. The lines on the right are the steps out of the present state: whole "
    "where they are open, broken where they are not yet. The lists on this page tell the same.",
)
MADE_BY = Words("diajukan oleh", "proposed by")
APPROVED_BY = Words("disetujui oleh", "approved by")
BY_LAW = Words("dasar", "law")
OPENED = Words("didaftarkan {day}", "registered {day}")
ARRIVED = Words("{number}. {day}", "{number}. {day}")
OPEN, CLOSED = Words("terbuka", "open"), Words("belum terbuka", "not open yet")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One step in the list beside the map. `others` are the states at its other end."""

    mark: str
    label: Words
    others: tuple[tuple[str, Words], ...]
    by: str
    approvals: str
    occasions: str
    law: tuple[Law, ...]
    guards: tuple[Guard[Any], ...]


@get("/map")
async def journey_map_page(request: Asked) -> Response[Any]:
    """Show the journey: `?state=` chooses the state whose arrows are drawn."""
    return _map_page(request, journey())


@get("/map/{machine:str}")
async def machine_map_page(request: Asked, machine: FromPath[str]) -> Response[Any]:
    """Show one machine in the same manner. Raises NotFound."""
    known = newest_machines().get(machine)
    if known is None:
        raise NotFound("machine")
    return _map_page(request, known)


@get("/cases/{case_id:str}/map", sync_to_thread=True)
def case_map_page(request: Asked, case_id: FromPath[str]) -> Response[Any]:
    """Show one child's path, where the child is, and which steps are open and closed now."""
    found = map_of_case(store_of(request), call_of(request), case_id)
    marked = tuple(zip((*ascii_lowercase, *(f"a{letter}" for letter in ascii_lowercase)), found.ahead, strict=False))
    return page(
        request,
        "case_map.html",
        case=found,
        states=by_version()[found.machine, found.version].states,
        opened=tuple((mark, one.step) for mark, one in marked if _is_open(one)),
        closed=tuple((mark, one.step) for mark, one in marked if not _is_open(one)),
        drawing=Markup(_child_drawing(found, marked, language_of(request))),  # noqa: S704 - our own drawing, which escapes every text
    )


def _map_page(request: Asked, machine: Machine[Any]) -> Response[Any]:
    language, asked = language_of(request), request.query_params.get("state", "")
    here = asked if asked in machine.states else machine.definition.initial
    before, after = _lines(machine, here, language)
    label = machine.definition.label or Words(machine.definition.name, machine.definition.name)
    view = View(
        here=here,
        title=TITLE.to(language).format(machine=label.to(language), state=machine.states[here].label.to(language)),
        description=DESCRIPTION.to(language),
        before=tuple(_arrows(before, language, here=machine.states[here].label, leading_in=True)),
        after=tuple(_arrows(after, language, here=machine.states[here].label, leading_in=False)),
    )
    address = f"/map/{machine.definition.name}?state="
    return public_page(
        request,
        "map.html",
        machine=machine,
        machines=tuple(newest_machines().values()),
        state=machine.states[here],
        before=before,
        after=after,
        drawing=Markup(map_of(machine, language, view, lambda state: f"{address}{state}#map")),  # noqa: S704 - it escapes every text
    )


def _lines(machine: Machine[Any], here: str, language: Language) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return the steps that lead to a state, and those that lead on from it; the latter are numbered first."""
    leading: dict[str, tuple[Transition[Any], list[str]]] = {}
    leaving: dict[str, tuple[Transition[Any], list[str]]] = {}
    for arc in machine.arcs:
        row = machine.transition(arc.source, arc.trigger)
        if row is not None and arc.source == here:
            leaving.setdefault(arc.trigger, (row, []))[1].append(arc.dest)
        elif row is not None and (arc.dest == here or (arc.dest == HELD and _comes_back(machine, here, arc.source, row))):
            leading.setdefault(arc.trigger, (row, []))[1].append(arc.source)
    order = [row.trigger for row in machine.definition.transitions]
    numbered = enumerate([*_ordered(leaving, order), *_ordered(leading, order)], start=1)
    lines = [_line(str(number), row, machine, others, language) for number, (row, others) in numbered]
    return tuple(lines[len(leaving) :]), tuple(lines[: len(leaving)])


def _ordered(found: dict[str, tuple[Transition[Any], list[str]]], order: list[str]) -> list[tuple[Transition[Any], list[str]]]:
    return [found[trigger] for trigger in sorted(found, key=order.index)]


def _comes_back(machine: Machine[Any], here: str, source: str, row: Transition[Any]) -> bool:
    """Whether a return to the place that is held may lead here: one went there from here, and what must be held began here."""
    went = any(arc.source == here and arc.dest == source for arc in machine.arcs)
    must_be_held = any(guard.code == placement_reserved.code for guard in row.guards)
    began = any(isinstance(effect, Start) for each in machine.definition.transitions if each.dest == here for effect in each.effects)
    return went and (began or not must_be_held)


def _line(mark: str, row: Transition[Any], machine: Machine[Any], others: list[str], language: Language) -> Line:
    placed = sorted(others, key=[*machine.states, HELD].index)
    return Line(
        mark=mark,
        label=row.label,
        others=tuple((state, HELD_WORDS if state == HELD else machine.states[state].label) for state in placed),
        by=proposers(row, language),
        approvals=approvers(row, language) if row.approvals else "",
        occasions="" if machine.definition.about == "journey" else occasions(row, language),
        law=row.law,
        guards=row.guards,
    )


def _arrows(lines: tuple[Line, ...], language: Language, *, here: Words, leading_in: bool) -> Iterator[Arrow]:
    for line in lines:
        for state, label in line.others:
            source, dest = (label, here) if leading_in else (here, label)
            told = [f"{line.mark}. {line.label.to(language)}: {source.to(language)} → {dest.to(language)}"]
            told += [f"{MADE_BY.to(language)} {line.by}", *([f"{APPROVED_BY.to(language)} {line.approvals}"] if line.approvals else [])]
            told.append(f"{BY_LAW.to(language)} {'; '.join(law.to(language) for law in line.law)}")
            yield Arrow(line.mark, state, ", ".join(told))


def _child_drawing(found: CaseMap, marked: tuple[tuple[str, Ahead], ...], language: Language) -> str:
    machine = by_version()[found.machine, found.version]
    known = [one for one in found.taken if one.source in machine.states and one.dest in machine.states]
    notes = {machine.definition.initial: OPENED.to(language).format(day=day(found.opened_at.astimezone(WITA).date(), language))}
    for number, one in enumerate(known, start=1):
        notes[one.dest] = ARRIVED.to(language).format(number=number, day=day(one.at.astimezone(WITA).date(), language))
    view = View(
        here=found.state,
        title=OF_A_CHILD.to(language).format(state=found.label.to(language)),
        description=OF_A_CHILD_DESCRIPTION.to(language),
        after=tuple(_ahead(mark, one, machine, found.state, language) for mark, one in marked),
        taken=tuple(
            Taken(number, one.source, one.dest, f"{number}. {one.label.to(language)}, {day(one.at.astimezone(WITA).date(), language)}")
            for number, one in enumerate(known, start=1)
        ),
        notes=notes,
    )
    return map_of(machine, language, view, lambda state: f"/map/{found.machine}?state={state}#map")


def _ahead(mark: str, one: Ahead, machine: Machine[Any], state: str, language: Language) -> Arrow:
    row = machine.transition(state, one.step.trigger)
    how = OPEN if _is_open(one) else CLOSED
    told = [f"{mark}. {one.step.label.to(language)} → {one.step.dest.to(language)} ({how.to(language)})"]
    if row is not None:
        told.append(f"{MADE_BY.to(language)} {proposers(row, language)}")
        told += [f"{APPROVED_BY.to(language)} {approvers(row, language)}"] if row.approvals else []
        told.append(f"{BY_LAW.to(language)} {laws(row, language)}")
    return Arrow(mark, one.dest, ", ".join(told), "open" if _is_open(one) else "closed")


def _is_open(one: Ahead) -> bool:
    """Whether the case lacks nothing for the step: whoever looks, and whether or not it was approved yet."""
    return not one.step.missing
