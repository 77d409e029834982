"""Every guard of the processes beside the journey, against its examples."""

from typing import Any, get_args

import msgspec
import pytest

from casework.machines.book import newest_machines
from casework.machines.engine import Guard
from casework.machines.facts import DocumentKind
from casework.machines.forms import FORMS, code_of
from casework.machines.roles import ROLES
from tests.machines import guard_examples
from tests.machines.guard_book import Example
from tests.machines.process_guard_examples import EXAMPLES

BESIDE = tuple(machine for machine in newest_machines().values() if machine.definition.about != "journey")
GUARDS: dict[str, Guard[Any]] = {
    guard.code: guard
    for machine in BESIDE
    for guard in (*machine.definition.conditions, *(guard for row in machine.definition.transitions for guard in row.guards))
}
BOOK = {code: examples for code, examples in {**guard_examples.EXAMPLES, **EXAMPLES}.items() if code in GUARDS}

each_guard = pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS.keys())


@pytest.mark.parametrize(
    ("code", "example"),
    [pytest.param(code, example, id=f"{code}: {example.name}") for code, examples in EXAMPLES.items() for example in examples],
)
def test_guard_answers_as_its_example_says(code: str, example: Example) -> None:
    assert example.borne_out_by(GUARDS[code])


def test_every_guard_of_a_process_has_examples_of_both_kinds() -> None:
    both = {code for code, examples in BOOK.items() if {True, False} == {example.holds for example in examples}}
    assert GUARDS.keys() - both == set()


@pytest.mark.parametrize("machine", BESIDE, ids=lambda machine: machine.definition.name)
def test_a_guard_means_the_same_in_every_machine(machine: Any) -> None:
    mine = [guard for row in machine.definition.transitions for guard in row.guards]
    assert [guard.code for guard in mine if GUARDS[guard.code] is not guard] == []


@each_guard
def test_guard_speaks_both_languages_and_names_who_can_fix_it(guard: Guard[Any]) -> None:
    assert all(text.strip() and text.endswith(".") for words in (guard.words, guard.fix) for text in (words.id, words.en))
    assert guard.words.id != guard.words.en
    assert guard.who
    assert set(guard.who) <= ROLES.keys()
    assert guard.law


@each_guard
def test_guard_reads_known_forms_registers_and_papers(guard: Guard[Any]) -> None:
    kinds = set(get_args(DocumentKind))
    assert guard.reads
    for source in guard.reads:
        family, _, name = source.partition(":")
        assert source in FORMS or family == "register" or (family == "document" and name in kinds), source


def test_no_guard_reads_records_of_a_form_it_does_not_declare() -> None:
    for code, examples in EXAMPLES.items():
        unread = set(FORMS) - set(GUARDS[code].reads)
        for example in examples:
            if hasattr(example.facts, "records"):
                kept = tuple(each for each in example.facts.records if code_of(each.body) not in unread)
                less = example._replace(facts=msgspec.structs.replace(example.facts, records=kept))
                assert less.borne_out_by(GUARDS[code]), f"{code}: {example.name}"
