"""What a team carries, for who leads its office: open cases against the limit, what is late, certificates, decisions that wait."""

from __future__ import annotations

from datetime import date

import msgspec

from casework.errors import NotFound
from casework.machines.facts import WITA
from casework.machines.policy.terms import CERTIFIED
from casework.machines.roles import account_words
from casework.services.access import offices_for
from casework.services.command import question
from casework.store import approvals, caseload, workload
from casework.store.unit import Unit
from casework.store.workload import Carried, Member
from casework.words import Words


class MemberView(msgspec.Struct, frozen=True, kw_only=True):
    """A social worker and what they carry. `left` are the days that the certificate is valid still, None where there is none."""

    name: str
    cases: int
    full: bool
    late: int
    certificate_until: date | None
    left: int | None


class TeamView(msgspec.Struct, frozen=True, kw_only=True):
    """One office: its social workers, who supervises, what is nobody's, and what waits to be decided, by role."""

    office: str
    name: str
    workers: tuple[MemberView, ...]
    supervisors: tuple[str, ...]
    crowded: bool
    unassigned: int
    late: int
    waiting: tuple[tuple[Words, int], ...]


@question
def my_teams(unit: Unit) -> tuple[TeamView, ...]:
    """Return what the teams of the caller's offices carry. Raises NotFound for who leads none."""
    led = offices_for(unit, "lead")
    if not led:
        raise NotFound("team")
    names, (_, oldest) = caseload.offices(unit), approvals.undecided_since(unit)
    return tuple(_team(unit, office, names[office], workload.carried(unit, office, oldest)) for office in sorted(led))


def _team(unit: Unit, office: str, name: str, carried: Carried) -> TeamView:
    workers = tuple(_member(unit, one) for one in carried.team if one.role in CERTIFIED)
    supervisors = tuple(one.name for one in carried.team if one.supervises)
    busy = sum(one.cases > 0 for one in workers)
    return TeamView(
        office=office,
        name=name,
        workers=workers,
        supervisors=supervisors,
        crowded=busy > unit.params.supervision_limit * max(len(supervisors), 1),
        unassigned=carried.unassigned,
        late=carried.late,
        waiting=tuple((account_words(role), many) for role, many in sorted(carried.waiting.items())),
    )


def _member(unit: Unit, one: Member) -> MemberView:
    until = date.fromisoformat(one.certificate_until) if one.certificate_until else None
    left = (until - unit.call.at.astimezone(WITA).date()).days if until else None
    full = one.cases >= unit.params.caseload_limit
    return MemberView(name=one.name, cases=one.cases, full=full, late=one.late, certificate_until=until, left=left)
