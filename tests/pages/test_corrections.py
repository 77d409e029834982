"""A signed record corrected through its page, a task reported as done, and a sign-in that ends the session before it."""

from datetime import timedelta

from casework.http.session import COOKIE
from casework.machines.facts import WITA
from tests.pages.conftest import NOW, Office, Reception, Visitor
from tests.pages.days import PASSWORD
from tests.pages.forms import Page
from tests.pages.test_writing import VISIT, filing


def signed(visitor: Visitor, case: str) -> str:
    """Sign a monitoring form and return the address of its record."""
    assert visitor.send(filing(visitor, case, "F15"), do="sign", **VISIT).status_code == 303
    newest = visitor.open(f"/api/cases/{case}/records").json()[0]
    assert newest["form"] == "F15"
    return f"/cases/{case}/records/{newest['id']}"


def opened(visitor: Visitor, case: str) -> int:
    """Return how often the trail says that evidence was opened."""
    return visitor.see(f"/cases/{case}/trail").text.count("Bukti dibuka")


def test_a_signed_record_is_corrected_by_a_new_one_and_stays_on_file(worker: Visitor, office: Office) -> None:
    record = signed(worker, office.blocked)
    correct = next(link for link in worker.see(record).links if "correct=" in link)
    page = worker.see(correct)
    fields = dict(page.form("/file/F15")[1])
    assert "Ini menggantikan catatan yang lama" in page.text
    assert (fields["supersedes"], fields["visit"], fields["school"].strip()) == (record.rpartition("/")[2], "1", "masuk setiap hari")
    answer = worker.send(page.form("/file/F15"), do="sign", school="bolos dua hari")
    assert answer.status_code == 303
    case = worker.see(f"/cases/{office.blocked}").text
    assert case.count("F15 Formulir pemantauan/reintegrasi : kunjungan 1") == 2
    assert case.count(" diganti ") == 1
    assert "masuk setiap hari" in worker.see(record).text


def test_looking_at_what_will_be_corrected_leaves_a_receipt(worker: Visitor, office: Office) -> None:
    record = signed(worker, office.blocked)
    before = opened(worker, office.blocked)
    worker.see(f"/cases/{office.blocked}/file/F15?correct={record.rpartition('/')[2]}")
    assert opened(worker, office.blocked) == before + 1
    worker.see(f"/cases/{office.blocked}/file/F15")
    assert opened(worker, office.blocked) == before + 1


def test_a_record_is_corrected_once(worker: Visitor, office: Office) -> None:
    record = signed(worker, office.blocked).rpartition("/")[2]
    address = f"/cases/{office.blocked}/file/F15?correct={record}"
    assert worker.send(worker.see(address).form("/file/F15"), do="sign").status_code == 303
    again = worker.send(worker.see(address).form("/file/F15"), do="sign")
    assert again.status_code == 409
    assert "Catatan itu sudah diganti." in Page(again.text).text


def test_a_correction_that_is_wrong_still_says_what_it_corrects(worker: Visitor, office: Office) -> None:
    record = signed(worker, office.blocked).rpartition("/")[2]
    form = worker.see(f"/cases/{office.blocked}/file/F15?correct={record}").form("/file/F15")
    wrong = worker.send(form, do="sign", visit="satu")
    assert wrong.status_code == 422
    assert dict(Page(wrong.text).form("/file/F15")[1])["supersedes"] == record


def test_a_record_of_somebody_elses_case_cannot_be_opened_to_be_corrected(worker: Visitor, enter: Reception, office: Office) -> None:
    record = signed(worker, office.blocked).rpartition("/")[2]
    assert worker.open(f"/cases/{office.asked}/file/F15?correct={record}").status_code == 404
    assert enter("fauzan").open(f"/cases/{office.blocked}/file/F15?correct={record}").status_code == 404


def test_a_task_is_reported_as_done_from_the_childs_page(worker: Visitor, office: Office) -> None:
    seen = f"{(NOW - timedelta(hours=1)).astimezone(WITA):%Y-%m-%dT%H:%M}"
    missing = {
        "type": "missing",
        "happened_at": seen,
        "place": "pasar",
        "what_happened": "Anak tidak pulang.",
        "immediate_action": "dicari",
    }
    assert worker.send(filing(worker, office.blocked, "F17"), do="sign", **missing).status_code == 303
    case = worker.see(f"/cases/{office.blocked}")
    step = next(form for form in case.forms if ("trigger", "report_missing") in form[1])
    assert worker.send(step, do="advance").status_code == 303
    page = worker.see(f"/cases/{office.blocked}")
    due = page.text.partition("Tenggat")[2].partition("Langkah berikutnya")[0]
    assert "Lapor polisi" in due
    assert "Beri tahu Dinas Sosial" in due
    assert sum(action.endswith("/complete") for action, _ in page.forms) == 2
    assert worker.send(page.form("/complete"), note="x").status_code == 422
    done = worker.send(page.form("/complete"), note="Lapor lewat telepon, LP/112.")
    assert done.headers["location"] == f"/cases/{office.blocked}?done=completed"
    after = worker.see(done.headers["location"])
    assert "Tugas dicatat selesai." in after.text
    assert sum(action.endswith("/complete") for action, _ in after.forms) == 1
    assert "Tugas selesai" in after.text.partition("Riwayat")[2]
    assert worker.send(page.form("/complete"), note="Lapor sekali lagi.", key="another-key").status_code == 412


def test_signing_in_ends_the_session_that_came_along(worker: Visitor) -> None:
    old = dict(worker.cookies)
    again = worker.open("/sign-in", method="POST", data={"username": "sari", "password": PASSWORD, "back": ""})
    assert again.status_code == 303
    assert worker.cookies[COOKIE] != old[COOKIE]
    assert worker.open("/cases").status_code == 200
    worker.cookies = old
    assert worker.open("/cases").headers["location"] == "/?back=/cases"


def test_signing_in_as_somebody_else_ends_the_former_persons_session(worker: Visitor) -> None:
    old = dict(worker.cookies)
    assert worker.open("/sign-in", method="POST", data={"username": "bambang", "password": PASSWORD, "back": ""}).status_code == 303
    assert "Bambang Nugroho" in worker.see("/cases").text
    worker.cookies = old
    assert worker.open("/cases").status_code == 303


def test_a_wrong_password_ends_no_session(worker: Visitor) -> None:
    assert worker.open("/sign-in", method="POST", data={"username": "sari", "password": "salah", "back": ""}).status_code == 401
    assert worker.open("/cases").status_code == 200


def test_a_session_that_was_planted_before_the_sign_in_is_not_taken_over(stranger: Visitor) -> None:
    planted = "a" * 43
    stranger.cookies = {COOKIE: planted}
    stranger.open("/sign-in", method="POST", data={"username": "sari", "password": PASSWORD, "back": ""})
    assert stranger.cookies[COOKIE] != planted
    stranger.cookies = {COOKIE: planted}
    assert stranger.open("/cases").status_code == 303
