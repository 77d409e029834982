"""The file as it stood: for every entry of a whole story, what is told of the past is what the database said at that time."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from casework.errors import NotFound
from casework.rehearsal.deeds import DEEDS
from casework.rehearsal.moments import moment
from casework.services import past
from casework.services.past import Then
from casework.store.call import Call
from casework.store.instants import from_text
from casework.store.store import Store
from tests.databases import hurried
from tests.services.story import PARAMS, SEARCH_KEY, Beginnings, Story, _resumed, _script
from tests.services.ways import ADMISSION

WHOLE = ("reported", *ADMISSION, "institutional_care", "trial_home_stay")
Dump = dict[str, Any]


class Watching(Store):
    """A store that looks at the database after each work that was committed."""

    watch: Callable[[], None] = staticmethod(lambda: None)

    def carry_out(self, call: Call, work: Any) -> Any:
        done = super().carry_out(call, work)
        self.watch()
        return done


def dump(story: Story, case: str) -> Dump:
    """Return where a case stands now, as its rows say."""
    (row,) = story.rows("SELECT * FROM care_case WHERE id = ?", case)
    superseded = {one["supersedes"] for one in story.rows("SELECT supersedes FROM record WHERE case_id = ? AND status <> 'draft'", case)}
    in_force = story.rows("SELECT * FROM record WHERE case_id = ? AND status <> 'draft'", case)
    return {
        "head": row["head"],
        "state": row["state"],
        "round": row["round"],
        "version": row["version"],
        "since": row["entered_at"],
        "worker": row["assigned_to"],
        "processes": {(one["id"], one["state"], one["steps"]) for one in story.rows("SELECT * FROM process WHERE case_id = ?", case)},
        "records": {(one["id"], one["status"] == "countersigned") for one in in_force if one["id"] not in superseded},
        "requests": {(one["id"], one["status"]) for one in story.rows("SELECT * FROM approval_request WHERE case_id = ?", case)},
    }


def told(story: Story, then: Then) -> Dump:
    """Return the same of what is told of the past."""
    names = {row["name"]: row["id"] for row in story.rows("SELECT id, name FROM person")}
    return {
        "head": then.hash,
        "state": then.state,
        "round": then.round,
        "version": then.version,
        "since": then.since.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "worker": names.get(then.worker),
        "processes": {(one.id, one.state, one.steps) for one in then.processes},
        "records": {(one.id, one.countersigned) for one in then.records},
        "requests": {(one.id, one.status) for one in then.requests},
    }


@pytest.fixture(scope="module")
def watched(beginnings: Beginnings) -> Iterator[tuple[Story, dict[int, Dump]]]:
    """A whole story played before somebody who writes down, after each entry of the case, what the database says."""
    story = beginnings.story()
    store = Watching(story.database.target, PARAMS, case_prefix="UJI", go_live=story.store.go_live, search_key=lambda: SEARCH_KEY)
    hurried(store._engine)
    play = _resumed(story.play, store)
    seen: dict[int, Dump] = {}

    def watch() -> None:
        for row in story.rows("SELECT id, seq FROM care_case WHERE id = ?", getattr(play, "case", "")):
            if row["seq"]:
                seen.setdefault(row["seq"], dump(story, row["id"]))

    store.watch = watch
    for scene in _script(WHOLE, {}).scenes:
        play.now = moment(scene.step.at, play.now)
        DEEDS[type(scene.step)](play, play.doer(scene.step), scene.step)
        watch()
    story.store.close()
    story.store, story.play, story.case = store, play, play.case
    (former,) = story.rows("SELECT id FROM record WHERE form = 'F02' AND status = 'signed'")
    story.later(hours=1)
    story.sign("F02", supersedes=former["id"])
    yield story, seen
    story.close()


def test_as_it_stood_right_after_each_entry_is_what_the_database_said_then(watched: tuple[Story, dict[int, Dump]]) -> None:
    story, seen = watched
    last = story.row["seq"]
    assert len(seen) > last * 0.8, "nearly every entry is a commit of its own"
    for seq, then in sorted(seen.items()):
        assert told(story, past.as_it_stood(story.store, story.call("nadia"), story.case, story.now, seq)) == then, seq


def test_a_moment_tells_the_last_entry_before_it(watched: tuple[Story, dict[int, Dump]]) -> None:
    story, _ = watched
    for event in story.entries()[::7]:
        found = past.as_it_stood(story.store, story.call("bambang"), story.case, from_text(event.recorded_at))
        assert found.seq >= event.seq
        assert found.at == from_text(event.recorded_at)
    first = from_text(story.entries()[0].recorded_at)
    with pytest.raises(NotFound):
        past.as_it_stood(story.store, story.call("bambang"), story.case, first - timedelta(seconds=1))


def test_the_rules_and_the_numbers_in_force_are_told(watched: tuple[Story, dict[int, Dump]]) -> None:
    story, _ = watched
    found = past.as_it_stood(story.store, story.call("nadia"), story.case, story.now, 5)
    assert (found.parameters_digest, dict(found.parameters)["caseload_limit"]) == (PARAMS.digest, str(PARAMS.caseload_limit))
    assert found.definition == story.entries()[4].rules.definition


def test_a_house_hears_nothing_of_the_past_and_each_look_is_an_entry(watched: tuple[Story, dict[int, Dump]]) -> None:
    story, _ = watched
    for by in ("halimah", "anton"):
        with pytest.raises(NotFound):
            past.as_it_stood(story.store, story.call(by), story.case, story.now)
    past.as_it_stood(story.store, story.call("nadia"), story.case, story.now)
    entry = story.attempts("nadia")[-1]
    assert (entry.kind, entry.reason_code, entry.case) == ("opened", "past", story.case)
