"""The forms F01 to F27: bounded, closed, and signed by known roles."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from msgspec.inspect import FloatType, IntType, Metadata, StrType, StructType, Type, UnionType, VarTupleType, type_info
from msgspec.structs import replace

from casework.errors import NotFound
from casework.machines.forms import (
    FORMS,
    KINDS,
    RIGHTS,
    CarePlan,
    Form,
    Intake,
    check,
    code_of,
    decode,
    headed,
    json_schema,
)
from casework.machines.roles import ROLES
from tests.machines.builders import form
from tests.machines.samples import SAMPLES

CODES = tuple(f"F{number:02}" for number in range(1, 28))


def test_the_codes_are_f01_to_f27() -> None:
    assert tuple(sorted(FORMS)) == CODES
    assert all(code_of(kind) == code for code, kind in FORMS.items())


@pytest.mark.parametrize("sample", SAMPLES, ids=code_of)
def test_a_sample_survives_the_way_through_json(sample: Form) -> None:
    assert check(sample) == ()
    assert decode(code_of(sample), msgspec.json.encode(sample)) == sample
    assert msgspec.json.decode(msgspec.json.encode(sample), type=Form) == sample


def test_every_form_has_a_sample() -> None:
    assert {code_of(sample) for sample in SAMPLES} == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_form_is_frozen_and_closed(code: str) -> None:
    config = FORMS[code].__struct_config__
    assert (config.frozen, config.forbid_unknown_fields, config.tag_field) == (True, True, "form")


def everything_in(kind: Type) -> Iterator[Type]:
    yield kind
    inner: tuple[Type, ...] = ()
    match kind:
        case StructType(fields=fields):
            inner = tuple(field.type for field in fields)
        case UnionType(types=types):
            inner = types
        case VarTupleType(item_type=item):
            inner = (item,)
        case Metadata(type=wrapped):
            inner = (wrapped,)
    for part in inner:
        yield from everything_in(part)


@pytest.mark.parametrize("code", CODES)
def test_every_answer_is_bounded_and_no_number_is_a_float(code: str) -> None:
    parts = tuple(everything_in(type_info(FORMS[code])))
    assert not any(isinstance(part, FloatType) for part in parts)
    assert all(part.max_length or part.pattern for part in parts if isinstance(part, StrType))
    assert all(part.max_length for part in parts if isinstance(part, VarTupleType))
    assert all(part.ge is not None and part.le is not None for part in parts if isinstance(part, IntType))
    assert all(part.tz for part in parts if isinstance(part, msgspec.inspect.DateTimeType))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_a_form_has_titles_and_signers_of_known_roles(kind: Any) -> None:
    assert kind.title.id
    assert kind.title.en
    assert kind.signers
    assert {*kind.signers, kind.countersigner or "supervisor"} <= ROLES.keys()


def test_no_institution_signs_an_assessment_an_option_sheet_or_a_childs_view() -> None:
    assert not {"lksa_head", "lksa_staff"} & {role for code in ("F03", "F04", "F05", "F06", "F08", "F18") for role in KINDS[code].signers}


def test_free_text_is_personal_and_a_choice_is_not() -> None:
    assert {"full_name", "born", "nik", "father", "kin"} <= KINDS["F02"].personal
    assert not {"sex", "religion", "orphan_status"} & KINDS["F02"].personal


@pytest.mark.parametrize("ask", [lambda: decode("F99", {}), lambda: json_schema("F99")])
def test_an_unknown_code_is_not_found(ask: Any) -> None:
    with pytest.raises(NotFound):
        ask()


@pytest.mark.parametrize("code", CODES)
def test_the_json_schema_closes_the_form(code: str) -> None:
    schema = json_schema(code)
    definition = schema["$defs"][FORMS[code].__name__]
    assert definition["additionalProperties"] is False
    assert {field.encode_name for field in msgspec.structs.fields(FORMS[code])} <= definition["properties"].keys()


def test_replacing_an_answer_makes_another_form() -> None:
    sample = form(Intake)
    assert replace(sample, referrer="Ketua RT 05") != sample


@pytest.mark.parametrize("code", ["F04", "F08", "F16"])
def test_assessment_plan_and_report_have_the_four_groups_of_rights_as_headings(code: str) -> None:
    assert {*headed(KINDS[code].form).values()} == {*RIGHTS, "not_needed"}
    (schema,) = (each for each in json_schema(code)["$defs"].values() if "rights_not_needed" in each["properties"])
    told = {name: about.get("x-right") for name, about in schema["properties"].items() if "x-right" in about}
    assert told == {**headed(KINDS[code].form)}
    assert all(about["description"] for about in schema["properties"].values() if "x-right" in about)


def test_a_plan_without_a_word_on_participation_is_told_so_in_words() -> None:
    (told,) = check(form(CarePlan, participation=""))
    assert told.path == "$.participation"
    assert told.words.id == "Partisipasi: belum ada isian. Isilah, atau tuliskan mengapa tidak perlu diisi."
