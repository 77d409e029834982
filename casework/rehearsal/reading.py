"""From a TOML file to the script that is played: strict, with every fault at once, each with its path and what may stand there."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from types import NoneType
from typing import Any, Literal, TypeVar, get_args, get_origin

import msgspec

from casework.errors import Fault, Invalid
from casework.words import Words

P = TypeVar("P", bound=msgspec.Struct)


def toml(text: str) -> dict[str, Any]:
    """Return the tables of a TOML text, its dates as the texts they were. Raises Invalid naming the line."""
    try:
        raw: dict[str, Any] = _plain(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Invalid(Fault("$", Words(f"Bukan TOML yang sah: {error}.", f"Not valid TOML: {error}.")), status=400) from error
    return raw


def decode(kind: type[P], raw: dict[str, Any], path: str = "$") -> P:
    """Return the Struct that the tables say. Raises Invalid with every fault."""
    faults = tuple(faults_of(kind, raw, path))
    if faults:
        raise Invalid(*faults)
    return msgspec.convert(raw, kind)


def faults_of(kind: type[msgspec.Struct], raw: dict[str, Any], path: str) -> Iterator[Fault]:
    """Yield each unknown key, each missing one, and each value of another kind, with what is allowed."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    tag = kind.__struct_config__.tag_field
    for name, value in raw.items():
        if name in fields:
            yield from _value_faults(fields[name].type, value, f"{path}.{name}")
        elif name != tag:
            yield unknown(f"{path}.{name}", name, fields)
    for name, field in fields.items():
        if field.required and name not in raw:
            yield Fault(f"{path}.{name}", Words("Wajib diisi.", "This is required."))


def unknown(path: str, said: str, allowed: Iterable[str]) -> Fault:
    """Return the fault that a word is none of the allowed ones."""
    listed = ", ".join(sorted(allowed)) or "–"
    return Fault(path, Words(f"'{said}' tidak dikenal. Pilihan: {listed}.", f"'{said}' is unknown. Choose from: {listed}."))


def _value_faults(kind: Any, value: Any, path: str) -> Iterator[Fault]:
    plain = _without_none(kind)
    if isinstance(value, dict) and isinstance(plain, type) and issubclass(plain, msgspec.Struct):
        yield from faults_of(plain, value, path)
        return
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        meant = _described(plain)
        yield Fault(path, Words(f"Tidak sah: {value!r}. Harus {meant.id}.", f"Not valid: {value!r}. Must be {meant.en}."))


def _without_none(kind: Any) -> Any:
    parts = [part for part in get_args(kind) if part is not NoneType]
    return parts[0] if NoneType in get_args(kind) and len(parts) == 1 else kind


def _described(kind: Any) -> Words:
    if get_origin(kind) is Literal:
        listed = ", ".join(str(choice) for choice in get_args(kind))
        return Words(f"salah satu dari: {listed}", f"one of: {listed}")
    known = {
        str: Words("tulisan dalam tanda kutip", "a text in quotes"),
        bool: Words("true atau false", "true or false"),
        int: Words("bilangan bulat", "a whole number"),
        tuple: Words('daftar, misalnya ["satu", "dua"]', 'a list such as ["one", "two"]'),
        dict: Words("kelompok isian, misalnya { nama = nilai }", "a group such as { name = value }"),
    }
    bare = get_origin(kind) or kind
    return known.get(bare, Words("kelompok isian, misalnya { nama = nilai }", "a group such as { name = value }"))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else value
