"""Guards of a data breach: what is decided about it is decided by two people."""

from casework.machines import law
from casework.machines.guards.making import HEAD, guard
from casework.machines.offices import OfficeFacts
from casework.words import Words


@guard(
    Words("Yang melaporkan atau menanganinya tidak mengakhirinya sendiri.", "Whoever reported or handled it does not end it alone."),
    fix=Words("Minta orang lain yang berwenang mengakhirinya.", "Ask somebody else who may to end it."),
    law=(law.PDP, law.DESIGN),
    who=("data_protection_officer", *HEAD),
    reads=("register:breaches",),
)
def ended_by_another(facts: OfficeFacts) -> bool:
    """Persons are compared, not accounts; every earlier step counts, the report among them."""
    return facts.ask.person not in facts.process.by
