"""A form as controls: from a form's Struct to what a page shows, and from what was posted back to what `decode` reads.

Posted names are paths: `safety_screen.violence`, `attempts.0.method`. Values are kept as typed, so an answer that cannot be read comes back
as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import inspect

from casework.errors import Fault
from casework.machines.facts import WITA
from casework.machines.forms import HEADINGS, NotAvailable, headed
from casework.machines.forms.fields import Signature
from casework.services.choices import choice_of
from casework.services.labels import label_of
from casework.words import Words

Typed: TypeAlias = Mapping[str, Sequence[str]]
"""What was posted, by path: every value of every control, in the order of the page."""
Look: TypeAlias = Literal["line", "text", "lines", "number", "date", "moment", "radio", "select", "checks", "group", "rows"]

EMPTY_ROWS = 2
"""Rows offered beyond those filled in."""
SIGNERS = 3
"""Rows for signatures in a form that nobody began: most minutes are signed by three."""
_RADIO_LIMIT = 4
_LONG_TEXT = 200
_ZONE = "+08:00"
_IN_ROW = re.compile(r"\.\d+\.")
_WHOLE = re.compile(r"-?\d{1,18}")
"""What is read as a number: what is longer than any answer stays as it was typed."""

IDS: dict[str, tuple[str, ...]] = {
    "carer": ("relative", "host"),
    "candidate": ("relative", "host"),
    "relative": ("relative",),
    "host": ("host",),
    "recruited_by": ("host",),
    "giver": ("home", "relative", "host", "body"),
    "receiver": ("home", "relative", "host", "body"),
    "Referral.receiver": ("body",),
    "subject_household": ("home", "relative", "host"),
    "rests_on": ("record",),
    "evidence": ("paper",),
    "document": ("paper",),
    "member": ("member",),
    "members": ("member",),
    "accused_staff": ("member",),
    "inspection": ("inspection",),
    "district_code": ("district",),
}
"""Fields that hold an id, and the registers it is chosen from: by name, or of one form."""


class Option(msgspec.Struct, frozen=True):
    """One choice: what is posted, and what it is called."""

    value: str
    words: Words


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """One question on the page. `parts` are those of a group; `rows` those of a list, one tuple per row.

    `heading` is the group of children's rights that it stands under.
    """

    path: str
    label: Words
    look: Look
    required: bool = False
    values: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    parts: tuple[Control, ...] = ()
    rows: tuple[tuple[Control, ...], ...] = ()
    faults: tuple[Words, ...] = ()
    longest: int | None = None
    lowest: int | None = None
    highest: int | None = None
    heading: Words | None = None

    @property
    def value(self) -> str:
        """The one value, "" when there is none."""
        return self.values[0] if self.values else ""

    @property
    def id(self) -> str:
        """The control's name in the document."""
        return "f-" + self.path.replace(".", "-")


Registers: TypeAlias = Mapping[str, tuple[Option, ...]]
"""What can be chosen by id, by register: relative, host, body, home, record, paper."""


def controls_of(
    kind: type[msgspec.Struct],
    typed: Typed,
    faults: Iterable[Fault] = (),
    registers: Registers | None = None,
    *,
    prefix: str = "",
    spare: int = EMPTY_ROWS,
) -> tuple[Control, ...]:
    """Return the controls of a Struct with what was typed into them, and the faults beside those they belong to.

    `prefix` (`child.`) stands before every path; `spare` empty rows are offered beyond those filled in.
    """
    drawn = tuple(_Drawer(typed, _by_path(faults), registers or {}, spare).fields(_struct(kind), prefix))
    rights = {f"{prefix}{name}": right for name, right in headed(kind).items()}
    order = ["", *HEADINGS]
    placed = (msgspec.structs.replace(each, heading=HEADINGS.get(rights.get(_own(each, prefix), ""))) for each in drawn)
    return tuple(sorted(placed, key=lambda each: order.index(rights.get(_own(each, prefix), ""))))


def _own(control: Control, prefix: str) -> str:
    """Return the path of the field that a control is drawn for."""
    return prefix + control.path.removeprefix(prefix).partition(".")[0]


def _by_path(faults: Iterable[Fault]) -> dict[str, tuple[Words, ...]]:
    found: dict[str, tuple[Words, ...]] = {}
    for fault in faults:
        path = control_path(fault)
        found[path] = (*found.get(path, ()), fault.words)
    return found


def control_path(fault: Fault) -> str:
    """Return the path of the control that a fault is about: `$.attempts[0].method` is `attempts.0.method`."""
    return fault.path.removeprefix("$").removeprefix(".").replace("[", ".").replace("]", "")


class _Drawer:
    """Walks a Struct once and draws its controls."""

    def __init__(self, typed: Typed, faults: Mapping[str, tuple[Words, ...]], registers: Registers, spare: int) -> None:
        self._typed = typed
        self._faults = faults
        self._registers = registers
        self._spare = spare

    def fields(self, struct: inspect.StructType, prefix: str, *, preset: bool = True) -> Iterator[Control]:
        """Yield a control for each field. What nobody is asked (`asked` False: a list brings it) is shown where there is something.

        Without `preset` nothing is chosen beforehand: an optional group in which something is chosen counts as answered.
        """
        for field in struct.fields:
            path = f"{prefix}{field.name}"
            if _asked(field) or any(name.startswith(f"{path}.") for name in self._typed):
                yield self._field(struct.cls.__name__, field, path, preset=preset)

    def _field(self, owner: str, field: inspect.Field, path: str, *, preset: bool) -> Control:
        kind, optional = _bare(field.type)
        label = label_of(owner, field.name)
        required = field.required and not optional and not _takes_nothing(kind)
        if isinstance(kind, inspect.StructType):
            parts = tuple(self.fields(kind, f"{path}.", preset=preset and not optional))
            return Control(path=path, label=label, look="group", required=required, parts=parts, faults=self._told(path))
        if isinstance(kind, inspect.VarTupleType):
            return self._list(owner, field.name, kind, path, label)
        if _or_not_available(field.type):
            return self._or_why(path, label, required=required)
        default = () if not preset or field.default in {msgspec.NODEFAULT, "", None} else (str(field.default),)
        return self._single(owner, field, kind, path, label, default, required=required)

    def _list(self, owner: str, name: str, kind: inspect.VarTupleType, path: str, label: Words) -> Control:
        item, _ = _bare(kind.item_type)
        if isinstance(item, inspect.StructType):
            typed = _rows_typed(self._typed, path)
            count = max(typed + self._spare, SIGNERS if item.cls is Signature and not typed and self._spare else 0)
            rows = tuple(tuple(self.fields(item, f"{path}.{place}.")) for place in range(count))
            return Control(path=path, label=label, look="rows", rows=rows, faults=self._told(path))
        values = tuple(self._typed.get(path, ()))
        options = self._options(owner, name, item)
        if options:
            return Control(path=path, label=label, look="checks", values=values, options=options, faults=self._told_within(path))
        return Control(path=path, label=label, look="lines", values=("\n".join(values),), faults=self._told_within(path))

    def _or_why(self, path: str, label: Words, *, required: bool) -> Control:
        """A number, or the reason why there is none: two lines in one group."""
        value = Control(path=path, label=label, look="line", values=tuple(self._typed.get(path, ())), faults=self._told(path))
        because = f"{path}.because"
        why = Control(
            path=because,
            label=label_of("NotAvailable", "because"),
            look="line",
            values=tuple(self._typed.get(because, ())),
            faults=self._told(because),
        )
        return Control(path=f"{path}.either", label=label, look="group", required=required, parts=(value, why))

    def _single(
        self, owner: str, field: inspect.Field, kind: inspect.Type, path: str, label: Words, default: tuple[str, ...], *, required: bool
    ) -> Control:
        options = self._options(owner, field.name, kind)
        longest = kind.max_length if isinstance(kind, inspect.StrType) else None
        bounds = (kind.ge, kind.le) if isinstance(kind, inspect.IntType) else (None, None)
        return Control(
            path=path,
            label=label,
            look=_look(field.name, kind, options, longest, in_row=_IN_ROW.search(path) is not None, required=required),
            required=required,
            values=tuple(self._typed.get(path, default)),
            options=options,
            longest=longest,
            lowest=bounds[0],
            highest=bounds[1],
            faults=self._told(path),
        )

    def _options(self, owner: str, name: str, kind: inspect.Type) -> tuple[Option, ...]:
        if isinstance(kind, inspect.LiteralType):
            return tuple(Option(str(value), choice_of(owner, name, value)) for value in kind.values if value != "")
        if isinstance(kind, inspect.StrType) and name in IDS and owner != "Consent":
            registers = IDS.get(f"{owner}.{name}") or IDS[name]
            return tuple(dict.fromkeys(option for register in registers for option in self._registers.get(register, ())))
        return ()

    def _told(self, path: str) -> tuple[Words, ...]:
        return self._faults.get(path, ())

    def _told_within(self, path: str) -> tuple[Words, ...]:
        return tuple(words for told, found in self._faults.items() if told == path or told.startswith(f"{path}.") for words in found)


def _look(name: str, kind: inspect.Type, options: tuple[Option, ...], longest: int | None, *, in_row: bool, required: bool) -> Look:
    """A few choices that must be made stand open; what may stay empty, or stands in a row that may, is a list with an empty entry."""
    if options:
        return "radio" if required and not in_row and len(options) <= _RADIO_LIMIT and name not in IDS else "select"
    match kind:
        case inspect.IntType():
            return "number"
        case inspect.DateType():
            return "date"
        case inspect.DateTimeType():
            return "moment"
    return "text" if longest and longest > _LONG_TEXT else "line"


def posted(kind: type[msgspec.Struct], fields: Iterable[tuple[str, str]], *, prefix: str = "") -> dict[str, Any]:
    """Return the raw body that was posted for a Struct: blank rows and answers left out, numbers and times written as they are read."""
    typed: dict[str, list[str]] = {}
    for name, value in fields:
        typed.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return _read_struct(_struct(kind), typed, prefix)


def _read_struct(struct: inspect.StructType, typed: Typed, prefix: str) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for field in struct.fields:
        found, value = _read_field(field, typed, f"{prefix}{field.name}")
        if found:
            raw[field.name] = value
    return raw


def _read_field(field: inspect.Field, typed: Typed, path: str) -> tuple[bool, Any]:
    """Return whether a field was answered, and its raw value."""
    kind, optional = _bare(field.type)
    if isinstance(kind, inspect.StructType):
        value = _read_struct(kind, typed, f"{path}.")
        blank = not any(text.strip() for name, texts in typed.items() if name.startswith(f"{path}.") for text in texts)
        return (optional, None) if blank and (optional or not field.required) else (True, value)
    if isinstance(kind, inspect.VarTupleType):
        return True, _read_list(kind, typed, path)
    texts = [text for text in typed.get(path, ()) if text.strip()]
    if _or_not_available(field.type):
        because = next((text for text in typed.get(f"{path}.because", ()) if text.strip()), "")
        missing = {"answer": NotAvailable.__struct_config__.tag, "because": because}
        return (True, texts[0].strip()) if texts else (bool(because), missing)
    if not texts:
        return (True, None) if optional and field.required else (_takes_nothing(kind) and field.required, "")
    return True, _read_text(kind, texts[0])


def _read_list(kind: inspect.VarTupleType, typed: Typed, path: str) -> list[Any]:
    item, _ = _bare(kind.item_type)
    if not isinstance(item, inspect.StructType):
        return [_read_text(item, line) for text in typed.get(path, ()) for line in text.split("\n") if line.strip()]
    rows = []
    for place in range(_rows_typed(typed, path)):
        within = f"{path}.{place}."
        if any(text.strip() for name, texts in typed.items() if name.startswith(within) for text in texts):
            rows.append(_read_struct(item, typed, within))
    return rows


def _read_text(kind: inspect.Type, text: str) -> Any:
    """Return a typed text as the raw value that `decode` expects; what cannot be turned stays text and becomes a fault there."""
    match kind:
        case inspect.IntType() | inspect.LiteralType(values=(int(), *_)):
            return whole(text)
        case inspect.DateTimeType():
            return f"{text}{':00' if text.count(':') == 1 else ''}{_ZONE}" if "T" in text and "+" not in text else text
        case inspect.StrType():
            return text if "\n" in text else text.strip()
    return text.strip()


def whole(text: str) -> int | str:
    """Return a whole number that was typed, or what was typed instead of one: that is a fault of its field, and never of ours."""
    return int(text) if _WHOLE.fullmatch(text.strip()) else text


def flattened(kind: type[msgspec.Struct], raw: Mapping[str, Any], *, prefix: str = "") -> dict[str, list[str]]:
    """Return a raw body as it would have been typed: what a draft, a correction or a refused form shows again."""
    typed: dict[str, list[str]] = {}
    _flatten(_struct(kind), raw, prefix, typed)
    return typed


def _flatten(struct: inspect.StructType, raw: Mapping[str, Any], prefix: str, typed: dict[str, list[str]]) -> None:
    for field in struct.fields:
        kind, _ = _bare(field.type)
        value, path = raw.get(field.name), f"{prefix}{field.name}"
        if isinstance(kind, inspect.StructType) and isinstance(value, Mapping):
            _flatten(kind, value, f"{path}.", typed)
        elif isinstance(kind, inspect.VarTupleType) and isinstance(value, list | tuple):
            _flatten_list(kind, value, path, typed)
        elif isinstance(value, Mapping):
            typed[f"{path}.because"] = [str(value.get("because", ""))]
        elif value is not None:
            typed[path] = [_as_typed(kind, value)]


def _flatten_list(kind: inspect.VarTupleType, value: Sequence[Any], path: str, typed: dict[str, list[str]]) -> None:
    item, _ = _bare(kind.item_type)
    if not isinstance(item, inspect.StructType):
        typed[path] = [str(one) for one in value]
        return
    for place, row in enumerate(value):
        if isinstance(row, Mapping):
            _flatten(item, row, f"{path}.{place}.", typed)


def _as_typed(kind: inspect.Type, value: Any) -> str:
    text = str(value)
    if not isinstance(kind, inspect.DateTimeType):
        return text
    try:
        return datetime.fromisoformat(text).astimezone(WITA).strftime("%Y-%m-%dT%H:%M")
    except ValueError:
        return text


def _rows_typed(typed: Typed, path: str) -> int:
    """How many rows of a list were sent, blank ones included."""
    prefix = f"{path}."
    places = [name[len(prefix) :].partition(".")[0] for name in typed if name.startswith(prefix)]
    return max((int(place) + 1 for place in places if place.isdecimal() and len(place) < 4), default=0)  # noqa: PLR2004 - no form holds 1,000 rows


def _struct(form: type[msgspec.Struct]) -> inspect.StructType:
    found = inspect.type_info(form)
    if not isinstance(found, inspect.StructType):
        raise TypeError(form.__name__)
    return found


def _bare(kind: inspect.Type) -> tuple[inspect.Type, bool]:
    """Return a type without its wrappings, and whether None is an answer. Of `Nik | NotAvailable` it is the NIK."""
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    if not isinstance(kind, inspect.UnionType):
        return kind, False
    inner = [part for part in kind.types if not isinstance(part, inspect.NoneType)]
    plain = next((part for part in inner if not _is_not_available(part)), inner[0])
    return _bare(plain)[0], len(inner) < len(kind.types)


def _asked(field: inspect.Field) -> bool:
    extra = field.type.extra if isinstance(field.type, inspect.Metadata) else None
    return (extra or {}).get("asked", True) is not False


def _or_not_available(kind: inspect.Type) -> bool:
    return isinstance(kind, inspect.UnionType) and any(_is_not_available(part) for part in kind.types)


def _is_not_available(kind: inspect.Type) -> bool:
    return isinstance(kind, inspect.StructType) and kind.cls is NotAvailable


def _takes_nothing(kind: inspect.Type) -> bool:
    """Whether an empty text answers the question."""
    if isinstance(kind, inspect.LiteralType):
        return "" in kind.values
    return isinstance(kind, inspect.VarTupleType) or (isinstance(kind, inspect.StrType) and not kind.min_length and not kind.pattern)
