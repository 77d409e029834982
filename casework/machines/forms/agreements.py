"""What parents, carers and the office sign: the statement letter (F09) and the care agreement (F10)."""

from collections.abc import Iterator
from datetime import date
from typing import Literal, TypeAlias

import msgspec

from casework.errors import Fault
from casework.machines.forms.fields import Absence, AnyId, Few, Id, Line, Name, Note, Record, Signature, Text, YesNo, fault

PartyRole: TypeAlias = Literal["child", "parent", "guardian", "carer", "lksa", "dinas"]


class StatementLetter(Record, frozen=True, kw_only=True, tag="F09"):
    """The parents' or guardian's statement about one placement. It never surrenders parental rights.

    `signed_by` is `dinas` only where the parent is absent; then a witness signs too. `carer` is the id of the setting agreed to.
    """

    carer: Id
    signed_by: Literal["father", "mother", "guardian", "dinas"]
    signer_name: Name
    relation: Line
    absence: Literal["", Absence] = ""
    statement: Text
    consent: Literal["given", "refused", "withdrawn"]
    consents_to_adoption: YesNo = "no"
    duration: Line
    contact_undertaking: Text
    financing: Note = ""
    right_to_withdraw_explained: YesNo
    surrenders_parental_rights: YesNo = "no"
    stamp_duty: YesNo
    signatures: Few[Signature]

    def faults(self) -> Iterator[Fault]:
        """Yield a surrender of rights, and Dinas signing without reason or witness."""
        if self.surrenders_parental_rights == "yes":
            yield fault(
                "surrenders_parental_rights",
                "Surat pernyataan tidak boleh berupa pelepasan hak orang tua.",
                "A statement letter may never surrender parental rights.",
            )
        if self.right_to_withdraw_explained == "no":
            yield fault("right_to_withdraw_explained", "Jelaskan dahulu hak menarik persetujuan.", "Explain the right to withdraw first.")
        if self.signed_by == "dinas" and not self.absence:
            yield fault("absence", "Sebutkan mengapa orang tua tidak menandatangani.", "Say why no parent signs.")


class Party(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One party to an agreement. A party that does not sign says why."""

    role: PartyRole
    name: Name
    person: AnyId = ""
    signed: YesNo = "yes"
    unsigned_because: Note = ""


class CareAgreement(Record, frozen=True, kw_only=True, tag="F10"):
    """Who cares for the child on which terms. Dinas is a party where the family cannot be asked; a refusal needs a court, not this."""

    kind: Literal["family", "carer", "permanent"]
    carer: AnyId = ""
    parties: Few[Party]
    dinas_because: Literal["", "deceased", "untraceable", "legally_barred"] = ""
    services: Text
    duration: Line
    starts_on: date
    duties: Text
    non_violence: YesNo
    contact: Text
    ending: Text

    def faults(self) -> Iterator[Fault]:
        """Yield an agreement without the non-violence clause, without a carer, or with a party that neither signs nor says why."""
        if self.non_violence == "no":
            yield fault(
                "non_violence", "Perjanjian harus memuat janji tanpa kekerasan.", "The agreement must contain the non-violence clause."
            )
        if self.kind != "family" and not self.carer:
            yield fault("carer", "Sebutkan pengasuh.", "Name the carer.")
        for place, party in enumerate(self.parties):
            if party.signed == "no" and not party.unsigned_because.strip():
                yield fault(
                    f"parties[{place}].unsigned_because", "Sebutkan mengapa tidak menandatangani.", "Say why this party does not sign."
                )

    def signed_by(self, *roles: PartyRole) -> bool:
        """Whether a party in one of these roles signed."""
        return any(party.role in roles and party.signed == "yes" for party in self.parties)
