"""A day of a TKSK: what is asked, a visit, a tracing, a check of facts, a report of a child seen on the way; and who asked them."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from casework.machines.facts import WITA
from tests.pages.days import Day, Person


def test_a_day_of_a_tksk(day: Day) -> None:
    officer = day.enter("iwan")
    visit(officer)
    trace(officer)
    check(officer)
    officer.told("Tidak ada pekerjaan yang menunggu Anda.", "No work waits for you.")
    report(officer)
    supervisor = day.enter("bambang")
    ask_and_take_back(supervisor, officer)
    field = ("field_asked", "field_ended", "record_signed", "record_verified", "case_registered")
    assert day.journal.says(*field) == [
        ("record_signed", "tksk"),
        ("record_signed", "tksk"),
        ("record_verified", "tksk"),
        ("case_registered", "tksk"),
        ("field_asked", "supervisor"),
        ("field_ended", "supervisor"),
    ]


def begin(officer: Person, indonesian: str, english: str, child: str) -> str:
    """From the first page to the child: what is asked stands on top, with what the visitor needs to know."""
    officer.press(f"{indonesian}: {child}", f"{english}: {child}")
    officer.told("Yang diminta dari Anda", "What you are asked to do")
    officer.looks_right()
    return officer.tab.url


def gone(officer: Person, address: str) -> None:
    """Once it is done the child is not there any more, by any way."""
    expect(officer.tab).to_have_url(f"{officer.tab.url.split('/work')[0]}/work?done={officer.tab.url.partition('done=')[2]}")
    answer = officer.tab.request.get(address)
    assert answer.status == 404


def visit(officer: Person) -> None:
    """A draft is kept over another page, and the signed note ends what was asked."""
    officer.told("Yang diminta dari Anda di lapangan.", "What you are asked to do in the field.")
    officer.looks_right()
    case = begin(officer, "Kunjungi rumah, tulis catatannya (F15)", "Visit the home, write the note (F15)", "Dewi Lestari")
    officer.told("sudah kembali berjualan", "sudah kembali berjualan")
    officer.press("Tulis F15", "Write F15")
    officer.looks_right()
    officer.write(visit="1", school="Masuk setiap hari.", health="Sehat.")
    officer.press("Simpan rancangan", "Keep as a draft", "main .act")
    officer.told("hanya Anda yang melihatnya", "only you see it")
    officer.press("Tulis F15", "Write F15")
    expect(officer.tab.locator("[name=school]")).to_have_value("Masuk setiap hari.")
    officer.choose(seen_alone="yes", safety="safe", concern="no")
    officer.write(relations="Dekat dengan ibunya.", support_delivered="-", child_view="Ingin tetap di rumah.")
    officer.press("Tandatangani", "Sign")
    officer.told("Formulir ditandatangani.", "The form is signed.")
    gone(officer, case)


def trace(officer: Person) -> None:
    """Only what was tried is asked; without an attempt the page says so."""
    case = begin(officer, "Telusuri keluarga, catat yang dicoba (F05)", "Trace the family, log what was tried (F05)", "Bayu Saputra")
    officer.press("Tulis F05", "Write F05")
    officer.told("Menilai pilihan itu pekerjaan pekerja sosial.", "Weighing the option is the social worker")
    expect(officer.tab.locator("[name=status], [name=code], [name=assessed_suitable]")).to_have_count(0)
    officer.looks_right()
    officer.choose(rung="kin")
    officer.press("Tandatangani", "Sign")
    officer.told("Tulis apa yang dicoba, sekurang-kurangnya satu.", "Write what was tried, at least one attempt.")
    officer.write(attempts__0__on=datetime.now(UTC).astimezone(WITA).date().isoformat(), attempts__0__result="Paman pindah ke Balikpapan.")
    officer.choose(attempts__0__method="community")
    officer.press("Tandatangani", "Sign")
    officer.told("Formulir ditandatangani.", "The form is signed.")
    gone(officer, case)


def check(officer: Person) -> None:
    case = begin(
        officer, "Cocokkan fakta di lapangan, lalu verifikasi F05", "Check the facts on the spot, then verify F05", "Fajar Ramadhan"
    )
    officer.tab.locator("main .card ul.links a").first.click()
    officer.looks_right()
    officer.press("Verifikasi: sesuai dengan sumbernya", "Verify: it agrees with its sources")
    officer.told("Catatan diverifikasi.", "The record is verified.")
    gone(officer, case)


def report(officer: Person) -> None:
    """The register is searched first; what becomes of the report is told without the case."""
    officer.press("Daftarkan laporan", "Register a report")
    officer.write(name="Yusran Kecil")
    officer.press("Cari", "Search")
    officer.press("Bukan mereka: anak baru", "None of these: a new child")
    officer.looks_right()
    officer.choose(child__sex="male", source="community", immediate_danger="no", contact_initiated_by="community")
    officer.choose(known_to_rt="yes", known_to_village="no")
    officer.write(
        referrer="Pak RT 04", referrer_contact="0812", legal_guardian="-", chronology="Tidur di dermaga.", child_location="Dermaga"
    )
    officer.press("Daftarkan dan tandatangani F01", "Register and sign F01")
    officer.told("diterima, menunggu pekerja sosial", "received, waiting for a social worker")
    officer.told("Y. K.", "Y. K.")
    officer.told("Tenggarong", "Tenggarong")
    officer.looks_right()


def ask_and_take_back(supervisor: Person, officer: Person) -> None:
    """Who leads asks on the child's page, for a day that is near, and may take it back."""
    supervisor.tab.goto("/cases?name=Bayu")
    supervisor.press("Bayu Saputra", "Bayu Saputra")
    supervisor.unfold("Minta TKSK atau PSM ke lapangan", "Ask a TKSK or PSM into the field")
    supervisor.tab.locator("#field-person").select_option(index=1)
    by = (datetime.now(UTC).astimezone(WITA).date() + timedelta(days=2)).isoformat()
    supervisor.choose("#field", kind="field_tracing")
    supervisor.write("#field", by=by, note="Tanyakan kepada kepala dermaga.")
    supervisor.press("Minta", "Ask", "#field")
    supervisor.told("Tanyakan kepada kepala dermaga.", "Tanyakan kepada kepala dermaga.")
    officer.tab.goto("/work")
    officer.told("Bayu Saputra", "Bayu Saputra")
    supervisor.press("Akhiri permintaan ini", "End this request", "#field")
    supervisor.told("kasus ini tidak lagi tampak baginya", "they see the case no more")
    officer.tab.goto("/work")
    officer.told("Tidak ada pekerjaan yang menunggu Anda.", "No work waits for you.")
