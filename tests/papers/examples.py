"""Papers to start from: every form that is one, filled in as in the samples, and as long as its bounds let it be."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from casework.machines.forms import KINDS, Form
from casework.services.children import ChildView
from casework.services.official import Entered, Official, Tried
from casework.words import Words
from tests.machines.samples import SAMPLES

SIGNED = datetime(2026, 11, 21, 1, 12, tzinfo=UTC)
"""09.12 in WITA, on a Saturday."""
HASH = "7f3a91c2" * 8
CHILD = ChildView(
    id="child-1",
    name="Intan Permata",
    sex="female",
    born=date(2012, 11, 30),
    age=13,
    exact=True,
    born_place="Tenggarong",
    religion=Words("Islam", "Islam"),
    nik="",
    kk="",
    mother_name="Nurhayati",
    father_name="Darmawan",
)
CALLED = {
    "host-lksa": "LKSA Harapan Mahakam",
    "host-old": "LKSA Kasih Bunda",
    "kin-uncle": "Ahmad Yani",
    "body-province": "Dinas Sosial Provinsi Kalimantan Timur",
}
ENDED = ("incapable_despite_support", "unwilling_after_counselling", "none_available_after_search", "parents_have_custody", "age")
TRIED = tuple(
    Tried(rung, SIGNED - timedelta(days=9 - place), (ENDED[place],))
    for place, rung in enumerate(("nuclear", "kin", "foster", "guardianship", "adoption"))
)
BODIES: dict[str, Form] = {str(type(one).__struct_config__.tag): one for one in SAMPLES}
CODES = tuple(code for code, kind in KINDS.items() if kind.paper)
"""The forms that are official papers."""


def official(form: str, /, body: dict[str, Any] | None = None, **changes: Any) -> Official:
    """Return what the paper of a form is made of. `body` changes its answers, `changes` everything beside them."""
    standard: dict[str, Any] = {
        "case": "case-1",
        "number": "KKR-2026-0147",
        "version": 12,
        "record": "record-1",
        "body": msgspec.structs.replace(BODIES[form], **(body or {})),
        "standing": "signed",
        "child": CHILD,
        "dated": SIGNED,
        "author": "Sari Wulandari, S.Tr.Sos.",
        "author_role": "social_worker",
        "countersigned_by": "",
        "countersigned_at": None,
        "entry": Entered(12, HASH, SIGNED),
        "replaces": None,
        "replaced_by": None,
        "called": CALLED,
        "carer": "LKSA Harapan Mahakam",
        "tried": TRIED if form == "F11" else (),
    }
    return Official(**{**standard, **changes})
