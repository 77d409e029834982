"""A whole case over HTTP: from the report to an admission that is refused, because the family was never looked for."""

from typing import Any

import pytest

from casework.machines.forms import ChildView, ComprehensiveAssessment, Consent, InitialAssessment
from tests.http.conftest import Doorway, Place, Somebody, body_of, registered


class Story:
    """One case and the version last seen of it."""

    def __init__(self, case: str, version: int) -> None:
        self.path = f"/api/cases/{case}"
        self.version = version

    def then(self, who: Somebody, path: str, body: Any = None, status: int = 200) -> Any:
        answer = who.post(self.path + path, body, version=self.version)
        assert answer.status_code == status, answer.text
        if status < 300:
            self.version = answer.json()["version"]
            assert answer.headers["etag"] == f'"{self.version}"'
        return answer.json()


@pytest.fixture
def planned(enter: Doorway, place: Place) -> tuple[Story, Somebody]:
    """A case in care planning, brought there over HTTP by three people."""
    rina, surya = enter("rina"), enter("surya")
    story = Story(*registered(rina))
    story.then(surya, "/assignment", {"person": place.persons["rina"]})
    assert story.then(rina, "/transitions", {"trigger": "start_assessment"})["state"] == "initial_assessment"
    story.then(rina, "/records", {"form": "F03", "body": body_of(InitialAssessment)}, 201)
    story.then(rina, "/records", {"form": "F22", "body": body_of(Consent)}, 201)
    assert story.then(rina, "/transitions", {"trigger": "begin_comprehensive_assessment"})["state"] == "comprehensive_assessment"
    story.then(rina, "/records", {"form": "F04", "body": body_of(ComprehensiveAssessment)}, 201)
    story.then(rina, "/records", {"form": "F06", "body": body_of(ChildView)}, 201)
    wanted = story.then(rina, "/approvals", {"trigger": "begin_planning"}, 201)["id"]
    shown = surya.get(f"/api/approvals/{wanted}").json()
    decision = {"decision": "approve", "digest": shown["digest"]}
    unread = story.then(surya, f"/approvals/{wanted}/decisions", decision, 409)
    assert [reason["code"] for reason in unread["reasons"]] == ["evidence_not_opened"]
    for record in shown["evidence"]:
        assert surya.get(f"{story.path}/records/{record['id']}").status_code == 200
    assert story.then(surya, f"/approvals/{wanted}/decisions", decision, 201)["status"] == "approved"
    assert story.then(rina, "/transitions", {"trigger": "begin_planning"})["state"] == "care_planning"
    return story, rina


def test_an_admission_is_refused_with_every_reason_its_law_and_what_fixes_it(planned: tuple[Story, Somebody], place: Place) -> None:
    story, rina = planned
    refused = story.then(rina, "/transitions", {"trigger": "admit_to_institution", "subject": {"host": place.lksa}}, 409)
    reasons = {reason["code"]: reason for reason in refused["reasons"]}
    assert {"all_family_options_ruled_out", "care_plan_approved", "host_accepts", "statement_letter_signed", "approval_missing"} <= set(
        reasons
    )
    assert (refused["code"], refused["trigger"], refused["state"]) == ("refused", "admit_to_institution", "care_planning")
    for reason in reasons.values():
        assert set(reason) == {"code", "words", "law", "fix", "who", "where", "details"}
        assert all(reason["words"][language] and reason["fix"][language] for language in ("id", "en"))
        assert all(law["source"] and law["mark"] for law in reason["law"])


def test_what_is_shown_as_missing_is_what_is_refused(planned: tuple[Story, Somebody], place: Place) -> None:
    story, rina = planned
    refused = story.then(rina, "/transitions", {"trigger": "admit_to_institution", "subject": {"host": place.lksa}}, 409)
    shown = rina.get(f"{story.path}?trigger=admit_to_institution&host={place.lksa}").json()
    (step,) = [step for step in shown["steps"] if step["trigger"] == "admit_to_institution"]
    assert not step["possible"]
    assert sorted(map(str, step["missing"] + step["unsigned"])) == sorted(map(str, refused["reasons"]))


def test_a_refused_attempt_changes_nothing_and_stands_in_the_journal(planned: tuple[Story, Somebody], place: Place) -> None:
    story, rina = planned
    story.then(rina, "/transitions", {"trigger": "admit_to_institution", "subject": {"host": place.lksa}}, 409)
    shown = rina.get(story.path)
    assert (shown.json()["state"], shown.headers["etag"]) == ("care_planning", f'"{story.version}"')
    trail = rina.get(f"{story.path}/journal").json()
    assert [entry["kind"] for entry in trail["entries"]].count("moved") == 3
    (attempt,) = [entry for entry in trail["entries"] if "all_family_options_ruled_out" in str(entry["codes"])]
    assert attempt["outcome"] == "refused"
    assert trail["chain"]["fault"] is None


def test_a_step_that_does_not_exist_from_here_names_those_that_do(planned: tuple[Story, Somebody]) -> None:
    story, rina = planned
    refused = story.then(rina, "/transitions", {"trigger": "finalise_adoption"}, 409)
    assert [reason["code"] for reason in refused["reasons"]] == ["no_such_transition"]
    assert "admit_to_institution" in refused["possible"]


def test_an_institution_sees_a_child_only_once_it_was_asked(planned: tuple[Story, Somebody], place: Place, enter: Doorway) -> None:
    story, rina = planned
    hana = enter("hana")
    assert hana.get(story.path).status_code == 404
    story.then(rina, "/offers", {"host": place.lksa}, 201)
    assert hana.get(story.path).status_code == 200
    story.then(hana, f"/offers/{place.lksa}/answer", {"accepted": False}, 422)
    story.then(hana, f"/offers/{place.lksa}/answer", {"accepted": False, "reason": "Kamar penuh"})


def test_papers_and_relatives_and_verification_go_the_same_way(planned: tuple[Story, Somebody], enter: Doorway) -> None:
    story, rina = planned
    dewi = enter("dewi")
    paper = {"kind": "birth_certificate", "number": "6402-LT-1", "issuer": "Disdukcapil", "issued_on": "2018-05-02"}
    attached = story.then(rina, "/documents", paper, 201)["id"]
    own = story.then(rina, f"/documents/{attached}/comparison", status=409)
    assert [reason["code"] for reason in own["reasons"]] == ["four_eyes"]
    story.then(dewi, f"/documents/{attached}/comparison")
    assert dewi.get(f"{story.path}/documents/{attached}").json()["compared_by"] == "Dewi"
    story.then(rina, "/relatives", {"name": "Aminah", "relation": "grandmother", "degree": 2}, 201)
    newest = {one["form"]: one["id"] for one in reversed(rina.get(f"{story.path}/records").json())}
    story.then(dewi, f"/records/{newest['F06']}/verification")
