"""Signing in with an identity provider: a real one that these tests start, and a browser's part played against both."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from casework.errors import Conflict, NotFound, Refusal
from casework.http.pages.oidc import KEPT
from casework.http.session import COOKIE
from casework.services import identities, people
from casework.settings import Oidc, Settings
from casework.store.call import Call
from tests.application import lent
from tests.http.conftest import HOME, OPERATOR, START, Clock, Somebody

SUBJECT = "rina@dinas.example"
WAIT_SECONDS = 60


@pytest.fixture(scope="session")
def issuer() -> Iterator[str]:
    """A provider of its own process: discovery, keys, a page to sign in, codes and signed tokens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as provider:
        _await(port)
        yield f"http://127.0.0.1:{port}"
        provider.terminate()


def _await(port: int) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < until, "the provider did not start"
        else:
            return


class Browser:
    """Somebody between the two: keeps our cookie, and fills in the provider's page."""

    def __init__(self, client: TestClient[Litestar]) -> None:
        self.somebody = Somebody(client)
        self.kept = ""

    def leave(self, back: str = "") -> str:
        answer = self.somebody.get("/sign-in/oidc", params={"back": back}, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        self.kept = answer.cookies[KEPT]
        return answer.headers["location"]

    def consent(self, address: str, subject: str = SUBJECT) -> dict[str, str]:
        answer = httpx.post(address, data={"sub": subject}, follow_redirects=False)
        assert answer.status_code in {302, 303}, answer.text
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}

    def come_back(self, answer: dict[str, str]) -> httpx.Response:
        return self.somebody.get("/sign-in/oidc/answer", params=answer, headers={"cookie": f"{KEPT}={self.kept}"})


@pytest.fixture
def wired(settings: Settings, clock: Clock, issuer: str, tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    """Our application with the real time: the provider's tokens run out by the clock of the machine."""
    clock.at = datetime.now(UTC)
    secret = tmp_path / "client.secret"
    secret.write_text("rahasia-aplikasi\n", encoding="utf-8")
    provider = Oidc(issuer=issuer, client_id="casework", secret_file=str(secret), links=HOME, name="SSO Kukar")
    ours = msgspec.structs.replace(settings, oidc=provider)
    with lent(ours, clock) as app, TestClient(app, base_url=HOME, raise_server_exceptions=True) as client:
        yield client


@pytest.fixture
def browser(wired: TestClient[Litestar]) -> Browser:
    return Browser(wired)


@pytest.fixture
def linked(wired: TestClient[Litestar], issuer: str) -> Call:
    call = Call(who=OPERATOR, at=START)
    identities.link_identity(wired.app.state.store, call, "rina", issuer, SUBJECT)
    return call


@pytest.mark.usefixtures("linked")
def test_who_is_linked_comes_in_with_a_session_of_our_own_and_goes_where_they_wanted(browser: Browser) -> None:
    assert "SSO Kukar" in browser.somebody.get("/").text
    shown = browser.come_back(browser.consent(browser.leave("/cases")))
    assert shown.status_code == 200
    assert 'content="0;url=/cases"' in shown.text
    assert Somebody(browser.somebody.client, shown.cookies[COOKIE]).get("/api/me").json()["who"]["name"] == "Rina"


def test_whom_nobody_linked_stays_outside_and_gets_no_account(browser: Browser) -> None:
    shown = browser.come_back(browser.consent(browser.leave()))
    assert (shown.status_code, COOKIE in shown.cookies) == (401, False)


@pytest.mark.usefixtures("linked")
def test_an_answer_is_of_worth_once_and_only_to_the_browser_that_asked(browser: Browser, wired: TestClient[Litestar]) -> None:
    answer = browser.consent(browser.leave())
    other = Browser(wired)
    other.leave()
    assert other.come_back(answer).status_code == 401
    assert browser.come_back(answer | {"state": "x"}).status_code == 401
    assert browser.come_back(answer | {"code": "x"}).status_code == 401
    assert browser.come_back(answer | {"iss": "https://elsewhere.example"}).status_code == 401
    assert browser.come_back({"error": "access_denied", "state": answer["state"]}).status_code == 401
    assert browser.come_back(answer).status_code == 200
    assert browser.come_back(answer).status_code == 401


@pytest.mark.usefixtures("linked")
def test_a_code_that_was_asked_for_with_another_nonce_proves_nobody(browser: Browser) -> None:
    address = browser.leave()
    mine = parse_qs(urlsplit(address).query)["nonce"][0]
    assert browser.come_back(browser.consent(address.replace(mine, "another-nonce"))).status_code == 401


@pytest.mark.usefixtures("linked")
def test_what_was_begun_is_forgotten_after_ten_minutes(browser: Browser, clock: Clock) -> None:
    answer = browser.consent(browser.leave())
    clock.forward(minutes=10, seconds=1)
    assert browser.come_back(answer).status_code == 401


def test_suspending_or_unlinking_an_account_closes_this_door_too(browser: Browser, wired: TestClient[Litestar], linked: Call) -> None:
    store = wired.app.state.store
    people.suspend_account(store, linked, "rina")
    assert browser.come_back(browser.consent(browser.leave())).status_code == 401
    people.suspend_account(store, linked, "rina", active=True)
    identities.unlink_identity(store, linked, "rina")
    assert browser.come_back(browser.consent(browser.leave())).status_code == 401
    with pytest.raises(NotFound):
        identities.unlink_identity(store, linked, "rina")


def test_a_subject_is_linked_once_by_an_admin(wired: TestClient[Litestar], linked: Call, issuer: str) -> None:
    store = wired.app.state.store
    with pytest.raises(Conflict):
        identities.link_identity(store, linked, "dewi", issuer, SUBJECT)
    nobody = msgspec.structs.replace(linked, who=msgspec.structs.replace(OPERATOR, seats=()))
    with pytest.raises(Refusal):
        identities.link_identity(store, nobody, "dewi", issuer, "other")


def test_without_a_provider_there_is_no_such_door(stranger: Somebody) -> None:
    for address in ("/sign-in/oidc", "/sign-in/oidc/answer"):
        assert stranger.get(address).status_code == 404
    assert "/sign-in/oidc" not in stranger.get("/").text


@pytest.mark.parametrize("issuer", ["http://sso.example", "ftp://sso.example", "http://localhost.evil.example"])
def test_a_provider_is_spoken_to_over_an_encrypted_line_only(issuer: str) -> None:
    with pytest.raises(ValueError, match="https"):
        Oidc(issuer=issuer, client_id="casework", links=HOME)
