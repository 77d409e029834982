"""The register of LKS as pages: found by whom it serves, added to, corrected; every answer has a name in both languages."""

from datetime import timedelta

import pytest

from casework.machines.facts import WITA
from casework.machines.register import SHEETS
from casework.services.labels import LABELS
from tests.pages.conftest import NOW, Office, Reception

TODAY = NOW.astimezone(WITA).date()


@pytest.mark.parametrize("kind", SHEETS)
def test_every_answer_of_an_entry_has_a_name(kind: str) -> None:
    entry = SHEETS[kind].entry
    missing = [name for name in entry.__struct_fields__ if not {f"{entry.__name__}.{name}", name} & LABELS.keys()]
    assert missing == []


def test_an_inspection_is_entered_corrected_and_followed_up_from_the_page(enter: Reception, office: Office) -> None:
    supervisor, address = enter("bambang"), f"/hosts/{office.lksa}"
    form = supervisor.see(address).form(f"{address}/entries/inspection")
    wrong = supervisor.send(form, **{"inspection.findings": "Kamar mandi tanpa kunci.", "inspection.follow_up": "Pasang kunci."})
    assert wrong.status_code == 422
    told = {"inspection.held_on": TODAY.isoformat(), "inspection.inspectors": "Bambang", "inspection.findings": "Tanpa kunci."}
    told |= {"inspection.follow_up": "Pasang kunci.", "inspection.follow_up_by": (TODAY + timedelta(days=5)).isoformat()}
    assert supervisor.send(form, **told).status_code == 303
    page = supervisor.see(address)
    assert "Tindak lanjut pemeriksaan 5 hari lagi" in page.text
    correct = next(link for link in page.links if "correct=" in link and link.endswith("#inspections"))
    again = supervisor.see(correct).form(f"{address}/entries/inspection")
    assert supervisor.send(again, **{"inspection.findings": "Dua kamar mandi tanpa kunci."}).status_code == 303
    page = supervisor.see(address)
    assert "Dua kamar mandi tanpa kunci." in page.text
    assert "membetulkan catatan sebelumnya" in page.text
    done = page.form(f"{address}/entries/follow_up")
    chosen = page.source.split('name="follow_up.inspection"')[1].split('value="')[2].split('"')[0]
    said = {"follow_up.inspection": chosen, "follow_up.held_on": TODAY.isoformat(), "follow_up.done": "Kunci terpasang."}
    assert supervisor.send(done, **said).status_code == 303
    assert "ditindaklanjuti" in supervisor.see(address).text


def test_an_lks_for_the_elderly_is_entered_and_found_by_whom_it_serves(enter: Reception) -> None:
    supervisor = enter("bambang")
    told = {"name": "LKS Lansia Contoh", "kind": "lks", "services": "elderly", "complaint_channel": "no", "known_to_rt": "no"}
    assert supervisor.send(supervisor.see("/hosts/new").form("/hosts/new"), **told).status_code == 303
    assert "LKS Lansia Contoh" in supervisor.see("/hosts?service=elderly").text
    assert "LKS Lansia Contoh" not in supervisor.see("/hosts?service=odgj").text
    assert "LKSA Harapan Mahakam" not in supervisor.see("/hosts?kind=lks").text


def test_what_is_near_stands_on_the_work_lists(enter: Reception, office: Office) -> None:
    supervisor, address = enter("bambang"), f"/hosts/{office.lksa}"
    form = supervisor.see(address).form(f"{address}/entries/licence")
    until = (TODAY + timedelta(days=6)).isoformat()
    assert supervisor.send(form, **{"licence.number": "TD/9", "licence.valid_until": until}).status_code == 303
    assert "Tanda pendaftaran berakhir 6 hari lagi" in supervisor.see("/hosts/due").text
    work = enter("halimah").see("/work")
    assert address in "".join(work.links)
    assert "tanda pendaftaran" in work.text.lower()
    assert "Tidak ada yang perlu diurus sekarang." in enter("fauzan").see("/hosts/due").text


def test_a_house_reads_its_entries_and_adds_none(enter: Reception, office: Office) -> None:
    page = enter("halimah").see(f"/hosts/{office.lksa}")
    assert "Tanda pendaftaran sampai" in page.text
    assert [action for action, _ in page.forms if "/entries/" in action] == []
