"""From what a person sent to a form: every fault at once, each with its path, in words that people read."""

import re
from collections.abc import Iterator
from datetime import date
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin

import msgspec

from casework.errors import Fault, Invalid, NotFound
from casework.machines.forms.catalogue import KINDS, Form
from casework.machines.forms.fields import Record, no_year
from casework.words import Words

S = TypeVar("S", bound=msgspec.Struct)

_SAYINGS: tuple[tuple[str, str, str], ...] = (
    (r"missing required field", "Wajib diisi.", "This is required."),
    (r"contains unknown field `(?P<name>[^`]*)`", "Isian tidak dikenal: {name}.", "Unknown field: {name}."),
    (r"of length >= 1\b", "Tidak boleh kosong.", "This may not be empty."),
    (r"matching regex '\\\\S'", "Tidak boleh kosong.", "This may not be empty."),
    (r"of length <= (?P<n>\d+)", "Terlalu panjang; paling banyak {n}.", "Too long; at most {n}."),
    (r"matching regex '\^\\\\d\{(?P<n>\d+)\}\$'", "Harus tepat {n} angka.", "Must be exactly {n} digits."),
    (r"`int` >= (?P<n>-?\d+)", "Sekurang-kurangnya {n}.", "At least {n}."),
    (r"`int` <= (?P<n>-?\d+)", "Paling banyak {n}.", "At most {n}."),
    (r"Invalid enum value|Expected `.*`, got .*enum", "Bukan salah satu pilihan.", "Not one of the choices."),
    (r"timezone component", "Zona waktu harus disebut.", "The time zone must be given."),
    (r"encoded date\b", "Bukan tanggal yang sah (contoh: 2025-03-01).", "Not a valid date (example: 2025-03-01)."),
    (
        r"RFC3339|`datetime`",
        "Bukan waktu yang sah (contoh: 2025-03-01T08:30:00+08:00).",
        "Not a valid time (example: 2025-03-01T08:30:00+08:00).",
    ),
    (r"ISO8601|`date`", "Bukan tanggal yang sah (contoh: 2025-03-01).", "Not a valid date (example: 2025-03-01)."),
    (r"Expected `object", "Harus berupa isian yang lengkap.", "Must be a group of answers."),
    (r"Expected `array", "Harus berupa daftar.", "Must be a list."),
    (r"Expected `str", "Harus berupa tulisan.", "Must be text."),
    (r"Expected `int", "Harus berupa bilangan bulat.", "Must be a whole number."),
)


def decode(code: str, raw: dict[str, Any] | bytes) -> Form:
    """Return the form `raw` holds. Raises Invalid with every fault, NotFound for an unknown code.

    `raw` may repeat the code under `form`; unknown keys are faults. Cross-field rules are checked once every field stands alone.
    """
    kind = KINDS.get(code)
    if kind is None:
        msg = f"no form {code}"
        raise NotFound(msg)
    value = {"form": code, **_object(raw)}
    faults = tuple(_faults(kind.form, value, "$"))
    if faults:
        raise Invalid(*faults)
    form = cast("Form", msgspec.convert(value, kind.form))
    if crossed := check(form):
        raise Invalid(*crossed)
    return form


def read(kind: type[S], value: object) -> S:
    """Return `value` as any Struct: what is sent beside forms is read the same way. Raises Invalid with every fault."""
    try:
        found = msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise Invalid(*_faults(kind, value, "$")) from error
    if absurd := tuple(_absurd_dates(found, "$")):
        raise Invalid(*absurd)
    return found


def check(form: Record) -> tuple[Fault, ...]:
    """Return dates that no case has, or else what contradicts itself across the fields of a form: it cannot be signed so."""
    return tuple(_absurd_dates(form, "$")) or tuple(form.faults())


def warnings(form: Record) -> tuple[Fault, ...]:
    """Return what looks wrong and may be true: shown, never blocking."""
    return tuple(form.doubts())


def json_schema(code: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a form. Raises NotFound for an unknown code."""
    kind = KINDS.get(code)
    if kind is None:
        msg = f"no form {code}"
        raise NotFound(msg)
    return msgspec.json.schema(kind.form)


def _object(raw: dict[str, Any] | bytes) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(raw) if isinstance(raw, bytes) else raw
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(Fault("$", Words("Bukan JSON yang sah.", "Not valid JSON.")), status=400) from error
    if not isinstance(value, dict):
        raise Invalid(Fault("$", Words("Harus berupa isian formulir.", "Must be a form.")))
    return value


def _faults(kind: Any, value: Any, path: str) -> Iterator[Fault]:
    """Yield every fault of `value` read as `kind`, descending into structs and lists so that one fault does not hide another."""
    if isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield from _field_faults(kind, value, path)
        return
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        deeper = tuple(_item_faults(kind, value, path))
        yield from deeper or (_told(error, path),)


def _absurd_dates(value: object, path: str) -> Iterator[Fault]:
    """Yield every date and moment in a year that no case has."""
    if isinstance(value, msgspec.Struct):
        for field in msgspec.structs.fields(type(value)):
            yield from _absurd_dates(getattr(value, field.name), f"{path}.{field.encode_name}")
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from _absurd_dates(item, f"{path}[{place}]")
    elif isinstance(value, date) and (words := no_year(value)):
        yield Fault(path, words)


def _field_faults(kind: type[msgspec.Struct], value: dict[str, Any], path: str) -> Iterator[Fault]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name, field in fields.items():
        if name in value:
            yield from _faults(field.type, value[name], f"{path}.{name}")
        elif field.required:
            yield Fault(f"{path}.{name}", Words("Wajib diisi.", "This is required."))
    tag = kind.__struct_config__.tag_field
    for name, answer in value.items():
        if name == tag:
            if answer != kind.__struct_config__.tag:
                yield Fault(f"{path}.{name}", Words("Kode formulir tidak sesuai.", "This is another form's code."))
        elif name not in fields:
            yield Fault(f"{path}.{str(name)[:64]}", Words("Isian tidak dikenal.", "Unknown field."))


def _item_faults(kind: Any, value: Any, path: str) -> Iterator[Fault]:
    """Yield the faults of a list's items, or of a struct that stands in a union."""
    bare = kind.__origin__ if get_origin(kind) is Annotated else kind
    for part in get_args(bare) if get_origin(bare) in (Union, UnionType) else (bare,):
        if isinstance(value, list) and get_origin(part) is tuple:
            for place, item in enumerate(value):
                yield from _faults(part.__args__[0], item, f"{path}[{place}]")
            return
        if isinstance(value, dict) and isinstance(part, type) and issubclass(part, msgspec.Struct):
            yield from _field_faults(part, value, path)
            return


def _told(error: msgspec.ValidationError, path: str) -> Fault:
    """Return one of our sayings for what msgspec found, with the path completed."""
    message, _, inner = str(error).partition(" - at `$")
    for pattern, indonesian, english in _SAYINGS:
        if found := re.search(pattern, message):
            return Fault(path + inner.rstrip("`"), Words(indonesian.format(**found.groupdict()), english.format(**found.groupdict())))
    return Fault(path + inner.rstrip("`"), Words("Isian ini tidak sah.", "This answer is not valid."))
