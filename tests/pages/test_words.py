"""The demo town, read in Indonesian by everybody who can sign in: no page shows a code where it has words."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from casework.http.pages.rendering import in_words
from casework.machines.book import all_machines
from casework.settings import Settings
from tests.application import lent
from tests.house.test_captions import TABLES
from tests.pages.conftest import NOW, SITE, Visitor
from tests.pages.forms import Page
from tests.pages.serving import copy_of

MEANT = re.compile(r'<(p|span) class="code">.*?</\1>', re.DOTALL)
"""Where a page shows a refusal's code on purpose, beside its words."""
WORD = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
RULES = [machine.definition for machine in all_machines()]
LABELS = [*(state.label for rules in RULES for state in rules.states), *(row.label for rules in RULES for row in rules.transitions)]
SPOKEN = [words for table, _ in TABLES.values() for words in table.values()] + LABELS
LAWS = {word for rules in RULES for row in rules.transitions for law in row.law for word in WORD.findall(law.source.lower())}
SAID = {word for words in SPOKEN for word in WORD.findall(words.id.lower())}
PARTS = {code for rules in RULES for code in (*(state.name for state in rules.states), *(row.trigger for row in rules.transitions))}
CODES = ({code for _, codes in TABLES.values() for code in codes} | PARTS) - SAID - LAWS
"""Codes that are no word of any Indonesian text: `revoked`, `aftercare_visit`, not `supervisor` or `review`."""


@pytest.fixture(scope="module")
def demo(town_built: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient[Litestar], str]]:
    """The demonstration office, and the passphrase of its accounts."""
    built, passphrase = town_built
    file = copy_of(built, tmp_path_factory.mktemp("town"))
    with lent(Settings(database=str(file)), lambda: NOW) as app, TestClient(app, base_url=SITE) as client:
        yield client, passphrase


def shown(visitor: Visitor, starts: tuple[str, ...], follow: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield the address and the visible text of every page that can be reached by links that match."""
    waiting, seen = list(starts), {*starts}
    while waiting:
        address = waiting.pop()
        answer = visitor.open(address)
        if answer.status_code != 200:
            continue
        yield address, Page(MEANT.sub("", answer.text)).text
        found = {link.partition("#")[0] for link in Page(answer.text).links if follow.fullmatch(link.partition("#")[0])}
        waiting += sorted(found - seen)
        seen |= found


def raw(text: str) -> set[str]:
    """Return the codes that a text shows: a known one, or any word with an underscore."""
    words = {*WORD.findall(text.lower())}
    return (words & CODES) | {word for word in words if "_" in word}


def test_a_code_in_a_text_is_noticed() -> None:
    assert raw("Status tempat: revoked. Tugas 'aftercare_visit', oleh supervisor.") == {"revoked", "aftercare_visit"}
    assert {"plan", "suspended", "father", "submitted", "active", "kin"} <= CODES


def test_one_is_not_counted_as_many() -> None:
    counted = [in_words(language)["n"](many, "anak", "child", "children") for language in ("id", "en") for many in (0, 1, 2)]
    assert counted == ["0 anak", "1 anak", "2 anak", "0 children", "1 child", "2 children"]


CASE = r"/cases/\w{26}"
EVERYTHING = rf"{CASE}(/trail|/identity|/records/\w+|/papers/\w+)?|/hosts(/\w+)?|/decisions(/\w+)?|/trail|/cases/new"


@pytest.mark.parametrize(
    ("username", "follow"),
    [("sari", EVERYTHING), *((name, rf"{CASE}(/trail)?|/hosts/\w+|/decisions/\w+") for name in ("bambang", "yusuf", "halimah", "nadia"))],
)
def test_no_page_of_the_demo_shows_a_raw_code(demo: tuple[TestClient[Litestar], str], username: str, follow: str) -> None:
    client, passphrase = demo
    visitor = Visitor(client)
    assert visitor.open("/sign-in", method="POST", data={"username": username, "password": passphrase, "back": ""}).status_code == 303
    told = {
        address: raw(text) for address, text in shown(visitor, ("/work", "/cases", "/decisions", "/hosts", "/trail"), re.compile(follow))
    }
    assert len(told) > (100 if username == "sari" else 5)
    assert {address: codes for address, codes in told.items() if codes} == {}
