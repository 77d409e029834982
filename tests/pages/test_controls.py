"""Forms from Structs: what is shown comes back, what is wrong is told beside its question, and everything has its Indonesian name."""

import itertools
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from casework.errors import Invalid
from casework.http.pages.controls import Control, control_path, controls_of, flattened, posted
from casework.http.pages.filing import ChildAnswers
from casework.http.pages.hosts import HostAnswers, HostName, StaffChanges, StaffName
from casework.http.pages.identity import IdentityAnswers
from casework.machines.forms import KINDS, Form, OptionSheet, PersonalData, code_of, decode
from casework.services.choices import CHOICES
from casework.services.labels import LABELS
from casework.services.registers import AddBody
from tests.machines.builders import form
from tests.machines.samples import SAMPLES

CODES = sorted(KINDS)


def everything(controls: tuple[Control, ...]) -> Iterator[Control]:
    for control in controls:
        yield control
        yield from everything(control.parts)
        for row in control.rows:
            yield from everything(row)


def sent(typed: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in typed.items() for value in values]


def written(sample: Form) -> dict[str, Any]:
    raw: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(sample))
    return raw


@pytest.mark.parametrize("sample", SAMPLES, ids=code_of)
def test_a_form_that_is_shown_and_posted_back_is_the_same_form(sample: Form) -> None:
    typed = flattened(type(sample), written(sample))
    assert decode(code_of(sample), posted(type(sample), sent(typed))) == sample


@pytest.mark.parametrize("sample", SAMPLES, ids=code_of)
def test_the_page_shows_every_answer_it_was_given(sample: Form) -> None:
    typed = flattened(type(sample), written(sample))
    shown = {control.path: control.values for control in everything(controls_of(type(sample), typed))}
    for path, values in typed.items():
        assert "\n".join(shown[path]) == "\n".join(values), path


@pytest.mark.parametrize("code", CODES)
def test_every_fault_of_an_empty_form_stands_beside_a_question(code: str) -> None:
    kind = KINDS[code].form
    with pytest.raises(Invalid) as told:
        decode(code, posted(kind, []))
    paths = {control.path for control in everything(controls_of(kind, {}))}
    assert {control_path(fault) for fault in told.value.faults} <= paths
    marked = [control for control in everything(controls_of(kind, {}, told.value.faults)) if control.faults]
    assert marked


ASKED = [KINDS[code].form for code in CODES] + [
    ChildAnswers, HostName, HostAnswers, StaffName, StaffChanges, AddBody, IdentityAnswers,
]  # fmt: skip
"""Everything that a page asks: the forms of a case, and the registers."""


@pytest.mark.parametrize("kind", ASKED, ids=lambda kind: kind.__name__)
def test_every_question_has_a_name_of_its_own_in_both_languages(kind: type[msgspec.Struct]) -> None:
    for owner, field in _fields(inspect.type_info(kind)):
        assert f"{owner}.{field}" in LABELS or field in LABELS, f"{owner}.{field}"


@pytest.mark.parametrize("kind", ASKED, ids=lambda kind: kind.__name__)
def test_every_choice_has_a_name_of_its_own_in_both_languages(kind: type[msgspec.Struct]) -> None:
    for control in everything(controls_of(kind, {})):
        field = control.path.rpartition(".")[2]
        for option in control.options:
            assert any(key == option.value or key.endswith(f"{field}={option.value}") for key in CHOICES), (control.path, option.value)


def _fields(kind: Any) -> Iterator[tuple[str, str]]:
    match kind:
        case inspect.StructType():
            for field in kind.fields:
                yield kind.cls.__name__, field.name
                yield from _fields(field.type)
        case inspect.Metadata():
            yield from _fields(kind.type)
        case inspect.VarTupleType():
            yield from _fields(kind.item_type)
        case inspect.UnionType():
            for part in kind.types:
                yield from _fields(part)


def test_blank_rows_are_no_rows() -> None:
    raw = posted(
        OptionSheet,
        [("attempts.0.method", ""), ("attempts.0.result", " "), ("attempts.1.method", "visit"), ("attempts.1.on", "2026-01-02")],
    )
    assert raw["attempts"] == [{"method": "visit", "on": "2026-01-02"}]


def test_an_answer_that_cannot_be_read_comes_back_as_it_was_typed() -> None:
    raw = posted(KINDS["F16"].form, [("height_cm", "seratus"), ("period_from", "kemarin")])
    with pytest.raises(Invalid) as told:
        decode("F16", raw)
    assert {"$.height_cm", "$.period_from"} <= {fault.path for fault in told.value.faults}
    again = flattened(KINDS["F16"].form, raw)
    assert (again["height_cm"], again["period_from"]) == (["seratus"], ["kemarin"])


@pytest.mark.parametrize("typed", ["--5", "-", "²", "1 2", "1e3", "9" * 5000])
def test_what_is_no_number_is_a_fault_of_its_field_and_comes_back_as_it_was_typed(typed: str) -> None:
    raw = posted(KINDS["F16"].form, [("height_cm", typed)])
    with pytest.raises(Invalid) as told:
        decode("F16", raw)
    assert "$.height_cm" in {fault.path for fault in told.value.faults}
    assert flattened(KINDS["F16"].form, raw)["height_cm"] == [typed]


def test_a_moment_is_typed_and_shown_in_wita() -> None:
    raw = posted(KINDS["F11"].form, [("received_at", "2026-11-21T09:12")])
    assert raw["received_at"] == "2026-11-21T09:12:00+08:00"
    assert flattened(KINDS["F11"].form, {"received_at": "2026-11-21T01:12:00Z"})["received_at"] == ["2026-11-21T09:12"]


def test_no_number_with_its_reason_is_an_answer() -> None:
    raw = posted(PersonalData, [("nik", ""), ("nik.because", "belum terdaftar")])
    assert raw["nik"] == {"answer": "not_available", "because": "belum terdaftar"}


def test_nothing_that_must_be_decided_is_chosen_beforehand() -> None:
    required = [control for control in everything(controls_of(type(form(OptionSheet)), {})) if control.required]
    assert required
    assert all(control.value == "" for control in required)


@pytest.mark.parametrize("code", ["F04", "F08", "F16"])
def test_the_questions_stand_under_the_groups_of_rights_in_one_order(code: str) -> None:
    told = [control.heading.id if control.heading else "" for control in controls_of(KINDS[code].form, {})]
    headings = [heading for heading, _ in itertools.groupby(told)]
    rights = ["Kelangsungan hidup", "Tumbuh kembang", "Perlindungan", "Partisipasi"]
    assert headings == ["", *rights, "Bila satu kelompok hak tidak perlu diisi"]
