"""The kinds of answer that forms are made of: bounded texts, closed vocabularies, dates, signatures.

Every text is bounded; every moment carries its time zone; there are no floats. Money is whole rupiah.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Meta

from casework.errors import Fault
from casework.words import Words

T = TypeVar("T")

YEARS = range(1900, 2101)
"""The years that a date or moment on a form may lie in: no living person is older, and no plan reaches further."""

Id = Annotated[str, Meta(min_length=1, max_length=64)]
AnyId = Annotated[str, Meta(max_length=64)]
"""An id, or "" for "not named"."""
Line = Annotated[str, Meta(max_length=200)]
Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
Text = Annotated[str, Meta(min_length=1, max_length=4000, pattern=r"\S")]
Note = Annotated[str, Meta(max_length=4000)]
Nik = Annotated[str, Meta(pattern=r"^\d{16}$")]
Moment = Annotated[datetime, Meta(tz=True)]
Count = Annotated[int, Meta(ge=0, le=10_000)]
Rupiah = Annotated[int, Meta(ge=0, le=10_000_000_000)]
Few = Annotated[tuple[T, ...], Meta(max_length=50)]
Many = Annotated[tuple[T, ...], Meta(max_length=200)]

YesNo: TypeAlias = Literal["yes", "no"]
YesNoUnknown: TypeAlias = Literal["yes", "no", "unknown"]
Religion: TypeAlias = Literal["islam", "protestant", "catholic", "hindu", "buddhist", "confucian", "belief", "unknown"]
Rung: TypeAlias = Literal["nuclear", "kin", "foster", "guardianship", "adoption"]
Setting: TypeAlias = Literal[
    "family", "kin", "foster", "guardianship", "adoption", "institution", "emergency", "trial_home", "independent", "closure"
]
"""Where, or how, the child would live: what an opinion or a plan is about."""
Absence: TypeAlias = Literal["deceased", "untraceable", "legally_barred", "refuses"]
SignerRole: TypeAlias = Literal[
    "child", "young_adult", "parent", "guardian", "giver", "receiver", "carer", "social_worker", "lksa_head", "dinas", "witness",
    "rt", "village",
]  # fmt: skip

HOME = "home"
"""The id that minutes and incidents use for the child's own family home, which is in no register of hosts."""


class NotAvailable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="answer", tag="not_available"):
    """The answer "not available, because": allowed only where a rule names the substitute."""

    because: Text


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One signature on the paper. `person` is the register's id of the signer, where there is one."""

    role: SignerRole
    name: Name
    person: AnyId = ""


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="form"):
    """What every form is: a frozen body whose `form` key names its code. The header lives beside it, in `Filed`."""

    def faults(self) -> Iterator[Fault]:
        """Yield what contradicts itself across fields: such a record cannot be signed."""
        yield from ()

    def doubts(self) -> Iterator[Fault]:
        """Yield what looks wrong but may be true: a warning, never a block."""
        yield from ()


def no_year(on: date) -> Words | None:
    """Return why a day or moment lies in no year that a case has, or None: arithmetic with it could leave the calendar."""
    if on.year in YEARS:
        return None
    first, last = YEARS[0], YEARS[-1]
    return Words(f"Tahunnya harus antara {first} dan {last}.", f"The year must be between {first} and {last}.")


def fault(path: str, indonesian: str, english: str) -> Fault:
    """Return a fault at a field path, written without the leading `$.`."""
    return Fault(f"$.{path}", Words(indonesian, english))


def signed_by(signatures: tuple[Signature, ...], *roles: SignerRole) -> bool:
    """Whether somebody signed in one of these roles."""
    return any(signature.role in roles for signature in signatures)
