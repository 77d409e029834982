"""The key of the search: made at its first use for its owner alone, never in the database, asked for by the program that serves."""

import os
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from casework.cli import main
from casework.errors import StoreMismatch
from casework.store import keys


def run(database: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env={"CASEWORK_DATABASE": str(database), "CASEWORK_LANGUAGE": "en"})


def test_the_key_is_made_at_its_first_use_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "search.key"
    key = keys.found_or_made(path)
    assert len(key) == keys.BYTES
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.found_or_made(path) == key
    assert os.listdir(tmp_path) == ["search.key"]  # noqa: PTH208 - hidden files too


def test_who_comes_at_once_gets_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as hands:
        assert len({*hands.map(keys.found_or_made, [tmp_path / "search.key"] * 32)}) == 1


@pytest.mark.parametrize("content", ["", "kunci", "00" * 31])
def test_a_spoilt_key_is_refused_and_left_alone(tmp_path: Path, content: str) -> None:
    path = tmp_path / "search.key"
    path.write_text(content)
    with pytest.raises(StoreMismatch, match="casework db reindex"):
        keys.found_or_made(path)
    assert path.read_text() == content


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreMismatch, match="permissions"):
        keys.found_or_made(tmp_path / "nowhere" / "search.key")


def test_the_key_stands_beside_the_file_unless_it_is_named() -> None:
    assert keys.path_for("a/b.sqlite3") == keys.path_for("sqlite:///a/b.sqlite3") == Path("a/b.sqlite3.search.key")
    assert keys.path_for("a/b.sqlite3", "c.key") == Path("c.key")
    assert keys.path_for("postgresql://casework_app@/casework") == Path("casework.search.key")
    assert keys.path_for(":memory:") is None


def test_what_is_hashed_differs_by_key_and_by_kind() -> None:
    one, two = b"1" * 32, b"2" * 32
    found = {keys.hashed(key, kind, "6402") for key in (one, two) for kind in ("gram", "nik", "kk")}
    assert len(found) == 6
    assert all(-(2**63) <= number < 2**63 for number in found)


def test_reindex_says_what_it_did_and_leaves_no_key_in_the_database(tmp_path: Path) -> None:
    file = tmp_path / "casework.sqlite3"
    assert run(file, "db", "upgrade").exit_code == 0
    for _ in range(2):
        answer = run(file, "db", "reindex")
        assert (answer.exit_code, "0 children can be found" in answer.output) == (0, True), answer.output
    key = Path(f"{file}.search.key").read_text().strip()
    with closing(sqlite3.connect(file)) as raw:
        (line,) = raw.execute("SELECT fingerprint, complete FROM search_key").fetchall()
        assert line == (keys.fingerprint(bytes.fromhex(key)), 1)
        assert key not in "\n".join(raw.iterdump())


def test_reindex_makes_no_database(tmp_path: Path) -> None:
    answer = run(tmp_path / "nowhere.sqlite3", "db", "reindex")
    assert (answer.exit_code, "casework db upgrade" in answer.output) == (2, True), answer.output
    assert not (tmp_path / "nowhere.sqlite3").exists()
