"""What about a house runs out or is due, and how near it is (T10, T23, S5). Counted from the register: nothing to forget, nothing to fire.

The house and a supervisor act on it; what is past is the head of the office's too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, TypeAlias

import msgspec

from casework.machines.parameters import Parameters
from casework.words import Words

Running: TypeAlias = Literal[
    "licence", "accreditation", "policy", "police_record", "performance_review", "training", "follow_up", "activation"
]
RUNNING: dict[Running, Words] = {
    "licence": Words("Tanda pendaftaran berakhir", "The licence ends"),
    "accreditation": Words("Akreditasi atau pengecualiannya berakhir", "The accreditation or its waiver ends"),
    "policy": Words("Kebijakan perlindungan anak perlu diperbarui", "The child-protection policy must be renewed"),
    "police_record": Words("SKCK berakhir", "The police record ends"),
    "performance_review": Words("Penilaian kinerja dengan masukan anak", "Review with the children's feedback"),
    "training": Words("Pelatihan berkala", "Regular training"),
    "follow_up": Words("Tindak lanjut pemeriksaan", "Follow-up of an inspection"),
    "activation": Words("Baru dicatat: periksa, lalu nyatakan aktif", "Newly entered: examine it, then declare it active"),
}
THE_OFFICES = frozenset({"activation"})
"""What only the office does; a house is not reminded of it."""
TELLS = ("lksa_head", "supervisor", "dinas_head")
"""Who acts on it, and who is told of what is past: the house, a supervisor, the head of the office."""
CHILDREN_LIVE_THERE = frozenset({"lksa", "uptd"})
NOT_AT_WORK = frozenset({"left", "barred", "suspended"})


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    """The days of a house as its register has them. `waits_since`: nobody has declared it active since that day."""

    kind: str
    waits_since: date | None = None
    licence_until: date | None = None
    accredited_until: date | None = None
    waiver_until: date | None = None
    policy_dated: date | None = None


class AtWork(msgspec.Struct, frozen=True, kw_only=True):
    """The days of one who works there."""

    id: str
    name: str
    status: str
    entered_on: date | None = None
    police_record_on: date | None = None
    trained_on: date | None = None
    reviewed_on: date | None = None


class Runs(msgspec.Struct, frozen=True):
    """One thing and its last day. `member` names whom it is about, "" for the house itself."""

    kind: Running
    last: date
    member: str = ""
    name: str = ""


def stage(last: date, today: date, params: Parameters) -> int:
    """Return how near a last day is: the smallest number of warning days that it lies within, 0 for past, -1 for far."""
    left = (last - today).days
    if left < 0:
        return 0
    return min((days for days in params.paper_warning_days if left <= days), default=-1)


def of_house(papers: Papers, params: Parameters) -> Iterator[Runs]:
    """Yield what a house's own papers say."""
    if papers.waits_since is not None and papers.kind != "lks":
        yield Runs("activation", papers.waits_since + timedelta(days=params.host_activation_days))
    if papers.licence_until is not None:
        yield Runs("licence", papers.licence_until)
    accredited = max((day for day in (papers.accredited_until, papers.waiver_until) if day is not None), default=None)
    if accredited is not None:
        yield Runs("accreditation", accredited)
    if papers.policy_dated is not None and papers.kind in CHILDREN_LIVE_THERE:
        yield Runs("policy", papers.policy_dated + timedelta(days=params.policy_days))


def of_member(member: AtWork, kind: str, params: Parameters) -> Iterator[Runs]:
    """Yield what is due about one who works there; reviews and training where children live. Who is not at work is not asked after."""
    if member.status in NOT_AT_WORK:
        return
    if member.police_record_on is not None:
        yield Runs("police_record", member.police_record_on + timedelta(days=params.clearance_days), member.id, member.name)
    counted: tuple[tuple[Running, date | None, int], ...] = (
        ("performance_review", member.reviewed_on, params.performance_review_days),
        ("training", member.trained_on, params.training_days),
    )
    for what, done, days in counted:
        since = done or member.entered_on
        if since is not None and kind in CHILDREN_LIVE_THERE:
            yield Runs(what, since + timedelta(days=days), member.id, member.name)


def is_near(runs: Runs, today: date, params: Parameters) -> bool:
    """Whether it is time to speak of it: papers as early as the first warning, what is done every half-year a month ahead."""
    ahead = params.performance_warning_days if runs.kind in {"performance_review", "training"} else max(params.paper_warning_days)
    return (runs.last - today).days <= ahead
