"""The interface, too, gives a worker with a full caseload one case more with its reason only: never a hard no (DOMAIN 2.12)."""

from typing import Any

import pytest

from casework.machines.forms import Intake
from casework.machines.parameters import Parameters
from casework.settings import Settings
from tests.databases import Database
from tests.http.conftest import Doorway, Place, Somebody, body_of

LIMIT = 1
WHY = "Rina mengenal adiknya."


@pytest.fixture
def settings(database: Database, search_key: str) -> Settings:
    return Settings(database=database.target, search_key=search_key, parameters=Parameters(caseload_limit=LIMIT))


def case_of(surya: Somebody, name: str) -> str:
    made = surya.post("/api/cases", {"intake": body_of(Intake), "child": {"name": name}})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def assign(surya: Somebody, case: str, person: str, **said: str) -> Any:
    version = surya.get(f"/api/cases/{case}").json()["version"]
    return surya.post(f"/api/cases/{case}/assignment", {"person": person, **said}, version=version)


def notes(who: Somebody, case: str) -> set[str]:
    return {task["note"] for task in who.get(f"/api/cases/{case}").json()["tasks"]} - {""}


def test_one_case_too_many_is_refused_with_the_count_in_both_languages_and_given_with_its_reason(enter: Doorway, place: Place) -> None:
    surya, rina = enter("surya"), place.persons["rina"]
    first, second = (case_of(surya, name) for name in ("Anak Satu", "Anak Dua"))
    assert assign(surya, first, rina).status_code == 200
    for said in ({}, {"reason": ""}, {"reason": " ya "}):
        refused = assign(surya, second, rina, **said)
        (reason,) = refused.json()["reasons"]
        assert (refused.status_code, reason["code"]) == (409, "caseload_full")
        assert reason["words"] == {
            "id": "Rina sudah memegang 1 kasus terbuka; batasnya 1.",
            "en": "Rina already has 1 open cases; the limit is 1.",
        }
        assert reason["who"] == ["supervisor"]
        assert not surya.get(f"/api/cases/{second}").json()["worker"]
    assert assign(surya, second, rina, reason=WHY).status_code == 200
    assert surya.get(f"/api/cases/{second}").json()["worker"] == "Rina"
    assert (notes(surya, second), notes(enter("hadi"), second), notes(enter("rina"), second)) == ({WHY}, {WHY}, set())
    for name in ("rina", "dewi", "agung"):
        read = (enter(name).get(f"/api/cases/{second}{rest}").text for rest in ("", "/journal"))
        assert not any(WHY in text for text in read), name


def test_who_has_the_case_already_keeps_it_without_a_reason(enter: Doorway, place: Place) -> None:
    surya = enter("surya")
    case = case_of(surya, "Anak Satu")
    for _ in range(2):
        assert assign(surya, case, place.persons["rina"]).status_code == 200
