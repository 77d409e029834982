"""The processes beside the journey over HTTP: listed with what each step lacks, made one by one, and whose business they are."""

from typing import Any

import httpx
import pytest

from casework.machines.forms import Incident
from tests.http.conftest import Doorway, Place, Somebody, body_of, registered
from tests.http.test_registers import codes, patch

READY = {
    "licence_number": "TD/1",
    "licence_until": "2028-12-31",
    "accredited_until": "2028-12-31",
    "policy_dated": "2026-01-10",
    "policy_disseminated": True,
    "complaint_channel": True,
}


class Reported:
    """A case with an incident that Rina reported: by default one that accuses the institution of the office."""

    def __init__(self, enter: Doorway, place: Place, name: str = "Siti Rahmah") -> None:
        self.rina, self.surya = enter("rina"), enter("surya")
        self.case, self.version = registered(self.rina, name)
        self.path = f"/api/cases/{self.case}"
        self.then(self.surya, "/assignment", {"person": place.persons["rina"]})
        told = body_of(Incident, type="physical", subject_household=place.lksa)
        self.then(self.rina, "/records", {"form": "F17", "body": told})

    def then(self, who: Somebody, path: str, body: Any) -> httpx.Response:
        """Change the case, and see its new version."""
        answer = who.post(f"{self.path}{path}", body, version=self.version)
        assert answer.status_code < 300, answer.text
        self.version = answer.json()["version"]
        return answer

    def beside(self, who: Somebody, machine: str) -> list[dict[str, Any]]:
        """Return the processes of a machine that somebody sees."""
        return [found for found in who.get(f"{self.path}/processes").json() if found["machine"] == machine]

    @property
    def incident(self) -> str:
        """Where the incident's steps are asked for, below the case."""
        (found,) = self.beside(self.rina, "incident")
        return f"/processes/{found['id']}/transitions"


@pytest.fixture
def reported(enter: Doorway, place: Place) -> Reported:
    return Reported(enter, place)


def test_a_process_is_listed_with_its_steps_and_makes_them(reported: Reported) -> None:
    listed = reported.rina.get(f"{reported.path}/processes")
    assert listed.headers["etag"] == f'"{reported.version}"'
    (before,) = reported.beside(reported.surya, "incident")
    assert (before["state"], before["about"], before["ended"]) == ("reported", "LKSA Harapan", False)
    assert [(step["trigger"], step["possible"], step["dest"]["en"]) for step in before["steps"]] == [("triage", True, "triaged")]
    made = reported.then(reported.surya, reported.incident, {"trigger": "triage"})
    assert made.headers["etag"] == f'"{reported.version}"'
    assert (made.json()["source"], made.json()["state"]) == ("reported", "triaged")
    (after,) = reported.beside(reported.surya, "incident")
    assert [past["state"]["en"] for past in after["past"]] == ["reported", "triaged"]
    assert reported.rina.get(reported.path).json()["processes"] == reported.rina.get(f"{reported.path}/processes").json()


def test_a_step_is_refused_with_every_reason_and_the_list_told_them_before(reported: Reported) -> None:
    for trigger in ("triage", "protect"):
        reported.then(reported.surya, reported.incident, {"trigger": trigger})
    (shown,) = reported.beside(reported.rina, "incident")
    told = next(step for step in shown["steps"] if step["trigger"] == "notify")
    refused = reported.rina.post(f"{reported.path}{reported.incident}", {"trigger": "notify"}, version=reported.version)
    assert codes(refused) == [reason["code"] for reason in told["missing"]]
    assert "dinas_reported" in codes(refused)
    problem = refused.json()
    assert (problem["state"], problem["trigger"]) == ("protective_action", "notify")
    assert all(reason["law"] and reason["fix"] and reason["who"] for reason in problem["reasons"])
    (after,) = reported.beside(reported.rina, "incident")
    assert after == shown


def test_a_step_asked_for_on_an_old_version_changes_nothing_and_one_key_makes_it_once(reported: Reported) -> None:
    where, seen = f"{reported.path}{reported.incident}", reported.version
    stale = reported.surya.post(where, {"trigger": "triage"}, version=seen - 1)
    assert (stale.status_code, stale.json()["current"]) == (412, seen)
    first, again = (reported.surya.post(where, {"trigger": "triage"}, version=seen, key="triage-once") for _ in range(2))
    assert (first.status_code, first.json()) == (200, again.json())
    assert reported.surya.get(reported.path).json()["version"] == seen + 1


def test_who_may_not_make_a_step_is_told_who_may(reported: Reported, enter: Doorway) -> None:
    (told,) = reported.beside(enter("agung"), "incident")
    assert [(step["possible"], step["may_ask"], step["missing"]) for step in told["steps"]] == [(False, False, [])]
    assert {"id": "supervisor", "en": "supervisor"} in told["steps"][0]["by"]
    refused = enter("agung").post(f"{reported.path}{reported.incident}", {"trigger": "triage"}, version=reported.version)
    assert codes(refused) == ["role_not_allowed"]


def test_another_office_finds_neither_list_nor_process(reported: Reported, enter: Doorway) -> None:
    lain, where = enter("lain"), f"{reported.path}{reported.incident}"
    assert lain.get(f"{reported.path}/processes").status_code == 404
    assert lain.post(where, {"trigger": "triage"}, version=reported.version).status_code == 404


def test_a_process_is_found_only_below_its_own_case(reported: Reported, enter: Doorway, place: Place) -> None:
    other = Reported(enter, place, "Budi Santoso")
    foreign = other.surya.post(f"{other.path}{reported.incident}", {"trigger": "triage"}, version=other.version)
    assert foreign.status_code == 404
    assert codes(other.surya.post(f"{other.path}{other.incident}", {"trigger": "close"}, version=other.version)) == ["no_such_transition"]


def test_a_house_sees_what_is_its_own_and_nothing_of_who_accuses_it(reported: Reported, enter: Doorway, place: Place) -> None:
    elsewhere = reported.surya.post("/api/hosts", {"name": "LKSA Lain", "kind": "lksa"}).json()["id"]
    for host in (place.lksa, elsewhere):
        reported.then(reported.rina, "/offers", {"host": host})
    reported.then(reported.surya, reported.incident, {"trigger": "triage"})
    hana = enter("hana")
    assert [(found["machine"], found["about"]) for found in hana.get(f"{reported.path}/processes").json()] == [
        ("placement", "LKSA Harapan")
    ]
    assert {found["about"] for found in reported.beside(reported.rina, "placement")} == {"LKSA Harapan", "LKSA Lain"}
    assert hana.post(f"{reported.path}{reported.incident}", {"trigger": "triage"}, version=reported.version).status_code == 404
    assert "process_moved" not in {entry["kind"] for entry in hana.get(f"{reported.path}/journal").json()["entries"]}
    told = [entry["about"] for entry in reported.rina.get(f"{reported.path}/journal").json()["entries"] if entry["kind"] == "process_moved"]
    assert [[words["en"] for words in about] for about in told] == [["safeguarding incident: triage the report (triaged)"]]


def test_a_host_stands_active_only_once_everything_it_lacks_is_there(place: Place, enter: Doorway) -> None:
    surya, host = enter("surya"), f"/api/hosts/{place.lksa}"
    before = surya.get(host).json()
    activate = next(step for step in before["steps"] if step["trigger"] == "activate")
    refused = surya.post(f"{host}/transitions", {"trigger": "activate"}, version=1)
    assert codes(refused) == [reason["code"] for reason in activate["missing"]]
    assert {"licensed_or_known", "policy_in_force", "team_cleared"} <= {*codes(refused)}
    patch(surya, host, READY, version=1, key="papers-of-it")
    member = {"name": "Dewi Kartika", "duty": "pengasuh", "police_record_on": "2026-02-01", "code_signed_on": "2026-02-02"}
    seen = int(surya.post(f"{host}/staff", member, version=2).headers["etag"].strip('"'))
    assert surya.post(f"{host}/transitions", {"trigger": "activate"}, version=2).status_code == 412
    made = surya.post(f"{host}/transitions", {"trigger": "activate"}, version=seen)
    assert (made.status_code, made.json()["state"]) == (200, "active")
    after = surya.get(host).json()
    assert made.headers["etag"] == f'"{after["version"]}"' != f'"{seen}"'
    assert (after["status"], [past["state"]["en"] for past in after["past"]]) == ("active", ["registered", "active"])


def test_a_house_makes_no_step_of_the_office_about_itself_or_its_staff(place: Place, enter: Doorway) -> None:
    surya, hana, host = enter("surya"), enter("hana"), f"/api/hosts/{place.lksa}"
    member = surya.post(f"{host}/staff", {"name": "Dewi Kartika", "duty": "pengasuh"}, version=1).json()["id"]
    steps = f"{host}/staff/{member}/transitions"
    for where, trigger in ((f"{host}/transitions", "activate"), (steps, "clear"), (steps, "bar")):
        assert "role_not_allowed" in codes(hana.post(where, {"trigger": trigger}, version=2)), trigger
    assert {step["trigger"]: step["may_ask"] for step in hana.get(host).json()["staff"][0]["steps"]} == {
        "clear": False,
        "suspend": False,
        "bar": False,
        "leave": True,
    }
    assert hana.post(steps, {"trigger": "leave"}, version=2).json()["state"] == "left"
    assert codes(enter("agung").post(f"{host}/transitions", {"trigger": "activate"}, version=3)) == ["role_not_allowed"]


def test_another_house_and_its_staff_do_not_exist_for_a_house(place: Place, enter: Doorway) -> None:
    surya, hana = enter("surya"), enter("hana")
    other = surya.post("/api/hosts", {"name": "LKSA Lain", "kind": "lksa"}).json()["id"]
    member = surya.post(f"/api/hosts/{other}/staff", {"name": "Tono", "duty": "pengasuh"}, version=1).json()["id"]
    assert hana.post(f"/api/hosts/{other}/transitions", {"trigger": "restrict"}, version=2).status_code == 404
    assert hana.post(f"/api/hosts/{other}/staff/{member}/transitions", {"trigger": "leave"}, version=2).status_code == 404
    wrong_house = hana.post(f"/api/hosts/{place.lksa}/staff/{member}/transitions", {"trigger": "leave"}, version=1)
    assert wrong_house.status_code == 404


def test_a_breach_of_data_is_reported_listed_and_handled(enter: Doorway) -> None:
    hadi = enter("hadi")
    made = hadi.post("/api/breaches", {})
    assert (made.status_code, made.json()["version"]) == (201, 1)
    path = f"/api/breaches/{made.json()['id']}/transitions"
    assert hadi.post(path, {"trigger": "assess"}, version=1).json()["state"] == "assessed"
    assert hadi.post(path, {"trigger": "tell_authority"}, version=1).status_code == 412
    refused = hadi.post(path, {"trigger": "dismiss_not_disclosed"}, version=2)
    assert (refused.status_code, codes(refused)) == (409, ["ended_by_another"])
    (listed,) = hadi.get("/api/breaches").json()
    assert (listed["version"], listed["process"]["state"], listed["overdue"]) == (2, "assessed", False)
    assert enter("rina").get("/api/breaches").status_code == 409
