"""The registers as pages: places of care with their staff, bodies, and the child's identity corrected by two people."""

import pytest

from tests.pages.conftest import Office, Reception, Visitor
from tests.pages.forms import Page

HOUSEHOLD = {
    "name": "Keluarga Pak Rahmat",
    "kind": "foster_family",
    "complaint_channel": "no",
    "known_to_rt": "yes",
}


def test_a_household_is_entered_from_the_page_and_found_in_the_list(worker: Visitor) -> None:
    done = worker.send(worker.see("/hosts/new").form("/hosts/new"), **HOUSEHOLD)
    assert done.status_code == 303, done.text[:800]
    shown = worker.see(done.headers["location"]).text
    assert "Tempat asuh dicatat." in shown
    assert "keluarga orang tua asuh terdaftar" in shown
    assert "Keluarga Pak Rahmat" in worker.see("/hosts").text


def test_what_is_wrong_with_an_entry_comes_back_with_what_was_typed(worker: Visitor) -> None:
    answer = worker.send(worker.see("/hosts/new").form("/hosts/new"), name="Keluarga Rahmat", capacity="dua")
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "Harus berupa bilangan bulat." in page.text
    assert page.text.count("Wajib diisi.") == 3
    fields = dict(page.form("/hosts/new")[1])
    assert (fields["name"], fields["capacity"], fields["caregivers"]) == ("Keluarga Rahmat", "dua", "0")


def test_an_institution_is_not_for_a_social_worker_to_enter(worker: Visitor) -> None:
    answer = worker.send(worker.see("/hosts/new").form("/hosts/new"), **{**HOUSEHOLD, "kind": "lksa"})
    assert answer.status_code == 409
    assert "Mintalah kepada: supervisor, Kepala Dinas Sosial." in Page(answer.text).text


def test_a_supervisor_changes_an_entry_and_the_rest_stays(enter: Reception, office: Office) -> None:
    supervisor, address = enter("bambang"), f"/hosts/{office.lksa}"
    before = dict(supervisor.see(address).form(address)[1])
    done = supervisor.send(supervisor.see(address).form(address), caregivers="7")
    assert done.status_code == 303
    page = supervisor.see(done.headers["location"])
    after = dict(page.form(address)[1])
    assert {name for name in before if before[name] != after[name]} == {"key", "version", "caregivers"}


def test_two_who_change_one_entry_do_not_overwrite_each_other(enter: Reception, office: Office) -> None:
    first, second, address = enter("bambang"), enter("lina"), f"/hosts/{office.lksa}"
    early, late = first.see(address).form(address), second.see(address).form(address)
    assert first.send(early, capacity="30").status_code == 303
    stale = second.send(late, caregivers="9")
    assert stale.status_code == 412
    page = Page(stale.text)
    assert "Orang lain mengubah data ini" in page.text
    assert dict(page.form(address)[1])["caregivers"] == "9"
    assert second.see(address).source.count('value="30"') == 1


def test_staff_are_entered_and_cleared_from_the_page(enter: Reception, office: Office) -> None:
    supervisor, address = enter("bambang"), f"/hosts/{office.lksa}"
    entering = supervisor.see(address).form(f"{address}/staff")
    assert supervisor.send(entering, **{"new.name": "Tono Wijaya"}).status_code == 422
    assert supervisor.send(entering, **{"new.name": "Tono Wijaya", "new.duty": "pengasuh"}).status_code == 303
    page = supervisor.see(address)
    assert "Tono Wijaya berkas belum lengkap" in page.text
    assert "SKCK tidak ada atau lewat 12 bulan." in page.text
    assert [form for form in page.forms if ("trigger", "clear") in form[1]] == []
    action, fields = next(form for form in page.forms if "/staff/" in form[0] and "" in dict(form[1]).values())
    member = action.rpartition("/")[2]
    papers = {f"{member}.police_record_on": "2026-05-01", f"{member}.code_signed_on": "2026-05-02"}
    assert supervisor.send((action, fields), **papers).status_code == 303
    step = next(form for form in supervisor.see(address).forms if ("trigger", "clear") in form[1])
    assert step[0] == f"{action}/step"
    assert supervisor.send(step).status_code == 303
    assert "Tono Wijaya lolos pemeriksaan" in supervisor.see(address).text


def test_an_institution_sees_itself_and_can_only_say_that_somebody_left(enter: Reception, office: Office) -> None:
    head = enter("halimah")
    page = head.see(f"/hosts/{office.lksa}")
    assert "Dewi Kartika" in page.text
    own = [(action.rpartition("/")[2], dict(fields).get("trigger")) for action, fields in page.forms if action != "/sign-out"]
    assert {*own} == {("step", "leave")}
    others = [
        link for link in enter("bambang").see("/hosts").links if link.startswith("/hosts/") and not link.endswith(("new", office.lksa))
    ]
    assert others
    assert all(head.open(link).status_code == 404 for link in others)
    assert [link for link in head.see("/hosts").links if link in others] == []


def test_a_body_is_entered_from_the_page(worker: Visitor) -> None:
    assert worker.send(worker.see("/hosts").form("/bodies"), name="Kantor Desa Loa Kulu").status_code == 422
    assert worker.send(worker.see("/hosts").form("/bodies"), name="Kantor Desa Loa Kulu", kind="village").status_code == 303
    assert "Kantor Desa Loa Kulu desa/kelurahan" in worker.see("/hosts").text


@pytest.fixture
def paper(worker: Visitor, office: Office) -> str:
    """A birth certificate of the blocked child, entered by its worker; returns its id."""
    form = worker.see(f"/cases/{office.blocked}").form("/papers")
    worker.send(form, kind="birth_certificate", number="6402-LT-1", issuer="Disdukcapil", issued_on="2018-05-02")
    return next(link for link in worker.see(f"/cases/{office.blocked}").links if "/papers/" in link).rpartition("/")[2]


def asking(visitor: Visitor, address: str, field: str) -> tuple[str, list[tuple[str, str]]]:
    return next(form for form in visitor.see(address).forms if ("field", field) in form[1])


def test_a_name_is_corrected_by_two_people_on_a_compared_paper(worker: Visitor, enter: Reception, office: Office, paper: str) -> None:
    case, address = f"/cases/{office.blocked}", f"/cases/{office.blocked}/identity"
    asked = worker.send(asking(worker, address, "name"), name="Bayu Saputro", document=paper)
    assert asked.status_code == 303
    assert "Bayu Saputra → Bayu Saputro" in worker.see(asked.headers["location"]).text
    assert "1 menunggu" in worker.see(case).text
    assert worker.see(case).text.count("Bayu Saputro") == 0
    supervisor = enter("bambang")
    assert [action for action, _ in supervisor.see(address).forms if action.startswith(address)] == []
    colleague = enter("maya")
    colleague.send(colleague.see(f"{case}/papers/{paper}").form("/compare"))
    approval = next(form for form in supervisor.see(address).forms if form[0].startswith(f"{address}/"))
    assert supervisor.send(approval).status_code == 303
    assert "Bayu Saputro" in worker.see(case).text
    assert "dilakukan" in worker.see(address).text


def test_a_correction_that_cannot_be_comes_back_beside_its_question(worker: Visitor, office: Office, paper: str) -> None:
    address = f"/cases/{office.blocked}/identity"
    wrong = worker.send(asking(worker, address, "nik"), nik="12", document=paper)
    assert wrong.status_code == 422
    page = Page(wrong.text)
    assert "Ada yang perlu diperbaiki" in page.text
    assert dict(next(form for form in page.forms if ("field", "nik") in form[1])[1])["nik"] == "12"
    unknown = worker.send(asking(worker, address, "mother_name"), mother_name="", document=paper)
    assert unknown.status_code == 303
    assert "Rohani → tidak diketahui" in worker.see(address).text


def test_identity_is_the_offices_business(enter: Reception, office: Office) -> None:
    for name in ("nadia", "halimah", "fauzan"):
        assert enter(name).open(f"/cases/{office.blocked}/identity").status_code == 404, name
