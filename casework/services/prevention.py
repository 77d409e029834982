"""Separations that support prevented, and the gate before institutions: the numbers of one office and one year (DOMAIN 6.1 R6)."""

from __future__ import annotations

from datetime import datetime

import msgspec

from casework.errors import Fault, Invalid
from casework.machines.facts import WITA
from casework.services.command import question
from casework.services.counts import told_offices
from casework.store import prevention
from casework.store.unit import Unit
from casework.words import Words

FIRST_YEAR = 2000
"""No office kept such records before."""


class Prevention(msgspec.Struct, frozen=True, kw_only=True):
    """One office, one year (WITA).

    `supported`: cases in which help first reached the family after separation had been considered or asked for (F26), the child being with
    its family. Of them `together` have had no placement since and stand in family care, or were closed from there: the prevented ones;
    `placed` were placed after all, for however short a time; `undecided` are everything else.
    `asked`: cases in which approval for an institution was requested. Of them `admitted` were; `family` are in a family instead;
    `refused` were turned down and are in neither; `waiting` are everything else. `kept_out_percent` is the gatekeeping rate, (`family` +
    `refused`) of `asked`, None without any. An attempt that the rules refused before there was a request is no request.
    """

    office: str
    name: str
    year: int
    supported: int
    together: int
    together_closed: int
    placed: int
    undecided: int
    asked: int
    admitted: int
    family: int
    refused: int
    waiting: int
    kept_out_percent: int | None


@question
def prevented(unit: Unit, year: int = 0) -> tuple[Prevention, ...]:
    """Return the numbers of a year (0: this one) for the offices that the caller leads, or of every office for an auditor.

    Raises NotFound for anybody else, and Invalid for a year that no office has records of.
    """
    now = unit.call.at.astimezone(WITA).year
    asked = year or now
    if not FIRST_YEAR <= asked <= now:
        raise Invalid(Fault("$.year", Words(f"Tahun harus {FIRST_YEAR} sampai {now}.", f"The year must be {FIRST_YEAR} to {now}.")))
    told = (_office(unit, office, name, asked) for office, name, _ in told_offices(unit))
    return tuple(told)


def _office(unit: Unit, office: str, name: str, year: int) -> Prevention:
    since, until = (datetime(each, 1, 1, tzinfo=WITA) for each in (year, year + 1))
    helped = prevention.supported(unit, office, since, until)
    gate = prevention.gatekeeping(unit, office, since, until)
    kept_out = gate.family + gate.refused
    together = helped.standing + helped.closed
    return Prevention(
        office=office,
        name=name,
        year=year,
        supported=helped.cases,
        together=together,
        together_closed=helped.closed,
        placed=helped.placed,
        undecided=helped.cases - together - helped.placed,
        asked=gate.cases,
        admitted=gate.admitted,
        family=gate.family,
        refused=gate.refused,
        waiting=gate.cases - gate.admitted - kept_out,
        kept_out_percent=round(100 * kept_out / gate.cases) if gate.cases else None,
    )
