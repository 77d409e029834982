"""Letting time pass as a guard asks: with the visits, reports and attempts that belong to it, each on its day."""

from datetime import datetime, timedelta
from itertools import pairwise

from casework.machines.facts import WITA, Subject
from tests.journeys.walk.town import PARAMS, Journey

MONITORED = {
    "family_care": PARAMS.monitoring_family_days,
    "reintegration": PARAMS.monitoring_reintegration_days,
    "aftercare": PARAMS.monitoring_permanent_days,
}
DAY = timedelta(days=1)


def wait_for_the_trial(walk: Journey, _trigger: str, _subject: Subject) -> None:
    """Two visits on different days, the second when the minimum has passed."""
    walk.until(walk.entered_at + DAY)
    walk.file("F15", place="rumah keluarga")
    walk.until(max(walk.entered_at + PARAMS.trial_min_days * DAY, walk.at + DAY))
    walk.file("F15", place="rumah keluarga")


def wait_for_monitoring(walk: Journey, _trigger: str, _subject: Subject) -> None:
    """Every visit of the schedule that was not made yet on its day; all of a year when that much has passed and was not enough."""
    began, state = walk.entered_at, walk.row["state"]
    required = MONITORED.get(state, PARAMS.monitoring_permanent_days)
    if state in MONITORED and walk.at >= began + required * DAY:
        required = PARAMS.monitoring_long_days
    made = _made(walk, began)
    for after in PARAMS.monitoring_visit_days[made:]:
        if after <= required and state in MONITORED:
            walk.until(began + after * DAY)
            walk.file("F15", place="rumah keluarga")
    walk.until(began + required * DAY)


def _made(walk: Journey, began: datetime) -> int:
    """Return how many visits of the schedule were made: the next one counts only after the day of the one before."""
    visits = walk.rows(
        "SELECT signed_at FROM record WHERE case_id = ? AND form = 'F15' AND signed_at >= ?", walk.case, walk.row["entered_at"]
    )
    first, made = began.astimezone(WITA).date(), 0
    for day in sorted((datetime.fromisoformat(visit["signed_at"]).astimezone(WITA).date() - first).days for visit in visits):
        made += made < len(PARAMS.monitoring_visit_days) and (made == 0 or day > PARAMS.monitoring_visit_days[made - 1])
    return made


def wait_for_pre_adoption(walk: Journey, _trigger: str, _subject: Subject) -> None:
    """Half a year, and the days the child was missing, with two reports towards its end."""
    began = datetime.fromisoformat(walk.placement["started_at"] if walk.placement else walk.row["entered_at"])
    walk.until(began + (PARAMS.pre_adoption_days - 20 + _days_missing(walk)) * DAY)
    walk.file("F24")
    walk.until(walk.at + 21 * DAY)
    walk.file("F24")


def _days_missing(walk: Journey) -> int:
    moves = walk.rows("SELECT source, dest, occurred_at FROM event WHERE case_id = ? AND kind = 'moved' ORDER BY seq", walk.case)
    spans = [
        datetime.fromisoformat(back["occurred_at"]) - datetime.fromisoformat(gone["occurred_at"])
        for gone, back in pairwise(moves)
        if gone["dest"] == "missing"
    ]
    return sum(span.days + 1 for span in spans)


def wait_for_aftercare(walk: Journey, _trigger: str, _subject: Subject) -> None:
    walk.until(walk.entered_at + PARAMS.aftercare_min_days * DAY)


def search_for_a_year(walk: Journey, _trigger: str, _subject: Subject) -> None:
    walk.until(walk.entered_at + PARAMS.missing_close_days * DAY)


def wait_for_the_birthday(walk: Journey, _trigger: str, _subject: Subject) -> None:
    walk.until(walk.birthday)


def trace_the_family(walk: Journey, _trigger: str, _subject: Subject) -> None:
    """Three attempts by two methods over a fortnight, each recorded on its day."""
    for place, method in enumerate(("visit", "phone", "visit")):
        attempt = {"on": walk.at.astimezone(WITA).date().isoformat(), "method": method, "result": f"tidak ditemukan ({place})"}
        status = {"status": "ruled_out", "code": "untraceable"} if place == 2 else {"status": "open"}
        walk.verify(walk.file("F05", rung="nuclear", attempts=[attempt], support_impossible_because="untraceable", **status))
        if place < 2:
            walk.until(walk.at + 7 * DAY)
