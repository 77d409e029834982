"""What was typed outlives the session: its maker finds it after signing in again, nobody else ever sees it, and nothing is done twice."""

import base64
import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from casework.http.session import COOKIE
from casework.services.held import LIVES, LONGEST
from casework.settings import Settings
from tests.application import lent
from tests.pages.conftest import NOW, SITE, Office, Reception, Visitor
from tests.pages.days import PASSWORD
from tests.pages.forms import Page

IDLE = timedelta(minutes=31)
SAID = "Ditemui di rumah paman; ibu menangis, dan anak ingin pulang."
WRONG = "bukan-kata-sandinya"


class Watch:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def client(office: Office, watch: Watch) -> Iterator[TestClient[Litestar]]:
    with lent(Settings(database=str(office.file)), watch) as app, TestClient(app, base_url=SITE) as client:
        yield client


def late(worker: Visitor, office: Office, watch: Watch, **changed: str) -> httpx.Response:
    """Send a long form half an hour after the last look."""
    form = worker.see(f"/cases/{office.blocked}/file/F15").form("/file/F15")
    watch.now += IDLE
    return worker.send(form, **({"child_view": SAID, "do": "sign"} | changed))


def come_back(visitor: Visitor, page: Page, username: str = "sari", password: str = PASSWORD) -> httpx.Response:
    return visitor.send(page.form("/sign-in"), username=username, password=password)


def test_a_form_sent_after_the_session_ended_is_there_after_signing_in_again(worker: Visitor, office: Office, watch: Watch) -> None:
    answer = late(worker, office, watch)
    assert answer.status_code == 401
    door = Page(answer.text)
    assert "Isian Anda ikut dibawa, terkunci untuk akun Anda" in door.text
    assert SAID not in answer.text
    inside = come_back(worker, door)
    assert inside.status_code == 200
    kept = Page(inside.text).form("/file/F15")
    again = Page(worker.send(kept, do="rows").text).form("/file/F15")
    assert dict(again[1])["child_view"] == SAID
    assert dict(again[1])["key"] == dict(kept[1])["key"]
    assert worker.send(again, do="draft").status_code == 303
    assert SAID in worker.see(f"/cases/{office.blocked}/file/F15").source


def test_a_wrong_password_meanwhile_loses_nothing(worker: Visitor, office: Office, watch: Watch) -> None:
    wrong = come_back(worker, Page(late(worker, office, watch).text), password=WRONG)
    assert wrong.status_code == 401
    inside = come_back(worker, Page(wrong.text))
    assert dict(Page(inside.text).form("/file/F15")[1])["child_view"] == SAID


def test_who_signed_in_again_in_another_window_goes_on_from_the_door(
    worker: Visitor, office: Office, watch: Watch, enter: Reception
) -> None:
    door = Page(late(worker, office, watch).text)
    assert worker.send(door.form("/sign-in/held")).status_code == 401
    worker.cookies = enter("sari").cookies
    assert dict(Page(worker.send(door.form("/sign-in/held")).text).form("/file/F15")[1])["child_view"] == SAID


def test_somebody_else_who_signs_in_on_the_same_telephone_sees_nothing_of_it(
    worker: Visitor, office: Office, watch: Watch, enter: Reception
) -> None:
    door = Page(late(worker, office, watch).text)
    other = come_back(worker, door, username="bambang")
    assert other.status_code == 303
    assert SAID not in worker.see("/work").source
    worker.cookies = enter("rina").cookies
    assert worker.send(door.form("/sign-in/held")).status_code == 303


def test_what_is_kept_lasts_a_working_day_and_opens_only_unchanged(worker: Visitor, office: Office, watch: Watch) -> None:
    door = Page(late(worker, office, watch).text)
    sealed = dict(door.form("/sign-in")[1])["held"]
    for spoilt in (sealed[:-8] + "AAAAAAA=", sealed[4:], "bukan milik kami", "é"):
        assert worker.send(door.form("/sign-in"), username="sari", password=PASSWORD, held=spoilt).status_code == 303
    watch.now += LIVES + timedelta(minutes=1)
    assert come_back(worker, door).status_code == 303


def test_a_form_of_an_earlier_session_is_shown_to_its_maker_to_be_sent_again(worker: Visitor, office: Office, enter: Reception) -> None:
    form = worker.see(f"/cases/{office.blocked}").form("/relatives")
    worker.cookies = enter("sari").cookies
    answer = worker.send(form, name="Paman Udin", relation="paman", degree="3", status="alive", religion="islam")
    page = Page(answer.text)
    assert "Paman Udin" in page.text
    assert "Paman Udin" not in worker.see(f"/cases/{office.blocked}").text
    assert worker.send(page.form("/relatives")).status_code == 303
    assert "Paman Udin" in worker.see(f"/cases/{office.blocked}").text


@pytest.mark.parametrize("token", ["palsu", ""])
def test_a_form_that_no_session_of_ours_made_is_not_kept(worker: Visitor, office: Office, watch: Watch, token: str) -> None:
    answer = late(worker, office, watch, csrf=token)
    assert answer.status_code == 401
    assert "held" not in dict(Page(answer.text).form("/sign-in")[1])


def test_a_form_of_somebody_elses_session_is_neither_shown_nor_done(worker: Visitor, office: Office, enter: Reception) -> None:
    form = worker.see(f"/cases/{office.blocked}").form("/relatives")
    worker.cookies = enter("bambang").cookies
    answer = worker.send(form, name="Paman Udin", relation="paman", degree="3", status="alive", religion="islam")
    assert answer.status_code == 403
    assert "Paman Udin" not in answer.text


def test_passwords_are_not_kept(worker: Visitor, watch: Watch) -> None:
    form = worker.see("/account").form("/account/password")
    watch.now += IDLE
    answer = worker.send(form, present=PASSWORD, new="sungai-mahakam-tenang", again="sungai-mahakam-tenang")
    assert answer.status_code == 401
    assert "held" not in dict(Page(answer.text).form("/sign-in")[1])


def test_what_is_too_long_to_be_carried_is_not_said_to_be_kept(worker: Visitor, office: Office, watch: Watch) -> None:
    noise = base64.urlsafe_b64encode(hashlib.shake_256(b"nothing repeats").digest(LONGEST)).decode()[: LONGEST + 15_000]
    answer = late(worker, office, watch, child_view=noise)
    assert answer.status_code == 401
    assert "ikut dibawa" not in answer.text
    assert "held" not in dict(Page(answer.text).form("/sign-in")[1])


def test_a_look_after_the_session_ended_leads_back_without_the_name_that_was_searched(worker: Visitor, watch: Watch) -> None:
    worker.see("/cases")
    watch.now += IDLE
    answer = worker.open("/cases?name=bayu")
    assert answer.headers["location"] == "/?back=/cases"
    assert come_back(worker, Page(worker.open("/?back=/cases").text)).headers["location"] == "/cases"


def test_more_rows_neither_hide_what_changed_nor_do_a_thing_twice(worker: Visitor, office: Office) -> None:
    form = worker.see(f"/cases/{office.blocked}/file/F15").form("/file/F15")
    other = worker.see(f"/cases/{office.blocked}").form("/relatives")
    assert worker.send(other, name="Paman Udin", relation="paman", degree="3", status="alive", religion="islam").status_code == 303
    more = Page(worker.send(form, do="rows", child_view=SAID).text).form("/file/F15")
    assert dict(more[1])["version"] == dict(form[1])["version"]
    stale = worker.send(more, do="draft")
    assert stale.status_code == 412
    assert SAID in stale.text


def test_signing_out_tells_the_browser_to_throw_away_what_its_windows_keep(worker: Visitor) -> None:
    answer = worker.send(worker.see("/work").form("/sign-out"))
    assert answer.headers["clear-site-data"] == '"storage"'
    assert COOKIE in answer.headers["set-cookie"]
