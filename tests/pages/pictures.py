"""`python -m tests.pages.pictures FOLDER`: pictures of the demo's pages for docs/pages.md, each as its reader sees it first.

The office is built anew, so names and days are those of the demo on that day. A picture is reduced to a palette: small enough to keep.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import msgspec
from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Page as Tab

from casework.demo import town
from casework.machines.parameters import Parameters
from tests.pages.serving import ARGUMENTS, chromium, served

COLOURS = 96
PHONE, DESK = 390, 1280


class Shot(msgspec.Struct, frozen=True):
    """One picture: its file, whose page, how one gets there, how wide the window and how high the picture is.

    `way` is an address, then the words of the links to follow; a name that begins with `>` is something folded, to be opened.
    """

    file: str
    who: str
    way: tuple[str, ...]
    width: int
    height: int
    lang: Literal["id", "en"] = "id"
    scheme: Literal["light", "dark"] = "light"


SHOTS = (
    Shot("work-phone", "sari", ("/work",), PHONE, 1000),
    Shot("child-phone", "sari", ("/cases", "Bayu Saputra"), PHONE, 1300),
    Shot("child-desk", "sari", ("/cases", "Bayu Saputra"), DESK, 1100, lang="en"),
    Shot("form-phone", "sari", ("/cases", "Bayu Saputra", ">Isi formulir", "F05"), PHONE, 1000),
    Shot("decision-desk", "bambang", ("/decisions", "Terima di LKSA: Intan Permata"), DESK, 1000),
    Shot("team-desk", "bambang", ("/team",), DESK, 700),
    Shot("numbers-desk", "yusuf", ("/numbers",), DESK, 1100),
    Shot("house-phone", "halimah", ("/work",), PHONE, 1000),
    Shot("trail-desk", "nadia", ("/trail?kind=moved",), DESK, 1000, lang="en"),
    Shot("breaches-phone", "dian", ("/breaches",), PHONE, 860),
    Shot("referrals-phone", "wahyu", ("/referrals",), PHONE, 720),
    Shot("people-desk", "ratih", ("/admin/people",), DESK, 800),
    Shot("map-dark", "sari", ("/map",), DESK, 1000, scheme="dark"),
    Shot("complaint-phone", "", ("/pengaduan",), PHONE, 1100),
)


@contextmanager
def office() -> Iterator[tuple[str, str]]:
    """Build the demo and serve it; yield its address, and everybody's passphrase."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "casework.sqlite3"
        passphrase = town.build(file, datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1), Parameters(), lambda _: None)
        with served(file) as address:
            yield address, passphrase


def take(browser: Browser, address: str, passphrase: str, shot: Shot) -> bytes:
    """Return a picture of one page, as PNG."""
    window: Any = {"width": shot.width, "height": shot.height}
    context = browser.new_context(viewport=window, base_url=address, color_scheme=shot.scheme)
    tab = context.new_page()
    if shot.who:
        tab.goto("/")
        tab.get_by_label("Nama pengguna").fill(shot.who)
        tab.get_by_label("Kata sandi").fill(passphrase)
        tab.get_by_role("button", name="Masuk", exact=True).click()
    go(tab, shot)
    taken = tab.screenshot(clip={"x": 0, "y": 0, "width": shot.width, "height": shot.height}, full_page=True)
    context.close()
    return small(taken)


def go(tab: Tab, shot: Shot) -> None:
    """Walk to the page, and change to its language there."""
    tab.goto(shot.way[0])
    for step in shot.way[1:]:
        if step.startswith(">"):
            tab.locator("summary", has_text=step[1:]).first.click()
        else:
            tab.get_by_role("link", name=step).first.click()
    if shot.lang == "en":
        tab.get_by_role("link", name="English").click()
    tab.mouse.move(0, 0)


def small(png: bytes) -> bytes:
    """Return the same picture in as few bytes as keep its text sharp."""
    saved = BytesIO()
    Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(saved, "PNG", optimize=True)
    return saved.getvalue()


def main() -> None:
    """Take every picture, or those that are named."""
    folder, named = Path(sys.argv[1]), {*sys.argv[2:]}
    folder.mkdir(parents=True, exist_ok=True)
    with office() as (address, passphrase), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for shot in SHOTS:
            if not named or shot.file in named:
                (folder / f"{shot.file}.png").write_bytes(take(browser, address, passphrase, shot))
        browser.close()


if __name__ == "__main__":
    main()
