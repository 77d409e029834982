"""What decides asks for a fresh proof, on the interface and on the pages; and the code after the password."""

from datetime import timedelta

import pyotp

from casework.http.session import COOKIE
from casework.services.second_factor import new_secret
from tests.http.conftest import PASSWORD, Clock, Doorway, Somebody
from tests.pages.forms import Page

SECRET = new_secret()
DECISION = {"decision": "approve", "digest": "0" * 64}


def decide(somebody: Somebody, **rest: object) -> tuple[int, str]:
    answer = somebody.post("/api/cases/no-such-case/approvals/none/decisions", DECISION, version=1, **rest)  # type: ignore[arg-type]
    return answer.status_code, answer.json()["code"]


def test_a_decision_needs_a_proof_of_the_last_quarter_of_an_hour(enter: Doorway, clock: Clock) -> None:
    head = enter("hadi")
    assert decide(head) == (404, "not_found")
    clock.forward(minutes=16)
    assert decide(head, key="the-same-key-again") == (403, "proof_needed")
    wrong = head.post("/api/sessions/current/proof", {"proof": "bukan kata sandinya"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "proof_needed")
    right = head.post("/api/sessions/current/proof", {"proof": PASSWORD})
    assert right.status_code == 200
    renewed = Somebody(head.client, right.cookies[COOKIE], right.json()["csrf"])
    assert decide(renewed, key="the-same-key-again") == (404, "not_found")
    assert decide(head)[0] == 401, "the token from before is worth nothing"


def test_work_that_decides_nothing_goes_on_without_a_proof(enter: Doorway, clock: Clock) -> None:
    rina = enter("rina")
    clock.forward(minutes=20)
    assert rina.get("/api/cases").status_code == 200


def test_an_account_with_a_telephone_signs_in_with_its_code(enter: Doorway, stranger: Somebody, clock: Clock) -> None:
    rina = enter("rina")
    sent = {"csrf": rina.csrf, "key": "switching-it-on", "secret": SECRET, "code": pyotp.TOTP(SECRET).at(clock.at)}
    shown = rina.ask("POST", "/account/second-factor", data=sent)
    assert shown.status_code == 200
    clock.at += timedelta(seconds=60)
    pair = {"username": "rina", "password": PASSWORD}
    asked = stranger.post("/api/sessions", pair)
    assert (asked.status_code, asked.json()["code"]) == (401, "code_needed")
    wrong = stranger.post("/api/sessions", pair | {"code": "000000"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "not_signed_in")
    assert stranger.post("/api/sessions", pair | {"code": pyotp.TOTP(SECRET).at(clock.at)}).status_code == 201


def test_a_page_asks_for_the_proof_and_goes_on_with_everything_that_was_sent(enter: Doorway, clock: Clock) -> None:
    head = enter("hadi")
    clock.forward(minutes=16)
    typed = {"key": "a-key-of-the-page", "version": "1", "case": "none", "decision": "reject", "reason": 'belum "cukup" <bukti>'}
    asked = head.ask("POST", "/decisions/none", data=typed | {"csrf": head.csrf}, headers={"accept": "text/html"})
    assert asked.status_code == 403
    page = Page(asked.text)
    action, fields = page.form("/decisions/none")
    assert dict(fields) == typed | {"csrf": head.csrf, "proof": ""}
    assert page.unlabelled == []
    wrong = head.ask("POST", action, data=dict(fields) | {"proof": "bukan kata sandinya"}, headers={"accept": "text/html"})
    assert (wrong.status_code, COOKIE in wrong.cookies) == (403, False)
    assert dict(Page(wrong.text).form("/decisions/none")[1]) == dict(fields)
    done = head.ask("POST", action, data=dict(fields) | {"proof": PASSWORD}, headers={"accept": "text/html"})
    assert done.status_code == 404, "nobody has such a request: it went on to where that is looked up"
    renewed = Somebody(head.client, done.cookies[COOKIE], head.csrf)
    assert renewed.get("/account").status_code == 200
    assert head.get("/api/me").status_code == 401


def test_signing_a_review_off_asks_for_the_proof_on_its_page(enter: Doorway, clock: Clock) -> None:
    auditor = enter("agung")
    address, typed = "/trail/reviews/none/signature", {"key": "a-key-of-the-page", "digest": "0" * 64, "csrf": auditor.csrf}
    assert auditor.ask("POST", address, data=typed, headers={"accept": "text/html"}).status_code == 404
    clock.forward(minutes=16)
    asked = auditor.ask("POST", address, data=typed | {"key": "another-key-of-it"}, headers={"accept": "text/html"})
    assert (asked.status_code, dict(Page(asked.text).form(address)[1])["proof"]) == (403, "")
    typed |= {"key": "another-key-of-it", "proof": PASSWORD}
    assert auditor.ask("POST", address, data=typed, headers={"accept": "text/html"}).status_code == 404


def test_looking_into_a_broken_glass_asks_for_the_proof(enter: Doorway, clock: Clock) -> None:
    head, found = enter("hadi"), {"finding": "justified", "note": "Sudah diperiksa."}
    address = "/api/cases/no-such-case/glass/none/review"
    assert head.post(address, found, version=1).status_code == 404
    clock.forward(minutes=16)
    asked = head.post(address, found, version=1)
    assert (asked.status_code, asked.json()["code"]) == (403, "proof_needed")


def test_a_proof_without_the_token_of_the_session_proves_nothing(enter: Doorway) -> None:
    head = enter("hadi")
    sent = head.ask("POST", "/decisions/none", data={"key": "a-key-of-the-page", "csrf": "x", "proof": PASSWORD})
    assert (sent.status_code, COOKIE in sent.cookies) == (403, False)
    assert head.get("/api/me").status_code == 200
