"""Who the child is and who belongs to it: personal data of child and family (F02)."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

import msgspec

from casework.errors import Fault
from casework.machines.forms.fields import AnyId, Few, Line, Many, Name, Nik, NotAvailable, Note, Record, Religion, fault

FEMALE_DAY_OFFSET = 40
"""In a NIK the day of birth of a woman is written plus 40."""


class IdentityPaper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where one identity paper stands (DOMAIN 7.10). `number` when held; `receipt` of the application when applied for."""

    status: Literal["held", "applied", "missing"]
    number: Line = ""
    receipt: Line = ""

    @property
    def known_or_applied(self) -> bool:
        """Whether the paper's number, or the receipt of its application, is known."""
        return bool((self.status == "held" and self.number.strip()) or (self.status == "applied" and self.receipt.strip()))


class Parent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One parent as far as known."""

    name: Line
    status: Literal["alive", "dead", "unknown", "missing", "prison", "migrant_worker"]
    nik: Nik | NotAvailable = NotAvailable("belum diketahui")
    address: Line = ""
    phone: Line = ""
    occupation: Line = ""
    income: Literal["unknown", "none", "below_1m", "1m_to_3m", "above_3m"] = "unknown"


class Sibling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A brother or sister and where they live."""

    name: Name
    lives_at: Line
    child_id: AnyId = ""


class Kin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One relative to the third degree. `relative` is the id in the family register, once entered there."""

    name: Name
    relation: Name
    degree: Literal[1, 2, 3]
    relative: AnyId = ""
    contact: Line = ""


class PersonalData(Record, frozen=True, kw_only=True, tag="F02"):
    """The child's identity and family. Name, birth, parents and religion are never changed without a legal paper (seed)."""

    full_name: Name
    alias: Line = ""
    sex: Literal["female", "male"]
    birth_place: Line
    born: date | None
    born_precision: Literal["day", "month", "year", "unknown"]
    nik: Nik | NotAvailable
    family_card: IdentityPaper
    birth_certificate: IdentityPaper
    child_identity_card: IdentityPaper = IdentityPaper("missing")
    religion: Religion
    religion_source: Literal["document", "parent", "child", "local_majority"]
    ethnicity_language: Line = ""
    nationality: Line = "Indonesia"
    photo: AnyId = ""
    education: Line = ""
    health_disability: Note = ""
    allergies: Line = ""
    bpjs: Line = ""
    pkh: Line = ""
    dtks: Line = ""
    father: Parent
    mother: Parent
    orphan_status: Literal["father_dead", "mother_dead", "both_dead", "both_alive", "unknown"]
    siblings: Few[Sibling] = ()
    kin: Many[Kin] = ()

    def faults(self) -> Iterator[Fault]:
        """Yield an orphan status the parents do not bear out, and a birth date that contradicts its precision."""
        if self.orphan_status not in _orphan_statuses(self.father, self.mother):
            yield fault(
                "orphan_status",
                "Status yatim/piatu tidak sesuai dengan keadaan orang tua.",
                "The orphan status does not match the parents.",
            )
        if (self.born is None) != (self.born_precision == "unknown"):
            yield fault(
                "born_precision", "Ketelitian tanggal lahir tidak sesuai dengan tanggalnya.", "The precision does not match the birth date."
            )

    def doubts(self) -> Iterator[Fault]:
        """Yield a NIK that does not carry this birth date and sex: many are wrong, so it never blocks."""
        if isinstance(self.nik, str) and self.born and self.born_precision == "day" and self.nik[6:12] != _nik_birth(self.born, self.sex):
            yield fault("nik", "Tanggal lahir atau jenis kelamin dalam NIK berbeda.", "The NIK carries another birth date or sex.")


def _orphan_statuses(father: Parent, mother: Parent) -> tuple[str, ...]:
    """Return the orphan statuses that two parents allow: `unknown` only while one of them is not known to be alive or dead."""
    match (father.status == "dead", mother.status == "dead"):
        case (True, True):
            return ("both_dead",)
        case (True, False):
            return ("father_dead",)
        case (False, True):
            return ("mother_dead",)
    if {father.status, mother.status} & {"unknown", "missing"}:
        return ("both_alive", "unknown")
    return ("both_alive",)


def _nik_birth(born: date, sex: str) -> str:
    day = born.day + (FEMALE_DAY_OFFSET if sex == "female" else 0)
    return f"{day:02}{born.month:02}{born.year % 100:02}"
