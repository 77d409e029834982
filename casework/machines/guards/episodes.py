"""Guards of one placement."""

from datetime import date

from casework.machines import law
from casework.machines.facts import Facts, Placement
from casework.machines.forms import AdmissionMinutes
from casework.machines.guards.evidence import day, newest
from casework.machines.guards.making import HOUSE, WORKER, guard
from casework.words import Words


def episode_of(facts: Facts) -> Placement | None:
    """Return the placement that the process is about: they share their id. None before it has begun."""
    process = facts.process
    return next((each for each in facts.placements if process is not None and each.id == process.id), None)


def held_until(facts: Facts) -> date | None:
    """Return the last day (WITA) on which a place is held, or None where none is."""
    process = facts.process
    return day(process.due_at) if process is not None and process.due_at is not None else None


@guard(
    Words("Berita acara penerimaan untuk tempat ini belum ditandatangani.", "The admission minutes of this house are not signed."),
    fix=Words("Tandatangani F11 untuk tempat anak diterima.", "Sign F11 for the house that took the child in."),
    law=(law.SNPA_PLAN, law.DESIGN),
    who=(*WORKER, *HOUSE),
    reads=("F11", "register:placements"),
)
def minutes_name_this_host(facts: Facts) -> bool:
    """The newest minutes are about this placement's host and were signed since it began."""
    episode, minutes = episode_of(facts), newest(facts, AdmissionMinutes)
    if episode is None or minutes is None:
        return False
    return minutes.body.host == episode.host and minutes.signed_at >= episode.started_at
