"""A session that ends in the middle of something: a picture, a list that goes on, a choice that is checked. Nothing is lost unsaid."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests.pages.conftest import Office
from tests.pages.days import WAYS, Doors, Person, Way, age
from tests.pages.test_browser import ADMIT
from tests.pictures import photo

LARGE = FilePayload(name="IMG_2.jpg", mimeType="image/jpeg", buffer=photo(31) + b"\0" * 4_000_000)
"""As large as a telephone makes them: an answer that comes before it was read must reach the browser all the same."""


@pytest.fixture
def people(browser: Browser, site: tuple[str, Office]) -> Iterator[Doors]:
    doors = Doors(browser, site[0])
    yield doors
    doors.close()


def choose_a_picture(worker: Person, office: Office, picture: FilePayload) -> None:
    """Choose a picture, and let the session end before it is sent."""
    worker.tab.goto(f"/cases/{office.blocked}")
    worker.unfold("Tambah foto", "Add a picture")
    worker.tab.locator("#picture-kind").select_option("visit")
    worker.tab.locator("#picture-file").set_input_files(picture)
    age(office.file, "sari", "seen_at")
    worker.press("Simpan foto", "Save the picture")


def test_a_picture_sent_too_late_is_said_to_be_chosen_anew_where_pictures_are_chosen(people: Doors, site: tuple[str, Office]) -> None:
    worker = people("sari", WAYS[0])
    choose_a_picture(worker, site[1], LARGE)
    worker.told("Foto belum tersimpan", "The picture was not saved")
    worker.looks_right()
    worker.enter("sari")
    expect(worker.tab).to_have_url(f"{site[0]}/cases/{site[1].blocked}#picture-kind")
    expect(worker.tab.locator("#picture-kind")).to_be_in_viewport()


def test_a_picture_stays_chosen_in_its_page_and_is_sent_after_signing_in_beside_it(people: Doors, site: tuple[str, Office]) -> None:
    worker = people("sari", Way(390, "id", scripts=True))
    picture = FilePayload(name="IMG_3.jpg", mimeType="image/jpeg", buffer=photo(33))
    choose_a_picture(worker, site[1], picture)
    ended = worker.tab.locator("[data-told=ended]")
    expect(ended).to_contain_text("Sesi Anda berakhir. Jangan tutup halaman ini")
    with worker.context.expect_page() as beside:
        ended.get_by_role("link").click()
    worker.enter("sari", beside.value)
    worker.press("Simpan foto", "Save the picture")
    worker.told("Foto tersimpan.", "The picture is saved.")


def test_a_list_goes_on_at_the_door_and_not_in_its_place(people: Doors, site: tuple[str, Office]) -> None:
    auditor = people("nadia", WAYS[1])
    tab = auditor.tab
    tab.goto("/trail")
    entries = tab.locator("#found .timeline > li")
    shown = entries.count()
    auditor.press("Entri sebelumnya", "Older entries")
    expect(entries.nth(shown)).to_be_visible()
    tab.goto("/trail")
    age(site[1].file, "nadia", "seen_at")
    auditor.press("Entri sebelumnya", "Older entries")
    expect(tab.locator("#username")).to_be_visible()
    expect(entries).to_have_count(0)
    expect(tab).to_have_url(f"{site[0]}/?back=/trail")
    auditor.enter("nadia")
    expect(tab).to_have_url(f"{site[0]}/trail")
    expect(entries).to_have_count(shown)


def test_a_choice_checked_too_late_is_checked_after_signing_in(people: Doors, site: tuple[str, Office]) -> None:
    worker, office = people("sari", WAYS[1]), site[1]
    worker.tab.goto(f"/cases/{office.blocked}")
    step = worker.tab.locator(f"#step-{ADMIT}")
    step.locator("summary").first.click()
    step.locator("select").select_option(f"host:{office.lksa}")
    age(office.file, "sari", "seen_at")
    worker.press("Periksa untuk pilihan ini", "Check for this choice", f"#step-{ADMIT}")
    worker.told("Sesi Anda berakhir", "Your session has ended")
    worker.enter("sari")
    worker.press("Kirim sekarang", "Send it now")
    expect(step).to_contain_text("with: LKSA Harapan")
