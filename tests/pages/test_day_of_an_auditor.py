"""A day of an auditor: the trail, a case as it stood, whether it is whole, what to look at first, a review that is signed off, a file."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from casework.machines.parameters import Parameters
from casework.services import people
from casework.store.call import Call, Seat, Who
from casework.store.store import Store
from tests.pages.days import CROSSED, Day, Person, a_day
from tests.pages.serving import copy_of

NOTES = "Semua persetujuan bulan ini diperiksa."
FOUND = "#found .timeline > li"


@pytest.fixture(scope="module")
def two_auditors(town_built: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo town, with somebody who signs off what Nadia reviewed."""
    file = copy_of(town_built[0], tmp_path_factory.mktemp("audited"))
    store = Store(str(file), Parameters())
    admin = Who(person="installation", account="installation", name="installation", seats=(Seat("admin", ""),))
    call = Call(who=admin, at=datetime.now(UTC))
    office = people.create_office(store, call, "Inspektorat Provinsi (contoh)", "inspectorate")
    seats = (Seat("auditor", office),)
    people.create_account(store, call, people.NewAccount(username="tirta", password=town_built[1], seats=seats, name="Tirta Wijaya"))
    store.close()
    return file


@pytest.fixture(params=CROSSED, ids=str)
def day(
    browser: Browser, two_auditors: Path, town_built: tuple[Path, str], tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Day]:
    with a_day(browser, two_auditors, tmp_path, request.param, town_built[1]) as day:
        yield day


def test_a_day_of_an_auditor(day: Day) -> None:
    auditor = day.enter("nadia")
    look_at_a_case_as_it_stood(auditor)
    check_the_chain(auditor)
    follow_an_exception(auditor)
    review = filter_and_review(auditor)
    have_it_signed_off(day.enter("tirta"), review)
    take_it_out(auditor)
    assert day.journal.says("review_saved", "review_signed", "exported", "record_signed", "moved", "approval_given") == [
        ("review_saved", "auditor"),
        ("review_signed", "auditor"),
        ("exported", "auditor"),
    ]


def look_at_a_case_as_it_stood(auditor: Person) -> None:
    """The name is masked; the trail leads to the file as it was then, entry by entry."""
    tab = auditor.tab
    expect(tab.locator("main")).not_to_contain_text("Putri Handayani")
    auditor.press("P. H.", "P. H.")
    auditor.told("Nama disamarkan untuk peran Anda.", "Names are masked for your role.")
    auditor.looks_right()
    auditor.press("Seluruh jejak, dengan penolakan", "The whole trail, with refusals")
    tab.locator("main a[href$='/past']").click()
    auditor.told("pengasuhan di LKSA", "institutional care")
    for _ in range(2):
        tab.locator("main .lede a").first.click()
    auditor.told("entri berikutnya", "the next entry")
    auditor.looks_right()
    tab.goto(tab.url.partition("?")[0] + "?entry=1")
    auditor.told("Sesudah entri 1", "After entry 1")
    auditor.told("dilaporkan", "reported")
    auditor.told("belum ditugaskan", "nobody yet")


def check_the_chain(auditor: Person) -> None:
    auditor.go("Jejak audit", "Audit trail")
    auditor.press("Periksa keutuhan seluruh jurnal", "Verify the whole journal")
    auditor.told("Seluruh jurnal utuh", "The whole journal is intact")
    auditor.told("10 kasus diperiksa; sidik, rantai, dan aturan cocok.", "10 cases were checked; hashes, chains and rules agree.")
    auditor.looks_right()


def follow_an_exception(auditor: Person) -> None:
    """Who approves everything: how often, why that is looked at, and the trail of that person."""
    auditor.press("Pengecualian: yang perlu dilihat lebih dulu", "Exceptions: what to look at first")
    auditor.tab.locator("main nav a[href*='kind=never_refused']").click()
    auditor.told("Bambang Nugroho", "Bambang Nugroho")
    auditor.looks_right()
    auditor.press("Jejak orang ini", "The trail of this person")
    expect(auditor.tab.locator(FOUND).first).to_contain_text("Bambang Nugroho")


def filter_and_review(auditor: Person) -> str:
    """What was filtered is what the review holds; its notes are the auditor's own, and no signature of theirs is asked for."""
    auditor.choose(kind="approval_given")
    auditor.press("Saring", "Filter")
    auditor.tab.wait_for_url(re.compile("kind=approval_given"))
    every = auditor.tab.locator(FOUND)
    assert every.count() == every.locator(".what", has_text=auditor.w("Disetujui", "Approved")).count() > 0
    auditor.unfold("Simpan saringan ini sebagai pemeriksaan", "Save this selection as a review")
    auditor.write(notes=NOTES)
    auditor.press("Simpan pemeriksaan", "Save the review")
    auditor.told("Jejak yang diperiksa masih utuh", "The trail that was reviewed is still whole")
    auditor.told("belum disahkan", "not signed off")
    auditor.told("Bambang Nugroho", "Bambang Nugroho")
    expect(auditor.tab.locator("form[action$='/signature']")).to_have_count(0)
    auditor.looks_right()
    return auditor.tab.url


def have_it_signed_off(other: Person, review: str) -> None:
    other.go("Jejak audit", "Audit trail")
    other.press("Pemeriksaan jejak", "Reviews of the trail")
    other.tab.locator("main .lines a").first.click()
    expect(other.tab).to_have_url(review.partition("?")[0])
    other.told(NOTES, NOTES)
    other.press("Lihat entrinya di jejak", "See its entries in the trail")
    other.tab.wait_for_url(re.compile(r"/trail\?"))
    assert other.tab.locator(FOUND).count() == other.tab.locator(FOUND, has_text="Bambang Nugroho").count() > 0
    other.tab.go_back()
    other.press("Sahkan pemeriksaan ini", "Sign this review off")
    other.told("Tirta Wijaya", "Tirta Wijaya")
    expect(other.tab.locator("main form")).to_have_count(0)


def take_it_out(auditor: Person) -> None:
    """A file without names; that it was taken is an entry of what it was taken from."""
    auditor.go("Jejak audit", "Audit trail")
    auditor.unfold("Ambil jurnal sebagai berkas", "Take the journal out as a file")
    with auditor.tab.expect_download() as saved:
        auditor.press("Ambil berkas", "Take the file")
    text = saved.value.path().read_text("utf-8-sig")
    assert list(csv.DictReader(io.StringIO(text)))
    assert "Bambang" not in text
    auditor.tab.goto("/trail?kind=exported")
    expect(auditor.tab.locator(FOUND).first).to_contain_text("Nadia Safitri")
