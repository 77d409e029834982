"""What people do: forms are signed or come back whole, decisions are taken with open eyes, nobody overwrites anybody."""

import re
import sqlite3
from contextlib import closing

import pytest

from tests.pages.conftest import Office, Reception, Visitor
from tests.pages.forms import Page

ADMIT = "admit_to_institution"
VISIT = {
    "visit": "1",
    "seen_alone": "yes",
    "safety": "safe",
    "school": "masuk setiap hari",
    "concern": "no",
    "next_visit": "2027-01-02",
}

REPORT = {
    "source": "community",
    "referrer": "Ketua RT 04",
    "chronology": "Anak tinggal sendiri sejak Minggu.",
    "immediate_danger": "no",
    "child_location": "rumah tetangga",
    "contact_initiated_by": "community",
    "known_to_rt": "yes",
    "known_to_village": "yes",
}


def filing(visitor: Visitor, case: str, code: str) -> tuple[str, list[tuple[str, str]]]:
    return visitor.see(f"/cases/{case}/file/{code}").form(f"/file/{code}")


def test_a_form_is_signed_from_the_page(worker: Visitor, office: Office) -> None:
    answer = worker.send(filing(worker, office.blocked, "F15"), do="sign", **VISIT)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{office.blocked}?done=signed#records")
    page = worker.see(f"/cases/{office.blocked}?done=signed")
    assert "Formulir ditandatangani." in page.text
    assert "F15 Formulir pemantauan/reintegrasi : kunjungan 1" in page.text


def test_what_is_wrong_comes_back_with_every_fault_and_nothing_typed_is_lost(worker: Visitor, office: Office) -> None:
    long_story = "Anak tampak takut.\nIa tidak mau bercerita di depan bibinya."
    answer = worker.send(filing(worker, office.blocked, "F15"), do="sign", visit="satu", school=long_story, seen_alone="yes")
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "Ada yang perlu diperbaiki" in page.text
    for words in ("Kunjungan ke : Harus berupa bilangan bulat.", "Keselamatan anak: Wajib diisi.", "Ada kekhawatiran?: Wajib diisi."):
        assert words.replace(" :", ":") in page.text, words
    fields = dict(page.form("/file/F15")[1])
    assert (fields["visit"], fields["school"].strip(), fields["seen_alone"]) == ("satu", long_story, "yes")
    assert all(link.removeprefix("#") in page.ids for link in page.links if link.startswith("#f-"))


def test_a_draft_is_kept_for_its_author_and_counts_as_nothing(worker: Visitor, enter: Reception, office: Office) -> None:
    worker.send(filing(worker, office.blocked, "F15"), do="draft", school="baru separuh")
    assert "baru separuh" in worker.see(f"/cases/{office.blocked}/file/F15").source
    assert "baru separuh" not in enter("maya").see(f"/cases/{office.blocked}/file/F15").source
    assert "kunjungan" not in worker.see(f"/cases/{office.blocked}").text.partition("Catatan")[2].partition("Dokumen")[0].lower()


def test_a_correction_that_was_left_as_a_draft_is_still_a_correction_of_that_record(worker: Visitor, office: Office) -> None:
    case = f"/cases/{office.blocked}"
    known = records_on(worker.see(case))
    for school in ("masuk sekolah", "libur sekolah"):
        worker.send(filing(worker, office.blocked, "F15"), do="sign", **(VISIT | {"school": school}))
    first, second = sorted(records_on(worker.see(case)) - known)
    correcting = f"{case}/file/F15?correct="
    worker.send(worker.see(correcting + first).form("/file/F15"), do="draft", school="salah tulis")
    again = worker.see(correcting + first)
    assert "salah tulis" in again.source
    assert dict(again.form("/file/F15")[1])["supersedes"] == first
    for elsewhere in (correcting + second, f"{case}/file/F15"):
        assert "salah tulis" not in worker.see(elsewhere).source


def test_what_is_refused_comes_back_as_it_was_typed_and_says_why(worker: Visitor, office: Office) -> None:
    case = f"/cases/{office.blocked}"
    known = records_on(worker.see(case))
    worker.send(filing(worker, office.blocked, "F15"), do="sign", **VISIT)
    (first,) = records_on(worker.see(case)) - known
    correcting = f"{case}/file/F15?correct={first}"
    for school in ("libur", "pindah sekolah"):
        form = worker.see(correcting).form("/file/F15")
        answer = worker.send(form, do="sign", **(VISIT | {"school": school}))
    assert answer.status_code == 409
    page = Page(answer.text)
    assert "Catatan itu sudah diganti." in page.text
    assert dict(page.form("/file/F15")[1])["school"].strip() == "pindah sekolah"


def test_a_report_of_a_child_with_an_open_case_comes_back_as_it_was_typed(worker: Visitor, office: Office) -> None:
    with closing(sqlite3.connect(office.file)) as database:
        ((child,),) = database.execute("SELECT child_id FROM care_case WHERE id = ?", (office.blocked,))
    form = worker.see("/cases/new?name=Bayu&new=1").form("/cases/new", nth=1)
    answer = worker.send(form, child_id=child, **REPORT)
    assert answer.status_code == 409
    page = Page(answer.text)
    assert "Anak ini sudah mempunyai kasus terbuka" in page.text
    assert dict(page.form("/cases/new")[1])["chronology"].strip() == REPORT["chronology"]


def test_more_rows_can_be_had_without_losing_any(worker: Visitor, office: Office) -> None:
    form = filing(worker, office.blocked, "F05")
    answer = worker.send(form, do="rows", **{"attempts.0.result": "tidak ada di rumah", "attempts.1.result": "pindah ke Bontang"})
    page = Page(answer.text)
    fields = dict(page.form("/file/F05")[1])
    assert fields["attempts.0.result"].strip() == "tidak ada di rumah"
    assert fields["attempts.1.result"].strip() == "pindah ke Bontang"
    assert "attempts.7.result" in fields


def test_sending_a_form_twice_files_it_once(worker: Visitor, office: Office) -> None:
    form = filing(worker, office.blocked, "F15")
    before = records_on(worker.see(f"/cases/{office.blocked}"))
    first, second = (worker.send(form, do="sign", **VISIT) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(records_on(worker.see(f"/cases/{office.blocked}")) - before) == 1


def records_on(page: Page) -> set[str]:
    """Return the ids of the records that a page leads to."""
    return {*re.findall(r"/records/(\w+)", page.source)}


def test_a_form_that_grew_stale_shows_what_changed_and_keeps_what_was_typed(worker: Visitor, office: Office) -> None:
    form = filing(worker, office.blocked, "F15")
    relative = worker.see(f"/cases/{office.blocked}").form("/relatives")
    assert worker.send(relative, name="Paman Udin", relation="paman").status_code == 303
    answer = worker.send(form, do="sign", **VISIT)
    assert answer.status_code == 412
    page = Page(answer.text)
    assert "Kasus berubah sejak halaman ini dibuka" in page.text
    assert "Anggota keluarga dicatat" in page.text
    assert "Formulir ditandatangani" not in page.text
    assert worker.send(page.form("/file/F15"), do="sign").status_code == 303


def test_a_step_asked_for_on_a_stale_page_is_not_made(worker: Visitor, office: Office) -> None:
    page = worker.see(f"/cases/{office.blocked}?step={ADMIT}&with=host:{office.lksa}")
    step = next(form for form in page.forms if ("trigger", ADMIT) in form[1])
    worker.send(page.form("/relatives"), name="Bibi Inah", relation="bibi")
    answer = worker.send(step, do="request")
    assert answer.status_code == 412
    again = Page(answer.text)
    assert "Kasus sudah berubah" in again.text
    assert "Anggota keluarga dicatat" in again.text
    assert f"/cases/{office.blocked}" in again.links
    assert worker.send(again.form("/step")).headers["location"].startswith(f"/cases/{office.blocked}?done=requested")


def test_a_small_form_that_was_wrong_can_be_corrected_on_the_spot(worker: Visitor, office: Office) -> None:
    answer = worker.send(worker.see(f"/cases/{office.blocked}").form("/relatives"), name="Paman Udin", relation="paman", degree="9")
    assert answer.status_code == 422
    again = Page(answer.text).form("/relatives")
    assert dict(again[1])["name"] == "Paman Udin"
    assert worker.send(again, degree="3").status_code == 303
    assert "Paman Udin" in worker.see(f"/cases/{office.blocked}").text


def test_a_long_answer_that_was_wrong_comes_back_with_its_lines(worker: Visitor, office: Office) -> None:
    told = "Rumah di ujung dermaga.\nTanyakan kepada Pak RT."
    answer = worker.send(worker.see(f"/cases/{office.blocked}").form("/relatives"), name="", relation="paman", address=told)
    assert answer.status_code == 422
    assert dict(Page(answer.text).form("/relatives")[1])["address"].strip().splitlines() == told.splitlines()


@pytest.mark.parametrize("degree", ["9" * 5000, "--1"])
def test_a_number_that_nobody_can_read_is_asked_for_again(worker: Visitor, office: Office, degree: str) -> None:
    answer = worker.send(worker.see(f"/cases/{office.blocked}").form("/relatives"), name="Paman Udin", relation="paman", degree=degree)
    assert answer.status_code == 422
    assert dict(Page(answer.text).form("/relatives")[1])["name"] == "Paman Udin"


def test_a_form_without_the_sessions_token_changes_nothing(worker: Visitor, office: Office) -> None:
    assert worker.send(filing(worker, office.blocked, "F15"), do="sign", csrf="palsu", **VISIT).status_code == 403
    assert "kunjungan 1" not in worker.see(f"/cases/{office.blocked}").text


def test_registering_searches_first_and_shows_who_is_already_there(worker: Visitor) -> None:
    first = worker.see("/cases/new")
    assert [dict(fields)["do"] for action, fields in first.forms if action == "/cases/new"] == ["search"]
    found = worker.see(worker.send(first.form("/cases/new"), name="bayu").headers["location"])
    assert "Bayu Saputra" in found.text
    assert "kasus terbuka" in found.text


NIK = "6402011203140007"


def test_whom_somebody_searches_for_stands_in_no_address(worker: Visitor, enter: Reception) -> None:
    registering, listing = worker.see("/cases/new"), worker.see("/cases")
    found = worker.send(registering.form("/cases/new"), name="Bayu", nik=NIK).headers["location"]
    listed = worker.send(listing.form("/cases"), name="Bayu").headers["location"]
    pages = [worker.see(address) for address in (found, listed)]
    assert all("Bayu Saputra" in page.text for page in pages)
    assert {"Bayu", NIK}.issubset({value for _, value in pages[0].form("/cases/new")[1]})
    spoken = [link for page in pages for link in (*page.links, found, listed) if "bayu" in link.lower() or NIK in link]
    assert spoken == []
    opened = worker.see(next(link for link in pages[0].links if "new=1" in link))
    assert dict(opened.form("/cases/new", nth=1)[1])["child.full_name"] == "Bayu"
    other = enter("maya")
    assert "Bayu" not in {value for _, value in other.see(found).form("/cases/new")[1]}
    assert other.open("/cases?q=%C3%BC").status_code == 200


def test_a_name_stands_in_no_title_that_a_browser_keeps(worker: Visitor, enter: Reception, office: Office) -> None:
    pages = [
        worker.see(f"/cases/{office.blocked}"),
        worker.see(f"/cases/{office.blocked}/map"),
        enter("bambang").see(f"/decisions/{office.request}"),
    ]
    titles = [page.source.partition("<title>")[2].partition("</title>")[0] for page in pages]
    assert all("KKR-" in title for title in titles), titles
    assert not any(part in title for title in titles for part in ("Bayu", "Saputra", "Intan")), titles


def test_a_report_is_registered_from_the_page(worker: Visitor) -> None:
    form = worker.see("/cases/new?name=Citra+Dewi&new=1").form("/cases/new", nth=1)
    lacking = worker.send(form, **REPORT)
    assert lacking.status_code == 422
    page = Page(lacking.text)
    assert "Jenis kelamin: Wajib diisi." in page.text
    assert dict(page.form("/cases/new")[1])["child.full_name"] == "Citra Dewi"
    done = worker.send(page.form("/cases/new"), **{"child.sex": "female"})
    assert done.status_code == 303
    assert "Citra Dewi" in worker.see(done.headers["location"]).text


def test_nothing_is_preset_in_a_decision_and_its_digest_is_sent(enter: Reception, office: Office) -> None:
    fields = dict(enter("bambang").see(f"/decisions/{office.request}").form(f"/decisions/{office.request}")[1])
    assert "decision" not in fields
    assert fields["reason"].strip() == ""
    assert len(fields["digest"]) == 64
    assert fields["version"].isdecimal()


def test_approving_unread_evidence_is_refused_and_says_so_beforehand(enter: Reception, office: Office) -> None:
    supervisor = enter("bambang")
    page = supervisor.see(f"/decisions/{office.request}")
    assert "Bukti yang mengikat belum semuanya dibuka." in page.text
    answer = supervisor.send(page.form(f"/decisions/{office.request}"), decision="approve")
    assert answer.status_code == 409
    assert "Bukti yang mengikat belum semuanya dibuka." in answer.text


def test_rejecting_without_a_reason_comes_back(enter: Reception, office: Office) -> None:
    supervisor = enter("bambang")
    answer = supervisor.send(supervisor.see(f"/decisions/{office.request}").form(f"/decisions/{office.request}"), decision="reject")
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "Tulis alasannya." in page.text
    assert dict(page.form(f"/decisions/{office.request}")[1])["decision"] == "reject"
    done = supervisor.send(page.form(f"/decisions/{office.request}"), reason="Rencana belum cukup.")
    assert done.status_code == 303
    assert "ditolak" in supervisor.see(f"/decisions/{office.request}").text


def test_the_requester_is_told_why_they_cannot_decide(worker: Visitor, office: Office) -> None:
    page = worker.see(f"/decisions/{office.request}")
    assert "Anda belum dapat menyetujui" in page.text
    assert not [form for form in page.forms if form[0] == f"/decisions/{office.request}"]


def test_only_the_roles_turn_sees_a_decision_waiting(enter: Reception) -> None:
    assert "Intan Permata" in enter("bambang").see("/decisions").text
    assert "Intan Permata" not in enter("yusuf").see("/decisions").text
    assert "Intan Permata" not in enter("sari").see("/decisions").text


def test_signing_out_ends_the_session(worker: Visitor) -> None:
    kept = dict(worker.cookies)
    assert worker.send(worker.see("/cases").form("/sign-out")).status_code == 303
    worker.cookies = kept
    assert worker.open("/cases").status_code == 303
