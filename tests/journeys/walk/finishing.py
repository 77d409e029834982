"""Incidents from first report to finding, requests decided by whose turn it is, and everything finished that a closing asks for."""

from datetime import datetime
from typing import Any

from casework.machines.facts import WITA, Subject
from casework.machines.forms import KINDS
from casework.machines.policy import holders
from casework.services import processes, records
from casework.store.approvals import OPEN
from tests.journeys.walk.look import body_of
from tests.journeys.walk.town import Journey


def file_incident(walk: Journey, supersedes: str = "", **said: Any) -> None:
    """File an incident, or what has become of one."""
    made = walk.file("F17", supersedes=supersedes, **said)
    walk.incidents.pop(supersedes, None)
    if said.get("closed") != "yes":
        walk.incidents[made] = said


def report_missing(walk: Journey, _trigger: str, _subject: Subject) -> None:
    file_incident(walk, type="missing")


def find_the_child(walk: Journey, _trigger: str, _subject: Subject) -> None:
    """Found, brought to safety, and the setting it left examined: a correction of the report that is still open."""
    said = {"type": "missing", "found_at": "now", "found_by": "warga", "setting_safe": "yes"}
    file_incident(walk, supersedes=_report_of_missing(walk), **said)


def tell_the_police(walk: Journey, _trigger: str, _subject: Subject) -> None:
    said = {"type": "missing", "police_reported_at": "now", "police_reference": "LP/001"}
    file_incident(walk, supersedes=_report_of_missing(walk), **said)


def _report_of_missing(walk: Journey) -> str:
    return next((record for record, said in reversed(walk.incidents.items()) if said["type"] == "missing"), "")


def report_the_death(walk: Journey, _trigger: str, _subject: Subject) -> None:
    file_incident(walk, type="death")


INVESTIGATED = (
    ("reported", "triage", "maya"),
    ("triaged", "protect", "sari"),
    ("protective_action", "notify", "sari"),
    ("notified", "investigate", "bambang"),
    ("investigating", "find_unsubstantiated", "bambang"),
    ("unsubstantiated", "close", "lina"),
)
"""What becomes of an incident, who does it, and from where: the worker reports, somebody else examines."""


FINDING = {"substantiated": "substantiated", "sanctioned": "substantiated", "inconclusive": "inconclusive"}
"""What was found before somebody else finishes an incident; else it is found unsubstantiated."""
NEXT = {source: (trigger, by) for source, trigger, by in INVESTIGATED} | {
    "substantiated": ("sanction", "lina"),
    "sanctioned": ("close", "lina"),
    "inconclusive": ("close", "lina"),
}


def close_incidents(walk: Journey, but: str = "") -> None:
    """Examine whatever is open, but the newest incident of one type: the child is seen, the finding written, each step made."""
    kept = next((record for record, said in reversed(walk.incidents.items()) if said["type"] == but), "")
    going = walk.rows("SELECT * FROM process WHERE case_id = ? AND machine = 'incident' AND state <> 'closed' ORDER BY id", walk.case)
    for process in going:
        record = newest_version(walk, process["record_id"])
        if record != kept:
            finish_incident(walk, process, record)


def finish_incident(walk: Journey, process: Any, record: str) -> None:
    """Write everything that a closing asks for, and make the steps that are left."""
    done = {
        "closed": "yes",
        "finding": FINDING.get(process["state"], "unsubstantiated"),
        "investigation": "Saksi dan anak sudah didengar.",
        "reported_to_dinas_at": "now",
        "dinas_reference": "001",
        "setting_safe": "yes",
        "police_reported_at": "now",
        "police_reference": "LP/001",
        "ministry_reported_at": "now",
        "ministry_reference": "KS/001",
        "sanction": "peringatan tertulis",
    }
    walk.file("F15", place="rumah keluarga")
    file_incident(walk, supersedes=record, **{**walk.incidents.get(record, {}), **done})
    while (state := state_of(walk, process["id"])) in NEXT:
        advance_process(walk, process["id"], *NEXT[state])


UNANSWERED = ("drafted", "sent", "info_requested", "acknowledged", "unanswered")


def take_back_referrals(walk: Journey) -> None:
    """Cancel what nobody has answered."""
    going = walk.rows("SELECT id, state FROM process WHERE case_id = ? AND machine = 'referral' ORDER BY id", walk.case)
    for process in going:
        if process["state"] in UNANSWERED:
            advance_process(walk, process["id"], "cancel", "sari")


def newest_version(walk: Journey, record: str) -> str:
    """Return the record that stands for this one by now."""
    while after := walk.rows("SELECT id FROM record WHERE supersedes = ?", record):
        record = after[0]["id"]
    return record


def correct(walk: Journey, process: Any, form: str, **more: Any) -> str:
    """Sign a newer version of the form that a process is about, with more said on it."""
    record = newest_version(walk, process["record_id"])
    body = body_of(walk.rows, record)
    fields = KINDS[form].form.__struct_fields__
    return walk.file(form, supersedes=record, **{**{key: value for key, value in body.items() if key in fields}, **more})


def process_of(walk: Journey, record: str) -> str:
    """Return the process that the first version of a form began."""
    while before := walk.rows("SELECT supersedes FROM record WHERE id = ?", record)[0]["supersedes"]:
        record = before
    return str(walk.rows("SELECT id FROM process WHERE record_id = ?", record)[0]["id"])


def state_of(walk: Journey, process: str) -> str:
    """Return where a process stands."""
    return str(walk.rows("SELECT state FROM process WHERE id = ?", process)[0]["state"])


def advance_process(walk: Journey, process: str, trigger: str, by: str) -> None:
    """Make a step of a process beside the case."""
    ask = processes.AdvanceProcess(case=walk.case, process=process, trigger=trigger)
    processes.advance_process(walk.store, walk.call(by), ask)


def plan_adult_life(walk: Journey, _trigger: str, _subject: Subject) -> None:
    """The closure form with everything on it."""
    walk.file("F18", reason="aftercare_completed", adult_service={"service": "pelatihan kerja", "answer": "accepted"})


def finish_what_is_open(walk: Journey, trigger: str, subject: Subject) -> None:
    """Incidents, then tasks that are due, then requests that wait, then the closure form itself."""
    close_incidents(walk)
    take_back_referrals(walk)
    for task in due_tasks(walk):
        settle(walk, task["id"], task["kind"], trigger, subject)
    decide_what_waits(walk)
    plan_adult_life(walk, trigger, subject)


def finish_before_the_end(walk: Journey, trigger: str, subject: Subject) -> None:
    """What every end asks for: incidents, tasks that are due, and ratifications. The death, and the loss, stay open."""
    close_incidents(walk, but={"record_death": "death", "close_long_missing": "missing"}.get(trigger, ""))
    take_back_referrals(walk)
    for task in due_tasks(walk):
        settle(walk, task["id"], task["kind"], trigger, subject)
    decide_what_waits(walk)


def due_tasks(walk: Journey) -> list[Any]:
    """Return the tasks that are due by now."""
    now = walk.at.astimezone(tz=None).timestamp()
    found = walk.rows("SELECT id, kind, due_at FROM task WHERE case_id = ? AND settled_at IS NULL ORDER BY kind", walk.case)
    return [row for row in found if datetime.fromisoformat(row["due_at"]).timestamp() <= now + 3600]


FORM_FOR = {
    "initial_assessment": "F03", "comprehensive_assessment": "F04", "legacy_assessment": "F04", "renew_options": "F05", "child_view": "F06",
    "plan": "F08", "contact_plan": "F08", "admission_minutes": "F11", "first_visit": "F15", "monitoring_visit": "F15", "review": "F16",
    "child_seen": "F15", "return_interview": "F06", "contact": "F15", "monthly_report": "F27",
}  # fmt: skip


DONE_BY_LEAVING = frozenset(
    {
        *("emergency_exit", "trial_decision", "aftercare_decision", "triage", "investigation_plan", "finding"),
        *("referral_reply", "leave_return", "review_record", "exit_after_18", "emergency_limit", "birth_date", "missing_hold"),
    }
)
"""Decisions that the next step itself is, of the case or of an incident: nothing else settles them, and they stand in no one's way."""


DECIDES = {"supervisor": "bambang", "dinas_head": "yusuf"}
"""Who reports as done what is a supervisor's, or the head's, own to decide."""


def settle(walk: Journey, task: str, kind: str, _trigger: str, _subject: Subject) -> None:
    """Do what a task asks for: by its form, or by hand."""
    settled = not walk.rows("SELECT 1 FROM task WHERE id = ? AND settled_at IS NULL", task)
    if settled or kind in DONE_BY_LEAVING:
        return
    if kind == "family_tracing":
        find_the_family(walk)
        return
    if kind in {"support_delivery", "support_evaluation"}:
        finish_support(walk)
        return
    if kind == "new_referral_target":
        walk.file("F13", receiver=walk.town.cast.bodies["dinas_samarinda"])
        take_back_referrals(walk)
        return
    form = FORM_FOR.get(kind)
    if form is None:
        ask = records.CompleteTask(case=walk.case, task=task, note="sudah dilakukan")
        records.complete_task(walk.store, walk.call(DECIDES.get(holders("complete_task", kind)[0], "sari")), ask)
        return
    said = {"F03": {"recommendation": "no_action"}, "F05": {"rung": "nuclear"}, "F11": {"host": walk.carer}}.get(form, {})
    said = {"kind": "return"} if kind == "return_interview" else said
    if kind == "review":
        walk.file("F15", place="tempat anak tinggal")
    made = walk.file(form, **said)
    if kind == "review":
        walk.countersign(made)


def find_the_family(walk: Journey) -> None:
    """Write down where it was found, and record it as located."""
    found = {"on": walk.at.astimezone(WITA).date().isoformat(), "method": "visit", "result": "ditemukan"}
    walk.file("F14", decision="preparing", tracing=[found])
    for process in walk.rows("SELECT id, state FROM process WHERE case_id = ? AND machine = 'reunification' ORDER BY id", walk.case):
        if process["state"] in {"opened", "tracing", "not_located"}:
            advance_process(walk, process["id"], "record_located", "sari")


STOPPED = {"stopped_because": "no_longer_needed", "stopped_note": "keluarga sudah mampu"}


def evaluated(walk: Journey) -> dict[str, str]:
    """Return what a package of support says once its result is known."""
    day = walk.at.astimezone(WITA).date().isoformat()
    return {"delivery_complete": "yes", "result": "helped", "result_because": "keluarga lebih tenang", "evaluated_on": day}


def finish_support(walk: Journey) -> None:
    """Evaluate what was delivered, and stop what was not."""
    for process in walk.rows("SELECT * FROM process WHERE case_id = ? AND machine = 'family_support' ORDER BY id", walk.case):
        if process["state"] == "delivered":
            correct(walk, process, "F26", **evaluated(walk))
        elif process["state"] in {"planned", "agreed", "being_delivered"}:
            correct(walk, process, "F26", **STOPPED)


def decide_what_waits(walk: Journey) -> None:
    """Let whoever's turn it is approve every request that is open."""
    for row in walk.rows("SELECT id FROM approval_request WHERE case_id = ? AND status IN ('submitted', 'in_second_approval')", walk.case):
        while next_role := turn_of(walk, row["id"]):
            decide_as(walk, row["id"], next_role)


def turn_of(walk: Journey, request: str) -> str:
    """Return the role whose turn it is on a request, or "" when it waits for nobody."""
    row = walk.rows("SELECT needs, status FROM approval_request WHERE id = ?", request)[0]
    given = walk.rows("SELECT COUNT(*) FROM approval_decision WHERE request_id = ?", request)[0][0]
    return "" if row["status"] not in OPEN else row["needs"].split(",")[given]


def decide_as(walk: Journey, request: str, role: str, decision: str = "approve") -> None:
    """Decide in a role, by somebody who did not make the request."""
    requester = walk.rows("SELECT requester FROM approval_request WHERE id = ?", request)[0]["requester"]
    able = {"supervisor": ("bambang", "lina"), "dinas_head": ("yusuf",)}[role]
    by = next(key for key in able if walk.town.who[key].person != requester)
    walk.decide(request, by, decision)
