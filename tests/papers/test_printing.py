"""Every official paper in both languages: the same record gives the same bytes, and nothing that people wrote is read as anything else."""

import hashlib
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import typst

from casework.errors import DefinitionError
from casework.machines.forms import KINDS, Attempt, ContactVisit, Signature
from casework.papers import paper_number, printed
from casework.papers.printing import TEMPLATE, Sheet, sheet_of
from casework.papers.wording import PAPERS, RESULTS, RUNGS
from casework.services.official import Entered
from casework.settings import Papers, load
from casework.words import Language
from tests.papers.examples import CODES, HASH, SIGNED, TRIED, official

ROOT = Path(__file__).parents[2]
OFFICE = Papers()
LANGUAGES: tuple[Language, ...] = ("id", "en")
PNG = b"\x89PNG\r\n\x1a\n"
NASTY = (
    '#import "/etc/passwd": *',
    "*a* _b_ = c",
    "$x^2$ <label> @ref",
    "#{panic()}",
    ']) #read("paper.typ")',
    "`raw` // not a comment /* nor this",
    "{weekday} {0} {child.__class__}",
    "\\u{1F600} \\ # $ \" '",
)


def set_as_text(sheet: dict[str, Any]) -> str:
    """Return every text that the template sets in its tables, as typst itself says: what was read as markup is no text."""
    told = typst.query(
        TEMPLATE, "table", root=TEMPLATE.parent, ignore_system_fonts=True, sys_inputs={"paper": msgspec.json.encode(sheet).decode()}
    )
    return " ".join(texts(msgspec.json.decode(told)))


def texts(told: Any) -> list[str]:
    if isinstance(told, dict):
        own = [told["text"]] if isinstance(told.get("text"), str) else []
        return own + [text for name, value in told.items() if name != "text" for text in texts(value)]
    return [text for each in told for text in texts(each)] if isinstance(told, list) else []


def all_texts(sheet: Sheet) -> list[str]:
    def walk(told: Any) -> list[str]:
        if isinstance(told, dict):
            return [text for name, value in told.items() if name not in {"qr", "emblem", "lang"} for text in walk(value)]
        return [text for each in told for text in walk(each)] if isinstance(told, list | tuple) else [told] if isinstance(told, str) else []

    return walk(msgspec.to_builtins(sheet))


def test_every_paper_of_the_catalogue_has_its_wording() -> None:
    assert {*PAPERS} == {*CODES} == {"F09", "F10", "F11", "F12", "F13", "F14", "F15", "F16", "F18", "F27"}
    for code, wording in PAPERS.items():
        fields = {*KINDS[code].form.__struct_fields__}
        assert wording.leave_out | {name for name, _ in wording.signs} <= fields, code
        assert {wording.moment, wording.addressed} - {""} <= fields, code


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_every_paper_is_printed_in_both_languages_and_twice_the_same(code: str, language: Language) -> None:
    pdf = printed(official(code), OFFICE, language)
    assert pdf.startswith(b"%PDF-")
    assert b"/Pages" in pdf
    assert printed(official(code), OFFICE, language) == pdf
    assert printed(official(code), OFFICE, language, "png").startswith(PNG)
    assert len(pdf) < 100_000


@pytest.mark.parametrize("code", CODES)
def test_every_text_is_there_in_both_languages_and_no_code_is_shown(code: str) -> None:
    sheets = {language: sheet_of(official(code), OFFICE, language) for language in LANGUAGES}
    for sheet in sheets.values():
        said = " ".join(all_texts(sheet))
        assert "{" not in said
        assert re.findall(r"\b[a-z]+_[a-z_]+\b", re.sub(r"Penanda tangan \(\w+\)", "", said)) == []
        assert not [name for name in sheet.__struct_fields__ if getattr(sheet, name) == "" and name not in MAY_BE_EMPTY]
    indonesian, english = sheets["id"], sheets["en"]
    for name in ("title", "opening", "closing", "entered", "checking", "headings", "place_and_date", "number_label"):
        one, other = getattr(indonesian, name), getattr(english, name)
        assert one != other or name == "place_and_date", name
    assert [line.label for line in indonesian.lines] != [line.label for line in english.lines]
    assert len(indonesian.lines) == len(english.lines)


MAY_BE_EMPTY = {"emblem", "across", "addressed"}


def test_the_results_of_every_option_sheet_have_words_that_tell_no_story() -> None:
    codes = {str(value) for name in ("status", "code") for value in choices(name)} - {"", "ruled_out", "not_applicable"}
    assert codes == {*RESULTS}
    assert {one.rung for one in TRIED} == {*RUNGS}
    assert RESULTS["unsafe_substantiated"] == RESULTS["legally_barred"]


def choices(field: str) -> tuple[Any, ...]:
    known: Any = msgspec.inspect.type_info(KINDS["F05"].form)
    return next(tuple(each.type.values) for each in known.fields if each.name == field)


def test_a_fresh_process_elsewhere_prints_the_same_bytes(tmp_path: Path) -> None:
    program = "import sys; sys.path.insert(0, sys.argv[1])\nfrom tests.papers.test_printing import *\nprint(digest())"
    env = {**os.environ, "TZ": "America/New_York", "LANG": "C", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1"}
    there = subprocess.run([sys.executable, "-c", program, str(ROOT)], cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    assert there.stdout.strip() == digest()


def digest() -> str:
    return hashlib.sha256(b"".join(printed(official(code), OFFICE, "id") for code in ("F11", "F16"))).hexdigest()


def test_what_people_wrote_is_set_as_they_wrote_it() -> None:
    for name in NASTY:
        paper = official("F11", {"child_condition": name, "belongings": f"{name}\nbaris kedua"}, author=name)
        sheet = msgspec.to_builtins(sheet_of(msgspec.structs.replace(paper, called={"host-lksa": name}), OFFICE, "id"))
        said = set_as_text(sheet)
        assert said.count(name) == 2, name
        assert "baris kedua" in said
        assert name in sheet["opening"]
        assert printed(paper, OFFICE, "id").startswith(b"%PDF-"), name
    assert "a" in set_as_text(msgspec.to_builtins(sheet_of(official("F11", {"child_condition": "a"}), OFFICE, "id")))


def test_a_paper_is_fit_for_archives_and_for_readers_who_hear_it() -> None:
    pdf = printed(official("F11"), OFFICE, "id")
    assert b"pdfaid:part>2<" in pdf
    assert b"pdfuaid:part>1<" in pdf
    strange = printed(official("F11", {"child_condition": "\u4e2d\u6587 \U0001f600 \ue000 \uffff \u0639\u0644\u064a"}), OFFICE, "id")
    assert strange.startswith(b"%PDF-")
    assert b"pdfaid" not in strange, "a letter that no font draws: printed all the same"


def test_the_check_of_what_is_set_can_fail(tmp_path: Path) -> None:
    template = tmp_path / "careless.typ"
    template.write_text('#table([#eval(json(bytes(sys.inputs.paper)).name, mode: "markup")])', encoding="utf-8")
    told = typst.query(template, "table", root=tmp_path, ignore_system_fonts=True, sys_inputs={"paper": '{"name": "*a*"}'})
    assert "*a*" not in texts(msgspec.json.decode(told))


def test_long_answers_run_over_pages_and_every_page_says_which_it_is() -> None:
    text = "Kalimat yang panjang sekali tentang anak ini. " * 80
    visits = tuple(ContactVisit(SIGNED.date(), "visit", text[:300]) for _ in range(50))
    tracing = tuple(Attempt(SIGNED.date(), "phone", "x" * 400) for _ in range(20))
    body = {"family_assessment": text, "risks": "y" * 4000, "contact_visits": visits, "tracing": tracing}
    assert printed(official("F14", body), OFFICE, "id", "png", page=4).startswith(PNG)
    assert printed(official("F14", body), OFFICE, "en") == printed(official("F14", body), OFFICE, "en")


@pytest.mark.parametrize(
    ("case", "at", "number"),
    [
        ("KKR-2026-0147", SIGNED, "463.2/0147.12/BA/DINSOS/XI/2026"),
        ("KKR-2025-0147", SIGNED, "463.2/0147-2025.12/BA/DINSOS/XI/2026"),
        ("KKR-2026-0147", datetime(2026, 12, 31, 16, 30, tzinfo=UTC), "463.2/0147-2026.12/BA/DINSOS/I/2027"),
        ("KKR-2026-12345", datetime(2026, 1, 31, 15, 59, tzinfo=UTC), "463.2/12345.12/BA/DINSOS/I/2026"),
    ],
)
def test_a_paper_is_numbered_by_its_case_and_entry_on_the_day_in_wita(case: str, at: datetime, number: str) -> None:
    assert paper_number(OFFICE.number, "BA", case, Entered(12, HASH, at)) == number


def test_the_letterhead_is_the_offices_own(tmp_path: Path) -> None:
    emblem = tmp_path / "lambang.svg"
    emblem.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>', encoding="utf-8")
    written = (
        '[papers]\nletterhead = ["Pemerintah Kota Contoh", "Dinas Uji"]\naddress = "Jalan Contoh 1"\nplace = "Kota Contoh"\n'
        f'emblem = "{emblem}"\nnumber = "{{sequence}}-{{year}}"\nacknowledged_by = ""\n'
    )
    (tmp_path / "casework.toml").write_text(written, encoding="utf-8")
    office = load(tmp_path, {}).papers
    sheet = sheet_of(official("F11"), office, "id")
    assert (sheet.letterhead, sheet.address, sheet.number) == (("Pemerintah Kota Contoh", "Dinas Uji"), "Jalan Contoh 1", "0147.12-2026")
    assert sheet.place_and_date == "Kota Contoh, 21 November 2026"
    assert not [block for block in sheet.blocks if not block.name]
    assert sheet.emblem.startswith("<svg")
    assert printed(official("F11"), office, "id", "png") != printed(official("F11"), OFFICE, "id", "png")


@pytest.mark.parametrize(
    "wrong",
    [
        *('number = "{sequence}"', 'number = "{year}"', 'number = "{sequence}{year}{name}"', 'number = "{sequence!r}/{year}"'),
        *('number = "{sequence/{year}"', 'number = "{}/{sequence}/{year}"', "letterhead = []", 'emblem = "not-there.svg"', "colour = 1"),
    ],
)
def test_settings_that_number_nothing_stop_the_program(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "casework.toml").write_text(f"[papers]\n{wrong}\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match="papers"):
        load(tmp_path, {})


def test_nobody_signs_twice_and_the_writer_always_does() -> None:
    names = ("Hj. Siti Aminah", "Sari Wulandari, S.Tr.Sos.", "Pak RT")
    signatures = tuple(Signature(role, name) for role, name in zip(("lksa_head", "social_worker", "witness"), names, strict=True))  # type: ignore[arg-type]
    body = {"handed_over_by": "sari wulandari,  S.Tr.Sos.", "received_by": names[0], "signatures": signatures}
    blocks = sheet_of(official("F11", body), OFFICE, "id").blocks
    assert [(block.caption.partition(",")[0], block.under, block.officer) for block in blocks] == [
        ("Yang menyerahkan", "Pekerja sosial", True),
        ("Yang menerima", "Kepala LKSA", False),
        ("Saksi", "", False),
        ("Mengetahui", "", True),
    ]
    alone = sheet_of(official("F27", author="Dewi", author_role="lksa_staff"), OFFICE, "id").blocks
    assert [(block.name, block.officer) for block in alone] == [("Dewi", False)]
    assert [block.stamped for block in sheet_of(official("F09"), OFFICE, "id").blocks][:3] == [True, True, False]


def test_what_does_not_count_says_so_across_the_page_and_which_paper_does() -> None:
    later = Entered(20, "b" * 64, SIGNED + timedelta(days=1))
    old = sheet_of(official("F11", standing="superseded", replaced_by=later), OFFICE, "id")
    assert (old.across, old.marks) == ("DIGANTI", ("Sudah diganti oleh nomor 463.2/0147.20/BA/DINSOS/XI/2026 tanggal 22 November 2026.",))
    new = sheet_of(official("F11", entry=later, replaces=Entered(12, HASH, SIGNED)), OFFICE, "en")
    assert (new.across, new.marks) == ("", ("It supersedes number 463.2/0147.12/BA/DINSOS/XI/2026 of 21 November 2026.",))
    waiting = sheet_of(official("F16", standing="awaits"), OFFICE, "id")
    assert waiting.across == "BELUM DISAHKAN"
    done = sheet_of(official("F16", standing="countersigned", countersigned_by="Bambang", countersigned_at=later.at), OFFICE, "id")
    assert (done.across, done.marks, [block.name for block in done.blocks][-1]) == ("", (), "Bambang")
    assert "Disahkan oleh Bambang, 22 November 2026, 09.12 WITA." in done.entered


def test_minutes_say_that_the_family_came_first_only_where_every_rung_was_ruled_out() -> None:
    whole = sheet_of(official("F11"), OFFICE, "id").basis
    assert whole is not None
    assert "pilihan terakhir" in whole.text
    assert whole.table.rows[1] == ("Keluarga besar/kerabat", "13 November 2026", "Tidak bersedia")
    for tried in (TRIED[1:], (msgspec.structs.replace(TRIED[0], results=("open",)), *TRIED[1:])):
        some = sheet_of(official("F11", tried=tried), OFFICE, "id").basis
        assert some is not None
        assert "pilihan terakhir" not in some.text
    assert sheet_of(official("F11", tried=()), OFFICE, "id").basis is None


def test_reports_say_with_whom_the_child_lived_and_nothing_else_does() -> None:
    named = {code for code in CODES if "Tinggal di/bersama" in {line.label for line in sheet_of(official(code), OFFICE, "id").lines}}
    assert named == {"F15", "F16", "F27"}
    assert "Tinggal di/bersama" not in {line.label for line in sheet_of(official("F27", carer=""), OFFICE, "id").lines}
