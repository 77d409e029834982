"""When what was closed today need not be kept any longer: the clock is years ahead."""

from datetime import datetime, timedelta

from casework.http.app import now
from casework.machines.parameters import Parameters

_YEARS = timedelta(days=366) * (Parameters().retention_years + 1)


def later() -> datetime:
    """Return the moment, a year after the time of keeping is over."""
    return now() + _YEARS
