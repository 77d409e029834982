"""Passkeys in a browser with a device of its own (Chromium's virtual authenticator); without JavaScript nothing of it shows."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Page as Tab

from tests.pages.conftest import Office
from tests.pages.days import PASSWORD, overflow

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def tab(browser: Browser, site: tuple[str, Office]) -> Iterator[Tab]:
    """A window with a device. Passkeys belong to names, so this machine is called `localhost`."""
    context = browser.new_context(base_url=site[0].replace("127.0.0.1", "localhost"), viewport={"width": 390, "height": 800})
    tab = context.new_page()
    _device(context, tab, verified=True)
    yield tab
    context.close()


def _device(context: BrowserContext, tab: Tab, *, verified: bool) -> None:
    speaking = context.new_cdp_session(tab)
    speaking.send("WebAuthn.enable")
    speaking.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE | {"isUserVerified": verified}})


def enter(tab: Tab) -> None:
    tab.goto("/")
    tab.get_by_label("Nama pengguna").fill("sari")
    tab.get_by_label("Kata sandi").fill(PASSWORD)
    tab.get_by_role("button", name="Masuk", exact=True).click()
    tab.wait_for_url("**/work")


def test_a_device_is_added_comes_in_without_a_password_and_is_removed(tab: Tab) -> None:
    enter(tab)
    tab.goto("/account/second-factor")
    tab.get_by_role("button", name="Tambahkan perangkat ini").click()
    tab.get_by_text("Chrome · Linux").wait_for()
    assert overflow(tab) == 0
    tab.get_by_role("button", name="Keluar").click()
    tab.get_by_role("button", name="Masuk dengan kunci sandi").click()
    tab.wait_for_url("**/work")
    tab.goto("/account/second-factor")
    assert tab.get_by_text("terakhir dipakai").count() == 1
    tab.get_by_role("button", name="Hapus").click()
    tab.get_by_text("Chrome · Linux").wait_for(state="detached")
    tab.get_by_role("button", name="Keluar").click()
    tab.get_by_role("button", name="Masuk dengan kunci sandi").click()
    tab.get_by_text("Nama pengguna atau kata sandi salah").wait_for()


def test_an_answer_is_taken_once(tab: Tab) -> None:
    enter(tab)
    tab.goto("/account/second-factor")
    tab.get_by_role("button", name="Tambahkan perangkat ini").click()
    tab.get_by_text("Chrome · Linux").wait_for()
    tab.get_by_role("button", name="Keluar").click()
    with tab.expect_request("**/sign-in/passkey") as sent:
        tab.get_by_role("button", name="Masuk dengan kunci sandi").click()
    tab.wait_for_url("**/work")
    again = tab.context.request.post(
        "/sign-in/passkey",
        data=sent.value.post_data or "",
        headers={"content-type": "application/x-www-form-urlencoded"},
        max_redirects=0,
    )
    assert again.status == 401


def test_without_javascript_nothing_of_it_shows_and_the_password_works(browser: Browser, site: tuple[str, Office]) -> None:
    context = browser.new_context(base_url=site[0], java_script_enabled=False)
    tab = context.new_page()
    tab.goto("/")
    assert not tab.get_by_role("button", name="kunci sandi").is_visible()
    enter(tab)
    context.close()
