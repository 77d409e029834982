"""The drawing says what the table says, to every reader, and the same each time."""

import re
from xml.etree import ElementTree as ET

import pytest

from casework.machines.care import CARE
from casework.machines.draw import mermaid, svg
from casework.machines.engine import HELD, SAME, Definition, State, Transition, compile_machine
from casework.machines.facts import Facts
from casework.machines.law import DESIGN
from casework.machines.refusals import role_words
from casework.words import Language, Words

SVG = "{http://www.w3.org/2000/svg}"
LANGUAGES: tuple[Language, ...] = ("id", "en")


def parsed(drawing: str) -> ET.Element:
    return ET.fromstring(drawing)  # noqa: S314 - our own drawing


def texts(drawing: str) -> str:
    return " ".join("".join(element.itertext()) for element in parsed(drawing).iter(f"{SVG}text"))


def lanes(drawing: str) -> list[ET.Element]:
    return [group for group in parsed(drawing).iter(f"{SVG}g") if group.get("class", "").startswith("lane")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_mermaid_draws_every_arc_and_no_other(language: Language) -> None:
    drawn = {tuple(arrow) for arrow in re.findall(r"^    (\w+) --> (\w+) :", mermaid(CARE, language), flags=re.MULTILINE)}
    assert drawn == {(arc.source, arc.dest.replace(HELD, "held")) for arc in CARE.arcs}
    assert len(re.findall(r" : ", mermaid(CARE, language))) == len(CARE.arcs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_arrow_of_mermaid_names_who_proposes_who_approves_and_the_law(language: Language) -> None:
    lines = mermaid(CARE, language).splitlines()
    for row in CARE.definition.transitions:
        mine = [line for line in lines if f" : {row.label.to(language).replace(':', ' –')} | " in line]
        assert mine, row.trigger
        for line in mine:
            assert all(role_words(role).to(language) in line for role in (*row.by, *(approval.role for approval in row.approvals)))
            assert all(source.to(language).replace(";", ",") in line for source in row.law)


def test_no_label_of_mermaid_holds_what_mermaid_reads_as_its_own() -> None:
    for line in mermaid(CARE, "id").splitlines():
        _, _, label = line.partition(" : ")
        assert not set(label) & set(':;#"<>')


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_legend_names_every_step_with_its_roles_and_law(language: Language) -> None:
    written = texts(svg(CARE, language))
    for state in CARE.definition.states:
        assert state.label.to(language) in written
    for row in CARE.definition.transitions:
        assert row.label.to(language) in written
        for words in " ".join(source.to(language) for source in row.law).split():
            assert words in written


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_drawing_can_be_heard(language: Language) -> None:
    drawing = parsed(svg(CARE, language))
    title, description = drawing.find(f"{SVG}title"), drawing.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert drawing.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    told = [lane.get("aria-label", "") for lane in lanes(svg(CARE, language))]
    assert [label.split(".")[0] for label in told] == [str(number) for number in range(1, 44)]
    for label, row in zip(told, CARE.definition.transitions, strict=True):
        assert row.label.to(language) in label
        assert all(CARE.states[arc.source].label.to(language) in label for arc in CARE.arcs if arc.trigger == row.trigger)


def test_each_lane_has_a_dot_for_each_state_it_starts_from() -> None:
    for lane, row in zip(lanes(svg(CARE, "id")), CARE.definition.transitions, strict=True):
        dots = [circle for circle in lane.iter(f"{SVG}circle") if circle.get("r") == "3.6"]
        assert len(dots) == sum(arc.trigger == row.trigger for arc in CARE.arcs)


def test_where_the_case_stands_and_what_is_possible_is_said_in_words_too() -> None:
    drawing = svg(CARE, "id", current="care_planning", possible=("place_with_kin",))
    assert "perencanaan pengasuhan (di sini)" in texts(drawing)
    assert "asuh oleh kerabat (dapat sekarang)" in texts(drawing)
    stepped_back = {lane.get("aria-label", "").split(".")[0] for lane in lanes(drawing) if lane.get("opacity")}
    leaving = CARE.triggers_from("care_planning")
    numbers = {row.trigger: str(number) for number, row in enumerate(CARE.definition.transitions, start=1)}
    assert stepped_back == {number for trigger, number in numbers.items() if trigger not in leaving}
    assert "(di sini)" not in texts(svg(CARE, "id"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_machine_is_drawn_the_same_each_time(language: Language) -> None:
    assert svg(CARE, language, possible=("reopen", "reassess")) == svg(CARE, language, possible=("reassess", "reopen"))
    assert mermaid(CARE, language) == mermaid(CARE, language)


def test_a_drawing_needs_no_style_sheet_and_no_colour_of_its_own() -> None:
    drawing = svg(CARE, "id", current="closed", possible=("reopen",))
    assert "style" not in drawing
    paints = {element.get(paint) for element in parsed(drawing).iter() for paint in ("fill", "stroke")}
    assert paints <= {None, "none", "currentColor", "var(--machine-accent, #0a7d5a)"}


def test_words_that_look_like_markup_stay_words() -> None:
    odd = Words('<b>"a" & b</b>', '<b>"a" & b</b>')
    machine = compile_machine(
        Definition[Facts](
            "odd", 1, "one", (State("one", odd), State("two", odd, kind="final")),
            (Transition("go", odd, ("one",), "two", law=(DESIGN,)), Transition("stay", odd, ("one",), SAME, law=(DESIGN,))),
        )
    )  # fmt: skip
    assert odd.id in texts(svg(machine, "id"))
    assert "<b>" not in mermaid(machine, "id")
