"""Who looks leaves an entry, or sees nothing; and whoever asks who looked is answered from these entries."""

import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from click.testing import CliRunner

from casework import services
from casework.cli import main
from casework.errors import NotFound, Unavailable
from casework.ledger.event import Event
from casework.services import (
    attachments,
    audit,
    child_file,
    corrections,
    decisions,
    filed,
    journals,
    lists,
    processes,
    proposals,
    readers,
    trails,
    views,
)
from casework.services.trails import Sought
from casework.store.limits import Limits
from casework.store.store import Store
from tests.cells import MASTER
from tests.databases import held
from tests.services.story import PARAMS, Story
from tests.services.test_attachments import add

TELLS_NO_CHILD = {
    "cases.check_registrar": "whether the caller may register children",
    "hosts.show_host": "a house and what runs out there",
    "registers.list_hosts": "houses",
    "registers.list_bodies": "organisations",
    "accusable.list_accusable": "the staff of houses, asked beside a form that leaves an entry",
    "house_deadlines.list_house_deadlines": "what runs out in houses",
    "house_entries.list_entries": "the register of LKS",
    "complaint_views.places_to_name": "names that are public",
    "counts.counts": "numbers",
    "prevention.prevented": "numbers",
    "breaches.list_breaches": "breaches by what was lost, no child named",
    "migrations.list_migrations": "numbers",
    "census.likely_twins": "asked by the import, whose report names rows of its own file",
    "census.brought_already": "row numbers",
    "census.census_window": "dates",
    "audit.verify_trail": "faults",
    "official.check_official": "the day and the form of an entry whose code stands on a paper that somebody holds",
    "exports.how_many": "a number",
    "newer_rules.list_newer": "versions of rules",
    "undelivered.list_undelivered": "letters, which name nobody",
    "audit.entries_in_all": "a number",
    "audit.erased": "numbers of cases of which nothing is left",
    "audit.take_checkpoint": "digests",
    "reports.my_reports": "how far one's own reports are, by initials, no case",
    "delegations.list_delegations": "who stands in for whom, no case",
    "delegations.offers": "the people of an office",
    "accounts.list_people": "accounts",
    "accounts.show_account": "an account",
    "accounts.list_offices": "offices",
    "accounts.places": "offices, houses and bodies",
    "accounts.seated_lately": "a number",
    "questions.open_questions": "what the office was asked, and answered",
    "questions.unanswered": "a number",
    "in_force.in_force": "settings",
    "team.my_teams": "the people of an office, and numbers",
    "house_home.loads": "numbers",
    "exceptions.count_exceptions": "numbers",
}
LINES = {
    "work.my_work",
    "caseload.caseload",
    "caseload.overdue_tasks",
    "caseload.head_tasks",
    "caseload.idle_cases",
    "house_home.my_houses",
    "decisions.waiting_decisions",
    "complaint_views.list_complaints",
    "desk.list_referrals",
    "newer_rules.look_ahead",
    "places.places_for",
}
"""Lists: a line says no more than membership of the office, or of the body, lets everybody there know."""


def reading_services() -> Iterator[tuple[str, bool]]:
    """Yield every service that only reads, and whether it leaves an entry."""
    for found in pkgutil.iter_modules(services.__path__):
        module = import_module(f"casework.services.{found.name}")
        for name, each in vars(module).items():
            if inspect.isfunction(each) and each.__qualname__.endswith(".<locals>.service") and each.__doc__ and each.__name__ == name:
                maker = each.__qualname__.partition(".")[0]
                if _is_of(module, name):
                    yield f"{found.name}.{name}", maker == "_noting"


def _is_of(module: Any, name: str) -> bool:
    return re.search(rf"def {name}\(\s*unit: Unit", inspect.getsource(module)) is not None


def test_every_service_that_tells_of_a_child_leaves_an_entry() -> None:
    found = dict(reading_services())
    silent = {name for name, noted in found.items() if not noted}
    assert silent == {*TELLS_NO_CHILD} | LINES
    assert len(found) - len(silent) >= 14


def last(story: Story, by: str) -> Event:
    return story.attempts(by)[-1]


def test_whoever_opens_something_of_a_child_leaves_an_entry(admission: Story) -> None:
    record = admission.play.filed[-1][1]
    request = admission.wish("admit_to_institution", host="harapan")
    opened: tuple[tuple[str, Callable[..., Any], tuple[str, ...], tuple[str, ...]], ...] = (
        ("case", views.show_case, (admission.case,), ()),
        ("case", child_file.show_file, (admission.case,), ()),
        ("journal", journals.journal_of, (admission.case,), ()),
        ("record", filed.show_record, (admission.case, record), (record,)),
        ("form", proposals.begun_form, (admission.case, "F03"), ()),
        ("processes", processes.list_processes, (admission.case,), ()),
        ("identity", corrections.identity_changes, (admission.case,), ()),
        ("decision", decisions.show_decision, (request,), (request,)),
    )
    for what, service, about, items in opened:
        service(admission.store, admission.call("bambang"), *about)
        entry = last(admission, "bambang")
        assert (entry.kind, entry.reason_code, entry.case, entry.items) == ("opened", what, admission.case, items)
        assert entry.outcome == "done"
    assert audit.verify_trail(admission.store, admission.call("nadia")).whole


def test_a_search_leaves_whom_it_found_and_not_what_was_typed(reported: Story) -> None:
    found = lists.list_cases(reported.store, reported.call("sari"), named="Raka")
    assert [line.id for line in found] == [reported.case]
    assert (last(reported, "sari").kind, last(reported, "sari").items) == ("searched", (reported.case,))
    lists.find_children(reported.store, reported.call("sari"), "Raka")
    assert last(reported, "sari").items == (reported.row["child_id"],)
    assert b"raka" not in reported.bodies().lower()


def test_who_asks_for_a_case_that_is_not_theirs_is_journalled_too(reported: Story) -> None:
    reported.enrol("lain", "social_worker", reported.other_office())
    with pytest.raises(NotFound):
        views.show_case(reported.store, reported.call("lain"), reported.case)
    entry = last(reported, "lain")
    assert (entry.kind, entry.outcome, entry.case, entry.reason_code, entry.codes) == (
        "refused",
        "refused",
        reported.case,
        "open_case",
        ("not_found",),
    )
    before = reported.count()
    with pytest.raises(NotFound):
        views.show_case(reported.store, reported.call("lain"), "0" * 26)
    assert reported.count() == before, "there is no such case: nobody was asked for"


def test_what_cannot_be_journalled_is_not_shown(reported: Story) -> None:
    hurried = Store(
        reported.database.target,
        PARAMS,
        limits=Limits(lock_seconds=0.1, pool_seconds=0.1),
        search_key=reported.store.search_key,
        master_key=MASTER,
    )
    picture = add(reported)
    before = reported.count()
    call = reported.call("sari")
    with held(reported.database, "actor_event IN SHARE ROW EXCLUSIVE MODE"):
        for ask in (
            lambda: views.show_case(hurried, call, reported.case),
            lambda: lists.list_cases(hurried, call, "Raka"),
            lambda: journals.journal_of(hurried, call, reported.case),
            lambda: attachments.show_attachment(hurried, call, reported.case, picture),
        ):
            with pytest.raises(Unavailable):
                ask()
    hurried.close()
    assert reported.count() == before


def test_who_saw_a_case_is_told_with_role_and_moment(reported: Story) -> None:
    views.show_case(reported.store, reported.call("sari"), reported.case)
    lists.list_cases(reported.store, reported.call("bambang"), named="Raka")
    journals.journal_of(reported.store, reported.call("nadia"), reported.case)
    number = reported.row["number"]
    for asked in (reported.case, number):
        seen = readers.who_saw(reported.store, reported.call("nadia"), asked)
        looks = [(look.person, look.role.en, look.what.en) for look in seen.looks if look.what.en != "who has looked"]
        assert looks[-3:] == [
            ("Sari Wulandari", "social worker", "the child's file"),
            ("Bambang Nugroho", "supervisor", "what a search found"),
            ("Nadia Safitri", "auditor", "the journal of the case"),
        ]
    assert [look.at for look in seen.looks] == sorted(look.at for look in seen.looks)
    assert last(reported, "nadia").reason_code == "readers", "asking who looked is a look"


def test_an_account_that_was_taken_over_has_seen_these_children(reported: Story) -> None:
    another = reported.another_case()
    views.show_case(reported.store, reported.call("bambang"), reported.case)
    views.show_case(reported.store, reported.call("bambang"), reported.case)
    since = reported.now
    lists.find_children(reported.store, reported.call("bambang"), "Anak Lain")
    views.show_case(reported.store, reported.call("bambang"), another)
    seen = readers.exposure(reported.store, reported.call("nadia"), "bambang", reported.now.replace(year=2020))
    told = {one.case: (one.opened, one.found) for one in seen.cases}
    assert told == {reported.case: (2, 0), another: (1, 1)}
    assert seen.children == 2
    later = readers.exposure(reported.store, reported.call("nadia"), "bambang", since)
    assert {one.case for one in later.cases} >= {another}
    assert all(one.first_at >= since for one in later.cases)


def test_only_who_answers_for_it_may_ask_who_looked(reported: Story) -> None:
    reported.enrol("lain_kepala", "dinas_head", reported.other_office())
    reported.enrol("putri", "data_protection_officer")
    for by in ("sari", "bambang", "halimah", "lain_kepala"):
        with pytest.raises(NotFound):
            readers.who_saw(reported.store, reported.call(by), reported.case)
        with pytest.raises(NotFound):
            readers.exposure(reported.store, reported.call(by), "sari", reported.now)
    for by in ("nadia", "yusuf", "putri"):
        assert readers.who_saw(reported.store, reported.call(by), reported.case).case == reported.case
        assert readers.exposure(reported.store, reported.call(by), "sari", reported.now).account == "sari"


def test_looks_do_not_crowd_out_what_happened_on_the_pages_of_the_journal(reported: Story) -> None:
    views.show_case(reported.store, reported.call("sari"), reported.case)
    kinds = {entry.kind for entry in journals.journal_of(reported.store, reported.call("nadia"), reported.case).entries}
    kinds |= {entry.kind for entry in trails.office_trail(reported.store, reported.call("nadia")).entries}
    assert kinds.isdisjoint({"opened", "searched"})
    asked = trails.office_trail(reported.store, reported.call("nadia"), Sought(kind="opened")).entries
    assert {entry.what.en for entry in asked} >= {"Opened: the child's file", "Opened: the trail"}


def test_the_commands_say_who_saw_and_what_an_account_has_seen(reported: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    views.show_case(reported.store, reported.call("sari"), reported.case)
    monkeypatch.setenv("CASEWORK_DATABASE", reported.database.target)
    monkeypatch.setenv("CASEWORK_LANGUAGE", "en")
    number = reported.row["number"]
    said = CliRunner().invoke(main, ["audit", "who-saw", number])
    assert said.exit_code == 0, said.output
    assert "Sari Wulandari" in said.output
    assert f"Case {number}: 1 looks, by 1 persons." in said.output
    said = CliRunner().invoke(main, ["audit", "breach", "--account", "sari", "--since", "2020-01-01"])
    assert said.exit_code == 0, said.output
    assert f"{number}  " in said.output
    assert "1 cases of 1 children" in said.output
    for asked in (["who-saw", "KKR-1999-0001"], ["breach", "--account", "nobody", "--since", "2020-01-01"]):
        refused = CliRunner().invoke(main, ["audit", *asked])
        assert (refused.exit_code, "Error: There is no" in refused.output) == (1, True)
