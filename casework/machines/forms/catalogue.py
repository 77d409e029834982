"""Every form by its code: the Struct, its title, and who may sign it. Adding a form is one row here and one Struct."""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, TypeAlias, cast

import msgspec

from casework.machines.forms.agreements import CareAgreement, StatementLetter
from casework.machines.forms.assessment import CaseConference, ChildView, ComprehensiveAssessment, InitialAssessment
from casework.machines.forms.closure import Closure
from casework.machines.forms.fields import Record
from casework.machines.forms.identity import PersonalData
from casework.machines.forms.institution import InstitutionProfile, StaffFile
from casework.machines.forms.intake import Consent, EmergencySheet, ExistingResident, Intake
from casework.machines.forms.options import CarerVerification, OptionSheet
from casework.machines.forms.placement import AdmissionMinutes, HandoverMinutes, Referral
from casework.machines.forms.planning import CarePlan
from casework.machines.forms.reports import Incident, MonthlyReport, ProgressReport, SocialReport
from casework.machines.forms.reunification import Monitoring, Reunification
from casework.machines.forms.support import SupportPackage
from casework.words import Words

Form: TypeAlias = (
    Intake
    | PersonalData
    | InitialAssessment
    | ComprehensiveAssessment
    | OptionSheet
    | ChildView
    | CaseConference
    | CarePlan
    | StatementLetter
    | CareAgreement
    | AdmissionMinutes
    | HandoverMinutes
    | Referral
    | Reunification
    | Monitoring
    | ProgressReport
    | Incident
    | Closure
    | CarerVerification
    | InstitutionProfile
    | StaffFile
    | Consent
    | EmergencySheet
    | SocialReport
    | ExistingResident
    | SupportPackage
    | MonthlyReport
)

WORKER = ("social_worker",)
ON_DUTY = ("social_worker", "social_worker_on_duty", "supervisor")
OFFICE = ("social_worker", "supervisor")
FIELD = ("social_worker", "tksk", "psm")
HOUSE = ("lksa_head", "lksa_staff")


class Kind(msgspec.Struct, frozen=True):
    """One form as a kind of record. `countersigner` is the role that approves the record itself, where one must.

    `paper` is how numbers of letters call it where it is printed as an official paper ("BA" for minutes), "" where it is none.
    """

    code: str
    form: type[Record]
    title: Words
    signers: tuple[str, ...]
    countersigner: str | None = None
    paper: str = ""

    @property
    def personal(self) -> frozenset[str]:
        """The top-level fields that may hold personal data: whatever can carry free text or a date of birth."""
        return _personal(self.form)


@cache
def _personal(form: type[Record]) -> frozenset[str]:
    known = cast("msgspec.inspect.StructType", msgspec.inspect.type_info(form)).fields
    return frozenset(field.name for field in known if field.name == "born" or _holds_text(field.type))


def _holds_text(kind: msgspec.inspect.Type) -> bool:
    match kind:
        case msgspec.inspect.StrType():
            return True
        case msgspec.inspect.Metadata(type=inner):
            return _holds_text(inner)
        case msgspec.inspect.VarTupleType(item_type=inner):
            return _holds_text(inner)
        case msgspec.inspect.UnionType(types=inners):
            return any(_holds_text(inner) for inner in inners)
        case msgspec.inspect.StructType(fields=fields):
            return any(_holds_text(field.type) for field in fields)
    return False


def _kinds() -> Iterator[Kind]:
    yield Kind(
        "F01", Intake, Words("Penerimaan laporan/rujukan masuk", "Intake"), ("reporter", *FIELD, "social_worker_on_duty", "supervisor")
    )
    yield Kind("F02", PersonalData, Words("Data pribadi anak dan keluarga", "Personal data of child and family"), FIELD)
    yield Kind("F03", InitialAssessment, Words("Asesmen awal anak dan keluarga", "Initial assessment"), ON_DUTY)
    yield Kind("F04", ComprehensiveAssessment, Words("Asesmen lanjutan", "Comprehensive assessment"), WORKER, "supervisor")
    yield Kind("F05", OptionSheet, Words("Lembar penelusuran opsi keluarga", "Family-option sheet"), FIELD)
    yield Kind("F06", ChildView, Words("Lembar pendapat anak", "The child's view"), ON_DUTY)
    yield Kind("F07", CaseConference, Words("Notulen pembahasan kasus", "Case conference minutes"), OFFICE)
    yield Kind("F08", CarePlan, Words("Rencana pengasuhan", "Care plan"), WORKER, "supervisor")
    yield Kind(
        "F09", StatementLetter, Words("Surat pernyataan orang tua/wali", "Statement letter of the parents or guardian"), OFFICE, paper="SP"
    )
    yield Kind("F10", CareAgreement, Words("Surat perjanjian pengasuhan", "Care agreement"), OFFICE, paper="PJ")
    yield Kind("F11", AdmissionMinutes, Words("Berita acara penerimaan", "Admission minutes"), ("lksa_head", *OFFICE), paper="BA")
    yield Kind("F12", HandoverMinutes, Words("Berita acara serah terima", "Handover minutes"), ("lksa_head", *OFFICE), paper="BA")
    yield Kind("F13", Referral, Words("Formulir rujukan", "Referral"), (*OFFICE, "province_officer"), paper="RJ")
    yield Kind("F14", Reunification, Words("Formulir reunifikasi", "Reunification"), WORKER, paper="RU")
    yield Kind(
        "F15", Monitoring, Words("Formulir pemantauan/reintegrasi", "Monitoring visit"), (*FIELD, "social_worker_on_duty"), paper="PM"
    )
    yield Kind(
        "F16", ProgressReport, Words("Laporan perkembangan anak", "Progress report"), ("lksa_head", *WORKER), "supervisor", paper="LP"
    )
    yield Kind("F17", Incident, Words("Laporan insiden/kekerasan", "Incident report"), (*ON_DUTY, "tksk", "psm", *HOUSE))
    yield Kind("F18", Closure, Words("Formulir pengakhiran layanan", "Closure"), WORKER, paper="PL")
    yield Kind("F19", CarerVerification, Words("Verifikasi orang tua asuh/wali/COTA", "Verification of a carer"), OFFICE)
    yield Kind("F20", InstitutionProfile, Words("Profil dan kepatuhan LKSA", "Institution profile"), ("lksa_head", *OFFICE))
    yield Kind("F21", StaffFile, Words("Berkas petugas", "Staff file"), ("lksa_head", *OFFICE))
    yield Kind("F22", Consent, Words("Persetujuan (informed consent)", "Consent"), ON_DUTY)
    yield Kind("F23", EmergencySheet, Words("Lembar darurat", "Emergency sheet"), ON_DUTY)
    yield Kind("F24", SocialReport, Words("Laporan sosial", "Social report"), WORKER)
    yield Kind("F25", ExistingResident, Words("Data penghuni lama", "Existing resident"), WORKER)
    yield Kind("F26", SupportPackage, Words("Paket dukungan keluarga", "Family support package"), WORKER)
    yield Kind("F27", MonthlyReport, Words("Laporan bulanan anak di LKSA", "Monthly report of the house"), (*HOUSE, *WORKER), paper="LB")


KINDS: Mapping[str, Kind] = MappingProxyType({kind.code: kind for kind in _kinds()})
"""Code to kind, F01 to F27."""
FORMS: dict[str, type[Any]] = {code: kind.form for code, kind in KINDS.items()}
"""Code to Struct."""


def code_of(form: Record | type[Record]) -> str:
    """Return the code of a form or of its Struct."""
    return str(form.__struct_config__.tag)
