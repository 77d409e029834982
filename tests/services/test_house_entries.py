"""The register of LKS: entries are added and corrected, never changed; warnings come in time; only an LKSA is a house for children."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from casework.errors import Invalid, NotFound
from casework.machines.facts import WITA
from casework.machines.register import (
    Accreditation,
    AnyEntry,
    Attendance,
    Coaching,
    Dissemination,
    FollowUp,
    Inspection,
    Licence,
    PerformanceReview,
    Policy,
    Waiver,
)
from casework.services import hosts, house_deadlines, house_entries, processes, registers
from casework.services.audit import verify_trail
from casework.services.house_entries import AddEntry, EntryView
from casework.services.processes import AdvanceHost
from casework.services.registers import AddHost, ChangeHost, OfferChild, Sought
from tests.services.story import PARAMS, Story


def today(story: Story) -> date:
    return story.now.astimezone(WITA).date()


def house(story: Story, key: str = "harapan") -> str:
    return story.play.cast.hosts[key]


def member(story: Story, name: str = "Anton Wijaya") -> str:
    return story.play.cast.staff["harapan", name]


def enter(story: Story, entry: AnyEntry, by: str = "bambang", *, host: str = "", supersedes: str = "") -> str:
    return story.do(house_entries.add_entry, by, AddEntry(host=host or house(story), entry=entry, supersedes=supersedes)).id


def refused(story: Story, entry: AnyEntry, by: str = "bambang", **named: str) -> set[str]:
    told: dict[str, Any] = {"host": house(story), "entry": entry, **named}
    return story.refused(house_entries.add_entry, by, AddEntry(**told))


def shown(story: Story, by: str = "bambang") -> tuple[EntryView, ...]:
    return house_entries.list_entries(story.store, story.call(by), house(story))


def column(story: Story, name: str) -> Any:
    return story.rows(f"SELECT {name} AS it FROM host WHERE id = ?", house(story))[0]["it"]  # noqa: S608 - a name of ours


def inspection(story: Story, **changed: Any) -> Inspection:
    return Inspection(**{"held_on": today(story), "inspectors": "Bambang", "findings": "Kamar mandi tanpa kunci.", **changed})


def review(story: Story, **changed: Any) -> PerformanceReview:
    told = {"member": member(story), "held_on": today(story), "reviewer": "Bambang", "result": "good"}
    return PerformanceReview(**{**told, "findings": "Sabar.", "children_feedback": "Ia mau mendengar.", **changed})


def elderly(story: Story, **changed: Any) -> str:
    ask = AddHost(**{"name": "LKS Lansia Sejahtera (rekaan)", "kind": "lks", "services": ("elderly",), **changed})
    return story.do(registers.add_host, "bambang", ask).id


def test_what_guards_ask_of_a_house_follows_from_its_newest_entries(reported: Story) -> None:
    until = today(reported) + timedelta(days=400)
    enter(reported, Licence(number="TD/9", issuer="DPMPTSP", valid_until=until))
    enter(reported, Accreditation(grade="B", valid_until=until))
    assert [column(reported, name) for name in ("licence_number", "licence_issuer", "licence_until", "accreditation_grade")] == [
        "TD/9",
        "DPMPTSP",
        until.isoformat(),
        "B",
    ]
    assert verify_trail(reported.store, reported.call("nadia")).whole


def test_a_new_policy_has_to_be_made_known_anew_to_staff_and_children(reported: Story) -> None:
    enter(reported, Policy(dated=today(reported)))
    assert column(reported, "policy_disseminated") == 0
    enter(reported, Dissemination(held_on=today(reported), reached=("board", "staff"), how_many=6))
    assert column(reported, "policy_disseminated") == 0
    enter(reported, Dissemination(held_on=today(reported), reached=("children",), how_many=18))
    assert column(reported, "policy_disseminated") == 1


def test_an_entry_is_corrected_by_one_that_supersedes_it_in_its_place(reported: Story) -> None:
    sooner, later = (today(reported) + timedelta(days=days) for days in (300, 900))
    first = enter(reported, Licence(number="TD/1", valid_until=sooner))
    enter(reported, Licence(number="TD/2", valid_until=later))
    enter(reported, Licence(number="TD/1a", valid_until=sooner), supersedes=first)
    assert column(reported, "licence_number") == "TD/2"
    assert "TD/1" not in {one.entry.number for one in shown(reported) if isinstance(one.entry, Licence)}
    assert refused(reported, Licence(number="TD/1b", valid_until=sooner), supersedes=first) == {"already_done"}
    assert refused(reported, Policy(dated=today(reported)), supersedes=first) == {"not_found"}


@pytest.mark.parametrize("by", ["halimah", "anton", "iwan", "nadia"])
def test_nobody_but_the_office_adds_an_entry(reported: Story, by: str) -> None:
    assert refused(reported, inspection(reported), by) == {"role_not_allowed"}


def test_a_waiver_is_the_heads_for_twelve_months_at_most_and_papers_are_the_supervisors(reported: Story) -> None:
    soon, long = (today(reported) + timedelta(days=days) for days in (300, PARAMS.accreditation_waiver_days + 2))
    assert refused(reported, Waiver(valid_until=soon)) == {"role_not_allowed"}
    assert refused(reported, Waiver(valid_until=long), "yusuf") == {"waiver_too_long"}
    assert refused(reported, Waiver(valid_until=soon), "yusuf") == set()
    assert refused(reported, Licence(valid_until=soon), "sari") == {"role_not_allowed"}
    assert refused(reported, inspection(reported), "sari") == set()


def test_nobody_vouches_for_their_own_house(reported: Story) -> None:
    reported.enrol("rangkap", "supervisor", same_as="halimah")
    assert refused(reported, inspection(reported), "rangkap") == {"decided_outside_the_house"}


def test_what_has_not_happened_yet_is_not_entered(reported: Story) -> None:
    tomorrow = today(reported) + timedelta(days=1)
    with pytest.raises(Invalid) as caught:
        enter(reported, inspection(reported, held_on=tomorrow))
    assert [fault.path for fault in caught.value.faults] == ["$.entry.held_on"]
    with pytest.raises(Invalid) as caught:
        enter(reported, inspection(reported, follow_up="Pasang kunci."))
    assert [fault.path for fault in caught.value.faults] == ["$.entry.follow_up_by"]


def test_staff_and_inspections_of_another_house_are_not_named(reported: Story) -> None:
    other = reported.play.cast.staff["nur", "Laila Sari"]
    assert refused(reported, review(reported, member=other)) == {"not_found"}
    found = enter(reported, inspection(reported), host=house(reported, "nur"))
    assert refused(reported, FollowUp(inspection=found, held_on=today(reported), done="Sudah.")) == {"not_found"}


def test_a_house_reads_its_own_entries_but_not_what_its_children_say_of_its_staff(reported: Story) -> None:
    enter(reported, review(reported))
    told = [one.entry for by in ("bambang", "halimah") for one in shown(reported, by)]
    feedback = {entry.children_feedback for entry in told if isinstance(entry, PerformanceReview)}
    assert feedback == {"Ia mau mendengar.", ""}
    with pytest.raises(NotFound):
        house_entries.list_entries(reported.store, reported.call("fauzan"), house(reported))


def due(story: Story, by: str = "bambang", *, host: str = "harapan") -> dict[str, int]:
    found = house_deadlines.list_house_deadlines(story.store, story.call(by))
    return {one.kind: one.stage for one in found if one.host == house(story, host) and one.about in {"", "Anton Wijaya"}}


FAR, NEAR, LAST = PARAMS.paper_warning_days


@pytest.mark.parametrize(
    ("days", "stage"),
    [(FAR + 1, None), (FAR, FAR), (NEAR + 1, FAR), (NEAR, NEAR), (LAST + 1, NEAR), (LAST, LAST), (0, LAST), (-1, 0)],
)
def test_a_licence_and_an_accreditation_are_spoken_of_90_30_and_7_days_before_they_end(
    reported: Story, days: int, stage: int | None
) -> None:
    last = today(reported) + timedelta(days=days)
    enter(reported, Licence(valid_until=last))
    enter(reported, Accreditation(valid_until=last))
    assert (due(reported).get("licence"), due(reported).get("accreditation")) == (stage, stage)


def test_a_warning_ends_with_the_new_paper(reported: Story) -> None:
    enter(reported, Licence(valid_until=today(reported) + timedelta(days=5)))
    assert due(reported)["licence"] == 7
    enter(reported, Licence(valid_until=today(reported) + timedelta(days=900)))
    assert "licence" not in due(reported)


def test_a_caregiver_is_reviewed_and_trained_every_half_year_and_warned_of_a_month_before(reported: Story) -> None:
    enter(reported, review(reported))
    hours = Attendance(held_on=today(reported), subject="Pengasuhan positif", hours=8, members=(member(reported),))
    enter(reported, hours)
    reported.later(days=PARAMS.performance_review_days - PARAMS.performance_warning_days - 1)
    assert not {"performance_review", "training"} & due(reported).keys()
    reported.later(days=1)
    assert {"performance_review", "training"} <= due(reported).keys()
    reported.later(days=PARAMS.performance_warning_days + 1)
    assert due(reported)["performance_review"] == due(reported, "yusuf")["performance_review"] == 0
    enter(reported, review(reported))
    assert "performance_review" not in due(reported, "yusuf")


def test_training_falls_due_half_a_year_after_the_last_one_and_is_settled_by_the_next(reported: Story) -> None:
    def trained() -> None:
        held = Attendance(held_on=today(reported), subject="Pengasuhan positif", hours=8, members=(member(reported),))
        enter(reported, held)

    trained()
    reported.later(days=PARAMS.training_days)
    assert due(reported)["training"] == LAST
    assert "training" not in due(reported, "yusuf")
    reported.later(days=1)
    assert due(reported)["training"] == due(reported, "yusuf")["training"] == 0
    trained()
    assert "training" not in due(reported)


def test_the_house_and_the_supervisor_see_what_is_near_and_the_head_what_is_past(reported: Story) -> None:
    enter(reported, Licence(valid_until=today(reported) + timedelta(days=5)))
    assert due(reported, "halimah") == due(reported)
    assert "licence" not in due(reported, "yusuf")
    assert due(reported, "sari") == due(reported, "fauzan") == {}
    reported.later(days=6)
    assert due(reported, "yusuf")["licence"] == 0


def test_the_follow_up_of_an_inspection_stays_due_until_somebody_says_what_was_done(reported: Story) -> None:
    by = today(reported) + timedelta(days=20)
    found = enter(reported, inspection(reported, follow_up="Pasang kunci.", follow_up_by=by))
    assert due(reported)["follow_up"] == 30
    enter(reported, FollowUp(inspection=found, held_on=today(reported), done="Kunci terpasang."))
    assert "follow_up" not in due(reported)
    assert [one.settled for one in shown(reported) if one.kind == "inspection"] == ["Kunci terpasang."]


def test_the_page_of_a_house_shows_what_is_due_there(reported: Story) -> None:
    enter(reported, Licence(valid_until=today(reported) + timedelta(days=5)))
    view = hosts.show_host(reported.store, reported.call("halimah"), house(reported))
    assert "licence" in {one.kind for one in view.deadlines}


def test_an_lks_for_the_elderly_is_registered_licensed_inspected_and_coached(reported: Story) -> None:
    host, until = elderly(reported), today(reported) + timedelta(days=900)
    step = AdvanceHost(host=host, trigger="activate")
    assert reported.refused(processes.advance_host, "bambang", step) == {"licensed_or_known", "accredited_or_waived"}
    for entry in (Licence(number="TD/L", valid_until=until), Accreditation(grade="A", valid_until=until), inspection(reported)):
        enter(reported, entry, host=host)
    enter(reported, Coaching(held_on=today(reported), coach="Dinas Sosial", subject="Gizi lansia", attended=5), "sari", host=host)
    assert reported.do(processes.advance_host, "bambang", step).state == "active"


def test_an_lks_for_other_people_is_never_asked_for_a_place(assessing: Story) -> None:
    host = elderly(assessing)
    assert assessing.refused(registers.offer_child, "sari", OfferChild(case=assessing.case, host=host)) == {"takes_no_child"}
    assert assessing.rows("SELECT id FROM host_offer WHERE host_id = ?", host) == []


@pytest.mark.parametrize(
    ("kind", "services", "fine"),
    [
        ("lks", ("elderly", "odgj"), True),
        ("lks", (), False),
        ("lks", ("children", "elderly"), False),
        ("lksa", ("elderly",), False),
        ("lksa", ("elderly", "children"), True),
        ("lksa", (), True),
        ("foster_family", (), True),
        ("foster_family", ("children",), False),
    ],
)
def test_only_an_lksa_serves_children(reported: Story, kind: Any, services: Any, fine: Any) -> None:
    ask = AddHost(name="LKS Contoh", kind=kind, services=services)
    assert reported.refused(registers.add_host, "bambang", ask) == (set() if fine else {"invalid"})


def test_whom_an_lks_serves_may_change_but_never_to_children(reported: Story) -> None:
    host = elderly(reported)
    for services, no in ((("disability", "elderly"), set()), (("children",), {"invalid"})):
        assert reported.refused(registers.change_host, "bambang", ChangeHost(host=host, services=services)) == no  # type: ignore[arg-type]


SOUGHT: tuple[tuple[Sought, Callable[[Any], bool]], ...] = (
    (Sought(kind="lks"), lambda one: one.kind == "lks"),
    (Sought(service="elderly"), lambda one: "elderly" in one.services),
    (Sought(service="children"), lambda one: one.kind == "lksa"),
    (Sought(district="64.02.06"), lambda one: one.district_code == "64.02.06"),
    (Sought(standing="registered"), lambda one: one.status == "registered"),
)


def test_the_register_is_filtered_by_kind_service_district_and_standing(reported: Story) -> None:
    elderly(reported, district_code="64.02.06")
    everything = registers.list_hosts(reported.store, reported.call("bambang"))
    for sought, fits in SOUGHT:
        found = registers.list_hosts(reported.store, reported.call("bambang"), sought)
        assert {*found} == {one for one in everything if fits(one)}
        assert found


def test_papers_that_are_said_in_one_go_have_their_author_too(reported: Story) -> None:
    until = today(reported) + timedelta(days=500)
    reported.do(registers.change_host, "bambang", ChangeHost(host=house(reported), licence_until=until.isoformat()))
    newest = shown(reported)[0]
    assert (newest.kind, newest.entry, newest.author) == ("licence", Licence(valid_until=until), "Bambang Nugroho")
