"""Every deadline has one creator, one canceller and one escalation; what lacks any of them is refused with its name (DOMAIN 7.11)."""

import importlib
from typing import Any

import msgspec
import pytest

from casework.machines.book import newest_machines
from casework.machines.clocks import after
from casework.machines.deadlines import UNITS, creators, own_tasks, settled_by, tasks, timer_faults
from casework.machines.effects import Done, Due, When
from casework.machines.engine import Machine, compile_machine
from casework.machines.limits import LIMITS, Limit
from casework.machines.parameters import Parameters
from casework.machines.settling import BY_HAND, SIGNED
from casework.machines.timer import Timer
from casework.machines.timers import TIMERS
from casework.services.records import DONE_BY_HAND, FULFILS
from casework.words import Words

MACHINES = newest_machines()
SPANS = {name for name in Parameters.__struct_fields__ if name.endswith(UNITS)}
KEYS = {f"T{number:02}" for number in range(1, 33)}


def faults(**changes: Any) -> str:
    return "; ".join(timer_faults(**{"machines": MACHINES, **changes}))


def but(parameter: str, **changes: Any) -> tuple[Timer, ...]:
    """The timers, one of them changed."""
    return tuple(msgspec.structs.replace(timer, **changes) if timer.parameter == parameter else timer for timer in TIMERS)


def changed(name: str, trigger: str, **row: Any) -> dict[str, Machine[Any]]:
    """The machines, one row of one of them changed."""
    definition = MACHINES[name].definition
    rows = tuple(msgspec.structs.replace(each, **row) if each.trigger == trigger else each for each in definition.transitions)
    return {**MACHINES, name: compile_machine(msgspec.structs.replace(definition, transitions=rows))}


def test_the_timers_there_are_have_no_fault() -> None:
    assert faults() == ""


def test_every_span_of_time_stands_in_exactly_one_table() -> None:
    assert sorted([row.parameter for row in TIMERS] + [row.parameter for row in LIMITS]) == sorted(SPANS)


def test_every_key_of_the_design_is_built() -> None:
    assert {row.key for row in TIMERS} | {row.key for row in LIMITS} >= KEYS


@pytest.mark.parametrize("timer", TIMERS, ids=lambda timer: timer.parameter)
def test_a_timer_without_its_row_is_refused_by_name(timer: Timer) -> None:
    assert f"{timer.parameter}: " in faults(timers=tuple(each for each in TIMERS if each is not timer))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"creator": ()}, "nothing creates it"),
        ({"creator": ("rows",)}, "nothing creates it"),
        ({"canceller": ()}, "nothing cancels it"),
        ({"escalation": ()}, "nothing happens when it passes"),
        ({"escalation": ("step:periodic_review.become_silent",)}, "step:periodic_review.become_silent is unknown"),
        ({"canceller": ("step:nothing.submit",)}, "step:nothing.submit is unknown"),
        ({"canceller": ("form:F99",)}, "form:F99 is unknown"),
        ({"escalation": ("guard:anything_goes",)}, "guard:anything_goes is unknown"),
        ({"escalation": ("hope",)}, "hope is unknown"),
    ],
)
def test_a_timer_without_creator_canceller_or_escalation_is_refused_by_name(changes: dict[str, Any], said: str) -> None:
    assert faults(timers=but("approval_urgent_hours", **changes)) == f"approval_urgent_hours: {said}"


def test_a_timer_that_keeps_quiet_about_its_rows_is_refused() -> None:
    said = "assess_medium_days: does not say that care_journey.reopen starts it"
    assert faults(timers=but("assess_medium_days", creator=("service:services.cases:open_case",))) == said


def test_a_timer_that_promises_a_worker_what_is_not_shown_to_workers_is_refused() -> None:
    timers = but("permanency_days", escalation=("overdue",))
    assert faults(timers=timers) == "permanency_days: no worker is told of permanency_decision"


def test_a_timer_whose_creating_row_is_gone_is_refused() -> None:
    assert "leave_max_days: nothing creates it" in faults(machines=changed("placement", "go_on_leave", effects=()))


def test_a_deadline_that_a_new_row_starts_without_a_timer_is_refused() -> None:
    assert "trial_min_days: started by placement.go_on_leave, but no timer" in faults(
        machines=changed("placement", "go_on_leave", effects=(Due("leave_return", "leave_max_days"), Due("review", "trial_min_days")))
    )


def test_a_task_that_nothing_settles_is_refused() -> None:
    effects = (Due("leave_return", "leave_max_days"), Due("apology", "leave_max_days"))
    assert "leave_max_days: nothing settles apology" in faults(machines=changed("placement", "go_on_leave", effects=effects))


def test_a_task_hidden_behind_a_condition_counts() -> None:
    hidden = (When("child_in_danger", (Due("apology", "incident_finding_days"),)),)
    definition = msgspec.structs.replace(MACHINES["incident"].definition, opening=hidden)
    assert "nothing settles apology" in faults(machines={**MACHINES, "incident": compile_machine(definition)})


def test_a_clock_that_does_not_say_what_it_counts_with_is_refused() -> None:
    silent = changed("reunification", "trace_again", wakes=lambda _facts: None)
    assert "reunification.trace_again: its clock does not say what it counts with" in faults(machines=silent)
    assert "tracing_retry_days: nothing creates it" in faults(machines=silent)


def test_a_span_that_is_told_twice_or_is_none_is_refused() -> None:
    none = Limit(parameter="children_per_caregiver", key="T99", about=Words("uji", "test"), where=("guard:capacity_available",))
    twice = msgspec.structs.replace(none, parameter="plan_days")
    said = "children_per_caregiver: no parameter that counts time; plan_days: stands twice"
    assert faults(limits=(*LIMITS, none, twice)) == said


def test_a_clock_is_created_by_the_steps_that_lead_to_where_it_runs() -> None:
    started = creators(MACHINES)
    assert started["tracing_retry_days"] == ["reunification.record_not_located"]
    assert started["clearance_warning_days"] == ["staff.clear", "staff.reinstate"]
    assert "identity_document.open" in started["identity_chase_days"]


def test_what_settles_a_task_here_is_what_settles_it_in_the_services() -> None:
    forms: dict[str, set[str]] = {}
    for form, kinds in FULFILS.items():
        for kind in kinds:
            forms.setdefault(kind, set()).add(form.partition(":")[0])
    forms["monitoring_visit"], forms["review"] = {"F15"}, {"F16"}
    assert {task: {*told} for task, told in SIGNED.items()} == forms
    assert BY_HAND == DONE_BY_HAND


def test_what_may_stand_twice_beside_a_case_keeps_its_tasks_apart() -> None:
    own = {name: {*own_tasks(MACHINES, name)} for name in MACHINES}
    assert own["incident"] >= {"triage", "inform_dinas", "inform_police", "inform_head", "child_seen", "finding"}
    assert own["referral"] == {"referral_reply"}
    assert own["care_journey"] == own["periodic_review"] == own["identity_document"] == set()
    assert "step:incident.notify" in settled_by(MACHINES, "inform_dinas", {"incident"})
    assert "step:incident.notify" not in settled_by(MACHINES, "inform_dinas", {"care_journey"})


def test_a_step_settles_the_tasks_that_its_row_declares_done() -> None:
    for kinds in tasks(MACHINES).values():
        for kind in kinds:
            for code in settled_by(MACHINES, kind):
                if code.startswith("step:"):
                    name, trigger = code.removeprefix("step:").split(".")
                    rows = [row for row in MACHINES[name].definition.transitions if row.trigger == trigger]
                    told = [effect for row in rows for effect in (*row.effects, *_behind(row.effects))]
                    assert Done(kind) in told, code


def _behind(effects: tuple[Any, ...]) -> list[Any]:
    return [inner for effect in effects if isinstance(effect, When) for inner in effect.effects]


@pytest.mark.parametrize(
    "code",
    sorted(
        {code for timer in TIMERS for code in (*timer.creator, *timer.canceller, *timer.escalation) if code.startswith("service:")}
        | {code for limit in LIMITS for code in limit.where if code.startswith("service:")}
    ),
)
def test_every_service_named_is_there(code: str) -> None:
    module, name = code.removeprefix("service:").split(":")
    assert callable(getattr(importlib.import_module(f"casework.{module}"), name))


def test_another_clock_is_another_definition() -> None:
    """A process is pinned to the version it began under: its clocks are part of that."""
    before = MACHINES["reunification"].digest
    assert changed("reunification", "trace_again", wakes=None)["reunification"].digest != before
    assert changed("reunification", "trace_again", wakes=after("identity_chase_days"))["reunification"].digest != before
    assert changed("reunification", "trace_again", wakes=after("tracing_retry_days"))["reunification"].digest == before
