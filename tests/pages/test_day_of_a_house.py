"""A day of the head of an LKSA: who is asked for, accepted and declined; minutes, the month of a child, an incident; the house itself."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from casework.machines.facts import WITA
from casework.machines.parameters import Parameters
from casework.store.store import Store
from tests.pages.conftest import NOW, Office, told
from tests.pages.days import TURNED, Day, Person, a_day
from tests.pages.serving import copy_of

OFFERED: dict[str, Any] = {"after": ["care_planning"], "params": {}, "step": ({"do": "offer", "host": "harapan"},)}
UNWRITTEN = ("berita acara penerimaan", "kunjungan pertama", "dokumen identitas")
"""What the story of an admitted child leaves out, so that the house has it to do."""
WHY = "Kamar anak laki-laki penuh sampai Januari."
YESTERDAY = f"{(NOW - timedelta(days=1)).astimezone(WITA):%Y-%m-%d}"


@pytest.fixture(scope="module")
def housed(built: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The office, with two children whom LKSA Harapan is asked to take, one who was admitted without minutes, and one of no house."""
    file = copy_of(built.file, tmp_path_factory.mktemp("housed"))
    store = Store(str(file), Parameters())
    for name, sex in (("Laras Wulan", "female"), ("Tono Saputra", "male")):
        told(store, built.cast, child(name, sex), **OFFERED)
    told(store, built.cast, child("Citra Ayu", "female"), after=["institutional_care"], without=UNWRITTEN)
    told(store, built.cast, child("Anak Lain", "male"), after=["reported"], params={})
    store.close()
    return file


def child(name: str, sex: str) -> dict[str, str]:
    return {"name": name, "sex": sex, "born": "2014-01-05", "mother_name": "Rohana", "father_name": "Jamhari"}


@pytest.fixture(params=TURNED, ids=str)
def day(browser: Browser, housed: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Day]:
    with a_day(browser, housed, tmp_path, request.param) as day:
        yield day


def test_a_day_of_the_head_of_a_house(day: Day) -> None:
    head = day.enter("halimah")
    answer(head)
    sign_the_minutes(head)
    report_the_month(head)
    report_an_incident(head)
    look_at_the_house(head)
    day.enter("bambang").told("Pilah laporan insiden: Citra Ayu", "Triage the report of an incident: Citra Ayu")
    by = "lksa_head"
    assert day.journal.says("host_answered", "record_signed", "refused: host_answered") == [
        ("host_answered", by),
        ("host_answered", by),
        ("record_signed", by),
        ("record_signed", by),
        ("record_signed", by),
    ]


def answer(head: Person) -> None:
    """The first page names who is asked for and leads to where it is answered; declining needs its reason, and says so."""
    head.told("Menunggu jawaban Anda: terima atau tolak", "Waits for your answer: accept or decline")
    head.told("19 dari 20 tempat kosong", "19 of 20 places free")
    head.looks_right()
    head.press("Laras Wulan", "Laras Wulan")
    expect(head.tab.get_by_role("button", name=head.w("Terima", "Accept"), exact=True)).to_be_in_viewport()
    head.press("Terima", "Accept")
    head.told("Jawaban dicatat.", "The answer is recorded.")
    head.tab.goto("/work")
    head.press("Tono Saputra", "Tono Saputra")
    head.press("Tolak", "Decline")
    head.told("Tulis alasan penolakan.", "Write why it is declined.")
    head.write(reason=WHY)
    head.press("Kirim lagi", "Send again")
    head.told("Penolakan dicatat, dengan alasannya.", "That you decline is recorded, with its reason.")
    expect(head.tab.get_by_role("link", name="Tono Saputra")).to_have_count(0)


def sign_the_minutes(head: Person) -> None:
    """What is owed leads to the child, and from there to its form; who has not signed is named in words."""
    tab = head.tab
    tab.goto("/work")
    tab.locator("main .lines a", has_text="F11").click()
    head.told("pengasuhan di LKSA", "institutional care")
    head.press("Isi F11", "Fill in F11", ".due li:has-text('F11')")
    tab.locator("select[name=host]").select_option(index=1)
    head.write(received_at=f"{YESTERDAY}T10:00", handed_over_by="Sari Wulandari", received_by="Halimah Nur")
    head.write(child_condition="Sehat, tenang.", medical_check="Diperiksa di Puskesmas.", approval_reference="SK 460/12")
    head.choose(child_informed_of_service="yes", child_informed_of_rights="yes", child_informed_of_complaints="yes")
    head.choose(signatures__0__role="lksa_head", signatures__1__role="social_worker")
    head.write(signatures__0__name="Halimah Nur", signatures__1__name="Sari Wulandari")
    head.press("Tandatangani", "Sign")
    head.told("Belum ada tanda tangan: saksi.", "Signature missing: witness.")
    head.looks_right()
    head.choose(signatures__2__role="witness")
    head.write(signatures__2__name="Ketua RT 04")
    head.press("Tandatangani", "Sign")
    head.told("Formulir ditandatangani.", "The form is signed.")
    expect(tab.locator(".due li", has_text="F11")).to_have_count(0)


def report_the_month(head: Person) -> None:
    head.press("Isi F27", "Fill in F27", ".due li:has-text('F27')")
    head.write(period_from=YESTERDAY, period_to=YESTERDAY, health="Sehat.", education="Masuk setiap hari.")
    head.write(social_emotional="Mulai berteman.", family_contact="Ibu menelepon.", child_view="Senang, rindu adik.")
    head.choose(concern="yes")
    head.press("Tandatangani", "Sign")
    head.told("Tuliskan kekhawatirannya.", "Write what the concern is.")
    head.write(concern_text="Sering bangun malam.")
    head.press("Tandatangani", "Sign")
    head.told("Formulir ditandatangani.", "The form is signed.")


def report_an_incident(head: Person) -> None:
    head.press("Laporkan insiden", "Report an incident")
    head.choose(type="physical")
    head.write(happened_at=f"{YESTERDAY}T19:30", what_happened="Dipukul teman sekamar.", immediate_action="Dipisahkan, diperiksa.")
    accused = head.tab.get_by_role("group", name=head.w("Petugas yang dilaporkan", "Staff accused"))
    accused.get_by_label("Dewi Kartika (LKSA Harapan Mahakam)").check()
    head.looks_right()
    head.press("Tandatangani", "Sign")
    head.told("Formulir ditandatangani.", "The form is signed.")
    expect(head.tab.locator("#records li.signed", has_text="F17")).to_contain_text("Halimah Nur")


def look_at_the_house(head: Person) -> None:
    """Its own children and nobody else's; its own staff, places and papers."""
    head.go("Kasus", "Cases")
    head.told("Citra Ayu", "Citra Ayu")
    expect(head.tab.locator("main")).not_to_contain_text("Anak Lain")
    head.go("Tempat asuh", "Places of care")
    expect(head.tab.locator("main .lines > li")).to_have_count(1)
    head.press("LKSA Harapan Mahakam", "LKSA Harapan Mahakam")
    head.told("Dewi Kartika", "Dewi Kartika")
    head.told("lolos pemeriksaan", "cleared")
    head.looks_right()
