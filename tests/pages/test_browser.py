"""The pages in a real browser without JavaScript, on a phone and on a desk: nothing overflows, and the main story clicks through."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Page as Tab

from tests.pages.conftest import Office
from tests.pages.days import PASSWORD, overflow, small_targets, unfold
from tests.pictures import telling

WIDTHS = [390, 1280]
ADMIT = "admit_to_institution"


class Desk:
    """Opens a browser for one person, without JavaScript."""

    def __init__(self, browser: Browser, address: str, width: int) -> None:
        self._browser = browser
        self._address = address
        self._width = width
        self._open: list[BrowserContext] = []

    def __call__(self, username: str) -> Tab:
        context = self._browser.new_context(
            viewport={"width": self._width, "height": 800}, java_script_enabled=False, base_url=self._address
        )
        self._open.append(context)
        tab = context.new_page()
        tab.goto("/")
        tab.get_by_label("Nama pengguna").fill(username)
        tab.get_by_label("Kata sandi").fill(PASSWORD)
        tab.get_by_role("button", name="Masuk").click()
        assert tab.url == f"{self._address}/{'cases' if username == 'nadia' else 'work'}"
        tab.goto("/cases")
        return tab

    def close(self) -> None:
        for context in self._open:
            context.close()


@pytest.fixture(params=WIDTHS)
def desk(browser: Browser, site: tuple[str, Office], request: pytest.FixtureRequest) -> Iterator[Desk]:
    opened = Desk(browser, site[0], request.param)
    yield opened
    opened.close()


def test_no_page_is_wider_than_its_window(desk: Desk, site: tuple[str, Office]) -> None:
    office = site[1]
    case = f"/cases/{office.blocked}"
    seen = {
        "sari": (
            "/work",
            "/cases",
            "/cases/new?name=a&new=1",
            case,
            f"{case}?step={ADMIT}&with=host:{office.lksa}",
            f"{case}/trail",
            f"{case}/identity",
            "/hosts",
            "/hosts/new",
            "/glass",
            *(f"{case}/file/{code}" for code in ("F01", "F02", "F05", "F08", "F19", "F23", "F26")),
            "/tidak-ada",
        ),
        "bambang": (
            *("/work", "/prevention", "/decisions", f"/decisions/{office.request}", case, f"/hosts/{office.lksa}"),
            *("/letters", "/migrations", f"/hosts/{office.lksa}/listed", "/delegations", "/account", f"{case}/glass"),
        ),
        "nadia": ("/trail?verify=1", case),
    }
    for name, addresses in seen.items():
        tab = desk(name)
        for address in addresses:
            tab.goto(address)
            assert overflow(tab) <= 0, address
            assert small_targets(tab) == [], address
            unfold(tab)
            assert overflow(tab) <= 0, f"{address} unfolded"


def test_a_worker_sees_why_an_admission_is_blocked(desk: Desk) -> None:
    tab = desk("sari")
    tab.get_by_label("Nama anak atau nomor kasus").fill("bayu")
    tab.get_by_role("button", name="Cari").click()
    tab.get_by_role("link", name="Bayu Saputra").click()
    step = tab.locator(f"#step-{ADMIT}")
    step.locator("summary").click()
    step.get_by_label("Dengan siapa").select_option(label="LKSA Harapan Mahakam (aktif)")
    step.get_by_role("button", name="Periksa untuk pilihan ini").click()
    step = tab.locator(f"#step-{ADMIT}")
    reasons = step.locator(".reasons")
    assert reasons.get_by_text("Belum semua pilihan pengasuhan keluarga tersingkir.").is_visible()
    assert reasons.get_by_text("orang tua asuh: belum ada lembar opsi (F05)").is_visible()
    assert step.get_by_role("button", name="Lakukan langkah ini").count() == 0
    step.get_by_role("link", name="Isi F05").click()
    tab.get_by_label("Jenjang pengasuhan").select_option(label="Orang tua asuh")
    tab.get_by_role("button", name="Tandatangani").click()
    assert tab.get_by_role("alert").get_by_text("Wajib diisi.").first.is_visible()
    assert tab.get_by_label("Jenjang pengasuhan").input_value() == "foster"


@pytest.mark.parametrize("width", [390])
def test_an_admission_goes_from_request_to_the_institution_by_clicks(browser: Browser, site: tuple[str, Office], width: int) -> None:
    desk = Desk(browser, site[0], width)
    office = site[1]
    for approver in ("bambang", "yusuf"):
        decide(desk(approver), office)
    worker = desk("sari")
    worker.goto(f"/cases/{office.asked}")
    worker.locator(f"#step-{ADMIT}").get_by_role("button", name="Lakukan langkah ini").click()
    assert worker.get_by_role("status").inner_text() == "Langkah dilakukan dan dicatat."
    assert worker.locator(".identity .state").first.inner_text() == "pengasuhan di LKSA"
    assert worker.locator(".ladder .now").inner_text().startswith("4. LKSA")
    placement = worker.locator("#processes article").filter(has_text="Penempatan: LKSA Harapan Mahakam")
    assert placement.locator("h3 .tag").inner_text() == "menunggu berita acara"
    reunification = worker.locator("#processes article").filter(has_text="Reunifikasi")
    reunification.get_by_role("button", name="Mulai penelusuran").click()
    assert reunification.locator("h3 .tag").inner_text() == "penelusuran keluarga"
    for tab in (worker, Desk(browser, site[0], 1280)("sari")):
        tab.goto(f"/cases/{office.asked}")
        unfold(tab)
        assert (overflow(tab), small_targets(tab)) == (0, [])
    worker.get_by_role("link", name="Seluruh jejak, dengan penolakan").click()
    assert "mulai penelusuran (penelusuran keluarga)" in worker.locator(".timeline > li").first.inner_text()
    newest = worker.locator(".timeline > li.moved").first.inner_text()
    assert "Terima di LKSA" in newest
    assert "perencanaan pengasuhan → pengasuhan di LKSA" in newest
    assert "Bambang Nugroho, Yusuf Rahmadi" in newest
    auditor = desk("nadia")
    auditor.locator("details.menu > summary").click()
    auditor.get_by_role("link", name="Jejak audit").click()
    auditor.get_by_role("link", name="Periksa keutuhan seluruh jurnal").click()
    assert "Seluruh jurnal utuh" in auditor.get_by_role("status").inner_text()
    desk.close()


def decide(tab: Tab, office: Office) -> None:
    """Open every piece of evidence, then approve, as an approver does."""
    tab.goto("/decisions")
    tab.get_by_role("link", name="Terima di LKSA: Intan Permata").click()
    evidence = tab.locator("aside .due a")
    for link in [evidence.nth(place).get_attribute("href") for place in range(evidence.count())]:
        tab.goto(str(link))
    tab.goto(f"/decisions/{office.request}")
    assert tab.get_by_text("belum dibuka").count() == 0
    assert tab.locator("input[name=decision]:checked").count() == 0
    tab.get_by_label("Setujui").check()
    tab.get_by_role("button", name="Putuskan").click()
    assert tab.get_by_role("status").inner_text() == "Keputusan dicatat."


@pytest.mark.parametrize("desk", [390], indirect=True)
def test_a_picture_is_added_with_a_telephone_and_opened(desk: Desk, site: tuple[str, Office]) -> None:
    tab = desk("sari")
    tab.goto(f"/cases/{site[1].blocked}")
    tab.get_by_text("Tambah foto").click()
    tab.get_by_label("Foto apa?").select_option("family_card")
    tab.get_by_label("Atau pilih foto").set_input_files({"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": telling()})
    tab.get_by_role("button", name="Simpan foto").click()
    assert "done=picture" in tab.url
    assert overflow(tab) <= 0
    with tab.expect_response("**/picture") as shown:
        tab.get_by_role("link", name="Foto kartu keluarga").first.click()
    assert shown.value.status == 200
    assert shown.value.headers["content-type"] == "image/jpeg"
    assert tab.locator("img").evaluate("picture => picture.naturalWidth") == 480
    assert overflow(tab) <= 0
    tab.locator("main img").click()
    assert tab.locator("img").evaluate("picture => picture.naturalWidth") == 480
