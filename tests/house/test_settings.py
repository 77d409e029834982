"""Settings are decoded strictly: what is not understood stops the program at start, and the place is named."""

import re
from datetime import date
from pathlib import Path

import msgspec
import pytest

from casework.errors import DefinitionError
from casework.machines.parameters import Parameters
from casework.settings import Installation, Settings, load
from tests.house.sources import ROOT

COMMENTED = re.compile(r"^# ([a-z_]+ = )", re.MULTILINE)


def test_the_first_run_needs_no_file(tmp_path: Path) -> None:
    assert load(None, {}) == Settings()
    assert load(tmp_path, {}) == Settings()


def test_the_files_we_ship_change_nothing() -> None:
    assert load(ROOT / "config", {}) == Settings()


def test_the_files_we_ship_show_every_key_with_its_default() -> None:
    written = COMMENTED.sub(r"\1", (ROOT / "config" / "casework.toml").read_text(encoding="utf-8"))
    shown = msgspec.toml.decode(written, type=Installation)
    assert shown.go_live is not None
    assert msgspec.structs.replace(shown, go_live=None) == Installation()
    assert set(msgspec.toml.decode(written)) == set(Installation.__struct_fields__)
    numbers = COMMENTED.sub(r"\1", (ROOT / "config" / "parameters.toml").read_text(encoding="utf-8"))
    assert msgspec.toml.decode(numbers, type=Parameters) == Parameters()
    assert set(msgspec.toml.decode(numbers)) == set(Parameters.__struct_fields__)


def test_what_is_written_is_in_force(tmp_path: Path) -> None:
    (tmp_path / "casework.toml").write_text('go_live = 2026-01-05\n[office]\ncase_prefix = "KTB"\n[http]\nport = 9000\n', encoding="utf-8")
    (tmp_path / "parameters.toml").write_text("review_first_days = 21\n", encoding="utf-8")
    settings = load(tmp_path, {})
    assert settings.go_live == date(2026, 1, 5)
    assert (settings.office.case_prefix, settings.http.port) == ("KTB", 9000)
    assert settings.parameters == msgspec.structs.replace(Parameters(), review_first_days=21)
    assert settings.parameters.digest != Parameters().digest


@pytest.mark.parametrize(
    ("file", "text", "place"),
    [
        ("casework.toml", "databse = 'x'", "databse"),
        ("casework.toml", "[office]\ncolour = 'red'", "$.office"),
        ("casework.toml", "[office]\nkind = 'bank'", "$.office.kind"),
        ("casework.toml", "[office]\ncase_prefix = 'kkr'", "$.office.case_prefix"),
        ("casework.toml", "[http]\nport = '8000'", "$.http.port"),
        ("casework.toml", "[http]\nport = 0", "$.http.port"),
        ("casework.toml", "go_live = '2026-01-05'", "$.go_live"),
        ("casework.toml", "language = 'jv'", "$.language"),
        ("casework.toml", "database = ''", "$.database"),
        ("casework.toml", "[parameters]\nplan_days = 1", "parameters"),
        ("casework.toml", "database = = 1", "line 1"),
        ("parameters.toml", "allow_everything = true", "allow_everything"),
        ("parameters.toml", "plan_days = 14.5", "$.plan_days"),
        ("parameters.toml", "plan_days = 0", "$.plan_days"),
        ("parameters.toml", "plan_days = '14'", "$.plan_days"),
        ("parameters.toml", "monitoring_visit_days = [3, 'x']", "$.monitoring_visit_days[1]"),
    ],
)
def test_a_wrong_key_or_value_stops_the_program_and_names_file_and_path(tmp_path: Path, file: str, text: str, place: str) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError, match=re.escape(place)) as stopped:
        load(tmp_path, {})
    assert str(tmp_path / file) in str(stopped.value)


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "casework.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(DefinitionError, match=r"casework\.toml"):
        load(tmp_path, {})


def test_the_environment_outranks_the_file_for_the_database(tmp_path: Path) -> None:
    (tmp_path / "casework.toml").write_text("database = 'office.sqlite3'", encoding="utf-8")
    assert load(tmp_path, {}).database_url == "sqlite:///office.sqlite3"
    assert load(tmp_path, {"CASEWORK_DATABASE": "postgresql+psycopg:///kukar"}).database_url == "postgresql+psycopg:///kukar"
    with pytest.raises(DefinitionError, match="CASEWORK_DATABASE"):
        load(tmp_path, {"CASEWORK_DATABASE": " "})
