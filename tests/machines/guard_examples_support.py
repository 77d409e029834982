"""Examples of the guards of family support: guards/supporting.py."""

from datetime import timedelta
from typing import Any

from casework.machines.facts import Facts, Process
from casework.machines.forms import Delivery, PersonalData, SupportPackage
from tests.machines.builders import TODAY, ago, facts, placement, record
from tests.machines.guard_book import Book
from tests.machines.samples import sign

BOOK = Book()
holds, fails = BOOK.holds, BOOK.fails
TOMORROW = TODAY + timedelta(days=1)


def helped(state: str = "care_planning", about: dict[str, Any] | None = None, **changes: Any) -> Facts:
    """Return facts about a package of support, with its F26 as changed."""
    own = package("process-1", "planned", **changes)
    around = {"about": {"state": state}, **(about or {})}
    return facts(process=own, processes=(own,), **around)


def package(name: str, state: str, **changes: Any) -> Process:
    return Process(name, "family_support", 1, state, ago(30), ago(10), "case-1", record=record(SupportPackage, 2, **changes))


NO_RECORD = facts(process=Process("process-1", "family_support", 1, "planned", ago(30), ago(10), "case-1"))
ANOTHER_FORM = facts(
    process=Process("process-1", "family_support", 1, "planned", ago(30), ago(10), "case-1", record=record(PersonalData, 2))
)
NO_PROCESS = facts()


def delivery(days: int) -> Delivery:
    return Delivery(TODAY + timedelta(days=days), "beras", "Peksos", "kuitansi")


code = "support_agreed"
holds(code, "by the mother", helped())
holds(code, "today", helped(agreed_on=TODAY))
fails(code, "on no day", helped(agreed_on=None))
fails(code, "tomorrow", helped(agreed_on=TOMORROW))
fails(code, "nobody of the family signed", helped(signatures=sign("social_worker", "child")))
fails(code, "no F26", NO_RECORD)
fails(code, "another form", ANOTHER_FORM)
fails(code, "no process", NO_PROCESS)

code = "support_delivered"
holds(code, "once", helped())
holds(code, "one today, another announced", helped(deliveries=(delivery(0), delivery(7))))
fails(code, "nothing", helped(deliveries=()))
fails(code, "announced for tomorrow", helped(deliveries=(delivery(1),)))
fails(code, "no F26", NO_RECORD)
fails(code, "no process", NO_PROCESS)

code = "separation_at_stake"
holds(code, "asked for, while planning", helped())
for _state in ("reported", "initial_assessment", "comprehensive_assessment", "care_planning", "family_care"):
    holds(code, f"considered, in {_state}", helped(state=_state, separation="considered"))
fails(code, "nobody thought of it", helped(separation="not_considered"))
fails(code, "the child lives with kin", helped(state="kinship_care", about={"placements": (placement("kin"),)}))
fails(code, "the child came home before", helped(state="reintegration"))
fails(code, "a placement goes on", helped(about={"placements": (placement("emergency"),)}))
fails(code, "no F26", NO_RECORD)
fails(code, "no process", NO_PROCESS)

code = "delivery_finished"
holds(code, "said so", helped())
fails(code, "it goes on", helped(delivery_complete="no"))
fails(code, "no F26", NO_RECORD)
fails(code, "no process", NO_PROCESS)

code = "result_evaluated"
for result in ("helped", "partly", "not_helped"):
    holds(code, result, helped(result=result))
holds(code, "today", helped(evaluated_on=TODAY))
fails(code, "no result", helped(result=""))
fails(code, "tomorrow", helped(evaluated_on=TOMORROW))
fails(code, "on no day", helped(evaluated_on=None))
fails(code, "no F26", NO_RECORD)
fails(code, "no process", NO_PROCESS)

code = "support_stop_reasoned"
holds(code, "the family declined", helped(stopped_because="family_declined"))
fails(code, "no reason", helped())
fails(code, "no F26", NO_RECORD)
fails(code, "no process", NO_PROCESS)
