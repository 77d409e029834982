"""A story made into a mold: everything that belongs to one case is a slot, everything else stays as the services wrote it.

What is hashed is hashed again from what is stamped: record bodies, salted commitments, evidence digests, entries and their chain.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, TypeAlias

import msgspec

from casework.errors import DefinitionError
from casework.ledger.event import NO_HASH, commitment
from casework.machines.policy import DIGEST as POLICY
from casework.rehearsal.cast import Cast
from casework.seed.playing import Taken
from casework.seed.stories import FAMILY_CARD, NAMED, NIK, START
from casework.store.registers import child_digest
from casework.store.seeding import LATER, beginning, columns_of

Key: TypeAlias = tuple[str, ...]
"""What a slot stands for: ("id", id), ("day", "2026-03-02"), ("person", "sari") ..."""

ORDER = (
    *("child", "relative", "care_case", "record", "document"),
    *("process", "process_step", "host_offer", "placement", "approval_request", "approval_decision", "task", "read_receipt"),
)
_FAMILY = {"child": "name", "mother": "mother_name", "father": "father_name", "place": "born_place", "born": "born"}
_DAY = r"[12]\d{3}-[01]\d-[0-3]\d"
_LEFT_OVER = re.compile(r"(?<![0-9a-z])(?:[0-9a-f]{64}|0[0-9a-hjkmnp-tv-z]{25})(?![0-9a-z])")
_REVISIONS = 40
"""How often the hosts of the rehearsals' cast may have changed."""
_encoder = msgspec.json.Encoder(order="sorted")


class Text(msgspec.Struct, frozen=True):
    """A text with slots: `%s` for each of `where`, in order."""

    form: str
    where: tuple[int, ...]

    def fill(self, slots: list[Any]) -> str:
        """Return the text of one case."""
        return self.form % tuple([slots[place] for place in self.where])


class Row(msgspec.Struct, frozen=True):
    """A row of a table: what is the same for every case, which columns are one slot, and which are texts with slots."""

    same: tuple[Any, ...]
    slots: tuple[tuple[int, int], ...]
    texts: tuple[tuple[int, Text], ...]

    def fill(self, slots: list[Any]) -> tuple[Any, ...]:
        """Return the row of one case."""
        line = list(self.same)
        for column, place in self.slots:
            line[column] = slots[place]
        for column, text in self.texts:
            line[column] = text.form % tuple([slots[place] for place in text.where])
        return tuple(line)


class Sealed(msgspec.Struct, frozen=True):
    """A record or paper: slots of its body, digest, salt and commitment. A paper has no text of its own: its digest stays."""

    text: Text | None
    digest: str
    body: int
    digest_at: int
    salt: int
    commitment: int


class Mold(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a story leaves in the tables, ready to be stamped. `slots` says what each slot stands for, by its place.

    `rows` are as they begin, `later` what others do to them, `whole` the same rows as they stand in the end.
    """

    slots: tuple[Key, ...]
    rows: tuple[tuple[str, Row], ...]
    whole: tuple[tuple[str, Row], ...]
    later: tuple[tuple[str, Row], ...]
    sealed: tuple[Sealed, ...]
    evidence: tuple[tuple[Text, int], ...]
    entries: tuple[tuple[Text, Row, int, int], ...]
    ends: int
    begins: int
    case: int
    child: int

    @property
    def noise(self) -> int:
        """How many random bytes a case needs: ten for an id, sixteen for a salt."""
        return sum(10 if key[0] == "id" else 16 if key[0] == "salt" else 0 for key in self.slots)


def mold(taken: Taken, cast: Cast, initial: str) -> Mold:
    """Make a mold. Raises DefinitionError when anything of the story would be left in the copies."""
    return _Maker(taken, cast, initial).make()


class _Maker:
    """Finds what has to be exchanged in one story."""

    def __init__(self, taken: Taken, cast: Cast, initial: str) -> None:
        self.taken = taken
        self.cast = cast
        self.initial = initial
        self.places: dict[Key, int] = {}
        self.known: dict[str, Key] = dict(self._known())
        longest_first = sorted(self.known, key=lambda word: (-len(word), word))
        self.pattern = re.compile("|".join([*map(re.escape, longest_first), r"@[a-z]+(?::" + _DAY + r")?@", _DAY]))

    def make(self) -> Mold:
        rows = self.taken.rows
        self._require_own_processes()
        filled = [(name, self._row(name, beginning(name, row, self._begins(name, row)))) for name in ORDER for row in rows[name]]
        whole = [(name, self._row(name, row)) for name in ORDER for row in rows[name]]
        later = [
            (name, self._line([*(row[column] for column in columns), row["id"]]))
            for name, columns in LATER.items()
            for row in rows[name]
            if any(row[column] is not None for column in columns[1:] or columns)
        ]
        sealed = [self._sealed(name, row) for name in ("record", "document") for row in rows[name]]
        evidence = [(self._cut(content.decode()), self._at(("evidence", digest))) for digest, content in self.taken.evidence.items()]
        entries = [self._entry(row) for row in rows["event"]]
        days = [date.fromisoformat(row["recorded_at"][:10]).toordinal() for row in rows["event"]]
        case, child = (self._at(("id", rows[name][0]["id"])) for name in ("care_case", "child"))
        return Mold(
            slots=tuple(self.places),
            rows=tuple(filled),
            whole=tuple(whole),
            later=tuple(later),
            sealed=tuple(sealed),
            evidence=tuple(evidence),
            entries=tuple(entries),
            ends=max(days),
            begins=date.fromisoformat(START[:10]).toordinal(),
            case=case,
            child=child,
        )

    def _begins(self, table: str, row: Mapping[str, Any]) -> str:
        """Return the state in which a case, or a process, begins."""
        if table != "process":
            return self.initial
        steps = self.taken.rows["process_step"]
        return next(str(step["dest"]) for step in steps if (step["process_id"], step["n"]) == (row["id"], 1))

    def _require_own_processes(self) -> None:
        """A copy brings its case's processes along. A host's is one for all copies: its steps cannot be told again by each."""
        own = {row["id"] for row in self.taken.rows["process"]}
        if any(step["process"] not in own for step in self._steps()):
            msg = f"the story {self.taken.story.name} moves a process that is not its case's: it cannot be copied"
            raise DefinitionError(msg)

    def _steps(self) -> Iterator[Mapping[str, Any]]:
        """Yield the steps that the story's entries name."""
        for row in self.taken.rows["event"]:
            yield from msgspec.json.decode(row["body"]).get("steps", ())

    def _known(self) -> Iterator[tuple[str, Key]]:
        """Yield every word that stands for something of this case, or for somebody of the cast."""
        rows = self.taken.rows
        for name in ORDER:
            yield from ((row["id"], ("id", row["id"])) for row in rows[name] if "id" in row)
        yield from ((row["hash"], ("hash", str(row["seq"]))) for row in rows["event"])
        yield from ((row["digest"], ("digest", row["id"])) for row in rows["record"])
        for name in ("record", "document"):
            yield from ((commitment(row["salt"], row["digest"].encode()), ("commitment", row["id"])) for row in rows[name])
        yield from ((digest, ("evidence", digest)) for digest in self.taken.evidence)
        yield from ((row["name"], ("kin", str(place))) for place, row in enumerate(rows["relative"]))
        yield from ((NAMED[field], (what,)) for what, field in _FAMILY.items())
        yield child_digest(rows["child"][0]), ("child_digest",)
        yield NIK, ("nik",)
        yield FAMILY_CARD, ("kk",)
        yield from self._cast()

    def _cast(self) -> Iterator[tuple[str, Key]]:
        for key, member in self.cast.people.items():
            yield member.account, ("account", key)
            if key == "rina_supervisor":
                continue
            yield member.person, ("person", key)
            yield member.name, ("named", key)
        yield from ((id_, ("office", key)) for key, id_ in self.cast.offices.items())
        for key, id_ in self.cast.hosts.items():
            yield id_, ("host", key)
            for revision in range(1, _REVISIONS):
                yield hashlib.sha256(f"{id_}:{revision}".encode()).hexdigest(), ("host_digest", key)
        yield from ((id_, ("body", key)) for key, id_ in self.cast.bodies.items())

    def _at(self, key: Key) -> int:
        return self.places.setdefault(key, len(self.places))

    def _cut(self, text: str) -> Text:
        """Return a text with slots. Raises DefinitionError for an id or a hash that nobody knows."""
        form, where, last = [], [], 0
        for found in self.pattern.finditer(text):
            form.append(self._plain(text[last : found.start()]))
            where.append(self._at(self._key(found[0])))
            last = found.end()
        form.append(self._plain(text[last:]))
        return Text("%s".join(form), tuple(where))

    def _key(self, word: str) -> Key:
        if word.startswith("@"):
            return tuple(word.strip("@").split(":"))
        return self.known.get(word) or ("day", word)

    def _plain(self, text: str) -> str:
        for left in _LEFT_OVER.findall(text):
            if left not in self._lasting():
                msg = f"the story {self.taken.story.name} leaves something of its own in the copies: {left}"
                raise DefinitionError(msg)
        return text.replace("%", "%%")

    def _lasting(self) -> frozenset[str]:
        """Return the digests that every case shares: of the definitions, of the parameters, of the policy, and of nothing."""
        first = msgspec.json.decode(self.taken.rows["event"][0]["body"])["rules"]
        return frozenset({NO_HASH, POLICY, first["definition"], first["parameters"], *(step["definition"] for step in self._steps())})

    def _row(self, table: str, row: Mapping[str, Any]) -> Row:
        own = dict(self._own_columns(table, row))
        return self._line([own.get(name, row[name]) for name in columns_of(table)])

    def _own_columns(self, table: str, row: Mapping[str, Any]) -> Iterator[tuple[str, Key]]:
        """Yield the columns that are a slot whatever they hold in the story."""
        if table == "child":
            named = ("nik", "kk", "sex", "religion", "district_code", "village_code")
            yield from ((name, ({"nik": "childnik", "kk": "childkk"}.get(name, name),)) for name in named)
            yield "salt", ("salt", row["id"])
        if table == "relative":
            yield "religion", ("religion",)
        if table == "care_case":
            yield "number", ("number",)
        if table in {"record", "document"}:
            yield "salt", ("salt", row["id"])
        if table == "record":
            yield "body", ("content", row["id"])

    def _line(self, values: list[Any]) -> Row:
        same, slots, texts = list(values), [], []
        for column, value in enumerate(values):
            if isinstance(value, tuple):
                slots.append((column, self._at(value)))
                same[column] = None
            elif isinstance(value, str):
                cut = self._cut(value)
                if cut.form == "%s":
                    slots.append((column, cut.where[0]))
                elif cut.where:
                    texts.append((column, cut))
        return Row(tuple(same), tuple(slots), tuple(texts))

    def _sealed(self, table: str, row: Mapping[str, Any]) -> Sealed:
        id_ = row["id"]
        content = self._cut(_marked(row)) if table == "record" else None
        places = (self._at((what, id_)) for what in ("content", "digest", "salt", "commitment"))
        return Sealed(content, row["digest"], *places)

    def _entry(self, row: Mapping[str, Any]) -> tuple[Text, Row, int, int]:
        """Return an entry's body, its row, and the slots of body and hash."""
        seq = str(row["seq"])
        body, hashed = self._at(("entry", seq)), self._at(("hash", seq))
        values = {**row, "body": ("entry", seq), "hash": ("hash", seq)}
        return self._cut(row["body"].decode()), self._line([values[name] for name in columns_of("event")]), body, hashed


def _marked(row: Mapping[str, Any]) -> str:
    """Return a record's body with what the draw decides marked: the parents' fate, sex, religion, age, length of stay."""
    content = msgspec.json.decode(row["body"])
    if row["form"] == "F02":
        content |= {"sex": "@sex@", "religion": "@religion@", "orphan_status": "@parents@"}
        content["father"]["status"], content["mother"]["status"] = "@fatherstatus@", "@motherstatus@"
    if row["form"] == "F06":
        content["age_years"] = f"@age:{row['dated'][:10]}@"
    if row["form"] == "F25":
        content["since"] = content["proofs"][0]["dated"] = "@since@"
        content["proofs"][1]["dated"] = "@school@"
    return re.sub(r'"(@age:' + _DAY + r'@)"', r"\1", _encoder.encode(content).decode())
