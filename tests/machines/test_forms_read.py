"""A form is read with every fault at once, each with its path, and nothing that is sent breaks the reading."""

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.errors import Fault, Invalid
from casework.machines.forms import (
    CarerVerification,
    Form,
    Incident,
    OptionSheet,
    check,
    code_of,
    decode,
)
from tests.machines.builders import form
from tests.machines.samples import SAMPLES


def raw(sample: Form, **changes: Any) -> dict[str, Any]:
    """Return a sample as a client would send it, with some answers changed; `...` leaves one out."""
    sent = {**msgspec.to_builtins(sample), **changes}
    return {name: value for name, value in sent.items() if value is not ...}


def paths(code: str, sent: dict[str, Any] | bytes) -> set[str]:
    """Return the paths of all faults found in what was sent."""
    with pytest.raises(Invalid) as refused:
        decode(code, sent)
    assert all(fault.words.id and fault.words.en for fault in refused.value.faults)
    return {fault.path for fault in refused.value.faults}


def test_all_faults_are_found_at_once_each_with_its_path() -> None:
    sent = raw(
        form(OptionSheet),
        rung="cousins",
        attempts=[{"on": "2025-13-01", "method": "visit", "result": " "}, {"on": 1, "telepathy": True}],
        evidence=[""],
        assessor="a" * 201,
        opinion="x",
        status=...,
    )
    assert paths("F05", sent) == {
        "$.rung",
        "$.attempts[0].on",
        "$.attempts[0].result",
        "$.attempts[1].on",
        "$.attempts[1].method",
        "$.attempts[1].result",
        "$.attempts[1].telepathy",
        "$.evidence[0]",
        "$.assessor",
        "$.opinion",
        "$.status",
    }


@pytest.mark.parametrize(
    ("code", "changes", "path"),
    [
        ("F02", {"nik": "12"}, "$.nik"),
        ("F02", {"nik": {"answer": "not_available"}}, "$.nik.because"),
        ("F02", {"nik": {"answer": "not_available", "because": " "}}, "$.nik.because"),
        ("F02", {"siblings": {}}, "$.siblings"),
        ("F02", {"father": "Budi"}, "$.father"),
        ("F02", {"born": "kemarin"}, "$.born"),
        ("F13", {"acceptance": {"name": "x"}}, "$.acceptance.on"),
        ("F17", {"happened_at": "2025-06-10T10:00:00"}, "$.happened_at"),
        ("F17", {"closed": True}, "$.closed"),
        ("F06", {"age_years": 9.5}, "$.age_years"),
        ("F06", {"age_years": -1}, "$.age_years"),
        ("F16", {"height_cm": 900}, "$.height_cm"),
        ("F01", {"form": "F02"}, "$.form"),
        ("F01", {"referrer": "   "}, "$.referrer"),
        ("F01", {"state": "institutional_care"}, "$.state"),
        ("F18", {"criteria": [{"code": "goals_met", "met": "yes"}] * 51}, "$.criteria"),
    ],
)
def test_a_wrong_answer_is_named(code: str, changes: dict[str, Any], path: str) -> None:
    sample = next(sample for sample in SAMPLES if code_of(sample) == code)
    assert path in paths(code, raw(sample, **changes))


@pytest.mark.parametrize(
    ("code", "changes", "path"),
    [
        ("F19", {"born": "9999-01-01"}, "$.born"),
        ("F19", {"born": "1899-12-31"}, "$.born"),
        ("F25", {"since": "2101-01-01"}, "$.since"),
        ("F25", {"proofs": [{"kind": "school", "dated": "0001-01-01", "attachment": "a"}]}, "$.proofs[0].dated"),
        ("F17", {"happened_at": "9999-12-31T23:59:59-12:00"}, "$.happened_at"),
    ],
)
def test_a_date_in_a_year_that_no_case_has_is_named(code: str, changes: dict[str, Any], path: str) -> None:
    sample = next(sample for sample in SAMPLES if code_of(sample) == code)
    assert paths(code, raw(sample, **changes)) == {path}


@pytest.mark.parametrize("born", ["1900-01-01", "2100-12-31"])
def test_the_first_and_the_last_year_are_read(born: str) -> None:
    verified = decode("F19", raw(form(CarerVerification), born=born))
    assert isinstance(verified, CarerVerification)
    assert verified.born == date.fromisoformat(born)


def test_the_words_of_a_fault_are_ours() -> None:
    with pytest.raises(Invalid) as refused:
        decode("F17", raw(form(Incident), happened_at="2025-06-10T10:00:00", place="x" * 201, type="panic", persons=7))
    assert {fault.path: fault.words.en for fault in refused.value.faults} == {
        "$.happened_at": "The time zone must be given.",
        "$.place": "Too long; at most 200.",
        "$.type": "Not one of the choices.",
        "$.persons": "Must be a list.",
    }


@pytest.mark.parametrize("sent", [b"", b"{", b"\xff", b'{"a":' * 2000, b"[" * 100_000])
def test_what_is_no_json_is_400(sent: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        decode("F01", sent)
    assert refused.value.status == 400


@pytest.mark.parametrize("sent", [b"[]", b"1", b"null", b'"F01"'])
def test_what_is_no_form_is_refused(sent: bytes) -> None:
    assert paths("F01", sent) == {"$"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(SAMPLES), st.data())
def test_reading_answers_with_faults_and_never_breaks(sample: Form, data: st.DataObject) -> None:
    names = [field.name for field in msgspec.structs.fields(sample)]
    changes = data.draw(st.dictionaries(st.sampled_from(names), json_values, max_size=4))
    faults = _faults_of(code_of(sample), raw(sample, **changes))
    assert all(fault.path.startswith("$") and fault.words.id for fault in faults)


def _faults_of(code: str, sent: dict[str, Any]) -> tuple[Fault, ...]:
    try:
        return check(decode(code, sent))
    except Invalid as refused:
        return refused.faults
