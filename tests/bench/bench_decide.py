"""How long one decision takes: `python -m tests.bench.bench_decide`. A measurement, not a test: machines differ, laws do not.

Budget on the machine this was written on (2 cores, 2.5 GHz class): at most 60 microseconds for an admission with full evidence, aim 25.
What a decision has to be given counts too: sorting the facts once, and turning them to another trigger.
"""

import statistics
import sys
import time
from collections.abc import Callable

import msgspec

from casework.machines.care import CARE
from casework.machines.engine import Move
from casework.machines.facts import Facts
from tests.machines.builders import admissible

ROUNDS = 2_000
BUDGET_MICROSECONDS = 60.0
AIM_MICROSECONDS = 25.0


def median_microseconds(ask: Callable[[], object]) -> float:
    """Return the median time of one call."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter_ns()
        ask()
        times.append(time.perf_counter_ns() - began)
    return statistics.median(times) / 1_000


def slowest_guards(facts: Facts) -> list[tuple[float, str]]:
    """Return the guards of an admission with the median time of each, slowest first."""
    row = CARE.transition("care_planning", "admit_to_institution")
    guards = row.guards if row is not None else ()
    return sorted(((median_microseconds(lambda guard=guard: guard.unmet(facts)), guard.code) for guard in guards), reverse=True)  # type: ignore[misc]


def main() -> None:
    """Measure and print."""
    full = admissible()
    if not isinstance(CARE.decide("care_planning", "admit_to_institution", full), Move):
        raise SystemExit("the builders' full evidence no longer admits: measure something that moves")
    bare = msgspec.structs.replace(full, records=())
    admission = median_microseconds(lambda: CARE.decide("care_planning", "admit_to_institution", full))
    refusal = median_microseconds(lambda: CARE.decide("care_planning", "admit_to_institution", bare))
    outlook = median_microseconds(lambda: CARE.explain("care_planning", full))
    sorting = median_microseconds(lambda: msgspec.structs.replace(full, records=(*full.records,)))
    turning = median_microseconds(lambda: msgspec.structs.replace(full, trigger="change_institution"))
    lines = [
        f"admission, full evidence      {admission:8.1f} us   (budget {BUDGET_MICROSECONDS:.0f}, aim {AIM_MICROSECONDS:.0f})",
        f"admission, nothing filed      {refusal:8.1f} us",
        f"explain(care_planning), full  {outlook:8.1f} us",
        f"facts sorted                  {sorting:8.1f} us",
        f"facts for another trigger     {turning:8.1f} us",
        *(f"  {code:40} {microseconds:6.1f} us" for microseconds, code in slowest_guards(full)[:6]),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.exit(admission > BUDGET_MICROSECONDS)


if __name__ == "__main__":
    main()
