"""The journal in formats that other programs read: JSONL as it is stored, CSV whose cells are text, XES (IEEE 1849) for mining.

None of them holds a name: an entry has none. Persons, offices and records are their ids, a case is its number.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from io import TextIOWrapper
from typing import BinaryIO, Literal, TypeAlias
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

import msgspec

from casework.ledger.event import Actor, Event, Through, decode_event, encode_event

Format: TypeAlias = Literal["jsonl", "csv", "xes"]


class Recorded(msgspec.Struct, frozen=True):
    """An entry as it lies in the journal. `number` is the case's, "" for an entry about no case.

    `masked`: something in it is confidential and was taken out, so that its bytes are no longer those of the hash.
    """

    number: str
    body: bytes
    hash: str
    masked: bool = False

    @property
    def event(self) -> Event:
        """What the stored bytes say."""
        return decode_event(self.body)


CONFIDENTIAL = "confidential"


def masked(one: Recorded, reports: Mapping[str, str]) -> Recorded:
    """Return an entry without what tells who reported an incident. `reports` names each report (a record's id) and its writer.

    In the stream of the case the writer is left out. In a person's own stream it is what they looked at, whoever it is: everybody who
    opened the report is told alike, so that no gap in a stream points at its writer.
    """
    event = one.event
    about = [item for item in event.items if item in reports]
    if not about:
        return one
    if event.stream.startswith("actor:"):
        hidden = msgspec.structs.replace(event, items=tuple(item for item in event.items if item not in reports))
    elif any(reports[item] == event.actor.person for item in about):
        nobody = Actor(person=CONFIDENTIAL, account=CONFIDENTIAL, role="", office=event.actor.office)
        hidden = msgspec.structs.replace(event, actor=nobody, through=Through(build=event.through.build))
    else:
        return one
    return Recorded(one.number, encode_event(hidden), one.hash, masked=True)


Writer: TypeAlias = Callable[[Iterable[Recorded], BinaryIO], int]
"""Writes entries and returns how many they were."""


def write_jsonl(entries: Iterable[Recorded], file: BinaryIO) -> int:
    """Write one object a line: the case's number, the hash, and the entry byte for byte, so that its hash can be computed again.

    An entry from which something confidential was taken out says so (`masked`).
    """
    encoder, count = msgspec.json.Encoder(), 0
    for count, one in enumerate(entries, start=1):  # noqa: B007 - the last number is how many they were
        mark = {"masked": True} if one.masked else {}
        file.write(encoder.encode({"case": one.number, "hash": one.hash, **mark, "entry": msgspec.Raw(one.body)}) + b"\n")
    return count


_COLUMNS: Mapping[str, Callable[[Event], str]] = {
    "stream": lambda event: event.stream,
    "seq": lambda event: str(event.seq),
    "kind": lambda event: event.kind,
    "outcome": lambda event: event.outcome,
    "occurred_at": lambda event: event.occurred_at,
    "recorded_at": lambda event: event.recorded_at,
    "person": lambda event: event.actor.person,
    "account": lambda event: event.actor.account,
    "role": lambda event: event.actor.role,
    "office": lambda event: event.actor.office,
    "machine": lambda event: event.rules.machine,
    "version": lambda event: str(event.rules.version) if event.rules.machine else "",
    "trigger": lambda event: event.trigger,
    "from": lambda event: event.source,
    "to": lambda event: event.dest,
    "reason": lambda event: event.reason_code,
    "refused_because": lambda event: " ".join(event.codes),
    "approved_by": lambda event: " ".join(sign.person for sign in event.approvals),
    "items": lambda event: " ".join(event.items),
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_cell(said: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{said}" if said.startswith(_FORMULA) else said


def write_csv(entries: Iterable[Recorded], file: BinaryIO) -> int:
    """Write one row an entry, in UTF-8 with the mark that spreadsheets look for."""
    count = 0
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    rows = csv.writer(text)
    rows.writerow(("case", *_COLUMNS, "hash"))
    for count, one in enumerate(entries, start=1):  # noqa: B007 - the last number is how many they were
        event = one.event
        rows.writerow(as_cell(cell) for cell in (one.number, *(tell(event) for tell in _COLUMNS.values()), one.hash))
    text.detach()
    return count


_EXTENSIONS = {"Concept": "concept", "Time": "time", "Organizational": "org", "Lifecycle": "lifecycle"}
_STANDARD = "http://www.xes-standard.org/"


class _Xes:
    """The elements of an event log, written one after the other."""

    def __init__(self, file: BinaryIO) -> None:
        self._xml = XMLGenerator(file, encoding="UTF-8", short_empty_elements=True)

    def begin(self) -> None:
        self._xml.startDocument()
        self._open("log", {"xes.version": "1849-2016", "xes.features": "", "xmlns": _STANDARD})
        for name, prefix in _EXTENSIONS.items():
            self._empty("extension", {"name": name, "prefix": prefix, "uri": f"{_STANDARD}{prefix}.xesext"})
        self._open("global", {"scope": "trace"})
        self._attribute("string", "concept:name", "")
        self._close("global")
        self._open("global", {"scope": "event"})
        self._attribute("string", "concept:name", "")
        self._attribute("date", "time:timestamp", "1970-01-01T00:00:00.000000Z")
        self._attribute("string", "lifecycle:transition", "complete")
        self._close("global")
        self._empty("classifier", {"name": "Activity", "keys": "concept:name"})

    def trace(self, first: Recorded, event: Event) -> None:
        self._open("trace", {})
        self._attribute("string", "concept:name", first.number)
        self._attribute("string", "casework:machine", event.rules.machine)

    def end_trace(self) -> None:
        self._close("trace")

    def event(self, event: Event) -> None:
        """Write one entry: an activity is a step's trigger, or the kind of an entry that moves nothing."""
        self._open("event", {})
        self._attribute("string", "concept:name", event.trigger if event.kind == "moved" else event.kind)
        self._attribute("date", "time:timestamp", event.occurred_at)
        self._attribute("string", "lifecycle:transition", "complete")
        self._attribute("string", "org:resource", event.actor.person or event.actor.account)
        self._attribute("string", "org:role", event.actor.role)
        self._attribute("string", "org:group", event.actor.office)
        self._attribute("string", "casework:kind", event.kind)
        self._attribute("string", "casework:from", event.source)
        self._attribute("string", "casework:to", event.dest)
        self._attribute("int", "casework:version", str(event.rules.version))
        self._attribute("date", "casework:recorded", event.recorded_at)
        self._close("event")

    def end(self) -> None:
        self._close("log")
        self._xml.endDocument()

    def _open(self, name: str, said: Mapping[str, str]) -> None:
        self._xml.startElement(name, AttributesImpl(dict(said)))

    def _close(self, name: str) -> None:
        self._xml.endElement(name)

    def _empty(self, name: str, said: Mapping[str, str]) -> None:
        self._open(name, said)
        self._close(name)

    def _attribute(self, kind: str, key: str, value: str) -> None:
        self._empty(kind, {"key": key, "value": value})


def write_xes(entries: Iterable[Recorded], file: BinaryIO) -> int:
    """Write the streams of cases as traces, each entry an event. The entries of one case must follow one another."""
    log, stream, count = _Xes(file), "", 0
    log.begin()
    for one in entries:
        event = one.event
        if event.stream != stream:
            if stream:
                log.end_trace()
            log.trace(one, event)
            stream = event.stream
        log.event(event)
        count += 1
    if stream:
        log.end_trace()
    log.end()
    return count


WRITERS: Mapping[Format, Writer] = {"jsonl": write_jsonl, "csv": write_csv, "xes": write_xes}
