"""No clause of a guard can be lost without an example noticing."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import FunctionType, ModuleType
from typing import Any

import pytest

from casework.machines import guards
from casework.machines.engine import Guard
from tests.machines import guard_examples, process_guard_examples
from tests.machines.clock_examples import ANSWERS
from tests.machines.guard_book import Answer, Book, Example
from tests.machines.mutants import Gap, Mutant, gaps_of, mutants_of

MODULES = tuple(import_module(f"{guards.__name__}.{each.name}") for each in iter_modules(guards.__path__) if each.name != "making")
EXAMPLES: Book = Book({**guard_examples.EXAMPLES, **process_guard_examples.EXAMPLES})


def guards_of(module: ModuleType) -> tuple[Guard[Any], ...]:
    found = (value for value in vars(module).values() if isinstance(value, Guard))
    return tuple(value for value in found if function_of(value).__module__ == module.__name__)


def function_of(guard: Guard[Any]) -> FunctionType:
    function: FunctionType = guard.check.__wrapped__  # type: ignore[attr-defined]
    return function


def functions_of(module: ModuleType) -> Iterator[FunctionType]:
    yield from (function_of(each) for each in guards_of(module))
    yield from (value for value in vars(module).values() if isinstance(value, FunctionType) and value.__module__ == module.__name__)


def tables_of(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Yield the module's own tables of codes or guards; words are labels, and nothing is decided by them."""
    for name, value in vars(module).items():
        if name.isupper() and isinstance(value, tuple | frozenset | dict) and not name.endswith("WORDS") and _defined_in(module, name):
            yield name, value


def _defined_in(module: ModuleType, name: str) -> bool:
    source = module.__loader__.get_source(module.__name__)  # type: ignore[union-attr]
    return any(line.startswith((f"{name} =", f"{name}:")) for line in source.splitlines())


def killed(mutant: Mutant | Gap, ordered: list[tuple[Guard[Any], Example]], answers: tuple[Answer, ...] = ()) -> bool:
    """Whether an example changes its verdict, an answer changes, or the function breaks, under the mutant."""
    with mutant.in_place():
        for guard, example in ordered:
            try:
                if not example.borne_out_by(guard):
                    return True
            except Exception:  # noqa: BLE001 - a guard that breaks is noticed too
                return True
        for answer in answers:
            try:
                if not answer.borne_out():
                    return True
            except Exception:  # noqa: BLE001 - as above
                return True
    return False


def examples_for(module: ModuleType) -> list[tuple[Guard[Any], Example]]:
    """Return every example, those of the module's own guards first."""
    own = {guard.code for guard in guards_of(module)}
    codes = sorted(EXAMPLES, key=lambda code: code not in own)
    return [(GUARDS[code], example) for code in codes for example in EXAMPLES[code]]


GUARDS: dict[str, Guard[Any]] = {guard.code: guard for module in MODULES for guard in guards_of(module)}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_clause_of_every_guard_is_needed_by_an_example(module: ModuleType) -> None:
    mutants: list[tuple[str, Mutant | Gap]] = [
        (f"{function.__name__}: {mutant.change}", mutant) for function in functions_of(module) for mutant in mutants_of(function)
    ]
    mutants += [(f"{name}: {gap.change}", gap) for name, table in tables_of(module) for gap in gaps_of(name, table, MODULES)]
    ordered = examples_for(module)
    survivors = [name for name, mutant in mutants if not killed(mutant, ordered, ANSWERS)]
    print(f"{module.__name__}: {len(mutants)} mutants, {len(mutants) - len(survivors)} killed")  # noqa: T201 - the count is the point
    assert mutants, "a module of guards without a clause"
    assert not survivors, "\n".join(survivors)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: f"{answer.function.__name__}: {answer.name}")
def test_a_function_beside_the_guards_answers_as_its_example_says(answer: Answer) -> None:
    assert answer.borne_out()


def test_a_lost_clause_survives_when_its_example_is_taken_away() -> None:
    guard = guards.void_reason_recorded
    lost = next(each for each in mutants_of(function_of(guard)) if "without `bool(intake.body.linked_case)`" in each.change)
    examples = [(guard, example) for example in EXAMPLES[guard.code]]
    kept = [(guard, example) for guard, example in examples if example.name != "a duplicate, linked"]
    assert killed(lost, examples)
    assert not killed(lost, kept)


def test_a_mutant_leaves_the_guard_as_it_was() -> None:
    guard = guards.case_assigned
    sound = function_of(guard).__code__
    for mutant in mutants_of(function_of(guards.duplicate_check_done)):
        with mutant.in_place():
            pass
    assert function_of(guard).__code__ is sound
    assert all(example.borne_out_by(guards.duplicate_check_done) for example in EXAMPLES["duplicate_check_done"])
