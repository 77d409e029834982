"""The default bodies of the forms, and how a step's own words are laid over them and made real: names become ids, `today` a date."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from casework.machines.forms import HOME
from casework.rehearsal.moments import token

_FILE = Path(__file__).with_name("bodies.toml")
_BRACES = re.compile(r"\{([a-z_]+)\}")
_REFERENCES = frozenset(
    {
        "candidate",
        "carer",
        "host",
        "giver",
        "receiver",
        "relative",
        "subject_household",
        "accused_staff",
        "linked_case",
        "linked_closed_case",
    }
)
"""Fields that hold the id of somebody in a register: a rehearsal writes their key."""
_NO_REFERENCES = frozenset({"F22"})
"""Forms in which a field of such a name means something else (the giver of a consent is a word, not an id)."""


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Part of a form's default body: it applies when all of `when` is said by the step, or by the parts before it."""

    form: str
    when: dict[str, Any] = {}
    fields: dict[str, Any] = msgspec.field(name="with", default_factory=dict)


class _Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    body: tuple[Body, ...]


@cache
def _bodies() -> tuple[Body, ...]:
    return msgspec.toml.decode(_FILE.read_bytes(), type=_Sheet).body


def complete(form: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body a step means: what it says, over the default parts that match what it says."""
    body: dict[str, Any] = {}
    for part in _bodies():
        meant = {**body, **said}
        if part.form == form and all(meant.get(key) == value for key, value in part.when.items()):
            body |= part.fields
    return {**body, **said}


def fill(value: Any, words: Mapping[str, Any]) -> Any:
    """Return a value with `{word}` replaced; a text that is one word alone becomes the word's own value. Unknown words stay."""
    if isinstance(value, dict):
        return {key: fill(item, words) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [fill(item, words) for item in value]
    if not isinstance(value, str):
        return value
    alone = _BRACES.fullmatch(value)
    if alone and alone[1] in words:
        return words[alone[1]]
    return _BRACES.sub(lambda found: str(words.get(found[1], found[0])), value)


def make_real(form: str, body: Mapping[str, Any], at: datetime, identify: Callable[[str, str], str]) -> dict[str, Any]:
    """Return a body ready to be signed: dates of the day, and ids for keys. `identify(path, key)` raises for an unknown key."""
    return {name: _real(form, name, value, at, identify, f"with.{name}") for name, value in body.items()}


def _real(form: str, name: str, value: Any, at: datetime, identify: Callable[[str, str], str], path: str) -> Any:
    if isinstance(value, dict):
        return {key: _real(form, key, item, at, identify, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_real(form, name, item, at, identify, f"{path}[{place}]") for place, item in enumerate(value)]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if not isinstance(value, str):
        return value
    if name in _REFERENCES and form not in _NO_REFERENCES and value not in ("", HOME):
        return identify(path, value)
    return token(value, at) or value
