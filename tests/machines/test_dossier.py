"""The evidence that the proofs try: records that could be signed, and signatures as the engine counts them."""

from typing import Any

import pytest

from casework.machines.dossier import ATOMS, CARE_DOSSIER
from casework.machines.engine import Approval, Ask, Transition, unmet_approvals
from casework.machines.facts import Facts
from casework.machines.paths import SIGNATURES
from tests.machines.toys import LAW, WORD


@pytest.mark.parametrize("atom", ATOMS, ids=lambda atom: atom.name)
def test_every_record_of_the_dossier_could_be_signed(atom: Any) -> None:
    assert list(atom.body.faults()) == []


@pytest.mark.parametrize("roles", [("supervisor",), ("dinas_head",), ("supervisor", "dinas_head")])
def test_the_engine_accepts_exactly_the_signatures_that_are_enough(roles: tuple[str, ...]) -> None:
    asking = Transition[Facts]("ask", WORD, ("a",), "b", approvals=tuple(map(Approval, roles)), law=LAW)
    levels = next(axis.levels for axis in CARE_DOSSIER.axes if axis.name == SIGNATURES)
    assert {level for level in levels if CARE_DOSSIER.signed(asking, level)} == {*CARE_DOSSIER.enough(roles)}
    assert list(unmet_approvals(asking, Ask("", frozenset())))
