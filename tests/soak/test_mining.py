"""The event log of a seeded office, replayed by a process-mining library that knows nothing of us: a falsified move does not fit."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from casework.cli import main
from casework.machines.care import CARE
from casework.store.publish import edges

XES = "{http://www.xes-standard.org/}"
CASES = int(os.environ.get("CASEWORK_SOAK_MINED", "300"))
MINING = os.environ.get("CASEWORK_MINING", "")
"""The interpreter that has the library (`make soak` says it)."""


def replayed(log: Path, net: Path) -> dict[str, float]:
    said = subprocess.run([MINING, Path(__file__).with_name("mining.py"), log, net], capture_output=True, text=True, check=True)
    told: dict[str, float] = json.loads(said.stdout.splitlines()[-1])
    return told


@pytest.fixture(scope="module")
def taken(tmp_path_factory: Any) -> tuple[Path, Path]:
    """A seeded office's log, and the journey's table as a net."""
    if not MINING:
        pytest.fail("CASEWORK_MINING names no interpreter: make soak")
    folder = tmp_path_factory.mktemp("mined")
    log, net = folder / "log.xes", folder / "net.json"
    environ = {"CASEWORK_DATABASE": str(folder / "many.sqlite3"), "CASEWORK_LANGUAGE": "en"}
    for arguments in (("seed", "--cases", str(CASES)), ("audit", "export", str(log), "--format", "xes")):
        said = CliRunner().invoke(main, [*arguments], env=environ, catch_exceptions=False)
        assert said.exit_code == 0, said.output
    arcs = sorted({(source, trigger, dest) for source, trigger, dest, *_ in edges(CARE)})
    net.write_text(json.dumps({"initial": CARE.definition.initial, "arcs": arcs}))
    return log, net


@pytest.mark.soak
def test_every_move_of_a_seeded_office_fits_the_net_of_the_journey(taken: tuple[Path, Path]) -> None:
    found = replayed(*taken)
    assert found["traces"] == CASES
    assert found["moves"] > CASES
    assert (found["fitness"], found["fitting"]) == (1.0, 100.0)


def left_out(trace: ET.Element, move: ET.Element) -> None:
    trace.remove(move)


def led_elsewhere(_trace: ET.Element, move: ET.Element) -> None:
    say(move, "casework:to", "aftercare")


def invented(_trace: ET.Element, move: ET.Element) -> None:
    say(move, "concept:name", "skip_everything")


def say(event: ET.Element, key: str, value: str) -> None:
    next(each for each in event if each.get("key") == key).set("value", value)


@pytest.mark.soak
@pytest.mark.parametrize("falsify", [left_out, led_elsewhere, invented])
def test_one_falsified_move_in_a_whole_log_is_seen(taken: tuple[Path, Path], tmp_path: Path, falsify: Any) -> None:
    log, net = taken
    told = ET.parse(log)  # noqa: S314 - our own
    planned = {"casework:kind": "moved", "casework:to": "care_planning"}
    trace, move = next(
        (trace, event)
        for trace in told.iter(f"{XES}trace")
        for event in trace.iter(f"{XES}event")
        if planned.items() <= {each.get("key", ""): each.get("value", "") for each in event}.items()
    )
    falsify(trace, move)
    told.write(tmp_path / "falsified.xes", encoding="utf-8", xml_declaration=True)
    found = replayed(tmp_path / "falsified.xes", net)
    assert found["fitness"] < 1.0
    assert found["fitting"] < 100
