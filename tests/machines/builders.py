"""Facts and forms to start from: a sample of every form, and builders that change only what a test is about."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

import msgspec

from casework.machines.engine import Approved, Ask
from casework.machines.facts import Case, Child, Document, Facts, Filed, Host, Placement, Receiver, Relative, Subject
from casework.machines.forms import (
    Attempt,
    CarePlan,
    CaseConference,
    ChildView,
    ComprehensiveAssessment,
    Form,
    OptionSheet,
    OptionView,
    PersonalData,
    StatementLetter,
)
from casework.machines.parameters import Parameters
from tests.machines.samples import NOW, SAMPLES

R = TypeVar("R", bound=Form)

PARAMS = Parameters()
TODAY = date(2025, 6, 10)
WORKER, COLLEAGUE, SUPERVISOR, HEAD, LKSA_HEAD = "p-worker", "p-colleague", "p-supervisor", "p-head", "p-lksa-head"
CHILD = Child("child-1", date(2015, 3, 1), "day", "islam")
ASK = Ask(WORKER, frozenset({"social_worker", "social_worker_on_duty"}), requester=WORKER)
UNCLE = Relative("kin-uncle", "Ahmad", "paman", 3, "islam")
LKSA = Host(
    id="host-lksa",
    name="LKSA Harapan",
    kind="lksa",
    status="active",
    digest="d",
    religion="islam",
    licence_until=date(2026, 1, 1),
    accredited_until=date(2026, 1, 1),
    policy_dated=date(2025, 1, 10),
    policy_disseminated=True,
    complaint_channel=True,
    capacity=20,
    occupied=10,
    occupied_under_three=0,
    caregivers=4,
    staff=6,
)
SHELTER = Host(id="host-rpsa", name="RPSA", kind="rpsa", status="active", digest="d")
PROVINCE = Receiver("body-province", "province")
_numbers = count(1)


def ago(days: float = 0, hours: float = 0) -> datetime:
    """Return the moment this long before NOW."""
    return NOW - timedelta(days=days, hours=hours)


def on(days: int = 0) -> date:
    """Return the day this many days before TODAY."""
    return TODAY - timedelta(days=days)


_BY_FORM: dict[type[Any], Form] = {type(sample): sample for sample in SAMPLES}


def form(kind: type[R], /, **changes: Any) -> R:
    """Return the sample of a form with some answers changed."""
    sample: R = msgspec.structs.replace(_BY_FORM[kind], **changes)  # type: ignore[assignment]
    return sample


def filed(body: R, days: float = 0, *, hours: float = 0, **header: Any) -> Filed[R]:
    """Return a form as signed this long ago, in round 1 by the worker. `header` changes what stands beside the body."""
    dated = header.pop("dated", ago(days, hours))
    standard: dict[str, Any] = {
        "id": f"r-{next(_numbers)}",
        "round": 1,
        "dated": dated,
        "signed_at": dated,
        "author": WORKER,
        "author_role": "social_worker",
        "body": body,
        "digest": "d",
    }
    return Filed(**{**standard, **header})


def record(kind: type[R], days: float = 0, /, *, hours: float = 0, header: dict[str, Any] | None = None, **changes: Any) -> Filed[R]:
    """Return the sample of a form, changed and filed."""
    return filed(form(kind, **changes), days, hours=hours, **(header or {}))


def approved(kind: type[R], days: float = 0, /, *, header: dict[str, Any] | None = None, **changes: Any) -> Filed[R]:
    """Return a form that the supervisor countersigned."""
    return record(kind, days, header={"countersigned_by": SUPERVISOR, **(header or {})}, **changes)


def option(rung: str, days: float = 0, /, *, header: dict[str, Any] | None = None, **changes: Any) -> Filed[OptionSheet]:
    """Return an option sheet that rules its rung out and was verified by a colleague."""
    defaults: dict[str, Any] = {"code": "incapable_despite_support" if rung == "nuclear" else "none_available_after_search"}
    verified = {"verified_by": COLLEAGUE, "verifier_role": "social_worker", **(header or {})}
    return record(OptionSheet, days, header=verified, rung=rung, **{**defaults, **changes})


def all_options() -> tuple[Filed[OptionSheet], ...]:
    """Return sheets that rule out all five rungs, for a child with one uncle."""
    return (
        option("nuclear"),
        option("kin", candidate=UNCLE.id, code="unwilling_after_counselling"),
        option("foster"),
        option("guardianship", status="not_applicable", code="parents_have_custody"),
        option("adoption", status="not_applicable", code="no_parental_consent"),
    )


def tracing(rung: str = "nuclear", **changes: Any) -> tuple[Filed[OptionSheet], ...]:
    """Return three attempts by two methods, recorded over 14 days, ending in `untraceable`."""
    steps = ((20, "visit", "open"), (12, "phone", "open"), (6, "phone", "ruled_out"))
    return tuple(
        option(
            rung,
            days,
            status=status,
            code="untraceable" if status == "ruled_out" else "",
            attempts=(Attempt(on(days), method, f"upaya {days}"),),  # type: ignore[arg-type]
            **changes,
        )
        for days, method, status in steps
    )


def document(kind: str, **changes: Any) -> Document:
    """Return a paper that a second social worker compared with its original."""
    paper = Document(f"doc-{kind}", kind, WORKER, "d", compared_by=COLLEAGUE, compared_role="social_worker")
    return msgspec.structs.replace(paper, **changes)


def placement(kind: str = "institution", host: str | None = LKSA.id, **changes: Any) -> Placement:
    """Return an active placement that began 100 days ago."""
    states = {"emergency": "emergency_care", "kin": "kinship_care", "foster": "foster_care", "guardian": "guardianship"}
    standard: dict[str, Any] = {
        "id": f"placement-{kind}",
        "kind": kind,
        "state": states.get(kind, "pre_adoption_care" if kind == "pre_adoption" else "institutional_care"),
        "status": "active",
        "host": host,
        "relative": None,
        "started_at": ago(100),
        "case_id": "case-1",
    }
    return Placement(**{**standard, **changes})


def approvals(*roles: str, digest: str = "") -> tuple[Approved, ...]:
    persons = {"supervisor": SUPERVISOR, "dinas_head": HEAD}
    return tuple(Approved(role, persons[role], digest) for role in roles)


def case(**changes: Any) -> Case:
    """Return case 1: in planning for 20 days, opened 40 days ago, in its first round, assigned to the worker."""
    standard: dict[str, Any] = {
        "id": "case-1",
        "state": "care_planning",
        "version": 3,
        "round": 1,
        "opened_at": ago(40),
        "entered_at": ago(20),
        "round_started_at": ago(40),
        "assigned_to": WORKER,
    }
    return Case(**{**standard, **changes})


def facts(*records: Filed[Any], of: Iterable[Filed[Any]] = (), about: dict[str, Any] | None = None, **changes: Any) -> Facts:
    """Return facts holding these records. `about` changes the case; everything else is a field of Facts."""
    standard: dict[str, Any] = {
        "now": NOW,
        "params": PARAMS,
        "ask": ASK,
        "case": case(**(about or {})),
        "child": CHILD,
        "records": (*records, *of),
    }
    return Facts(**{**standard, **changes})


def to(host: str = "", relative: str = "", receiver: str = "") -> Subject:
    return Subject(host=host, relative=relative, receiver=receiver)


def admissible(**changes: Any) -> Facts:
    """Return facts on which admit_to_institution is lawful: every guard of its row holds and both have approved."""
    evidence: tuple[Filed[Any], ...] = (
        approved(ComprehensiveAssessment, 3, parental_capacity="unsafe", protection_concern="yes"),
        record(ChildView, 1, options=(OptionView("institution", "boleh", "yes", LKSA.id),)),
        record(CaseConference, 2),
        approved(CarePlan, 1, carer=LKSA.id),
        *all_options(),
        record(StatementLetter),
        record(PersonalData),
    )
    standard: dict[str, Any] = {
        "trigger": "admit_to_institution",
        "subject": to(host=LKSA.id),
        "relatives": (UNCLE,),
        "host": LKSA,
        "host_accepted_by": LKSA_HEAD,
        "ask": msgspec.structs.replace(ASK, approvals=approvals("supervisor", "dinas_head")),
    }
    return facts(*evidence, **{**standard, **changes})
