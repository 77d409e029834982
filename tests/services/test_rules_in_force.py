"""Which rules are in force is journalled too: definitions when they are published, parameters whenever they change."""

from datetime import date

import msgspec
import pytest

from casework.errors import NotSignedIn, StoreMismatch
from casework.ledger.event import Event
from casework.machines import policy
from casework.machines.book import all_machines
from casework.machines.parameters import Parameters
from casework.services import audit, sessions, trails
from casework.services.journals import Entry
from casework.services.sessions import SignIn
from casework.services.trails import Sought
from casework.store.call import Call
from casework.store.store import Store
from tests.cells import MASTER
from tests.services.story import OPERATOR, PARAMS, Story

STRICTER = msgspec.structs.replace(PARAMS, review_interval_days=60)


def said(story: Story) -> list[Event]:
    """Return what the system itself has said, oldest first."""
    return story.attempts_of("system")


def opened(story: Story, params: Parameters) -> None:
    """Open the office's database with these parameters, as every start of the program does."""
    store = Store(story.database.target, params, case_prefix="UJI", go_live=date(2026, 1, 5), master_key=MASTER)
    try:
        store.prepare(story.now)
    finally:
        store.close()


def told(story: Story, by: str, wanted: Sought | None = None) -> tuple[Entry, ...]:
    return trails.office_trail(story.store, story.call(by), wanted or Sought()).entries


def test_the_first_start_journals_every_definition_and_the_parameters(reported: Story) -> None:
    *published, parameters, policed = said(reported)
    told = {(entry.kind, entry.rules.machine, entry.rules.version, entry.rules.definition) for entry in published}
    assert told == {("definition_published", machine.definition.name, 1, machine.digest) for machine in all_machines()}
    assert len(published) == len(all_machines())
    assert (parameters.kind, parameters.rules.parameters) == ("parameters_changed", PARAMS.digest)
    assert (policed.kind, policed.rules.policy) == ("policy_changed", f"@{policy.DIGEST}")
    assert {(entry.actor.person, entry.actor.account, entry.outcome) for entry in said(reported)} == {("", "system", "done")}


def test_a_start_with_the_same_rules_says_nothing(reported: Story) -> None:
    before = said(reported)
    opened(reported, PARAMS)
    assert said(reported) == before


def test_every_change_of_the_parameters_is_an_entry_the_way_back_too(reported: Story) -> None:
    for params in (STRICTER, STRICTER, PARAMS, STRICTER):
        opened(reported, params)
    changes = [entry.rules.parameters for entry in said(reported) if entry.kind == "parameters_changed"]
    assert changes == [PARAMS.digest, STRICTER.digest, PARAMS.digest, STRICTER.digest]
    kept = {row["digest"] for row in reported.rows("SELECT digest FROM parameter_set")}
    assert kept == {PARAMS.digest, STRICTER.digest}


def test_the_trail_with_these_entries_is_whole(reported: Story) -> None:
    opened(reported, STRICTER)
    report = audit.verify_trail(reported.store, Call(who=OPERATOR, at=reported.now))
    assert report.whole, report.faults
    checkpoint = audit.take_checkpoint(reported.store, Call(who=OPERATOR, at=reported.now))
    assert f"actor:system {len(all_machines()) + 3} ".encode() in checkpoint


def test_a_start_that_is_refused_says_nothing(reported: Story) -> None:
    reported.wreck("UPDATE machine_version SET digest = 'swapped'")
    before = said(reported)
    with pytest.raises(StoreMismatch):
        opened(reported, STRICTER)
    assert said(reported) == before


@pytest.mark.parametrize("by", ["nadia", "yusuf"])
def test_whoever_reads_the_trail_reads_which_rules_were_put_in_force(reported: Story, by: str) -> None:
    opened(reported, STRICTER)
    found = told(reported, by, Sought(kind="parameters_changed"))
    assert [entry.what.en for entry in found] == ["Parameters changed", "Parameters changed"]
    published = {entry.what.en for entry in told(reported, by, Sought(kind="definition_published"))}
    assert published == {f"Definition published: {machine.definition.name} 1" for machine in all_machines()}


def test_the_auditor_alone_reads_the_sign_ins_of_nobody_known(reported: Story) -> None:
    with pytest.raises(NotSignedIn):
        sessions.sign_in(reported.store, reported.now, SignIn(username="tak.dikenal", password="tebakan"))  # noqa: S106 - nobody's password
    wanted = Sought(kind="sign_in_refused")
    assert [entry.outcome for entry in told(reported, "nadia", wanted)] == ["refused"]
    assert told(reported, "yusuf", wanted) == ()
