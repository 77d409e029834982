"""An office with people, built through the services; an application with a clock that tests set; and people who speak HTTP to it."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from casework import logs
from casework.http.app import open_store
from casework.http.session import COOKIE
from casework.ledger.event import Through
from casework.machines.forms import Intake
from casework.services import people, registers
from casework.services.people import NewAccount
from casework.services.registers import AddHost
from casework.settings import Settings
from casework.store.call import Call, Seat, Who
from tests.application import lent
from tests.databases import Database, Databases, dropped
from tests.machines.builders import form

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""09:00 in WITA, on a Monday."""
BEFORE = START - timedelta(days=1)
"""When the people were appointed: nobody decides about a request older than their authority."""
HOME = "https://casework.local"
PASSWORD = "kata-sandi-uji-coba"  # noqa: S105 - the password of people who do not exist
OPERATOR = Who(person="operator", account="operator", name="operator", seats=(Seat("admin", "terminal"),))
_keys = count(1)


class Clock:
    """The time, as the test says."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


class Place(msgspec.Struct, frozen=True):
    """What was built: ids of the institution and of each person by username."""

    lksa: str
    persons: dict[str, str]


class Somebody:
    """A client: sends what it is told, with a session if it has one, and names key and version unless told otherwise."""

    def __init__(self, client: TestClient[Litestar], token: str = "", csrf: str = "") -> None:
        self.client = client
        self.token = token
        self.csrf = csrf

    def ask(self, method: str, path: str, **rest: Any) -> httpx.Response:
        headers = {"accept-language": "en", **rest.pop("headers", {})}
        if self.token:
            headers.setdefault("cookie", f"{COOKIE}={self.token}")
        self.client.cookies.clear()
        return self.client.request(method, path, headers=headers, **rest)

    def get(self, path: str, **rest: Any) -> httpx.Response:
        return self.ask("GET", path, **rest)

    def post(self, path: str, body: Any = None, *, version: int | None = None, key: str | None = None, **rest: Any) -> httpx.Response:
        headers = {"idempotency-key": key or f"test-key-{next(_keys)}", **rest.pop("headers", {})}
        if version is not None:
            headers["if-match"] = f'"{version}"'
        return (
            self.ask("POST", path, json=body, headers=headers, **rest)
            if body is not None
            else self.ask("POST", path, headers=headers, **rest)
        )


@pytest.fixture(scope="session")
def search_key(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the key of the search is kept, for all databases of these tests."""
    return str(tmp_path_factory.mktemp("keys") / "search.key")


@pytest.fixture(scope="session")
def built(databases: Databases, search_key: str) -> tuple[Database, Place]:
    """One database of each engine with the office and its people; every test gets a copy."""
    return _built(databases, search_key)


@cache
def _built(databases: Databases, search_key: str) -> tuple[Database, Place]:
    database = databases.new()
    owner = open_store(Settings(database=database.owner, search_key=search_key))
    owner.upgrade(BEFORE)
    owner.close()
    store = open_store(Settings(database=database.target, search_key=search_key))
    call = Call(who=OPERATOR, at=BEFORE, through=Through())
    office = people.create_office(store, call, "Dinas Sosial Kutai Kartanegara", "dinas")
    other = people.create_office(store, call, "Dinas Sosial Kabupaten lain", "dinas")

    def person(username: str, role: str, where: str, host: str | None = None) -> Who:
        seats = (Seat(role, where, host, area="64.02.06" if role == "tksk" else None),)
        certificate = "2027-12-31" if role == "social_worker" else None
        made = people.create_account(
            store, call, NewAccount(username=username, password=PASSWORD, seats=seats, name=username.title(), certificate_until=certificate)
        )
        return Who(person=made.person, account=made.account, name=username.title(), seats=seats, certificate_until=certificate)

    known = {
        name: person(name, role, where)
        for name, role, where in (
            ("rina", "social_worker", office),
            ("dewi", "social_worker", office),
            ("surya", "supervisor", office),
            ("hadi", "dinas_head", office),
            ("joko", "tksk", office),
            ("agung", "auditor", office),
            ("lain", "social_worker", other),
            ("atun", "admin", office),
        )
    }
    lksa = registers.add_host(store, Call(who=known["surya"], at=BEFORE), AddHost(name="LKSA Harapan", kind="lksa", capacity=20)).id
    known["hana"] = person("hana", "lksa_head", office, lksa)
    store.close()
    return database, Place(lksa, {name: who.person for name, who in known.items()})


@pytest.fixture
def place(built: tuple[Database, Place]) -> Place:
    return built[1]


@pytest.fixture
def database(built: tuple[Database, Place]) -> Iterator[Database]:
    with dropped(built[0].copy()) as database:
        yield database


@pytest.fixture
def settings(database: Database, search_key: str) -> Settings:
    return Settings(database=database.target, search_key=search_key)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def log() -> io.StringIO:
    stream = io.StringIO()
    logs.configure(stream)
    return stream


@pytest.fixture
def app(settings: Settings, clock: Clock, request: pytest.FixtureRequest) -> Iterator[Litestar]:
    """The application over this test's database; one of its own for a test that names `own` as its parameter."""
    with getattr(request, "param", lent)(settings, clock) as app:
        yield app


@pytest.fixture
def client(app: Litestar) -> Iterator[TestClient[Litestar]]:
    with TestClient(app, base_url=HOME, raise_server_exceptions=True) as client:
        yield client


@pytest.fixture
def stranger(client: TestClient[Litestar]) -> Somebody:
    return Somebody(client)


class Doorway:
    """Signs people in."""

    def __init__(self, client: TestClient[Litestar]) -> None:
        self.client = client

    def __call__(self, username: str) -> Somebody:
        answer = Somebody(self.client).post("/api/sessions", {"username": username, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        return Somebody(self.client, answer.cookies[COOKIE], answer.json()["csrf"])


@pytest.fixture
def enter(client: TestClient[Litestar]) -> Doorway:
    return Doorway(client)


@pytest.fixture
def rina(enter: Doorway) -> Somebody:
    return enter("rina")


def body_of(kind: Any, **changes: Any) -> dict[str, Any]:
    """Return a sample form as a client would send it."""
    sent: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(form(kind, **changes)))
    return sent


def new_case(name: str = "Siti Rahmah") -> dict[str, Any]:
    return {"intake": body_of(Intake), "child": {"name": name, "sex": "female", "born": "2016-03-01", "born_precision": "day"}}


def registered(worker: Somebody, name: str = "Siti Rahmah") -> tuple[str, int]:
    """Register a case and return its id and version."""
    answer = worker.post("/api/cases", new_case(name))
    assert answer.status_code == 201, answer.text
    return answer.json()["id"], answer.json()["version"]
