"""Fifty thousand requests made from the interface's own description, by everybody. CASEWORK_SOAK_REQUESTS says another number."""

import os

import pytest

from tests.http.fuzzing import Fuzzing
from tests.http.policy_world import (
    PEOPLE,
    World,
    world,  # noqa: F401 - a fixture
)
from tests.http.test_fuzzing import described

REQUESTS = int(os.environ.get("CASEWORK_SOAK_REQUESTS", "50000"))


@pytest.mark.soak
def test_whatever_is_sent_is_answered_as_the_description_says(world: World) -> None:  # noqa: F811
    fuzzing = Fuzzing(world, described(world))
    fuzzing.send_examples()
    while fuzzing.requests < REQUESTS:
        fuzzing.send_strange(min(100, 1 + (REQUESTS - fuzzing.requests) // len(fuzzing.operations)))
        print(f"{fuzzing.requests} requests, {len(fuzzing.faults)} faults", flush=True)  # noqa: T201 - shown with -s
    assert fuzzing.faults == {}
    assert fuzzing.people_who_succeeded() == {*PEOPLE}
    print({status: sum(n for (_, _, got), n in fuzzing.answers.items() if got == status) for status in (200, 201, 404, 409, 422)})  # noqa: T201
