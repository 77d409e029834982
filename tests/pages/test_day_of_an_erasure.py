"""The day on which what is held on a child is destroyed: asked for by the child grown up, years after the case was closed.

The server's clock is as many years ahead as records are kept, so that the whole of it is gone through as it will be then.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.pages.days import WAYS, Day, Person, a_day
from tests.pages.later import later

CHILD, NUMBER = "Gilang Maulana", "KKR-2026-0009"


@pytest.fixture(params=WAYS, ids=str)
def day(browser: Browser, town_built: tuple[Path, str], tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Day]:
    with a_day(browser, town_built[0], tmp_path, request.param, town_built[1], later) as day:
        yield day


def test_what_is_held_on_a_child_is_destroyed_and_the_trail_stays(day: Day) -> None:
    officer = day.enter("dian")
    take_in(officer)
    head = day.enter("yusuf")
    destroy(head)
    what_is_left(head)
    tell_the_auditor(day.enter("nadia"))
    assert day.journal.says("data_requested", "redacted") == [("data_requested", "data_protection_officer"), ("redacted", "dinas_head")]


def take_in(officer: Person) -> None:
    """Who protects the data takes it in, and cannot decide it too."""
    officer.tab.locator("main a[href='/data-requests']").click()
    officer.unfold("Catat permohonan", "Enter a request")
    officer.write(number=NUMBER, name=CHILD)
    officer.choose(kind="erasure", applicant="child", shown="identity_card")
    officer.looks_right()
    officer.press("Catat permohonan", "Enter the request")
    officer.told("Permohonan dicatat; jawab dalam 3x24 jam.", "The request is entered; answer it within 3x24 hours.")
    expect(officer.tab.locator("form[action$='/decision']")).to_have_count(0)


def destroy(head: Person) -> None:
    """What it means stands beside the button, and no basis is preset."""
    head.tab.goto("/data-requests")
    head.told("Tidak dapat dibatalkan", "This is for good")
    basis = head.tab.locator("main select[id^=basis]")
    expect(basis).to_have_value("")
    head.looks_right()
    basis.select_option("retention_over")
    head.press("Hapus dan musnahkan", "Erase and destroy")
    head.told("Permohonan diputuskan.", "The request is decided.")
    expect(head.tab.locator("main")).not_to_contain_text(CHILD)


def what_is_left(head: Person) -> None:
    """No name finds it; by its number the case says what became of it, and leads on."""
    head.tab.goto("/cases?name=Gilang")
    head.told("Tidak ada kasus yang cocok.", "No case matches.")
    head.tab.goto(f"/cases?name={NUMBER}")
    head.tab.locator("#found .title a").first.click()
    head.told("Data anak sudah dihapus", "The child's data were erased")
    expect(head.tab.locator("body")).not_to_contain_text(CHILD)
    head.looks_right()
    head.press("Kembali", "Back")
    expect(head.tab.locator("h1")).to_have_text(head.w("Pekerjaan saya", "My work"))


def tell_the_auditor(auditor: Person) -> None:
    """The whole journal still agrees with itself, and says that it was done."""
    auditor.tab.goto("/trail?verify=1&kind=redacted")
    auditor.told("Seluruh jurnal utuh", "The whole journal is intact")
    auditor.told("Data anak dihapus dan dimusnahkan", "The child's data erased and destroyed")
