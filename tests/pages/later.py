"""The program as it stands when what was closed today need not be kept any longer: its clock is years ahead."""

from datetime import timedelta

from litestar import Litestar

from casework.http import app
from casework.machines.parameters import Parameters

LATER = "tests.pages.later:create"
_YEARS = timedelta(days=366) * (Parameters().retention_years + 1)


def create() -> Litestar:
    """Return the application, a year after the time of keeping is over."""
    return app.create(clock=lambda: app.now() + _YEARS)
