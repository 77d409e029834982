"""A day of a supervisor, and of the head of the office: what waits and how old it is, one decision, the team, the houses, the numbers."""

import csv
import io
import zipfile

from playwright.sync_api import expect

from tests.pages.days import EVIDENCE, Day, Person

SUPPORT = "#step-support_family"
WHY = "Rencana belum menyebut siapa yang menjaga adiknya."


def test_a_day_of_a_supervisor_and_of_the_head(day: Day) -> None:
    worker, supervisor = day.enter("rina"), day.enter("bambang")
    ask(worker)
    give_back(supervisor)
    ask_again(worker)
    approve(supervisor)
    look_at_the_team(supervisor)
    look_at_the_houses(supervisor)
    take_numbers_out(supervisor)
    read_a_paper(supervisor)
    the_head(day, supervisor)
    asked = ("approval_requested", "social_worker")
    assert day.journal.says("approval_requested", "approval_returned", "approval_given", "approval_rejected") == [
        asked,
        ("approval_returned", "supervisor"),
        asked,
        ("approval_given", "supervisor"),
        ("approval_given", "supervisor"),
        ("approval_rejected", "dinas_head"),
    ]


def ask(worker: Person) -> None:
    """From the first page to a request are two clicks, and one page between them: the child. What is asked waits on no list of theirs."""
    expect(worker.tab.locator("h1")).to_have_text(worker.w("Pekerjaan saya", "My work"))
    worker.told("Tanpa tenggat: apa langkah berikutnya?", "Nothing is due: what comes next?")
    worker.looks_right()
    worker.clicks = 0
    worker.press("Dewi Lestari", "Dewi Lestari")
    worker.press("Minta persetujuan", "Request approval", SUPPORT)
    worker.told("Persetujuan diminta.", "Approval is requested.")
    assert worker.clicks == 2
    worker.tab.goto("/work")
    expect(worker.tab.get_by_role("link", name="Dewi Lestari")).to_have_count(0)


def give_back(supervisor: Person) -> None:
    """What waits says how old it is; nothing is preset; a return without its reason is told, and with one is done."""
    supervisor.tab.goto("/decisions")
    supervisor.told("baru saja", "just now")
    supervisor.looks_right()
    supervisor.press("Dukung keluarga: Dewi Lestari", "Support the family: Dewi Lestari")
    tab = supervisor.tab
    expect(tab.locator(EVIDENCE).first).to_be_visible()
    supervisor.told("belum dibuka", "not opened")
    expect(tab.locator("input[name=decision]:checked")).to_have_count(0)
    supervisor.looks_right()
    tab.locator("input[value=return]").check()
    supervisor.press("Putuskan", "Decide")
    supervisor.told("Tulis alasannya.", "Write the reason.")
    expect(tab.locator("input[name=decision]:checked")).to_have_value("return")
    supervisor.write(reason=WHY)
    supervisor.press("Putuskan", "Decide")
    supervisor.told("Keputusan dicatat.", "The decision is recorded.")


def ask_again(worker: Person) -> None:
    worker.tab.goto("/work")
    worker.press("Dewi Lestari", "Dewi Lestari")
    worker.told("dikembalikan", "returned")
    worker.press("Minta persetujuan", "Request approval", SUPPORT)
    worker.told("Persetujuan diminta.", "Approval is requested.")


def approve(supervisor: Person) -> None:
    tab = supervisor.tab
    tab.goto("/work")
    waiting = tab.locator("main .lines a[href^='/decisions/']", has_text="Dewi Lestari")
    address = str(waiting.get_attribute("href"))
    supervisor.reads_all(address)
    tab.goto("/work")
    supervisor.clicks = 0
    waiting.click()
    supervisor.told(WHY, WHY)
    supervisor.told("Bukti tidak berubah sejak itu.", "The evidence has not changed since.")
    tab.get_by_label(supervisor.w("Setujui", "Approve")).check()
    supervisor.clicks += 2
    supervisor.press("Putuskan", "Decide")
    supervisor.told("Keputusan dicatat.", "The decision is recorded.")
    assert supervisor.clicks == 3


def look_at_the_team(supervisor: Person) -> None:
    supervisor.tab.goto("/work")
    supervisor.tab.locator("main a[href='/team']").click()
    supervisor.told("Sari Wulandari", "Sari Wulandari")
    supervisor.told("7 dari 25 kasus terbuka", "7 of 25 open cases")
    supervisor.looks_right()
    supervisor.press("5 tugas terlambat", "5 tasks late")
    supervisor.told("Putri Handayani", "Putri Handayani")


def look_at_the_houses(supervisor: Person) -> None:
    supervisor.go("Tempat asuh", "Places of care")
    nur = supervisor.tab.locator("main li", has_text="LKSA Nur Mahakam")
    expect(nur).to_contain_text(supervisor.w("1 anak di 24 tempat", "1 child in 24 places"))
    expect(nur).to_contain_text(supervisor.w("1 laporan terlambat", "1 report late"))
    expect(nur).to_contain_text(supervisor.w("dibatasi", "restricted"))
    supervisor.press("LKSA Nur Mahakam", "LKSA Nur Mahakam")
    supervisor.told("Laila Sari", "Laila Sari")
    supervisor.told("dibebastugaskan", "suspended")
    supervisor.looks_right()


def take_numbers_out(supervisor: Person) -> None:
    """Five numbers, each with its meaning; a report as a table, and as two files."""
    supervisor.go("Angka", "Numbers")
    expect(supervisor.tab.locator(".figure")).to_have_count(5)
    supervisor.looks_right()
    supervisor.tab.locator("main a[href^='/numbers/R2']").last.click()
    supervisor.told("LKSA Harapan Mahakam", "LKSA Harapan Mahakam")
    supervisor.looks_right()
    rows = list(csv.reader(io.StringIO(taken(supervisor, "csv").decode("utf-8-sig"))))
    assert any("LKSA Harapan Mahakam" in row for row in rows)
    with zipfile.ZipFile(io.BytesIO(taken(supervisor, "xlsx"))) as book:
        assert "xl/workbook.xml" in book.namelist()


def taken(person: Person, kind: str) -> bytes:
    """Press the first link to a file of this kind, and return what was saved."""
    with person.tab.expect_download() as saved:
        person.tab.locator("main a[download]", has_text=kind.upper()).first.click()
    return saved.value.path().read_bytes()


def read_a_paper(supervisor: Person) -> None:
    """The official paper of a record opens as it would be printed."""
    tab = supervisor.tab
    tab.goto("/cases?name=Melati")
    supervisor.press("Melati Putri", "Melati Putri")
    address = str(tab.get_by_role("link", name=supervisor.w("cetak surat resmi", "print the official paper")).first.get_attribute("href"))
    paper = supervisor.context.request.get(address)
    assert (paper.status, paper.headers["content-type"]) == (200, "application/pdf")
    assert paper.body().startswith(b"%PDF")


def the_head(day: Day, supervisor: Person) -> None:
    """The second to decide: sees who approved before, and refuses with a reason."""
    tab = supervisor.tab
    tab.goto("/decisions")
    address = str(tab.locator("main a", has_text="Intan Permata").get_attribute("href"))
    supervisor.reads_all(address)
    tab.get_by_label(supervisor.w("Setujui", "Approve")).check()
    supervisor.press("Putuskan", "Decide")
    supervisor.told("Keputusan dicatat.", "The decision is recorded.")
    head = day.enter("yusuf")
    head.go("Keputusan", "Decisions")
    head.tab.locator("main a", has_text="Intan Permata").click()
    head.told("Bambang Nugroho", "Bambang Nugroho")
    head.tab.locator("input[value=reject]").check()
    head.write(reason="Paman di Samarinda belum ditanya.")
    head.press("Putuskan", "Decide")
    head.told("Keputusan dicatat.", "The decision is recorded.")
    head.tab.goto("/cases?name=Intan")
    head.press("Intan Permata", "Intan Permata")
    head.told("Paman di Samarinda belum ditanya.", "Paman di Samarinda belum ditanya.")
