"""The picture of all machines says what their tables say: who brings about what in whom, and which tasks each asks for."""

import re
from xml.etree import ElementTree as ET

import pytest

from casework.machines.book import OPEN, links, newest_machines
from casework.machines.draw import PLAIN_DESCRIPTION, svg
from casework.machines.draw_all import asked_for, brought_about, mermaid_all, svg_all
from casework.machines.effects import Due, EachChild, Start, flattened
from casework.machines.engine import Machine
from casework.machines.facts import Facts
from casework.services.captions import task
from casework.words import Language

SVG = "{http://www.w3.org/2000/svg}"
LANGUAGES: tuple[Language, ...] = ("id", "en")
MACHINES = newest_machines()
PROCESSES = [machine for machine in MACHINES.values() if machine.definition.about != "journey"]


def texts(drawing: str) -> str:
    return " ".join("".join(element.itertext()) for element in ET.fromstring(drawing).iter(f"{SVG}text"))  # noqa: S314 - our own drawing


def test_every_link_between_machines_is_drawn_and_no_other() -> None:
    linked = {(cause[0], brought[0]) for cause, brought in links(MACHINES)}
    placed = {
        (name, "placement")
        for name, machine in MACHINES.items()
        if any(isinstance(effect, Start) for row in machine.definition.transitions for effect in row.effects)
    }
    drawn = {(each.source, each.dest) for each in brought_about(MACHINES)}
    assert drawn == linked | placed
    assert {tuple(pair) for pair in re.findall(r'^    (\w+) -- ".*" --> (\w+)$', mermaid_all(MACHINES, "en", task), re.MULTILINE)} == drawn


def test_what_is_brought_about_names_every_step_that_does() -> None:
    for (source, trigger), (dest, brought) in links(MACHINES):
        if OPEN in (trigger, brought):
            continue
        cause = next(row.label for row in MACHINES[source].definition.transitions if row.trigger == trigger)
        step = next(row.label for row in MACHINES[dest].definition.transitions if row.trigger == brought)
        assert any(
            (each.source, each.dest, each.step) == (source, dest, step) and cause in each.causes for each in brought_about(MACHINES)
        ), (trigger, brought)


def test_every_task_of_every_machine_is_told_with_its_time() -> None:
    told = {(each.machine, each.task, each.within, each.each) for each in asked_for(MACHINES)}
    for name, machine in MACHINES.items():
        rows = machine.definition.transitions
        for effect in flattened((*machine.definition.opening, *(effect for row in rows for effect in row.effects))):
            if isinstance(effect, Due):
                assert (name, effect.task, effect.within, False) in told
            elif isinstance(effect, EachChild):
                assert (name, effect.due.task, effect.due.within, True) in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_can_be_read_and_heard(language: Language) -> None:
    drawing = svg_all(MACHINES, language, task)
    picture = ET.fromstring(drawing)  # noqa: S314 - our own drawing
    lanes = [group.get("aria-label", "") for group in picture.iter(f"{SVG}g") if group.get("class") == "lane"]
    assert [label.split(".")[0] for label in lanes] == [str(number) for number, _ in enumerate(brought_about(MACHINES), start=1)]
    written = texts(drawing)
    for each in brought_about(MACHINES):
        assert all(word in written for word in each.step.to(language).split())
    for asked in asked_for(MACHINES):
        assert all(word in written for word in task(asked.task).to(language).split())
    assert picture.get("lang") == language
    assert picture.find(f"{SVG}desc") is not None
    assert "<style" not in drawing
    assert "style=" not in drawing


def test_no_name_of_a_machine_runs_into_the_lanes() -> None:
    for language in LANGUAGES:
        first = min(float(x) for x in re.findall(r'<line x1="([\d.]+)"[^>]*stroke-opacity="0.22"', svg_all(MACHINES, language, task)))
        for name in re.findall(r"</title>([^<]+ \(\d+ \w+\))</text>", svg_all(MACHINES, language, task)):
            assert 40 + len(name) * 7 <= first, name


def test_no_label_of_mermaid_holds_what_mermaid_reads_as_its_own() -> None:
    for line in mermaid_all(MACHINES, "id", task).splitlines()[1:]:
        label = line.split('"')[1].replace("<br/>", "").replace(f"{'tugas'}:", "")
        assert not set(label) & set(':;#"<>'), line


@pytest.mark.parametrize("machine", PROCESSES, ids=lambda machine: machine.definition.name)
def test_a_process_is_drawn_with_what_its_steps_happen_on_in_place_of_approvals(machine: Machine[Facts]) -> None:
    drawing = svg(machine, "en")
    assert "Happens on" in texts(drawing)
    assert "Approved by" not in texts(drawing)
    assert PLAIN_DESCRIPTION.en in drawing
    assert machine.definition.label is not None
    assert f'<title id="machine-title">{machine.definition.label.en.replace(chr(39), "&#x27;")}, v1</title>' in drawing
    for row in machine.definition.transitions:
        if row.on.startswith("signed:"):
            assert f"{row.on.removeprefix('signed:')} is signed".split()[0] in texts(drawing)
