"""The registers over HTTP: hosts and their staff, bodies, corrections of identity; who may, and who saw which version."""

from typing import Any

import httpx
import pytest

from casework.http.app import open_store
from casework.machines.forms import Consent, Incident, InitialAssessment
from casework.services import people
from casework.services.people import NewAccount
from casework.settings import Settings
from casework.store.call import Call, Seat
from tests.http.conftest import BEFORE, OPERATOR, PASSWORD, Doorway, Place, Somebody, body_of, new_case, registered

FAMILY = {"name": "Keluarga Rahmat", "kind": "foster_family", "religion": "islam", "capacity": 2, "known_to_rt": True}


def codes(answer: httpx.Response) -> list[str]:
    """Return the codes of the reasons that a refusal gives."""
    assert answer.status_code == 409, answer.text
    return [reason["code"] for reason in answer.json()["reasons"]]


def patch(who: Somebody, path: str, body: Any, *, version: int, key: str) -> httpx.Response:
    return who.ask("PATCH", path, json=body, headers={"idempotency-key": key, "if-match": f'"{version}"'})


def test_a_household_is_entered_by_a_social_worker_and_an_institution_only_by_a_supervisor(rina: Somebody, enter: Doorway) -> None:
    entered = rina.post("/api/hosts", FAMILY)
    assert (entered.status_code, entered.headers["etag"]) == (201, '"1"')
    shown = rina.get(entered.headers["location"])
    assert (shown.json()["name"], shown.json()["staff"], shown.headers["etag"]) == ("Keluarga Rahmat", [], '"1"')
    institution = {"name": "LKSA Baru", "kind": "lksa"}
    assert codes(rina.post("/api/hosts", institution)) == ["role_not_allowed"]
    assert enter("surya").post("/api/hosts", institution).status_code == 201


def test_a_host_is_entered_once_under_one_key(rina: Somebody) -> None:
    first, again = (rina.post("/api/hosts", FAMILY, key="the-same-key") for _ in range(2))
    assert first.json() == again.json()
    assert [host["name"] for host in rina.get("/api/hosts").json()].count("Keluarga Rahmat") == 1


def test_a_change_of_a_host_keeps_what_it_leaves_out_and_names_the_version_it_saw(place: Place, enter: Doorway) -> None:
    surya, host = enter("surya"), f"/api/hosts/{place.lksa}"
    changed = patch(surya, host, {"licence_until": "2027-01-31"}, version=1, key="change-one")
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    view = surya.get(host).json()
    assert (view["licence_until"], view["capacity"], view["version"]) == ("2027-01-31", 20, 2)
    stale = patch(surya, host, {"capacity": 30}, version=1, key="change-two")
    assert (stale.status_code, stale.json()["current"], stale.headers["etag"]) == (412, 2, '"2"')
    assert patch(surya, host, {"licence_until": None}, version=2, key="change-three").status_code == 200
    assert surya.get(host).json()["licence_until"] is None
    blind = surya.ask("PATCH", host, json={"capacity": 30}, headers={"idempotency-key": "change-four"})
    assert (blind.status_code, surya.get(host).json()["capacity"]) == (428, 20)


def test_a_waiver_is_the_heads_and_a_standing_is_no_answer_of_anybody(place: Place, enter: Doorway) -> None:
    surya, hadi, host = enter("surya"), enter("hadi"), f"/api/hosts/{place.lksa}"
    waiver = {"accreditation_waiver_until": "2026-12-31"}
    assert codes(patch(surya, host, waiver, version=1, key="waiver-surya")) == ["role_not_allowed"]
    assert patch(hadi, host, waiver, version=1, key="waiver-hadi").status_code == 200
    assert patch(surya, host, {"status": "active"}, version=2, key="no-such-answer").status_code == 422


def test_every_fault_of_a_host_is_told_at_once(rina: Somebody) -> None:
    wrong = rina.post("/api/hosts", {"name": "", "kind": "hotel", "capacity": -1, "state": "active"})
    assert wrong.status_code in {400, 422}
    assert {fault["path"] for fault in wrong.json()["errors"]} == {"$.name", "$.kind", "$.capacity", "$.state"}


def test_staff_are_entered_and_cleared_and_each_time_the_host_has_a_new_version(place: Place, enter: Doorway, rina: Somebody) -> None:
    surya, host = enter("surya"), f"/api/hosts/{place.lksa}"
    new = {"name": "Dewi Kartika", "duty": "pengasuh"}
    assert codes(rina.post(f"{host}/staff", new, version=1)) == ["role_not_allowed"]
    entered = surya.post(f"{host}/staff", new, version=1)
    assert (entered.status_code, entered.headers["etag"], entered.headers["location"]) == (201, '"2"', host)
    papers = {"police_record_on": "2026-02-01", "code_signed_on": "2026-02-02"}
    member = f"{host}/staff/{entered.json()['id']}"
    clear = f"{member}/transitions"
    assert codes(surya.post(clear, {"trigger": "clear"}, version=2)) == ["police_record_current", "code_signed"]
    assert patch(surya, member, papers, version=1, key="papers-stale").status_code == 412
    assert patch(surya, member, papers, version=2, key="papers-fresh").headers["etag"] == '"3"'
    assert surya.post(clear, {"trigger": "clear"}, version=2).status_code == 412
    assert surya.post(clear, {"trigger": "clear"}, version=3).headers["etag"] == '"4"'
    (shown,) = surya.get(host).json()["staff"]
    assert shown | papers == shown
    assert (shown["status_words"]["id"], [made["state"]["en"] for made in shown["past"]]) == (
        "lolos pemeriksaan",
        ["papers not complete", "cleared"],
    )


def test_a_member_of_staff_is_found_only_where_they_work(place: Place, enter: Doorway) -> None:
    surya = enter("surya")
    entered = surya.post(f"/api/hosts/{place.lksa}/staff", {"name": "Dewi", "duty": "pengasuh"}, version=1).json()["id"]
    other = surya.post("/api/hosts", {"name": "LKSA Lain", "kind": "lksa"}).json()["id"]
    elsewhere = patch(surya, f"/api/hosts/{other}/staff/{entered}", {"police_record_on": "2026-02-01"}, version=1, key="wrong-house")
    assert elsewhere.status_code == 404
    step = {"trigger": "bar"}
    assert surya.post(f"/api/hosts/{other}/staff/{entered}/transitions", step, version=1).status_code == 404


def test_an_institution_sees_itself_and_changes_nothing(place: Place, enter: Doorway) -> None:
    hana, surya = enter("hana"), enter("surya")
    other = surya.post("/api/hosts", {"name": "LKSA Lain", "kind": "lksa"}).json()["id"]
    assert [host["id"] for host in hana.get("/api/hosts").json()] == [place.lksa]
    assert hana.get(f"/api/hosts/{place.lksa}").json()["may_change"] is False
    assert hana.get(f"/api/hosts/{other}").status_code == 404
    assert codes(patch(hana, f"/api/hosts/{place.lksa}", {"capacity": 99}, version=1, key="house-itself")) == ["role_not_allowed"]


@pytest.mark.parametrize("name", ["agung", "atun"])
def test_a_host_is_not_read_by_who_has_no_work_with_it(name: str, place: Place, enter: Doorway) -> None:
    assert enter(name).get(f"/api/hosts/{place.lksa}").status_code == 404


def test_a_body_is_entered_and_listed(rina: Somebody, enter: Doorway) -> None:
    body = {"name": "Polres Kutai Kartanegara", "kind": "police"}
    assert rina.post("/api/bodies", body).status_code == 201
    assert [(found["name"], found["kind"]) for found in rina.get("/api/bodies").json()] == [("Polres Kutai Kartanegara", "police")]
    assert codes(enter("agung").post("/api/bodies", body)) == ["role_not_allowed"]


class Child:
    """A case with a birth certificate, on the way to a corrected name."""

    def __init__(self, enter: Doorway, place: Place) -> None:
        self.rina, self.surya, self.dewi = enter("rina"), enter("surya"), enter("dewi")
        case, self.version = registered(self.rina)
        self.path = f"/api/cases/{case}"
        self.send(self.surya, "/assignment", {"person": place.persons["rina"]})
        paper = {"kind": "birth_certificate", "number": "6402-LT-1", "issuer": "Disdukcapil", "issued_on": "2018-05-02"}
        self.paper = self.send(self.rina, "/documents", paper).json()["id"]

    def send(self, who: Somebody, path: str, body: Any = None) -> httpx.Response:
        answer = who.post(self.path + path, body, version=self.version)
        if answer.status_code < 300:
            self.version = answer.json()["version"]
        return answer

    def ask(self, **changed: Any) -> httpx.Response:
        return self.send(self.rina, "/identity-changes", {"field": "name", "new_value": "Siti Rahma", "document": self.paper, **changed})


@pytest.fixture
def child(enter: Doorway, place: Place) -> Child:
    return Child(enter, place)


def test_a_name_changes_only_once_another_person_approved_it_on_a_compared_paper(child: Child) -> None:
    asked = child.ask()
    assert asked.status_code == 201, asked.text
    waiting = child.surya.get(asked.headers["location"]).json()
    (change,) = waiting["changes"]
    assert (change["field"], change["old"], change["new"], change["applied"], change["may_approve"]) == (
        "name", "Siti Rahmah", "Siti Rahma", False, True,
    )  # fmt: skip
    assert waiting["identity"]["name"] == "Siti Rahmah"
    approval = f"/identity-changes/{asked.json()['id']}/approval"
    assert codes(child.send(child.rina, approval)) == ["role_not_allowed"]
    assert codes(child.send(child.surya, approval)) == ["document_not_compared"]
    child.send(child.dewi, f"/documents/{child.paper}/comparison")
    done = child.send(child.surya, approval)
    assert (done.status_code, done.headers["etag"]) == (200, f'"{child.version}"')
    assert child.surya.get(child.path).json()["child"]["name"] == "Siti Rahma"
    assert codes(child.send(child.surya, approval)) == ["already_done"]
    kinds = [entry["kind"] for entry in child.rina.get(f"{child.path}/journal").json()["entries"]]
    assert {"identity_change_requested", "identity_changed"} <= {*kinds}


def test_a_correction_must_be_one_that_the_register_can_hold_on_a_paper_of_the_case(child: Child) -> None:
    wrong = child.ask(field="born", new_value="2016-02-31")
    assert (wrong.status_code, [fault["path"] for fault in wrong.json()["errors"]]) == (422, ["$.new_value"])
    assert child.ask(field="born", new_value="2026-12-01").status_code == 422
    assert child.ask(document="0" * 26).status_code == 404
    assert child.rina.get(f"{child.path}/identity-changes").json()["changes"] == []


def test_corrections_are_the_offices_business(child: Child, enter: Doorway, place: Place) -> None:
    child.send(child.rina, "/offers", {"host": place.lksa})
    for name, status in (("hana", 404), ("agung", 404), ("lain", 404), ("dewi", 200)):
        assert enter(name).get(f"{child.path}/identity-changes").status_code == status, name


def test_a_correction_seen_before_somebody_else_changed_the_case_is_refused(child: Child) -> None:
    seen = child.version
    child.send(child.rina, "/relatives", {"name": "Aminah", "relation": "nenek", "degree": 2})
    late = child.rina.post(f"{child.path}/identity-changes", {"field": "name", "new_value": "Siti", "document": child.paper}, version=seen)
    assert (late.status_code, late.json()["current"]) == (412, child.version)


def test_a_parent_is_a_parent_whatever_they_were_called(child: Child) -> None:
    child.send(child.rina, "/relatives", {"name": "Ahmad", "relation": "Ayah", "degree": 1})
    assert [one["kind"] for one in child.rina.get(child.path).json()["relatives"]] == ["father"]


def task_of(who: Somebody, path: str, kind: str) -> str:
    return str(next(task["id"] for task in who.get(path).json()["tasks"] if task["kind"] == kind))


def test_a_task_that_no_form_settles_is_reported_as_done_over_http(child: Child) -> None:
    child.send(child.rina, "/records", {"form": "F17", "body": body_of(Incident)})
    assert child.send(child.rina, "/transitions", {"trigger": "report_missing"}).status_code == 200
    told = f"/tasks/{task_of(child.rina, child.path, 'inform_police')}/completion"
    assert child.send(child.rina, told, {"note": "  "}).status_code == 422
    assert child.send(child.rina, f"/tasks/{'0' * 26}/completion", {"note": "Lapor ke Polres."}).status_code == 404
    assert child.send(child.dewi, told, {"note": "Lapor ke Polres."}).status_code == 200
    assert [task["settled_at"] is None for task in child.rina.get(child.path).json()["tasks"] if task["kind"] == "inform_police"] == [False]
    assert child.send(child.rina, told, {"note": "Lapor sekali lagi."}).status_code == 404


def test_a_task_that_its_form_settles_is_not_ticked_off_and_is_called_by_its_name(child: Child) -> None:
    child.send(child.rina, "/transitions", {"trigger": "start_assessment"})
    child.send(child.rina, "/records", {"form": "F03", "body": body_of(InitialAssessment)})
    child.send(child.rina, "/records", {"form": "F22", "body": body_of(Consent)})
    assert child.send(child.rina, "/transitions", {"trigger": "begin_comprehensive_assessment"}).status_code == 200
    assessment = task_of(child.rina, child.path, "comprehensive_assessment")
    refused = child.send(child.rina, f"/tasks/{assessment}/completion", {"note": "Sudah selesai."})
    assert codes(refused) == ["settled_by_its_form"]
    assert refused.json()["reasons"][0]["words"]["id"] == (
        "Tugas 'Selesaikan asesmen lanjutan (F04)' selesai dengan formulir atau langkahnya sendiri."
    )


def test_an_account_seated_at_an_institution_works_there_and_nowhere_else(settings: Settings, place: Place, enter: Doorway) -> None:
    store = open_store(settings)
    office = people.create_office(store, Call(who=OPERATOR, at=BEFORE), "LKSA Harapan", "lksa")
    call = Call(who=OPERATOR, at=BEFORE)
    ask = NewAccount(username="petugas", password=PASSWORD, seats=(Seat("lksa_staff", office, place.lksa),), name="Petugas Baru")
    people.create_account(store, call, ask)
    store.close()
    petugas = enter("petugas")
    me = petugas.get("/api/me").json()["who"]
    assert me["seats"] == [{"role": "lksa_staff", "office": office, "host": place.lksa, "body": None, "area": None}]
    assert [host["id"] for host in petugas.get("/api/hosts").json()] == [place.lksa]
    case, version = registered(enter("rina"))
    assert petugas.get(f"/api/cases/{case}").status_code == 404
    assert petugas.get("/api/cases").json() == []
    enter("surya").post(f"/api/cases/{case}/assignment", {"person": place.persons["rina"]}, version=version)
    assert enter("rina").post(f"/api/cases/{case}/offers", {"host": place.lksa}, version=version + 1).status_code == 201
    assert petugas.get(f"/api/cases/{case}").status_code == 200
    assert codes(petugas.post("/api/cases", new_case())) == ["role_not_allowed"]
