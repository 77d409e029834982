"""Service accounts: a token is worth what it was made for, for a while, and never beside a session or for a decision."""

import httpx
import pytest
from litestar import Litestar

from casework.errors import Invalid, NotFound, Refusal
from casework.services import invitations, people, tokens
from casework.services.people import NewAccount
from casework.services.tokens import NewToken
from casework.store.call import Call, Seat, Who
from casework.store.store import Store
from tests.databases import Database
from tests.http.conftest import OPERATOR, START, Clock, Doorway, Somebody, new_case


class Service:
    """A program with a token."""

    def __init__(self, app: Litestar, somebody: Somebody) -> None:
        self.store: Store = app.state.store
        self.call = Call(who=OPERATOR, at=START)
        self.somebody = somebody
        office = people.create_office(self.store, self.call, "Kantor lain lagi", "dinas")
        ask = NewAccount(username="sistem", name="Sistem lain", seats=(Seat("supervisor", office),), service=True)
        self.made = people.create_account(self.store, self.call, ask)

    def token(self, *actions: str, name: str = "t", days: int = 30, offices: tuple[str, ...] = ()) -> str:
        ask = NewToken(username="sistem", name=name, actions=actions, days=days, offices=offices)
        return tokens.make_token(self.store, self.call, ask)

    def get(self, token: str, path: str = "/api/cases", **more: str) -> httpx.Response:
        return self.somebody.get(path, headers={"authorization": f"Bearer {token}", **more})

    def post(self, token: str, path: str, body: object) -> httpx.Response:
        return self.somebody.post(path, body, headers={"authorization": f"Bearer {token}"}, version=1)


@pytest.fixture
def service(app: Litestar, stranger: Somebody) -> Service:
    return Service(app, stranger)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_token_does_what_it_was_made_for_as_its_account_and_nothing_else(service: Service, database: Database) -> None:
    reads, writes = service.token("read"), service.token("register_case", name="w")
    assert service.get(reads).status_code == 200
    assert code(service.post(reads, "/api/cases", new_case())) == (403, "out_of_scope")
    assert service.post(writes, "/api/cases", new_case()).status_code in {201, 409}
    assert code(service.get(writes)) == (403, "out_of_scope")
    assert service.get(reads, "/api/me").json()["who"]["account"] == service.made.account
    assert reads not in repr(database.dump())


def test_a_token_ends_by_itself_at_once_when_it_is_ended_and_with_its_account(service: Service, clock: Clock) -> None:
    first, second, third = (service.token("read", name=name, days=days) for name, days in (("a", 1), ("b", 30), ("c", 30)))
    clock.forward(days=1)
    assert [service.get(token).status_code for token in (first, second, third)] == [401, 200, 200]
    tokens.end_token(service.store, service.call, "sistem", "b")
    assert [service.get(token).status_code for token in (second, third)] == [401, 200]
    people.suspend_account(service.store, service.call, "sistem")
    assert service.get(third).status_code == 401


def test_a_token_never_comes_with_a_session_nor_to_a_page(service: Service, rina: Somebody) -> None:
    token = service.token("read")
    assert code(rina.get("/api/cases", headers={"authorization": f"Bearer {token}"})) == (400, "two_credentials")
    assert rina.get("/api/cases").status_code == 200
    assert service.get(token, "/cases").status_code == 400


@pytest.mark.parametrize("shown", ["Basic cmluYTpyYWhhc2lh", "Bearer x", "bearer casework_" + "a" * 43, "Bearer casework_" + "a" * 43])
def test_what_is_no_token_of_ours_is_not_signed_in(stranger: Somebody, shown: str) -> None:
    assert code(stranger.get("/api/cases", headers={"authorization": shown})) == (401, "not_signed_in")


def test_a_token_is_bound_to_its_offices(service: Service) -> None:
    elsewhere = service.token("read", offices=("another-office",))
    assert service.get(elsewhere, "/api/me").json()["who"]["seats"] == []


def test_a_token_decides_nothing_since_it_proves_no_person(service: Service) -> None:
    token = service.token("decide_approval", "prove")
    decision = {"decision": "approve", "digest": "0" * 64}
    assert code(service.post(token, "/api/cases/none/approvals/none/decisions", decision)) == (403, "proof_needed")


def test_a_service_has_no_password_and_a_person_no_token(service: Service, enter: Doorway) -> None:
    assert enter("rina").token
    with pytest.raises(Invalid):
        tokens.make_token(service.store, service.call, NewToken(username="rina", name="t", actions=("read",), days=1))
    with pytest.raises(NotFound):
        people.set_password(service.store, service.call, "sistem", "sungai-pasang-empat-perahu")
    with pytest.raises(NotFound):
        invitations.invite(service.store, service.call, "sistem")
    assert service.made.invitation == ""
    for days, actions in ((0, ("read",)), (367, ("read",)), (1, ())):
        with pytest.raises(Invalid):
            tokens.make_token(service.store, service.call, NewToken(username="sistem", name="x", actions=actions, days=days))
    nobody = Call(who=Who(person="p", account="a", name="", seats=(Seat("supervisor", "x"),)), at=START)
    with pytest.raises(Refusal):
        tokens.make_token(service.store, nobody, NewToken(username="sistem", name="x", actions=("read",), days=1))
