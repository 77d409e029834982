"""The trail of offices: sifted as somebody asks, page after page, and never by what is confidential."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product

import msgspec
import pytest

from casework.errors import Invalid, NotFound
from casework.ledger.event import Event, decode_event
from casework.machines.facts import WITA
from casework.services import cases, lists, trails, views
from casework.services.trails import Sought, midnight
from casework.store.instants import from_text
from casework.store.sifting import LOOKS
from casework.store.trail import PAGE
from tests.services.story import Beginnings, Story
from tests.services.ways import ADMISSION


@pytest.fixture(scope="module")
def story(beginnings: Beginnings) -> Iterator[Story]:
    """An office where things were done, refused and looked at; and another office, whose people looked and tried too."""
    told = beginnings.story(*ADMISSION)
    other = told.other_office()
    told.enrol("lain", "social_worker", other)
    told.enrol("lain_kepala", "dinas_head", other)
    for _ in range(PAGE // 2):
        told.another_case()
    told.later(days=1)
    views.show_case(told.store, told.call("sari"), told.case)
    lists.list_cases(told.store, told.call("lain"), named="Raka")
    with pytest.raises(NotFound):
        views.show_case(told.store, told.call("lain"), told.case)
    told.later(days=1)
    told.refused(cases.advance_case, "sari", told.step("leave_care"))
    yield told
    told.close()


class Written(msgspec.Struct, frozen=True):
    """An entry of the whole journal: its hash, what it says, and the office of its case, if it is about one."""

    hash: str
    entry: Event
    office: str


def journal(story: Story) -> list[Written]:
    """Return every entry, newest first, as the trail orders them."""
    offices = {row["id"]: row["office_id"] for row in story.rows("SELECT id, office_id FROM care_case")}
    rows = story.rows("SELECT body, hash FROM event UNION ALL SELECT body, hash FROM actor_event")
    found = [Written(row["hash"], entry, offices.get(entry.case, "")) for row in rows for entry in [decode_event(bytes(row["body"]))]]
    return sorted(found, key=lambda one: (one.entry.recorded_at, one.entry.stream, one.entry.seq), reverse=True)


def every_page(story: Story, by: str, sought: Sought) -> list[str]:
    """Return the hashes of all entries that the trail tells somebody, page after page."""
    found, after = [], ""
    while True:
        page = trails.office_trail(story.store, story.call(by), sought, after)
        found += [entry.hash for entry in page.entries]
        after = page.after
        if not after:
            return found
        assert len(page.entries) == PAGE


def asked_for(story: Story, sought: Sought, one: Written) -> bool:
    """Whether an entry is what somebody asked for: written anew, entry by entry."""
    entry, looks = one.entry, one.entry.kind in LOOKS
    outcome = "read" if looks else entry.outcome
    recorded = from_text(entry.recorded_at)
    return all((
        sought.kind in {"", entry.kind},
        sought.outcome == outcome if sought.outcome else not looks or bool(sought.kind),
        sought.person in {"", entry.actor.person},
        not sought.case or entry.case == story.case,
        sought.since is None or recorded >= midnight(sought.since),
        sought.until is None or recorded < midnight(sought.until + timedelta(days=1)),
        not sought.office or _of_office(story, sought.office, one),
    ))  # fmt: skip


def _of_office(story: Story, office: str, one: Written) -> bool:
    if one.entry.case:
        return one.office == office
    seats = "SELECT 1 FROM assignment WHERE account_id = ? AND office_id = ?"
    return one.entry.actor.account == "system" or bool(story.rows(seats, one.entry.actor.account, office))


def test_the_trail_tells_exactly_what_is_asked_for(story: Story) -> None:
    day = (story.now - timedelta(days=1)).astimezone(WITA).date()
    choices = (("", "opened"), ("", "done", "refused", "read"), ("", story.person("sari")))
    other = story.who("lain").seats[0].office
    narrowed: tuple[dict[str, object], ...] = (
        {},
        {"case": story.row["number"]},
        {"office": story.row["office_id"]},
        {"office": other},
        {"since": day, "until": day},
    )
    known, told = journal(story), 0
    hashes = {one.hash for one in known}
    for (kind, outcome, person), more in product(product(*choices), narrowed):
        sought = msgspec.convert({"kind": kind, "outcome": outcome, "person": person, **more}, Sought)
        expected = [one.hash for one in known if asked_for(story, sought, one)]
        found = [one for one in every_page(story, "nadia", sought) if one in hashes]  # what she looked at meanwhile is left out
        assert found == expected, sought
        told += bool(expected)
    assert told > 25


def test_a_head_reads_the_trail_of_the_own_office_and_chooses_no_other(story: Story) -> None:
    own, other = story.row["office_id"], story.who("lain").seats[0].office
    known = journal(story)
    for by, office in (("yusuf", own), ("lain_kepala", other)):
        expected = [one.hash for one in known if asked_for(story, Sought(office=office), one)]
        assert [one for one in every_page(story, by, Sought()) if one in {each.hash for each in known}] == expected
        page = trails.office_trail(story.store, story.call(by))
        assert [one for one, _ in page.offices] == [office]
    assert trails.office_trail(story.store, story.call("lain_kepala"), Sought(case=story.case)).entries == ()
    with pytest.raises(NotFound):
        trails.office_trail(story.store, story.call("lain_kepala"), Sought(office=own))
    for by in ("sari", "bambang", "halimah"):
        with pytest.raises(NotFound):
            trails.office_trail(story.store, story.call(by))


def test_whoever_asks_for_no_case_or_an_unknown_page_hears_so(story: Story) -> None:
    assert trails.office_trail(story.store, story.call("nadia"), Sought(case="KKR-1999-0001")).entries == ()
    for after in ("x", "WyJ0cmFpbCJd"):
        with pytest.raises(Invalid):
            trails.office_trail(story.store, story.call("nadia"), Sought(), after)


def test_each_look_at_the_trail_is_an_entry(story: Story) -> None:
    before = len(story.attempts("nadia"))
    trails.office_trail(story.store, story.call("nadia"), Sought(outcome="refused"))
    entry = story.attempts("nadia")[-1]
    assert (len(story.attempts("nadia")), entry.kind, entry.reason_code) == (before + 1, "opened", "trail")


def test_by_the_name_of_a_person_no_report_of_an_incident_is_found_nor_where_a_page_ends(tell: Callable[..., Story]) -> None:
    story = tell(*ADMISSION, "institutional_care")
    story.sign("F17", "anton", type="physical", subject_household="harapan")
    found = trails.office_trail(story.store, story.call("nadia"), Sought(person=story.person("anton")))
    assert (found.entries, found.after) == ((), "")
    assert trails.office_trail(story.store, story.call("nadia")).entries[0].unnamed
