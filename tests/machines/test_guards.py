"""Every guard of every machine answers as its examples say, and every guard has examples of both kinds."""

from typing import Any, get_args

import pytest
from msgspec.structs import replace

from casework.errors import Refusal
from casework.machines import guards
from casework.machines.book import newest_machines
from casework.machines.care import CARE
from casework.machines.engine import Definition, Guard, Move
from casework.machines.facts import DocumentKind, Facts
from casework.machines.forms import FORMS, CarePlan, code_of
from casework.machines.roles import ROLES
from tests.machines import guard_examples, process_guard_examples
from tests.machines.builders import LKSA, UNCLE, admissible, approved, option
from tests.machines.guard_book import Book


def guards_of(definition: Definition[Any]) -> tuple[Guard[Any], ...]:
    """Return the guards of a machine's rows, and the conditions of its effects."""
    return (*definition.conditions, *(guard for row in definition.transitions for guard in row.guards))


DEFINITIONS = {name: machine.definition for name, machine in newest_machines().items()}
GUARDS = {guard.code: guard for definition in DEFINITIONS.values() for guard in guards_of(definition)}
OF_THE_JOURNEY = {guard.code for guard in guards_of(CARE.definition)}
EXAMPLES = Book({**guard_examples.EXAMPLES, **process_guard_examples.EXAMPLES})

each_guard = pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS.keys())


def test_no_two_books_hold_examples_of_one_guard() -> None:
    assert guard_examples.EXAMPLES.keys() & process_guard_examples.EXAMPLES.keys() == set()


@pytest.mark.parametrize("code", EXAMPLES)
def test_guard_answers_as_its_examples_say(code: str) -> None:
    assert [example.name for example in EXAMPLES[code] if not example.borne_out_by(GUARDS[code])] == []


def test_every_guard_in_the_tables_has_examples_of_both_kinds() -> None:
    assert {code for code, examples in EXAMPLES.items() if {True, False} == {example.holds for example in examples}} == GUARDS.keys()


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_guard_means_the_same_in_every_machine(name: str) -> None:
    assert [guard.code for guard in guards_of(DEFINITIONS[name]) if GUARDS[guard.code] is not guard] == []


def test_every_guard_exported_is_used_and_every_guard_used_is_exported() -> None:
    assert set(guards.__all__) == OF_THE_JOURNEY


def test_the_table_has_18_states_43_triggers_163_arcs() -> None:
    assert (len(CARE.definition.states), len({arc.trigger for arc in CARE.arcs}), len(CARE.arcs)) == (18, 43, 163)


def refused(facts: Facts) -> dict[str, tuple[str, ...]]:
    """Return the reasons why admission is refused, with their gaps in English."""
    outcome = CARE.decide("care_planning", "admit_to_institution", facts)
    assert isinstance(outcome, Refusal)
    return {reason.code: tuple(gap.en for gap in reason.details) for reason in outcome.reasons}


def test_admission_with_all_evidence_is_lawful() -> None:
    assert isinstance(CARE.decide("care_planning", "admit_to_institution", admissible()), Move)


def test_an_uncle_never_contacted_is_named_with_his_rung() -> None:
    complete = admissible()
    without_uncle = tuple(each for each in complete.records if getattr(each.body, "candidate", "") != UNCLE.id)
    assert refused(replace(complete, records=without_uncle)) == {"all_family_options_ruled_out": ("kin: paman Ahmad was never contacted",)}


def test_a_foster_search_of_last_season_is_named_as_too_old() -> None:
    complete = admissible()
    records = tuple(each for each in complete.records if getattr(each.body, "rung", "") != "foster")
    gaps = {"all_family_options_ruled_out": ("foster parents: sheet older than 30 days",)}
    assert refused(replace(complete, records=(*records, option("foster", 31)))) == gaps


def test_hardship_alone_is_refused_and_nothing_else() -> None:
    complete = admissible()
    records = tuple(each for each in complete.records if not isinstance(each.body, CarePlan))
    poor = approved(CarePlan, 1, separation_reason_codes=("economic_hardship",))
    assert refused(replace(complete, records=(*records, poor))) == {"reason_not_poverty_alone": ()}


def test_an_unlicensed_institution_without_a_policy_is_told_both() -> None:
    host = replace(LKSA, licence_until=None, policy_dated=None)
    assert refused(admissible(host=host)) == {
        "host_eligible": ("No child-protection policy of the last 12 months.", "The licence is missing or expired."),
    }


def test_an_institution_of_another_religion_is_refused_and_nothing_else() -> None:
    assert refused(admissible(host=replace(LKSA, religion="protestant"))) == {"religion_compatible": ()}


def test_a_full_institution_is_refused_for_its_capacity_only() -> None:
    assert refused(admissible(host=replace(LKSA, occupied=20))) == {
        "capacity_available": ("There is no free bed.", "Too few caregivers for one more child."),
    }


def test_evidence_of_the_round_before_satisfies_nothing() -> None:
    complete = admissible()
    evidence = {code for code, guard in GUARDS.items() if any(source in FORMS for source in guard.reads)}
    row = CARE.transition("care_planning", "admit_to_institution")
    assert row is not None
    asked = {guard.code for guard in row.guards} & evidence - {"host_eligible", "capacity_available", "religion_compatible"}
    assert asked == refused(replace(complete, case=replace(complete.case, round=2))).keys()


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
        for example in (each for each in examples if hasattr(each.facts, "records")):
            kept = tuple(each for each in example.facts.records if code_of(each.body) not in unread)
            assert example._replace(facts=replace(example.facts, records=kept)).borne_out_by(GUARDS[code]), f"{code}: {example.name}"
