"""What a list told, laid ready in the forms that a worker still has to ask about, complete and sign: F02 and F25 of a listed child."""

from __future__ import annotations

from typing import Any

from casework.machines.forms import KINDS, Intake, Listed
from casework.services.seen import of_case, opening
from casework.store import cases, drafts, records, registers
from casework.store.registers import ChildRow
from casework.store.unit import Unit

_ORPHANS = {(True, True): "both_dead", (True, False): "father_dead", (False, True): "mother_dead"}


@opening("form", of_case)
def begun_form(unit: Unit, case_id: str, form: str, former: str = "") -> tuple[dict[str, Any], bool]:
    """Return how the caller's form begins, and whether it is a draft of theirs: their draft, else what a list told, else nothing.

    A correction of `former` begins with the draft of that correction, never with another. Raises NotFound for a case that is not theirs.
    Only who may sign the form is shown what was told.
    """
    case = cases.get_case(unit, case_id)
    if kept := drafts.find(unit, case.id, form, former):
        return kept, True
    if not former and form in {"F02", "F25"} and not cases.capacities(unit, case).isdisjoint(KINDS[form].signers):
        filed = [row.body for row in records.records_of(unit, case.id) if row.status != "void"]
        told = next((body.listed for body in filed if isinstance(body, Intake) and body.listed), None)
        if told is not None and form not in {row.form for row in records.records_of(unit, case.id)}:
            return (_residence(told) if form == "F25" else _person(told, registers.get_child(unit, case.child_id))), False
    return {}, False


def _residence(told: Listed) -> dict[str, Any]:
    """Return F25 as far as the list goes. The papers must still be seen: no attachment is named."""
    return {
        "host": told.host,
        "since": told.since.isoformat(),
        "brought_by": told.brought_by,
        "brought_by_relation": told.brought_by_relation,
        "proofs": [{"kind": proof.kind, "dated": proof.dated.isoformat(), "attachment": ""} for proof in told.proofs],
        "parents_known": told.reason,
        "lksa_list": told.lksa_list,
    }


def _person(told: Listed, child: ChildRow) -> dict[str, Any]:
    """Return F02 as far as register and list go. Who told the religion, and which papers were seen, is left to ask."""
    dead = (told.father == "dead", told.mother == "dead")
    unsure = bool({told.father, told.mother} & {"unknown", "missing"})
    return {
        "full_name": child.name,
        "sex": child.sex,
        "birth_place": child.born_place or "",
        "born": child.born or "",
        "born_precision": child.born_precision,
        "nik": child.nik or "",
        "family_card": {"number": child.kk or ""},
        "birth_certificate": {"number": told.birth_certificate},
        "religion": child.religion,
        "education": told.education,
        "health_disability": told.health_disability,
        "father": {"name": child.father_name or "", "status": told.father},
        "mother": {"name": child.mother_name or "", "status": told.mother},
        "orphan_status": _ORPHANS.get(dead, "unknown" if unsure else "both_alive"),
    }
