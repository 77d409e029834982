"""Found in review: doors beside the ladder, clocks that are lost, and answers that should be a no. Claims of DOMAIN 5, 7.0-7.2."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from casework.machines.forms import decode
from casework.services import approvals, cases, corrections, processes, records, registers, views
from casework.services.approvals import RequestApproval
from casework.services.cases import NewChild, RegisterCase
from casework.services.processes import AdvanceHost
from casework.services.registers import ChangeHost
from tests.services.story import Story
from tests.services.ways import ADMISSION

Tell = Callable[..., Story]
FAMILY_FIRST = ("care_planning", "family_options_ruled_out")


def ready_for_foster_care(story: Story, host: str) -> None:
    """File everything that a placement with a foster family asks for, about this host."""
    story.sign("F07", proposed="foster")
    story.sign("F06", options=[{"option": "foster", "candidate": host, "view": "Mau.", "agrees": "yes"}])
    story.sign("F08", setting="foster", carer=host)
    story.decide(story.waiting("record", "countersign:F08"), "bambang")
    story.sign("F09", carer=host)
    story.sign("F10", kind="carer", carer=host)
    story.sign("F19", candidate=host)


def asked(story: Story, trigger: str, host: str) -> set[str]:
    """Ask for a step with both approvals and return the codes of the no."""
    request = story.wish(trigger, host=host)
    story.decide(request, "bambang")
    story.decide(request, "yusuf")
    return story.refused(cases.advance_case, "sari", story.step(trigger, host=host))


def open_tasks(story: Story) -> set[str]:
    return {task.kind for task in views.show_case(story.store, story.call("bambang"), story.case).tasks if task.settled_at is None}


def lost_and_found(story: Story) -> None:
    """Let the child go missing for a day and return to the place that was held."""
    story.sign("F17", type="missing")
    story.advance("report_missing")
    story.later(days=1)
    found_at = (story.now - timedelta(hours=1)).isoformat()
    story.sign("F17", type="missing", found_at=found_at, found_by="polisi", setting_safe="yes")
    story.sign("F06", kind="return")
    story.decide(story.wish("resume_after_missing"), "bambang")
    story.advance("resume_after_missing")


def test_an_institution_is_no_foster_family(tell: Tell) -> None:
    story = tell(*FAMILY_FIRST)
    ready_for_foster_care(story, "harapan")
    assert asked(story, "place_with_foster_family", "harapan")


def test_a_revoked_foster_family_with_an_open_incident_takes_no_child(tell: Tell) -> None:
    story = tell(*FAMILY_FIRST)
    ready_for_foster_care(story, "keluarga_hasan")
    story.sign("F17", type="sexual", subject_household="keluarga_hasan")
    host = story.play.cast.hosts["keluarga_hasan"]
    for trigger in ("suspend", "revoke"):
        story.do(processes.advance_host, "yusuf", AdvanceHost(host=host, trigger=trigger))
    assert asked(story, "place_with_foster_family", "keluarga_hasan")


def test_a_resident_is_registered_where_the_form_says_the_child_lives(tell: Tell) -> None:
    for elsewhere in ("kasih", "keluarga_hasan"):
        story = tell("initial_assessment")
        story.sign("F25", host="harapan")
        assert asked(story, "register_existing_resident", elsewhere)


def test_an_emergency_keeps_its_exit_over_a_disappearance(emergency: Story) -> None:
    lost_and_found(emergency)
    assert emergency.state == "emergency_care"
    assert "emergency_exit" in open_tasks(emergency)


def test_an_undecided_resident_keeps_both_clocks_over_a_disappearance(tell: Tell) -> None:
    story = tell("institution_unverified")
    lost_and_found(story)
    assert {"legacy_assessment", "legacy_decision"} <= open_tasks(story)


def test_an_emergency_is_extended_once_over_a_disappearance_too(emergency: Story) -> None:
    story = emergency

    def extended() -> set[str]:
        story.sign("F06", options=[{"option": "emergency", "view": "Betah.", "agrees": "yes"}])
        story.sign("F08", kind="emergency", setting="emergency", exit_plan="Pulang ke bibi.")
        request = story.wish("extend_emergency")
        story.decide(request, "yusuf")
        return story.refused(cases.advance_case, "sari", story.step("extend_emergency"))

    assert extended() == set()
    lost_and_found(story)
    assert extended() == {"emergency_extension_unused"}


def test_a_bed_is_not_held_longer_because_the_child_went_missing(tell: Tell) -> None:
    story = tell("trial_home_stay")
    held = story.rows("SELECT reserved_until FROM placement WHERE status = 'reserved'")[0]["reserved_until"]
    story.later(days=50)
    story.sign("F17", type="missing")
    story.advance("report_missing")
    assert story.rows("SELECT reserved_until FROM placement WHERE status = 'reserved'")[0]["reserved_until"] <= held


def test_no_case_is_closed_over_an_open_incident(assessing: Story) -> None:
    story = assessing
    story.sign("F17", "maya", type="physical", subject_household="home")
    clear = {"violence": "no", "neglect": "no", "exploitation": "no"}
    story.sign("F03", safety_screen=clear, recommendation="no_action")
    story.decide(story.wish("close_unfounded"), "bambang")
    assert story.refused(cases.advance_case, "sari", story.step("close_unfounded"))


def test_minutes_of_another_house_confirm_no_placement(tell: Tell) -> None:
    story = tell(*ADMISSION)
    assert asked(story, "admit_to_institution", "harapan") == set()
    story.refused(records.sign_record, "sari", story.form("F11", host="kasih"))
    assert story.rows("SELECT status FROM placement")[0]["status"] == "unconfirmed"


def test_a_corrected_identity_voids_what_was_approved_for_the_child(admission: Story) -> None:
    story = admission
    paper = records.AttachDocument(case=story.case, kind="family_card", number="12", issuer="Disdukcapil", issued_on="2026-01-01")
    document = story.do(records.attach_document, "sari", paper).id
    request = story.wish("admit_to_institution", host="harapan")
    story.decide(request, "bambang")
    wanted = corrections.RequestIdentityChange(case=story.case, field="born_precision", new_value="year", document=document)
    change = story.do(corrections.request_identity_change, "sari", wanted).id
    story.do(records.compare_document, "maya", records.CompareDocument(case=story.case, document=document))
    story.do(corrections.approve_identity_change, "lina", corrections.ApproveIdentityChange(case=story.case, change=change))
    assert story.status(request) == "superseded"


def test_an_identity_is_not_changed_into_nonsense(reported: Story) -> None:
    story = reported
    paper = records.AttachDocument(case=story.case, kind="family_card", number="12", issuer="Disdukcapil", issued_on="2026-01-01")
    document = story.do(records.attach_document, "sari", paper).id
    wanted = corrections.RequestIdentityChange(case=story.case, field="born", new_value="kemarin sore", document=document)
    assert story.refused(corrections.request_identity_change, "sari", wanted) == {"invalid"}


@pytest.mark.parametrize("born", ["9999-01-01", "0011-05-03"])
def test_a_birth_in_a_year_that_nobody_was_born_in_is_refused(assessing: Story, born: str) -> None:
    body = decode("F01", assessing.body("F01"))
    ask = RegisterCase(intake=body, child=NewChild(name="Tes", born=born, born_precision="day"))  # type: ignore[arg-type]
    assert assessing.refused(cases.register_case, "sari", ask) == {"invalid"}


def test_a_register_date_that_no_calendar_has_is_refused(reported: Story) -> None:
    ask = ChangeHost(host=reported.play.cast.hosts["harapan"], policy_dated="2026-02-31")
    assert reported.refused(registers.change_host, "bambang", ask) == {"invalid"}


def test_a_waiver_of_accreditation_is_given_by_the_head_of_the_office(reported: Story) -> None:
    ask = ChangeHost(host=reported.play.cast.hosts["harapan"], accreditation_waiver_until="2026-12-31")
    assert reported.refused(registers.change_host, "bambang", ask) == {"role_not_allowed"}


def test_a_request_nobody_decided_expires(tell: Tell) -> None:
    story = tell("comprehensive_assessment")
    request = story.do(approvals.request_approval, "sari", RequestApproval(case=story.case, trigger="begin_planning")).id
    story.later(days=60)
    assert story.against(request, "bambang")


def test_a_lapsed_approval_is_not_shown_as_standing(admission: Story) -> None:
    request = admission.wish("admit_to_institution", host="harapan")
    admission.decide(request, "bambang")
    admission.decide(request, "yusuf")
    admission.later(days=15)
    steps = views.show_case(admission.store, admission.call("sari"), admission.case).steps
    step = next(step for step in steps if step.trigger == "admit_to_institution")
    assert step.request is None or step.request.status != "approved"
