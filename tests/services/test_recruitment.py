"""A report that an institution recruited the child is kept, and opens an incident against the house by itself (S12, DOMAIN 2.1)."""

from typing import Any

import msgspec
import pytest

from casework.services import captions, cases, views, work
from casework.services.cases import RegisterCase
from tests.services.beside import house, standing, whole
from tests.services.story import Story

RECRUITED = {"contact_initiated_by": "lksa_recruitment"}


def recruited(story: Story, by: str = "sari", **said: Any) -> RegisterCase:
    ask = story.report(by)
    return msgspec.structs.replace(ask, intake=msgspec.structs.replace(ask.intake, **RECRUITED, **said))


def incidents(story: Story, case: str) -> list[tuple[str, str | None]]:
    found = story.rows("SELECT state, host_id FROM process WHERE case_id = ? AND machine = 'incident'", case)
    return [(row["state"], row["host_id"]) for row in found]


def test_registering_it_opens_the_incident_restricts_the_house_and_stands_on_the_lists(reported: Story) -> None:
    case = reported.do(cases.register_case, "sari", recruited(reported, recruited_by=house(reported))).id
    assert incidents(reported, case) == [("reported", house(reported))]
    assert standing(reported, "host", house(reported)) == "restricted"
    shown = views.show_case(reported.store, reported.call("bambang"), case)
    assert {"triage", "inform_dinas"} <= {task.kind for task in shown.tasks}
    assert {record.form for record in shown.records} == {"F01", "F17"}
    todo = work.my_work(reported.store, reported.call("bambang"))
    assert case in {line.case for line in todo.lines if line.words == captions.task("triage")}
    assert whole(reported)


def test_where_nobody_knows_which_house_it_was_the_incident_is_opened_all_the_same(reported: Story) -> None:
    case = reported.do(cases.register_case, "sari", recruited(reported)).id
    assert incidents(reported, case) == [("reported", None)]
    assert standing(reported, "host", house(reported)) == "active"


def test_a_later_report_opens_one_and_its_correction_no_other(reported: Story) -> None:
    first = reported.sign("F01", **RECRUITED, recruited_by=house(reported))
    assert incidents(reported, reported.case) == [("reported", house(reported))]
    reported.sign("F01", supersedes=first, **RECRUITED, recruited_by=house(reported), chronology="Diperjelas.")
    assert len(incidents(reported, reported.case)) == 1


@pytest.mark.parametrize("by", ["community", "lksa_outreach"])
def test_any_other_contact_opens_none(reported: Story, by: str) -> None:
    reported.sign("F01", contact_initiated_by=by)
    assert incidents(reported, reported.case) == []


def test_the_house_that_recruited_may_not_take_the_child(admission: Story) -> None:
    admission.sign("F01", **RECRUITED, recruited_by=house(admission))
    request = admission.wish("admit_to_institution", host="harapan")
    for by in ("bambang", "yusuf"):
        admission.decide(request, by)
    assert "host_eligible" in admission.refused(cases.advance_case, "sari", admission.step("admit_to_institution", host="harapan"))
