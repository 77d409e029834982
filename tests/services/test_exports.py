"""What is taken out is the journal: byte for byte, no cell a formula, a log that other programs replay. That it was is an entry."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest
from click.testing import CliRunner

from casework.cli import main
from casework.errors import Invalid, NotFound, ProofNeeded
from casework.ledger.event import event_hash
from casework.ledger.export import Format, as_cell
from casework.machines.care import CARE
from casework.services import exports, filed, lists
from casework.services.exports import Export
from tests.services.story import Story
from tests.services.ways import ADMISSION

XES = "{http://www.xes-standard.org/}"


class Line(msgspec.Struct):
    case: str
    hash: str
    entry: msgspec.Raw


def taken(story: Story, by: str, chosen: Format, **said: Any) -> bytes:
    file = io.BytesIO()
    wanted = {"since": story.now - timedelta(days=900), "until": story.now + timedelta(days=1), **said}
    exports.export_trail(story.store, story.call(by), Export(format=chosen, **wanted), file)
    return file.getvalue()


def test_jsonl_holds_every_entry_byte_for_byte(admission: Story) -> None:
    lines = [msgspec.json.decode(line, type=Line) for line in taken(admission, "nadia", "jsonl").splitlines()]
    assert all(event_hash(bytes(line.entry)) == line.hash for line in lines)
    held = {row[0] for row in admission.rows("SELECT hash FROM event UNION ALL SELECT hash FROM actor_event")}
    assert {line.hash for line in lines} == held
    assert {line.case for line in lines} == {"", admission.row["number"]}


def test_csv_has_a_row_for_each_entry_and_no_cell_that_is_a_formula(admission: Story) -> None:
    told = taken(admission, "nadia", "csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(told)))
    assert len(rows) == sum(admission.count())
    moved = [row["trigger"] for row in rows if row["kind"] == "moved" and row["case"] == admission.row["number"]]
    assert moved == [entry.trigger for entry in admission.entries() if entry.kind == "moved"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    for formula in ("=1+1", "+1", "-1", "@A1", "\t=1", "\r=1"):
        assert as_cell(formula) == f"'{formula}"
    assert as_cell("admit_to_institution") == "admit_to_institution"


def attributes(element: ET.Element) -> dict[str, str]:
    return {each.get("key", ""): each.get("value", "") for each in element}


def test_the_event_log_is_a_trace_of_each_case_whose_moves_the_journey_allows(tell: Any) -> None:
    story = tell(*ADMISSION, "institutional_care")
    story.another_case()
    log = ET.fromstring(taken(story, "nadia", "xes"))  # noqa: S314 - our own
    assert log.tag == f"{XES}log"
    assert {each.get("prefix") for each in log.iter(f"{XES}extension")} == {"concept", "time", "org", "lifecycle"}
    traces = [[attributes(event) for event in trace.iter(f"{XES}event")] for trace in log.iter(f"{XES}trace")]
    assert len(traces) == 2
    assert sum(len(trace) for trace in traces) == story.count()[0]
    for trace in traces:
        state = trace[0]["casework:from"]
        for event in trace:
            assert event["casework:from"] == state
            state = event["casework:to"]
            if event["casework:kind"] == "moved":
                arcs = {(arc.source, arc.dest) for arc in CARE.arcs if arc.trigger == event["concept:name"]}
                assert (event["casework:from"], event["casework:to"]) in arcs
        moments = [event["time:timestamp"] for event in trace]
        assert moments == sorted(moments)


def test_no_name_is_taken_out(admission: Story) -> None:
    out = b"".join(taken(admission, "nadia", chosen) for chosen in ("jsonl", "csv", "xes")).lower()
    names = {name for table in ("child", "person", "relative", "host") for (name,) in admission.personal(table, "name")}
    assert not [name for name in names if name.lower().encode() in out]


def test_taking_out_is_an_entry_before_anything_is_taken_out(reported: Story) -> None:
    out = taken(reported, "nadia", "jsonl")
    entry = reported.attempts("nadia")[-1]
    assert (entry.kind, entry.reason_code, entry.actor.role) == ("exported", "jsonl", "auditor")
    (row,) = reported.rows("SELECT hash FROM actor_event WHERE kind = 'exported'")
    assert row["hash"].encode() in out


def test_whoever_reads_no_trail_takes_none_out(reported: Story) -> None:
    before = reported.count()
    for by in ("sari", "bambang", "halimah"):
        with pytest.raises(NotFound):
            taken(reported, by, "jsonl")
    assert reported.count() == before


def test_the_head_of_an_office_takes_out_what_is_of_it_and_nothing_else(reported: Story) -> None:
    office = reported.other_office()
    reported.enrol("lain", "social_worker", office)
    reported.enrol("lain_kepala", "dinas_head", office)
    lists.list_cases(reported.store, reported.call("lain"), named="Raka")
    theirs = [msgspec.json.decode(line, type=Line) for line in taken(reported, "lain_kepala", "jsonl").splitlines()]
    streams = {msgspec.json.decode(line.entry)["stream"] for line in theirs}
    assert streams == {f"actor:{reported.who(by).account}" for by in ("lain", "lain_kepala")}
    with pytest.raises(NotFound):
        taken(reported, "lain_kepala", "jsonl", office=reported.row["office_id"])
    assert taken(reported, "lain_kepala", "xes").count(b"<trace") == 0


def test_a_time_bounds_what_is_taken_out_and_so_does_what_a_page_can_bear(reported: Story) -> None:
    assert taken(reported, "nadia", "jsonl", since=reported.now + timedelta(hours=5)) == b""
    with pytest.raises(Invalid):
        taken(reported, "nadia", "csv", until=reported.now - timedelta(days=901))
    wanted = Export(format="csv", since=reported.now - timedelta(days=900), until=reported.now + timedelta(days=1))
    with pytest.raises(Invalid, match=r"since"):
        exports.export_trail(reported.store, reported.call("nadia"), wanted, io.BytesIO(), most=1)


def test_a_session_that_proved_itself_long_ago_is_asked_again(reported: Story) -> None:
    call = msgspec.structs.replace(reported.call("nadia"), proved_at=reported.now - timedelta(hours=2))
    wanted = Export(format="csv", since=reported.now - timedelta(days=900), until=reported.now + timedelta(days=1))
    with pytest.raises(ProofNeeded):
        exports.export_trail(reported.store, call, wanted, io.BytesIO())


def test_the_command_writes_a_whole_file(reported: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWORK_DATABASE", reported.database.target)
    monkeypatch.setenv("CASEWORK_LANGUAGE", "en")
    file = tmp_path / "log.xes"
    said = CliRunner().invoke(main, ["audit", "export", str(file), "--format", "xes"])
    assert (said.exit_code, said.output) == (0, f"{file}: {reported.count()[0]} entries.\n")
    log = ET.parse(file)  # noqa: S314 - our own
    assert len(list(log.iter(f"{XES}event"))) == reported.count()[0]
    assert [each.name for each in tmp_path.iterdir() if "xes" in each.name] == ["log.xes"]


def test_who_reported_an_incident_is_taken_out_of_what_is_taken_out(tell: Any) -> None:
    """In the case's stream the writer is left out, in a person's own what it was about: everybody who opened the report is told alike."""
    story = tell(*ADMISSION, "institutional_care")
    before = taken(story, "nadia", "jsonl").count(b"masked")
    report = story.sign("F17", "anton", type="physical", subject_household="harapan")
    for by in ("anton", "bambang"):
        filed.show_record(story.store, story.call(by), story.case, report)
    person, account = story.person("anton"), story.who("anton").account
    lines = [msgspec.json.decode(line) for line in taken(story, "nadia", "jsonl").splitlines()]
    masked = [line["entry"] for line in lines if line.get("masked")]
    own = [entry for entry in masked if entry["stream"].startswith("case:")]
    assert (before, len(own), {entry["actor"]["person"] for entry in own}) == (0, 1, {"confidential"})
    assert {entry["stream"] for entry in masked} - {own[0]["stream"]} == {f"actor:{story.who(by).account}" for by in ("anton", "bambang")}
    assert not [entry for entry in masked if report in entry.get("items", ()) and person in repr(entry)]
    about = [line for line in taken(story, "nadia", "csv").decode().splitlines() if report in line]
    assert about
    assert not [line for line in about if person in line or account in line]
    assert taken(story, "nadia", "xes").count(b'key="org:resource" value="confidential"') == 1
