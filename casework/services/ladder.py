"""The ladder of care for one child: where the child is, and how every rung above the institution stands on paper."""

from __future__ import annotations

from datetime import datetime

import msgspec

from casework.machines.facts import Facts, Filed
from casework.machines.forms import TRACERS, OptionSheet
from casework.machines.forms import Rung as RungCode
from casework.machines.guards.options import rung_gaps
from casework.machines.spoken import LADDER, OPTIONS
from casework.services.names import Names
from casework.services.sight import is_house, masks
from casework.store.facts import Snapshot
from casework.store.unit import MACHINES
from casework.words import Words

SUBSTITUTES: tuple[RungCode, ...] = ("foster", "guardianship", "adoption")
_RUNGS: tuple[tuple[int, Words, tuple[tuple[RungCode, Words], ...]], ...] = (
    (1, LADDER[1].headed(), (("nuclear", Words("Orang tua kandung", "Birth parents")),)),
    (2, LADDER[2].headed(), (("kin", Words("Kerabat s.d. derajat ketiga", "Kin to the third degree")),)),
    (3, LADDER[3].headed(), tuple((option, OPTIONS[option].headed()) for option in SUBSTITUTES)),
    (4, Words("LKSA (pilihan terakhir)", "Institution (last resort)"), ()),
)


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """The newest option sheet on one candidate of a rung, or on the whole rung (`candidate` ""); `may_open`: this caller may read it."""

    record: str
    candidate: str
    status: str
    code: str
    dated: datetime
    verified: bool
    may_open: bool


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of family care. `gaps` say, to who may read its sheets, what they lack for it to count as ruled out."""

    code: str
    label: Words
    status: str
    gaps: tuple[Words, ...]
    sheets: tuple[Sheet, ...]


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One rung. `status`: "ruled_out", "found" (a suitable option), "open", or "last" (the institution); `here`: where the child is."""

    number: int
    label: Words
    status: str
    here: bool
    options: tuple[Option, ...]


def ladder_of(snapshot: Snapshot, names: Names) -> tuple[Rung, ...]:
    """Return the four rungs, family first."""
    state = MACHINES[snapshot.row.machine, snapshot.row.version].states[snapshot.row.state]
    return tuple(_rung(snapshot.facts, names, state.rung, *rung) for rung in _RUNGS)


def _rung(facts: Facts, names: Names, stands_on: int, number: int, label: Words, kinds: tuple[tuple[RungCode, Words], ...]) -> Rung:
    options = tuple(_option(facts, names, code, words) for code, words in kinds)
    return Rung(number=number, label=label, status=_status(options), here=stands_on == number, options=options)


def _status(options: tuple[Option, ...]) -> str:
    standing = {option.status for option in options}
    if not standing:
        return "last"
    if "found" in standing:
        return "found"
    return "ruled_out" if standing == {"ruled_out"} else "open"


def _option(facts: Facts, names: Names, code: RungCode, label: Words) -> Option:
    newest: dict[str, Filed[OptionSheet]] = {}
    for record in facts.filed(OptionSheet):
        if record.body.rung == code and record.author_role not in TRACERS:
            newest.setdefault(record.body.candidate, record)
    hidden = masks(facts.ask.capacities) or is_house(facts.ask.capacities)
    gaps = tuple(rung_gaps(facts, code))
    return Option(
        code=code,
        label=label,
        status=_standing(newest, gaps),
        gaps=() if hidden else gaps,
        sheets=tuple(
            Sheet(
                record=record.id,
                candidate="" if hidden else names.carer(candidate) or record.body.candidate_name,
                status=record.body.status,
                code=record.body.code,
                dated=record.dated,
                verified=record.verified_by is not None,
                may_open=not hidden,
            )
            for candidate, record in newest.items()
        ),
    )


def _standing(newest: dict[str, Filed[OptionSheet]], gaps: tuple[Words, ...]) -> str:
    if any(record.body.status == "suitable" for record in newest.values()):
        return "found"
    return "ruled_out" if newest and not gaps else "open"
