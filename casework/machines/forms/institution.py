"""What the office knows about an institution (F20) and about the people who work there (F21)."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

import msgspec

from casework.errors import Fault
from casework.machines.forms.fields import AnyId, Count, Few, Id, Line, Name, Note, Record, Religion, YesNo, fault


class Beds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Declared capacity in children. `rooms_m2` are the areas of bedrooms in whole square metres: 9 m2 hold two children."""

    girls: Count
    boys: Count
    under_three: Count
    rooms_m2: Few[Count] = ()


class InstitutionProfile(Record, frozen=True, kw_only=True, tag="F20"):
    """An institution's standing: what makes it eligible to take children (DOMAIN 5)."""

    host: Id
    name: Name
    legal_form: Literal["foundation", "association", "government", "other"]
    notarial_deed: Line = ""
    ministry_number: Line = ""
    registration_number: Line = ""
    registration_issuer: Line = ""
    registration_until: date | None = None
    accreditation_grade: Literal["", "A", "B", "C"] = ""
    accreditation_until: date | None = None
    religion: Literal["none", Religion]
    beds: Beds
    caregivers: Count
    policy_dated: date | None = None
    policy_known_to_staff: YesNo
    policy_known_to_volunteers: YesNo
    policy_known_to_children: YesNo
    complaint_channel: Note = ""
    last_inspection: date | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield a grade without its last day."""
        if self.accreditation_grade and self.accreditation_until is None:
            yield fault("accreditation_until", "Isi masa berlaku akreditasi.", "Fill in until when the accreditation holds.")


class Training(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One training attended."""

    on: date
    subject: Name


class StaffFile(Record, frozen=True, kw_only=True, tag="F21"):
    """One member of staff: police record, code of conduct, training, reviews with the children's feedback."""

    host: Id
    person: Id
    name: Name
    duty: Literal["manager", "caregiver", "staff", "volunteer"]
    police_record_dated: date | None = None
    police_record: AnyId = ""
    police_record_clear: Literal["", "yes", "no"] = ""
    code_of_conduct_signed_on: date | None = None
    trainings: Few[Training] = ()
    reviewed_on: date | None = None
    children_feedback: Note = ""
    status: Literal["pending", "cleared", "expired", "suspended", "barred"]

    def faults(self) -> Iterator[Fault]:
        """Yield a clearance without a clear police record and a signed code."""
        if self.status == "cleared" and not (
            self.police_record_dated and self.police_record_clear == "yes" and self.code_of_conduct_signed_on
        ):
            yield fault(
                "status",
                "Tanpa SKCK bersih dan kode etik bertanda tangan tidak boleh dinyatakan lolos.",
                "Not cleared without police record and code.",
            )
