"""What a house, a supervisor and a head see first: each with links to where it is done, in both languages."""

import re

import pytest

from casework.http.pages import work
from tests.pages.conftest import Office, Reception


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_house_sees_its_places_and_which_child_waits_for_its_answer(enter: Reception, office: Office, language: str) -> None:
    page = enter("halimah").see(f"/work?lang={language}")
    assert page.unlabelled == []
    assert f"/hosts/{office.lksa}" in page.links
    assert ("20 tempat kosong" if language == "id" else "20 places free") in page.text
    worker = enter("sari")
    form = worker.see(f"/cases/{office.blocked}").form("/offers")
    fauzan = enter("fauzan")
    assert f"/cases/{office.blocked}" not in fauzan.see("/work").links
    nur = re.findall(r'<option value="(\w{26})">LKSA Nur Mahakam', worker.see(f"/cases/{office.blocked}").source)[0]
    assert worker.send(form, host=nur).status_code == 303
    asked = fauzan.see(f"/work?lang={language}")
    assert f"/cases/{office.blocked}#h-care" in asked.links
    assert ("terima atau tolak" if language == "id" else "accept or decline") in asked.text
    answering = fauzan.see(f"/cases/{office.blocked}").form("/offers")
    assert fauzan.send(answering, answer="decline", reason="Tempat penuh bulan ini.").status_code == 303
    assert f"/cases/{office.blocked}" not in fauzan.see("/work").links


@pytest.mark.parametrize("language", ["id", "en"])
def test_who_leads_an_office_sees_what_its_team_carries(enter: Reception, language: str) -> None:
    for by in ("bambang", "yusuf"):
        page = enter(by).see(f"/team?lang={language}")
        assert page.unlabelled == []
        assert "Sari Wulandari" in page.text
        assert ("2 dari 25 kasus terbuka" if language == "id" else "2 of 25 open cases") in page.text
        assert "Bambang Nugroho" in page.text
    assert "/team" in enter("bambang").see("/work").links
    for by in ("sari", "halimah", "nadia", "ratih"):
        assert enter(by).open("/team").status_code == 404


def test_the_list_of_cases_is_narrowed_to_one_district(enter: Reception, office: Office) -> None:
    field = enter("iwan")
    assert f"/cases/{office.blocked}" in field.see("/cases").links
    assert f"/cases/{office.blocked}" not in field.see("/cases?district=64.02.07").links
    assert f"/cases/{office.blocked}" not in field.see("/cases?district=64.02.07&state=care_planning").links
    assert f"/cases/{office.blocked}" in field.see("/cases?district=x").links, "a code that no district has narrows nothing"


def test_the_register_says_how_full_each_house_is_to_who_reads_all_of_it(enter: Reception) -> None:
    assert "0 anak di 20 tempat" in enter("bambang").see("/hosts").text
    assert "anak di 20" not in enter("halimah").see("/hosts").text


def test_whose_cases_have_nothing_due_is_told_so_once_and_led_to_all_where_the_list_is_cut(
    enter: Reception, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = enter("sari")
    found = worker.see("/work")
    idle = found.source.partition('id="h-idle"')[2].partition("</section>")[0]
    assert f"/cases/{office.blocked}#steps" in idle
    assert "/cases?show=mine" not in idle, "the list is whole"
    empty = [words for words in ("Tidak ada yang jatuh tempo.", "Tidak ada pekerjaan yang menunggu Anda.") if words in found.text]
    assert empty == ["Tidak ada yang jatuh tempo."], "one notice: there is work, and nothing of it is due"
    monkeypatch.setattr(work, "MOST_IDLE", idle.count("<li>"))
    cut = worker.see("/work").source.partition('id="h-idle"')[2].partition("</section>")[0]
    assert "/cases?show=mine" in cut
    assert f"/cases/{office.blocked}" in worker.see("/cases?show=mine").links
