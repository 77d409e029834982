"""Who is told the numbers, what a period is, what is taken out, and the rules that a seeded office does not happen to show."""

import csv
import io
from collections.abc import Callable
from datetime import UTC
from typing import Any

import msgspec
import pytest
from openpyxl import load_workbook

from casework.errors import Invalid, NotFound
from casework.ledger.event import decode_event
from casework.machines.facts import WITA
from casework.services import registers
from casework.services.calendar import day
from casework.services.numbers import catalogue, files
from casework.services.numbers.catalogue import HIDDEN, REPORTS, Sought, Table, show_choices, show_first_page, show_report, take_out
from casework.services.numbers.shape import percent, spell_of, spelled
from casework.services.numbers.sums import count_cells
from casework.services.registers import AddHost
from tests.services.story import Beginnings, Story
from tests.services.test_budget import counted, sqlite
from tests.services.test_reviews_of_the_trail import signed

TOLD = ("bambang", "yusuf", "nadia")


def report(story: Story, code: str, by: str = "yusuf", **asked: Any) -> Table:
    return show_report(story.store, story.call(by), code, Sought(**asked))


def lines(table: Table) -> dict[str, tuple[Any, ...]]:
    return {line.labels[0].en: line.cells for line in table.lines if any(line.cells)}


def test_who_leads_an_office_and_an_auditor_are_told_and_nobody_else(reported: Story) -> None:
    for by in TOLD:
        assert show_first_page(reported.store, reported.call(by), Sought()).first.figures
        assert report(reported, "R14", by).total is not None
    for by in ("sari", "iwan", "halimah", "anton", "wahyu", "dian"):
        for ask in (
            lambda call: show_first_page(reported.store, call, Sought()),
            lambda call: show_report(reported.store, call, "R1", Sought()),
            lambda call: show_choices(reported.store, call, "R1", Sought()),
            lambda call: take_out(reported.store, call, "R1", Sought(), public=True),
        ):
            with pytest.raises(NotFound):
                ask(reported.call(by))


def test_another_office_is_empty_and_is_not_told_of_this_one(reported: Story) -> None:
    office = reported.other_office()
    reported.enrol("jauh", "dinas_head", office)
    count_cells(reported.store, reported.now)
    for code in (one.code for one in REPORTS):
        assert not any(cell for cells in lines(report(reported, code, "jauh")).values() for cell in cells) or code in {"R2", "R13"}, code
    assert show_first_page(reported.store, reported.call("jauh"), Sought()).first.approvers == ()
    own = str(reported.row["office_id"])
    with pytest.raises(NotFound):
        report(reported, "R1", "jauh", office=own)
    with pytest.raises(NotFound):
        report(reported, "R1", "yusuf", office=office)
    with pytest.raises(NotFound):
        report(reported, "R99")


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "2026-13"},
        {"until": "kemarin"},
        {"since": "2026-02", "until": "2026-01"},
        {"since": "1999-01"},
        {"since": "2001-01", "until": "2009-01"},
    ],
)
def test_a_period_that_is_none_is_the_callers_mistake(reported: Story, asked: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        report(reported, "R6", **asked)


def test_a_registered_resident_is_no_entry_but_lives_there(tell: Callable[..., Story]) -> None:
    story = tell("reported", "institution_unverified")
    assert story.state == "institution_unverified"
    assert [line for line in report(story, "R6").lines if any(line.cells[:3])] == []
    (cells,) = lines(report(story, "R5")).values()
    assert cells[3] == 1
    assert sum(cells[0] for cells in lines(report(story, "R2")).values()) == 1


def test_the_regencys_own_institution_is_counted_with_the_others_and_is_no_lksa(reported: Story) -> None:
    own = AddHost(name="UPTD Contoh", kind="uptd", office_id=reported.play.cast.offices["dinas"], capacity=12, caregivers=3)
    host = reported.do(registers.add_host, "bambang", own).id
    assert lines(report(reported, "R2"))["UPTD Contoh"][:4] == (0, 12, 12, 3)
    told = {code: {line.labels[0].en for line in report(reported, code).lines} for code in ("R5", "R7", "R13")}
    assert {code for code, names in told.items() if "UPTD Contoh" in names} == {"R5", "R7"}
    assert host in dict(show_choices(reported.store, reported.call("yusuf"), "R7", Sought()).hosts)


def test_the_day_of_the_last_review_is_that_of_the_office(reported: Story) -> None:
    reported.later(hours=(3 - reported.now.astimezone(WITA).hour) % 24)
    assert reported.now.astimezone(UTC).date() != reported.now.astimezone(WITA).date()
    signed(reported)
    (last,) = (note for note in report(reported, "R16").notes if "signed off" in note.en)
    assert day(reported.now.astimezone(WITA).date(), "en") in last.en


def test_an_incident_is_told_with_the_next_count_and_not_before(accused: Story) -> None:
    assert report(accused, "R10").lines == ()
    assert "Never" in report(accused, "R10").notes[0].en
    count_cells(accused.store, accused.now)
    (told,) = lines(report(accused, "R10")).items()
    assert told[1][-1] == 1
    assert report(accused, "R10").at <= accused.now


def test_what_is_taken_out_is_an_entry_and_what_is_looked_at_is_none(resident: Story) -> None:
    before = len(resident.attempts("yusuf"))
    report(resident, "R5")
    assert len(resident.attempts("yusuf")) == before
    take_out(resident.store, resident.call("yusuf"), "R5", Sought(), public=False)
    take_out(resident.store, resident.call("yusuf"), "R5", Sought(), public=True)
    made = resident.attempts("yusuf")[before:]
    assert [(one.kind, one.reason_code, one.items) for one in made] == [
        ("exported", "numbers", (resident.row["office_id"],)),
        ("exported", "public_numbers", (resident.row["office_id"],)),
    ]


def test_in_public_a_child_alone_is_not_told_nor_what_is_made_of_it(resident: Story) -> None:
    open_, public = (
        report(resident, "R2"),
        show_report(resident.store, resident.call("yusuf"), "R2", Sought(district="64.02.06"), public=True),
    )
    assert any(line.cells[0] == 1 for line in open_.lines)
    assert public.sought.district == ""
    assert all(line.cells[0] == HIDDEN and line.cells[2] is None and line.cells[4] is None for line in public.lines)
    assert all(isinstance(line.cells[1], int) for line in public.lines)
    for one in REPORTS:
        if not one.public:
            with pytest.raises(NotFound):
                show_report(resident.store, resident.call("yusuf"), one.code, Sought(), public=True)


def test_files_hold_the_rows_of_the_page_and_no_cell_that_is_a_formula(resident: Story) -> None:
    table = report(resident, "R5")
    evil = msgspec.structs.replace(table.lines[0].labels[0], id="=HYPERLINK(1)", en="@SUM(A1)")
    table = msgspec.structs.replace(table, office="+kantor", lines=(catalogue.TableLine((evil,), table.lines[0].cells), *table.lines[1:]))
    rows = [*csv.reader(io.StringIO(files.as_csv(table, "id").decode("utf-8-sig")))]
    assert rows[4][:2] == ["'=HYPERLINK(1)", str(table.lines[0].cells[0])]
    assert rows[1][0] == "'+kantor"
    sheet = load_workbook(io.BytesIO(files.as_xlsx(table, "en")))[table.report]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert sheet.cell(5, 1).value == "@SUM(A1)"
    assert [cell.value for cell in sheet[5]][1:] == [*table.lines[0].cells]


def test_shares_round_halves_up_and_spans_are_told_coarsely_in_their_order() -> None:
    assert [percent(*one) for one in ((1, 2), (1, 8), (0, 3), (1, 0))] == [50, 13, 0, None]
    spans = (10, 60, 59 * 60, 3 * 3600, 30 * 3600, 5 * 86400, 400 * 86400)
    spells = [spell_of(seconds) for seconds in spans]
    assert spells == sorted(spells)
    assert [spelled(one).en for one in spells] == ["0 minutes", "1 minute", "59 minutes", "3 hours", "30 hours", "5 days", "400 days"]


def test_a_page_of_numbers_asks_little(beginnings: Beginnings) -> None:
    story = beginnings.story("reported")
    try:
        count_cells(story.store, story.now)
        for code in ("", *(one.code for one in REPORTS)):
            call = story.call("yusuf")
            with counted(story) as told:
                show_report(story.store, call, code, Sought()) if code else show_first_page(story.store, call, Sought())
                asked = told()
            assert len(asked) <= (14 if sqlite(story) else 13), (code, asked)
    finally:
        story.close()


def test_the_entry_of_a_file_is_read_back(resident: Story) -> None:
    take_out(resident.store, resident.call("nadia"), "R1", Sought(), public=True)
    body = resident.rows("SELECT body FROM actor_event WHERE kind = 'exported'")[-1][0]
    assert decode_event(bytes(body)).reason_code == "public_numbers"
