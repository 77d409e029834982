"""Every definition says by which law, and in both languages."""

from typing import Any, get_args

import pytest

from casework.machines.book import all_machines, newest_machines
from casework.machines.engine import Machine
from casework.machines.facts import DocumentKind
from casework.services.captions import DOCUMENT_KINDS
from casework.words import Words

MACHINES = all_machines()
MARKS = {"SEEN", "SEEN-2", "BG-H", "BG-M", "BG-L", "DESIGN"}

each_machine = pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: f"{machine.definition.name}-{machine.definition.version}")


def complete(words: Words) -> bool:
    return bool(words.id.strip() and words.en.strip())


def test_the_care_journey_is_among_the_machines() -> None:
    assert "care_journey" in newest_machines()


@each_machine
def test_every_transition_has_its_law_with_its_provenance(machine: Machine[Any]) -> None:
    rows = machine.definition.transitions
    assert [row.trigger for row in rows if not row.law] == []
    assert [(row.trigger, law) for row in rows for law in row.law if not law.source or law.mark not in MARKS] == []


@each_machine
def test_every_transition_and_state_has_words_in_both_languages(machine: Machine[Any]) -> None:
    assert [row.trigger for row in machine.definition.transitions if not complete(row.label)] == []
    assert [state.name for state in machine.definition.states if not complete(state.label)] == []


@each_machine
def test_every_guard_says_what_is_missing_by_which_law_what_fixes_it_and_who_can(machine: Machine[Any]) -> None:
    guards = {guard.code: guard for row in machine.definition.transitions for guard in row.guards}.values()
    assert [guard.code for guard in guards if not (complete(guard.words) and complete(guard.fix))] == []
    assert [guard.code for guard in guards if not (guard.law and guard.who)] == []
    assert [(guard.code, law) for guard in guards for law in guard.law if not law.source or law.mark not in MARKS] == []


@each_machine
def test_no_two_states_and_no_two_triggers_are_called_the_same(machine: Machine[Any]) -> None:
    for labels in (
        [state.label for state in machine.definition.states],
        list({row.trigger: row.label for row in machine.definition.transitions}.values()),
    ):
        assert len({label.id for label in labels}) == len(labels)
        assert len({label.en for label in labels}) == len(labels)


def test_the_document_register_names_every_kind_that_guards_may_ask_for() -> None:
    assert set(DOCUMENT_KINDS) == set(get_args(DocumentKind))
