"""A no that crosses a process is the same no: every error comes back from being packed as it went."""

import pickle

import pytest

from casework import errors
from casework.errors import CaseworkError, Fault, Law, Reason
from casework.words import Words

YES = Words("ya", "yes")
REASON = Reason("role_not_allowed", YES, (Law("UUPA 14", "SEEN"),), YES, ("supervisor",), ("F05",), (YES,))
GIVEN: dict[type[CaseworkError], tuple[tuple[object, ...], dict[str, object]]] = {
    errors.Refusal: (((REASON,),), {"trigger": "admit", "state": "reported", "possible": ("refer",)}),
    errors.Invalid: ((Fault("$.name", YES), Fault("$.born", YES)), {"status": 400}),
    errors.Conflict: (("somebody was faster",), {"current": 7}),
    errors.StaleVersion: (("somebody was faster",), {"current": 7}),
    errors.KeyReused: (("another body",), {"current": 7}),
    errors.KeyInFlight: (("still running",), {"current": 7}),
    errors.CodeNeeded: (("a step",), {}),
    errors.ProofNeeded: ((), {"wrong": True}),
    errors.Throttled: ((30,), {}),
    errors.DefinitionError: (("twice",), {"machine": "care_journey"}),
}
"""With what an error is raised, where it takes more than a message."""


def below(error: type[CaseworkError]) -> list[type[CaseworkError]]:
    return [error, *(found for child in error.__subclasses__() for found in below(child))]


@pytest.mark.parametrize("kind", below(CaseworkError), ids=lambda kind: kind.__name__)
def test_an_error_comes_back_from_another_process_as_it_was(kind: type[CaseworkError]) -> None:
    taken, named = GIVEN.get(kind, (("a message",), {}))
    error = kind(*taken, **named)
    back = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes, of a moment ago
    assert type(back) is kind
    assert (str(back), vars(back)) == (str(error), vars(error))
    assert kind not in GIVEN or vars(back)
