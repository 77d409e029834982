"""How each step of a process beside a case is brought about: what people file for it, who makes it, or what time does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeAlias

from casework.machines.book import newest_machines
from casework.machines.facts import WITA, Subject
from casework.services import processes, registers
from tests.journeys.walk.finishing import INVESTIGATED, STOPPED, correct, evaluated, file_incident, newest_version
from tests.journeys.walk.look import Row, body_of, moment
from tests.journeys.walk.remedies import HEADS
from tests.journeys.walk.town import Journey
from tests.journeys.walk.waits import wait_for_monitoring
from tests.journeys.walk.walker import Stuck

PLAYED_BY = {
    "social_worker": "sari",
    "social_worker_on_duty": "maya",
    "supervisor": "bambang",
    "dinas_head": "yusuf",
    "province_officer": "wahyu",
}
MADE_BY = {("incident", trigger): by for _, trigger, by in INVESTIGATED} | {
    ("incident", "substantiate"): "bambang",
    ("incident", "leave_inconclusive"): "bambang",
    ("incident", "sanction"): "lina",
    ("identity_document", "settle_dispute"): "lina",
}
"""Who makes a step that not everybody of the role may make."""
TOLD = {
    "reported_to_dinas_at": "now", "dinas_reference": "001", "police_reported_at": "now", "police_reference": "LP/001",
    "ministry_reported_at": "now", "ministry_reference": "KS/001",
}  # fmt: skip
FOUND = {"substantiate": "substantiated", "find_unsubstantiated": "unsubstantiated", "leave_inconclusive": "inconclusive"}
PAPERS = ("birth_certificate", "family_card")
Evidence: TypeAlias = Callable[[Journey, Row], object]


def today(walk: Journey, back: int = 0) -> str:
    day: date = walk.at.astimezone(WITA).date() - timedelta(days=back)
    return day.isoformat()


def visit(**said: Any) -> Evidence:
    """Return the visit (F15) that says this."""
    return lambda walk, _row: walk.file("F15", place="tempat anak tinggal", **said)


def way_home(**said: Any) -> Evidence:
    """Return the reunification form (F14) that says this."""
    return lambda walk, _row: walk.file("F14", **said)


def tell_the_authorities(walk: Journey, row: Row) -> None:
    file_incident(walk, supersedes=newest_version(walk, row["record_id"]), **{**said_of(walk, row), **TOLD})


def said_of(walk: Journey, row: Row) -> dict[str, Any]:
    """Return what was said of an incident so far."""
    return walk.incidents.get(newest_version(walk, row["record_id"]), {})


def find(finding: str) -> Evidence:
    """Return seeing the child, and writing down what was found."""

    def evidence(walk: Journey, row: Row) -> None:
        walk.file("F15", place="tempat anak tinggal")
        said = {**said_of(walk, row), "finding": finding, "investigation": "Saksi dan anak sudah didengar."}
        file_incident(walk, supersedes=newest_version(walk, row["record_id"]), **said)

    return evidence


def impose_a_sanction(walk: Journey, row: Row) -> None:
    said = {**said_of(walk, row), "sanction": "peringatan tertulis"}
    file_incident(walk, supersedes=newest_version(walk, row["record_id"]), **said)


def write_the_closing(walk: Journey, row: Row) -> None:
    said = {**said_of(walk, row), **TOLD, "closed": "yes", "setting_safe": "yes"}
    file_incident(walk, supersedes=newest_version(walk, row["record_id"]), **said)


def trace_in_vain(walk: Journey, _row: Row) -> None:
    attempts = [
        {"on": today(walk, back), "method": method, "result": "tidak ditemukan"}
        for back, method in ((15, "visit"), (7, "phone"), (0, "visit"))
    ]
    walk.file("F14", decision="preparing", tracing=attempts)


def find_the_family(walk: Journey, _row: Row) -> None:
    walk.file("F14", decision="preparing", tracing=[{"on": today(walk), "method": "visit", "result": "ditemukan"}])


def bring_the_papers(walk: Journey, _row: Row) -> None:
    for kind in PAPERS:
        walk.attach(kind)


def apply_for_the_papers(walk: Journey, _row: Row) -> None:
    """A family sheet with receipts instead of numbers, as long as no paper lies there."""
    if not walk.rows("SELECT 1 FROM document WHERE case_id = ? AND kind IN ('birth_certificate', 'family_card')", walk.case):
        applied = {"status": "applied", "receipt": "001/CONTOH"}
        walk.file("F02", birth_certificate=applied, family_card=applied)


def report_on_the_review(walk: Journey, _row: Row) -> None:
    walk.file("F15", place="tempat anak tinggal")
    walk.file("F16")


def decide_the_review(decision: str) -> Evidence:
    """Return the supervisor's decision about the newest report."""

    def evidence(walk: Journey, _row: Row) -> None:
        asked = walk.rows(
            "SELECT id FROM approval_request WHERE case_id = ? AND trigger = 'countersign:F16' AND status = 'submitted' ORDER BY id DESC",
            walk.case,
        )
        if asked:
            walk.decide(asked[0]["id"], "bambang", decision)

    return evidence


def agree_to_share(walk: Journey, _row: Row) -> None:
    walk.file("F22", purposes=["sharing"])
    walk.attach("dinas_head_letter")


def take_on(walk: Journey, row: Row) -> None:
    """The receiver's answer, on the newest F13, verified."""
    agree_to_share(walk, row)
    acceptance = {"name": "Dinas penerima", "on": today(walk), "terms": "menerima"}
    walk.verify(correct(walk, row, "F13", acceptance=acceptance))


def turn_down(walk: Journey, row: Row) -> None:
    correct(walk, row, "F13", refusal_reason="tidak ada tempat")


def report_back(walk: Journey, row: Row) -> None:
    correct(walk, row, "F13", feedback="anak sudah dilayani")


def say_of_the_support(*, delivered: bool = False, separation: str = "", **more: Any) -> Evidence:
    """Return the newest version of a package (F26): agreed with the family, and what more is said."""

    def evidence(walk: Journey, row: Row) -> None:
        before = body_of(walk.rows, newest_version(walk, row["record_id"]))
        said: dict[str, Any] = {"agreed_on": before.get("agreed_on") or today(walk), "signatures": [{"role": "parent", "name": "ibu"}]}
        if delivered:
            delivery = {"on": today(walk), "what": "uang tunai", "delivered_by": "petugas", "proof": "kuitansi"}
            said["deliveries"] = [*before.get("deliveries", ()), delivery]
        if separation:
            said |= {"separation": separation, "separation_because": "" if separation == "not_considered" else "diminta keluarga"}
        correct(walk, row, "F26", **said, **more)

    return evidence


def sign_the_minutes(walk: Journey, row: Row) -> None:
    walk.file("F11", host=walk.carer if walk.placement else row["host_id"])


def answer(*, accepted: bool) -> Evidence:
    """Return the answer of the head of the house that was asked."""

    def evidence(walk: Journey, row: Row) -> None:
        head = next((key for key, host in walk.town.hosts.items() if host == row["host_id"]), "")
        ask = registers.AnswerOffer(case=walk.case, host=row["host_id"], accepted=accepted, reason="" if accepted else "penuh")
        registers.answer_offer(walk.store, walk.call(HEADS[head]), ask)

    return evidence


EVIDENCE: dict[tuple[str, str], Evidence] = {
    ("incident", "notify"): tell_the_authorities,
    **{("incident", trigger): find(finding) for trigger, finding in FOUND.items()},
    ("incident", "sanction"): impose_a_sanction,
    ("incident", "close"): write_the_closing,
    ("reunification", "record_located"): find_the_family,
    ("reunification", "record_not_located"): trace_in_vain,
    ("reunification", "begin_preparation"): way_home(decision="preparing"),
    ("reunification", "declare_ready"): way_home(),
    ("reunification", "prepare_further"): way_home(decision="preparing"),
    ("reunification", "stop"): way_home(decision="stopped", stopped_because="family_refuses"),
    ("reintegration", "begin"): visit(),
    ("reintegration", "raise_concern"): visit(concern="yes"),
    ("reintegration", "resolve"): visit(),
    ("reintegration", "begin_final_review"): lambda walk, _row: wait_for_monitoring(walk, "", Subject()),
    ("identity_document", "verify"): bring_the_papers,
    ("identity_document", "record_issued"): lambda walk, _row: walk.file("F02"),
    ("identity_document", "record_application"): apply_for_the_papers,
    ("periodic_review", "submit"): report_on_the_review,
    ("periodic_review", "return_report"): decide_the_review("return"),
    ("periodic_review", "endorse"): decide_the_review("approve"),
    ("referral", "send"): agree_to_share,
    ("referral", "give_information"): agree_to_share,
    ("referral", "begin_service"): agree_to_share,
    ("referral", "accept"): take_on,
    ("referral", "decline"): turn_down,
    ("referral", "close_with_feedback"): report_back,
    ("family_support", "agree"): say_of_the_support(),
    ("family_support", "begin_delivery"): say_of_the_support(delivered=True, separation="not_considered"),
    ("family_support", "begin_preventive_delivery"): say_of_the_support(delivered=True, separation="requested"),
    ("family_support", "complete_delivery"): say_of_the_support(delivery_complete="yes"),
    ("family_support", "evaluate"): lambda walk, row: correct(walk, row, "F26", **evaluated(walk)),
    ("family_support", "stop"): lambda walk, row: correct(walk, row, "F26", **STOPPED),
    ("placement", "confirm"): sign_the_minutes,
    ("placement", "accept"): answer(accepted=True),
    ("placement", "decline"): answer(accepted=False),
}
"""What is filed for a step before somebody asks for it; often the filing itself makes it."""


def may_be_made(machine: str, state: str, trigger: str) -> bool:
    """Whether people, or time, can make this step: else another process brings it about."""
    row = newest_machines()[machine].transition(state, trigger)
    return row is not None and bool((machine, trigger) in EVIDENCE or row.wakes is not None or PLAYED_BY.keys() & {*row.by})


def make(walk: Journey, row: Row, trigger: str, tick: Callable[[], Any]) -> None:
    """Bring a step about: by time, by what is filed, or by asking for it. Raises Stuck when nothing came of it."""
    machine, transition = row["machine"], newest_machines()[row["machine"]].transition(row["state"], trigger)
    if transition is not None and transition.wakes is not None:
        if row["wakes_at"]:
            walk.until(moment(row["wakes_at"]))
        tick()
    elif evidence := EVIDENCE.get((machine, trigger)):
        evidence(walk, row)
    if transition is not None and steps_of(walk, row) == row["steps"]:
        able = [PLAYED_BY[role] for role in transition.by if role in PLAYED_BY]
        by = MADE_BY.get((machine, trigger), able[0] if able else "")
        if not by:
            raise Stuck(f"{machine} {row['state']}: nothing makes {trigger}")
        ask = processes.AdvanceProcess(case=walk.case, process=row["id"], trigger=trigger)
        processes.advance_process(walk.store, walk.call(by), ask)


def steps_of(walk: Journey, row: Row) -> int:
    """Return how many steps a process has made by now."""
    return int(walk.rows("SELECT steps FROM process WHERE id = ?", row["id"])[0]["steps"])


def draft_a_referral(walk: Journey, draw: int) -> None:
    """To another office, to the province, or no referral: a notice."""
    bodies = walk.town.cast.bodies
    receiver = (bodies["dinas_samarinda"], bodies["provinsi"], "")[draw % 3]
    notified: dict[str, Any] = {} if receiver else {"notified": [{"body": "police", "on": today(walk), "reference": "001/CONTOH"}]}
    walk.file("F13", receiver=receiver, urgency=("normal", "urgent")[draw % 2], **notified)


def report_an_incident(walk: Journey, draw: int) -> None:
    """Of some kind; about the house the child lives in, and its staff, every other time."""
    kinds = ("neglect", "physical", "psychological", "sexual")
    at = walk.carer if draw % 2 and walk.carer in walk.town.hosts.values() else ""
    accused = [row["id"] for row in walk.rows("SELECT id FROM staff WHERE host_id = ? ORDER BY id", at)][:1] if draw % 3 else []
    file_incident(walk, type=kinds[draw % len(kinds)], subject_household=at, accused_staff=accused)


def offer_the_child(walk: Journey, draw: int) -> None:
    """To an institution that was not asked yet."""
    host = walk.town.hosts[tuple(HEADS)[draw % len(HEADS)]]
    registers.offer_child(walk.store, walk.call("sari"), registers.OfferChild(case=walk.case, host=host))


def plan_support(walk: Journey, draw: int) -> None:
    """Money or counsel."""
    walk.file("F26", kind=("financial", "psychosocial")[draw % 2])


OPENED_BY: dict[str, Callable[[Journey, int], None]] = {
    "referral": draft_a_referral,
    "incident": report_an_incident,
    "placement": offer_the_child,
    "family_support": plan_support,
}
"""What begins a process that no move of the journey begins."""
