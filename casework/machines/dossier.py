"""The dossier that the proofs of the care journey search over: real records at every level of worth, under real guards.

Each kind of evidence is absent, of an earlier round (though young), of this round but one day too old, or current. Signatures come in eight
kinds, of which the engine must accept only what the law means. Everything else about the case is as good as it can be.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, cast

import msgspec

from casework.machines import forms
from casework.machines.engine import Approved, Ask, Guard, Machine, Transition, unmet_approvals
from casework.machines.facts import WITA, Case, Child, Facts, Filed, Host, Placement, Subject
from casework.machines.forms import Form
from casework.machines.guards.evidence import PROPOSED
from casework.machines.parameters import Parameters
from casework.machines.paths import SIGNATURES, Dossier
from casework.machines.situations import Situation
from casework.machines.vectors import Axis

NOW = datetime(2031, 3, 12, 10, 0, tzinfo=WITA)
ROUND = 2
WORTH = ("absent", "of an earlier round", "too old", "current")
"""From worst to best. Anything may be filed or signed at any time and grow old; a new round makes all of it old."""
DRIFT = ((0, 2, 3), (1, 2, 3), (2, 3), (2, 3))
RENEWED = (0, 1, 1, 1)
WORKER, SECOND_WORKER, SUPERVISOR, HEAD = "person-1", "person-2", "person-3", "person-4"
ASKER = "person-5"
HOST = "host-1"
PARAMS = Parameters()


class Atom(msgspec.Struct, frozen=True):
    """One kind of evidence: its form code, its record when current, its age then and the age at which it is too old, in days."""

    name: str
    form: str
    body: Form
    days: int
    limit_days: int

    def filed(self, level: str) -> tuple[Filed[Form], ...]:
        """Return the record at a level of worth, or none."""
        if level == "absent":
            return ()
        dated = NOW - timedelta(days=self.limit_days + 1 if level == "too old" else self.days)
        return (
            Filed(
                id=self.name,
                round=ROUND - 1 if level == "of an earlier round" else ROUND,
                dated=dated,
                signed_at=dated,
                author=WORKER,
                author_role="social_worker",
                body=self.body,
                digest=self.name,
                countersigned_by=SUPERVISOR,
                countersigned_at=dated,
                verified_by=SECOND_WORKER,
                verifier_role="social_worker",
            ),
        )


def _ruled_out(rung: forms.Rung, code: str, days: int) -> Atom:
    body = forms.OptionSheet(
        rung=rung,
        status="ruled_out",
        code=cast("Any", code),
        reason="alasan",
        contacted_on=NOW.date() - timedelta(days=10),
        support_offered=("bantuan",),
        evidence=("attachment-1",),
        child_view="pendapat anak",
        kin_list_complete_signed_by="village",
        assessor="Pekerja sosial",
    )
    return Atom(f"F05 {rung}", "F05", body, 4, days)


def _view(option: forms.Setting) -> tuple[forms.OptionView, ...]:
    return tuple(forms.OptionView(option=option, view="setuju", agrees="yes", candidate=candidate) for candidate in ("", HOST))


OPTIONS: tuple[forms.Setting, ...] = (
    "family", "kin", "foster", "guardianship", "adoption", "institution", "trial_home", "emergency", "closure",
)  # fmt: skip
ATOMS: tuple[Atom, ...] = (
    Atom(
        "F04",
        "F04",
        forms.ComprehensiveAssessment(
            parent_child="-", siblings="-", parenting="-", parental_willingness="-", extended_family="-", medical="-",
            economic_exploitation="-", strengths="-", parental_capacity="unsafe", protection_concern="yes", support_tried="-",
            support_result="-", child_wishes="-", best_interests="-",
        ),
        5,
        PARAMS.assessment_current_days,
    ),
    _ruled_out("nuclear", "incapable_despite_support", PARAMS.option_family_days),
    _ruled_out("kin", "unwilling_after_counselling", PARAMS.option_family_days),
    _ruled_out("foster", "none_available_after_search", PARAMS.option_foster_days),
    _ruled_out("guardianship", "none_available_after_search", PARAMS.option_other_days),
    _ruled_out("adoption", "none_available_after_search", PARAMS.option_other_days),
    Atom(
        "F06",
        "F06",
        forms.ChildView(
            age_years=11, method="talk", language="Indonesia", asked_by="Pekerja sosial", asked_by_proposed_carer="no", place="sekolah",
            alone="yes", options=tuple(view for option in OPTIONS for view in _view(option)), weight_given="penuh", asked="yes",
            consents="yes",
        ),
        3,
        PARAMS.child_view_current_days,
    ),
    Atom(
        "F07",
        "F07",
        forms.CaseConference(
            held_at="kantor", chair="Supervisor", attendees=(forms.Attendee("Supervisor", "Dinas Sosial"),), options_weighed="semua",
            decision="LKSA", proposed="institution",
        ),
        2,
        PARAMS.conference_current_days,
    ),
    Atom(
        "F08",
        "F08",
        forms.CarePlan(
            term="long", setting="institution", carer=HOST, permanency_goal="return_home", target_date=date(2032, 1, 1),
            separation_reason_codes=("violence",), contact_plan="setiap minggu", sibling_decision="no_siblings",
            education="-", health="-", protection="-", participation="-", responsible=("Pekerja sosial",), review_on=date(2031, 6, 1),
        ),
        1,
        PARAMS.plan_current_days,
    ),
    Atom(
        "F23",
        "F23",
        forms.EmergencySheet(
            code="danger", what_happened="-", kin_call_log=(forms.KinCall(at=NOW, who="Bibi", result="no_answer"),), host=HOST, why="-",
            oral_authority="Supervisor",
        ),
        0,
        0,
    ),
)  # fmt: skip

_S, _H, _OLD = Approved("supervisor", SUPERVISOR, "now"), Approved("dinas_head", HEAD, "now"), Approved("dinas_head", HEAD, "before")
SIGNED: dict[str, tuple[Approved, ...]] = {
    "nobody signed": (),
    "one person signed twice": (_S, Approved("dinas_head", SUPERVISOR, "now")),
    "the requester signed": (Approved("supervisor", WORKER, "now"), _H),
    "who asks signed": (_S, Approved("dinas_head", ASKER, "now")),
    "the head signed over other evidence": (_S, _OLD),
    "the head signed before the supervisor": (_H, _S),
    "only the supervisor signed": (_S,),
    "both signed": (_S, _H),
}
"""Signatures under one request, from worst to best."""
ENOUGH: dict[tuple[str, ...], tuple[str, ...]] = {
    ("supervisor",): (
        "one person signed twice", "who asks signed", "the head signed over other evidence", "only the supervisor signed", "both signed",
    ),
    ("dinas_head",): ("the head signed before the supervisor",),
    ("supervisor", "dinas_head"): ("both signed",),
}  # fmt: skip
"""What each demand of signatures means, said by hand: where only the first signature counts, a bad second one does no harm."""

SITUATIONAL: frozenset[str] = frozenset(
    {"placement_reserved", "missing_within_30_days", "child_not_returning_from_placement", "entered_from_home", "placement_ended"},
)
"""Guards that follow from where the case stands; the others that no atom decides are granted."""


class CareDossier:
    """The evidence of the care journey, as `machines/paths.py` searches it."""

    def __init__(self) -> None:
        self.axes = (
            *(Axis(atom.name, WORTH, DRIFT, RENEWED) for atom in ATOMS),
            Axis(SIGNATURES, tuple(SIGNED), (tuple(range(8)),) * 8, tuple(range(8))),
        )
        self.situational = SITUATIONAL

    def axes_read(self, guard: Guard[Any], trigger: str) -> tuple[str, ...]:
        """Return the axes a guard depends on: those of the forms it names, and any whose absence changes its verdict.

        A guard that the full dossier does not satisfy is about something else, and is granted.
        """
        if not self.holds(guard, trigger, {}):
            return ()
        return tuple(atom.name for atom in ATOMS if atom.form in guard.reads or not self.holds(guard, trigger, {atom.name: "absent"}))

    def holds(self, guard: Guard[Any], trigger: str, levels: Mapping[str, str]) -> bool:
        """Run the guard on facts with these levels; what is not named is current."""
        return guard.unmet(self.facts(trigger, levels)) is None

    def holds_in(self, guard: Guard[Any], situation: Situation) -> bool:
        """Run a situational guard on facts of this situation."""
        return guard.unmet(_standing(situation)) is None

    def signed(self, row: Transition[Any], level: str) -> bool:
        """Whether the engine accepts these signatures for the row."""
        ask = Ask(person=ASKER, capacities=frozenset(), requester=WORKER, approvals=SIGNED[level], digest="now")
        return not tuple(unmet_approvals(row, ask))

    def enough(self, roles: tuple[str, ...]) -> tuple[str, ...]:
        """Return the kinds of signatures that are what `roles`, in order, must be."""
        return ENOUGH[roles]

    def facts(self, trigger: str, levels: Mapping[str, str]) -> Facts:
        """Return facts in which each atom stands at its level and is about what the trigger proposes; what is not named is current."""
        records = tuple(_about(trigger, record) for atom in ATOMS for record in atom.filed(levels.get(atom.name, WORTH[-1])))
        return msgspec.structs.replace(FACTS, trigger=trigger, records=records)


def _about(trigger: str, record: Filed[Form]) -> Filed[Form]:
    """Return the record as it would be written for this trigger: a plan is a plan for one setting."""
    if trigger in PROPOSED and isinstance(record.body, forms.CarePlan):
        return msgspec.structs.replace(record, body=msgspec.structs.replace(record.body, setting=PROPOSED[trigger]))
    return record


CASE = Case(
    id="case-1",
    state="care_planning",
    version=1,
    round=ROUND,
    opened_at=NOW - timedelta(days=700),
    entered_at=NOW - timedelta(days=5),
    round_started_at=NOW - timedelta(days=600),
    assigned_to=WORKER,
)
FACTS = Facts(
    now=NOW,
    params=PARAMS,
    ask=Ask(person=WORKER, capacities=frozenset({"social_worker"}), requester=WORKER),
    case=CASE,
    child=Child("child-1", born=date(2020, 1, 1), born_precision="day", religion="islam"),
    subject=Subject(host=HOST),
    host=Host(HOST, "LKSA", "lksa", "active", "host-digest", capacity=20, caregivers=4),
)
"""The case around the dossier: a child of eleven in planning, for whom an institution is asked."""


def _standing(situation: Situation) -> Facts:
    """Return facts of a situation: its open placement, the decided one before it, the clocks of a missing child and an emergency."""
    placements: list[Placement] = []
    if situation.placement is not None:
        status = "reserved" if situation.reserved else "active"
        placements.append(_episode("open", situation.placement, situation.setting or "", status=status, days=3))
    if situation.away and situation.placement in {None, "emergency"}:
        placements.append(_episode("former", "kin", "kinship_care", status="ended", days=90, ended_by="place_in_emergency"))
    missing_days = (PARAMS.missing_hold_days + 1 if situation.lapsed else 3) if situation.state == "missing" else 0
    emergency = situation.emergency_from is not None
    case = msgspec.structs.replace(
        CASE,
        state=situation.state,
        emergency_from=situation.emergency_from,
        emergency_started_at=NOW - timedelta(days=2) if emergency else None,
        emergency_days=2 if emergency else 0,
        missing_days=missing_days,
        missing_since=NOW - timedelta(days=missing_days) if missing_days else None,
    )
    return msgspec.structs.replace(FACTS, case=case, placements=tuple(placements))


def _episode(name: str, kind: Any, state: str, *, status: Any, days: int, ended_by: str | None = None) -> Placement:
    return Placement(
        id=name,
        kind=kind,
        state=state,
        status=status,
        host=HOST,
        relative=None,
        started_at=NOW - timedelta(days=days),
        ended_at=NOW - timedelta(days=2) if status == "ended" else None,
        ended_by=ended_by,
        reserved_at=NOW - timedelta(days=2) if status == "reserved" else None,
    )


CARE_DOSSIER = CareDossier()
"""The one dossier; it holds nothing that changes."""


class Granted:
    """The dossier of a machine that promises nothing about evidence: every guard is granted."""

    axes: tuple[Axis, ...] = ()
    situational: frozenset[str] = frozenset()

    def axes_read(self, _guard: Guard[Any], _trigger: str, /) -> tuple[str, ...]:
        """No guard depends on an axis."""
        return ()

    def holds(self, _guard: Guard[Any], _trigger: str, _levels: Mapping[str, str], /) -> bool:
        """Granted."""
        return True

    def holds_in(self, _guard: Guard[Any], _situation: Situation, /) -> bool:
        """Granted."""
        return True

    def signed(self, _row: Transition[Any], _level: str, /) -> bool:
        """Granted."""
        return True

    def enough(self, _roles: tuple[str, ...], /) -> tuple[str, ...]:
        """No signatures are told apart."""
        return ()


def dossier_of(machine: Machine[Any]) -> Dossier:
    """Return what is known of the evidence of a machine."""
    return CARE_DOSSIER if machine.definition.name == "care_journey" else Granted()
