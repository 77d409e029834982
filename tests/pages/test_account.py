"""One's own account and the page behind an invitation, as a browser without JavaScript uses them."""

from datetime import timedelta

import pytest
from litestar.testing import TestClient

from casework.commands.opening import OPERATOR
from casework.services import invitations
from casework.store.call import Call
from tests.pages.conftest import NOW, Office, Reception, Visitor
from tests.pages.days import PASSWORD

NEW = "sungai-pasang-empat-perahu"


def link(client: TestClient, username: str, *, ago: timedelta = timedelta()) -> str:  # type: ignore[type-arg]
    return "/invitation/" + invitations.invite(client.app.state.store, Call(who=OPERATOR, at=NOW - ago), username)


@pytest.mark.parametrize("language", ["id", "en"])
def test_an_invited_person_sets_a_password_and_signs_in_with_it(client: TestClient, stranger: Visitor, language: str) -> None:  # type: ignore[type-arg]
    address = link(client, "sari")
    shown = stranger.see(f"{address}?lang={language}")
    assert "sari" in shown.text
    weak = stranger.open(address, method="POST", data={"new": "password1234", "again": "password1234"})
    unlike = stranger.open(address, method="POST", data={"new": NEW, "again": NEW + "x"})
    assert (weak.status_code, unlike.status_code) == (422, 422)
    assert stranger.open(address, method="POST", data={"new": NEW, "again": NEW}).headers["location"] == "/?done=password_set"
    assert stranger.open(address).status_code == 404
    assert stranger.open("/sign-in", method="POST", data={"username": "sari", "password": NEW}).status_code == 303


def test_a_link_that_ran_out_or_never_was_is_not_found(client: TestClient, stranger: Visitor) -> None:  # type: ignore[type-arg]
    for address in (link(client, "sari", ago=timedelta(hours=72)), "/invitation/nothing"):
        assert stranger.open(address).status_code == 404
        assert stranger.open(address, method="POST", data={"new": NEW, "again": NEW}).status_code == 404


def test_somebody_changes_their_password_and_sees_where_they_are_signed_in(enter: Reception, office: Office) -> None:
    assert office.file.exists()
    here, elsewhere = enter("sari"), enter("sari")
    page = here.see("/account")
    assert page.text.count("Akhiri") >= 2
    wrong = here.send(page.form("/account/password"), present="bukan ini", new=NEW, again=NEW)
    assert wrong.status_code == 422
    done = here.send(page.form("/account/password"), present=PASSWORD, new=NEW, again=NEW)
    assert done.headers["location"] == "/account?done=password_changed"
    assert elsewhere.open("/account").status_code == 303
    assert here.open("/account").status_code == 200


def test_one_session_and_all_others_are_ended_from_the_page(enter: Reception) -> None:
    here, second, third = enter("sari"), enter("sari"), enter("sari")
    assert here.send(here.see("/account").form("/account/sessions/end")).status_code == 303
    assert sorted(one.open("/account").status_code for one in (second, third)) == [200, 303]
    assert here.send(here.see("/account").form("/account/sessions/end-others")).status_code == 303
    assert [one.open("/account").status_code for one in (here, second, third)] == [200, 303, 303]


def test_what_changes_an_account_needs_the_token_of_the_session(enter: Reception) -> None:
    here = enter("sari")
    for address in ("/account/password", "/account/sessions/end", "/account/sessions/end-others"):
        assert here.open(address, method="POST", data={"key": "a-key-of-mine"}).status_code == 403
