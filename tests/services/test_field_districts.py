"""Where somebody works in the field: asked in their own district, named nearest to the child first, listed by district."""

from collections.abc import Callable

import pytest

from casework.errors import Invalid, Reason, Refusal
from casework.services import (
    caseload,
    cases,
    field,
    people,
    registers,
    reports,
    views,
    work,
)
from casework.services.areas import area_name
from casework.services.cases import AssignCase
from casework.services.field import AskField
from casework.services.registers import ChangeHost
from casework.store.call import Call, Seat
from tests.services.story import OPERATOR, TENGGARONG, Story
from tests.services.test_field import sees
from tests.services.test_field_trail import faults
from tests.services.ways import IN_CARE

SAMBOJA, TABANG, AT_HOME = "64.02.13", "64.02.12", {"district_code": TENGGARONG, "village_code": "64.02.06.1005"}


def no(story: Story, to: str, kind: field.Errand, district: str = "") -> tuple[Reason, ...]:
    """Ask into a district, and return every reason against it."""
    by, person = story.now.date().isoformat(), story.who(to).person
    ask = AskField(case=story.case, person=person, kind=kind, district=district, by=by, note="Temui neneknya.")
    try:
        story.do(field.ask_field, "bambang", ask)
    except Refusal as refusal:
        return refusal.reasons
    return ()


def test_who_works_in_the_field_is_asked_in_their_own_district(tell: Callable[..., Story]) -> None:
    """Kin who live elsewhere are traced by who works there; a home is visited where the child lives (DOMAIN 4)."""
    story = tell("reported", child=AT_HOME)
    story.enrol("putu", "psm", area="64.02.13.1007")
    assert {one.code for one in no(story, "putu", "field_visit")} == {"other_district"}
    assert {one.code for one in no(story, "putu", "field_visit", SAMBOJA)} == {"visit_elsewhere"}
    assert {one.code for one in no(story, "iwan", "field_tracing", SAMBOJA)} == {"other_district"}
    assert no(story, "iwan", "field_visit") == no(story, "putu", "field_tracing", SAMBOJA) == ()
    assert sees(story)
    assert sees(story, "putu")
    assert {one.code for one in no(story, "iwan", "field_visit", TABANG)} == {"other_district", "visit_elsewhere", "already_done"}
    assert [entry.errand.district for entry in story.entries() if entry.errand] == [TENGGARONG, SAMBOJA]
    assert faults(story) == set()


def test_a_no_to_another_district_says_who_works_where_and_whom_to_ask(tell: Callable[..., Story]) -> None:
    story = tell("reported", child=AT_HOME)
    story.enrol("putu", "psm", area="64.02.13.1007")
    (reason,) = no(story, "putu", "field_check")
    village = area_name("64.02.13.1007")
    assert village.endswith(", Samboja")
    assert (reason.words.id, reason.fix.id) == (f"Putu bertugas di {village}; ini ke Tenggarong.", "Minta Iwan Setiadi.")
    assert (reason.words.en, reason.fix.en) == (f"Putu works in {village}; this leads to Tenggarong.", "Ask Iwan Setiadi.")
    (nobody,) = no(story, "iwan", "field_check", TABANG)
    assert "Tabang" in nobody.fix.id
    assert "Tabang" in nobody.fix.en


def test_a_child_is_visited_in_the_house_where_it_lives_too(tell: Callable[..., Story]) -> None:
    story = tell(*IN_CARE, child=AT_HOME)
    story.enrol("putu", "psm", area=SAMBOJA)
    assert {one.code for one in no(story, "putu", "field_visit", SAMBOJA)} == {"visit_elsewhere"}
    story.do(registers.change_host, "bambang", ChangeHost(host=story.play.cast.hosts["harapan"], district_code=SAMBOJA))
    assert no(story, "putu", "field_visit", SAMBOJA) == ()


def test_where_the_childs_district_is_not_entered_it_is_said_where_it_leads(assessing: Story) -> None:
    by = assessing.now.date().isoformat()
    ask = AskField(case=assessing.case, person=assessing.person("iwan"), kind="field_visit", by=by, note="Temui neneknya.")
    assert assessing.refused(field.ask_field, "bambang", ask) == {"invalid"}
    assert no(assessing, "iwan", "field_visit", TENGGARONG) == ()


def test_who_is_given_another_district_has_nothing_to_do_in_the_old_one(assessing: Story) -> None:
    assessing.errand("iwan")
    admin = Call(who=OPERATOR, at=assessing.now)
    (seat,) = assessing.rows("SELECT a.id FROM assignment AS a JOIN account AS h ON h.id = a.account_id WHERE h.username = 'iwan'")
    people.give_seat(assessing.store, admin, "iwan", Seat("tksk", assessing.row["office_id"], area=SAMBOJA))
    assert sees(assessing)
    people.end_seat(assessing.store, admin, "iwan", seat["id"])
    assessing.later(minutes=1)
    assert not sees(assessing)
    assert "field_visit" in {row["kind"] for row in assessing.rows("SELECT kind FROM task WHERE settled_at IS NULL")}


def test_those_of_the_childs_own_village_and_district_are_named_first(tell: Callable[..., Story]) -> None:
    story = tell("reported", child=AT_HOME)
    for name, area in (("wayan", SAMBOJA), ("made", AT_HOME["village_code"]), ("ketut", TENGGARONG)):
        story.enrol(name, "psm", area=area)
    found = views.show_case(story.store, story.call("bambang"), story.case).officers
    assert [(one.name, one.near) for one in found] == [("Made", True), ("Iwan Setiadi", True), ("Ketut", True), ("Wayan", False)]
    assert found[-1].note.en.endswith(", Samboja")
    assert views.show_case(story.store, story.call("nadia"), story.case).officers == ()


@pytest.mark.parametrize(
    ("role", "area"),
    [("tksk", None), ("tksk", "64.02.13.1007"), ("tksk", "64.02.99"), ("psm", None), ("psm", "99.99"), ("supervisor", SAMBOJA)],
    ids=str,
)
def test_a_seat_in_the_field_names_a_known_area_and_no_other_seat_one(assessing: Story, role: str, area: str | None) -> None:
    with pytest.raises(Invalid) as wrong:
        people.give_seat(assessing.store, Call(who=OPERATOR, at=assessing.now), "maya", Seat(role, assessing.row["office_id"], area=area))
    assert [fault.path for fault in wrong.value.faults] == ["$.seats[0].area"]


def test_reports_and_what_is_asked_are_listed_by_district(tell: Callable[..., Story]) -> None:
    """Where a report's child is at home, and where an errand leads: not always the same."""
    story = tell("reported", child=AT_HOME)
    story.case = story.do(cases.register_case, "iwan", story.report(**AT_HOME)).id
    story.do(cases.assign_case, "bambang", AssignCase(case=story.case, person=story.person("sari")))
    story.enrol("putu", "psm", area=SAMBOJA)
    assert no(story, "putu", "field_tracing", SAMBOJA) == ()

    def told(by: str, district: str) -> set[str]:
        return {line.id for line in caseload.caseload(story.store, story.call(by), district=district).lines}

    assert (told("putu", SAMBOJA), told("putu", TENGGARONG), told("iwan", TENGGARONG)) == ({story.case}, set(), set())
    (line,) = work.my_work(story.store, story.call("putu")).lines
    assert line.where == "Samboja"
    (report,) = reports.my_reports(story.store, story.call("iwan"), district=TENGGARONG)
    assert report.district == "Tenggarong"
    assert not reports.my_reports(story.store, story.call("iwan"), district=SAMBOJA).lines
