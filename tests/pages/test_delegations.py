"""Standing in, arranged and seen through the pages, in both languages and without JavaScript."""

import pytest

from tests.pages.conftest import Reception


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_head_delegates_and_both_see_it_and_it_is_given_back(enter: Reception, language: str) -> None:
    head, mate = enter("yusuf"), enter("maya")
    page = head.see(f"/delegations?lang={language}")
    assert page.unlabelled == []
    done = head.send(page.form("/delegations"), role="dinas_head", taker="maya", days="7", actions=["decide", "assign"])
    assert done.headers["location"] == "/delegations?done=delegated"
    told = "Yusuf Rahmadi → Maya Anggraini"
    assert told in head.see("/delegations").text
    shown = mate.see(f"/account?lang={language}").text
    assert told in shown
    assert ("memutuskan permohonan" if language == "id" else "deciding a request") in shown
    assert "/decisions" in mate.see("/work").links
    ended = mate.send(next(form for form in mate.see("/account").forms if form[0].endswith("/end") and form[0].startswith("/delegations")))
    assert ended.headers["location"] == "/delegations?done=delegation_ended"
    assert told not in head.see("/delegations").text


def test_a_supervisor_arranges_cover_and_what_is_wrong_is_said_where_it_was_typed(enter: Reception) -> None:
    supervisor = enter("bambang")
    form = supervisor.see("/delegations").form("/covers")
    wrong = supervisor.send(form, absent="sari", taker="maya", days="31")
    assert wrong.status_code == 422
    assert "Belum disimpan" in wrong.text
    assert supervisor.send(form, absent="sari", taker="maya", days="5").headers["location"] == "/delegations?done=covered"
    assert "Maya Anggraini menggantikan Sari Wulandari" in supervisor.see("/delegations").text
    assert "Bayu Saputra" in enter("maya").see("/cases?show=mine").text
    assert "Bayu Saputra" not in enter("rina").see("/cases?show=mine").text


def test_who_has_nothing_to_arrange_is_shown_no_form(enter: Reception) -> None:
    worker = enter("sari")
    assert [form[0] for form in worker.see("/delegations").forms if "covers" in form[0] or form[0] == "/delegations"] == []
    assert "/delegations" not in worker.see("/account").links
