"""The complaint page: a child without an account, on a phone; and the office's pages, which no house is led to."""

import re

import httpx

from tests.pages.conftest import Office, Reception, Visitor
from tests.pages.forms import Page

CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}")


def tell(visitor: Visitor, **said: str) -> httpx.Response:
    return visitor.send(visitor.see("/pengaduan").form("/pengaduan"), **{"what": "Aku dipukul dan takut.", "danger": "yes", **said})


def test_a_child_tells_without_an_account_keeps_a_code_and_reads_the_answer(stranger: Visitor, enter: Reception, office: Office) -> None:
    page = stranger.see("/pengaduan")
    assert "tel:129" in page.links
    assert "tel:110" in page.links
    sent = tell(stranger, host=office.lksa)
    assert sent.status_code == 200
    code = CODE.search(Page(sent.text).text)
    assert code is not None
    worker = enter("bambang")
    address = next(link for link in worker.see("/complaints").links if link.startswith("/complaints/") and not link.endswith("new"))
    one = worker.see(address)
    assert "Aku dipukul dan takut." in one.text
    assert worker.send(next(form for form in one.forms if ("trigger", "look") in form[1])).status_code == 303
    asking = stranger.see("/pengaduan/jawaban").form("/pengaduan/jawaban")
    waiting = stranger.send(asking, code=code[0].lower())
    assert "sedang diperiksa" in waiting.text
    assert "dipukul" not in waiting.text
    wrong = stranger.send(asking, code="ABCD-ABCD-ABCD")
    assert (wrong.status_code, "Kode ini tidak kami kenal" in wrong.text) == (404, True)


def test_an_answer_that_is_too_long_comes_back_and_is_not_given(stranger: Visitor, enter: Reception) -> None:
    tell(stranger, danger="no")
    worker = enter("bambang")
    address = next(link for link in worker.see("/complaints").links if link.startswith("/complaints/") and not link.endswith("new"))
    worker.send(next(form for form in worker.see(address).forms if ("trigger", "look") in form[1]))
    form = next(form for form in worker.see(address).forms if ("trigger", "answer") in form[1])
    answer = worker.send(form, answer="a" * 5000)
    assert answer.status_code == 422
    assert "Terlalu panjang" in Page(answer.text).text
    assert "a" * 5000 in answer.text


def test_what_is_missing_is_said_in_plain_words_and_nothing_typed_is_lost(stranger: Visitor) -> None:
    answer = tell(stranger, what=" ", danger="", name="Fajar")
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "Tulis sedikit tentang yang terjadi." in page.text
    assert "Pilih satu." in page.text
    assert 'value="Fajar"' in answer.text


def test_another_site_cannot_post_a_complaint(stranger: Visitor, client: object) -> None:
    action, fields = stranger.see("/pengaduan").form("/pengaduan")
    headers = {"accept": "text/html", "origin": "https://elsewhere.example"}
    answer = client.post(action, data=dict(fields) | {"what": "x", "danger": "no"}, headers=headers)  # type: ignore[attr-defined]
    assert answer.status_code == 403


def test_no_house_is_led_to_complaints_nor_finds_one(stranger: Visitor, enter: Reception, office: Office) -> None:
    tell(stranger, host=office.lksa)
    head, worker = enter("halimah"), enter("bambang")
    assert "/complaints" not in head.see("/cases").links
    assert "Tidak ada pengaduan." in head.see("/complaints").text
    address = next(link for link in worker.see("/complaints").links if link.startswith("/complaints/") and not link.endswith("new"))
    assert head.open(address).status_code == 404


def test_who_told_it_is_shown_only_after_a_recorded_look(stranger: Visitor, enter: Reception, office: Office) -> None:
    tell(stranger, host=office.lksa, name="Fajar Nugraha", contact="di sekolah")
    worker = enter("bambang")
    address = next(link for link in worker.see("/complaints").links if link.startswith("/complaints/") and not link.endswith("new"))
    one = worker.see(address)
    assert "Fajar Nugraha" not in one.text
    assert "Fajar Nugraha" in worker.send(one.form(f"{address}/reporter")).text
    assert "Fajar Nugraha" not in enter("yusuf").see(address).text


def test_a_worker_writes_down_what_a_child_told_and_gives_it_the_code(enter: Reception, office: Office) -> None:
    worker = enter("sari")
    form = worker.see("/complaints/new").form("/complaints/new")
    assert worker.send(form, what="", danger="no").status_code == 422
    done = worker.send(form, what="Anak bercerita di sekolah.", danger="no", host=office.lksa)
    assert CODE.search(Page(done.text).text)
