"""What people see: the child's page explains every step, names stay with those who may know them, nothing is preset or inline."""

import json
import re

import pytest

from casework.http.session import COOKIE
from tests.pages.conftest import Office, Reception, Visitor
from tests.pages.days import PASSWORD
from tests.pages.forms import Page

ADMIT = "admit_to_institution"


def test_a_stranger_is_taken_to_the_door_and_back(stranger: Visitor, office: Office) -> None:
    door = stranger.open(f"/cases/{office.blocked}")
    assert (door.status_code, door.headers["location"]) == (303, f"/?back=/cases/{office.blocked}")
    page = stranger.see(door.headers["location"])
    action, fields = page.form("/sign-in")
    answer = stranger.send((action, fields), username="Sari", password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{office.blocked}")
    assert COOKIE in stranger.cookies


@pytest.mark.parametrize("back", ["https://example.org", "//example.org", "/\\example.org", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(stranger: Visitor, back: str) -> None:
    answer = stranger.open("/sign-in", method="POST", data={"username": "sari", "password": PASSWORD, "back": back})
    assert answer.headers["location"] == "/work"


def test_a_wrong_name_and_a_wrong_password_get_the_same_page(stranger: Visitor) -> None:
    unknown = stranger.open("/sign-in", method="POST", data={"username": "siapa", "password": "salah", "back": ""})
    wrong = stranger.open("/sign-in", method="POST", data={"username": "sari", "password": "salah", "back": ""})
    assert unknown.status_code == wrong.status_code == 401
    told = [re.sub(r'data-(options|challenge)="[^"]*"', "", each.text) for each in (unknown, wrong)]  # every page asks devices anew
    assert told[0].replace("siapa", "") == told[1].replace('value="sari"', 'value=""').replace("sari", "")


def test_a_person_sees_their_work_first_and_each_line_leads_to_where_it_is_done(enter: Reception, office: Office) -> None:
    seen = {by: enter(by).see("/work") for by in ("sari", "bambang", "halimah")}
    assert "Tidak ada yang jatuh tempo." in seen["sari"].text
    assert f'href="/decisions/{office.request}"' in seen["bambang"].source
    assert "Putuskan permohonan “terima di LKSA”: Intan Permata" in seen["bambang"].text
    assert not any(name in seen["halimah"].text for name in ("Bayu", "Intan"))
    assert 'aria-current="page">Pekerjaan saya' in seen["halimah"].source


def test_an_auditor_has_no_work_list_and_sees_the_cases_first(enter: Reception) -> None:
    nadia = enter("nadia")
    assert nadia.open("/").headers["location"] == "/cases"
    assert "Pekerjaan saya" not in nadia.see("/cases").text


def test_the_list_shows_the_cases_and_finds_one_by_name(worker: Visitor) -> None:
    page = worker.see("/cases")
    assert "Bayu Saputra" in page.text
    assert "perencanaan pengasuhan" in page.text
    found = worker.see("/cases?name=intan&state=care_planning").text
    assert "Intan Permata" in found
    assert "Bayu Saputra" not in found


def test_a_blocked_admission_says_what_is_missing_why_and_who_fixes_it(worker: Visitor, office: Office) -> None:
    page = worker.see(f"/cases/{office.blocked}?step={ADMIT}&with=host:{office.lksa}")
    for words in (
        "Belum semua pilihan pengasuhan keluarga tersingkir.",
        "orang tua asuh: belum ada lembar opsi (F05)",
        "SNPA IV.A",
        "naskah",
        "Perbaikan",
        "pekerja sosial yang ditugaskan",
        "Belum semua pilihan pengasuhan keluarga tersingkir.",
        "supervisor, lalu Kepala Dinas Sosial",
    ):
        assert words in page.text, words
    assert {f"/cases/{office.blocked}/file/F05", "/help/rules/all_family_options_ruled_out"} <= {*page.links}


def test_the_page_names_the_same_reasons_that_the_law_refuses_with(worker: Visitor, office: Office) -> None:
    address = f"/cases/{office.blocked}?step={ADMIT}&with=host:{office.lksa}"
    action, fields = next(form for form in worker.see(address).forms if ("trigger", ADMIT) in form[1])
    refused = worker.send((action, fields), do="advance")
    shown = json.loads(worker.open(f"/api/cases/{office.blocked}?trigger={ADMIT}&host={office.lksa}").text)
    step = next(step for step in shown["steps"] if step["trigger"] == ADMIT)
    codes = {reason["code"] for reason in (*step["missing"], *step["unsigned"])}
    assert refused.status_code == 409
    assert codes
    assert all(code in refused.text for code in codes)


def test_the_ladder_shows_which_rungs_are_ruled_out(worker: Visitor, office: Office) -> None:
    page = worker.see(f"/cases/{office.blocked}").text
    ladder = page[page.index("Tangga pengasuhan") : page.index("Tenggat")]
    assert ladder.count("tersingkir, terbukti") == 2
    assert "3. Keluarga pengganti masih terbuka" in ladder


def test_records_are_told_apart(worker: Visitor, office: Office) -> None:
    text = worker.see(f"/cases/{office.blocked}").text
    assert ": keluarga inti" in text
    assert ": perwalian, tidak berlaku" in text


def test_a_record_is_shown_as_it_was_signed_and_opening_it_leaves_a_receipt(enter: Reception, office: Office) -> None:
    head = enter("yusuf")
    before = head.see(f"/decisions/{office.request}").source
    evidence = [link for link in Page(before).links if "/records/" in link]
    record = head.see(evidence[0])
    assert "Pembukaan catatan ini dicatat" in record.text
    after = head.see(f"/decisions/{office.request}").source
    assert after.count("sudah dibuka") == before.count("sudah dibuka") + 1


def test_english_is_one_click_away_and_stays(worker: Visitor) -> None:
    page = worker.see("/cases")
    english = next(link for link in page.links if "lang=en" in link)
    assert "Sign out" in worker.see(english).text
    assert "Sign out" in worker.see("/cases").text


def test_moments_are_told_in_wita(worker: Visitor, office: Office) -> None:
    assert "WITA" in worker.see(f"/cases/{office.blocked}/trail").text


def test_somebody_elses_case_is_not_found(enter: Reception, office: Office) -> None:
    other = enter("fauzan")
    assert other.open(f"/cases/{office.blocked}").status_code == 404
    assert other.open(f"/cases/{office.blocked}/trail").status_code == 404
    assert other.open(f"/decisions/{office.request}").status_code == 404
    assert "Bayu" not in other.see("/cases").text


def test_an_auditor_sees_the_trail_and_not_the_child(enter: Reception, office: Office) -> None:
    auditor = enter("nadia")
    page = auditor.see(f"/cases/{office.blocked}").text
    assert "B. S." in page
    for secret in ("Bayu", "Rohani", "Nurhayati"):
        assert secret not in page
    records = [link for link in auditor.see(f"/cases/{office.blocked}").links if "/records/" in link]
    assert all(auditor.open(link).status_code == 404 for link in records)
    verified = auditor.see("/trail?verify=1").text
    assert "Seluruh jurnal utuh" in verified


def test_the_trail_can_be_narrowed_to_refusals(worker: Visitor, enter: Reception, office: Office) -> None:
    action, fields = next(form for form in worker.see(f"/cases/{office.blocked}").forms if ("trigger", ADMIT) in form[1])
    worker.send((action, fields), do="advance")
    refusals = enter("nadia").see("/trail?outcome=refused").text
    assert "Ditolak: terima di LKSA" in refusals
    assert "all_family_options_ruled_out" in refusals
    assert "Kasus didaftarkan KKR" not in refusals
    assert "Ditolak: terima di LKSA" in worker.see(f"/cases/{office.blocked}/trail").text


def test_the_trail_of_an_office_is_not_for_everybody(worker: Visitor) -> None:
    assert worker.open("/trail").status_code == 404


def pages_of(office: Office) -> tuple[tuple[str, str], ...]:
    case = f"/cases/{office.blocked}"
    forms = tuple(("sari", f"{case}/file/F{number:02}") for number in range(1, 26))
    return (
        ("sari", "/cases"),
        ("sari", "/work"),
        ("bambang", "/work"),
        ("halimah", "/work"),
        ("sari", "/cases/new?name=a&new=1"),
        ("sari", case),
        ("sari", f"{case}/trail"),
        ("sari", f"{case}/identity"),
        ("sari", "/hosts"),
        ("sari", "/hosts/new"),
        ("bambang", f"/hosts/{office.lksa}"),
        ("bambang", f"/hosts/{office.lksa}/listed"),
        ("bambang", "/letters"),
        ("bambang", "/migrations"),
        ("bambang", "/decisions"),
        ("bambang", f"/decisions/{office.request}"),
        ("bambang", case),
        ("halimah", case),
        ("nadia", "/trail"),
        *forms,
    )


def test_every_page_is_labelled_unique_in_its_ids_and_free_of_inline_code(enter: Reception, office: Office) -> None:
    people = {name: enter(name) for name in ("sari", "bambang", "halimah", "nadia")}
    for name, address in pages_of(office):
        for language in ("id", "en"):
            page = people[name].see(f"{address}{'&' if '?' in address else '?'}lang={language}")
            assert page.unlabelled == [], (address, page.unlabelled)
            assert page.inline == [], address
            assert len(page.ids) == len({*page.ids}), (address, [one for one in page.ids if page.ids.count(one) > 1])
            assert f'<html lang="{language}">' in page.source


def test_every_form_that_changes_something_carries_token_key_and_version(worker: Visitor, office: Office) -> None:
    keys = set()
    for action, fields in worker.see(f"/cases/{office.blocked}").forms:
        given = dict(fields)
        assert given["csrf"], action
        keys.add(given["key"])
        assert action == "/sign-out" or given["version"].isdecimal(), action
    again = {dict(fields)["key"] for _, fields in worker.see(f"/cases/{office.blocked}").forms}
    assert not keys & again
    assert len(keys) == len(again) > 10


def test_an_address_that_does_not_exist_is_a_page(stranger: Visitor) -> None:
    answer = stranger.open("/tidak-ada")
    assert answer.status_code == 404
    assert "Tidak ditemukan" in answer.text
