"""Rules about the source itself: what no reviewer should have to look for."""

import ast
import re

import pytest

from tests.house.sources import PACKAGE, calls, modules, place, tree

BELOW_THE_ROOF = ("machines", "ledger", "store", "services")
CLOCKS = re.compile(
    r"(.*\.)?(now|utcnow|today|time_ns)|time\.(time|localtime|gmtime|ctime)|func\.(current_\w+|now|sysdate|clock_timestamp)"
)
SQL_CLOCKS = re.compile(
    r"\b(CURRENT_(TIMESTAMP|DATE|TIME)|clock_timestamp|statement_timestamp|unixepoch|julianday)\b|'now'|\bnow\(\)", re.IGNORECASE
)
COMMITS = re.compile(r"(.*\.)?commit")
COMMITTING = {
    "store/unit.py": "the unit of work itself",
    "store/store.py": "a unit that is carried out by itself, and the rules put in force",
    "store/pen.py": "the one commit of a batch of units on SQLite (store/writing.py)",
    "store/database.py": "the upgrade of the schema, before there can be a unit",
    "store/bare.py": "walls taken down before a seeding and built again after, when nobody may open the database",
    "store/seeding.py": "a batch of invented cases with its mark, in a database that nobody may open yet",
}
MOST_LINES = 400
LONGER = {
    "store/migrations/versions/0001_initial.py": "a migration is the schema as it was that day, written once and never split or edited",
    "machines/policy/rows.py": "every right stands in one table, as docs/policy.md prints it",
    "machines/care.py": "the whole care journey stands in one file, so that a supervisor can read the law in one place",
}


def clock_readings(module: ast.Module) -> list[int]:
    """Return the lines that ask what time it is, in Python or in SQL. Docstrings may speak of time."""
    asked = [call.lineno for name, call in calls(module) if CLOCKS.fullmatch(name)]
    imported = [node.lineno for node in ast.walk(module) if isinstance(node, ast.ImportFrom) and node.module == "time"]
    return sorted({*asked, *imported, *(node.lineno for node in _sql_texts(module) if SQL_CLOCKS.search(str(node.value)))})


def _sql_texts(module: ast.Module) -> list[ast.Constant]:
    spoken = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    return [node for node in ast.walk(module) if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken]


def commits(module: ast.Module) -> list[tuple[int, str]]:
    """Return the lines that commit, and what they commit."""
    return [(call.lineno, name.removesuffix(".commit")) for name, call in calls(module) if COMMITS.fullmatch(name)]


def texts_missing(module: ast.Module) -> list[int]:
    """Return the lines with a `Words` that lacks a language, or has an empty one."""
    missing = []
    for name, call in calls(module):
        if name.split(".")[-1] == "Words":
            given = [*call.args, *(keyword.value for keyword in call.keywords)]
            empty = [text for text in given if isinstance(text, ast.Constant) and not str(text.value).strip()]
            if len(given) != 2 or empty:
                missing.append(call.lineno)
    return missing


def test_below_the_roof_nobody_asks_what_time_it_is() -> None:
    assert [place(path, line) for path in modules(*BELOW_THE_ROOF) for line in clock_readings(tree(path))] == []


def test_only_the_unit_of_work_commits_the_database() -> None:
    found = {path.relative_to(PACKAGE).as_posix() for path in modules("store") if commits(tree(path))}
    assert found - set(COMMITTING) == set()
    assert set(COMMITTING) - found == set(), "an exception that is no longer needed"


def test_services_commit_nothing_but_their_unit_and_nobody_else_commits() -> None:
    outside = [path for path in modules() if "store" not in path.relative_to(PACKAGE).parts]
    found = [(path.relative_to(PACKAGE).parts[0], what, place(path, line)) for path in outside for line, what in commits(tree(path))]
    assert [where for floor, what, where in found if (floor, what) != ("services", "unit")] == []
    assert found, "services must commit, or this rule looks for the wrong thing"


def test_no_text_is_missing_in_indonesian_or_english() -> None:
    assert [place(path, line) for path in modules() for line in texts_missing(tree(path))] == []


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {path.relative_to(PACKAGE).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    long = {name for name, lines in lengths.items() if lines > MOST_LINES}
    assert long - set(LONGER) == set()
    assert set(LONGER) - long == set(), "an exception that is no longer needed"


def test_every_package_says_what_it_is_for() -> None:
    assert [str(path) for path in modules() if ast.get_docstring(tree(path)) is None] == []


@pytest.mark.parametrize(
    "source",
    [
        "datetime.now()",
        "datetime.datetime.now(UTC)",
        "date.today()",
        "datetime.utcnow()",
        "time.time()",
        "from time import time",
        "func.now()",
        "func.current_timestamp()",
        "text('SELECT CURRENT_TIMESTAMP')",
        "text(\"SELECT datetime('now')\")",
    ],
)
def test_the_clock_rule_finds(source: str) -> None:
    assert clock_readings(ast.parse(source)) == [1]


@pytest.mark.parametrize("source", ["facts.today", "'''Nobody asks now() here.'''", "case.due_at", "known(1)"])
def test_the_clock_rule_leaves_alone(source: str) -> None:
    assert clock_readings(ast.parse(source)) == []


@pytest.mark.parametrize("source", ["Words('ada', '')", "Words('ada')", "Words(id='', en='there')", "words.Words(' ', 'there')"])
def test_the_rule_about_texts_finds(source: str) -> None:
    assert texts_missing(ast.parse(source)) == [1]


def test_the_rule_about_commits_finds() -> None:
    assert commits(ast.parse("self._connection.commit()\nunit.commit()")) == [(1, "self._connection"), (2, "unit")]
