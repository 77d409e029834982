"""Examples of the guards in guards/grievances.py."""

from typing import Any

from casework.machines.complaints import ComplaintFacts
from casework.machines.engine import Ask
from tests.machines.builders import LKSA_HEAD, PARAMS, SUPERVISOR
from tests.machines.guard_book import Book
from tests.machines.samples import NOW

BOOK = Book()
holds, fails = BOOK.holds, BOOK.fails


def complaint(**changes: Any) -> ComplaintFacts:
    """A complaint about a house whose head is known, looked at by the supervisor."""
    standard: dict[str, Any] = {"concerned": frozenset({LKSA_HEAD}), "ask": Ask(SUPERVISOR, frozenset({"supervisor"}))}
    return ComplaintFacts(now=NOW, params=PARAMS, **{**standard, **changes})


code = "not_concerned"
holds(code, "somebody of the office", complaint())
fails(code, "the head of the house, whatever the account", complaint(ask=Ask(LKSA_HEAD, frozenset({"supervisor"}))))

code = "incident_reported"
holds(code, "an F17 was signed", complaint(incident=True))
fails(code, "no F17", complaint())

code = "answer_written"
holds(code, "an answer", complaint(answer="Kami datang besok."))
fails(code, "no answer", complaint())
fails(code, "blanks", complaint(answer="  \n"))

code = "danger_looked_into"
holds(code, "no danger", complaint())
holds(code, "danger with its incident", complaint(danger=True, incident=True))
fails(code, "danger without an incident", complaint(danger=True))

code = "closed_by_another"
holds(code, "somebody else answered", complaint(answered_by="p-lina"))
fails(code, "the same person answered", complaint(answered_by=SUPERVISOR))
fails(code, "nobody answered", complaint())
