"""What goes on beside the journey, on the child's page and the host's: steps with a button, or with everything they lack."""

import pytest

from tests.pages.conftest import Office, Reception, Visitor
from tests.pages.forms import Page

Form = tuple[str, list[tuple[str, str]]]


def offering(page: Page, trigger: str, address: str) -> list[Form]:
    """Return the forms of a page below an address that make a step."""
    return [form for form in page.forms if form[0].startswith(address) and ("trigger", trigger) in form[1]]


@pytest.fixture
def accused(worker: Visitor, office: Office) -> str:
    """The page of a child who was beaten at the institution, as its worker reported."""
    case = f"/cases/{office.blocked}"
    told = {
        "type": "physical",
        "happened_at": "2026-01-05T10:00",
        "place": "asrama",
        "what_happened": "Anak dipukul.",
        "subject_household": office.lksa,
        "immediate_action": "Anak dijauhkan.",
        "do": "sign",
    }
    form = worker.see(f"{case}/file/F17").form("/file/F17")
    answer = worker.send(form, **told)
    assert answer.status_code == 303, Page(answer.text).text[:1500]
    return case


def test_nobody_is_asked_for_staff_where_the_child_never_lived_in_a_house(worker: Visitor, office: Office) -> None:
    page = worker.see(f"/cases/{office.blocked}/file/F17")
    assert 'name="what_happened"' in page.source
    assert 'name="accused_staff"' not in page.source


def test_a_step_beside_the_journey_is_made_with_its_button(accused: str, enter: Reception) -> None:
    supervisor = enter("bambang")
    page = supervisor.see(accused)
    assert "Proses lain" in page.text
    assert "Insiden perlindungan: LKSA Harapan Mahakam dilaporkan" in page.text
    (form,) = offering(page, "triage", f"{accused}/processes/")
    done = supervisor.send(form)
    assert done.headers["location"] == f"{accused}?done=advanced#processes"
    after = supervisor.see(done.headers["location"])
    assert "Langkah dilakukan dan dicatat." in after.text
    assert "Insiden perlindungan: LKSA Harapan Mahakam sudah dipilah" in after.text
    assert "Pilah laporan → sudah dipilah" in after.text
    assert "insiden perlindungan: pilah laporan (sudah dipilah)" in after.text
    read = Page(enter("nadia").open(f"{accused}?lang=en").text)
    others = read.text.partition("What others do")[2]
    assert "Record that the child is protected the assigned social worker, a social worker on duty or supervisor" in others
    assert offering(read, "protect", accused) == []


def test_a_step_that_lacks_something_has_no_button_but_says_what_and_by_which_law(accused: str, enter: Reception) -> None:
    supervisor = enter("bambang")
    for trigger in ("triage", "protect"):
        (form,) = offering(supervisor.see(accused), trigger, accused)
        assert supervisor.send(form).status_code == 303
    page = supervisor.see(accused)
    assert offering(page, "notify", accused) == []
    shown = page.source[page.source.index('id="h-processes"') : page.source.index('id="records"')]
    for said in ("Catat pihak berwenang sudah diberi tahu", "Perbaikan", "Oleh", "Dasar"):
        assert said in shown


def test_a_refused_step_shows_every_reason_and_a_late_one_what_happened_meanwhile(accused: str, enter: Reception) -> None:
    supervisor = enter("bambang")
    never = supervisor.send(offering(supervisor.see(accused), "triage", accused)[0], trigger="close")
    assert never.status_code == 409
    assert "Kembali ke kasus" in Page(never.text).text
    early, late = (offering(supervisor.see(accused), "triage", accused)[0] for _ in range(2))
    assert supervisor.send(early).status_code == 303
    stale = supervisor.send(late)
    assert stale.status_code == 412
    assert "insiden perlindungan: pilah laporan (sudah dipilah)" in Page(stale.text).text


def test_a_house_does_not_see_the_incident_on_the_childs_page(accused: str, enter: Reception) -> None:
    page = enter("halimah").see(accused)
    assert "Penempatan: LKSA Harapan Mahakam" in page.text
    assert "nsiden perlindungan" not in page.text


def test_the_standing_of_a_house_is_changed_by_steps_and_a_refusal_leads_back(office: Office, enter: Reception) -> None:
    head, address = enter("yusuf"), f"/hosts/{office.lksa}"
    first = offering(head.see(address), "suspend", f"{address}/step")[0]
    (restrict,) = offering(head.see(address), "restrict", f"{address}/step")
    assert head.send(restrict).status_code == 303
    assert "dibatasi" in head.see(address).text
    late = head.send(first)
    assert late.status_code == 412
    assert "Orang lain mengubah data ini" in Page(late.text).text
    again = offering(Page(late.text), "suspend", f"{address}/step")[0]
    assert head.send(again).status_code == 303
    page = head.see(address)
    assert "dibekukan" in page.text
    assert "Bekukan → dibekukan" in page.text
    never = head.send((again[0], offering(page, "revoke", address)[0][1]), trigger="expire")
    assert never.status_code == 409
    assert f'href="{address}"' in never.text


def test_a_house_sees_how_it_stands_and_who_decides_but_presses_nothing(office: Office, enter: Reception) -> None:
    page = enter("halimah").see(f"/hosts/{office.lksa}")
    assert "Bekukan Kepala Dinas Sosial" in page.text.partition("Yang dilakukan orang lain")[2]
    assert {dict(fields).get("trigger") for action, fields in page.forms if "/step" in action} <= {"leave"}


def test_a_breach_of_data_is_reported_and_handled_on_its_page_by_who_is_responsible(enter: Reception) -> None:
    officer = enter("dian")
    page = officer.see("/breaches")
    assert "Belum ada kebocoran yang dilaporkan." in page.text
    (form,) = [form for form in page.forms if form[0] == "/breaches"]
    assert officer.send(form).status_code == 303
    (form,) = offering(officer.see("/breaches"), "assess", "/breaches/")
    assert officer.send(form).headers["location"] == "/breaches?done=advanced"
    after = officer.see("/breaches?done=advanced")
    assert "sudah dinilai" in after.text
    assert "Whoever reported or handled it does not end it alone." in Page(officer.open("/breaches?lang=en").text).text
    assert "/breaches" not in Page(enter("sari").open("/cases").text).text
    assert enter("sari").open("/breaches").status_code in {403, 409}
