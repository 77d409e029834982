"""An office with two children on the way to an institution, told through the services; people who open its pages."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient
from playwright.sync_api import Browser, sync_playwright

from casework.demo import town
from casework.http.session import COOKIE
from casework.machines.facts import WITA
from casework.machines.parameters import Parameters
from casework.rehearsal import cast as people_of
from casework.rehearsal.cast import Cast
from casework.rehearsal.deeds import DEEDS
from casework.rehearsal.moments import moment
from casework.rehearsal.play import Play
from casework.rehearsal.script import script_of
from casework.rehearsal.sense import STARTS
from casework.services.field import AskField, ask_field
from casework.settings import Settings
from casework.store.call import Call
from casework.store.store import Store
from tests.application import lent
from tests.pages.days import PASSWORD, WAYS, Day, a_day
from tests.pages.forms import Page
from tests.pages.serving import ARGUMENTS, chromium, copy_of, served

NOW = datetime.now(UTC).replace(microsecond=0)
"""When the pages are looked at. A browser's server has the real clock, so the stories end shortly before it."""
BEGAN = timedelta(days=14)
SITE = "https://casework.local"
READY = ["care_planning", "family_options_ruled_out", "ready_for_admission"]
HARAPAN = {"host": "harapan"}
REQUEST = {"do": "request", "trigger": "admit_to_institution", "host": "harapan"}


class Office(msgspec.Struct, frozen=True):
    """Where the database lies, its people, and what was built: `blocked` lacks its foster sheet, `asked` waits for its approvals."""

    file: Path
    cast: Cast
    blocked: str
    asked: str
    request: str
    lksa: str


def told(
    store: Store,
    cast: Cast,
    child: dict[str, str],
    *,
    after: list[str] = READY,
    params: dict[str, str] = HARAPAN,
    without: tuple[str, ...] = (),
    step: tuple[dict[str, Any], ...] = (),
) -> Play:
    """Tell one child's story through the services, up to the evidence for an admission unless told otherwise, and return how it stands."""
    began = (NOW - BEGAN).astimezone(WITA).replace(hour=9, minute=0)
    world = {"start": began.strftime(STARTS), "child": child}
    ending = {"do": "look", "expect": {}}
    script = script_of(
        {
            "title": child["name"],
            "world": world,
            "after": after,
            "params": params,
            "without": list(without),
            "step": [*step, ending],
        }
    )
    play = Play(store, cast, script.story.world)
    for scene in script.scenes:
        play.now = moment(scene.step.at, play.now)
        DEEDS[type(scene.step)](play, play.doer(scene.step), scene.step)
    return play


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """One database with the office and two children; every test gets a copy."""
    file = tmp_path_factory.mktemp("office") / "casework.sqlite3"
    store = Store(str(file), Parameters())
    before = NOW - BEGAN - timedelta(days=2)
    store.upgrade(before)
    cast = people_of.build(store, before, PASSWORD)
    bayu = {"name": "Bayu Saputra", "sex": "male", "born": "2013-02-03", "mother_name": "Rohani", "father_name": "Ahmad Yani"}
    intan = {"name": "Intan Permata", "sex": "female", "born": "2012-11-30", "mother_name": "Nurhayati", "father_name": "Darmawan"}
    blocked = told(store, cast, bayu, without=("lembar orang tua asuh",))
    asked = told(store, cast, intan, step=(REQUEST,))
    until = (NOW.astimezone(WITA) + timedelta(days=7)).date().isoformat()
    iwan, told_him = cast.people["iwan"].person, "Temui neneknya di rumah."
    errand = AskField(case=blocked.case, person=iwan, kind="field_visit", district="64.02.06", by=until, note=told_him)
    ask_field(store, Call(who=blocked.who("bambang"), at=blocked.now), errand)
    office = Office(
        file, cast, blocked.look().id, asked.look().id, asked.open_request("decision", "admit_to_institution").id, cast.hosts["harapan"]
    )
    store.close()
    return office


@pytest.fixture(scope="session")
def town_built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The demonstration office, and the passphrase of its accounts. Who writes into it takes a copy."""
    file = tmp_path_factory.mktemp("town") / "casework.sqlite3"
    return file, town.build(file, NOW - timedelta(minutes=1), Parameters(), lambda _: None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def site(built: Office, tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[tuple[str, Office]]:
    """The application, served on a port of its own from a copy of the office."""
    assert browser.is_connected()
    copy = copy_of(built.file, tmp_path_factory.mktemp("site"))
    with served(copy) as address:
        yield address, msgspec.structs.replace(built, file=copy)


@pytest.fixture(params=WAYS, ids=str)
def day(browser: Browser, town_built: tuple[Path, str], tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Day]:
    """A day in the demonstration office. A day of another kind has a fixture of its own."""
    with a_day(browser, town_built[0], tmp_path, request.param, town_built[1]) as day:
        yield day


@pytest.fixture
def office(built: Office, tmp_path: Path) -> Office:
    """A copy of the office that this test may change."""
    copy = tmp_path / "casework.sqlite3"
    shutil.copy(built.file, copy)
    shutil.copy(f"{built.file}.master.key", f"{copy}.master.key")
    return msgspec.structs.replace(built, file=copy)


@pytest.fixture
def client(office: Office) -> Iterator[TestClient[Litestar]]:
    with lent(Settings(database=str(office.file)), lambda: NOW) as app, TestClient(app, base_url=SITE) as client:
        yield client


class Visitor:
    """Somebody with a browser that keeps its own cookies."""

    def __init__(self, client: TestClient[Litestar]) -> None:
        self._client = client
        self.cookies: dict[str, str] = {}

    def open(self, address: str, *, method: str = "GET", data: Any = None, files: Any = None) -> httpx.Response:
        """Ask for one page, without following where it leads."""
        self._client.cookies.clear()
        headers = {"accept": "text/html", "cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        answer = self._client.request(method, address, headers=headers, data=data, files=files, follow_redirects=False)
        self.cookies |= dict(answer.cookies)
        return answer

    def see(self, address: str) -> Page:
        """Open a page that must be there, and read it."""
        answer = self.open(address)
        assert answer.status_code == 200, (address, answer.status_code, answer.text[:500])
        return Page(answer.text)

    def send(self, form: tuple[str, list[tuple[str, str]]], **changed: Any) -> httpx.Response:
        """Post a form as the page showed it, with some fields filled in."""
        address, fields = form
        kept = [(name, value) for name, value in fields if name not in changed]
        sent = [*kept, *((name, value) for name, given in changed.items() for value in (given if isinstance(given, list) else [given]))]
        together: dict[str, list[str]] = {}
        for name, value in sent:
            together.setdefault(name, []).append(value)
        return self.open(address, method="POST", data=together)


class Reception:
    """Signs people in through the page."""

    def __init__(self, client: TestClient[Litestar]) -> None:
        self._client = client

    def __call__(self, username: str) -> Visitor:
        visitor = Visitor(self._client)
        answer = visitor.open("/sign-in", method="POST", data={"username": username, "password": PASSWORD, "back": ""})
        assert answer.status_code == 303, answer.text[:500]
        assert COOKIE in visitor.cookies
        return visitor


@pytest.fixture
def stranger(client: TestClient[Litestar]) -> Visitor:
    return Visitor(client)


@pytest.fixture
def enter(client: TestClient[Litestar]) -> Reception:
    return Reception(client)


@pytest.fixture
def worker(enter: Reception) -> Visitor:
    return enter("sari")
