"""What a house, a supervisor and a head see first: each with links to where it is done, in both languages."""

import re

import pytest

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
    assert f"/cases/{office.blocked}" in asked.links
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
