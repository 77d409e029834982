"""A day of a social worker and a morning of a supervisor in a real browser: with and without JavaScript, on a telephone and on a desk.

One server and one office for all of it. Clicks are counted and pages are weighed as they go over the wire.
"""

import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from tests.pages.conftest import Office
from tests.pages.days import WAYS, Doors, Person, Way, age, overflow, unfold
from tests.pages.test_browser import ADMIT
from tests.pictures import photo

FIRST, LATER = 40 * 1024, 15 * 1024
"""Bytes over the wire: the first page that somebody opens with all that it loads, and every later one."""
KEPT = "new Promise(done => { const look = () => Object.keys(sessionStorage).length ? done() : setTimeout(look, 50); look() })"
"""Waits until a window keeps something."""
SAID = "Ditemui di rumah paman; anak ingin pulang."
MORE = "Ibu menangis di dapur."


@pytest.fixture
def people(browser: Browser, site: tuple[str, Office]) -> Iterator[Doors]:
    doors = Doors(browser, site[0])
    yield doors
    doors.close()


class Scale:
    """Weighs what a window loads, as it goes over the wire: headers, and bodies as they are packed."""

    def __init__(self, person: Person) -> None:
        self._bytes = 0
        self._speaking = person.context.new_cdp_session(person.tab)
        self._speaking.send("Network.enable")
        self._speaking.on("Network.loadingFinished", self._weigh)
        self._tab = person.tab

    def _weigh(self, loaded: dict[str, float]) -> None:
        self._bytes += int(loaded["encodedDataLength"])

    def __call__(self, address: str, *, first: bool = False) -> int:
        """Open a page, as the first of this telephone or as a later one, and return how many bytes came."""
        if first:
            self._speaking.send("Network.clearBrowserCache")
        self._bytes = 0
        self._tab.goto(address)
        return self._bytes


def test_every_page_is_light_for_a_telephone_with_a_bad_line(people: Doors, site: tuple[str, Office]) -> None:
    case = f"/cases/{site[1].blocked}"
    seen = {
        "sari": ("/work", "/cases", "/cases/new?name=a&new=1", case, f"{case}/file/F08"),
        "bambang": (f"/decisions/{site[1].request}", f"/hosts/{site[1].lksa}"),
        "nadia": ("/trail",),
    }
    heavy = {}
    for name, addresses in seen.items():
        scale = Scale(people(name))
        for address in addresses:
            first, later = scale(address, first=True), scale(address)
            sys.stdout.write(f"{first:7,} {later:7,}  {name} {address.replace(site[1].blocked, '…')}\n")
            if first > FIRST or later > LATER:
                heavy[address] = (first, later)
    assert heavy == {}


def register(worker: Person, child: str) -> None:
    """Search with a spelling mistake, see who is there already, and register somebody else."""
    worker.clicks = 0
    worker.press("Daftarkan laporan", "Register a report")
    worker.tab.locator("#name").fill("Baju Sapoetra")
    worker.press("Cari", "Search")
    worker.told("Bayu Saputra", "Bayu Saputra")
    worker.told("kasus terbuka", "open case")
    worker.looks_right()
    worker.clicks -= 1
    worker.tab.locator("#name").fill(child)
    worker.press("Cari", "Search")
    worker.press("Bukan mereka: anak baru", "None of these: a new child")
    tab = worker.tab
    for name, value in (("child.sex", "female"), ("immediate_danger", "no"), ("known_to_rt", "yes"), ("known_to_village", "yes")):
        tab.locator(f"input[name='{name}'][value={value}]").check()
    for name, value in (("source", "community"), ("contact_initiated_by", "community")):
        tab.locator(f"select[name={name}]").select_option(value)
    for name in ("referrer", "chronology", "child_location"):
        tab.locator(f"[name={name}]").fill("Ketua RT 04")
    worker.press("Daftarkan dan tandatangani F01", "Register and sign F01")
    worker.told("Kasus terdaftar.", "The case is registered.")
    assert worker.clicks <= 4
    worker.looks_right()


def lose_the_session(worker: Person, office: Office) -> None:
    """Keep a draft, go on, have the session end meanwhile: all that was typed is there after signing in, and is kept again."""
    form = f"/cases/{office.blocked}/file/F15"
    child_view = worker.tab.locator("[name=child_view]")
    worker.tab.goto(form)
    child_view.fill(SAID)
    worker.press("Simpan rancangan", "Keep as a draft")
    worker.told("Rancangan disimpan", "The draft is kept")
    worker.tab.goto(form)
    expect(child_view).to_have_value(SAID)
    child_view.fill(f"{SAID} {MORE}")
    worker.tab.locator("input[name=concern][value=yes]").check()
    age(office.file, "sari", "seen_at")
    worker.press("Tandatangani", "Sign")
    worker.told("Sesi Anda berakhir", "Your session has ended")
    worker.looks_right()
    worker.enter("sari")
    worker.looks_right()
    worker.press("Buka lagi isian saya", "Open what I typed again")
    expect(child_view).to_have_value(f"{SAID} {MORE}")
    expect(worker.tab.locator("input[name=concern]:checked")).to_have_value("yes")
    child_view.fill("")
    worker.press("Simpan rancangan", "Keep as a draft")
    worker.told("Rancangan disimpan", "The draft is kept")


def photograph(worker: Person) -> None:
    shade = 100 + WAYS.index(worker.way)
    worker.tab.get_by_text(worker.w("Tambah foto", "Add a picture")).click()
    worker.tab.locator("#picture-kind").select_option("family_card")
    worker.tab.locator("#picture-camera").set_input_files({"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photo(shade)})
    worker.press("Simpan foto", "Save the picture")
    worker.told("Foto tersimpan.", "The picture is saved.")


def ask(worker: Person, office: Office) -> None:
    """Choose with whom, look what is missing, ask for the approvals, and take it back."""
    worker.tab.goto(f"/cases/{office.blocked}")
    step = worker.tab.locator(f"#step-{ADMIT}")
    step.locator("summary").first.click()
    step.locator("select").select_option(f"host:{office.lksa}")
    worker.press("Periksa untuk pilihan ini", "Check for this choice", f"#step-{ADMIT}")
    expect(step).to_contain_text(worker.w("dengan: LKSA Harapan", "with: LKSA Harapan"))
    expect(step.locator(".reasons")).to_contain_text("F05")
    expect(step.locator("select")).to_have_value(f"host:{office.lksa}")
    worker.press("Minta persetujuan", "Request approval", f"#step-{ADMIT}")
    worker.told("Persetujuan diminta.", "Approval is requested.")
    worker.press("Tarik permohonan", "Withdraw the request", f"#step-{ADMIT}")
    worker.told("Permohonan ditarik.", "The request is withdrawn.")


def agree(worker: Person, office: Office) -> None:
    """Write down that the mother agrees to a referral."""
    tab = worker.tab
    tab.goto(f"/cases/{office.blocked}/file/F22")
    tab.locator("input[name=purposes][value=referral]").check()
    tab.locator("select[name=giver]").select_option("mother")
    for name in ("given_by", "explanation_given"):
        tab.locator(f"[name={name}]").fill("Rohani, dijelaskan di rumahnya")
    worker.press("Tandatangani", "Sign")
    worker.told("Formulir ditandatangani.", "The form is signed.")


def refer(worker: Person, office: Office) -> None:
    tab = worker.tab
    tab.goto(f"/cases/{office.blocked}")
    worker.clicks = 0
    worker.press("Rujuk", "Refer")
    for name in ("sender", "need", "consent"):
        tab.locator(f"[name={name}]").fill("Pemeriksaan kesehatan di Puskesmas.")
    tab.locator("select[name=receiver]").select_option(index=1)
    tab.locator("input[name=urgency][value=normal]").check()
    tab.locator("select[name=onward_setting]").select_option("service")
    tab.locator("[name=shared]").fill("nama dan umur")
    worker.looks_right()
    worker.press("Tandatangani", "Sign")
    worker.told("Formulir ditandatangani.", "The form is signed.")
    worker.press("Kirim rujukan", "Send the referral", "#processes")
    worker.told("Langkah dilakukan dan dicatat.", "The step is made and recorded.")
    assert worker.clicks <= 3, "and one to open the child's page"
    unfold(tab)
    worker.press("Batalkan rujukan", "Cancel the referral", "#processes")
    expect(tab.get_by_role("button", name=worker.w("Batalkan rujukan", "Cancel the referral"))).to_have_count(0)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_day_of_a_social_worker(people: Doors, site: tuple[str, Office], way: Way) -> None:
    worker, office = people("sari", way), site[1]
    expect(worker.tab).to_have_url(f"{site[0]}/work")
    register(worker, f"Citra Ayu {way.language} {'naskah' if way.scripts else 'polos'}")
    lose_the_session(worker, office)
    photograph(worker)
    ask(worker, office)
    agree(worker, office)
    refer(worker, office)
    worker.clicks = 0
    worker.tab.goto(f"/cases/{office.blocked}")
    worker.press("Seluruh jejak, dengan penolakan", "The whole trail, with refusals")
    assert worker.clicks == 1
    worker.looks_right()
    worker.press("Keluar", "Sign out", "header.top")
    expect(worker.tab.locator("#username")).to_be_visible()


def kept_in_window(tab: Tab) -> str:
    """Return everything that a window keeps."""
    return str(tab.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])"))


def test_a_lost_signal_loses_nothing_and_does_nothing_twice(people: Doors, site: tuple[str, Office]) -> None:
    worker, form = people("sari"), f"/cases/{site[1].blocked}/file/F06"
    tab, told = worker.tab, worker.tab.locator("[data-told]:visible")
    said = tab.locator("textarea").first
    tab.goto(form)
    key = tab.locator("main form [name=key]").input_value()
    worker.context.set_offline(True)
    said.fill(SAID)
    worker.press("Simpan rancangan", "Keep as a draft")
    expect(told).to_contain_text("Tidak ada sinyal")
    expect(said).to_have_value(SAID)
    assert "kept:" in kept_in_window(tab)
    assert SAID[:10] not in kept_in_window(tab)
    worker.context.set_offline(False)
    expect(told).to_contain_text("Sinyal kembali")
    tab.goto("/work")
    tab.goto(form)
    expect(told).to_contain_text("belum terkirim")
    tab.get_by_role("button", name="Pulihkan").click()
    expect(said).to_have_value(SAID)
    assert tab.locator("main form [name=key]").input_value() == key
    worker.press("Simpan rancangan", "Keep as a draft")
    worker.told("Rancangan disimpan", "The draft is kept")
    assert "kept:" not in kept_in_window(tab)
    tab.goto(form)
    expect(said).to_have_value(SAID)


def test_a_long_form_keeps_itself_as_a_draft(people: Doors, site: tuple[str, Office]) -> None:
    worker, form = people("sari"), f"/cases/{site[1].asked}/file/F06"
    tab, told = worker.tab, worker.tab.locator("[data-told]:visible")
    tab.clock.install()
    tab.goto(form)
    tab.locator("textarea").first.fill(SAID)
    tab.clock.fast_forward(61_000)
    expect(told).to_contain_text("Rancangan tersimpan otomatis")
    with worker.context.new_page() as elsewhere:
        elsewhere.goto(form)
        expect(elsewhere.locator("textarea").first).to_have_value(SAID)
    tab.locator("textarea").first.fill(MORE)
    age(site[1].file, "sari", "seen_at")
    tab.clock.fast_forward(61_000)
    expect(told).to_contain_text("Sesi Anda berakhir")
    expect(tab.locator("textarea").first).to_have_value(MORE)


def test_nothing_stays_on_a_shared_telephone(people: Doors, site: tuple[str, Office]) -> None:
    worker, form = people("sari"), f"/cases/{site[1].blocked}/file/F08"
    tab = worker.tab
    for windows_left in (tab, worker.context.new_page()):
        windows_left.goto(form)
        windows_left.locator("textarea").first.fill(SAID)
        windows_left.evaluate(KEPT)
    other = worker.context.pages[1]
    worker.press("Keluar", "Sign out", "header.top")
    expect(tab.locator("#username")).to_be_visible()
    assert kept_in_window(tab) == "[{},{}]"
    other.goto("/")
    assert SAID not in kept_in_window(other)
    worker.enter("rina", other)
    assert kept_in_window(other) == "[{},{}]"


def test_what_one_person_left_is_nothing_to_the_next(people: Doors, site: tuple[str, Office]) -> None:
    worker, form = people("sari"), f"/cases/{site[1].blocked}/file/F08"
    tab = worker.tab
    tab.goto(form)
    tab.locator("textarea").first.fill(SAID)
    tab.evaluate(KEPT)
    age(site[1].file, "sari", "seen_at")
    tab.goto("/work")
    worker.enter("bambang")
    expect(tab).to_have_url(f"{site[0]}/work")
    assert kept_in_window(tab) == "[{},{}]"


def test_two_windows_that_decide_the_same_request(people: Doors, site: tuple[str, Office]) -> None:
    supervisor, address = people("bambang"), f"/decisions/{site[1].request}"
    first, second = supervisor.tab, supervisor.context.new_page()
    evidence = first.locator("aside .due a")
    first.goto(address)
    for link in [evidence.nth(place).get_attribute("href") for place in range(evidence.count())]:
        first.goto(str(link))
    first.goto("/work")
    supervisor.clicks = 0
    first.locator(f"a[href='{address}']").click()
    second.goto(address)
    second.locator("input[value=return]").check()
    second.locator("[name=reason]").fill("Lengkapi dahulu rencana kunjungan.")
    first.get_by_label("Setujui").check()
    supervisor.clicks += 2
    supervisor.press("Putuskan", "Decide")
    supervisor.told("Keputusan dicatat.", "The decision is recorded.")
    assert supervisor.clicks == 3
    second.get_by_role("button", name="Putuskan").click()
    expect(second.locator("main")).to_contain_text("Sejak Anda membuka halaman itu, orang lain mengubah kasus ini")
    expect(second.locator("main")).to_contain_text("Lengkapi dahulu rencana kunjungan.")
    assert overflow(second) == 0
