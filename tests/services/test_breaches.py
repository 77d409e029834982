"""A breach of data belongs to an office: who is responsible reports it and is told at once, and a second person ends it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from casework.errors import Refusal
from casework.services import breaches
from casework.services.breaches import AdvanceBreach, ReportBreach
from tests.postbox import Postbox
from tests.services.beside import whole
from tests.services.story import PARAMS, Story
from tests.services.test_outbox import box, known, postal, send

__all__ = ["box", "postal"]
HANDLED = ("assess", "tell_authority", "tell_persons")


@pytest.fixture
def office(tell: Callable[..., Story]) -> Story:
    return tell()


def report(story: Story, by: str = "dian") -> str:
    return story.do(breaches.report_breach, by, ReportBreach()).id


def step(story: Story, breach: str, trigger: str, by: str = "dian", **rest: int) -> set[str]:
    return story.refused(breaches.advance_breach, by, AdvanceBreach(breach=breach, trigger=trigger), **rest)


def test_it_is_told_within_three_days_and_closed_by_a_second_person(office: Story) -> None:
    breach = report(office)
    assert [step(office, breach, trigger) for trigger in HANDLED] == [set(), set(), set()]
    assert step(office, breach, "close") == {"ended_by_another"}
    assert step(office, breach, "close", "yusuf") == set()
    (row,) = office.rows("SELECT * FROM process WHERE id = ?", breach)
    assert (row["state"], row["steps"], row["case_id"], row["host_id"]) == ("closed", 5, None, None)
    assert row["office_id"] == office.play.cast.offices["dinas"]
    assert whole(office)


def test_the_clock_runs_from_when_it_became_known_and_the_list_says_what_is_overdue(office: Story) -> None:
    known_at = office.now - timedelta(days=2)
    office.do(breaches.report_breach, "dian", ReportBreach(), occurred_at=known_at)
    (seen,) = breaches.list_breaches(office.store, office.call("yusuf"))
    assert (seen.due_at, seen.overdue) == (known_at + timedelta(hours=PARAMS.breach_notice_hours), False)
    office.later(days=2)
    (seen,) = breaches.list_breaches(office.store, office.call("yusuf"))
    assert seen.overdue
    for trigger in HANDLED:
        assert step(office, seen.process.id, trigger) == set()
    (seen,) = breaches.list_breaches(office.store, office.call("yusuf"))
    assert (seen.due_at, seen.overdue) == (None, False)


def test_who_is_responsible_is_told_by_mail(office: Story, box: Postbox) -> None:
    known(office, "dian", "yusuf", "bambang")
    report(office)
    assert send(office, box).sent == 2
    assert sorted(letter["To"].partition("@")[0] for letter in box.letters) == ["dian", "yusuf"]
    assert "https://casework.example/breaches" in box.letters[0].get_content()


def test_it_is_nobody_elses_business(office: Story) -> None:
    breach = report(office)
    for by in ("sari", "bambang", "nadia", "halimah"):
        assert step(office, breach, "assess", by) == {"role_not_allowed"}
        with pytest.raises(Refusal):
            breaches.list_breaches(office.store, office.call(by))
    office.enrol("kepala", "dinas_head", office.other_office())
    assert step(office, breach, "assess", "kepala") == {"not_found"}
    assert breaches.list_breaches(office.store, office.call("kepala")) == ()
    office.enrol("admin", "admin")
    assert step(office, breach, "assess", "admin") == {"role_not_allowed"}
    assert report(office, "admin") != breach


def test_a_step_on_what_has_moved_meanwhile_is_refused(office: Story) -> None:
    breach = report(office)
    assert step(office, breach, "assess", seen=1) == set()
    assert step(office, breach, "tell_authority", seen=1) == {"stale_version"}
