"""Words planted in everything personal of a case: no answer, page, header or log line brings one to somebody who may not see the case.

Every address of the interface and of the pages is asked, by people of every kind of no; on both engines.
"""

import io
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from casework.services import breaches
from casework.services.breaches import ReportBreach
from casework.settings import Settings
from casework.store.limits import Limits
from tests.application import lent
from tests.databases import Databases, held, wreck
from tests.http.conftest import HOME, Somebody
from tests.http.policy_world import NOWHERE, World, same
from tests.http.test_foreign_ids import TABLES, example_of, filled
from tests.services.canaries import MARK, NIK, Flock, plant
from tests.services.story import SEARCH_KEY, beginnings_on
from tests.services.ways import ADMISSION

CHILD = {"name": f"{MARK}900q Rahmat", "mother_name": f"{MARK}901q", "father_name": f"{MARK}902q", "born_place": f"{MARK}903q"}
STRANGERS = ("lain", "fauzan", "atun", "")
"""Worker of another office, head of another house, administrator, nobody at all."""
MASKED = "nadia"
"""An auditor: the case is there, its story is not."""
PLACES = {
    **TABLES,
    "paper_id": TABLES["document_id"],
    "review_id": "SELECT id FROM trail_review WHERE ? <> ''",
    "account_id": "SELECT id FROM account WHERE ? <> ''",
    "office_id": "SELECT id FROM office WHERE ? <> ''",
    "seat_id": "SELECT id FROM assignment WHERE ? <> ''",
}
SEARCHES = ("/api/cases?named={}", "/cases?named={}", "/cases?q={}", "/api/hosts?named={}", "/api/complaints?named={}", "/trail?case={}")
"""Where words are looked for. The register of children answers across offices, by its design (decision 0027)."""
OWN = ("/sign-out", "/account", "/api/sessions", "/sign-in", "/api/passkeys", "/invitation")
"""What concerns whoever asks: it would end the session, or counts what is guessed."""


@pytest.fixture(scope="module")
def world(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A case ready for admission with a word of its own in every field, and everybody who has nothing to do with it."""
    story = beginnings_on(databases).story(*ADMISSION, child=CHILD)
    story.enrol("lain", "social_worker", story.other_office())
    story.enrol("atun", "admin")
    plant(story, Flock(), "kasih", "markus")
    story.wish("admit_to_institution", host="harapan")
    story.do(breaches.report_breach, "dian", ReportBreach())
    key = tmp_path_factory.mktemp("keys") / "search.key"
    key.write_text(SEARCH_KEY.hex() + "\n", encoding="ascii")
    settings = Settings(database=story.database.target, search_key=str(key), limits=Limits(lock_seconds=0.2, pool_seconds=0.2))
    with lent(settings, lambda: story.now) as app, TestClient(app, base_url=HOME, raise_server_exceptions=False) as client:
        yield World(story, client)
    story.close()


@pytest.fixture(scope="module")
def ids(world: World) -> dict[str, str]:
    found = {name: world.story.rows(query, world.case) for name, query in PLACES.items()}
    return {name: str(rows[0][0]) for name, rows in found.items() if rows} | {"code": "F03"}


def addresses(world: World) -> Iterator[tuple[str, str, Any]]:
    """Yield method, address and an example of a body of everything that may be asked for."""
    for route in world.client.app.routes:
        if isinstance(route, HTTPRoute) and not route.path_format.startswith((*OWN, "/static", "/api/docs", "/api/openapi")):
            for method, (handler, _) in route.route_handler_map.items():
                if method != "OPTIONS":
                    yield method, route.path_format, example_of(handler)


def ask(world: World, by: str, method: str, path: str, body: Any = None) -> httpx.Response:
    """Ask as a program or as a browser does, signed in or not."""
    who = world.enter(by) if by else Somebody(world.client)
    key = uuid4().hex
    if path.startswith("/api/"):
        headers = {"idempotency-key": key, "if-match": '"3"'}
        return who.ask(method, path, json=body, headers=headers) if method != "GET" else who.get(path)
    told = {"csrf": who.csrf, "key": key, "version": "3"}
    accept = {"accept": "text/html"}
    rest = {"data": told} if method != "GET" else {}
    return who.ask(method, path, headers=accept, follow_redirects=False, **rest)


def said(answer: httpx.Response) -> str:
    """Return everything that an answer brings."""
    return f"{answer.status_code} {answer.headers!r} {answer.text}"


def tells(content: str) -> bool:
    return MARK in content or NIK in content


OF_THIS_REQUEST = re.compile(r'\b[0-9a-f]{32}\b|name="key" value="[^"]+"|&#34;challenge&#34;: &#34;[\w-]+&#34;|data-challenge="[^"]+"')
"""Its number, a fresh key in each form, and what a passkey signs on the page where one signs in."""


def bare(answer: httpx.Response, *known: str) -> tuple[Any, ...]:
    """Return a page or an answer without the numbers of this one request, and without what was asked for."""
    if answer.headers.get("content-type", "").endswith("json") and not known:
        return same(answer)
    text = OF_THIS_REQUEST.sub("", answer.text)
    headers = {name: value for name, value in answer.headers.items() if name not in {"x-request-id", "content-length", "date"}}
    for one in known:
        text = text.replace(one, NOWHERE)
        headers = {name: value.replace(one, NOWHERE) for name, value in headers.items()}
    return answer.status_code, text, headers


@pytest.mark.parametrize("by", STRANGERS)
def test_a_stranger_meets_no_word_of_it_and_a_case_that_is_there_looks_like_none(
    world: World, ids: dict[str, str], log: io.StringIO, by: str
) -> None:
    nobody, tried = dict.fromkeys(ids, NOWHERE) | {"code": "F03"}, 0
    wrong: list[tuple[object, ...]] = []
    for method, address, body in addresses(world):
        if by == "atun" and ("/glass" in address or "breach" in address or address.startswith("/admin")):
            continue  # an administrator may break a glass (tests/services/test_glass.py), handles breaches and looks after accounts
        there = ask(world, by, method, filled(address, ids), body)
        if tells(said(there)):
            wrong.append((method, address, "tells"))
        if "{" in address:
            nowhere = ask(world, by, method, filled(address, nobody), body)
            if bare(there, *ids.values()) != bare(nowhere, *ids.values()):
                wrong.append((method, address, there.status_code, nowhere.status_code))
        tried += 1
    assert (wrong, tried > 100) == ([], True)
    assert log.getvalue().count("request_answered") > tried
    assert not tells(log.getvalue())


def test_an_auditor_meets_no_word_of_it_though_the_case_is_there(world: World, ids: dict[str, str], log: io.StringIO) -> None:
    assert ask(world, MASKED, "GET", f"/api/cases/{world.case}").status_code == 200
    assert ask(world, MASKED, "GET", f"/cases/{world.case}/trail").status_code == 200
    for method, address, body in addresses(world):
        answer = ask(world, MASKED, method, filled(address, ids), body)
        assert not tells(said(answer)), (method, address)
        assert answer.status_code != 500, (method, address)
    assert not tells(log.getvalue())


def test_who_searches_for_a_word_of_it_is_answered_as_for_a_word_that_nobody_has(world: World) -> None:
    number = str(world.story.row["number"])
    known, unknown = (CHILD["name"], NIK, number), "Zzyzx-tidak-ada"
    for by in (*STRANGERS, MASKED):
        for word in known if by != MASKED else known[:2]:
            for address in SEARCHES:
                found = ask(world, by, "GET", address.format(word))
                none = ask(world, by, "GET", address.format(unknown))
                quoted = (word, *(word.replace(" ", space) for space in ("%20", "+", "%2520")), unknown)
                assert bare(found, *quoted) == bare(none, *quoted), (by, address, word)


def test_what_a_worker_is_refused_repeats_none_of_what_was_sent_or_stands_in_the_case(
    world: World, ids: dict[str, str], log: io.StringIO
) -> None:
    """Pages give what was typed back to who typed it; the interface names the field and never its content."""
    seen, word = set(), f"{MARK}77q"
    for by in ("sari", "bambang", "halimah"):
        for method, address, body in addresses(world):
            if not address.startswith("/api/") or method == "GET":
                continue
            wrong = {**body, next(iter(body)): {"x": word}, "x": word} if body else {"x": word}
            for sent in (body, wrong, word):
                answer = ask(world, by, method, filled(address, ids), sent)
                seen.add(answer.status_code)
                assert answer.status_code < 400 or not tells(said(answer)), (by, method, address, said(answer)[:500])
    assert {404, 409, 412, 422} <= seen, seen
    assert not tells(log.getvalue())


def test_a_failure_of_the_database_or_the_program_tells_no_word_of_it(world: World, ids: dict[str, str], log: io.StringIO) -> None:
    asked = [
        ("GET", f"/api/cases/{world.case}"),
        ("GET", f"/cases/{world.case}"),
        ("GET", f"/api/cases/{world.case}/records/{ids['record_id']}"),
    ]
    assert tells(ask(world, "sari", *asked[0]).text), "who may see it does"
    seen = []
    with held(world.story.database, "actor_event"):
        seen += [ask(world, "sari", *one) for one in asked]
    child = world.story.row["child_id"]
    cell = world.one(f"SELECT name FROM child WHERE id = '{child}'")  # noqa: S608 - our own
    other = world.one(f"SELECT name FROM child WHERE id <> '{child}'")  # noqa: S608 - our own
    wreck(world.story.database, f"UPDATE child SET name = '{other}' WHERE id = '{child}'", mended=True)  # noqa: S608 - our own
    seen += [ask(world, "sari", *one) for one in asked[:2]]
    wreck(world.story.database, f"UPDATE child SET name = '{cell}' WHERE id = '{child}'", mended=True)  # noqa: S608 - our own
    state = world.story.state
    wreck(world.story.database, f"UPDATE care_case SET state = 'nowhere' WHERE id = '{world.case}'", mended=True)  # noqa: S608 - our own
    seen += [ask(world, "sari", *one) for one in asked[:2]]
    wreck(world.story.database, f"UPDATE care_case SET state = '{state}' WHERE id = '{world.case}'", mended=True)  # noqa: S608 - our own
    assert [answer.status_code for answer in seen] == [503] * 5 + [500] * 2
    assert not any(tells(said(answer)) for answer in seen)
    assert not tells(log.getvalue())
    assert tells(ask(world, "sari", *asked[0]).text), "and afterwards all is as it was"
