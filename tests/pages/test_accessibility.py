"""Every kind of page that somebody of the demo town can reach, in Chromium: judged by axe, narrow and enlarged, and by keyboard alone.

axe runs in a context that sets our content policy aside; what it cannot judge, the words and their order, people do. One page of each
kind is judged as first seen on a phone and unfolded on a desk; the pages that differ most by role are judged again for each role.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, ViewportSize
from playwright.sync_api import Page as Tab

from tests.pages.serving import copy_of, served

PEOPLE = ("sari", "bambang", "yusuf", "halimah", "nadia", "dian", "wahyu", "ratih")
"""One of each role that has pages of its own."""
EACH = {"/work", "/cases", "/cases/*"}
"""What differs most by role: judged for everybody who reaches it."""
WIDTHS = (320, 640)
"""CSS pixels: a window of 1280 enlarged to 400 % and to 200 % (WCAG 2.2, 1.4.10 and 1.4.4)."""
PHONE, DESK = ViewportSize(width=390, height=800), ViewportSize(width=1280, height=800)
EVERY: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
BUT_CONTRAST = EVERY | {"rules": {"color-contrast": {"enabled": False}}}
"""Contrast costs most, and is the same on a desk as on a phone and in what is folded: it is judged of each page as it is first seen."""
AXE = Axe().axe_script
"""Half a megabyte: it travels into a page once, and only what is wrong travels back."""
VIOLATIONS = "rules => axe.run(rules).then(found => found.violations.map(one => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`))"
LINKS = "[...document.querySelectorAll('a[href^=\"/\"]')].map(e => e.getAttribute('href'))"
UNFOLD = "document.querySelectorAll('details').forEach(e => { e.open = true })"
WIDER = "document.documentElement.scrollWidth - innerWidth"
NOT_PAGES = re.compile(r"/static/|/api/|/sign-out|.*/(file\?|export|paper)|.*[?&]lang=")


class Found(msgspec.Struct):
    """What a walk through the pages found: the kinds of page it saw, what axe says, and what is wider than its window."""

    kinds: dict[str, set[str]]
    broken: list[str]
    wide: list[str]


def kind_of(address: str) -> str:
    """Return the kind of page that an address shows: `/cases/*/file/*` for every form of every case."""
    path = re.sub(r"/[0-9a-z]{26}(?=/|$)", "/*", re.split("[?#]", address)[0])
    return re.sub(r"^(/map|/numbers|/help/forms|/help/rules|/cases/\*/file)/[^/]+$", r"\1/*", path)


def judged(tab: Tab, rules: dict[str, Any] = EVERY) -> list[str]:
    """Return what axe finds wrong with the page in this tab."""
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(AXE)
    found: list[str] = tab.evaluate(VIOLATIONS, rules)
    return found


def too_wide(tab: Tab) -> list[int]:
    """Return the widths of window that the page does not fit, everything unfolded."""
    wide = []
    for width in WIDTHS:
        tab.set_viewport_size(ViewportSize(width=width, height=800))
        wide += [width] if tab.evaluate(WIDER) > 0 else []
    return wide


def signed_in(context: BrowserContext, username: str, passphrase: str) -> Tab:
    tab = context.new_page()
    tab.goto("/")
    tab.get_by_label("Nama pengguna").fill(username)
    tab.get_by_label("Kata sandi").fill(passphrase)
    tab.get_by_role("button", name="Masuk", exact=True).click()
    return tab


def walk(tab: Tab, start: tuple[str, ...], name: str, found: Found) -> None:
    """Open one page of each kind that can be reached from here, and note what is wrong with it."""
    seen = found.kinds.setdefault(name, set())
    known = {kind for kinds in found.kinds.values() for kind in kinds}
    waiting = list(start)
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kind in seen or NOT_PAGES.match(address) or (kind in known and kind not in EACH):
            continue
        seen.add(kind)
        tab.set_viewport_size(PHONE)
        answer = tab.goto(address)
        if answer is None or answer.status != 200 or not tab.evaluate("document.contentType === 'text/html'"):
            continue
        waiting += tab.evaluate(LINKS)
        if kind not in known:
            found.broken += [f"{name} {address} 390: {wrong}" for wrong in judged(tab)]
        tab.evaluate(UNFOLD)
        found.wide += [f"{name} {address}: {width}" for width in too_wide(tab)]
        tab.set_viewport_size(DESK)
        found.broken += [f"{name} {address} 1280: {wrong}" for wrong in judged(tab, BUT_CONTRAST)]


@pytest.fixture(scope="module")
def town(town_built: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[tuple[str, str]]:
    """The demo town, served: its address, and everybody's passphrase."""
    assert browser.is_connected()
    with served(copy_of(town_built[0], tmp_path_factory.mktemp("served"))) as address:
        yield address, town_built[1]


@pytest.fixture(scope="module")
def found(browser: Browser, town: tuple[str, str]) -> Found:
    """What the walk of everybody found, a stranger's first."""
    address, passphrase = town
    found = Found({}, [], [])
    for name in ("", *PEOPLE):
        context = browser.new_context(viewport=DESK, base_url=address, bypass_csp=True)
        tab = signed_in(context, name, passphrase) if name else context.new_page()
        walk(
            tab, (re.sub(r"^https?://[^/]+", "", tab.url), "/account") if name else ("/", "/pengaduan", "/help", "/tidak-ada"), name, found
        )
        context.close()
    return found


@pytest.fixture
def tab(browser: Browser, town: tuple[str, str], request: pytest.FixtureRequest) -> Iterator[Tab]:
    """Sari's browser; the parameter is what else its context is told."""
    context = browser.new_context(base_url=town[0], bypass_csp=True, **{"viewport": DESK, **getattr(request, "param", {})})
    yield signed_in(context, "sari", town[1])
    context.close()


def child(tab: Tab, name: str = "Bayu Saputra") -> str:
    """Return the address of a child of the demo."""
    tab.goto("/cases")
    return str(tab.get_by_role("link", name=name).first.get_attribute("href"))


def test_the_walk_reaches_every_kind_of_page(found: Found) -> None:
    reached = {kind for kinds in found.kinds.values() for kind in kinds}
    expected = {
        "/work",
        "/cases/*",
        "/cases/*/map",
        "/cases/*/file/*",
        "/map/*",
        "/help/forms/*",
        "/help/rules/*",
        "/hosts/*",
        "/decisions/*",
    }
    assert expected | {"/pengaduan", "/trail", "/breaches", "/referrals", "/admin", "/account/second-factor"} <= reached
    assert len(reached) > 45


def test_axe_finds_nothing_on_any_page_of_anybody(found: Found) -> None:
    assert found.broken == []


def test_every_page_fits_its_window_enlarged_twice_and_four_times(found: Found) -> None:
    assert found.wide == []


@pytest.mark.parametrize("tab", [{"color_scheme": "dark"}], indirect=True)
def test_axe_finds_nothing_in_english_in_the_dark(tab: Tab) -> None:
    case = child(tab)
    for address in ("/work", case, f"{case}/map", "/map?state=institutional_care", "/help", f"{case}/file/F05"):
        tab.goto(f"{address}{'&' if '?' in address else '?'}lang=en")
        assert judged(tab) == [], address


def test_a_control_without_its_label_a_faint_text_and_a_wide_page_are_noticed(tab: Tab) -> None:
    tab.goto(f"{child(tab)}/file/F01")
    tab.evaluate("document.querySelector('label[for=f-referrer]').removeAttribute('for')")
    tab.evaluate("document.querySelector('h1').style.color = '#ddd'")
    tab.evaluate("document.querySelector('h1').style.width = '900px'")
    assert {wrong.partition(":")[0] for wrong in judged(tab)} == {"label", "color-contrast"}
    assert too_wide(tab) == [320, 640]


KEYS = """() => {
  const ways = 'a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex]';
  const name = e => e.type === 'radio' ? 'radio ' + e.name : [...document.querySelectorAll(ways)].indexOf(e);
  const there = [...document.querySelectorAll(ways)].filter(e => e.checkVisibility() && !e.disabled && e.tabIndex >= 0);
  return [...new Set(there.map(name))];
}"""
FOCUSED = """() => {
  const ways = 'a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex]';
  const e = document.activeElement, box = e.querySelector('rect') || e, look = getComputedStyle(box);
  if (e === document.body) return null;
  const name = e.type === 'radio' ? 'radio ' + e.name : [...document.querySelectorAll(ways)].indexOf(e);
  const ring = box === e ? look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2 : parseFloat(look.strokeWidth) >= 3;
  return [name, ring, e.outerHTML.slice(0, 120)];
}"""
MOST_KEYS = 600


def tabbed(tab: Tab) -> tuple[list[str], list[str]]:
    """Press Tab until the page is left, and return where the focus was, in order, and where it could not be seen."""
    at: list[str] = []
    unseen: list[str] = []
    for _ in range(MOST_KEYS):
        tab.keyboard.press("Tab")
        focus = tab.evaluate(FOCUSED)
        if focus is None or (at and str(focus[0]) == at[0]):
            break
        at += [str(focus[0])] if str(focus[0]) not in at else []
        unseen += [] if focus[1] else [str(focus[2])]
    return at, unseen


@pytest.mark.parametrize("place", ["/work", "/cases", "", "/map", "/file/F05", "/map?state=care_planning"])
def test_the_keyboard_alone_reaches_everything_in_order_and_sees_where_it_is(tab: Tab, place: str) -> None:
    tab.goto(place if place in {"/work", "/cases"} or "?" in place else f"{child(tab)}{place}")
    there = [str(one) for one in tab.evaluate(KEYS)]
    reached, unseen = tabbed(tab)
    assert unseen == []
    assert reached == there


@pytest.mark.parametrize("tab", [{"viewport": PHONE}], indirect=True)
def test_on_a_phone_the_menu_opens_and_leads_on_by_keyboard(tab: Tab) -> None:
    tab.goto("/work")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.locator("details.menu > summary").focus()
    tab.keyboard.press("Enter")
    tab.get_by_role("link", name="Bantuan").first.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/help")
