"""What a family is helped with so that the child can stay or come home: one package, its deliveries and what came of it (F26)."""

from collections.abc import Iterator
from datetime import date
from typing import Literal, TypeAlias

import msgspec

from casework.errors import Fault
from casework.machines.forms.fields import Count, Few, Many, Name, Note, Record, Rupiah, Signature, Text, YesNo, fault, signed_by

Money: TypeAlias = Literal["pkh", "bpnt", "cash", "school_fee", "school_supplies", "health_insurance", "housing", "livelihood", "goods"]
Care: TypeAlias = Literal["counselling", "parenting", "family_mediation", "trauma_support", "peer_group", "respite", "companionship"]
MONEY: frozenset[str] = frozenset({*Money.__args__})  # type: ignore[attr-defined]
"""Kinds of financial help; every other kind is psychosocial."""


class Delivery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What reached the family once: on which day, by whom, and what shows it (receipt, attendance list, photograph)."""

    on: date
    what: Name
    delivered_by: Name
    proof: Name
    amount: Rupiah | None = None


class SupportPackage(Record, frozen=True, kw_only=True, tag="F26"):
    """One package of help for one family. Signed when it is planned; each delivery and the result are signed as its newer version.

    `separation` says whether the child's leaving the family was being considered, or somebody asked for it, when the help was planned.
    """

    kind: Literal["financial", "psychosocial"]
    help: Literal[Money, Care]
    what: Name
    family_problem: Text
    separation: Literal["not_considered", "considered", "requested"]
    separation_because: Note = ""
    provider: Name
    amount: Rupiah | None = None
    sessions: Count | None = None
    starts_on: date
    ends_on: date | None = None
    agreed_on: date | None = None
    signatures: Few[Signature] = ()
    deliveries: Many[Delivery] = ()
    delivery_complete: YesNo = "no"
    evaluated_on: date | None = None
    result: Literal["", "helped", "partly", "not_helped"] = ""
    result_because: Note = ""
    stopped_because: Literal["", "family_declined", "no_longer_needed", "provider_stopped", "not_suitable", "entered_in_error"] = ""
    stopped_note: Note = ""

    @property
    def family_signed(self) -> bool:
        """Whether one of those who care for the child has signed."""
        return signed_by(self.signatures, "parent", "guardian", "carer")

    def faults(self) -> Iterator[Fault]:
        """Yield a package whose size, agreement, deliveries or result contradict each other."""
        yield from self._size()
        if self.separation != "not_considered" and not self.separation_because.strip():
            yield fault(
                "separation_because",
                "Tuliskan siapa yang mempertimbangkan atau meminta pemisahan, dan mengapa.",
                "Write who considered or asked for separation, and why.",
            )
        if (self.agreed_on is not None) != self.family_signed:
            yield fault(
                "agreed_on",
                "Isi tanggal persetujuan dan tanda tangan keluarga bersama-sama.",
                "Fill in the day of the agreement and the family's signature together.",
            )
        yield from self._delivered()
        yield from self._ended()

    def _size(self) -> Iterator[Fault]:
        financial = self.kind == "financial"
        if financial != (self.help in MONEY):
            yield fault("help", "Bentuk bantuan ini bukan dari jenis tersebut.", "This help is not of that kind.")
        if financial and not self.amount:
            yield fault("amount", "Tuliskan nilai bantuan dalam rupiah.", "Write the amount in rupiah.")
        if not financial and not self.sessions:
            yield fault("sessions", "Tuliskan jumlah pertemuan.", "Write the number of sessions.")
        if self.ends_on is not None and self.ends_on < self.starts_on:
            yield fault("ends_on", "Akhir masa dukungan mendahului awalnya.", "The support ends before it starts.")

    def _delivered(self) -> Iterator[Fault]:
        if self.deliveries and self.agreed_on is None:
            yield fault("agreed_on", "Catat dahulu persetujuan keluarga.", "Record the family's agreement first.")
        for place, delivery in enumerate(self.deliveries):
            if self.agreed_on is not None and delivery.on < self.agreed_on:
                yield fault(f"deliveries[{place}].on", "Mendahului persetujuan keluarga.", "Before the family agreed.")
        if self.delivery_complete == "yes" and not self.deliveries:
            yield fault("delivery_complete", "Belum ada penyerahan yang dicatat.", "No delivery is recorded.")

    def _ended(self) -> Iterator[Fault]:
        if self.result and not (self.deliveries and self.evaluated_on):
            yield fault(
                "evaluated_on", "Hasil dinilai sesudah dukungan diserahkan: isi tanggalnya.", "A result has its day, after a delivery."
            )
        if self.evaluated_on and any(delivery.on > self.evaluated_on for delivery in self.deliveries):
            yield fault("evaluated_on", "Ada penyerahan sesudah tanggal ini.", "There is a delivery after this day.")
        if self.result and not self.result_because.strip():
            yield fault("result_because", "Tuliskan alasan penilaian itu.", "Write why it is judged so.")
        if self.stopped_because and not self.stopped_note.strip():
            yield fault("stopped_note", "Jelaskan mengapa dukungan dihentikan.", "Explain why the support is stopped.")
