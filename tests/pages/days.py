"""People at a browser: how somebody looks at the pages, whom the door lets in, and what the journal says once they have been there."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

import msgspec
from playwright.sync_api import Browser, BrowserContext, expect
from playwright.sync_api import Page as Tab

from casework.http.app import Clock, now
from tests.pages.serving import copy_of, served

PASSWORD = "mahakam-uji-halaman"  # noqa: S105 - the password of people who do not exist
EVIDENCE = "aside .due a"
"""What a decision rests on, each as a link."""


class Way(msgspec.Struct, frozen=True):
    """How somebody looks at the pages."""

    width: int
    language: Literal["id", "en"]
    scripts: bool

    def __str__(self) -> str:
        return f"{self.width}-{self.language}-{'scripts' if self.scripts else 'plain'}"

    def w(self, indonesian: str, english: str) -> str:
        """Return what the page says in this language."""
        return indonesian if self.language == "id" else english


WAYS = [Way(390, "id", scripts=False), Way(1280, "en", scripts=True)]
CROSSED = [Way(390, "en", scripts=True), Way(1280, "id", scripts=False)]
TURNED = [Way(390, "id", scripts=True), Way(1280, "en", scripts=False)]
"""Each day is lived in one of these pairs: over the roles, every two of width, language and script meet."""
PHONE = Way(390, "id", scripts=True)


class Person:
    """Somebody at a browser, whose clicks are counted."""

    def __init__(self, browser: Browser, address: str, way: Way, password: str) -> None:
        self.way = way
        self.password = password
        self.context: BrowserContext = browser.new_context(
            base_url=address, viewport={"width": way.width, "height": 800}, java_script_enabled=way.scripts
        )
        self.tab: Tab = self.context.new_page()
        self.clicks = 0
        self.tab.goto(f"/?lang={way.language}")

    def enter(self, username: str, tab: Tab | None = None) -> None:
        """Sign in at the door that is shown."""
        shown = tab or self.tab
        shown.get_by_label(self.w("Nama pengguna", "Username")).fill(username)
        shown.get_by_label(self.w("Kata sandi", "Password")).fill(self.password)
        shown.get_by_role("button", name=self.w("Masuk", "Sign in"), exact=True).click()
        expect(shown.locator("body[data-who]")).to_have_count(1)

    def w(self, indonesian: str, english: str) -> str:
        return self.way.w(indonesian, english)

    def press(self, indonesian: str, english: str, within: str = "main") -> None:
        """Press a button or a link, and count it."""
        named = self.w(indonesian, english)
        place = self.tab.locator(within).first
        place.get_by_role("button", name=named, exact=True).or_(place.get_by_role("link", name=named, exact=True)).locator(
            "visible=true"
        ).first.click()
        self.clicks += 1

    def go(self, indonesian: str, english: str) -> None:
        """Go where the menu leads: it is folded on a telephone."""
        folded = self.tab.locator("details.menu")
        narrow = folded.is_visible()
        if narrow and not folded.locator("nav").is_visible():
            folded.locator("summary").click()
        self.press(indonesian, english, "details.menu" if narrow else "nav.menu")

    def unfold(self, indonesian: str, english: str) -> None:
        """Open what is folded under these words."""
        self.tab.locator("main summary", has_text=self.w(indonesian, english)).first.click()

    def write(self, within: str = "main", **typed: str) -> None:
        """Write into fields, by name: a box with two underscores for a dot."""
        for name, value in typed.items():
            self.tab.locator(f"{within} [name='{name.replace('__', '.')}']").locator("visible=true").first.fill(value)

    def choose(self, within: str = "main", **chosen: str) -> None:
        """Choose from lists and among buttons, by name and value."""
        for name, value in chosen.items():
            field = self.tab.locator(f"{within} [name='{name.replace('__', '.')}']").locator("visible=true")
            if field.first.evaluate("e => e.tagName") == "SELECT":
                field.first.select_option(value)
            else:
                field.locator(f"xpath=self::*[@value='{value}']").check()

    def told(self, indonesian: str, english: str) -> None:
        """Wait until the page says so."""
        expect(self.tab.locator("main")).to_contain_text(self.w(indonesian, english))

    def looks_right(self) -> None:
        """Nothing is wider than the window, or too small for a finger."""
        unfold(self.tab)
        assert (overflow(self.tab), small_targets(self.tab)) == (0, []), self.tab.url

    def reads_all(self, address: str) -> None:
        """Open everything that a decision rests on, one after the other, and come back."""
        self.tab.goto(address)
        for link in self.tab.locator(EVIDENCE).evaluate_all("all => all.map(e => e.getAttribute('href'))"):
            self.tab.goto(str(link), wait_until="commit")
        self.tab.goto(address)


class Doors:
    """Lets people in, and closes their windows afterwards."""

    def __init__(self, browser: Browser, address: str, password: str = PASSWORD) -> None:
        self._browser = browser
        self._address = address
        self._password = password
        self.inside: list[Person] = []

    def __call__(self, username: str, way: Way = PHONE) -> Person:
        person = self.stranger(way)
        person.enter(username)
        return person

    def stranger(self, way: Way = PHONE) -> Person:
        """Open a browser at the door, for somebody who is not signed in."""
        self.inside.append(Person(self._browser, self._address, way, self._password))
        return self.inside[-1]

    def close(self) -> None:
        for person in self.inside:
            person.context.close()


class Journal:
    """What the journal of a database says from now on."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen = {body for _, body in self._entries()}

    def _entries(self) -> list[tuple[str, bytes]]:
        with closing(sqlite3.connect(self._file, timeout=20)) as database:
            both = "SELECT recorded_at, body FROM event UNION ALL SELECT recorded_at, body FROM actor_event ORDER BY recorded_at"
            return database.execute(both).fetchall()

    def says(self, *kinds: str) -> list[tuple[str, str]]:
        """Return (kind, role) of every entry of these kinds since, the oldest first; a refused one as `refused: kind`."""
        fresh = [json.loads(body) for _, body in self._entries() if body not in self._seen]
        named = [(f"refused: {one['kind']}" if one.get("codes") else one["kind"], one["actor"]["role"]) for one in fresh]
        return [entry for entry in named if entry[0] in kinds]


def age(file: Path, username: str, column: Literal["seen_at", "proved_at"]) -> None:
    """Let time pass for the sessions of somebody: since they were last seen, or since they proved who they are."""
    with closing(sqlite3.connect(file, timeout=20)) as database, database:
        changed = database.execute(
            f"UPDATE session SET {column} = '2026-01-01T00:00:00.000000Z' WHERE ended_at IS NULL"  # noqa: S608 - one of two columns
            " AND account_id = (SELECT id FROM account WHERE username = ?)",
            (username,),
        )
        assert changed.rowcount


class Day(msgspec.Struct, frozen=True):
    """One day of somebody, on a copy of its own: who may come in, what the journal says, and how they look at the pages."""

    file: Path
    doors: Doors
    journal: Journal
    way: Way

    def enter(self, username: str) -> Person:
        return self.doors(username, self.way)

    def grow_old(self, username: str) -> None:
        """Let the proof of who somebody is grow too old for what decides."""
        age(self.file, username, "proved_at")


@contextmanager
def a_day(browser: Browser, database: Path, folder: Path, way: Way, password: str = PASSWORD, clock: Clock = now) -> Iterator[Day]:
    """Serve a copy of a database for one day."""
    copy = copy_of(database, folder)
    with served(copy, clock) as address:
        doors = Doors(browser, address, password)
        yield Day(copy, doors, Journal(copy), way)
        doors.close()


def overflow(tab: Tab) -> int:
    """Return by how many pixels a page is wider than its window."""
    return int(tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def unfold(tab: Tab) -> None:
    """Open everything that is folded."""
    tab.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")


def small_targets(tab: Tab) -> list[str]:
    """Return the visible controls that are less than 24 pixels high (WCAG 2.2, 2.5.8)."""
    found = tab.evaluate(
        "[...document.querySelectorAll('button:not(.default),.button,select,textarea,input:not([type=hidden]),label.pick,summary')]"
        ".filter(e => e.offsetHeight && e.offsetHeight < (e.matches('[type=radio],[type=checkbox]') ? 20 : 24)).map(e => e.outerHTML)"
    )
    return [str(one) for one in found]
