"""The auditor's pages of the trail: who has looked at a case, and the journal as a file."""

import csv
import io
import re

from tests.pages.conftest import Office, Reception, Visitor
from tests.pages.forms import Page


def test_an_auditor_reads_who_has_looked_at_a_case(worker: Visitor, enter: Reception, office: Office) -> None:
    case = f"/cases/{office.blocked}"
    worker.see(case)
    auditor = enter("nadia")
    trail = auditor.see(f"{case}/trail")
    assert f'href="{case}/readers"' in trail.source
    shown = auditor.see(f"{case}/readers")
    assert "(pekerja sosial): berkas anak" in shown.text
    assert "(auditor (inspektorat)): jurnal kasus" in shown.text
    assert "the child's file" in Page(auditor.open(f"{case}/readers?lang=en").text).text


def test_a_worker_is_not_led_to_who_has_looked_and_does_not_find_it(worker: Visitor, office: Office) -> None:
    case = f"/cases/{office.blocked}"
    assert "readers" not in worker.see(f"{case}/trail").source
    assert worker.open(f"{case}/readers").status_code == 404


def test_the_journal_is_taken_out_as_a_file(enter: Reception) -> None:
    auditor = enter("nadia")
    form = auditor.see("/trail").form("/trail/export")
    answer = auditor.send(form, since="2020-01-01", until="2030-01-01", format="csv")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert answer.headers["content-disposition"] == 'attachment; filename="casework-20200101-20300101.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {"case_registered", "exported", "signed_in"} <= {row["kind"] for row in rows}
    form = auditor.see("/trail").form("/trail/export")
    log = auditor.send(form, since="2020-01-01", until="2030-01-01", format="xes")
    assert log.text.count("<trace>") >= 1


def test_a_day_that_is_none_is_said_and_nothing_leaves(enter: Reception) -> None:
    auditor = enter("nadia")
    form = auditor.see("/trail").form("/trail/export")
    answer = auditor.send(form, since="kemarin", until="2030-01-01", format="csv")
    assert answer.status_code == 422
    assert "Isi tanggal." in Page(answer.text).text
    form = auditor.see("/trail").form("/trail/export")
    assert auditor.send(form, since="2030-01-01", until="2020-01-01").status_code == 422


def test_the_trail_keeps_its_filters_in_the_address_and_leads_to_what_is_asked(worker: Visitor, enter: Reception, office: Office) -> None:
    worker.see(f"/cases/{office.blocked}")
    auditor = enter("nadia")
    kept = dict(auditor.see("/trail?outcome=read&since=2020-01-01").form("/trail")[1])
    assert (kept["outcome"], kept["since"]) == ("read", "2020-01-01")
    assert "berkas anak" in auditor.see("/trail?outcome=read").text
    assert auditor.open("/trail?since=kemarin").status_code == 422
    assert "Tidak ada entri yang cocok." in auditor.see("/trail?since=2020-01-01&until=2020-01-02").text


def test_exceptions_are_shown_kind_by_kind_in_both_languages(enter: Reception) -> None:
    auditor = enter("nadia")
    page = auditor.see("/trail/exceptions?kind=never_refused")
    assert "Penyetuju yang menyetujui semuanya" in page.text
    assert "Approvers who approve everything" in auditor.see("/trail/exceptions?kind=never_refused&lang=en").text
    assert auditor.open("/trail/exceptions?kind=anything").status_code == 404


def test_exceptions_are_counted_by_kind_and_one_that_has_any_is_opened(worker: Visitor, enter: Reception, office: Office) -> None:
    worker.send(worker.see(f"/cases/{office.blocked}").form("/step"), trigger="admit_to_institution", do="advance")
    page = enter("nadia").see("/trail/exceptions")
    assert re.search(r"Percobaan yang ditolak, per orang [1-9]", page.text)
    assert re.search(r"Langkah darurat tanpa persetujuan lebih dulu 0", page.text)
    assert re.search(r"Percobaan yang ditolak, per orang Siapa yang sering ditolak", page.text)


def test_the_ends_of_the_calendar_are_days_like_any_other(enter: Reception, office: Office) -> None:
    auditor = enter("nadia")
    for page in ("/trail?", "/trail/exceptions?kind=refused&"):
        for since, until in (("0001-01-01", "0001-01-01"), ("0001-01-01", "9999-12-31"), ("9999-12-31", "9999-12-31")):
            assert auditor.open(f"{page}since={since}&until={until}").status_code == 200, (page, since, until)
    for day, found in (("0001-01-01", 404), ("9999-12-31", 200)):
        assert auditor.open(f"/cases/{office.blocked}/past?on={day}&at=23:59").status_code == found, day
        assert auditor.open(f"/cases/{office.blocked}/past?on={day}&at=00:00").status_code == found, day


def test_the_file_as_it_stood_is_one_click_from_the_trail_of_the_case(enter: Reception, office: Office) -> None:
    auditor = enter("nadia")
    case = f"/cases/{office.blocked}"
    assert f'href="{case}/past"' in auditor.see(f"{case}/trail").source
    then = auditor.see(f"{case}/past?entry=1")
    assert "Sesudah entri 1" in then.text
    assert "belum ditugaskan" in then.text
    now = auditor.see(f"{case}/past").source
    newest = int(re.findall(r"past\?entry=(\d+)", now)[-1]) + 1
    assert f"Sesudah entri {newest}," in now, "without a moment: as it stands, and nothing comes after"
    assert f"past?entry={newest}" in auditor.see(f"{case}/past?entry={newest - 1}").source
    assert "After entry 1" in auditor.see(f"{case}/past?entry=1&lang=en").text
    assert auditor.open(f"{case}/past?on=2020-01-01&at=08:00").status_code == 404
    assert auditor.open(f"{case}/past?on=2030-01-01&at=25:00").status_code == 422


def test_a_selection_is_saved_as_a_review_that_somebody_else_signs_off(enter: Reception) -> None:
    auditor = enter("nadia")
    beginning = auditor.see("/trail?kind=case_registered").form("/trail/reviews")
    assert [auditor.send(beginning, notes=notes).status_code for notes in (" ", "a" * 20_001)] == [422, 422]
    auditor.send(auditor.see("/trail?kind=case_registered").form("/trail/reviews"), notes="Semua kasus baru diperiksa.")
    (address,) = {link for link in auditor.see("/trail/reviews").source.split('"') if link.startswith("/trail/reviews/")}
    own = auditor.see(address)
    assert "Semua kasus baru diperiksa." in own.text
    assert f"{address}/signature" not in own.source
    head = enter("yusuf")
    assert head.open(address).status_code == 404, "it is over every office: the head of one reads it not"
